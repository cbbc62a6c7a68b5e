//! What a screening takes before its first row and for few rows: planned anew, and from a screener
//! that was planned before.

use std::sync::Arc;

use arrow_array::RecordBatchIterator;
use cleartosend::Screener;
use cleartosend::screen::Vectors;

use crate::against::chance;
use crate::built_in::{self, Maker, Places};
use crate::measure::{median, took};
use crate::ours::{Screen, options};
use crate::random::Random;
use crate::table::Table;
use crate::{SEED_OF_ROWS, rule};

const SAMPLES: usize = 9;
/// Screenings a sample.
const TIMES: usize = 20;
/// Rows of the batch.
const ROWS: [usize; 3] = [0, 1, 1000];
const SHAPES: [&str; 5] = ["gate", "built-in", "built-in-phones", "chance", "both-phones"];

/// A campaign and an audience of so many rows.
struct Shape(Screen, Table);

impl Shape {
    fn new(shape: &str, rows: usize) -> Result<Self, String> {
        let built_in = |packs: &[&str], places| -> Result<Self, String> {
            let mut maker = Maker::new(Random::new(SEED_OF_ROWS), places, false);
            let batch = maker.batch(0, rows.max(1)).slice(0, rows);
            let table = Table { schema: Arc::clone(&maker.schema), batches: vec![batch] };
            Ok(Self(built_in::screen(packs)?, table))
        };
        match shape {
            "gate" => {
                let table = Table::new(Random::new(SEED_OF_ROWS), rows.max(1));
                let batches = table.batches.iter().map(|batch| batch.slice(0, rows)).collect();
                Ok(Self(Screen::of_rules(&rule::gate())?, Table { batches, ..table }))
            }
            "built-in" => built_in(&["whatsapp"], Places::Countries),
            "built-in-phones" => built_in(&["whatsapp"], Places::Phones),
            "both-phones" => built_in(&["whatsapp", "messaging-law"], Places::Phones),
            "chance" => {
                let (screen, table) = chance(1, rows.max(1))?;
                let batches = table.batches.iter().map(|batch| batch.slice(0, rows)).collect();
                Ok(Self(screen, Table { batches, ..table }))
            }
            other => Err(format!("unknown shape `{other}`, expected one of {}", SHAPES.join(", "))),
        }
    }

    fn screener(&self) -> Result<Screener, String> {
        let Self(Screen { engine, campaign }, table) = self;
        let options = options(Vectors::Best, 1);
        let screener = engine.screener(campaign, Arc::clone(&table.schema), &options);
        screener.map_err(|problem| problem.to_string())
    }

    fn screen(&self, screener: &Screener) -> Result<(), String> {
        let Self(_, table) = self;
        let batches = table.batches.clone().into_iter().map(Ok);
        let reader = RecordBatchIterator::new(batches, Arc::clone(&table.schema));
        let mut screening = screener.screen(reader).map_err(|problem| problem.to_string())?;
        for batch in screening.by_ref() {
            std::hint::black_box(batch.map_err(|problem| problem.to_string())?);
        }
        std::hint::black_box(screening.summary().verdicts);
        Ok(())
    }
}

/// Prints what each shape takes, in microseconds of processor time.
pub fn run() -> Result<(), String> {
    println!("| campaign and audience | planned | no row | 1 row | 1,000 rows |");
    println!("| --- | --: | --: | --: | --: |");
    for name in SHAPES {
        let micros = |work: &dyn Fn() -> Result<(), String>| -> Result<f64, String> {
            work()?;
            let each = || took(|| (0..TIMES).for_each(|_| work().expect("it ran before")));
            Ok(median((0..SAMPLES).map(|_| each().processor)) / TIMES as f64 * 1e6)
        };
        let first = Shape::new(name, 1)?;
        let planned = micros(&|| first.screener().map(drop))?;
        let mut line = format!("| {name} | {planned:.0} µs |");
        for rows in ROWS {
            let shape = Shape::new(name, rows)?;
            let screener = shape.screener()?;
            line += &format!(" {:.0} µs |", micros(&|| shape.screen(&screener))?);
        }
        println!("{line}");
    }
    Ok(())
}

/// Plans a shape that often, or screens so many rows of it from one screener, and says nothing, for
/// profilers.
pub fn looped(shape: &str, rows: &str, times: usize) -> Result<(), String> {
    let plans = rows == "planned";
    let count = if plans { 1 } else { rows.parse().map_err(|_| "no number of rows")? };
    let shape = Shape::new(shape, count)?;
    let screener = shape.screener()?;
    for _ in 0..times {
        if plans {
            std::hint::black_box(shape.screener()?);
        } else {
            shape.screen(&screener)?;
        }
    }
    Ok(())
}
