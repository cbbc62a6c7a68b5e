//! Which facts can somebody change, and into what?
//!
//! What may be proposed stands in the schema, a row an attribute. Here each row becomes the values
//! that are tried in one case: those that the row names, or one for each class that rules tell
//! apart.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::deed::Deed;
use super::explanation::Before;
use super::number;
use super::proposed::{Proposed, Shown};
use super::trial::Trials;
use crate::clients::ClientStatus;
use crate::decide::{Decision, shown};
use crate::directory::Provider;
use crate::facts::Facts;
use crate::limits;
use crate::resolve;
use crate::schema::attributes as id;
use crate::schema::levers::{self, ChangedBy, KINDS, LEAVE_OUT, Proposal};
use crate::schema::{AttributeId, Schema, Scope};
use crate::time::Timestamp;
use crate::value::{Fact, Type, Value};
use crate::verdict::{Status, Topic};

/// Something that somebody can change, whatever the values.
pub(super) struct Lever {
    pub(super) path: Arc<str>,
    pub(super) from: Before,
    pub(super) row: levers::Lever,
    /// The given attributes that it changes.
    own: BTreeSet<AttributeId>,
    /// Those, and all that follow from them.
    touched: BTreeSet<AttributeId>,
    pub(super) values: Vec<Proposed>,
    /// Whether there are values that are not proposed, since a limit was met.
    pub(super) is_cut: bool,
}

impl Lever {
    /// Whether a rule that reads these attributes may come to another outcome by it.
    pub(super) fn concerns(&self, reads: &BTreeSet<AttributeId>, scope: Scope) -> bool {
        match self.row.by {
            ChangedBy::Audience => scope == Scope::Recipient,
            _ => !self.touched.is_disjoint(reads),
        }
    }

    /// Whether some of these attributes change by it.
    pub(super) fn touches(&self, attributes: &[AttributeId]) -> bool {
        attributes.iter().any(|attribute| self.touched.contains(attribute))
    }

    /// The attributes that change by it.
    pub(super) fn touched<'l>(
        &'l self,
        schema: &'l Schema,
    ) -> impl Iterator<Item = AttributeId> + 'l {
        let is_of_recipient = self.row.by == ChangedBy::Audience;
        let own = self.touched.iter().copied();
        let of_recipient = schema
            .iter()
            .filter(move |(_, known)| is_of_recipient && known.scope == Scope::Recipient)
            .map(|(id, _)| id);
        own.chain(of_recipient)
    }

    /// Whether both change one fact, so that they cannot be made together.
    pub(super) fn excludes(&self, other: &Self) -> bool {
        !self.own.is_disjoint(&other.own)
    }

    /// Whether it is the instant that changes: a proposal names the first that helps.
    pub(super) fn is_time(&self) -> bool {
        self.row.to == Proposal::Later
    }
}

/// All levers of a case, in path order.
pub(super) fn of(
    trials: &Trials<'_>,
    facts: &Facts,
    decision: &Decision,
    (later, later_is_cut): (&[Timestamp], bool),
) -> Vec<Lever> {
    let mut found = Vec::new();
    let schema = Arc::clone(facts.schema());
    for (attribute, known) in schema.iter() {
        let Some(row) = levers::of(attribute) else { continue };
        // What is not known is supplied, and not changed.
        let (Fact::Value(now), false) = (facts.fact(attribute), row.to == Proposal::Nothing) else {
            if *facts.fact(attribute) == Fact::Absent {
                of_absent(&mut found, facts, attribute, row);
            }
            continue;
        };
        let mut is_cut = false;
        let values: Vec<Proposed> = match row.to {
            Proposal::Values(texts) => texts
                .iter()
                .filter(|text| !(attribute == id::CAMPAIGN_CONTENT && is_template_due(facts, text)))
                .filter_map(|text| value_of(known.ty, text, facts, attribute))
                .filter(|value| value != now)
                .map(|value| set(attribute, value))
                .collect(),
            Proposal::Fewer | Proposal::More => {
                let (values, cut) = numbers(trials, facts, attribute, now, row.to);
                is_cut = cut;
                values
            }
            Proposal::Emptied => match now {
                Value::List(items) if !items.is_empty() => {
                    vec![set(attribute, Value::List([].into()))]
                }
                _ => Vec::new(),
            },
            Proposal::OfficialOnly => {
                official_only(trials, now).map(|kept| set(attribute, kept)).into_iter().collect()
            }
            Proposal::WithUseCase => {
                with_use_case(facts, now).map(|list| set(attribute, list)).into_iter().collect()
            }
            Proposal::Later => {
                is_cut = later_is_cut;
                later.iter().map(|at| set(attribute, Value::Timestamp(*at))).collect()
            }
            // Told once, below.
            Proposal::Kind | Proposal::Provider | Proposal::Nothing | Proposal::WithoutEntry => {
                Vec::new()
            }
        };
        push(
            &mut found,
            Arc::clone(&known.path),
            Before::Value(Some(shown(known, now))),
            *row,
            BTreeSet::from([attribute]),
            (values, is_cut),
        );
    }
    kind(&mut found, facts);
    provider(&mut found, trials, facts);
    entries(&mut found, facts);
    if facts.scope() == Scope::Recipient {
        let row = levers::Lever { how: leave_out(facts, decision), ..RECIPIENT };
        let name = [id::RECIPIENT_PHONE, id::RECIPIENT_USER_ID]
            .into_iter()
            .find_map(|name| facts.fact(name).value().cloned());
        let values = vec![Proposed {
            deeds: vec![Deed::WithoutRecipient],
            other_end: None,
            shown: Shown::Removed,
        }];
        push(
            &mut found,
            "recipient".into(),
            Before::Value(name),
            row,
            BTreeSet::new(),
            (values, false),
        );
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Whether a message of that form would need an open service window, of which nothing is known
/// where a business begins the conversation and no recipient is given.
fn is_template_due(facts: &Facts, content: &str) -> bool {
    content == "free_form"
        && facts.scope() == Scope::Campaign
        && facts.fact(id::CAMPAIGN_INITIATED_BY).text() == Some("business")
}

const RECIPIENT: levers::Lever = levers::Lever {
    by: ChangedBy::Audience,
    how: LEAVE_OUT,
    effort: levers::Effort::Choice,
    to: Proposal::Nothing,
    comes_from: "",
};

/// Consent that was not given is obtained first, if it is that which stands against sending and
/// the person has stopped nothing.
fn leave_out(facts: &Facts, decision: &Decision) -> &'static str {
    let is_violated = |topic: Topic, path: &str| {
        decision.findings().iter().any(|finding| {
            finding.status == Status::Violated
                && finding.topic == topic
                && finding.facts.iter().any(|(known, _)| &**known == path)
        })
    };
    let has_stopped = *facts.fact(id::RECIPIENT_OPTED_OUT) == Fact::Value(Value::Bool(true))
        || facts.fact(id::RECIPIENT_MARKETING_STOPPED_AT).value().is_some();
    if has_stopped {
        return LEAVE_OUT;
    }
    let asked_first = [
        (id::RECIPIENT_OPT_IN, Topic::Consent),
        (id::RECIPIENT_NIGHT_OPT_IN, Topic::Timing),
        (id::RECIPIENT_REGISTER_CHECKED_AT, Topic::Consent),
    ];
    let schema = facts.schema();
    let of_consent = asked_first.into_iter().find(|(attribute, topic)| {
        let is_given =
            *attribute == id::RECIPIENT_OPT_IN && facts.fact(*attribute).text() == Some("given");
        !is_given && is_violated(*topic, &schema.attribute(*attribute).path)
    });
    of_consent.and_then(|(attribute, _)| levers::of(attribute)).map_or(LEAVE_OUT, |row| row.how)
}

/// An attribute that is known not to exist may come to exist: a licence, a label, an age gate.
fn of_absent(found: &mut Vec<Lever>, facts: &Facts, attribute: AttributeId, row: &levers::Lever) {
    let known = facts.schema().attribute(attribute);
    let Proposal::Values(texts) = row.to else { return };
    if known.ty != Type::BOOL {
        return;
    }
    let values = texts
        .iter()
        .filter_map(|text| value_of(known.ty, text, facts, attribute))
        .map(|value| set(attribute, value))
        .collect();
    push(
        found,
        Arc::clone(&known.path),
        Before::Value(None),
        *row,
        BTreeSet::from([attribute]),
        (values, false),
    );
}

fn push(
    found: &mut Vec<Lever>,
    path: Arc<str>,
    from: Before,
    row: levers::Lever,
    own: BTreeSet<AttributeId>,
    (values, is_cut): (Vec<Proposed>, bool),
) {
    if values.is_empty() {
        return;
    }
    let mut touched = own.clone();
    own.iter().for_each(|attribute| touched.extend(resolve::following(*attribute)));
    found.push(Lever { path, from, row, own, touched, values, is_cut });
}

fn set(attribute: AttributeId, value: Value) -> Proposed {
    Proposed {
        deeds: vec![Deed::Set(attribute, Fact::Value(value.clone()))],
        other_end: None,
        shown: Shown::Value(value),
    }
}

/// A value by its text; the schema's own copy is shared.
fn value_of(ty: Type, text: &str, facts: &Facts, attribute: AttributeId) -> Option<Value> {
    match ty {
        Type::BOOL => Some(Value::Bool(text == "true")),
        Type::INT => text.parse().ok().map(Value::Int),
        Type::STRING => {
            let choices = facts.schema().attribute(attribute).choices().unwrap_or_default();
            let known = choices.iter().find(|choice| &*choice.name == text);
            Some(known.map_or_else(
                || Value::string(text),
                |choice| Value::String(Arc::clone(&choice.name)),
            ))
        }
        _ => None,
    }
}

/// One number for each piece of the line to one side of what it is now, the nearest first; and
/// whether there are more.
fn numbers(
    trials: &Trials<'_>,
    facts: &Facts,
    attribute: AttributeId,
    now: &Value,
    direction: Proposal,
) -> (Vec<Proposed>, bool) {
    let Value::Int(now) = now else { return (Vec::new(), false) };
    let starts = number::pieces(trials, facts, attribute);
    let (least, most) = match direction {
        Proposal::Fewer => (0, now.saturating_sub(1)),
        _ => (now.saturating_add(1), i64::MAX),
    };
    let ends = starts.iter().skip(1).map(|next| next - 1).chain([i64::MAX]);
    let pieces = starts.iter().zip(ends).filter_map(|(start, end)| {
        let (start, end) = ((*start).max(least), end.min(most));
        (start <= end).then_some((start, end))
    });
    let mut pieces: Vec<(i64, i64)> = pieces.collect();
    if direction == Proposal::Fewer {
        pieces.reverse();
    }
    let is_cut = pieces.len() > limits::FIX_VALUES_MAX;
    pieces.truncate(limits::FIX_VALUES_MAX);
    let deed = |at: i64| vec![Deed::Set(attribute, Fact::Value(Value::Int(at)))];
    let values = pieces
        .into_iter()
        .map(|(start, end)| {
            let (near, far) =
                if direction == Proposal::Fewer { (end, start) } else { (start, end) };
            Proposed {
                deeds: deed(near),
                other_end: (near != far).then(|| deed(far)),
                shown: Shown::Numbers(start, end),
            }
        })
        .collect();
    (values, is_cut)
}

/// The clients of a list that use the official API; none where all do.
fn official_only(trials: &Trials<'_>, now: &Value) -> Option<Value> {
    let Value::List(clients) = now else { return None };
    let is_official = |client: &&Value| {
        matches!(client, Value::String(name)
            if trials.ground.catalogue.status_of(name) == ClientStatus::Official)
    };
    let kept: Vec<Value> = clients.iter().filter(is_official).cloned().collect();
    (kept.len() < clients.len()).then(|| Value::List(kept.into()))
}

fn with_use_case(facts: &Facts, now: &Value) -> Option<Value> {
    let (Value::List(approved), Fact::Value(use_case)) = (now, facts.fact(id::CAMPAIGN_USE_CASE))
    else {
        return None;
    };
    if approved.contains(use_case) {
        return None;
    }
    Some(Value::List(approved.iter().chain([use_case]).cloned().collect()))
}

/// Another kind of message: category and use case together, as far as they are given.
fn kind(found: &mut Vec<Lever>, facts: &Facts) {
    let (category, use_case) =
        (facts.fact(id::CAMPAIGN_CATEGORY), facts.fact(id::CAMPAIGN_USE_CASE));
    let Some(row) = levers::of(id::CAMPAIGN_CATEGORY) else { return };
    let given: Vec<(AttributeId, &str)> =
        [(id::CAMPAIGN_CATEGORY, "category"), (id::CAMPAIGN_USE_CASE, "use_case")]
            .into_iter()
            .filter(|(attribute, _)| facts.fact(*attribute).value().is_some())
            .collect();
    if given.is_empty() {
        return;
    }
    // A category that goes with no such use case is a wrong label, and the use case says what the
    // message is: correcting the category is the honest change.
    let is_mislabelled = category.text().zip(use_case.text()).is_some_and(|(category, own)| {
        KINDS.iter().all(|(known, use_cases)| *known != category || !use_cases.contains(&own))
    });
    let mut values: Vec<Proposed> = Vec::new();
    for (to_category, use_cases) in KINDS {
        for to_use_case in *use_cases {
            // A kind is another if both of its names are.
            let keeps_use_case = use_case.text() == Some(to_use_case);
            if category.text() == Some(to_category) || keeps_use_case && !is_mislabelled {
                continue;
            }
            let members: Vec<(AttributeId, &str, Value)> = given
                .iter()
                .filter_map(|(attribute, name)| {
                    let is_category = *attribute == id::CAMPAIGN_CATEGORY;
                    let text = if is_category { to_category } else { to_use_case };
                    Some((*attribute, *name, value_of(Type::STRING, text, facts, *attribute)?))
                })
                .collect();
            let shown = Shown::Members(
                members
                    .iter()
                    .map(|(_, name, value)| ((*name).into(), Some(value.clone())))
                    .collect(),
            );
            if values.iter().any(|known| known.shown == shown) {
                continue;
            }
            let deeds = members
                .into_iter()
                .map(|(attribute, _, value)| Deed::Set(attribute, Fact::Value(value)))
                .collect();
            values.push(Proposed { deeds, other_end: None, shown });
        }
    }
    let from = given
        .iter()
        .map(|(attribute, name)| ((*name).into(), facts.fact(*attribute).value().cloned()));
    let own = given.iter().map(|(attribute, _)| *attribute).collect();
    push(found, "campaign".into(), Before::Members(from.collect()), *row, own, (values, false));
}

/// Another provider: the business's own app, or one of the directory.
fn provider(found: &mut Vec<Lever>, trials: &Trials<'_>, facts: &Facts) {
    const MEMBERS: [(AttributeId, &str); 5] = [
        (id::PROVIDER_ID, "id"),
        (id::PROVIDER_NAME, "name"),
        (id::PROVIDER_DOMAIN, "domain"),
        (id::PROVIDER_ROLE, "role"),
        (id::PROVIDER_APP_REVIEW, "app_review"),
    ];
    let Some(row) = levers::of(id::PROVIDER_NAME) else { return };
    let is_given = MEMBERS.iter().any(|(member, _)| facts.fact(*member).value().is_some());
    if !is_given {
        return;
    }
    let proposed = |values: [Option<Value>; 5]| {
        let members = MEMBERS.iter().zip(&values);
        Proposed {
            deeds: members
                .clone()
                .map(|((attribute, _), value)| {
                    Deed::Set(*attribute, value.clone().map_or(Fact::Absent, Fact::Value))
                })
                .collect(),
            other_end: None,
            shown: Shown::Members(
                members.map(|((_, name), value)| ((*name).into(), value.clone())).collect(),
            ),
        }
    };
    let word = |attribute, text| value_of(Type::STRING, text, facts, attribute);
    let mut values = Vec::new();
    let role = facts.fact(id::PROVIDER_ROLE).text();
    let reviewed = || word(id::PROVIDER_APP_REVIEW, "passed");
    if role != Some("self") {
        values.push(proposed([None, None, None, word(id::PROVIDER_ROLE, "self"), reviewed()]));
    }
    let (partners, is_cut) = partners(trials, facts);
    for entry in partners {
        values.push(proposed([
            Some(Value::string(entry.id())),
            Some(Value::string(entry.name())),
            entry.domains().first().map(|domain| Value::string(domain)),
            word(id::PROVIDER_ROLE, entry.role().unwrap_or("solution_partner")),
            reviewed(),
        ]));
    }
    let from = MEMBERS
        .iter()
        .map(|(attribute, name)| ((*name).into(), facts.fact(*attribute).value().cloned()));
    let own = MEMBERS.iter().map(|(attribute, _)| *attribute).collect();
    push(found, "provider".into(), Before::Members(from.collect()), *row, own, (values, is_cut));
}

/// Providers to propose: the one that the given one resembles, then those that the directory lists
/// at the instant of sending, then those of which it has evidence; and whether there are more.
fn partners<'e>(trials: &Trials<'e>, facts: &Facts) -> (Vec<&'e Provider>, bool) {
    let directory = trials.ground.directory;
    let Some(send_at) = facts.send_at() else { return (Vec::new(), false) };
    let given = facts.fact(id::PROVIDER_ID).text();
    let resolved = trials.ground.resolve(facts);
    let meant = [id::PROVIDER_LOOKALIKE_OF, id::PROVIDER_DOMAIN_OF]
        .into_iter()
        .filter_map(|of| resolved.fact(of).text())
        .filter_map(|name| directory.providers().iter().find(|known| known.name() == name));
    let listed = directory
        .providers()
        .iter()
        .filter(|known| known.listed().iter().any(|listed| listed.period.contains(send_at)));
    let shown = directory.providers().iter().filter(|known| {
        known.role() == Some("solution_partner")
            && known.evidence_at().is_some_and(|since| since <= send_at)
    });
    let mut found: Vec<&Provider> = Vec::new();
    for provider in meant.chain(listed).chain(shown) {
        let is_known = found.iter().any(|known| known.id() == provider.id());
        if is_known || Some(provider.id()) == given {
            continue;
        }
        if found.len() == limits::FIX_PROVIDERS_MAX {
            return (found, true);
        }
        found.push(provider);
    }
    (found, false)
}

/// Entries of lists that can be left out, one by one.
fn entries(found: &mut Vec<Lever>, facts: &Facts) {
    let lists: [&'static str; 3] = [id::INTERMEDIARIES, id::RESTRICTIONS, id::VIOLATIONS];
    for list in lists {
        let Some(row) = levers::of_list(list).filter(|row| row.to == Proposal::WithoutEntry) else {
            continue;
        };
        let entries = facts.collection(list).unwrap_or_default();
        let is_cut = entries.len() > limits::FIX_VALUES_MAX;
        for (place, entry) in entries.iter().enumerate().take(limits::FIX_VALUES_MAX) {
            let name = entry.iter().find_map(|fact| match fact {
                Fact::Value(value @ Value::String(_)) => Some(value.clone()),
                _ => None,
            });
            let touched = resolve::following_list(list).collect();
            found.push(Lever {
                path: format!("{list}[{place}]").into(),
                from: Before::Value(name),
                row: *row,
                own: BTreeSet::new(),
                touched,
                values: vec![Proposed {
                    deeds: vec![Deed::WithoutEntry(list, place)],
                    other_end: None,
                    shown: Shown::Removed,
                }],
                is_cut,
            });
        }
    }
}
