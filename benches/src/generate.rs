//! Rows and rules, the same on every machine: a fixed seed and a small generator.
//!
//! The first twenty rules are [`crate::gate`], the same at every size, and apply to most rows.
//! Larger sets add rules for single countries, trades and use cases, the narrower the more there
//! are, so that about as many rules apply to a row at every size.

use std::collections::BTreeMap;

use crate::rule::{ATTRIBUTES, Condition, Demand, Kind, Operator, Row, Rule, Value};

/// Rules added to the gate that apply to a row, on average, at every size.
const ADDED_APPLICABLE: f64 = 4.0;
/// How often an added rule that applies is violated: between these.
const VIOLATED: (f64, f64) = (0.005, 0.03);

pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

const COUNTRIES: [&str; 40] = [
    "AE", "AR", "AT", "AU", "BE", "BR", "CA", "CH", "CL", "CO", "DE", "DK", "EG", "ES", "FI", "FR",
    "GB", "GR", "ID", "IE", "IL", "IN", "IT", "JP", "KE", "MX", "MY", "NG", "NL", "NO", "NZ", "PE",
    "PL", "PT", "SA", "SE", "SG", "TR", "US", "ZA",
];
const TRADES: [&str; 24] = [
    "retail",
    "fashion",
    "beauty",
    "food",
    "automotive",
    "travel",
    "hospitality",
    "transport",
    "entertainment",
    "education",
    "finance",
    "insurance",
    "real_estate",
    "telecommunications",
    "technology",
    "public_utilities",
    "healthcare_services",
    "professional_services",
    "nonprofit",
    "news",
    "government",
    "livestock",
    "dating",
    "other",
];

/// The texts of an attribute, each with how often of 1,000.
fn texts(path: &str) -> Vec<(&'static str, usize)> {
    let even = |texts: &[&'static str], total: usize| -> Vec<(&'static str, usize)> {
        texts.iter().map(|text| (*text, total / texts.len())).collect()
    };
    match path {
        "provider.app_review" => vec![("passed", 960), ("pending", 30), ("none", 10)],
        "access.route" => vec![
            ("cloud_api", 880),
            ("on_premises_api", 40),
            ("business_app", 65),
            ("unofficial", 15),
        ],
        "account.review" => {
            vec![("approved", 945), ("pending", 35), ("rejected", 10), ("none", 10)]
        }
        "account.verification" => {
            vec![("verified", 955), ("pending", 25), ("unverified", 15), ("rejected", 5)]
        }
        "account.display_name" => vec![("approved", 940), ("pending", 40), ("declined", 20)],
        "account.quality" => vec![("green", 850), ("yellow", 110), ("red", 40)],
        "campaign.use_case" => even(
            &[
                "customer_care",
                "notifications",
                "authentication",
                "marketing",
                "bulk_messaging",
                "ai_assistant",
                "surveys",
                "appointments",
                "delivery_updates",
                "payments",
            ],
            1000,
        ),
        "campaign.initiated_by" => vec![("business", 900), ("customer", 100)],
        "campaign.content" => vec![("template", 880), ("free_form", 120)],
        "campaign.category" => {
            vec![("marketing", 550), ("utility", 330), ("authentication", 60), ("service", 60)]
        }
        "campaign.template.status" => {
            vec![("approved", 950), ("pending", 20), ("rejected", 15), ("paused", 15)]
        }
        "campaign.template.quality" => vec![("green", 800), ("yellow", 160), ("red", 40)],
        "campaign.vertical" => {
            let mut trades = even(&TRADES, 984);
            trades.extend([("tobacco", 6), ("firearms", 5), ("illegal_drugs", 5)]);
            trades
        }
        "account.country" => even(&COUNTRIES, 1000),
        "recipient.country" => {
            let mut countries = even(&COUNTRIES, 985);
            countries.extend([("CU", 5), ("IR", 5), ("SY", 5)]);
            countries
        }
        "recipient.opt_in" => vec![("given", 950), ("none", 50)],
        _ => unreachable!("{path} has no texts"),
    }
}

/// How often of 1,000 a fact is true.
fn truths(path: &str) -> usize {
    match path {
        "campaign.offers_opt_out" => 960,
        "campaign.automated" => 500,
        "campaign.human_handoff" => 850,
        "campaign.general_purpose_ai" => 40,
        "recipient.opted_out" => 40,
        _ => unreachable!("{path} is no truth"),
    }
}

/// Numbers that an attribute can have, each equally often.
fn numbers(path: &str) -> &'static [i64] {
    match path {
        "account.daily_limit" => &[250, 1_000, 2_000, 10_000, 10_000, 100_000, 100_000, 1_000_000],
        "account.feedback.blocks_7d" => {
            &[0, 0, 1, 2, 3, 5, 8, 12, 17, 23, 30, 41, 55, 70, 90, 110, 130, 150, 180, 260]
        }
        "campaign.audience_size" => &[
            1, 40, 90, 150, 240, 400, 700, 1_100, 1_600, 2_500, 3_900, 5_200, 8_000, 11_000,
            16_000, 24_000, 33_000, 41_000, 60_000,
        ],
        "recipient.marketing_received_24h" => {
            &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3]
        }
        _ => unreachable!("{path} has no numbers"),
    }
}

/// As many varied cases.
pub fn rows(random: &mut Random, count: usize) -> Vec<Row> {
    let row = |random: &mut Random| {
        ATTRIBUTES.map(|(path, kind)| match kind {
            Kind::Text => {
                let texts = texts(path);
                let mut place = random.below(texts.iter().map(|(_, often)| often).sum());
                let found = texts.iter().find(|(_, often)| match place.checked_sub(*often) {
                    Some(rest) => {
                        place = rest;
                        false
                    }
                    None => true,
                });
                Value::Text(found.expect("below the sum").0)
            }
            Kind::Bool => Value::Bool(random.below(1000) < truths(path)),
            Kind::Int => Value::Int(*random.pick(numbers(path))),
        })
    };
    (0..count).map(|_| row(random)).collect()
}

/// How often each value of each attribute occurs.
pub struct Marginals(Vec<BTreeMap<Value, f64>>);

impl Marginals {
    pub fn of(rows: &[Row]) -> Self {
        let mut counts = vec![BTreeMap::new(); ATTRIBUTES.len()];
        for row in rows {
            for (counts, value) in counts.iter_mut().zip(row) {
                *counts.entry(*value).or_insert(0.0) += 1.0 / rows.len() as f64;
            }
        }
        Self(counts)
    }

    fn often(&self, condition: &Condition) -> f64 {
        self.0[condition.attribute]
            .iter()
            .filter(|(value, _)| condition.holds_for(**value))
            .map(|(_, often)| often)
            .sum()
    }

    fn all(&self, conditions: &[Condition]) -> f64 {
        conditions.iter().map(|condition| self.often(condition)).product()
    }
}

/// A set of that many rules: the gate, and added ones.
pub fn rules(random: &mut Random, marginals: &Marginals, count: usize) -> Vec<Rule> {
    let mut rules = crate::gate::rules();
    let share = ADDED_APPLICABLE / count.saturating_sub(rules.len()).max(1) as f64;
    while rules.len() < count {
        let applies = until(|| {
            let conditions = conditions(random, &[], true);
            let often = marginals.all(&conditions);
            (share / 1.5..share * 1.5).contains(&often).then_some(conditions)
        });
        let demand = until(|| {
            let conditions = conditions(random, &applies, false);
            let often = marginals.all(&conditions);
            if (VIOLATED.0..VIOLATED.1).contains(&(1.0 - often)) {
                Some(Demand::Requires(conditions))
            } else if (VIOLATED.0..VIOLATED.1).contains(&often) {
                Some(Demand::Forbids(conditions))
            } else {
                None
            }
        });
        rules.push(Rule { id: format!("limits.r{}", rules.len()), applies, demand });
    }
    rules.truncate(count);
    rules
}

/// A set of that many rules of which most overlap with most: one condition for when each applies,
/// one to three that it forbids, none of them chosen to be narrow.
pub fn overlapping(random: &mut Random, count: usize) -> Vec<Rule> {
    let rule = |number: usize, random: &mut Random| {
        let applies = {
            let attribute = random.below(ATTRIBUTES.len());
            vec![condition(random, attribute)]
        };
        let demand = Demand::Forbids(conditions(random, &applies, false));
        Rule { id: format!("limits.r{number}"), applies, demand }
    };
    (0..count).map(|number| rule(number, random)).collect()
}

fn until<T>(mut attempt: impl FnMut() -> Option<T>) -> T {
    loop {
        if let Some(found) = attempt() {
            return found;
        }
    }
}

/// One to three conditions on different attributes, none of them among `taken`; the first may have
/// to narrow much.
fn conditions(random: &mut Random, taken: &[Condition], narrow: bool) -> Vec<Condition> {
    const NARROW: [&str; 4] =
        ["recipient.country", "campaign.vertical", "campaign.use_case", "account.country"];
    let wanted = 1 + random.below(3);
    let mut conditions: Vec<Condition> = Vec::new();
    while conditions.len() < wanted {
        let attribute = if narrow && random.below(4) > 0 {
            crate::rule::attribute(NARROW[random.below(NARROW.len())])
        } else {
            random.below(ATTRIBUTES.len())
        };
        if !taken.iter().chain(&conditions).any(|known| known.attribute == attribute) {
            conditions.push(condition(random, attribute));
        }
    }
    conditions
}

pub fn condition(random: &mut Random, attribute: usize) -> Condition {
    let (path, kind) = ATTRIBUTES[attribute];
    match kind {
        Kind::Bool => Condition {
            attribute,
            operator: Operator::Equal,
            constants: vec![Value::Bool(random.below(2) == 0)],
        },
        Kind::Int => {
            let operators = [
                Operator::Less,
                Operator::LessOrEqual,
                Operator::Greater,
                Operator::GreaterOrEqual,
            ];
            let shift = random.below(5) as i64;
            let number = *random.pick(numbers(path)) + shift * shift;
            Condition {
                attribute,
                operator: *random.pick(&operators),
                constants: vec![Value::Int(number)],
            }
        }
        Kind::Text => {
            let texts = texts(path);
            let several = texts.len() > 3 && random.below(3) == 0;
            let mut constants: Vec<Value> = Vec::new();
            let wanted = if several { 2 + random.below(2) } else { 1 };
            while constants.len() < wanted {
                let value = Value::Text(random.pick(&texts).0);
                if !constants.contains(&value) {
                    constants.push(value);
                }
            }
            let positive = random.below(4) > 0;
            let operator = match (several, positive) {
                (false, true) => Operator::Equal,
                (false, false) => Operator::NotEqual,
                (true, true) => Operator::In,
                (true, false) => Operator::NotIn,
            };
            Condition { attribute, operator, constants }
        }
    }
}
