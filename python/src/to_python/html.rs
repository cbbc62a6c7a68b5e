//! A decision, an explanation or a summary for notebooks: tables, in which nothing that a campaign
//! or an audience says is markup.

mod explanation;

use std::fmt::{Display, Write as _};

use cleartosend::expert::language::{Words, answers, catalogue as words};
use cleartosend::expert::render;
use cleartosend::expert::text::is_hidden;
use cleartosend::schema::Scope;
use cleartosend::screen::{BadRow, VerdictCounts};
use cleartosend::{Decision, FindingVerdict, Lang, Summary, Verdict};

pub(super) use explanation::explanation;

/// The decision as a fragment of HTML.
pub(super) fn decision(decision: &Decision, lang: Lang) -> String {
    let mut html = String::new();
    verdict(&mut html, decision, lang);
    circumstances(&mut html, decision, lang);
    if !decision.findings().is_empty() {
        heading(
            &mut html,
            &[
                words::PAGE_VERDICT,
                words::PAGE_STATUS,
                words::LABEL_PACK,
                words::RULE,
                words::LABEL_FINDING,
                words::LABEL_TO_DO,
                words::LABEL_SOURCE,
            ],
            lang,
        );
        for (place, finding) in decision.findings().iter().enumerate() {
            let Some(texts) = decision.texts(place, lang) else { continue };
            let _ = write!(
                html,
                "<tr><td style=\"color:{}\">{}</td><td>{}</td><td>{}</td><td>{}</td><td \
                 style=\"text-align:left\">{}</td><td style=\"text-align:left\">{}</td>",
                colour(finding.verdict),
                words::finding_verdict(finding.verdict).of(lang),
                words::status(finding.status).of(lang),
                Escaped(&finding.pack),
                Escaped(&finding.rule),
                Escaped(&texts.message),
                Escaped(&texts.advice),
            );
            let link = format!(
                "<a href=\"{}\">{}</a>",
                Escaped(&finding.source.url),
                Escaped(&finding.source.title)
            );
            let items: [(&str, &dyn Display); 2] =
                [("source", &link), ("date", &finding.source.retrieved)];
            let _ = write!(html, "<td>{}</td></tr>", words::PAGE_READ.with(lang, &items));
        }
        html.push_str("</tbody></table>");
    }
    if !decision.missing().is_empty() {
        let missing: Vec<String> = decision
            .missing()
            .iter()
            .map(|path| format!("<code>{}</code>", Escaped(path)))
            .collect();
        let missing = words::PAGE_MISSING.with(lang, &[("paths", &missing.join(", "))]);
        let _ = write!(html, "<p>{missing}</p>");
    }
    let packs: Vec<String> =
        decision.packs().iter().map(|stamp| render::pack(stamp, lang)).collect();
    let _ = write!(
        html,
        "<p><small>{}: {}</small></p>",
        words::LABEL_PACK.of(lang),
        Escaped(&packs.join("; "))
    );
    html.push_str("</div>");
    html
}

/// The beginning of a page on a decision: its verdict, and of which case it is.
fn verdict(html: &mut String, decision: &Decision, lang: Lang) {
    let verdict = decision.verdict();
    let _ = write!(
        html,
        "<div><p><strong style=\"color:{}\">{}</strong> {} <small>{}</small></p>",
        colour(of_finding(verdict)),
        words::verdict(verdict).of(lang).to_uppercase(),
        words::PAGE_AT.with(lang, &[("send_at", &decision.send_at())]),
        decision.digest()
    );
}

/// Whom the decision is about, and what is at stake: a campaign that is clear by itself says
/// nothing of anybody it is sent to.
fn circumstances(html: &mut String, decision: &Decision, lang: Lang) {
    let scope = match decision.scope() {
        Scope::Campaign => words::SCOPE_CAMPAIGN,
        Scope::Recipient => words::SCOPE_RECIPIENT,
    };
    let _ = write!(html, "<p>{}: {}</p>", words::LABEL_SCOPE.of(lang), scope.of(lang));
    if !decision.exposure().is_empty() {
        let stake = decision.exposure().iter().map(|one| words::exposure(*one).of(lang));
        let stake: Vec<&str> = stake.collect();
        let _ = write!(html, "<p>{}: {}</p>", words::LABEL_AT_STAKE.of(lang), stake.join(", "));
    }
}

/// The beginning of a table, to its first row.
fn heading(html: &mut String, columns: &[Words], lang: Lang) {
    html.push_str("<table><thead><tr>");
    for column in columns {
        let _ = write!(html, "<th>{}</th>", column.of(lang));
    }
    html.push_str("</tr></thead><tbody>");
}

/// Countries and bad values that a page shows; programs have all of them.
const SHOWN: usize = 10;

/// The summary of an audience as a fragment of HTML.
pub(super) fn summary(summary: &Summary, lang: Lang) -> String {
    let Summary { rows, verdicts, rules, missing, countries, bad_rows, bad_values, help, .. } =
        summary;
    let (rules, missing) = (rules.as_deref().unwrap_or(&[]), missing.as_deref().unwrap_or(&[]));
    let countries = countries.as_deref().unwrap_or(&[]);
    let VerdictCounts { allow, review, deny } = *verdicts;
    let mut html = format!("<div><p><strong>{rows}</strong> {}", words::ROWS.of(lang));
    for (verdict, count) in
        [(Verdict::Allow, allow), (Verdict::Review, review), (Verdict::Deny, deny)]
    {
        let _ = write!(
            html,
            ", <strong style=\"color:{}\">{count}</strong> {}",
            colour(of_finding(verdict)),
            words::verdict(verdict).of(lang)
        );
    }
    html.push_str("</p>");
    if !rules.is_empty() {
        let columns =
            [words::PAGE_VERDICT, words::RULE, words::PAGE_STATUS, words::ROWS, words::PAGE_ALONE];
        heading(&mut html, &columns, lang);
        for rule in rules {
            let _ = write!(
                html,
                "<tr><td style=\"color:{}\">{}</td><td \
                 style=\"text-align:left\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                colour(rule.verdict),
                words::finding_verdict(rule.verdict).of(lang),
                Escaped(&rule.rule),
                words::status(rule.status).of(lang),
                rule.rows,
                rule.alone
            );
        }
        html.push_str("</tbody></table>");
    }
    if !missing.is_empty() {
        let items = missing
            .iter()
            .map(|member| format!("<code>{}</code> ({})", Escaped(&member.path), member.rows));
        let items = items.collect::<Vec<_>>().join(", ");
        let _ = write!(html, "<p>{}</p>", words::PAGE_NOT_GIVEN.with(lang, &[("paths", &items)]));
    }
    if !countries.is_empty() {
        let columns = [words::COUNTRY, words::ROWS, words::ALLOW, words::REVIEW, words::DENY];
        heading(&mut html, &columns, lang);
        for country in countries.iter().take(SHOWN) {
            let VerdictCounts { allow, review, deny } = country.verdicts;
            let name = country.country.unwrap_or(words::COUNTRY_UNKNOWN.of(lang));
            let _ = write!(
                html,
                "<tr><td>{name}</td><td>{}</td><td>{allow}</td><td>{review}</td><td>{deny}</td></\
                 tr>",
                country.rows
            );
        }
        html.push_str("</tbody></table>");
    }
    for more in summary.more_rows(lang) {
        let _ = write!(html, "<p>{}</p>", Escaped(&more));
    }
    if let Some(bad_rows @ 1..) = *bad_rows {
        let count = words::BAD_ROWS.with(lang, &[("count", &bad_rows)]);
        let _ = write!(html, "<p>{count}</p><ul>");
        for BadRow { row, column, reason, .. } in bad_values.iter().flatten().take(SHOWN) {
            let column = format!("<code>{}</code>", Escaped(column));
            let items: [(&str, &dyn Display); 3] =
                [("row", &(row + 1)), ("column", &column), ("reason", &Escaped(reason))];
            let _ = write!(html, "<li>{}</li>", words::BAD_ROW.with(lang, &items));
        }
        html.push_str("</ul>");
    }
    if let Some(help) = help {
        let shown = help.shown(lang);
        if shown.is_empty() {
            let _ = write!(html, "<p>{}</p>", answers::NOTHING_HELPS.of(lang));
        } else {
            heading(&mut html, &[answers::WHAT_WOULD_HELP, answers::MORE_ROWS], lang);
            for (change, more) in shown {
                let _ = write!(
                    html,
                    "<tr><td style=\"text-align:left\">{}</td><td>+{more}</td></tr>",
                    Escaped(&change)
                );
            }
            html.push_str("</tbody></table>");
        }
    }
    html.push_str("</div>");
    html
}

/// The verdict of a decision is drawn as that of a finding.
const fn of_finding(verdict: Verdict) -> FindingVerdict {
    match verdict {
        Verdict::Allow => FindingVerdict::Allow,
        Verdict::Review => FindingVerdict::Review,
        Verdict::Deny => FindingVerdict::Deny,
    }
}

const fn colour(verdict: FindingVerdict) -> &'static str {
    match verdict {
        FindingVerdict::Allow => "#1a7f37",
        FindingVerdict::Note => "#0969da",
        FindingVerdict::Review => "#9a6700",
        FindingVerdict::Deny => "#cf222e",
    }
}

/// Text, with what would be markup replaced, and what cannot be seen or turns text around shown.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            hidden if is_hidden(hidden) => write!(f, "{}", hidden.escape_unicode()),
            other => f.write_char(other),
        })
    }
}
