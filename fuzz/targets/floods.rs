//! How long does the most of one kind take, within the limits?
//!
//! Prints the time of each; a document should stay below 50 ms and a pack below a second.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use cleartosend::{Directory, Engine, Pack, PackFile, Schema};
use cleartosend::expert::cel;
use cleartosend::expert::cel::Environment;

const MIB: usize = 1 << 20;
const SEND_AT: &str = "\"send_at\": \"2026-03-02T15:00:00Z\"";

fn main() {
    documents();
    expressions();
    packs();
    directories();
}

fn tell(kind: &str, name: &str, bytes: usize, limit: Duration, outcome: &str, took: Duration) {
    let mark = if took > limit { "SLOW" } else { "    " };
    println!("{mark} {kind:10} {name:44} {bytes:>9} bytes {took:>12.2?}  {outcome}");
}

/// As many items as fit in a document.
fn filled(open: &str, item: impl Fn(usize) -> String, close: &str) -> String {
    let mut text = open.to_owned();
    for number in 0.. {
        let item = item(number);
        if text.len() + item.len() + close.len() + 1 > MIB {
            break;
        }
        if number > 0 {
            text.push(',');
        }
        text.push_str(&item);
    }
    text + close
}

/// This many items.
fn listed(count: usize, open: &str, item: impl Fn(usize) -> String, close: &str) -> String {
    let items: Vec<String> = (0..count).map(item).collect();
    format!("{open}{}{close}", items.join(","))
}

fn documents() {
    let engine = Engine::built_in().unwrap();
    // The look-alikes' tables are made when first needed.
    let _ = engine
        .check_json(format!("{{{SEND_AT}, \"provider\": {{\"name\": \"Hubtipe\"}}}}").as_bytes());
    let wide = |text: &str, bytes: usize| text.repeat(bytes / text.len());
    let mut all: Vec<(String, String)> = vec![
        ("[".into(), "[".repeat(MIB)),
        ("{\"x\":".into(), "{\"x\":".repeat(MIB / 5)),
        ("spaces".into(), " ".repeat(MIB)),
        ("digits".into(), "9".repeat(MIB)),
        ("digits under send_at".into(), format!("{{\"send_at\": {}}}", "9".repeat(MIB - 20))),
        ("fraction under send_at".into(), format!("{{\"send_at\": 0.{}}}", "1".repeat(MIB - 20))),
        ("exponent under send_at".into(), format!("{{\"send_at\": 1e{}}}", "0".repeat(MIB - 20))),
        (
            "one text".into(),
            format!("{{{SEND_AT}, \"provider\": {{\"name\": \"{}\"}}}}", "a".repeat(MIB - 100)),
        ),
        (
            "one text of escapes".into(),
            format!(
                "{{{SEND_AT}, \"provider\": {{\"name\": \"{}\"}}}}",
                "\\u0041".repeat(MIB / 6 - 100)
            ),
        ),
        ("one key".into(), format!("{{\"{}\": 1}}", "a".repeat(MIB - 100))),
        (
            "members under x".into(),
            filled(&format!("{{{SEND_AT}, \"x\": {{"), |n| format!("\"m{n}\":1"), "}}"),
        ),
        ("members of the document".into(), filled("{", |n| format!("\"m{n}\":1"), "}")),
        (
            "lists where a text belongs".into(),
            filled(&format!("{{{SEND_AT}, \"provider\": {{\"name\": ["), |_| "[]".into(), "]}}"),
        ),
        ("send_at again and again".into(), filled("{", |_| SEND_AT.into(), "}")),
        (
            "clients, short".into(),
            listed(
                4096,
                &format!("{{{SEND_AT}, \"access\": {{\"clients\": ["),
                |n| format!("\"npm:c{n}\""),
                "]}}",
            ),
        ),
        (
            "clients, long".into(),
            listed(
                4096,
                &format!("{{{SEND_AT}, \"access\": {{\"clients\": ["),
                |n| format!("\"npm:{n}{}\"", wide("a", 240)),
                "]}}",
            ),
        ),
        (
            "restrictions".into(),
            listed(
                4096,
                &format!("{{{SEND_AT}, \"account\": {{\"restrictions\": ["),
                |_| {
                    "{\"kind\":\"business_initiated\",\"since\":\"2026-03-01T00:00:00Z\",\"until\":\
                     null}"
                        .into()
                },
                "]}}",
            ),
        ),
        (
            "violations".into(),
            listed(
                4096,
                &format!("{{{SEND_AT}, \"account\": {{\"violations\": ["),
                |_| "{\"kind\":\"spam\",\"at\":\"2026-03-01T00:00:00Z\"}".into(),
                "]}}",
            ),
        ),
        (
            "empty intermediaries".into(),
            listed(4096, &format!("{{{SEND_AT}, \"intermediaries\": ["), |_| "{}".into(), "]}"),
        ),
    ];
    for (name, unit) in [
        ("a", "a"),
        ("hubtype", "hubtype "),
        ("cyrillic", "\u{435}"),
        ("fullwidth", "\u{ff28}"),
        ("ligature", "\u{fdfa}"),
        ("marks", "e\u{301}\u{323}"),
        ("rtl", "\u{202e}a"),
    ] {
        all.push((
            format!("a long provider name, {name}"),
            format!("{{{SEND_AT}, \"provider\": {{\"name\": \"{}\"}}}}", wide(unit, 8190)),
        ));
        all.push((
            format!("a long provider domain, {name}"),
            format!("{{{SEND_AT}, \"provider\": {{\"domain\": \"{}.com\"}}}}", wide(unit, 8180)),
        ));
        all.push((
            format!("a provider domain of labels, {name}"),
            format!(
                "{{{SEND_AT}, \"provider\": {{\"domain\": \"{}com\"}}}}",
                wide(&format!("{unit}."), 8180)
            ),
        ));
        all.push((
            format!("intermediaries with names, {name}"),
            listed(
                4096,
                &format!("{{{SEND_AT}, \"intermediaries\": ["),
                |n| format!("{{\"name\":\"{n}{}\"}}", wide(unit, 230)),
                "]}",
            ),
        ));
        all.push((
            format!("intermediaries with short names, {name}"),
            listed(
                4096,
                &format!("{{{SEND_AT}, \"intermediaries\": ["),
                |n| format!("{{\"name\":\"{n}{}\"}}", wide(unit, 16)),
                "]}",
            ),
        ));
        all.push((
            format!("intermediaries with domains, {name}"),
            listed(
                4096,
                &format!("{{{SEND_AT}, \"intermediaries\": ["),
                |n| format!("{{\"domain\":\"{}{n}.com\"}}", wide(unit, 50)),
                "]}",
            ),
        ));
        all.push((
            format!("intermediaries, names of 8 KiB, {name}"),
            listed(
                125,
                &format!("{{{SEND_AT}, \"intermediaries\": ["),
                |n| format!("{{\"name\":\"{n}{}\"}}", wide(unit, 8180)),
                "]}",
            ),
        ));
    }
    for (name, document) in all {
        let mut best = Duration::MAX;
        let mut outcome = String::new();
        for _ in 0..3 {
            let start = Instant::now();
            let answer = engine.check_json(document.as_bytes());
            best = best.min(start.elapsed());
            outcome = match answer {
                Ok(decision) => decision.verdict().name().to_owned(),
                Err(error) => error.code().to_owned(),
            };
        }
        tell("document", &name, document.len(), Duration::from_millis(50), &outcome, best);
    }
}

fn expressions() {
    let schema = Schema::built_in();
    let environment = Environment { schema: &schema, sets: &[] };
    let facts = cleartosend::Facts::new(&schema, cleartosend::Timestamp::MAX);
    let engine = Engine::built_in().unwrap();
    let long = "a".repeat(1000);
    let list = format!("[{}]", vec!["1"; 1000].join(","));
    let texts = format!("[{}]", vec![format!("'{}'", "a".repeat(10)); 900].join(","));
    let all = [
        ("names", "a".repeat(16 * 1024)),
        ("brackets", "(".repeat(16 * 1024)),
        ("negations", "!".repeat(16 * 1024)),
        ("sum", format!("1{}", "+1".repeat(2040))),
        ("ands", format!("true{}", "&&true".repeat(90))),
        ("a near name", format!("account.{long}")),
        ("unknown function", format!("{long}(1)")),
        ("escapes", format!("'{}'", "\\u0041".repeat(2700))),
        ("blanks", format!("1{}", " ".repeat(16_000))),
        (
            "product of lists",
            format!(
                "{list}.all(a, {list}.all(b, {list}.all(c, {list}.all(d, a + b + c + d > 0))))"
            ),
        ),
        ("texts doubling", format!("'{long}'{}", format!(" + '{long}'").repeat(14))),
        (
            "contains",
            format!("{texts}.all(a, {texts}.all(b, ('aaaaaaaaaaaaaaaaaaaaaaaa' + a).contains(b)))"),
        ),
        ("in", format!("{texts}.all(a, a in {texts})")),
        (
            "zones",
            "[1,2,3,4,5,6,7,8,9].all(a, [1,2,3,4,5,6,7,8,9].all(b, [1,2,3,4,5,6,7,8,9].all(c, \
             [1,2,3,4,5,6,7,8,9].all(d, send_at.getHours('Europe/Madrid') >= 0))))"
                .to_owned(),
        ),
        ("list equality", format!("{list}.all(a, {list} == {list})")),
        ("list building", format!("{list}.all(a, size({list} + {list}) > 0)")),
        ("conversions", format!("{list}.all(a, {list}.all(b, string(timestamp(a + b)) != ''))")),
        (
            "parse instants",
            format!(
                "{list}.all(a, {list}.all(b, timestamp('2026-03-02T15:00:00Z') < \
                 timestamp('2026-03-02T15:00:0' + string(a) + 'Z')))"
            ),
        ),
    ];
    for (name, source) in all {
        let start = Instant::now();
        let compiled = cel::compile(&source, &environment);
        let took = start.elapsed();
        let outcome = compiled
            .as_ref()
            .map_or_else(|error| error.code().to_owned(), |_| "compiled".to_owned());
        tell("compile", name, source.len(), Duration::from_millis(50), &outcome, took);
        if compiled.is_ok() {
            let start = Instant::now();
            let outcome = format!("{:?}", engine.eval(&source, &facts));
            tell(
                "evaluate",
                name,
                source.len(),
                Duration::from_millis(200),
                &outcome.chars().take(60).collect::<String>(),
                start.elapsed(),
            );
        }
    }
}

fn with(path: &str, text: String) -> Vec<PackFile> {
    let mut files = Pack::built_in_files("whatsapp").unwrap();
    files.retain(|file| file.path != path);
    files.push(PackFile { path: path.to_owned(), bytes: Cow::Owned(text.into_bytes()) });
    files
}

fn rule(number: usize, more: &str) -> String {
    format!(
        "[[rule]]\nid = \"limits.flood-{number}\"\ntopic = \"limits\"\ntitle = \"A \
         rule\"\nverdict = \"review\"\nfrom = 2018-08-01\nsource = {{ id = \"messaging-policy\", \
         section = \"1\" }}\nmessage = \"m\"\nadvice = \"a\"\nexposure = []\n{more}\n"
    )
}

fn packs() {
    let schema = Schema::built_in();
    let attributes = [
        "account.quality == 'red'",
        "account.country == 'ES'",
        "campaign.category == 'marketing'",
        "campaign.vertical == 'retail'",
        "access.route == 'cloud_api'",
        "account.review == 'approved'",
        "recipient.opt_in == 'given'",
        "campaign.content == 'template'",
        "account.verification == 'verified'",
        "campaign.use_case == 'surveys'",
    ];
    let clause = |n: usize| {
        format!(
            "({} && {} || {})",
            attributes[n % 10],
            attributes[(n / 3 + 1) % 10],
            attributes[(n / 7 + 2) % 10]
        )
    };
    let product = |deep: usize| (0..deep).map(clause).collect::<Vec<_>>().join(" && ");
    let condition = |text: &str| format!("forbids = \"{text}\"");
    let alternating = (0..40).fold("account.quality == 'red'".to_owned(), |inner, n| {
        format!("({inner} {} {})", if n % 2 == 0 { "&&" } else { "||" }, attributes[n % 10])
    });
    let negated = (0..40).fold("account.quality == 'red'".to_owned(), |inner, n| {
        format!(
            "!({inner} {} {})",
            if n % 2 == 0 { "==" } else { "!=" },
            format!("({})", attributes[n % 10])
        )
    });
    let ternary = (0..40).fold("true".to_owned(), |inner, n| {
        format!("({} ? {inner} : !({}))", attributes[n % 10], attributes[(n + 3) % 10])
    });
    let ternaries = (0..7).fold("true".to_owned(), |inner, n| {
        format!("({} ? {inner} : !({inner}))", attributes[n % 10])
    });
    let many = |count: usize, more: &dyn Fn(usize) -> String| {
        (0..count).map(|n| rule(n, &more(n))).collect::<String>()
    };
    let set = |values: &str| {
        format!(
            "\n[[set]]\nid = \"flood\"\ntitle = \"x\"\nsource = {{ id = \"messaging-policy\" \
             }}\n\n[[set.entry]]\nvalues = {values}\n"
        )
    };
    let own = |path: &str| {
        let files = Pack::built_in_files("whatsapp").unwrap();
        files
            .iter()
            .find(|file| file.path == path)
            .map(|file| String::from_utf8_lossy(&file.bytes).into_owned())
            .unwrap_or_default()
    };
    let all: Vec<(String, &str, String)> = vec![
        ("brackets".into(), "sets.toml", "[".repeat(MIB)),
        ("inline tables".into(), "sets.toml", format!("a = {}", "{a=".repeat(MIB / 3))),
        ("a line".into(), "sets.toml", "a".repeat(4 * MIB)),
        ("line feeds".into(), "sets.toml", "\n".repeat(4 * MIB)),
        ("quotes".into(), "sets.toml", "\"".repeat(MIB)),
        ("keys".into(), "sets.toml", (0..100_000).map(|n| format!("k{n} = 1\n")).collect()),
        (
            "keys, dotted".into(),
            "sets.toml",
            (0..100_000).map(|n| format!("k.a{n}.b = 1\n")).collect(),
        ),
        ("one key again and again".into(), "sets.toml", "k = 1\n".repeat(200_000)),
        ("tables".into(), "sets.toml", (0..100_000).map(|n| format!("[t{n}]\n")).collect()),
        ("empty rules".into(), "rules/limits.toml", "[[rule]]\n".repeat(100_000)),
        ("comments".into(), "rules/limits.toml", "# \n".repeat(MIB)),
        (
            "rules of one id".into(),
            "rules/limits.toml",
            (0..20_000).map(|_| rule(1, &condition("account.quality == 'red'"))).collect(),
        ),
        (
            "rules, no such attribute".into(),
            "rules/flood.toml",
            many(20_000, &|n| condition(&format!("account.qualiti{n} == 'red'"))),
        ),
        (
            "rules, one attribute".into(),
            "rules/flood.toml",
            many(10_000, &|n| condition(&format!("account.daily_limit == {n}"))),
        ),
        (
            "rules, a predicate each".into(),
            "rules/flood.toml",
            many(10_000, &|n| {
                condition(&format!("account.daily_limit + {n} == campaign.audience_size"))
            }),
        ),
        (
            "rules, a text each".into(),
            "rules/flood.toml",
            many(10_000, &|n| {
                condition(&format!(
                    "account.country == 'ES' && campaign.automated && !(access.route == \
                     'cloud_api') && account.daily_limit > {n}"
                ))
            }),
        ),
        ("product of 4".into(), "rules/flood.toml", rule(1, &condition(&product(4)))),
        ("product of 8".into(), "rules/flood.toml", rule(1, &condition(&product(8)))),
        ("product of 30".into(), "rules/flood.toml", rule(1, &condition(&product(30)))),
        ("product of 80".into(), "rules/flood.toml", rule(1, &condition(&product(80)))),
        (
            "product of 30, a thousand times".into(),
            "rules/flood.toml",
            many(1000, &|_| condition(&product(30))),
        ),
        ("and, or, forty deep".into(), "rules/flood.toml", rule(1, &condition(&alternating))),
        (
            "equality of conditions, forty deep".into(),
            "rules/flood.toml",
            rule(1, &condition(&negated)),
        ),
        ("choices, forty deep".into(), "rules/flood.toml", rule(1, &condition(&ternary))),
        ("choices, doubling".into(), "rules/flood.toml", rule(1, &condition(&ternaries))),
        (
            "a set of 100,000 texts".into(),
            "sets.toml",
            own("sets.toml") + &set(&listed(100_000, "[", |n| format!("'t{n}'"), "]")),
        ),
        (
            "a set of one text 100,000 times".into(),
            "sets.toml",
            own("sets.toml") + &set(&listed(100_000, "[", |_| "'t'".into(), "]")),
        ),
        (
            "10,000 dated entries".into(),
            "sets.toml",
            own("sets.toml")
                + &set("['a']")
                + &(0..10_000)
                    .map(|n| {
                        format!("[[set.entry]]\nvalues = ['b{n}']\nfrom = 20{:02}-01-01\n", n % 100)
                    })
                    .collect::<String>(),
        ),
        (
            "1,000 tests".into(),
            "tests/window.toml",
            own("tests/window.toml")
                + &(0..1000)
                    .map(|n| {
                        format!(
                            "[[test]]\nname = \"n{n}\"\nexpect = {{ verdict = \"allow\", violated \
                             = [] }}\n"
                        )
                    })
                    .collect::<String>(),
        ),
    ];
    for (name, path, text) in all {
        let bytes = text.len();
        let files = with(path, text);
        let start = Instant::now();
        let loaded = Pack::load(&files, &schema);
        let took = start.elapsed();
        let outcome = match &loaded {
            Ok(_) => "loaded".to_owned(),
            Err(errors) => format!(
                "{} of {}",
                errors.iter().next().map_or("", |error| error.code()),
                errors.iter().count()
            ),
        };
        tell("pack", &name, bytes, Duration::from_secs(1), &outcome, took);
        if loaded.is_ok() {
            let start = Instant::now();
            let engine = Engine::builder().pack("flood", files).build();
            let took = start.elapsed();
            tell(
                "engine",
                &name,
                bytes,
                Duration::from_secs(2),
                &engine
                    .as_ref()
                    .map_or_else(|error| error.code().to_owned(), |_| "built".to_owned()),
                took,
            );
            if let Ok(engine) = engine {
                let start = Instant::now();
                let decision =
                    engine.check_json(format!("{{{SEND_AT}, \"recipient\": {{}}}}").as_bytes());
                tell(
                    "check",
                    &name,
                    bytes,
                    Duration::from_millis(50),
                    &decision.map_or_else(
                        |error| error.code().to_owned(),
                        |decision| decision.verdict().name().to_owned(),
                    ),
                    start.elapsed(),
                );
            }
        }
    }
}

fn directories() {
    let whole = |providers: String| {
        format!(
            "{{\"source\":\"s\",\"retrieved_at\":\"2026-03-01T00:00:00Z\",\"complete\":true,\"\
             covers\":{{\"from\":\"2018-08-01\",\"until\":null}},\"providers\":{providers}}}"
        )
    };
    let entry = |n: usize, name: &str| {
        format!(
            "{{\"id\":\"p{n}\",\"name\":\"{name}\",\"domains\":[\"p{n}.com\"],\"listed\":[{{\"\
             from\":\"2018-08-01\",\"until\":null}}]}}"
        )
    };
    let all = [
        ("100,000 of one name", whole(listed(100_000, "[", |n| entry(n, "Acme"), "]"))),
        ("100,000 names", whole(listed(100_000, "[", |n| entry(n, &format!("Acme {n}")), "]"))),
        (
            "names of 8 KiB",
            whole(listed(1000, "[", |n| entry(n, &format!("{n}{}", "hubtype ".repeat(1000))), "]")),
        ),
        (
            "one with 100,000 aliases",
            whole(format!(
                "[{{\"id\":\"a\",\"name\":\"A\",\"aliases\":{}}}]",
                listed(100_000, "[", |n| format!("\"a{n}\""), "]")
            )),
        ),
        (
            "one with 100,000 periods",
            whole(format!(
                "[{{\"id\":\"a\",\"name\":\"A\",\"listed\":{}}}]",
                listed(
                    100_000,
                    "[",
                    |n| format!(
                        "{{\"from\":\"{}-01-01\",\"until\":\"{}-06-01\"}}",
                        1 + n % 9998,
                        1 + n % 9998
                    ),
                    "]"
                )
            )),
        ),
        (
            "names of marks",
            whole(listed(1000, "[", |n| entry(n, &format!("{n}{}", "\u{fdfa}".repeat(200))), "]")),
        ),
        ("brackets", "[".repeat(16 * MIB)),
    ];
    for (name, text) in all {
        let start = Instant::now();
        let directory = Directory::from_json(text.as_bytes());
        let took = start.elapsed();
        let outcome = directory
            .as_ref()
            .map_or_else(|error| error.code().to_owned(), |_| "loaded".to_owned());
        tell("directory", name, text.len(), Duration::from_secs(2), &outcome, took);
        let Ok(directory) = directory else { continue };
        for (what, who) in [
            ("first look-alike", "Acmé 7"),
            ("look-alike", "Acne"),
            ("a long name", &"hubtipe ".repeat(1000)),
        ] {
            let start = Instant::now();
            let identity =
                cleartosend::directory::Identity { id: None, name: Some(who), domain: None };
            let found = directory.find(&identity, directory.retrieved_at());
            let outcome = format!(
                "{what}: {} {:?}",
                found.listing.name(),
                found.lookalike.map(|l| l.of.name().chars().take(20).collect::<String>())
            );
            tell("find", name, who.len(), Duration::from_millis(50), &outcome, start.elapsed());
        }
    }
}
