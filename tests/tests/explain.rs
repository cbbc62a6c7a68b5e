//! The judges of explanations.
//!
//! On small random packs every set of changes is tried and every instant is asked: the fixes are
//! exactly the smallest sets, and the timeline is exact. On the built-in packs each fix is applied,
//! each part of it is shown not to suffice, and each interval is asked at its ends and inside.
//!
//! `CTS_TIMES=n` takes *n* times as many cases; `CTS_SEED` chooses others.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a judge that cannot go on should stop the test"
)]

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cleartosend::pack::{Pack, PackFile};
use cleartosend::schema::Origin;
use cleartosend::schema::levers::KINDS;
use cleartosend::{Duration, Engine, ExplainOptions, Facts, Schema, Status, Timestamp, Verdict};
use cleartosend_tests::generate::{Generator, seed};
use cleartosend_tests::oracle::harness::times;
use fastrand::Rng;
use serde_json::{Value as Json, json};

/// What is said of one case: the verdict, and the ids of the rules that are as bad.
type Said = (Verdict, Vec<String>);

fn said(engine: &Engine, document: &Json, at: Option<Timestamp>) -> Option<Said> {
    let text = document.to_string();
    let facts = match at {
        Some(at) => Facts::from_json_at(engine.schema(), text.as_bytes(), at).ok()?,
        None => Facts::from_json(engine.schema(), text.as_bytes()).ok()?,
    };
    let judgement = engine.judge(&facts).unwrap();
    let verdict = judgement.verdict();
    let mut rules: Vec<String> = Vec::new();
    if verdict > Verdict::Allow {
        for rule in judgement.rules().filter(|rule| rule.verdict.effect() == verdict) {
            if !rules.contains(&rule.rule.to_owned()) {
                rules.push(rule.rule.to_owned());
            }
        }
    }
    Some((verdict, rules))
}

fn verdict(engine: &Engine, document: &Json) -> Verdict {
    said(engine, document, None).unwrap_or_else(|| panic!("refused: {document}")).0
}

fn explained(engine: &Engine, document: &Json, options: &ExplainOptions) -> Json {
    let facts = Facts::from_json(engine.schema(), document.to_string().as_bytes()).unwrap();
    let explanation = engine.explain(&facts, options).unwrap();
    serde_json::from_str(&explanation.to_json()).unwrap()
}

fn verdict_named(name: &Json) -> Verdict {
    Verdict::from_name(name.as_str().unwrap()).unwrap()
}

/// One change made: the path, and what is put there.
type Made = (String, Json);

/// Every way to make a change as it is told, but for the inside of long ranges.
fn ways(document: &Json, change: &Json) -> Vec<Json> {
    let now = at_path(document, change["path"].as_str().unwrap());
    match &change["to"] {
        Json::Object(range) if range.contains_key("min") || range.contains_key("max") => {
            let number = |end: &Json| end.as_i64();
            let least = number(&range["min"]).unwrap_or(0);
            let most = number(&range["max"])
                .unwrap_or_else(|| now.and_then(Json::as_i64).unwrap_or(0) + 1_000_000);
            match most - least {
                0..=32 => (least..=most).map(Json::from).collect(),
                _ => vec![json!(least), json!((least + most) / 2), json!(most)],
            }
        }
        Json::Array(objects) if objects.first().is_some_and(Json::is_object) => objects
            .iter()
            .flat_map(|object| ways(document, &json!({"path": change["path"], "to": object})))
            .collect(),
        Json::Object(members) => {
            let mut found = vec![json!({})];
            for (name, values) in members {
                let values = match values {
                    Json::Array(values) => values.clone(),
                    value => vec![value.clone()],
                };
                found = found
                    .into_iter()
                    .flat_map(|before| {
                        values.iter().map(move |value| {
                            let mut with = before.clone();
                            with[name] = value.clone();
                            with
                        })
                    })
                    .collect();
            }
            found
        }
        Json::Array(values) if !now.is_some_and(Json::is_array) => values.clone(),
        value => vec![value.clone()],
    }
}

/// All combinations.
fn all_ways(document: &Json, changes: &[&Json]) -> Vec<Vec<Made>> {
    let mut found: Vec<Vec<Made>> = vec![Vec::new()];
    for change in changes {
        let path = change["path"].as_str().unwrap();
        found = found
            .into_iter()
            .flat_map(|before| {
                ways(document, change).into_iter().map(move |way| {
                    let mut with = before.clone();
                    with.push((path.to_owned(), way));
                    with
                })
            })
            .collect();
    }
    found
}

fn at_path<'j>(document: &'j Json, path: &str) -> Option<&'j Json> {
    path.split('.').try_fold(document, |here, name| here.get(name))
}

/// The document with changes made.
fn made(document: &Json, changes: &[Made]) -> Json {
    let mut document = document.clone();
    let mut removed: Vec<(String, usize)> = Vec::new();
    for (path, to) in changes {
        if *to == json!("removed") {
            match path.split_once('[') {
                Some((list, place)) => {
                    removed.push((list.to_owned(), place.trim_end_matches(']').parse().unwrap()));
                }
                None => drop(document.as_object_mut().unwrap().remove(path)),
            }
            continue;
        }
        let place = path.split('.').fold(&mut document, |here, name| &mut here[name]);
        match to {
            Json::Object(members) => {
                members.iter().for_each(|(name, value)| place[name] = value.clone());
            }
            value => *place = value.clone(),
        }
    }
    removed.sort();
    for (list, place) in removed.iter().rev() {
        let list = list.split('.').fold(&mut document, |here, name| &mut here[name]);
        list.as_array_mut().unwrap().remove(*place);
    }
    document
}

// Small packs, all changes.

/// What the judge may change in a document, and into what: by itself, not by the engine's word.
fn levers(document: &Json) -> BTreeMap<String, Vec<Json>> {
    let mut found: BTreeMap<String, Vec<Json>> = BTreeMap::new();
    let mut lever = |path: &str, values: &[Json]| {
        let Some(now) = at_path(document, path).filter(|now| !now.is_null()) else { return };
        let values: Vec<Json> = values.iter().filter(|value| *value != now).cloned().collect();
        if !values.is_empty() {
            found.insert(path.to_owned(), values);
        }
    };
    lever("campaign.offers_opt_out", &[json!(true)]);
    lever("campaign.human_handoff", &[json!(true)]);
    lever("campaign.commerce", &[json!(false)]);
    lever("account.quality", &[json!("green")]);
    lever("account.verification", &[json!("verified")]);
    lever("campaign.template.status", &[json!("approved")]);
    lever("access.route", &[json!("cloud_api"), json!("on_premises_api")]);
    lever("campaign.content", &[json!("template"), json!("free_form"), json!("direct_send")]);
    let counts =
        ["campaign.audience_size", "account.feedback.blocks_7d", "account.feedback.reports_7d"];
    for path in counts {
        let Some(count) = at_path(document, path).and_then(Json::as_i64) else { continue };
        let smaller: Vec<Json> = (0..count).map(Json::from).collect();
        if !smaller.is_empty() {
            found.insert(path.to_owned(), smaller);
        }
    }
    let (category, use_case) =
        (at_path(document, "campaign.category"), at_path(document, "campaign.use_case"));
    let mut kinds: Vec<Json> = Vec::new();
    for (to_category, use_cases) in KINDS {
        for to_use_case in *use_cases {
            let mut kind = json!({});
            if category.is_some() {
                kind["category"] = json!(to_category);
            }
            if use_case.is_some() {
                kind["use_case"] = json!(to_use_case);
            }
            // Who has the wrong category for a use case may correct the category alone.
            let is_wrong = category.is_some()
                && use_case.is_some()
                && KINDS.iter().all(|(known, use_cases)| {
                    category != Some(&json!(known))
                        || use_cases.iter().all(|one| use_case != Some(&json!(one)))
                });
            let is_another = category != Some(&json!(to_category))
                && (use_case != Some(&json!(to_use_case)) || is_wrong);
            if is_another && !kinds.contains(&kind) && kind != json!({}) {
                kinds.push(kind);
            }
        }
    }
    if !kinds.is_empty() {
        found.insert("campaign".to_owned(), kinds);
    }
    if document.get("recipient").is_some() {
        found.insert("recipient".to_owned(), vec![json!("removed")]);
    }
    found
}

const ATOMS: [(&str, &[&str]); 14] = [
    ("account.feedback.blocks_7d", &["account.feedback_conflict"]),
    ("account.feedback.reports_7d", &["account.feedback_conflict"]),
    ("campaign.offers_opt_out", &["campaign.offers_opt_out", "!campaign.offers_opt_out"]),
    ("campaign.human_handoff", &["campaign.human_handoff"]),
    ("campaign.commerce", &["(has(campaign.commerce) && campaign.commerce)"]),
    (
        "account.quality",
        &["account.quality == \"red\"", "account.quality in [\"green\", \"yellow\"]"],
    ),
    ("account.verification", &["account.verification != \"verified\""]),
    ("campaign.template.status", &["campaign.template.status == \"approved\""]),
    ("access.route", &["access.route == \"cloud_api\"", "access.route == \"business_app\""]),
    (
        "campaign.content",
        &["campaign.content == \"template\"", "campaign.content == \"free_form\""],
    ),
    (
        "campaign.audience_size",
        &[
            "campaign.audience_size > 3",
            "campaign.audience_size == 2",
            "campaign.audience_size + 1 < 5",
            "campaign.audience_outside_window >= 1",
        ],
    ),
    (
        "campaign.category",
        &["campaign.category == \"marketing\"", "campaign.category == \"utility\""],
    ),
    (
        "campaign.use_case",
        &["campaign.use_case in [\"marketing\", \"surveys\"]", "campaign.use_case == \"payments\""],
    ),
    ("recipient.opted_out", &["recipient.opted_out", "!recipient.opted_out"]),
];

fn value_of(random: &mut Rng, path: &str) -> Json {
    let mut pick = |values: &[Json]| values[random.usize(..values.len())].clone();
    match path {
        "account.quality" => pick(&[json!("red"), json!("yellow"), json!("green")]),
        "account.verification" => pick(&[json!("pending"), json!("verified")]),
        "campaign.template.status" => pick(&[json!("paused"), json!("approved")]),
        "access.route" => pick(&[json!("cloud_api"), json!("business_app"), json!("unofficial")]),
        "campaign.content" => pick(&[json!("template"), json!("free_form")]),
        "account.feedback.blocks_7d" | "account.feedback.reports_7d" => pick(&[json!(0), json!(2)]),
        "campaign.audience_size" => pick(&[json!(0), json!(2), json!(5), json!(6)]),
        "campaign.category" => pick(&[json!("marketing"), json!("utility"), json!("service")]),
        "campaign.use_case" => {
            pick(&[json!("marketing"), json!("payments"), json!("customer_care")])
        }
        _ => pick(&[json!(true), json!(false)]),
    }
}

fn condition(random: &mut Rng, atoms: &[&str], size: usize) -> String {
    if size <= 1 {
        return atoms[random.usize(..atoms.len())].to_owned();
    }
    let left = condition(random, atoms, size / 2);
    let right = condition(random, atoms, size - size / 2);
    match random.u8(..5) {
        0 => format!("!({left}) && ({right})"),
        1 | 2 => format!("({left}) && ({right})"),
        _ => format!("({left}) || ({right})"),
    }
}

fn small_engine(rules: &[(String, &str)], sets: &str) -> Option<Engine> {
    let mut toml = String::new();
    for (number, (condition, verdict)) in rules.iter().enumerate() {
        toml.push_str(&format!(
            "[[rule]]\nid = 'limits.r{number}'\ntopic = 'limits'\ntitle = 't'\n\
             forbids = '''{condition}'''\nverdict = '{verdict}'\nfrom = 2018-08-01\n\
             source = {{ id = 's' }}\nmessage = 'm'\nadvice = 'a'\nexposure = []\n\n"
        ));
    }
    let manifest = "name = 'small'\nversion = '1.0.0'\nrequires = '>=1.0, <2'\ntitle = 't'\n\
                    published = 2026-01-01\n\n[sources.s]\ntitle = 't'\n\
                    url = 'https://example.com'\nretrieved = 2026-01-01\nconfidence = 'official'\n";
    let file = |path: &str, text: &str| PackFile {
        path: path.to_owned(),
        bytes: Cow::Owned(text.as_bytes().to_vec()),
    };
    let mut files = vec![file("pack.toml", manifest), file("rules/limits.toml", &toml)];
    if !sets.is_empty() {
        files.push(file("sets.toml", sets));
    }
    // Refused where an atom stands in a place in which its absence is not guarded, say.
    let pack = Pack::load(&files, &Schema::built_in()).ok()?;
    Some(Engine::builder().without_built_in().add(pack).build().unwrap())
}

fn put(document: &mut Json, path: &str, value: Json) {
    *path.split('.').fold(document, |here, name| {
        if here.is_null() {
            *here = json!({});
        }
        &mut here[name]
    }) = value;
}

#[test]
fn the_fixes_are_exactly_the_smallest_sets_of_changes() {
    let mut random = Rng::with_seed(seed(16));
    let (mut cases, mut exact, mut with_several, mut to_review) = (0, 0, 0, 0);
    while cases < 150 * times() {
        let mut about: Vec<usize> = (0..ATOMS.len()).collect();
        random.shuffle(&mut about);
        about.truncate(random.usize(2..6));
        let atoms: Vec<&str> =
            about.iter().flat_map(|place| ATOMS[*place].1.iter().copied()).collect();
        let rules: Vec<(String, &str)> = (0..random.usize(1..6))
            .map(|_| {
                let size = random.usize(1..5);
                let verdict = if random.bool() { "deny" } else { "review" };
                (condition(&mut random, &atoms, size), verdict)
            })
            .collect();
        let Some(engine) = small_engine(&rules, "") else { continue };
        let mut document = json!({
            "send_at": "2026-03-02T15:00:00Z",
            "account": {"feedback": {"delivered_7d": 0}},
        });
        for place in &about {
            let path = ATOMS[*place].0;
            put(&mut document, path, value_of(&mut random, path));
        }
        if random.u8(..3) == 0 {
            put(&mut document, "recipient.phone", json!("+34600000000"));
        }
        let start = verdict(&engine, &document);
        if start == Verdict::Allow {
            continue;
        }
        cases += 1;
        let options = ExplainOptions::default().fixes_max(10_000).without_timeline();
        let explanation = explained(&engine, &document, &options);
        let reported = given_sets(&document, &explanation);
        let (target, expected) = smallest_sets(&engine, &document, start);
        let shown = format!("{rules:#?}\n{document}\n{explanation:#}");
        if explanation["more_fixes"] == json!(true) {
            // The tree was cut: what is told is right all the same.
            for (set, works) in &reported {
                assert!(expected.get(set).is_some_and(|known| works.is_subset(known)), "{shown}");
            }
            continue;
        }
        assert_eq!(reported, expected, "{shown}");
        exact += 1;
        with_several += usize::from(reported.keys().any(|set| set.len() > 1));
        to_review += usize::from(target == Verdict::Review && !reported.is_empty());
        for fix in explanation["fixes"].as_array().unwrap() {
            assert_eq!(verdict_named(&fix["leads_to"]), target, "{shown}");
        }
    }
    assert!(exact * 10 > cases * 9, "{exact} of {cases} were exact");
    assert!(with_several > 10 && to_review > 5, "{with_several} {to_review}");
}

/// For each set of paths, the ways that the explanation tells.
type Sets = BTreeMap<BTreeSet<String>, BTreeSet<Vec<String>>>;

fn given_sets(document: &Json, explanation: &Json) -> Sets {
    let mut sets = Sets::new();
    for fix in explanation["fixes"].as_array().unwrap() {
        let changes: Vec<&Json> = fix["changes"].as_array().unwrap().iter().collect();
        for way in all_ways(document, &changes) {
            let paths = way.iter().map(|(path, _)| path.clone()).collect();
            let key = way.iter().map(|(path, to)| format!("{path}={to}")).collect();
            sets.entry(paths).or_default().insert(key);
        }
    }
    sets
}

/// By trying all: the verdict that can be reached, and for each smallest set of paths the ways that
/// reach it.
fn smallest_sets(engine: &Engine, document: &Json, start: Verdict) -> (Verdict, Sets) {
    let levers = levers(document);
    let mut ways: Vec<Vec<Made>> = vec![Vec::new()];
    for (path, values) in &levers {
        let mut with: Vec<Vec<Made>> = Vec::new();
        for before in &ways {
            with.push(before.clone());
            with.extend(values.iter().map(|value| {
                let mut more = before.clone();
                more.push((path.clone(), value.clone()));
                more
            }));
        }
        ways = with;
    }
    let judged: Vec<(Vec<Made>, Verdict)> = ways
        .into_iter()
        .map(|way| {
            let verdict = verdict(engine, &made(document, &way));
            (way, verdict)
        })
        .collect();
    for target in [Verdict::Allow, Verdict::Review] {
        if target >= start {
            break;
        }
        let mut sets = Sets::new();
        for (way, _) in judged.iter().filter(|(_, verdict)| *verdict == target) {
            let paths: BTreeSet<String> = way.iter().map(|(path, _)| path.clone()).collect();
            let key = way.iter().map(|(path, to)| format!("{path}={to}")).collect();
            sets.entry(paths).or_default().insert(key);
        }
        let all: Vec<BTreeSet<String>> = sets.keys().cloned().collect();
        sets.retain(|set, _| !all.iter().any(|other| other != set && other.is_subset(set)));
        if !sets.is_empty() {
            return (target, sets);
        }
    }
    (start, Sets::new())
}

// Small packs, all instants.

const DATED: [&str; 30] = [
    "send_at < timestamp(\"2026-03-28T12:00:00Z\")",
    "send_at > timestamp(\"2026-03-29T02:30:00.5Z\")",
    "send_at - recipient.last_deal_at > duration(\"36h\")",
    "send_at - recipient.last_deal_at <= duration(\"12h30m\")",
    "recipient.last_deal_at > send_at",
    "recipient.in_service_window",
    "recipient.local_hour < 9",
    "recipient.local_hour_min < 8",
    "recipient.local_hour_max > 20",
    "recipient.local_minute_of_day_min < 8 * 60 + 30",
    "recipient.local_minute_of_day_max >= 1233",
    "recipient.local_minute_of_day_min % 60 == 45",
    "recipient.local_weekday == 0",
    "recipient.local_date == 20260329",
    "recipient.marketing_today",
    "has(recipient.local_days_since_last_inbound_min) && \
     recipient.local_days_since_last_inbound_min >= 2",
    "has(recipient.local_days_since_last_deal_max) && \
     recipient.local_days_since_last_deal_max > 1",
    "has(recipient.local_days_since_last_deal_min) && \
     recipient.local_days_since_last_deal_min == 0",
    "has(recipient.local_days_since_last_deal_min) && \
     has(recipient.local_days_since_last_deal_max) && \
     recipient.local_days_since_last_deal_max - recipient.local_days_since_last_deal_min == 1",
    "recipient.time_zone_conflict",
    "account.restricted_all",
    "account.restricted_business_initiated",
    "account.violations_90d > 1",
    "account.violations_recent > 0",
    "account.violations_misdated",
    "send_at.getHours(\"Europe/Madrid\") < 8",
    "send_at.getHours(\"+05:30\") < 8",
    "send_at.getMinutes() < 30",
    "send_at.getDayOfWeek(\"Asia/Kathmandu\") == 1 && recipient.in_service_window",
    "recipient.country in sets.dated",
];

const DATED_SET: &str = "[[set]]\nid = 'dated'\ntitle = 't'\nsource = { id = 's' }\n\
                         [[set.entry]]\nvalues = [\"ES\"]\nfrom = 2026-03-28T00:00:01Z\n\
                         until = 2026-03-29T07:00:00.25Z\n[[set.entry]]\nvalues = [\"US\"]\n";

fn instant(random: &mut Rng) -> String {
    let seconds = 1_774_656_000 + random.i64(-4 * 86_400..4 * 86_400);
    let nanos = [0, 0, 0, 500_000_000, 1][random.usize(..5)];
    Timestamp::new(seconds, nanos).unwrap().to_string()
}

fn dated_document(random: &mut Rng) -> Json {
    let mut document = json!({
        "send_at": instant(random),
        "recipient": {"phone": "+34600000000", "last_inbound_at": null, "last_deal_at": null},
        "account": {"restrictions": [], "violations": []},
    });
    let mut pick = |values: &[&str]| values[random.usize(..values.len())].to_owned();
    let phone = pick(&["+34600000000", "+12125550123", "+61412345678", "+5511987654321"]);
    let zone = pick(&["", "Europe/Madrid", "America/New_York", "Asia/Kathmandu"]);
    document["recipient"]["phone"] = json!(phone);
    if !zone.is_empty() {
        document["recipient"]["time_zone"] = json!(zone);
    }
    for member in ["last_inbound_at", "last_deal_at", "last_marketing_at"] {
        if random.u8(..4) > 0 {
            document["recipient"][member] = json!(instant(random));
        }
    }
    document["recipient"]["marketing_received_24h"] = json!(random.u8(..2));
    for _ in 0..random.usize(..3) {
        let kind = ["business_initiated", "all_messaging"][random.usize(..2)];
        let mut ends = [instant(random), instant(random)];
        ends.sort();
        if ends[0] < ends[1] {
            let entry = json!({"kind": kind, "since": ends[0], "until": ends[1]});
            document["account"]["restrictions"].as_array_mut().unwrap().push(entry);
        }
    }
    for _ in 0..random.usize(..3) {
        let back = [0, 7, 30, 90][random.usize(..4)] * 86_400;
        let at = Timestamp::parse(&instant(random)).unwrap();
        let at = at.checked_sub(Duration::from_seconds(back).unwrap()).unwrap();
        let entry = json!({"kind": "spam", "at": at.to_string()});
        document["account"]["violations"].as_array_mut().unwrap().push(entry);
    }
    document
}

#[test]
fn the_timeline_is_exact_at_every_instant() {
    let mut random = Rng::with_seed(seed(17));
    let (mut cases, mut intervals) = (0, 0);
    while cases < 15 * times() {
        let rules: Vec<(String, &str)> = (0..random.usize(1..6))
            .map(|_| {
                let size = random.usize(1..3);
                let verdict = if random.bool() { "deny" } else { "review" };
                (condition(&mut random, &DATED, size), verdict)
            })
            .map(|(source, verdict)| {
                let guard = "has(recipient.last_deal_at)";
                match source.contains("last_deal_at") {
                    true => (format!("{guard} && ({source})"), verdict),
                    false => (source, verdict),
                }
            })
            .collect();
        let Some(engine) = small_engine(&rules, DATED_SET) else { continue };
        let document = dated_document(&mut random);
        let Some(_) = said(&engine, &document, None) else { continue };
        cases += 1;
        let from = Timestamp::parse(document["send_at"].as_str().unwrap()).unwrap();
        let until = from.checked_add(Duration::from_seconds(2 * 86_400).unwrap()).unwrap();
        let explanation = explained(&engine, &document, &ExplainOptions::default().until(until));
        let shown = format!("{rules:#?}\n{document}\n{:#}", explanation["timeline"]);
        intervals += hold(&engine, &document, &explanation, &shown, &mut random, 200);
        // Every minute, and the seconds around it.
        let mut at = from.seconds() - from.seconds().rem_euclid(60) + 60;
        while at + 1 < until.seconds() {
            for second in [at - 1, at] {
                let instant = Timestamp::new(second, 0).unwrap();
                if instant > from {
                    ask(&engine, &document, &explanation, instant, &shown);
                }
            }
            at += 60;
        }
        for at in ["2026-03-29T02:30:00Z", "2026-03-29T07:00:00Z", "2026-03-28T12:00:00Z"] {
            let at = Timestamp::parse(at).unwrap().seconds();
            for second in at - 1..=at + 1 {
                let instant = Timestamp::new(second, 0).unwrap();
                if from < instant && instant < until {
                    ask(&engine, &document, &explanation, instant, &shown);
                }
            }
        }
    }
    assert!(intervals > cases * 3, "{intervals} intervals of {cases} cases");
}

/// Each interval holds at its ends and inside, and neighbours differ; how many there are.
fn hold(
    engine: &Engine,
    document: &Json,
    explanation: &Json,
    shown: &str,
    random: &mut Rng,
    probes: usize,
) -> usize {
    let timeline = &explanation["timeline"];
    let intervals = timeline["intervals"].as_array().unwrap();
    let instant = |json: &Json| Timestamp::parse(json.as_str().unwrap()).unwrap();
    assert_eq!(intervals[0]["from"], document["send_at"], "{shown}");
    assert_eq!(intervals[intervals.len() - 1]["until"], timeline["until"], "{shown}");
    for pair in intervals.windows(2) {
        assert_eq!(pair[0]["until"], pair[1]["from"], "{shown}");
        assert!(
            pair[0]["verdict"] != pair[1]["verdict"] || pair[0]["rules"] != pair[1]["rules"],
            "{shown}"
        );
    }
    for interval in intervals {
        let (from, until) = (instant(&interval["from"]), instant(&interval["until"]));
        ask(engine, document, explanation, from, shown);
        let inside =
            [from.seconds() + 1, until.seconds() - 1, (from.seconds() + until.seconds()) / 2];
        for second in inside {
            let at = Timestamp::new(second, 0).unwrap();
            if from < at && at < until {
                ask(engine, document, explanation, at, shown);
            }
        }
    }
    let (from, until) =
        (instant(&timeline["from"]).seconds(), instant(&timeline["until"]).seconds());
    for _ in 0..probes {
        let at = Timestamp::new(random.i64(from + 1..until), 0).unwrap();
        ask(engine, document, explanation, at, shown);
    }
    let clear = intervals.iter().find(|known| known["verdict"] == json!("allow"));
    assert_eq!(explanation["clear_from"], clear.map_or(Json::Null, |known| known["from"].clone()));
    let end = clear.map(|known| known["until"].clone()).filter(|end| *end != timeline["until"]);
    assert_eq!(explanation["clear_until"], end.unwrap_or(Json::Null));
    intervals.len()
}

fn ask(engine: &Engine, document: &Json, explanation: &Json, at: Timestamp, shown: &str) {
    let instant = |json: &Json| Timestamp::parse(json.as_str().unwrap()).unwrap();
    let intervals = explanation["timeline"]["intervals"].as_array().unwrap();
    let place = intervals.partition_point(|known| instant(&known["from"]) <= at) - 1;
    let interval = &intervals[place];
    let (verdict, rules) = said(engine, document, Some(at)).unwrap();
    assert_eq!(verdict.name(), interval["verdict"], "at {at}\n{shown}");
    assert_eq!(json!(rules), interval["rules"], "at {at}\n{shown}");
}

// The built-in packs.

fn examples() -> Vec<Json> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    found.sort();
    found
        .iter()
        .map(|path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
        .collect()
}

/// An example with a few members given another value, or none.
fn varied(random: &mut Rng, generator: &mut Generator, examples: &[Json]) -> Json {
    let schema = Schema::built_in();
    let given: Vec<_> =
        schema.iter().filter(|(_, attribute)| attribute.origin != Origin::Derived).collect();
    let mut document = examples[random.usize(..examples.len())].clone();
    for _ in 0..random.usize(..6) {
        let (_, attribute) = given[random.usize(..given.len())];
        let path = &*attribute.path;
        if path == "send_at" || path == "access.clients" || path == "account.number" {
            continue;
        }
        if path.starts_with("recipient.") && document.get("recipient").is_none() {
            continue;
        }
        let value = match random.u8(..8) {
            0 => Json::Null,
            _ => as_json(&generator.value(attribute)),
        };
        put(&mut document, path, value);
    }
    document
}

fn as_json(value: &cleartosend::Value) -> Json {
    use cleartosend::Value;
    match value {
        Value::Bool(value) => json!(value),
        Value::Int(i64::MAX) => json!("unlimited"),
        Value::Int(value) => json!(value),
        Value::Double(value) => json!(value),
        Value::String(text) => json!(**text),
        Value::Timestamp(at) => json!(at.to_string()),
        Value::Duration(span) => json!(span.to_string()),
        Value::List(items) => items.iter().map(as_json).collect(),
    }
}

#[test]
fn on_the_built_in_packs_fixes_work_parts_do_not_and_intervals_hold() {
    let whatsapp = Engine::built_in().unwrap();
    let both = Engine::builder().built_in_pack("messaging-law").build().unwrap();
    let examples = examples();
    let mut random = Rng::with_seed(seed(18));
    let mut generator = Generator::new(random.u64(..), Schema::built_in(), &[]);
    let (mut cases, mut fixes, mut parts, mut intervals, mut alone) = (0, 0, 0, 0, 0);
    while cases < 30 * times() {
        let document = varied(&mut random, &mut generator, &examples);
        let engine = if random.bool() { &whatsapp } else { &both };
        // A value that the form refuses, or two that contradict each other.
        let Some((start, _)) = said(engine, &document, None) else { continue };
        cases += 1;
        let explanation = explained(engine, &document, &ExplainOptions::default());
        let shown = format!("{document}\n{:#}", explanation["fixes"]);
        for fix in explanation["fixes"].as_array().unwrap() {
            fixes += 1;
            let target = verdict_named(&fix["leads_to"]);
            assert!(target < start, "{shown}");
            let changes: Vec<&Json> = fix["changes"].as_array().unwrap().iter().collect();
            for way in some(&all_ways(&document, &changes)) {
                assert_eq!(verdict(engine, &made(&document, &way)), target, "{way:?}\n{shown}");
                for left_out in 0..way.len() {
                    let mut part = way.clone();
                    part.remove(left_out);
                    parts += 1;
                    let reached = verdict(engine, &made(&document, &part));
                    assert!(reached > target, "{part:?} suffices\n{shown}");
                }
            }
        }
        let shown = format!("{document}\n{:#}", explanation["timeline"]);
        intervals += hold(engine, &document, &explanation, &shown, &mut random, 20);
        said_of_missing(engine, &document, &explanation);
        alone += meets_by_itself(engine, &document);
    }
    assert!(alone > cases / 4, "{alone} of {cases}");
    assert!(fixes > cases / 2 && parts > 10 && intervals > cases, "{fixes} {parts} {intervals}");
}

/// What is said to meet one finding meets it, and brings about none that is another or worse; how
/// many were tried.
fn meets_by_itself(engine: &Engine, document: &Json) -> usize {
    let bad = |document: &Json| -> BTreeMap<String, (cleartosend::FindingVerdict, Status)> {
        let facts = Facts::from_json(engine.schema(), document.to_string().as_bytes()).unwrap();
        let decision = engine.check(&facts).unwrap();
        let findings = decision.findings().iter();
        let bad = findings.filter(|finding| finding.verdict.effect() > Verdict::Allow);
        let named = |finding: &cleartosend::Finding| {
            (format!("{}/{}", finding.pack, finding.rule), (finding.verdict, finding.status))
        };
        bad.map(named).collect()
    };
    let facts = Facts::from_json(engine.schema(), document.to_string().as_bytes()).unwrap();
    let explanation = engine.explain(&facts, &ExplainOptions::default().one_step()).unwrap();
    let before = bad(document);
    let mut tried = 0;
    for (place, finding) in explanation.decision().findings().iter().enumerate() {
        let Some(change) = explanation.change_for(place) else { continue };
        let reported = json!({"path": *change.path, "to": to_json(&change.to)});
        for way in some(&all_ways(document, &[&reported])) {
            tried += 1;
            let after = bad(&made(document, &way));
            let shown = format!("{way:?}\n{document}\n{before:#?}\n{after:#?}");
            let name = format!("{}/{}", finding.pack, finding.rule);
            assert!(!after.contains_key(&name), "{name} is not met by {shown}");
            for (name, (verdict, _)) in &after {
                let stood = before.get(name).is_some_and(|(before, _)| verdict <= before);
                assert!(stood, "{name} is brought about by {shown}");
            }
        }
    }
    tried
}

fn to_json(to: &cleartosend::explain::To) -> Json {
    use cleartosend::explain::To;
    let number = |end: &Option<cleartosend::Value>| end.as_ref().map_or(Json::Null, as_json);
    match to {
        To::Value(value) => as_json(value),
        To::OneOf(values) => values.iter().map(as_json).collect(),
        To::Range { min, max } => json!({"min": number(min), "max": number(max)}),
        To::OneOfMembers(objects) => {
            objects.iter().map(|members| to_json(&To::Members(members.clone()))).collect()
        }
        To::Members(members) => {
            let member = |(name, values): &(std::sync::Arc<str>, Vec<cleartosend::Value>)| {
                let value = match &values[..] {
                    [] => Json::Null,
                    [only] => as_json(only),
                    several => several.iter().map(as_json).collect(),
                };
                (name.to_string(), value)
            };
            Json::Object(members.iter().map(member).collect())
        }
        To::Removed => json!("removed"),
        other => panic!("{other:?}"),
    }
}

/// The first and the last ways, and one between.
fn some(ways: &[Vec<Made>]) -> Vec<Vec<Made>> {
    let places: BTreeSet<usize> =
        [0, ways.len() / 2, ways.len().saturating_sub(1)].into_iter().collect();
    places.into_iter().filter_map(|place| ways.get(place).cloned()).collect()
}

/// Missing members are those of the decision, each once, in the order that is told.
fn said_of_missing(engine: &Engine, document: &Json, explanation: &Json) {
    let text = document.to_string();
    let facts = Facts::from_json(engine.schema(), text.as_bytes()).unwrap();
    let decision = engine.check(&facts).unwrap();
    let checked: Json = serde_json::from_str(&decision.to_json()).unwrap();
    assert_eq!(explanation["decision"], checked);
    let missing = explanation["missing"].as_array().unwrap();
    let paths: BTreeSet<&str> =
        missing.iter().map(|known| known["path"].as_str().unwrap()).collect();
    let wanted: BTreeSet<&str> = decision.missing().iter().map(|path| &**path).collect();
    assert_eq!((paths.len(), &paths), (missing.len(), &wanted));
    let settles: Vec<u64> =
        missing.iter().map(|known| known["settles"].as_u64().unwrap()).collect();
    assert!(settles.is_sorted_by(|a, b| a >= b), "{missing:?}");
}

fn example(name: &str) -> Json {
    let path = format!("{}/../examples/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Who has to change one thing has one fix, whatever the ways to change it.
#[test]
fn ways_to_change_one_thing_are_one_fix() {
    let engine = Engine::built_in().unwrap();
    for name in ["spring-sale", "rogue-provider", "us-marketing-pause", "over-the-limit"] {
        let document = example(name);
        let explanation = explained(&engine, &document, &ExplainOptions::default());
        let sets: Vec<Vec<&str>> = explanation["fixes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fix| fix["changes"].as_array().unwrap())
            .map(|changes| changes.iter().map(|one| one["path"].as_str().unwrap()).collect())
            .collect();
        for (place, set) in sets.iter().enumerate() {
            let others = sets.iter().enumerate().filter(|(other, _)| *other != place);
            let is_part = |other: &Vec<&str>| other.iter().all(|path| set.contains(path));
            assert!(!others.into_iter().any(|(_, other)| is_part(other)), "{name}: {sets:?}");
        }
        let ways = given_sets(&document, &explanation);
        if name == "spring-sale" {
            let providers = ways.values().next().map(|ways| ways.len() % 4);
            assert_eq!((sets.len(), providers), (1, Some(0)), "{ways:?}");
        }
    }
}

/// A document in which more has to change than the tree goes deep.
#[test]
fn what_needs_many_changes_is_reported_all_the_same() {
    let engine = Engine::built_in().unwrap();
    let mut document = example("over-the-limit");
    put(&mut document, "account.quality", json!("red"));
    put(&mut document, "account.review", json!("rejected"));
    put(&mut document, "account.display_name", json!("declined"));
    put(&mut document, "campaign.template.status", json!("paused"));
    put(&mut document, "campaign.offers_opt_out", json!(false));
    put(&mut document, "access.clients", json!(["npm:@whiskeysockets/baileys"]));
    let restriction =
        json!({"kind": "all_messaging", "since": "2020-01-01T00:00:00Z", "until": null});
    put(&mut document, "account.restrictions", json!([restriction]));
    let document = json!(document);
    let explanation = explained(&engine, &document, &ExplainOptions::default());
    let fix = &explanation["fixes"][0];
    assert_eq!(fix["leads_to"], json!("allow"), "{:#}", explanation["fixes"]);
    assert_eq!(explanation["more_fixes"], json!(true));
    let changes: Vec<&Json> = fix["changes"].as_array().unwrap().iter().collect();
    assert!(changes.len() > 6, "{fix:#}");
    for way in some(&all_ways(&document, &changes)) {
        assert_eq!(verdict(&engine, &made(&document, &way)), Verdict::Allow, "{way:?}");
        for left_out in 0..way.len() {
            let mut part = way.clone();
            part.remove(left_out);
            assert!(verdict(&engine, &made(&document, &part)) > Verdict::Allow, "{part:?}");
        }
    }
}

/// A limit and an audience that are both not given fit together, whichever is asked first.
#[test]
fn what_is_missing_together_can_allow_together() {
    let engine = Engine::built_in().unwrap();
    let without = |paths: &[&str]| {
        let mut document = example("clean-campaign");
        for path in paths {
            let (object, member) = path.rsplit_once('.').unwrap();
            let object = object.split('.').fold(&mut document, |here, name| &mut here[name]);
            object.as_object_mut().unwrap().remove(member);
        }
        document
    };
    for paths in [
        &["campaign.audience_size", "account.daily_limit"][..],
        &["campaign.audience_size", "account.daily_limit", "campaign.category"],
        &["campaign.audience_size", "account.daily_limit", "provider.role", "campaign.category"],
    ] {
        let explanation = explained(&engine, &without(paths), &ExplainOptions::default());
        let missing = explanation["missing"].as_array().unwrap();
        assert!(missing.len() >= paths.len(), "{missing:#?}");
        assert!(missing.iter().all(|known| known["can_allow"] == json!(true)), "{missing:#?}");
    }
}

/// An id names no country: the number itself is what is missing.
#[test]
fn a_phone_number_id_leaves_the_number_to_be_given() {
    let engine = Engine::built_in().unwrap();
    let mut document = example("clean-campaign");
    put(&mut document, "account.number", json!("106540352242922"));
    let explanation = explained(&engine, &document, &ExplainOptions::default());
    let missing = explanation["missing"].as_array().unwrap();
    let number = missing.iter().find(|known| known["path"] == json!("account.number")).unwrap();
    assert_eq!((&number["settles"], &number["can_allow"]), (&json!(2), &json!(true)), "{number}");
}

/// Free form needs a window, and whom a window is open for is not known of a campaign as such.
#[test]
fn free_form_is_not_offered_to_who_begins_a_conversation_with_nobody() {
    let engine = Engine::built_in().unwrap();
    let mut document = example("clean-campaign");
    document.as_object_mut().unwrap().remove("recipient");
    put(&mut document, "campaign.initiated_by", json!("business"));
    put(&mut document, "campaign.template.status", json!("paused"));
    let explanation = explained(&engine, &document, &ExplainOptions::default());
    let fixes = explanation["fixes"].to_string();
    assert!(fixes.contains("campaign.template.status") && !fixes.contains("free_form"), "{fixes}");
}

/// What ends after the timeline may be waited for.
#[test]
fn a_restriction_that_ends_after_the_timeline_leaves_more_fixes() {
    let engine = Engine::built_in().unwrap();
    let mut document = example("clean-campaign");
    document.as_object_mut().unwrap().remove("recipient");
    let restriction = json!({"kind": "all_messaging", "since": "2020-01-01T00:00:00Z", "until": "2029-01-01T00:00:00Z"});
    put(&mut document, "account.restrictions", json!([restriction]));
    let explanation = explained(&engine, &document, &ExplainOptions::default());
    assert_eq!(explanation["clear_from"], json!(null));
    assert_eq!(explanation["more_fixes"], json!(true));
}

/// What meets each violated rule by itself; what the fixes hold comes first, so that lines add up.
#[test]
fn each_violated_rule_has_the_change_that_meets_it() {
    let engine = Engine::built_in().unwrap();
    for (example, wanted) in [
        (
            "spring-sale",
            &[
                ("access.unofficial-client", Some("access.clients")),
                ("consent.opted-out", Some("recipient")),
                ("feedback.block-rate", Some("account.feedback.blocks_7d")),
                ("feedback.low-quality", Some("account.quality")),
                ("provider.lookalike", Some("provider")),
            ][..],
        ),
        ("turkey-2024", &[("territory.turkey-barred", Some("recipient"))]),
        ("missing-facts", &[]),
        ("clean-campaign", &[]),
    ] {
        let path = format!("../examples/{example}.json");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let facts = Facts::from_json(engine.schema(), &std::fs::read(path).unwrap()).unwrap();
        let options = ExplainOptions::default().without_timeline();
        let explanation = engine.explain(&facts, &options).unwrap();
        let findings = explanation.decision().findings().iter().enumerate();
        let found: Vec<(&str, Option<&str>)> = findings
            .filter(|(_, finding)| {
                finding.status == Status::Violated && finding.verdict.effect() > Verdict::Allow
            })
            .map(|(place, finding)| {
                let change = explanation.change_for(place);
                (&*finding.rule, change.map(|change| &*change.path))
            })
            .collect();
        assert_eq!(found, wanted, "{example}");
    }
}

/// What one screen holds is what the whole explanation says: the first clear instant, and fixes of
/// one change.
#[test]
fn an_answer_of_one_step_says_what_the_whole_explanation_says() {
    let engine = Engine::built_in().unwrap();
    for (example, path) in [
        ("turkey-2024", Some("send_at")),
        ("us-marketing-pause", None),
        ("spring-sale", None),
        ("reply-too-late", None),
        ("clean-campaign", None),
    ] {
        let file = format!("../examples/{example}.json");
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let facts = Facts::from_json(engine.schema(), &std::fs::read(file).unwrap()).unwrap();
        let short = engine.explain(&facts, &ExplainOptions::default().one_step()).unwrap();
        let whole = engine.explain(&facts, &ExplainOptions::default()).unwrap();
        assert!(short.timeline().is_none());
        if short.decision().verdict() > Verdict::Allow {
            assert_eq!(short.clear_from(), whole.clear_from(), "{example}");
        }
        let violated = short.decision().findings().iter().position(|finding| {
            finding.status == Status::Violated && finding.verdict.effect() > Verdict::Allow
        });
        if let Some(path) = path {
            let change = short.change_for(violated.unwrap()).unwrap();
            assert_eq!(&*change.path, path, "{example}");
        }
        for fix in short.fixes().iter().filter(|fix| fix.leads_to == Verdict::Allow) {
            assert_eq!(fix.changes.len(), 1);
            let is_time = &*fix.changes[0].path == "send_at";
            assert!(is_time || whole.fixes().contains(fix), "{example}: {fix:?}");
        }
    }
}
