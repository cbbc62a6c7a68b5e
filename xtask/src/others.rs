//! Do the gates in other languages say what the command says?
//!
//! Each gate of `examples/other/` is built against an installed prefix and asked about campaigns
//! that are allowed, denied, left to a person, and refused. A language that is not installed is
//! named, and fails nothing.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::c;

/// The campaigns, in `examples/`.
const CAMPAIGNS: [&str; 3] = ["clean-campaign.json", "rogue-provider.json", "missing-facts.json"];

/// A language: what must be there, how its gate is built, and how it is started.
struct Language {
    name: &'static str,
    tools: &'static [&'static str],
    build: fn(&Places) -> Option<Command>,
    start: fn(&Places) -> Command,
}

/// Where things are.
struct Places {
    sources: PathBuf,
    work: PathBuf,
    library: PathBuf,
    definition: PathBuf,
    pkgconfig: PathBuf,
}

/// The jar of JNA, where Debian's package puts it.
const JNA: &str = "/usr/share/java/jna.jar";

const LANGUAGES: [Language; 5] = [
    Language {
        name: "Go",
        tools: &["go", "gcc", "pkg-config"],
        build: |places| {
            let mut command = Command::new("go");
            command
                .args(["build", "-o"])
                .arg(places.work.join("gate-go"))
                .arg(".")
                .current_dir(places.sources.join("go"))
                .env("GOCACHE", places.work.join("go-cache"))
                .env("GOFLAGS", "-buildvcs=false")
                .env("PKG_CONFIG_PATH", &places.pkgconfig);
            Some(command)
        },
        start: |places| Command::new(places.work.join("gate-go")),
    },
    Language {
        name: "Java",
        tools: &["java", "javac"],
        build: |places| {
            let mut command = Command::new("javac");
            command
                .args(["-Xlint:all", "-Werror", "-cp", JNA, "-d"])
                .arg(places.work.join("java"))
                .arg(places.sources.join("java/Gate.java"));
            Some(command)
        },
        start: |places| {
            let mut command = Command::new("java");
            let classes = format!("{}:{JNA}", places.work.join("java").display());
            command.args(["-cp", &classes, "Gate"]).arg(&places.library);
            command
        },
    },
    Language {
        name: "C#",
        tools: &["mcs", "mono"],
        build: |places| {
            let mut command = Command::new("mcs");
            command
                .args(["-warnaserror", "-langversion:6"])
                .arg(format!("-out:{}", places.work.join("gate.exe").display()))
                .arg(places.sources.join("csharp/Gate.cs"));
            Some(command)
        },
        start: |places| {
            let mut command = Command::new("mono");
            command.arg(places.work.join("gate.exe"));
            command
        },
    },
    Language {
        name: "PHP",
        tools: &["php"],
        build: |_| None,
        start: |places| {
            let mut command = Command::new("php");
            command
                .args(["-d", "ffi.enable=true"])
                .arg(places.sources.join("php/gate.php"))
                .arg(&places.definition)
                .arg(&places.library);
            command
        },
    },
    Language {
        name: "Ruby",
        tools: &["ruby"],
        build: |_| None,
        start: |places| {
            let mut command = Command::new("ruby");
            command.arg("-w").arg(places.sources.join("ruby/gate.rb")).arg(&places.library);
            command
        },
    },
];

/// Installs the libraries as quick builds make them, and asks every gate.
///
/// # Errors
/// A gate that does not build, or that says something else than the command.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    let work = root.join("target/other-languages");
    for folder in [work.clone(), work.join("java")] {
        std::fs::create_dir_all(&folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let prefix = work.join("prefix");
    let prefix_name = prefix.display().to_string();
    c::install(root, &c::Options::of(&["--prefix", &prefix_name, "--profile", "dev"], None)?)?;
    let places = Places {
        sources: root.join("examples/other"),
        library: prefix.join("lib/libcleartosend.so"),
        definition: prefix.join("share/cleartosend/cleartosend.cdef.h"),
        pkgconfig: prefix.join("lib/pkgconfig"),
        work,
    };
    let expected =
        CAMPAIGNS.map(|name| expected(root, name)).into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut wrong = Vec::new();
    for language in &LANGUAGES {
        let missing = language.tools.iter().find(|tool| !is_there(tool));
        let missing = missing
            .copied()
            .or_else(|| (language.name == "Java" && !Path::new(JNA).is_file()).then_some(JNA));
        match missing {
            Some(tool) => {
                println!("missing: `{tool}`, so the gate in {} is not run", language.name);
            }
            None => match asked(root, language, &places, &expected) {
                Ok(()) => println!("{}: as the command", language.name),
                Err(reason) => wrong.push(format!("{}: {reason}", language.name)),
            },
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// Whether a tool can be started. Go has no `--version`, and answers it with a failure.
fn is_there(tool: &str) -> bool {
    Command::new(tool).arg("--version").output().is_ok()
}

fn asked(
    root: &Path,
    language: &Language,
    places: &Places,
    expected: &[(i32, String)],
) -> Result<(), String> {
    if let Some(mut build) = (language.build)(places) {
        run(&mut build, 0)?;
    }
    let ask = |file: &Path, code: i32| {
        let mut command = (language.start)(places);
        let folder = places.library.parent().unwrap_or(root);
        command.arg(file).env("LD_LIBRARY_PATH", folder).current_dir(root);
        run(&mut command, code)
    };
    for (name, (code, text)) in CAMPAIGNS.iter().zip(expected) {
        let (said, _) = ask(&root.join("examples").join(name), *code)?;
        if said != *text {
            return Err(format!("{name}: found\n{said}expected\n{text}"));
        }
    }
    // What is refused is told with all that is wrong; an empty document is one.
    let bad = places.work.join("bad.json");
    for (document, found) in [
        (
            r#"{"send_at": "2026-03-02T15:00:00Z", "account": {"quality": "reed"}}"#,
            "did you mean `red`?",
        ),
        ("", "error: "),
    ] {
        std::fs::write(&bad, document).map_err(|error| format!("{}: {error}", bad.display()))?;
        let (_, note) = ask(&bad, 2)?;
        if !note.contains(found) {
            return Err(format!("a document that is refused: found `{note}`, expected `{found}`"));
        }
    }
    Ok(())
}

/// What the command says of a campaign, as gates say it.
fn expected(root: &Path, name: &str) -> Result<(i32, String), String> {
    let mut command = Command::new("cargo");
    command
        .args(["run", "-q", "-p", "cleartosend-cli", "--", "check", "--json", "--no-config"])
        .arg(format!("examples/{name}"))
        .current_dir(root);
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    let decision: Value =
        serde_json::from_slice(&output.stdout).map_err(|error| format!("{command:?}: {error}"))?;
    let word = |value: &Value, name: &str| {
        value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let verdict = word(&decision, "verdict");
    let mut text = format!("{verdict}\n");
    for finding in decision.get("findings").and_then(Value::as_array).into_iter().flatten() {
        if word(finding, "verdict") == verdict {
            text.push_str(&format!("  {}\n", word(finding, "rule")));
        }
    }
    output.status.code().map(|code| (code, text)).ok_or_else(|| "ended by a signal".to_owned())
}

fn run(command: &mut Command, code: i32) -> Result<(String, String), String> {
    let output =
        command.output().map_err(|error| format!("{command:?} could not be started: {error}"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let note = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.code() == Some(code) {
        Ok((said, note))
    } else {
        Err(format!("{command:?}: {}, expected {code}\n{said}{note}", output.status))
    }
}
