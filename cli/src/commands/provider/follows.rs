//! What is the verdict on a campaign through this provider, by route, role and app review?
//!
//! The engine itself is asked, with nothing but the provider, the route and the day given, so that
//! this page and a check never differ.

use std::collections::BTreeSet;
use std::fmt::Display;

use cleartosend::Engine;
use cleartosend::directory::Identity;
use cleartosend::expert::language::{Words, catalogue as words};
use cleartosend::expert::render::Page;
use cleartosend::{Lang, RuleTopic, Status, Timestamp, Topic, Verdict};
use serde_json::{Value, json};

use crate::failure::Failure;

const ROUTES: &[(&str, Words)] =
    &[("cloud_api", words::ROUTE_CLOUD), ("on_premises_api", words::ROUTE_ON_PREMISES)];
const ROLES: &[(&str, Words)] = &[
    ("solution_partner", words::ROLE_SOLUTION_PARTNER),
    ("tech_partner", words::ROLE_TECH_PARTNER),
    ("tech_provider", words::ROLE_TECH_PROVIDER),
    ("reseller", words::ROLE_RESELLER),
];
const REVIEWS: &[(&str, Words)] = &[
    ("passed", words::REVIEW_PASSED),
    ("pending", words::REVIEW_PENDING),
    ("none", words::REVIEW_NONE),
];

/// One route, with what each role and review on it comes to.
pub(super) struct Route {
    name: &'static str,
    /// What it comes to, in words.
    says: Words,
    cases: Vec<Case>,
}

/// One role and review on a route.
struct Case {
    role: &'static str,
    review: &'static str,
    verdict: Verdict,
    /// The rules that it breaks, by id.
    rules: Vec<String>,
    /// Those that the directory leaves open.
    open: Vec<String>,
}

/// What follows from the rules about providers and routes at that instant.
pub(super) fn routes(
    engine: &Engine,
    who: &Identity<'_>,
    at: Timestamp,
) -> Result<Vec<Route>, Failure> {
    let mut routes = Vec::new();
    for (name, says) in ROUTES {
        let mut cases = Vec::new();
        for (role, _) in ROLES {
            for (review, _) in REVIEWS {
                cases.push(case(engine, who, at, name, role, review)?);
            }
        }
        routes.push(Route { name, says: *says, cases });
    }
    Ok(routes)
}

fn case(
    engine: &Engine,
    who: &Identity<'_>,
    at: Timestamp,
    route: &str,
    role: &'static str,
    review: &'static str,
) -> Result<Case, Failure> {
    let document = json!({
        "provider": {
            "id": who.id, "name": who.name, "domain": who.domain, "role": role, "app_review": review, "claims_official": false,
        },
        "intermediaries": [],
        "access": {"route": route, "endpoint": null, "clients": []},
    });
    let decision = engine
        .check_json_at(document.to_string().as_bytes(), at)
        .map_err(|error| Failure::new(&format!("{error} [{}]", error.code())))?;
    // Of the route only what is sure counts; of the provider also what the directory leaves open.
    let against = decision.findings().iter().filter(|finding| match &finding.topic {
        RuleTopic::BuiltIn(Topic::Provider) => {
            matches!(finding.status, Status::Violated | Status::Undetermined)
        }
        RuleTopic::BuiltIn(Topic::Access) => finding.status == Status::Violated,
        _ => false,
    });
    let mut found =
        Case { role, review, verdict: Verdict::Allow, rules: Vec::new(), open: Vec::new() };
    for finding in against {
        found.verdict = found.verdict.max(finding.verdict.effect());
        let rules =
            if finding.status == Status::Violated { &mut found.rules } else { &mut found.open };
        rules.push(finding.rule.to_string());
    }
    Ok(found)
}

pub(super) fn as_json(routes: &[Route]) -> Value {
    let cases = routes.iter().flat_map(|route| {
        route.cases.iter().map(|case| {
            json!({
                "route": route.name, "role": case.role, "app_review": case.review, "verdict": case.verdict.name(), "rules": case.rules, "open": case.open,
            })
        })
    });
    cases.collect()
}

pub(super) fn write(text: &mut String, routes: &[Route], at: Timestamp, page: &Page) {
    let lang = page.lang;
    page.row(text, words::LABEL_FOLLOWS, &words::FOLLOWS_FOR.with(lang, &[("at", &at)]));
    for route in routes {
        for verdict in [Verdict::Deny, Verdict::Review, Verdict::Allow] {
            let cases: Vec<&Case> =
                route.cases.iter().filter(|case| case.verdict == verdict).collect();
            if cases.is_empty() {
                continue;
            }
            let named = |rules: fn(&Case) -> &Vec<String>| -> String {
                let distinct: BTreeSet<&str> =
                    cases.iter().flat_map(|case| rules(case)).map(String::as_str).collect();
                distinct.into_iter().collect::<Vec<_>>().join(", ")
            };
            let (violated, undetermined) = (named(|case| &case.rules), named(|case| &case.open));
            let word = words::verdict(verdict).of(lang);
            let values: [(&str, &dyn Display); 3] =
                [("verdict", &word), ("violated", &violated), ("undetermined", &undetermined)];
            let line = match (violated.is_empty(), undetermined.is_empty()) {
                (true, true) => word.to_owned(),
                (false, true) => words::VERDICT_VIOLATED.with(lang, &values),
                (true, false) => words::VERDICT_UNDETERMINED.with(lang, &values),
                (false, false) => words::VERDICT_VIOLATED_UNDETERMINED.with(lang, &values),
            };
            let cases = in_words(&cases, lang);
            page.more(text, &route.says.with(lang, &[("cases", &cases), ("verdict", &line)]));
        }
    }
    page.more(text, words::BUSINESS_APP.of(lang));
}

/// `solution partner or reseller with app review none; any role with app review pending`
fn in_words(cases: &[&Case], lang: Lang) -> String {
    if cases.len() == ROLES.len() * REVIEWS.len() {
        return words::ANY_ROLE_AND_REVIEW.of(lang).to_owned();
    }
    let reviews_of = |role: &str| -> Vec<&'static str> {
        let review = |(review, word): &(&str, Words)| {
            let has = cases.iter().any(|case| case.role == role && case.review == *review);
            has.then_some(word.of(lang))
        };
        REVIEWS.iter().filter_map(review).collect()
    };
    let mut groups: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    for (role, word) in ROLES {
        let reviews = reviews_of(role);
        if reviews.is_empty() {
            continue;
        }
        match groups.iter_mut().find(|(known, _)| *known == reviews) {
            Some((_, roles)) => roles.push(word.of(lang)),
            None => groups.push((reviews, vec![word.of(lang)])),
        }
    }
    let or = words::OR.of(lang);
    let parts = groups.iter().map(|(reviews, roles)| {
        let roles = match roles.len() {
            all if all == ROLES.len() => words::ANY_ROLE.of(lang).to_owned(),
            _ => roles.join(or),
        };
        if reviews.len() == REVIEWS.len() {
            words::ROLE_WHATEVER.with(lang, &[("roles", &roles)])
        } else {
            let reviews = reviews.join(or);
            words::ROLE_WITH.with(lang, &[("roles", &roles), ("reviews", &reviews)])
        }
    });
    parts.collect::<Vec<_>>().join("; ")
}
