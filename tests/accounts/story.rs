// A story of three businesses with five numbers and many people, as WhatsApp sends it: shared by tests of several crates.

use fastrand::Rng;
use serde_json::{Value, json};

/// The businesses.
pub(crate) const ACCOUNTS: [&str; 3] = ["100000000000001", "100000000000002", "100000000000003"];
/// When it begins.
pub(crate) const START: i64 = 1_767_225_600;

/// Its events, in order but for those of people.
pub(crate) fn story(random: &mut Rng, people: u32) -> Vec<Vec<u8>> {
    let accounts = ACCOUNTS;
    let numbers = [
        ("34600111001", "200000000000001", 0),
        ("34600111002", "200000000000002", 0),
        ("34600111003", "200000000000003", 1),
        ("34600111004", "200000000000004", 1),
        ("34600111005", "200000000000005", 2),
    ];
    let mut events = Vec::new();
    let hook = |account: &str, time: i64, field: &str, value: Value| json!({"object": "whatsapp_business_account", "entry": [{"id": account, "time": time, "changes": [{"field": field, "value": value}]}]});
    for account in accounts {
        events.push(hook(account, START, "account_review_update", json!({"decision": "APPROVED"})));
        events.push(json!({"read_at": START + 60, "answer": {"id": account, "business_verification_status": "verified", "ownership_type": "SELF_OWNED",
            "primary_business_location": "ES", "owner_business_info": {"id": "500000000000001"}}}));
        events.push(hook(
            account,
            START + 120,
            "business_capability_update",
            json!({"max_daily_conversations_per_business": "TIER_10K"}),
        ));
        events.push(hook(account, START + 180, "message_template_status_update",
            json!({"event": "APPROVED", "message_template_name": "spring_sale", "message_template_language": "es"})));
    }
    for (display, id, of) in numbers {
        let answer = json!({"id": id, "display_phone_number": display, "quality_rating": "GREEN", "status": "CONNECTED", "name_status": "APPROVED"});
        events.push(json!({"read_at": START + 240, "account": accounts[of], "answer": answer}));
    }
    let pick = |random: &mut Rng, words: &[&str]| words[random.usize(0..words.len())].to_owned();
    for step in 0..120 {
        let time = START + 3600 + step * 40_000 + random.i64(0..3);
        let account = accounts[random.usize(0..3)];
        let (display, id, _) = numbers[random.usize(0..5)];
        events.push(match random.u8(0..8) {
            0 => hook(account, time, "account_update", json!({"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": pick(random, &["SPAM", "ALCOHOL"])}})),
            1 => hook(account, time, "account_update", json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": [
                {"restriction_type": pick(random, &["RESTRICTED_BIZ_INITIATED_MESSAGING", "RESTRICTED_UTILITY_TEMPLATES"]), "expiration": time + 259_200}]})),
            2 => hook(account, time, "account_update", json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": pick(random, &["DISABLE", "REINSTATE"])}})),
            3 => json!({"read_at": time, "answer": {"id": id, "display_phone_number": display, "quality_rating": pick(random, &["GREEN", "YELLOW", "RED"]), "status": pick(random, &["CONNECTED", "CONNECTED", "BANNED"])}}),
            4 => hook(account, time, "message_template_status_update", json!({"event": pick(random, &["PAUSED", "APPROVED"]), "message_template_name": "spring_sale", "message_template_language": "es"})),
            5 => hook(account, time, "account_update", json!({"event": pick(random, &["ACCOUNT_OFFBOARDED", "ACCOUNT_RECONNECTED", "SOMETHING_NEW"])})),
            6 => json!({"read_at": time, "answer": {"id": account, "health_status": {"can_send_message": pick(random, &["AVAILABLE", "AVAILABLE", "BLOCKED"]), "entities": []}}}),
            _ => hook(account, time, "business_capability_update", json!({"max_daily_conversations_per_business": pick(random, &["TIER_10K", "TIER_2K", "TIER_HUGE"])})),
        });
    }
    for person in 0..people {
        let time = START + random.i64(0..5_000_000);
        let (display, id, of) = numbers[random.usize(0..5)];
        let metadata = json!({"display_phone_number": display, "phone_number_id": id});
        let wa_id = format!("346{:08}", person / 2);
        let value = match random.u8(0..4) {
            0 => {
                json!({"metadata": metadata, "statuses": [{"timestamp": time, "recipient_id": wa_id, "errors": [{"code": 131_049}]}]})
            }
            1 => {
                json!({"metadata": metadata, "statuses": [{"timestamp": time, "recipient_id": wa_id, "recipient_user_id": format!("ES.{person}"), "errors": [{"code": 131_050}]}]})
            }
            choice => {
                let value = if choice == 2 { "stop" } else { "resume" };
                json!({"metadata": metadata, "user_preferences": [{"wa_id": wa_id, "user_id": format!("ES.{person}"), "category": "marketing_messages", "value": value, "timestamp": time}]})
            }
        };
        let field = if value.get("statuses").is_some() { "messages" } else { "user_preferences" };
        events.push(json!({"object": "whatsapp_business_account", "entry": [{"id": accounts[of], "changes": [{"field": field, "value": value}]}]}));
    }
    events.into_iter().map(|event| event.to_string().into_bytes()).collect()
}
