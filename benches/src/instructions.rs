//! Instructions of one decision, counted by valgrind: a regression shows without a quiet machine.
//!
//! Each measurement runs twice, the second time with more decisions; the difference is theirs
//! alone.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use crate::report::root;

/// What is counted: rules, measurement.
const COUNTED: [(&str, &str); 18] = [
    ("built-in", "load"),
    ("built-in", "load-both"),
    ("built-in", "prepared"),
    ("built-in", "explain"),
    ("built-in", "match"),
    ("built-in", "check"),
    ("built-in", "json"),
    ("built-in", "json-clean"),
    ("built-in", "json-eight"),
    ("20", "match"),
    ("20", "check"),
    ("20", "json"),
    ("100", "match"),
    ("1000", "match"),
    ("1000", "check"),
    ("10000", "match"),
    ("1000", "load"),
    ("4000", "load"),
];
/// Decisions of the two runs: whole rounds over the thousand rows, the first of which also warms
/// up.
const DECISIONS: [u64; 2] = [1000, 3000];
/// How many more instructions than recorded are a regression; the compiler's mood moves some.
const TOLERATED: f64 = 1.05;
/// The section of the record that is another benchmark's; it is the last.
const SCREENING: &str = "[\"screening, a row\"]";

type Table = BTreeMap<String, BTreeMap<String, u64>>;

/// Counts, and compares with the record or replaces it.
pub fn run(options: &[&str]) -> Result<(), String> {
    let write = match options {
        [] => false,
        ["--write"] => true,
        other => return Err(format!("unknown option `{}`, expected --write", other.join(" "))),
    };
    let file = root().join("benches/instructions.toml");
    let text = fs::read_to_string(&file).unwrap_or_default();
    let recorded = read(&text);
    let mut counted = Table::new();
    let mut worse = 0;
    println!("| rules | measurement | instructions | recorded |\n| --- | --- | --: | --: |");
    for (rules, what) in COUNTED {
        let decisions = match what {
            "load" | "load-both" => [2, 4],
            "explain" => [2, 12],
            _ => DECISIONS,
        };
        let [fewer, more] = decisions.map(|count| collected(rules, what, count));
        let [few, many] = decisions;
        let each = more?.saturating_sub(fewer?) / (many - few);
        let before = recorded.get(rules).and_then(|measurements| measurements.get(what)).copied();
        println!(
            "| {rules} | {what} | {each} | {} |",
            before.map_or("–".into(), |before| before.to_string())
        );
        worse += usize::from(before.is_some_and(|before| each as f64 > before as f64 * TOLERATED));
        counted.entry(rules.into()).or_default().insert(what.into(), each);
    }
    if write {
        // What a row costs a screening is counted by `benches/screening`, and stays.
        let others = text.find(SCREENING).and_then(|start| text.get(start..)).unwrap_or_default();
        let rest = if others.is_empty() { String::new() } else { format!("\n{others}") };
        return fs::write(&file, written(&counted) + &rest)
            .map_err(|problem| format!("{}: {problem}", file.display()));
    }
    if worse > 0 {
        Err(format!(
            "{worse} of {} measurements take over 5% more instructions than recorded",
            COUNTED.len()
        ))
    } else {
        Ok(())
    }
}

/// The instructions of a run of `loop`.
pub fn collected(rules: &str, what: &str, decisions: u64) -> Result<u64, String> {
    let this = std::env::current_exe().map_err(|problem| problem.to_string())?;
    let output = std::env::temp_dir().join(format!("cleartosend-callgrind-{}", std::process::id()));
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet"])
        .arg(format!("--callgrind-out-file={}", output.display()))
        .arg(this)
        .args(["loop", what, rules, &decisions.to_string()])
        .output()
        .map_err(|problem| format!("valgrind: {problem}"))?;
    if !run.status.success() {
        return Err(String::from_utf8_lossy(&run.stderr).into_owned());
    }
    let text = fs::read_to_string(&output)
        .map_err(|problem| format!("{}: {problem}", output.display()))?;
    let _ = fs::remove_file(&output);
    let total = text
        .lines()
        .find_map(|line| line.strip_prefix("totals: ").or_else(|| line.strip_prefix("summary: ")));
    total
        .and_then(|total| total.trim().parse().ok())
        .ok_or_else(|| "callgrind wrote no total".into())
}

/// The file is a table of tables of whole numbers; that much of TOML is read here.
fn read(text: &str) -> Table {
    let mut table = Table::new();
    let mut rules = String::new();
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            rules = name.trim_matches('"').to_owned();
        } else if let Some((what, count)) = line.split_once('=')
            && let Ok(count) = count.trim().replace('_', "").parse()
        {
            table.entry(rules.clone()).or_default().insert(what.trim().to_owned(), count);
        }
    }
    table
}

fn written(table: &Table) -> String {
    let mut text = "# Instructions of one decision of this engine, by rules and measurement; see \
                    docs/performance.md.\n# Written by `cargo run --release --manifest-path \
                    benches/Cargo.toml -- instructions --write`.\n"
        .to_owned();
    for (rules, measurements) in table {
        text.push_str(&format!("\n[\"{rules}\"]\n"));
        measurements.iter().for_each(|(what, count)| text.push_str(&format!("{what} = {count}\n")));
    }
    text
}
