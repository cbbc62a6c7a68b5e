//! Do a pack's tests show every outcome, both sides of every date, and every clause?
//!
//! Three things are counted, and all must be shown by some test or be exempt with a reason
//! (`docs/reference/pack-format.md`):
//! - *outcomes*: each rule violated, satisfied, not applicable and undetermined; the last two only
//!   where some facts let it not apply, and where a fact that it reads can be unknown;
//! - *dates*: at each instant at which what a rule says can change, a test in the second before and
//!   a test in the second from it on, both of which name the rule, with different outcomes;
//! - *clauses*: each clause by which a compiled rule is violated is the deciding one in some case.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cleartosend::analyse::Shown;
use cleartosend::expert::matching;
use cleartosend::expert::matching::Matcher;
use cleartosend::expert::program::classes::Classes;
use cleartosend::expert::program::dimension::Subject;
use cleartosend::expert::program::{CompiledRule, Program, RuleIdx};
use cleartosend::pack::{Exempted, Exemption, ExemptionOf, PackTest, Place};
use cleartosend::schema::{AttributeId, NotGiven, Origin, attributes};
use cleartosend::{Duration, Engine, Facts, Pack, Schema, Status, Timestamp};

/// What was shown so far. Rules are identified by their place in the pack, which an engine of this
/// pack alone keeps.
#[derive(Debug, Default)]
pub(crate) struct Coverage {
    /// By how many tests each is shown.
    outcomes: BTreeMap<(usize, Status), usize>,
    dated: Vec<Dated>,
    clauses: BTreeMap<(usize, usize), usize>,
}

/// When a test sends, and what became of each rule that it names.
type Dated = (Timestamp, Vec<(usize, Status)>);

/// What one test shows.
#[derive(Debug)]
pub(crate) struct ShownByTest {
    outcomes: Vec<(usize, Status)>,
    dated: Option<Dated>,
    clauses: Vec<(usize, usize)>,
}

/// How much of one kind is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Count {
    /// What is counted: `outcomes`, `dates` or `clauses`.
    pub what: &'static str,
    /// How many are shown by a test.
    pub shown: usize,
    /// How many are exempt.
    pub exempt: usize,
    /// Of how many.
    pub of: usize,
}

impl ShownByTest {
    /// What a test of facts shows that names some rules.
    pub(crate) fn of(engine: &Engine, facts: &Facts, named: &BTreeSet<&str>) -> Self {
        let program = engine.program();
        let resolved = engine.resolve(facts);
        let mut matcher = Matcher::new();
        matcher.run(program, &resolved);
        let row = matcher.classes(program, &resolved);
        let mut noted = Self { outcomes: Vec::new(), dated: None, clauses: Vec::new() };
        let mut dated = Vec::new();
        for (rule, _, known) in program.rules() {
            let Some(status) = matcher.status(program, rule) else { continue };
            noted.outcomes.push((rule.index(), status));
            if named.contains(&*known.id) {
                dated.push((rule.index(), status));
            }
            let clause_met = if status == Status::Violated {
                matching::clause(program, &row, rule)
            } else {
                None
            };
            if let (Some(clause_met), Some(compiled)) = (clause_met, program.compiled(rule)) {
                let place =
                    compiled.violated.iter().position(|clause| std::ptr::eq(clause, clause_met));
                noted.clauses.extend(place.map(|place| (rule.index(), place)));
            }
        }
        noted.dated = facts.send_at().map(|send_at| (send_at, dated));
        noted
    }
}

/// The rules that a test names, by their ids.
pub fn named_rules(test: &PackTest) -> BTreeSet<&str> {
    let expect = &test.expect;
    let lists = [&expect.violated, &expect.undetermined, &expect.satisfied, &expect.not_applicable];
    lists.into_iter().flatten().map(|id| &**id).collect()
}

impl Count {
    /// How many are shown or exempt, and of how many.
    const fn so_far(&self) -> (usize, usize) {
        (self.shown + self.exempt, self.of)
    }

    /// As [`Self::so_far`], since it was asked before.
    const fn since(&self, (shown, of): (usize, usize)) -> (usize, usize) {
        (self.shown + self.exempt - shown, self.of - of)
    }
}

/// How much of one rule is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleCoverage {
    /// Its id.
    pub rule: Arc<str>,
    /// Outcomes, dates and clauses: each as shown or exempt, of how many.
    pub counts: [(usize, usize); 3],
}

/// Which part of what is to be shown is shown or exempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    shown: usize,
    of: usize,
}

impl Share {
    /// That of all kinds together.
    pub fn of(counts: &[Count]) -> Self {
        Self {
            shown: counts.iter().map(|count| count.shown + count.exempt).sum(),
            of: counts.iter().map(|count| count.of).sum(),
        }
    }

    /// Whether it is that many percent or more.
    pub fn reaches(&self, percent: u8) -> bool {
        self.shown * 100 >= self.of * usize::from(percent)
    }

    /// In whole percent, cut off, so that 100 means all.
    pub const fn percent(&self) -> usize {
        match (self.shown * 100).checked_div(self.of) {
            Some(percent) => percent,
            None => 100,
        }
    }
}

/// Something that no test shows, or an exemption that nothing needs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Gap {
    /// The rule, set or exemption in the pack.
    pub place: Place,
    /// What is not shown.
    pub what: String,
    /// What to paste into a file of tests where no test can show it; none where there is no excuse.
    pub exempt: Option<String>,
    /// The rule, and what is to be shown of it; none where no test could.
    pub(crate) unshown: Option<(Arc<str>, Shown)>,
}

impl Coverage {
    /// Notes what a test shows.
    pub(crate) fn note(&mut self, noted: &ShownByTest) {
        noted.outcomes.iter().for_each(|shown| *self.outcomes.entry(*shown).or_default() += 1);
        noted.clauses.iter().for_each(|shown| *self.clauses.entry(*shown).or_default() += 1);
        self.dated.extend(noted.dated.clone());
    }

    /// Takes back what a test shows that was noted.
    pub(crate) fn forget(&mut self, noted: &ShownByTest) {
        for shown in &noted.outcomes {
            if let Some(count) = self.outcomes.get_mut(shown) {
                *count -= 1;
            }
        }
        for shown in &noted.clauses {
            if let Some(count) = self.clauses.get_mut(shown) {
                *count -= 1;
            }
        }
        if let Some(place) =
            self.dated.iter().rposition(|dated| Some(dated) == noted.dated.as_ref())
        {
            self.dated.remove(place);
        }
    }

    /// Whether something of a rule is shown.
    pub(crate) fn shows(&self, rule: usize, shown: &Shown) -> bool {
        match shown {
            Shown::Outcome(status) => self.shows_outcome(rule, *status),
            Shown::Clause(number) => self.shows_clause(rule, *number),
            Shown::Date(at) => self.shows_change(rule, *at),
            _ => false,
        }
    }

    fn shows_outcome(&self, rule: usize, status: Status) -> bool {
        self.outcomes.get(&(rule, status)).is_some_and(|count| *count > 0)
    }

    fn shows_clause(&self, rule: usize, number: usize) -> bool {
        self.clauses.get(&(rule, number)).is_some_and(|count| *count > 0)
    }

    /// What is missing, and the counts of outcomes, dates and clauses.
    pub(crate) fn judge(
        &self,
        program: &Program,
        pack: &Pack,
        exemptions: &[Exemption],
    ) -> (Vec<Gap>, [Count; 3], Vec<RuleCoverage>) {
        // Warnings are exempt from lint, not from being shown.
        let is_of_tests = |exemption: &&Exemption| !matches!(exemption.what, Exempted::Lint(_));
        let exemptions = || exemptions.iter().filter(is_of_tests);
        let mut excused: BTreeMap<(ExemptionOf, Exempted), bool> = exemptions()
            .map(|exemption| ((exemption.of.clone(), exemption.what.clone()), false))
            .collect();
        let mut gaps = Vec::new();
        let mut counts =
            ["outcomes", "dates", "clauses"].map(|what| Count { what, shown: 0, exempt: 0, of: 0 });
        let mut take = |count: &mut Count,
                        shown: bool,
                        (of, what): (ExemptionOf, Exempted),
                        what_shows: Option<Shown>,
                        place: &Place,
                        in_words: &dyn Fn() -> String| {
            count.of += 1;
            if shown {
                count.shown += 1;
                return;
            }
            let exempt = exemption(&of, &what);
            let rule = match &of {
                ExemptionOf::Rule(rule) => Some(Arc::clone(rule)),
                ExemptionOf::Set(_) => None,
            };
            if let Some(used) = excused.get_mut(&(of, what)) {
                *used = true;
                count.exempt += 1;
                return;
            }
            gaps.push(Gap {
                place: place.clone(),
                what: in_words(),
                exempt: Some(exempt),
                unshown: rule.zip(what_shows),
            });
        };
        let [outcomes, dates, clauses] = &mut counts;
        let mut known_dates = BTreeSet::new();
        let mut by_rule = Vec::new();
        for (index, _, rule) in program.rules().filter(|(_, _, rule)| rule.is_written()) {
            let of = || ExemptionOf::Rule(Arc::clone(&rule.id));
            let place = index.index();
            let before = [&*outcomes, &*dates, &*clauses].map(Count::so_far);
            for status in Status::ALL.iter().copied() {
                let can_be = match status {
                    Status::Undetermined => program
                        .compiled(index)
                        .is_some_and(|compiled| !can_be_unknown_of(program, compiled).is_empty()),
                    // Who made a rule that always applies exempt from this need not take it back.
                    Status::NotApplicable => {
                        program.compiled(index).is_some_and(|rule| !rule.not_applicable.is_empty())
                            || exemptions().any(|known| {
                                known.of == of() && known.what == Exempted::Outcome(status)
                            })
                    }
                    Status::Violated | Status::Satisfied => true,
                };
                if !can_be {
                    continue;
                }
                let shown = self.shows_outcome(place, status);
                let in_words =
                    || format!("{}: no test makes it {}", rule.id, status.name().replace('_', " "));
                let what = (of(), Exempted::Outcome(status));
                let shows = Some(Shown::Outcome(status));
                take(outcomes, shown, what, shows, &rule.place, &in_words);
            }
            for at in changes(program, index) {
                known_dates.insert(at);
                let in_words = || {
                    format!(
                        "{}: no two tests name it with different outcomes just before {at} and \
                         from then on",
                        rule.id
                    )
                };
                let what = (of(), Exempted::Date(at));
                let shown = self.shows_change(place, at);
                take(dates, shown, what, Some(Shown::Date(at)), &rule.place, &in_words);
            }
            for (number, clause) in program
                .compiled(index)
                .map(|compiled| compiled.violated.as_slice())
                .unwrap_or_default()
                .iter()
                .enumerate()
            {
                let words = program.describe(clause);
                let in_words = || format!("{}: no test violates it by: {words}", rule.id);
                let shown = self.shows_clause(place, number);
                let what = (of(), Exempted::Clause(words.as_str().into()));
                take(clauses, shown, what, Some(Shown::Clause(number)), &rule.place, &in_words);
            }
            let [of_outcomes, of_dates, of_clauses] = before;
            let counts =
                [outcomes.since(of_outcomes), dates.since(of_dates), clauses.since(of_clauses)];
            by_rule.push(RuleCoverage { rule: Arc::clone(&rule.id), counts });
        }
        for set in &pack.sets {
            let written: BTreeSet<Timestamp> =
                set.entries.iter().flat_map(|entry| [entry.from, entry.until]).flatten().collect();
            // A date that changes what some rule says was counted there.
            for at in written.difference(&known_dates) {
                let in_words = || format!("{}: nothing that a rule says changes at {at}", set.id);
                let what = (ExemptionOf::Set(Arc::clone(&set.id)), Exempted::Date(*at));
                take(dates, false, what, None, &set.place, &in_words);
            }
        }
        for exemption in exemptions() {
            if excused.get(&(exemption.of.clone(), exemption.what.clone())) == Some(&false) {
                gaps.push(Gap {
                    place: exemption.place.clone(),
                    what: "this exemption is not needed".to_owned(),
                    exempt: None,
                    unshown: None,
                });
            }
        }
        (gaps, counts, by_rule)
    }

    fn shows_change(&self, rule: usize, at: Timestamp) -> bool {
        let Some(second) = Duration::from_seconds(1) else { return false };
        let said = |from: Option<Timestamp>, until: Option<Timestamp>| -> BTreeSet<Status> {
            let tests = self.dated.iter().filter(|(when, _)| {
                from.is_none_or(|from| from <= *when) && until.is_none_or(|until| *when < until)
            });
            tests
                .flat_map(|(_, rules)| rules)
                .filter(|(known, _)| *known == rule)
                .map(|(_, status)| *status)
                .collect()
        };
        let before = said(at.checked_sub(second), Some(at));
        let after = said(Some(at), at.checked_add(second));
        before.iter().any(|status| after.iter().any(|other| other != status))
    }
}

/// An exemption in the format of a pack's tests, but for its reason.
fn exemption(of: &ExemptionOf, what: &Exempted) -> String {
    // A string of JSON is one of TOML.
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let of = match of {
        ExemptionOf::Rule(rule) => format!("rule = {}", quoted(rule)),
        ExemptionOf::Set(set) => format!("set = {}", quoted(set)),
    };
    let what = match what {
        Exempted::Outcome(status) => format!("outcome = {}", quoted(status.name())),
        Exempted::Date(at) => format!("date = {at}"),
        Exempted::Clause(words) => format!("clause = {}", quoted(words)),
        Exempted::Lint(code) => format!("lint = {}", quoted(code)),
    };
    format!("[[exempt]]\n{of}\n{what}\nwhy = \"\"\n")
}

/// The attributes that a rule's conditions read and that a check may not know, in path order.
pub fn can_be_unknown_of<'a>(program: &'a Program, compiled: &CompiledRule) -> BTreeSet<&'a str> {
    let read = compiled.dimensions.iter().filter_map(|place| program.dimension(*place)).flat_map(
        |dimension| match dimension.subject {
            Subject::Attribute(id) => vec![id],
            Subject::Predicate(index) => program
                .predicates()
                .get(index)
                .map(|predicate| predicate.attributes.iter().copied().collect())
                .unwrap_or_default(),
        },
    );
    read.filter(|id| can_be_unknown(program.schema(), *id))
        .map(|id| &*program.schema().attribute(id).path)
        .collect()
}

/// Whether a check may not know an attribute.
fn can_be_unknown(schema: &Schema, id: AttributeId) -> bool {
    let attribute = schema.attribute(id);
    // The time of sending is always given, and a directory always says when it was retrieved.
    let always = [attributes::SEND_AT, attributes::DIRECTORY_AGE_DAYS].contains(&id);
    !always && (attribute.origin != Origin::Given || attribute.not_given == NotGiven::Unknown)
}

/// The first instants of each stretch of time in which a rule says the same of the same facts, but
/// the first stretch's.
fn changes(program: &Program, rule: RuleIdx) -> BTreeSet<Timestamp> {
    let mut found = BTreeSet::new();
    let Some(compiled) = program.compiled(rule) else { return found };
    for place in &compiled.dimensions {
        let Some(dimension) = program.dimension(*place) else { continue };
        let Classes::Timestamps(cuts) = &dimension.classes else { continue };
        if dimension.subject != Subject::Attribute(attributes::SEND_AT) {
            continue;
        }
        let all =
            [&compiled.violated, &compiled.satisfied, &compiled.not_applicable, &compiled.error];
        let sets: Vec<_> =
            all.into_iter().flatten().filter_map(|clause| clause.on(*place)).collect();
        let differ = |a: Option<&u16>, b: Option<&u16>| match (a, b) {
            (Some(a), Some(b)) if *a != 0 && *b != 0 => {
                sets.iter().any(|set| set.contains(*a) != set.contains(*b))
            }
            _ => false,
        };
        for (number, point) in cuts.points.iter().enumerate() {
            if differ(cuts.pieces.get(number * 2), cuts.pieces.get(number * 2 + 1)) {
                found.insert(*point);
            }
            if differ(cuts.pieces.get(number * 2 + 1), cuts.pieces.get(number * 2 + 2)) {
                found.extend(Duration::from_nanos(1).and_then(|least| point.checked_add(least)));
            }
        }
    }
    found
}
