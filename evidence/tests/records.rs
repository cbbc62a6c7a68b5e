//! What a record says is verified from the record alone, and judged again to the same bytes.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot make its records has failed"
)]

use std::path::Path;

use cleartosend::{Engine, ExplainOptions, Facts, Value};
use cleartosend_evidence::{
    Column, FileDigest, Mask, Record, RecordOptions, Recording as _, Replayed, RuleChange,
    Screened, campaign as campaign_of, compare_rows, replay, verify,
};
use serde_json::{Value as Json, json};

fn engine() -> Engine {
    Engine::builder().built_in_pack("messaging-law").build().unwrap()
}

fn examples() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut examples: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), bytes(&path)))
        .collect();
    examples.sort();
    assert!(examples.len() > 10);
    examples
}

#[expect(clippy::disallowed_methods, reason = "a test reads its examples")]
fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap()
}

fn facts(engine: &Engine, document: &Json) -> Facts {
    Facts::from_json(engine.schema(), document.to_string().as_bytes()).unwrap()
}

/// To somebody who asked to be left alone.
fn sale() -> Json {
    json!({
        "send_at": "2026-03-02T22:30:00Z",
        "account": {
            "quality": "red", "daily_limit": "unlimited",
            "restrictions": [{"kind": "add_phone_number", "since": "2026-01-01T00:00:00Z", "until": null}],
            "feedback": {"delivered_7d": 4999, "blocks_7d": 13, "reports_7d": 3},
        },
        "campaign": {"initiated_by": "business", "category": "marketing", "use_case": "marketing"},
        "recipient": {"phone": "+34600112233", "opted_out": true, "opt_in": "given"},
    })
}

/// The text of a record with something else at a place, and digests that fit.
fn forged(record: &Record, change: impl FnOnce(&mut Json)) -> Record {
    let mut json: Json = serde_json::from_str(record.to_json()).unwrap();
    change(&mut json);
    for digest in ["decision.digest", "digest"] {
        let record = Record::read(json.to_string().as_bytes()).unwrap();
        let right = verify(&record).into_iter().find(|difference| difference.member == digest);
        if let Some(right) = right {
            let place = format!("/{}", digest.replace('.', "/"));
            *json.pointer_mut(&place).unwrap() = Json::from(right.expected);
        }
    }
    Record::read(json.to_string().as_bytes()).unwrap()
}

#[test]
fn every_example_is_recorded_verified_and_judged_again_to_the_same_bytes() {
    let engine = engine();
    let mask = Mask::new(b"a key for these tests").unwrap();
    for (name, document) in examples() {
        let facts = Facts::from_json(engine.schema(), &document).unwrap();
        let plain = engine.record(&facts, &RecordOptions::new()).unwrap();
        let decision = engine.check(&facts).unwrap();
        let json: Json = serde_json::from_str(plain.to_json()).unwrap();
        assert!(plain.to_json().contains(&decision.to_json()), "{name}");
        assert_eq!(json["decision"]["digest"], decision.digest().to_string());
        let masked = engine.record(&facts, &RecordOptions::new().mask(&mask)).unwrap();
        assert_eq!(masked.verdict(), plain.verdict(), "{name}");
        for record in [plain, masked] {
            assert_eq!(verify(&record), [], "{name}");
            assert_eq!(replay(&record, &engine).unwrap(), Replayed::SameBytes, "{name}");
            let read = Record::read(record.to_json().as_bytes()).unwrap();
            assert_eq!(read, record, "{name}");
        }
    }
}

#[test]
fn records_are_as_their_schema_says() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/record.schema.json");
    let schema: Json = serde_json::from_slice(&bytes(&page)).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let engine = engine();
    let mask = Mask::new(b"a key for these tests").unwrap();
    let file = |name: &str| FileDigest::read(name, name.as_bytes()).unwrap();
    let screened = Screened {
        audience: file("audience.csv"),
        columns: vec![Column { name: "phone".to_owned(), ty: "Utf8".to_owned() }],
        summary: json!({"rows": 1, "verdicts": {"allow": 1, "review": 0, "deny": 0}, "rules": [], "bad_values": [
            {"row": 0, "column": "phone", "attribute": "recipient.phone", "reason": "found `+34 600x`"}
        ]}),
        output: Some(file("cleared.csv")),
        written: None,
        read: Some(json!({"format": "csv"})),
    };
    let of_sale = facts(&engine, &sale());
    let mut campaign = sale();
    campaign.as_object_mut().unwrap().remove("recipient");
    let of_campaign = facts(&engine, &campaign);
    for (facts, options) in [
        (&of_sale, RecordOptions::new()),
        (&of_sale, RecordOptions::new().mask(&mask).explain(ExplainOptions::default())),
        (&of_campaign, RecordOptions::new().screened(&screened)),
        (&of_campaign, RecordOptions::new().screened(&screened).mask(&mask)),
    ] {
        let record = engine.record(facts, &options).unwrap();
        let json: Json = serde_json::from_str(record.to_json()).unwrap();
        let problems: Vec<String> = schema
            .iter_errors(&json)
            .map(|problem| format!("{}: {problem}", problem.instance_path()))
            .collect();
        assert!(problems.is_empty(), "{problems:#?}");
        assert_eq!(verify(&record), []);
        // Of a screening, nothing is said of the rows.
        let expected = match record.is_screening() {
            true => Replayed::CampaignAlone,
            false => Replayed::SameBytes,
        };
        assert_eq!(replay(&record, &engine).unwrap(), expected);
        if record.is_screening() {
            assert_eq!(record.files(), [file("audience.csv"), file("cleared.csv")]);
            let listed = json["screening"]["summary"]["bad_values"].as_array().unwrap();
            assert_eq!(listed.is_empty(), record.mask_key().is_some());
        }
        let mut other = json;
        other["facts"] = Json::Null;
        assert!(!schema.is_valid(&other), "a schema that allows anything proves nothing");
    }
}

#[test]
fn an_explanation_is_judged_again_up_to_its_own_horizon() {
    let engine = engine();
    let until = cleartosend::Timestamp::parse("2026-03-09T22:30:00Z").unwrap();
    let options = RecordOptions::new().explain(ExplainOptions::default().until(until));
    let record = engine.record(&facts(&engine, &sale()), &options).unwrap();
    assert_eq!(verify(&record), []);
    assert_eq!(replay(&record, &engine).unwrap(), Replayed::SameBytes);
    let json: Json = serde_json::from_str(record.to_json()).unwrap();
    assert_eq!(json["explanation"]["timeline"]["until"], "2026-03-09T22:30:00Z");
    assert!(json["explanation"]["decision"].is_null(), "the decision stands in the record once");

    let other = forged(&record, |json| json["explanation"]["more_fixes"] = json!("perhaps"));
    assert_eq!(
        replay(&other, &engine).unwrap(),
        Replayed::SameVerdict { inputs: vec![], texts: vec!["explanation".to_owned()] }
    );
}

#[test]
fn facts_that_are_unknown_though_leaving_them_out_says_absent_stay_unknown() {
    let engine = engine();
    let mut facts = facts(&engine, &sale());
    let opt_in_at = engine.schema().id("recipient.opt_in_at").unwrap();
    facts.set_unknown(opt_in_at);
    let record = engine.record(&facts, &RecordOptions::new()).unwrap();
    assert!(!record.to_json().contains("\"recipient.opt_in_at\":"));
    assert_eq!(replay(&record, &engine).unwrap(), Replayed::SameBytes);
}

#[test]
fn whatever_is_edited_shows() {
    let engine = engine();
    let record = engine.record(&facts(&engine, &sale()), &RecordOptions::new()).unwrap();
    let edited = |place: &str, value: Json| {
        let mut json: Json = serde_json::from_str(record.to_json()).unwrap();
        *json.pointer_mut(place).unwrap_or_else(|| panic!("{place}")) = value;
        let members: Vec<_> = verify(&Record::read(json.to_string().as_bytes()).unwrap())
            .into_iter()
            .map(|difference| difference.member)
            .collect();
        members
    };
    for (place, value, members) in [
        ("/decision/verdict", json!("allow"), &["digest", "decision.verdict"][..]),
        ("/decision/send_at", json!("2026-03-02T12:00:00Z"), &["digest", "decision.send_at"]),
        ("/decision/findings/0/message", json!("nothing"), &["digest"]),
        (
            "/decision/findings/0/verdict",
            json!("note"),
            &["digest", "decision.digest", "decision.verdict"],
        ),
        ("/facts/account.quality", json!("green"), &["digest", "decision.digest"]),
        ("/rests_on/bundled/tzdb", json!("1999a"), &["digest", "decision.digest"]),
        ("/rests_on/packs/0", json!("sha256:0"), &["digest", "decision.digest", "rests_on.packs"]),
        ("/rests_on/directory", json!("x"), &["digest", "decision.digest", "rests_on.directory"]),
        ("/rests_on/engine", json!("9"), &["digest", "decision.digest", "rests_on.engine"]),
        ("/decision/digest", json!("sha256:0"), &["digest", "decision.digest"]),
        ("/digest", json!("sha256:0"), &["digest"]),
    ] {
        assert_eq!(edited(place, value), members, "{place}");
    }
}

#[test]
fn what_changed_is_named() {
    let engine = engine();
    let record = engine.record(&facts(&engine, &sale()), &RecordOptions::new()).unwrap();
    let bare = Engine::built_in().unwrap();
    let Replayed::Changed { inputs, from, to, rules, .. } = replay(&record, &bare).unwrap() else {
        panic!("the law of France and Spain says nothing any more");
    };
    assert_eq!((from.as_str(), to.as_str()), ("deny", "deny"));
    assert_eq!(inputs.len(), 1);
    assert!(inputs[0].starts_with("pack messaging-law: sha256:"), "{inputs:?}");
    assert!(inputs[0].ends_with("then, none now"), "{inputs:?}");
    assert!(rules.iter().all(|change| change.rule.starts_with("messaging-law/")), "{rules:?}");

    let milder = forged(&record, |json| {
        json["decision"]["findings"] = json!([]);
        json["decision"]["verdict"] = json!("allow");
    });
    assert_eq!(verify(&milder), [], "whoever changes a record can recompute its digests");
    let Replayed::Changed { inputs, from, to, rules, .. } = replay(&milder, &engine).unwrap()
    else {
        panic!("a forged verdict was judged the same");
    };
    assert_eq!((from.as_str(), to.as_str(), inputs), ("allow", "deny", vec![]));
    let opted_out = RuleChange {
        rule: "whatsapp/consent.opted-out".to_owned(),
        from: None,
        to: Some("violated, deny".to_owned()),
    };
    assert!(rules.contains(&opted_out), "{rules:?}");

    let reworded =
        forged(&record, |json| json["decision"]["findings"][0]["title"] = json!("Other words"));
    let Replayed::SameVerdict { inputs, texts } = replay(&reworded, &engine).unwrap() else {
        panic!("another title is no other verdict");
    };
    assert_eq!((inputs.len(), texts.len()), (0, 1), "{texts:?}");
}

#[test]
fn of_another_engine_all_but_its_version_is_compared() {
    let engine = engine();
    let record = engine.record(&facts(&engine, &sale()), &RecordOptions::new()).unwrap();
    let older = |change: fn(&mut Json)| {
        forged(&record, |json| {
            json["decision"]["engine"] = json!("0.0.9");
            json["rests_on"]["engine"] = json!("0.0.9");
            change(json);
        })
    };
    assert_eq!(
        replay(&older(|_| {}), &engine).unwrap(),
        Replayed::SameOfOtherEngine { engine: "0.0.9".to_owned() }
    );
    // It did not know an attribute that says absent when it is left out.
    let less = older(|json| {
        json["facts"].as_object_mut().unwrap().remove("recipient.opt_in_at").unwrap();
        json["rests_on"]["bundled"]["schema"] = json!("0.9.0");
    });
    assert_eq!(
        replay(&less, &engine).unwrap(),
        Replayed::SameOfOtherEngine { engine: "0.0.9".to_owned() }
    );
    let Replayed::SameVerdict { inputs, .. } =
        replay(&older(|json| json["decision"]["missing"] = json!(["x"])), &engine).unwrap()
    else {
        panic!("what is missing is compared");
    };
    assert_eq!(inputs.len(), 1, "{inputs:?}");
    assert!(inputs[0].starts_with("engine: 0.0.9 then, "), "{inputs:?}");
}

#[test]
fn what_is_no_record_is_refused_by_name() {
    let engine = engine();
    let record = engine.record(&facts(&engine, &sale()), &RecordOptions::new()).unwrap();
    let text = record.to_json();
    let twice =
        text.replacen("\"verdict\":\"deny\"", "\"verdict\":\"allow\",\"verdict\":\"deny\"", 1);
    for (text, code, says) in [
        ("", "record/not-json", "EOF"),
        ("[]", "record/no-record", "expected an object"),
        ("{}", "record/no-record", "`record`"),
        (r#"{"record": 2}"#, "record/unknown-version", "version 2"),
        (r#"{"record": "1"}"#, "record/unknown-version", "\"1\""),
        (r#"{"record": 1, "fact": {}}"#, "record/unknown-member", "did you mean `facts`?"),
        (r#"{"record": 1, "facts": []}"#, "record/member", "`facts` is not an object"),
        (&twice, "record/not-json", "`verdict` stands here twice"),
        (&"[".repeat(100_000), "record/not-json", "recursion"),
    ] {
        let problem = Record::read(text.as_bytes()).unwrap_err();
        assert_eq!(problem.code(), code, "{text:.60}: {problem}");
        assert!(problem.to_string().contains(says), "{text:.60}: {problem}");
    }
    let unreadable = forged(&record, |json| json["facts"]["account.quality"] = json!("purple"));
    let problem = replay(&unreadable, &engine).unwrap_err();
    assert_eq!(problem.code(), "record/facts");
    assert!(problem.to_string().contains("account.quality"), "{problem}");
}

#[test]
fn nothing_is_left_of_a_person_in_a_masked_record() {
    let engine = engine();
    let mask = Mask::new(b"a key for these tests").unwrap();
    let other = Mask::new(b"another key for these").unwrap();
    let options = RecordOptions::new().explain(ExplainOptions::default()).mask(&mask);
    let mut document = sale();
    let record = engine.record(&facts(&engine, &document), &options).unwrap();
    assert_eq!(verify(&record), []);
    assert_eq!(replay(&record, &engine).unwrap(), Replayed::SameBytes);
    // The number and every part of it that tells the person, also in hexadecimal or Base64.
    for part in ["600112233", "600 11", "0112233", "00112233", "NjAwMTEyMjMz", "112233"] {
        assert!(!record.to_json().contains(part), "{part}");
    }
    let json: Json = serde_json::from_str(record.to_json()).unwrap();
    let hash = json["facts"]["recipient.phone"].as_str().unwrap();
    assert!(hash.starts_with("hmac-sha256:") && hash.len() == 12 + 64, "{hash}");
    assert_eq!(json["masked"]["derived"]["recipient.country"], "ES");
    let plain = engine.check(&facts(&engine, &document)).unwrap();
    let digest = plain.digest().to_string();
    assert!(!record.to_json().contains(&digest), "whoever tries every number finds it by this");
    assert!(json["masked"]["unmasked_digest"].as_str().unwrap().starts_with("hmac-sha256:"));
    assert!(record.is_of_decision(&digest, Some(&mask)));
    assert!(!record.is_of_decision(&digest, Some(&other)));
    assert!(!record.is_of_decision(&digest, None));
    // Records of before have it in plain, and are verified and found as they were.
    let earlier = forged(&record, |json| json["masked"]["unmasked_digest"] = json!(digest));
    assert_eq!(verify(&earlier), []);
    assert!(earlier.is_of_decision(&digest, None));
    assert_eq!(replay(&earlier, &engine).unwrap(), Replayed::SameBytes);

    assert!(record.is_about("+34600112233", Some(&mask)));
    assert!(!record.is_about("+34600112234", Some(&mask)));
    assert!(!record.is_about("+34600112233", Some(&other)));
    assert!(!record.is_about("+34600112233", None));
    assert_eq!(record.mask_key(), Some(mask.name().as_str()));

    document["recipient"] = json!({"user_id": "ES.a1b2c3d4e5", "opted_out": true});
    let record = engine.record(&facts(&engine, &document), &options).unwrap();
    assert!(!record.to_json().contains("a1b2c3"), "{}", record.to_json());
    assert!(record.is_about("ES.a1b2c3d4e5", Some(&mask)));
    assert_eq!(replay(&record, &engine).unwrap(), Replayed::SameBytes);

    document["campaign"]["name"] = json!("for a1b2c3d4e5 alone");
    let problem = engine.record(&facts(&engine, &document), &options).unwrap_err();
    assert_eq!(problem.code(), "record/name-elsewhere");
    assert!(problem.to_string().contains("campaign.name"), "{problem}");
}

#[test]
fn masked_records_are_judged_as_the_plain_ones_wherever_a_number_is_from() {
    let engine = engine();
    let mask = Mask::new(b"a key for these tests").unwrap();
    let phone = engine.schema().id("recipient.phone").unwrap();
    let mut facts = facts(&engine, &sale());
    for number in [
        "+34600112233",
        "+14165550100",
        "+33612345678",
        "+5511987654321",
        "+88210001",
        "+79781234567",
        "+919876543210",
    ] {
        facts.set(phone, Value::string(number)).unwrap();
        for hour in [0, 6, 12, 21] {
            let at = format!("2026-03-02T{hour:02}:30:00Z");
            facts
                .set_path(
                    "send_at",
                    cleartosend::Timestamp::parse(&at).map(Value::Timestamp).unwrap(),
                )
                .unwrap();
            let plain = engine.check(&facts).unwrap();
            let record = engine.record(&facts, &RecordOptions::new().mask(&mask));
            // The register of the state of São Paulo is a matter of the number's own digits.
            if number.starts_with("+551") {
                assert_eq!(record.unwrap_err().code(), "record/rule-reads-name", "{number} {at}");
                continue;
            }
            let record = record.unwrap();
            let masked: Json = serde_json::from_str(record.to_json()).unwrap();
            let plain: Json = serde_json::from_str(&plain.to_json()).unwrap();
            assert_eq!(masked["decision"]["missing"], plain["missing"], "{number} {at}");
            assert_eq!(masked["decision"]["exposure"], plain["exposure"], "{number} {at}");
            assert_eq!(replay(&record, &engine).unwrap(), Replayed::SameBytes, "{number} {at}");
        }
    }
}

/// The members in which a record contradicts itself when it is judged again.
fn contradicts(record: &Record, engine: &Engine) -> Vec<String> {
    match replay(record, engine).unwrap() {
        Replayed::Contradicts { differences } => {
            differences.into_iter().map(|difference| difference.member.into_owned()).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_said_to_follow_from_a_hidden_number_is_held_against_the_other_facts() {
    let engine = Engine::built_in().unwrap();
    let mask = Mask::new(b"a key for these tests").unwrap();
    let mut document = sale();
    document["recipient"]["phone"] = json!("+573001112233");
    document["recipient"]["time_zone"] = json!("America/Bogota");
    let options = RecordOptions::new().mask(&mask);
    let record = engine.record(&facts(&engine, &document), &options).unwrap();
    assert_eq!(replay(&record, &engine).unwrap(), Replayed::SameBytes);
    let derived = |path: &str, value: Json| {
        let record = forged(&record, |json| json["masked"]["derived"][path] = value);
        assert_eq!(verify(&record), [], "its digests fit");
        contradicts(&record, &engine)
    };
    // The zone and the instant settle what the clock shows, whoever it is.
    let path = "recipient.local_hour";
    assert_eq!(derived(path, json!(3)), [format!("masked.derived.{path}")]);
    let path = "recipient.local_hour_max";
    assert_eq!(derived(path, json!(23)), [format!("masked.derived.{path}")]);
    // A number of another country contradicts the zone: its clocks count then, and those of the
    // zone still do.
    let mut elsewhere = document.clone();
    elsewhere["recipient"]["phone"] = json!("+34600112233");
    let elsewhere = engine.record(&facts(&engine, &elsewhere), &options).unwrap();
    assert_eq!(replay(&elsewhere, &engine).unwrap(), Replayed::SameBytes);
    let earlier = forged(&elsewhere, |json| json["masked"]["derived"][path] = json!(3));
    assert_eq!(contradicts(&earlier, &engine), [format!("masked.derived.{path}")]);
    for path in ["access.client_status", "recipient.opted_out", "nothing.of.it"] {
        assert_eq!(derived(path, json!("official")), [format!("masked.derived.{path}")]);
    }
}

#[test]
fn a_hidden_number_that_contradicts_zone_or_country_is_judged_again_to_the_same_bytes() {
    let engine = Engine::built_in().unwrap();
    let mask = Mask::new(b"a key for these tests").unwrap();
    for (number, country, zone) in [
        // A country of several zones, of which the number names one, and a zone elsewhere.
        ("+12125550123", "US", "Europe/London"),
        ("+13105550123", "US", "Europe/Madrid"),
        ("+18085550123", "US", "Asia/Tokyo"),
        ("+14165550100", "CA", "Asia/Tokyo"),
        ("+5215512345678", "MX", "Asia/Tokyo"),
        ("+61212345678", "AU", "Asia/Tokyo"),
        ("+34928123456", "ES", "Asia/Tokyo"),
        // A zone of the number's own country, and another country that is given.
        ("+447911123456", "US", "Europe/London"),
        ("+34600112233", "BR", "Europe/Madrid"),
    ] {
        for at in ["2026-03-02T03:30:00Z", "2026-03-02T15:00:00Z", "2026-07-02T23:10:00Z"] {
            let mut document = sale();
            document["send_at"] = json!(at);
            document["recipient"]["phone"] = json!(number);
            document["recipient"]["country"] = json!(country);
            document["recipient"]["time_zone"] = json!(zone);
            let facts = facts(&engine, &document);
            let record = engine.record(&facts, &RecordOptions::new().mask(&mask)).unwrap();
            assert_eq!(verify(&record), [], "{number} {zone} {at}");
            let replayed = replay(&record, &engine).unwrap();
            assert_eq!(replayed, Replayed::SameBytes, "{number} {zone} {at}");
        }
    }
}

#[test]
fn digests_that_do_not_fit_are_no_same_bytes() {
    let engine = engine();
    let record = engine.record(&facts(&engine, &sale()), &RecordOptions::new()).unwrap();
    for (place, value) in [
        ("/digest", json!(format!("sha256:{}", "1".repeat(64)))),
        ("/rests_on/bundled/tzdb", json!("1999a")),
        ("/rests_on/engine", json!("9.9.9")),
    ] {
        let mut json: Json = serde_json::from_str(record.to_json()).unwrap();
        *json.pointer_mut(place).unwrap() = value;
        let record = Record::read(json.to_string().as_bytes()).unwrap();
        assert!(contradicts(&record, &engine).contains(&"digest".to_owned()), "{place}");
    }
}

#[test]
fn masks_and_screenings_have_their_form() {
    let engine = engine();
    let mask = Mask::new(b"a key for these tests").unwrap();
    let members = |record: &Record, change: fn(&mut Json)| {
        let differences = verify(&forged(record, change)).into_iter();
        differences.map(|difference| difference.member.into_owned()).collect::<Vec<_>>()
    };
    let of_sale = facts(&engine, &sale());
    let masked = engine.record(&of_sale, &RecordOptions::new().mask(&mask)).unwrap();
    let phone = "facts.recipient.phone";
    assert_eq!(members(&masked, |json| json["masked"] = Json::Null), [phone]);
    let plain = |json: &mut Json| json["facts"]["recipient.phone"] = json!("+34600112233");
    assert_eq!(members(&masked, plain), [phone]);
    assert_eq!(members(&masked, |json| json["masked"]["key"] = json!("mine")), ["masked.key"]);

    let mut campaign = sale();
    campaign.as_object_mut().unwrap().remove("recipient");
    let screened = Screened {
        audience: FileDigest::read("audience.csv", &b"phone"[..]).unwrap(),
        columns: vec![],
        summary: json!({
            "rows": 3, "verdicts": {"allow": 2, "review": 0, "deny": 1}, "missing": [],
            "rules": [{"pack": "p", "rule": "r", "verdict": "deny", "rows": 1, "alone": 1}],
            "countries": [],
        }),
        output: None,
        written: None,
        read: None,
    };
    let options = RecordOptions::new().screened(&screened);
    let record = engine.record(&facts(&engine, &campaign), &options).unwrap();
    assert_eq!(verify(&record), []);
    let summary = |change: fn(&mut Json)| members(&record, change);
    let rows = |json: &mut Json| json["screening"]["summary"]["rows"] = json!("many");
    assert_eq!(summary(rows), ["screening.summary.rows"]);
    let more = |json: &mut Json| json["screening"]["summary"]["rows"] = json!(4);
    assert_eq!(summary(more), ["screening.summary.verdicts"]);
    let no_rules = |json: &mut Json| json["screening"]["summary"]["rules"] = json!([]);
    assert_eq!(summary(no_rules), ["screening.summary.rules"]);
    let too_many = |json: &mut Json| json["screening"]["summary"]["rules"][0]["rows"] = json!(9);
    assert_eq!(summary(too_many), ["screening.summary.rules.0.rows"]);
    let read = |json: &mut Json| json["screening"]["read"] = json!("csv");
    assert_eq!(summary(read), ["screening.read"]);
}

#[test]
fn rows_that_come_out_otherwise_are_named_by_what_is_counted() {
    let engine = engine();
    let mut campaign = sale();
    campaign.as_object_mut().unwrap().remove("recipient");
    let of = json!({
        "rows": 3, "verdicts": {"allow": 2, "review": 0, "deny": 1}, "bad_rows": 0,
        "rules": [
            {"pack": "p", "rule": "r", "status": "violated", "verdict": "deny", "rows": 1, "alone": 1},
        ],
        "missing": [{"path": "recipient.opt_in", "rows": 2}],
        "countries": [{"country": "ES", "rows": 3, "verdicts": {"allow": 2, "review": 0, "deny": 1}}],
    });
    let screened = Screened {
        audience: FileDigest::read("audience.csv", &b"phone"[..]).unwrap(),
        columns: vec![],
        summary: of.clone(),
        output: None,
        written: None,
        read: None,
    };
    let options = RecordOptions::new().screened(&screened);
    let record = engine.record(&facts(&engine, &campaign), &options).unwrap();
    assert_eq!(compare_rows(&record, &of), []);
    let alone = replay(&record, &engine).unwrap();
    assert_eq!(alone, Replayed::CampaignAlone);
    assert_eq!(alone.clone().with_rows(&record, vec![]), Replayed::SameRows);
    let mut now = of;
    now["verdicts"] = json!({"allow": 1, "review": 1, "deny": 1});
    now["missing"] =
        json!([{"path": "recipient.opt_in", "rows": 2}, {"path": "recipient.phone", "rows": 1}]);
    now["countries"][0]["verdicts"] = json!({"allow": 1, "review": 1, "deny": 1});
    now["rules"] = json!([]);
    let found = compare_rows(&record, &now);
    let listed: Vec<(&str, u64, u64)> =
        found.iter().map(|of| (&*of.what, of.from, of.to)).collect();
    assert_eq!(
        listed,
        [
            ("allow", 2, 1),
            ("review", 0, 1),
            ("p/r (violated, deny)", 1, 0),
            ("p/r (violated, deny) alone", 1, 0),
            ("missing recipient.phone", 0, 1),
            ("country ES: allow", 2, 1),
            ("country ES: review", 0, 1),
        ]
    );
    let Replayed::Changed { rows, rules, .. } = alone.with_rows(&record, found.clone()) else {
        panic!("it is judged otherwise");
    };
    assert_eq!((rows, rules), (found, vec![]));
    let with_recipient = engine.record(&facts(&engine, &sale()), &RecordOptions::new()).unwrap();
    assert_eq!(campaign_of(&with_recipient, &engine).unwrap_err().code(), "record/member");
    assert!(campaign_of(&record, &engine).is_ok());
}
