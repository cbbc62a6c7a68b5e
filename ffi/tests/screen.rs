//! The same audiences through the C binding and through Rust: the same batches out, and the same
//! summary.
#![expect(unsafe_code, reason = "it calls C functions")]
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and reads its data"
)]

mod installed;

use std::ffi::{c_char, c_void};
use std::num::NonZeroUsize;
use std::sync::Arc;

use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::types::Int16Type;
use arrow_array::{
    ArrayRef, BooleanArray, DictionaryArray, Int32Array, Int64Array, LargeStringArray, NullArray,
    RecordBatch, RecordBatchIterator, RecordBatchReader, StringArray, StringViewArray,
    TimestampMicrosecondArray, UInt8Array,
};
use arrow_schema::ArrowError;
use cleartosend::screen::Texts;
use cleartosend::{Engine, Facts, ScreenOptions};
use installed::{prefix, root};
use libloading::{Library, Symbol};

type Handle = *mut c_void;

#[test]
fn batches_and_summaries_are_those_of_rust() {
    let c = Door::open();
    let campaign = std::fs::read(root().join("examples/campaign-only.json")).unwrap();
    let mut compared = 0;
    for batches in audiences() {
        for threads in [1, 4] {
            let (rust_rows, rust_summary) = in_rust(&campaign, &batches, threads);
            let (c_rows, c_summary) = c.screen(&campaign, &batches, threads);
            assert_eq!(rust_rows, c_rows);
            assert_eq!(rust_summary, c_summary);
            compared += rust_rows.iter().map(RecordBatch::num_rows).sum::<usize>();
        }
    }
    assert!(compared > 10_000, "only {compared} rows were compared");
}

/// Options of both sides: a column kept, one ignored, one named, texts for anything.
const KEEP: &str = "id";
const IGNORE: &str = "note";
const NAME: (&str, &str) = ("phone number", "recipient.phone");

fn in_rust(campaign: &[u8], batches: &[RecordBatch], threads: usize) -> (Vec<RecordBatch>, String) {
    let engine = Engine::built_in().unwrap();
    let facts = Facts::from_json(engine.schema(), campaign).unwrap();
    let options = ScreenOptions::new()
        .keep(KEEP)
        .ignore(IGNORE)
        .name(NAME.0, NAME.1)
        .texts(Texts::OfAnything);
    let options = options.threads(NonZeroUsize::new(threads).unwrap());
    let mut screening = engine.screen(&facts, reader(batches), &options).unwrap();
    let rows: Result<Vec<RecordBatch>, ArrowError> = screening.by_ref().collect();
    (rows.unwrap(), screening.summary().to_json())
}

fn reader(batches: &[RecordBatch]) -> impl RecordBatchReader + Send + use<> {
    let schema = batches.first().unwrap().schema();
    let owned = batches.to_vec();
    RecordBatchIterator::new(owned.into_iter().map(Ok), schema)
}

/// Audiences in several layouts, also in slices of larger arrays.
fn audiences() -> Vec<Vec<RecordBatch>> {
    let mut audiences = Vec::new();
    for layout in 0..3 {
        let all = audience(layout, 3_000);
        let (first, second) = (all.slice(0, 1_001), all.slice(1_001, 1_999));
        audiences.push(vec![
            first.slice(0, 7),
            second.clone(),
            first.slice(7, 994),
            second.slice(3, 0),
        ]);
        audiences.push(vec![all]);
    }
    audiences
}

fn audience(layout: usize, rows: usize) -> RecordBatch {
    let phones = [
        "+34600000001",
        "+12125550123",
        "+14165550123",
        "34 600",
        "+4915100000012",
        "",
        "+573001234567",
    ];
    let opt_ins = ["given", "none", "given", "perhaps"];
    let phone = |row: usize| (!row.is_multiple_of(11)).then(|| phones[row % phones.len()]);
    let opt_in = |row: usize| (row % 13 != 5).then(|| opt_ins[row / 3 % opt_ins.len()]);
    // From 2024 on, also after the campaign.
    let at = |row: usize| (row % 5 != 2).then_some(1_704_067_200 + row as i64 * 40_000);
    let times = |row: usize| (row % 4 != 1).then_some(row as i64 % 7);
    let rows = 0..rows;
    let ids: ArrayRef = match layout {
        0 => Arc::new(Int64Array::from_iter_values(rows.clone().map(|row| row as i64))),
        1 => Arc::new(StringViewArray::from_iter_values(
            rows.clone().map(|row| format!("an id of many letters {row}")),
        )),
        _ => Arc::new(Int32Array::from_iter_values(rows.clone().map(|row| row as i32))),
    };
    let (phone, opt_in): (ArrayRef, ArrayRef) = match layout {
        0 => (
            Arc::new(rows.clone().map(phone).collect::<StringArray>()),
            Arc::new(rows.clone().map(opt_in).collect::<StringArray>()),
        ),
        1 => (
            Arc::new(rows.clone().map(phone).collect::<StringViewArray>()),
            Arc::new(rows.clone().map(opt_in).collect::<DictionaryArray<Int16Type>>()),
        ),
        _ => (
            Arc::new(rows.clone().map(phone).collect::<LargeStringArray>()),
            Arc::new(rows.clone().map(opt_in).collect::<LargeStringArray>()),
        ),
    };
    let opted_out: ArrayRef = match layout {
        0 => Arc::new(
            rows.clone()
                .map(|row| (row % 6 != 0).then_some(row % 17 == 0))
                .collect::<BooleanArray>(),
        ),
        // Which nobody was asked about.
        1 => Arc::new(NullArray::new(rows.len())),
        _ => Arc::new(
            rows.clone()
                .map(|row| (row % 6 != 0).then_some(if row % 17 == 0 { "true" } else { "no" }))
                .collect::<StringArray>(),
        ),
    };
    let at: ArrayRef = match layout {
        0 => Arc::new(
            rows.clone()
                .map(|row| at(row).map(|at| at * 1_000_000))
                .collect::<TimestampMicrosecondArray>()
                .with_timezone("UTC"),
        ),
        _ => Arc::new(
            rows.clone()
                .map(|row| at(row).map(|_| "2025-01-20T14:00:00Z"))
                .collect::<StringArray>(),
        ),
    };
    let times: ArrayRef = match layout {
        0 => Arc::new(
            rows.clone().map(|row| times(row).map(|times| times as u8)).collect::<UInt8Array>(),
        ),
        _ => Arc::new(rows.clone().map(times).collect::<Int64Array>()),
    };
    let note: ArrayRef =
        Arc::new(StringArray::from_iter_values(rows.map(|row| "x".repeat(row % 3))));
    RecordBatch::try_from_iter_with_nullable([
        (KEEP, ids, true),
        (NAME.0, phone, true),
        ("recipient.opt_in", opt_in, true),
        ("recipient.opted_out", opted_out, true),
        ("recipient.opt_in_at", at, true),
        ("recipient.marketing_received_24h", times, true),
        (IGNORE, note, true),
    ])
    .unwrap()
}

/// The shared library as it is installed.
struct Door(Library);

#[repr(C)]
struct Text {
    data: *const u8,
    len: usize,
}

macro_rules! call {
    ($library:expr, $name:expr, ($($ty:ty),*), $($argument:expr),*) => {{
        // SAFETY: the type is that of the function in the header.
        let function: Symbol<'_, unsafe extern "C" fn($($ty),*) -> i32> = unsafe { $library.0.get($name) }.unwrap();
        // SAFETY: handles are what they are called, texts as long as told, places for outputs local
        // variables.
        let status = unsafe { function($($argument),*) };
        assert_eq!(status, 0, "{}", String::from_utf8_lossy($name));
    }};
}

macro_rules! free {
    ($library:expr, $name:literal, $handle:expr) => {{
        // SAFETY: the type is that of the function in the header.
        let function: Symbol<'_, unsafe extern "C" fn(Handle)> =
            unsafe { $library.0.get($name) }.unwrap();
        // SAFETY: the handle is of that type, and is not used again.
        unsafe { function($handle) };
    }};
}

impl Door {
    fn open() -> Self {
        // SAFETY: the library is this package's own, whose initialisation does nothing.
        Self(
            unsafe {
                Library::new(prefix().join("lib").join(libloading::library_filename("cleartosend")))
            }
            .unwrap(),
        )
    }

    fn screen(
        &self,
        campaign: &[u8],
        batches: &[RecordBatch],
        threads: usize,
    ) -> (Vec<RecordBatch>, String) {
        let null: Handle = std::ptr::null_mut();
        let none: *mut Handle = std::ptr::null_mut();
        let (mut engine, mut facts, mut options, mut screening, mut summary) =
            (null, null, null, null, null);
        call!(self, b"cts_engine_new_built_in", (*mut Handle, *mut Handle), &raw mut engine, none);
        call!(
            self,
            b"cts_facts_new_from_json",
            (Handle, *const u8, usize, *mut Handle, *mut Handle),
            engine,
            campaign.as_ptr(),
            campaign.len(),
            &raw mut facts,
            none
        );
        call!(self, b"cts_screen_options_new", (*mut Handle), &raw mut options);
        for (name, column) in
            [(&b"cts_screen_options_keep"[..], KEEP), (&b"cts_screen_options_ignore"[..], IGNORE)]
        {
            call!(
                self,
                name,
                (Handle, *const c_char, usize, *mut Handle),
                options,
                column.as_ptr().cast(),
                column.len(),
                none
            );
        }
        call!(
            self,
            b"cts_screen_options_name",
            (Handle, *const c_char, usize, *const c_char, usize, *mut Handle),
            options,
            NAME.0.as_ptr().cast(),
            NAME.0.len(),
            NAME.1.as_ptr().cast(),
            NAME.1.len(),
            none
        );
        call!(self, b"cts_screen_options_texts", (Handle, i32, *mut Handle), options, 1, none);
        call!(
            self,
            b"cts_screen_options_threads",
            (Handle, usize, *mut Handle),
            options,
            threads,
            none
        );

        let mut audience = FFI_ArrowArrayStream::new(Box::new(reader(batches)));
        let mut rows = FFI_ArrowArrayStream::empty();
        call!(
            self,
            b"cts_engine_screen",
            (
                Handle,
                Handle,
                Handle,
                *mut FFI_ArrowArrayStream,
                *mut FFI_ArrowArrayStream,
                *mut Handle,
                *mut Handle
            ),
            engine,
            facts,
            options,
            &raw mut audience,
            &raw mut rows,
            &raw mut screening,
            none
        );
        assert!(audience.release().is_none());
        // The rows need none of these.
        free!(self, b"cts_screen_options_free", options);
        free!(self, b"cts_facts_free", facts);
        free!(self, b"cts_engine_free", engine);
        let rows: Vec<RecordBatch> =
            RecordBatchStreamReader::try_new(rows).unwrap().map(Result::unwrap).collect();

        call!(
            self,
            b"cts_screening_summary",
            (Handle, *mut Handle, *mut Handle),
            screening,
            &raw mut summary,
            none
        );
        free!(self, b"cts_screening_free", screening);
        let mut json = Text { data: std::ptr::null(), len: 0 };
        call!(self, b"cts_summary_json", (Handle, *mut Text), summary, &raw mut json);
        // SAFETY: the text is as long as told, and lives as long as the summary.
        let text = unsafe { std::slice::from_raw_parts(json.data, json.len) }.to_vec();
        free!(self, b"cts_summary_free", summary);
        (rows, String::from_utf8(text).unwrap())
    }
}
