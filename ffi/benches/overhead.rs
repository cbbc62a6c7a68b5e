//! What does the C binding cost over a call in Rust?
//!
//! The same facts, given once, checked over and over: through the functions of the shared library,
//! found by name as a program would that loads it, and by the same steps in Rust, but that the C
//! binding puts rules in order of findings. Run it with `cargo bench --profile c -p cleartosend-ffi
//! --bench overhead`, so that both sides are built alike.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "benchmarks measure time and say it"
)]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on fails")]
#![expect(unsafe_code, reason = "it calls C functions")]

use std::ffi::c_void;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::types::Int8Type;
use arrow_array::{
    ArrayRef, BooleanArray, DictionaryArray, RecordBatch, RecordBatchIterator, RecordBatchReader,
    StringArray, TimestampSecondArray, UInt8Array,
};
use cleartosend::expert::matching::Matcher;
use cleartosend::schema::attributes::{ACCOUNT_DAILY_LIMIT, ACCOUNT_QUALITY};
use cleartosend::{Engine, Facts, ScreenOptions, Timestamp, Value};
use libloading::{Library, Symbol};

type Handle = *mut c_void;

/// A provider to be looked up, and a business that runs its own app, of which little has to be
/// derived.
const DOCUMENTS: [(&str, &[u8]); 2] = [
    ("check, provider by name", include_bytes!("../../examples/spring-sale.json")),
    ("check, own app", include_bytes!("../../examples/account/campaign.json")),
];
// Short runs and many, so that on a busy machine some are not interrupted: the least of them
// counts.
const ROUNDS: u32 = 200;
const REPEATS: usize = 4_000;

fn main() {
    let engine = Engine::built_in().unwrap();
    let mut matcher = Matcher::new();
    let mut rules = Vec::new();

    // SAFETY: the library is this package's own, whose initialisation does nothing.
    let library = unsafe { Library::new(shared_library()) }.unwrap();
    let c = Functions::of(&library);
    let (c_engine, c_report) = c.engine_and_report();

    let mut table = Vec::new();
    for (name, document) in DOCUMENTS {
        let (facts, c_facts) =
            (Facts::from_json(engine.schema(), document).unwrap(), c.facts(c_engine, document));
        table.push(row(
            name,
            &mut || {
                let resolved = engine.resolve_for_rules(black_box(&facts));
                matcher.run(engine.program(), &resolved);
                rules.clear();
                rules.extend(matcher.violated().chain(matcher.undetermined()));
                black_box(matcher.verdict_without_waivers(engine.program()));
            },
            &mut || c.check_into(c_engine, c_facts, c_report),
        ));
    }
    let (mut facts, c_facts) = (engine.facts(Timestamp::MIN), c.facts(c_engine, b"{}"));
    let (limit, quality) =
        (c.attribute(c_engine, "account.daily_limit"), c.attribute(c_engine, "account.quality"));
    table.push(row(
        "set an int",
        &mut || facts.set(ACCOUNT_DAILY_LIMIT, Value::Int(black_box(1000))).unwrap(),
        &mut || {
            c.set_int(c_facts, limit, black_box(1000));
        },
    ));
    table.push(row(
        "set a string of a list",
        &mut || facts.set(ACCOUNT_QUALITY, Value::string(black_box("green"))).unwrap(),
        &mut || {
            c.set_string(c_facts, quality, black_box("green"));
        },
    ));
    let batches = audience();
    let campaign = Facts::from_json(engine.schema(), CAMPAIGN).unwrap();
    let c_campaign = c.facts(c_engine, CAMPAIGN);
    let (mut rust_least, mut c_least) = (f64::MAX, f64::MAX);
    for _ in 0..SCREENINGS {
        rust_least = rust_least.min(nanos_of(&mut || {
            let rows = engine.screen(&campaign, reader(&batches), &ScreenOptions::new()).unwrap();
            assert_eq!(rows.map(|batch| batch.unwrap().num_rows()).sum::<usize>(), ROWS);
        }));
        c_least = c_least.min(nanos_of(&mut || {
            let rows = c.screen(
                c_engine,
                c_campaign,
                FFI_ArrowArrayStream::new(Box::new(reader(&batches))),
            );
            assert_eq!(rows.map(|batch| batch.unwrap().num_rows()).sum::<usize>(), ROWS);
        }));
    }
    table.push(("screen, a row", rust_least / ROWS as f64, c_least / ROWS as f64));
    println!(
        "{:32} {:>9} {:>9} {:>11}",
        format!("ns, the least of {REPEATS} runs"),
        "Rust",
        "C",
        "difference"
    );
    for (name, rust, c) in table {
        println!("{name:32} {rust:9.1} {c:9.1} {:11.1}", c - rust);
    }
}

/// Both sides in turn, so that a noisy moment hits both.
fn row(
    name: &'static str,
    rust: &mut dyn FnMut(),
    c: &mut dyn FnMut(),
) -> (&'static str, f64, f64) {
    let mut least = (f64::MAX, f64::MAX);
    for _ in 0..REPEATS {
        least.0 = least.0.min(nanos(rust));
        least.1 = least.1.min(nanos(c));
    }
    (name, least.0, least.1)
}

fn nanos(step: &mut dyn FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..ROUNDS {
        step();
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(ROUNDS)
}

const CAMPAIGN: &[u8] = include_bytes!("../../examples/campaign-only.json");
const BATCHES: usize = 8;
const BATCH: usize = 65_536;
const ROWS: usize = BATCHES * BATCH;
const SCREENINGS: usize = 20;

/// Customers as a warehouse has them: texts of few values in dictionaries, numbers as texts,
/// instants, truth values.
fn audience() -> Vec<RecordBatch> {
    let batch = |first: usize| {
        let rows = || first..first + BATCH;
        let phones: ArrayRef = Arc::new(
            rows().map(|row| Some(format!("+346{:08}", row % 90_000_000))).collect::<StringArray>(),
        );
        let opt_in: ArrayRef = Arc::new(
            rows()
                .map(|row| Some(["given", "given", "none"][row % 3]))
                .collect::<DictionaryArray<Int8Type>>(),
        );
        let opted_out: ArrayRef =
            Arc::new(rows().map(|row| Some(row % 17 == 0)).collect::<BooleanArray>());
        let at = |row: usize| (row % 5 != 2).then_some(1_704_067_200 + row as i64);
        let opt_in_at: ArrayRef =
            Arc::new(rows().map(at).collect::<TimestampSecondArray>().with_timezone("UTC"));
        let received: ArrayRef =
            Arc::new(rows().map(|row| Some((row % 4) as u8)).collect::<UInt8Array>());
        RecordBatch::try_from_iter([
            ("recipient.phone", phones),
            ("recipient.opt_in", opt_in),
            ("recipient.opted_out", opted_out),
            ("recipient.opt_in_at", opt_in_at),
            ("recipient.marketing_received_24h", received),
        ])
        .unwrap()
    };
    (0..BATCHES).map(|number| batch(number * BATCH)).collect()
}

fn reader(batches: &[RecordBatch]) -> impl RecordBatchReader + Send + use<> {
    let owned = batches.to_vec();
    let schema = owned.first().unwrap().schema();
    RecordBatchIterator::new(owned.into_iter().map(Ok), schema)
}

fn nanos_of(step: &mut dyn FnMut()) -> f64 {
    let start = Instant::now();
    step();
    start.elapsed().as_secs_f64() * 1e9
}

/// Built here as it is installed: cargo builds no shared library for a benchmark.
fn shared_library() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--profile", "c", "-p", "cleartosend-ffi", "--lib"]).current_dir(root);
    assert!(build.status().unwrap().success(), "the library was not built");
    // Beside the folder of this program's profile: `target/c/`, this being
    // `target/release/deps/overhead-…`.
    let program = std::env::current_exe().unwrap();
    program
        .ancestors()
        .nth(3)
        .unwrap()
        .join("c")
        .join(libloading::library_filename("cleartosend_ffi"))
}

struct Functions<'a> {
    new_built_in: Symbol<'a, unsafe extern "C" fn(*mut Handle, *mut Handle) -> i32>,
    attribute:
        Symbol<'a, unsafe extern "C" fn(Handle, *const u8, usize, *mut u32, *mut Handle) -> i32>,
    new_from_json:
        Symbol<'a, unsafe extern "C" fn(Handle, *const u8, usize, *mut Handle, *mut Handle) -> i32>,
    report_new: Symbol<'a, unsafe extern "C" fn(*mut Handle) -> i32>,
    check_into: Symbol<'a, unsafe extern "C" fn(Handle, Handle, Handle, *mut Handle) -> i32>,
    set_int: Symbol<'a, unsafe extern "C" fn(Handle, u32, i64, *mut Handle) -> i32>,
    set_string: Symbol<'a, unsafe extern "C" fn(Handle, u32, *const u8, usize, *mut Handle) -> i32>,
    screen: Symbol<'a, Screen>,
    screening_free: Symbol<'a, unsafe extern "C" fn(Handle)>,
}

type Screen = unsafe extern "C" fn(
    Handle,
    Handle,
    Handle,
    *mut FFI_ArrowArrayStream,
    *mut FFI_ArrowArrayStream,
    *mut Handle,
    *mut Handle,
) -> i32;

macro_rules! found {
    ($library:expr, $name:literal) => {
        // SAFETY: the type is that of the function in the header.
        unsafe { $library.get($name) }.unwrap()
    };
}

impl<'a> Functions<'a> {
    fn of(library: &'a Library) -> Self {
        Self {
            new_built_in: found!(library, b"cts_engine_new_built_in"),
            attribute: found!(library, b"cts_engine_attribute"),
            new_from_json: found!(library, b"cts_facts_new_from_json"),
            report_new: found!(library, b"cts_report_new"),
            check_into: found!(library, b"cts_engine_check_into"),
            set_int: found!(library, b"cts_facts_set_int"),
            set_string: found!(library, b"cts_facts_set_string"),
            screen: found!(library, b"cts_engine_screen"),
            screening_free: found!(library, b"cts_screening_free"),
        }
    }

    /// An engine and a report. They live until the program ends, as do facts.
    fn engine_and_report(&self) -> (Handle, Handle) {
        let null = std::ptr::null_mut();
        let (mut engine, mut report) = (null, null);
        // SAFETY: `engine` is a local variable.
        assert_eq!(unsafe { (self.new_built_in)(&raw mut engine, null.cast()) }, 0);
        // SAFETY: `report` is a local variable.
        assert_eq!(unsafe { (self.report_new)(&raw mut report) }, 0);
        (engine, report)
    }

    fn facts(&self, engine: Handle, document: &[u8]) -> Handle {
        let mut facts = std::ptr::null_mut();
        // SAFETY: the engine is one, the document is as long as told.
        let status = unsafe {
            (self.new_from_json)(
                engine,
                document.as_ptr(),
                document.len(),
                &raw mut facts,
                std::ptr::null_mut(),
            )
        };
        assert_eq!(status, 0);
        facts
    }

    fn attribute(&self, engine: Handle, name: &str) -> u32 {
        let mut attribute = 0;
        // SAFETY: the engine is one, the name is as long as told.
        let status = unsafe {
            (self.attribute)(
                engine,
                name.as_ptr(),
                name.len(),
                &raw mut attribute,
                std::ptr::null_mut(),
            )
        };
        assert_eq!(status, 0);
        attribute
    }

    fn check_into(&self, engine: Handle, facts: Handle, report: Handle) {
        // SAFETY: the handles are what they are called.
        assert_eq!(unsafe { (self.check_into)(engine, facts, report, std::ptr::null_mut()) }, 0);
    }

    fn set_int(&self, facts: Handle, attribute: u32, number: i64) {
        // SAFETY: the handle is what it is called.
        assert_eq!(unsafe { (self.set_int)(facts, attribute, number, std::ptr::null_mut()) }, 0);
    }

    fn set_string(&self, facts: Handle, attribute: u32, text: &str) {
        // SAFETY: the handle is what it is called, the text is as long as told.
        assert_eq!(
            unsafe {
                (self.set_string)(facts, attribute, text.as_ptr(), text.len(), std::ptr::null_mut())
            },
            0
        );
    }

    fn screen(
        &self,
        engine: Handle,
        campaign: Handle,
        mut audience: FFI_ArrowArrayStream,
    ) -> RecordBatchStreamReader {
        let null: Handle = std::ptr::null_mut();
        let (mut rows, mut screening) = (FFI_ArrowArrayStream::empty(), null);
        let (audience, rows_place, none) = (&raw mut audience, &raw mut rows, std::ptr::null_mut());
        // SAFETY: the handles are what they are called, the streams and `screening` are local
        // variables.
        assert_eq!(
            unsafe {
                (self.screen)(
                    engine,
                    campaign,
                    null,
                    audience,
                    rows_place,
                    &raw mut screening,
                    none,
                )
            },
            0
        );
        // SAFETY: it came from the line above, and is not used again.
        unsafe { (self.screening_free)(screening) };
        RecordBatchStreamReader::try_new(rows).unwrap()
    }
}
