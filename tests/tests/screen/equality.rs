//! Screening says of each row what a check of that row alone says: for random packs and audiences,
//! every layout of columns, every width of vectors, every number of threads, and however the rows
//! are cut into batches.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up should fail")]

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int32Type};
use arrow_array::{
    Array, RecordBatch, RecordBatchIterator, StringArray, TimestampMicrosecondArray,
};
use arrow_schema::{Field, Schema as ArrowSchema};
use cleartosend::schema::{Attribute, AttributeId, Origin, Scope};
use cleartosend::screen::Vectors;
use cleartosend::{
    Decision, Duration, Engine, Facts, PackFile, ScreenOptions, Timestamp, Value, Verdict,
};
use cleartosend_tests::audience::{Column, column};
use cleartosend_tests::oracle::harness::{seed, times};
use cleartosend_tests::packs::{Known, Maker, World, quoted};

const WORLDS: usize = 25;
const ROWS: usize = 150;

/// What one row is told: verdict, rules, missing members.
type RowAnswer = (String, Vec<String>, Vec<String>);

/// Exceptions of chance to the rules of each pack, for the cases of other rules' conditions.
pub(crate) fn waivers(maker: &mut Maker, world: &World) -> Vec<String> {
    let boundaries = world.boundaries();
    let of_pack = |pack: &cleartosend_tests::packs::Pack| {
        let mut toml = String::new();
        let conditions: Vec<String> =
            pack.rules.iter().filter_map(|rule| Some(rule.applies.as_ref()?.source())).collect();
        for rule in pack.rules.iter().chain(&pack.rules) {
            if maker.once_in(2) {
                continue;
            }
            let from = Timestamp::parse(&maker.pick(&boundaries)).unwrap_or(Timestamp::MIN);
            let days = Duration::from_seconds(400 * 86_400).expect("a span");
            let Some(until) = from.checked_add(days) else { continue };
            let lower_to = maker.pick(&["allow", "note", "review"]);
            let _ = write!(
                toml,
                "[[waiver]]\nrule = '{}/{}'\nlower_to = '{lower_to}'\nreason = 'r'\nby = 'b'\n\
                 from = {from}\nuntil = {until}\n",
                pack.name, rule.id
            );
            if !conditions.is_empty() && !maker.once_in(4) {
                let _ = writeln!(toml, "when = {}", quoted(&maker.pick(&conditions)));
            }
        }
        toml
    };
    world.packs.iter().map(of_pack).collect()
}

pub(crate) fn engine_of(
    world: &World,
    waivers: &[String],
    with_built_in: bool,
) -> Result<Engine, String> {
    let mut builder = match with_built_in {
        true => Engine::builder().built_in_pack("messaging-law"),
        false => Engine::builder().without_built_in(),
    };
    for (number, pack) in world.packs.iter().enumerate() {
        let files = pack.files();
        let file = |path: &str, text: &str| PackFile {
            path: path.to_owned(),
            bytes: Cow::Owned(text.as_bytes().to_vec()),
        };
        let mut all =
            vec![file("pack.toml", &files.manifest), file("rules/rules.toml", &files.rules)];
        if !files.sets.is_empty() {
            all.push(file("sets.toml", &files.sets));
        }
        if let Some(waivers) = waivers.get(number).filter(|waivers| !waivers.is_empty()) {
            all.push(file("waivers.toml", waivers));
        }
        builder = builder.pack(&pack.name, all);
    }
    builder.build().map_err(|problem| problem.to_string())
}

/// A campaign of chance: each fact told, absent or not told at all.
pub(crate) fn campaign(
    maker: &mut Maker,
    engine: &Engine,
    send_at: Timestamp,
    columns: &[AttributeId],
) -> Facts {
    let mut facts = engine.facts(send_at);
    let mostly_given = maker.once_in(2);
    let schema = Arc::clone(engine.schema());
    for (id, attribute) in schema.iter() {
        let is_own = attribute.path.starts_with("x.") && !columns.contains(&id);
        if attribute.origin == Origin::Derived
            || attribute.scope == Scope::Recipient
            || !(is_own || attribute.scope == Scope::Campaign)
        {
            continue;
        }
        if columns.contains(&id)
            || &*attribute.path == "send_at"
            || !(mostly_given || maker.once_in(3))
        {
            continue;
        }
        if maker.once_in(6) {
            facts.set_null(id).expect("a given attribute");
        } else if let Some(known) = Known::of(attribute) {
            let value = match known.ty.element() {
                None => maker.value(&known),
                Some(_) => Value::List(
                    (0..maker.random().usize(..4)).map(|_| maker.value(&known)).collect(),
                ),
            };
            facts.set(id, value).expect("a value of the attribute");
        }
    }
    if mostly_given {
        for collection in ["intermediaries", "account.restrictions", "account.violations"] {
            facts.set_collection(collection, Vec::new()).expect("a list");
        }
    }
    facts
}

/// Which attributes the audience tells: about half of those of recipients, and of the caller's own.
pub(crate) fn given_by_columns(maker: &mut Maker, engine: &Engine) -> Vec<AttributeId> {
    let may_vary = |attribute: &Attribute| {
        attribute.origin != Origin::Derived
            && (attribute.scope == Scope::Recipient || attribute.path.starts_with("x."))
    };
    let all: Vec<AttributeId> = engine
        .schema()
        .iter()
        .filter(|(_, attribute)| may_vary(attribute))
        .map(|(id, _)| id)
        .collect();
    let few = maker.once_in(4);
    all.into_iter().filter(|_| if few { maker.once_in(5) } else { !maker.once_in(3) }).collect()
}

fn batches(maker: &mut Maker, columns: &[Column], rows: usize) -> Vec<RecordBatch> {
    let fields: Vec<Field> = columns
        .iter()
        .map(|column| Field::new(&column.path, column.array.data_type().clone(), true))
        .collect();
    let schema = Arc::new(ArrowSchema::new(fields));
    let whole = |start: usize, count: usize| {
        let arrays = columns.iter().map(|column| column.array.slice(start, count)).collect();
        let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(count));
        RecordBatch::try_new_with_options(Arc::clone(&schema), arrays, &options).expect("a batch")
    };
    let mut found = vec![whole(0, 0)];
    let mut start = 0;
    while start < rows {
        let count = match maker.random().u8(..3) {
            0 => rows - start,
            1 => maker.random().usize(0..=(rows - start).min(70)),
            _ => maker.random().usize(0..=rows - start),
        };
        found.push(whole(start, count));
        start += count;
    }
    found
}

fn screened(
    engine: &Engine,
    campaign: &Facts,
    batches: &[RecordBatch],
    options: &ScreenOptions,
) -> Vec<RowAnswer> {
    let schema = batches[0].schema();
    let reader = RecordBatchIterator::new(batches.iter().cloned().map(Ok), schema);
    let mut found = Vec::new();
    let mut screening =
        engine.screen(campaign, reader, options).unwrap_or_else(|problem| panic!("{problem}"));
    for batch in &mut screening {
        let batch = batch.expect("a batch");
        let verdicts =
            batch.column_by_name("verdict").expect("a column").as_dictionary::<Int8Type>();
        let verdicts = verdicts.downcast_dict::<StringArray>().expect("texts");
        let list = |name: &str, row: usize| -> Vec<String> {
            let items = batch.column_by_name(name).expect("a column").as_list::<i32>().value(row);
            let items =
                items.as_dictionary::<Int32Type>().downcast_dict::<StringArray>().expect("texts");
            items.into_iter().map(|item| item.expect("a text").to_owned()).collect()
        };
        for (row, verdict) in verdicts.into_iter().enumerate() {
            found.push((
                verdict.expect("a verdict").to_owned(),
                list("rules", row),
                list("missing", row),
            ));
        }
    }
    let summary = screening.summary();
    assert_eq!(summary.rows, found.len() as u64);
    let counted =
        |verdict: &str| found.iter().filter(|reported| reported.0 == verdict).count() as u64;
    let verdicts = summary.verdicts;
    assert_eq!(
        [verdicts.allow, verdicts.review, verdicts.deny],
        [counted("allow"), counted("review"), counted("deny")]
    );
    let (rules, lacking) = (summary.rules.expect("counts"), summary.missing.expect("counts"));
    for rule in rules.iter().filter(|rule| rule.verdict.effect() > Verdict::Allow) {
        let of = |reported: &&RowAnswer| {
            reported
                .1
                .iter()
                .any(|id| *id == *rule.rule || id.ends_with(&format!("/{}", rule.rule)))
        };
        let same: u64 = rules
            .iter()
            .filter(|other| other.rule == rule.rule && other.verdict.effect() > Verdict::Allow)
            .map(|other| other.rows)
            .sum();
        assert!(same >= found.iter().filter(of).count() as u64, "{}", rule.rule);
    }
    let alone: u64 = rules.iter().map(|rule| rule.alone).sum();
    assert_eq!(alone, found.iter().filter(|reported| reported.1.len() == 1).count() as u64);
    for member in &lacking {
        assert_eq!(
            member.rows,
            found
                .iter()
                .filter(|reported| reported.2.iter().any(|path| *path == *member.path))
                .count() as u64
        );
    }
    let (alone, outside) = verdicts_alone(engine, campaign, batches, options);
    assert_eq!(alone, found.iter().map(|reported| reported.0.clone()).collect::<Vec<_>>());
    assert_eq!(outside, summary.rows_outside_window);
    found
}

/// The verdicts of a screening that is asked for nothing else, and the rows outside the window.
fn verdicts_alone(
    engine: &Engine,
    campaign: &Facts,
    batches: &[RecordBatch],
    options: &ScreenOptions,
) -> (Vec<String>, Option<u64>) {
    let reader = RecordBatchIterator::new(batches.iter().cloned().map(Ok), batches[0].schema());
    let options = options.clone().verdict_only();
    let mut screening = engine.screen(campaign, reader, &options).expect("it ran before");
    let mut found: Vec<String> = Vec::new();
    for batch in &mut screening {
        let batch = batch.expect("a batch");
        assert_eq!(batch.num_columns(), 1);
        let verdicts = batch.column(0).as_dictionary::<Int8Type>();
        let verdicts = verdicts.downcast_dict::<StringArray>().expect("texts");
        found.extend(verdicts.into_iter().map(|verdict| verdict.expect("a verdict").to_owned()));
    }
    let summary = screening.summary();
    let counted =
        |verdict: &str| found.iter().filter(|reported| *reported == verdict).count() as u64;
    let verdicts = summary.verdicts;
    assert_eq!(
        [verdicts.allow, verdicts.review, verdicts.deny],
        [counted("allow"), counted("review"), counted("deny")]
    );
    let uncounted = (&summary.rules, &summary.missing, &summary.countries, &summary.bad_rows);
    assert_eq!(uncounted, (&None, &None, &None, &None));
    assert_eq!(summary.bad_values, None);
    (found, summary.rows_outside_window)
}

/// What a check of one row alone says.
fn decision(engine: &Engine, campaign: &Facts, columns: &[Column], row: usize) -> Decision {
    let mut facts = campaign.clone();
    facts.with_recipient();
    for column in columns {
        let id = engine.schema().id(&column.path).expect("an attribute");
        match &column.cells[row] {
            Some(value) => {
                facts.set(id, value.clone()).unwrap_or_else(|problem| panic!("{problem}"));
            }
            None => facts.set_null(id).expect("a given attribute"),
        }
    }
    let decision = engine.check(&facts).expect("a decision");
    if row.is_multiple_of(16) {
        let judged = engine.judge(&facts).expect("a judgement");
        assert_eq!(judged.verdict(), decision.verdict());
    }
    decision
}

/// The same with rules named as screening names them.
fn checked(engine: &Engine, campaign: &Facts, columns: &[Column], row: usize) -> RowAnswer {
    reported(engine, &decision(engine, campaign, columns, row))
}

fn reported(engine: &Engine, decision: &Decision) -> RowAnswer {
    // A pack's two rules about its own age have one id.
    let shared = |id: &str| {
        let rules = engine.program().rules().filter(|(_, _, rule)| *rule.id == *id);
        rules.map(|(_, pack, _)| &*pack.name).collect::<BTreeSet<&str>>().len() > 1
    };
    let name = |finding: &cleartosend::Finding| {
        if shared(&finding.rule) {
            format!("{}/{}", finding.pack, finding.rule)
        } else {
            finding.rule.to_string()
        }
    };
    let rules = decision
        .findings()
        .iter()
        .filter(|finding| finding.verdict.effect() > Verdict::Allow)
        .map(name)
        .collect();
    (
        decision.verdict().name().to_owned(),
        rules,
        decision.missing().iter().map(ToString::to_string).collect(),
    )
}

pub(crate) fn instant(maker: &mut Maker, world: &World) -> Timestamp {
    let mut known: Vec<String> = world.boundaries();
    known.extend([
        "2026-03-02T15:00:00Z".to_owned(),
        "2025-10-25T23:30:00Z".to_owned(),
        "9999-12-31T23:00:00Z".to_owned(),
    ]);
    Timestamp::parse(&maker.pick(&known)).unwrap_or(Timestamp::MIN)
}

#[derive(Debug, Default)]
struct Tally {
    rows: usize,
    findings: usize,
    missing: usize,
    waived: usize,
}

fn compare(maker: &mut Maker, number: usize, world: &World, rows: usize, tally: &mut Tally) {
    // Not every world can stand on the built-in packs, nor needs to.
    let waivers = if number % 5 < 3 { waivers(maker, world) } else { Vec::new() };
    let Ok(engine) = engine_of(world, &waivers, number.is_multiple_of(3)) else { return };
    let columns_of = given_by_columns(maker, &engine);
    let send_at = instant(maker, world);
    let campaign = campaign(maker, &engine, send_at, &columns_of);
    let columns: Vec<Column> = columns_of
        .iter()
        .map(|id| column(maker.random(), engine.schema().attribute(*id), send_at, rows))
        .collect();
    let batches = batches(maker, &columns, rows);
    let decisions: Vec<Decision> =
        (0..rows).map(|row| decision(&engine, &campaign, &columns, row)).collect();
    let expected: Vec<RowAnswer> =
        decisions.iter().map(|decision| reported(&engine, decision)).collect();
    for vectors in Vectors::ALL.iter().filter(|vectors| vectors.are_here()) {
        for threads in [1, 3].into_iter().filter_map(NonZeroUsize::new) {
            let options = ScreenOptions::new().threads(threads).vectors(*vectors);
            let found = screened(&engine, &campaign, &batches, &options);
            assert_eq!(found.len(), expected.len());
            for (row, (found, expected)) in found.iter().zip(&expected).enumerate() {
                if found == expected {
                    continue;
                }
                let cells = columns.iter().map(|column| {
                    format!(
                        "{} = {:?} ({:?})",
                        column.path,
                        column.cells[row],
                        column.array.data_type()
                    )
                });
                let cells: Vec<String> = cells.collect();
                panic!(
                    "world {number}, {vectors:?}, {threads} threads, row {row} at \
                     {send_at}\nscreen {found:?}\ncheck  {expected:?}\n{}\n{}",
                    cells.join("\n"),
                    world.shown()
                );
            }
        }
    }
    tally.rows += rows;
    tally.findings += expected.iter().map(|reported| reported.1.len()).sum::<usize>();
    let is_waived =
        |decision: &&Decision| decision.findings().iter().any(|finding| finding.waiver.is_some());
    tally.waived += decisions.iter().filter(is_waived).count();
    tally.missing += expected.iter().map(|reported| reported.2.len()).sum::<usize>();
}

#[test]
fn a_screen_says_what_checks_say() {
    let mut maker = Maker::of_recipients(seed(20_261_125));
    let mut tally = Tally::default();
    for number in 0..WORLDS * times() {
        let world = maker.world(number % 2 == 0);
        compare(&mut maker, number, &world, ROWS, &mut tally);
    }
    println!("{tally:?}");
    assert!(
        tally.rows > WORLDS / 2 * ROWS
            && tally.findings > tally.rows
            && tally.missing > tally.rows / 2
            && tally.waived > tally.rows / 200,
        "{tally:?}"
    );
}

/// More rows than a block, more rules than a word, more classes than a byte.
#[test]
fn a_screen_of_many_rows_and_rules_says_what_checks_say() {
    let mut maker = Maker::of_recipients(seed(11));
    let mut tally = Tally::default();
    for (plain, rules, rows) in
        [(true, 300, 40), (false, 150, 40), (true, 4, 3000), (false, 5, 2100)]
    {
        let world = maker.world_of(plain, 2, rules);
        compare(&mut maker, 1, &world, rows, &mut tally);
    }
    assert!(tally.findings > 1000, "{tally:?}");
}

/// A value that cannot be read leaves the member unknown, and the row in its place with a finding
/// that says so.
#[test]
fn a_bad_value_is_that_rows_finding() {
    let mut maker = Maker::of_recipients(seed(3));
    let (rows, mut bad_rows) = (200, 0);
    for number in 0..12 {
        let world = maker.world(true);
        let waivers = waivers(&mut maker, &world);
        let Ok(engine) = engine_of(&world, &waivers, true) else { continue };
        let send_at = instant(&mut maker, &world);
        let campaign = campaign(&mut maker, &engine, send_at, &[]);
        let columns: Vec<Column> = [
            "recipient.phone",
            "recipient.opt_in",
            "recipient.country",
            "recipient.last_inbound_at",
        ]
        .iter()
        .filter_map(|path| engine.schema().id(path))
        .map(|id| column(maker.random(), engine.schema().attribute(id), send_at, rows))
        .collect();
        let spoiled = number % 3;
        let is_bad: Vec<bool> = (0..rows).map(|_| maker.once_in(9)).collect();
        let texts = columns[spoiled].cells.iter().zip(&is_bad).map(|(cell, is_bad)| match cell {
            _ if *is_bad => Some("+no such thing"),
            Some(Value::String(text)) => Some(&**text),
            _ => None,
        });
        let texts: StringArray = texts.collect();
        let mut spoiled_columns = columns.clone();
        spoiled_columns[spoiled].array = Arc::new(texts);
        let found = screened(
            &engine,
            &campaign,
            &batches(&mut maker, &spoiled_columns, rows),
            &ScreenOptions::new(),
        );
        let without: Vec<Column> = columns
            .iter()
            .enumerate()
            .filter(|(place, _)| *place != spoiled)
            .map(|(_, column)| column.clone())
            .collect();
        for (row, found) in found.iter().enumerate() {
            if !is_bad[row] {
                assert_eq!(*found, checked(&engine, &campaign, &columns, row));
                continue;
            }
            bad_rows += 1;
            let (verdict, mut rules, missing) = checked(&engine, &campaign, &without, row);
            rules.push("input.bad-value".to_owned());
            rules.sort();
            let mut reported = found.1.clone();
            reported.sort();
            let verdict = if verdict == "allow" { "review".to_owned() } else { verdict };
            assert_eq!(
                (&found.0, reported, &found.2),
                (&verdict, rules, &missing),
                "world {number}, row {row}"
            );
        }
    }
    assert!(bad_rows > 100, "{bad_rows}");
}

/// Expressions of chance over columns: every operator, function and macro, in every position.
struct Expressions<'m>(&'m mut Maker);

/// A type, the attributes of that type, and some of its literals.
const TYPES: [(&str, &[&str], &[&str]); 6] = [
    ("bool", &["x.f", "x.g"], &["true", "false"]),
    ("int", &["x.i", "x.j"], &["0", "1", "-3", "7", "9223372036854775807", "-9223372036854775807"]),
    ("double", &["x.d", "x.e"], &["0.0", "-0.0", "1.5", "1e300", "0.0 / 0.0", "1.0 / 0.0"]),
    ("string", &["x.s", "x.t"], &["''", "'a'", "'gold'", "'é'", "'campaign'", "' GOLD '"]),
    (
        "timestamp",
        &["x.a", "x.b", "send_at"],
        &["timestamp('2026-03-02T15:00:00Z')", "timestamp('9999-12-31T23:59:59.5Z')"],
    ),
    (
        "duration",
        &["x.p", "x.q"],
        &["duration('24h')", "duration('-1.5s')", "duration('1ns')", "duration('87600000h')"],
    ),
];
const LISTS: [(&str, &str); 3] = [("string", "x.words"), ("int", "x.numbers"), ("bool", "x.flags")];

impl Expressions<'_> {
    fn one(&mut self, of: &[&str]) -> String {
        self.0.pick(of).to_owned()
    }

    fn of(&mut self, ty: &str, depth: usize) -> String {
        let Some((_, attributes, literals)) = TYPES.iter().find(|(known, ..)| *known == ty) else {
            return "true".to_owned();
        };
        if depth == 0 || self.0.once_in(5) {
            return if self.0.once_in(3) { self.one(literals) } else { self.one(attributes) };
        }
        let depth = depth - 1;
        if self.0.once_in(6) {
            let (if_so, then, or) =
                (self.of("bool", depth), self.of(ty, depth), self.of(ty, depth));
            return format!("({if_so} ? {then} : {or})");
        }
        let (a, b) = (self.of(ty, depth), self.of(ty, depth));
        match ty {
            "bool" => self.condition(depth),
            "int" => match self.0.random().u8(..5) {
                0 => format!("(-{a})"),
                1 => format!("size({})", self.of("string", depth)),
                2 => format!("size({})", self.one(&["x.words", "x.numbers"])),
                _ => format!("({a} {} {b})", self.one(&["+", "-", "*", "/", "%"])),
            },
            "double" => match self.0.random().u8(..4) {
                0 => format!("(-{a})"),
                1 => format!("double({})", self.of("int", depth)),
                _ => format!("({a} {} {b})", self.one(&["+", "-", "*", "/"])),
            },
            "string" => match self.0.random().u8(..4) {
                0 => format!("{a}.lowerAscii()"),
                1 => format!("{a}.trim()"),
                _ => format!("({a} + {b})"),
            },
            "timestamp" => {
                let span = self.of("duration", depth);
                format!("({a} {} {span})", self.one(&["+", "-"]))
            }
            _ if self.0.once_in(2) => {
                let (late, early) = (self.of("timestamp", depth), self.of("timestamp", depth));
                format!("({late} - {early})")
            }
            _ => format!("({a} {} {b})", self.one(&["+", "-"])),
        }
    }

    fn condition(&mut self, depth: usize) -> String {
        let (a, b) = (self.of("bool", depth), self.of("bool", depth));
        let ty = self.0.pick(&TYPES).0;
        match self.0.random().u8(..12) {
            0 => format!("!({a})"),
            1 | 2 => format!("({a} {} {b})", self.one(&["&&", "||"])),
            3 => {
                let all: Vec<&str> =
                    TYPES.iter().flat_map(|(_, all, _)| all.iter().copied()).collect();
                format!("has({})", self.one(&all).replace("send_at", "x.a"))
            }
            4 => {
                let (item, literals) =
                    (self.of(ty, depth), TYPES.iter().find(|known| known.0 == ty));
                let members = literals.map_or(&[][..], |known| known.2);
                format!("({item} in [{}])", members.join(", "))
            }
            5 => {
                let (text, part) = (self.of("string", depth), self.of("string", depth));
                let test = self.one(&["startsWith", "endsWith", "contains"]);
                format!("{text}.{test}({part})")
            }
            6 => {
                let (ty, list) = self.0.pick(&LISTS);
                format!("({} in {list})", self.of(ty, depth.min(1)))
            }
            7 => {
                let (ty, list) = self.0.pick(&LISTS);
                let one = self.of(ty, 0);
                let body = match ty {
                    "string" => format!("e.startsWith({one}) || size(e) > 3"),
                    "int" => format!("e * 2 - 1 > {one}"),
                    _ => format!("!e && {one}"),
                };
                format!("{list}.{}(e, {body})", self.one(&["all", "exists", "exists_one"]))
            }
            8 => {
                let at = self.of("timestamp", depth);
                const PARTS: [&str; 10] = [
                    "getFullYear",
                    "getMonth",
                    "getDate",
                    "getDayOfMonth",
                    "getDayOfWeek",
                    "getDayOfYear",
                    "getHours",
                    "getMinutes",
                    "getSeconds",
                    "getMilliseconds",
                ];
                format!("({at}.{}() > 5)", self.one(&PARTS))
            }
            _ => {
                let (one, other) = (self.of(ty, depth), self.of(ty, depth));
                format!("({one} {} {other})", self.one(&["==", "!=", "<", "<=", ">", ">="]))
            }
        }
    }
}

fn engine_of_expressions(maker: &mut Maker, rules: usize) -> Engine {
    let is_nullable = maker.once_in(2);
    let scalars =
        TYPES.iter().flat_map(|(ty, all, _)| all.iter().map(|path| (ty.to_string(), *path)));
    let lists = LISTS.iter().map(|(ty, path)| (format!("list({ty})"), *path));
    let all: Vec<(String, &str)> =
        scalars.chain(lists).filter(|(_, path)| *path != "send_at").collect();
    let attributes: String = all
        .iter()
        .map(|(ty, path)| {
            format!(
                "[attributes.\"{path}\"]\ntype = \"{ty}\"\nnullable = {is_nullable}\nscope = \
                 \"recipient\"\ntitle = \"t\"\n"
            )
        })
        .collect();
    let mut written = Vec::new();
    for _ in 0..rules {
        let condition = Expressions(maker).condition(2);
        let named: Vec<&str> =
            all.iter().map(|(_, path)| *path).filter(|path| condition.contains(*path)).collect();
        // Null is then absent: what is asked of it fails, and the guard around it says so. Past
        // eight attributes no guard is seen.
        if is_nullable && named.len() > 8 {
            continue;
        }
        let guards = named.iter().map(|path| format!("has({path}) && "));
        let guard: String = if is_nullable { guards.collect() } else { String::new() };
        written.push(format!("{guard}({condition})"));
    }
    engine_of_conditions(&attributes, &written)
}

/// An engine of rules that forbid so.
fn engine_of_conditions(attributes: &str, conditions: &[String]) -> Engine {
    let manifest = "name = \"chance\"\nversion = \"1.0.0\"\nrequires = \"*\"\ntitle = \"t\"\n\
                    published = 2026-01-01\n[sources.s]\ntitle = \"t\"\nurl = \
                    \"https://a.example\"\nretrieved = 2026-01-01\nconfidence = \"official\"\n";
    let rule = |(number, condition): (usize, &String)| {
        format!(
            "[[rule]]\nid = \"data.r{number}\"\ntopic = \"data\"\ntitle = \"t\"\nforbids = \"\"\"\n\
             {condition}\"\"\"\nverdict = \"deny\"\nsource = {{ id = \"s\" }}\nmessage = \
             \"m\"\nadvice = \"a\"\nexposure = []\n"
        )
    };
    let file = |path: &str, text: String| PackFile {
        path: path.to_owned(),
        bytes: Cow::Owned(text.into_bytes()),
    };
    let files = vec![
        file("pack.toml", format!("{manifest}{attributes}")),
        file("rules/rules.toml", conditions.iter().enumerate().map(rule).collect()),
    ];
    Engine::builder()
        .without_built_in()
        .pack("chance", files)
        .build()
        .unwrap_or_else(|problem| panic!("{problem}"))
}

#[test]
fn a_screen_calculates_as_checks_do() {
    let mut maker = Maker::of_recipients(seed(20_261_128));
    let (mut findings, mut open) = (0, 0);
    for number in 0..20 * times() {
        let engine = engine_of_expressions(&mut maker, 25);
        let send_at = Timestamp::parse("2026-03-02T15:00:00.25Z").expect("an instant");
        let rows = if number % 10 == 0 { 1100 } else { 80 };
        let campaign = engine.facts(send_at);
        let own = engine.schema().iter().filter(|(_, attribute)| attribute.path.starts_with("x."));
        let reported: Vec<AttributeId> =
            own.filter(|_| !maker.once_in(12)).map(|(id, _)| id).collect();
        let columns: Vec<Column> = reported
            .iter()
            .map(|id| column(maker.random(), engine.schema().attribute(*id), send_at, rows))
            .collect();
        let batches = batches(&mut maker, &columns, rows);
        let found = screened(&engine, &campaign, &batches, &ScreenOptions::new());
        for (row, found) in found.iter().enumerate() {
            let expected = checked(&engine, &campaign, &columns, row);
            if *found != expected {
                let differs = |id: &&String| found.1.contains(id) != expected.1.contains(id);
                let rule = found.1.iter().chain(&expected.1).find(differs).cloned();
                let rules = engine.program().rules();
                let source = rules
                    .filter(|(_, _, known)| rule.as_deref() == Some(&*known.id))
                    .map(|(_, _, known)| known.condition.expression().source.to_string())
                    .next();
                let cells: Vec<String> = columns
                    .iter()
                    .map(|column| {
                        format!(
                            "{} = {:?} {:?}",
                            column.path,
                            column.cells[row],
                            column.array.data_type()
                        )
                    })
                    .collect();
                panic!(
                    "audience {number}, row {row}, {rule:?}\n{source:?}\nscreen {found:?}\ncheck  \
                     {expected:?}\n{}",
                    cells.join("\n")
                );
            }
            findings += expected.1.len();
            open += expected.2.len();
        }
    }
    assert!(findings > 5000 && open > 500, "{findings} {open}");
}

/// Numbers, countries and zones whose clocks differ by hours, half and quarter hours, or past
/// midnight, and which contradict each other.
const ABROAD: [(&str, &[&str]); 3] = [
    (
        "recipient.phone",
        &["+34600000000", "+12125550123", "+919876543210", "+61412345678", "+999123456"],
    ),
    ("recipient.country", &["NZ", "AU", "US", "NP", "ES", "IN"]),
    (
        "recipient.time_zone",
        &["Asia/Kathmandu", "Pacific/Chatham", "America/St_Johns", "UTC", "Australia/Eucla"],
    ),
];

#[test]
fn a_screen_tells_the_minute_as_checks_do() {
    let mut maker = Maker::of_recipients(seed(20_261_129));
    let mut told_apart = BTreeSet::new();
    for _ in 0..30 * times() {
        let minute = maker.random().i64(0..1440);
        let conditions = [
            format!("recipient.local_minute_of_day_min < {minute}"),
            format!("recipient.local_minute_of_day_max >= {}", 1439 - minute),
            format!("recipient.local_minute_of_day_max in [0, {minute}, 1439]"),
            format!("recipient.local_minute_of_day_min == {} * 15", minute / 15),
            format!("recipient.local_hour_min >= {}", minute / 60),
            format!("recipient.local_hour == {}", minute / 60),
            "recipient.local_minute_of_day_max - recipient.local_minute_of_day_min > 90".to_owned(),
            "recipient.local_weekday == 1".to_owned(),
        ];
        let engine = engine_of_conditions("", &conditions);
        let seconds = 1_772_400_000 + maker.random().i64(0..200 * 86_400);
        // Clocks of towns differed by seconds once.
        let seconds = if maker.once_in(4) { seconds - 4_000_000_000 } else { seconds };
        let send_at = Timestamp::new(seconds, 0).expect("an instant");
        let rows = 120;
        let mut columns = Vec::new();
        for (path, values) in ABROAD {
            if maker.once_in(4) {
                continue;
            }
            let id = engine.schema().id(path).expect("an attribute");
            let mut column = column(maker.random(), engine.schema().attribute(id), send_at, rows);
            let texts: Vec<Option<&str>> =
                (0..rows).map(|_| (!maker.once_in(4)).then(|| maker.pick(values))).collect();
            column.cells = texts.iter().map(|text| text.map(Value::string)).collect();
            column.array = Arc::new(StringArray::from(texts));
            columns.push(column);
        }
        if columns.is_empty() {
            continue;
        }
        let campaign = engine.facts(send_at);
        let found = screened(
            &engine,
            &campaign,
            &batches(&mut maker, &columns, rows),
            &ScreenOptions::new(),
        );
        for (row, found) in found.iter().enumerate() {
            let expected = checked(&engine, &campaign, &columns, row);
            let cells: Vec<_> = columns.iter().map(|column| &column.cells[row]).collect();
            assert_eq!(*found, expected, "{conditions:#?} at {send_at}: {cells:?}");
            told_apart.insert(found.1.clone());
        }
    }
    assert!(told_apart.len() > 20, "{}", told_apart.len());
}

/// Instants that local dates are counted from.
const COUNTED_FROM: [(&str, &str); 5] = [
    ("opt_in", "recipient.opt_in_at"),
    ("last_inbound", "recipient.last_inbound_at"),
    ("last_marketing", "recipient.last_marketing_at"),
    ("last_deal", "recipient.last_deal_at"),
    ("register_check", "recipient.register_checked_at"),
];

#[test]
fn a_screen_counts_local_days_as_checks_do() {
    let mut maker = Maker::of_recipients(seed(20_261_130));
    let mut told_apart = BTreeSet::new();
    for _ in 0..20 * times() {
        let (since, instant) = maker.pick(&COUNTED_FROM);
        let least = format!("recipient.local_days_since_{since}_min");
        let greatest = format!("recipient.local_days_since_{since}_max");
        let given = format!("has({least}) && has({greatest})");
        let conditions = [
            format!("{given} && {least} < 1"),
            format!("{given} && {greatest} >= 2"),
            format!("{given} && {greatest} - {least} == 1"),
            format!("has({greatest}) && {greatest} in [-1, 0, 3]"),
            format!("!has({least})"),
        ];
        let engine = engine_of_conditions("", &conditions);
        let seconds = 1_772_400_000 + maker.random().i64(0..200 * 86_400);
        let send_at = Timestamp::new(seconds, 0).expect("an instant");
        let rows = 120;
        let mut columns = Vec::new();
        for path in ABROAD.map(|(path, _)| path).into_iter().chain([instant]) {
            if path != instant && maker.once_in(4) {
                continue;
            }
            let id = engine.schema().id(path).expect("an attribute");
            let mut column = column(maker.random(), engine.schema().attribute(id), send_at, rows);
            if let Some((_, values)) = ABROAD.iter().find(|(known, _)| *known == path) {
                let texts: Vec<Option<&str>> =
                    (0..rows).map(|_| (!maker.once_in(4)).then(|| maker.pick(values))).collect();
                column.cells = texts.iter().map(|text| text.map(Value::string)).collect();
                column.array = Arc::new(StringArray::from(texts));
            } else {
                let near: Vec<Option<i64>> = (0..rows)
                    .map(|_| {
                        let before = maker.random().i64(-400..4 * 86_400);
                        (!maker.once_in(5)).then_some((seconds - before) * 1_000_000)
                    })
                    .collect();
                let at = |micros: i64| {
                    Value::Timestamp(Timestamp::new(micros / 1_000_000, 0).expect("an instant"))
                };
                column.cells = near.iter().map(|micros| micros.map(at)).collect();
                let array = TimestampMicrosecondArray::from(near).with_timezone("UTC");
                column.array = Arc::new(array);
            }
            columns.push(column);
        }
        let campaign = engine.facts(send_at);
        let found = screened(
            &engine,
            &campaign,
            &batches(&mut maker, &columns, rows),
            &ScreenOptions::new(),
        );
        for (row, found) in found.iter().enumerate() {
            let expected = checked(&engine, &campaign, &columns, row);
            let cells: Vec<_> = columns.iter().map(|column| &column.cells[row]).collect();
            assert_eq!(*found, expected, "{conditions:#?} at {send_at}: {cells:?}");
            told_apart.insert(found.1.clone());
        }
    }
    assert!(told_apart.len() > 8, "{}", told_apart.len());
}

#[test]
fn local_days_are_those_of_calendars() {
    let holds = |document: &str, condition: String| {
        let engine = engine_of_conditions("", &[condition]);
        let facts = engine.facts_from_json(document.as_bytes()).expect("facts");
        engine.check(&facts).expect("a decision").verdict() == Verdict::Deny
    };
    let are = |document: &str, asked: &str, days: i64| {
        let path = format!("recipient.local_days_since_{asked}");
        holds(document, format!("has({path}) && {path} == {days}"))
    };
    // Two minutes, over midnight in Madrid and not in London.
    let madrid = r#"{"send_at": "2026-03-02T23:01:00Z", "recipient": {"phone": "+34600000000",
        "time_zone": "Europe/Madrid", "last_deal_at": "2026-03-02T22:59:00Z"}}"#;
    assert!(are(madrid, "last_deal_min", 1));
    let london = madrid.replace("+34600000000", "+447400123456").replace("Madrid", "London");
    assert!(are(&london, "last_deal_max", 0));
    // Just under two days of hours; of zones that differ, the least and the greatest.
    let brazil = r#"{"send_at": "2026-03-05T03:30:00Z", "recipient": {"phone": null,
        "country": "BR", "opt_in_at": "2026-03-03T04:30:00Z"}}"#;
    assert!(are(brazil, "opt_in_min", 1) && are(brazil, "opt_in_max", 2));
    // Clocks go forward in between: 23 hours are a day.
    let forward = r#"{"send_at": "2026-03-29T22:00:00Z", "recipient": {"phone": "+34600000000",
        "time_zone": "Europe/Madrid", "last_inbound_at": "2026-03-28T23:00:00Z"}}"#;
    assert!(are(forward, "last_inbound_min", 1));
    // A little later counts as the instant of sending; much later is below 0.
    let later = madrid.replace("22:59:00Z", "23:04:00Z").replace("23:01:00Z", "22:59:59Z");
    assert!(are(&later, "last_deal_min", 0));
    let tomorrow = madrid.replace("2026-03-02T22:59:00Z", "2026-03-04T22:59:00Z");
    assert!(are(&tomorrow, "last_deal_min", -1));
    let absent = madrid.replace("\"2026-03-02T22:59:00Z\"", "null");
    assert!(holds(&absent, "!has(recipient.local_days_since_last_deal_min)".to_owned()));
}
