//! A decision or a summary for notebooks: tables, in which nothing that a campaign or an audience
//! says is markup.

use std::fmt::Write as _;

use cleartosend::expert::text::is_hidden;
use cleartosend::screen::{BadRow, VerdictCounts};
use cleartosend::{Decision, FindingVerdict, Summary, Verdict};

/// The decision as a fragment of HTML.
pub(super) fn decision(decision: &Decision) -> String {
    let mut html = String::new();
    let _ = write!(
        html,
        "<div><p><strong style=\"color:{}\">{}</strong> at {} <small>{}</small></p>",
        colour(of_finding(decision.verdict())),
        decision.verdict().name().to_uppercase(),
        decision.send_at(),
        decision.digest()
    );
    if !decision.findings().is_empty() {
        html.push_str(
            "<table><thead><tr><th>verdict</th><th>rule</th><th>finding</th><th>to \
             do</th><th>source</th></tr></thead><tbody>",
        );
        for finding in decision.findings() {
            let _ = write!(
                html,
                "<tr><td style=\"color:{}\">{}</td><td>{}</td><td \
                 style=\"text-align:left\">{}</td><td style=\"text-align:left\">{}</td>",
                colour(finding.verdict),
                finding.verdict,
                Escaped(&finding.rule),
                Escaped(&finding.message),
                Escaped(&finding.advice),
            );
            let _ = write!(
                html,
                "<td><a href=\"{}\">{}</a>, read {}</td></tr>",
                Escaped(&finding.source.url),
                Escaped(&finding.source.title),
                finding.source.retrieved
            );
        }
        html.push_str("</tbody></table>");
    }
    if !decision.missing().is_empty() {
        let missing: Vec<String> = decision
            .missing()
            .iter()
            .map(|path| format!("<code>{}</code>", Escaped(path)))
            .collect();
        let _ = write!(html, "<p>missing: {}</p>", missing.join(", "));
    }
    html.push_str("</div>");
    html
}

/// Countries and bad values that a page shows; programs have all of them.
const SHOWN: usize = 10;

/// The summary of an audience as a fragment of HTML.
pub(super) fn summary(summary: &Summary) -> String {
    let Summary { rows, verdicts, rules, missing, countries, bad_rows, bad_values, .. } = summary;
    let VerdictCounts { allow, review, deny } = *verdicts;
    let mut html = format!("<div><p><strong>{rows}</strong> rows");
    for (verdict, count) in
        [(Verdict::Allow, allow), (Verdict::Review, review), (Verdict::Deny, deny)]
    {
        let _ = write!(
            html,
            ", <strong style=\"color:{}\">{count}</strong> {verdict}",
            colour(of_finding(verdict))
        );
    }
    html.push_str("</p>");
    if !rules.is_empty() {
        html.push_str(
            "<table><thead><tr><th>verdict</th><th>rule</th><th>status</th><th>rows</\
             th><th>alone</th></tr></thead><tbody>",
        );
        for rule in rules {
            let _ = write!(
                html,
                "<tr><td style=\"color:{}\">{}</td><td \
                 style=\"text-align:left\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                colour(rule.verdict),
                rule.verdict,
                Escaped(&rule.rule),
                rule.status,
                rule.rows,
                rule.alone
            );
        }
        html.push_str("</tbody></table>");
    }
    if !missing.is_empty() {
        let told = missing
            .iter()
            .map(|member| format!("<code>{}</code> ({})", Escaped(&member.path), member.rows));
        let _ = write!(html, "<p>not told: {}</p>", told.collect::<Vec<_>>().join(", "));
    }
    if !countries.is_empty() {
        html.push_str(
            "<table><thead><tr><th>country</th><th>rows</th><th>allow</th><th>review</\
             th><th>deny</th></tr></thead><tbody>",
        );
        for country in countries.iter().take(SHOWN) {
            let VerdictCounts { allow, review, deny } = country.verdicts;
            let name = country.country.unwrap_or("unknown");
            let _ = write!(
                html,
                "<tr><td>{name}</td><td>{}</td><td>{allow}</td><td>{review}</td><td>{deny}</td></\
                 tr>",
                country.rows
            );
        }
        html.push_str("</tbody></table>");
    }
    if *bad_rows > 0 {
        let _ = write!(html, "<p>rows with a value that could not be read: {bad_rows}</p><ul>");
        for BadRow { row, column, reason, .. } in bad_values.iter().take(SHOWN) {
            let _ = write!(
                html,
                "<li>row {row}, <code>{}</code>: {}</li>",
                Escaped(column),
                Escaped(reason)
            );
        }
        html.push_str("</ul>");
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

impl std::fmt::Display for Escaped<'_> {
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
