//! Does every module of core import only from the leaves and from the stages above it?
//!
//! Sources are read as tokens, so that comments, strings and documentation never count, and every
//! path does: in a `use`, a type, an expression or a macro. A path counts when it begins with
//! `crate` or `super` and leads into another top-level module. What is under `#[cfg(test)]` may
//! import anything.

use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Modules that every stage uses. They import each other, and no stage.
const LEAVES: &[&str] =
    &["csv", "digest", "limits", "suggest", "ternary", "text", "time", "value", "verdict"];

/// The stages, each below those that it may import from. `engine` comes last: it calls them all.
const STAGES: &[&str] = &[
    "schema",
    "cel",
    "directory",
    "pack",
    "program",
    "compile",
    "facts",
    "account",
    "resolve",
    "matching",
    "decide",
    "explain",
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
    let mut files = Vec::new();
    rust_files(&source, &mut files)?;
    files.sort();
    let mut violations = 0;
    for file in &files {
        let inside = file.strip_prefix(&source).unwrap_or(file);
        let modules = module_path(inside);
        let Some(module) = modules.first() else { continue };
        let shown = file.strip_prefix(root).unwrap_or(file).display();
        let text = std::fs::read_to_string(file).map_err(|error| format!("{shown}: {error}"))?;
        let imports = imports(&text, &modules).map_err(|error| format!("{shown}: {error}"))?;
        if rank(module).is_none() {
            println!(
                "{shown}:1: `{module}` has no place in the order of stages; give it one in \
                 xtask/src/layers.rs"
            );
            violations += 1;
        }
        for import in imports {
            if let Some(problem) = problem(module, &import.module) {
                println!("{shown}:{}: {problem}", import.line);
                violations += 1;
            }
        }
    }
    println!("{} files of core read, {violations} violations", files.len());
    if violations == 0 {
        Ok(())
    } else {
        Err(format!("{violations} imports break the order of stages"))
    }
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

/// A path into another top-level module.
#[derive(Debug, PartialEq, Eq)]
struct Import {
    line: usize,
    module: String,
}

/// What one file imports, in order, outside its tests.
fn imports(text: &str, modules: &[String]) -> Result<Vec<Import>, String> {
    let tokens: TokenStream = text.parse().map_err(|error| format!("not Rust: {error}"))?;
    let mut found = Vec::new();
    walk(tokens, modules.len(), &mut found);
    found.retain(|import| modules.first() != Some(&import.module));
    Ok(found)
}

/// `depth` is how many modules deep these tokens are, so that `super` can be followed up to the
/// root.
fn walk(tokens: TokenStream, depth: usize, found: &mut Vec<Import>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if is_cfg_test(tokens.get(at..at + 2)) {
            at = after_item(&tokens, at + 2);
            continue;
        }
        match token {
            TokenTree::Ident(word) if word == "crate" => {
                at = path_from_root(&tokens, at + 1, found)
            }
            TokenTree::Ident(word) if word == "super" => {
                let (up, next) = count_supers(&tokens, at);
                at = if up == depth { path_from_root(&tokens, next, found) } else { next };
            }
            TokenTree::Group(group) => {
                let inner = if is_module_body(&tokens, at) { depth + 1 } else { depth };
                walk(group.stream(), inner, found);
                at += 1;
            }
            _ => at += 1,
        }
    }
}

/// Reads what follows `crate` or the last `super`: `::module…`, or `::{one, other::Thing}`. Gives
/// where to go on.
fn path_from_root(tokens: &[TokenTree], at: usize, found: &mut Vec<Import>) -> usize {
    if !is_path_separator(tokens, at) {
        return at;
    }
    match tokens.get(at + 2) {
        Some(TokenTree::Ident(module)) => {
            found.push(Import { line: module.span().start().line, module: module.to_string() });
            at + 3
        }
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
            let mut first = true;
            for token in group.stream() {
                match token {
                    TokenTree::Ident(module) if first => {
                        found.push(Import {
                            line: module.span().start().line,
                            module: module.to_string(),
                        });
                        first = false;
                    }
                    TokenTree::Punct(mark) if mark.as_char() == ',' => first = true,
                    _ => {}
                }
            }
            at + 3
        }
        _ => at + 2,
    }
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

/// Whether the group at `at` is the body of `mod name { … }`.
fn is_module_body(tokens: &[TokenTree], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at));
    matches!(before(2), Some(TokenTree::Ident(word)) if word == "mod")
        && matches!(before(1), Some(TokenTree::Ident(_)))
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

    fn found(file: &str, text: &str) -> Vec<(usize, String)> {
        let imports = imports(text, &module_path(Path::new(file))).unwrap();
        imports.into_iter().map(|import| (import.line, import.module)).collect()
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
        assert_eq!(problem("engine", "analyse"), None);
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
    fn files_are_the_modules_that_they_hold() {
        assert_eq!(module_path(Path::new("schema/mod.rs")), ["schema"]);
        assert_eq!(module_path(Path::new("time/zone.rs")), ["time", "zone"]);
        assert_eq!(module_path(Path::new("engine.rs")), ["engine"]);
        assert!(module_path(Path::new("lib.rs")).is_empty());
    }
}
