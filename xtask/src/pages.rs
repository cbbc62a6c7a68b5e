//! Does every page lead somewhere, and something lead to every page?
//!
//! In: the Markdown files of the repository. A link to a file that is not there is wrong, and so is
//! a page of the documentation that nobody reaches from the README by following links.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Where readers begin.
const FRONT: &str = "README.md";

/// Folders whose pages have to be reached, beside those of the root.
const READ: [&str; 6] = ["docs", "examples", "js/package", "packs", "python", "xtask"];

/// Folders that are not ours, or hold pages as data; those of tools begin with a dot.
const PASSED: [&str; 5] = ["target", "node_modules", "tests", "fuzz", "benches"];

/// Checks the links of all pages.
///
/// # Errors
/// Every link to nothing, and every page that is not reached.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    let mut pages = BTreeSet::new();
    collect(root, Path::new(""), &mut pages)?;
    let mut wrong = Vec::new();
    let mut reached = BTreeSet::new();
    let mut open = vec![PathBuf::from(FRONT)];
    for page in &pages {
        for (line, target) in links(root, page)? {
            if !root.join(&target).exists() {
                wrong.push(format!(
                    "{}:{line}: the link leads to {}, which is not there",
                    page.display(),
                    target.display()
                ));
            }
        }
    }
    while let Some(page) = open.pop() {
        // A link to a folder shows its page.
        let page = if root.join(&page).is_dir() { page.join(FRONT) } else { page };
        if !pages.contains(&page) || !reached.insert(page.clone()) {
            continue;
        }
        open.extend(links(root, &page)?.into_iter().map(|(_, target)| target));
    }
    let is_read = |page: &&PathBuf| {
        page.components().count() == 1 || READ.iter().any(|folder| page.starts_with(folder))
    };
    let lost = pages.iter().filter(is_read).filter(|page| !reached.contains(*page));
    wrong.extend(lost.map(|page| format!("{}: no link from {FRONT} leads here", page.display())));
    if wrong.is_empty() {
        println!("{} pages, each reached, and no link to nothing", pages.len());
        Ok(())
    } else {
        Err(wrong.join("\n"))
    }
}

fn collect(root: &Path, folder: &Path, pages: &mut BTreeSet<PathBuf>) -> Result<(), String> {
    let place = root.join(folder);
    let unreadable = |error| format!("{}: {error}", place.display());
    for entry in fs::read_dir(&place).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name();
        let path = folder.join(&name);
        let kind = entry.file_type().map_err(unreadable)?;
        let is_passed = || {
            name.as_encoded_bytes().starts_with(b".")
                || PASSED.iter().any(|passed| name == **passed)
        };
        if kind.is_dir() && !is_passed() {
            collect(root, &path, pages)?;
        } else if kind.is_file() && path.extension().is_some_and(|ending| ending == "md") {
            pages.insert(path);
        }
    }
    Ok(())
}

/// The files that a page links to, from the top of the repository, each with its line.
fn links(root: &Path, page: &Path) -> Result<Vec<(usize, PathBuf)>, String> {
    let text = fs::read_to_string(root.join(page))
        .map_err(|error| format!("{}: {error}", page.display()))?;
    let folder = page.parent().unwrap_or(Path::new(""));
    let targets = targets(&text).into_iter();
    Ok(targets.map(|(line, target)| (line, plain(&folder.join(target)))).collect())
}

/// What stands behind `](`, up to the part of a page, outside of fences; no addresses.
fn targets(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        for behind in line.split("](").skip(1) {
            let target = behind.split([')', '#', ' ']).next().unwrap_or_default();
            if !target.is_empty() && !target.contains(':') {
                found.push((number + 1, target));
            }
        }
    }
    found
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_read_with_their_lines() {
        let text = "a [b](c.md#d), [e](https://example.com/)\n```\n[f](g.md)\n```\n[h](../i/)\n";
        assert_eq!(targets(text), [(1, "c.md"), (5, "../i/")]);
        assert_eq!(plain(Path::new("docs/guides/../i/./k.md")), Path::new("docs/i/k.md"));
    }
}
