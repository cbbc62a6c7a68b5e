//! Notebooks of Jupyter: the code of their cells, and the commands among it.

use super::language::Language;
use crate::place::At;
use crate::tree::json::{self, Dialect};
use crate::tree::{Node, Tree};

/// The code of one cell.
pub(super) struct Cell {
    pub(super) at: At,
    pub(super) language: Language,
    /// Without the lines that a shell is handed.
    pub(super) code: String,
    /// Those lines.
    pub(super) commands: String,
}

/// The cells with code; `None` if the text is no notebook.
pub(super) fn cells(text: &str) -> Option<Vec<Cell>> {
    let tree: Tree<'_> = json::parse(text.trim_start_matches('\u{feff}'), Dialect::Json).ok()?;
    let root = tree.root();
    // Before the fourth version of the format, cells stood in sheets.
    let sheets = root.all("worksheets").flat_map(Node::items);
    let lists: Vec<Node<'_>> =
        std::iter::once(root).chain(sheets).flat_map(|sheet| sheet.all("cells")).collect();
    if lists.is_empty() {
        return None;
    }
    let language = language_of(root);
    let is_code = |cell: &Node<'_>| cell.text_of("cell_type").is_none_or(|kind| kind == "code");
    let cells = lists.into_iter().flat_map(Node::items).filter(is_code);
    let sources = cells.flat_map(|cell| cell.all("source").chain(cell.all("input")));
    Some(sources.map(|source| cell_of(source, language)).collect())
}

fn language_of(root: Node<'_>) -> Language {
    let named = |key, inner: &str| {
        root.all("metadata").flat_map(|metadata| metadata.all(key)).find_map(|of| of.text_of(inner))
    };
    match named("language_info", "name").or_else(|| named("kernelspec", "language")) {
        Some("javascript" | "typescript" | "deno") => Language::JavaScript,
        Some("bash" | "sh" | "shell" | "powershell") => Language::Shell,
        _ => Language::Python,
    }
}

fn cell_of(source: Node<'_>, language: Language) -> Cell {
    let parts = std::iter::once(source).chain(source.items());
    let text: String = parts.filter_map(Node::text).collect();
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    // A whole cell may be handed to another program.
    let magic = first.strip_prefix("%%").and_then(|rest| rest.split_whitespace().next());
    let language = match magic {
        Some("bash" | "sh" | "script" | "cmd" | "system" | "sx" | "!") => Language::Shell,
        Some("javascript" | "js" | "typescript") => Language::JavaScript,
        _ => language,
    };
    let (mut code, mut commands) = (String::new(), String::new());
    let mut goes_on = false;
    for line in text.lines() {
        let begin = line.trim_start();
        let is_command = goes_on || language == Language::Shell || begin.starts_with(['!', '%']);
        goes_on = is_command && line.trim_end().ends_with('\\');
        // What a command prints may be kept: `names = !pip install NAME`.
        let kept = line.split_once("= !").map(|(_, command)| command);
        let of = if is_command || kept.is_some() { &mut commands } else { &mut code };
        of.push_str(kept.unwrap_or(line));
        of.push('\n');
    }
    Cell { at: source.at, language, code, commands }
}
