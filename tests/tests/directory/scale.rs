//! What a directory of 100,000 providers costs: run by hand, in release, with
//! `--ignored --nocapture`.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement: it prints, and asks the clock"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use cleartosend::directory::Identity;
use cleartosend::expert::resolve::plan;
use cleartosend::{Directory, Timestamp};

const SYLLABLES: &[&str] = &[
    "ba", "cor", "din", "fel", "gra", "hub", "jin", "ka", "lo", "mer", "nex", "pra", "qua", "rin",
    "sol", "tec", "vo", "xi", "zen", "tri", "chat", "net", "flow", "ly", "mo",
];

/// Two to four syllables, sometimes two words; every name is another one.
fn name(mut number: usize) -> String {
    let mut name = String::new();
    for at in 0..4 {
        name.push_str(SYLLABLES[number % SYLLABLES.len()]);
        number /= SYLLABLES.len();
        if at == 1 && number % 3 == 1 {
            name.push(' ');
        }
    }
    name
}

fn directory(count: usize) -> String {
    let mut json = String::from(
        r#"{"source": "made", "retrieved_at": "2026-03-01", "complete": true, "covers": {"from": "2018-08-01"}, "providers": ["#,
    );
    for at in 0..count {
        let name = name(at);
        let label = name.replace(' ', "-");
        let comma = if at == 0 { "" } else { "," };
        write!(
            json,
            r#"{comma}{{"id": "{}", "name": "{name}", "aliases": ["{name} gmbh"], "domains": ["{label}.com"], "role": "solution_partner", "listed": [{{"from": "2018-08-01", "until": null}}], "evidence": "made"}}"#,
            1_000_000_000_000_000_usize + at
        )
        .unwrap();
    }
    json.push_str("]}");
    json
}

/// Nanoseconds that this thread has run, where the system says so: on a shared machine, the clock
/// on the wall counts others' work too.
fn cpu_nanos() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or(0)
}

fn per_call<T>(what: &str, count: usize, mut call: impl FnMut(usize) -> T) {
    let (start, cpu) = (Instant::now(), cpu_nanos());
    for at in 0..count {
        black_box(call(at));
    }
    let each = |nanos: u64| nanos as f64 / count as f64;
    println!(
        "{what}: {:.0} ns ({:.0} ns by the wall)",
        each(cpu_nanos() - cpu),
        each(start.elapsed().as_nanos() as u64)
    );
}

#[test]
#[ignore = "a measurement"]
fn one_hundred_thousand_providers() {
    let json = directory(100_000);
    per_call("load", 1, |_| Directory::from_json(json.as_bytes()).unwrap());
    let directory = Directory::from_json(json.as_bytes()).unwrap();
    let at = Timestamp::parse("2026-03-02T15:00:00Z").unwrap();
    per_call("the first stranger", 1, |_| {
        directory
            .find(&Identity { name: Some("Weather"), ..Identity::default() }, at)
            .lookalike
            .is_some()
    });
    let names: Vec<String> = (0..1000).map(|number| name(number * 97 % 100_000)).collect();
    let domains: Vec<String> =
        names.iter().map(|name| format!("app.{}.com", name.replace(' ', "-"))).collect();
    let strangers: Vec<String> =
        (0..1000).map(|number| format!("Weather Bureau {number} of Atlantis")).collect();
    let near: Vec<String> = names.iter().map(|name| name.replacen('o', "0", 1) + "x").collect();
    let long: Vec<String> =
        names.iter().map(|name| format!("{}zzqy", &name[..name.len() - 2])).collect();
    per_call("find by name", 100_000, |number| {
        directory
            .find(&Identity { name: Some(&names[number % 1000]), ..Identity::default() }, at)
            .listing
    });
    per_call("find by domain", 100_000, |number| {
        directory
            .find(&Identity { domain: Some(&domains[number % 1000]), ..Identity::default() }, at)
            .listing
    });
    let both = |number: usize| Identity {
        name: Some(&names[number % 1000]),
        domain: Some(&domains[number % 1000]),
        id: None,
    };
    per_call("find by name and domain", 100_000, |number| {
        directory.find(&both(number), at).listing
    });
    for (what, texts) in
        [("a stranger", &strangers), ("a near name", &near), ("one segment in common", &long)]
    {
        per_call(what, 5_000, |number| {
            directory
                .find(&Identity { name: Some(&texts[number % 1000]), ..Identity::default() }, at)
                .lookalike
                .is_some()
        });
    }
    let unknown: Vec<String> =
        strangers.iter().map(|name| format!("{}.example", name.replace(' ', "-"))).collect();
    per_call("a strange domain", 5_000, |number| {
        directory
            .find(&Identity { domain: Some(&unknown[number % 1000]), ..Identity::default() }, at)
            .lookalike
            .is_some()
    });
}

#[test]
#[ignore = "a measurement"]
fn the_number_plan() {
    let phones: Vec<String> =
        (0..1000_u64).map(|number| format!("+1{}5550123", 201 + number % 780)).collect();
    per_call("country of a +1 number", 1_000_000, |number| {
        plan::country_of(&phones[number % 1000])
    });
    per_call("country of a +34 number", 1_000_000, |_| plan::country_of(black_box("+34600000000")));
    per_call("zones of a +1 number", 1_000_000, |number| plan::zones_of(&phones[number % 1000]));
    per_call("zones of a +34 number", 1_000_000, |_| plan::zones_of(black_box("+34600000000")));
}
