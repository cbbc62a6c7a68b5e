//! What stands at a place of a line: a word, a host, a string, a comment?

use super::language::Language;
use crate::place::line_before;

/// The host at the start of what stands behind a scheme.
pub(super) fn host_of(rest: &str) -> &str {
    let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '`' | '<');
    let authority = rest.split(ends).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    host.split(':').next().unwrap_or_default()
}

pub(super) fn is_edge(before: u8) -> bool {
    !(before.is_ascii_alphanumeric() || matches!(before, b'-' | b'_' | b'@'))
}

pub(super) fn ends_host(after: &str) -> bool {
    let mut bytes = after.bytes();
    match bytes.next() {
        Some(b'.') => !bytes.next().is_some_and(|byte| byte.is_ascii_alphanumeric()),
        Some(byte) => !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')),
        None => true,
    }
}

/// The text between quotes at the start.
pub(super) fn quoted(text: &str) -> Option<&str> {
    /// LIMIT: bytes of a module specifier; past it a quote is an apostrophe in prose.
    const SPECIFIER_BYTES_MAX: usize = 512;
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let body = text.get(1..)?;
    let end = body.bytes().take(SPECIFIER_BYTES_MAX).position(|byte| byte == quote as u8)?;
    body.get(..end).filter(|specifier| !specifier.contains('\n'))
}

/// What can be a package's name with a path, at the start.
pub(super) fn word(text: &str) -> &str {
    let end = text.bytes().take(512).position(|byte| {
        !(byte.is_ascii_alphanumeric() || matches!(byte, b'@' | b'/' | b'-' | b'_' | b'.'))
    });
    text.get(..end.unwrap_or_else(|| text.len().min(512))).unwrap_or_default()
}

/// Whether that place stands in a comment, as far as its line tells.
pub(super) fn is_comment(text: &str, at: usize, language: Language) -> bool {
    let line = line_before(text, at);
    let begins = line.trim_start();
    match language {
        Language::Python | Language::Ruby | Language::Shell => begins.starts_with('#'),
        Language::Keys => begins.starts_with([';', '\'']),
        Language::JavaScript | Language::Go | Language::Rust | Language::Dart | Language::Other => {
            begins.starts_with("//")
                || begins.starts_with("* ")
                || (begins.starts_with("/*") && !begins.contains("*/"))
                || begins.starts_with("# ")
                || within(line) == Within::Comment
        }
    }
}

/// Whether that place stands in a string that is only text: what is handed to `eval` is run.
pub(super) fn is_quoted(text: &str, at: usize) -> bool {
    let line = line_before(text, at);
    within(line) == Within::Literal
        && !["eval", "Function(", "-e "].iter().any(|run| line.contains(run))
}

/// What a place of a line stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    Code,
    Literal,
    Comment,
}

/// What the end of the beginning of a line stands in, in a language with `//` for comments.
fn within(line: &str) -> Within {
    // Of a longer line the beginning is not known, and with it what is open.
    if line.len() >= LINE_BYTES_MAX {
        return Within::Code;
    }
    let mut quote = None;
    let mut escaped = false;
    let (mut last, mut before) = (b' ', b' ');
    for byte in line.bytes() {
        match quote {
            _ if escaped => escaped = false,
            Some(_) if byte == b'\\' => escaped = true,
            Some(open) if byte == open => quote = None,
            Some(_) => {}
            None if matches!(byte, b'"' | b'\'' | b'`') => quote = Some(byte),
            // An address without quotes has a colon before its slashes.
            None if byte == b'/' && last == b'/' && before != b':' => return Within::Comment,
            None => {}
        }
        (last, before) = (byte, last);
    }
    if quote.is_some() { Within::Literal } else { Within::Code }
}

/// LIMIT: bytes of a line up to a place that are looked at for strings and comments: all that
/// [`line_before`] gives of one that is longer.
const LINE_BYTES_MAX: usize = 250;

#[cfg(test)]
mod tests {
    use super::{Language, Within, ends_host, is_comment, is_quoted, quoted, within, word};

    #[test]
    fn names_and_hosts_end_where_they_end() {
        assert_eq!(quoted("'a/b' x"), Some("a/b"));
        assert_eq!(quoted("a'"), None);
        assert_eq!(quoted("'a\nb'"), None);
        assert_eq!(word("@a/b@1.0'"), "@a/b@1.0");
        assert!(ends_host("/x") && ends_host("") && ends_host(". Then") && ends_host("\""));
        assert!(!ends_host(".evil.example") && !ends_host("x") && !ends_host("-x"));
    }

    #[test]
    fn comments_and_strings_are_no_code() {
        let comment = |text: &str, at| is_comment(text, at, Language::JavaScript);
        assert!(comment("a\n  // b", 8) && !comment("// a\nb", 5));
        assert!(comment("run() // import b", 10) && !comment("f('https://x') + b", 17));
        assert!(!comment("URL=https://x", 12) && !comment("/*! x */ f(y)", 11));
        assert_eq!(within("f(\"a"), Within::Literal);
        assert_eq!(within("f(\"a\\\"\") + "), Within::Code);
        let text = "say(\"do not require('b')\"); eval(\"require('b')\")";
        assert!(is_quoted(text, 12) && !is_quoted(text, 34));
    }
}
