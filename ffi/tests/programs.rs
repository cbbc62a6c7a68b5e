//! The C programs of `tests/c/`, each plain, under the sanitizers and under valgrind.
#![expect(clippy::disallowed_methods, reason = "tests read their data")]

mod installed;

use installed::{
    Mode, built, built_at, built_with, install, is_there, is_unoptimised, prefix, root, scratch,
    started, succeeds,
};
use std::process::Command;

fn run(name: &str, mode: Mode, arguments: &[&str]) {
    let is_cpp = root().join(format!("tests/c/{name}.cpp")).is_file();
    if !is_there(if mode == Mode::Valgrind { "valgrind" } else { "gcc" })
        || (is_cpp && !is_there("g++"))
    {
        return;
    }
    if mode == Mode::Valgrind && is_unoptimised() {
        installed::skipped("`cargo xtask full` runs this under valgrind, with optimised libraries");
        return;
    }
    // Built as plain, run under another.
    let program = built(name, mode);
    succeeds(started(&program, mode).args(arguments).current_dir(root()));
}

macro_rules! programs {
    ($($name:ident: plain $plain:expr, sanitized $sanitized:expr, valgrind $valgrind:expr;)+) => {
        $(
            mod $name {
                use super::*;

                #[test]
                fn plain() {
                    run(stringify!($name), Mode::Plain, &$plain);
                }

                #[test]
                fn under_the_sanitizers() {
                    run(stringify!($name), Mode::Sanitized, &$sanitized);
                }

                #[test]
                fn under_valgrind() {
                    run(stringify!($name), Mode::Valgrind, &$valgrind);
                }
            }
        )+
    };
}

programs! {
    decision: plain [], sanitized [], valgrind [];
    explanation: plain ["examples/turkey-2024.json"], sanitized ["examples/turkey-2024.json"], valgrind ["examples/turkey-2024.json"];
    base: plain [], sanitized [], valgrind [];
    facts: plain [], sanitized [], valgrind [];
    account: plain [], sanitized [], valgrind [];
    errors: plain ["packs/whatsapp"], sanitized ["packs/whatsapp"], valgrind ["packs/whatsapp"];
    packs: plain ["packs"], sanitized ["packs"], valgrind ["packs"];
    screen: plain ["examples/campaign-only.json"], sanitized ["examples/campaign-only.json"], valgrind ["examples/campaign-only.json"];
    nulls: plain ["examples/campaign-only.json"], sanitized ["examples/campaign-only.json"], valgrind ["examples/campaign-only.json"];
    misuse: plain [], sanitized [], valgrind [];
    outputs: plain [], sanitized [], valgrind [];
    wrapper: plain ["examples"], sanitized ["examples"], valgrind ["examples"];
    // Valgrind runs one thread at a time, fifty times slower.
    reload: plain ["2000"], sanitized ["500"], valgrind ["20"];
}

/// Audiences in files, each run with a folder of its own to write into.
mod tables {
    use super::*;

    fn run_in(mode: Mode) {
        let folder = scratch(&format!("tables-{mode:?}"));
        run("tables", mode, &["examples/campaign-only.json", &folder.display().to_string()]);
    }

    #[test]
    fn plain() {
        run_in(Mode::Plain);
    }

    #[test]
    fn under_the_sanitizers() {
        run_in(Mode::Sanitized);
    }

    #[test]
    fn under_valgrind() {
        run_in(Mode::Valgrind);
    }
}

/// It has all functions, and those of what was left out say so. It is built last, in the place of the
/// other.
#[test]
fn a_small_library_judges_and_says_what_it_lacks() {
    if !is_there("gcc") {
        return;
    }
    let whole = prefix();
    let small = install("small", &["--features", "none"]);
    for mode in [Mode::Plain, Mode::Sanitized] {
        let program = built_at("small", mode, &small.join("include"), &small.join("lib"));
        succeeds(started(&program, mode).arg("examples/clean-campaign.json").current_dir(root()));
    }
    let size = |prefix: &std::path::Path| {
        std::fs::metadata(prefix.join("lib/libcleartosend.so")).unwrap().len()
    };
    assert!(size(&small) * 3 < size(whole) * 2, "{} bytes", size(&small));
}

/// Under no tool: children of theirs have no threads either, and they look for leaks in what a
/// child leaves on purpose.
#[test]
fn a_child_of_a_fork_is_as_good_as_its_parent() {
    run("forks", Mode::Plain, &["examples/campaign-only.json"]);
}

/// No handler of the host's is run: what was thrown would go through frames that do not expect it.
#[test]
fn an_exception_of_an_audience_ends_the_process_by_name() {
    if !is_there("g++") {
        return;
    }
    let program = built("throws", Mode::Plain);
    let throwing = |function: &str| {
        Command::new(&program)
            .arg("examples/campaign-only.json")
            .arg(function)
            .current_dir(root())
            .output()
            .unwrap()
    };
    assert!(throwing("none").status.success());
    for function in [
        "get_schema",
        "release of the schema",
        "get_next",
        "get_last_error",
        "release of an array",
        "release",
    ] {
        let output = throwing(function);
        let printed = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), None, "{function} is not ended by a signal: {printed}");
        assert!(
            printed.contains(&format!("`{function}` of an audience threw an exception")),
            "{function}: {printed}"
        );
    }
}

/// A program that was built for an older header of the same interface works with the library of
/// today, and sees of it what it knows.
#[test]
fn programs_built_for_an_older_header_go_on_working() {
    if !is_there("gcc") {
        return;
    }
    let number = |header: &str, name: &str| -> u32 {
        let line = header
            .lines()
            .find_map(|line| line.strip_prefix("#define ")?.strip_prefix(name))
            .unwrap();
        line.trim().parse().unwrap()
    };
    let header =
        |path: &std::path::Path| std::fs::read_to_string(path.join("cleartosend.h")).unwrap();
    let today = header(&root().join("include"));
    let (oldest, newest) = (number(&today, "CTS_ABI_OLDEST "), number(&today, "CTS_ABI_VERSION "));
    assert!(
        oldest < newest,
        "nothing was added to the oldest interface that is served, so nothing is shown here"
    );
    for version in oldest..newest {
        let include = root().join(format!("tests/c/compat/{version}"));
        assert_eq!(
            number(&header(&include), "CTS_ABI_VERSION "),
            version,
            "the header in tests/c/compat/{version}"
        );
        for mode in [Mode::Plain, Mode::Sanitized] {
            succeeds(&mut started(&built_with("compat/older", mode, &include), mode));
            succeeds(
                started(&built_with("reload", mode, &include), mode).arg("500").current_dir(root()),
            );
        }
    }
}

#[test]
fn the_header_stands_alone_in_c_and_in_cpp() {
    for (tool, standard, language) in [
        ("gcc", "-std=c99", "-xc"),
        ("gcc", "-std=c11", "-xc"),
        ("g++", "-std=c++11", "-xc++"),
        ("g++", "-std=c++20", "-xc++"),
        ("clang", "-std=c99", "-xc"),
        ("clang", "-std=c11", "-xc"),
        ("clang++", "-std=c++11", "-xc++"),
        ("clang++", "-std=c++20", "-xc++"),
    ] {
        if !is_there(tool) {
            continue;
        }
        for program in ["tests/c/header.c", "tests/c/header_beside_arrow.c"] {
            let mut command = Command::new(tool);
            command.args([
                standard,
                language,
                "-Wall",
                "-Wextra",
                "-Wpedantic",
                "-Werror",
                "-fsyntax-only",
                "-I",
            ]);
            succeeds(command.arg(root().join("include")).arg(root().join(program)));
        }
    }
}

/// Every standard and compiler has its own way to say so, and what has none says nothing.
#[test]
fn a_status_that_is_overlooked_is_warned_of() {
    let place = scratch("overlooked").join("overlooked.c");
    let call = |looked: &str| {
        format!(
            "#include \"cleartosend.h\"\nint main(void) {{ cts_verdict v; \
             {looked}cts_decision_verdict(0, &v); return 0; }}\n"
        )
    };
    for (tool, standard, language) in [
        ("gcc", "-std=c99", "-xc"),
        ("gcc", "-std=c11", "-xc"),
        ("gcc", "-std=c2x", "-xc"),
        ("g++", "-std=c++11", "-xc++"),
        ("g++", "-std=c++20", "-xc++"),
        ("clang", "-std=c11", "-xc"),
        ("clang", "-std=c2x", "-xc"),
        ("clang++", "-std=c++20", "-xc++"),
    ] {
        if !is_there(tool) {
            continue;
        }
        for (looked, options, is_fine) in
            [("return ", &[][..], true), ("", &[], false), ("", &["-DCTS_NODISCARD="], true)]
        {
            std::fs::write(&place, call(looked)).unwrap();
            let mut command = Command::new(tool);
            command
                .args([standard, language, "-Wall", "-Wextra", "-Werror", "-c", "-o", "/dev/null"])
                .args(options);
            let output =
                command.arg("-I").arg(root().join("include")).arg(&place).output().unwrap();
            assert_eq!(
                output.status.success(),
                is_fine,
                "{tool} {standard} {options:?}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
    }
}

#[test]
fn every_function_of_the_header_is_misused() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).unwrap();
    let (header, misuse) = (read("include/cleartosend.h"), read("tests/c/misuse.c"));
    let functions: Vec<&str> = header
        .lines()
        .filter(|line| !line.starts_with([' ', '*', '/', '#']) && !line.starts_with("static"))
        .filter_map(|line| line.split_once('(')?.0.rsplit([' ', '*']).next())
        .filter(|name| name.starts_with("cts_"))
        .collect();
    assert!(functions.len() > 50, "{functions:?}");
    let forgotten: Vec<&&str> =
        functions.iter().filter(|name| !misuse.contains(&format!("{name}("))).collect();
    assert!(forgotten.is_empty(), "{forgotten:?}");
}

/// Tools without a preprocessor take one form of the header, and generators the other: both say what
/// the header says.
#[test]
fn the_definitions_for_other_languages_are_those_of_the_header() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).unwrap();
    let definition = "ffi/definitions/cleartosend.cdef.h";
    let (header, text) = (read("include/cleartosend.h"), read(definition));
    let api: serde_json::Value = serde_json::from_str(&read("ffi/definitions/api.json")).unwrap();
    assert!(!text.contains(['#', '\\']) && !text.contains("__") && !text.contains("extern"));
    let named = |list: &str| -> Vec<String> {
        let all = api[list].as_array().unwrap().iter();
        all.map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    let functions = named("functions");
    assert!(functions.len() > 90, "{functions:?}");
    for name in &functions {
        assert!(
            text.contains(&format!("{name}(")) && header.contains(&format!("{name}(")),
            "{name}"
        );
    }
    let declared = text.matches(");").count();
    // Arrow's structures have functions among their members.
    assert_eq!(declared - text.matches("(*").count(), functions.len());
    for handle in api["handles"].as_array().unwrap() {
        let free = handle["free"].as_str().unwrap().to_owned();
        assert!(functions.contains(&free), "{free}");
    }
    for function in api["functions"].as_array().unwrap() {
        assert!(
            function["doc"].as_str().is_some_and(|doc| !doc.is_empty()),
            "{} says nothing",
            function["name"]
        );
        let parameters = function["parameters"].as_array().unwrap();
        for (place, parameter) in parameters.iter().enumerate() {
            let next = parameters.get(place + 1).map(|next| &next["role"]);
            let is_measured =
                ["text", "bytes", "array"].contains(&parameter["role"].as_str().unwrap());
            assert!(!is_measured || next.is_some_and(|role| role == "length"), "{function}");
        }
    }
    if is_there("gcc") {
        let mut command = Command::new("gcc");
        command.args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only"]);
        command.args(["-include", "stddef.h", "-include", "stdint.h"]);
        succeeds(command.arg(root().join(definition)));
    }
}

/// Proves that the harness can fail: a program that uses a text after its decision was freed, and
/// one that frees nothing.
#[test]
fn the_sanitizers_and_valgrind_see_mistakes() {
    if !is_there("gcc") {
        return;
    }
    let (lib, include) = (prefix().join("lib"), prefix().join("include"));
    let head = "#include \"cleartosend.h\"\nint main(void) { cts_engine *e = NULL; cts_decision \
                *d = NULL; cts_str j;\nif (cts_engine_new_built_in(&e, NULL) != CTS_OK) return \
                0;\nif (cts_engine_check_json(e, CTS_LIT(\"{\\\"send_at\\\": \
                \\\"2026-03-02T15:00:00Z\\\"}\"), 0, &d, NULL) != CTS_OK) return 0;\nif \
                (cts_decision_json(d, &j) != CTS_OK) return 0;\n";
    let late = "cts_decision_free(d); cts_engine_free(e); return j.data[0] == '{' ? 0 : 1; }\n";
    let never = "d = NULL; e = NULL; return 0; }\n";
    for (name, end, options) in
        [("late", late, &["-fsanitize=address"][..]), ("late", late, &[]), ("never", never, &[])]
    {
        let source = scratch("wrong").join(format!("{name}.c"));
        let program = source.with_extension("");
        std::fs::write(&source, format!("{head}{end}")).unwrap();
        let mut compiler = Command::new("gcc");
        compiler
            .args(options)
            .arg("-I")
            .arg(&include)
            .arg("-o")
            .arg(&program)
            .arg(&source)
            .arg("-L")
            .arg(&lib);
        succeeds(compiler.arg("-lcleartosend").arg(format!("-Wl,-rpath,{}", lib.display())));
        let mode = if options.is_empty() { Mode::Valgrind } else { Mode::Sanitized };
        if mode == Mode::Valgrind && !is_there("valgrind") {
            continue;
        }
        let output = started(&program, mode).output().unwrap();
        assert!(!output.status.success(), "{name} {mode:?} went unseen");
    }
}
