//! What became of an event?

use std::marker::PhantomData;

use cleartosend_account::{Applied, EventKind};

use crate::boundary::{ErrorPlace, Failure, boundary, plain};
use crate::error::cts_error;
use crate::handle;
use crate::input::{Out, SizedOut, StartsWithSize};
use crate::status::{cts_change_outcome, cts_status};
use crate::text::{Views, cts_str, cts_text};

/// What became of the changes that one event tells. Never changes; may be read by several threads
/// at once.
pub struct cts_changes(PhantomData<*mut u8>);

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
///
/// Takes no ownership.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_changes_count(
    changes: *const cts_changes,
    count: *mut usize,
) -> cts_status {
    plain(|| {
        // SAFETY: as the header demands of outputs.
        let count = unsafe { Out::new(count, "count") };
        // SAFETY: as the header demands of a `const` handle.
        let changes = unsafe { handle::shared(changes, "changes") }?;
        let count = count?;
        count.put(changes.report.changes.len());
        Ok(())
    })
}

/// Gives one change, in the order of the event. `change->struct_size` must be set, as by
/// `CTS_CHANGE_INIT`.
///
/// Takes no ownership. The texts and arrays in `*change` are borrowed from `changes` and die with
/// it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_changes_read(
    changes: *const cts_changes,
    index: usize,
    change: *mut cts_change,
) -> cts_status {
    plain(|| {
        // SAFETY: as the header demands of outputs that begin with their size.
        let out = unsafe { SizedOut::new(change, "change") };
        // SAFETY: as the header demands of a `const` handle.
        let changes = unsafe { handle::shared(changes, "changes") }?;
        let out = out?;
        out.put(
            changes
                .change(index)
                .ok_or_else(|| Failure::index(index, changes.report.changes.len()))?,
        );
        Ok(())
    })
}

/// Gives all changes as one line of JSON, as `cts account apply --json` tells them.
///
/// Takes no ownership. `*json` is the caller's; free it with `cts_text_free`. `error`: as in
/// `cts_builder_add_built_in_pack`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_changes_json(
    changes: *const cts_changes,
    json: *mut *mut cts_text,
    error: *mut *mut cts_error,
) -> cts_status {
    // SAFETY: as the header demands of outputs.
    let error = unsafe { ErrorPlace::new(error) };
    boundary(error, || {
        // SAFETY: as the header demands of outputs.
        let out = unsafe { Out::new(json, "json") };
        // SAFETY: as the header demands of a `const` handle.
        let changes = unsafe { handle::shared(changes, "changes") }?;
        let out = out?;
        let text = serde_json::to_string(&changes.report)
            .map_err(|_| Failure::internal("changes that cannot be written"))?;
        out.put(handle::give(text));
        Ok(())
    })
}

/// Gives the number of rows of the book that the event changed.
///
/// Takes no ownership.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_changes_row_count(
    changes: *const cts_changes,
    count: *mut usize,
) -> cts_status {
    plain(|| {
        // SAFETY: as the header demands of outputs.
        let count = unsafe { Out::new(count, "count") };
        // SAFETY: as the header demands of a `const` handle.
        let changes = unsafe { handle::shared(changes, "changes") }?;
        let count = count?;
        count.put(changes.report.rows.len());
        Ok(())
    })
}

/// Gives the key of one row that the event changed, in order: what to store is what
/// `cts_account_row` gives under it.
///
/// Takes no ownership. `*key` is borrowed from `changes` and dies with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_changes_row(
    changes: *const cts_changes,
    index: usize,
    key: *mut cts_str,
) -> cts_status {
    plain(|| {
        // SAFETY: as the header demands of outputs.
        let out = unsafe { Out::new(key, "key") };
        // SAFETY: as the header demands of a `const` handle.
        let changes = unsafe { handle::shared(changes, "changes") }?;
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
    plain(|| {
        // SAFETY: as the header demands of a handle that is freed.
        unsafe { handle::release(changes) };
        Ok(())
    });
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
