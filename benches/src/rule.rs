//! One form of a rule that every engine's language can say: attributes compared with constants.

/// A fact's value, or a constant of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    Text(&'static str),
    Int(i64),
    Bool(bool),
}

/// What a rule can ask of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Equal,
    NotEqual,
    In,
    NotIn,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// An attribute compared with one constant, or with several for [`Operator::In`] and
/// [`Operator::NotIn`].
#[derive(Clone, Debug)]
pub struct Condition {
    /// Index into [`ATTRIBUTES`].
    pub attribute: usize,
    pub operator: Operator,
    pub constants: Vec<Value>,
}

/// What must hold, or must not, where a rule applies: all of the conditions together.
#[derive(Clone, Debug)]
pub enum Demand {
    Requires(Vec<Condition>),
    Forbids(Vec<Condition>),
}

/// violated = all of `applies` hold, and the demand is not met.
#[derive(Clone, Debug)]
pub struct Rule {
    pub id: String,
    pub applies: Vec<Condition>,
    pub demand: Demand,
}

/// The kind of an attribute's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Int,
    Bool,
}

/// The facts that rules read: attributes of the built-in schema, all given by the caller.
pub const ATTRIBUTES: [(&str, Kind); 25] = [
    ("provider.app_review", Kind::Text),
    ("access.route", Kind::Text),
    ("account.country", Kind::Text),
    ("account.review", Kind::Text),
    ("account.verification", Kind::Text),
    ("account.display_name", Kind::Text),
    ("account.quality", Kind::Text),
    ("account.daily_limit", Kind::Int),
    ("account.feedback.blocks_7d", Kind::Int),
    ("campaign.use_case", Kind::Text),
    ("campaign.initiated_by", Kind::Text),
    ("campaign.content", Kind::Text),
    ("campaign.category", Kind::Text),
    ("campaign.template.status", Kind::Text),
    ("campaign.template.quality", Kind::Text),
    ("campaign.vertical", Kind::Text),
    ("campaign.audience_size", Kind::Int),
    ("campaign.offers_opt_out", Kind::Bool),
    ("campaign.automated", Kind::Bool),
    ("campaign.human_handoff", Kind::Bool),
    ("campaign.general_purpose_ai", Kind::Bool),
    ("recipient.country", Kind::Text),
    ("recipient.opt_in", Kind::Text),
    ("recipient.opted_out", Kind::Bool),
    ("recipient.marketing_received_24h", Kind::Int),
];

/// The index of an attribute.
pub fn attribute(path: &str) -> usize {
    ATTRIBUTES.iter().position(|(known, _)| *known == path).expect("an attribute of the list")
}

/// One case: a value for each of [`ATTRIBUTES`].
pub type Row = [Value; ATTRIBUTES.len()];

impl Condition {
    /// Whether it holds: the definition that every engine is checked against.
    pub fn holds(&self, row: &Row) -> bool {
        self.holds_for(row[self.attribute])
    }

    pub fn holds_for(&self, value: Value) -> bool {
        let first = self.constants[0];
        match self.operator {
            Operator::Equal => value == first,
            Operator::NotEqual => value != first,
            Operator::In => self.constants.contains(&value),
            Operator::NotIn => !self.constants.contains(&value),
            Operator::Less => value < first,
            Operator::LessOrEqual => value <= first,
            Operator::Greater => value > first,
            Operator::GreaterOrEqual => value >= first,
        }
    }

    pub fn path(&self) -> &'static str {
        ATTRIBUTES[self.attribute].0
    }

    /// The condition that holds exactly where this one does not.
    #[cfg(any(feature = "datalogic", feature = "regorus", feature = "zen"))]
    pub fn negated(&self) -> Self {
        let operator = match self.operator {
            Operator::Equal => Operator::NotEqual,
            Operator::NotEqual => Operator::Equal,
            Operator::In => Operator::NotIn,
            Operator::NotIn => Operator::In,
            Operator::Less => Operator::GreaterOrEqual,
            Operator::LessOrEqual => Operator::Greater,
            Operator::Greater => Operator::LessOrEqual,
            Operator::GreaterOrEqual => Operator::Less,
        };
        Self { operator, ..self.clone() }
    }
}

impl Demand {
    pub fn conditions(&self) -> &[Condition] {
        match self {
            Self::Requires(conditions) | Self::Forbids(conditions) => conditions,
        }
    }

    /// Whether the conditions must hold, rather than must not.
    pub fn is_required(&self) -> bool {
        matches!(self, Self::Requires(_))
    }
}

impl Rule {
    pub fn applies_to(&self, row: &Row) -> bool {
        self.applies.iter().all(|condition| condition.holds(row))
    }

    pub fn violated_by(&self, row: &Row) -> bool {
        self.applies_to(row)
            && self.demand.conditions().iter().all(|condition| condition.holds(row))
                != self.demand.is_required()
    }
}

/// The rules that a row violates, by number: the slow and obvious way.
pub fn violated(rules: &[Rule], row: &Row) -> Vec<u32> {
    rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| rule.violated_by(row))
        .map(|(number, _)| number as u32)
        .collect()
}

/// Writes conditions as an expression: `write` says one, `and` stands between.
pub fn conjunction(
    conditions: &[Condition],
    and: &str,
    write: impl Fn(&Condition) -> String,
) -> String {
    conditions.iter().map(write).collect::<Vec<_>>().join(and)
}

/// A condition in a language with C's operators, double-quoted texts and, for several constants,
/// what `list` makes of them.
pub fn c_like(condition: &Condition, list: impl Fn(&str, &str, bool) -> String) -> String {
    let path = condition.path();
    let constants = condition.constants.iter().map(constant).collect::<Vec<_>>().join(", ");
    let operator = match condition.operator {
        Operator::In => return list(path, &constants, true),
        Operator::NotIn => return list(path, &constants, false),
        Operator::Equal => "==",
        Operator::NotEqual => "!=",
        Operator::Less => "<",
        Operator::LessOrEqual => "<=",
        Operator::Greater => ">",
        Operator::GreaterOrEqual => ">=",
    };
    format!("{path} {operator} {constants}")
}

/// A constant as most languages write it.
pub fn constant(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("\"{text}\""),
        Value::Int(int) => int.to_string(),
        Value::Bool(bool) => bool.to_string(),
    }
}

/// A row as a tree of objects, each member a value or an object.
pub enum Tree {
    Leaf(Value),
    Object(Vec<(&'static str, Tree)>),
}

/// A row as the objects of a campaign document, without `send_at`.
pub fn tree(row: &Row) -> Vec<(&'static str, Tree)> {
    let mut root = Vec::new();
    for ((path, _), value) in ATTRIBUTES.iter().zip(row) {
        put(&mut root, path, *value);
    }
    root
}

fn put(members: &mut Vec<(&'static str, Tree)>, path: &'static str, value: Value) {
    let Some((first, rest)) = path.split_once('.') else {
        members.push((path, Tree::Leaf(value)));
        return;
    };
    let place = members.iter().position(|(name, _)| *name == first).unwrap_or_else(|| {
        members.push((first, Tree::Object(Vec::new())));
        members.len() - 1
    });
    if let Tree::Object(inner) = &mut members[place].1 {
        put(inner, rest, value);
    }
}

/// A row as a campaign document.
pub fn document(row: &Row) -> String {
    fn json(members: &[(&'static str, Tree)]) -> serde_json::Value {
        let member = |(name, tree): &(&'static str, Tree)| {
            let value = match tree {
                Tree::Leaf(Value::Text(text)) => (*text).into(),
                Tree::Leaf(Value::Int(int)) => (*int).into(),
                Tree::Leaf(Value::Bool(bool)) => (*bool).into(),
                Tree::Object(inner) => json(inner),
            };
            ((*name).to_owned(), value)
        };
        serde_json::Value::Object(members.iter().map(member).collect())
    }
    let mut value = json(&tree(row));
    value["send_at"] = SEND_AT.into();
    value.to_string()
}

/// The instant of all cases: every rule is in force then.
pub const SEND_AT: &str = "2026-03-02T15:00:00Z";
