//! Rows a second by the number of rules, on two logarithmic axes.

use std::collections::BTreeMap;
use std::path::Path;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::run::Size;

/// Colours that people with any colour vision can tell apart (Okabe and Ito).
const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(0, 0, 0),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
];

/// Million rows a second, one thread, of the best form of each contender.
pub fn by_rules(sizes: &[Size], file: &Path) -> Result<(), String> {
    draw(sizes, file).map_err(|problem| format!("{}: {problem}", file.display()))
}

fn draw(sizes: &[Size], file: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let mut lines: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
    let mut names: Vec<&str> = Vec::new();
    for size in sizes {
        for group in &size.groups {
            let least = group.forms.iter().map(|form| form.one).fold(f64::INFINITY, f64::min);
            if !names.contains(&&*group.name) {
                names.push(&group.name);
            }
            lines
                .entry(&group.name)
                .or_default()
                .push((size.rules as f64, size.rows as f64 / least / 1e6));
        }
    }
    let area = SVGBackend::new(file, (960, 560)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .caption("Million rows a second on one core, by the number of rules", ("sans-serif", 18))
        .margin(12)
        .margin_right(190)
        .x_label_area_size(44)
        .y_label_area_size(64)
        .build_cartesian_2d((18f64..1_100f64).log_scale(), (0.02f64..600f64).log_scale())?;
    chart
        .configure_mesh()
        .light_line_style(WHITE)
        .x_desc("rules")
        .x_label_formatter(&|rules| format!("{rules:.0}"))
        .draw()?;
    let mut ends: Vec<((f64, f64), &str, RGBColor)> = Vec::new();
    for (name, colour) in names.iter().zip(COLOURS.iter().cycle()) {
        let points = &lines[name];
        let width = if *name == "cleartosend" { 4 } else { 2 };
        chart.draw_series(
            LineSeries::new(points.iter().copied(), colour.stroke_width(width)).point_size(3),
        )?;
        if let Some(last) = points.last() {
            ends.push((*last, name, *colour));
        }
    }
    // Names stand at the ends of their lines, moved apart where they would overlap.
    ends.sort_by(|a, b| b.0.1.total_cmp(&a.0.1));
    let mut lowest: BTreeMap<i32, i32> = BTreeMap::new();
    for (last, name, colour) in ends {
        let (x, y) = chart.backend_coord(&last);
        let lowest = lowest.entry(x).or_insert(i32::MIN);
        *lowest = y.max(lowest.saturating_add(16));
        let style =
            ("sans-serif", 14).into_font().color(&colour).pos(Pos::new(HPos::Left, VPos::Center));
        area.draw_text(name, &style, (x + 12, *lowest))?;
    }
    area.present()?;
    Ok(())
}
