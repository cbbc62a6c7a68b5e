//! Decisions and explanations as Markdown.
//!
//! GitHub-flavoured Markdown (<https://github.github.com/gfm/>). Foreign text is shown and
//! never obeyed: punctuation that means something is escaped, so that no text becomes a link, an
//! image, a heading, markup or another cell. Names and values stand in code spans.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::explanation::{clear, counts, fix_lines, help};
use super::paper::{exposure, says, scope, waived};
use super::row::{self, directory, period};
use super::short::member_parts;
use crate::decide::{Decision, Finding, FindingTexts, Written};
use crate::explain::Explanation;
use crate::language::{Lang, Words, answers, catalogue as words};
use crate::text;
use crate::verdict::{FindingVerdict, Status, Verdict};

/// A text as Markdown that shows it and does nothing else.
///
/// A backslash before ASCII punctuation shows it (GFM, section 6.1). What cannot be seen is shown
/// as `\u{…}`, so that the text stays one line.
pub fn escaped(text: &str) -> String {
    let shown = text::escaped(text);
    let mut markdown = String::with_capacity(shown.len());
    let mut is_number = true;
    for (place, letter) in shown.chars().enumerate() {
        let means = match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '<' | '>' | '|' | '#' | '~' | '&'
            | '!' | ':' | '@' | '$' => true,
            // At the start of a line these begin a list or a rule.
            '-' | '+' | '=' => place == 0,
            '.' => is_number,
            _ => false,
        };
        is_number &= letter.is_ascii_digit();
        if means {
            markdown.push('\\');
        }
        markdown.push(letter);
    }
    // Addresses without a scheme are links where they begin with this (GFM, section 6.9).
    match markdown.contains("www.") {
        true => markdown.replace("www.", "www\\."),
        false => markdown,
    }
}

/// A text in a code span, in which nothing has a meaning; a line of a table is split at each `|`
/// that has no backslash (GFM, section 4.10), in a code span too.
pub fn code(text: &str) -> String {
    let shown: Cow<'_, str> = text::escaped(text);
    let longest = shown.split(|letter| letter != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let shown = shown.replace('|', "\\|");
    match shown.starts_with('`') || shown.ends_with('`') || shown.trim().is_empty() {
        true => format!("{fence} {shown} {fence}"),
        false => format!("{fence}{shown}{fence}"),
    }
}

/// A link to a page of the web; of any other address its text alone.
fn link(title: &str, url: &str) -> String {
    let is_of_the_web = url.starts_with("https://") || url.starts_with("http://");
    let is_plain = url.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\\|`".contains(&byte));
    match is_of_the_web && is_plain {
        true => format!("[{}](<{url}>)", escaped(title)),
        false => format!("{} ({})", escaped(title), code(url)),
    }
}

/// Rows of a table; the first is its heading. Cells are Markdown already.
pub fn table(rows: &[Vec<String>]) -> String {
    let mut markdown = String::new();
    for (number, row) in rows.iter().enumerate() {
        let _ = writeln!(markdown, "| {} |", row.join(" | "));
        if number == 0 {
            let _ = writeln!(markdown, "|{}", " --- |".repeat(row.len()));
        }
    }
    markdown
}

/// The whole decision.
pub fn decision(decision: &Decision, lang: Lang) -> String {
    let mut page = String::new();
    head(&mut page, decision, lang);
    if !decision.missing().is_empty() {
        item(&mut page, words::LABEL_MISSING, &codes(decision.missing()), lang);
    }
    let findings = decision
        .findings()
        .iter()
        .enumerate()
        .filter_map(|(place, finding)| Some((finding, decision.texts(place, lang)?)));
    let (notes, findings): (Vec<_>, Vec<_>) =
        findings.partition(|(finding, _)| finding.verdict == FindingVerdict::Note);
    for (number, (finding, texts)) in findings.iter().enumerate() {
        write_finding(&mut page, number + 1, finding, texts, lang);
    }
    if !notes.is_empty() {
        let _ =
            writeln!(page, "\n## {} ({})\n", words::NOTES.of(lang), words::WITHOUT_EFFECT.of(lang));
        for (note, texts) in notes {
            let parts = [&texts.message, &texts.advice].into_iter().filter(|part| !part.is_empty());
            let mut says: Vec<String> = parts.map(|part| escaped(part)).collect();
            if let Some(waiver) = &note.waiver {
                let label = words::LABEL_WAIVER.of(lang);
                says.push(format!("{label}: {}", escaped(&waived(waiver, lang))));
            }
            let _ = writeln!(page, "- {}: {}", code(&note.rule), says.join(". "));
        }
    }
    page.push('\n');
    for pack in decision.packs() {
        let stamp =
            format!("{}, {}", escaped(&row::pack(pack, lang)), code(&pack.digest.to_string()));
        item(&mut page, words::LABEL_PACK, &stamp, lang);
    }
    let stamp = escaped(&directory(decision.directory(), lang));
    item(&mut page, words::LABEL_DIRECTORY, &stamp, lang);
    item(&mut page, words::LABEL_ENGINE, &escaped(decision.engine()), lang);
    item(&mut page, words::LABEL_DIGEST, &code(&decision.digest().to_string()), lang);
    page
}

fn head(page: &mut String, decision: &Decision, lang: Lang) {
    let verdict = decision.verdict();
    let capitals = words::verdict(verdict).of(lang).to_uppercase();
    let _ = writeln!(page, "# {capitals}: {}\n", says(verdict).of(lang));
    item(page, words::LABEL_SEND_AT, &code(&decision.send_at().to_string()), lang);
    item(page, words::LABEL_SCOPE, scope(decision.scope()).of(lang), lang);
    if !decision.exposure().is_empty() {
        item(page, words::LABEL_AT_STAKE, &escaped(&exposure(decision.exposure(), lang)), lang);
    }
}

fn item(page: &mut String, label: Words, markdown: &str, lang: Lang) {
    let _ = writeln!(page, "- **{}:** {markdown}", label.of(lang));
}

fn codes(names: &[impl AsRef<str>]) -> String {
    names.iter().map(|name| code(name.as_ref())).collect::<Vec<_>>().join(", ")
}

fn write_finding(
    page: &mut String,
    number: usize,
    finding: &Finding,
    texts: &FindingTexts,
    lang: Lang,
) {
    let verdict = words::finding_verdict(finding.verdict).of(lang);
    let status = words::status(finding.status).of(lang);
    let _ = writeln!(
        page,
        "\n## {number}. {verdict}: {} ({})\n\n{}\n",
        code(&finding.rule),
        escaped(status),
        escaped(&texts.title)
    );
    item(page, words::LABEL_FINDING, &escaped(&texts.message), lang);
    if let Some(waiver) = &finding.waiver {
        item(page, words::LABEL_WAIVER, &escaped(&waived(waiver, lang)), lang);
    }
    if !finding.facts.is_empty() {
        let facts = finding.facts.iter().map(|(path, value)| {
            format!("{} = {}", code(path), code(&Written(value).in_words(lang).to_string()))
        });
        item(page, words::LABEL_FACTS, &facts.collect::<Vec<_>>().join(", "), lang);
    }
    if !finding.missing.is_empty() {
        item(page, words::LABEL_MISSING, &codes(&finding.missing), lang);
    }
    if !finding.exposure.is_empty() {
        item(page, words::LABEL_AT_STAKE, &escaped(&exposure(&finding.exposure, lang)), lang);
    }
    if !texts.advice.is_empty() {
        item(page, words::LABEL_TO_DO, &escaped(&texts.advice), lang);
    }
    let source = &finding.source;
    let section = source
        .section
        .as_ref()
        .map(|section| format!(", {}", escaped(section)))
        .unwrap_or_default();
    let read = if source.confidence.is_some() { words::READ_UNCONFIRMED } else { words::READ };
    let read = read.with(lang, &[("date", &source.retrieved)]);
    let cited = format!("{}{section}; {read}", link(&source.title, &source.url));
    item(page, words::LABEL_SOURCE, &cited, lang);
    item(page, words::LABEL_IN_FORCE, &period(finding.from, finding.until, lang), lang);
    item(page, words::LABEL_PACK, &escaped(&finding.pack), lang);
}

/// The whole explanation.
pub fn explanation(explanation: &Explanation, lang: Lang) -> String {
    let mut page = String::new();
    head(&mut page, explanation.decision(), lang);
    if let Some(timeline) = explanation.timeline() {
        item(&mut page, answers::LABEL_CLEAR, &escaped(&clear(explanation, timeline, lang)), lang);
    }
    item(&mut page, answers::LABEL_RULES, &counts(explanation, lang), lang);
    for finding in explanation.decision().findings() {
        if let Some(waiver) = &finding.waiver {
            let says = format!("{}: {}", code(&finding.rule), escaped(&waived(waiver, lang)));
            item(&mut page, words::LABEL_WAIVER, &says, lang);
        }
    }
    standing(&mut page, explanation, lang);
    fixes(&mut page, explanation, lang);
    if let Some(timeline) = explanation.timeline().filter(|known| known.intervals.len() > 1) {
        let (when, rest) = (answers::WHEN.of(lang), answers::ALL_ELSE_AS_GIVEN.of(lang));
        let _ = writeln!(page, "\n## {when} ({rest})\n");
        let mut rows = vec![vec![
            answers::COLUMN_FROM.of(lang).to_owned(),
            answers::COLUMN_UNTIL.of(lang).to_owned(),
            words::PAGE_VERDICT.of(lang).to_owned(),
            answers::LABEL_RULES.of(lang).to_owned(),
        ]];
        rows.extend(timeline.intervals.iter().map(|interval| {
            vec![
                code(&interval.from.to_string()),
                code(&interval.until.to_string()),
                words::verdict(interval.verdict).of(lang).to_owned(),
                codes(&interval.rules),
            ]
        }));
        page.push_str(&table(&rows));
    }
    if !explanation.missing().is_empty() {
        let _ = writeln!(page, "\n## {}\n", answers::SUPPLY_FIRST.of(lang).trim_end_matches(':'));
        for member in explanation.missing() {
            let (values, settles, source) = member_parts(member, explanation.schema(), lang);
            let (values, source) = (escaped(&values), escaped(&source));
            let _ = writeln!(page, "1. {} ({values}); {settles}; {source}", code(&member.path));
        }
    }
    page
}

/// The rules that stand against sending, a row each.
fn standing(page: &mut String, explanation: &Explanation, lang: Lang) {
    let mut rows = vec![vec![
        words::RULE.of(lang).to_owned(),
        words::PAGE_VERDICT.of(lang).to_owned(),
        words::PAGE_STATUS.of(lang).to_owned(),
    ]];
    for finding in explanation.decision().findings() {
        let is_given = matches!(finding.status, Status::Violated | Status::Undetermined);
        if is_given && finding.verdict.effect() > Verdict::Allow {
            rows.push(vec![
                code(&finding.rule),
                words::finding_verdict(finding.verdict).of(lang).to_owned(),
                words::status(finding.status).of(lang).to_owned(),
            ]);
        }
    }
    if rows.len() > 1 {
        page.push('\n');
        page.push_str(&table(&rows));
    }
}

fn fixes(page: &mut String, explanation: &Explanation, lang: Lang) {
    let Some(says) = help(explanation) else { return };
    let _ = writeln!(page, "\n## {}\n", answers::WHAT_WOULD_HELP.of(lang));
    let _ = writeln!(page, "{}", says.of(lang));
    if !explanation.fixes().is_empty() {
        page.push('\n');
    }
    for (number, fix) in explanation.fixes().iter().enumerate() {
        let lines = fix_lines(explanation.fixes(), number, fix, lang);
        let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
        let and = format!("\n   **{}** ", answers::AND.of(lang));
        let _ = writeln!(page, "{}. {}", number + 1, lines.join(&and));
    }
}

#[cfg(test)]
mod tests {
    use super::{code, escaped, link};

    #[test]
    fn what_a_stranger_wrote_is_shown_and_not_obeyed() {
        for (text, shown) in [
            ("[x](javascript:alert(1))", "\\[x\\]\\(javascript\\:alert\\(1\\)\\)"),
            ("a | b", "a \\| b"),
            ("`x`", "\\`x\\`"),
            ("<script>alert(1)</script>", "\\<script\\>alert\\(1\\)\\</script\\>"),
            ("# a\n- b", "\\# a\\\\u{a}- b"),
            ("- a", "\\- a"),
            ("1. a 2. b", "1\\. a 2. b"),
            ("https://x.example www.x.example", "https\\://x.example www\\.x.example"),
            (
                "![i](u) *b* _i_ ~s~ &amp; \\",
                "\\!\\[i\\]\\(u\\) \\*b\\* \\_i\\_ \\~s\\~ \\&amp; \\\\",
            ),
            ("Café Ñandú 100%", "Café Ñandú 100%"),
        ] {
            assert_eq!(escaped(text), shown);
        }
    }

    #[test]
    fn a_code_span_ends_where_it_should() {
        assert_eq!(code("provider.name"), "`provider.name`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("``"), "``` `` ```");
        assert_eq!(code("a|b"), "`a\\|b`");
        assert_eq!(code(""), "`  `");
    }

    #[test]
    fn only_pages_of_the_web_are_links() {
        assert_eq!(link("a", "https://x.example/y"), "[a](<https://x.example/y>)");
        assert_eq!(link("a]", "javascript:alert(1)"), "a\\] (`javascript:alert(1)`)");
        assert_eq!(link("a", "https://x.example/> b"), "a (`https://x.example/> b`)");
    }
}
