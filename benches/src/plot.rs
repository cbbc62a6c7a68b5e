//! Growth from the smallest set of rules to the largest, on two logarithmic axes.

use std::collections::BTreeMap;
use std::path::Path;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::measure::Size;
use crate::peers::What;

/// Colours that people with any colour vision can tell apart (Okabe and Ito), and grey.
const COLOURS: [RGBColor; 9] = [
    RGBColor(0, 114, 178),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(213, 94, 0),
    RGBColor(150, 140, 20),
    RGBColor(90, 90, 90),
    RGBColor(0, 0, 0),
];

/// Nanoseconds of a match by the number of rules.
pub fn growth(sizes: &[Size], file: &Path) -> Result<(), String> {
    draw(sizes, file).map_err(|problem| format!("{}: {problem}", file.display()))
}

fn draw(sizes: &[Size], file: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let mut lines: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
    let mut names: Vec<&str> = Vec::new();
    for size in sizes {
        for found in &size.peers {
            if let Some(nanoseconds) = found.nanoseconds.get(&What::Match) {
                if !names.contains(&found.name) {
                    names.push(found.name);
                }
                lines.entry(found.name).or_default().push((size.rules as f64, *nanoseconds));
            }
        }
    }
    // One point is no growth.
    names.retain(|name| {
        lines.get(name).is_some_and(|points| points.len() > 1) && !name.contains("whole decision")
    });
    let area = SVGBackend::new(file, (960, 600)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .caption(
            "One match, by the number of rules (facts in each engine's own form)",
            ("sans-serif", 18),
        )
        .margin(12)
        .margin_right(190)
        .x_label_area_size(44)
        .y_label_area_size(84)
        .build_cartesian_2d((18f64..11_000f64).log_scale(), (10f64..200e6f64).log_scale())?;
    chart
        .configure_mesh()
        .light_line_style(WHITE)
        .x_desc("rules")
        .x_label_formatter(&|rules| format!("{rules:.0}"))
        .y_label_formatter(&|nanoseconds| label(*nanoseconds))
        .draw()?;
    let mut ends: Vec<(f64, &str, RGBColor)> = Vec::new();
    for (name, colour) in names.iter().zip(COLOURS.iter().cycle()) {
        let points = &lines[name];
        let width = if *name == "cleartosend" { 4 } else { 2 };
        chart.draw_series(
            LineSeries::new(points.iter().copied(), colour.stroke_width(width)).point_size(3),
        )?;
        if let Some((_, last)) = points.last() {
            ends.push((*last, name, *colour));
        }
    }
    // Names stand at the ends of their lines, moved apart where they would overlap.
    ends.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut lowest = i32::MIN;
    for (last, name, colour) in ends {
        let (x, y) = chart.backend_coord(&(10_000.0, last));
        let y = y.max(lowest.saturating_add(16));
        lowest = y;
        let style =
            ("sans-serif", 14).into_font().color(&colour).pos(Pos::new(HPos::Left, VPos::Center));
        area.draw_text(name, &style, (x + 22, y))?;
    }
    area.present()?;
    Ok(())
}

fn label(nanoseconds: f64) -> String {
    match nanoseconds {
        n if n < 1e3 => format!("{n:.0} ns"),
        n if n < 1e6 => format!("{:.0} µs", n / 1e3),
        n => format!("{:.0} ms", n / 1e6),
    }
}
