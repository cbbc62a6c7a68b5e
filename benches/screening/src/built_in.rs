//! The built-in packs over an audience of ten columns, as a customer database has them.

use std::sync::Arc;

use arrow_array::types::Int8Type;
use arrow_array::{
    ArrayRef, BooleanArray, DictionaryArray, Int8Array, Int32Array, Int64Array, RecordBatch,
    StringArray, TimestampMillisecondArray,
};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use cleartosend::{Engine, Facts};
use serde_json::Value;

use crate::ours::Screen;
use crate::random::Random;
use crate::table::{COLUMNS, DAY_MS, SEND_AT_MS, Table, Words, place, ranges, texts};
use crate::variants::phone;

/// How the audience tells where its recipients are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Places {
    /// A dictionary of countries.
    Countries,
    /// Numbers, as texts.
    Phones,
}

/// The built-in packs of these names, and a clean campaign.
pub fn screen(packs: &[&str]) -> Result<Screen, String> {
    let builder = packs.iter().fold(Engine::builder(), |builder, pack| builder.built_in_pack(pack));
    let engine = builder.build().map_err(|problem| problem.to_string())?;
    let document = include_str!("../../../examples/clean-campaign.json");
    let mut document: Value =
        serde_json::from_str(document).map_err(|problem| problem.to_string())?;
    if let Some(members) = document.as_object_mut() {
        members.remove("recipient");
    }
    let campaign = Facts::from_json(engine.schema(), document.to_string().as_bytes())
        .map_err(|problem| problem.to_string())?;
    Ok(Screen { engine, campaign })
}

fn schema(places: Places, with_id: bool) -> SchemaRef {
    let words = || DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8));
    let instant = || DataType::Timestamp(TimeUnit::Millisecond, None);
    let place = match places {
        Places::Countries => ("recipient.country", words()),
        Places::Phones => ("recipient.phone", DataType::Utf8),
    };
    let id = with_id.then_some(("id", DataType::Int64));
    let columns = id.into_iter().chain([
        place,
        ("recipient.opt_in", words()),
        ("recipient.opt_in_at", instant()),
        ("recipient.opt_in_names_whatsapp", DataType::Boolean),
        ("recipient.opted_out", DataType::Boolean),
        ("recipient.last_inbound_at", instant()),
        ("recipient.marketing_received_24h", DataType::Int32),
        ("recipient.is_customer", DataType::Boolean),
        ("recipient.marketing_stopped_at", instant()),
        ("recipient.marketing_withheld_at", instant()),
    ]);
    Arc::new(Schema::new(columns.map(|(name, ty)| Field::new(name, ty, true)).collect::<Vec<_>>()))
}

/// Makes batches one after the other.
pub struct Maker {
    pub schema: SchemaRef,
    places: Places,
    with_id: bool,
    random: Random,
    countries: ArrayRef,
    opt_ins: ArrayRef,
}

impl Maker {
    pub fn new(random: Random, places: Places, with_id: bool) -> Self {
        let texts = |column: usize| texts(COLUMNS[column].words().unwrap_or_default());
        let (countries, opt_ins) =
            (texts(place("recipient.country")), texts(place("recipient.opt_in")));
        Self { schema: schema(places, with_id), places, with_id, random, countries, opt_ins }
    }

    /// Rows from that number on.
    pub fn batch(&mut self, first: usize, rows: usize) -> RecordBatch {
        let Self { schema, places, with_id, random, countries, opt_ins } = self;
        let keys = |random: &mut Random, words: Words| -> Vec<i8> {
            let of_1000 = words
                .iter()
                .enumerate()
                .flat_map(|(key, (_, often))| std::iter::repeat_n(key as i8, *often));
            let of_1000: Vec<i8> = of_1000.collect();
            (0..rows).map(|_| *random.pick(&of_1000)).collect()
        };
        let words = |column: usize| COLUMNS[column].words().unwrap_or_default();
        let bools = |random: &mut Random, often: usize| -> ArrayRef {
            Arc::new(BooleanArray::from(
                (0..rows).map(|_| random.below(1000) < often).collect::<Vec<_>>(),
            ))
        };
        // Told that often of 1,000, in the days before sending.
        let instants = |random: &mut Random, often: usize, days: i64| -> ArrayRef {
            let seconds = (days * DAY_MS / 1000) as usize;
            let one = |random: &mut Random| {
                (random.below(1000) < often)
                    .then(|| SEND_AT_MS - random.below(seconds) as i64 * 1000)
            };
            Arc::new(TimestampMillisecondArray::from(
                (0..rows).map(|_| one(random)).collect::<Vec<_>>(),
            ))
        };
        let country_words = words(place("recipient.country"));
        let country_keys = keys(random, country_words);
        let reported: ArrayRef = match places {
            Places::Countries => Arc::new(DictionaryArray::<Int8Type>::new(
                Int8Array::from(country_keys),
                Arc::clone(countries),
            )),
            Places::Phones => {
                let phones =
                    country_keys.iter().map(|key| phone(country_words[*key as usize].0, random));
                Arc::new(StringArray::from_iter_values(phones))
            }
        };
        let opt_in = Int8Array::from(keys(random, words(place("recipient.opt_in"))));
        let id: Option<ArrayRef> = with_id.then(|| {
            Arc::new(Int64Array::from_iter_values(first as i64..(first + rows) as i64)) as ArrayRef
        });
        let columns = id.into_iter().chain([
            reported,
            Arc::new(DictionaryArray::<Int8Type>::new(opt_in, Arc::clone(opt_ins))) as ArrayRef,
            instants(random, 950, 900),
            bools(random, 940),
            bools(random, 40),
            instants(random, 400, 60),
            Arc::new(Int32Array::from_iter_values(
                (0..rows).map(|_| random.below(5).min(random.below(5)).min(random.below(5)) as i32),
            )),
            bools(random, 700),
            instants(random, 30, 300),
            instants(random, 40, 30),
        ]);
        RecordBatch::try_new(Arc::clone(schema), columns.collect()).expect("columns of the schema")
    }
}

/// An audience of that many rows.
pub fn table(random: Random, places: Places, rows: usize) -> Table {
    let mut maker = Maker::new(random, places, false);
    let batches = ranges(rows).map(|range| maker.batch(range.start, range.len())).collect();
    Table { schema: maker.schema, batches }
}
