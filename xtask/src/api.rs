//! What does the engine crate promise by name?
//!
//! In: the page *List of all items* that `cargo doc` writes of the crate, hidden modules left out.
//! Out: `core/api.txt`, a line each. A change of the front door is then a change of that file,
//! which a reviewer sees.

use std::path::Path;
use std::process::Command;

use crate::generate::Stale;

const LIST: &str = "core/api.txt";

/// Writes the list, or compares it with what the documentation has.
///
/// # Errors
/// The documentation cannot be made or read, or the list differs and may not be rewritten.
pub(crate) fn generate(root: &Path, stale: Stale) -> Result<(), String> {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    let status = Command::new("cargo")
        .args(["doc", "--quiet", "--package", "cleartosend", "--no-deps", "--all-features"])
        .current_dir(root)
        .status()
        .map_err(|error| format!("cargo could not be started: {error}"))?;
    if !status.success() {
        return Err(format!("cargo doc: {status}"));
    }
    let page = target.join("doc/cleartosend/all.html");
    let html =
        std::fs::read_to_string(&page).map_err(|error| format!("{}: {error}", page.display()))?;
    let wanted = list(&html);
    let found = std::fs::read_to_string(root.join(LIST)).unwrap_or_default();
    if found == wanted {
        println!("{LIST}: fresh");
        return Ok(());
    }
    if stale == Stale::Rewrite {
        println!("{LIST}: written");
        return std::fs::write(root.join(LIST), wanted).map_err(|error| format!("{LIST}: {error}"));
    }
    for line in wanted.lines().filter(|line| !found.lines().any(|old| old == *line)) {
        println!("+ {line}");
    }
    for line in found.lines().filter(|line| !wanted.lines().any(|new| new == *line)) {
        println!("- {line}");
    }
    Err(format!("{LIST} differs from what the crate has; if that is meant: cargo xtask api"))
}

/// Each item of the page as `struct pack::Pack`, by name.
fn list(html: &str) -> String {
    let mut items: Vec<(&str, &str)> = html
        .split("<a href=\"")
        .filter_map(|link| {
            let (address, rest) = link.split_once("\">")?;
            let (name, _) = rest.split_once("</a></li>")?;
            let kind = address.rsplit('/').next()?.split('.').next()?;
            (address.ends_with(".html") && !name.contains('<')).then_some((name, kind))
        })
        .collect();
    items.sort_unstable();
    items.iter().map(|(name, kind)| format!("{kind} {name}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn a_line_an_item_by_name() {
        let html = "<a href=\"index.html\">crate</a><h3 id=\"structs\">Structs</h3><ul><li><a \
                    href=\"pack/struct.Pack.html\">pack::Pack</a></li><li><a \
                    href=\"enum.Fact.html\">Fact</a></li></ul>";
        assert_eq!(list(html), "enum Fact\nstruct pack::Pack\n");
    }
}
