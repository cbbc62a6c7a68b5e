//! The judges of what answers say besides fixes and instants: what a missing member settles, when
//! that ends which outlasts a timeline, how long a short answer is and what it never leaves out.
//!
//! `CTS_TIMES=n` takes *n* times as many cases; `CTS_SEED` chooses others.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a judge that cannot go on should stop the test"
)]

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;

use cleartosend::expert::render::{self, Page, TimelineShape};
use cleartosend::pack::{Pack, PackFile};
use cleartosend::{Engine, ExplainOptions, Explanation, Facts, Lang, Schema, Status, Verdict};
use cleartosend_tests::generate::seed;
use cleartosend_tests::oracle::harness::times;
use fastrand::Rng;
use serde_json::{Value as Json, json};

// Missing members.

/// A member, its values, and conditions that read it.
type Member = (&'static str, &'static [&'static str], &'static [&'static str]);

const MEMBERS: [Member; 7] = [
    ("campaign.offers_opt_out", &["true", "false"], &["campaign.offers_opt_out"]),
    (
        "campaign.initiated_by",
        &["\"business\"", "\"customer\""],
        &["campaign.initiated_by == \"business\""],
    ),
    (
        "account.quality",
        &["\"green\"", "\"yellow\"", "\"red\"", "\"unrated\""],
        &["account.quality == \"red\"", "account.quality in [\"green\", \"yellow\"]"],
    ),
    (
        "access.route",
        &["\"cloud_api\"", "\"on_premises_api\"", "\"business_app\"", "\"unofficial\""],
        &["access.route == \"cloud_api\"", "access.route in [\"business_app\", \"unofficial\"]"],
    ),
    ("recipient.opted_out", &["true", "false"], &["recipient.opted_out"]),
    ("recipient.opt_in", &["\"given\"", "\"none\""], &["recipient.opt_in == \"given\""]),
    (
        "provider.app_review",
        &["\"passed\"", "\"pending\"", "\"none\""],
        &["provider.app_review == \"passed\"", "provider.app_review == \"pending\""],
    ),
];

fn condition(random: &mut Rng, atoms: &[&str], size: usize) -> String {
    if size <= 1 {
        let not = if random.bool() { "!" } else { "" };
        return format!("{not}({})", random.choice(atoms).unwrap());
    }
    let (left, right) = (size / 2, size - size / 2);
    let [left, right] = [left, right].map(|size| condition(random, atoms, size));
    let operator = if random.bool() { "&&" } else { "||" };
    format!("({left}) {operator} ({right})")
}

fn engine_of(rules: &[(String, &str)]) -> Engine {
    let rules = rules.iter().enumerate().map(|(number, (condition, verdict))| {
        format!(
            "[[rule]]\nid = 'limits.r{number}'\ntopic = 'limits'\ntitle = 't'\n\
             forbids = '''{condition}'''\nverdict = '{verdict}'\nfrom = 2018-08-01\n\
             source = {{ id = 's' }}\nmessage = 'm'\nadvice = 'a'\nexposure = []\n\n"
        )
    });
    let rules: String = rules.collect();
    let manifest = "name = 'small'\nversion = '1.0.0'\nrequires = '>=1.0, <2'\ntitle = 't'\n\
                    published = 2026-01-01\n\n[sources.s]\ntitle = 't'\n\
                    url = 'https://example.com'\nretrieved = 2026-01-01\nconfidence = 'official'\n";
    let file = |path: &str, text: &str| PackFile {
        path: path.to_owned(),
        bytes: Cow::Owned(text.as_bytes().to_vec()),
    };
    let files = [file("pack.toml", manifest), file("rules/limits.toml", &rules)];
    let pack = Pack::load(&files, &Schema::built_in()).unwrap();
    Engine::builder().without_built_in().add(pack).build().unwrap()
}

fn put(document: &mut Json, path: &str, value: Json) {
    *path.split('.').fold(document, |here, name| {
        if here.is_null() {
            *here = json!({});
        }
        &mut here[name]
    }) = value;
}

fn explain(engine: &Engine, document: &Json, options: &ExplainOptions) -> Explanation {
    let facts = Facts::from_json(engine.schema(), document.to_string().as_bytes());
    let facts = facts.unwrap_or_else(|error| panic!("{error}: {document}"));
    engine.explain(&facts, options).unwrap()
}

/// The rules that are undetermined and count, and the verdict.
fn open(engine: &Engine, document: &Json) -> (BTreeSet<String>, Verdict) {
    let facts = Facts::from_json(engine.schema(), document.to_string().as_bytes()).unwrap();
    let decision = engine.check(&facts).unwrap();
    let undetermined = decision.findings().iter().filter(|finding| {
        finding.status == Status::Undetermined && finding.verdict.effect() > Verdict::Allow
    });
    (undetermined.map(|finding| finding.rule.to_string()).collect(), decision.verdict())
}

fn with_each(document: &Json, path: &str, values: &[&str]) -> Vec<Json> {
    let value = |text: &&str| {
        let mut with = document.clone();
        put(&mut with, path, serde_json::from_str(text).unwrap());
        with
    };
    values.iter().map(value).collect()
}

#[test]
fn a_missing_member_settles_what_some_value_of_it_settles() {
    let mut random = Rng::with_seed(seed(19));
    let (mut cases, mut ranked, mut can, mut cannot) = (0, 0, 0, 0);
    while cases < 120 * times() {
        let mut about: Vec<Member> = MEMBERS.to_vec();
        random.shuffle(&mut about);
        about.truncate(random.usize(1..5));
        let atoms: Vec<&str> =
            about.iter().flat_map(|(.., conditions)| conditions.iter().copied()).collect();
        let rules: Vec<(String, &str)> = (0..random.usize(1..6))
            .map(|_| {
                let size = random.usize(1..5);
                let verdict = if random.bool() { "deny" } else { "review" };
                (condition(&mut random, &atoms, size), verdict)
            })
            .collect();
        let engine = engine_of(&rules);
        let mut document = json!({"send_at": "2026-03-02T15:00:00Z"});
        if about.iter().any(|(path, ..)| path.starts_with("recipient.")) {
            put(&mut document, "recipient.phone", json!("+34600000000"));
        }
        for (path, values, _) in &about {
            if random.u8(..3) == 0 {
                let value = random.choice(*values).unwrap();
                put(&mut document, path, serde_json::from_str(value).unwrap());
            }
        }
        let options = ExplainOptions::default().without_timeline();
        let explanation = explain(&engine, &document, &options);
        if explanation.missing().is_empty() {
            continue;
        }
        cases += 1;
        let shown = format!("{rules:#?}\n{document}\n{:#?}", explanation.missing());
        let missing: Vec<Member> = MEMBERS
            .into_iter()
            .filter(|(path, ..)| explanation.missing().iter().any(|known| &*known.path == *path))
            .collect();
        assert_eq!(missing.len(), explanation.missing().len(), "{shown}");
        let (before, _) = open(&engine, &document);
        // All that can be given for all that is missing.
        let all = missing.iter().fold(vec![document.clone()], |before, (path, values, _)| {
            before.iter().flat_map(|with| with_each(with, path, values)).collect()
        });
        let is_allowed = all.iter().any(|with| open(&engine, with).1 == Verdict::Allow);
        for known in explanation.missing() {
            let (path, values, _) =
                missing.iter().find(|(path, ..)| *path == &*known.path).unwrap();
            let settled: BTreeSet<String> = with_each(&document, path, values)
                .iter()
                .flat_map(|with| {
                    let (after, _) = open(&engine, with);
                    before.difference(&after).cloned().collect::<Vec<_>>()
                })
                .collect();
            assert_eq!(known.settles, settled.len(), "{path}\n{shown}");
            assert_eq!(known.can_allow, is_allowed, "{path}\n{shown}");
            ranked += 1;
            *(if is_allowed { &mut can } else { &mut cannot }) += 1;
        }
    }
    assert!(ranked > cases && can > 20 && cannot > 20, "{ranked} {can} {cannot}");
}

/// Allow can be reached from a document of six members, and the claim says so.
#[test]
fn a_document_of_six_members_can_come_to_allow() {
    let engine = Engine::built_in().unwrap();
    let explanation = explain(&engine, &six_members(), &ExplainOptions::default().one_step());
    assert!(explanation.missing().iter().all(|member| member.can_allow));
}

// What outlasts a timeline.

/// No messages at all, until then.
fn restriction(until: &Json) -> Json {
    json!({"kind": "all_messaging", "since": "2026-03-01T00:00:00Z", "until": until})
}

fn clear(document: &Json, options: &ExplainOptions) -> String {
    let explanation = explain(&Engine::built_in().unwrap(), document, options);
    render::clear(&explanation, explanation.timeline().unwrap(), Lang::English)
}

#[test]
fn what_outlasts_the_timeline_has_the_end_that_is_known() {
    let mut document = example("clean-campaign");
    let restricted = |until: Json| json!([restriction(&until)]);
    put(&mut document, "send_at", json!("2026-03-02T15:00:00Z"));
    put(&mut document, "account.restrictions", restricted(json!("2026-05-01T09:00:00Z")));
    let says = clear(&document, &ExplainOptions::default());
    assert_eq!(
        says,
        "at no time up to 2026-04-01T15:00:00Z; account.messaging-blocked ends \
         2026-05-01T09:00:00Z; `--until` looks further"
    );
    let until = "2026-06-01T00:00:00Z".parse().unwrap();
    let says = clear(&document, &ExplainOptions::default().until(until));
    assert!(says.starts_with("from 2026-05-01T09:00:00Z"), "{says}");

    put(&mut document, "account.restrictions", restricted(json!("2028-05-01T09:00:00Z")));
    let says = clear(&document, &ExplainOptions::default());
    assert_eq!(
        says,
        "at no time up to 2026-04-01T15:00:00Z; account.messaging-blocked does not end before \
         2027-04-06T15:00:00Z; `--until` looks further"
    );
    let says = clear(&example("us-marketing-pause"), &ExplainOptions::default());
    assert!(says.ends_with("; no end of territory.us-marketing-paused is known"), "{says}");
}

/// What is missing does not pass, and it is of no use to look further.
#[test]
fn nobody_is_sent_further_for_what_no_time_changes() {
    let says = clear(&example("missing-facts"), &ExplainOptions::default());
    assert_eq!(says, "at no time up to 2026-04-01T15:00:00Z");
}

// The short answer.

const LANGS: [Lang; 3] = [Lang::English, Lang::Spanish, Lang::Portuguese];

fn six_members() -> Json {
    json!({
        "send_at": "2026-03-02T10:00:00Z",
        "account": {"country": "ES"},
        "campaign": {"category": "marketing", "initiated_by": "business", "content": "template"},
        "recipient": {"phone": "+34600000000"},
    })
}

/// Of a screen two are left for whoever prints it.
const LINES: usize = render::SCREEN_LINES - 2;

fn short(explanation: &Explanation, lang: Lang, width: usize) -> String {
    let page = Page { lang, width, ink: |_, text| text.to_owned() };
    render::short(explanation, LINES, &page)
}

#[test]
fn a_short_answer_is_a_screen_long_and_names_every_violation() {
    let engine = Engine::builder().built_in_pack("messaging-law").build().unwrap();
    let mut documents: Vec<Json> =
        ["spring-sale", "turkey-2024", "missing-facts", "us-marketing-pause"].map(example).to_vec();
    documents.push(six_members());
    // What can be wrong with a sender, at once.
    let mut worst = example("spring-sale");
    for (path, value) in [
        ("account.restrictions", json!([restriction(&Json::Null)])),
        ("account.review", json!("rejected")),
        ("account.quality", json!("red")),
        ("access.route", json!("unofficial")),
        ("campaign.template.status", json!("rejected")),
        ("campaign.vertical", json!("firearms")),
        ("campaign.offers_opt_out", json!(false)),
        ("recipient.opt_in", json!("none")),
        ("recipient.opted_out", json!(true)),
    ] {
        put(&mut worst, path, value);
    }
    documents.push(worst);
    for document in &documents {
        let explanation = explain(&engine, document, &ExplainOptions::default().one_step());
        for (lang, width) in LANGS.into_iter().flat_map(|lang| [(lang, 80), (lang, 60)]) {
            let text = short(&explanation, lang, width);
            let lines = text.lines().count();
            assert!(lines <= LINES, "{lines} lines\n{text}");
            let violated = explanation.decision().findings().iter().filter(|finding| {
                finding.status == Status::Violated && finding.verdict.effect() > Verdict::Allow
            });
            for finding in violated {
                assert!(text.contains(&*finding.rule), "{}\n{text}", finding.rule);
            }
            let supplied = explanation.missing().iter().take(3);
            supplied.for_each(|member| assert!(text.contains(&*member.path), "{text}"));
            let rows = text.lines().filter(|line| line.starts_with("   "));
            let words = rows.filter(|line| line.chars().count() > width);
            for line in words {
                // What cannot be broken: one word.
                assert_eq!(line.split_whitespace().count(), 1, "{line}");
            }
        }
    }
}

// A search that met its limit.

#[test]
fn a_search_that_was_cut_does_not_say_that_nothing_helps() {
    let engine = Engine::built_in().unwrap();
    let cut = explain(&engine, &example("spring-sale"), &ExplainOptions::default().one_step());
    assert!(cut.fixes().is_empty() && cut.more_fixes());
    let page = Page { lang: Lang::English, width: 100, ink: |_, text| text.to_owned() };
    let text = render::explanation(&cut, TimelineShape::Lines, &page);
    assert!(text.contains("the search met its limit before it found a change"), "{text}");
    assert!(!text.contains("no change that somebody can make"), "{text}");
}

#[test]
fn what_is_missing_beside_a_violation_is_not_a_reason_to_say_that_nothing_leads_to_allow() {
    let engine = Engine::built_in().unwrap();
    let page = Page { lang: Lang::English, width: 100, ink: |_, text| text.to_owned() };
    let paper = |document: &Json| {
        let explanation = explain(&engine, document, &ExplainOptions::default());
        render::explanation(&explanation, TimelineShape::Lines, &page)
    };
    let mut paused = example("us-marketing-pause");
    paused["campaign"].as_object_mut().unwrap().remove("vertical");
    let text = paper(&paused);
    assert!(text.contains("until what is missing is supplied, each of these leads"), "{text}");
    assert!(!text.contains("nothing leads to allow"), "{text}");
    let mut unknown = example("clean-campaign");
    unknown["campaign"].as_object_mut().unwrap().remove("vertical");
    let text = paper(&unknown);
    assert!(text.contains("supply what is missing"), "{text}");
    assert!(!text.contains("the search met its limit"), "{text}");
}

fn example(name: &str) -> Json {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../examples/{name}.json"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

// Suggestions.

/// A name or value with one slip of a writer.
fn slips(word: &str, random: &mut Rng) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let at = random.usize(..letters.len());
    let without: String =
        letters.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, it)| it).collect();
    let mut swapped = letters.clone();
    swapped.swap(at, (at + 1) % letters.len());
    vec![
        without,
        swapped.into_iter().collect(),
        format!("{word}s"),
        word.to_uppercase(),
        word.replace('_', " "),
        word.replace('_', "-"),
        format!(" {word}"),
    ]
}

/// What an error proposes, all of it.
fn proposed(message: &str) -> Vec<String> {
    let Some((_, rest)) = message.split_once("did you mean ") else { return Vec::new() };
    let parts = rest.split('`').skip(1).step_by(2);
    parts.map(|part| part.trim_matches('"').to_owned()).collect()
}

fn refusal(schema: &std::sync::Arc<Schema>, document: &Json) -> Option<(String, String)> {
    let error = Facts::from_json(schema, document.to_string().as_bytes()).err()?;
    Some((error.path().to_owned(), error.message().to_owned()))
}

#[test]
fn every_suggestion_is_accepted_where_it_is_taken() {
    let schema = Schema::built_in();
    let mut random = Rng::with_seed(seed(20));
    let mut cases: Vec<(String, Json)> = Vec::new();
    let phones = [
        "34600000000",
        "0034 600 000 000",
        "+34 600-000-000",
        "600 000 000",
        "(212) 555-0123",
        "0151 23456789",
        "whatsapp:+34600000000",
        "34600000000@s.whatsapp.net",
    ];
    cases.extend(phones.map(|phone| ("recipient.phone".to_owned(), json!(phone))));
    let instants = ["2026-01-01", "2026-01-01 10:00", "2026-01-01T10:00:00", "01/02/2026"];
    let at = "recipient.opt_in_at";
    cases.extend(instants.map(|instant| (at.to_owned(), json!(instant))));
    cases.push((at.to_owned(), json!(1_767_225_600)));
    cases.push(("account.daily_limit".to_owned(), json!("TIER_10K")));
    cases.push(("campaign.audience_size".to_owned(), json!("10 000")));
    for (_, attribute) in schema.iter() {
        if attribute.origin == cleartosend::schema::Origin::Derived || attribute.ty.is_list() {
            continue;
        }
        for choice in attribute.choices().unwrap_or_default() {
            let wrong = slips(&choice.name, &mut random);
            let wrong = random.choice(&wrong).unwrap().clone();
            cases.push((attribute.path.to_string(), json!(wrong)));
        }
    }
    let mut taken = 0;
    for (place, country) in ["ES", "US", "DE", "IT"].into_iter().enumerate() {
        // What has nothing to do with the country is asked once.
        let of_country = |path: &str| place == 0 || path == "recipient.phone";
        for (path, wrong) in cases.iter().filter(|(path, _)| of_country(path)) {
            let mut document = json!({"send_at": "2026-03-02T10:00:00Z"});
            put(&mut document, "recipient.country", json!(country));
            put(&mut document, path, wrong.clone());
            let Some((at, message)) = refusal(&schema, &document) else { continue };
            for right in proposed(&message) {
                let right = match right.parse::<i64>() {
                    Ok(whole) if !right.starts_with('+') => json!(whole),
                    _ => json!(right),
                };
                let mut mended = document.clone();
                put(&mut mended, &at, right);
                let still = refusal(&schema, &mended);
                assert!(still.is_none(), "{at}: {message}: {still:?}");
                taken += 1;
            }
        }
    }
    // The names of members.
    for (_, attribute) in schema.iter() {
        let Some((object, leaf)) = attribute.path.rsplit_once('.') else { continue };
        for wrong in slips(leaf, &mut random) {
            let mut document = json!({"send_at": "2026-03-02T10:00:00Z"});
            put(&mut document, &format!("{object}.{wrong}"), Json::Null);
            let Some((_, message)) = refusal(&schema, &document) else { continue };
            if !message.starts_with("unknown member") {
                continue;
            }
            for right in proposed(&message) {
                let path = if right.contains('.') { right } else { format!("{object}.{right}") };
                let known = schema.id(&path).map(|id| schema.attribute(id));
                let can_be_given =
                    known.is_some_and(|known| known.origin != cleartosend::schema::Origin::Derived);
                let is_list = schema.collections().iter().any(|list| *list.path == *path);
                let is_object =
                    schema.iter().any(|(_, it)| it.path.starts_with(&format!("{path}.")));
                assert!(can_be_given || is_list || is_object, "{wrong}: {message}");
                taken += 1;
            }
        }
    }
    assert!(taken > 200, "{taken}");
}

/// A number that the country cannot have is not proposed.
#[test]
fn a_number_of_another_country_is_not_taken_for_one_of_this() {
    let schema = Schema::built_in();
    let refused = |country: &str, phone: &str| {
        let document = json!({
            "send_at": "2026-03-02T10:00:00Z",
            "recipient": {"phone": phone, "country": country},
        });
        proposed(&refusal(&schema, &document).unwrap().1)
    };
    assert!(refused("ES", "(212) 555-0123").is_empty());
    assert_eq!(refused("US", "(212) 555-0123"), ["+12125550123"]);
    assert_eq!(refused("ES", "600 000 000"), ["+34600000000"]);
}
