//! One malformed expression a mistake: its code, where it is, and what is suggested.

#![expect(clippy::panic, reason = "a test's helper fails the test")]

use std::collections::BTreeSet;

use cleartosend::expert::cel;
use cleartosend::expert::cel::{Environment, ExpressionError, SetDeclaration};
use cleartosend::{Schema, Type};

fn refusal(source: &str) -> ExpressionError {
    let schema = Schema::built_in();
    let sets = [SetDeclaration { name: "alcohol-countries".into(), element: Type::STRING }];
    let compiled = cel::compile_condition(source, &Environment { schema: &schema, sets: &sets });
    compiled.err().unwrap_or_else(|| panic!("`{source}` is accepted"))
}

/// Source, code, the part of the source that is pointed at, and what the help names (nothing: no
/// help).
const REFUSALS: &[(&str, &str, &str, &str)] = &[
    // Words and form.
    ("", "cel/syntax", "", ""),
    ("  // nothing", "cel/syntax", "", ""),
    ("account.quality = 'red'", "cel/syntax", "=", "`==`"),
    ("campaign.automated & true", "cel/syntax", "&", "`&&`"),
    ("campaign.automated | true", "cel/syntax", "|", "`||`"),
    ("campaign.automated and true", "cel/syntax", "and", "`&&`"),
    ("campaign.automated or true", "cel/syntax", "or", "`||`"),
    ("not campaign.automated", "cel/syntax", "not", "`!`"),
    ("campaign.name == “a”", "cel/syntax", "“", "straight quotes"),
    ("(campaign.automated", "cel/syntax", "", "close `(` of character 1 with `)`"),
    ("campaign.automated)", "cel/syntax", ")", ""),
    ("[1, 2", "cel/syntax", "", "close `[` of character 1 with `]`"),
    ("true ? false", "cel/syntax", "", "`condition ? then : otherwise`"),
    ("true ? true ? true : true : true", "cel/syntax", "?", "in brackets"),
    ("1 +", "cel/syntax", "", ""),
    ("account.", "cel/syntax", "", ""),
    ("account.name.size(1,)", "cel/syntax", ")", ""),
    ("-!true", "cel/syntax", "!", ""),
    ("1. > 0", "cel/syntax", ">", ""),
    ("1 > 9223372036854775808", "cel/bad-number", "9223372036854775808", ""),
    ("1.0 > 1e999", "cel/bad-number", "1e999", ""),
    ("0x > 1", "cel/bad-number", "0x", ""),
    ("1 > 2hours", "cel/bad-number", "2h", "`duration(\"2h\")`"),
    ("campaign.name == 'a", "cel/unclosed-string", "'a", ""),
    ("campaign.name == 'a\nb'", "cel/unclosed-string", "'a", ""),
    (r"campaign.name == '\d'", "cel/bad-escape", r"\d", "raw string"),
    (r"campaign.name == '\ud800'", "cel/bad-escape", r"\u", "raw string"),
    ("if == 1", "cel/reserved-word", "if", "`condition ? then : otherwise`"),
    (r"campaign.name == '\xFh'", "cel/bad-escape", r"\x", "raw string"),
    // What is not supported.
    ("account.name.matches('a+')", "cel/unsupported", "matches", "`startsWith`"),
    ("{'a': 1} == {}", "cel/unsupported", "{", ""),
    ("Recipient{phone: ''}", "cel/unsupported", "{", ""),
    ("campaign.name == b'a'", "cel/unsupported", "b", ""),
    ("1u > 0u", "cel/unsupported", "1u", ""),
    ("recipient.phone == null", "cel/unsupported", "null", "`!has(recipient.phone)`"),
    ("dyn(1) == 1", "cel/unsupported", "dyn", ""),
    ("type(1) == int", "cel/unsupported", "type", ""),
    ("int == int", "cel/unsupported", "int", ""),
    ("[1].map(x, x) == [1]", "cel/unsupported", "map", "`exists`"),
    ("[1].filter(x, true) == [1]", "cel/unsupported", "filter", "`exists`"),
    ("[1].all(i, x, true)", "cel/unsupported", "all", ""),
    ("[1].existsOne(i, x, true)", "cel/unsupported", "existsOne", ""),
    ("account.?quality == 'red'", "cel/unsupported", "?", ""),
    ("[1][?0] == 1", "cel/unsupported", "?", ""),
    ("math.abs(1) == 1", "cel/unsupported", "math.abs(1)", ""),
    ("'a'.upperAscii() == 'A'", "cel/unsupported", "upperAscii", ""),
    ("account.`quality` == 'red'", "cel/unsupported", "`", ""),
    // Names.
    ("acount.quality == 'red'", "cel/unknown-attribute", "acount.quality", "`account.quality`"),
    ("quality == 'red'", "cel/unknown-attribute", "quality", "`account.quality`"),
    ("account.quality == red", "cel/unknown-attribute", "red", "`\"red\"`"),
    ("[1].all(item, itme > 0)", "cel/unknown-attribute", "itme", "`item`"),
    ("account == 'red'", "cel/incomplete-attribute", "account", "`account.approved_use_cases`"),
    ("has(recipient)", "cel/incomplete-attribute", "recipient", "`recipient.country`"),
    (
        "account.restrictions.size() > 0",
        "cel/list-of-objects",
        "account.restrictions",
        "`account.restricted_business_initiated`",
    ),
    (
        "account.restrictions[0].kind == ''",
        "cel/list-of-objects",
        "account.restrictions",
        "`account.restricted_business_initiated`",
    ),
    ("account.quality.level == 1", "cel/no-such-member", "account.quality.level", ""),
    ("[1][0].level == 1", "cel/no-such-member", "level", ""),
    ("[1].all(account, account.banned)", "cel/no-such-member", "account.banned", "another name"),
    ("conditions.marketing", "cel/unknown-condition", "conditions.marketing", ""),
    ("!conditions", "cel/unknown-condition", "conditions", ""),
    ("campaign.audience_size < tables.cap", "cel/unknown-table", "tables.cap", ""),
    ("tables == 1", "cel/unknown-table", "tables", ""),
    ("recipient.country in sets", "cel/unknown-set", "sets", "`sets.alcohol_countries`"),
    (
        "recipient.country in sets.alcohol_country",
        "cel/unknown-set",
        "sets.alcohol_country",
        "`sets.alcohol_countries`",
    ),
    ("account.name.startswith('a')", "cel/unknown-function", "startswith", "`startsWith`"),
    ("lower(account.name) == ''", "cel/unknown-function", "lower", "account.name.lowerAscii()"),
    ("[1].existsOne(x, x == 1)", "cel/unknown-function", "existsOne", "`exists_one`"),
    ("send_at > now()", "cel/unknown-function", "now", "`send_at`"),
    ("send_at > now", "cel/unknown-attribute", "now", "`send_at`"),
    ("x.weather == 1", "cel/unknown-attribute", "x.weather", "`[attributes.\"x.weather\"]`"),
    (
        "startsWith(account.name, 'a')",
        "cel/wrong-arguments",
        "startsWith",
        "`account.name.startsWith('a')`",
    ),
    ("account.name.int() == 1", "cel/wrong-arguments", "int", "`int(account.name)`"),
    ("all(x, true)", "cel/wrong-arguments", "all", "`list.all(item, …)`"),
    ("[1].all(true)", "cel/wrong-arguments", "all", "`list.all(item, …)`"),
    ("account.name.startsWith(1)", "cel/wrong-arguments", "account.name.startsWith(1)", ""),
    ("size() > 0", "cel/wrong-arguments", "size()", ""),
    (
        "campaign.requests.contains('password')",
        "cel/wrong-arguments",
        "campaign.requests.contains('password')",
        "`'password' in campaign.requests`",
    ),
    (
        "campaign.requests.startsWith('p')",
        "cel/wrong-arguments",
        "campaign.requests.startsWith('p')",
        "`campaign.requests.exists(item, item.startsWith('p'))`",
    ),
    ("[1].all(1, true)", "cel/bad-variable", "1", "plain name"),
    ("[1].all(a.b, true)", "cel/bad-variable", "a.b", "plain name"),
    ("has('a')", "cel/bad-has", "'a'", ""),
    ("has(sets.alcohol_countries)", "cel/bad-has", "sets.alcohol_countries", ""),
    ("has([1][0])", "cel/bad-has", "[1][0]", ""),
    // Types.
    (
        "campaign.audience_size > 1.5",
        "cel/type-mismatch",
        "campaign.audience_size > 1.5",
        "`double(…)`",
    ),
    (
        "account.feedback_block_rate > 1",
        "cel/type-mismatch",
        "account.feedback_block_rate > 1",
        "`1.0`",
    ),
    (
        "send_at > '2024-01-01T00:00:00Z'",
        "cel/type-mismatch",
        "send_at > '2024-01-01T00:00:00Z'",
        "`timestamp(",
    ),
    ("send_at - send_at < 24", "cel/type-mismatch", "send_at - send_at < 24", "`duration("),
    (
        "campaign.requests == 'password'",
        "cel/type-mismatch",
        "campaign.requests == 'password'",
        "`item in list`",
    ),
    (
        "send_at > send_at + 30",
        "cel/type-mismatch",
        "send_at + 30",
        "`duration(\"720h\")` for 30 days",
    ),
    ("send_at - 1 < send_at", "cel/type-mismatch", "send_at - 1", "`duration(\"24h\")`"),
    (
        "send_at - campaign.audience_size < send_at",
        "cel/type-mismatch",
        "send_at - campaign.audience_size",
        "`duration(\"24h\")`",
    ),
    (
        "2 < campaign.audience_size < 5",
        "cel/type-mismatch",
        "2 < campaign.audience_size < 5",
        "`2 < campaign.audience_size && campaign.audience_size < 5`",
    ),
    (
        "campaign.requests in ['password']",
        "cel/type-mismatch",
        "campaign.requests in ['password']",
        "`campaign.requests.exists(item, item in ['password'])`",
    ),
    ("'a' in 'abc'", "cel/type-mismatch", "'a' in 'abc'", "`string.contains(part)`"),
    ("[1] < [2]", "cel/type-mismatch", "[1] < [2]", ""),
    ("true ? true : 1", "cel/type-mismatch", "1", ""),
    ("-true == true", "cel/type-mismatch", "-true", ""),
    ("account.name[0] == 'a'", "cel/type-mismatch", "account.name", ""),
    ("[1]['0'] == 1", "cel/type-mismatch", "'0'", ""),
    ("1.5 % 1.0 > 0.0", "cel/type-mismatch", "1.5 % 1.0", ""),
    ("campaign.name && true", "cel/not-bool", "campaign.name", ""),
    ("!campaign.name", "cel/not-bool", "campaign.name", ""),
    ("1 ? true : false", "cel/not-bool", "1", ""),
    ("[1].exists(x, x)", "cel/not-bool", "x", ""),
    ("campaign.name in ['a', 1]", "cel/mixed-list", "1", ""),
    ("campaign.audience_size + 1", "cel/not-a-condition", "campaign.audience_size + 1", ""),
    ("[][0]", "cel/no-type", "[][0]", ""),
    // Values.
    ("account.quality == 'rde'", "cel/unknown-value", "'rde'", "`red`"),
    ("'gren' != account.quality", "cel/unknown-value", "'gren'", "`green`"),
    ("account.quality == 'purple'", "cel/unknown-value", "'purple'", "`green`, `yellow`, `red`"),
    ("account.quality in ['green', 'yelow']", "cel/unknown-value", "'yelow'", "`yellow`"),
    ("account.quality in ['green'] + ['yelow']", "cel/unknown-value", "'yelow'", "`yellow`"),
    (
        "account.quality == (true ? 'red' : 'blu')",
        "cel/unknown-value",
        "'blu'",
        "`green`, `yellow`, `red`",
    ),
    ("account.quality == 're' + 'dd'", "cel/unknown-value", "'re' + 'dd'", "`red`"),
    (
        "'payment_cards' in campaign.requests",
        "cel/unknown-value",
        "'payment_cards'",
        "`payment_card`",
    ),
    ("campaign.requests == ['pasword']", "cel/unknown-value", "'pasword'", "`password`"),
    ("campaign.requests[0] == 'pasword'", "cel/unknown-value", "'pasword'", "`password`"),
    ("campaign.requests.exists(r, r == 'pasword')", "cel/unknown-value", "'pasword'", "`password`"),
    ("campaign.requests.all(r, r in ['pasword'])", "cel/unknown-value", "'pasword'", "`password`"),
    ("recipient.country == 'es'", "cel/unknown-value", "'es'", "`ES`"),
    ("recipient.country in ['ES', 'Spain']", "cel/unknown-value", "'Spain'", "`ES`"),
    (
        "send_at > timestamp('2024-01-01')",
        "cel/bad-literal",
        "'2024-01-01'",
        "write `timestamp(\"2024-01-01T00:00:00Z\")`",
    ),
    (
        "send_at > timestamp('2023-02-29T00:00:00Z')",
        "cel/bad-literal",
        "'2023-02-29T00:00:00Z'",
        "",
    ),
    (
        "send_at > timestamp(2026-03-01)",
        "cel/bad-literal",
        "2026-03-01",
        "`timestamp(\"2026-03-01T00:00:00Z\")`",
    ),
    (
        "send_at > timestamp(2026 - 2 - 30)",
        "cel/bad-literal",
        "2026 - 2 - 30",
        "`timestamp(\"1970-01-01T00:33:14Z\")`",
    ),
    (
        "send_at > timestamp(1767225600)",
        "cel/bad-literal",
        "1767225600",
        "`timestamp(\"2026-01-01T00:00:00Z\")`",
    ),
    (
        "send_at > timestamp(-9223372036854775807)",
        "cel/bad-literal",
        "-9223372036854775807",
        "`timestamp(",
    ),
    ("send_at - send_at < duration('1d')", "cel/bad-literal", "'1d'", ""),
    ("send_at - send_at < duration('315576000001s')", "cel/bad-literal", "'315576000001s'", ""),
    ("true || send_at.getHours('2:00') > 8", "cel/unknown-zone", "'2:00'", "`+01:00`"),
    ("send_at.getHours('+24:00') > 8", "cel/unknown-zone", "'+24:00'", "`+01:00`"),
    ("send_at.getHours('Factory') > 8", "cel/unknown-zone", "'Factory'", "`+01:00`"),
    ("contains('ab', 'a')", "cel/wrong-arguments", "contains", "`'ab'.contains('a')`"),
    ("'AB'.upperAscii() == 'AB'", "cel/unsupported", "upperAscii", ""),
    ("1 < 1.5", "cel/type-mismatch", "1 < 1.5", "`double(…)`"),
    ("1 == 1.0", "cel/type-mismatch", "1 == 1.0", "`double(…)`"),
    (
        "send_at.getHours('Europe/Madird') > 8",
        "cel/unknown-zone",
        "'Europe/Madird'",
        "`Europe/Madrid`",
    ),
    // Slips of those who come from other languages.
    ("campaign.automated === true", "cel/syntax", "===", "`==`"),
    ("campaign.category <> 'marketing'", "cel/syntax", "<>", "`!=`"),
    ("campaign.category !== 'marketing'", "cel/syntax", "!==", "`!=`"),
    ("campaign.audience_size => 5", "cel/syntax", "=>", "`>=`"),
    ("campaign.audience_size =< 5", "cel/syntax", "=<", "`<=`"),
    ("campaign.audience_size ≥ 5", "cel/syntax", "≥", "`>=`"),
    ("campaign.category ≠ 'marketing'", "cel/syntax", "≠", "`!=`"),
    ("campaign.name =~ 'a'", "cel/syntax", "=~", "`startsWith`"),
    ("campaign.automated; true", "cel/syntax", ";", "`&&`"),
    ("campaign.automated # why", "cel/syntax", "#", "`//`"),
    ("$campaign.automated", "cel/syntax", "$", "path of an attribute"),
    ("campaign.automated\u{200b} && true", "cel/syntax", "\u{200b}", "blank"),
    ("campaign.automated\u{a0}&& true", "cel/syntax", "\u{a0}", "blank"),
    ("campaign.automated AND true", "cel/syntax", "AND", "`&&`"),
    ("campaign.automated OR true", "cel/syntax", "OR", "`||`"),
    ("NOT campaign.automated", "cel/syntax", "NOT", "`!`"),
    (
        "campaign.category IN ['marketing']",
        "cel/syntax",
        "IN",
        "`campaign.category in ['marketing']`",
    ),
    (
        "campaign.category not in ['marketing']",
        "cel/syntax",
        "not",
        "`!(campaign.category in ['marketing'])`",
    ),
    ("recipient.phone IS NULL", "cel/syntax", "IS", "`!has(recipient.phone)`"),
    ("recipient.phone is not null", "cel/syntax", "is", "`has(recipient.phone)`"),
    ("recipient.phone != null", "cel/unsupported", "null", "`has(recipient.phone)`"),
    ("recipient.phone == None", "cel/unknown-attribute", "None", "`has(…)`"),
    (
        "campaign.audience_size BETWEEN 1 AND 5",
        "cel/syntax",
        "BETWEEN",
        "`1 <= campaign.audience_size && campaign.audience_size <= 5`",
    ),
    ("campaign.name LIKE 'a%'", "cel/syntax", "LIKE", "`startsWith`"),
    ("campaign.automated == True", "cel/unknown-attribute", "True", "`true`"),
    ("campaign.automated == 'true'", "cel/type-mismatch", "campaign.automated == 'true'", "`true`"),
    ("campaign.category in ('marketing', 'utility')", "cel/syntax", ",", "in square brackets"),
    ("campaign.category in {'marketing'}", "cel/unsupported", "{", "in square brackets"),
    (
        "campaign.category == 'marketing' || 'utility'",
        "cel/not-bool",
        "'utility'",
        "`campaign.category in ['marketing', 'utility']`",
    ),
    ("len(campaign.requests) > 0", "cel/unknown-function", "len", "`size(campaign.requests)`"),
    (
        "campaign.requests.length > 0",
        "cel/no-such-member",
        "campaign.requests.length",
        "`size(campaign.requests)`",
    ),
    (
        "campaign.requests.includes('password')",
        "cel/unknown-function",
        "includes",
        "`'password' in campaign.requests`",
    ),
    (
        "campaign.requests.any(r, r == 'password')",
        "cel/unknown-function",
        "any",
        "`campaign.requests.exists(item, …)`",
    ),
    ("isset(recipient.phone)", "cel/unknown-function", "isset", "`has(recipient.phone)`"),
    ("exists(recipient.phone)", "cel/wrong-arguments", "exists", "`has(recipient.phone)`"),
    ("has('recipient.phone')", "cel/bad-has", "'recipient.phone'", "`has(recipient.phone)`"),
    ("account['quality'] == 'red'", "cel/type-mismatch", "'quality'", "`account.quality`"),
    ("send_at.year == 2026", "cel/no-such-member", "send_at.year", "`send_at.getFullYear()`"),
    (
        "send_at > 2026-03-01",
        "cel/type-mismatch",
        "send_at > 2026-03-01",
        "`timestamp(\"2026-03-01T00:00:00Z\")`",
    ),
    (
        "send_at > 2026-03-01T15:00:00Z",
        "cel/bad-number",
        "01T",
        "`timestamp(\"2026-03-01T15:00:00Z\")`",
    ),
    (
        "send_at > '2026-03-01'",
        "cel/type-mismatch",
        "send_at > '2026-03-01'",
        "`timestamp(\"2026-03-01T00:00:00Z\")`",
    ),
    ("send_at + '1h' > send_at", "cel/type-mismatch", "send_at + '1h'", "`duration(\"1h\")`"),
    ("send_at + 30d > send_at", "cel/bad-number", "30d", "`duration(\"720h\")`"),
    (
        "timestamp(2026) < send_at",
        "cel/bad-literal",
        "2026",
        "`timestamp(\"2026-01-01T00:00:00Z\")`",
    ),
    ("campaign.audience_size > 1_000", "cel/bad-number", "1_", "`1000`"),
    ("campaign.audience_size > 1,000", "cel/syntax", ",", "`1000`"),
    ("campaign.audience_size > 50%", "cel/syntax", "", "`0.5`"),
    (
        "recipient.country in sets.alcohol-countries",
        "cel/unknown-set",
        "sets.alcohol-countries",
        "`sets.alcohol_countries`",
    ),
    // Values of a form.
    (
        "'npm/whatsapp-web.js' in access.clients",
        "cel/unknown-value",
        "'npm/whatsapp-web.js'",
        "`npm:whatsapp-web.js`",
    ),
    (
        "access.clients.exists(c, c == 'yarn:baileys')",
        "cel/unknown-value",
        "'yarn:baileys'",
        "`npm:baileys`",
    ),
    ("access.clients == ['baileys']", "cel/unknown-value", "'baileys'", "`ecosystem:name`"),
    ("access.endpoint == 'ftp://x'", "cel/unknown-value", "'ftp://x'", "`https://x`"),
    ("recipient.country == 'SP'", "cel/unknown-value", "'SP'", "`ES`"),
    ("recipient.user_id == '1'", "cel/unknown-value", "'1'", "business-scoped"),
    ("account.id == ''", "cel/unknown-value", "''", "an id"),
    ("provider.name == 'unknown'", "cel/unknown-value", "'unknown'", "the name of a firm"),
];

#[test]
fn each_mistake_is_reported_where_it_is() {
    let mut wrong = Vec::new();
    for (source, code, at, help) in REFUSALS {
        let error = refusal(source);
        let found = (
            error.code(),
            source.get(error.span()).unwrap_or("outside"),
            error.help().unwrap_or_default(),
        );
        let helped = if help.is_empty() { found.2.is_empty() } else { found.2.contains(help) };
        if found.0 != *code || found.1 != *at || !helped {
            wrong.push(format!("`{source}`: {found:?}, {error}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn all_that_is_wrong_with_names_and_types_is_reported_in_order() {
    let codes = |source: &str| -> Vec<(&'static str, String)> {
        let error = refusal(source);
        let reported = |error: &ExpressionError| {
            (error.code(), source.get(error.span()).unwrap_or_default().to_owned())
        };
        [reported(&error)].into_iter().chain(error.further().iter().map(reported)).collect()
    };
    let expected = |errors: &[(&'static str, &str)]| -> Vec<(&'static str, String)> {
        errors.iter().map(|(code, at)| (*code, (*at).to_owned())).collect()
    };
    assert_eq!(
        codes("x.foo > 1 && x.bar == 2 && account.quality == 'rde'"),
        expected(&[
            ("cel/unknown-attribute", "x.foo"),
            ("cel/unknown-attribute", "x.bar"),
            ("cel/unknown-value", "'rde'")
        ])
    );
    // What is refused fits everything around it: nothing follows from it.
    for source in [
        "!x.foo",
        "x.foo + 1 < 2 || x.foo in [1]",
        "x.foo ? true : x.foo",
        "x.foo[0].all(y, y.bar == 1)",
        "now().getHours('UTC') < 3",
    ] {
        let found = codes(source);
        assert!(
            found
                .iter()
                .all(|(code, _)| code.starts_with("cel/unknown-") || *code == "cel/no-such-member"),
            "{source}: {found:?}"
        );
    }
    assert_eq!(
        codes("size(x.foo) + 'a' == 1"),
        expected(&[("cel/type-mismatch", "size(x.foo) + 'a'"), ("cel/unknown-attribute", "x.foo")])
    );
    // A literal that is refused has no number to stand for.
    assert_eq!(codes("send_at > timestamp(1) && send_at < timestamp(2)").len(), 2);
    let many = ["nobody"; 100].join(" && ");
    assert_eq!(codes(&many).len(), cleartosend::expert::limits::EXPRESSION_ERRORS_MAX);
}

#[test]
fn messages_are_one_quiet_line() {
    for (source, ..) in REFUSALS {
        let error = refusal(source);
        for text in [error.message(), error.help().unwrap_or("x")] {
            let first = text.chars().next().unwrap_or('A');
            assert!(
                !first.is_uppercase() && !text.contains('\n') && !text.ends_with('.'),
                "`{source}`: {text}"
            );
        }
    }
}

#[test]
fn every_code_of_the_reference_is_shown_by_a_case() {
    let reference = include_str!("../../../docs/reference/rule-language.md");
    let listed: BTreeSet<&str> =
        reference.split("`cel/").skip(1).filter_map(|rest| rest.split('`').next()).collect();
    let shown = REFUSALS.iter().map(|(_, code, ..)| *code);
    // Shown by the tests of limits, guards, tables and evaluation.
    let elsewhere = [
        "cel/too-long",
        "cel/too-deep",
        "cel/too-many-nodes",
        "cel/list-too-long",
        "cel/list-too-nested",
        "cel/unguarded",
        "cel/absent",
        "cel/overflow",
        "cel/division-by-zero",
        "cel/out-of-range",
        "cel/index-out-of-range",
        "cel/bad-conversion",
        "cel/no-entry",
        "cel/too-many-steps",
        "cel/text-too-long",
    ];
    let shown: BTreeSet<&str> =
        shown.chain(elsewhere).filter_map(|code| code.strip_prefix("cel/")).collect();
    assert_eq!(listed, shown);
}

#[test]
fn places_are_lines_and_columns_in_characters() {
    let source = "account.name == 'ñandú' &&\n  acount.banned";
    let error = refusal(source);
    assert_eq!(error.line_column(source), (2, 3));
    assert_eq!(cel::line_column("'ñ' + x", 7), (1, 7));
}

#[test]
fn a_set_beside_a_closed_attribute_is_reported_for_its_members() {
    let schema = Schema::built_in();
    let sets = [SetDeclaration { name: "alcohol-countries".into(), element: Type::STRING }];
    let source =
        "recipient.country in sets.alcohol_countries || account.name in sets.alcohol_countries";
    let expression =
        cel::compile(source, &Environment { schema: &schema, sets: &sets }).expect("loads");
    let [membership, of_name] = expression.memberships() else {
        panic!("{:?}", expression.memberships())
    };
    assert_eq!(schema.id("account.name"), Some(of_name.attribute));
    assert_eq!(schema.id("recipient.country"), Some(membership.attribute));
    assert_eq!(
        source.get(membership.span.range()),
        Some("recipient.country in sets.alcohol_countries")
    );
    let error = cel::check_value(&schema, membership.attribute, "Spain", membership.span)
        .expect_err("no country");
    assert_eq!(error.code(), "cel/unknown-value");
}
