//! The lists of a summary as tables, for data frames.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray, UInt64Array,
};
use arrow_schema::ArrowError;
use cleartosend::Lang;
use cleartosend::Summary;
use cleartosend::expert::render;

/// The lists that are tables.
pub(crate) const TABLES: [&str; 7] =
    ["rules", "verdicts", "missing", "countries", "bad_values", "changes", "hours"];

/// The list of that name as a table; nothing where there is none of that name. What nobody asked
/// for has no row.
pub(super) fn of(summary: &Summary, table: &str) -> Option<Result<RecordBatch, ArrowError>> {
    let Summary { verdicts, rules, missing, countries, bad_values, help, .. } = summary;
    let columns = match table {
        "rules" => vec![
            ("pack", texts(rules.iter().flatten().map(|rule| rule.pack.as_deref()))),
            ("rule", texts(rules.iter().flatten().map(|rule| Some(&*rule.rule)))),
            ("status", texts(rules.iter().flatten().map(|rule| Some(rule.status.name())))),
            ("verdict", texts(rules.iter().flatten().map(|rule| Some(rule.verdict.name())))),
            ("rows", counts(rules.iter().flatten().map(|rule| rule.rows))),
            ("alone", counts(rules.iter().flatten().map(|rule| rule.alone))),
            (
                "waiver",
                texts(
                    rules
                        .iter()
                        .flatten()
                        .map(|rule| rule.waiver.as_ref().map(|made| &*made.reason)),
                ),
            ),
        ],
        "verdicts" => vec![
            ("verdict", texts(["allow", "review", "deny"].map(Some).into_iter())),
            ("rows", counts([verdicts.allow, verdicts.review, verdicts.deny].into_iter())),
        ],
        "missing" => vec![
            ("path", texts(missing.iter().flatten().map(|member| Some(&*member.path)))),
            ("rows", counts(missing.iter().flatten().map(|member| member.rows))),
        ],
        "countries" => vec![
            ("country", texts(countries.iter().flatten().map(|of| of.country))),
            ("rows", counts(countries.iter().flatten().map(|of| of.rows))),
            ("allow", counts(countries.iter().flatten().map(|of| of.verdicts.allow))),
            ("review", counts(countries.iter().flatten().map(|of| of.verdicts.review))),
            ("deny", counts(countries.iter().flatten().map(|of| of.verdicts.deny))),
        ],
        "bad_values" => vec![
            ("row", counts(bad_values.iter().flatten().map(|bad| bad.row))),
            ("column", texts(bad_values.iter().flatten().map(|bad| Some(&*bad.column)))),
            ("attribute", texts(bad_values.iter().flatten().map(|bad| Some(&*bad.attribute)))),
            ("reason", texts(bad_values.iter().flatten().map(|bad| Some(&*bad.reason)))),
        ],
        "changes" => {
            let changes = || help.iter().flat_map(|help| &help.changes);
            let words: Vec<String> =
                changes().map(|of| render::change(&of.change, Lang::English)).collect();
            vec![
                ("change", texts(words.iter().map(|words| Some(&**words)))),
                ("path", texts(changes().map(|of| Some(&*of.change.path)))),
                ("by", texts(changes().map(|of| Some(of.change.by.name())))),
                ("more", signed(changes().map(|of| of.more))),
            ]
        }
        "hours" => {
            let hours = || help.iter().flat_map(|help| &help.hours);
            vec![
                ("at", instants(hours().map(|hour| hour.at.seconds()))),
                ("more", signed(hours().map(|hour| hour.more))),
            ]
        }
        _ => return None,
    };
    Some(RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, column)| (name, column, true)),
    ))
}

fn texts<'a>(texts: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(texts.collect::<StringArray>())
}

fn counts(counts: impl Iterator<Item = u64>) -> ArrayRef {
    Arc::new(counts.collect::<UInt64Array>())
}

fn signed(counts: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(counts.collect::<Int64Array>())
}

fn instants(seconds: impl Iterator<Item = i64>) -> ArrayRef {
    const MICROS: i64 = 1_000_000;
    let micros = seconds.map(|second| second.saturating_mul(MICROS));
    Arc::new(TimestampMicrosecondArray::from_iter_values(micros).with_timezone("UTC"))
}
