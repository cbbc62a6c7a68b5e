//! The CEL specification's own suite, whole: what is inside the profile passes, what is outside is
//! answered right or refused by name.

#![expect(clippy::panic, clippy::expect_used, reason = "a test's helper fails the test")]

use cleartosend::expert::cel;
use cleartosend::expert::cel::{Bindings, Environment, Outcome, SetId};
use cleartosend::schema::AttributeId;
use cleartosend::{Fact, Schema, Value};
use serde::Deserialize;
use serde_json::Value as Json;

const PROFILE: &str = include_str!("../../vectors/cel/cel-profile.json");
const OUTSIDE: &str = include_str!("../../vectors/cel/cel-outside-profile.json");
const EXCEPTIONS: &str = include_str!("../../vectors/cel/exceptions.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    file: String,
    section: String,
    name: String,
    expr: String,
    expect: Expect,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
enum Expect {
    Value {
        #[serde(rename = "type")]
        ty: String,
        value: Json,
    },
    Error {},
}

impl Case {
    fn id(&self) -> String {
        format!("{}/{}/{}", self.file, self.section, self.name)
    }
}

/// What the language makes of an expression.
#[derive(Debug)]
enum Answer {
    Value(Value),
    Error(String),
    Refused { code: &'static str, message: String },
}

struct NoNames;

impl Bindings for NoNames {
    fn fact(&self, _: AttributeId) -> &Fact {
        &Fact::Unknown
    }

    fn set(&self, _: SetId) -> &[Value] {
        &[]
    }
}

fn answer(source: &str) -> Answer {
    let schema = Schema::built_in();
    match cel::compile(source, &Environment { schema: &schema, sets: &[] }) {
        Err(error) => Answer::Refused { code: error.code(), message: error.to_string() },
        Ok(expression) => match cel::evaluate(&expression, &NoNames) {
            Outcome::Value(value) => Answer::Value(value),
            Outcome::Error(error) => Answer::Error(error.to_string()),
            Outcome::Undetermined(lacked) => {
                panic!("{source}: lacks {lacked:?}, but names nothing")
            }
        },
    }
}

/// Type and value in the notation of the cases.
fn typed(value: &Value) -> (&'static str, Json) {
    match value {
        Value::Bool(_) => ("bool", value.to_json()),
        Value::Int(int) => ("int", int.to_string().into()),
        Value::Double(_) => ("double", value.to_json()),
        Value::String(_) => ("string", value.to_json()),
        Value::Timestamp(_) => ("timestamp", value.to_json()),
        Value::Duration(_) => ("duration", value.to_json()),
        Value::List(elements) => {
            let elements = elements
                .iter()
                .map(typed)
                .map(|(ty, value)| serde_json::json!({"type": ty, "value": value}));
            ("list", elements.collect())
        }
    }
}

fn same(expected_type: &str, expected: &Json, found: &Value) -> bool {
    if let (Value::Double(found), "double", Some(expected)) =
        (found, expected_type, expected.as_str())
    {
        let expected: f64 = expected.parse().expect("a double");
        return expected.to_bits() == found.to_bits() || (expected.is_nan() && found.is_nan());
    }
    typed(found) == (expected_type, expected.clone())
}

/// Whether a case inside the profile passes. A refusal is the error that was asked for: an
/// expression that only fails need not load.
fn passes(case: &Case, answer: &Answer) -> bool {
    match (&case.expect, answer) {
        (Expect::Value { ty, value }, Answer::Value(found)) => same(ty, value, found),
        (Expect::Error {}, Answer::Error(_) | Answer::Refused { .. }) => true,
        _ => false,
    }
}

fn cases(text: &str) -> Vec<Case> {
    serde_json::from_str(text).expect("well-formed cases")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exceptions {
    #[serde(default)]
    exception: Vec<Exception>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    case: String,
    expected: String,
    actual: String,
    reason: String,
}

#[test]
fn every_case_of_the_profile_passes_or_is_a_known_exception() {
    let exceptions: Exceptions = toml::from_str(EXCEPTIONS).expect("well-formed exceptions");
    let mut wrong = Vec::new();
    let mut unused: Vec<&Exception> = exceptions.exception.iter().collect();
    let mut passed = 0;
    for case in cases(PROFILE) {
        let answer = answer(&case.expr);
        let known = exceptions.exception.iter().find(|exception| exception.case == case.id());
        match (passes(&case, &answer), known) {
            (true, None) => passed += 1,
            (true, Some(_)) => {
                wrong.push(format!("{}: passes, and is still listed as an exception", case.id()));
            }
            (false, None) => wrong.push(format!("{}: `{}` gave {answer:?}", case.id(), case.expr)),
            (false, Some(known)) => {
                unused.retain(|exception| exception.case != known.case);
                let actual = match &answer {
                    Answer::Value(value) => typed(value).1.to_string(),
                    Answer::Error(message) | Answer::Refused { message, .. } => message.clone(),
                };
                let Expect::Value { value, .. } = &case.expect else { continue };
                let said = (known.expected.as_str(), known.actual.as_str());
                if said != (&value.to_string(), &actual) || known.reason.is_empty() {
                    wrong.push(format!(
                        "{}: gave `{actual}` for `{value}`, which is not what the exception says",
                        case.id()
                    ));
                }
            }
        }
    }
    wrong
        .extend(unused.iter().map(|exception| format!("{}: no such failing case", exception.case)));
    println!("{passed} cases pass, {} are exceptions", exceptions.exception.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(passed > 300, "only {passed} cases ran");
}

#[test]
fn nothing_outside_the_profile_is_answered_wrongly() {
    let (mut right, mut refused) = (0, 0);
    let mut wrong = Vec::new();
    for case in cases(OUTSIDE) {
        match (&case.expect, answer(&case.expr)) {
            (Expect::Value { ty, value }, Answer::Value(found)) if same(ty, value, &found) => {
                right += 1;
            }
            (Expect::Error {}, Answer::Error(_)) => right += 1,
            // What is not supported is named, as the author wrote it.
            (_, Answer::Refused { code, message })
                if code.starts_with("cel/") && message.contains('`') =>
            {
                refused += 1;
            }
            // A mix of types is told as types, not as text.
            (
                _,
                Answer::Refused {
                    code:
                        "cel/not-bool" | "cel/mixed-list" | "cel/type-mismatch" | "cel/wrong-arguments",
                    ..
                },
            ) => {
                refused += 1;
            }
            (_, answer) => wrong.push(format!("{}: `{}` gave {answer:?}", case.id(), case.expr)),
        }
    }
    println!("{right} cases answered right, {refused} refused at load");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(right + refused > 800, "only {} cases ran", right + refused);
}

#[test]
fn a_wrong_expectation_fails() {
    let wrong = r#"[{"file": "f", "section": "s", "name": "n", "expr": "1 + 1", "expect": {"kind": "value", "type": "int", "value": "3"}}]"#;
    for case in cases(wrong) {
        assert!(!passes(&case, &answer(&case.expr)));
        assert!(passes(&case, &Answer::Value(Value::Int(3))));
    }
}
