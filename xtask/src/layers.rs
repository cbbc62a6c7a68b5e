//! Does every module of core import only from the leaves and from the stages above it?
//!
//! Sources are read as tokens, so that comments, strings and documentation never count, and every
//! path does: in a `use`, a type, an expression or a macro. A path counts when it begins with
//! `crate`, `self` or `super`. What is under `#[cfg(test)]` may import anything.
//!
//! Inside a stage, no file imports from the file of a module around it, and no files import from
//! each other in a circle: what several share has a file of its own. Every stage has a folder and
//! stands in ARCHITECTURE.md.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Modules that every stage uses. They import each other, and no stage.
const LEAVES: &[&str] = &[
    "csv",
    "digest",
    "json_schema",
    "language",
    "limits",
    "suggest",
    "ternary",
    "text",
    "time",
    "value",
    "verdict",
];

/// The stages, each below those that it may import from. `engine` comes last: it calls them all.
const STAGES: &[&str] = &[
    "schema",
    "directory",
    "clients",
    "endpoints",
    "form",
    "cel",
    "pack",
    "program",
    "compile",
    "facts",
    "resolve",
    "matching",
    "decide",
    "explain",
    "render",
    "screen",
    "analyse",
    "engine",
];

/// Checks all files of core. Every violation is printed with file and line.
///
/// # Errors
/// A violation, or a file that cannot be read as Rust.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    let source = root.join("core/src");
    let mut paths = Vec::new();
    rust_files(&source, &mut paths)?;
    paths.sort();
    let mut files = Vec::with_capacity(paths.len());
    for path in &paths {
        let modules = module_path(path.strip_prefix(&source).unwrap_or(path));
        let shown = path.strip_prefix(root).unwrap_or(path).display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| format!("{shown}: {error}"))?;
        let imports = imports(&text, &modules).map_err(|error| format!("{shown}: {error}"))?;
        files.push(File { shown, modules, imports });
    }
    let mut violations = Vec::new();
    for file in &files {
        violations.extend(between_stages(file));
    }
    violations.extend(inside_stages(&files));
    violations.extend(folders(&source));
    let page = "ARCHITECTURE.md";
    let text =
        std::fs::read_to_string(root.join(page)).map_err(|error| format!("{page}: {error}"))?;
    violations.extend(listed(&text).into_iter().map(|problem| format!("{page}: {problem}")));
    violations.iter().for_each(|violation| println!("{violation}"));
    println!("{} files of core read, {} violations", files.len(), violations.len());
    if violations.is_empty() {
        Ok(())
    } else {
        Err(format!("{} violations of the order of stages", violations.len()))
    }
}

/// One file of core.
struct File {
    /// Its path in the repository.
    shown: String,
    /// The module that it is; none for the root.
    modules: Vec<String>,
    imports: Vec<Import>,
}

/// What a file imports from stages that it may not import from.
fn between_stages(file: &File) -> Vec<String> {
    let Some(module) = file.modules.first() else { return Vec::new() };
    let mut problems = Vec::new();
    if rank(module).is_none() {
        problems.push(format!(
            "{}:1: `{module}` has no place in the order of stages; give it one in \
             xtask/src/layers.rs",
            file.shown
        ));
    }
    for import in &file.imports {
        if let Some(target) = import.path.first().filter(|target| *target != module)
            && let Some(problem) = problem(module, target)
        {
            problems.push(format!("{}:{}: {problem}", file.shown, import.line));
        }
    }
    // Of several names out of one module, one tells.
    problems.dedup();
    problems
}

/// What files import from the modules around them, and in circles.
fn inside_stages(files: &[File]) -> Vec<String> {
    let known: BTreeSet<&[String]> = files.iter().map(|file| file.modules.as_slice()).collect();
    let mut problems = Vec::new();
    let mut edges: BTreeMap<&[String], BTreeSet<&[String]>> = BTreeMap::new();
    for file in files {
        let own = file.modules.as_slice();
        let Some(stage) = own.first() else {
            continue;
        };
        for import in &file.imports {
            let Some(target) = (1..=import.path.len())
                .rev()
                .filter_map(|end| import.path.get(..end))
                .find_map(|path| known.get(path).copied())
                .filter(|target| *target != own && target.first() == Some(stage))
            else {
                continue;
            };
            if own.starts_with(target) {
                problems.push(format!(
                    "{}:{}: `{}` imports `{}` from the module around it; name the file that holds \
                     it, or give it one",
                    file.shown,
                    import.line,
                    own.join("::"),
                    import.path.get(target.len()..).unwrap_or_default().join("::"),
                ));
            } else {
                edges.entry(own).or_default().insert(target);
            }
        }
    }
    problems.extend(circles(&edges).iter().map(|circle| {
        let names: Vec<String> = circle.iter().map(|module| module.join("::")).collect();
        format!("core/src: these import from each other in a circle: {}", names.join(" → "))
    }));
    problems
}

/// One circle for each module that lies on one and is not on a circle told before.
fn circles<'m>(edges: &BTreeMap<&'m [String], BTreeSet<&'m [String]>>) -> Vec<Vec<&'m [String]>> {
    let mut reported: BTreeSet<&[String]> = BTreeSet::new();
    let mut circles = Vec::new();
    for start in edges.keys() {
        if reported.contains(start) {
            continue;
        }
        // Breadth first, so that the circle told is a short one.
        let mut before: BTreeMap<&[String], &[String]> = BTreeMap::new();
        let mut queue = vec![*start];
        let mut at = 0;
        while let Some(module) = queue.get(at).copied() {
            at += 1;
            for next in edges.get(module).into_iter().flatten() {
                if next == start {
                    let mut circle = vec![*start];
                    let mut step = Some(module);
                    while let Some(inside) = step.filter(|step| step != start) {
                        circle.push(inside);
                        step = before.get(inside).copied();
                    }
                    circle.push(*start);
                    circle.reverse();
                    reported.extend(&circle);
                    circles.push(circle);
                    queue.clear();
                    break;
                }
                if !before.contains_key(next) {
                    before.insert(next, module);
                    queue.push(next);
                }
            }
        }
    }
    circles
}

/// The stages that have no folder.
fn folders(source: &Path) -> Vec<String> {
    let missing = STAGES.iter().filter(|stage| !source.join(stage).is_dir());
    missing
        .map(|stage| format!("core/src: the stage `{stage}` has no folder; create or drop it"))
        .collect()
}

/// How the modules on the page differ from those here: the table of stages, in order, and the line
/// of leaves.
fn listed(page: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let table = page.lines().skip_while(|line| !line.starts_with("| module of core |")).skip(2);
    let stages: Vec<&str> = table
        .take_while(|line| line.starts_with('|'))
        .filter_map(|line| line.split('`').nth(1))
        .collect();
    if stages != STAGES {
        problems.push(format!(
            "the table of modules of core has {}; the order of stages is {}",
            stages.join(", "),
            STAGES.join(", ")
        ));
    }
    let leaves: Vec<&str> = page
        .lines()
        .find_map(|line| line.trim().strip_prefix("leaves:"))
        .map(|line| line.split_whitespace().collect())
        .unwrap_or_default();
    if leaves.iter().collect::<BTreeSet<_>>() != LEAVES.iter().collect() {
        problems.push(format!(
            "the leaves are listed as {}; they are {}",
            leaves.join(", "),
            LEAVES.join(", ")
        ));
    }
    problems
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let entries =
        std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries {
        let path = entry.map_err(|error| format!("{}: {error}", folder.display()))?.path();
        if path.is_dir() {
            rust_files(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && path.file_name().is_some_and(|name| name != "tests.rs")
        {
            // A `tests.rs` holds a test module that grew out of its file.
            files.push(path);
        }
    }
    Ok(())
}

/// The module that a file is: `schema/mod.rs` is `schema`, `cel/parse/number.rs` is
/// `cel::parse::number`, and `lib.rs` is the root, which declares the stages and may name them all.
fn module_path(file: &Path) -> Vec<String> {
    let mut path: Vec<String> =
        file.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if path.last().is_some_and(|name| name == "mod" || (name == "lib" && path.len() == 1)) {
        path.pop();
    }
    path
}

/// Why `module` may not import from `target`; `None` when it may.
fn problem(module: &str, target: &str) -> Option<String> {
    let own = rank(module)?;
    // Only `lib.rs` names things at the root; a stage that reaches one there hides which module it
    // comes from.
    let Some(other) = rank(target) else {
        return Some(format!(
            "`{module}` imports `{target}` from the root; name the module that holds it"
        ));
    };
    let word = |rank| if rank == 0 { "a leaf" } else { "a stage" };
    // Leaves share rank 0 and import each other; a stage imports itself.
    if other <= own {
        None
    } else {
        Some(format!(
            "`{module}`, {}, imports from `{target}`, {} below it",
            word(own),
            word(other)
        ))
    }
}

/// 0 for a leaf, then the stages from 1. `None` for what is no module of the pipeline.
fn rank(module: &str) -> Option<usize> {
    if LEAVES.contains(&module) {
        return Some(0);
    }
    STAGES.iter().position(|stage| *stage == module).map(|position| position + 1)
}

/// A path that a file names, from the root of the crate on.
#[derive(Debug, PartialEq, Eq)]
struct Import {
    line: usize,
    path: Vec<String>,
}

/// What one file imports, in order, outside its tests.
fn imports(text: &str, modules: &[String]) -> Result<Vec<Import>, String> {
    let tokens: TokenStream = text.parse().map_err(|error| format!("not Rust: {error}"))?;
    let mut found = Vec::new();
    walk(tokens, modules, &mut found);
    Ok(found)
}

/// `modules` is the module in which these tokens are.
fn walk(tokens: TokenStream, modules: &[String], found: &mut Vec<Import>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if is_cfg_test(tokens.get(at..at + 2)) {
            at = after_item(&tokens, at + 2);
            continue;
        }
        match token {
            // Who may see something is no import.
            TokenTree::Ident(word) if word == "pub" => {
                let is_limited = matches!(tokens.get(at + 1), Some(TokenTree::Group(group))
                    if group.delimiter() == Delimiter::Parenthesis);
                at += if is_limited { 2 } else { 1 };
            }
            // A macro that other crates use names what they can: the front door.
            TokenTree::Punct(mark) if mark.as_char() == '$' => {
                at += if matches!(tokens.get(at + 1), Some(TokenTree::Ident(_))) { 2 } else { 1 };
            }
            TokenTree::Ident(word) if word == "crate" => {
                at = path(&tokens, at + 1, &[], found);
            }
            TokenTree::Ident(word) if word == "self" && is_path_separator(&tokens, at + 1) => {
                at = path(&tokens, at + 1, modules, found);
            }
            TokenTree::Ident(word) if word == "super" => {
                let (up, next) = count_supers(&tokens, at);
                let around = modules.len().saturating_sub(up);
                at = path(&tokens, next, modules.get(..around).unwrap_or_default(), found);
            }
            TokenTree::Group(group) => {
                match inner_module(&tokens, at) {
                    Some(name) => {
                        let inner: Vec<String> = modules.iter().cloned().chain([name]).collect();
                        walk(group.stream(), &inner, found);
                    }
                    None => walk(group.stream(), modules, found),
                }
                at += 1;
            }
            _ => at += 1,
        }
    }
}

/// Reads what follows the beginning of a path, `::one::Thing` or `::{one, other::Thing}`, and tells
/// each path that it stands for. Gives where to go on.
fn path(tokens: &[TokenTree], mut at: usize, begin: &[String], found: &mut Vec<Import>) -> usize {
    let mut whole = begin.to_vec();
    let mut line = None;
    while is_path_separator(tokens, at) {
        match tokens.get(at + 2) {
            Some(TokenTree::Ident(word)) => {
                line = line.or(Some(word.span().start().line));
                whole.push(word.to_string());
                at += 3;
            }
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                let inside: Vec<TokenTree> = group.stream().into_iter().collect();
                let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ',');
                for part in inside.split(is_comma) {
                    let Some(TokenTree::Ident(word)) = part.first() else { continue };
                    let mut longer = whole.clone();
                    if word != "self" {
                        longer.push(word.to_string());
                    }
                    let before = found.len();
                    path(part, 1, &longer, found);
                    if found.len() == before {
                        let line = word.span().start().line;
                        found.push(Import { line, path: longer });
                    }
                }
                return at + 3;
            }
            _ => break,
        }
    }
    if let Some(line) = line {
        found.push(Import { line, path: whole });
    }
    at
}

/// How many `super` stand in a row, joined by `::`, and where the last one ends.
fn count_supers(tokens: &[TokenTree], mut at: usize) -> (usize, usize) {
    let mut up = 1;
    at += 1;
    while is_path_separator(tokens, at)
        && matches!(tokens.get(at + 2), Some(TokenTree::Ident(word)) if word == "super")
    {
        up += 1;
        at += 3;
    }
    (up, at)
}

fn is_path_separator(tokens: &[TokenTree], at: usize) -> bool {
    let colon = |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Punct(mark)) if mark.as_char() == ':');
    colon(tokens.get(at)) && colon(tokens.get(at + 1))
}

/// The name of the module whose body the group at `at` is: `mod name { … }`.
fn inner_module(tokens: &[TokenTree], at: usize) -> Option<String> {
    let before = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at));
    match (before(2), before(1)) {
        (Some(TokenTree::Ident(word)), Some(TokenTree::Ident(name))) if word == "mod" => {
            Some(name.to_string())
        }
        _ => None,
    }
}

/// Whether these are `#` and `[cfg(test)]`.
fn is_cfg_test(tokens: Option<&[TokenTree]>) -> bool {
    match tokens {
        Some([TokenTree::Punct(mark), TokenTree::Group(group)]) => {
            mark.as_char() == '#' && group.stream().to_string().replace(' ', "") == "cfg(test)"
        }
        _ => false,
    }
}

/// Where the item that starts at `at` ends: after its first braces or its semicolon.
fn after_item(tokens: &[TokenTree], at: usize) -> usize {
    let is_end = |token: &TokenTree| match token {
        TokenTree::Punct(mark) => mark.as_char() == ';',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    };
    tokens
        .iter()
        .enumerate()
        .skip(at)
        .find(|(_, token)| is_end(token))
        .map_or(tokens.len(), |(end, _)| end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The stages that a file imports from, but for its own.
    fn found(file: &str, text: &str) -> Vec<(usize, String)> {
        let modules = module_path(Path::new(file));
        let imports = imports(text, &modules).unwrap();
        let mut stages: Vec<(usize, String)> = imports
            .into_iter()
            .map(|mut import| (import.line, import.path.remove(0)))
            .filter(|(_, stage)| Some(stage) != modules.first())
            .collect();
        stages.dedup();
        stages
    }

    fn file(path: &str, text: &str) -> File {
        let modules = module_path(Path::new(path));
        let imports = imports(text, &modules).unwrap();
        File { shown: path.to_owned(), modules, imports }
    }

    #[test]
    fn paths_count_wherever_they_stand() {
        let text = "use crate::{value::{Value, Type}, time as t,\n verdict};\nfn f() -> \
                    crate::cel::Ast { vec![crate::pack::new()] }\n";
        let expected = [(1, "value"), (1, "time"), (2, "verdict"), (3, "cel"), (3, "pack")];
        assert_eq!(
            found("schema/mod.rs", text),
            expected.map(|(line, module)| (line, module.to_owned()))
        );
    }

    #[test]
    fn comments_strings_documentation_tests_and_visibility_do_not_count() {
        let text = "//! [`crate::resolve`]\n// crate::pack\npub(crate) fn f() -> &'static str { \
                    \"crate::cel::x\" }\n#[cfg(test)]\nmod tests { use crate::engine::Engine; \
                    }\n#[cfg(test)]\nuse crate::screen::S;\n";
        assert_eq!(found("facts/mod.rs", text), []);
        assert_eq!(
            found("facts/mod.rs", &format!("{text}use crate::decide::D;")),
            [(8, "decide".to_owned())]
        );
    }

    #[test]
    fn super_is_followed_to_the_root() {
        assert_eq!(
            found("cel/parse.rs", "use super::ast; use super::super::pack::Rule;"),
            [(1, "pack".to_owned())]
        );
        assert_eq!(
            found(
                "engine.rs",
                "use super::pack::Rule; mod inner { use super::Engine; use super::super::screen; }"
            )
            .len(),
            2
        );
        assert_eq!(
            found("cel/mod.rs", "use crate::cel::ast; use super::value::Value;"),
            [(1, "value".to_owned())]
        );
    }

    #[test]
    fn a_stage_imports_from_above_and_never_from_below() {
        assert_eq!(problem("cel", "schema"), None);
        assert_eq!(problem("cel", "value"), None);
        assert_eq!(problem("value", "time"), None);
        assert_eq!(problem("engine", "screen"), None);
        assert_eq!(
            problem("facts", "resolve"),
            Some("`facts`, a stage, imports from `resolve`, a stage below it".to_owned())
        );
        assert_eq!(
            problem("resolve", "Engine"),
            Some(
                "`resolve` imports `Engine` from the root; name the module that holds it"
                    .to_owned()
            )
        );
        assert_eq!(
            problem("value", "schema"),
            Some("`value`, a leaf, imports from `schema`, a stage below it".to_owned())
        );
    }

    #[test]
    fn inside_a_stage_nothing_is_imported_from_around_or_in_a_circle() {
        let stage = |one: &str, other: &str| {
            inside_stages(&[
                file("cel/mod.rs", "mod one; mod other; pub use one::One;"),
                file("cel/one.rs", one),
                file("cel/other.rs", other),
            ])
        };
        let fine = "use super::other::{self, Other}; pub(in super::super) struct One;";
        assert_eq!(stage(fine, "use crate::value::Value;"), [""; 0]);
        assert_eq!(
            stage(fine, "fn f() -> super::One { todo!() }"),
            [
                "cel/other.rs:1: `cel::other` imports `One` from the module around it; name the file \
              that holds it, or give it one"
            ]
        );
        assert_eq!(
            stage(fine, "use crate::cel::one;"),
            [
                "core/src: these import from each other in a circle: cel::one → cel::other → cel::one"
            ]
        );
    }

    #[test]
    fn the_page_lists_the_stages_in_order() {
        let rows: String = STAGES.iter().map(|stage| format!("| `{stage}` | What? |\n")).collect();
        let page = format!(
            "| module of core | question |\n| --- | --- |\n{rows}\n  leaves: {}\n",
            LEAVES.join("  ")
        );
        assert_eq!(listed(&page), [""; 0]);
        assert_eq!(listed(&page.replace("| `cel` | What? |\n", "")).len(), 1);
        assert_eq!(listed(&page.replace("ternary", "explain")).len(), 1);
    }

    #[test]
    fn files_are_the_modules_that_they_hold() {
        assert_eq!(module_path(Path::new("schema/mod.rs")), ["schema"]);
        assert_eq!(module_path(Path::new("time/zone.rs")), ["time", "zone"]);
        assert_eq!(module_path(Path::new("engine.rs")), ["engine"]);
        assert!(module_path(Path::new("lib.rs")).is_empty());
    }
}
