//! Random audiences: the same cells as Arrow columns of every layout, and as facts of one row.

use std::sync::Arc;

use arrow_array::builder::{LargeListBuilder, ListBuilder, StringBuilder};
use arrow_array::types::{
    DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType, DurationSecondType,
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, BooleanArray, DictionaryArray, LargeStringArray,
    NullArray, PrimitiveArray, RunArray, StringArray, StringViewArray,
};
use cleartosend::schema::{Attribute, Form};
use cleartosend::{Duration, Scalar, Timestamp, Type, Value};
use fastrand::Rng;

/// A column of an audience.
#[derive(Clone, Debug)]
pub struct Column {
    /// The attribute that it tells.
    pub path: String,
    /// As Arrow.
    pub array: ArrayRef,
    /// What stands in each row.
    pub cells: Vec<Option<Value>>,
}

/// How plain values lie in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    Bool,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F32,
    F64,
    Seconds,
    Millis,
    Micros,
    Nanos,
    SpanSeconds,
    SpanMillis,
    SpanMicros,
    SpanNanos,
    Utf8,
    LargeUtf8,
    Utf8View,
    List,
    LargeList,
}

impl Layout {
    fn all_of(ty: Type) -> &'static [Self] {
        if ty.is_list() {
            return &[Self::List, Self::LargeList];
        }
        match ty.base {
            Scalar::Bool => &[Self::Bool],
            Scalar::Int => &[
                Self::I8,
                Self::I16,
                Self::I32,
                Self::I64,
                Self::I64,
                Self::U8,
                Self::U16,
                Self::U32,
                Self::U64,
            ],
            Scalar::Double => &[Self::F32, Self::F64, Self::F64, Self::I16, Self::U32],
            Scalar::Timestamp => &[Self::Seconds, Self::Millis, Self::Micros, Self::Nanos],
            Scalar::Duration => {
                &[Self::SpanSeconds, Self::SpanMillis, Self::SpanMicros, Self::SpanNanos]
            }
            Scalar::String | Scalar::Nothing => &[Self::Utf8, Self::LargeUtf8, Self::Utf8View],
        }
    }

    /// Nanoseconds of the unit of instants and spans.
    fn unit(self) -> i128 {
        match self {
            Self::Seconds | Self::SpanSeconds => 1_000_000_000,
            Self::Millis | Self::SpanMillis => 1_000_000,
            Self::Micros | Self::SpanMicros => 1_000,
            _ => 1,
        }
    }
}

/// A column of some attribute, of chance.
pub fn column(random: &mut Rng, attribute: &Attribute, send_at: Timestamp, rows: usize) -> Column {
    let layouts = Layout::all_of(attribute.ty);
    let layout = layouts[random.usize(..layouts.len())];
    let pool = pool(random, attribute, layout, send_at);
    let nulls = [0, 0, 2, 5, 10][random.usize(..5)];
    let is_sorted = random.u8(..4) == 0;
    let mut picks: Vec<Option<usize>> = (0..rows)
        .map(|_| (random.u8(..10) >= nulls && !pool.is_empty()).then(|| random.usize(..pool.len())))
        .collect();
    if is_sorted {
        picks.sort_unstable();
    }
    let cells: Vec<Option<Value>> =
        picks.iter().map(|pick| pick.map(|pick| pool[pick].clone())).collect();
    // What lies before and behind is cut off, so that arrays do not begin where their memory does.
    let (before, behind) =
        if random.bool() { (random.usize(..70), random.usize(..5)) } else { (0, 0) };
    let padded: Vec<Option<usize>> =
        (0..before).map(|_| None).chain(picks).chain((0..behind).map(|_| None)).collect();
    let array = match random.u8(..8) {
        0 if cells.iter().all(Option::is_none) => Arc::new(NullArray::new(padded.len())),
        0 | 1 if !attribute.ty.is_list() => runs(random, layout, &pool, &padded),
        2..=4 if !attribute.ty.is_list() => dictionary(random, layout, &pool, &padded),
        _ => {
            let padded: Vec<Option<Value>> =
                padded.iter().map(|pick| pick.map(|pick| pool[pick].clone())).collect();
            if attribute.ty.is_list() {
                lists(layout, attribute.ty.base, &padded)
            } else {
                plain(layout, &padded, random.bool())
            }
        }
    };
    Column { path: attribute.path.to_string(), array: array.slice(before, rows), cells }
}

/// Some values that the attribute and the layout can both hold.
fn pool(random: &mut Rng, attribute: &Attribute, layout: Layout, send_at: Timestamp) -> Vec<Value> {
    let element = attribute.ty.element();
    let mut found = Vec::new();
    for _ in 0..random.usize(1..24) {
        let value = match element {
            Some(element) => Value::List(
                (0..random.usize(..4))
                    .map(|_| scalar(random, attribute, element, Layout::Utf8, send_at))
                    .collect(),
            ),
            None => scalar(random, attribute, attribute.ty, layout, send_at),
        };
        found.push(value);
    }
    found
}

fn scalar(
    random: &mut Rng,
    attribute: &Attribute,
    ty: Type,
    layout: Layout,
    send_at: Timestamp,
) -> Value {
    fn any<T: Copy>(random: &mut Rng, from: &[T]) -> T {
        from[random.usize(..from.len())]
    }
    match ty.base {
        Scalar::Bool => Value::Bool(random.bool()),
        Scalar::Int => {
            let is_count = matches!(attribute.form, Form::Count | Form::CountOrUnlimited);
            let small = any(random, &[0, 1, 2, 3, 5, 10, 100]);
            let wide = any(random, &[1000, i64::MAX, i64::MAX - 1]);
            Value::Int(match layout {
                Layout::I64 if random.u8(..4) == 0 => wide,
                Layout::I64 if random.u8(..4) == 0 && !is_count => any(random, &[i64::MIN, -3, -1]),
                Layout::I8 | Layout::I16 | Layout::I32 if random.u8(..4) == 0 && !is_count => -3,
                _ => small,
            })
        }
        Scalar::Double => Value::Double(match layout {
            Layout::I16 | Layout::U32 => any(random, &[0.0, 1.0, 3.0]),
            Layout::F32 => any(random, &[0.0, -0.0, 0.25, 0.5, 1.0, -2.5]),
            _ => any(random, &[0.0, -0.0, 0.25, 0.5, 1.0, -2.5, 5e-324, 1e300, f64::MAX, f64::MIN]),
        }),
        Scalar::Timestamp => {
            const HOUR: i64 = 3600;
            let far = any(
                random,
                &[
                    "1955-05-01T00:00:00Z",
                    "2018-08-01T00:00:00Z",
                    "2025-06-01T00:00:00Z",
                    "2026-01-01T00:00:00Z",
                    "2027-01-01T00:00:00Z",
                ],
            );
            let near = any(
                random,
                &[
                    0,
                    1,
                    -1,
                    -24 * HOUR,
                    -24 * HOUR + 1,
                    -24 * HOUR - 1,
                    HOUR,
                    -48 * HOUR,
                    -12 * HOUR,
                ],
            );
            let at = if random.bool() {
                send_at.seconds() + near
            } else {
                Timestamp::parse(far).map_or(0, Timestamp::seconds)
            };
            let nanos = i128::from(at) * 1_000_000_000
                + if layout == Layout::Nanos { any(random, &[0, 1, -1]) } else { 0 };
            let nanos = nanos.div_euclid(layout.unit()) * layout.unit();
            // Nanoseconds in 64 bits end in the year 2262.
            let fits = i64::try_from(nanos / layout.unit()).is_ok();
            // Nor can something have happened before there were messages, or in the far future.
            let range = match attribute.form {
                Form::Instant => 86_400..7_258_118_400,
                Form::End => 86_400..253_402_300_800,
                Form::OwnInstant if nanos < 0 => -2_208_902_400..0,
                Form::OwnInstant => 86_400..253_402_300_800,
                _ => i128::MIN..i128::MAX,
            };
            let fits = fits && range.contains(&nanos.div_euclid(1_000_000_000));
            Value::Timestamp(instant(if fits { nanos } else { 1_500_000_000_000_000_000 }))
        }
        Scalar::Duration => {
            let seconds = any(random, &[0, 1, -90, 5400, 86_400, -100_000]);
            Value::Duration(Duration::from_seconds(seconds).unwrap_or_default())
        }
        Scalar::String | Scalar::Nothing => Value::string(match &attribute.form {
            Form::OneOf(choices) => &choices[random.usize(..choices.len())].name,
            Form::Country => {
                any(random, &["ES", "US", "BR", "IN", "TR", "IT", "CO", "AE", "CA", "BV"])
            }
            Form::Phone | Form::PhoneOrId => any(random, PHONES),
            Form::TimeZone => any(
                random,
                &[
                    "Europe/Madrid",
                    "America/New_York",
                    "Asia/Kolkata",
                    "UTC",
                    "Pacific/Apia",
                    "europe/madrid",
                ],
            ),
            Form::Language => any(random, &["es", "es_ES", "en-US"]),
            Form::UserId => any(random, &["US.1349", "ES.a1", "BR.77", "IN.0"]),
            Form::Client => any(random, &["npm:baileys", "pypi:x"]),
            Form::Endpoint => any(
                random,
                &[
                    "https://graph.facebook.com/v23.0",
                    "https://web.whatsapp.com",
                    "http://localhost:3000",
                ],
            ),
            Form::Region => any(random, &["US-FL", "US-KY", "UA-43", "ES-MD"]),
            Form::Domain => "acme.example",
            Form::Id | Form::Name | Form::Firm | Form::Text => {
                any(random, &["a", "b", "m", "Acme", "5", "日本"])
            }
            Form::Any
            | Form::Count
            | Form::CountOrUnlimited
            | Form::Instant
            | Form::End
            | Form::OwnInstant => {
                any(random, &["", "a", "b", "m", "abc", "Acme", "5", "true", "日本", "US-FL"])
            }
        }),
    }
}

const PHONES: &[&str] = &[
    "+34600000000",
    "+14165550123",
    "+12125550123",
    "+5511987654321",
    "+919876543210",
    "+905321234567",
    "+391234567890",
    "+573001234567",
    "+971501234567",
    "+80012345678",
    "+1416555",
    "+74012123456",
];

fn instant(nanos: i128) -> Timestamp {
    let (seconds, rest) = (nanos.div_euclid(1_000_000_000), nanos.rem_euclid(1_000_000_000));
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| Timestamp::new(seconds, rest as u32))
        .unwrap_or(Timestamp::MIN)
}

fn dictionary(
    random: &mut Rng,
    layout: Layout,
    pool: &[Value],
    picks: &[Option<usize>],
) -> ArrayRef {
    // An entry that is null, and the pool twice, so that equal entries have several keys.
    let entries: Vec<Option<Value>> =
        [None].into_iter().chain(pool.iter().chain(pool).cloned().map(Some)).collect();
    let values = plain(layout, &entries, false);
    let mut keys: Vec<Option<usize>> = Vec::with_capacity(picks.len());
    for pick in picks {
        keys.push(match pick {
            Some(pick) => Some(pick + 1 + if random.bool() { pool.len() } else { 0 }),
            None => random.bool().then_some(0),
        });
    }
    match random.u8(..8) {
        0 => keyed::<Int8Type>(&keys, values),
        1 => keyed::<Int16Type>(&keys, values),
        2 => keyed::<Int64Type>(&keys, values),
        3 => keyed::<UInt8Type>(&keys, values),
        4 => keyed::<UInt16Type>(&keys, values),
        5 => keyed::<UInt32Type>(&keys, values),
        6 => keyed::<UInt64Type>(&keys, values),
        _ => keyed::<Int32Type>(&keys, values),
    }
}

fn keyed<K: arrow_array::types::ArrowDictionaryKeyType>(
    keys: &[Option<usize>],
    values: ArrayRef,
) -> ArrayRef
where
    K::Native: TryFrom<usize>,
{
    let native = |key: &Option<usize>| key.and_then(|key| K::Native::try_from(key).ok());
    let keys: PrimitiveArray<K> = keys.iter().map(native).collect();
    Arc::new(
        DictionaryArray::<K>::try_new(keys, values).unwrap_or_else(|problem| panic!("{problem}")),
    )
}

fn runs(random: &mut Rng, layout: Layout, pool: &[Value], picks: &[Option<usize>]) -> ArrayRef {
    let mut ends: Vec<usize> = Vec::new();
    let mut entries: Vec<Option<Value>> = Vec::new();
    for (row, pick) in picks.iter().enumerate() {
        let is_same = row > 0 && picks[row - 1] == *pick && random.u8(..9) > 0;
        if !is_same {
            entries.push(pick.map(|pick| pool[pick].clone()));
            ends.push(row);
        }
        if let Some(end) = ends.last_mut() {
            *end = row + 1;
        }
    }
    let values = plain(layout, &entries, false);
    fn of<R: arrow_array::types::RunEndIndexType>(ends: &[usize], values: &ArrayRef) -> ArrayRef
    where
        R::Native: TryFrom<usize>,
    {
        let ends: PrimitiveArray<R> =
            ends.iter().map(|end| R::Native::try_from(*end).ok()).collect();
        // The constructor takes ends without nulls.
        let ends = PrimitiveArray::<R>::new(ends.values().clone(), None);
        Arc::new(
            RunArray::<R>::try_new(&ends, values).unwrap_or_else(|problem| panic!("{problem}")),
        )
    }
    match random.u8(..3) {
        0 => of::<Int16Type>(&ends, &values),
        1 => of::<Int32Type>(&ends, &values),
        _ => of::<Int64Type>(&ends, &values),
    }
}

fn plain(layout: Layout, cells: &[Option<Value>], in_madrid: bool) -> ArrayRef {
    fn numbers<P: ArrowPrimitiveType>(
        cells: &[Option<Value>],
        native: impl Fn(&Value) -> Option<P::Native>,
    ) -> PrimitiveArray<P> {
        cells.iter().map(|cell| cell.as_ref().and_then(&native)).collect()
    }
    fn int(value: &Value) -> Option<i128> {
        match value {
            Value::Int(value) => Some((*value).into()),
            Value::Double(value) => Some(*value as i128),
            _ => None,
        }
    }
    let nanos = |value: &Value| match value {
        Value::Timestamp(at) => Some(at.as_nanos() / layout.unit()),
        Value::Duration(span) => Some(span.as_nanos() / layout.unit()),
        _ => None,
    };
    let double = |value: &Value| if let Value::Double(value) = value { Some(*value) } else { None };
    macro_rules! ints {
        ($ty:ty) => {
            Arc::new(numbers::<$ty>(cells, |value| {
                int(value).and_then(|value| value.try_into().ok())
            }))
        };
    }
    macro_rules! times {
        ($ty:ty) => {{
            let array =
                numbers::<$ty>(cells, |value| nanos(value).and_then(|value| value.try_into().ok()));
            Arc::new(array.with_timezone(if in_madrid { "Europe/Madrid" } else { "UTC" }))
        }};
    }
    macro_rules! spans {
        ($ty:ty) => {
            Arc::new(numbers::<$ty>(cells, |value| {
                nanos(value).and_then(|value| value.try_into().ok())
            }))
        };
    }
    let texts: Vec<Option<&str>> = cells
        .iter()
        .map(|cell| if let Some(Value::String(text)) = cell { Some(&**text) } else { None })
        .collect();
    match layout {
        Layout::Bool => Arc::new(
            cells
                .iter()
                .map(|cell| if let Some(Value::Bool(value)) = cell { Some(*value) } else { None })
                .collect::<BooleanArray>(),
        ),
        Layout::I8 => ints!(Int8Type),
        Layout::I16 => ints!(Int16Type),
        Layout::I32 => ints!(Int32Type),
        Layout::I64 => ints!(Int64Type),
        Layout::U8 => ints!(UInt8Type),
        Layout::U16 => ints!(UInt16Type),
        Layout::U32 => ints!(UInt32Type),
        Layout::U64 => ints!(UInt64Type),
        Layout::F32 => {
            Arc::new(numbers::<Float32Type>(cells, |value| double(value).map(|value| value as f32)))
        }
        Layout::F64 => Arc::new(numbers::<Float64Type>(cells, double)),
        Layout::Seconds => times!(TimestampSecondType),
        Layout::Millis => times!(TimestampMillisecondType),
        Layout::Micros => times!(TimestampMicrosecondType),
        Layout::Nanos => times!(TimestampNanosecondType),
        Layout::SpanSeconds => spans!(DurationSecondType),
        Layout::SpanMillis => spans!(DurationMillisecondType),
        Layout::SpanMicros => spans!(DurationMicrosecondType),
        Layout::SpanNanos => spans!(DurationNanosecondType),
        Layout::Utf8 => Arc::new(StringArray::from(texts)),
        Layout::LargeUtf8 => Arc::new(LargeStringArray::from(texts)),
        Layout::Utf8View => Arc::new(StringViewArray::from(texts)),
        Layout::List | Layout::LargeList => Arc::new(NullArray::new(cells.len())),
    }
}

/// Lists; those of other things than texts are made from the concatenation of their items.
fn lists(layout: Layout, base: Scalar, cells: &[Option<Value>]) -> ArrayRef {
    let of = |cell: &Option<Value>| {
        if let Some(Value::List(items)) = cell { Some(items.to_vec()) } else { None }
    };
    let items: Vec<Value> = cells.iter().filter_map(of).flatten().collect();
    if base == Scalar::String {
        macro_rules! build {
            ($builder:ident) => {{
                let mut builder = $builder::new(StringBuilder::new());
                for cell in cells {
                    let items = of(cell);
                    items.iter().flatten().for_each(|item| {
                        if let Value::String(text) = item {
                            builder.values().append_value(text);
                        }
                    });
                    builder.append(items.is_some());
                }
                Arc::new(builder.finish()) as ArrayRef
            }};
        }
        return if layout == Layout::List { build!(ListBuilder) } else { build!(LargeListBuilder) };
    }
    let layout_of_items = match base {
        Scalar::Bool => Layout::Bool,
        Scalar::Int => Layout::I64,
        Scalar::Double => Layout::F64,
        Scalar::Timestamp => Layout::Micros,
        _ => Layout::SpanNanos,
    };
    let values = plain(layout_of_items, &items.into_iter().map(Some).collect::<Vec<_>>(), false);
    let lengths = cells.iter().map(|cell| of(cell).map_or(0, |items| items.len()));
    let nulls = arrow_buffer::NullBuffer::from_iter(cells.iter().map(Option::is_some));
    let field = Arc::new(arrow_schema::Field::new("item", values.data_type().clone(), true));
    if layout == Layout::List {
        let offsets = arrow_buffer::OffsetBuffer::<i32>::from_lengths(lengths);
        Arc::new(arrow_array::ListArray::new(field, offsets, values, Some(nulls)))
    } else {
        let offsets = arrow_buffer::OffsetBuffer::<i64>::from_lengths(lengths);
        Arc::new(arrow_array::LargeListArray::new(field, offsets, values, Some(nulls)))
    }
}
