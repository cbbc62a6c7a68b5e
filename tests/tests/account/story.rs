//! A recorded story of an account, asked about at ten instants, and what a further violation would
//! bring at each turn.
#![expect(clippy::disallowed_methods, reason = "tests read their data from files")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::PathBuf;

use cleartosend::schema::attributes as id;
use cleartosend::{Decision, Engine, Facts, Timestamp, Value, Verdict};
use cleartosend_account::{Book, History, project};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../examples/account")
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The story's events, by the names of their files.
fn story() -> Vec<Vec<u8>> {
    let mut names: Vec<PathBuf> = std::fs::read_dir(folder().join("story"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    assert_eq!(names.len(), 13);
    names.iter().map(|name| std::fs::read(name).unwrap()).collect()
}

fn standing<'e>(events: impl IntoIterator<Item = &'e Vec<u8>>) -> Book {
    let mut state = Book::from_json(&read("new.json")).unwrap();
    for event in events {
        state.apply(event).unwrap();
    }
    state
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// Asks whether the campaign may go to that many recipients.
fn ask(state: &Book, instant: &str, audience: i64) -> Decision {
    let engine = Engine::built_in().unwrap();
    let mut facts =
        Facts::from_json_at(engine.schema(), &read("campaign.json"), at(instant)).unwrap();
    facts.set(id::CAMPAIGN_AUDIENCE_SIZE, Value::Int(audience)).unwrap();
    state.tell(&mut facts).unwrap();
    engine.check(&facts).unwrap()
}

/// Ten instants: when, to how many, the verdict, and the rules that are violated.
const ASKED: [(&str, i64, Verdict, &[&str]); 10] = [
    ("2026-01-09T12:00:00Z", 1500, Verdict::Review, &[]),
    ("2026-01-12T12:00:00Z", 1500, Verdict::Allow, &[]),
    ("2026-02-01T12:00:00Z", 1500, Verdict::Review, &["account.recent-violation"]),
    ("2026-02-10T08:59:59Z", 1500, Verdict::Allow, &[]),
    ("2026-02-10T09:00:00Z", 1500, Verdict::Deny, &["account.business-initiated-blocked"]),
    ("2026-02-13T08:59:59Z", 1500, Verdict::Deny, &["account.business-initiated-blocked"]),
    ("2026-02-13T09:00:00Z", 1500, Verdict::Allow, &[]),
    ("2026-02-20T09:30:00Z", 1500, Verdict::Deny, &["template.not-approved"]),
    ("2026-02-25T12:00:00Z", 8000, Verdict::Deny, &["limits.audience-over-daily-limit"]),
    ("2026-03-02T12:00:00Z", 8000, Verdict::Allow, &[]),
];

fn check_all(state: &Book) {
    for (instant, audience, verdict, rules) in ASKED {
        let decision = ask(state, instant, audience);
        let violated = decision
            .findings()
            .iter()
            .filter(|finding| finding.status == cleartosend::Status::Violated);
        let violated: Vec<&str> = violated.map(|finding| &*finding.rule).collect();
        assert_eq!(
            (decision.verdict(), violated.as_slice()),
            (verdict, rules),
            "{instant}: {}",
            decision.to_json()
        );
    }
}

#[test]
fn ten_instants_get_their_verdicts() {
    check_all(&standing(&story()));
}

#[test]
fn the_story_in_any_order_and_twice_ends_in_the_same_bytes() {
    let events = story();
    let expected = standing(&events).to_json();
    let mut random = fastrand::Rng::with_seed(cleartosend_tests::generate::seed(5));
    for _ in 0..40 {
        let mut shuffled: Vec<Vec<u8>> = events.iter().chain(&events).cloned().collect();
        random.shuffle(&mut shuffled);
        assert_eq!(standing(&shuffled).to_json(), expected);
    }
    let mut backwards = events.clone();
    backwards.reverse();
    check_all(&standing(&backwards));
}

#[test]
fn a_state_that_was_written_and_read_between_any_two_events_is_the_same() {
    let events = story();
    let mut state = Book::from_json(&read("new.json")).unwrap();
    for event in &events {
        state.apply(event).unwrap();
        let again = Book::from_json(state.to_json().as_bytes()).unwrap();
        assert_eq!(again.to_json(), state.to_json());
        state = again;
    }
    check_all(&state);
}

#[test]
fn asked_at_the_time_the_answer_was_the_same() {
    // What comes later changes nothing of what was told of an earlier instant.
    let events = story();
    let whole = standing(&events);
    for count in 1..=events.len() {
        let so_far = standing(&events[..count]);
        let now = so_far.last_event_at().unwrap().to_string();
        assert_eq!(
            ask(&so_far, &now, 1500).verdict(),
            ask(&whole, &now, 1500).verdict(),
            "after {count} events"
        );
    }
}

#[test]
fn the_account_member_is_one_that_a_campaign_document_has() {
    let state = standing(&story());
    let mut document: serde_json::Value = serde_json::from_slice(&read("campaign.json")).unwrap();
    document["account"] = state.account(None, None, None).unwrap();
    document["campaign"]["template"] =
        serde_json::json!({"name": "spring_sale", "status": "approved", "quality": "green"});
    assert_eq!(document["account"]["daily_limit"], 10_000);
    assert_eq!(
        document["account"]["violations"],
        serde_json::json!([{"kind": "alcohol", "at": "2026-02-01T10:00:00Z"}])
    );
    let bytes = document.to_string();
    for (instant, verdict) in
        [("2026-02-11T12:00:00Z", Verdict::Deny), ("2026-03-02T12:00:00Z", Verdict::Allow)]
    {
        assert_eq!(
            Engine::built_in()
                .unwrap()
                .check_json_at(bytes.as_bytes(), at(instant))
                .unwrap()
                .verdict(),
            verdict,
            "{instant}"
        );
    }
}

/// The ids of the steps that can follow, with the lengths of each.
fn steps(state: &Book, violation: &str, instant: &str) -> Vec<String> {
    let history = state.history(None, at(instant)).unwrap();
    let projection =
        project(&Engine::built_in().unwrap(), &history, violation, at(instant)).unwrap();
    assert_eq!(projection.decided, projection.steps.len() == 1);
    projection
        .steps
        .iter()
        .map(|step| {
            let days: Vec<String> = step
                .lengths
                .iter()
                .filter_map(|length| length.days)
                .map(|days| days.to_string())
                .collect();
            format!("{} {}", step.id, days.join("/")).trim_end().to_owned()
        })
        .collect()
}

#[test]
fn the_next_step_follows_from_the_history_so_far() {
    let state = standing(&story());
    assert_eq!(steps(&state, "spam", "2026-01-12T12:00:00Z"), ["warning"]);
    assert_eq!(steps(&state, "spam", "2026-02-02T12:00:00Z"), ["short-block 1/3"]);
    // Three days were the longest of the short blocks.
    assert_eq!(steps(&state, "spam", "2026-03-02T12:00:00Z"), ["long-block 5/7/30"]);
    assert_eq!(steps(&state, "terrorism", "2026-01-12T12:00:00Z"), ["disabled"]);
    let projection = project(
        &Engine::built_in().unwrap(),
        &state.history(None, at("2026-03-02T12:00:00Z")).unwrap(),
        "spam",
        at("2026-03-02T12:00:00Z"),
    );
    let step = projection.unwrap().steps.remove(0);
    assert_eq!(
        step.lengths.iter().map(|length| length.until.unwrap().to_string()).collect::<Vec<_>>(),
        ["2026-03-07T12:00:00Z", "2026-03-09T12:00:00Z", "2026-04-01T12:00:00Z"]
    );
    assert_eq!(
        (&*step.blocks[0], step.appeal, step.appeal_by),
        ("all_messaging", "not_always", None)
    );
}

#[test]
fn a_recent_violation_is_reported_with_the_steps_that_can_follow_the_next() {
    let standing = |account: serde_json::Value, instant: &str| {
        let mut document: serde_json::Value =
            serde_json::from_slice(&read("campaign.json")).unwrap();
        document["account"] = account;
        let decision = Engine::built_in()
            .unwrap()
            .check_json_at(document.to_string().as_bytes(), at(instant))
            .unwrap();
        assert_ne!(decision.verdict(), Verdict::Allow);
        let recent = decision
            .findings()
            .iter()
            .find(|finding| &*finding.rule == "account.recent-violation")
            .unwrap_or_else(|| panic!("{instant}: {}", decision.to_json()));
        let message = recent.message.to_string();
        message.rsplit_once("can bring: ").unwrap().1.to_owned()
    };
    let day = "2026-06-05T00:00:00Z";
    let violations = |kind: &str, at: &str| serde_json::json!([{"kind": kind, "at": at}]);
    let recent = violations("spam", "2026-06-01T00:00:00Z");
    let document = |restrictions: serde_json::Value, violations: &serde_json::Value| serde_json::json!({"restrictions": restrictions, "violations": violations});
    let short_block = "a block of messages that the business initiates";
    assert_eq!(
        standing(document(serde_json::json!([]), &recent), day),
        format!("{short_block} (1 or 3 days)")
    );
    let block = serde_json::json!([{"kind": "business_initiated", "since": "2026-05-01T00:00:00Z", "until": "2026-05-02T00:00:00Z"}]);
    assert_eq!(
        standing(document(block, &recent), day),
        format!(
            "{short_block} (3 days); a block of all messages, replies included (5, 7 or 30 days)"
        )
    );
    // What skips the ladder, and what the ladder of that day does not cover.
    let grave = violations("terrorism", "2026-06-01T00:00:00Z");
    assert_eq!(standing(document(serde_json::json!([]), &grave), day), "the end of the account");
    let early = violations("spam", "2022-04-28T00:00:00Z");
    assert_eq!(
        standing(document(serde_json::json!([]), &early), "2022-05-01T00:00:00Z"),
        "nothing that is published for spam"
    );
    // The finding and the projection are one.
    let state = given_story();
    assert_eq!(steps(&state, "alcohol", "2026-02-02T12:00:00Z"), ["short-block 1/3"]);
    let decision = ask(&state, "2026-02-02T12:00:00Z", 1500);
    assert!(decision.to_json().contains(&format!("can bring: {short_block} (1 or 3 days)")));
}

fn given_story() -> Book {
    standing(&story())
}

fn history_of(account: &serde_json::Value) -> Book {
    Book::from_json(serde_json::json!({ "account": account }).to_string().as_bytes()).unwrap()
}

#[test]
fn each_ladder_holds_in_its_days() {
    let one = |at: &str| {
        history_of(
            &serde_json::json!({"restrictions": [], "violations": [{"kind": "alcohol", "at": at}]}),
        )
    };
    // Outcomes were named in 2019 and no ladder: any of them could follow.
    assert_eq!(steps(&one("2019-06-01T00:00:00Z"), "alcohol", "2019-09-01T00:00:00Z").len(), 4);
    assert_eq!(steps(&one("2021-11-05T00:00:00Z"), "alcohol", "2022-03-13T23:59:59Z"), ["warning"]);
    assert_eq!(
        steps(&one("2021-11-05T00:00:00Z"), "alcohol", "2022-03-14T00:00:00Z"),
        ["short-block 1/3"]
    );
    // The first two ladders are for fields of high risk, the third for everything.
    assert!(steps(&one("2022-04-01T00:00:00Z"), "spam", "2022-05-01T00:00:00Z").is_empty());
    assert_eq!(
        steps(&one("2025-10-01T00:00:00Z"), "spam", "2025-11-04T00:00:00Z"),
        ["short-block 1/3"]
    );
    assert!(steps(&one("2018-01-01T00:00:00Z"), "spam", "2018-06-01T00:00:00Z").is_empty());
    // An appeal had ninety days, until the page no longer said so.
    let appeal = |instant: &str| {
        let history = one("2022-04-01T00:00:00Z").history(None, at(instant)).unwrap();
        let projection =
            project(&Engine::built_in().unwrap(), &history, "alcohol", at(instant)).unwrap();
        projection.steps[0].appeal_by.map(|by| by.to_string())
    };
    assert_eq!(appeal("2024-01-01T00:00:00Z").as_deref(), Some("2024-03-31T00:00:00Z"));
    assert_eq!(appeal("2026-01-01T00:00:00Z"), None);
}

#[test]
fn where_the_history_does_not_decide_every_possible_step_is_reported() {
    let at = "2026-06-01T00:00:00Z";
    let steps = |account: serde_json::Value| steps(&history_of(&account), "spam", at);
    let block = |kind: &str, since: &str, until: &str| serde_json::json!([{"kind": kind, "since": since, "until": until}]);
    // A block of one day leaves the one of three.
    let restrictions = block("business_initiated", "2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z");
    assert_eq!(
        steps(serde_json::json!({"restrictions": restrictions, "violations": []})),
        ["short-block 3", "long-block 5/7/30"]
    );
    let restrictions = block("all_messaging", "2026-04-01T00:00:00Z", "2026-04-08T00:00:00Z");
    assert_eq!(
        steps(serde_json::json!({"restrictions": restrictions, "violations": []})),
        ["long-block 30", "lock"]
    );
    let restrictions = serde_json::json!([{"kind": "account_locked", "since": "2026-04-01T00:00:00Z", "until": null}]);
    assert_eq!(
        steps(serde_json::json!({"restrictions": restrictions, "violations": []})),
        ["disabled"]
    );
    // A warning that came twice may come again.
    let twice = serde_json::json!([{"kind": "spam", "at": "2026-01-01T00:00:00Z"}, {"kind": "spam", "at": "2026-02-01T00:00:00Z"}]);
    assert_eq!(
        steps(serde_json::json!({"restrictions": [], "violations": twice})),
        ["warning", "short-block 1/3"]
    );
    // Nothing known: anything can follow. Nothing known of violations: no more than a warning has
    // been.
    assert_eq!(steps(serde_json::json!({})).len(), 5);
    assert_eq!(steps(serde_json::json!({"restrictions": []})), ["warning", "short-block 1/3"]);
    // A restriction of unknown kind may be any.
    assert_eq!(steps(serde_json::json!({"restrictions": [{"since": "2026-04-01T00:00:00Z"}], "violations": []})).len(), 5);
    // What comes after the instant does not count.
    let restrictions = block("all_messaging", "2026-07-01T00:00:00Z", "2026-07-08T00:00:00Z");
    assert_eq!(
        steps(serde_json::json!({"restrictions": restrictions, "violations": []})),
        ["warning"]
    );
}

#[test]
fn a_kind_that_does_not_exist_is_an_error_with_the_nearest_or_all_kinds() {
    let message = |violation: &str| {
        let engine = Engine::built_in().unwrap();
        let problem = project(&engine, &History::default(), violation, at("2026-01-01T00:00:00Z"))
            .unwrap_err();
        assert_eq!(problem.code(), "account/unknown-violation");
        problem.message().to_owned()
    };
    assert_eq!(message("spma"), "there is no violation kind `spma`; did you mean `spam`?");
    let all = message("nonsense");
    let begins = "there is no violation kind `nonsense`; the kinds are `";
    assert!(all.starts_with(begins) && all.contains("`spam`") && all.contains("`scam`"), "{all}");
    let problem = given_story().appeal(None, Some("xyzzy"), at("2026-03-01T00:00:00Z"), "won");
    let all = problem.unwrap_err().message().to_owned();
    let begins = "there is no restriction kind `xyzzy`; the kinds are `";
    assert!(all.starts_with(begins) && all.contains("`business_initiated`"), "{all}");
}
