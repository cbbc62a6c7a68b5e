//! Does the published JSON Schema accept what a campaign document may hold, and refuse what it may
//! not?

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up should fail")]
#![expect(clippy::disallowed_methods, reason = "the examples are files")]

use cleartosend::Schema;
use cleartosend::schema::json_schema;
use jsonschema::Validator;
use serde_json::{Value, json};

/// The example of the format's description, with every member.
fn complete() -> Value {
    json!({
        "send_at": "2026-03-02T15:00:00Z",
        "provider": {
            "id": null, "name": "Hubtype", "domain": "hubtype.com", "role": "solution_partner",
            "app_review": "passed", "claims_official": true
        },
        "intermediaries": [
            { "name": "Some Reseller", "domain": "reseller.example", "role": "tech_provider", "app_review": "none" }
        ],
        "access": {
            "route": "cloud_api", "endpoint": "https://graph.facebook.com/v23.0", "clients": ["npm:@whiskeysockets/baileys"]
        },
        "account": {
            "id": "100", "name": "Acme", "country": "ES", "review": "approved", "verification": "verified",
            "display_name": "approved", "quality": "green", "daily_limit": 10000,
            "approved_use_cases": ["customer_care", "marketing"],
            "restrictions": [{ "kind": "business_initiated", "since": "2025-01-01T00:00:00Z", "until": "2025-01-04T00:00:00+01:00" }],
            "violations": [{ "kind": "spam", "at": "2025-01-01T00:00:00.5Z" }],
            "feedback": { "delivered_7d": 5000, "blocks_7d": 12, "reports_7d": 3 }
        },
        "campaign": {
            "id": "7", "name": "Spring sale", "use_case": "marketing", "initiated_by": "business", "content": "template",
            "category": "marketing", "template": { "name": "spring_sale", "status": "approved", "quality": "green" },
            "vertical": "retail", "audience_size": 8000, "offers_opt_out": true,
            "automated": true, "human_handoff": true, "general_purpose_ai": false,
            "requests": ["payment_card"]
        },
        "recipient": {
            "phone": "+34600000000", "user_id": null, "country": "ES", "opt_in": "given", "opt_in_at": "2025-06-01T10:00:00Z",
            "opted_out": false, "last_inbound_at": "2026-03-01T20:00:00Z", "marketing_received_24h": 0, "time_zone": "Europe/Madrid"
        },
        "x": {}
    })
}

fn validator() -> Validator {
    let schema = json_schema::campaign_schema(&Schema::built_in());
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("a JSON Schema")
}

/// The complete document with the member at that JSON pointer set. The pointer's last name may be
/// new.
fn with(pointer: &str, value: Value) -> Value {
    let mut document = complete();
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer} leads nowhere"));
    match parent {
        Value::Array(entries) => entries[name.parse::<usize>().expect("an index")] = value,
        parent => parent[name] = value,
    }
    document
}

#[test]
fn the_schema_is_itself_valid() {
    let schema = json_schema::campaign_schema(&Schema::built_in());
    assert!(jsonschema::draft202012::meta::is_valid(&schema));
}

#[test]
fn its_own_examples_are_valid() {
    let schema = json_schema::campaign_schema(&Schema::built_in());
    for example in schema["examples"].as_array().expect("examples") {
        assert_eq!(problems(&validator(), example), [""; 0]);
    }
}

#[test]
fn documents_that_can_be_checked_are_accepted() {
    let validator = validator();
    for (what, document) in [
        ("every member", complete()),
        ("the least", json!({ "send_at": "2026-03-02T15:00:00Z" })),
        ("another offset", with("/send_at", json!("2026-03-02t16:00:00.123456789+01:00"))),
        ("no limit", with("/account/daily_limit", json!("unlimited"))),
        ("an unknown limit", with("/account/daily_limit", Value::Null)),
        ("an unknown quality", with("/account/quality", Value::Null)),
        ("an unknown account", with("/account", Value::Null)),
        ("unknown restrictions", with("/account/restrictions", Value::Null)),
        ("a restriction for good", with("/account/restrictions/0/until", Value::Null)),
        ("no number", with("/recipient/phone", Value::Null)),
        ("a user id", with("/recipient/user_id", json!("US.1349"))),
        ("Kosovo", with("/recipient/country", json!("XK"))),
        ("no clients", with("/access/clients", json!([]))),
        ("the caller's own facts", with("/x", json!({ "loyalty": { "tier": "gold" } }))),
    ] {
        assert_eq!(problems(&validator, &document), [""; 0], "{what}");
    }
}

#[test]
fn broken_documents_are_refused_at_the_broken_member() {
    let validator = validator();
    for (pointer, value) in [
        ("/send_at", json!("2026-03-02")),
        ("/send_at", json!("2026-03-02T15:00:00")),
        ("/send_at", json!("2026-13-02T15:00:00Z")),
        ("/send_at", json!(1_772_463_600)),
        ("/send_at", Value::Null),
        ("/provider/role", json!("Solution Partner")),
        ("/provider/claims_official", json!("yes")),
        ("/intermediaries/0", json!("Some Reseller")),
        ("/intermediaries/0/role", json!("broker")),
        ("/access/clients", json!("npm:whatsapp-web.js")),
        ("/access/clients/0", json!("whatsapp-web.js")),
        ("/access/clients/0", Value::Null),
        ("/account/country", json!("es")),
        ("/account/country", json!("UK")),
        ("/account/quality", json!("GREEN")),
        ("/account/daily_limit", json!("no limit")),
        ("/account/daily_limit", json!(-1)),
        ("/account/daily_limit", json!(0.5)),
        ("/account/restrictions/0/kind", json!("banned")),
        ("/account/restrictions/0/until", json!("never")),
        ("/account/feedback/delivered_7d", json!(-1)),
        ("/account/approved_use_cases/0", json!("support")),
        ("/campaign/audience_size", json!("8000")),
        ("/campaign/template", json!("spring_sale")),
        ("/campaign/vertical", json!("cars")),
        ("/campaign/requests/0", json!("iban")),
        ("/recipient/phone", json!("0034600000000")),
        ("/recipient/phone", json!("+34 600 000 000")),
        ("/recipient/phone", json!("+3460000000000000")),
        ("/recipient/user_id", json!("1349")),
        ("/recipient/opt_in_at", json!("last year")),
        ("/x", json!([])),
    ] {
        let document = with(pointer, value.clone());
        let found = problems(&validator, &document);
        assert!(found.iter().any(|path| path == pointer), "{pointer} = {value}: found {found:?}");
    }
}

#[test]
fn members_that_do_not_exist_are_refused_and_so_are_derived_ones() {
    let validator = validator();
    for pointer in [
        "/sendat",
        "/provider/listing",
        "/provider/nmae",
        "/intermediaries/0/listing",
        "/intermediaries/0/claims_official",
        "/access/client_status",
        "/access/endpoint_status",
        "/account/banned",
        "/account/restrictions/0/from",
        "/account/feedback/delivered",
        "/campaign/use_case_approved",
        "/campaign/template/category",
        "/recipient/in_service_window",
        "/directory",
    ] {
        assert!(!validator.is_valid(&with(pointer, json!(true))), "{pointer}");
    }
    assert!(!validator.is_valid(&json!({ "campaign": {} })), "no send_at");
    assert!(!validator.is_valid(&json!([])), "a list");
}

#[test]
fn the_examples_are_valid() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let validator = validator();
    let mut seen = 0;
    for entry in std::fs::read_dir(&folder).expect("the folder examples") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let document =
                serde_json::from_slice(&std::fs::read(&path).expect("a file")).expect("JSON");
            assert_eq!(problems(&validator, &document), [""; 0], "{}", path.display());
            seen += 1;
        }
    }
    assert!(seen >= 12, "only {seen} examples");
}

/// Where each problem is.
fn problems(validator: &Validator, document: &Value) -> Vec<String> {
    validator.iter_errors(document).map(|error| error.instance_path().to_string()).collect()
}
