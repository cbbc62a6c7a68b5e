//! Charts, as numbers that a template draws.

use std::collections::BTreeMap;

use cleartosend::Timestamp;
use serde_json::{Value, json};

/// How wide a chart is, in its own units.
const WIDTH: f64 = 1000.0;
/// How high the bars of a day are at most.
const HEIGHT: f64 = 120.0;
/// Bars of a chart; more days are put together.
const BARS_MAX: i64 = 60;

/// Documents by verdict.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Verdicts {
    allow: u64,
    review: u64,
    deny: u64,
}

impl Verdicts {
    pub(super) fn add(&mut self, verdict: &str) {
        match verdict {
            "allow" => self.allow += 1,
            "review" => self.review += 1,
            _ => self.deny += 1,
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            allow: self.allow + other.allow,
            review: self.review + other.review,
            deny: self.deny + other.deny,
        }
    }

    const fn total(self) -> u64 {
        self.allow + self.review + self.deny
    }

    pub(super) fn to_json(self) -> Value {
        let Self { allow, review, deny } = self;
        json!({"allow": allow, "review": review, "deny": deny})
    }
}

const SECONDS_A_DAY: i64 = 86_400;

/// The day of an instant, counted from 1970; none of what is not an instant.
pub(super) fn day_of(send_at: &str) -> Option<i64> {
    Some(Timestamp::parse(send_at).ok()?.seconds().div_euclid(SECONDS_A_DAY))
}

/// A day as `2026-03-02`.
fn date(day: i64) -> String {
    const LENGTH: usize = "2026-03-02".len();
    let at = day.checked_mul(SECONDS_A_DAY).and_then(|seconds| Timestamp::new(seconds, 0));
    let text = at.map(|at| at.to_string()).unwrap_or_default();
    text.get(..LENGTH).unwrap_or(&text).to_owned()
}

/// Verdicts by day, or by periods of as many days each, at their place in time; nothing of a single
/// day.
pub(super) fn over_time(days: &BTreeMap<i64, Verdicts>) -> Value {
    let (Some((first, _)), Some((last, _))) = (days.first_key_value(), days.last_key_value())
    else {
        return Value::Null;
    };
    let length = last - first + 1;
    if length < 2 {
        return Value::Null;
    }
    let period = (length + BARS_MAX - 1) / BARS_MAX;
    let mut sums: BTreeMap<i64, Verdicts> = BTreeMap::new();
    for (day, verdicts) in days {
        let sum = sums.entry((day - first) / period).or_default();
        *sum = sum.and(*verdicts);
    }
    let most = sums.values().map(|sum| sum.total()).max().unwrap_or(1).max(1) as f64;
    let step = WIDTH * period as f64 / length as f64;
    let bars: Vec<Value> = sums
        .iter()
        .map(|(place, sum)| {
            let height = |count: u64| count as f64 / most * HEIGHT;
            let (allow, review, deny) = (height(sum.allow), height(sum.review), height(sum.deny));
            let parts = [
                ("allow", HEIGHT - allow, allow),
                ("review", HEIGHT - allow - review, review),
                ("deny", HEIGHT - allow - review - deny, deny),
            ];
            let parts: Vec<Value> = parts
                .iter()
                .filter(|(.., height)| *height > 0.0)
                .map(|(verdict, y, height)| {
                    json!({"verdict": verdict, "y": rounded(*y), "height": rounded(*height)})
                })
                .collect();
            let from = first + place * period;
            let until = (from + period - 1).min(*last);
            let x = step * *place as f64;
            json!({
                "x": rounded(x), "width": rounded((step * 0.9).min(WIDTH - x)), "parts": parts,
                "from": date(from), "until": date(until), "verdicts": sum.to_json(),
            })
        })
        .collect();
    let ticks: Vec<String> =
        [0, 1, 2].iter().map(|third| date(first + (length - 1) * third / 2)).collect();
    json!({
        "bars": bars, "from": date(*first), "until": date(*last), "days_each": period,
        "ticks": ticks, "most": most as u64,
    })
}

/// The rows of a screening by verdict, as parts of a line.
pub(super) fn shares(summary: &Value) -> Vec<Value> {
    let count = |verdict: &str| {
        let counted = summary.pointer(&format!("/verdicts/{verdict}"));
        counted.and_then(Value::as_u64).unwrap_or_default()
    };
    let verdicts = ["deny", "review", "allow"].map(|verdict| (verdict, count(verdict)));
    let total: f64 = verdicts.iter().map(|(_, rows)| *rows as f64).sum();
    let mut x = 0.0;
    verdicts
        .iter()
        .filter(|(_, rows)| *rows > 0)
        .map(|(verdict, rows)| {
            let width = *rows as f64 / total.max(1.0) * WIDTH;
            let part = json!({
                "verdict": verdict, "rows": rows, "x": rounded(x), "width": rounded(width),
            });
            x += width;
            part
        })
        .collect()
}

/// The verdict as `send_at` moves, as parts of a line; nothing where it never changes.
pub(super) fn timeline(timeline: Option<&Value>) -> Option<Value> {
    let timeline = timeline?;
    let seconds = |value: &Value, name: &str| {
        let at = value.get(name)?.as_str()?;
        Some(Timestamp::parse(at).ok()?.seconds() as f64)
    };
    let (from, until) = (seconds(timeline, "from")?, seconds(timeline, "until")?);
    let length = (until - from).max(1.0);
    let intervals = timeline.get("intervals")?.as_array()?;
    if intervals.len() < 2 {
        return None;
    }
    let parts: Option<Vec<Value>> = intervals
        .iter()
        .map(|interval| {
            let (start, end) = (seconds(interval, "from")?, seconds(interval, "until")?);
            Some(json!({
                "x": rounded((start - from) / length * WIDTH),
                "width": rounded(((end - start) / length * WIDTH).max(1.0)),
                "verdict": interval.get("verdict")?,
                "from": interval.get("from")?,
                "until": interval.get("until")?,
                "rules": interval.get("rules")?,
            }))
        })
        .collect();
    Some(json!({"from": timeline.get("from")?, "until": timeline.get("until")?, "parts": parts?}))
}

fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}
