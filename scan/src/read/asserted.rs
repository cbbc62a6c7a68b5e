//! Is an address one that a test compares with, or one that a program opens?
//!
//! No language is parsed. What is not surely a comparison counts as use: only a selector of a
//! page's elements, an argument of a known comparison, a side of `==` in an assertion, and a
//! variable of which nothing else is made.

use super::language::Language;
use super::line::is_comment;
use crate::place::line_before;

/// LIMIT: bytes before an address that say what it is given to.
const STATEMENT_BYTES_MAX: usize = 1_024;

/// LIMIT: uses of one variable; one with more counts as opened.
const USES_MAX: usize = 64;

/// What compares its arguments, by its name in small letters without `_`.
const COMPARISONS: &[&str] = &[
    "assert",
    "assertattribute",
    "assertcalledoncewith",
    "assertcalledwith",
    "assertcontains",
    "asserteq",
    "assertequal",
    "assertequals",
    "assertin",
    "assertnotequal",
    "assertnotin",
    "assertsame",
    "assertstringcontainsstring",
    "assertstringstartswith",
    "assertthat",
    "areequal",
    "deepequal",
    "deepstrictequal",
    "expect",
    "havecurrentpath",
    "haveselector",
    "isequalto",
    "should",
    "strictequal",
    "stringcontaining",
    "stringmatching",
    "tobe",
    "tocontain",
    "tocontainequal",
    "tocontaintext",
    "toequal",
    "tohaveattr",
    "tohaveattribute",
    "tohavebeencalledwith",
    "tohavebeenlastcalledwith",
    "tohavehref",
    "tohaveproperty",
    "tohavetext",
    "tohaveurl",
    "tomatch",
    "tostrictequal",
];

/// What compares within an assertion, and may be anything elsewhere.
const WITHIN_ASSERTIONS: &[&str] = &[
    "and",
    "compile",
    "contain",
    "contains",
    "endswith",
    "eq",
    "eql",
    "equal",
    "equals",
    "equalto",
    "include",
    "includes",
    "indexof",
    "is",
    "regexp",
    "startswith",
];

/// Whether a link is one that a test or a search of a page compares with, and does not open.
pub(super) fn is_asserted(text: &str, at: usize, language: Language) -> bool {
    let before = window(text, at);
    if is_in_selector(before) {
        return true;
    }
    let Some(before) = before_literal(before) else { return false };
    is_compared(before) || is_compared_by_name(text, before, language)
}

/// The end of what stands before a place.
fn window(text: &str, at: usize) -> &str {
    let mut start = at.saturating_sub(STATEMENT_BYTES_MAX);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    text.get(start..at).unwrap_or_default()
}

/// Whether an address stands in a selector: `a[href^="…`, `//a[@href='…`, `contains(@href, '…`.
fn is_in_selector(before: &str) -> bool {
    let before = ["https://", "http://", "//"]
        .iter()
        .find_map(|scheme| before.strip_suffix(scheme))
        .unwrap_or(before);
    let before = before.trim_end_matches(['"', '\'', '`', '\\']);
    match before.strip_suffix('=') {
        Some(before) => {
            let before = before.strip_suffix(['^', '*', '$', '~']).unwrap_or(before);
            before.ends_with("[href") || before.ends_with("[@href")
        }
        None => before.trim_end().ends_with("(@href,"),
    }
}

/// What stands before the literal that begins with an address; `None` if something else stands in
/// it before.
fn before_literal(before: &str) -> Option<&str> {
    // An expression: `toHaveURL(/wa.me/)`.
    let pattern = [r"https:\/\/", r"https?:\/\/"]
        .iter()
        .find_map(|scheme| before.strip_suffix(scheme))
        .unwrap_or(before);
    let pattern = pattern.strip_suffix('^').unwrap_or(pattern).strip_suffix('/');
    if let Some(before) = pattern.filter(|before| before.trim_end().ends_with(['(', ','])) {
        return Some(before);
    }
    let before = ["https://", "http://"]
        .iter()
        .find_map(|scheme| before.strip_suffix(scheme))
        .unwrap_or(before);
    let before = before.strip_suffix(['"', '\'', '`']).filter(|before| !before.ends_with('\\'))?;
    // Python's marks of a literal: `f"…"`.
    let marked = before.strip_suffix(['f', 'r', 'u', 'b']);
    Some(marked.filter(|before| !before.ends_with(is_word)).unwrap_or(before))
}

/// Whether what follows is compared with something.
fn is_compared(before: &str) -> bool {
    let code = before.trim_end();
    if code.ends_with("==") || code.ends_with("!=") {
        return is_assertion(code);
    }
    let (rest, word) = last_word(code);
    if !word.is_empty() {
        // `assert "…" in links`, `to eq "…"`
        let is_apart = code.len() < before.len();
        return is_apart
            && (is_comparison(rest, word)
                || (word == "not" && last_word(rest.trim_end()).1 == "assert"));
    }
    // `have_link("…", href: "…")` of Capybara.
    if let Some(code) = code.strip_suffix("href:") {
        return call_around(code).is_some_and(|called| last_word(called).1 == "have_link");
    }
    if !code.ends_with(['(', ',', '[']) {
        return false;
    }
    let Some(called) = call_around(code) else { return false };
    // `assert_eq!(…)` of Rust.
    let (receiver, name) = last_word(called.strip_suffix('!').unwrap_or(called));
    is_comparison(receiver, name)
        || (["attr", "attribute"].contains(&name) && receiver.ends_with("have."))
}

/// Whether a name is that of a comparison, where it stands.
fn is_comparison(before: &str, name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('_', "");
    COMPARISONS.contains(&&*name)
        || (WITHIN_ASSERTIONS.contains(&&*name)
            && (name != "and" || before.ends_with('.'))
            && is_assertion(before))
}

/// The word at the end, and what stands before it.
fn last_word(text: &str) -> (&str, &str) {
    text.split_at(text.trim_end_matches(is_word).len())
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$')
}

/// The text up to the bracket of the innermost call whose argument stands at the end. A list in it
/// is none of its own; a block, an object or what cannot be told is no argument.
fn call_around(before: &str) -> Option<&str> {
    let mut depth = 0_usize;
    let mut quote = None;
    let bytes = before.as_bytes();
    for (at, byte) in bytes.iter().copied().enumerate().rev() {
        let left = at.checked_sub(1).and_then(|left| bytes.get(left)).copied().unwrap_or(b' ');
        match (quote, byte) {
            // What a comment holds is no code.
            (None, b'/') if left == b'/' || left == b'*' => return None,
            (None, b'#') | (Some(_), b'\n') => return None,
            (Some(open), _) if byte == open && left != b'\\' => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'' | b'`') => quote = Some(byte),
            (None, b')' | b']' | b'}') => depth += 1,
            (None, b'(' | b'[' | b'{') if depth > 0 => depth -= 1,
            (None, b'(') => return before.get(..at),
            (None, b'[') if !is_word(left.into()) && left != b')' && left != b']' => {}
            (None, b'[' | b'{' | b';') if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// Whether the statement that ends there asserts something.
fn is_assertion(before: &str) -> bool {
    let statement = before.get(statement_start(before)..).unwrap_or_default().to_ascii_lowercase();
    ["assert", "expect(", ".should", "require.", "refute"].iter().any(|word| {
        statement.match_indices(word).any(|(at, _)| {
            let before = statement.get(..at).unwrap_or_default();
            word.starts_with('.') || !before.ends_with(|c| is_word(c) || matches!(c, '"' | '\''))
        })
    })
}

/// Where the last statement of a text begins, whose calls may go on over lines.
fn statement_start(before: &str) -> usize {
    let mut depth = 0_usize;
    let mut quote = None;
    let bytes = before.as_bytes();
    for (at, byte) in bytes.iter().copied().enumerate().rev() {
        let left = at.checked_sub(1).and_then(|left| bytes.get(left)).copied().unwrap_or(b' ');
        let goes_on =
            || before.get(at + 1..).is_some_and(|rest| rest.trim_start().starts_with(['.', ')']));
        match (quote, byte) {
            (Some(_), b'\n') => return at + 1,
            (Some(open), _) if byte == open && left != b'\\' => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'' | b'`') => quote = Some(byte),
            (None, b')' | b']' | b'}') => depth += 1,
            (None, b'(' | b'[' | b'{') if depth > 0 => depth -= 1,
            (None, b';' | b'{') if depth == 0 => return at + 1,
            (None, b'\n') if depth == 0 && !goes_on() => return at + 1,
            _ => {}
        }
    }
    0
}

/// Whether a variable is given the literal, of which nothing is made but comparisons.
fn is_compared_by_name(text: &str, before: &str, language: Language) -> bool {
    const KEYWORDS: &[&str] =
        &["const", "let", "var", "val", "final", "static", "readonly", "string", "str", "auto"];
    const TYPES: &[&str] = &["string", "str"];
    /// Attributes and properties that open what they are given, or hold it for others.
    const OTHERS: &[&str] = &["href", "location", "src", "action"];
    let Some(declared) = before.trim_end().strip_suffix('=') else { return false };
    let declared = declared.strip_suffix(':').unwrap_or(declared).trim_end();
    let (typed, kind) = last_word(declared);
    let is_typed = TYPES.contains(&kind.to_ascii_lowercase().as_str());
    let declared = typed.trim_end().strip_suffix(':').filter(|_| is_typed).unwrap_or(declared);
    let (lead, name) = last_word(declared.trim_end());
    let line = lead.rsplit(['\n', ';']).next().unwrap_or(lead);
    let keyword = last_word(line.trim_end()).1.to_ascii_lowercase();
    // Another file may open what it is handed.
    let is_others = ["export", "pub"].iter().any(|word| line.trim_start().starts_with(word));
    let is_declared = line.trim().is_empty() || (KEYWORDS.contains(&&*keyword) && !is_others);
    if name.is_empty()
        || !is_declared
        || OTHERS.contains(&name.to_ascii_lowercase().as_str())
        // An argument that is given by its name.
        || call_around(lead).is_some()
    {
        return false;
    }
    let declaration = place_in(text, name);
    let mut compared = 0_usize;
    for (at, _) in text.match_indices(name) {
        let is_part = text.get(..at).is_some_and(|before| before.ends_with(is_word))
            || text.get(at + name.len()..).is_some_and(|after| after.starts_with(is_word));
        let is_told = is_comment(text, at, language) || is_title(text, at);
        if is_part || Some(at) == declaration || is_told {
            continue;
        }
        compared += 1;
        if compared > USES_MAX || !is_compared(before_name(window(text, at))) {
            return false;
        }
    }
    compared > 0
}

/// Where a part of a text stands in it.
fn place_in(text: &str, part: &str) -> Option<usize> {
    (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)
}

/// What stands before a name, with what it is a member of, or before the template that it begins.
fn before_name(mut before: &str) -> &str {
    while let Some(of) = before.strip_suffix('.') {
        before = last_word(of).0;
    }
    before
        .strip_suffix("`${")
        .or_else(|| before.strip_suffix("f\"{"))
        .or_else(|| before.strip_suffix("f'{"))
        .unwrap_or(before)
}

/// Whether that place is a word of what a test is called.
fn is_title(text: &str, at: usize) -> bool {
    let quotes = ['"', '\'', '`'];
    line_before(text, at).rsplit_once(quotes).is_some_and(|(before, title)| {
        let called = before.strip_suffix('(').map(|before| last_word(before).1);
        !title.contains('{')
            && called.is_some_and(|name| ["test", "it", "describe", "context"].contains(&name))
    })
}
