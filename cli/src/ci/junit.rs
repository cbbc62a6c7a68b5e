//! A report of tests as JUnit writes it, which most build servers read.
//!
//! One suite, a test case for each case; `deny` and `review` are failures of that type, what was
//! refused is an error. There are no times in it: the same question gives the same report.

use std::fmt::Write as _;

use cleartosend::expert::text::is_hidden;

use super::{Case, Level, Outcome, Remark};

pub(super) fn text(what: &str, cases: &[Case]) -> String {
    let count = |outcome| cases.iter().filter(|case| case.outcome == outcome).count();
    let counts = format!(
        "name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\"",
        escaped(what),
        cases.len(),
        count(Outcome::Failed),
        count(Outcome::Refused)
    );
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {counts}>\n  <testsuite \
         {counts} skipped=\"0\">\n"
    );
    for case in cases {
        let _ = write!(
            text,
            "    <testcase name=\"{}\" classname=\"{}\" file=\"{}\" line=\"{}\"",
            escaped(&case.name),
            escaped(what),
            escaped(&case.place.file),
            case.place.line
        );
        let element = match case.outcome {
            Outcome::Passed => None,
            Outcome::Failed => Some("failure"),
            Outcome::Refused => Some("error"),
        };
        match element {
            None => text.push_str("/>\n"),
            Some(element) => {
                let _ = writeln!(
                    text,
                    ">\n      <{element} type=\"{}\" message=\"{}\">{}</{element}>\n    </testcase>",
                    case.word,
                    escaped(&summary(case)),
                    escaped(&case.remarks.iter().map(in_words).collect::<String>())
                );
            }
        }
    }
    text.push_str("  </testsuite>\n</testsuites>\n");
    text
}

/// `deny: whatsapp/consent.no-opt-in, …`: what made it so.
fn summary(case: &Case) -> String {
    let worst = case.remarks.iter().map(|remark| remark.level).min_by_key(|level| match level {
        Level::Error => 0,
        Level::Warning => 1,
        Level::Note => 2,
    });
    let of_worst = case.remarks.iter().filter(|remark| Some(remark.level) == worst);
    let ids: Vec<&str> = of_worst.map(|remark| &*remark.id).collect();
    format!("{}: {}", case.word, ids.join(", "))
}

fn in_words(remark: &Remark) -> String {
    let place = format!("{}:{}", remark.place.file, remark.place.line);
    let mut text = format!("{place}: {}: {}\n", remark.id, remark.title);
    for line in remark.lines.iter().chain(Some(&remark.url).filter(|url| !url.is_empty())) {
        let _ = writeln!(text, "    {line}");
    }
    text
}

/// A text between tags or quotes. What XML 1.0 has no place for is U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\r' | '\t' => {
                let _ = write!(out, "&#{};", u32::from(letter));
            }
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push(char::REPLACEMENT_CHARACTER),
            // People read reports, too.
            letter if is_hidden(letter) => out.extend(letter.escape_unicode()),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_well_formed_xml() {
        assert_eq!(
            escaped("a<b>&\"c\"\n\u{1b}[0m\u{fffe}é\u{202e}"),
            "a&lt;b&gt;&amp;&quot;c&quot;&#10;\u{fffd}[0m\u{fffd}é\\u{202e}"
        );
    }
}
