use super::*;
use crate::schema::Scope;
use crate::schema::attributes as id;
use crate::value::{Fact, Value};

fn read(document: &str) -> Result<Facts, FactsError> {
    Facts::from_json(&Schema::built_in(), document.as_bytes())
}

fn refused(document: &str) -> (&'static str, String, String) {
    let problem = read(document).unwrap_err();
    (problem.code(), problem.path().to_owned(), problem.to_string())
}

#[test]
fn value_absent_and_unknown_are_kept_apart() {
    let facts = read(
        r#"{"send_at": "2026-03-02T15:00:00Z", "provider": {"name": null, "domain": "acme.example", "role": null},
            "account": {"daily_limit": "unlimited"}, "access": null, "recipient": {"phone": "+34600000000"}}"#,
    )
    .unwrap();
    assert_eq!(*facts.fact(id::PROVIDER_NAME), Fact::Absent);
    assert_eq!(facts.fact(id::PROVIDER_DOMAIN).text(), Some("acme.example"));
    assert_eq!(*facts.fact(id::PROVIDER_ID), Fact::Unknown, "not given");
    assert_eq!(
        *facts.fact(id::PROVIDER_ROLE),
        Fact::Unknown,
        "null on a member that is not nullable"
    );
    assert_eq!(*facts.fact(id::ACCOUNT_DAILY_LIMIT), Fact::Value(Value::Int(i64::MAX)));
    assert_eq!(*facts.fact(id::ACCESS_ENDPOINT), Fact::Unknown, "null for a whole object");
    assert_eq!(facts.collection(id::RESTRICTIONS), None);
    assert_eq!(facts.scope(), Scope::Recipient);
}

#[test]
fn a_document_without_recipient_is_about_the_campaign() {
    assert_eq!(read(r#"{"send_at": "2026-03-02T15:00:00Z"}"#).unwrap().scope(), Scope::Campaign);
    assert_eq!(
        read(r#"{"send_at": "2026-03-02T15:00:00Z", "recipient": null}"#).unwrap().scope(),
        Scope::Recipient
    );
}

#[test]
fn facts_without_their_recipient_are_those_of_the_campaign() {
    let campaign =
        r#"{"send_at": "2026-03-02T15:00:00Z", "account": {"quality": "red", "restrictions": []}}"#;
    let case = r#"{"send_at": "2026-03-02T15:00:00Z", "account": {"quality": "red", "restrictions": []},
                   "recipient": {"phone": "+34600000000", "user_id": null, "opt_in": "none", "opted_out": true, "opt_in_at": null}}"#;
    let (alone, mut facts) = (read(campaign).unwrap(), read(case).unwrap());
    assert_ne!(facts.codes(), alone.codes());
    facts.without_recipient();
    assert_eq!(
        (facts.codes(), &facts.slots, facts.scope()),
        (alone.codes(), &alone.slots, Scope::Campaign)
    );
    assert_eq!(facts.collection(id::RESTRICTIONS), alone.collection(id::RESTRICTIONS));
}

#[test]
fn lists_of_objects_keep_their_order_and_holes() {
    let facts = read(
        r#"{"send_at": "2026-03-02T15:00:00Z", "account": {"restrictions": [
            {"kind": "business_initiated", "since": "2026-03-01T00:00:00Z", "until": null}, {"kind": "all_messaging"}]}}"#,
    )
    .unwrap();
    let entries = facts.collection(id::RESTRICTIONS).unwrap();
    assert_eq!(entries[0][2], Fact::Absent);
    assert_eq!(entries[1][1], Fact::Unknown);
    assert_eq!(entries[1][0].text(), Some("all_messaging"));
}

#[test]
fn each_mistake_says_what_where_and_what_instead() {
    for (document, code, path, says) in [
        (
            r#"{"recipient": {"region": "Crimea"}}"#,
            "facts/unknown-region",
            "recipient.region",
            "did you mean `UA-43`?",
        ),
        (
            r#"{"account": {"region": "UA43"}}"#,
            "facts/unknown-region",
            "account.region",
            "did you mean `UA-43`?",
        ),
        (
            r#"{"provider": {"domain": "https://hubtype.com/"}}"#,
            "facts/malformed-domain",
            "provider.domain",
            "did you mean `hubtype.com`?",
        ),
        (
            r#"{"account": {"waba_id": "1"}}"#,
            "facts/unknown-member",
            "account.waba_id",
            "did you mean `account.id`?",
        ),
        (
            r#"{"account.quality": "red"}"#,
            "facts/unknown-member",
            "account.quality",
            r#"did you mean `"account": {"quality": …}`?"#,
        ),
        (
            r#"{"recipient": {"wa_id": "1"}}"#,
            "facts/unknown-member",
            "recipient.wa_id",
            "did you mean `recipient.phone`?",
        ),
        (
            r#"{"account": {"phone_number_id": "1"}}"#,
            "facts/unknown-member",
            "account.phone_number_id",
            "did you mean `account.number`?",
        ),
        (
            r#"{"account": {"number": 106540352242922}}"#,
            "facts/wrong-type",
            "account.number",
            "did you mean `\"106540352242922\"`?",
        ),
        (
            r#"{"intermediaries": [{"role": "self"}]}"#,
            "facts/value-outside-list",
            "intermediaries[0].role",
            "expected one of solution_partner, tech_partner, tech_provider, reseller",
        ),
        (
            r#"{"recipient": {"phone": "34600000000"}}"#,
            "facts/malformed-phone",
            "recipient.phone",
            "did you mean `+34600000000`?",
        ),
        (
            r#"{"recipient": {"phone": "0034 600 000 000"}}"#,
            "facts/malformed-phone",
            "recipient.phone",
            "did you mean `+34600000000`?",
        ),
        (
            r#"{"recipient": {"phone": "whatsapp:+34600000000"}}"#,
            "facts/malformed-phone",
            "recipient.phone",
            "did you mean `+34600000000`?",
        ),
        (
            r#"{"recipient": {"country": "UK"}}"#,
            "facts/malformed-country",
            "recipient.country",
            "did you mean `GB`?",
        ),
        (
            r#"{"campaign": {"vertical": "clothing"}}"#,
            "facts/value-outside-list",
            "campaign.vertical",
            "expected one of retail, fashion",
        ),
        (
            r#"{"send_at": "2025-06-14 09:30:00+00:00"}"#,
            "facts/malformed-instant",
            "send_at",
            "did you mean `2025-06-14T09:30:00+00:00`?",
        ),
        (
            r#"{"send_at": "2025-06-14"}"#,
            "facts/instant-without-offset",
            "send_at",
            "in UTC it would be `2025-06-14T00:00:00Z`",
        ),
        (
            r#"{"send_at": "2025-06-14 09:30"}"#,
            "facts/malformed-instant",
            "send_at",
            "in UTC it would be `2025-06-14T09:30:00Z`",
        ),
        (
            r#"{"account": {"qualty": "red"}}"#,
            "facts/unknown-member",
            "account.qualty",
            "did you mean `quality`?",
        ),
        (
            r#"{"quality": "red"}"#,
            "facts/unknown-member",
            "quality",
            "did you mean `account.quality`?",
        ),
        (r#"{"x": {"tier": 1}}"#, "facts/unknown-member", "x.tier", "no pack declares"),
        (
            r#"{"account": {"restrictions": [{"kynd": 1}]}}"#,
            "facts/unknown-member",
            "account.restrictions[0].kynd",
            "did you mean `kind`?",
        ),
        (
            r#"{"account": {"quality": "red", "quality": "red"}}"#,
            "facts/repeated-member",
            "account.quality",
            "twice",
        ),
        (
            r#"{"send_at": "2026-03-02T15:00:00Z", "account": {}, "account": {}}"#,
            "facts/repeated-member",
            "account",
            "twice",
        ),
        (
            r#"{"provider": {"listing": "listed"}}"#,
            "facts/derived",
            "provider.listing",
            "cannot be given",
        ),
        (
            r#"{"account": {"quality": 5}}"#,
            "facts/wrong-type",
            "account.quality",
            "found the number 5, expected one of green, yellow, red",
        ),
        (
            r#"{"account": {"quality": ["red"]}}"#,
            "facts/wrong-type",
            "account.quality",
            "found a list",
        ),
        (
            r#"{"account": {"quality": {"a": 1}}}"#,
            "facts/wrong-type",
            "account.quality",
            "found an object",
        ),
        (
            r#"{"account": {"daily_limit": "10000"}}"#,
            "facts/wrong-type",
            "account.daily_limit",
            "found the string `10000`, expected a whole number from 0, or \"unlimited\"; write it \
             without quotes",
        ),
        (r#"{"account": 7}"#, "facts/wrong-type", "account", "expected an object"),
        (r#"[]"#, "facts/wrong-type", "", "expected an object"),
        (r#"null"#, "facts/wrong-type", "", "expected an object"),
        (
            r#"{"account": {"quality": "gren"}}"#,
            "facts/value-outside-list",
            "account.quality",
            "did you mean `green`?",
        ),
        (
            r#"{"account": {"approved_use_cases": ["marketing", "spamming"]}}"#,
            "facts/value-outside-list",
            "account.approved_use_cases[1]",
            "spamming",
        ),
        (
            r#"{"account": {"approved_use_cases": ["marketing", null]}}"#,
            "facts/wrong-type",
            "account.approved_use_cases[1]",
            "null in a list",
        ),
        (
            r#"{"account": {"daily_limit": -1}}"#,
            "facts/negative-count",
            "account.daily_limit",
            "found -1",
        ),
        (
            r#"{"account": {"daily_limit": "lots"}}"#,
            "facts/wrong-type",
            "account.daily_limit",
            "unlimited",
        ),
        (r#"{"account": {"daily_limit": 1.5}}"#, "facts/wrong-type", "account.daily_limit", "1.5"),
        (
            r#"{"campaign": {"audience_size": 99999999999999999999}}"#,
            "facts/number-out-of-range",
            "campaign.audience_size",
            "64-bit",
        ),
        (
            r#"{"campaign": {"audience_size": 1e999}}"#,
            "facts/number-out-of-range",
            "campaign.audience_size",
            "64-bit",
        ),
        (
            r#"{"send_at": "2026-02-30T00:00:00Z"}"#,
            "facts/impossible-date",
            "send_at",
            "no such date",
        ),
        (
            r#"{"send_at": "2026-03-02T00:00:00"}"#,
            "facts/instant-without-offset",
            "send_at",
            "offset",
        ),
        (r#"{"send_at": "soon"}"#, "facts/malformed-instant", "send_at", "RFC 3339"),
        (
            r#"{"send_at": "0000-03-02T00:00:00Z"}"#,
            "facts/instant-out-of-range",
            "send_at",
            "0001 to 9999",
        ),
        (
            r#"{"recipient": {"phone": "600000000"}}"#,
            "facts/malformed-phone",
            "recipient.phone",
            "E.164",
        ),
        (
            r#"{"recipient": {"phone": "+0600000000"}}"#,
            "facts/malformed-phone",
            "recipient.phone",
            "E.164",
        ),
        (
            r#"{"recipient": {"phone": "+3460000000012345"}}"#,
            "facts/malformed-phone",
            "recipient.phone",
            "E.164",
        ),
        (
            r#"{"recipient": {"country": "es"}}"#,
            "facts/malformed-country",
            "recipient.country",
            "did you mean `ES`?",
        ),
        (
            r#"{"recipient": {"country": "ZZ"}}"#,
            "facts/malformed-country",
            "recipient.country",
            "ISO 3166-1",
        ),
        (
            r#"{"recipient": {"time_zone": "Europe/Atlantis"}}"#,
            "facts/unknown-time-zone",
            "recipient.time_zone",
            "IANA",
        ),
        (
            r#"{"recipient": {"user_id": "US.ENT."}}"#,
            "facts/malformed-user-id",
            "recipient.user_id",
            "US.ENT.",
        ),
        (
            r#"{"recipient": {"user_id": "1234"}}"#,
            "facts/malformed-user-id",
            "recipient.user_id",
            "US.",
        ),
        (
            r#"{"access": {"clients": ["baileys"]}}"#,
            "facts/malformed-client",
            "access.clients[0]",
            "ecosystem:name",
        ),
        (r#"{"send_at": "2026-03-02T15:00:00Z""#, "facts/truncated", "", "ends in the middle"),
        (
            r#"{"account": {"quality": "re"#,
            "facts/truncated",
            "account.quality",
            "ends in the middle",
        ),
        (r#""#, "facts/truncated", "", "ends in the middle"),
        (r#"{"account": {"quality": red}}"#, "facts/syntax", "account.quality", "not JSON"),
        (r#"{} {}"#, "facts/syntax", "", "trailing"),
        (r#"{"account": {"quality": NaN}}"#, "facts/syntax", "account.quality", "not JSON"),
        (r#"{}"#, "facts/missing-send-at", "send_at", "missing"),
    ] {
        let (found_code, found_path, text) = refused(document);
        assert_eq!((found_code, found_path.as_str()), (code, path), "{document}: {text}");
        assert!(text.contains(says), "{document}: {text}");
    }
}

#[test]
fn floods_are_refused_by_name() {
    let deep = format!(r#"{{"account": {{"quality": {}1{}}}}}"#, "[".repeat(100), "]".repeat(100));
    assert_eq!(refused(&deep).0, "facts/too-deep");
    let deeper = format!(r#"{{"account": {}"#, r#"{"a":"#.repeat(100_000));
    assert_eq!(refused(&deeper).0, "facts/unknown-member");
    let deepest = "[".repeat(100_000);
    assert_eq!(refused(&deepest).0, "facts/too-deep");
    let long = format!(r#"{{"access": {{"clients": [{}"npm:b"]}}}}"#, r#""npm:b","#.repeat(5000));
    assert_eq!(refused(&long).0, "facts/list-too-long");
    let text = format!(r#"{{"account": {{"name": "{}"}}}}"#, "n".repeat(10_000));
    assert_eq!(refused(&text).0, "facts/text-too-long");
    let large = " ".repeat(crate::limits::DOCUMENT_BYTES_MAX + 1);
    assert_eq!(refused(&large).0, "facts/too-large");
    let problem = Facts::from_json(&Schema::built_in(), b"{\"send_at\": \"\xff\"}").unwrap_err();
    assert_eq!(problem.code(), "facts/invalid-utf8");
}

#[test]
fn typed_setters_check_as_the_document_does() {
    let schema = Schema::built_in();
    let mut facts = Facts::new(&schema, Timestamp::parse("2026-03-02T15:00:00Z").unwrap());
    facts.set_path("account.quality", Value::string("red")).unwrap();
    assert_eq!(facts.fact(id::ACCOUNT_QUALITY).text(), Some("red"));
    assert_eq!(
        facts.set_path("account.quality", Value::string("reed")).unwrap_err().code(),
        "facts/value-outside-list"
    );
    assert_eq!(
        facts.set_path("account.qualiti", Value::string("red")).unwrap_err().code(),
        "facts/unknown-member"
    );
    assert_eq!(
        facts.set_path("provider.listing", Value::string("listed")).unwrap_err().code(),
        "facts/derived"
    );
    assert_eq!(
        facts.set(id::CAMPAIGN_AUDIENCE_SIZE, Value::Int(-5)).unwrap_err().code(),
        "facts/negative-count"
    );
    assert_eq!(facts.scope(), Scope::Campaign);
    facts.set_null(id::RECIPIENT_PHONE).unwrap();
    assert_eq!((facts.scope(), facts.fact(id::RECIPIENT_PHONE)), (Scope::Recipient, &Fact::Absent));
}

/// An instant as a source of facts gives it typed.
struct Instant(i64, u32);

impl<'de> serde::de::IntoDeserializer<'de, FactsError> for Instant {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Instant {
    type Error = FactsError;

    fn deserialize_any<V: serde::de::Visitor<'de>>(
        self,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(serde::de::value::SeqDeserializer::new(
            [self.0, i64::from(self.1)].into_iter(),
        ))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[test]
fn a_source_that_is_no_text_is_read_by_the_same_rules() {
    let schema = Schema::built_in();
    let read = |name: &'static str, seconds: i64| {
        let members = [(name, Instant(seconds, 5))];
        Facts::from_source(
            &schema,
            serde::de::value::MapDeserializer::<_, FactsError>::new(members.into_iter()),
        )
    };
    assert_eq!(read("send_at", 1_700_000_000).unwrap().send_at(), Timestamp::new(1_700_000_000, 5));
    let problem = |name, seconds| {
        let problem = read(name, seconds).unwrap_err();
        (problem.code(), problem.path().to_owned())
    };
    assert_eq!(problem("send_at", i64::MAX), ("facts/instant-out-of-range", "send_at".to_owned()));
    assert_eq!(problem("send_ta", 0), ("facts/unknown-member", "send_ta".to_owned()));
    assert_eq!(problem("provider", 0), ("facts/wrong-type", "provider".to_owned()));
    assert_eq!(problem("intermediaries", 0), ("facts/wrong-type", "intermediaries".to_owned()));
}

#[test]
fn a_text_is_taken_as_the_value_of_that_text() {
    let schema = Schema::built_in();
    let send_at = Timestamp::parse("2026-03-02T15:00:00Z").unwrap();
    for (path, text) in [
        ("account.quality", "red"),
        ("account.quality", "Red"),
        ("account.country", "ES"),
        ("account.country", "es"),
        ("recipient.phone", "+34600000000"),
        ("recipient.phone", "34600000000"),
        ("account.daily_limit", "unlimited"),
        ("account.since", "2026-03-02T15:00:00Z"),
        ("campaign.automated", "true"),
        ("provider.listing", "listed"),
    ] {
        let Some(id) = schema.id(path) else { continue };
        let (mut of_text, mut of_value) =
            (Facts::new(&schema, send_at), Facts::new(&schema, send_at));
        let outcomes = [of_text.set_text(id, text), of_value.set(id, Value::string(text))];
        let [of_text_given, of_value_given] = outcomes
            .map(|outcome| outcome.map_err(|problem| (problem.code(), problem.to_string())));
        assert_eq!(of_text_given, of_value_given, "{path}: {text}");
        assert_eq!(of_text.fact(id), of_value.fact(id));
        assert_eq!(of_text.scope(), of_value.scope());
    }
}
