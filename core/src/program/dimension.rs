//! Dimensions: what clauses constrain, each an attribute or a predicate, cut into classes.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use super::classes::{ClassIdx, ClassSet, Classes, Cuts, Piece, UNKNOWN};
use crate::cel::{Node, Outcome};
use crate::schema::AttributeId;
use crate::schema::attributes::{
    RECIPIENT_LOCAL_MINUTE_OF_DAY_MAX, RECIPIENT_LOCAL_MINUTE_OF_DAY_MIN,
};
use crate::value::{Fact, Value};

/// One axis of the space of cases.
#[derive(Clone, Debug)]
pub struct Dimension {
    /// What lies on it.
    pub subject: Subject,
    /// How values fall into classes.
    pub classes: Classes,
    /// The class of *absent*, always the last; only nullable attributes have one.
    pub absent: Option<ClassIdx>,
    /// How many known classes there are, *absent* included.
    pub count: usize,
}

/// What lies on a dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The value of an attribute.
    Attribute(AttributeId),
    /// The result of a predicate: its index in [`super::Program::predicates`].
    Predicate(usize),
}

/// A condition that is no constraint on one attribute: a comparison of two, arithmetic, a function,
/// a member of a list.
///
/// It is worked out after [`crate::resolve`], as a boolean of its own. Equal ones are shared
/// between rules.
#[derive(Clone, Debug)]
pub struct Predicate {
    /// What is worked out.
    pub node: Node,
    /// The pack whose sets the node names.
    pub pack: usize,
    /// As written.
    pub source: Arc<str>,
    /// Every attribute that it reads.
    pub attributes: BTreeSet<AttributeId>,
    /// Whether some facts make it fail: overflow, an absent value, and the like.
    pub fallible: bool,
    /// How it is worked out.
    pub form: PredicateForm,
    /// Whether it has no value without all of its attributes, whatever the others are.
    pub strict: bool,
}

/// The common forms of predicates, which need no walk over the tree.
#[derive(Clone, Debug, PartialEq)]
pub enum PredicateForm {
    /// A text among the members of a list attribute.
    Contains {
        /// The list.
        list: AttributeId,
        /// The text.
        text: Arc<str>,
    },
    /// Two attributes of one type that has an order, compared.
    Compares {
        /// The left side.
        left: AttributeId,
        /// The operator.
        operator: crate::cel::Comparison,
        /// The right side.
        right: AttributeId,
    },
    /// Anything else.
    Tree,
}

/// The attributes that tell the time in minutes.
pub(crate) const CLOCK_MINUTES: [AttributeId; 2] =
    [RECIPIENT_LOCAL_MINUTE_OF_DAY_MIN, RECIPIENT_LOCAL_MINUTE_OF_DAY_MAX];

/// The minutes of a day from which on some rule may tell the time by another class: those of its
/// constants, and the minute after each.
pub(crate) fn clock_cuts(dimensions: &[Dimension]) -> BTreeSet<i64> {
    let points =
        dimensions.iter().filter_map(|dimension| match (dimension.subject, &dimension.classes) {
            (Subject::Attribute(id), Classes::Ints(cuts)) if CLOCK_MINUTES.contains(&id) => {
                Some(&cuts.points)
            }
            _ => None,
        });
    points.flat_map(|points| points.iter()).flat_map(|at| [*at, at.saturating_add(1)]).collect()
}

/// The classes of a predicate: false, true, error.
const FALSE: ClassIdx = 1;
const ERROR: ClassIdx = 3;

impl PredicateForm {
    /// The class of a predicate over facts; `None` for a tree, which is walked elsewhere.
    pub fn class<'f>(&self, fact: impl Fn(AttributeId) -> &'f Fact) -> Option<ClassIdx> {
        Some(match self {
            Self::Contains { list, text } => match fact(*list) {
                Fact::Unknown => UNKNOWN,
                Fact::Value(Value::List(items)) => {
                    FALSE
                        + ClassIdx::from(
                            items
                                .iter()
                                .any(|item| matches!(item, Value::String(item) if item == text)),
                        )
                }
                Fact::Absent | Fact::Value(_) => ERROR,
            },
            Self::Compares { left, operator, right } => match (fact(*left), fact(*right)) {
                // CEL lets an unknown go before an error.
                (Fact::Unknown, _) | (_, Fact::Unknown) => UNKNOWN,
                (Fact::Value(left), Fact::Value(right)) => {
                    FALSE + ClassIdx::from(operator.holds(left.compare(right)))
                }
                (Fact::Absent, _) | (_, Fact::Absent) => ERROR,
            },
            Self::Tree => return None,
        })
    }
}

impl Predicate {
    /// The class that facts give without a value: CEL lets an unknown go before an error. `None`
    /// where the predicate has to be evaluated.
    pub fn class_without_value<'f>(
        &self,
        fact: impl Fn(AttributeId) -> &'f Fact,
    ) -> Option<ClassIdx> {
        if !self.strict {
            return None;
        }
        let mut class = None;
        for id in &self.attributes {
            match fact(*id) {
                Fact::Unknown => return Some(UNKNOWN),
                Fact::Absent => class = Some(ERROR),
                Fact::Value(_) => {}
            }
        }
        class
    }

    /// The class of a predicate that has a value.
    pub fn class_of_truth(holds: bool) -> ClassIdx {
        FALSE + ClassIdx::from(holds)
    }

    /// The class of what an evaluation came to.
    pub const fn class_of(outcome: &Outcome) -> ClassIdx {
        match outcome {
            Outcome::Value(Value::Bool(false)) => FALSE,
            Outcome::Value(Value::Bool(true)) => FALSE + 1,
            Outcome::Value(_) | Outcome::Error(_) => ERROR,
            Outcome::Undetermined(_) => UNKNOWN,
        }
    }
}

impl Dimension {
    /// A dimension for an attribute.
    pub fn of_attribute(id: AttributeId, classes: Classes, nullable: bool) -> Self {
        let values = classes.len();
        let absent = nullable.then(|| values as ClassIdx + 1);
        Self {
            subject: Subject::Attribute(id),
            classes,
            absent,
            count: values + usize::from(nullable),
        }
    }

    /// A dimension for a predicate, with a class for errors only where it can fail.
    pub fn of_predicate(index: usize, fallible: bool) -> Self {
        Self {
            subject: Subject::Predicate(index),
            classes: Classes::Predicate,
            absent: None,
            count: if fallible { 3 } else { 2 },
        }
    }

    /// The class of a fact of this dimension's attribute.
    #[inline]
    pub fn class(&self, fact: &Fact) -> ClassIdx {
        match fact {
            Fact::Unknown => UNKNOWN,
            Fact::Absent => self.absent.unwrap_or(UNKNOWN),
            Fact::Value(value) => self.classes.class(value),
        }
    }

    /// All classes.
    pub fn full(&self) -> ClassSet {
        ClassSet::full(self.count)
    }

    /// The classes outside a set.
    pub fn complement(&self, set: &ClassSet) -> ClassSet {
        self.full().without(set)
    }

    /// A set of classes in words, such as `in [ES, FR]`, `>= 5 and < 9`, `absent`.
    pub fn describe(&self, set: &ClassSet) -> String {
        let mut parts: Vec<String> = Vec::new();
        match &self.classes {
            Classes::Bool => {
                if set.contains(1) {
                    parts.push("false".into());
                }
                if set.contains(2) {
                    parts.push("true".into());
                }
            }
            Classes::Predicate => {
                for (class, name) in [(1, "fails"), (2, "holds"), (3, "cannot be worked out")] {
                    if set.contains(class) {
                        parts.push(name.into());
                    }
                }
            }
            Classes::List => {
                if set.contains(1) {
                    parts.push("present".into());
                }
            }
            Classes::Texts { named, others } => parts.extend(describe_texts(named, *others, set)),
            Classes::Ints(cuts) => parts.extend(describe_line(cuts, set, |value| match value {
                i64::MAX => "unlimited".to_owned(),
                _ => value.to_string(),
            })),
            Classes::Doubles(cuts) => {
                parts.extend(describe_line(cuts, set, |value| value.to_string()));
            }
            Classes::Timestamps(cuts) => {
                parts.extend(describe_line(cuts, set, |value| value.to_string()));
            }
            Classes::Durations(cuts) => {
                parts.extend(describe_line(cuts, set, |value| value.to_string()));
            }
        }
        if self.absent.is_some_and(|absent| set.contains(absent)) {
            parts.push("absent".into());
        }
        parts.join(" or ")
    }
}

fn describe_texts(named: &[Arc<str>], others: bool, set: &ClassSet) -> Option<String> {
    let has_others = others && set.contains(named.len() as ClassIdx + 1);
    let picked = |wanted: bool| -> Vec<&str> {
        let texts = named
            .iter()
            .enumerate()
            .filter(|(place, _)| set.contains(*place as ClassIdx + 1) == wanted);
        texts.map(|(_, text)| &**text).collect()
    };
    let (inside, outside) = (picked(true), picked(false));
    match (has_others, inside.is_empty()) {
        (true, _) if outside.is_empty() => Some("present".into()),
        (true, _) => Some(format!("not in [{}]", outside.join(", "))),
        (false, false) => Some(format!("in [{}]", inside.join(", "))),
        (false, true) => None,
    }
}

/// Runs of neighbouring pieces, each as an interval.
fn describe_line<T: PartialOrd + Copy>(
    cuts: &Cuts<T>,
    set: &ClassSet,
    show: impl Fn(T) -> String,
) -> Vec<String> {
    let mut parts = Vec::new();
    let mut run: Option<(Piece<T>, Piece<T>)> = None;
    let mut flush = |run: &mut Option<(Piece<T>, Piece<T>)>| {
        let Some((first, last)) = run.take() else { return };
        if let (Piece::Point(a), Piece::Point(b)) = (first, last)
            && a == b
        {
            parts.push(format!("= {}", show(a)));
            return;
        }
        let mut text = String::new();
        match first {
            Piece::Point(value) => write!(text, ">= {}", show(value)),
            Piece::Gap(Some(value), _) => write!(text, "> {}", show(value)),
            Piece::Gap(None, _) => Ok(()),
        }
        .unwrap_or_default();
        let upper = match last {
            Piece::Point(value) => format!("<= {}", show(value)),
            Piece::Gap(_, Some(value)) => format!("< {}", show(value)),
            Piece::Gap(_, None) => String::new(),
        };
        if !text.is_empty() && !upper.is_empty() {
            text.push_str(" and ");
        }
        text.push_str(&upper);
        parts.push(if text.is_empty() { "present".into() } else { text });
    };
    for (class, piece) in cuts.iter() {
        if set.contains(class) {
            run = Some(run.map_or((piece, piece), |(first, _)| (first, piece)));
        } else {
            flush(&mut run);
        }
    }
    flush(&mut run);
    parts
}
