//! The whole benchmark, in order.

use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use cleartosend::screen::Vectors;
use fearless_simd::Level;

use crate::built_in::{self, Places};
use crate::by_hand::{self, RuleSets, Verdicts};
use crate::expected::Expected;
use crate::files::{self, FromFileToFile};
use crate::kernels::Kernels;
use crate::measure::{self, Contender, Effort, Found, with_threads};
use crate::ours::{Screen, options};
use crate::peers::{self, Python};
use crate::random::Random;
use crate::rule::{self, Rule};
use crate::table::{self, Table, row_bytes};
use crate::{Options, SEED_OF_ROWS, SEED_OF_RULES, number, report, variants};

/// All that was found.
pub struct Measured {
    pub sizes: Vec<Size>,
    /// Bytes a second that one thread and two can read.
    pub reading: (f64, f64),
    pub variants: Vec<Variant>,
    pub built_in: Vec<Variant>,
    pub files: Files,
    pub without_python: Option<String>,
}

/// All contenders with one set of rules.
pub struct Size {
    pub rules: usize,
    pub rows: usize,
    pub denied: usize,
    pub groups: Vec<Group>,
}

/// The forms of one contender.
pub struct Group {
    pub name: String,
    pub forms: Vec<Found>,
}

/// This engine over another audience.
pub struct Variant {
    pub name: String,
    pub rules: usize,
    pub rows: usize,
    pub found: Found,
}

pub struct Files {
    pub rows: usize,
    pub took: FromFileToFile,
    /// Rows, and bytes in memory at the most.
    pub memory: Vec<(usize, u64)>,
}

const OURS: &str = "cleartosend";
const GIVES: &str = "verdict, rule ids, missing members, counts";

pub fn run(options: &Options) -> Result<(), String> {
    let Options { effort, sizes, with_python, write } = options;
    eprintln!("making {} rows", effort.rows);
    let table = Table::new(Random::new(SEED_OF_ROWS), effort.rows);
    let python = if *with_python {
        target().and_then(|target| Python::new(&target))
    } else {
        Err("left out as asked for".into())
    };
    let mut measured = Measured {
        sizes: Vec::new(),
        reading: (f64::NAN, f64::NAN),
        variants: Vec::new(),
        built_in: Vec::new(),
        files: Files { rows: 0, took: FromFileToFile::default(), memory: Vec::new() },
        without_python: python.as_ref().err().cloned(),
    };
    for count in sizes {
        let (size, reading) = size(&table, *count, *effort, python.as_ref().ok())?;
        print!("{}", report::size(&size, reading));
        if measured.sizes.is_empty() {
            measured.reading = reading;
        }
        measured.sizes.push(size);
    }
    let few = table.head(effort.rows.div_ceil(5));
    measured.variants = variants(&few, effort.samples)?;
    print!("{}", report::variants(&measured.variants));
    drop((few, table));
    measured.built_in = built_in(*effort)?;
    print!("{}", report::built_in(&measured.built_in));
    measured.files = files(effort.rows)?;
    print!("{}", report::files(&measured.files));
    if *write { report::write(&measured) } else { Ok(()) }
}

/// The folder that this program was built into.
pub fn target() -> Result<PathBuf, String> {
    let this = std::env::current_exe().map_err(|problem| problem.to_string())?;
    this.parent()
        .and_then(Path::parent)
        .map(Path::to_path_buf)
        .ok_or_else(|| "no target folder".into())
}

/// Widths that the processor has, with what each is called.
fn widths() -> Vec<(Vectors, &'static str)> {
    let all = [
        (Vectors::X86V1, "SSE2"),
        (Vectors::X86V2, "SSE4.2"),
        (Vectors::X86V3, "AVX2"),
        (Vectors::X86V4, "AVX-512"),
    ];
    let here: Vec<(Vectors, &str)> =
        all.into_iter().filter(|(vectors, _)| vectors.are_here()).collect();
    if here.is_empty() { vec![(Vectors::Best, "best vectors")] } else { here }
}

fn levels() -> Vec<(Level, &'static str)> {
    let best = Level::new();
    #[cfg(target_arch = "x86_64")]
    {
        use fearless_simd::Simd;
        let sse2 = best.as_sse2().map(|simd| (simd.level(), "SSE2"));
        let avx2 = best.as_avx2().map(|simd| (simd.level(), "AVX2"));
        let avx512 = best.as_avx512().map(|simd| (simd.level(), "AVX-512"));
        [sse2, avx2, avx512].into_iter().flatten().collect()
    }
    #[cfg(not(target_arch = "x86_64"))]
    vec![(best, "best vectors")]
}

/// The rows that a set of rules is measured on: fewer for large sets, or an evening would pass.
fn rows_for(rules: usize, rows: usize) -> usize {
    match rules {
        ..=50 => rows,
        51..=200 => rows.div_ceil(5),
        _ => rows.div_ceil(10),
    }
}

fn size(
    table: &Table,
    count: usize,
    effort: Effort,
    python: Option<&Python>,
) -> Result<(Size, (f64, f64)), String> {
    let table = table.head(rows_for(count, effort.rows));
    let rules = rule::rules(&mut Random::new(SEED_OF_RULES), &table, count);
    let is_gate = count == rule::gate().len();
    let screen = Screen::of_rules(&rules)?;
    eprintln!("{count} rules: a plain loop over {} rows", table.rows());
    let expected = Expected::new(&rules, &table);
    eprintln!("{count} rules: comparing");
    for (vectors, name) in widths() {
        for threads in [1, 2] {
            let same = screen.agrees(&table, &rules, &expected, &options(vectors, threads));
            same.map_err(|problem| format!("{OURS}, {name}, threads: {threads}: {problem}"))?;
        }
    }
    let kernels = Kernels::new(&rules);
    kernels_agree(&kernels, &table, &expected)?;
    if is_gate {
        by_hand_agrees(&table, &expected)?;
    }
    eprintln!("{count} rules: measuring");
    let memory: Vec<u64> = vec![1; (256 << 20) / 8];
    let groups = contenders(&table, &screen, &kernels, &memory, is_gate);
    let names: Vec<(String, usize)> =
        groups.iter().map(|(name, contenders)| ((*name).to_owned(), contenders.len())).collect();
    let mut all: Vec<Contender<'_>> =
        groups.into_iter().flat_map(|(_, contenders)| contenders).collect();
    let mut found = measure::all(&mut all, effort.samples).into_iter();
    drop(all);
    let mut groups: Vec<Group> = names
        .into_iter()
        .map(|(name, count)| Group { name, forms: found.by_ref().take(count).collect() })
        .collect();
    let reading = groups.remove(0).forms.remove(0);
    let bytes = (memory.len() * 8) as f64;
    drop(memory);
    if let Some(python) = python {
        let peers = python.measure(&rules, &table, &expected, effort.samples)?;
        groups
            .extend(peers.into_iter().map(|peer| Group { name: peer.version, forms: peer.forms }));
    }
    let size = Size { rules: count, rows: table.rows(), denied: expected.denied(), groups };
    Ok((size, (bytes / reading.one, bytes / reading.two)))
}

/// All that runs in this process; reading memory is the first.
fn contenders<'a>(
    table: &'a Table,
    screen: &'a Screen,
    kernels: &'a Kernels,
    memory: &'a [u64],
    is_gate: bool,
) -> Vec<(&'static str, Vec<Contender<'a>>)> {
    let best = Level::new();
    let parts: Vec<&[u64]> = memory.chunks(1 << 16).collect();
    let reading = Contender {
        name: "sums".into(),
        gives: "",
        run: Box::new(move |threads| {
            with_threads(&parts, threads, |part| measure::sum(best, part))
        }),
    };
    let ours = widths().into_iter().map(|(vectors, name)| Contender {
        name: name.into(),
        gives: GIVES,
        run: Box::new(move |threads| {
            screen.run(table, &options(vectors, threads)).expect("it ran before");
        }),
    });
    let mut groups = vec![("memory", vec![reading]), (OURS, ours.collect())];
    if is_gate {
        let mut by_hand: Vec<Contender<'a>> = Vec::new();
        for (level, name) in levels() {
            by_hand.push(Contender {
                name: name.into(),
                gives: "verdict",
                run: Box::new(move |threads| {
                    with_threads(&table.batches, threads, |batch| {
                        by_hand::run::<Verdicts>(level, batch).0
                    })
                }),
            });
            by_hand.push(Contender {
                name: name.into(),
                gives: "set of rules",
                run: Box::new(move |threads| {
                    with_threads(&table.batches, threads, |batch| {
                        by_hand::run::<RuleSets>(level, batch).0
                    })
                }),
            });
        }
        groups.push(("Rust by hand", by_hand));
    }
    let slices: Vec<RecordBatch> = table.batches.iter().flat_map(slices).collect();
    let run = |batch: &RecordBatch| kernels.run(batch).expect("it ran before");
    groups.push((
        "arrow-rs kernels",
        vec![
            Contender {
                name: "65,536 rows at a time".into(),
                gives: "verdict",
                run: Box::new(move |threads| with_threads(&table.batches, threads, run)),
            },
            Contender {
                name: "8,192 rows at a time".into(),
                gives: "verdict",
                run: Box::new(move |threads| with_threads(&slices, threads, run)),
            },
        ],
    ));
    groups
}

fn slices(batch: &RecordBatch) -> impl Iterator<Item = RecordBatch> {
    const ROWS: usize = 8192;
    (0..batch.num_rows())
        .step_by(ROWS)
        .map(|start| batch.slice(start, ROWS.min(batch.num_rows() - start)))
}

fn kernels_agree(kernels: &Kernels, table: &Table, expected: &Expected) -> Result<(), String> {
    let mut denied: Vec<bool> = Vec::with_capacity(table.rows());
    for batch in &table.batches {
        let found = kernels.run(batch).map_err(|problem| problem.to_string())?;
        denied.extend(found.values().iter());
    }
    expected.differs("arrow-rs", |row| denied[row])
}

fn by_hand_agrees(table: &Table, expected: &Expected) -> Result<(), String> {
    for (level, name) in levels() {
        let verdicts: Vec<u8> = table
            .batches
            .iter()
            .flat_map(|batch| by_hand::run::<Verdicts>(level, batch).0)
            .collect();
        expected.differs(name, |row| verdicts[row] == 1)?;
        let sets: Vec<u32> = table
            .batches
            .iter()
            .flat_map(|batch| by_hand::run::<RuleSets>(level, batch).0)
            .collect();
        expected.differs_in_rules(name, |row| sets[row])?;
    }
    Ok(())
}

fn measured(screen: &Screen, table: &Table, samples: usize, name: &str) -> Variant {
    let run = |threads: usize| {
        screen.run(table, &options(Vectors::Best, threads)).expect("an audience of this engine");
    };
    let mut contenders = [Contender { name: name.into(), gives: GIVES, run: Box::new(run) }];
    let found = measure::all(&mut contenders, samples).remove(0);
    Variant { name: name.into(), rules: screen.engine.program().len(), rows: table.rows(), found }
}

/// The gate, and a rule on the recipient's hour.
fn with_hours(rules: &[Rule]) -> Result<Screen, String> {
    Screen::of_rules_and(
        rules,
        "[[rule]]\nid = 'timing.night'\ntopic = 'timing'\ntitle = 'A rule'\nrequires = \
         'recipient.local_hour_min >= 8 && recipient.local_hour_max < 21'\nverdict = \
         'review'\nfrom = 2018-01-01\nsource = { id = 'policy' }\nmessage = 'Not now'\nadvice = \
         'Wait'\nexposure = []\n",
    )
}

fn audience(name: &str, table: &Table) -> Table {
    let random = &mut Random::new(SEED_OF_ROWS + 1);
    match name {
        "nulls" => variants::with_nulls(table, random),
        "texts" => variants::with_texts(table),
        "phones" => variants::with_phones(table, random),
        _ => table.clone(),
    }
}

fn variants(table: &Table, samples: usize) -> Result<Vec<Variant>, String> {
    eprintln!("variants");
    let gate = Screen::of_rules(&rule::gate())?;
    let hours = with_hours(&rule::gate())?;
    let all = [
        (&gate, "gate", "as in the main table"),
        (&gate, "nulls", "one value in ten null, in every column"),
        (&gate, "texts", "plain texts instead of dictionaries"),
        (&hours, "gate", "and a rule on the local hour, by country"),
        (&hours, "phones", "and a rule on the local hour, by phone number as text"),
    ];
    Ok(all
        .into_iter()
        .map(|(screen, kind, name)| measured(screen, &audience(kind, table), samples, name))
        .collect())
}

const ONE_PACK: &[&str] = &["whatsapp"];
const ALL_PACKS: &[&str] = &["whatsapp", "messaging-law"];

fn built_in(effort: Effort) -> Result<Vec<Variant>, String> {
    eprintln!("built-in packs");
    let mut found = Vec::new();
    for (places, how) in
        [(Places::Countries, "country from a dictionary"), (Places::Phones, "phone number as text")]
    {
        let table = built_in::table(Random::new(SEED_OF_ROWS), places, effort.rows.div_ceil(2));
        for packs in [ONE_PACK, ALL_PACKS] {
            let screen = built_in::screen(packs)?;
            found.push(measured(
                &screen,
                &table,
                effort.samples,
                &format!("{}: {how}", packs.join(" and ")),
            ));
        }
    }
    Ok(found)
}

fn files(rows: usize) -> Result<Files, String> {
    eprintln!("files");
    let folder = tempfile::tempdir().map_err(|problem| problem.to_string())?;
    let file = |rows: usize| -> Result<PathBuf, String> {
        let file = folder.path().join(format!("{rows}.parquet"));
        files::write(&file, rows, Random::new(SEED_OF_ROWS))?;
        Ok(file)
    };
    let few = rows.div_ceil(5);
    let small = file(few)?;
    let took = files::from_file_to_file(&rule::gate(), &small)?;
    let mut memory = vec![(few, files::memory_of(&small)?)];
    let large = file(rows * 2)?;
    memory.push((rows * 2, files::memory_of(&large)?));
    Ok(Files { rows: few, took, memory })
}

/// Screens one table that often and says nothing.
pub fn looped(name: &str, times: &str, options_given: &[&str]) -> Result<(), String> {
    let mut rows = 1_000_000;
    let mut vectors = Vectors::Best;
    let mut options_given = options_given.iter();
    while let Some(option) = options_given.next() {
        match *option {
            "--rows" => rows = number(options_given.next())?,
            "--sse2" => vectors = Vectors::X86V1,
            other => return Err(format!("unknown option `{other}`, expected --rows or --sse2")),
        }
    }
    let (screen, table) = match name {
        "built-in" => (
            built_in::screen(ONE_PACK)?,
            built_in::table(Random::new(SEED_OF_ROWS), Places::Countries, rows),
        ),
        "built-in-phones" => (
            built_in::screen(ONE_PACK)?,
            built_in::table(Random::new(SEED_OF_ROWS), Places::Phones, rows),
        ),
        "gate" | "nulls" | "texts" => (
            Screen::of_rules(&rule::gate())?,
            audience(name, &Table::new(Random::new(SEED_OF_ROWS), rows)),
        ),
        "phones" => (
            with_hours(&rule::gate())?,
            audience(name, &Table::new(Random::new(SEED_OF_ROWS), rows)),
        ),
        count => {
            let table = Table::new(Random::new(SEED_OF_ROWS), rows);
            (
                Screen::of_rules(&rule::rules(
                    &mut Random::new(SEED_OF_RULES),
                    &table,
                    number(Some(&count))?,
                ))?,
                table,
            )
        }
    };
    for _ in 0..number(Some(&times))? {
        let mut done = Ok(0);
        let took = measure::took(|| done = screen.run(&table, &options(vectors, 1)));
        done?;
        eprintln!("{:.1} million rows a second", table.rows() as f64 / took.processor / 1e6);
    }
    Ok(())
}

/// Writes the main table and the gate into a folder, as data and as a pack, for others to screen.
pub fn hand_over(rows: usize, folder: &Path) -> Result<(), String> {
    let rules = rule::gate();
    peers::hand_over(&Table::new(Random::new(SEED_OF_ROWS), rows), &rules, folder)?;
    let (manifest, texts) = rule::pack(&rules);
    let write = || -> std::io::Result<()> {
        let rules = folder.join("pack").join("rules");
        std::fs::create_dir_all(&rules)?;
        std::fs::write(folder.join("pack").join("pack.toml"), manifest)?;
        std::fs::write(rules.join("rules.toml"), texts)
    };
    write().map_err(|problem| format!("{}: {problem}", folder.display()))
}

/// Bytes of a row of the main table.
pub fn bytes() -> f64 {
    row_bytes()
}

/// Rows of a batch.
pub fn batch() -> usize {
    table::BATCH
}
