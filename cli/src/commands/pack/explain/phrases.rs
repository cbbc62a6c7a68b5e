//! How does one constraint of a clause read?
//!
//! An attribute is told by its definition, `the message category: marketing`, and one of `true` and
//! `false` by what it asserts, `the recipient opted out: yes`. Definitions are the schema's, in
//! English; the words around them are in the reader's language.

use std::fmt::Display;

use cleartosend::expert::cel::{Arithmetic, Comparison, Function, Node, NodeKind, Quantifier};
use cleartosend::expert::decide::{Written, WrittenDate};
use cleartosend::expert::language::catalogue::NONE_LISTED;
use cleartosend::expert::language::{Words, rules as words};
use cleartosend::expert::program::Program;
use cleartosend::expert::program::classes::{ClassSet, Classes, Cuts, Piece};
use cleartosend::expert::program::clause::DimensionIdx;
use cleartosend::expert::program::dimension::{Dimension, Subject};
use cleartosend::schema::attributes::SEND_AT;
use cleartosend::schema::{Attribute, AttributeId};
use cleartosend::{Duration, Lang, Scalar, Timestamp, Type, Value};

use super::outline::{Joint, Outline, joined};

/// LIMIT: values that are named one by one; more are counted.
const VALUES_SHOWN: usize = 12;

/// LIMIT: parts within parts that a condition is told by; the language itself nests no deeper.
const DEPTH_MAX: usize = 64;

/// In whose words constraints are told.
#[derive(Clone, Copy)]
pub(super) struct Phrases<'p> {
    pub(super) program: &'p Program,
    /// The pack whose sets conditions name.
    pub(super) pack: usize,
    pub(super) lang: Lang,
}

/// An attribute's definition as a part of a sentence: its first statement, without its full stop.
pub(super) fn title(attribute: &Attribute) -> String {
    let doc = &*attribute.doc;
    let ends =
        [";", ". ", " (", ", such as ", ", by ISO ", ", 0 ", ", 2026"].map(|end| doc.find(end));
    let end = ends.into_iter().flatten().min().unwrap_or(doc.len());
    let text = doc.get(..end).unwrap_or(doc).trim_end_matches(['.', ' ']);
    if text.is_empty() {
        return attribute.path.to_string();
    }
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_lowercase);
    let rest = letters.as_str();
    // A name keeps its capital.
    if rest.chars().take_while(|letter| letter.is_alphabetic()).any(char::is_uppercase) {
        return text.to_owned();
    }
    first.chain(rest.chars()).collect()
}

impl Phrases<'_> {
    /// A constraint; none where it says nothing that a reader needs, since it excludes only cases
    /// that cannot be worked out.
    pub(super) fn constraint(self, place: DimensionIdx, set: &ClassSet) -> Option<Outline> {
        let dimension = self.program.dimension(place)?;
        let id = match dimension.subject {
            Subject::Attribute(id) => id,
            Subject::Predicate(index) => {
                let node = &self.program.predicates().get(index)?.node;
                let (fails, holds) = (set.contains(1), set.contains(2));
                let phrase = (fails != holds).then(|| self.outline(node, holds, 0));
                if dimension.count < 3 || !set.contains(3) {
                    return phrase;
                }
                let part = self.claim(node, true, 0);
                let open = Outline::plain(self.with(words::CANNOT_TELL, &[("part", &part)]));
                let Some(phrase) = phrase else { return Some(open) };
                let both = [("one", &phrase.said() as &dyn Display), ("other", &open.said())];
                let said = self.with(words::EITHER, &both);
                return Some(Outline::of_parts(said, Joint::Any, vec![phrase, open]));
            }
        };
        let attribute = self.program.schema().attribute(id);
        let values = self.values(dimension, attribute, set);
        Some(Outline::plain(format!("{}: {values}", self.named(attribute))))
    }

    /// What an attribute is; of one of `true` and `false` what it asserts.
    fn named(self, attribute: &Attribute) -> String {
        if attribute.path == self.program.schema().attribute(SEND_AT).path {
            return words::SENT.of(self.lang).to_owned();
        }
        let title = title(attribute);
        match title.strip_prefix("whether ") {
            Some(asserted) if attribute.ty == Type::BOOL => asserted.to_owned(),
            _ => title,
        }
    }

    fn with(self, words: Words, phrase: &[(&str, &dyn Display)]) -> String {
        words.with(self.lang, phrase)
    }

    /// The values of a set of classes.
    fn values(self, dimension: &Dimension, attribute: &Attribute, set: &ClassSet) -> String {
        let unit = attribute.unit.as_deref();
        let mut parts: Vec<String> = Vec::new();
        match &dimension.classes {
            Classes::Bool => {
                parts.extend(set.contains(2).then(|| words::YES.of(self.lang).to_owned()));
                parts.extend(set.contains(1).then(|| words::NO.of(self.lang).to_owned()));
            }
            Classes::Texts { named, others } => {
                let is_in = |place: usize| set.contains((place + 1) as u16);
                let all = || (0..named.len()).filter_map(|place| Some((place, named.get(place)?)));
                let picked = |wanted: bool| -> Vec<&str> {
                    let those = all().filter(|(place, _)| is_in(*place) == wanted);
                    those.map(|(_, name)| &**name).collect()
                };
                let (mut inside, outside) = (picked(true), picked(false));
                let has_others = *others && is_in(named.len());
                // Of a closed list what no rule names can be named, where that is shorter.
                let choices = attribute.choices().unwrap_or_default().iter();
                let unnamed = choices.map(|choice| &*choice.name);
                let unnamed: Vec<&str> =
                    unnamed.filter(|name| all().all(|(_, known)| **known != **name)).collect();
                let is_short = inside.len() + unnamed.len() <= outside.len();
                let is_closed = has_others && !unnamed.is_empty() && is_short;
                if is_closed {
                    inside.extend(unnamed);
                }
                parts.extend(match has_others && !is_closed {
                    true if outside.is_empty() => Some(words::ANY.of(self.lang).to_owned()),
                    true => {
                        let values = self.list(&outside, words::OR_ELSE);
                        Some(self.with(words::ANYTHING_BUT, &[("values", &values)]))
                    }
                    false if inside.is_empty() => None,
                    false => Some(self.list(&inside, words::OR_ELSE)),
                });
            }
            Classes::Ints(cuts) => {
                let show = |value: i64| match value {
                    i64::MAX => "unlimited".to_owned(),
                    _ => counted(&value, unit),
                };
                let runs = self.runs(cuts, set, &show, NUMBERS);
                let known = (1..=cuts.len()).filter_map(|class| u16::try_from(class).ok());
                let rest = ClassSet::those(dimension.count, known.filter(|at| !set.contains(*at)));
                // What is left between single numbers is told by these.
                let is_point = |class| matches!(cuts.piece(class), Some(Piece::Point(_)));
                if runs.len() > 2 && rest.iter().all(is_point) {
                    let rest = self.runs(cuts, &rest, &show, NUMBERS);
                    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
                    let values = self.list(&rest, words::OR_ELSE);
                    parts.push(self.with(words::ANYTHING_BUT, &[("values", &values)]));
                } else {
                    parts.extend(runs);
                }
            }
            Classes::Doubles(cuts) => {
                parts.extend(self.runs(cuts, set, &|value| counted(&value, unit), NUMBERS));
            }
            Classes::Timestamps(cuts) => {
                let show = |value: Timestamp| WrittenDate(value).to_string();
                parts.extend(self.runs(cuts, set, &show, TIMES));
            }
            Classes::Durations(cuts) => {
                parts.extend(self.runs(cuts, set, &|value| self.span(value), NUMBERS));
            }
            Classes::List | Classes::Predicate => {
                parts.extend(set.contains(1).then(|| words::ANY.of(self.lang).to_owned()));
            }
        }
        if dimension.absent.is_some_and(|absent| set.contains(absent)) {
            parts.push(NONE_LISTED.of(self.lang).to_owned());
        }
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        self.list(&parts, words::OR_ELSE)
    }

    /// `a, b or c`; what is past the first dozen is counted.
    fn list(self, parts: &[&str], last: Words) -> String {
        if parts.len() > VALUES_SHOWN {
            let (shown, rest) = parts.split_at(VALUES_SHOWN);
            let phrase: [(&str, &dyn Display); 2] =
                [("values", &shown.join(", ")), ("count", &rest.len())];
            return self.with(words::VALUES_AND_MORE, &phrase);
        }
        match parts {
            [] => String::new(),
            [only] => (*only).to_owned(),
            [first @ .., end] => {
                let phrase: [(&str, &dyn Display); 2] =
                    [("one", &first.join(", ")), ("other", end)];
                self.with(last, &phrase)
            }
        }
    }

    /// Runs of neighbouring pieces of a line, each as an interval.
    fn runs<T: PartialOrd + Copy>(
        self,
        cuts: &Cuts<T>,
        set: &ClassSet,
        show: &dyn Fn(T) -> String,
        words_for: Bounds,
    ) -> Vec<String> {
        let mut runs: Vec<(Piece<T>, Piece<T>)> = Vec::new();
        let mut goes_on = false;
        for (class, piece) in cuts.iter() {
            let is_in = set.contains(class);
            match runs.last_mut() {
                Some((_, last)) if is_in && goes_on => *last = piece,
                _ if is_in => runs.push((piece, piece)),
                _ => {}
            }
            goes_on = is_in;
        }
        let phrase = |words: Words, value: T| self.with(words, &[("value", &show(value))]);
        let run = |(first, last): (Piece<T>, Piece<T>)| {
            if let (Piece::Point(one), Piece::Point(other)) = (first, last)
                && one == other
            {
                return phrase(words::EXACTLY, one);
            }
            let lower = match first {
                Piece::Point(value) => Some(phrase(words_for.at_least, value)),
                Piece::Gap(value, _) => value.map(|value| phrase(words_for.more_than, value)),
            };
            let upper = match last {
                Piece::Point(value) => Some(phrase(words_for.at_most, value)),
                Piece::Gap(_, value) => value.map(|value| phrase(words_for.less_than, value)),
            };
            match (lower, upper) {
                (Some(one), Some(other)) => {
                    self.with(words::ALSO, &[("one", &one), ("other", &other)])
                }
                (Some(bound), None) | (None, Some(bound)) => bound,
                (None, None) => words::ANY.of(self.lang).to_owned(),
            }
        };
        runs.into_iter().map(run).collect()
    }

    /// A span of time in the largest unit that divides it.
    fn span(self, span: Duration) -> String {
        const SECOND: i128 = 1_000_000_000;
        const UNITS: [(i128, Words); 4] = [
            (86_400 * SECOND, words::IN_DAYS),
            (3_600 * SECOND, words::IN_HOURS),
            (60 * SECOND, words::IN_MINUTES),
            (SECOND, words::IN_SECONDS),
        ];
        let nanos = span.as_nanos();
        // One day reads as 24 hours.
        let unit = UNITS.iter().find(|(unit, _)| nanos % unit == 0 && nanos.abs() >= 2 * unit);
        match unit {
            Some((unit, words)) => self.with(*words, &[("count", &(nanos / unit))]),
            None => span.to_string(),
        }
    }

    /// A condition, or that it does not hold, with its parts.
    fn outline(self, node: &Node, holds: bool, depth: usize) -> Outline {
        let (parts, joint) = match &node.kind {
            NodeKind::Not(inner) => return self.outline(inner, !holds, depth),
            NodeKind::And(parts) => (parts, if holds { Joint::All } else { Joint::Any }),
            NodeKind::Or(parts) => (parts, if holds { Joint::Any } else { Joint::All }),
            _ => return Outline::plain(self.claim(node, holds, depth)),
        };
        if depth > DEPTH_MAX {
            return Outline::plain(self.claim(node, holds, depth));
        }
        let phrase = self.parts(parts, joint, holds, depth + 1);
        let said = phrase.iter().map(|part| part.said().to_owned());
        let said = joined(said, joint, self.lang).unwrap_or_default();
        let all = Outline::of_parts(said, joint, phrase);
        if depth > 0 { all.bracketed() } else { all }
    }

    /// A condition, or that it does not hold.
    fn claim(self, node: &Node, holds: bool, depth: usize) -> String {
        let deeper = depth + 1;
        if depth > DEPTH_MAX {
            return "…".to_owned();
        }
        let yes_or_no = if holds { words::YES } else { words::NO }.of(self.lang);
        match &node.kind {
            NodeKind::Not(inner) => self.claim(inner, !holds, depth),
            NodeKind::And(_) | NodeKind::Or(_) => {
                self.outline(node, holds, depth).said().to_owned()
            }
            NodeKind::Attribute(id) => format!("{}: {yes_or_no}", self.title_of(*id)),
            NodeKind::Has(id) => {
                let is_there = if holds { words::ANY } else { NONE_LISTED };
                let attribute = self.program.schema().attribute(*id);
                format!("{}: {}", title(attribute), is_there.of(self.lang))
            }
            NodeKind::Compare { operator, left, right } => {
                let is_literal = matches!(left.kind, NodeKind::Literal(_));
                let (one, operator, other) = match is_literal {
                    true => (right, turned(*operator), left),
                    false => (left, *operator, right),
                };
                let operator = if holds { operator } else { opposite(operator) };
                let bounds = if one.ty.base == Scalar::Timestamp { TIMES } else { NUMBERS };
                let said = bounds.of(operator);
                let (one, other) = (self.worth(one, deeper), self.worth(other, deeper));
                format!("{one}: {}", self.with(said, &[("value", &other)]))
            }
            NodeKind::In { item, list } => {
                let words = if holds { words::AMONG } else { words::NOT_AMONG };
                let list = self.worth(list, deeper);
                let among = self.with(words, &[("value", &list)]);
                format!("{}: {among}", self.worth(item, deeper))
            }
            NodeKind::Conditional(parts) => {
                let [condition, then, otherwise] = &**parts;
                let phrase: [(&str, &dyn Display); 3] = [
                    ("condition", &self.claim(condition, true, deeper)),
                    ("then", &self.claim(then, holds, deeper)),
                    ("otherwise", &self.claim(otherwise, holds, deeper)),
                ];
                self.with(words::IF_ELSE, &phrase)
            }
            NodeKind::Quantifier { kind, list, body, .. } => {
                let words = match kind {
                    Quantifier::All => words::OF_EVERY,
                    Quantifier::Exists => words::OF_SOME,
                    Quantifier::ExistsOne => words::OF_ONE,
                };
                let phrase: [(&str, &dyn Display); 2] = [
                    ("list", &self.worth(list, deeper)),
                    ("part", &self.claim(body, true, deeper)),
                ];
                let part = self.with(words, &phrase);
                if holds { part } else { self.with(words::NOT_SO, &[("part", &part)]) }
            }
            NodeKind::Call { function, arguments } => {
                let said = match function {
                    Function::StartsWith => Some([words::BEGINS, words::BEGINS_NOT]),
                    Function::EndsWith => Some([words::ENDS, words::ENDS_NOT]),
                    Function::Contains => Some([words::HAS, words::HAS_NOT]),
                    _ => None,
                };
                match (said, arguments.as_slice()) {
                    (Some([so, not_so]), [text, part]) => {
                        let said = if holds { so } else { not_so };
                        let part = self.worth(part, deeper);
                        let said = self.with(said, &[("value", &part)]);
                        format!("{}: {said}", self.worth(text, deeper))
                    }
                    _ => format!("{}: {yes_or_no}", self.worth(node, deeper)),
                }
            }
            NodeKind::Literal(_)
            | NodeKind::Set(_)
            | NodeKind::Variable(_)
            | NodeKind::Negate(_)
            | NodeKind::Arithmetic { .. }
            | NodeKind::List(_)
            | NodeKind::Index { .. } => format!("{}: {yes_or_no}", self.worth(node, deeper)),
        }
    }

    /// The parts of a condition, without what goes without saying: that an attribute is there, where
    /// another part says what it is.
    fn parts(self, parts: &[Node], joint: Joint, holds: bool, depth: usize) -> Vec<Outline> {
        let phrase = parts.iter().enumerate().filter_map(|(place, part)| {
            let beside = |is: &dyn Fn(&Node) -> bool| {
                parts.iter().enumerate().any(|(other, part)| other != place && is(part))
            };
            match (joint, presence(part, holds)) {
                (Joint::All, Some((id, true))) if beside(&|other| reads(other, id)) => return None,
                (Joint::Any, Some((id, false))) if beside(&|other| flag(other) == Some(id)) => {
                    return None;
                }
                _ => {}
            }
            let phrase = self.outline(part, holds, depth);
            let is_absent = |id| beside(&|other| presence(other, holds) == Some((id, false)));
            let or_none = joint == Joint::Any && flag(part).is_some_and(is_absent);
            Some(match or_none {
                true => {
                    let none = NONE_LISTED.of(self.lang);
                    let both = [("one", &phrase.said() as &dyn Display), ("other", &none)];
                    Outline::plain(self.with(words::OR_ELSE, &both))
                }
                false => phrase,
            })
        });
        phrase.collect()
    }

    /// What a part of a condition is, as a part of a sentence.
    fn worth(self, node: &Node, depth: usize) -> String {
        let deeper = depth + 1;
        if depth > DEPTH_MAX {
            return "…".to_owned();
        }
        let two = |words: Words, names: [&str; 2], parts: [&Node; 2]| {
            let [one, other] = parts.map(|part| self.worth(part, deeper));
            let [first, second] = names;
            self.with(words, &[(first, &one), (second, &other)])
        };
        match &node.kind {
            NodeKind::Literal(Value::Duration(span)) => self.span(*span),
            NodeKind::Literal(Value::Timestamp(at)) => WrittenDate(*at).to_string(),
            NodeKind::Literal(value) => Written(value).in_words(self.lang).to_string(),
            NodeKind::Attribute(id) => self.title_of(*id),
            NodeKind::Set(_) => self.set_of(node),
            NodeKind::Variable(_) => words::IT.of(self.lang).to_owned(),
            NodeKind::Negate(inner) => {
                self.with(words::LESS_ZERO, &[("value", &self.worth(inner, deeper))])
            }
            NodeKind::Arithmetic { operator, left, right } => {
                let parts = [&**left, &**right];
                let is_span = left.ty == Type::TIMESTAMP && right.ty == Type::TIMESTAMP;
                match operator {
                    Arithmetic::Subtract if is_span => {
                        two(words::TIME_BETWEEN, ["later", "earlier"], parts)
                    }
                    Arithmetic::Add => two(words::PLUS, ["one", "other"], parts),
                    Arithmetic::Subtract => two(words::MINUS, ["one", "other"], parts),
                    Arithmetic::Multiply => two(words::TIMES, ["one", "other"], parts),
                    Arithmetic::Divide => two(words::DIVIDED, ["one", "other"], parts),
                    Arithmetic::Remainder => two(words::REMAINDER, ["one", "other"], parts),
                }
            }
            NodeKind::List(items) => {
                let items: Vec<String> =
                    items.iter().map(|item| self.worth(item, deeper)).collect();
                let items: Vec<&str> = items.iter().map(String::as_str).collect();
                self.list(&items, words::OR_ELSE)
            }
            NodeKind::Index { list, position } => {
                two(words::ENTRY_AT, ["list", "place"], [&**list, &**position])
            }
            NodeKind::Call { function, arguments } => {
                let arguments: Vec<String> =
                    arguments.iter().map(|part| self.worth(part, deeper)).collect();
                let phrase: [(&str, &dyn Display); 2] =
                    [("function", &function.name()), ("value", &arguments.join(", "))];
                self.with(words::FUNCTION_OF, &phrase)
            }
            NodeKind::Conditional(parts) => {
                let [condition, then, otherwise] = &**parts;
                let phrase: [(&str, &dyn Display); 3] = [
                    ("condition", &self.claim(condition, true, deeper)),
                    ("then", &self.worth(then, deeper)),
                    ("otherwise", &self.worth(otherwise, deeper)),
                ];
                self.with(words::IF_ELSE, &phrase)
            }
            NodeKind::Has(_)
            | NodeKind::Not(_)
            | NodeKind::And(_)
            | NodeKind::Or(_)
            | NodeKind::Compare { .. }
            | NodeKind::In { .. }
            | NodeKind::Quantifier { .. } => format!("({})", self.claim(node, true, deeper)),
        }
    }

    fn title_of(self, id: AttributeId) -> String {
        self.named(self.program.schema().attribute(id))
    }

    /// A set by its title: its members are dated.
    fn set_of(self, node: &Node) -> String {
        let NodeKind::Set(set) = &node.kind else { return String::new() };
        let pack = self.program.packs().get(self.pack);
        let set = pack.and_then(|pack| pack.sets.get(usize::from(set.0)));
        set.map_or_else(String::new, |set| set.title.to_string())
    }
}

/// The attribute of which a part of a condition says that it is there, or that it is not.
fn presence(node: &Node, holds: bool) -> Option<(AttributeId, bool)> {
    match &node.kind {
        NodeKind::Has(id) => Some((*id, holds)),
        NodeKind::Not(inner) => presence(inner, !holds),
        _ => None,
    }
}

/// The attribute that a part of a condition is by itself, or the opposite of.
fn flag(node: &Node) -> Option<AttributeId> {
    match &node.kind {
        NodeKind::Attribute(id) => Some(*id),
        NodeKind::Not(inner) => flag(inner),
        _ => None,
    }
}

/// Whether a part of a condition reads the value of an attribute.
fn reads(node: &Node, id: AttributeId) -> bool {
    let mut does = node.kind == NodeKind::Attribute(id);
    node.for_each_part(&mut |part| does = does || reads(part, id));
    does
}

/// A number with its unit.
fn counted(value: &dyn Display, unit: Option<&str>) -> String {
    unit.map_or_else(|| value.to_string(), |unit| format!("{value} {unit}"))
}

/// The words for the ends of an interval.
#[derive(Clone, Copy)]
struct Bounds {
    at_least: Words,
    more_than: Words,
    at_most: Words,
    less_than: Words,
}

const NUMBERS: Bounds = Bounds {
    at_least: words::AT_LEAST,
    more_than: words::MORE_THAN,
    at_most: words::AT_MOST,
    less_than: words::LESS_THAN,
};

const TIMES: Bounds = Bounds {
    at_least: words::FROM_THEN_ON,
    more_than: words::AFTER,
    at_most: words::UP_TO_THEN,
    less_than: words::BEFORE,
};

impl Bounds {
    const fn of(self, operator: Comparison) -> Words {
        match operator {
            Comparison::Equal => words::EXACTLY,
            Comparison::NotEqual => words::ANOTHER_THAN,
            Comparison::Less => self.less_than,
            Comparison::LessOrEqual => self.at_most,
            Comparison::Greater => self.more_than,
            Comparison::GreaterOrEqual => self.at_least,
        }
    }
}

/// The operator with its sides exchanged.
const fn turned(operator: Comparison) -> Comparison {
    match operator {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same => same,
    }
}

/// The operator that holds where this one does not.
const fn opposite(operator: Comparison) -> Comparison {
    match operator {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::Less => Comparison::GreaterOrEqual,
        Comparison::LessOrEqual => Comparison::Greater,
        Comparison::Greater => Comparison::LessOrEqual,
        Comparison::GreaterOrEqual => Comparison::Less,
    }
}
