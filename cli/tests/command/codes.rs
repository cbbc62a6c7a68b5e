//! `cts code`: codes that people ask about, answers that hold codes, and codes of which nothing is
//! known.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that cannot run the command has failed"
)]

use std::path::Path;
use std::process::Output;

use serde::Deserialize;
use serde_json::Value;

use super::support::{cts_fed, err, out, root};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    #[serde(rename = "about")]
    _about: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    code: i64,
    subcode: Option<i64>,
    #[serde(default)]
    says: Vec<String>,
    family: Option<String>,
    #[serde(default)]
    nothing: bool,
}

fn cts(arguments: &[&str], input: &str) -> Output {
    cts_fed(&root(), arguments, input.as_bytes())
}

/// Without the breaks of lines.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn lines(output: &Output) -> Vec<Value> {
    out(output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn codes_that_people_ask_about() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/codes/known.json");
    let cases: Cases = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert!(cases.cases.len() > 30);
    for Case { code, subcode, says, family, nothing } in cases.cases {
        let asked: Vec<String> =
            std::iter::once(code).chain(subcode).map(|number| number.to_string()).collect();
        let mut arguments = vec!["code"];
        arguments.extend(asked.iter().map(String::as_str));
        let output = cts(&arguments, "");
        let (printed, refused) = (flat(&out(&output)), err(&output));
        if says.is_empty() {
            assert_eq!((output.status.code(), printed.as_str()), (Some(2), ""), "{code}");
            assert!(refused.contains("[account/unknown-code]"), "{code}: {refused}");
            assert!(!refused.contains("nearest"), "{code}: {refused}");
            match family {
                Some(family) => assert!(refused.contains(&format!("`{family}`")), "{refused}"),
                None => assert!(nothing && !refused.contains("family"), "{code}: {refused}"),
            }
            continue;
        }
        assert_eq!(output.status.code(), Some(0), "{code}: {refused}");
        for word in says {
            assert!(printed.contains(&word), "{code}: no `{word}` in {printed}");
        }
    }
}

#[test]
fn an_answer_that_holds_codes() {
    let graph = r#"{"error": {"message": "m", "type": "OAuthException", "code": 368}}"#;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("answer.json");
    std::fs::write(&file, graph).unwrap();
    let expected = out(&cts(&["code", "368"], ""));
    assert!(expected.contains("account.restrictions = unknown"), "{expected}");
    for (argument, input) in [(graph, ""), (file.to_str().unwrap(), ""), ("-", graph)] {
        let output = cts(&["code", argument], input);
        assert_eq!((output.status.code(), out(&output)), (Some(0), expected.clone()));
    }

    let webhook = r#"{"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [
        {"field": "messages", "value": {"statuses": [{"status": "failed", "errors": [
            {"code": "131049"}, {"code": 131094}, {"code": 131050}
        ]}]}}
    ]}]}"#;
    let output = cts(&["code", "-", "--json"], webhook);
    assert_eq!(output.status.code(), Some(2), "one of them is not known");
    assert!(err(&output).contains("131094"), "{}", err(&output));
    let printed: Vec<Value> = lines(&output).into_iter().map(|code| code["code"].clone()).collect();
    assert_eq!(printed, [131_049, 131_050]);
}

#[test]
fn what_holds_no_code_is_refused() {
    for (arguments, code, word) in [
        (&["code", "{}"][..], "account/no-error-code", "expected"),
        (&["code", r#"{"error": {"code": 1.5}}"#], "account/wrong-type", "a whole number"),
        (&["code", "{\"error\": "], "account/syntax", "not JSON"),
        (&["code", "13104x"], "", "neither a code nor an answer"),
        (&["code", "13104x", "463"], "", "is not a code"),
        (&["code", "list", "463"], "", "no subcode"),
    ] {
        let output = cts(arguments, "");
        let refused = err(&output);
        assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""), "{arguments:?}");
        assert!(refused.contains(code) && refused.contains(word), "{arguments:?}: {refused}");
    }
}

#[test]
fn every_code_is_listed() {
    let output = cts(&["code", "list", "--json"], "");
    let [list]: [Value; 1] = lines(&output).try_into().unwrap();
    let codes = list["codes"].as_array().unwrap();
    assert!(codes.len() > 250);
    for code in codes {
        let retrieved = code["retrieved"].as_str().unwrap();
        assert!(retrieved.len() == 10 && code["url"].as_str().unwrap().starts_with("https://"));
    }
    let stop = codes.iter().find(|code| code["code"] == 131_048).unwrap();
    assert_eq!(stop["effect"]["scope"], "number");
    assert_eq!(stop["effect"]["hours"], 168);

    let text = out(&cts(&["code", "list"], ""));
    for line in ["Calls", "200–299", "403   A permission is missing", "102, 190 + 463", "131049"]
    {
        assert!(text.contains(line), "no `{line}` in {text}");
    }
    let families = list["families"].as_array().unwrap();
    assert!(families.iter().all(|family| text.contains(family["title"].as_str().unwrap())));
}
