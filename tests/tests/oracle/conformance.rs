//! The CEL specification's own cases inside the profile, with every literal replaced by a fact of
//! its type.
//!
//! A case of literals alone is worked out when it is loaded. With facts in place of the literals it
//! goes the way of a rule: compiled to classes and predicates, then matched. The condition is the
//! expression itself where it is a bool, else whether it equals the expected value, which is a fact
//! too.

#![expect(clippy::expect_used, reason = "a test that cannot be set up should fail")]

use cleartosend::expert::cel::{Bindings, Environment, Outcome, SetId, compile, evaluate};
use cleartosend::expert::matching::{Matcher, missing};
use cleartosend::expert::program::RuleIdx;
use cleartosend::schema::AttributeId;
use cleartosend::{Duration, Fact, FindingVerdict, Schema, Status, Timestamp, Type, Value};
use cleartosend_tests::oracle::harness::{Slots, program_of};
use cleartosend_tests::oracle::text::instant_of;
use cleartosend_tests::packs::{Condition, Declared, Pack, Rule, World};
use serde::Deserialize;
use serde_json::Value as Json;

const PROFILE: &str = include_str!("../../vectors/cel/cel-profile.json");

/// Cases that do not go this way, and why.
const EXCEPTIONS: [(&str, &str); 4] = [
    (
        "comparisons/in_list_literal/elem_in_mixed_type_list",
        "a list of several types is refused, as for literals",
    ),
    ("macros/exists/list_elem_type_shortcircuit", "as above"),
    ("macros/exists/list_elem_type_exhaustive", "as above"),
    ("macros/all/list_elem_type_shortcircuit", "as above"),
];

#[derive(Deserialize)]
struct Case {
    file: String,
    section: String,
    name: String,
    expr: String,
    expect: Expect,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Expect {
    Value {
        #[serde(rename = "type")]
        ty: String,
        value: Json,
    },
    Error {},
}

/// What became of a case.
#[derive(Debug, PartialEq)]
enum Became {
    /// The rule came to the status that the case asks for.
    Right,
    /// Refused at load, as a case that asks for an error may be.
    Refused(String),
    Wrong(String),
}

/// An expression without literals, and what stood in their places.
struct Lifted {
    source: String,
    facts: Vec<Value>,
}

struct Nothing;

impl Bindings for Nothing {
    fn fact(&self, _: AttributeId) -> &Fact {
        &Fact::Unknown
    }

    fn set(&self, _: SetId) -> &[Value] {
        &[]
    }
}

fn lifted(source: &str) -> Lifted {
    let bytes = source.as_bytes();
    let (mut text, mut facts) = (String::new(), Vec::new());
    let mut at = 0;
    while at < bytes.len() {
        let end = literal_end(source, at, text.trim_end());
        match end.and_then(|end| Some((end, value(&source[at..end])?))) {
            Some((end, value)) => {
                // A leading dot tells the path from a macro's variable of that name.
                text.push_str(&format!(
                    "{}x.l{}",
                    if source.contains("(x,") { "." } else { "" },
                    facts.len()
                ));
                facts.push(value);
                at = end;
            }
            None => {
                let end = word_end(source, at)
                    .max(at + source[at..].chars().next().map_or(1, char::len_utf8));
                text.push_str(&source[at..end]);
                at = end;
            }
        }
    }
    Lifted { source: text, facts }
}

/// Where a literal that begins at a place ends; `before` is what is written so far.
fn literal_end(source: &str, at: usize, before: &str) -> Option<usize> {
    let rest = &source[at..];
    let raw = usize::from(rest.starts_with(['r', 'R']) && rest[1..].starts_with(['"', '\'']));
    if let Some(quote) =
        ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| rest[raw..].starts_with(quote))
    {
        let mut end = raw + quote.len();
        while !rest[end..].starts_with(quote) {
            end += if raw == 0 && rest[end..].starts_with('\\') {
                2
            } else {
                rest[end..].chars().next()?.len_utf8()
            };
        }
        return Some(at + end + quote.len());
    }
    for word in ["true", "false"] {
        if rest.starts_with(word) && word_end(source, at) == at + word.len() {
            return Some(at + word.len());
        }
    }
    // A sign belongs to the number where no operand stands before it.
    let signed = rest.starts_with('-')
        && !before.ends_with(|last: char| {
            last.is_ascii_alphanumeric() || matches!(last, ')' | ']' | '_')
        });
    let digits = &rest[usize::from(signed)..];
    let is_number = digits.starts_with(|first: char| first.is_ascii_digit())
        || (digits.starts_with('.')
            && digits[1..].starts_with(|second: char| second.is_ascii_digit()));
    is_number.then(|| {
        let mut end = usize::from(signed);
        let mut last = ' ';
        while let Some(next) = rest[end..].chars().next() {
            let exponent =
                matches!(next, '+' | '-') && matches!(last, 'e' | 'E') && !digits.starts_with("0x");
            if !(next.is_ascii_alphanumeric() || next == '.' || exponent) {
                break;
            }
            last = next;
            end += 1;
        }
        at + end
    })
}

fn word_end(source: &str, at: usize) -> usize {
    let word = |char: char| char.is_ascii_alphanumeric() || char == '_';
    source[at..].find(|char: char| !word(char)).map_or(source.len(), |length| at + length)
}

fn value(literal: &str) -> Option<Value> {
    let schema = Schema::built_in();
    let expression = compile(literal, &Environment { schema: &schema, sets: &[] }).ok()?;
    match evaluate(&expression, &Nothing) {
        Outcome::Value(value) => Some(value),
        Outcome::Undetermined(_) | Outcome::Error(_) => None,
    }
}

/// The expected value; none for a list without elements, which has no type, and for a double that
/// is no fact.
fn expected(ty: &str, value: &Json) -> Option<Value> {
    let text = || value.as_str().unwrap_or_default();
    Some(match ty {
        "bool" => Value::Bool(value.as_bool()?),
        "int" => Value::Int(text().parse().ok()?),
        "double" => Value::Double(
            text().parse().ok().or_else(|| value.as_f64()).filter(|double| double.is_finite())?,
        ),
        "string" => Value::string(text()),
        "timestamp" => Value::Timestamp(instant_of(text())?),
        "duration" => {
            let (whole, fraction) = text()
                .trim_end_matches('s')
                .split_once('.')
                .unwrap_or((text().trim_end_matches('s'), ""));
            let sign = if whole.starts_with('-') { -1 } else { 1 };
            let nanos = format!("{fraction:0<9}").parse::<i128>().ok()? * sign;
            Value::Duration(Duration::from_nanos(
                whole.parse::<i128>().ok()? * 1_000_000_000 + nanos,
            )?)
        }
        "list" => {
            let elements = value
                .as_array()?
                .iter()
                .map(|element| expected(element["type"].as_str()?, &element["value"]));
            let elements: Vec<Value> = elements.collect::<Option<_>>()?;
            if elements.is_empty() {
                return None;
            }
            Value::List(elements.into())
        }
        _ => return None,
    })
}

fn type_of(value: &Value) -> Type {
    match value {
        Value::Bool(_) => Type::BOOL,
        Value::Int(_) => Type::INT,
        Value::Double(_) => Type::DOUBLE,
        Value::String(_) => Type::STRING,
        Value::Timestamp(_) => Type::TIMESTAMP,
        Value::Duration(_) => Type::DURATION,
        Value::List(elements) => elements.first().map_or(Type::STRING, type_of).list(),
    }
}

/// The condition that a case makes, and the status that it asks for.
fn condition(case: &Case, lifted: &mut Lifted) -> (String, Status) {
    let source = lifted.source.clone();
    match &case.expect {
        Expect::Value { ty, value } => match (ty.as_str(), expected(ty, value)) {
            ("bool", Some(Value::Bool(true))) => (source, Status::Satisfied),
            ("bool", Some(Value::Bool(false))) => (source, Status::Violated),
            (_, Some(value)) => {
                let name = format!("x.l{}", lifted.facts.len());
                lifted.facts.push(value);
                (format!("({source}) == {name}"), Status::Satisfied)
            }
            ("list", None) => (format!("({source}) == []"), Status::Satisfied),
            _ if value == "NaN" => (format!("({source}) != ({source})"), Status::Satisfied),
            _ if value == "-Infinity" => {
                (format!("({source}) < -1.7976931348623157e308"), Status::Satisfied)
            }
            _ => (format!("({source}) > 1.7976931348623157e308"), Status::Satisfied),
        },
        // Of whatever type it is, it cannot be worked out.
        Expect::Error {} => (format!("({source}) == ({source})"), Status::Undetermined),
    }
}

fn run(case: &Case) -> Became {
    let mut lifted = lifted(&case.expr);
    let (condition, wanted) = condition(case, &mut lifted);
    let mut pack = Pack::named("case");
    let declared = |(number, value): (usize, &Value)| Declared {
        path: format!("x.l{number}"),
        ty: type_of(value),
        values: Vec::new(),
        nullable: false,
        of_recipient: false,
    };
    pack.attributes = lifted.facts.iter().enumerate().map(declared).collect();
    pack.rules = vec![Rule {
        id: "limits.case".to_owned(),
        applies: None,
        condition: Condition::Other(condition.clone()),
        requires: true,
        verdict: FindingVerdict::Deny,
        enforce: true,
        from: "2018-01-01".to_owned(),
        until: None,
        names: None,
    }];
    let world = World { packs: vec![pack] };
    let files: Vec<_> = world.packs.iter().map(|pack| (pack.name.clone(), pack.files())).collect();
    let program = match program_of(&files) {
        Ok(program) => program,
        Err(problem) if matches!(case.expect, Expect::Error {}) => return Became::Refused(problem),
        Err(problem) => return Became::Wrong(format!("`{condition}` is refused: {problem}")),
    };
    let mut slots = Slots::new(program.schema());
    let at = Timestamp::parse("2026-03-02T15:00:00Z").expect("an instant");
    slots.put(cleartosend::schema::attributes::SEND_AT, Fact::Value(Value::Timestamp(at)));
    let mut matcher = Matcher::new();
    matcher.run(&program, &slots);
    let open = matcher.status(&program, RuleIdx(0));
    if ![Some(Status::Undetermined), Some(wanted)].contains(&open) {
        return Became::Wrong(format!(
            "`{condition}` with nothing known is {open:?}, which the facts then contradict"
        ));
    }
    for (number, value) in lifted.facts.iter().enumerate() {
        let id = program.schema().id(&format!("x.l{number}")).expect("declared");
        slots.put(id, Fact::Value(value.clone()));
    }
    matcher.run(&program, &slots);
    let status = matcher.status(&program, RuleIdx(0));
    let lacks = missing(&program, &matcher, &slots, RuleIdx(0));
    if status == Some(wanted) && lacks.is_empty() {
        Became::Right
    } else {
        Became::Wrong(format!(
            "`{condition}` with {:?} is {status:?}, expected {wanted:?}; missing {lacks:?}",
            lifted.facts
        ))
    }
}

fn cases(text: &str) -> Vec<Case> {
    serde_json::from_str(text).expect("well-formed cases")
}

#[test]
fn every_case_of_the_profile_comes_out_of_the_program_too() {
    let (mut right, mut refused, mut excepted, mut facts) = (0, 0, 0, 0);
    let mut wrong = Vec::new();
    for case in cases(PROFILE) {
        let id = format!("{}/{}/{}", case.file, case.section, case.name);
        let is_exception = EXCEPTIONS.iter().any(|(known, _)| *known == id);
        facts += lifted(&case.expr).facts.len();
        match (run(&case), is_exception) {
            (Became::Right, false) => right += 1,
            (Became::Refused(_), false) => refused += 1,
            (Became::Wrong(_), true) => excepted += 1,
            (Became::Wrong(problem), false) => {
                wrong.push(format!("{id}: `{}`: {problem}", case.expr));
            }
            (_, true) => wrong.push(format!("{id}: passes, and is still listed as an exception")),
        }
    }
    println!(
        "{right} right, {refused} refused where an error is asked for, {excepted} exceptions, \
         {facts} literals became facts"
    );
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(excepted, EXCEPTIONS.len());
    assert!(right > 300 && refused < 10, "{right} right, {refused} refused");
}

#[test]
fn a_wrong_expectation_fails() {
    let wrong = r#"[{"file": "f", "section": "s", "name": "n", "expr": "1 + 1", "expect": {"kind": "value", "type": "int", "value": "3"}}]"#;
    for case in cases(wrong) {
        assert!(matches!(run(&case), Became::Wrong(_)));
    }
}

#[test]
fn literals_are_found_and_nothing_else() {
    for (source, text, count) in [
        ("1 - -2 == -3", "x.l0 - x.l1 == x.l2", 3),
        ("[1, 2.5e-3].all(v, v > .5)", "[x.l0, x.l1].all(v, v > x.l2)", 3),
        ("[1].all(x, x > 2)", "[.x.l0].all(x, x > .x.l1)", 2),
        (r#"r"\" + 'it\'s' + """a"b""" + trueish"#, "x.l0 + x.l1 + x.l2 + trueish", 3),
        ("-9223372036854775808 < 0x1F", "x.l0 < x.l1", 2),
        ("true ? size(v1) : 1", "x.l0 ? size(v1) : x.l1", 2),
    ] {
        let lifted = lifted(source);
        assert_eq!((lifted.source.as_str(), lifted.facts.len()), (text, count), "{source}");
    }
}
