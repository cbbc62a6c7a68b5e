//! Annotations of GitHub Actions: workflow commands on standard output.
//!
//! A line for people above those of each case keeps the log readable. What comes from documents and
//! packs is escaped as the runner reads it, so that a text cannot be a command of its own.

use std::fmt::Write as _;

use cleartosend::expert::text::escaped;

use super::{Case, Level, Remark};

pub(super) fn text(cases: &[Case]) -> String {
    let mut text = String::new();
    for case in cases {
        let _ = writeln!(text, "{}  {}", case.word.to_uppercase(), harmless(&case.name));
        for remark in &case.remarks {
            command(&mut text, remark);
        }
    }
    text
}

/// `::error file=a.json,line=1,title=…::…`
fn command(text: &mut String, remark: &Remark) {
    let level = match remark.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let title = format!("{}: {}", remark.id, remark.title);
    let _ = writeln!(
        text,
        "::{level} file={},line={},title={}::{}",
        property(&remark.place.file),
        remark.place.line,
        property(&title),
        data(&remark.text())
    );
}

/// A text in a line that is no command. The runner takes `##[` anywhere in a line for one.
fn harmless(text: &str) -> String {
    escaped(text).replace("##[", "##\u{200b}[")
}

/// What stands behind the second `::`. Line ends are the runner's to write.
fn data(text: &str) -> String {
    let text = text.split('\n').map(|line| {
        let line = line.split('\r').map(|part| escaped(part).into_owned());
        line.collect::<Vec<_>>().join("\r")
    });
    let text = text.collect::<Vec<_>>().join("\n");
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands behind a `=`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::{Outcome, Place};
    use super::*;

    #[test]
    fn no_text_can_be_a_command_of_its_own() {
        let place = Place { file: "a,line=9::b.json".to_owned(), line: 3 };
        let remark = Remark {
            level: Level::Error,
            id: "p/r".to_owned(),
            title: "100% of it\n::stop-commands::x".to_owned(),
            lines: vec!["first\r\n::error::second\u{1b}[31m\u{202e}".to_owned()],
            url: String::new(),
            place: place.clone(),
        };
        let case = Case {
            name: "##[add-path]x\n::error::y".to_owned(),
            place,
            outcome: Outcome::Failed,
            word: "deny",
            remarks: vec![remark],
        };
        let text = text(&[case]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines[0].starts_with("DENY  ##") && !lines[0].contains("##["), "{text}");
        assert_eq!(
            lines[1],
            "::error file=a%2Cline=9%3A%3Ab.json,line=3,title=p/r%3A 100%25 of \
             it%0A%3A%3Astop-commands%3A%3Ax::first%0D%0A::error::second\\u{1b}[31m\\u{202e}"
        );
    }
}
