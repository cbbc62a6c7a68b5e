//! And for a whole audience?

use std::ffi::c_char;
use std::marker::PhantomData;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};

use arrow_array::RecordBatch;
use arrow_array::ffi_stream::FFI_ArrowArrayStream as ArrowArrayStream;
use cleartosend::expert::limits::{AUDIENCE_ROWS_MAX, SCREEN_HOURS_MAX, SCREEN_THREADS_MAX};
use cleartosend::screen::Texts;
use cleartosend::{ScreenOptions, Screening, Summary};
use cleartosend_audience::Format;

use crate::audience::{self, Audience, INVALID, StreamError};
use crate::boundary::{Failure, caught};
use crate::contract::{built_in, called, free};
use crate::engine::cts_engine;
use crate::error::cts_error;
use crate::facts::cts_facts;
use crate::handle;
use crate::rows;
use crate::status::cts_status;
use crate::summary::{Found, cts_summary};

/// How an audience is screened. Made once and used as often as wanted. Without more: no column
/// kept, none ignored, one thread. For one thread at a time while it is changed; by any number of
/// threads after that.
pub struct cts_screen_options(PhantomData<*mut u8>);

crate::handle::handle!(cts_screen_options holds Options);

/// An audience being screened, apart from its rows: what was found of those that were taken. May be
/// used by any number of threads at once, also while another takes rows.
pub struct cts_screening(PhantomData<*mut u8>);

crate::handle::handle!(cts_screening holds Arc<Course>);

/// Makes options that say nothing special.
///
/// `*options` is the caller's; free it with `cts_screen_options_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_screen_options_new(
    options: *mut *mut cts_screen_options,
) -> cts_status {
    called!(|c| {
        let out = c.out(options, "options");
        let out = out?;
        out.put(handle::give(Options::default()));
        Ok(())
    })
}

/// Repeats a column of the audience in the result, before the others, such as an id. It need not be
/// an attribute. May be called for several, which come in that order.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_screen_options_keep(
    options: *mut cts_screen_options,
    column: *const c_char,
    column_len: usize,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let options = c.exclusive(options, "options")?;
        let column = c.text(column, column_len, "column")?;
        options.keep.push(column.to_owned());
        options.screen = std::mem::take(&mut options.screen).keep(column);
        Ok(())
    })
}

/// Leaves a column of the audience out of account, whatever it is called. A column that is no
/// attribute must be kept, ignored or named, or the audience is refused. May be called for several.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_screen_options_ignore(
    options: *mut cts_screen_options,
    column: *const c_char,
    column_len: usize,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let options = c.exclusive(options, "options")?;
        let column = c.text(column, column_len, "column")?;
        options.ignore.push(column.to_owned());
        options.screen = std::mem::take(&mut options.screen).ignore(column);
        Ok(())
    })
}

/// Says that timestamps of columns without a time zone are what clocks of this zone showed, such as
/// `Europe/Madrid`; without it such columns are refused (`screen/timestamps-without-zone`). An
/// unknown zone is an error of the screening. A time that the zone's clocks show twice or never is
/// a value that cannot be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_screen_options_time_zone(
    options: *mut cts_screen_options,
    zone: *const c_char,
    zone_len: usize,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let options = c.exclusive(options, "options")?;
        let zone = c.text(zone, zone_len, "zone")?;
        options.screen = std::mem::take(&mut options.screen).time_zone(zone);
        Ok(())
    })
}

/// Names the attribute, such as `recipient.phone`, of a column that is not named by the
/// attribute's path. May be called for several.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_screen_options_name(
    options: *mut cts_screen_options,
    column: *const c_char,
    column_len: usize,
    attribute: *const c_char,
    attribute_len: usize,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let options = c.exclusive(options, "options")?;
        let column = c.text(column, column_len, "column")?;
        let attribute = c.text(attribute, attribute_len, "attribute")?;
        options.names.push((column.to_owned(), attribute.to_owned()));
        options.screen = std::mem::take(&mut options.screen).name(column, attribute);
        Ok(())
    })
}

/// Says which columns may hold texts: one of `enum cts_texts`. Without, those of attributes that
/// are texts; of a table in CSV, all.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_screen_options_texts(
    options: *mut cts_screen_options,
    texts: i32,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let options = c.exclusive(options, "options")?;
        let texts = match texts {
            0 => Texts::OfTexts,
            1 => Texts::OfAnything,
            other => {
                return Err(Failure::value(
                    "texts",
                    other,
                    "0 (CTS_TEXTS_OF_TEXTS) or 1 (CTS_TEXTS_OF_ANYTHING)",
                ));
            }
        };
        options.has_texts = true;
        options.screen = std::mem::take(&mut options.screen).texts(texts);
        Ok(())
    })
}

/// Says how many threads work on batches, from 1 to 1,024. With 1, no thread is started: batches
/// are judged as they are asked for. With more, batches are taken from the audience ahead of time,
/// two for each thread; the result and its order are the same.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_screen_options_threads(
    options: *mut cts_screen_options,
    threads: usize,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let options = c.exclusive(options, "options")?;
        let number = NonZeroUsize::new(threads).filter(|number| number.get() <= SCREEN_THREADS_MAX);
        let number = number.ok_or_else(|| Failure::value("threads", threads, "1 to 1024"))?;
        options.screen = std::mem::take(&mut options.screen).threads(number);
        options.has_threads = threads > 1;
        Ok(())
    })
}

/// Says how many rows an audience may have, from 1 to 4294967296, which it is without: more are an
/// error of the rows. How long a batch is costs its sender nothing where it is a column of nulls,
/// so a host that takes audiences from strangers says what it expects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_screen_options_rows_max(
    options: *mut cts_screen_options,
    rows: u64,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let options = c.exclusive(options, "options")?;
        if !(1..=AUDIENCE_ROWS_MAX).contains(&rows) {
            return Err(Failure::value("rows", rows, "1 to 4294967296"));
        }
        options.screen = std::mem::take(&mut options.screen).rows_max(rows);
        Ok(())
    })
}

/// Counts what would help most: how many more rows would be allowed with each single change of the
/// campaign or of the sender, and if the message went out at each of so many hours that come, from
/// 0 (changes alone) to 336, which are two weeks. Each batch is judged once more for each of them.
/// `cts_summary_help_json` gives what was found.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_screen_options_help(
    options: *mut cts_screen_options,
    hours: u32,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let options = c.exclusive(options, "options")?;
        if hours > SCREEN_HOURS_MAX {
            return Err(Failure::value("hours", hours, "0 to 336"));
        }
        options.screen = std::mem::take(&mut options.screen).help(hours);
        Ok(())
    })
}

/// Adds a column `fix` to the rows, after `missing`: a dictionary, null where the row is allowed;
/// else who can change that by one change of the least effort: `campaign`, `sender` or `time`, or
/// `audience`, to leave the row out, where no such change does. What is tried is what
/// `cts_screen_options_help` says; without it, changes alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_screen_options_fix_column(
    options: *mut cts_screen_options,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let options = c.exclusive(options, "options")?;
        options.screen = std::mem::take(&mut options.screen).fix_column();
        Ok(())
    })
}

/// Gives verdicts alone, at their own speed: the rows have no `rules` and `missing`, and a summary
/// counts rows by verdict and nothing else, as `is_verdict_only` of `cts_summary_info` says.
/// Verdicts are those of the whole answer, also of rows with values that cannot be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_screen_options_verdict_only(
    options: *mut cts_screen_options,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let options = c.exclusive(options, "options")?;
        options.screen = std::mem::take(&mut options.screen).verdict_only();
        Ok(())
    })
}

/// Takes a line of NDJSON that leaves out a member which others give as one that gives null, also
/// where null says that there is none. For `cts_engine_screen_file` and `cts_engine_screen_bytes`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_screen_options_left_out_is_null(
    options: *mut cts_screen_options,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let options = c.exclusive(options, "options")?;
        options.left_out_is_null = true;
        Ok(())
    })
}

/// Frees options; NULL is allowed. Screenings that were begun with them go on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_screen_options_free(options: *mut cts_screen_options) {
    free!(options);
}

/// Judges a campaign against a whole audience: a stream of recipients in, a stream of what each is
/// told out, in order: a batch for each batch, but that one of more than 65,536 rows comes out in
/// pieces of so many.
///
/// `campaign` is what all recipients share, and has no recipient. `audience` is a stream of structs
/// with a column for each member, named by the attributes under `recipient.` and `x.` that they
/// tell, or as the options say. A column that is not there gives nothing of any row; a null is
/// *absent* for a nullable attribute and unknown for any other. `options` may be NULL, for those
/// that `cts_screen_options_new` makes.
///
/// `*rows` has the columns that the options keep, then `verdict`, a dictionary of `allow`, `review`
/// and `deny`; `rules`, a list of the ids of the rules that the row violates or leaves
/// undetermined, in the order of findings; `missing`, a list of the members that it misses, by
/// path; and `fix`, if `cts_screen_options_fix_column` asks for it. With
/// `cts_screen_options_verdict_only`, `rules` and `missing` are left out. Each row comes out as a
/// check of it alone would say. A row with a value that its attribute cannot hold has the finding
/// `input.bad-value` and is `review` at least.
///
/// This call judges nothing yet: each `get_next` of `*rows` takes from the audience what it needs,
/// on its own thread, and judges it. What the audience gives is checked before it is read: lengths,
/// offsets, UTF-8, keys of dictionaries; a batch that does not keep Arrow's specification is an
/// error of `*rows`, and so is an error of the audience, whose number and text are passed on. After
/// an error, `get_next` gives the same error again. No panic comes out of the stream: it would be
/// an error, `EIO`. Where a function of `*rows` fails, its output is a released one.
///
/// The audience's functions must return: an exception that leaves one ends the process, with a
/// message that names the function, and after a `longjmp` out of one the screening can only be
/// leaked: it says `CTS_ERR_BUSY` from then on. They may ask for a summary, and may release
/// `*rows`, which is done when the call that is at work returns. After a `fork`, a screening with
/// more than one thread belongs to the parent: in the child `get_next` gives `EINVAL`, and
/// `release` lets go of nothing but the child's own memory, not of the audience.
///
/// On `CTS_OK` the audience is taken over: `audience->release` is NULL, and the stream is released
/// when its end or an error was met, or when `*rows` is released. If this call fails, `*audience`
/// is as it was, and still the caller's to release, but that its schema was asked for. `*rows` is
/// the caller's: call its `release`. It may be the place that `audience` is; anywhere else it is a
/// released stream if the call fails. Its arrays are the caller's as well; those of columns that
/// were kept hold on to the audience's array, whose `release` is called when nobody needs it any
/// more, and with more than one thread maybe on one of them. `*rows` needs neither the engine nor
/// the options nor `*screening` to live on, and goes on with what the engine was when it is
/// replaced. `*screening` is the caller's; free it with `cts_screening_free`. Takes no ownership of
/// anything else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_engine_screen(
    engine: *const cts_engine,
    campaign: *const cts_facts,
    options: *const cts_screen_options,
    audience: *mut ArrowArrayStream,
    rows: *mut ArrowArrayStream,
    screening: *mut *mut cts_screening,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out_rows = c.untouched(rows, "rows");
        if let Ok(out_rows) = &out_rows
            && rows != audience
        {
            out_rows.set(ArrowArrayStream::empty());
        }
        let out = c.out(screening, "screening");
        built_in!("screen");
        let current = c.shared(engine, "engine")?.current();
        let campaign = c.shared(campaign, "campaign")?;
        let default = Options::default();
        let options = if options.is_null() { &default } else { c.shared(options, "options")? };
        let (out_rows, out) = (out_rows?, out?);
        // SAFETY: as the header demands of an audience.
        let reader = unsafe { Audience::look(audience) }?;
        let taken = reader.taken();
        let screening = current.engine.screen(&campaign.facts, reader, &options.screen)?;
        let schema = screening.schema();
        let course = Arc::new(Course::new(screening, options.has_threads));
        let stream = rows::stream(Arc::clone(&course), schema);
        // Nothing below can fail: the audience is taken over, and the outputs are written.
        // SAFETY: `look` has found a stream there.
        unsafe { audience::take_over(audience, &taken) };
        out_rows.put(stream);
        out.put(handle::give(course));
        Ok(())
    })
}

/// Gives what was found so far: of the rows of all batches that `get_next` has given, and of the
/// whole audience once it has given the end of the stream, which `is_complete` of
/// `cts_summary_info` gives. A summary does not change when more rows are taken: ask for another.
///
/// Never waits: while a `get_next` is at work, also one that is in the middle of the audience's, it
/// gives `CTS_ERR_BUSY`.
///
/// `*summary` is the caller's; free it with `cts_summary_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_screening_summary(
    screening: *const cts_screening,
    summary: *mut *mut cts_summary,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(summary, "summary");
        built_in!("screen");
        let course = c.shared(screening, "screening")?;
        let out = out?;
        out.put(handle::give(course.found()?));
        Ok(())
    })
}

/// Frees a screening; NULL is allowed. The stream of its rows goes on, and summaries stay good.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_screening_free(screening: *mut cts_screening) {
    free!(screening);
}

/// What is behind a [`cts_screen_options`].
#[derive(Debug, Default)]
pub(crate) struct Options {
    screen: ScreenOptions,
    has_threads: bool,
    /// What was said of columns and texts, once more, for whoever reads a file first.
    pub(crate) keep: Vec<String>,
    pub(crate) ignore: Vec<String>,
    pub(crate) names: Vec<(String, String)>,
    pub(crate) left_out_is_null: bool,
    has_texts: bool,
}

impl Options {
    /// Those for a table of a format: one without types has texts in every column, unless the
    /// caller has said which may.
    pub(crate) fn of(&self, format: Format) -> ScreenOptions {
        let screen = self.screen.clone();
        if format.has_types() || self.has_texts { screen } else { screen.texts(Texts::OfAnything) }
    }
}

/// A screening, which the stream of its rows and the handle share.
#[derive(Debug)]
pub(crate) struct Course {
    state: Mutex<State>,
    /// Whether a batch is being taken, or the audience let go. The host's own functions are called
    /// then, and may call us.
    is_at_work: AtomicBool,
    /// Whether the stream was released by one of the host's functions that a batch was being taken
    /// by.
    is_let_go: AtomicBool,
    /// The process whose threads work on it; none where the caller does all the work.
    process: Option<u32>,
}

#[derive(Debug)]
enum State {
    Running(Box<Screening<Audience>>),
    /// The audience has been let go.
    Ended(Box<Summary>, End),
}

#[derive(Clone, Debug)]
enum End {
    Whole,
    /// The stream was released before its end.
    Early,
    Failed(StreamError),
}

impl Course {
    fn new(screening: Screening<Audience>, has_threads: bool) -> Self {
        let process = has_threads.then(std::process::id);
        Self {
            state: Mutex::new(State::Running(Box::new(screening))),
            is_at_work: AtomicBool::new(false),
            is_let_go: AtomicBool::new(false),
            process,
        }
    }

    /// Whether this is a child of the process that has the threads: to wait for one of them would
    /// be to wait for ever.
    fn is_orphaned(&self) -> bool {
        self.process.is_some_and(|process| process != std::process::id())
    }

    /// The next batch of rows; none after the last.
    pub(crate) fn next(&self) -> Result<Option<RecordBatch>, StreamError> {
        if self.is_orphaned() {
            let message = "c/forked: the threads of this screening are in the process that began \
                           it, and not in its child";
            return Err(StreamError { number: INVALID, message: message.to_owned() });
        }
        if self.is_at_work.swap(true, Ordering::Acquire) {
            return Err(StreamError {
                number: INVALID,
                message: "c/busy: a batch is being judged at this moment".to_owned(),
            });
        }
        // Waits at most for a summary to be made.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = match &mut *state {
            State::Running(screening) => match caught(|| screening.next()) {
                Some(Some(Ok(batch))) => Ok(batch),
                Some(Some(Err(error))) => Err(End::Failed(StreamError::of_arrow(&error))),
                Some(None) => Err(End::Whole),
                None => Err(End::Failed(StreamError::panic())),
            },
            State::Ended(_, end) => Err(end.clone()),
        };
        let answer = match taken {
            Ok(batch) => Ok(Some(batch)),
            Err(end) => {
                state.end(end.clone());
                match end {
                    End::Whole | End::Early => Ok(None),
                    End::Failed(error) => Err(error),
                }
            }
        };
        drop(state);
        self.is_at_work.store(false, Ordering::Release);
        answer
    }

    /// Lets go of the audience, if that has not been done.
    pub(crate) fn end(&self) {
        if self.is_orphaned() {
            return;
        }
        self.is_at_work.store(true, Ordering::Release);
        self.state.lock().unwrap_or_else(PoisonError::into_inner).end(End::Early);
        self.is_at_work.store(false, Ordering::Release);
    }

    /// Whether whoever releases the stream may let go of everything: not if that is in the middle
    /// of a batch, of which the call that is at work then takes care.
    pub(crate) fn let_go(&self) -> bool {
        let is_at_work = self.is_at_work.load(Ordering::Acquire) && !self.is_orphaned();
        self.is_let_go.store(is_at_work, Ordering::Release);
        !is_at_work
    }

    /// Whether the stream was released meanwhile.
    pub(crate) fn is_let_go(&self) -> bool {
        self.is_let_go.load(Ordering::Acquire) && !self.is_at_work.load(Ordering::Acquire)
    }

    fn found(&self) -> Result<Found, Failure> {
        let state = loop {
            match self.state.try_lock() {
                Ok(state) => break state,
                Err(TryLockError::Poisoned(state)) => break state.into_inner(),
                // To wait for one of the host's own functions, which may have called us, would be
                // to wait for ever.
                Err(TryLockError::WouldBlock) if self.is_at_work.load(Ordering::Acquire) => {
                    return Err(Failure::busy());
                }
                Err(TryLockError::WouldBlock) if self.is_orphaned() => return Err(Failure::busy()),
                // Another thread makes a summary, which is soon done.
                Err(TryLockError::WouldBlock) => std::thread::yield_now(),
            }
        };
        Ok(match &*state {
            State::Running(screening) => Found::new(screening.summary(), false),
            State::Ended(summary, end) => {
                Found::new(Summary::clone(summary), matches!(end, End::Whole))
            }
        })
    }
}

/// A child that lets go of a screening with threads leaks it: they are not there to be waited for.
impl Drop for Course {
    fn drop(&mut self) {
        if !self.is_orphaned() {
            return;
        }
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let State::Running(screening) = state {
            let ended = State::Ended(Box::new(screening.summary()), End::Early);
            std::mem::forget(std::mem::replace(state, ended));
        }
    }
}

impl State {
    fn end(&mut self, end: End) {
        if let Self::Running(screening) = self {
            let summary = screening.summary();
            *self = Self::Ended(Box::new(summary), end);
        }
    }
}
