//! What would a further violation bring?

use std::ffi::c_char;
use std::marker::PhantomData;

use cleartosend::Timestamp;
use cleartosend_account::{History, Possible, Projection};

use crate::account::cts_account;
use crate::boundary::Failure;
use crate::contract::{built_in, called, free, record};
use crate::engine::cts_engine;
use crate::error::cts_error;
use crate::facts::{cts_facts, instant};
use crate::handle;
use crate::input::StartsWithSize;
use crate::status::cts_status;
use crate::text::{Views, cts_str, cts_text};

/// What may follow a violation by WhatsApp's published rules. Never changes; may be read by several
/// threads at once.
pub struct cts_projection(PhantomData<*mut u8>);

crate::handle::handle!(cts_projection holds Outlook);

/// What may follow a violation, but for the steps. Texts and arrays in it are borrowed from the
/// `cts_projection` and die with it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cts_projection_info {
    /// `sizeof(cts_projection_info)`, set by `CTS_PROJECTION_INFO_INIT`.
    pub struct_size: usize,
    /// The violation kind.
    pub violation: cts_str,
    /// When it would happen.
    pub at: cts_str,
    /// 1 if the ladder covers the kind, else 0. Where it does not, nothing is published, and there
    /// is no step.
    pub covered: i32,
    /// 1 if the kind skips the ladder, else 0.
    pub immediate: i32,
    /// 1 if one step alone can follow, else 0.
    pub decided: i32,
    /// The id of the highest step that the history shows; not there (NULL) where it shows none.
    pub reached: cts_str,
    /// How many steps can follow.
    pub step_count: usize,
    /// What of the history is not known and could narrow the steps, by path.
    pub missing: *const cts_str,
    /// How many.
    pub missing_count: usize,
    /// The pack that has the ladder in force then. This and all below is not there (NULL) where no
    /// ladder is known.
    pub ladder_pack: cts_str,
    /// The ladder's id.
    pub ladder_id: cts_str,
    /// One line on what it is.
    pub ladder_title: cts_str,
    /// Since when it is in force.
    pub ladder_from: cts_str,
    /// Until when; not there (NULL) if it has no end.
    pub ladder_until: cts_str,
    /// The title of its source.
    pub ladder_source: cts_str,
    /// The source's address.
    pub ladder_url: cts_str,
    /// When the source was read.
    pub ladder_retrieved: cts_str,
}

/// How long a step can last.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cts_length {
    /// How many days; 0 where days do not apply.
    pub days: u32,
    /// Until when it blocks, if it begins with the violation; not there (NULL) for an open end.
    pub until: cts_str,
}

/// A step that can follow. Texts and arrays in it are borrowed from the `cts_projection` and die
/// with it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cts_projection_step {
    /// `sizeof(cts_projection_step)`, set by `CTS_PROJECTION_STEP_INIT`.
    pub struct_size: usize,
    /// The id of the step.
    pub id: cts_str,
    /// One line on what happens.
    pub title: cts_str,
    /// Each possible length.
    pub lengths: *const cts_length,
    /// How many, at least one.
    pub length_count: usize,
    /// The restriction kinds that it brings, such as `business_initiated`.
    pub blocks: *const cts_str,
    /// How many.
    pub block_count: usize,
    /// What ends it: `nothing` where there is nothing to end, `time`, `appeal`, `reinstatement`.
    pub ends: cts_str,
    /// Whether one can appeal: `possible`, `not_always`, `none`.
    pub appeal: cts_str,
    /// The last instant of an appeal; not there (NULL) where no number of days is published.
    pub appeal_by: cts_str,
    /// What it amounts to, such as `block_business_initiated`.
    pub exposure: *const cts_str,
    /// How many.
    pub exposure_count: usize,
}

/// Asks the enforcement ladder in force at an instant, of the engine's last pack that has one, what
/// a violation of that kind, such as `spam`, would bring an account of this state: seconds since
/// 1970-01-01T00:00:00Z and nanoseconds after them. No probability is given.
///
/// `*projection` is the caller's; free it with `cts_projection_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_engine_project(
    engine: *const cts_engine,
    account: *const cts_account,
    violation: *const c_char,
    violation_len: usize,
    seconds: i64,
    nanos: u32,
    projection: *mut *mut cts_projection,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(projection, "projection");
        built_in!("accounts");
        let current = c.shared(engine, "engine")?.current();
        let state = c.shared(account, "account")?;
        let violation = c.text(violation, violation_len, "violation")?;
        let at = instant(seconds, nanos)?;
        let out = out?;
        out.put(handle::give(Outlook::of(cleartosend_account::project(
            &current.engine,
            &state.history(None, at)?,
            violation,
            at,
        )?)));
        Ok(())
    })
}

/// As `cts_engine_project`, for the account of given facts.
///
/// `*projection` is the caller's; free it with `cts_projection_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_engine_project_facts(
    engine: *const cts_engine,
    facts: *const cts_facts,
    violation: *const c_char,
    violation_len: usize,
    seconds: i64,
    nanos: u32,
    projection: *mut *mut cts_projection,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(projection, "projection");
        built_in!("accounts");
        let current = c.shared(engine, "engine")?.current();
        let filled = c.shared(facts, "facts")?;
        let violation = c.text(violation, violation_len, "violation")?;
        let at = instant(seconds, nanos)?;
        let out = out?;
        filled.facts.made_for(current.engine.schema())?;
        out.put(handle::give(Outlook::of(cleartosend_account::project(
            &current.engine,
            &History::of(&filled.facts),
            violation,
            at,
        )?)));
        Ok(())
    })
}

/// Gives all of it but the steps. `info->struct_size` must be set, as by
/// `CTS_PROJECTION_INFO_INIT`.
///
/// The texts and arrays in `*info` are borrowed from `projection` and die with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_projection_read(
    projection: *const cts_projection,
    info: *mut cts_projection_info,
) -> cts_status {
    record!(projection, info, |outlook| outlook.info())
}

/// Gives one step that can follow, from mild to grave. `step->struct_size` must be set, as by
/// `CTS_PROJECTION_STEP_INIT`.
///
/// The texts and arrays in `*step` are borrowed from `projection` and die with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_projection_read_step(
    projection: *const cts_projection,
    index: usize,
    step: *mut cts_projection_step,
) -> cts_status {
    record!(projection, step, |outlook| outlook
        .step(index)
        .ok_or_else(|| Failure::index(index, outlook.projection.steps.len()))?)
}

/// Gives all of it as one line of JSON, as `cts account project --json` prints it.
///
/// `*json` is the caller's; free it with `cts_text_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_projection_json(
    projection: *const cts_projection,
    json: *mut *mut cts_text,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(json, "json");
        built_in!("accounts");
        let outlook = c.shared(projection, "projection")?;
        let out = out?;
        let text = serde_json::to_string(&outlook.projection)
            .map_err(|_| Failure::internal("a projection that cannot be written"))?;
        out.put(handle::give(text));
        Ok(())
    })
}

/// Frees a projection; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_projection_free(projection: *mut cts_projection) {
    free!(projection);
}

/// What is behind a [`cts_projection`]. Nothing of it changes after it was made.
#[derive(Debug)]
pub(crate) struct Outlook {
    projection: Projection,
    at: String,
    missing: Views,
    ladder_from: Option<String>,
    ladder_until: Option<String>,
    ladder_retrieved: Option<String>,
    /// The views of each step.
    steps: Vec<Shown>,
}

#[derive(Debug)]
struct Shown {
    lengths: Views<cts_length>,
    /// What the views of lengths point to.
    #[expect(dead_code, reason = "it is read through the views")]
    untils: Vec<Option<String>>,
    blocks: Views,
    exposure: Views,
    appeal_by: Option<String>,
}

impl Outlook {
    fn of(projection: Projection) -> Self {
        let ladder = projection.ladder.as_ref();
        Self {
            at: projection.at.to_string(),
            missing: Views::of(projection.missing.iter().copied()),
            ladder_from: ladder.map(|ladder| ladder.from.to_string()),
            ladder_until: ladder.and_then(|ladder| written(ladder.until)),
            ladder_retrieved: ladder.map(|ladder| ladder.retrieved.to_string()),
            steps: projection.steps.iter().map(Shown::of).collect(),
            projection,
        }
    }

    fn info(&self) -> cts_projection_info {
        let reported = &self.projection;
        let ladder = reported.ladder.as_ref();
        cts_projection_info {
            struct_size: size_of::<cts_projection_info>(),
            violation: cts_str::of(&reported.violation),
            at: cts_str::of(&self.at),
            covered: reported.covered.into(),
            immediate: reported.immediate.into(),
            decided: reported.decided.into(),
            reached: cts_str::of_option(reported.reached.as_deref()),
            step_count: reported.steps.len(),
            missing: self.missing.as_ptr(),
            missing_count: self.missing.len(),
            ladder_pack: cts_str::of_option(ladder.map(|ladder| &*ladder.pack)),
            ladder_id: cts_str::of_option(ladder.map(|ladder| &*ladder.id)),
            ladder_title: cts_str::of_option(ladder.map(|ladder| &*ladder.title)),
            ladder_from: cts_str::of_option(self.ladder_from.as_deref()),
            ladder_until: cts_str::of_option(self.ladder_until.as_deref()),
            ladder_source: cts_str::of_option(ladder.map(|ladder| &*ladder.source)),
            ladder_url: cts_str::of_option(ladder.map(|ladder| &*ladder.url)),
            ladder_retrieved: cts_str::of_option(self.ladder_retrieved.as_deref()),
        }
    }

    fn step(&self, index: usize) -> Option<cts_projection_step> {
        let (step, shown) = (self.projection.steps.get(index)?, self.steps.get(index)?);
        Some(cts_projection_step {
            struct_size: size_of::<cts_projection_step>(),
            id: cts_str::of(&step.id),
            title: cts_str::of(&step.title),
            lengths: shown.lengths.as_ptr(),
            length_count: shown.lengths.len(),
            blocks: shown.blocks.as_ptr(),
            block_count: shown.blocks.len(),
            ends: cts_str::of(step.ends),
            appeal: cts_str::of(step.appeal),
            appeal_by: cts_str::of_option(shown.appeal_by.as_deref()),
            exposure: shown.exposure.as_ptr(),
            exposure_count: shown.exposure.len(),
        })
    }
}

impl Shown {
    fn of(step: &Possible) -> Self {
        let untils: Vec<Option<String>> =
            step.lengths.iter().map(|length| written(length.until)).collect();
        let lengths = step.lengths.iter().zip(&untils);
        let lengths = lengths.map(|(length, until)| cts_length {
            days: length.days.unwrap_or(0),
            until: cts_str::of_option(until.as_deref()),
        });
        Self {
            lengths: lengths.collect(),
            untils,
            blocks: Views::of(step.blocks.iter().map(|block| &**block)),
            exposure: Views::of(step.exposure.iter().map(|exposure| exposure.name())),
            appeal_by: written(step.appeal_by),
        }
    }
}

// SAFETY: the texts that the views point to never change, so they may be read from anywhere.
unsafe impl Send for Views<cts_length> {}
// SAFETY: as above.
unsafe impl Sync for Views<cts_length> {}

fn written(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| at.to_string())
}

// SAFETY: `repr(C)`, the size first, and all zero is a value.
unsafe impl StartsWithSize for cts_projection_info {
    const SIZES: &'static [usize] = &[size_of::<Self>()];
}
// SAFETY: `repr(C)`, the size first, and all zero is a value.
unsafe impl StartsWithSize for cts_projection_step {
    const SIZES: &'static [usize] = &[size_of::<Self>()];
}
