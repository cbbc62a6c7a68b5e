//! `cts pack test`: do the pack's tests hold, and do they show everything that its rules say?

use std::fmt::Write as _;
use std::path::Path;

use cleartosend::expert::text::escaped;
use cleartosend::pack::{PackTest, PackTests, Place};
use cleartosend_authoring::{
    Count, Gap, RuleCoverage, Share, TestFailure, TestReport, TestsError, named_rules, run_tests,
};
use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use serde_json::json;

use super::{Loaded, refused};
use crate::ci::{self, Case, CiForm, Level, Outcome, Remark};
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
    let TestReport { failures, mut gaps, counts, rules, .. } =
        run_tests(pack, tests).map_err(|error| of_tests(&error))?;
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
                "counts": counts.each_ref().map(count_json),
                "rules": rules.iter().map(rule_json).collect::<Vec<_>>(),
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
        text.push_str(&coverage_table(&rules));
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

/// `cts pack test --draft`: which tests does the pack miss, written out?
pub(super) fn draft(loaded: &Loaded) -> Result<Answer, Failure> {
    let drafted = cleartosend_authoring::draft(&loaded.pack, loaded.tests()?)
        .map_err(|error| of_tests(&error))?;
    let code = if drafted.is_complete { 0 } else { NOT_IN_ORDER };
    Ok(Answer::of_bytes(drafted.text).with_code(code))
}

fn of_tests(error: &TestsError) -> Failure {
    match error {
        TestsError::Engine(error) => Failure::of_engine(error),
        TestsError::Directory { .. } => Failure::new(&format!("{error} [{}]", error.code())),
    }
}

fn count_json(count: &Count) -> serde_json::Value {
    json!({"what": count.what, "shown": count.shown, "exempt": count.exempt, "of": count.of})
}

fn rule_json(rule: &RuleCoverage) -> serde_json::Value {
    let [outcomes, dates, clauses] =
        rule.counts.map(|(shown, of)| json!({"shown": shown, "of": of}));
    json!({"rule": &*rule.rule, "outcomes": outcomes, "dates": dates, "clauses": clauses})
}

/// A line a rule.
fn coverage_table(rules: &[RuleCoverage]) -> String {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["rule", "outcomes", "dates", "clauses"]);
    for rule in rules {
        let [outcomes, dates, clauses] = rule.counts.map(|(shown, of)| format!("{shown} of {of}"));
        table.add_row([escaped(&rule.rule).into_owned(), outcomes, dates, clauses]);
    }
    let lines = table.lines().map(|line| format!("{}\n", line.trim_end()));
    lines.collect::<String>() + "\n"
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
    chosen.tests.retain(|test| test.name.contains(only) || named_rules(test).contains(only));
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
