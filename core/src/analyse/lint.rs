//! What in a valid pack is probably not meant?
//!
//! All of it follows from the clauses and from what is in the files: no case is looked for, so that
//! it takes no longer than loading. [`super::analyse`] asks more, and brings documents.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::beside::Beside;
use crate::cel::{Arithmetic, Expression, Node, NodeKind};
use crate::limits;
use crate::matching::{Idle, idle_waivers};
use crate::pack::{Declared, Pack, Place, Rule, Template, Waiver};
use crate::program::clause::Clause;
use crate::program::dimension::Subject;
use crate::program::excluded::Excluded;
use crate::program::{CompiledRule, Program, RuleIdx};
use crate::resolve::sources;
use crate::schema::{AttributeId, NotGiven, Schema, Scope, attributes};
use crate::time::Timestamp;
use crate::value::{Type, Value};
use crate::verdict::{FindingVerdict, Status, Verdict};

/// Something in a valid pack that is probably not meant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// A stable name for programs. Listed in `docs/reference/codes.md`.
    pub code: &'static str,
    /// Where in the pack.
    pub place: Place,
    /// What was found, in one line.
    pub message: String,
    /// The rule that it is about; none where it is about something else.
    pub rule: Option<Arc<str>>,
}

impl Warning {
    /// An exemption, at this place, of a warning that does not occur.
    pub fn idle_exemption(place: Place) -> Self {
        let message = "this exemption is not needed".to_owned();
        Self { code: "lint/exemption-idle", place, message, rule: None }
    }
}

/// The warnings about one pack of a program, by place. Waivers are judged at an instant; rules are
/// compared with those of the same pack.
pub(crate) fn warnings(program: &Program, pack: &Pack, at: Timestamp) -> Vec<Warning> {
    let rules: Vec<Linted<'_>> = program
        .rules()
        // What follows from a pack's `known_until` stands in no file.
        .filter(|(_, of, rule)| of.name == pack.name && rule.is_written())
        .filter_map(|(index, _, rule)| Some(Linted { index, rule, of: program.compiled(index)? }))
        .collect();
    let mut found = Vec::new();
    rules.iter().for_each(|rule| rule.alone(program, &mut found));
    pairs(program, &rules, &mut found);
    unused(pack, &mut found);
    waivers(program, pack, at, &mut found);
    found.sort_by(|a, b| (&a.place, a.code, &a.message).cmp(&(&b.place, b.code, &b.message)));
    found
}

/// A rule and its clauses.
struct Linted<'p> {
    index: RuleIdx,
    rule: &'p Rule,
    of: &'p CompiledRule,
}

impl Linted<'_> {
    fn warn(&self, code: &'static str, what: &str) -> Warning {
        Warning {
            code,
            place: self.rule.place.clone(),
            message: format!("`{}` {what}", self.rule.id),
            rule: Some(Arc::clone(&self.rule.id)),
        }
    }

    /// The warnings about the rule by itself.
    fn alone(&self, program: &Program, found: &mut Vec<Warning>) {
        let Self { of, rule, .. } = self;
        if of.violated.is_empty() && of.satisfied.is_empty() && of.error.is_empty() {
            found.push(self.warn("lint/never-applies", "applies to no case"));
        } else if of.violated.is_empty() {
            found.push(self.warn("lint/never-violated", "can never be violated"));
        } else if of.satisfied.is_empty() && of.error.is_empty() && !self.is_bare() {
            found.push(self.warn("lint/always-violated", "is always violated where it applies"));
        }
        for condition in rule.applies.iter().chain([rule.condition.expression()]) {
            constants(&condition.root, condition, false, &mut |what| {
                found.push(self.warn("lint/constant", what));
            });
        }
        for id in self.unsettled(program) {
            let path = &program.schema().attribute(id).path;
            let why = match BY_ZONE.contains(&id) {
                true => "which is unknown where the recipient's zones differ",
                false => "which may be unknown where it is violated: its conditions do not read it",
            };
            found.push(
                self.warn("lint/unsettled-text", &format!("shows `{path}` in its texts, {why}")),
            );
        }
    }

    /// Whether the author wrote `true` or `false` as the whole condition, and so means that every
    /// case to which the rule applies violates it.
    fn is_bare(&self) -> bool {
        let source = self.rule.condition.expression().source.trim();
        self.rule.applies.is_some() && (source == "true" || source == "false")
    }

    /// The attributes in the rule's texts of which a caller may know nothing where the rule is
    /// violated. A placeholder that names others beside one is meant for that.
    fn unsettled(&self, program: &Program) -> BTreeSet<AttributeId> {
        let texts = [&self.rule.message, &self.rule.advice];
        let shown = texts.into_iter().flat_map(Template::placeholders);
        let schema = program.schema();
        let asked = self.asked(schema);
        let is_open = |id: &AttributeId| match BY_ZONE.contains(id) {
            true => self.is_open_by_zone(program, *id),
            false => {
                let attribute = schema.attribute(*id);
                !asked.contains(&attribute.path)
                    && !sources(*id).iter().any(|source| asked.contains(source))
                    && attribute.not_given == NotGiven::Unknown
                    && *id != attributes::SEND_AT
            }
        };
        shown
            .filter_map(|attributes| match attributes {
                [one] => Some(*one),
                _ => attributes.iter().copied().find(|id| BY_ZONE.contains(id)),
            })
            .filter(is_open)
            .collect()
    }

    /// The paths of all that the rule's conditions read, and of what that follows from.
    fn asked(&self, schema: &Schema) -> BTreeSet<Arc<str>> {
        let conditions = self.rule.applies.iter().chain([self.rule.condition.expression()]);
        let read = conditions.flat_map(Expression::attributes);
        let all = read.flat_map(|id| {
            std::iter::once(Arc::clone(&schema.attribute(*id).path)).chain(sources(*id))
        });
        all.collect()
    }

    /// Whether what zones differ in may be unknown in a case that violates the rule, although all
    /// that can be given is given.
    fn is_open_by_zone(&self, program: &Program, id: AttributeId) -> bool {
        // Comparisons of a local hour go by its bounds, which tell where it is unknown.
        id == attributes::RECIPIENT_LOCAL_HOUR
            || self.of.violated.iter().any(|clause| !settles(program, clause, id))
    }

    /// Whether the rule is violated only where another is, by the clauses of both. Where the
    /// comparisons are spent, it is taken not to be.
    fn is_within(&self, other: &Self, excluded: &Excluded, comparisons: &mut Comparisons) -> bool {
        // A rule of recipient scope says nothing of a campaign alone.
        let is_asked = other.of.scope == Scope::Campaign || self.of.scope == Scope::Recipient;
        let others = [&other.of.satisfied, &other.of.not_applicable, &other.of.error];
        is_asked
            && self.of.violated.iter().all(|clause| {
                others.iter().all(|others| {
                    others
                        .iter()
                        .all(|other| comparisons.take() && !excluded.leaves_shared(clause, other))
                })
            })
    }

    fn verdict(&self) -> FindingVerdict {
        self.rule.verdict_of(Status::Violated)
    }
}

/// What zones differ in: it is unknown where they do, although all that can be given is given.
const BY_ZONE: [AttributeId; 3] = [
    attributes::RECIPIENT_LOCAL_HOUR,
    attributes::RECIPIENT_LOCAL_WEEKDAY,
    attributes::RECIPIENT_LOCAL_DATE,
];

/// Whether a clause holds only where an attribute is known.
fn settles(program: &Program, clause: &Clause, id: AttributeId) -> bool {
    clause.constraints.iter().any(|(place, _)| {
        match program.dimension(*place).map(|dimension| dimension.subject) {
            Some(Subject::Attribute(read)) => read == id,
            Some(Subject::Predicate(index)) => program
                .predicates()
                .get(index)
                .is_some_and(|known| known.strict && known.attributes.contains(&id)),
            None => false,
        }
    })
}

/// Rules that add nothing to another.
fn pairs(program: &Program, rules: &[Linted<'_>], found: &mut Vec<Warning>) {
    let excluded = Excluded::of(program.dimensions());
    let beside = Beside::of(program, &excluded);
    for one in rules {
        let Some(clause) = one.of.violated.first() else { continue };
        if one.verdict().effect() == Verdict::Allow {
            continue;
        }
        let (mut named, mut comparisons) = (0, Comparisons::default());
        for other in beside.violated_with(clause) {
            // They stand in program order.
            let place = rules.binary_search_by_key(&other, |rule| rule.index);
            let Some(other) = place.ok().and_then(|place| rules.get(place)) else { continue };
            if other.index == one.index || !one.is_within(other, &excluded, &mut comparisons) {
                continue;
            }
            let (mine, its) = (one.verdict(), other.verdict());
            let is_same = mine == its && other.is_within(one, &excluded, &mut comparisons);
            let id = &other.rule.id;
            if is_same && other.index < one.index {
                let what =
                    format!("is violated in the same cases as `{id}`, with the same verdict");
                found.push(one.warn("lint/duplicate", &what));
                named += 1;
            } else if !is_same && mine <= its {
                let what = format!(
                    "is violated only where `{id}` is, whose verdict is no milder: it adds nothing"
                );
                found.push(one.warn("lint/shadowed", &what));
                named += 1;
            }
            // LIMIT: of rules that each ask for more than the last, all pairs would be named.
            if named >= limits::LINT_NAMED_MAX || comparisons.are_spent() {
                break;
            }
        }
        if comparisons.are_spent() {
            let what = format!(
                "was not compared with all rules that may be violated in the same cases: {} \
                 clauses were compared",
                limits::LINT_COMPARISONS_MAX
            );
            found.push(one.warn("lint/not-compared", &what));
        }
    }
}

/// Clauses that were compared for one rule.
#[derive(Default)]
struct Comparisons(usize);

impl Comparisons {
    /// Counts one; whether there is still one to be made.
    fn take(&mut self) -> bool {
        self.0 = self.0.saturating_add(1);
        !self.are_spent()
    }

    const fn are_spent(&self) -> bool {
        self.0 > limits::LINT_COMPARISONS_MAX
    }
}

/// The parts of a condition that are the same in every case. The whole of it is judged by the
/// rule's clauses.
fn constants(node: &Node, condition: &Expression, is_part: bool, warn: &mut dyn FnMut(&str)) {
    let written = condition.source.get(node.span.range()).unwrap_or_default().trim();
    // What a table or a named condition stands for is written elsewhere.
    let is_written_here = !written.contains("tables.") && !written.contains("conditions.");
    if is_part && node.ty == Type::BOOL && is_written_here && reads_nothing(node) {
        warn(&format!("asks `{written}`, which is the same in every case"));
        return;
    }
    if let NodeKind::Arithmetic {
        operator: Arithmetic::Divide | Arithmetic::Remainder, right, ..
    } = &node.kind
        && right.kind == NodeKind::Literal(Value::Int(0))
    {
        warn(&format!("divides by zero: `{written}` has no value in any case"));
    }
    let is_logical = matches!(
        node.kind,
        NodeKind::And(_) | NodeKind::Or(_) | NodeKind::Not(_) | NodeKind::Conditional(_)
    );
    let is_written_out = |part: &Node| match &node.kind {
        NodeKind::Conditional(parts) => is_answer(parts, part),
        _ => false,
    };
    node.for_each_part(&mut |part| {
        // A value that something is compared with is no part that could be left out.
        constants(part, condition, is_logical && !is_written_out(part), warn);
    });
}

/// Whether a part of `condition ? then : otherwise` is `true` or `false`, which is what is answered
/// there and no slip, as in `has(a) ? … : false`. Where both answers are the same, nothing is asked.
fn is_answer(parts: &[Node; 3], part: &Node) -> bool {
    let [_, then, otherwise] = parts;
    (std::ptr::eq(part, then) || std::ptr::eq(part, otherwise))
        && matches!(part.kind, NodeKind::Literal(Value::Bool(_)))
        && then.kind != otherwise.kind
}

fn reads_nothing(node: &Node) -> bool {
    let mut nothing = !matches!(
        node.kind,
        NodeKind::Attribute(_) | NodeKind::Has(_) | NodeKind::Set(_) | NodeKind::Variable(_)
    );
    node.for_each_part(&mut |part| nothing = nothing && reads_nothing(part));
    nothing
}

/// What a pack declares, and nothing of it uses.
fn unused(pack: &Pack, found: &mut Vec<Warning>) {
    let conditions = || {
        let of_rules = pack
            .rules
            .iter()
            .flat_map(|rule| rule.applies.iter().chain([rule.condition.expression()]));
        of_rules.chain(pack.waivers.iter().filter_map(|waiver| waiver.when.as_ref()))
    };
    let sets: BTreeSet<usize> =
        conditions().flat_map(Expression::sets).map(|set| usize::from(set.0)).collect();
    for (number, set) in pack.sets.iter().enumerate() {
        if !sets.contains(&number) {
            let message = format!("the set `{}` is declared, and no condition names it", set.id);
            let place = set.place.clone();
            found.push(Warning { code: "lint/unused-set", place, message, rule: None });
        }
    }
    let mut warn = |code, what: Declared, unused: Vec<(&str, String)>| {
        if unused.is_empty() {
            return;
        }
        let places = pack.places_of(what);
        found.extend(unused.into_iter().filter_map(|(name, message)| {
            let place = places.get(name)?.clone();
            Some(Warning { code, place, message, rule: None })
        }));
    };
    let sources = || {
        let named = pack.conditions.iter().map(|named| &*named.expression.source);
        conditions().map(|condition| &*condition.source).chain(named)
    };
    let named = names(sources(), "conditions.");
    let conditions = pack.conditions.iter().map(|condition| &*condition.name);
    let conditions = conditions
        .filter(|name| !named.contains(name))
        .map(|name| (name, format!("the condition `{name}` is declared, and nothing names it")));
    warn("lint/unused-condition", Declared::Conditions, conditions.collect());
    let named = names(sources(), "tables.");
    let tables = pack.tables.iter().map(|table| &*table.declaration.name);
    let tables = tables
        .filter(|name| !named.contains(name))
        .map(|name| (name, format!("the table `{name}` is declared, and no condition names it")));
    warn("lint/unused-table", Declared::Tables, tables.collect());
    let cited: BTreeSet<&Arc<str>> = {
        let of_rules = pack
            .rules
            .iter()
            .flat_map(|rule| rule.source_by_country.values().chain([&rule.source]));
        let of_sets = pack.sets.iter().flat_map(|set| &set.entries).map(|entry| &entry.source);
        let of_ladders = pack.ladders.iter().map(|ladder| &ladder.source);
        of_rules.chain(of_sets).chain(of_ladders).map(|citation| &citation.source).collect()
    };
    let sources = pack.sources.keys().filter(|id| !cited.contains(id));
    let sources =
        sources.map(|id| (&**id, format!("the source `{id}` is declared, and nothing cites it")));
    warn("lint/unused-source", Declared::Sources, sources.collect());
    let of_waivers = pack.waivers.iter().filter_map(|waiver| waiver.when.as_ref());
    let read: BTreeSet<AttributeId> = pack
        .rules
        .iter()
        .flat_map(|rule| &rule.attributes)
        .chain(of_waivers.flat_map(Expression::attributes))
        .copied()
        .collect();
    let is_read = |path: &str| pack.schema.id(path).is_some_and(|id| read.contains(&id));
    let attributes = pack.attributes.iter().map(|attribute| &*attribute.path);
    let attributes = attributes
        .filter(|path| !is_read(path))
        .map(|path| (path, format!("`{path}` is declared, and no rule reads it")));
    warn("lint/unused-attribute", Declared::Attributes, attributes.collect());
}

/// The names that sources write with a prefix.
fn names<'s>(sources: impl Iterator<Item = &'s str>, prefix: &str) -> BTreeSet<&'s str> {
    let mut found = BTreeSet::new();
    for source in sources {
        for (at, _) in source.match_indices(prefix) {
            let name = source.get(at + prefix.len()..).unwrap_or_default();
            let is_end = |character: char| !(character.is_ascii_alphanumeric() || character == '_');
            found.extend(name.get(..name.find(is_end).unwrap_or(name.len())));
        }
    }
    found
}

/// The waivers of a pack that lower nothing.
fn waivers(program: &Program, pack: &Pack, at: Timestamp, found: &mut Vec<Warning>) {
    let idle = idle_waivers(program, at).into_iter();
    found.extend(
        idle.filter(|(waiver, _)| is_of(pack, waiver)).map(|(waiver, why)| warning_of(waiver, why)),
    );
}

/// The waivers that stand in no pack and lower nothing from an instant on, in order.
pub(crate) fn idle_beside_packs(program: &Program, at: Timestamp) -> Vec<Warning> {
    let packs = program.packs();
    let idle = idle_waivers(program, at).into_iter();
    idle.filter(|(waiver, _)| !packs.iter().any(|pack| is_of(pack, waiver)))
        .map(|(waiver, why)| warning_of(waiver, why))
        .collect()
}

fn is_of(pack: &Pack, waiver: &Waiver) -> bool {
    pack.waivers.iter().any(|own| own.place == waiver.place && own.rule == waiver.rule)
}

fn warning_of(waiver: &Waiver, why: Idle) -> Warning {
    let (code, why) = match why {
        Idle::Ended => {
            let ended = crate::decide::WrittenDate(waiver.until);
            ("lint/waiver-ended", format!("ended on {ended}"))
        }
        Idle::LowersNothing => {
            ("lint/waiver-idle", "lowers nothing: the rule finds no more than that".to_owned())
        }
        Idle::NeverMeets => {
            ("lint/waiver-idle", "lowers nothing: no case of its own breaks the rule".to_owned())
        }
        Idle::PackNotLoaded => {
            ("lint/waiver-idle", format!("is of a pack that is not built in: `{}`", waiver.pack))
        }
    };
    let message = format!("the waiver of `{}` {why}", waiver.of());
    Warning { code, place: waiver.place.clone(), message, rule: None }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::pack::PackFile;
    use crate::{Engine, Pack};

    const MANIFEST: &str = "name = 'house'\nversion = '1.0.0'\nrequires = '*'\ntitle = 't'\n\
                            published = 2026-01-01\n[sources.s]\ntitle = 't'\nurl = \
                            'https://acme.example'\nretrieved = 2026-02-01\nconfidence = \
                            'official'\n";

    /// Conditions over facts of which some cannot occur together.
    const ATOMS: [&str; 14] = [
        "account.banned",
        "account.restricted_all",
        "account.restricted_replies",
        "account.restricted_business_initiated",
        "provider.listing_known",
        "campaign.automated",
        "account.daily_limit == 250",
        "account.daily_limit < 1000",
        "account.daily_limit >= 250 && account.daily_limit < 10000",
        "campaign.category == 'marketing'",
        "campaign.category in ['marketing', 'utility']",
        "campaign.vertical in ['retail', 'travel']",
        "account.daily_limit < campaign.audience_size",
        "(has(recipient.last_inbound_at) && recipient.in_service_window)",
    ];

    fn house(rules: usize, seed: u64) -> Engine {
        let mut state = seed;
        let mut next = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
            (state >> 33) as usize % below
        };
        let mut text = String::new();
        for number in 0..rules {
            let mut condition = String::new();
            for atom in 0..1 + next(3) {
                let joined = if next(3) == 0 { " || " } else { " && " };
                let not = if next(3) == 0 { "!" } else { "" };
                condition.push_str(if atom == 0 { "" } else { joined });
                condition.push_str(&format!("{not}({})", ATOMS[next(ATOMS.len())]));
            }
            let from = ["2018-01-01", "2025-01-01"][next(2)];
            let verdict = ["review", "deny"][next(2)];
            text.push_str(&rule(number, &condition, verdict, from));
        }
        engine(text)
    }

    fn rule(number: usize, forbids: &str, verdict: &str, from: &str) -> String {
        format!(
            "[[rule]]\nid = 'limits.r{number}'\ntopic = 'limits'\ntitle = 't'\nforbids = \
             \"\"\"{forbids}\"\"\"\nverdict = '{verdict}'\nfrom = {from}\nsource = {{ id = 's' }}\n\
             message = 'm'\nadvice = 'a'\nexposure = []\n"
        )
    }

    fn engine(text: String) -> Engine {
        let file = |path: &str, text: String| PackFile {
            path: path.to_owned(),
            bytes: Cow::Owned(text.into_bytes()),
        };
        let files = vec![file("pack.toml", MANIFEST.to_owned()), file("rules/r.toml", text)];
        Engine::builder().without_built_in().pack("house", files).build().unwrap()
    }

    #[test]
    fn no_rule_that_adds_nothing_is_left_out_of_the_comparison() {
        let houses = (1..=40).map(|seed| house(if seed < 4 { 400 } else { 60 }, seed));
        let built_in = Pack::built_in_names()
            .map(|name| Engine::builder().without_built_in().built_in_pack(name).build().unwrap());
        let (mut within, mut compared, mut pairs) = (0, 0, 0);
        for engine in houses.chain(built_in) {
            let program = engine.program();
            let excluded = Excluded::of(program.dimensions());
            let beside = Beside::of(program, &excluded);
            let rules: Vec<Linted<'_>> = program
                .rules()
                .filter_map(|(index, _, rule)| {
                    Some(Linted { index, rule, of: program.compiled(index)? })
                })
                .collect();
            for one in &rules {
                let Some(clause) = one.of.violated.first() else { continue };
                let found = beside.violated_with(clause);
                compared += found.len();
                pairs += rules.len();
                for other in &rules {
                    if one.is_within(other, &excluded, &mut Comparisons::default()) {
                        within += 1;
                        assert!(
                            found.contains(&other.index),
                            "`{}` is violated only where `{}` is",
                            one.rule.condition.expression().source,
                            other.rule.condition.expression().source,
                        );
                    }
                }
            }
        }
        assert!(within > 10_000, "{within}");
        assert!(compared < pairs / 4, "{compared} of {pairs}");
    }

    /// Codes of warnings and their rules.
    fn warned(rules: impl Iterator<Item = String>) -> Vec<(&'static str, String)> {
        let rules = rules.enumerate();
        let rules = rules.map(|(number, forbids)| rule(number, &forbids, "review", "2018-01-01"));
        let at = Timestamp::from_date(2026, 3, 2).unwrap();
        let warnings = engine(rules.collect()).warnings("house", at);
        let warned = warnings.into_iter().filter(|warning| warning.rule.is_some());
        warned.map(|warning| (warning.code, warning.rule.unwrap().to_string())).collect()
    }

    #[test]
    fn of_many_rules_that_ask_for_less_a_few_are_named() {
        let warned = warned((0..30).map(|number| format!("account.daily_limit > {number}")));
        assert!(warned.iter().all(|(code, _)| *code == "lint/shadowed"));
        let of = |number: usize| {
            let rule = format!("limits.r{number}");
            warned.iter().filter(|(_, warned)| *warned == rule).count()
        };
        assert_eq!([of(0), of(1), of(5), of(29)], [0, 1, 5, limits::LINT_NAMED_MAX]);
    }

    #[test]
    fn a_rule_says_where_it_was_not_compared_with_all() {
        // Stairs of so many steps: each of their clauses is compared with each.
        let stairs = |steps: usize| -> String {
            let step = |step: usize| {
                let size = 100 - step;
                format!("account.daily_limit < {step} && campaign.audience_size < {size}")
            };
            (1..=steps).map(|number| format!("({})", step(number))).collect::<Vec<_>>().join(" || ")
        };
        let fewer =
            |number: usize| format!("{} || account.daily_limit == {}", stairs(39), 1000 + number);
        let warned =
            |others: usize| warned(std::iter::once(stairs(40)).chain((0..others).map(fewer)));
        assert_eq!(warned(2), []);
        let told = warned(20);
        let first = ("lint/not-compared", "limits.r0".to_owned());
        assert!(told.contains(&first), "{told:?}");
    }
}
