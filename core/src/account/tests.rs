use serde_json::json;

use super::*;

fn limit(number: i64) -> Event {
    let at = Timestamp::new(1_760_000_000 + number, 0).unwrap();
    let value = json!({"max_daily_conversations_per_business": number});
    Event::new(at, "100".into(), "business_capability_update".into(), value)
}

fn violation(number: i64) -> Event {
    let at = Timestamp::new(1_760_000_000 + number, 0).unwrap();
    let value = json!({"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "SCAM"}});
    Event::new(at, "100".into(), "account_update".into(), value)
}

fn forgetting(events: impl IntoIterator<Item = Event>) -> State {
    let mut state = State { events: events.into_iter().collect(), ..State::default() };
    state.forgotten_until = forget(&mut state.events).unwrap();
    state
}

#[test]
fn only_what_newer_events_replace_is_let_go_and_it_never_comes_back() {
    let many = limits::ACCOUNT_SUPERSEDED_MAX as i64 + 10;
    let events: Vec<Event> = [violation(0)].into_iter().chain((1..=many).map(limit)).collect();
    let mut state = forgetting(events.iter().cloned());
    // The violation and the latest limit stay beside those that were replaced.
    assert_eq!(state.len(), limits::ACCOUNT_SUPERSEDED_MAX + 2);
    assert!(state.events.contains(&violation(0)) && state.events.contains(&limit(many)));
    assert!(!state.events.contains(&limit(9)) && state.events.contains(&limit(10)));
    assert_eq!(state.forgotten_until, Some(limit(9).at));
    let before = state.to_json();
    state.events.insert(limit(5));
    forget(&mut state.events).unwrap();
    assert_eq!(state.to_json(), before);
    // Before that instant nobody knows which limit held; the violation is as old as it was.
    let account = state.account(Some(limit(9).at), None);
    assert_eq!(
        (account.get("daily_limit"), account["violations"].as_array().map(Vec::len)),
        (None, Some(1))
    );
    assert_eq!(state.account(Some(limit(10).at), None)["daily_limit"], 10);
    assert_eq!(state.account(None, None)["daily_limit"], many);
}
