//! `cts screen`: which recipients of an audience is this campaign clear to be sent to?

mod progress;
mod rows;

use std::num::NonZeroUsize;
use std::path::Path;

use arrow_array::{RecordBatchIterator, RecordBatchReader};
use arrow_schema::{ArrowError, Schema};
use cleartosend::expert::language::catalogue as words;
use cleartosend::expert::{limits, render};
use cleartosend::schema::Scope;
use cleartosend::{Engine, Facts, ScreenOptions, Summary, Verdict};
use cleartosend_audience::{
    Ahead, AudienceError, Beside, Format, Formulas, Lines, Named, Progress, ReadOptions, Separator,
    read, refuse_same_file,
};
use cleartosend_evidence::{RecordOptions, Report};
use cleartosend_screening::{Declared, LeftOut, ReadAs, WrittenAs, screen_options};
use progress::Bar;
use rows::{Rows, Table};

use crate::arguments::{CellSeparator, Helped, Screen};
use crate::commands::evidence::{ResultFile, Screenings, keep, page, page_of_decision};
use crate::commands::{account, check, code_of};
use crate::config::Config;
use crate::failure::{Failure, files_name};
use crate::format::{PageForm, TableFormat};
use crate::output::{self, Answer, Reader};
use crate::{config, engine, files, interrupt, mapping};

/// Standard input or output.
const PIPE: &str = "-";
const HOURS_A_DAY: u32 = 24;

pub(super) fn run(arguments: &Screen) -> Result<Answer, Failure> {
    let lang = arguments.read_in.lang;
    if is_pipe(&arguments.campaign) && is_pipe(&arguments.audience) {
        return Err(Failure::new(
            "standard input can be only one of the two, the campaign or the audience",
        ));
    }
    if arguments.summary.as_deref().is_some_and(is_pipe) {
        return Err(Failure::new(
            "`--summary` names a file; the summary is printed in any case, as JSON with `--json`",
        ));
    }
    let (form, rows_format) = arguments.answer_format.forms()?;
    let input_format = format_of(&arguments.audience, arguments.input_format, "--input-format")?;
    let output_format = arguments
        .output
        .as_deref()
        .map(|file| format_of(file, rows_format, "--output-format"))
        .transpose()?;

    let config = config::of(&arguments.with.configured, Some(&arguments.campaign))?;
    refuse_same_files(arguments, config.as_ref())?;
    let kept =
        Screenings::begin(&arguments.kept, &arguments.audience, arguments.output.as_deref())?;
    let engine =
        engine::over(&arguments.over, &arguments.waived, &arguments.with, config.as_ref())?;
    let declared = mapping::declared(arguments, config.as_ref())?;
    let separator = separator_of_audience(arguments, &declared);
    let read_as = ReadAs::new(input_format, separator, left_out(arguments), declared);
    let options =
        read_as.options(engine.schema()).map_err(|errors| Failure::of_mapping(&errors))?;
    let facts = campaign(&engine, arguments)?;
    let decision =
        engine.check(&facts).map_err(|error| Failure::of_facts(&arguments.campaign, &error))?;
    if decision.verdict() == Verdict::Deny && !arguments.anyway {
        keep(&arguments.kept, &engine, &facts, RecordOptions::new())?;
        let text = match form {
            PageForm::Json => format!("{}\n", decision.to_json()),
            PageForm::Html => page_of_decision(&arguments.campaign, &decision, lang)?,
            PageForm::Md => render::markdown::decision(&decision, lang),
            PageForm::Text => {
                let place = (&*arguments.campaign, config::lines_below(&config));
                check::on_one_screen(&engine, &facts, place, lang)?.0
            }
        };
        let note = format!("{}\n", words::DENIED_ANYWAY.of(lang));
        let answer = answer(arguments, form, text, &note).with_code(code_of(decision.verdict()));
        return Ok(config::named(answer, &config));
    }

    interrupt::tidy_up()?;
    let threads = arguments
        .threads
        .or_else(|| std::thread::available_parallelism().ok())
        .unwrap_or(NonZeroUsize::MIN);
    let (audience, progress, lines) =
        audience(&arguments.audience, input_format, &options, threads)?;
    let columns = audience.schema();
    let (summary, complete) = screen(
        &engine,
        &facts,
        (arguments, &read_as),
        audience,
        (&progress, &lines),
        output_format,
        threads,
    )?;
    if let Some(kept) = kept {
        // What a book says of each recipient is not in the record.
        let is_by_book = arguments.of_account.is_by_book();
        let read = read_as.to_json().filter(|_| !is_by_book);
        let rows = complete.iter().find(|(file, _)| Some(*file) == arguments.output.as_deref());
        let rows = rows.and_then(|(file, beside)| {
            let written = WrittenAs::new(output_format?, separator_of(file, arguments.separator));
            Some(ResultFile { rows: beside.path()?, written })
        });
        kept.finish(&arguments.kept, &engine, &facts, (&columns, read), (&summary, rows))?;
    }
    // After the record: what cannot be recorded is not left for anybody to send by.
    interrupt::finish(complete)?;
    let text = match form {
        PageForm::Json => format!("{}\n", summary.to_json()),
        PageForm::Html => {
            let report = Report::new().titles(&engine, lang);
            page(report, &arguments.audience, &summary.to_json(), lang)?
        }
        PageForm::Md => summary.markdown(lang),
        PageForm::Text => summary.text_within(lang, output::width()),
    };
    let mut note = match summary.rows {
        0 => format!("{}\n", words::NO_ROWS.of(lang)),
        _ => String::new(),
    };
    let empty = lines.passed_over();
    if empty > 0 {
        note += &format!("{}\n", words::EMPTY_LINES.with(lang, &[("count", &empty)]));
    }
    // A campaign that nobody receives is what it is by itself.
    let code = code_of(summary.worst().max(decision.verdict()));
    let idle = engine::idle_waivers(&engine, config.as_ref(), &facts);
    let answer = answer(arguments, form, text, &note).with_code(code).with_footer(&idle.concat());
    Ok(config::named(answer, &config))
}

/// Refuses to write what is read, or one file twice.
fn refuse_same_files(arguments: &Screen, config: Option<&Config>) -> Result<(), Failure> {
    let outputs = [
        ("`--output`", &arguments.output),
        ("`--summary`", &arguments.summary),
        ("`--record`", &arguments.kept.record),
    ];
    let outputs: Vec<Named<'_>> =
        outputs.iter().filter_map(|(what, file)| Some((*what, file.as_deref()?))).collect();
    let optional = [
        ("the account's state", &arguments.of_account.account),
        ("the directory", &arguments.with.directory),
        ("your own directory", &arguments.with.own),
        ("the base document", &arguments.over.base),
    ];
    let mut inputs: Vec<Named<'_>> =
        vec![("the campaign", &arguments.campaign), ("the audience", &arguments.audience)];
    inputs.extend(optional.iter().filter_map(|(what, file)| Some((*what, file.as_deref()?))));
    inputs.extend(config.into_iter().flat_map(Config::inputs));
    inputs.extend(arguments.with.packs.iter().map(|pack| ("a pack", pack.as_path())));
    refuse_same_file(&outputs, &inputs)
        .map_err(|error| Failure::new(&format!("{error} [{}]", error.code())))
}

fn is_pipe(file: &Path) -> bool {
    file == Path::new(PIPE)
}

/// Where standard output is for rows, the answer goes to standard error.
fn answer(arguments: &Screen, form: PageForm, text: String, note: &str) -> Answer {
    let reader = if form == PageForm::Text { Reader::People } else { Reader::Programs };
    if arguments.output.as_deref().is_some_and(is_pipe) {
        Answer::new(String::new()).with_note_for(text + note, reader)
    } else {
        Answer::for_reader(text, reader).with_note(note.to_owned())
    }
}

fn format_of(
    file: &Path,
    named_format: Option<TableFormat>,
    option: &str,
) -> Result<Format, Failure> {
    let named_format = named_format.map(|named_format| match named_format {
        TableFormat::Csv => Format::Csv,
        TableFormat::Ndjson => Format::Ndjson,
        TableFormat::Parquet => Format::Parquet,
        TableFormat::Arrow => Format::Arrow,
        TableFormat::ArrowStream => Format::ArrowStream,
    });
    named_format.or_else(|| Format::of(file)).ok_or_else(|| {
        let known: Vec<String> = Format::ALL
            .iter()
            .flat_map(|format| format.extensions())
            .map(|extension| format!(".{extension}"))
            .collect();
        let known = known.join(", ");
        let message = if is_pipe(file) {
            format!("a pipe has no name that tells its format; expected `{option}`")
        } else {
            format!(
                "the name of {} does not tell its format; expected one of {known}, or `{option}`",
                files_name(file)
            )
        };
        Failure::new(&message)
    })
}

fn separator_of(file: &Path, named_format: Option<CellSeparator>) -> Separator {
    match named_format {
        Some(CellSeparator::Comma) => Separator::Comma,
        Some(CellSeparator::Semicolon) => Separator::Semicolon,
        Some(CellSeparator::Tab) => Separator::Tab,
        None => Separator::of(file),
    }
}

/// The facts that all recipients share.
fn campaign(engine: &Engine, arguments: &Screen) -> Result<Facts, Failure> {
    let document = files::read(&arguments.campaign, limits::DOCUMENT_BYTES_MAX)?;
    let facts = match arguments.at {
        Some(at) => engine.facts_from_json_at(&document, at),
        None => engine.facts_from_json(&document),
    };
    let mut facts = facts.map_err(|error| Failure::of_facts(&arguments.campaign, &error))?;
    if facts.scope() == Scope::Recipient {
        // The engine says what is wrong with it, and would not look at any row.
        let nobody = RecordBatchIterator::new([], Schema::empty().into());
        engine
            .screen(&facts, nobody, &ScreenOptions::new())
            .map_err(|error| Failure::of_screening(&arguments.campaign, &error))?;
    }
    account::tell(&mut facts, &arguments.of_account)?;
    Ok(facts)
}

type Batches = Box<dyn RecordBatchReader + Send>;

/// Opens the audience, to be read on a thread of its own where there may be several.
fn audience(
    file: &Path,
    format: Format,
    options: &ReadOptions,
    threads: NonZeroUsize,
) -> Result<(Batches, Progress, Lines), Failure> {
    let source = files::open(file)?;
    let audience = read(source, format, options).map_err(|error| of_reading(file, &error))?;
    let (progress, lines) = (audience.progress(), audience.lines());
    if threads == NonZeroUsize::MIN {
        return Ok((Box::new(audience), progress, lines));
    }
    let ahead = Ahead::new(audience)
        .map_err(|error| Failure::new(&format!("cannot start a thread: {error}")))?;
    Ok((Box::new(ahead), progress, lines))
}

fn left_out(arguments: &Screen) -> LeftOut {
    if arguments.left_out_is_null { LeftOut::IsNull } else { LeftOut::IsRefused }
}

fn separator_of_audience(arguments: &Screen, declared: &Declared) -> Separator {
    match (arguments.separator, declared.separator) {
        (None, Some(declared)) => declared,
        (named_format, _) => separator_of(&arguments.audience, named_format),
    }
}

/// Files that are complete, each beside its place.
type Complete<'a> = Vec<(&'a Path, Beside)>;

/// Judges all rows, and writes what was asked for: all of it, or nothing. The files are yet to be
/// put in their places.
fn screen<'a>(
    engine: &Engine,
    facts: &Facts,
    (arguments, read_as): (&'a Screen, &ReadAs),
    audience: Batches,
    (progress, lines): (&Progress, &Lines),
    output_format: Option<Format>,
    threads: NonZeroUsize,
) -> Result<(Summary, Complete<'a>), Failure> {
    let mut options = screen_options(&read_as.declared, read_as.format, threads);
    let Helped { what_helps, when, fix_column } = arguments.helped;
    if what_helps || when.is_some() {
        options = options.help(when.map_or(0, |days| days * HOURS_A_DAY));
    }
    if fix_column {
        options = options.fix_column();
    }
    if arguments.verdict_only {
        options = options.verdict_only();
    }
    let mut screening = engine
        .screen(facts, audience, &options)
        .map_err(|error| Failure::of_screening(&arguments.audience, &error))?;

    let mut rows = match (arguments.output.as_deref(), output_format) {
        (Some(file), Some(format)) => {
            let separator = separator_of(file, arguments.separator);
            let formulas =
                if arguments.guard_formulas { Formulas::Guarded } else { Formulas::AsTheyAre };
            Some(Rows::begin(
                file,
                Table { format, separator, formulas },
                &screening.schema(),
                &arguments.only,
            )?)
        }
        _ => None,
    };
    let bar = Bar::new(progress);
    for batch in &mut screening {
        let batch = batch.map_err(|error| of_batch(&arguments.audience, &error))?;
        if let Some(rows) = &mut rows {
            rows.write(&batch)?;
        }
        bar.advance(progress, batch.num_rows());
    }
    drop(bar);
    let mut summary = screening.summary();
    for bad in summary.bad_values.iter_mut().flatten() {
        bad.line = lines.of(bad.row);
    }
    if summary.rows < arguments.min_rows {
        let (audience, found, least) =
            (files_name(&arguments.audience), summary.rows, arguments.min_rows);
        let rows = if found == 1 { "row" } else { "rows" };
        return Err(Failure::new(&format!(
            "{audience}: found {found} {rows}, expected at least {least}; no file was written \
             [audience/too-few-rows]"
        )));
    }
    let mut complete = Vec::new();
    if let (Some(rows), Some(file)) = (rows, arguments.output.as_deref()) {
        complete.extend(rows.finish()?.map(|beside| (file, beside)));
    }
    if let Some(file) = &arguments.summary {
        let beside = interrupt::begin(file)?;
        rows::fill(&beside, &format!("{}\n", summary.to_json()))
            .map_err(|error| Failure::of_writing(file, &error))?;
        complete.push((file, beside));
    }
    Ok((summary, complete))
}

pub(super) fn of_reading(file: &Path, error: &AudienceError) -> Failure {
    let help = match error.code() {
        "audience/missing-member" => "; `--left-out-is-null` takes it so",
        _ => "",
    };
    Failure::new(&format!("{}: {error}{help} [{}]", files_name(file), error.code()))
}

pub(super) fn of_batch(file: &Path, error: &ArrowError) -> Failure {
    match AudienceError::within(error) {
        Some(error) => of_reading(file, error),
        None => Failure::new(&format!("{}: {error}", files_name(file))),
    }
}
