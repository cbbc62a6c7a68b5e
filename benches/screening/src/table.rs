//! The audience: 25 columns in the layouts that a marketing table has, all of them different from
//! row to row.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::types::{Int8Type, Int32Type};
use arrow_array::{
    ArrayRef, BooleanArray, DictionaryArray, Int8Array, Int32Array, Int64Array, RecordBatch,
    StringArray, TimestampMillisecondArray,
};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};

use crate::random::Random;

/// The instant of sending.
pub const SEND_AT: &str = "2026-03-02T15:00:00Z";
/// The same in milliseconds of the Unix epoch.
pub const SEND_AT_MS: i64 = 1_772_463_600_000;
pub const DAY_MS: i64 = 86_400_000;

/// Texts, each with how often of 1,000.
pub type Words = &'static [(&'static str, usize)];

/// What a column holds, how it is laid out, and how often it holds what.
#[derive(Clone, Copy, Debug)]
pub enum Layout {
    /// Bits; true that often of 1,000.
    Bool(usize),
    /// A dictionary of texts with keys of one byte.
    Words8(Words),
    /// A dictionary of texts with keys of four bytes.
    Words32(Words),
    /// Four bytes, each of these as often.
    Int32(Range32),
    /// Eight bytes.
    Int64(Range32),
    /// Milliseconds, up to so many days before sending.
    Instant(i64),
}

/// Whole numbers below `below`; the lesser of `draws` draws, so that small ones are more frequent.
#[derive(Clone, Copy, Debug)]
pub struct Range32 {
    pub below: i64,
    pub draws: usize,
}

#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The attribute's path, which is the column's name.
    pub path: &'static str,
    pub layout: Layout,
}

const fn column(path: &'static str, layout: Layout) -> Column {
    Column { path, layout }
}

const fn ints(below: i64, draws: usize) -> Range32 {
    Range32 { below, draws }
}

#[rustfmt::skip]
const COUNTRIES: Words = &[
    ("AE", 24), ("AR", 24), ("AT", 24), ("AU", 24), ("BE", 24), ("BR", 24), ("CA", 24), ("CH", 24), ("CL", 24), ("CO", 24), ("DE", 24),
    ("DK", 24), ("EG", 24), ("ES", 49), ("FI", 24), ("FR", 24), ("GB", 24), ("GR", 24), ("ID", 24), ("IE", 24), ("IL", 24), ("IN", 24),
    ("IT", 24), ("JP", 24), ("KE", 24), ("MX", 24), ("MY", 24), ("NG", 24), ("NL", 24), ("NO", 24), ("NZ", 24), ("PE", 24), ("PL", 24),
    ("PT", 24), ("SA", 24), ("SE", 24), ("SG", 24), ("TR", 24), ("US", 24), ("ZA", 24), ("CU", 5), ("IR", 5), ("SY", 5),
];

#[rustfmt::skip]
const VERTICALS: Words = &[
    ("retail", 62), ("fashion", 41), ("beauty", 41), ("food", 41), ("automotive", 41), ("travel", 41), ("hospitality", 41),
    ("transport", 41), ("entertainment", 41), ("education", 41), ("finance", 41), ("insurance", 41), ("real_estate", 41),
    ("telecommunications", 41), ("technology", 41), ("public_utilities", 41), ("healthcare_services", 41), ("professional_services", 41),
    ("nonprofit", 41), ("news", 41), ("government", 41), ("livestock", 20), ("dating", 41), ("other", 41), ("tobacco", 6), ("firearms", 5),
    ("illegal_drugs", 4),
];

#[rustfmt::skip]
const USE_CASES: Words = &[
    ("customer_care", 100), ("notifications", 100), ("authentication", 100), ("marketing", 100), ("bulk_messaging", 100),
    ("ai_assistant", 100), ("surveys", 100), ("appointments", 100), ("delivery_updates", 100), ("payments", 100),
];

/// All columns: 55 bytes a row.
pub const COLUMNS: [Column; 25] = [
    column("recipient.country", Layout::Words32(COUNTRIES)),
    column("recipient.opt_in", Layout::Words8(&[("given", 950), ("none", 50)])),
    column("recipient.opted_out", Layout::Bool(40)),
    column("recipient.marketing_received_24h", Layout::Int32(ints(5, 3))),
    column(
        "x.consent",
        Layout::Words8(&[
            ("double_opt_in", 700),
            ("single_opt_in", 250),
            ("imported", 45),
            ("unclear", 5),
        ]),
    ),
    column("x.consented_at", Layout::Instant(900)),
    column("x.last_seen_at", Layout::Instant(500)),
    column(
        "x.tier",
        Layout::Words8(&[("none", 550), ("bronze", 250), ("silver", 150), ("gold", 50)]),
    ),
    column("x.vertical", Layout::Words8(VERTICALS)),
    column("x.use_case", Layout::Words8(USE_CASES)),
    column(
        "x.route",
        Layout::Words8(&[
            ("cloud_api", 880),
            ("on_premises_api", 40),
            ("business_app", 65),
            ("unofficial", 15),
        ]),
    ),
    column(
        "x.category",
        Layout::Words8(&[
            ("marketing", 550),
            ("utility", 330),
            ("authentication", 60),
            ("service", 60),
        ]),
    ),
    column("x.content", Layout::Words8(&[("template", 880), ("free_form", 120)])),
    column(
        "x.template_status",
        Layout::Words8(&[("approved", 950), ("pending", 20), ("rejected", 15), ("paused", 15)]),
    ),
    column("x.quality", Layout::Words8(&[("green", 850), ("yellow", 110), ("red", 40)])),
    column("x.blocks_7d", Layout::Int32(ints(250, 1))),
    column("x.audience_size", Layout::Int32(ints(60_000, 1))),
    column("x.orders_12m", Layout::Int32(ints(50, 2))),
    column("x.spend_cents", Layout::Int64(ints(5_000_000, 2))),
    column("x.offers_opt_out", Layout::Bool(960)),
    column("x.automated", Layout::Bool(500)),
    column("x.human_handoff", Layout::Bool(850)),
    column("x.general_ai", Layout::Bool(40)),
    column("x.on_hold", Layout::Bool(20)),
    column("x.is_adult", Layout::Bool(930)),
];

/// The index of a column.
pub const fn place(path: &str) -> usize {
    let mut place = 0;
    while place < COLUMNS.len() {
        if is_same(COLUMNS[place].path.as_bytes(), path.as_bytes()) {
            return place;
        }
        place += 1;
    }
    panic!("no such column")
}

const fn is_same(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    a.len() == b.len()
}

impl Column {
    /// The texts of a dictionary; none where it holds something else.
    pub fn words(&self) -> Option<Words> {
        match self.layout {
            Layout::Words8(words) | Layout::Words32(words) => Some(words),
            _ => None,
        }
    }

    pub fn data_type(&self) -> DataType {
        let texts = |key| DataType::Dictionary(Box::new(key), Box::new(DataType::Utf8));
        match self.layout {
            Layout::Bool(_) => DataType::Boolean,
            Layout::Words8(_) => texts(DataType::Int8),
            Layout::Words32(_) => texts(DataType::Int32),
            Layout::Int32(_) => DataType::Int32,
            Layout::Int64(_) => DataType::Int64,
            Layout::Instant(_) => DataType::Timestamp(TimeUnit::Millisecond, None),
        }
    }

    /// How many bits a row takes.
    pub fn bits(&self) -> usize {
        match self.layout {
            Layout::Bool(_) => 1,
            Layout::Words8(_) => 8,
            Layout::Words32(_) | Layout::Int32(_) => 32,
            Layout::Int64(_) | Layout::Instant(_) => 64,
        }
    }

    fn array(&self, random: &mut Random, rows: usize, texts: Option<&ArrayRef>) -> ArrayRef {
        let words = |random: &mut Random, words: Words| -> Vec<u16> {
            let of_1000 = words
                .iter()
                .enumerate()
                .flat_map(|(key, (_, often))| std::iter::repeat_n(key as u16, *often));
            let of_1000: Vec<u16> = of_1000.collect();
            (0..rows).map(|_| *random.pick(&of_1000)).collect()
        };
        let numbers = |random: &mut Random, range: Range32| -> Vec<i64> {
            let draw = |random: &mut Random| random.below(range.below as usize) as i64;
            (0..rows)
                .map(|_| (0..range.draws).map(|_| draw(random)).min().unwrap_or_default())
                .collect()
        };
        let texts = || texts.map(Arc::clone).expect("a dictionary has texts");
        match self.layout {
            Layout::Bool(often) => Arc::new(BooleanArray::from(
                (0..rows).map(|_| random.below(1000) < often).collect::<Vec<_>>(),
            )),
            Layout::Words8(of) => {
                let keys: Vec<i8> = words(random, of).into_iter().map(|key| key as i8).collect();
                Arc::new(DictionaryArray::<Int8Type>::new(Int8Array::from(keys), texts()))
            }
            Layout::Words32(of) => {
                let keys: Vec<i32> = words(random, of).into_iter().map(i32::from).collect();
                Arc::new(DictionaryArray::<Int32Type>::new(Int32Array::from(keys), texts()))
            }
            Layout::Int32(range) => Arc::new(Int32Array::from(
                numbers(random, range).into_iter().map(|n| n as i32).collect::<Vec<_>>(),
            )),
            Layout::Int64(range) => Arc::new(Int64Array::from(numbers(random, range))),
            Layout::Instant(days) => {
                let seconds = (days * DAY_MS / 1000) as usize;
                let instants = (0..rows).map(|_| SEND_AT_MS - random.below(seconds) as i64 * 1000);
                Arc::new(TimestampMillisecondArray::from(instants.collect::<Vec<_>>()))
            }
        }
    }
}

pub fn schema() -> SchemaRef {
    let fields = COLUMNS.iter().map(|column| Field::new(column.path, column.data_type(), true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// Bytes of a row.
pub fn row_bytes() -> f64 {
    COLUMNS.iter().map(Column::bits).sum::<usize>() as f64 / 8.0
}

/// Rows of a batch: what readers of Parquet and Arrow files give by default, or near it.
pub const BATCH: usize = 65_536;

/// An audience of that many rows.
#[derive(Clone, Debug)]
pub struct Table {
    pub schema: SchemaRef,
    pub batches: Vec<RecordBatch>,
}

/// Makes batches one after the other, so that a file may have more rows than fit into memory.
pub struct Maker {
    pub schema: SchemaRef,
    random: Random,
    /// All batches share the texts, as those of one file do.
    texts: Vec<Option<ArrayRef>>,
}

impl Maker {
    pub fn new(random: Random) -> Self {
        Self {
            schema: schema(),
            random,
            texts: COLUMNS.iter().map(|column| column.words().map(texts)).collect(),
        }
    }

    pub fn batch(&mut self, rows: usize) -> RecordBatch {
        let Self { schema, random, texts } = self;
        let arrays = COLUMNS
            .iter()
            .zip(texts)
            .map(|(column, texts)| column.array(random, rows, texts.as_ref()));
        RecordBatch::try_new(Arc::clone(schema), arrays.collect()).expect("columns of the schema")
    }
}

impl Table {
    pub fn new(random: Random, rows: usize) -> Self {
        let mut maker = Maker::new(random);
        let batches = ranges(rows).map(|range| maker.batch(range.len())).collect();
        Self { schema: maker.schema, batches }
    }

    pub fn rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// The first rows: as many whole batches as are needed.
    pub fn head(&self, rows: usize) -> Self {
        let batches = self.batches.iter().take(rows.div_ceil(BATCH)).cloned().collect();
        Self { schema: Arc::clone(&self.schema), batches }
    }
}

pub fn texts(words: Words) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(words.iter().map(|(word, _)| *word)))
}

pub fn ranges(rows: usize) -> impl Iterator<Item = Range<usize>> {
    (0..rows.div_ceil(BATCH)).map(move |batch| batch * BATCH..((batch + 1) * BATCH).min(rows))
}

/// A row as numbers: of a text its place in the dictionary, of a truth 0 or 1, of an instant its
/// milliseconds.
pub type Row = [i64; COLUMNS.len()];

/// A batch whose cells can be asked for one by one.
pub struct Cells<'a>(Vec<Cell<'a>>);

enum Cell<'a> {
    Bool(&'a BooleanArray),
    Bytes(&'a [i8]),
    Words(&'a [i32]),
    Longs(&'a [i64]),
}

impl<'a> Cells<'a> {
    pub fn new(batch: &'a RecordBatch) -> Self {
        use arrow_array::cast::AsArray;
        use arrow_array::types::{Int64Type, TimestampMillisecondType};
        let cell = |(column, array): (&Column, &'a ArrayRef)| match column.layout {
            Layout::Bool(_) => Cell::Bool(array.as_boolean()),
            Layout::Words8(_) => Cell::Bytes(array.as_dictionary::<Int8Type>().keys().values()),
            Layout::Words32(_) => Cell::Words(array.as_dictionary::<Int32Type>().keys().values()),
            Layout::Int32(_) => Cell::Words(array.as_primitive::<Int32Type>().values()),
            Layout::Int64(_) => Cell::Longs(array.as_primitive::<Int64Type>().values()),
            Layout::Instant(_) => {
                Cell::Longs(array.as_primitive::<TimestampMillisecondType>().values())
            }
        };
        Self(COLUMNS.iter().zip(batch.columns()).map(cell).collect())
    }

    pub fn row(&self, row: usize) -> Row {
        std::array::from_fn(|column| match &self.0[column] {
            Cell::Bool(array) => i64::from(array.value(row)),
            Cell::Bytes(values) => values[row].into(),
            Cell::Words(values) => values[row].into(),
            Cell::Longs(values) => values[row],
        })
    }
}
