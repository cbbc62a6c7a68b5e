//! What does C see of the library, and did that change?
//!
//! The header is made from the sources of `ffi/`. Beside it, `ffi/abi/N.txt` holds what a compiled
//! program relies on: every declaration, and where each member of each structure lies. N is
//! `CTS_ABI_VERSION`, and what was committed for a number never changes again. What the numbers
//! from `CTS_ABI_OLDEST` on say is held to be said still.

mod definition;
mod header;
mod install;
mod licences;

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

pub(crate) use install::{Options, install, lay_out};
pub(crate) use licences::text as notices;

use crate::generate::Stale;

const HEADER: &str = "include/cleartosend.h";

/// Writes the header and, for a new number, the record of its binary interface; or compares both.
///
/// # Errors
/// A difference that may not be written, or no C compiler.
pub(crate) fn generate(root: &Path, stale: Stale) -> Result<(), String> {
    let header = header::text(root)?;
    fresh(root, HEADER, &header, stale)?;
    record(root, &header, stale)?;
    // After the record, which says since which number a function is there.
    for (name, text) in [
        ("ffi/definitions/cleartosend.cdef.h", definition::text(&header)?),
        ("ffi/definitions/api.json", definition::json(root, &header)?),
    ] {
        fresh(root, name, &text, stale)?;
    }
    Ok(())
}

/// Writes a file that is made from the sources, or compares it.
fn fresh(root: &Path, name: &str, text: &str, stale: Stale) -> Result<(), String> {
    let path = root.join(name);
    if std::fs::read_to_string(&path).is_ok_and(|found| found == text) {
        println!("{name}: fresh");
    } else if stale == Stale::Refuse {
        return Err(format!("{name} is stale; run `cargo xtask c`"));
    } else {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| format!("{name}: {error}"))?;
        }
        std::fs::write(&path, text).map_err(|error| format!("{name}: {error}"))?;
        println!("{name}: written");
    }
    Ok(())
}

/// Compares the binary interface with what was committed for its number.
fn record(root: &Path, header: &str, stale: Stale) -> Result<(), String> {
    let declarations = declarations(header);
    let version = version(header).ok_or("the header does not say CTS_ABI_VERSION")?;
    let wanted = format!(
        "The binary interface {version}: declarations, and the layout of structures where \
         pointers have 64 bits.\n\n{declarations}\n{}",
        layouts(root, &declarations)?
    );
    let oldest =
        number(header, "CTS_ABI_OLDEST ").ok_or("the header does not say CTS_ABI_OLDEST")?;
    let newest = version.parse::<u32>().map_err(|error| format!("CTS_ABI_VERSION: {error}"))?;
    for served in oldest..newest {
        let name = format!("ffi/abi/{served}.txt");
        let before = std::fs::read_to_string(root.join(&name))
            .map_err(|error| format!("{name}: {error}"))?;
        let gone = no_longer_said(&before, &wanted);
        if !gone.is_empty() {
            let message = "programs built for it would break, so raise CTS_ABI_OLDEST in \
                           ffi/src/version.rs, or take back the change of";
            return Err(format!("{name} is served no more; {message}: {}", gone.join(" | ")));
        }
    }
    let name = format!("ffi/abi/{version}.txt");
    let path = root.join(&name);
    match std::fs::read_to_string(&path) {
        Ok(found) if found == wanted => println!("{name}: the same"),
        Ok(_) => {
            return Err(format!(
                "the binary interface is no longer that of {name}: raise CTS_ABI_VERSION in \
                 ffi/src/version.rs and run `cargo xtask c`"
            ));
        }
        Err(_) if stale == Stale::Refuse => {
            return Err(format!("{name} is missing; run `cargo xtask c`"));
        }
        Err(_) => {
            std::fs::write(&path, wanted).map_err(|error| format!("{name}: {error}"))?;
            println!("{name}: written");
        }
    }
    Ok(())
}

fn version(header: &str) -> Option<&str> {
    header.lines().find_map(|line| line.strip_prefix("#define CTS_ABI_VERSION ")).map(str::trim)
}

fn number(header: &str, name: &str) -> Option<u32> {
    header
        .lines()
        .find_map(|line| line.strip_prefix("#define ")?.strip_prefix(name)?.trim().parse().ok())
}

/// What a record says that a newer one does not: functions, numbers, and places of members. That a
/// structure is larger is no difference.
fn no_longer_said(before: &str, now: &str) -> Vec<String> {
    let now = promises(now);
    promises(before).into_iter().filter(|promise| !now.contains(promise)).collect()
}

/// What programs rely on, each on a line of its own.
fn promises(record: &str) -> Vec<String> {
    let mut promises = Vec::new();
    let mut structure = "";
    for statement in record.split(';') {
        let words: Vec<&str> = statement.split_whitespace().collect();
        let function = words.iter().position(|word| word.starts_with("cts_") && word.contains('('));
        if let Some(at) = function.filter(|_| !statement.contains(['{', '}'])) {
            // A status that nobody may overlook is called as one that everybody may.
            let start =
                words.iter().take(at).position(|word| *word != "CTS_NODISCARD").unwrap_or(at);
            promises.push(words.get(start..).unwrap_or_default().join(" "));
        }
    }
    for line in record.lines() {
        let number = line
            .trim()
            .trim_end_matches(',')
            .split_once(" = ")
            .filter(|(name, _)| name.starts_with("CTS_"));
        if let Some((name, number)) = number {
            promises.push(format!("{name} = {number}"));
        } else if let Some((name, _)) = line
            .split_once(": ")
            .filter(|(name, rest)| name.starts_with("cts_") && rest.ends_with(" bytes"))
        {
            structure = name;
        } else if line.starts_with("  ") && line.contains(" at ") && line.ends_with(" bytes") {
            promises.push(format!("{structure}.{}", line.trim()));
        }
    }
    promises
}

/// The header without comments, directives, inline functions and empty lines.
fn declarations(header: &str) -> String {
    let mut kept = String::new();
    let mut rest = header;
    while let Some(start) = rest.find("/*") {
        let (before, comment) = rest.split_at(start);
        kept.push_str(before);
        rest = comment.find("*/").and_then(|end| comment.get(end + 2..)).unwrap_or_default();
    }
    kept.push_str(rest);
    let mut lines = String::new();
    let mut inline = false;
    for line in kept.lines().map(str::trim_end) {
        // An inline function ends at a brace in the first column.
        inline |= line.starts_with("static inline");
        let expected = !inline && !line.is_empty() && !line.trim_start().starts_with(['#', '\\']);
        inline &= line != "}";
        if expected {
            lines.push_str(line);
            lines.push('\n');
        }
    }
    lines
}

/// The functions that the header declares.
pub(crate) fn functions(header: &str) -> Vec<String> {
    let declarations = declarations(header);
    let mut names: Vec<String> = Vec::new();
    for (at, _) in declarations.match_indices('(') {
        let before = declarations.get(..at).unwrap_or_default();
        let start = before
            .rfind(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
            .map_or(0, |place| place + 1);
        let name = before.get(start..).unwrap_or_default();
        if name.starts_with("cts_") {
            names.push(name.to_owned());
        }
    }
    names.sort();
    names
}

/// Size, alignment and members' places of every structure, as the C compiler lays them out.
fn layouts(root: &Path, declarations: &str) -> Result<String, String> {
    let mut program = String::from(
        "#include <stddef.h>\n#include <stdio.h>\n#include \"cleartosend.h\"\nint main(void) {\n",
    );
    let mut structure = None;
    for line in declarations.lines() {
        if let Some(name) =
            line.strip_prefix("typedef struct ").and_then(|rest| rest.strip_suffix(" {"))
        {
            let _ = writeln!(
                program,
                "  printf(\"%s: %u bytes\\n\", \"{name}\", (unsigned)sizeof({name}));"
            );
            structure = Some(name);
        } else if line.starts_with('}') {
            structure = None;
        } else if let Some(structure) = structure {
            let member = line.trim_end_matches(';').rsplit([' ', '*']).next().unwrap_or_default();
            let place = format!(
                "(unsigned)offsetof({structure}, {member}), (unsigned)sizeof((({structure} \
                 *)0)->{member})"
            );
            let _ =
                writeln!(program, "  printf(\"  %s at %u, %u bytes\\n\", \"{member}\", {place});");
        }
    }
    // Linking is left out: the inline functions of the header call the library.
    program.push_str("  return 0;\n}\n");
    let folder = std::env::temp_dir().join(format!("cleartosend-abi-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let outcome = compiled_and_run(root, &folder, &program);
    let _ = std::fs::remove_dir_all(&folder);
    outcome
}

fn compiled_and_run(root: &Path, folder: &Path, program: &str) -> Result<String, String> {
    let (source, binary) = (folder.join("layout.c"), folder.join("layout"));
    // The one function that an inline one calls, so that nothing needs the library.
    let program =
        format!("{program}int32_t cts_abi_serves(uint32_t version) {{ return version != 0; }}\n");
    std::fs::write(&source, program).map_err(|error| format!("{}: {error}", source.display()))?;
    let compiled = Command::new("cc")
        .arg("-I")
        .arg(root.join("include"))
        .arg("-o")
        .arg(&binary)
        .arg(&source)
        .status();
    if !compiled.map_err(|error| format!("`cc` could not be started: {error}"))?.success() {
        return Err("the header does not compile".to_owned());
    }
    let output =
        Command::new(&binary).output().map_err(|error| format!("{}: {error}", binary.display()))?;
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "/* cts_not(this) */\n#define CTS_ABI_VERSION 7\ntypedef struct cts_a \
                          {\n  /** one */\n  int b;\n} cts_a;\n\n/** two */\nint cts_do(cts_a \
                          *a,\n           int b);\nstatic inline int cts_in(void)\n{\n  return \
                          cts_do(0, 1);\n}\n";

    #[test]
    fn declarations_are_what_a_compiled_program_relies_on() {
        assert_eq!(
            declarations(HEADER),
            "typedef struct cts_a {\n  int b;\n} cts_a;\nint cts_do(cts_a *a,\n           int \
             b);\n"
        );
        assert_eq!(functions(HEADER), ["cts_do"]);
        assert_eq!(version(HEADER), Some("7"));
        assert_eq!(number("#define CTS_ABI_OLDEST 5\n", "CTS_ABI_OLDEST "), Some(5));
    }

    #[test]
    fn an_interface_that_only_has_more_serves_what_went_before() {
        const BEFORE: &str = "cts_status cts_do(cts_a *a,\n                  int b);\nenum cts_c \
                              {\n  CTS_ONE = 1,\n};\ncts_a: 8 bytes\n  size at 0, 8 bytes\n";
        const MORE: &str = "CTS_NODISCARD cts_status cts_do(cts_a *a, int b);\nint \
                            cts_more(void);\nenum cts_c {\n  CTS_ONE = 1,\n  CTS_TWO = \
                            2,\n};\ncts_a: 16 bytes\n  size at 0, 8 bytes\n  more at 8, 8 bytes\n";
        assert_eq!(no_longer_said(BEFORE, MORE), [""; 0]);
        for (from, to, gone) in [
            ("int b)", "long b)", "cts_status cts_do(cts_a *a, int b)"),
            ("CTS_ONE = 1", "CTS_ONE = 0", "CTS_ONE = 1"),
            ("size at 0", "size at 4", "cts_a.size at 0, 8 bytes"),
        ] {
            assert_eq!(no_longer_said(BEFORE, &MORE.replace(from, to)), [gone]);
        }
    }
}
