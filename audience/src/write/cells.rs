//! Any column as texts.

use std::fmt::Write as _;
use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, ArrowTemporalType, Date32Type, Date64Type, Decimal128Type, Float16Type,
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, PrimitiveArray, downcast_run_array};
use arrow_schema::{DataType, TimeUnit};

/// A column bound to what writes its cells.
pub(super) struct Cells<'a> {
    column: &'a dyn Array,
    kind: Kind<'a>,
}

/// Writes a row's value.
type Writes<'a> = Box<dyn Fn(usize, &mut String) + 'a>;
/// Where a row's value stands, or its list.
type Stands<'a, T> = Box<dyn Fn(usize) -> T + 'a>;

enum Kind<'a> {
    /// Texts: quoted where the format quotes texts.
    Text(Stands<'a, &'a str>),
    /// Instants, dates and whatever else JSON has no form of its own for.
    Quoted(Writes<'a>),
    /// Numbers and booleans, as CSV and JSON both have them.
    Bare(Writes<'a>),
    /// Dictionaries and runs: where a row's value stands.
    Keyed(Stands<'a, usize>, Box<Cells<'a>>),
    List(Stands<'a, Range<usize>>, Box<Cells<'a>>),
    Null,
}

/// What a cell is to be quoted as.
pub(super) enum Cell<'c> {
    Null,
    Text(&'c str),
    /// A number or a boolean.
    Bare,
    Quoted,
}

/// Whether columns of that type can be bound.
pub(super) fn have_a_form(ty: &DataType) -> bool {
    match ty {
        DataType::Dictionary(_, values) => have_a_form(values),
        DataType::RunEndEncoded(_, values) => have_a_form(values.data_type()),
        DataType::List(item) | DataType::LargeList(item) => {
            !is_list(item.data_type()) && have_a_form(item.data_type())
        }
        DataType::Null
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Boolean
        | DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64
        | DataType::Float16
        | DataType::Float32
        | DataType::Float64
        | DataType::Decimal128(..)
        | DataType::Date32
        | DataType::Date64
        | DataType::Timestamp(..) => true,
        _ => false,
    }
}

fn is_list(ty: &DataType) -> bool {
    matches!(ty, DataType::List(_) | DataType::LargeList(_))
}

impl<'a> Cells<'a> {
    pub(super) fn new(column: &'a dyn Array) -> Self {
        Self { column, kind: kind(column) }
    }

    /// The items of a row's list; none if the column has no lists.
    pub(super) fn items(&self, row: usize) -> Option<(Range<usize>, &Self)> {
        match &self.kind {
            Kind::List(range, items) => Some((range(row), items)),
            Kind::Keyed(place, values) => values.items(place(row)),
            _ => None,
        }
    }

    pub(super) fn is_null(&self, row: usize) -> bool {
        match &self.kind {
            Kind::Null => true,
            Kind::Keyed(place, values) => self.column.is_null(row) || values.is_null(place(row)),
            _ => self.column.is_null(row),
        }
    }

    /// A cell that is no list. What is no text of the column itself is put into `buffer`.
    pub(super) fn cell(&self, row: usize, buffer: &mut String) -> Cell<'a> {
        if self.column.is_null(row) {
            return Cell::Null;
        }
        match &self.kind {
            Kind::Text(text) => Cell::Text(text(row)),
            Kind::Quoted(write) => {
                write(row, buffer);
                Cell::Quoted
            }
            Kind::Bare(write) => {
                write(row, buffer);
                Cell::Bare
            }
            Kind::Keyed(place, values) => values.cell(place(row), buffer),
            Kind::List(..) | Kind::Null => Cell::Null,
        }
    }
}

fn kind(column: &dyn Array) -> Kind<'_> {
    match column.data_type() {
        DataType::Utf8 => {
            let texts = column.as_string::<i32>();
            Kind::Text(Box::new(|row| texts.value(row)))
        }
        DataType::LargeUtf8 => {
            let texts = column.as_string::<i64>();
            Kind::Text(Box::new(|row| texts.value(row)))
        }
        DataType::Utf8View => {
            let texts = column.as_string_view();
            Kind::Text(Box::new(|row| texts.value(row)))
        }
        DataType::Boolean => {
            let values = column.as_boolean();
            Kind::Bare(Box::new(|row, into| {
                into.push_str(if values.value(row) { "true" } else { "false" });
            }))
        }
        DataType::Int8 => whole::<Int8Type>(column),
        DataType::Int16 => whole::<Int16Type>(column),
        DataType::Int32 => whole::<Int32Type>(column),
        DataType::Int64 => whole::<Int64Type>(column),
        DataType::UInt8 => whole::<UInt8Type>(column),
        DataType::UInt16 => whole::<UInt16Type>(column),
        DataType::UInt32 => whole::<UInt32Type>(column),
        DataType::UInt64 => whole::<UInt64Type>(column),
        DataType::Float16 => {
            let values = column.as_primitive::<Float16Type>();
            Kind::Bare(Box::new(|row, into| double(f64::from(values.value(row)), into)))
        }
        // Through its own text, so that 0.1 stays 0.1.
        DataType::Float32 => {
            let values = column.as_primitive::<Float32Type>();
            Kind::Bare(Box::new(|row, into| {
                let value = values.value(row);
                if value.is_finite() {
                    let _ = write!(into, "{value:?}");
                } else {
                    double(f64::from(value), into);
                }
            }))
        }
        DataType::Float64 => {
            let values = column.as_primitive::<Float64Type>();
            Kind::Bare(Box::new(|row, into| double(values.value(row), into)))
        }
        DataType::Decimal128(..) => {
            let values = column.as_primitive::<Decimal128Type>();
            Kind::Bare(Box::new(|row, into| into.push_str(&values.value_as_string(row))))
        }
        DataType::Date32 => date::<Date32Type>(column),
        DataType::Date64 => date::<Date64Type>(column),
        DataType::Timestamp(unit, zone) => {
            let zone = if zone.is_some() { "Z" } else { "" };
            match unit {
                TimeUnit::Second => instant::<TimestampSecondType>(column, zone),
                TimeUnit::Millisecond => instant::<TimestampMillisecondType>(column, zone),
                TimeUnit::Microsecond => instant::<TimestampMicrosecondType>(column, zone),
                TimeUnit::Nanosecond => instant::<TimestampNanosecondType>(column, zone),
            }
        }
        DataType::Dictionary(..) => match column
            .as_any_dictionary_opt()
            .filter(|dictionary| !dictionary.values().is_empty())
        {
            Some(dictionary) => {
                let keys = dictionary.normalized_keys();
                let place = move |row: usize| keys.get(row).copied().unwrap_or_default();
                Kind::Keyed(Box::new(place), Box::new(Cells::new(dictionary.values().as_ref())))
            }
            None => Kind::Null,
        },
        DataType::RunEndEncoded(..) => downcast_run_array!(
            column => Kind::Keyed(Box::new(move |row| column.get_physical_index(row)), Box::new(Cells::new(column.values().as_ref()))),
            _ => Kind::Null
        ),
        DataType::List(_) => {
            let lists = column.as_list::<i32>();
            let offsets = lists.value_offsets();
            let range = |row: usize| match offsets.get(row..row + 2) {
                Some([begun, end]) => *begun as usize..*end as usize,
                _ => 0..0,
            };
            Kind::List(Box::new(range), Box::new(Cells::new(lists.values().as_ref())))
        }
        DataType::LargeList(_) => {
            let lists = column.as_list::<i64>();
            let offsets = lists.value_offsets();
            let range = |row: usize| match offsets.get(row..row + 2) {
                Some([begun, end]) => *begun as usize..*end as usize,
                _ => 0..0,
            };
            Kind::List(Box::new(range), Box::new(Cells::new(lists.values().as_ref())))
        }
        // Refused when the table was begun.
        _ => Kind::Null,
    }
}

fn whole<P: ArrowPrimitiveType>(column: &dyn Array) -> Kind<'_>
where
    P::Native: std::fmt::Display,
{
    let values: &PrimitiveArray<P> = column.as_primitive();
    Kind::Bare(Box::new(|row, into| {
        let _ = write!(into, "{}", values.value(row));
    }))
}

/// JSON has no number for what is not finite.
fn double(value: f64, into: &mut String) {
    if value.is_finite() {
        let _ = write!(into, "{value:?}");
    } else {
        into.push_str(if value.is_nan() {
            "\"NaN\""
        } else if value > 0.0 {
            "\"Infinity\""
        } else {
            "\"-Infinity\""
        });
    }
}

fn date<P: ArrowTemporalType>(column: &dyn Array) -> Kind<'_>
where
    i64: From<P::Native>,
{
    let values: &PrimitiveArray<P> = column.as_primitive();
    Kind::Quoted(Box::new(|row, into| {
        let _ = match values.value_as_date(row) {
            Some(date) => write!(into, "{date:?}"),
            // Beyond the calendar: as it is stored.
            None => write!(into, "{}", i64::from(values.value(row))),
        };
    }))
}

fn instant<'a, P: ArrowTemporalType>(column: &'a dyn Array, zone: &'static str) -> Kind<'a>
where
    i64: From<P::Native>,
{
    let values: &PrimitiveArray<P> = column.as_primitive();
    Kind::Quoted(Box::new(move |row, into| {
        let _ = match values.value_as_datetime(row) {
            Some(instant) => write!(into, "{instant:?}{zone}"),
            None => write!(into, "{}", i64::from(values.value(row))),
        };
    }))
}
