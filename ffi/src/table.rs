//! And for an audience in a file, or in bytes of one?

use std::ffi::{c_char, c_void};
use std::fs::File;
use std::io::{BufWriter, Cursor, Write};
use std::path::Path;

use cleartosend::{Engine, Facts, Summary};
use cleartosend_audience::{
    Beside, Format, Named, Separator, Source, Writer, read, refuse_same_file,
};
use cleartosend_screening::{Columns, LeftOut, read_options};

use crate::boundary::Failure;
use crate::bytes::cts_bytes;
use crate::contract::{built_in, called};
use crate::engine::cts_engine;
use crate::error::cts_error;
use crate::facts::cts_facts;
use crate::handle;
use crate::screen::{Options, cts_screen_options};
use crate::status::cts_status;
use crate::summary::{Found, cts_summary};

/// Judges a campaign for every recipient of a table in a file, and writes what each is told into
/// another: the columns and rows of `cts screen`, as `cts_engine_screen` gives them. For languages
/// that have no Arrow, and audiences that are files anyway.
///
/// `audience` and `rows` are paths; `rows` is (NULL, 0) where only the summary is wanted. The
/// formats are numbers of `enum cts_format`. A table in CSV has no types: texts of any column are
/// read as a campaign document writes them, and its columns are called by attributes or named by
/// `cts_screen_options_name`. A line of NDJSON that leaves out a member which others give is
/// refused where that is not the same as null, unless `cts_screen_options_left_out_is_null` was
/// called. `options` may be NULL.
///
/// Batches stream through: what is held does not grow with the audience. The file of rows appears
/// when it is complete; if this call fails, what was there before is there still. It may not be the
/// audience itself (`CTS_ERR_VALUE`). What cannot be opened or written is `CTS_ERR_FILE`, what is
/// wrong with the audience `CTS_ERR_AUDIENCE`, with the line where that is known.
///
/// `*summary` is the caller's; free it with `cts_summary_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_engine_screen_file(
    engine: *const cts_engine,
    campaign: *const cts_facts,
    options: *const cts_screen_options,
    audience: *const c_char,
    audience_len: usize,
    audience_format: i32,
    rows: *const c_char,
    rows_len: usize,
    rows_format: i32,
    summary: *mut *mut cts_summary,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(summary, "summary");
        built_in!("files");
        let current = c.shared(engine, "engine")?.current();
        let campaign = c.shared(campaign, "campaign")?;
        let default = Options::default();
        let options = if options.is_null() { &default } else { c.shared(options, "options")? };
        let audience = Path::new(c.text(audience, audience_len, "audience")?);
        let rows = Path::new(c.text(rows, rows_len, "rows")?);
        let has_rows = !rows.as_os_str().is_empty();
        let from = Table::of_file(audience, audience_format, "audience_format")?;
        let into =
            has_rows.then(|| Table::of_file(rows, rows_format, "rows_format")).transpose()?;
        let out = out?;
        if has_rows {
            refuse_same_file(&[("`rows`", rows)], &[("`audience`", audience)] as &[Named<'_>])
                .map_err(|error| Failure::of_table("rows", &error))?;
        }
        let unreadable = |error: &std::io::Error| Failure::unreadable(audience, error);
        let file = opened(audience).map_err(|error| unreadable(&error))?;
        let unwritten = |error: &std::io::Error| Failure::unwritten(rows, error);
        let beside = has_rows.then(|| Beside::new(rows)).transpose();
        let beside = beside.map_err(|error| unwritten(&error))?;
        let sink = beside.as_ref().map(Beside::handle).transpose();
        let sink = sink.map_err(|error| unwritten(&error))?;
        let sink = sink.map(|file| BufWriter::with_capacity(BUFFER, file)).zip(into);
        let subject = (&current.engine, &campaign.facts, options);
        let (summary, _) = screened(subject, Source::File(file), from, sink)?;
        if let Some(beside) = beside {
            beside.store().map_err(|error| unwritten(&error))?;
            beside.finish().map_err(|error| unwritten(&error))?;
        }
        out.put(handle::give(Found::new(summary, true)));
        Ok(())
    })
}

/// As `cts_engine_screen_file`, of a table in memory, and gives the rows as bytes: for Arrow IPC
/// from and to other languages, or lines of JSON where there is no Arrow.
///
/// The formats are numbers of `enum cts_format`, and not `CTS_FORMAT_BY_NAME`. The audience is
/// copied. Parquet and Arrow's file format begin at their ends, and go through a temporary file;
/// CSV, NDJSON and Arrow's stream format do not, and no file is opened for them.
///
/// `*rows` is the caller's; free it with `cts_bytes_free`. So is `*summary`; free it with
/// `cts_summary_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_engine_screen_bytes(
    engine: *const cts_engine,
    campaign: *const cts_facts,
    options: *const cts_screen_options,
    audience: *const c_void,
    audience_len: usize,
    audience_format: i32,
    rows_format: i32,
    rows: *mut *mut cts_bytes,
    summary: *mut *mut cts_summary,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out_rows = c.out(rows, "rows");
        let out = c.out(summary, "summary");
        built_in!("files");
        let current = c.shared(engine, "engine")?.current();
        let campaign = c.shared(campaign, "campaign")?;
        let default = Options::default();
        let options = if options.is_null() { &default } else { c.shared(options, "options")? };
        let from = Table::of(audience_format, "audience_format")?;
        let into = Table::of(rows_format, "rows_format")?;
        let bytes = c.bytes(audience, audience_len, "audience")?;
        let (out_rows, out) = (out_rows?, out?);
        let source = Source::Pipe(Box::new(Cursor::new(bytes.to_vec())));
        let subject = (&current.engine, &campaign.facts, options);
        let (summary, sink) = screened(subject, source, from, Some((Vec::new(), into)))?;
        out_rows.put(handle::give(sink.unwrap_or_default()));
        out.put(handle::give(Found::new(summary, true)));
        Ok(())
    })
}

/// Bytes written at once.
const BUFFER: usize = 1 << 18;

/// How a table is written down.
#[derive(Clone, Copy)]
struct Table {
    format: Format,
    separator: Separator,
}

const FORMATS: &str = "1 (CTS_CSV), 2 (CTS_NDJSON), 3 (CTS_PARQUET), 4 (CTS_ARROW) or 5 \
                       (CTS_ARROW_STREAM)";

/// What else there is, where Parquet was left out.
const WITHOUT_PARQUET: &str = "1 (CTS_CSV), 2 (CTS_NDJSON), 4 (CTS_ARROW) or 5 (CTS_ARROW_STREAM); \
                               a library made with `--features parquet` has it";

impl Table {
    fn of(number: i32, name: &'static str) -> Result<Self, Failure> {
        let format = match number {
            1 => Format::Csv,
            2 => Format::Ndjson,
            3 => Format::Parquet,
            4 => Format::Arrow,
            5 => Format::ArrowStream,
            other => return Err(Failure::value(name, other, FORMATS)),
        };
        Self::built_in(format, name)?;
        Ok(Self { format, separator: Separator::Comma })
    }

    /// Of a file, whose name may tell it.
    fn of_file(file: &Path, number: i32, name: &'static str) -> Result<Self, Failure> {
        let told =
            if number == 0 { Format::of(file) } else { Some(Self::of(number, name)?.format) };
        let format = told.ok_or_else(|| {
            let found = "0 (CTS_FORMAT_BY_NAME) and a name whose ending tells no format";
            Failure::value(name, found, FORMATS)
        })?;
        Self::built_in(format, name)?;
        Ok(Self { format, separator: Separator::of(file) })
    }

    /// Parquet weighs much, and a library may do without.
    fn built_in(format: Format, name: &'static str) -> Result<(), Failure> {
        if format.is_built_in() {
            return Ok(());
        }
        let found = format_args!("3 (CTS_PARQUET), which this library was built without");
        Err(Failure::value(name, found, WITHOUT_PARQUET))
    }
}

#[expect(clippy::disallowed_methods, reason = "a caller names the file")]
fn opened(file: &Path) -> std::io::Result<File> {
    let opened = File::open(file)?;
    // A folder can be opened, and not read.
    if opened.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(std::io::ErrorKind::IsADirectory.into());
    }
    Ok(opened)
}

/// Judges every row of a table, and writes what each is told.
fn screened<W: Write + Send>(
    (engine, campaign, options): (&Engine, &Facts, &Options),
    source: Source,
    from: Table,
    into: Option<(W, Table)>,
) -> Result<(Summary, Option<W>), Failure> {
    let Options { keep, ignore, names, .. } = options;
    let left_out = if options.left_out_is_null { LeftOut::IsNull } else { LeftOut::IsRefused };
    let read_as = read_options(engine.schema(), &Columns { keep, ignore, names }, left_out);
    let audience = read(source, from.format, &read_as.separator(from.separator))
        .map_err(|error| Failure::of_table("audience", &error))?;
    let lines = audience.lines();
    let mut screening = engine.screen(campaign, audience, &options.of(from.format))?;
    let unwritten = |error| Failure::of_table("rows", &error);
    let mut writer = match into {
        Some((to, Table { format, separator })) => {
            let schema = screening.schema();
            Some(Writer::new(to, format, separator, &schema).map_err(unwritten)?)
        }
        None => None,
    };
    for batch in &mut screening {
        let batch = batch.map_err(|error| Failure::of_batch(&error))?;
        if let Some(writer) = &mut writer {
            writer.write(&batch).map_err(unwritten)?;
        }
    }
    let mut summary = screening.summary();
    for bad in summary.bad_values.iter_mut().flatten() {
        bad.line = lines.of(bad.row);
    }
    Ok((summary, writer.map(Writer::finish).transpose().map_err(unwritten)?))
}
