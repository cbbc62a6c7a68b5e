//! The summary of an audience as Markdown.

use std::fmt::Write as _;

use super::number::{grouped, share};
use super::summary::{CountryCount, Summary, VerdictCounts};
use crate::language::{Lang, catalogue as words};
use crate::render::markdown::{code, escaped, table};

impl Summary {
    /// The summary as GitHub-flavoured Markdown, in a language: counts with their share, in tables.
    /// What means something in Markdown is escaped in foreign text.
    pub fn markdown(&self, lang: Lang) -> String {
        let Self {
            rows,
            audience_size: _,
            audience_outside_window: _,
            rows_outside_window: _,
            verdicts,
            rules,
            missing,
            countries,
            bad_rows,
            bad_values,
            help,
            basis: _,
        } = self;
        let (rules, missing) = (rules.as_deref().unwrap_or(&[]), missing.as_deref().unwrap_or(&[]));
        let countries = countries.as_deref().unwrap_or(&[]);
        let word = |words: crate::language::Words| words.of(lang).to_owned();
        let count = |count: u64| share(count, *rows).trim_start().to_owned();
        let mut page = String::new();
        let mut counts = vec![
            vec![word(words::PAGE_VERDICT), word(words::ROWS)],
            vec![word(words::ALLOW), count(verdicts.allow)],
            vec![word(words::REVIEW), count(verdicts.review)],
            vec![word(words::DENY), count(verdicts.deny)],
        ];
        counts.push(vec!["".to_owned(), grouped(*rows)]);
        page.push_str(&table(&counts));
        for more in self.more_rows(lang) {
            let _ = writeln!(page, "\n{}", escaped(&more));
        }
        if !rules.is_empty() {
            let mut lines = vec![vec![
                word(words::RULE),
                word(words::PAGE_VERDICT),
                word(words::PAGE_STATUS),
                word(words::ROWS),
                word(words::ALONE),
            ]];
            lines.extend(rules.iter().map(|rule| {
                vec![
                    code(&rule.rule),
                    word(words::finding_verdict(rule.verdict)),
                    word(words::status(rule.status)),
                    count(rule.rows),
                    grouped(rule.alone),
                ]
            }));
            let _ = write!(page, "\n{}", table(&lines));
        }
        let waivers = self.waivers(lang);
        if !waivers.is_empty() {
            page.push('\n');
            let label = words::LABEL_WAIVER.of(lang);
            for (rule, lines) in waivers {
                let _ = writeln!(page, "- **{label}:** {}: {}", code(&rule), escaped(&lines));
            }
        }
        if !missing.is_empty() {
            let mut lines = vec![vec![word(words::ROWS_NOT_GIVEN), word(words::ROWS)]];
            lines.extend(missing.iter().map(|member| vec![code(&member.path), count(member.rows)]));
            let _ = write!(page, "\n{}", table(&lines));
        }
        if !countries.is_empty() {
            let mut lines = vec![vec![
                word(words::COUNTRY),
                word(words::ROWS),
                word(words::ALLOW),
                word(words::REVIEW),
                word(words::DENY),
            ]];
            lines.extend(countries.iter().map(|CountryCount { country, rows, verdicts }| {
                let VerdictCounts { allow, review, deny } = *verdicts;
                let name = country.unwrap_or(words::COUNTRY_UNKNOWN.of(lang));
                let counts = [*rows, allow, review, deny].map(grouped);
                [name.to_owned()].into_iter().chain(counts).collect()
            }));
            let _ = write!(page, "\n{}", table(&lines));
        }
        if let Some(bad_rows @ 1..) = *bad_rows {
            let count = grouped(bad_rows);
            let _ = writeln!(page, "\n{}\n", words::BAD_ROWS.with(lang, &[("count", &count)]));
            for bad in bad_values.iter().flatten() {
                let lines = bad.lines(&code(&bad.column), &escaped(&bad.reason), lang);
                let _ = writeln!(page, "- {lines}");
            }
        }
        if let Some(help) = help {
            let _ = write!(page, "\n{}", help.markdown(lang));
        }
        page
    }
}
