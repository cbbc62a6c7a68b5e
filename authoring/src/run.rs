//! Do a pack's own tests pass, and what do they not show?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cleartosend::pack::{ENGINE_PACK, PackTest, PackTests, Place};
use cleartosend::{
    Decision, Directory, Engine, Facts, FindingVerdict, Pack, Report, Status, Verdict,
};

use crate::coverage::{Count, Coverage, Gap, RuleCoverage, ShownByTest, named_rules};
use crate::error::TestsError;

/// What came of a pack's tests.
#[derive(Debug)]
#[non_exhaustive]
pub struct TestReport {
    /// The tests that fail, in source order.
    pub failures: Vec<TestFailure>,
    /// What no test shows, in source order, sets after rules; exemptions that nothing needs last.
    pub gaps: Vec<Gap>,
    /// How many outcomes, dates and clauses are shown.
    pub counts: [Count; 3],
    /// The same rule by rule, in source order.
    pub rules: Vec<RuleCoverage>,
    /// What the tests show, to which others can be added.
    pub(crate) coverage: Coverage,
}

/// A test that fails.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TestFailure {
    /// Its name.
    pub name: Arc<str>,
    /// Where its `[[test]]` stands.
    pub place: Place,
    /// In what the decision differs from what the test expects, a line each.
    pub problems: Vec<String>,
}

/// Runs a pack's tests, which [`Pack::tests`] gives: each by this pack alone, with the directory that
/// it names or the built-in one.
///
/// # Errors
/// A directory that cannot be read; a pack that makes no engine.
pub fn run_tests(pack: &Arc<Pack>, tests: &PackTests) -> Result<TestReport, TestsError> {
    let mut engines: BTreeMap<Option<Arc<str>>, Engine> = BTreeMap::new();
    let mut failures = Vec::new();
    let mut coverage = Coverage::default();
    for test in &tests.tests {
        let engine = match engines.get(&test.directory) {
            Some(engine) => engine.clone(),
            None => {
                let engine = engine_of(pack, test.directory.as_ref())?;
                engines.insert(test.directory.clone(), engine.clone());
                engine
            }
        };
        let problems = match decision(&engine, test) {
            Ok((facts, decision)) => {
                coverage.note(&ShownByTest::of(&engine, &facts, &named_rules(test)));
                problems(test, &decision)
            }
            Err(problem) => vec![problem],
        };
        if !problems.is_empty() {
            failures.push(TestFailure {
                name: Arc::clone(&test.name),
                place: test.place.clone(),
                problems,
            });
        }
    }
    // Without a test there is no engine yet, and nothing is covered.
    let engine = match engines.into_values().next() {
        Some(engine) => engine,
        None => engine_of(pack, None)?,
    };
    let (gaps, counts, rules) = coverage.judge(engine.program(), pack, &tests.exemptions);
    Ok(TestReport { failures, gaps, counts, rules, coverage })
}

/// An engine of this pack alone, with the directory that a test names.
pub(crate) fn engine_of(
    pack: &Arc<Pack>,
    directory: Option<&Arc<str>>,
) -> Result<Engine, TestsError> {
    let builder = Engine::builder().without_built_in().draft(Arc::clone(pack));
    let builder = match directory {
        None => builder,
        Some(name) => {
            let bytes = pack.directories.get(name).map(|bytes| bytes.to_vec()).unwrap_or_default();
            let directory = Directory::from_json(&bytes)
                .map_err(|error| TestsError::Directory { name: Arc::clone(name), error })?;
            builder.directory(Arc::new(directory))
        }
    };
    Ok(builder.build()?)
}

fn decision(engine: &Engine, test: &PackTest) -> Result<(Facts, Decision), String> {
    let refused = |error: cleartosend::FactsError| {
        format!("the facts are refused: {error} [{}]", error.code())
    };
    let document = test.facts.to_string();
    let facts = Facts::from_json(engine.schema(), document.as_bytes()).map_err(refused)?;
    let decision = engine.report(&facts, Report::EveryRule).map_err(refused)?;
    Ok((facts, decision))
}

/// How a decision differs from what a test expects.
fn problems(test: &PackTest, decision: &Decision) -> Vec<String> {
    let expect = &test.expect;
    let mut problems = Vec::new();
    // A test asks what its pack says: that no other pack covers an instant is the engine's word,
    // and not the pack's.
    let findings = || decision.findings().iter().filter(|finding| *finding.pack != *ENGINE_PACK);
    let verdict =
        findings().map(|finding| finding.verdict.effect()).max().unwrap_or(Verdict::Allow);
    if verdict != expect.verdict {
        problems.push(format!("verdict: expected {}, got {verdict}", expect.verdict));
    }
    let found = |status: Status| -> BTreeSet<&str> {
        findings()
            .filter(|finding| finding.status == status)
            .map(|finding| &*finding.rule)
            .collect()
    };
    let notes: BTreeSet<&str> = {
        let notes = findings().filter(|finding| finding.verdict == FindingVerdict::Note);
        notes.map(|finding| &*finding.rule).collect()
    };
    let wanted = |rules: &'_ [Arc<str>]| -> BTreeSet<String> {
        rules.iter().map(ToString::to_string).collect()
    };
    let mut compare = |what: &str,
                       expected: &BTreeSet<String>,
                       found: &BTreeSet<&str>,
                       is_complete: bool| {
        let missing: Vec<&str> =
            expected.iter().map(String::as_str).filter(|rule| !found.contains(rule)).collect();
        let extra: Vec<&str> =
            found.iter().copied().filter(|rule| is_complete && !expected.contains(*rule)).collect();
        if !missing.is_empty() {
            problems.push(format!("{what}: expected {}", missing.join(", ")));
        }
        if !extra.is_empty() {
            problems.push(format!("{what}: not expected {}", extra.join(", ")));
        }
    };
    compare("violated", &wanted(&expect.violated), &found(Status::Violated), true);
    // A decision reports undetermined notes on request only, and so does a test: those that it
    // names must be so.
    let undetermined = found(Status::Undetermined).into_iter();
    let asked: BTreeSet<&str> = undetermined
        .filter(|rule| !notes.contains(rule) || expect.undetermined.iter().any(|id| **id == **rule))
        .collect();
    compare("undetermined", &wanted(&expect.undetermined), &asked, true);
    compare("satisfied", &wanted(&expect.satisfied), &found(Status::Satisfied), false);
    compare(
        "not applicable",
        &wanted(&expect.not_applicable),
        &found(Status::NotApplicable),
        false,
    );
    if let Some(missing) = &expect.missing {
        compare(
            "missing",
            &wanted(missing),
            &decision.missing().iter().map(|path| &**path).collect(),
            true,
        );
    }
    problems
}
