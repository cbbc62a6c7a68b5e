//! Polars, DuckDB and DataFusion: wheels in an environment of their own, over the same file, asked
//! by `peers.py`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use arrow_ipc::writer::FileWriter;
use serde_json::Value;

use crate::expected::Expected;
use crate::measure::{Found, Took};
use crate::rule::{self, Rule};
use crate::table::Table;

const PEERS: [&str; 3] = ["polars", "duckdb", "datafusion"];
const WHEELS: [&str; 5] = ["polars", "duckdb", "datafusion", "pyarrow", "numpy"];

/// One way to write the rules.
struct Form {
    name: String,
    gives: String,
    /// The runs with one thread, and with two.
    took: [Vec<Took>; 2],
    memory: Option<u64>,
}

/// A Python that has the peers.
pub struct Python(PathBuf);

/// What was found of a peer's forms, and which version it has.
pub struct Peer {
    pub version: String,
    pub forms: Vec<Found>,
}

impl Python {
    /// The interpreter.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Makes the environment where it is not there yet. What is missing is said.
    pub fn new(target: &Path) -> Result<Self, String> {
        let folder = target.join("peers");
        let python = folder.join("bin/python");
        let has_wheels = || {
            run(Command::new(&python).args(["-c", &format!("import {}", WHEELS.join(", "))]))
                .is_ok()
        };
        if !has_wheels() {
            eprintln!("installing {} into {}", WHEELS.join(", "), folder.display());
            run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
            run(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(WHEELS))?;
        }
        Ok(Self(python))
    }

    /// Asks all peers, checks every answer of every form, and tells the times.
    pub fn measure(
        &self,
        rules: &[Rule],
        table: &Table,
        expected: &Expected,
        samples: usize,
    ) -> Result<Vec<Peer>, String> {
        let folder = tempfile::tempdir().map_err(|problem| problem.to_string())?;
        let folder = folder.path();
        hand_over(table, rules, folder)?;
        PEERS.iter().map(|peer| self.peer(peer, folder, expected, samples)).collect()
    }

    fn peer(
        &self,
        peer: &str,
        folder: &Path,
        expected: &Expected,
        samples: usize,
    ) -> Result<Peer, String> {
        let mut version = String::new();
        let mut forms: Vec<Form> = Vec::new();
        for threads in [1, 2] {
            eprintln!("  {peer}, threads: {threads}");
            let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers.py");
            let mut command = Command::new(&self.0);
            command.arg(script).arg(peer).arg(folder).args([
                "--threads",
                &threads.to_string(),
                "--samples",
                &samples.to_string(),
            ]);
            for line in run(&mut command)?.lines() {
                let found: Value = serde_json::from_str(line)
                    .map_err(|problem| format!("{peer}: {problem}: {line}"))?;
                if let Some(known) = found["version"].as_str() {
                    version = known.into();
                    continue;
                }
                let text = |member: &str| found[member].as_str().unwrap_or_default().to_owned();
                let form = text("form");
                agrees(
                    &format!("{peer}, {form}"),
                    &folder.join(text("file")),
                    found["has_rules"] == true,
                    expected,
                )?;
                let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
                let took = found["took"].as_array().into_iter().flatten();
                let took = took
                    .map(|took| Took { wall: number(&took[0]), processor: number(&took[1]) })
                    .collect();
                let place =
                    forms.iter().position(|known| known.name == form).unwrap_or_else(|| {
                        forms.push(Form {
                            name: form,
                            gives: text("gives"),
                            took: Default::default(),
                            memory: found["memory"].as_u64(),
                        });
                        forms.len() - 1
                    });
                forms[place].took[threads - 1] = took;
            }
        }
        let found = |Form { name, gives, took: [one, two], memory }| {
            Found::new(&name, &gives, &one, &two, memory)
        };
        Ok(Peer { version, forms: forms.into_iter().map(found).collect() })
    }
}

fn agrees(who: &str, file: &Path, has_rules: bool, expected: &Expected) -> Result<(), String> {
    let read = |extension: &str| {
        let file = file.with_file_name(format!(
            "{}.{extension}",
            file.file_name().unwrap_or_default().to_string_lossy()
        ));
        fs::read(&file).map_err(|problem| format!("{}: {problem}", file.display()))
    };
    let bits = read("denied")?;
    if bits.len() != expected.rows().div_ceil(8) {
        return Err(format!("{who} answers {} bytes for {} rows", bits.len(), expected.rows()));
    }
    expected.differs(who, |row| bits[row / 8] >> (row % 8) & 1 == 1)?;
    if has_rules {
        let rules = read("rules")?;
        let rules = rules.as_chunks::<4>().0;
        expected.differs_in_rules(who, |row| u32::from_le_bytes(rules[row]))?;
    }
    Ok(())
}

/// Writes a table and rules as Python reads them.
pub fn hand_over(table: &Table, rules: &[Rule], folder: &Path) -> Result<(), String> {
    let write = || {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("rules.json"), rule::document(rules).to_string())
    };
    write().map_err(|problem: std::io::Error| format!("{}: {problem}", folder.display()))?;
    write_ipc(table, &folder.join("audience.arrow"))
}

/// Writes a table as an Arrow file.
pub fn write_ipc(table: &Table, file: &Path) -> Result<(), String> {
    let write = || -> Result<(), Box<dyn std::error::Error>> {
        let mut writer = FileWriter::try_new_buffered(File::create(file)?, &table.schema)?;
        for batch in &table.batches {
            writer.write(batch)?;
        }
        Ok(writer.finish()?)
    };
    write().map_err(|problem| format!("{}: {problem}", file.display()))
}

/// What a command prints.
fn run(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let done = command
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .map_err(|problem| format!("{name}: {problem}"))?;
    if !done.status.success() {
        return Err(format!("{name}: {}: {}", done.status, String::from_utf8_lossy(&done.stderr)));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}
