//! Which column holds which attribute?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow_schema::{DataType, Schema as ArrowSchema};

use super::error::{self, ScreenError};
use super::json;
use super::options::{ResultColumns, ScreenOptions, Texts};
use crate::facts::Facts;
use crate::resolve::derivations::{self, AxisKind, FirstNull, recipient_sources};
use crate::schema::{Attribute, AttributeId, NotGiven, Origin, Schema, Scope};
use crate::suggest;
use crate::time::zone::Zone;
use crate::value::{Fact, Scalar, Type};

/// One column that holds an attribute.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) attribute: AttributeId,
    /// Its place in the audience.
    pub(super) index: usize,
    /// How the audience calls it.
    pub(super) name: Arc<str>,
    /// How its cells are read.
    pub(super) reading: Reading,
    /// Whether it may hold a value that the attribute cannot: whole numbers may lie beyond 64 bits
    /// or below 0, instants past the year 9999, and texts may be anything, so that only columns of
    /// booleans are always good.
    pub(super) may_be_bad: bool,
}

/// How the cells of a column are read.
#[derive(Clone, Debug)]
pub(super) enum Reading {
    /// As their type says.
    Typed,
    /// As the JSON of a member.
    Json,
    /// As what a clock of this zone showed.
    Local(Zone),
}

/// The columns of an audience by what they are for.
#[derive(Clone, Debug)]
pub(super) struct Bound {
    pub(super) columns: Vec<Column>,
    /// Places of the columns that the result repeats, in the order asked for.
    pub(super) kept: Vec<usize>,
    /// What else the result has.
    pub(super) result: ResultColumns,
    /// Members of which the campaign says that there is none; a column may tell them all the same.
    absent: Vec<AttributeId>,
}

impl Bound {
    /// The place of the column that holds an attribute.
    pub(super) fn place(&self, attribute: AttributeId) -> Option<usize> {
        self.columns.iter().position(|column| column.attribute == attribute)
    }

    /// The column that holds an attribute.
    pub(super) fn column(&self, attribute: AttributeId) -> Option<&Column> {
        self.columns.iter().find(|column| column.attribute == attribute)
    }

    /// Whether rows can change an attribute: whether some column holds one that it follows from.
    pub(super) fn varies(&self, attribute: AttributeId) -> bool {
        let sources = recipient_sources(&attribute);
        let is_given = |source: &AttributeId| self.column(*source).is_some();
        sources.iter().any(is_given)
            && !(is_settled_by_null(attribute)
                && sources
                    .first()
                    .is_some_and(|first| self.absent.contains(first) && !is_given(first)))
    }
}

/// Whether all rows in which the first member that a derivation reads is null come to the same.
fn is_settled_by_null(attribute: AttributeId) -> bool {
    let axis = derivations::of(attribute).map(|row| row.basis.axis);
    matches!(axis, Some(AxisKind::Rows(FirstNull::Settles)))
}

/// Names of the columns that results have: the first every one.
pub(super) const VERDICT: &str = "verdict";
pub(super) const RULES: &str = "rules";
pub(super) const MISSING: &str = "missing";
/// Names of those that it has on request.
pub(super) const FIX: &str = "fix";
pub(super) const RANK: &str = "rank";
pub(super) const VIOLATED: &str = "violated";
pub(super) const UNDETERMINED: &str = "undetermined";

impl ResultColumns {
    /// The names of all columns of the result but those kept, in order.
    pub(super) fn names(self) -> impl Iterator<Item = &'static str> {
        let rank = self.has_rank.then_some(RANK);
        let lists: &[&str] = match self {
            Self { verdict_only: true, .. } => &[],
            Self { rules_by_status: true, .. } => &[VIOLATED, UNDETERMINED, MISSING],
            Self { .. } => &[RULES, MISSING],
        };
        [VERDICT].into_iter().chain(rank).chain(lists.iter().copied())
    }
}

/// Finds the attribute of every column and checks its type.
pub(super) fn bind(
    audience: &ArrowSchema,
    schema: &Schema,
    campaign: &Facts,
    options: &ScreenOptions,
) -> Result<Bound, ScreenError> {
    let names = || audience.fields().iter().map(|field| field.name().as_str());
    // Somebody else's file may have thousands of columns, and each of them be named here.
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, name) in names().enumerate() {
        places.entry(name).or_insert(index);
    }
    let place = |name: &str| places.get(name).copied();
    let (mut kept, mut is_kept) = (Vec::with_capacity(options.keep.len()), BTreeSet::new());
    for name in &options.keep {
        let is_fix = options.is_fix_given() && name == FIX;
        if is_fix || options.result.names().any(|reserved| reserved == name) {
            return Err(error::reserved_name(name));
        }
        let index = place(name).ok_or_else(|| error::no_such_column(name, names()))?;
        if is_kept.insert(index) {
            kept.push(index);
        }
    }
    for (column, path) in &options.names {
        place(column).ok_or_else(|| error::no_such_column(column, names()))?;
        if schema.id(path).is_none_or(|id| !may_vary(schema.attribute(id))) {
            let near = suggest::nearest(path, may_be_given(schema));
            return Err(error::unknown_attribute(column, path, near));
        }
    }
    let mut named: BTreeMap<&str, &str> = BTreeMap::new();
    for (column, path) in &options.names {
        named.entry(column).or_insert(path);
    }
    let ignored: BTreeSet<&str> = options.ignore.iter().map(|name| &**name).collect();
    let zone = options.time_zone.as_deref().map(Clock::named).transpose()?;
    let mut columns: Vec<Column> = Vec::new();
    let mut unknown: Vec<&str> = Vec::new();
    for (index, field) in audience.fields().iter().enumerate() {
        let name = field.name();
        if ignored.contains(name.as_str()) {
            continue;
        }
        let path = named.get(name.as_str()).copied().unwrap_or(name);
        let Some(id) = schema.id(path).filter(|id| may_vary(schema.attribute(*id))) else {
            if !is_kept.contains(&index) {
                unknown.push(name);
            }
            continue;
        };
        let attribute = schema.attribute(id);
        if attribute.origin == Origin::Derived {
            return Err(error::derived_column(name));
        }
        if columns.iter().any(|column| column.attribute == id) {
            return Err(error::repeated_column(name, &attribute.path));
        }
        let was_given = match (campaign.fact(id), &attribute.not_given) {
            (Fact::Unknown, _) | (Fact::Absent, NotGiven::Absent { .. }) => false,
            (Fact::Value(value), NotGiven::Value(default)) => value != default,
            (Fact::Absent | Fact::Value(_), _) => true,
        };
        if was_given {
            return Err(error::given_twice(name));
        }
        let is_json = json::is_json(field);
        if !is_json && !fits(field.data_type(), attribute.ty, options.texts) {
            return Err(error::wrong_type(name, field.data_type(), attribute.ty));
        }
        let reading =
            if is_json { Reading::Json } else { reading(name, field.data_type(), zone.as_ref())? };
        let may_be_bad = !is_boolean(field.data_type());
        columns.push(Column {
            attribute: id,
            index,
            name: Arc::from(name.as_str()),
            reading,
            may_be_bad,
        });
    }
    if let Some((first, others)) = unknown.split_first() {
        return Err(error::unknown_column(first, others, &may_be_given(schema)));
    }
    let absent = schema.iter().map(|(id, _)| id).filter(|id| *campaign.fact(*id) == Fact::Absent);
    Ok(Bound { columns, kept, result: options.result, absent: absent.collect() })
}

/// The attributes that rows may tell, by path.
fn may_be_given(schema: &Schema) -> Vec<&str> {
    let attributes = schema.iter_by_path().map(|(_, attribute)| attribute);
    let attributes = attributes.filter(|known| may_vary(known) && known.origin != Origin::Derived);
    attributes.map(|known| &*known.path).collect()
}

/// Whether rows may tell an attribute: those of a recipient and the caller's own.
fn may_vary(attribute: &Attribute) -> bool {
    attribute.scope == Scope::Recipient || attribute.path.starts_with("x.")
}

/// Whether a column holds booleans, in whatever layout, or nothing.
fn is_boolean(found: &DataType) -> bool {
    match found {
        DataType::Boolean | DataType::Null => true,
        DataType::Dictionary(_, values) => is_boolean(values),
        DataType::RunEndEncoded(_, values) => is_boolean(values.data_type()),
        _ => false,
    }
}

/// What timestamps without a zone are taken from.
enum Clock {
    /// What they count is UTC, and nothing has to be worked out.
    Utc,
    Of(Zone),
}

impl Clock {
    fn named(name: &str) -> Result<Self, ScreenError> {
        if name == "UTC" {
            return Ok(Self::Utc);
        }
        Zone::named(name).map(Self::Of).ok_or_else(|| error::unknown_time_zone(name))
    }
}

/// How a column is read that may hold timestamps: dates and times without a zone do not say when
/// they are.
fn reading(name: &str, found: &DataType, zone: Option<&Clock>) -> Result<Reading, ScreenError> {
    match (found, zone) {
        (DataType::Date32 | DataType::Date64, _) => Err(error::dates(name, found)),
        (DataType::Timestamp(_, None), None) => Err(error::without_zone(name, found)),
        (DataType::Timestamp(_, None), Some(Clock::Utc)) => Ok(Reading::Typed),
        (DataType::Timestamp(_, None), Some(Clock::Of(zone))) => Ok(Reading::Local(zone.clone())),
        (DataType::Dictionary(_, values), _) => reading(name, values, zone),
        (
            DataType::RunEndEncoded(_, values)
            | DataType::List(values)
            | DataType::LargeList(values),
            _,
        ) => reading(name, values.data_type(), zone),
        _ => Ok(Reading::Typed),
    }
}

/// Whether a column of that type can tell values of an attribute's type.
fn fits(found: &DataType, ty: Type, texts: Texts) -> bool {
    match found {
        DataType::Null => true,
        DataType::Dictionary(_, values) => !ty.is_list() && fits(values, ty, texts),
        DataType::RunEndEncoded(_, values) => fits(values.data_type(), ty, texts),
        DataType::List(item) | DataType::LargeList(item) => ty
            .element()
            .is_some_and(|element| !element.is_list() && fits(item.data_type(), element, texts)),
        _ if ty.is_list() => false,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            ty.base == Scalar::String || texts == Texts::OfAnything
        }
        DataType::Boolean => ty.base == Scalar::Bool,
        DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64 => matches!(ty.base, Scalar::Int | Scalar::Double),
        DataType::Float16 | DataType::Float32 | DataType::Float64 => ty.base == Scalar::Double,
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => {
            ty.base == Scalar::Timestamp
        }
        DataType::Duration(_) => ty.base == Scalar::Duration,
        _ => false,
    }
}
