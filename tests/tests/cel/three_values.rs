//! What conditions come to when facts are absent or unknown, and which uses of nullable attributes
//! are guarded.

#![expect(clippy::panic, clippy::expect_used, reason = "a test's helper fails the test")]

use cleartosend::expert::cel;
use cleartosend::expert::cel::guard::Part;
use cleartosend::expert::cel::{
    Bindings, Environment, Expression, ExpressionError, Outcome, SetDeclaration, SetId, guard,
};
use cleartosend::schema::AttributeId;
use cleartosend::{Fact, Schema, Type, Value};

/// Facts by path; the rest is unknown.
struct Facts {
    facts: Vec<Fact>,
    set: Vec<Value>,
}

impl Facts {
    fn of(facts: &[(&str, Fact)]) -> Self {
        let schema = Schema::built_in();
        let mut all = vec![Fact::Unknown; schema.len()];
        for (path, fact) in facts {
            all[schema.id(path).expect("an attribute").index()] = fact.clone();
        }
        Self { facts: all, set: vec![Value::string("ES"), Value::string("FR")] }
    }
}

impl Bindings for Facts {
    fn fact(&self, id: AttributeId) -> &Fact {
        &self.facts[id.index()]
    }

    fn set(&self, _: SetId) -> &[Value] {
        &self.set
    }
}

fn compile(source: &str) -> Expression {
    let schema = Schema::built_in();
    let sets = [SetDeclaration { name: "some-countries".into(), element: Type::STRING }];
    cel::compile(source, &Environment { schema: &schema, sets: &sets })
        .unwrap_or_else(|error| panic!("{error} in `{source}`"))
}

/// The outcome in words: a value, `?` and the paths it lacks, or a code.
fn outcome(source: &str, facts: &Facts) -> String {
    match cel::evaluate(&compile(source), facts) {
        Outcome::Value(value) => value.to_json().to_string(),
        Outcome::Error(error) => error.code().to_owned(),
        Outcome::Undetermined(lacked) => {
            let schema = Schema::built_in();
            let mut paths: Vec<&str> =
                lacked.iter().map(|id| &*schema.attribute(*id).path).collect();
            paths.sort_unstable();
            format!("? {}", paths.join(" "))
        }
    }
}

fn text(text: &str) -> Fact {
    Fact::Value(Value::string(text))
}

/// `account.banned` is true, `account.quality` green, the audience 5, the requests two;
/// `provider.id` is absent; the rest is unknown.
fn facts() -> Facts {
    Facts::of(&[
        ("account.banned", Fact::Value(Value::Bool(true))),
        ("account.quality", text("green")),
        ("campaign.audience_size", Fact::Value(Value::Int(5))),
        (
            "campaign.requests",
            Fact::Value(Value::List(
                [Value::string("password"), Value::string("bank_account")].into(),
            )),
        ),
        ("provider.id", Fact::Absent),
    ])
}

#[test]
fn unknown_and_absent() {
    let facts = facts();
    let cases = [
        // Known.
        ("account.quality == 'green'", "true"),
        ("campaign.audience_size % 3", "2"),
        ("'password' in campaign.requests", "true"),
        ("'ES' in sets.some_countries && sets.some_countries.size() == 2", "true"),
        ("[account.quality] + ['x']", r#"["green","x"]"#),
        // Unknown: told by name; both sides of a strict operator.
        ("campaign.automated", "? campaign.automated"),
        ("campaign.name == account.name", "? account.name campaign.name"),
        ("campaign.name + 'x' in [account.name]", "? account.name campaign.name"),
        ("size(campaign.name)", "? campaign.name"),
        ("campaign.name == campaign.name", "? campaign.name"),
        // Absent: an error where the value is used, not an unknown.
        ("provider.id == 'x'", "cel/absent"),
        ("!(provider.id == 'x')", "cel/absent"),
        ("provider.id in ['x']", "cel/absent"),
        // `has` of value, absent and unknown.
        ("has(account.quality)", "true"),
        ("has(provider.id)", "false"),
        ("has(provider.name)", "? provider.name"),
        ("has(provider.id) && provider.id == 'x'", "false"),
        ("!has(provider.id) || provider.id == 'x'", "true"),
        // Absorption, from either side.
        ("account.banned || campaign.automated", "true"),
        ("campaign.automated || account.banned", "true"),
        ("!account.banned && campaign.automated", "false"),
        ("campaign.automated && !account.banned", "false"),
        ("campaign.automated && account.banned", "? campaign.automated"),
        ("campaign.automated || !account.banned", "? campaign.automated"),
        ("provider.id == 'x' || account.banned", "true"),
        ("account.banned || 1 / 0 > 0", "true"),
        ("1 / 0 > 0 && !account.banned", "false"),
        // Unknown before error; unknowns together; the first error.
        ("1 / 0 > 0 && campaign.automated", "? campaign.automated"),
        ("campaign.automated || provider.id == 'x'", "? campaign.automated"),
        ("1 / 0 == campaign.audience_size + account.daily_limit", "? account.daily_limit"),
        (
            "campaign.automated && campaign.human_handoff && account.restricted_all",
            "? account.restricted_all campaign.automated campaign.human_handoff",
        ),
        ("1 / 0 > 0 || [1][7] == 1", "cel/division-by-zero"),
        // A condition needs what it branches on, and nothing of the other branch.
        ("campaign.automated ? 1 : 1", "? campaign.automated"),
        ("account.banned ? 1 : account.daily_limit", "1"),
        ("!account.banned ? 1 : account.daily_limit", "? account.daily_limit"),
        ("provider.id == 'x' ? 1 : 2", "cel/absent"),
        // Macros absorb an element at a time.
        (
            "[campaign.audience_size, account.daily_limit].exists(n, n == 5)",
            "? account.daily_limit",
        ),
        ("campaign.requests.exists(r, r == 'password' || campaign.automated)", "true"),
        ("campaign.requests.all(r, r == 'password' && campaign.automated)", "false"),
        ("campaign.requests.all(r, r == 'password' || campaign.automated)", "? campaign.automated"),
        ("campaign.requests.exists_one(r, r == 'password')", "true"),
        (
            "campaign.requests.exists_one(r, r == 'password' || campaign.automated)",
            "? campaign.automated",
        ),
        ("[3, 2, 1].exists(n, 6 / (n - 2) == 6)", "true"),
        ("[3, 2].exists(n, 6 / (n - 2) == 7)", "cel/division-by-zero"),
        ("access.clients.all(c, true)", "? access.clients"),
        ("[].all(n, campaign.automated)", "true"),
    ];
    for (source, expected) in cases {
        assert_eq!(outcome(source, &facts), expected, "{source}");
    }
}

#[test]
fn errors_of_evaluation() {
    let cases = [
        ("9223372036854775807 + campaign.audience_size", "cel/overflow"),
        ("-9223372036854775808 - campaign.audience_size", "cel/overflow"),
        ("-(-9223372036854775807 - 1)", "cel/overflow"),
        ("-9223372036854775808 / -1", "cel/overflow"),
        ("campaign.audience_size / 0", "cel/division-by-zero"),
        ("campaign.audience_size % 0", "cel/division-by-zero"),
        ("1.0 / 0.0", "\"Infinity\""),
        ("int(1e99)", "cel/bad-conversion"),
        ("int('5x')", "cel/bad-conversion"),
        ("int('+5')", "5"),
        ("double('1e999')", "cel/bad-conversion"),
        ("bool('yes')", "cel/bad-conversion"),
        ("timestamp(account.quality)", "cel/bad-conversion"),
        ("duration(account.quality)", "cel/bad-conversion"),
        ("timestamp([253402300800][0])", "cel/bad-conversion"),
        ("timestamp('9999-12-31T23:59:59Z') + duration('1s')", "cel/out-of-range"),
        (
            "timestamp('9999-01-01T00:00:00Z') - timestamp('0001-01-01T00:00:00Z')",
            "cel/out-of-range",
        ),
        ("duration('300000000000s') + duration('300000000000s')", "cel/out-of-range"),
        ("timestamp('9999-12-31T23:59:59Z').getFullYear('+01:00')", "cel/out-of-range"),
        ("[1, 2][campaign.audience_size]", "cel/index-out-of-range"),
        ("[1, 2][-1]", "cel/index-out-of-range"),
        ("timestamp([0][0]).getHours(account.quality)", "cel/unknown-zone"),
    ];
    for (source, expected) in cases {
        assert_eq!(outcome(source, &facts()), expected, "{source}");
    }
}

#[test]
fn an_absent_value_is_named_and_pointed_at() {
    let source = "account.banned && provider.id == 'x'";
    let Outcome::Error(error) = cel::evaluate(&compile(source), &facts()) else {
        panic!("no error")
    };
    assert_eq!(error.message(), "`provider.id` is absent and its value is used");
    assert_eq!(source.get(error.span()), Some("provider.id"));
    assert_eq!(error.absent_attribute(), Schema::built_in().id("provider.id"));
}

#[test]
fn texts_and_spans() {
    let cases = [
        ("string(1.0)", "\"1\""),
        ("string(0.0001)", "\"0.0001\""),
        ("string(0.00001)", "\"1e-05\""),
        ("string(123456.5)", "\"123456.5\""),
        ("string(1234567.5)", "\"1.2345675e+06\""),
        ("string(-0.0)", "\"-0\""),
        ("string(0.1 + 0.2)", "\"0.30000000000000004\""),
        ("string(duration('90m'))", "\"5400s\""),
        ("duration('1h30m') == duration('90m') && duration('+1.5h') == duration('1h30m')", "true"),
        ("duration('-1.5s')", "\"-1.5s\""),
        ("duration('.5s') + duration('1us') + duration('1ns')", "\"0.500001001s\""),
        ("duration('-1500ms').getSeconds()", "-1"),
        ("duration('-1500ms').getMilliseconds()", "-500"),
        ("duration('315576000000s').getHours()", "87660000"),
        ("duration('-315576000000s')", "\"-315576000000s\""),
        (
            "timestamp('2302-04-10T00:00:00Z') - timestamp('2010-01-01T00:00:00Z')",
            "\"9223113600s\"",
        ),
        ("string(0.0 / 0.0) + string(1.0 / 0.0) + string(-1.0 / 0.0)", "\"NaNInfinity-Infinity\""),
        ("--1 == 1 && !!true && ---1 == -1", "true"),
        ("timestamp('2026-03-02T15:00:00Z').getHours('02:00')", "17"),
        ("timestamp('2026-03-02T15:00:00Z').getHours('-00:30')", "14"),
        ("timestamp('2026-03-02T15:00:00Z').getHours('europe/madrid')", "16"),
        ("'ÀB'.lowerAscii() + '\\u2003b\\u200b '.trim()", "\"Àbb\u{200b}\""),
        ("'日本語'.size()", "3"),
        ("timestamp('2026-03-29T01:30:00Z').getHours('Europe/Madrid')", "3"),
        ("timestamp('2026-03-02T15:00:00Z').getDayOfWeek()", "1"),
        ("timestamp('2026-03-02T23:30:00-02:00')", "\"2026-03-03T01:30:00Z\""),
        ("true ? [] : [1]", "[]"),
        ("[[1], []] == [[1], []]", "true"),
        ("2 + 3 * 4 - 10 / 5 % 3 == 12", "true"),
        ("1 < 2 == true", "true"),
        ("!false && false || true", "true"),
        ("false ? 1 : false ? 2 : 3", "3"),
        (".account.quality", "\"green\""),
        ("['x'].exists(account, account == 'x' && .account.banned)", "true"),
        ("[1, 2,].all(x, [x].exists(y, y == x))", "true"),
    ];
    for (source, expected) in cases {
        assert_eq!(outcome(source, &facts()), expected, "{source}");
    }
}

/// Uses of attributes, as written.
type Uses = Vec<(Part, String)>;

/// The unguarded uses.
fn unguarded(applies: Option<&str>, condition: &str) -> Uses {
    let schema = Schema::built_in();
    let applies = applies.map(|source| (source, compile(source)));
    let expression = compile(condition);
    let found = guard::unguarded(
        applies.as_ref().map(|(_, applies)| &applies.root),
        &expression.root,
        &schema,
    );
    let source = |part| {
        if part == Part::Condition {
            condition
        } else {
            applies.as_ref().map_or("", |(source, _)| *source)
        }
    };
    found
        .iter()
        .map(|found| (found.part, source(found.part)[found.span.range()].to_owned()))
        .collect()
}

#[test]
fn guards() {
    let guarded: &[(Option<&str>, &str)] = &[
        (None, "account.quality == 'red'"),
        (None, "has(provider.id) && provider.id == 'x'"),
        (None, "provider.id == 'x' && has(provider.id)"),
        (None, "!has(provider.id) || provider.id == 'x'"),
        (None, "has(provider.id) ? provider.id == 'x' : account.banned"),
        (None, "!(has(provider.id) && provider.id == 'x')"),
        (None, "has(provider.id) == true ? true : true"),
        (None, "has(provider.id) && has(provider.name) && provider.id == provider.name"),
        (None, "has(provider.id) && (account.banned || provider.id == 'x')"),
        (None, "has(provider.id) && ['x'].exists(x, x == provider.id)"),
        (None, "true || provider.id == 'x'"),
        // No window without a last message.
        (
            None,
            "recipient.in_service_window && send_at - recipient.last_inbound_at < duration('1h')",
        ),
        (
            Some("recipient.in_service_window"),
            "send_at - recipient.last_inbound_at < duration('1h')",
        ),
        // What does not apply is not judged.
        (Some("has(provider.id)"), "provider.id == 'x'"),
        (Some("has(provider.id) && account.banned"), "provider.id == 'x' || provider.id == 'y'"),
        (
            Some("has(provider.id) || has(provider.name)"),
            "has(provider.id) ? provider.id == 'x' : provider.name == 'x'",
        ),
        (Some("false"), "provider.id == 'x'"),
    ];
    for (applies, condition) in guarded {
        assert_eq!(unguarded(*applies, condition), [], "{applies:?} {condition}");
    }
    let id = |part| vec![(part, "provider.id".to_owned())];
    let name = |part| vec![(part, "provider.name".to_owned())];
    let open: &[(Option<&str>, &str, Uses)] = &[
        (None, "provider.id == 'x'", id(Part::Condition)),
        (None, "provider.id != 'x'", id(Part::Condition)),
        (None, "account.banned && provider.id == 'x'", id(Part::Condition)),
        (None, "has(provider.id) || provider.id == 'x'", id(Part::Condition)),
        (None, "has(provider.name) && provider.id == 'x'", id(Part::Condition)),
        (None, "has(provider.id) && provider.id == provider.name", name(Part::Condition)),
        (None, "has(provider.id) ? account.banned : provider.id == 'x'", id(Part::Condition)),
        (
            None,
            "account.banned || has(provider.id) && (true || false) && size(provider.id + \
             provider.name) > 2",
            name(Part::Condition),
        ),
        (None, "[1].all(x, provider.id == 'x')", id(Part::Condition)),
        (None, "provider.id in ['x']", id(Part::Condition)),
        (Some("provider.id == 'x'"), "account.banned", id(Part::Applies)),
        (Some("has(provider.name)"), "provider.id == 'x'", id(Part::Condition)),
        (Some("account.banned"), "provider.id == 'x'", id(Part::Condition)),
        (Some("!has(provider.id)"), "provider.id == 'x'", id(Part::Condition)),
    ];
    for (applies, condition, expected) in open {
        assert_eq!(unguarded(*applies, condition), *expected, "{applies:?} {condition}");
    }
}

#[test]
fn an_unguarded_use_says_what_to_write() {
    let schema = Schema::built_in();
    let expression = compile("account.banned && provider.id == 'x'");
    let found = guard::unguarded(None, &expression.root, &schema);
    let [found] = found.as_slice() else { panic!("{found:?}") };
    let error = ExpressionError::unguarded(found.span, &schema.attribute(found.attribute).path);
    assert_eq!((error.code(), &expression.source[error.span()]), ("cel/unguarded", "provider.id"));
    assert!(error.help().is_some_and(|help| help.contains("`has(provider.id) && …`")));
}

#[test]
fn many_nullable_attributes_are_judged_strictly_but_soundly() {
    // One more than the patterns of absence that are tried one by one: presence is then undecided.
    let paths = [
        "provider.id",
        "provider.name",
        "provider.domain",
        "access.endpoint",
        "recipient.phone",
        "recipient.user_id",
        "provider.lookalike_of",
        "recipient.time_zone",
        "intermediaries.weakest_link",
    ];
    let text = |path: &str| match path {
        "recipient.phone" => "+34600000000",
        "recipient.time_zone" => "Europe/Madrid",
        "recipient.user_id" => "ES.1349",
        "provider.domain" => "acme.example",
        "access.endpoint" => "https://acme.example",
        _ => "x",
    };
    let guards: Vec<String> =
        paths.iter().map(|path| format!("has({path}) && {path} == '{}'", text(path))).collect();
    let found = unguarded(None, &guards.join(" || "));
    assert_eq!(found.len(), paths.len());
    let eight: Vec<String> = guards.into_iter().take(8).collect();
    assert_eq!(unguarded(None, &eight.join(" || ")), []);
}
