//! What was found, as Markdown.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::built_in::BuiltIn;
use crate::measure::{Found, Size};
use crate::peers::What;
use crate::plot;

const BEGIN: &str = "<!-- measured: begin -->";
const END: &str = "<!-- measured: end -->";

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// All engines over one set of rules.
pub fn table(size: &Size) -> String {
    let mut text = format!(
        "\n### {} rules\n\n{:.1} apply to a row on average; {} of {} rows are denied.\n\n| engine \
         | match | | facts built, match | | JSON to JSON | | load | bytes a rule | allocations: \
         match, JSON |\n| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |\n",
        thousands(size.rules as f64),
        size.applicable,
        size.denied,
        size.rows
    );
    let ours = size.peers.iter().find(|found| found.name == "cleartosend");
    for found in &size.peers {
        let time = |what: What| {
            let nanoseconds = found.nanoseconds.get(&what).copied().unwrap_or(f64::NAN);
            let base =
                ours.and_then(|ours| ours.nanoseconds.get(&what)).copied().unwrap_or(f64::NAN);
            format!("{} | {}", duration(nanoseconds), ratio(nanoseconds / base))
        };
        let allocations = |what: What| found.allocations.get(&what).copied().unwrap_or(f64::NAN);
        writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {}, {} |",
            found.name,
            time(What::Match),
            time(What::Check),
            time(What::Json),
            if is_loaded(found) { duration(found.load * 1e6) } else { "–".into() },
            if is_loaded(found) { thousands(found.bytes_per_rule) } else { "–".into() },
            thousands(allocations(What::Match)),
            thousands(allocations(What::Json)),
        )
        .unwrap_or_default();
    }
    text
}

/// The function written by hand has nothing to load.
fn is_loaded(found: &Found) -> bool {
    found.name != "Rust by hand"
}

/// The built-in pack.
pub fn built_in(found: &BuiltIn) -> String {
    let time = |what: What| found.nanoseconds.get(&what).copied().map_or("–".into(), duration);
    let beside = |place: usize| found.beside.get(place).copied().map_or("–".into(), duration);
    format!(
        "{} rules, {} bytes of tables; every member of the document told, where no example is \
         named.\n\n| measurement | found | budget |\n| --- | --: | --: |\n| match, from resolved \
         facts to all rule outcomes | {} | 150 ns |\n| check, typed facts to verdict and rule ids \
         | {} | 500 ns |\n| the same, of a recipient of a prepared campaign, three facts | {} | \
         500 ns |\n| check, JSON to the whole decision as JSON | {} | – |\n| the same, \
         `examples/clean-campaign.json`, no finding | {} | 12 µs |\n| the same, \
         `examples/spring-sale.json`, eight findings | {} | 25 µs |\n| load, packs and directory \
         | {} | 10 ms |\n| allocations of a match | {} | 0 |\n",
        found.rules,
        thousands(found.table_bytes as f64),
        time(What::Match),
        time(What::Check),
        beside(0),
        time(What::Json),
        beside(1),
        beside(2),
        duration(found.load * 1e6),
        found.allocations
    )
}

/// Puts the tables between the markers of `docs/performance.md` and draws the plots.
pub fn write(sizes: &[Size]) -> Result<(), String> {
    let docs = root().join("docs");
    let page = docs.join("performance.md");
    let old =
        fs::read_to_string(&page).map_err(|problem| format!("{}: {problem}", page.display()))?;
    let (before, rest) =
        old.split_once(BEGIN).ok_or(format!("{} has no `{BEGIN}`", page.display()))?;
    let (_, after) = rest.split_once(END).ok_or(format!("{} has no `{END}`", page.display()))?;
    let mut text = format!("{before}{BEGIN}\nMachine: {}.\n", machine());
    text.push_str(
        "\n![Growth of a match from the smallest set of rules to the \
         largest](performance/match.svg)\n",
    );
    sizes.iter().for_each(|size| text.push_str(&table(size)));
    text.push_str(END);
    text.push_str(after);
    let plots = docs.join("performance");
    fs::create_dir_all(&plots).map_err(|problem| format!("{}: {problem}", plots.display()))?;
    plot::growth(sizes, &plots.join("match.svg"))?;
    fs::write(&page, text).map_err(|problem| format!("{}: {problem}", page.display()))
}

/// Puts what was found of the built-in packs between their markers of `docs/performance.md`.
pub fn write_built_in(found: &BuiltIn) -> Result<(), String> {
    write_between("built-in packs", &built_in(found))
}

/// Puts what was found of gates of chance between theirs.
#[cfg(all(feature = "datalogic", feature = "wirefilter", feature = "zen-expression"))]
pub fn write_chance(found: &str) -> Result<(), String> {
    write_between("cases of chance", found)
}

fn write_between(name: &str, found: &str) -> Result<(), String> {
    let (begin, end) = (format!("<!-- {name}: begin -->"), format!("<!-- {name}: end -->"));
    let page = root().join("docs/performance.md");
    let old =
        fs::read_to_string(&page).map_err(|problem| format!("{}: {problem}", page.display()))?;
    let missing = || format!("{} has no `{begin}` with its end", page.display());
    let (before, rest) = old.split_once(&begin).ok_or_else(missing)?;
    let (_, after) = rest.split_once(&end).ok_or_else(missing)?;
    let text = format!("{before}{begin}\nMachine: {}.\n\n{found}{end}{after}", machine());
    fs::write(&page, text).map_err(|problem| format!("{}: {problem}", page.display()))
}

/// The processor and the number of cores.
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
    format!(
        "{model}{family}, {cores} cores, {} {}; one thread is measured",
        std::env::consts::OS,
        std::env::consts::ARCH
    )
}

/// Nanoseconds in the unit that suits them.
pub fn duration(nanoseconds: f64) -> String {
    let (value, unit) = match nanoseconds {
        n if n.is_nan() => return "–".into(),
        n if n < 1e3 => (n, "ns"),
        n if n < 1e6 => (n / 1e3, "µs"),
        n if n < 1e9 => (n / 1e6, "ms"),
        n => (n / 1e9, "s"),
    };
    if value < 10.0 { format!("{value:.1} {unit}") } else { format!("{value:.0} {unit}") }
}

fn ratio(times: f64) -> String {
    match times {
        times if times.is_nan() => "–".into(),
        times if times < 10.0 => format!("{times:.2} ×"),
        times => format!("{} ×", thousands(times)),
    }
}

/// A number with its thousands apart.
fn thousands(number: f64) -> String {
    if number.is_nan() {
        return "–".into();
    }
    if number.abs() < 9.95 && number.fract().abs() > 0.04 {
        return format!("{number:.1}");
    }
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 && digit.is_ascii_digit() {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
