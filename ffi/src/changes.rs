//! What became of an event?

use std::marker::PhantomData;

use cleartosend_account::{Applied, EventKind};

use crate::boundary::Failure;
use crate::contract::{built_in, called, free, getter, record};
use crate::error::cts_error;
use crate::handle;
use crate::input::StartsWithSize;
use crate::status::{cts_change_outcome, cts_status};
use crate::text::{Views, cts_str, cts_text};

/// What became of the changes of one event. Never changes; may be read by several threads
/// at once.
pub struct cts_changes(PhantomData<*mut u8>);

crate::handle::handle!(cts_changes holds Changes);

/// What became of one change. Texts and arrays in it are borrowed from the `cts_changes` and die
/// with it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cts_change {
    /// `sizeof(cts_change)`, set by `CTS_CHANGE_INIT`.
    pub struct_size: usize,
    /// What became of it.
    pub outcome: cts_change_outcome,
    /// Where it stands in the event, such as `entry[0].changes[1].value`.
    pub path: cts_str,
    /// The label that it came with.
    pub field: cts_str,
    /// As what it was read, where that is known and not what the label says; else not there (NULL).
    pub read_as: cts_str,
    /// When it happened; not there (NULL) if it was passed.
    pub at: cts_str,
    /// What it says, a sentence each.
    pub says: *const cts_str,
    /// How many.
    pub says_count: usize,
    /// What a reader should know, such as a word that is not known.
    pub notes: *const cts_str,
    /// How many.
    pub notes_count: usize,
}

/// Gives the number of changes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_changes_count(
    changes: *const cts_changes,
    count: *mut usize,
) -> cts_status {
    getter!(changes, count, |changes| changes.report.changes.len())
}

/// Gives one change, in the order of the event. `change->struct_size` must be set, as by
/// `CTS_CHANGE_INIT`.
///
/// The texts and arrays in `*change` are borrowed from `changes` and die with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_changes_read(
    changes: *const cts_changes,
    index: usize,
    change: *mut cts_change,
) -> cts_status {
    record!(changes, change, |changes| changes
        .change(index)
        .ok_or_else(|| Failure::index(index, changes.report.changes.len()))?)
}

/// Gives all changes as one line of JSON, as `cts account apply --json` prints them.
///
/// `*json` is the caller's; free it with `cts_text_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_changes_json(
    changes: *const cts_changes,
    json: *mut *mut cts_text,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(json, "json");
        built_in!("accounts");
        let changes = c.shared(changes, "changes")?;
        let out = out?;
        let text = serde_json::to_string(&changes.report)
            .map_err(|_| Failure::internal("changes that cannot be written"))?;
        out.put(handle::give(text));
        Ok(())
    })
}

/// Gives the number of rows of the book that the event changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_changes_row_count(
    changes: *const cts_changes,
    count: *mut usize,
) -> cts_status {
    getter!(changes, count, |changes| changes.report.rows.len())
}

/// Gives the key of one row that the event changed, in order: what to store is what
/// `cts_account_row` gives under it.
///
/// `*key` is borrowed from `changes` and dies with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_changes_row(
    changes: *const cts_changes,
    index: usize,
    key: *mut cts_str,
) -> cts_status {
    called!(|c| {
        let out = c.out(key, "key");
        built_in!("accounts");
        let changes = c.shared(changes, "changes")?;
        let out = out?;
        let rows = &changes.report.rows;
        let row = rows.get(index).ok_or_else(|| Failure::index(index, rows.len()))?;
        out.put(cts_str::of(row));
        Ok(())
    })
}

/// Frees changes; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_changes_free(changes: *mut cts_changes) {
    free!(changes);
}

/// What is behind a [`cts_changes`]. Nothing of it changes after it was made.
#[derive(Debug)]
pub(crate) struct Changes {
    report: Applied,
    /// The views of each change.
    shown: Vec<Shown>,
}

#[derive(Debug)]
struct Shown {
    says: Views,
    notes: Views,
}

impl Changes {
    pub(crate) fn of(report: Applied) -> Self {
        let views = |texts: &[String]| Views::of(texts.iter().map(String::as_str));
        let shown = report
            .changes
            .iter()
            .map(|change| Shown { says: views(&change.says), notes: views(&change.notes) })
            .collect();
        Self { report, shown }
    }

    fn change(&self, index: usize) -> Option<cts_change> {
        let (change, shown) = (self.report.changes.get(index)?, self.shown.get(index)?);
        Some(cts_change {
            struct_size: size_of::<cts_change>(),
            outcome: change.outcome.into(),
            path: cts_str::of(&change.path),
            field: cts_str::of(&change.field),
            read_as: cts_str::of_option(change.read_as.map(EventKind::name)),
            at: cts_str::of_option(change.at.as_deref()),
            says: shown.says.as_ptr(),
            says_count: shown.says.len(),
            notes: shown.notes.as_ptr(),
            notes_count: shown.notes.len(),
        })
    }
}

// SAFETY: `repr(C)`, the size first, and all zero is a value.
unsafe impl StartsWithSize for cts_change {
    const SIZES: &'static [usize] = &[size_of::<Self>()];
}
