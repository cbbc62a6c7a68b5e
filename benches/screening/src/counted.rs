//! Instructions that a row costs a screening, by the kind of its condition, counted by valgrind: a
//! regression shows without a quiet machine.
//!
//! Each kind is a gate of one rule, which forbids a bit where the condition holds, over the columns
//! that it reads. It is screened twice, the second time with the same batch more often: the difference is the rows'.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::thread;

use cleartosend::screen::Vectors;

use crate::chance::{ChanceRule, Column, Gate, Kind};
use crate::ours::{Screen, options};
use crate::report::root;
use crate::table::{SEND_AT_MS, Table};
use crate::tree::Node;

const ROWS: usize = 16_384;
/// How often the batch comes in the two runs.
const TIMES: [usize; 2] = [2, 10];
/// How many more instructions than recorded are a regression; the compiler's mood moves some.
const TOLERATED: f64 = 1.05;
const SECTION: &str = "screening, a row";

/// The column of bits that every rule reads, and two of each kind that conditions read.
const BITS: usize = 0;
const BOOL: usize = 1;
const WORDS: [usize; 2] = [3, 4];
const TEXTS: [usize; 2] = [5, 6];
const INTS: [usize; 2] = [7, 8];
const LONGS: [usize; 2] = [9, 10];
const DOUBLES: [usize; 2] = [11, 12];
const INSTANTS: [usize; 2] = [13, 14];
const SPANS: usize = 15;
const TAGS: usize = 16;
const NUMBERS: usize = 17;

fn columns() -> Vec<Column> {
    let kinds = [
        Kind::Bool,
        Kind::Bool,
        Kind::Bool,
        Kind::Words { pool: 1 },
        Kind::Words { pool: 1 },
        Kind::Texts,
        Kind::Texts,
        Kind::Int32,
        Kind::Int32,
        Kind::Int64,
        Kind::Int64,
        Kind::Double,
        Kind::Double,
        Kind::Instant(400),
        Kind::Instant(400),
        Kind::Span,
        Kind::ListOfTexts,
        Kind::ListOfInts,
    ];
    let column = |(number, kind)| Column {
        name: format!("x.c{number}"),
        kind,
        nulls: 0,
        is_nullable: false,
    };
    kinds.into_iter().enumerate().map(column).collect()
}

/// Every kind of condition that is counted, by its name.
fn kinds() -> Vec<(&'static str, Node)> {
    let column = Node::Column;
    let text = |text: &str| Node::Text(text.into());
    let both = |one, other| Box::new([one, other]);
    let less = |one, other| Node::Compare("<", both(one, other));
    let equal = |one, other| Node::Compare("==", both(one, other));
    let calculated = |how, one, other| Node::Calculate(how, both(one, other));
    let tested = |how, one, other| Node::TextTest(how, both(one, other));
    let day = Node::Span(86_400_000);
    let elements = |is_all, list, body| Node::Elements { is_all, list, body: Box::new(body) };
    let [int, other_int] = INTS.map(Node::Column);
    let [long, other_long] = LONGS.map(Node::Column);
    let [double, other_double] = DOUBLES.map(Node::Column);
    let [at, other_at] = INSTANTS.map(Node::Column);
    let [plain, other_plain] = TEXTS.map(Node::Column);
    let [word, other_word] = WORDS.map(Node::Column);
    let zone = Some(("Asia/Tokyo", 540));
    vec![
        ("bits", column(BOOL)),
        ("constant-dictionary", Node::Among(word.clone().into(), vec![text("DE"), text("FR")])),
        (
            "constant-text",
            Node::Among(
                plain.clone().into(),
                vec![text("ana.1@corp.test"), text("li.3@shop.test")],
            ),
        ),
        ("constant-int", less(int.clone(), Node::Int(300))),
        ("constant-double", less(double.clone(), Node::Double(300.5))),
        ("constant-instant", less(at.clone(), Node::Instant(SEND_AT_MS - 86_400_000))),
        ("two-ints", less(int.clone(), other_int.clone())),
        ("two-longs", less(long.clone(), other_long.clone())),
        ("two-doubles", less(double.clone(), other_double.clone())),
        ("two-instants", less(at.clone(), other_at.clone())),
        ("two-dictionaries", equal(word.clone(), other_word.clone())),
        ("two-texts", less(plain.clone(), other_plain.clone())),
        ("sum", less(calculated("+", long.clone(), other_long.clone()), Node::Int(900_000))),
        ("product", less(calculated("*", int.clone(), Node::Int(7)), long.clone())),
        ("quotient", less(calculated("/", long.clone(), Node::Int(7)), int.clone())),
        ("rest", equal(calculated("%", long.clone(), Node::Int(7)), Node::Int(1))),
        (
            "double-sum",
            less(calculated("+", double.clone(), other_double.clone()), Node::Double(300.5)),
        ),
        ("since", less(calculated("-", at.clone(), other_at.clone()), day.clone())),
        ("later", less(calculated("+", at.clone(), day), other_at.clone())),
        ("longer-than-span", less(calculated("-", Node::Now, at.clone()), column(SPANS))),
        ("hour", less(Node::Part("getHours", None, at.clone().into()), Node::Int(9))),
        ("hour-in-zone", less(Node::Part("getHours", zone, at.clone().into()), Node::Int(9))),
        (
            "day-of-week",
            Node::Among(
                Node::Part("getDayOfWeek", None, at.into()).into(),
                vec![Node::Int(0), Node::Int(6)],
            ),
        ),
        ("starts-with", tested("startsWith", plain.clone(), text("ana"))),
        ("ends-with", tested("endsWith", plain.clone(), text("shop.test"))),
        ("contains", tested("contains", plain.clone(), text("@shop"))),
        ("starts-with-other", tested("startsWith", plain.clone(), other_plain)),
        ("size", less(Node::Size(plain.clone().into()), Node::Int(18))),
        ("lower", tested("startsWith", Node::Lower(plain.into()), text("ana"))),
        ("joined", tested("contains", Node::Joined(both(word, other_word)), text("ED"))),
        ("in-list", Node::InList(text("vip").into(), TAGS)),
        ("exists-text", elements(false, TAGS, tested("startsWith", Node::Element, text("promo")))),
        ("all-ints", elements(true, NUMBERS, less(Node::Element, Node::Int(700)))),
        ("list-size", less(Node::Size(column(TAGS).into()), Node::Int(2))),
        ("choice", less(Node::If(Box::new([column(2), int.clone(), other_int])), Node::Int(400))),
        ("widened", less(Node::Widened(int.clone().into()), double.clone())),
        ("whole", less(Node::Whole(double.into()), int.clone())),
        ("written", tested("startsWith", Node::Written(int.into()), text("7"))),
        ("hours-of-span", less(Node::Hours(column(SPANS).into()), Node::Int(100))),
    ]
}

/// Screens a condition of that kind, one batch that often, and says nothing.
pub fn looped(kind: &str, times: usize) -> Result<(), String> {
    let (_, condition) = kinds()
        .into_iter()
        .find(|(name, _)| *name == kind)
        .ok_or_else(|| format!("no kind `{kind}`"))?;
    let mut read = vec![BITS];
    condition.columns(&mut read);
    read.sort_unstable();
    read.dedup();
    let rule = ChanceRule { applies: condition, is_required: false, demand: Node::Column(BITS) };
    let gate = Gate { columns: columns(), rules: vec![rule], counts: Vec::new() };
    let whole = gate.table(1, ROWS);
    let failed = |problem: arrow_schema::ArrowError| problem.to_string();
    let batches = whole.batches.iter().map(|batch| batch.project(&read));
    let batches: Vec<_> = batches.collect::<Result<_, _>>().map_err(failed)?;
    let schema = Arc::new(whole.schema.project(&read).map_err(failed)?);
    let batches = batches.iter().cycle().take(times * batches.len()).cloned().collect();
    let screen = Screen::of_pack("chance", gate.pack())?;
    screen.run(&Table { schema, batches }, &options(Vectors::Best, 1)).map(drop)
}

/// Counts, and compares with the record or writes it.
pub fn run(arguments: &[&str]) -> Result<(), String> {
    let write = match arguments {
        [] => false,
        ["--write"] => true,
        other => return Err(format!("unknown option `{}`, expected --write", other.join(" "))),
    };
    let file = root().join("benches/instructions.toml");
    let text = fs::read_to_string(&file).map_err(|problem| problem.to_string())?;
    let recorded = section(&text);
    let (mut counted, mut worse) = (Vec::new(), 0);
    println!("| kind | instructions a row | recorded |\n| --- | --: | --: |");
    let kinds: Vec<&'static str> = kinds().into_iter().map(|(kind, _)| kind).collect();
    // What is counted does not depend on what runs beside it.
    let parts: Vec<_> = thread::scope(|scope| {
        let part = |kinds: &[&'static str]| {
            let kinds = kinds.to_vec();
            scope.spawn(move || kinds.into_iter().map(each_row).collect::<Vec<_>>())
        };
        let running: Vec<_> = kinds.chunks(kinds.len().div_ceil(4)).map(part).collect();
        running.into_iter().map(|part| part.join().unwrap_or_default()).collect()
    });
    for (kind, each) in kinds.iter().copied().zip(parts.into_iter().flatten()) {
        let each = each?;
        let each = (each * 10.0).round() / 10.0;
        let before = recorded.get(kind).copied();
        let shown = before.map_or("–".into(), |before| before.to_string());
        println!("| {kind} | {each:.1} | {shown} |");
        worse += usize::from(before.is_some_and(|before| each > before * TOLERATED));
        counted.push((kind, each));
    }
    if write {
        return fs::write(&file, with_section(&text, &counted))
            .map_err(|problem| problem.to_string());
    }
    match worse {
        0 => Ok(()),
        _ => Err(format!("{worse} kinds take over 5% more instructions than recorded")),
    }
}

/// Instructions that a row takes.
fn each_row(kind: &str) -> Result<f64, String> {
    let [few, many] = TIMES;
    let rows = ((many - few) * ROWS) as f64;
    Ok(collected(kind, many)?.saturating_sub(collected(kind, few)?) as f64 / rows)
}

fn collected(kind: &str, times: usize) -> Result<u64, String> {
    let this = std::env::current_exe().map_err(|problem| problem.to_string())?;
    let folder = tempfile::tempdir().map_err(|problem| problem.to_string())?;
    let output = folder.path().join("counted");
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet"])
        .arg(format!("--callgrind-out-file={}", output.display()))
        .arg(this)
        .args(["loop-of", kind, &times.to_string()])
        .output()
        .map_err(|problem| format!("valgrind: {problem}"))?;
    if !run.status.success() {
        return Err(String::from_utf8_lossy(&run.stderr).into_owned());
    }
    let text = fs::read_to_string(&output).map_err(|problem| problem.to_string())?;
    let total = text
        .lines()
        .find_map(|line| line.strip_prefix("totals: ").or_else(|| line.strip_prefix("summary: ")));
    total
        .and_then(|total| total.trim().parse().ok())
        .ok_or_else(|| "callgrind wrote no total".into())
}

/// The lines of the section of the record that is this one's.
fn section(text: &str) -> BTreeMap<String, f64> {
    let lines = text.lines().skip_while(|line| *line != format!("[\"{SECTION}\"]")).skip(1);
    let pairs = lines.take_while(|line| !line.starts_with('[')).filter_map(|line| {
        let (kind, count) = line.split_once(" = ")?;
        Some((kind.to_owned(), count.trim().parse().ok()?))
    });
    pairs.collect()
}

/// The record with this section at its end.
fn with_section(text: &str, counted: &[(&str, f64)]) -> String {
    let head = format!("[\"{SECTION}\"]");
    let others = text.split_once(&head).map_or(text, |(others, _)| others);
    let mut new = format!(
        "{}\n\n{head}\n# Written by `cargo run --release --manifest-path benches/screening/Cargo.toml -- \
         instructions --write`.\n",
        others.trim_end()
    );
    for (kind, each) in counted {
        new.push_str(&format!("{kind} = {each:.1}\n"));
    }
    new
}
