//! What does each rule ask, since when, and by whose word?

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::content::{
    Citation, Condition, Confidence, Enforcement, Rule, Template, Translation, Waivable,
};
use super::context::Context;
use super::error::{Kind, did_you_mean, meant};
use super::labels;
use super::manifest::{Head, KNOWN_UNTIL, Known};
use super::place::Place;
use super::table::{Field, NameForm, Spot, Table, Text};
use super::template::{Piece, TemplateProblem, pieces};
use crate::cel::guard::{Part, Unguarded};
use crate::cel::{self, Comparison, Expression, Membership, Node, NodeKind, SetId};
use crate::language::{Lang, catalogue as words};
use crate::limits;
use crate::schema::{AttributeId, Schema, Scope, attributes as id};
use crate::time::{Duration, Period, Timestamp};
use crate::value::Value;
use crate::verdict::{Exposure, FindingVerdict, RuleTopic, Topic};

/// The id of both rules that a pack with a `known_until` has; only one of them is in force on any
/// day.
const NOT_CURRENT: &str = "directory.rules-not-current";
/// From how many days after `known_until` on; the day itself is known to its end.
const NOTED_DAYS: i64 = 181;
const DOUBTED_DAYS: i64 = 401;

const KEYS: [&str; 1] = ["rule"];
/// The keys of a rule, in the order in which they are written.
pub const RULE_KEYS: [&str; 21] = [
    "id",
    "topic",
    "title",
    "applies",
    "requires",
    "forbids",
    "verdict",
    "enforce",
    "from",
    "until",
    "seen_from",
    "source",
    "source_by_country",
    "message",
    "advice",
    "exposure",
    "confidence",
    "waivable",
    "labels",
    "es",
    "pt",
];
const TRANSLATION_KEYS: [&str; 3] = ["title", "message", "advice"];

/// Reads files of rules one after the other.
#[derive(Default)]
pub(super) struct Reader {
    rules: Vec<Rule>,
    /// All ids, also of rules with problems elsewhere.
    ids: BTreeMap<Arc<str>, Place>,
    count: usize,
    /// Which sets have been checked against the values of which attributes.
    memberships: BTreeSet<(AttributeId, SetId)>,
}

impl Reader {
    pub(super) fn read<'t>(
        &mut self,
        spot: &Spot<'t>,
        root: &'t DeTable<'t>,
        context: &Context<'_>,
    ) {
        let table = Table::new(spot.clone(), root, "a file of rules", &KEYS);
        let tables = table.tables_with("rule", "a rule", &RULE_KEYS, unknown_language);
        let before = self.count;
        self.count = self.count.saturating_add(tables.len());
        if self.count > limits::RULES_MAX {
            if before <= limits::RULES_MAX {
                spot.report(Kind::TooManyRules);
            }
            return;
        }
        for table in &tables {
            // LIMIT: what is wrong with further rules would not be reported, and looking for near
            // names costs as much as all the rest.
            if spot.problems.is_full() {
                return;
            }
            let rule = self.read_rule(table, context);
            self.rules.extend(table.keep(rule));
        }
    }

    /// Adds the engine's own two rules of a pack that says up to which day it knows the world: long
    /// after that day a note, and after more than a year a review.
    pub(super) fn know_until(&mut self, head: &Head, known: &Known, context: &Context<'_>) {
        self.ids.insert(Arc::from(NOT_CURRENT), known.place.clone());
        let days_after = |days: i64| {
            let seconds = Duration::from_seconds(days * 86_400)?;
            known.until.checked_add(seconds)
        };
        let (Some(noted), Some(doubted)) = (days_after(NOTED_DAYS), days_after(DOUBTED_DAYS))
        else {
            return;
        };
        let environment = cel::Environment { schema: context.schema, sets: context.sets };
        let Ok(always) = cel::compile_condition("true", &environment) else { return };
        let day = known.until.to_string();
        let day = day.strip_suffix("T00:00:00Z").unwrap_or(&day);
        let texts = |lang: Lang| {
            let (name, version) = (&head.name, &head.version);
            let values: [(&str, &dyn fmt::Display); 4] =
                [("name", name), ("version", version), ("day", &day), ("send_at", &"{send_at}")];
            Translation {
                lang,
                title: Arc::from(words::NOT_CURRENT_TITLE.of(lang)),
                message: Arc::from(words::NOT_CURRENT.with(lang, &values)),
                advice: Arc::from(words::NOT_CURRENT_ADVICE.of(lang)),
            }
        };
        let english = texts(Lang::English);
        let message = Template::of(&english.message, context.schema);
        let advice = Template::of(&english.advice, context.schema);
        let translations: Vec<Translation> =
            Lang::TRANSLATIONS.iter().map(|lang| texts(*lang)).collect();
        let attributes: BTreeSet<AttributeId> = message.attributes().collect();
        let rule = |verdict, from, until| Rule {
            id: Arc::from(NOT_CURRENT),
            topic: Topic::Directory.into(),
            title: Arc::clone(&english.title),
            applies: None,
            condition: Condition::Forbids(always.clone()),
            verdict,
            enforcement: Enforcement::Enforced,
            period: Period { from: Some(from), until },
            seen_from: None,
            source: Citation { source: Arc::from(KNOWN_UNTIL), section: None },
            source_by_country: BTreeMap::new(),
            message: message.clone(),
            advice: advice.clone(),
            translations: translations.clone(),
            exposure: Vec::new(),
            confidence: Confidence::Confirmed,
            waivable: Waivable::Yes,
            labels: Arc::default(),
            scope: Scope::Campaign,
            attributes: attributes.clone(),
            place: known.place.clone(),
        };
        self.rules.push(rule(FindingVerdict::Note, noted, Some(doubted)));
        self.rules.push(rule(FindingVerdict::Review, doubted, None));
    }

    pub(super) fn into_rules(self) -> Vec<Rule> {
        self.rules
    }

    pub(super) fn ids(&self) -> BTreeSet<Arc<str>> {
        self.ids.keys().cloned().collect()
    }

    fn read_rule(&mut self, table: &Table<'_>, context: &Context<'_>) -> Option<Rule> {
        let topic = table.text("topic").and_then(|text| labels::topic(&text, context));
        let id = table.text("id").and_then(|id| self.read_id(&id, topic.as_ref()));
        let title = table.shared("title");
        let applies = table.optional("applies").map(|field| Source::compile(&field, context));
        let condition = read_condition(table, context);
        let verdicts = [FindingVerdict::Note, FindingVerdict::Review, FindingVerdict::Deny];
        let verdict_text = table.text("verdict");
        let verdict = verdict_text
            .as_ref()
            .and_then(|text| text.word("verdict of a rule", &verdicts, FindingVerdict::name));
        let enforcement = match table.optional("enforce") {
            None => Some(Enforcement::Enforced),
            Some(field) => field
                .bool()
                .map(|enforce| if enforce { Enforcement::Enforced } else { Enforcement::Observed }),
        };
        let period = read_period(table);
        let seen_from = read_seen_from(table, period);
        let source = table.required("source").and_then(|field| context.sources.cite(&field));
        let by_country = read_sources(table, applies.as_ref(), verdict, context);
        let (message_text, advice_text) = (table.text("message"), table.text("advice"));
        let message = message_text.as_ref().and_then(|text| read_template(text, context));
        let advice = advice_text.as_ref().and_then(|text| read_template(text, context));
        // Without English texts in order there is nothing to compare with.
        let translations = read_translations(
            table,
            message.as_ref().and(message_text.as_ref()),
            advice.as_ref().and(advice_text.as_ref()),
        );
        let exposure = read_exposure_of(table, verdict);
        let confidence = match table.optional("confidence") {
            None => Some(Confidence::Confirmed),
            Some(field) => field.text().and_then(|text| {
                text.word("confidence of a rule", Confidence::ALL, Confidence::name)
            }),
        };
        let waivable = match table.optional("waivable") {
            None => Some(Waivable::Yes),
            Some(field) => {
                field.bool().map(|waivable| if waivable { Waivable::Yes } else { Waivable::No })
            }
        };
        let labels = labels::read(table);
        if let (Some(text), Some(FindingVerdict::Deny)) = (&verdict_text, verdict) {
            if confidence == Some(Confidence::Unconfirmed) {
                text.spot.report(Kind::UnconfirmedRule);
            }
            if let Some(source) =
                source.as_ref().filter(|source| context.sources.is_unconfirmed(&source.source))
            {
                text.spot.report(Kind::UnconfirmedSource { source_id: (&*source.source).into() });
            }
            if let (Some(Some(seen)), Some(Period { until: Some(until), .. })) = (seen_from, period)
                && until <= seen
            {
                text.spot.report(Kind::AssumedRule);
            }
        }
        let applies = match applies {
            None => None,
            Some(applies) => Some(applies?),
        };
        let (forbids, condition) = condition?;
        report_unguarded(applies.as_ref(), &condition, context.schema);
        for source in applies.iter().chain([&condition]) {
            self.check_memberships(&source.expression, context);
        }
        let (message, advice) = (message?, advice?);
        let mut attributes: BTreeSet<AttributeId> = condition.expression.attributes().clone();
        attributes.extend(applies.iter().flat_map(|applies| applies.expression.attributes()));
        attributes.extend(message.attributes().chain(advice.attributes()));
        let scope = attributes
            .iter()
            .map(|id| context.schema.attribute(*id).scope)
            .max()
            .unwrap_or(Scope::Campaign);
        Some(Rule {
            id: id?,
            topic: topic?,
            title: title?,
            applies: applies.map(|applies| applies.expression),
            condition: if forbids {
                Condition::Forbids(condition.expression)
            } else {
                Condition::Requires(condition.expression)
            },
            verdict: verdict?,
            enforcement: enforcement?,
            period: period?,
            seen_from: seen_from?,
            source: source?,
            source_by_country: by_country?,
            message,
            advice,
            translations: translations?,
            exposure: exposure?,
            confidence: confidence?,
            waivable: waivable?,
            labels: labels?,
            scope,
            attributes,
            place: table.spot.place(),
        })
    }

    /// Reports members of sets that the attribute they are compared with never has.
    fn check_memberships(&mut self, expression: &Expression, context: &Context<'_>) {
        for Membership { attribute, set, span } in expression.memberships() {
            if !self.memberships.insert((*attribute, *set)) {
                continue;
            }
            for member in context.members.get(usize::from(set.0)).into_iter().flatten() {
                if let Err(error) =
                    cel::check_value(context.schema, *attribute, member.value, *span)
                {
                    let kind = Kind::Expression { code: error.code(), message: error.to_string() };
                    member.spot.report_with(kind, error.help().map(str::to_owned));
                }
            }
        }
    }

    fn read_id(&mut self, text: &Text<'_>, topic: Option<&RuleTopic>) -> Option<Arc<str>> {
        let id: Arc<str> = Arc::from(text.value);
        if let Some(first) = self.ids.get(&id) {
            text.spot.report(Kind::RepeatedId {
                what: "the rule",
                id: text.value.into(),
                first: first.clone(),
            });
            return None;
        }
        self.ids.insert(Arc::clone(&id), text.spot.place());
        if !text.check_name("a rule", NameForm::Dotted) {
            return None;
        }
        // The pack is shown beside each id.
        let topic = topic.map(|topic| topic.name().rsplit('/').next().unwrap_or_default());
        if let Some(topic) = topic
            && !text.value.strip_prefix(topic).is_some_and(|rest| rest.starts_with('.'))
        {
            let name = text.value.split_once('.').map_or(text.value, |(_, name)| name);
            let help = meant(&format!("{topic}.{name}"));
            text.spot.report_with(
                Kind::IdOutsideTopic { id: text.value.into(), topic: topic.to_owned() },
                Some(help),
            );
            return None;
        }
        Some(id)
    }
}

/// A compiled condition and where it stands.
pub(super) struct Source<'t> {
    text: Text<'t>,
    pub(super) expression: Expression,
}

impl<'t> Source<'t> {
    pub(super) fn compile(field: &Field<'t>, context: &Context<'_>) -> Option<Self> {
        let text = field.text()?;
        if !context.names_known {
            return None;
        }
        let environment = cel::Environment { schema: context.schema, sets: context.sets };
        let (conditions, tables) = (context.conditions, context.tables);
        match cel::compile_condition_with(text.value, &environment, conditions, tables) {
            Err(error) => {
                for error in [&error].into_iter().chain(error.further()) {
                    let kind = Kind::Expression { code: error.code(), message: error.to_string() };
                    let written = text.value.get(error.span()).unwrap_or_default();
                    let name = written.trim().strip_prefix("conditions.");
                    let is_below =
                        name.is_some_and(|name| context.below.iter().any(|id| id == name));
                    let help = match is_below {
                        true => Some("it stands further down: a condition names those above it"),
                        false => error.help(),
                    };
                    text.report_within(error.span(), kind, help.map(str::to_owned));
                }
                None
            }
            Ok(expression) => {
                for id in expression.attributes() {
                    let path = &context.schema.attribute(*id).path;
                    if path.starts_with("x.") && !context.declared.contains(path) {
                        let at = text
                            .value
                            .find(&**path)
                            .map_or(0..text.value.len(), |at| at..at + path.len());
                        text.report_within(
                            at,
                            Kind::UndeclaredAttribute { path: path.to_string() },
                            Some(DECLARE_IT.to_owned()),
                        );
                    }
                }
                Some(Self { text, expression })
            }
        }
    }
}

const DECLARE_IT: &str = "another pack does; declare it here too, in the same words";

/// The one of `requires` and `forbids` that is there, and whether it is the latter.
fn read_condition<'t>(table: &Table<'t>, context: &Context<'_>) -> Option<(bool, Source<'t>)> {
    match (table.optional("requires"), table.optional("forbids")) {
        (Some(field), None) => Some((false, Source::compile(&field, context)?)),
        (None, Some(field)) => Some((true, Source::compile(&field, context)?)),
        (None, None) => {
            table.spot.report(Kind::OneCondition { found: "neither" });
            None
        }
        (Some(requires), Some(forbids)) => {
            forbids.key_text().spot.report(Kind::OneCondition { found: "both" });
            for field in [requires, forbids] {
                Source::compile(&field, context);
            }
            None
        }
    }
}

/// Reports each nullable attribute that leaves the rule undetermined when it is absent.
fn report_unguarded(applies: Option<&Source<'_>>, condition: &Source<'_>, schema: &Schema) {
    let unguarded = cel::guard::unguarded(
        applies.map(|applies| &applies.expression.root),
        &condition.expression.root,
        schema,
    );
    for Unguarded { part, span, attribute } in unguarded {
        let path = &*schema.attribute(attribute).path;
        let source = match part {
            Part::Applies => applies.unwrap_or(condition),
            Part::Condition => condition,
        };
        let help = format!("use it behind `has({path})`");
        source.text.report_within(
            span.range(),
            Kind::Unguarded { path: path.to_owned() },
            Some(help),
        );
    }
}

/// Whose word counts in which country: the rule names the countries itself, and has a source for
/// each of them and for no other.
fn read_sources(
    table: &Table<'_>,
    applies: Option<&Option<Source<'_>>>,
    verdict: Option<FindingVerdict>,
    context: &Context<'_>,
) -> Option<BTreeMap<Arc<str>, Citation>> {
    let mut sources = BTreeMap::new();
    let Some(field) = table.optional("source_by_country") else { return Some(sources) };
    let mut is_whole = true;
    for country in super::table::fields(&field.spot, field.entries()?) {
        let Some(cited) = context.sources.cite(&country) else {
            is_whole = false;
            continue;
        };
        if verdict == Some(FindingVerdict::Deny) && context.sources.is_unconfirmed(&cited.source) {
            country
                .key_text()
                .spot
                .report(Kind::UnconfirmedSource { source_id: (&*cited.source).into() });
        }
        sources.insert(Arc::from(country.key), cited);
    }
    // What is wrong with the condition has been reported, and the countries are unknown.
    let countries = match applies {
        Some(None) => return None,
        Some(Some(applies)) if context.names_known => {
            countries_of(&applies.expression.root, context)
        }
        Some(Some(_)) => return None,
        None => None,
    };
    let Some(countries) = countries else {
        field.key_text().spot.report(Kind::SourcesWithoutCountries);
        return None;
    };
    for country in super::table::fields(&field.spot, field.entries()?) {
        if !countries.contains(country.key) {
            let kind = Kind::SourceOfOtherCountry { country: country.key.into() };
            country.key_text().spot.report(kind);
        }
    }
    if is_whole {
        for country in countries.iter().filter(|country| !sources.contains_key(&***country)) {
            let kind = Kind::NoSourceOfCountry { country: (&**country).into() };
            field.key_text().spot.report(kind);
        }
    }
    is_whole.then_some(sources)
}

/// The countries to which a condition limits a rule, over all times: those of a comparison of
/// `recipient.country` that is the condition, or one of the parts that it joins by `&&`.
fn countries_of(condition: &Node, context: &Context<'_>) -> Option<BTreeSet<Arc<str>>> {
    let is_country = |node: &Node| matches!(node.kind, NodeKind::Attribute(id::RECIPIENT_COUNTRY));
    let text = |node: &Node| match &node.kind {
        NodeKind::Literal(Value::String(text)) => Some(Arc::clone(text)),
        _ => None,
    };
    match &condition.kind {
        NodeKind::And(parts) => parts.iter().find_map(|part| countries_of(part, context)),
        NodeKind::Compare { operator: Comparison::Equal, left, right } if is_country(left) => {
            Some(BTreeSet::from([text(right)?]))
        }
        NodeKind::In { item, list } if is_country(item) => match &list.kind {
            NodeKind::List(items) => items.iter().map(text).collect(),
            NodeKind::Set(set) => {
                let members = context.members.get(usize::from(set.0))?;
                Some(members.iter().map(|member| Arc::from(member.value)).collect())
            }
            _ => None,
        },
        _ => None,
    }
}

fn read_period(table: &Table<'_>) -> Option<Period> {
    let (from, until) = table.period()?;
    Some(Period { from, until })
}

/// The first instant for which a source shows the rule; outer `None` where something was reported.
fn read_seen_from(table: &Table<'_>, period: Option<Period>) -> Option<Option<Timestamp>> {
    let Some(field) = table.optional("seen_from") else { return Some(None) };
    let seen = field.date()?;
    // What is wrong with the period has been reported.
    let Some(Period { from, until }) = period else { return Some(Some(seen)) };
    if from.is_some_and(|from| seen <= from) || until.is_some_and(|until| until < seen) {
        field.key_text().spot.report(Kind::SeenOutside);
        return None;
    }
    Some(Some(seen))
}

fn read_template(text: &Text<'_>, context: &Context<'_>) -> Option<Template> {
    let (template, problems) = Template::parse(text.value, context.schema);
    let before = text.spot.problems.count();
    for (problem, span) in problems {
        match problem {
            TemplateProblem::Unclosed | TemplateProblem::Stray => {
                report_broken(text, &problem, span);
            }
            TemplateProblem::Unknown(path) if context.names_known || !path.starts_with("x.") => {
                let help = if text.spot.problems.is_full() {
                    None
                } else {
                    context.schema.nearest(path).map(meant)
                };
                text.report_within(span, Kind::UnknownAttribute { path: path.into() }, help);
            }
            TemplateProblem::Unknown(_) => {}
        }
    }
    for id in template.attributes() {
        let path = &context.schema.attribute(id).path;
        if context.names_known && path.starts_with("x.") && !context.declared.contains(path) {
            let at = text.value.find(&**path).map_or(0..text.value.len(), |at| at..at + path.len());
            text.report_within(
                at,
                Kind::UndeclaredAttribute { path: path.to_string() },
                Some(DECLARE_IT.to_owned()),
            );
        }
    }
    (text.spot.problems.count() == before).then_some(template)
}

/// Reports a brace without a partner.
fn report_broken(text: &Text<'_>, problem: &TemplateProblem<'_>, span: Range<usize>) {
    let (kind, help) = match problem {
        TemplateProblem::Unclosed => (Kind::UnclosedBrace, "a brace of its own is written `{{`"),
        TemplateProblem::Stray => (Kind::StrayBrace, "a brace of its own is written `}}`"),
        TemplateProblem::Unknown(_) => return,
    };
    text.report_within(span, kind, Some(help.to_owned()));
}

/// Reports a table that is named like a language that rules have no texts in; any other unknown key
/// is left to whoever asks.
fn unknown_language(field: &Field<'_>) -> bool {
    const CALLED: [(&str, Lang); 12] = [
        ("en", Lang::English),
        ("eng", Lang::English),
        ("english", Lang::English),
        ("es", Lang::Spanish),
        ("spa", Lang::Spanish),
        ("spanish", Lang::Spanish),
        ("español", Lang::Spanish),
        ("pt", Lang::Portuguese),
        ("por", Lang::Portuguese),
        ("portuguese", Lang::Portuguese),
        ("português", Lang::Portuguese),
        ("br", Lang::Portuguese),
    ];
    // `pt-BR` and `pt_BR` are `pt`, and any two or three letters are a language.
    let key = field.key.to_lowercase();
    let language = key.split(['-', '_']).next().unwrap_or_default();
    let called = CALLED.iter().find(|(name, _)| *name == language);
    let is_code =
        matches!(language.len(), 2 | 3) && language.bytes().all(|byte| byte.is_ascii_lowercase());
    if !matches!(field.value, DeValue::Table(_)) || !(is_code || called.is_some()) {
        return false;
    }
    let help = match called {
        Some((_, Lang::English)) => "the texts of the rule itself are English".to_owned(),
        Some((_, lang)) => meant(lang.name()),
        None => "expected `es` or `pt`".to_owned(),
    };
    let kind = Kind::UnknownLanguage { key: field.key.into() };
    field.key_text().spot.report_with(kind, Some(help));
    true
}

/// The texts in other languages: all of them or none, with the placeholders of the English ones,
/// which are given where they are in order. None where something was reported.
fn read_translations(
    table: &Table<'_>,
    message: Option<&Text<'_>>,
    advice: Option<&Text<'_>>,
) -> Option<Vec<Translation>> {
    let mut translations = Vec::new();
    let mut is_whole = true;
    let (message, advice) = (message.map(placeholders), advice.map(placeholders));
    for lang in Lang::TRANSLATIONS {
        let Some(field) = table.optional(lang.name()) else { continue };
        let read = read_translation(&field, *lang, message.as_deref(), advice.as_deref());
        is_whole &= read.is_some();
        translations.extend(read);
    }
    is_whole.then_some(translations)
}

fn read_translation(
    field: &Field<'_>,
    lang: Lang,
    message: Option<&[&str]>,
    advice: Option<&[&str]>,
) -> Option<Translation> {
    let table = field.table("the texts of a rule in another language", &TRANSLATION_KEYS)?;
    let title = table.text("title");
    let text = |key: &'static str, english: Option<&[&str]>| {
        let text = table.text(key)?;
        let is_same = english.is_none_or(|english| check_placeholders(&text, english));
        is_same.then_some(text)
    };
    let (message, advice) = (text("message", message), text("advice", advice));
    Some(Translation {
        lang,
        title: Arc::from(title?.value),
        message: Arc::from(message?.value),
        advice: Arc::from(advice?.value),
    })
}

/// Whether a text has the placeholders of the English one, each at least once, and no other. What
/// differs is reported.
fn check_placeholders(text: &Text<'_>, english: &[&str]) -> bool {
    let before = text.spot.problems.count();
    let mut found = Vec::with_capacity(english.len());
    for piece in pieces(text.value) {
        match piece {
            Piece::Path(path, _) if english.contains(&path) => found.push(path),
            Piece::Path(path, span) => {
                let help = did_you_mean(path, english.iter().copied());
                text.report_within(span, Kind::OtherPlaceholder { path: path.into() }, help);
            }
            Piece::Broken(problem, span) => report_broken(text, &problem, span),
            Piece::Plain(_) => {}
        }
    }
    for path in english.iter().filter(|path| !found.contains(path)) {
        text.spot.report(Kind::MissingPlaceholder { path: (*path).into() });
    }
    text.spot.problems.count() == before
}

/// The placeholders of a text, each once. They are few.
fn placeholders<'t>(text: &Text<'t>) -> Vec<&'t str> {
    let mut paths = Vec::new();
    for piece in pieces(text.value) {
        if let Piece::Path(path, _) = piece
            && !paths.contains(&path)
        {
            paths.push(path);
        }
    }
    paths
}

/// What a violation can lead to. A note names nothing: what has no effect must not read like a
/// warning.
fn read_exposure_of(table: &Table<'_>, verdict: Option<FindingVerdict>) -> Option<Vec<Exposure>> {
    if verdict != Some(FindingVerdict::Note) {
        return table.required("exposure").and_then(|field| read_exposure(&field));
    }
    let Some(field) = table.optional("exposure") else { return Some(Vec::new()) };
    let exposure = read_exposure(&field)?;
    if !exposure.is_empty() {
        field.key_text().spot.report(Kind::NoteWithExposure);
    }
    Some(exposure)
}

/// Exposures, from mild to grave.
pub(super) fn read_exposure(field: &Field<'_>) -> Option<Vec<Exposure>> {
    let texts = field.texts()?;
    let words: Vec<Exposure> = texts
        .iter()
        .filter_map(|text| text.word("exposure", Exposure::ALL, Exposure::name))
        .collect();
    let mut sorted = words;
    sorted.sort_unstable();
    Some(sorted)
}
