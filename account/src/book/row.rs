//! What is known of one thing, as a join of registers?
//!
//! A row is a set of [`Point`]s, each a dated word of one [`Register`]. Rows are joined by union,
//! and a register keeps only so many of its points, the first in an order that all share: so that
//! it does not count in which order points come, how often, or on which of several machines.

use std::cmp::Ordering;

use cleartosend::Timestamp;
use serde_json::{Map, Value, json};

use crate::error::{self, AccountError};
use crate::fields::{Spot, canonical};

cleartosend::names! {
    /// A matter on which a row holds words.
    Register {
        /// The account as it was before any event: members of a campaign document.
        Base = "base",
        /// When a review of the account was reported: before it there was nothing to restrict.
        Began = "began",
        /// The review of the account.
        Review = "review",
        /// Whether Meta verified the business.
        Verification = "verification",
        /// Who owns the account.
        Ownership = "ownership",
        /// The country of the business.
        Country = "country",
        /// The name of the account.
        Name = "name",
        /// The daily limit.
        DailyLimit = "daily_limit",
        /// Whether WhatsApp warned of templates in the wrong category.
        TemplateMisuseWarned = "template_misuse_warned",
        /// Whether the account is connected.
        Connection = "connection",
        /// Which of the partner's apps are installed: each app, and whether it is.
        Apps = "apps",
        /// Restrictions, bans and what ends them.
        Standing = "standing",
        /// Violations.
        Violations = "violations",
        /// The health of the number itself.
        Health = "health",
        /// The health of the account.
        HealthAccount = "health_account",
        /// The health of the portfolio.
        HealthPortfolio = "health_portfolio",
        /// The health of the app.
        HealthApp = "health_app",
        /// The quality of a number or template.
        Quality = "quality",
        /// The state of a number.
        NumberStatus = "number_status",
        /// The display name of a number.
        DisplayName = "display_name",
        /// Whether the number is used in the app too.
        Coexistence = "coexistence",
        /// The review state of a template.
        Status = "status",
        /// Why a template has its state.
        Reason = "reason",
        /// The category of a template.
        Category = "category",
        /// The category that a template will have.
        CorrectCategory = "correct_category",
        /// Whether a person stopped marketing, from then on; `resumed` since.
        Stopped = "marketing_stopped_at",
        /// When marketing was withheld from a person.
        Withheld = "marketing_withheld_at",
        /// Whether a person is kept free of marketing templates.
        Experiment = "marketing_experiment",
        /// Error codes of messages that make a check look twice, each when it came.
        SendErrors = "send_errors",
        /// Every error code, and when it came last.
        Errors = "errors",
        /// What else is worth knowing, and when it came last.
        Notices = "notices",
        /// Events that were not understood.
        NotUnderstood = "not_understood",
        /// Events that were not understood and that somebody acknowledged.
        Acknowledged = "acknowledged",
        /// The numbers of an account.
        Numbers = "numbers",
        /// The account of a number.
        OfAccount = "account",
        /// The portfolio of an account.
        OfPortfolio = "portfolio",
        /// Under which ids of entries events came that named the number.
        NamedUnder = "told_under",
        /// Under which ids of entries events came that said something of people, of the number.
        MarkedUnder = "marked_under",
        /// Other names of the same thing.
        SameAs = "same_as",
        /// The name that a person had before.
        Was = "was",
    }
}

/// How the points of a register are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Each dated word is a point of its own; the newest are kept.
    Timeline,
    /// A set of words, each with the earliest instant; the earliest are kept.
    First,
    /// A set of words, each with the latest instant; the latest are kept.
    Latest,
}

impl Register {
    const fn kind(self) -> Kind {
        match self {
            Self::Began | Self::Numbers | Self::MarkedUnder | Self::SameAs | Self::Was => {
                Kind::First
            }
            Self::Errors
            | Self::Notices
            | Self::OfAccount
            | Self::OfPortfolio
            | Self::NamedUnder => Kind::Latest,
            _ => Kind::Timeline,
        }
    }

    /// How many points are kept.
    const fn points_max(self) -> usize {
        match self {
            Self::Stopped | Self::Withheld | Self::Experiment => 4,
            Self::Was | Self::Began | Self::OfAccount | Self::OfPortfolio => 8,
            Self::SameAs | Self::NamedUnder | Self::MarkedUnder => 16,
            Self::NotUnderstood | Self::Base => 64,
            Self::Errors | Self::Notices | Self::SendErrors => 256,
            Self::Numbers | Self::Acknowledged | Self::Violations | Self::Standing => 1024,
            _ => 512,
        }
    }
}

/// A word.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Word {
    /// It is no longer known.
    Unknown,
    /// It is not known, since this word of WhatsApp is in no table.
    Strange(Box<str>),
    Bool(bool),
    Int(i64),
    Text(Box<str>),
    /// A list or object, as canonical JSON.
    Json(Box<str>),
}

impl Word {
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    /// The word that a JSON value is.
    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Unknown,
            Value::Bool(is) => Self::Bool(*is),
            Value::String(text) => Self::text(text),
            Value::Number(number) => {
                number.as_i64().map_or_else(|| Self::Json(canonical(value).into()), Self::Int)
            }
            _ => Self::Json(canonical(value).into()),
        }
    }

    pub(crate) fn value(&self) -> Value {
        match self {
            Self::Unknown | Self::Strange(_) => Value::Null,
            Self::Bool(is) => (*is).into(),
            Self::Int(number) => (*number).into(),
            Self::Text(text) => (**text).into(),
            Self::Json(text) => serde_json::from_str(text).unwrap_or_default(),
        }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(crate) const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown | Self::Strange(_))
    }
}

/// A dated word of one register.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Point {
    pub(crate) register: Register,
    pub(crate) at: Timestamp,
    pub(crate) word: Word,
}

/// What is known of one thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Row {
    /// In order, each once.
    points: Vec<Point>,
    /// What a later version wrote and this one does not understand; kept and joined all the same.
    newer: Option<Box<Newer>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Newer {
    version: u64,
    /// Members beside the registers, as canonical JSON.
    members: std::collections::BTreeMap<String, String>,
    /// By register, the points as canonical JSON.
    registers: std::collections::BTreeMap<String, std::collections::BTreeSet<String>>,
}

/// The version of the form of rows.
const VERSION: u64 = 1;
/// Points of a register that this version does not know.
const NEWER_POINTS_MAX: usize = 512;
/// Registers that this version does not know.
const NEWER_REGISTERS_MAX: usize = 64;

impl Row {
    pub(crate) fn is_empty(&self) -> bool {
        self.points.is_empty() && self.newer.is_none()
    }

    /// Whether nothing but that stands here.
    pub(crate) fn has_only(&self, register: Register) -> bool {
        self.newer.is_none() && self.points.iter().all(|point| point.register == register)
    }

    /// Whether a later version wrote something here that this one does not understand.
    pub(crate) fn is_newer(&self) -> bool {
        self.newer.is_some()
    }

    /// Every point, by register.
    pub(crate) fn all(&self) -> &[Point] {
        &self.points
    }

    /// The points of a register, the earliest first.
    pub(crate) fn of(&self, register: Register) -> &[Point] {
        let start = self.points.partition_point(|point| point.register < register);
        let end = self.points.partition_point(|point| point.register <= register);
        self.points.get(start..end).unwrap_or_default()
    }

    /// Whether a register has all the points that it keeps, so that older ones may be gone.
    pub(crate) fn is_full(&self, register: Register) -> bool {
        self.of(register).len() >= register.points_max()
    }

    pub(crate) fn last_at(&self) -> Option<Timestamp> {
        // A category that is announced before its day is dated with that day.
        let is_event = |point: &&Point| {
            point.register != Register::Category
                && (point.register != Register::CorrectCategory
                    || point.word.as_text() != Some(crate::effects::NO_CHANGE))
        };
        self.points.iter().filter(is_event).map(|point| point.at).max()
    }

    /// Adds a point. Whether the row changed.
    pub(crate) fn add(&mut self, point: Point) -> bool {
        let register = point.register;
        let start = self.points.partition_point(|known| known.register < register);
        let end = self.points.partition_point(|known| known.register <= register);
        if register.kind() != Kind::Timeline
            && let Some(place) = self
                .points
                .get(start..end)
                .and_then(|own| own.iter().position(|known| known.word == point.word))
        {
            let Some(known) = self.points.get(start + place) else { return false };
            let replaces = match register.kind() {
                Kind::First => point.at < known.at,
                Kind::Latest => point.at > known.at,
                Kind::Timeline => false,
            };
            if !replaces {
                return false;
            }
            self.points.remove(start + place);
            self.insert(point);
            return true;
        }
        if self.points.binary_search(&point).is_ok() {
            return false;
        }
        if end - start < register.points_max() {
            self.insert(point);
            return true;
        }
        // Full: the least of all goes, which may be the new one.
        let goes = match register.kind() {
            Kind::First => end - 1,
            Kind::Timeline | Kind::Latest => start,
        };
        let stays = self.points.get(goes).is_some_and(|least| match register.kind() {
            Kind::First => point < *least,
            Kind::Timeline | Kind::Latest => point > *least,
        });
        if stays {
            self.points.remove(goes);
            self.insert(point);
        }
        stays
    }

    fn insert(&mut self, point: Point) {
        let place = self.points.partition_point(|known| *known < point);
        // Most rows are of persons, and have one point or two.
        if self.points.len() < 4 {
            self.points.reserve_exact(1);
        }
        self.points.insert(place, point);
    }

    /// Joins another row of the same thing. Whether this one changed.
    pub(crate) fn merge(&mut self, other: &Self) -> bool {
        let mut changed = false;
        for point in &other.points {
            changed |= self.add(point.clone());
        }
        if let Some(other) = &other.newer {
            let own = self.newer.get_or_insert_with(Box::default);
            let before = own.clone();
            own.version = own.version.max(other.version);
            // Which of two is the newer nobody knows here; on all machines the same one stays.
            for (name, value) in &other.members {
                let known = own.members.entry(name.clone()).or_default();
                if value > known {
                    known.clone_from(value);
                }
            }
            while own.members.len() > NEWER_REGISTERS_MAX {
                own.members.pop_last();
            }
            for (register, points) in &other.registers {
                let known = own.registers.entry(register.clone()).or_default();
                known.extend(points.iter().cloned());
                while known.len() > NEWER_POINTS_MAX {
                    known.pop_first();
                }
            }
            while own.registers.len() > NEWER_REGISTERS_MAX {
                own.registers.pop_last();
            }
            changed |= before != *own;
        }
        changed
    }

    /// Keeps the points for which `keep` holds. Whether the row changed.
    pub(crate) fn retain(&mut self, keep: impl FnMut(&Point) -> bool) -> bool {
        let before = self.points.len();
        self.points.retain(keep);
        self.points.shrink_to_fit();
        self.points.len() != before
    }

    /// Drops words older than that instant that a newer one, no younger than it either, replaces.
    pub(crate) fn drop_replaced(&mut self, before: Timestamp) -> bool {
        let last: Vec<(Register, Timestamp)> = self
            .points
            .iter()
            .filter(|point| point.at < before && !shows_earlier(point))
            .map(|point| (point.register, point.at))
            .collect();
        let replaced = |point: &Point| {
            point.register.kind() == Kind::Timeline
                && !matches!(
                    point.register,
                    // Each app has words of its own.
                    Register::Apps
                        | Register::Base
                        | Register::Standing
                        | Register::Violations
                        | Register::NotUnderstood
                        | Register::SendErrors
                )
                && point.at < before
                && last.iter().any(|(register, at)| {
                    *register == point.register && at.seconds() > point.at.seconds()
                })
        };
        self.retain(|point| !replaced(point))
    }

    /// The row as a JSON value.
    pub(crate) fn to_value(&self) -> Value {
        let mut registers: Map<String, Value> = Map::new();
        for point in &self.points {
            let written = match &point.word {
                Word::Strange(word) => json!([point.at.to_string(), null, word]),
                word => json!([point.at.to_string(), word.value()]),
            };
            let of = registers.entry(point.register.name()).or_insert_with(|| json!([]));
            if let Some(points) = of.as_array_mut() {
                points.push(written);
            }
        }
        let mut version = VERSION;
        if let Some(newer) = &self.newer {
            version = version.max(newer.version);
            for (register, points) in &newer.registers {
                let mut all: Vec<Value> =
                    registers.get(register).and_then(Value::as_array).cloned().unwrap_or_default();
                all.extend(points.iter().filter_map(|point| serde_json::from_str(point).ok()));
                registers.insert(register.clone(), all.into());
            }
        }
        let mut row = Map::new();
        if let Some(newer) = &self.newer {
            let members = newer.members.iter();
            row.extend(members.filter_map(|(name, value)| {
                Some((name.clone(), serde_json::from_str(value).ok()?))
            }));
        }
        row.insert("v".to_owned(), version.into());
        row.insert("registers".to_owned(), registers.into());
        row.into()
    }

    /// Reads what [`Self::to_value`] gave, also of a later version.
    pub(crate) fn read(spot: &Spot<'_>) -> Result<Self, AccountError> {
        let mut row = Self::default();
        let mut newer = Newer::default();
        let members = spot.object()?;
        let version = spot.required("v", "the version of the row")?.whole()?;
        newer.version = u64::try_from(version)
            .ok()
            .filter(|version| *version > 0)
            .ok_or_else(|| error::wrong_type(&version.into(), "a version").at(&spot.path))?;
        if newer.version == VERSION
            && let Some(name) = members.keys().find(|name| *name != "v" && *name != "registers")
        {
            return Err(error::unknown_member(name, &["v", "registers"]).at(&spot.path));
        }
        // A later version may keep its words elsewhere.
        let registers = match spot.member("registers") {
            None if newer.version > VERSION => Spot::new(&EMPTY, &spot.path),
            _ => spot.required("registers", "an object")?,
        };
        let others = members.iter().filter(|(name, _)| *name != "v" && *name != "registers");
        newer.members = others.map(|(name, value)| (name.clone(), canonical(value))).collect();
        for (name, points) in registers.object()? {
            let known = Register::from_name(name);
            for point in Spot::new(points, &format!("{}.{name}", registers.path)).items()? {
                match known.and_then(|register| read_point(register, point.value)) {
                    Some(point) => {
                        row.add(point);
                    }
                    // A row of this version has nothing that this version does not understand.
                    None if newer.version == VERSION => return Err(error::bad_point(&point)),
                    None => {
                        newer
                            .registers
                            .entry(name.clone())
                            .or_default()
                            .insert(canonical(point.value));
                    }
                }
            }
        }
        if newer.version > VERSION {
            row.newer = Some(Box::new(newer));
            let joined = row.clone();
            row.merge(&joined);
        }
        Ok(row)
    }
}

static EMPTY: std::sync::LazyLock<Value> = std::sync::LazyLock::new(|| json!({}));

fn read_point(register: Register, value: &Value) -> Option<Point> {
    let (at, word) = match value.as_array()?.as_slice() {
        [at, word] => (at, Word::of(word)),
        [at, Value::Null, Value::String(word)] => (at, Word::Strange(word.as_str().into())),
        _ => return None,
    };
    Some(Point { register, at: Timestamp::parse(at.as_str()?).ok()?, word })
}

/// The word for a quality that is no longer low; whether it is medium or high is not told.
pub(crate) const NOT_LOW: &str = "not_low";

/// Whether an earlier word may hold again by it: what is no longer low, or not rated, is what it
/// was rated before; and the state of a number that had to be looked at is the one before that.
fn shows_earlier(point: &Point) -> bool {
    match point.register {
        Register::Quality => matches!(point.word.as_text(), Some(NOT_LOW | "unrated")),
        Register::NumberStatus => point.word == Word::Unknown,
        _ => false,
    }
}

/// Which of two words on one matter holds: the later, and within a second the stricter.
pub(crate) fn holds_over(a: &Point, b: &Point) -> Ordering {
    let key = |point: &Point| (point.at.seconds(), strictness(point), point.at.nanos());
    key(a).cmp(&key(b)).then_with(|| a.word.cmp(&b.word))
}

/// Whether a word holds over another and is no milder.
pub(crate) fn is_later_and_no_milder(a: &Point, b: &Point) -> bool {
    holds_over(a, b).is_gt() && strictness(a) >= strictness(b)
}

/// Whether a word may stand against sending.
pub(crate) fn is_against(point: &Point) -> bool {
    strictness(point) > 0
}

/// How much stands against sending by a word; what is not known stands below what stops.
fn strictness(point: &Point) -> i64 {
    let word = match &point.word {
        Word::Text(text) => &**text,
        Word::Unknown | Word::Strange(_) => return 50,
        Word::Bool(is) => return i64::from(*is),
        // Of two limits the lower is the stricter.
        Word::Int(number) if point.register == Register::DailyLimit => return -number,
        Word::Int(_) | Word::Json(_) => return 0,
    };
    match word {
        "approved" | "green" | "connected" | "available" | "verified" | "resumed"
        | "self_owned" => 0,
        "unlimited" => i64::MIN,
        "unrated" => 5,
        "yellow" | "pending" | "limited" | "flagged" => 60,
        "unverified" => 70,
        NOT_LOW => 50,
        _ => 80,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(register: Register, at: i64, word: &str) -> Point {
        Point { register, at: Timestamp::new(at, 0).unwrap(), word: Word::text(word) }
    }

    #[test]
    fn of_two_words_within_a_second_the_stricter_holds() {
        let a = point(Register::Quality, 10, "red");
        let b = point(Register::Quality, 10, "yellow");
        let c = point(Register::Quality, 11, "green");
        assert_eq!(holds_over(&a, &b), Ordering::Greater);
        assert_eq!(holds_over(&c, &a), Ordering::Greater);
    }

    #[test]
    fn a_register_keeps_the_newest_whatever_the_order() {
        let points: Vec<Point> =
            (0..10).map(|at| point(Register::Stopped, at, "stopped")).collect();
        let (mut forward, mut backward) = (Row::default(), Row::default());
        for point in &points {
            forward.add(point.clone());
        }
        for point in points.iter().rev() {
            backward.add(point.clone());
        }
        assert_eq!(forward, backward);
        assert_eq!(forward.of(Register::Stopped).len(), 4);
        assert_eq!(forward.of(Register::Stopped)[0].at.seconds(), 6);
    }

    #[test]
    fn a_row_of_a_later_version_is_kept_and_joined() {
        let value: Value = serde_json::from_str(
            r#"{"v":2,"more":1,"registers":{"quality":[["2026-01-01T00:00:00Z","red"],["2026-01-02T00:00:00Z","blue",1,2]],"shade":[["2026-01-01T00:00:00Z",7]]}}"#,
        )
        .unwrap();
        let row = Row::read(&Spot::new(&value, "")).unwrap();
        assert!(row.is_newer());
        let mut joined = Row::default();
        joined.add(point(Register::Quality, 10, "green"));
        assert!(joined.merge(&row) && !joined.merge(&row));
        let again = Row::read(&Spot::new(&joined.to_value(), "")).unwrap();
        assert_eq!(again, joined);
        assert_eq!(joined.to_value()["registers"]["quality"].as_array().unwrap().len(), 3);
    }
}
