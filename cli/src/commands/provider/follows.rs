//! What would a campaign through this provider be told, by route, role and app review?
//!
//! The engine itself is asked, with nothing but the provider, the route and the day told, so that
//! this page and a check never differ.

use std::collections::BTreeSet;

use cleartosend::Engine;
use cleartosend::directory::Identity;

use cleartosend::{Status, Timestamp, Topic, Verdict};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::paper;

const ROUTES: &[(&str, &str)] =
    &[("cloud_api", "Cloud API"), ("on_premises_api", "on-premises API")];
const ROLES: &[&str] = &["solution_partner", "tech_partner", "tech_provider", "reseller"];
const REVIEWS: &[&str] = &["passed", "pending", "none"];

/// One route, with what each role and review on it comes to.
pub(super) struct Route {
    name: &'static str,
    called: &'static str,
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
    for (name, called) in ROUTES {
        let mut cases = Vec::new();
        for role in ROLES {
            for review in REVIEWS {
                cases.push(case(engine, who, at, name, role, review)?);
            }
        }
        routes.push(Route { name, called, cases });
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
    let against = decision.findings().iter().filter(|finding| match finding.topic {
        Topic::Provider => matches!(finding.status, Status::Violated | Status::Undetermined),
        Topic::Access => finding.status == Status::Violated,
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

pub(super) fn write(text: &mut String, routes: &[Route], at: Timestamp, width: usize) {
    paper::row(
        text,
        "follows",
        &format!("for who carries the messages at {at}, whatever else the campaign is:"),
        width,
    );
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
            let line = match (named(|case| &case.rules), named(|case| &case.open)) {
                (broken, open) if broken.is_empty() && open.is_empty() => verdict.name().to_owned(),
                (broken, open) if open.is_empty() => format!("{verdict} ({broken})"),
                (broken, open) if broken.is_empty() => format!("{verdict} (open: {open})"),
                (broken, open) => format!("{verdict} ({broken}; open: {open})"),
            };
            let line = format!("{}, {}: {line}", route.called, in_words(&cases));
            paper::row(text, "", &line, width);
        }
    }
    paper::row(text, "", "Business app, used by a person: no provider is asked for.", width);
}

/// `solution partner or reseller with app review none; any role with app review pending`
fn in_words(cases: &[&Case]) -> String {
    if cases.len() == ROLES.len() * REVIEWS.len() {
        return "any role and app review".to_owned();
    }
    let reviews_of = |role: &str| -> Vec<&str> {
        cases.iter().filter(|case| case.role == role).map(|case| case.review).collect()
    };
    let mut groups: Vec<(Vec<&str>, Vec<String>)> = Vec::new();
    for role in ROLES {
        let (reviews, called) = (reviews_of(role), role.replace('_', " "));
        if reviews.is_empty() {
            continue;
        }
        match groups.iter_mut().find(|(known, _)| *known == reviews) {
            Some((_, roles)) => roles.push(called),
            None => groups.push((reviews, vec![called])),
        }
    }
    let parts = groups.iter().map(|(reviews, roles)| {
        let roles =
            if roles.len() == ROLES.len() { "any role".to_owned() } else { roles.join(" or ") };
        let reviews = if reviews.len() == REVIEWS.len() {
            "whatever the app review".to_owned()
        } else {
            format!("app review {}", reviews.join(" or "))
        };
        format!("{roles} with {reviews}").replace("with whatever", "whatever")
    });
    parts.collect::<Vec<_>>().join("; ")
}
