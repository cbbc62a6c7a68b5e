//! Charts, as numbers that a template draws.

use std::collections::BTreeMap;

use cleartosend::Timestamp;
use serde_json::{Value, json};

/// How wide a chart is, in its own units.
const WIDTH: f64 = 1000.0;
/// How high the bars of a day are at most.
const HEIGHT: f64 = 120.0;
/// Bars of a chart; more days are put together.
const BARS_MAX: usize = 60;

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

/// Verdicts by day, or by several days together; nothing of a single day.
pub(super) fn over_time(days: &BTreeMap<String, Verdicts>) -> Value {
    let days: Vec<_> = days.iter().collect();
    if days.len() < 2 {
        return Value::Null;
    }
    let groups: Vec<_> = days.chunks(days.len().div_ceil(BARS_MAX)).collect();
    let sums: Vec<(&str, &str, Verdicts)> = groups
        .iter()
        .filter_map(|group| {
            let sum = group.iter().fold(Verdicts::default(), |sum, (_, day)| sum.and(**day));
            Some((group.first()?.0.as_str(), group.last()?.0.as_str(), sum))
        })
        .collect();
    let most = sums.iter().map(|(.., sum)| sum.total()).max().unwrap_or(1).max(1) as f64;
    let step = WIDTH / sums.len() as f64;
    let bars: Vec<Value> = sums
        .iter()
        .enumerate()
        .map(|(place, (from, until, sum))| {
            let height = |count: u64| count as f64 / most * HEIGHT;
            let (allow, review, deny) = (height(sum.allow), height(sum.review), height(sum.deny));
            let x = rounded(step * place as f64);
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
            json!({
                "x": x, "width": rounded((step * 0.9).min(80.0)), "parts": parts,
                "from": from, "until": until, "verdicts": sum.to_json(),
            })
        })
        .collect();
    json!({"bars": bars, "from": days.first().map(|day| day.0), "until": days.last().map(|day| day.0)})
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
