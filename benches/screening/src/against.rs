//! Gates of chance through this engine and its peers, in turns, by seed.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int32Type};
use cleartosend::screen::{Vectors, Way};
use serde_json::{Value, json};

use crate::chance::{ChanceCells, Gate, ListRow};
use crate::measure::{Took, median, took};
use crate::ours::{Screen, options};
use crate::peers::{Python, write_ipc};
use crate::report;
use crate::table::Table;
use crate::tree::Found;

/// What is measured.
#[derive(Clone, Debug)]
pub struct Chosen {
    pub seeds: Vec<u64>,
    pub rows: usize,
    pub samples: usize,
    pub write: bool,
}

/// One seed's gate.
pub struct OfSeed {
    seed: u64,
    rules: usize,
    columns: usize,
    with_nulls: usize,
    denied: f64,
    /// Seconds of the whole answer, and of verdicts alone.
    ours: f64,
    alone: f64,
    /// The best form of each kind, by its name, with its seconds.
    verdict: (String, f64),
    sets: (String, f64),
    duckdb: Option<f64>,
    /// Conditions that are worked out row by row.
    by_row: Vec<String>,
    counts: Vec<(&'static str, usize)>,
}

impl OfSeed {
    fn of_verdict(&self) -> f64 {
        self.verdict.1 / self.alone
    }

    fn of_sets(&self) -> f64 {
        self.sets.1 / self.ours
    }
}

/// For each row, the rules that are violated and those that are open, as bits.
struct Expected(Vec<(u32, u32)>);

pub fn run(chosen: &Chosen, target: &Path) -> Result<(), String> {
    let python = Python::new(target)?;
    let mut peer = Peer::new(&python)?;
    let mut found = Vec::new();
    print!("{}", report::OF_SEEDS);
    for seed in &chosen.seeds {
        let of_seed =
            one(*seed, chosen, &mut peer).map_err(|problem| format!("seed {seed}: {problem}"))?;
        print!("{}", of_seed.line(chosen.rows));
        let _ = std::io::stdout().flush();
        found.push(of_seed);
    }
    let text = summary(&found, chosen, &peer.versions);
    print!("{text}");
    if chosen.write { report::write_seeds(&text, &found, chosen.rows) } else { Ok(()) }
}

/// The gate of a seed, and an audience of it.
pub fn chance(seed: u64, rows: usize) -> Result<(Screen, Table), String> {
    let gate = Gate::new(seed);
    Ok((Screen::of_pack("chance", gate.pack())?, gate.table(seed, rows)))
}

/// Screens a gate that often and says nothing, for profilers.
pub fn looped(seed: u64, times: usize, rows: usize, is_alone: bool) -> Result<(), String> {
    let (screen, table) = chance(seed, rows)?;
    let options = options(Vectors::Best, 1);
    let options = if is_alone { options.verdict_only() } else { options };
    for _ in 0..times {
        screen.run(&table, &options)?;
    }
    Ok(())
}

fn one(seed: u64, chosen: &Chosen, peer: &mut Peer) -> Result<OfSeed, String> {
    let gate = Gate::new(seed);
    let table = gate.table(seed, chosen.rows);
    let screen = Screen::of_pack("chance", gate.pack())?;
    let expected = Expected::new(&gate, &table);
    ours_agree(&screen, &table, &expected)?;
    let folder = tempfile::tempdir().map_err(|problem| problem.to_string())?;
    let folder = folder.path();
    fs::write(folder.join("gate.json"), gate.document().to_string())
        .map_err(|problem| problem.to_string())?;
    write_ipc(&table, &folder.join("audience.arrow"))?;
    let forms = peer.load(folder)?;
    for form in &forms {
        form.agrees(folder, &expected)?;
    }
    let (mut ours, mut alone): (Vec<Took>, Vec<Took>) = Default::default();
    let mut theirs: Vec<Vec<Took>> = vec![Vec::new(); forms.len()];
    let options = options(Vectors::Best, 1);
    let verdict_only = options.clone().verdict_only();
    for _ in 0..chosen.samples {
        for (options, took_each) in [(&options, &mut ours), (&verdict_only, &mut alone)] {
            took_each.push(took(|| {
                screen.run(&table, options).expect("it ran before");
            }));
        }
        for (form, theirs) in forms.iter().zip(&mut theirs) {
            theirs.push(peer.time(&form.name)?);
        }
    }
    let seconds = |runs: &[Took]| median(runs.iter().map(|took| took.processor));
    let best = |who: &str, gives: &str| {
        forms
            .iter()
            .zip(&theirs)
            .filter(|(form, _)| form.name.starts_with(who) && form.gives == gives)
            .map(|(form, runs)| (form.name.clone(), seconds(runs)))
            .min_by(|(_, one), (_, other)| one.total_cmp(other))
    };
    let screener = screen
        .engine
        .screener(&screen.campaign, table.schema.clone(), &options)
        .map_err(|problem| problem.to_string())?;
    let conditions = screener.conditions();
    let by_row = conditions.iter().filter(|condition| condition.way == Way::Rows);
    let denied = expected.0.iter().filter(|(violated, _)| *violated != 0).count();
    Ok(OfSeed {
        seed,
        rules: gate.rules.len(),
        columns: gate.columns.len(),
        with_nulls: gate.columns.iter().filter(|column| column.nulls > 0).count(),
        denied: denied as f64 / table.rows() as f64,
        ours: seconds(&ours),
        alone: seconds(&alone),
        verdict: best("Polars", "verdict").ok_or("no form of a verdict")?,
        sets: best("Polars", "rules").ok_or("no form of rules")?,
        duckdb: best("DuckDB", "verdict").map(|(_, seconds)| seconds),
        by_row: by_row.map(|condition| condition.condition.to_string()).collect(),
        counts: gate.counts.clone(),
    })
}

impl OfSeed {
    pub fn line(&self, rows: usize) -> String {
        let speed = |seconds: f64| report::millions(rows as f64 / seconds);
        let duckdb = self.duckdb.map_or(("–".into(), "–".into()), |seconds| {
            (speed(seconds), format!("{:.2} ×", seconds / self.alone))
        });
        format!(
            "| {} | {} | {} | {} | {:.0} % | {} | {} | {:.2} × | {} | {} | {:.2} × | {} | {} | {} |\n",
            self.seed,
            self.rules,
            self.columns,
            self.with_nulls,
            self.denied * 100.0,
            speed(self.alone),
            speed(self.verdict.1),
            self.of_verdict(),
            speed(self.ours),
            speed(self.sets.1),
            self.of_sets(),
            duckdb.0,
            duckdb.1,
            self.by_row.len()
        )
    }
}

/// The median and the worst, and what the worst seed asks.
fn summary(found: &[OfSeed], chosen: &Chosen, versions: &[String]) -> String {
    let mut text = String::new();
    let middle = |of: fn(&OfSeed) -> f64| median(found.iter().map(of));
    let worst = |of: fn(&OfSeed) -> f64| found.iter().min_by(|a, b| of(a).total_cmp(&of(b)));
    for (what, of) in [
        ("the verdict alone", OfSeed::of_verdict as fn(&OfSeed) -> f64),
        ("the rules that are violated and that are open", OfSeed::of_sets),
    ] {
        let Some(worst) = worst(of) else { continue };
        let _ = write!(
            text,
            "\nAgainst Polars' best form for {what}: median {:.2} ×, worst {:.2} × (seed {}: {}).",
            middle(of),
            of(worst),
            worst.seed,
            worst
                .counts
                .iter()
                .filter(|(_, count)| *count > 0)
                .map(|(name, count)| format!("{count} {name}"))
                .collect::<Vec<_>>()
                .join(", ")
        );
        if worst.by_row.is_empty() {
            text.push_str(" Nothing of it is worked out row by row.\n");
        } else {
            text.push_str(" Row by row:\n\n");
            worst.by_row.iter().for_each(|condition| {
                let _ = writeln!(text, "- `{condition}`");
            });
        }
    }
    let _ = writeln!(
        text,
        "\n{} rows, {} samples, in turns; {}.",
        report::thousands(chosen.rows as f64),
        chosen.samples,
        versions.join(", ")
    );
    text
}

impl Expected {
    fn new(gate: &Gate, table: &Table) -> Self {
        let mut rows = Vec::with_capacity(table.rows());
        for batch in &table.batches {
            let cells = ChanceCells::new(gate, batch);
            for row in 0..batch.num_rows() {
                let row: ListRow<'_> = cells.row(row);
                let (mut violated, mut open) = (0, 0);
                for (number, rule) in gate.rules.iter().enumerate() {
                    let (applies, demand) =
                        (rule.applies.find(&row, None), rule.demand.find(&row, None));
                    let broken = Found::Bool(!rule.is_required);
                    match (applies, demand) {
                        (Found::Bool(false), _) => {}
                        (_, demand) if demand == Found::Bool(rule.is_required) => {}
                        (Found::Bool(true), demand) if demand == broken => violated |= 1 << number,
                        _ => open |= 1 << number,
                    }
                }
                rows.push((violated, open));
            }
        }
        Self(rows)
    }
}

fn ours_agree(screen: &Screen, table: &Table, expected: &Expected) -> Result<(), String> {
    verdicts_agree(screen, table, expected)?;
    let options = options(Vectors::Best, 1).rules_by_status();
    let mut row = 0;
    for batch in screen.start(table, &options)? {
        let batch = batch.map_err(|problem| problem.to_string())?;
        let column = |name: &str| batch.column_by_name(name).ok_or(format!("no column `{name}`"));
        let verdicts = column("verdict")?.as_dictionary::<Int8Type>();
        let words = verdicts.values().as_string::<i32>();
        let bits = |name: &str| -> Result<Vec<u32>, String> {
            let lists = column(name)?.as_list::<i32>();
            let items = lists.values().as_dictionary::<Int32Type>();
            let names = items.values().as_string::<i32>();
            let offsets = lists.value_offsets();
            let number = |key: &i32| {
                let (_, number) = names.value(*key as usize).rsplit_once('-').unwrap_or_default();
                number.parse::<u32>().unwrap_or(31)
            };
            let of_row = |at: usize| {
                let keys = &items.keys().values()[offsets[at] as usize..offsets[at + 1] as usize];
                keys.iter().fold(0, |bits, key| bits | 1 << number(key))
            };
            Ok((0..batch.num_rows()).map(of_row).collect())
        };
        let (violated, open) = (bits("violated")?, bits("undetermined")?);
        for at in 0..batch.num_rows() {
            let verdict = words.value(verdicts.keys().value(at) as usize);
            let reported = (violated[at], open[at]);
            let wanted = match reported {
                (0, 0) => "allow",
                (0, _) => "review",
                _ => "deny",
            };
            if reported != expected.0[row] || verdict != wanted {
                return Err(format!(
                    "row {row}: {verdict}, rules {reported:?}, not {:?}",
                    expected.0[row]
                ));
            }
            row += 1;
        }
    }
    if row == expected.0.len() { Ok(()) } else { Err(format!("{row} rows came out")) }
}

/// The same of verdicts alone.
fn verdicts_agree(screen: &Screen, table: &Table, expected: &Expected) -> Result<(), String> {
    let mut wanted = expected.0.iter();
    for batch in screen.start(table, &options(Vectors::Best, 1).verdict_only())? {
        let batch = batch.map_err(|problem| problem.to_string())?;
        let verdicts = batch.column_by_name("verdict").ok_or("no verdicts")?;
        for found in verdicts.as_dictionary::<Int8Type>().keys().values() {
            let verdict = match wanted.next() {
                Some((0, 0)) => 0,
                Some((0, _)) => 1,
                Some(_) => 2,
                None => return Err("more verdicts than rows".into()),
            };
            if *found != verdict {
                return Err(format!("verdicts alone: {found}, not {verdict}"));
            }
        }
    }
    if wanted.next().is_none() { Ok(()) } else { Err("fewer verdicts than rows".into()) }
}

/// One way in which a peer is asked.
struct Form {
    name: String,
    gives: String,
    file: String,
}

impl Form {
    fn agrees(&self, folder: &Path, expected: &Expected) -> Result<(), String> {
        let read = |extension: &str| {
            let file = folder.join(format!("{}.{extension}", self.file));
            fs::read(&file).map_err(|problem| format!("{}: {problem}", file.display()))
        };
        let Self { name, gives, .. } = self;
        let differs = |row: usize, found: &dyn std::fmt::Debug| {
            Err(format!("{name}: row {row}: {found:?}, not {:?}", expected.0[row]))
        };
        if gives == "verdict" {
            let (denied, open) = (read("denied")?, read("open")?);
            let bit = |bytes: &[u8], row: usize| {
                bytes.get(row / 8).is_some_and(|byte| byte >> (row % 8) & 1 == 1)
            };
            for (row, (violated, opened)) in expected.0.iter().enumerate() {
                let found = (bit(&denied, row), bit(&open, row));
                if found != (*violated != 0, *violated == 0 && *opened != 0) {
                    return differs(row, &found);
                }
            }
        } else {
            let (violated, open) = (read("rules")?, read("open-rules")?);
            let number = |bytes: &[u8], row: usize| {
                bytes.as_chunks::<4>().0.get(row).map_or(u32::MAX, |four| u32::from_le_bytes(*four))
            };
            for (row, wanted) in expected.0.iter().enumerate() {
                let found = (number(&violated, row), number(&open, row));
                if found != *wanted {
                    return differs(row, &found);
                }
            }
        }
        Ok(())
    }
}

/// The process in which peers run when they are told to.
struct Peer {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    versions: Vec<String>,
}

impl Peer {
    fn new(python: &Python) -> Result<Self, String> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("gates.py");
        let mut child = Command::new(python.path())
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|problem| problem.to_string())?;
        let orders = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().ok_or("no output")?);
        Ok(Self { child, orders, answers, versions: Vec::new() })
    }

    fn ask(&mut self, order: &Value) -> Result<Value, String> {
        let failed = |problem: std::io::Error| problem.to_string();
        let orders = self.orders.as_mut().ok_or("no input")?;
        writeln!(orders, "{order}").map_err(failed)?;
        orders.flush().map_err(failed)?;
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(failed)?;
        serde_json::from_str(&line).map_err(|problem| format!("gates.py: {problem}: {line}"))
    }

    fn load(&mut self, folder: &Path) -> Result<Vec<Form>, String> {
        let answer = self.ask(&json!({"load": folder}))?;
        let texts = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        if let Some(why) = answer["left_out"].as_str() {
            eprintln!("DuckDB is left out: {why}");
        }
        self.versions = answer["versions"].as_array().into_iter().flatten().map(texts).collect();
        let forms = answer["forms"].as_array().into_iter().flatten();
        let form = |form: &Value| Form {
            name: texts(&form["form"]),
            gives: texts(&form["gives"]),
            file: texts(&form["file"]),
        };
        Ok(forms.map(form).collect())
    }

    fn time(&mut self, form: &str) -> Result<Took, String> {
        let answer = self.ask(&json!({"run": form}))?;
        let number = |at: usize| answer[at].as_f64().unwrap_or(f64::NAN);
        Ok(Took { wall: number(0), processor: number(1) })
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It ends where nothing more is to be read.
        drop(self.orders.take());
        let _ = self.child.wait();
    }
}

/// Prints the pack of a seed.
pub fn shown(seed: u64) {
    let (manifest, rules) = Gate::new(seed).pack();
    print!("{manifest}\n{rules}");
}
