//! When does that end which stands against sending all along?
//!
//! A timeline that is clear at no instant leaves the question open. Of each finding that stands
//! against sending at every instant of it, what its rule reads is followed further: to the longest
//! horizon that a timeline may have, or through all periods of the program where nothing else of
//! what it reads passes with time.

use std::ops::ControlFlow;

use super::course::{Course, Found, Names, Read, each_piece, moves};
use super::explanation::{RuleEnd, WhenOver};
use super::trial::{Judged, Trials};
use crate::facts::Facts;
use crate::limits;
use crate::matching::order::{Rank, Subject};
use crate::program::RuleIdx;
use crate::schema::attributes::SEND_AT;
use crate::time::{Duration, Timestamp};
use crate::value::{Fact, Value};
use crate::verdict::Verdict;

const DAY_SECONDS: i64 = 86_400;

pub(super) fn of(trials: &mut Trials<'_>, facts: &Facts, course: &Course) -> Vec<RuleEnd> {
    let timeline = &course.timeline;
    if timeline.intervals.iter().any(|interval| interval.verdict == Verdict::Allow) {
        return Vec::new();
    }
    let Some((_, first)) = course.pieces.first() else { return Vec::new() };
    let all_along =
        |rank: &Rank| course.pieces.iter().all(|(_, judged)| stands(trials, judged, rank.subject));
    let standing: Vec<Rank> = trials.bad(first).filter(all_along).collect();
    let names = Names::of(trials.ground.program);
    let longest = Duration::from_seconds(limits::TIMELINE_DAYS_MAX * DAY_SECONDS)
        .and_then(|span| timeline.from.checked_add(span))
        .unwrap_or(Timestamp::MAX);
    let mut facts = facts.clone();
    facts.replace(SEND_AT, Fact::Value(Value::Timestamp(timeline.until)));
    let mut found = Vec::new();
    for rank in standing {
        let Some(rule) = names.name(trials.ground.program, rank.subject) else { continue };
        let over = match rank.subject {
            Subject::Rule(number) if moves(trials.ground.program, number) => {
                followed(trials, &facts, number, timeline.until, longest)
            }
            _ => by_periods(trials, &facts, rank.subject, timeline.until),
        };
        found.push(RuleEnd { rule, status: rank.status, verdict: rank.verdict.effect(), over });
    }
    found
}

fn stands(trials: &Trials<'_>, judged: &Judged, subject: Subject) -> bool {
    trials.bad(judged).any(|rank| rank.subject == subject)
}

/// Through all that the rule reads of time.
fn followed(
    trials: &mut Trials<'_>,
    facts: &Facts,
    rule: RuleIdx,
    from: Timestamp,
    until: Timestamp,
) -> WhenOver {
    let read = Read::of_rule(trials, rule);
    let mut over = None;
    let mut left = limits::ENDS_TRIALS_MAX;
    let subject = Subject::Rule(rule);
    let looked_to = each_piece(trials, facts, &read, (from, until), |trials, resolved, at| {
        if left == 0 {
            over = Some(WhenOver::NotBefore(at));
            return ControlFlow::Break(());
        }
        left -= 1;
        let judged = trials.judge_case(resolved);
        if stands(trials, &judged, subject) {
            return ControlFlow::Continue(());
        }
        over = Some(WhenOver::At(at));
        ControlFlow::Break(())
    });
    over.unwrap_or(WhenOver::NotBefore(looked_to))
}

/// Where periods of rules and sets begin and end.
fn by_periods(
    trials: &mut Trials<'_>,
    facts: &Facts,
    subject: Subject,
    from: Timestamp,
) -> WhenOver {
    let mut found = Found::between(from, Timestamp::MAX);
    found.of_program(trials.ground.program);
    let mut facts = facts.clone();
    for at in [from].into_iter().chain(found.seconds(Timestamp::MAX)) {
        facts.replace(SEND_AT, Fact::Value(Value::Timestamp(at)));
        let judged = trials.judge(&facts);
        if !stands(trials, &judged, subject) {
            return WhenOver::At(at);
        }
    }
    WhenOver::NoEndKnown
}
