//! `cts pack test`: do the pack's tests hold, and do they show everything that its rules say?

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use cleartosend::expert::text::escaped;
use cleartosend::pack::{ENGINE_PACK, PackTest, PackTests, Place};
use cleartosend::{
    Decision, Directory, Engine, Facts, FindingVerdict, Pack, Report, Status, Verdict,
};

use serde_json::json;

use super::coverage::{self, ByRule, Count, Coverage, Gap, Noted, Share};
use super::{Loaded, refused};
use crate::ci::{self, Case, CiForm, Level, Outcome, Remark};
use crate::engine::Named;
use crate::failure::Failure;
use crate::format::PlainForm;
use crate::output::{self, Answer, styled};

/// The command, as reports name it.
pub(super) const WHAT: &str = "cts pack test";

/// For tests that fail and rules that are not covered.
const NOT_IN_ORDER: u8 = 1;

/// What is asked of a run of tests.
pub(super) struct Wanted<'a> {
    /// Which tests; all, if there is none.
    pub(super) only: &'a Option<String>,
    /// Whether it is reported rule by rule what is shown.
    pub(super) coverage: bool,
    /// Which share of what is to be shown is enough, in percent; all, if there is none.
    pub(super) threshold: Option<u8>,
}

pub(super) fn run(
    loaded: &Loaded,
    wanted: &Wanted<'_>,
    form: Result<PlainForm, CiForm>,
) -> Result<Answer, Failure> {
    let pack = &loaded.pack;
    let named = loaded.called();
    let called = escaped(named);
    let all = match (loaded.tests(), form) {
        (Err(failure), Err(form)) => return refused(WHAT, Path::new(named), failure, form),
        (tests, _) => tests?,
    };
    let some = wanted.only.as_deref().map(|only| chosen(all, only)).transpose()?;
    let tests = some.as_ref().unwrap_or(all);
    let Tested { failures, mut gaps, counts, by_rule, .. } =
        tested(pack, tests, |directory| engine(loaded, directory))?;
    if some.is_some() {
        // Some tests are not expected to show everything.
        gaps.clear();
    }
    let share = Share::of(&counts);
    let shown =
        some.is_some() || wanted.threshold.map_or(gaps.is_empty(), |enough| share.reaches(enough));
    let in_order = failures.is_empty() && shown;
    let code = if in_order { 0 } else { NOT_IN_ORDER };
    let form = match form {
        Ok(form) => form,
        Err(form) => {
            let cases = cases(named, tests, &failures, &gaps, shown);
            return Ok(ci::report(form, WHAT, &cases)?.with_code(code));
        }
    };
    let drafts = tests.tests.iter().filter(|test| test.is_draft).count();
    if form == PlainForm::Json {
        let failed = failures.iter().map(|failure| {
            json!({
                "test": &*failure.name,
                "at": failure.place.to_string(),
                "problems": failure.problems,
            })
        });
        let not_covered = gaps.iter().map(
            |gap| json!({"at": gap.place.to_string(), "what": gap.what, "exempt": gap.exempt}),
        );
        let mut answer = json!({
            "pack": &*pack.name,
            "passed": in_order,
            "tests": tests.tests.len(),
            "drafts": drafts,
            "failed": failed.collect::<Vec<_>>(),
            "not_covered": not_covered.collect::<Vec<_>>(),
        });
        if some.is_none() {
            answer["coverage"] = json!({
                "percent": share.percent(),
                "counts": counts.each_ref().map(Count::json),
                "rules": by_rule.iter().map(ByRule::json).collect::<Vec<_>>(),
            });
        }
        return Ok(Answer::of_bytes(format!("{answer}\n")).with_code(code));
    }
    let mut text = String::new();
    for failure in &failures {
        let _ = writeln!(
            text,
            "{called}/{}: {}: {}",
            failure.place,
            styled(output::BAD, "failed"),
            escaped(&failure.name)
        );
        for problem in &failure.problems {
            let _ = writeln!(text, "    {}", escaped(problem));
        }
    }
    for gap in &gaps {
        let _ = writeln!(
            text,
            "{called}/{}: {}: {}",
            gap.place,
            styled(output::DOUBTFUL, "not covered"),
            escaped(&gap.what)
        );
    }
    let excuses: Vec<&str> = gaps.iter().filter_map(|gap| gap.exempt.as_deref()).collect();
    if !excuses.is_empty() {
        text.push_str(
            "\nWrite the missing tests with `cts pack test --draft`. What no test can show is exempt, \
             with a reason, in any file of tests:\n\n",
        );
        excuses.iter().for_each(|excuse| {
            let _ = writeln!(text, "{}", escaped_lines(excuse));
        });
    }
    if wanted.coverage {
        text.push_str(&coverage::table(&by_rule));
    }
    let outcome =
        if in_order { styled(output::GOOD, "passed") } else { styled(output::BAD, "failed") };
    let counted = counts.each_ref().map(|count| {
        let exempt =
            if count.exempt == 0 { String::new() } else { format!(" ({} exempt)", count.exempt) };
        format!("{} of {} {}{exempt}", count.shown + count.exempt, count.of, count.what)
    });
    let drafted = match drafts {
        0 => String::new(),
        1 => ", 1 of them a draft that nobody has read".to_owned(),
        drafts => format!(", {drafts} of them drafts that nobody has read"),
    };
    let _ = write!(
        text,
        "{called}: {outcome}: {} tests{drafted}, {} failed",
        tests.tests.len(),
        failures.len(),
    );
    if some.is_none() {
        let _ = write!(text, "; {} rules: {}", pack.rules.len(), counted.join(", "));
    }
    if wanted.coverage || wanted.threshold.is_some() {
        let _ = write!(text, "; {} percent", share.percent());
    }
    text.push('\n');
    Ok(Answer::new(text).with_code(code))
}

/// Each test, and each thing that none shows: a failure, unless `enough` is shown without it.
fn cases(
    called: &str,
    tests: &PackTests,
    failures: &[TestFailure],
    gaps: &[Gap],
    enough: bool,
) -> Vec<Case> {
    let at = |place: &Place| ci::Place {
        file: format!("{called}/{}", place.file),
        line: usize::try_from(place.line).unwrap_or(1),
    };
    let case = |name: String, place: ci::Place, remarks: Vec<Remark>| {
        let is_failed = remarks.iter().any(|remark| remark.level == Level::Error);
        let (outcome, word) = match is_failed {
            false => (Outcome::Passed, "passed"),
            true => (Outcome::Failed, "failed"),
        };
        Case { name, place, outcome, word, remarks }
    };
    let remark = |level, id: &str, title: &str, lines: Vec<String>, place: &ci::Place| Remark {
        level,
        id: id.to_owned(),
        title: title.to_owned(),
        lines,
        url: String::new(),
        place: place.clone(),
    };
    let of_test = |test: &PackTest| {
        let failure = failures.iter().find(|failure| failure.name == test.name);
        let place = at(&test.place);
        let lines = |failure: &TestFailure| {
            let name = format!("{}:", failure.name);
            [name].into_iter().chain(failure.problems.iter().cloned()).collect()
        };
        let remarks = failure.map(|failure| {
            let title = "a test of the pack fails";
            remark(Level::Error, "test/failed", title, lines(failure), &place)
        });
        case(test.name.to_string(), place.clone(), remarks.into_iter().collect())
    };
    let of_gap = |gap: &Gap| {
        let place = at(&gap.place);
        let title = "no test shows what a rule says";
        let level = if enough { Level::Warning } else { Level::Error };
        let lines = vec![gap.what.clone()];
        let remarks = vec![remark(level, "test/not-covered", title, lines, &place)];
        case(format!("not covered: {}", gap.what), place, remarks)
    };
    tests.tests.iter().map(of_test).chain(gaps.iter().map(of_gap)).collect()
}

/// The tests whose name has a text in it, or that name the rule of that id.
fn chosen(all: &PackTests, only: &str) -> Result<PackTests, Failure> {
    let mut chosen = all.clone();
    chosen.exemptions.clear();
    chosen.tests.retain(|test| test.name.contains(only) || coverage::named(test).contains(only));
    if chosen.tests.is_empty() {
        return Err(Failure::new(&format!(
            "no test has `{only}` in its name or names the rule `{only}`"
        )));
    }
    Ok(chosen)
}

/// A text of several lines, each escaped.
fn escaped_lines(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", escaped(line))).collect()
}

/// What came of a pack's tests.
#[derive(Debug)]
pub struct Tested {
    /// The tests that fail, in source order.
    pub failures: Vec<TestFailure>,
    /// What no test shows.
    pub gaps: Vec<Gap>,
    pub(super) counts: [Count; 3],
    pub(super) by_rule: Vec<ByRule>,
    pub(super) shown: Coverage,
}

/// A test that fails.
#[derive(Clone, Debug)]
pub struct TestFailure {
    /// Its name.
    pub name: Arc<str>,
    /// Where its `[[test]]` stands.
    pub place: Place,
    /// In what the decision differs from what the test expects, a line each.
    pub problems: Vec<String>,
}

/// Runs a pack's tests, which [`Pack::tests`] gives. `engine` makes an engine of this pack alone with
/// the directory of that name; without a name, with the built-in one.
///
/// # Errors
/// That of `engine`.
pub fn tested<E>(
    pack: &Pack,
    tests: &PackTests,
    engine: impl Fn(Option<&Arc<str>>) -> Result<Engine, E>,
) -> Result<Tested, E> {
    let mut engines: BTreeMap<Option<Arc<str>>, Engine> = BTreeMap::new();
    let mut failures = Vec::new();
    let mut shown = Coverage::default();
    for test in &tests.tests {
        let engine = match engines.get(&test.directory) {
            Some(engine) => engine.clone(),
            None => {
                let engine = engine(test.directory.as_ref())?;
                engines.insert(test.directory.clone(), engine.clone());
                engine
            }
        };
        let problems = match decision(&engine, test) {
            Ok((facts, decision)) => {
                shown.note(&Noted::of(&engine, &facts, &coverage::named(test)));
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
        None => engine(None)?,
    };
    let (gaps, counts, by_rule) = shown.judge(engine.program(), pack, &tests.exemptions);
    Ok(Tested { failures, gaps, counts, by_rule, shown })
}

/// An engine of this pack alone, with the directory that a test names.
pub(super) fn engine(loaded: &Loaded, directory: Option<&Arc<str>>) -> Result<Engine, Failure> {
    let alone = Engine::builder().without_built_in();
    let builder = match &loaded.named {
        Named::BuiltIn(name) => alone.built_in_pack(name),
        Named::Folder { pack, .. } => alone.draft(Arc::clone(pack)),
    };
    let builder = match directory {
        None => builder,
        Some(name) => {
            let bytes =
                loaded.pack.directories.get(name).map(|bytes| bytes.to_vec()).unwrap_or_default();
            let failed = |error: cleartosend::DirectoryError| {
                Failure::new(&format!("tests/directories/{name}.json: {error} [{}]", error.code()))
            };
            builder.directory(Arc::new(Directory::from_json(&bytes).map_err(failed)?))
        }
    };
    builder.build().map_err(|error| Failure::of_engine(&error))
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
        let lacking: Vec<&str> =
            expected.iter().map(String::as_str).filter(|rule| !found.contains(rule)).collect();
        let extra: Vec<&str> =
            found.iter().copied().filter(|rule| is_complete && !expected.contains(*rule)).collect();
        if !lacking.is_empty() {
            problems.push(format!("{what}: expected {}", lacking.join(", ")));
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
