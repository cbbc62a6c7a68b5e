//! Audiences in Parquet files: written, read as a stream, screened from file to file.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};
use cleartosend::ScreenOptions;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use crate::built_in::{self, Places};
use crate::measure::{self, Took, took};
use crate::ours::Screen;
use crate::random::Random;
use crate::rule::Rule;
use crate::table::{BATCH, Maker, ranges};

type Failure = Box<dyn std::error::Error>;

fn writer(file: &Path, schema: SchemaRef) -> Result<ArrowWriter<File>, Failure> {
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    Ok(ArrowWriter::try_new(File::create(file)?, schema, Some(properties))?)
}

fn reader(file: &Path) -> Result<ParquetRecordBatchReader, Failure> {
    Ok(ParquetRecordBatchReaderBuilder::try_new(File::open(file)?)?
        .with_batch_size(BATCH)
        .build()?)
}

fn said(file: &Path) -> impl Fn(Failure) -> String {
    move |problem| format!("{}: {problem}", file.display())
}

/// Writes an audience of ten columns and ids, to try the built-in packs on.
pub fn generate(file: &Path, rows: usize, random: Random) -> Result<(), String> {
    let write = || -> Result<(), Failure> {
        let mut maker = built_in::Maker::new(random, Places::Phones, true);
        let mut writer = writer(file, Arc::clone(&maker.schema))?;
        for range in ranges(rows) {
            writer.write(&maker.batch(range.start, range.len()))?;
        }
        writer.close()?;
        Ok(())
    };
    write().map_err(said(file))
}

/// Writes the 25 columns and ids.
pub fn write(file: &Path, rows: usize, random: Random) -> Result<(), String> {
    let write = || -> Result<(), Failure> {
        let mut maker = Maker::new(random);
        let fields: Vec<Arc<Field>> =
            [Arc::new(Field::new("id", arrow_schema::DataType::Int64, true))]
                .into_iter()
                .chain(maker.schema.fields().iter().cloned())
                .collect();
        let schema = Arc::new(Schema::new(fields));
        let mut writer = writer(file, Arc::clone(&schema))?;
        for range in ranges(rows) {
            let batch = maker.batch(range.len());
            let ids: ArrayRef =
                Arc::new(Int64Array::from_iter_values(range.start as i64..range.end as i64));
            let columns = [ids].into_iter().chain(batch.columns().iter().cloned()).collect();
            writer.write(&RecordBatch::try_new(Arc::clone(&schema), columns)?)?;
        }
        writer.close()?;
        Ok(())
    };
    write().map_err(said(file))
}

/// Seconds from file to file, one thread.
#[derive(Default)]
pub struct FromFileToFile {
    pub read: Took,
    /// The library alone: the audience is read and the result, found before, is written.
    pub library: Took,
    pub screened: Took,
}

pub fn from_file_to_file(rules: &[Rule], audience: &Path) -> Result<FromFileToFile, String> {
    let screen = Screen::of_rules(rules)?;
    let folder = tempfile::tempdir().map_err(|problem| problem.to_string())?;
    let out = folder.path().join("result.parquet");
    let result: Vec<RecordBatch> = screened(&screen, audience)
        .and_then(|result| Ok(result.collect::<Result<_, ArrowError>>()?))
        .map_err(said(audience))?;
    let read = || -> Result<(), Failure> {
        Ok(reader(audience)?
            .try_for_each(|batch| batch.map(|batch| drop(std::hint::black_box(batch))))?)
    };
    let library = || -> Result<(), Failure> {
        let mut writer = writer(&out, result[0].schema())?;
        for (batch, result) in reader(audience)?.zip(&result) {
            std::hint::black_box(batch?);
            writer.write(result)?;
        }
        writer.close()?;
        Ok(())
    };
    let whole = || -> Result<(), Failure> {
        let mut result = screened(&screen, audience)?;
        let mut writer = writer(&out, result.schema())?;
        result.try_for_each(|batch| Ok::<(), Failure>(writer.write(&batch?)?))?;
        writer.close()?;
        Ok(())
    };
    let timed = |run: &dyn Fn() -> Result<(), Failure>| -> Result<Took, String> {
        let mut runs = Vec::new();
        for _ in 0..3 {
            let mut done = Ok(());
            runs.push(took(|| done = run()));
            done.map_err(said(audience))?;
        }
        runs.sort_by(|a, b| a.processor.total_cmp(&b.processor));
        Ok(runs[1])
    };
    Ok(FromFileToFile { read: timed(&read)?, library: timed(&library)?, screened: timed(&whole)? })
}

fn screened(screen: &Screen, audience: &Path) -> Result<impl RecordBatchReader, Failure> {
    Ok(screen.engine.screen(
        &screen.campaign,
        reader(audience)?,
        &ScreenOptions::new().keep("id").time_zone("UTC"),
    )?)
}

/// Screens a file as a stream and says what the process had in memory at the most: run in a process
/// of its own.
pub fn memory(rules: &[Rule], audience: &Path) -> Result<(), String> {
    let screen = Screen::of_rules(rules)?;
    let result = screened(&screen, audience).map_err(said(audience))?;
    let rows =
        result.map(|batch| batch.map(|batch| batch.num_rows())).sum::<Result<usize, ArrowError>>();
    let rows = rows.map_err(|problem| problem.to_string())?;
    println!("{rows} {}", measure::status("VmHWM:").unwrap_or_default());
    Ok(())
}

/// Bytes that a process of its own needs for that file.
pub fn memory_of(audience: &Path) -> Result<u64, String> {
    let this = std::env::current_exe().map_err(|problem| problem.to_string())?;
    let done = std::process::Command::new(this)
        .arg("memory")
        .arg(audience)
        .output()
        .map_err(|problem| problem.to_string())?;
    let said = String::from_utf8_lossy(&done.stdout);
    let bytes = said.split_whitespace().nth(1).and_then(|bytes| bytes.parse().ok());
    bytes.ok_or_else(|| format!("{said}{}", String::from_utf8_lossy(&done.stderr)))
}
