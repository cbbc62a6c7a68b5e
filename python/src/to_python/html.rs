//! A decision for notebooks: a table, in which nothing that a campaign says is markup.

use std::fmt::Write as _;

use cleartosend::decide::Decision;
use cleartosend::verdict::Verdict;

/// The decision as a fragment of HTML.
pub(super) fn decision(decision: &Decision) -> String {
    let mut html = String::new();
    let _ = write!(
        html,
        "<div><p><strong style=\"color:{}\">{}</strong> at {} <small>{}</small></p>",
        colour(decision.verdict),
        decision.verdict.name().to_uppercase(),
        decision.send_at.0,
        decision.digest
    );
    if !decision.findings.is_empty() {
        html.push_str("<table><thead><tr><th>verdict</th><th>rule</th><th>finding</th><th>to do</th><th>source</th></tr></thead><tbody>");
        for finding in &decision.findings {
            let _ = write!(
                html,
                "<tr><td style=\"color:{}\">{}</td><td>{}</td><td style=\"text-align:left\">{}</td><td style=\"text-align:left\">{}</td>",
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
    if !decision.missing.is_empty() {
        let missing: Vec<String> = decision.missing.iter().map(|path| format!("<code>{}</code>", Escaped(path))).collect();
        let _ = write!(html, "<p>missing: {}</p>", missing.join(", "));
    }
    html.push_str("</div>");
    html
}

const fn colour(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allow => "#1a7f37",
        Verdict::Review => "#9a6700",
        Verdict::Deny => "#cf222e",
    }
}

/// Text, with what would be markup replaced.
struct Escaped<'a>(&'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            other => f.write_char(other),
        })
    }
}
