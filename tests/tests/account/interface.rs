//! The calls of the account book are where the reference says they are.
#![expect(clippy::disallowed_methods, reason = "tests read their data from files")]
#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::path::PathBuf;

fn text(path: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names in the cells of a column, without what stands in brackets behind them.
fn names(rows: &[Vec<String>], column: usize) -> Vec<String> {
    let quoted = |cell: &String| -> Vec<String> {
        cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    };
    rows.iter().flat_map(|row| quoted(&row[column])).collect()
}

/// From one text to another.
fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("no {from}"));
    rest.split_once(to).map_or(rest, |(found, _)| found)
}

#[test]
fn each_call_of_the_table_is_there_and_each_call_that_is_there_is_in_the_table() {
    let reference = text("docs/reference/account.md");
    let table = between(&reference, "## Where each call is", "\n## ");
    let rows: Vec<Vec<String>> = table
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| ---"))
        .skip(1)
        .map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect();
    assert!(rows.len() > 15 && rows.iter().all(|row| row.len() == 5), "{rows:?}");

    let sources = ["account/src/book/mod.rs", "account/src/book/erase.rs"].map(text);
    let book = sources.concat() + &text("account/src/project.rs");
    let in_rust = names(&rows, 1);
    for name in &in_rust {
        assert!(
            book.contains(&format!("pub fn {name}(")) || book.contains(&format!("pub fn {name}<")),
            "Rust has no `{name}`"
        );
    }
    let methods = sources.iter().map(|source| between(source, "impl Book {", "\n}\n"));
    for method in methods.flat_map(|methods| methods.split("    pub fn ").skip(1)) {
        let name = method.split(['(', '<']).next().unwrap();
        let is_plain = name == "is_empty";
        assert!(is_plain || in_rust.iter().any(|known| known == name), "`{name}` in no row");
    }

    let header = text("include/cleartosend.h");
    let in_c = names(&rows, 2);
    for name in &in_c {
        assert!(header.contains(&format!(" {name}(")), "C has no `{name}`");
    }
    for declared in header.match_indices(" cts_account").map(|(at, _)| &header[at + 1..]) {
        let name = declared.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        let name = name.clone().next().unwrap();
        if declared.starts_with(&format!("{name}(")) && name != "cts_account_free" {
            assert!(in_c.iter().any(|known| known == name), "`{name}` in no row");
        }
    }

    let stubs = text("python/package/cleartosend/_core.pyi");
    let account = between(&stubs, "class Account:", "\n@final");
    let in_python = names(&rows, 3);
    for name in in_python.iter().filter(|name| name.bytes().all(|byte| byte != b'(')) {
        let found = account.contains(&format!("def {name}("))
            || stubs.contains(&format!("    def {name}(")) && name == "project";
        assert!(found || name == "Engine", "Python has no `{name}`");
    }
    for method in account.split("    def ").skip(1) {
        let name = method.split('(').next().unwrap();
        let known = in_python.iter().any(|known| known == name);
        assert!(known || name.starts_with("__"), "`{name}` in no row");
    }

    let commands = text("cli/src/arguments/account.rs");
    for name in names(&rows, 4) {
        let variant: String = match name.strip_prefix("cts check --") {
            Some(_) => continue,
            None => name[..1].to_uppercase() + &name[1..],
        };
        assert!(commands.contains(&format!("    {variant}(")), "no command `{name}`");
    }
}
