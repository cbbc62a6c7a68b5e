//! Which findings are waived, who waived them, and until when?
//!
//! A waiver stands in `waivers.toml` of a pack, or comes from whoever makes an engine, as a file of
//! the same form or typed (`exceptions`). Whether the rule that it names is there and can be waived
//! is known only where all packs are: [`refused`].

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use toml::de::DeTable;

use super::content::{Pack, Waivable, Waiver};
use super::context::Context;
use super::error::{Kind, PackError, PackErrors, did_you_mean};
use super::place::Place;
use super::rules::Source;
use super::table::{Spot, Table, Text};
use crate::cel;
use crate::limits;
use crate::schema::Schema;
use crate::time::{Duration, Timestamp};
use crate::verdict::FindingVerdict;

const KEYS: [&str; 1] = ["waiver"];
const WAIVER_KEYS: [&str; 7] = ["rule", "when", "lower_to", "reason", "by", "from", "until"];
/// What a finding can be lowered to.
const LOWER_TO: [FindingVerdict; 3] =
    [FindingVerdict::Allow, FindingVerdict::Note, FindingVerdict::Review];

/// A waiver as a program makes it; see [`EngineBuilder::waiver`](crate::EngineBuilder::waiver).
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "callers build it: a new field is theirs to fill in")]
pub struct NewWaiver {
    /// Pack and rule, such as `whatsapp/template.not-approved`.
    pub rule: String,
    /// For which cases, as a condition of the rule language; for all, if there is none.
    pub when: Option<String>,
    /// What findings of the rule mean instead: `allow`, `note` or `review`.
    pub lower_to: FindingVerdict,
    /// Why.
    pub reason: String,
    /// Who made it.
    pub by: String,
    /// The first instant at which it holds.
    pub from: Timestamp,
    /// The first instant at which it no longer does, at most 400 days later.
    pub until: Timestamp,
}

/// Reads `waivers.toml`.
pub(super) fn read<'t>(
    spot: &Spot<'t>,
    root: &'t DeTable<'t>,
    context: &Context<'_>,
) -> Vec<Waiver> {
    let table = Table::new(spot.clone(), root, "`waivers.toml`", &KEYS);
    let tables = table.tables("waiver", "a waiver", &WAIVER_KEYS);
    if tables.len() > limits::WAIVERS_MAX {
        spot.report(Kind::TooManyWaivers);
        return Vec::new();
    }
    tables.iter().filter_map(|table| table.keep(read_waiver(table, context))).collect()
}

fn read_waiver(table: &Table<'_>, context: &Context<'_>) -> Option<Waiver> {
    let rule = table.text("rule").and_then(|text| read_rule(&text));
    let when = match table.optional("when") {
        None => Some(None),
        Some(field) => Source::compile(&field, context).map(|source| Some(source.expression)),
    };
    let lower_to = table
        .text("lower_to")
        .and_then(|text| text.word("verdict of a waiver", &LOWER_TO, FindingVerdict::name));
    let (reason, by) = (table.shared("reason"), table.shared("by"));
    let until = table.required("until");
    let from = table.required("from");
    let period = from.and(table.period()).and_then(|(from, until)| from.zip(until));
    if let (Some((from, end)), Some(until)) = (period, &until)
        && is_long(from, end)
    {
        until.spot.report(Kind::LongWaiver);
        return None;
    }
    let ((pack, rule), named_at) = rule?;
    let (from, until) = period?;
    Some(Waiver {
        pack: Arc::from(pack),
        rule: Arc::from(rule),
        when: when?,
        lower_to: lower_to?,
        reason: reason?,
        by: by?,
        from,
        until,
        place: table.spot.place(),
        named_at,
    })
}

type Named<'t> = ((&'t str, &'t str), (Place, Range<usize>));

fn read_rule<'t>(text: &Text<'t>) -> Option<Named<'t>> {
    let named = parts(text.value);
    if named.is_none() {
        text.spot.report(Kind::NoRuleName { name: text.value.into() });
    }
    named.map(|named| (named, (text.spot.place(), text.spot.span.clone())))
}

/// `PACK/RULE`.
fn parts(name: &str) -> Option<(&str, &str)> {
    let (pack, rule) = name.split_once('/')?;
    let is_name = |part: &str| !part.is_empty() && !part.contains(['/', ' ']);
    (is_name(pack) && is_name(rule) && name.len() <= 2 * limits::NAME_BYTES_MAX)
        .then_some((pack, rule))
}

fn is_long(from: Timestamp, until: Timestamp) -> bool {
    Duration::from_seconds(limits::WAIVER_DAYS_MAX * 86_400)
        .and_then(|longest| from.checked_add(longest))
        .is_some_and(|latest| latest < until)
}

/// Checks a waiver that a program made.
pub(super) fn typed(
    waiver: &NewWaiver,
    number: usize,
    schema: &Schema,
) -> Result<Waiver, Vec<PackError>> {
    let called = format!("waiver {number}");
    let mut errors: Vec<PackError> = Vec::new();
    let mut report = |kind, help| errors.push(PackError::of_file(&called, kind, help));
    let named = parts(&waiver.rule);
    if named.is_none() {
        report(Kind::NoRuleName { name: (&*waiver.rule).into() }, None);
    }
    let environment = cel::Environment { schema, sets: &[] };
    let when = waiver.when.as_ref().map(|when| cel::compile_condition(when, &environment));
    if let Some(Err(error)) = &when {
        for error in [error].into_iter().chain(error.further()) {
            let kind = Kind::Expression { code: error.code(), message: error.to_string() };
            report(kind, error.help().map(str::to_owned));
        }
    }
    if !LOWER_TO.contains(&waiver.lower_to) {
        let words = LOWER_TO.map(FindingVerdict::name);
        let word = waiver.lower_to.name().into();
        let help = super::error::one_of_words(waiver.lower_to.name(), &words);
        report(Kind::UnknownWord { what: "verdict of a waiver", word }, help);
    }
    for (key, text) in [("reason", &waiver.reason), ("by", &waiver.by)] {
        if text.trim().is_empty() {
            report(Kind::Empty { key: key.into() }, None);
        }
    }
    let (from, until) = (waiver.from, waiver.until);
    if until <= from {
        report(Kind::EmptyPeriod { from: from.to_string(), until: until.to_string() }, None);
    } else if is_long(from, until) {
        report(Kind::LongWaiver, None);
    }
    let place = Place { file: Arc::from(&*called), line: 1, column: 1 };
    match (named, when.transpose()) {
        (Some((pack, rule)), Ok(when)) if errors.is_empty() => Ok(Waiver {
            pack: Arc::from(pack),
            rule: Arc::from(rule),
            when,
            lower_to: waiver.lower_to,
            reason: Arc::from(&*waiver.reason),
            by: Arc::from(&*waiver.by),
            from,
            until,
            named_at: (place.clone(), 0..0),
            place,
        }),
        _ => Err(errors),
    }
}

/// What is wrong with waivers of rules of these packs: a rule that is not there, and one that
/// refuses them.
pub(crate) fn refused(waivers: &[Waiver], packs: &[&Pack]) -> Result<(), PackErrors> {
    // Whether some rule of an id refuses waivers.
    let mut refuses: BTreeMap<(&str, &str), bool> = BTreeMap::new();
    for pack in packs.iter().filter(|_| !waivers.is_empty()) {
        for rule in &pack.rules {
            *refuses.entry((&*pack.name, &*rule.id)).or_default() |= rule.waivable == Waivable::No;
        }
    }
    // LIMIT: each search for the nearest name goes over all rules.
    let mut searches = 0..limits::PROBLEMS_SHOWN_MAX;
    let mut problem = |waiver: &Waiver| {
        let Some(pack) = packs.iter().find(|pack| pack.name == waiver.pack) else {
            let names: Vec<&str> = packs.iter().map(|pack| &*pack.name).collect();
            let kind = Kind::WaiverOfUnknownPack { name: (&*waiver.pack).into() };
            return Some((kind, did_you_mean(&waiver.pack, names)));
        };
        let Some(refuses) = refuses.get(&(&*waiver.pack, &*waiver.rule)) else {
            let kind = Kind::UnknownRule { id: (&*waiver.of()).into() };
            let help = searches.next().and_then(|_| {
                let ids = pack.rules.iter().map(|rule| format!("{}/{}", pack.name, rule.id));
                let ids: Vec<String> = ids.collect();
                did_you_mean(&waiver.of(), ids.iter().map(String::as_str))
            });
            return Some((kind, help));
        };
        refuses.then(|| (Kind::NotWaivable { rule: (&*waiver.of()).into() }, None))
    };
    let errors = waivers.iter().filter_map(|waiver| {
        let (kind, help) = problem(waiver)?;
        let (place, span) = waiver.named_at.clone();
        Some(PackError { kind, help, place, span })
    });
    let errors: Vec<PackError> = errors.collect();
    if errors.is_empty() { Ok(()) } else { Err(PackErrors(errors)) }
}
