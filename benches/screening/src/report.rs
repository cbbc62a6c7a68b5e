//! What was found, as Markdown.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::against::OfSeed;
use crate::measure::Found;
use crate::plot;
use crate::run::{Files, Group, Measured, Size, Variant, batch, bytes};

const BEGIN: &str = "<!-- screening: begin -->";
const END: &str = "<!-- screening: end -->";
const BEGIN_SEEDS: &str = "<!-- random gates: begin -->";
const END_SEEDS: &str = "<!-- random gates: end -->";

/// The heading of the table of seeds.
pub const OF_SEEDS: &str = "\
| seed | rules | columns | with nulls | denied | cleartosend, verdict | Polars, verdict | against it | cleartosend, whole | Polars, rules | against it | DuckDB, verdict | against it | row by row |
| --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |
";

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .map(Path::to_path_buf)
        .unwrap_or_default()
}

/// All contenders over one set of rules.
pub fn size(size: &Size, reading: (f64, f64)) -> String {
    let Size { rules, rows, denied, groups } = size;
    let mut text = format!(
        "\n### {} rules\n\n{} rows, {:.0} % of them denied. Memory is read at {:.1} GB/s by one \
         thread and at {:.1} GB/s by two.\n\n| | form | gives | one thread | of reading | two \
         threads | by the clock |\n| --- | --- | --- | --: | --: | --: | --: |\n",
        thousands(*rules as f64),
        thousands(*rows as f64),
        *denied as f64 / *rows as f64 * 100.0,
        reading.0 / 1e9,
        reading.1 / 1e9,
    );
    for group in groups {
        for form in &group.forms {
            let share = *rows as f64 * bytes() / form.one / reading.0 * 100.0;
            let Speeds { one, two, by_clock } = speeds(*rows, form);
            writeln!(
                text,
                "| {} | {} | {} | {one} | {share:.0} % | {two} | {by_clock} |",
                group.name, form.name, form.gives
            )
            .unwrap_or_default();
        }
    }
    let memory = |group: &Group| {
        let most = group.forms.iter().filter_map(|form| form.memory).max()?;
        Some(format!("{} {}", group.name, megabytes(most)))
    };
    let memory: Vec<String> = groups.iter().filter_map(memory).collect();
    write!(text, "\nMemory beyond the table, at the most: {}.\n", memory.join(" · "))
        .unwrap_or_default();
    text
}

/// Rows a second.
struct Speeds {
    one: String,
    two: String,
    by_clock: String,
}

fn speeds(rows: usize, found: &Found) -> Speeds {
    let speed = |seconds: f64| millions(rows as f64 / seconds);
    Speeds { one: speed(found.one), two: speed(found.two), by_clock: speed(found.two_by_clock) }
}

/// This engine over other audiences.
pub fn variants(found: &[Variant]) -> String {
    rows("### The same rules over other audiences", "audience", found)
}

/// The built-in packs.
pub fn built_in(found: &[Variant]) -> String {
    rows("### The built-in packs, ten columns", "packs and audience", found)
}

fn rows(heading: &str, what: &str, found: &[Variant]) -> String {
    let mut text = format!(
        "\n{heading}\n\n| {what} | rules | rows | one thread | two threads | by the clock |\n"
    );
    text.push_str("| --- | --: | --: | --: | --: | --: |\n");
    for Variant { name, rules, rows, found } in found {
        let Speeds { one, two, by_clock } = speeds(*rows, found);
        writeln!(
            text,
            "| {name} | {rules} | {} | {one} | {two} | {by_clock} |",
            thousands(*rows as f64)
        )
        .unwrap_or_default();
    }
    text
}

/// From Parquet to Parquet, and memory.
pub fn files(files: &Files) -> String {
    let Files { rows, took, memory } = files;
    let speed = |took: crate::measure::Took| millions(*rows as f64 / took.processor);
    let memory: Vec<String> = memory
        .iter()
        .map(|(rows, bytes)| format!("{} for {} rows", megabytes(*bytes), thousands(*rows as f64)))
        .collect();
    format!(
        "\n### From Parquet to Parquet\n\n{} rows of the main table with an id; out come the id, \
         the verdict and both lists. One thread.\n\n| | rows a second |\n| --- | --: |\n| read | \
         {} |\n| read, and write a result found before | {} |\n| read, screen, write | {} \
         |\n\nMemory of a process that screens such a file as a stream, at the most: {}.\n",
        thousands(*rows as f64),
        speed(took.read),
        speed(took.library),
        speed(took.screened),
        memory.join(", ")
    )
}

/// Puts the tables between the markers of `docs/performance.md` and draws the plot.
pub fn write(measured: &Measured) -> Result<(), String> {
    let docs = root().join("docs");
    let page = docs.join("performance.md");
    let failed = |file: &Path| {
        let file = file.display().to_string();
        move |problem: std::io::Error| format!("{file}: {problem}")
    };
    let old = fs::read_to_string(&page).map_err(failed(&page))?;
    let (before, rest) =
        old.split_once(BEGIN).ok_or(format!("{} has no `{BEGIN}`", page.display()))?;
    let (_, after) = rest.split_once(END).ok_or(format!("{} has no `{END}`", page.display()))?;
    let mut text = format!(
        "{before}{BEGIN}\nMachine: {}. Batches of {} rows.\n",
        machine(),
        thousands(batch() as f64)
    );
    if let Some(why) = &measured.without_python {
        write!(text, "\nPolars, DuckDB and DataFusion were not measured: {why}.\n")
            .unwrap_or_default();
    }
    text.push_str("\n![Rows a second by the number of rules](performance/screening.svg)\n");
    measured.sizes.iter().for_each(|found| text.push_str(&size(found, measured.reading)));
    text.push_str(&variants(&measured.variants));
    text.push_str(&built_in(&measured.built_in));
    text.push_str(&files(&measured.files));
    text.push_str(END);
    text.push_str(after);
    let plots = docs.join("performance");
    fs::create_dir_all(&plots).map_err(failed(&plots))?;
    plot::by_rules(&measured.sizes, &plots.join("screening.svg"))?;
    fs::write(&page, text).map_err(failed(&page))
}

/// Puts what was found of gates of chance between their markers.
pub fn write_seeds(summary: &str, found: &[OfSeed], rows: usize) -> Result<(), String> {
    let page = root().join("docs/performance.md");
    let failed = |problem: std::io::Error| format!("{}: {problem}", page.display());
    let old = fs::read_to_string(&page).map_err(failed)?;
    let missing = |marker: &str| format!("{} has no `{marker}`", page.display());
    let (before, rest) = old.split_once(BEGIN_SEEDS).ok_or(missing(BEGIN_SEEDS))?;
    let (_, after) = rest.split_once(END_SEEDS).ok_or(missing(END_SEEDS))?;
    let lines: String = found.iter().map(|found| found.line(rows)).collect();
    let text = format!(
        "{before}{BEGIN_SEEDS}\nMachine: {}.\n\n{OF_SEEDS}{lines}{summary}{END_SEEDS}{after}",
        machine()
    );
    fs::write(&page, text).map_err(failed)
}

/// The processor, and how busy it was.
fn machine() -> String {
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = processor.lines().find(|line| line.starts_with(name))?;
        line.split_once(':').map(|(_, value)| value.trim().to_owned())
    };
    let model = field("model name").unwrap_or_else(|| "unknown processor".into());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let family = match (field("cpu family"), field("model\t")) {
        (Some(family), Some(model)) => format!(" (family {family}, model {model})"),
        _ => String::new(),
    };
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load =
        load.split(' ').nth(2).map(|load| format!(", load average {load}")).unwrap_or_default();
    format!(
        "{model}{family}, {cores} cores, {} {}{load}",
        std::env::consts::OS,
        std::env::consts::ARCH
    )
}

pub fn millions(rows_a_second: f64) -> String {
    let millions = rows_a_second / 1e6;
    match millions {
        m if m.is_nan() => "–".into(),
        m if m < 1.0 => format!("{m:.2} M"),
        m if m < 10.0 => format!("{m:.1} M"),
        m => format!("{m:.0} M"),
    }
}

fn megabytes(bytes: u64) -> String {
    let megabytes = bytes as f64 / 1e6;
    if megabytes < 10.0 {
        format!("{megabytes:.1} MB")
    } else {
        format!("{} MB", thousands(megabytes))
    }
}

/// A number with its thousands apart.
pub fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
