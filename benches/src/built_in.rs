//! The built-in packs against the budgets: the same thousand cases, with every member of the
//! document told.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use cleartosend::expert::matching::Matcher;
use cleartosend::expert::resolve::Resolved;
use cleartosend::schema::attributes as id;
use cleartosend::{Engine, ExplainOptions, Facts, Judgement};
use serde_json::{Value, json};

use crate::allocations::counted;
use crate::measure::{Effort, now};
use crate::peers::What;

/// What was found.
#[derive(Clone, Debug)]
pub struct BuiltIn {
    pub rules: usize,
    pub table_bytes: usize,
    /// Nanoseconds a decision, the least of the samples.
    pub nanoseconds: BTreeMap<What, f64>,
    /// Likewise of each of [`BESIDE`].
    pub beside: Vec<f64>,
    /// Allocations of one match, at most.
    pub allocations: u64,
    /// Milliseconds of a first load.
    pub load: f64,
}

struct Bench {
    engine: Engine,
    matcher: Matcher,
    judgement: Judgement,
    documents: Vec<Vec<u8>>,
    facts: &'static [Facts],
    resolved: Vec<Resolved<'static>>,
}

impl Bench {
    fn new() -> Result<(Self, f64), String> {
        let start = Instant::now();
        let engine = Engine::built_in().map_err(|problem| problem.to_string())?;
        let load = start.elapsed().as_secs_f64() * 1e3;
        let documents: Vec<Vec<u8>> =
            crate::cases().documents.iter().map(|document| whole(document).into_bytes()).collect();
        let facts = documents.iter().map(|document| {
            Facts::from_json(engine.schema(), document).map_err(|problem| problem.to_string())
        });
        // Resolved facts borrow from those given; both live as long as the program.
        let facts: &'static [Facts] = facts.collect::<Result<Vec<_>, String>>()?.leak();
        let resolved = facts.iter().map(|facts| engine.resolve_for_rules(facts)).collect();
        let (matcher, judgement) = (Matcher::new(), Judgement::new());
        Ok((Self { engine, matcher, judgement, documents, facts, resolved }, load))
    }

    fn run(&mut self, what: What, count: usize) {
        for row in (0..self.documents.len()).cycle().take(count) {
            match what {
                What::Match => {
                    self.matcher.run(self.engine.program(), black_box(&self.resolved[row]));
                    black_box(&self.matcher);
                }
                What::Check => {
                    let facts = black_box(&self.facts[row]);
                    let judged = self.engine.judge_into(facts, &mut self.judgement).is_ok();
                    let ids = self.judgement.rules().map(|rule| rule.rule.len());
                    black_box((judged, self.judgement.verdict(), ids.sum::<usize>()));
                }
                What::Json => {
                    let decision = self
                        .engine
                        .check_json(black_box(&self.documents[row]))
                        .map(|decision| decision.to_json());
                    black_box(decision.is_ok());
                }
            }
        }
    }
}

/// The engine of the built-in packs, and the thousand cases.
pub fn cases() -> Result<(Engine, &'static [Facts]), String> {
    Bench::new().map(|(bench, _)| (bench.engine, bench.facts))
}

/// The document of a case, with what rules of the benchmark do not read.
fn whole(document: &str) -> String {
    let mut document: Value = serde_json::from_str(document).unwrap_or_default();
    let rest = json!({
        "provider": {"id": null, "name": "Hubtype", "domain": "hubtype.com", "role": "solution_partner", "claims_official": true},
        "intermediaries": [],
        "access": {"endpoint": "https://graph.facebook.com/v23.0", "clients": []},
        "account": {"id": "1", "name": "A shop", "approved_use_cases": ["customer_care", "marketing", "notifications", "payments"],
                    "restrictions": [], "violations": [], "feedback": {"delivered_7d": 5000, "reports_7d": 3}},
        "campaign": {"id": "2", "name": "March", "template": {"name": "march"}, "requests": []},
        "recipient": {"phone": "+34600000000", "user_id": null, "opt_in_at": "2026-01-01T00:00:00Z",
                      "last_inbound_at": "2026-03-02T12:00:00Z", "time_zone": "Europe/Madrid"},
    });
    add(&mut document, rest);
    document.to_string()
}

fn add(to: &mut Value, more: Value) {
    match (to, more) {
        (Value::Object(to), Value::Object(more)) => more
            .into_iter()
            .for_each(|(name, value)| add(to.entry(name).or_insert(Value::Null), value)),
        (to, more) => *to = more,
    }
}

/// Measures the built-in packs.
pub fn measure(effort: Effort) -> Result<BuiltIn, String> {
    let (mut bench, load) = Bench::new()?;
    let rows = bench.documents.len();
    let mut nanoseconds = BTreeMap::new();
    for what in What::ALL {
        let mut samples: Vec<f64> = Vec::new();
        bench.run(what, rows);
        for _ in 0..effort.samples {
            let start = now(effort);
            bench.run(what, rows);
            let took = now(effort).saturating_sub(start);
            samples.push(took.as_secs_f64() * 1e9 / rows as f64);
        }
        nanoseconds.insert(what, samples.into_iter().fold(f64::INFINITY, f64::min));
    }
    let ((), asked) = counted(|| bench.run(What::Match, rows));
    let mut beside = Vec::new();
    for what in BESIDE {
        let mut samples: Vec<f64> = Vec::new();
        for _ in 0..effort.samples {
            let run = |count: usize| {
                let start = now(effort);
                looped_beside(what, count).transpose()?;
                Ok::<Duration, String>(now(effort).saturating_sub(start))
            };
            // Making the engine ready, and the campaign, is not part of it.
            let (once, took) = (run(rows)?, run(rows * 11)?);
            let took = took.saturating_sub(once);
            samples.push(took.as_secs_f64() * 1e9 / (rows * 10) as f64);
        }
        beside.push(samples.into_iter().fold(f64::INFINITY, f64::min));
    }
    Ok(BuiltIn {
        beside,
        rules: bench.engine.program().len(),
        table_bytes: bench.engine.program().table().bytes(),
        nanoseconds,
        allocations: asked.calls,
        load,
    })
}

/// What is timed and counted beside the thousand cases: see [`looped_beside`].
pub const BESIDE: [&str; 3] = ["prepared", "json-clean", "json-eight"];

/// As the loop over generated rules.
pub fn looped(what: What, count: usize) -> Result<(), String> {
    let (mut bench, _) = Bench::new()?;
    bench.run(what, count);
    Ok(())
}

/// What is counted of the built-in packs beside decisions: `load`, an engine of the first, `load-both`, one of both; `prepared`,
/// typed facts of a recipient to verdict and rule ids, for a campaign that is prepared once;
/// `json-clean` and `json-eight`, a document to its whole decision as JSON, of the example that is
/// clean and of the one with eight findings; `explain`, an explanation without a timeline.
pub fn looped_beside(what: &str, count: usize) -> Option<Result<(), String>> {
    let run = || -> Result<(), String> {
        let failed = |problem: &dyn std::fmt::Display| problem.to_string();
        if what == "load" {
            // `Engine::built_in` loads once and hands out the same.
            for _ in 0..count {
                black_box(Engine::builder().build().map_err(|problem| failed(&problem))?);
            }
            return Ok(());
        }
        if what == "load-both" {
            for _ in 0..count {
                let both = Engine::builder().built_in_pack("messaging-law");
                black_box(both.build().map_err(|problem| failed(&problem))?);
            }
            return Ok(());
        }
        let engine = Engine::built_in().map_err(|problem| failed(&problem))?;
        if what.starts_with("json-") {
            let example = if what == "json-clean" { "clean-campaign" } else { "spring-sale" };
            let file = crate::report::root().join(format!("examples/{example}.json"));
            let document = std::fs::read(&file).map_err(|problem| failed(&problem))?;
            let decide =
                || engine.check_json(black_box(&document)).map_err(|problem| failed(&problem));
            let found = decide()?.findings().len();
            if found != if what == "json-clean" { 0 } else { 8 } {
                return Err(format!("{} has {found} findings", file.display()));
            }
            for _ in 0..count {
                black_box(decide()?.to_json());
            }
            return Ok(());
        }
        let document = whole(&crate::cases().documents[0]);
        if what == "explain" {
            let facts = Facts::from_json(engine.schema(), document.as_bytes())
                .map_err(|problem| failed(&problem))?;
            for _ in 0..count {
                let explained = engine.explain(&facts, &ExplainOptions::default());
                black_box(explained.map_err(|problem| failed(&problem))?);
            }
            return Ok(());
        }
        let mut document: Value =
            serde_json::from_str(&document).map_err(|problem| failed(&problem))?;
        if let Some(members) = document.as_object_mut() {
            members.remove("recipient");
        }
        let campaign = Facts::from_json(engine.schema(), document.to_string().as_bytes())
            .map_err(|problem| failed(&problem))?;
        let campaign = engine.prepare(&campaign).map_err(|problem| failed(&problem))?;
        let mut recipient = campaign.recipient();
        let mut judgement = Judgement::new();
        for round in 0..count {
            recipient.clear();
            let set = [
                recipient.set_text(id::RECIPIENT_PHONE, "+34600000000"),
                recipient.set_text(id::RECIPIENT_OPT_IN, "given"),
                recipient.set(id::RECIPIENT_OPTED_OUT, round % 8 == 0),
                recipient.judge_into(&mut judgement),
            ];
            set.into_iter().collect::<Result<(), _>>().map_err(|problem| failed(&problem))?;
            black_box((judgement.verdict(), judgement.len()));
        }
        Ok(())
    };
    let known = ["load", "load-both", "explain"];
    (known.contains(&what) || BESIDE.contains(&what)).then(run)
}

/// The size of the compiled program, in words.
pub fn shape() -> Result<String, String> {
    Ok(crate::peers::describe(Bench::new()?.0.engine.program()))
}
