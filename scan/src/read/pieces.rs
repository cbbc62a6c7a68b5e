//! Is a host written in pieces?
//!
//! `"https://web." + "whatsapp.com"`, `".".join(["web", "whatsapp", "com"])`,
//! `f"https://{page}.whatsapp.com"`: programs come so by a host that no search for the whole finds.
//! No language is parsed: what stands between two quotes and is no word joins what they hold.

use super::line::{ends_host, is_edge};

/// Where a host that does not stand in the text as a whole is put together, if it is: by literals
/// that make it one after the other, or by one that holds all of it but a label.
pub(super) fn of_host(text: &str, host: &str) -> Option<usize> {
    let (first, rest) = host.split_once('.')?;
    let last = rest.rsplit('.').next()?;
    // A look at what stands in all forms: most texts have none of it.
    let has = |part: &str| find_from(text, part, 0).is_some();
    if !has(last) || find_from(text, host, 0).is_some() {
        return None;
    }
    behind_a_gap(text, rest)
        .or_else(|| before_a_gap(text, host))
        .or_else(|| has(first).then(|| joined(text, host)).flatten())
}

/// The place of `web.whatsapp` that ends a literal or stands before a gap, or of `https://web.`
/// that does, in a text that names the rest.
fn before_a_gap(text: &str, host: &str) -> Option<usize> {
    let (first, rest) = host.split_once('.')?;
    let (middle, _) = rest.rsplit_once('.')?;
    let bytes = text.as_bytes();
    let is_gap = |at: usize| match bytes.get(at) {
        Some(b'.') => bytes.get(at + 1).is_some_and(|byte| b"{$%\"'`".contains(byte)),
        byte => byte.is_some_and(|byte| QUOTES.contains(byte)),
    };
    let before = |at: usize| at.checked_sub(1).and_then(|at| bytes.get(at)).copied();
    let both = format!("{first}.{middle}");
    let mut from = 0;
    while let Some(at) = find_from(text, &both, from) {
        from = at + both.len();
        if is_gap(from) && before(at).is_none_or(|byte| is_edge(byte) && byte != b'.') {
            return Some(at);
        }
    }
    let begin = format!("://{first}");
    let mut from = 0;
    while let Some(at) = find_from(text, &begin, from) {
        from = at + begin.len();
        if bytes.get(from) == Some(&b'.') && is_gap(from) && find_from(text, middle, 0).is_some() {
            return Some(at);
        }
    }
    None
}

/// The place of `.whatsapp.com` that begins a literal, or stands behind a gap for a value.
fn behind_a_gap(text: &str, rest: &str) -> Option<usize> {
    const GAPS: [&str; 6] = ["\"", "'", "`", "}", ")", "%s"];
    let mut from = 0;
    while let Some(at) = find_from(text, rest, from) {
        from = at + rest.len();
        let before = text.get(..at).unwrap_or_default();
        let is_gap = match before.strip_suffix('.') {
            Some(before) => GAPS.iter().any(|gap| before.ends_with(gap)),
            None => before.ends_with(['"', '\'', '`']),
        };
        let after = text.get(from..).unwrap_or_default();
        if is_gap && ends_host(after) {
            return Some(at);
        }
    }
    None
}

/// The place of the first literal of those that make up the host, one after the other or with a dot
/// between each and the next.
fn joined(text: &str, host: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(open) = bytes.get(at..)?.iter().position(|byte| QUOTES.contains(byte)) {
        let open = at + open;
        at = open + 1;
        let begins = begin_of(text, at, host);
        if let Some(start) = begins
            && [Join::Nothing, Join::Dot].into_iter().any(|join| reads(text, start, host, join))
        {
            return Some(start);
        }
    }
    None
}

/// How pieces are put together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Join {
    Nothing,
    Dot,
}

/// Where within a literal that opens before `at` the host begins: at its start, or behind a scheme.
fn begin_of(text: &str, at: usize, host: &str) -> Option<usize> {
    let rest = text.get(at..)?;
    let scheme = ["https://", "http://", "wss://"].into_iter().find(|scheme| {
        rest.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme))
    });
    let start = at + scheme.map_or(0, str::len);
    let first = text.as_bytes().get(start)?;
    // The scheme may be a piece of its own.
    let begins = first.eq_ignore_ascii_case(host.as_bytes().first()?)
        || (scheme.is_some() && QUOTES.contains(first));
    let before = at.checked_sub(2).and_then(|at| text.as_bytes().get(at)).copied();
    (begins && before.is_none_or(is_edge)).then_some(start)
}

/// Whether the pieces from there on read as the host, with at least one gap in it.
fn reads(text: &str, start: usize, host: &str, join: Join) -> bool {
    let bytes = text.as_bytes();
    let mut at = start;
    let mut gaps = 0;
    let mut wanted = host.bytes().peekable();
    while let Some(letter) = wanted.peek() {
        match bytes.get(at) {
            Some(byte) if byte.eq_ignore_ascii_case(letter) => {
                wanted.next();
                at += 1;
            }
            Some(byte) if QUOTES.contains(byte) => {
                let Some(next) = next_literal(text, at + 1) else { return false };
                // A dot joins what has something before it.
                if join == Join::Dot && at > start && *letter == b'.' {
                    wanted.next();
                }
                gaps += 1;
                at = next;
            }
            _ => return false,
        }
    }
    gaps > 0 && ends_host(text.get(at..).unwrap_or_default())
}

/// Where the next literal begins, if nothing but signs that join lies between.
fn next_literal(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate().skip(from).take(GAP_BYTES_MAX) {
        if QUOTES.contains(byte) {
            return Some(at + 1);
        }
        // A letter before a quote says what kind of literal it is.
        let is_prefix = matches!(byte.to_ascii_lowercase(), b'f' | b'r' | b'b' | b'u')
            && bytes.get(at + 1).is_some_and(|next| QUOTES.contains(next));
        if !is_prefix && !byte.is_ascii_whitespace() && !b"+,&.\\()[]".contains(byte) {
            return None;
        }
    }
    None
}

const QUOTES: [u8; 3] = [b'"', b'\'', b'`'];

/// LIMIT: bytes between two literals that are put together; more is not the same expression.
const GAP_BYTES_MAX: usize = 60;

/// The first place of a text, letters in either case, from a place on.
fn find_from(text: &str, part: &str, from: usize) -> Option<usize> {
    let first = part.bytes().next()?;
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(step) =
        bytes.get(at..)?.iter().position(|byte| byte.eq_ignore_ascii_case(&first))
    {
        at += step;
        if bytes.get(at..at + part.len())?.eq_ignore_ascii_case(part.as_bytes()) {
            return Some(at);
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::of_host;

    const HOST: &str = "web.whatsapp.com";

    #[test]
    fn a_host_in_pieces_is_found() {
        for text in [
            r#"d.get("https://web." + "whatsapp.com")"#,
            r#"d.get("https://" + "web.whats" + 'app.com/')"#,
            "d.get('https://web.'\n      'whatsapp.com')",
            r#"d.get("https://" + ".".join(["web", "whatsapp", "com"]))"#,
            r#"d.get(["web", "whatsapp", "com"].join("."))"#,
            r#"d.get("WEB" + "." + "WhatsApp" + ".com")"#,
            r#"d.get(f"https://{page}.whatsapp.com/")"#,
            "d.get(`https://${page}.whatsapp.com/`)",
            r#"HOST = "whatsapp.com"; d.get("https://web." + HOST)"#,
            r#"d.get("https://%s.whatsapp.com" % page)"#,
            r#"d.get(page + ".whatsapp.com")"#,
            r#"H = "web.whatsapp"; d.get("https://" + H + ".com")"#,
            r#"d.get("https://web.%s.com" % "whatsapp")"#,
            r#"app = "WhatsApp"; d.get(f"https://web.{app}.com/")"#,
        ] {
            assert!(of_host(text, HOST).is_some(), "{text}");
        }
    }

    #[test]
    fn what_makes_no_such_host_is_passed() {
        for text in [
            "",
            r#"d.get("https://web.whatsapp.com")"#,
            r#"tags = ["web", "whatsapp", "commerce"]"#,
            r#"tags = ["web", "whatsapp"]; x = "com""#,
            r#"d.get("https://www.whatsapp.com")"#,
            r#"d.get("https://faq.whatsapp.com/")"#,
            r#"x = "notwhatsapp.com""#,
            r#"x = "whatsapp.com.evil.example""#,
            r#"d.get("https://business.whatsapp.com")"#,
            "our web WhatsApp community",
            r#"d.get("https://web.example.com"); x = "whatsapp""#,
            r#"d.get(f"https://web.{city}.com")"#,
            r#"x = "my-web.whatsapp.example""#,
        ] {
            assert!(of_host(text, HOST).is_none(), "{text}");
        }
    }
}
