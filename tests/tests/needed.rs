//! Which members does an ordinary campaign need, and which rule needs each?
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test reads its data from files, and fails by panicking"
)]

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use cleartosend::{Decision, Engine, Verdict};
use serde_json::Value;

/// How many members an ordinary marketing template may need.
const MEMBERS_MAX: usize = 18;

const PAGE: &str = "../docs/reference/needed-members.md";

fn decide(engine: &Engine, document: &Value) -> Option<Decision> {
    engine.check_json(document.to_string().as_bytes()).ok()
}

fn is_clear(engine: &Engine, document: &Value) -> bool {
    decide(engine, document).is_some_and(|decision| decision.verdict() == Verdict::Allow)
}

/// The paths of all members that hold a value or a list.
fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
    for (name, member) in value.as_object().unwrap() {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        if member.is_object() { leaves(member, &path, found) } else { found.push(path) }
    }
}

fn without(document: &Value, path: &str) -> Value {
    let mut document = document.clone();
    let (names, last) = path
        .rsplit_once('.')
        .map_or((Vec::new(), path), |(names, last)| (names.split('.').collect(), last));
    let object = names.into_iter().fold(&mut document, |at, name| at.get_mut(name).unwrap());
    object.as_object_mut().unwrap().remove(last);
    document
}

/// The least document that is still clear to send, by taking members out one by one, from the last
/// to the first.
fn least(engine: &Engine, document: &Value) -> Value {
    let mut paths = Vec::new();
    leaves(document, "", &mut paths);
    paths.sort_unstable();
    let mut least = document.clone();
    // What was needed for want of another member may no longer be, once that one is out.
    loop {
        let before = paths.len();
        for path in paths.clone().iter().rev() {
            let shorter = without(&least, path);
            if is_clear(engine, &shorter) {
                least = shorter;
                paths.retain(|kept| kept != path);
            }
        }
        if paths.len() == before {
            return least;
        }
    }
}

fn page(engine: &Engine, least: &Value, needed: &[String]) -> String {
    let mut page = String::from(TOP);
    for path in needed {
        let rules: BTreeSet<String> = match decide(engine, &without(least, path)) {
            None => BTreeSet::from(["every rule: the day decides which are in force".to_owned()]),
            Some(decision) => {
                let decides = decision
                    .findings()
                    .iter()
                    .filter(|finding| finding.verdict.effect() > Verdict::Allow);
                decides.map(|finding| format!("`{}`", finding.rule)).collect()
            }
        };
        let rules: Vec<String> = rules.into_iter().collect();
        let source = KNOWN_FROM.iter().find(|(known, _)| known == path).map(|(_, from)| *from);
        writeln!(page, "| `{path}` | {} | {} |", source.unwrap(), rules.join(", ")).unwrap();
    }
    page
}

const TOP: &str = "\
# What an ordinary campaign needs

<!-- Written by the tests with `BLESS=1 cargo test -p cleartosend-tests --test needed`; do not \
                   edit. -->

The least that has to be given of `examples/clean-campaign.json`, an approved marketing template \
                   through the business's own app, so that the
answer is `allow`: with any of these left out, the rules on its right can no longer be settled. \
                   What else the document holds counts where it
is given, and is not asked for here: the route follows from Meta's own endpoint, the content from \
                   the template's status, who opens the conversation
from the category, and the use case from category and trade. A campaign through a provider needs \
                   its name or domain, its app review and the firms
in between too. None of these can go: each is known to the sender alone, or to WhatsApp, which \
                   tells it on request, and none follows from the others.

| member | who knows it | needed by |
| --- | --- | --- |
";

/// Where a sender finds what it must give.
const KNOWN_FROM: &[(&str, &str)] = &[
    ("access.clients", "the sender: its dependencies, which `cts scan` lists"),
    ("access.endpoint", "the sender: the address that its software posts to"),
    ("account.country", "the sender: where the business is"),
    ("account.daily_limit", "WhatsApp: the portfolio's messaging limit"),
    ("account.quality", "WhatsApp: the number's quality rating"),
    ("account.restrictions", "WhatsApp: events of the account; `[]` where none came"),
    ("account.review", "WhatsApp: the account's review status"),
    ("account.violations", "WhatsApp: events of the account; `[]` where none came"),
    ("campaign.audience_size", "the sender: the length of its list"),
    ("campaign.category", "WhatsApp: the template's category"),
    ("campaign.offers_opt_out", "the sender: its text and buttons"),
    ("campaign.template.status", "WhatsApp: the template's status"),
    ("campaign.vertical", "the sender: its trade"),
    ("provider.role", "the sender: its own app, or whose"),
    ("recipient.opt_in", "the sender: its record of consent"),
    ("recipient.opted_out", "the sender: its record of objections"),
    ("recipient.phone", "the sender: its list"),
    ("send_at", "the sender: when the message goes out"),
];

#[test]
fn an_ordinary_marketing_template_needs_few_members() {
    let engine = Engine::built_in().unwrap();
    let document: Value = serde_json::from_str(&common::text(
        &common::root().join("../examples/clean-campaign.json"),
    ))
    .unwrap();
    assert!(is_clear(&engine, &document));
    let least = least(&engine, &document);
    let mut needed = Vec::new();
    leaves(&least, "", &mut needed);
    needed.sort_unstable();
    let found = page(&engine, &least, &needed);
    assert!(needed.len() <= MEMBERS_MAX, "{} members:\n{found}", needed.len());
    let file = common::root().join(PAGE);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, &found).unwrap();
    }
    let reported = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        reported == found,
        "{} differs; run with BLESS=1 and read the difference",
        file.display()
    );
}

/// What is a condition of an exception, or asked by the law of another country alone, is not asked
/// of everybody.
#[test]
fn an_ordinary_document_is_not_asked_for_the_conditions_of_exceptions() {
    let engine =
        Engine::builder().built_in_pack("whatsapp").built_in_pack("messaging-law").build().unwrap();
    let text = common::text(&common::root().join("../examples/clean-campaign.json"));
    let conditions = [
        "age_gated",
        "licence_held",
        "gambling_permission",
        "news_page",
        "is_adult",
        "in_register",
        "last_deal_at",
        "ad_label",
        "commerce",
        "coexistence",
    ];
    assert!(
        conditions.iter().all(|member| !text.contains(member)),
        "the example says more than an ordinary document"
    );
    assert!(is_clear(&engine, &serde_json::from_str(&text).unwrap()));
}
