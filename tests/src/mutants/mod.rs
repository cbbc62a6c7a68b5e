//! Would a pack's tests notice it if a rule said something else?
//!
//! In: a pack. Out: a [`Report`] on its *mutants*, each the pack with one small thing changed: an
//! operator, an operand, a number, a date, a verdict, a member of a set ([`changes`] says of a
//! condition which, [`rules`], [`conditions`] and [`sets`] of the rest). A mutant is *noticed* if
//! some test of the pack then fails, *refused* if the pack no longer loads, and *equal* if it says
//! of every case what the pack says; any other *survives*. A survivor may be
//! [excused](Report::excuse) with a reason.
//!
//! No pack is loaded for a mutant. Facts are resolved once for each test ([`mod@bench`]); a rule and
//! all its mutants are compiled to one small program, which says what each of them makes of a test
//! and, clause by clause, which of them mean the same.

mod bench;
mod changes;
mod conditions;
mod rules;
mod sets;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use cleartosend::expert::cel::Span;
use cleartosend::pack::Place;
use cleartosend::{Pack, PackFile, Schema};
use serde::Deserialize;

use bench::Bench;

/// What a mutant changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "a report counts every kind")]
pub enum Kind {
    /// What a rule asks, or of whom.
    Condition,
    /// A number that it compares with.
    Number,
    /// What a violation means.
    Verdict,
    /// The first or last day of a rule or of an entry of a set, or an instant in a condition.
    Date,
    /// Who is a member of a set.
    Member,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Condition, Self::Number, Self::Verdict, Self::Date, Self::Member];

    /// The kind in the plural.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Condition => "conditions",
            Self::Number => "numbers",
            Self::Verdict => "verdicts",
            Self::Date => "dates",
            Self::Member => "members",
        }
    }
}

/// What became of a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "a report counts every fate")]
pub enum Fate {
    /// Some test fails.
    Noticed,
    /// The pack no longer loads.
    Refused,
    /// It says of every case what the pack says.
    Equal,
    /// No test tells it from the pack, and there is a reason why none can.
    Excused,
    /// No test tells it from the pack.
    Survived,
}

/// The pack with one thing changed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Mutant {
    /// What kind of thing.
    pub kind: Kind,
    /// The rule, set or named condition.
    pub of: Arc<str>,
    /// What was changed.
    pub what: String,
    /// The file in the pack, and the line.
    pub place: (Arc<str>, u32),
    /// What became of it.
    pub fate: Fate,
}

impl fmt::Display for Mutant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (file, line) = &self.place;
        write!(f, "{file}:{line}: {} ({}): {}", self.of, self.kind.name(), self.what)
    }
}

/// All mutants of a pack.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report {
    /// In the order of the pack: rules, named conditions, sets.
    pub mutants: Vec<Mutant>,
}

/// A survivor that no test can notice.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Excuse {
    /// The pack.
    pub pack: String,
    /// As [`Mutant::of`].
    pub of: String,
    /// As [`Mutant::what`].
    pub what: String,
    /// Why not.
    pub why: String,
}

impl Excuse {
    /// Reads a list of excuses, `[[excused]]` each.
    pub fn list(text: &str) -> Vec<Self> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct List {
            excused: Vec<Excuse>,
        }
        toml::from_str::<List>(text).unwrap_or_else(|error| panic!("{error}")).excused
    }
}

/// How many mutants there are of a kind, by fate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Count {
    /// Some test fails.
    pub noticed: usize,
    /// The pack no longer loads.
    pub refused: usize,
    /// No change at all.
    pub equal: usize,
    /// No test can tell.
    pub excused: usize,
    /// No test tells.
    pub survived: usize,
}

impl Count {
    /// How many are killed: noticed by a test, or refused by the loader.
    pub const fn killed(self) -> usize {
        self.noticed + self.refused
    }

    /// How many could be: those that mean something else, and are not excused.
    pub const fn all(self) -> usize {
        self.killed() + self.survived
    }

    /// The share of those, in tenths of a percent, rounded down.
    pub fn per_mille(self) -> usize {
        (self.killed() * 1000).checked_div(self.all()).unwrap_or(1000)
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = self.per_mille();
        write!(
            f,
            "{} of {} killed, {}.{} % ({} by the loader); {} mean the same, {} excused",
            self.killed(),
            self.all(),
            share / 10,
            share % 10,
            self.refused,
            self.equal,
            self.excused
        )
    }
}

impl Report {
    /// The mutants of a pack that needs no other beneath it.
    pub fn of(files: &[PackFile]) -> Self {
        let pack = Pack::load(files, &Schema::built_in()).map(Arc::new);
        let pack = pack.unwrap_or_else(|errors| panic!("{errors}"));
        let text = Text::of(files);
        Bench::with(&pack, |bench| {
            let mut mutants = rules::mutants(bench, &text);
            mutants.extend(conditions::mutants(bench, &text));
            mutants.extend(sets::mutants(bench, &text));
            Self { mutants }
        })
    }

    /// Excuses survivors; gives back each excuse that none of them needs.
    pub fn excuse<'e>(&mut self, excuses: impl IntoIterator<Item = &'e Excuse>) -> Vec<&'e Excuse> {
        let mut unneeded = Vec::new();
        for excuse in excuses {
            let excused = self.mutants.iter_mut().filter(|mutant| {
                mutant.fate == Fate::Survived
                    && *mutant.of == *excuse.of
                    && mutant.what == excuse.what
            });
            let count = excused.map(|mutant| mutant.fate = Fate::Excused).count();
            if count == 0 {
                unneeded.push(excuse);
            }
        }
        unneeded
    }

    /// The mutants of a kind, counted.
    pub fn count(&self, kind: Kind) -> Count {
        let mut count = Count::default();
        for mutant in self.mutants.iter().filter(|mutant| mutant.kind == kind) {
            *match mutant.fate {
                Fate::Noticed => &mut count.noticed,
                Fate::Refused => &mut count.refused,
                Fate::Equal => &mut count.equal,
                Fate::Excused => &mut count.excused,
                Fate::Survived => &mut count.survived,
            } += 1;
        }
        count
    }

    /// The mutants that no test tells from the pack.
    pub fn survivors(&self) -> impl Iterator<Item = &Mutant> {
        self.mutants.iter().filter(|mutant| mutant.fate == Fate::Survived)
    }
}

/// The files of a pack as text, to find lines in.
struct Text(BTreeMap<String, String>);

impl Text {
    fn of(files: &[PackFile]) -> Self {
        let texts = files
            .iter()
            .map(|file| (file.path.clone(), String::from_utf8_lossy(&file.bytes).into_owned()));
        Self(texts.collect())
    }

    /// Where a part of a condition stands: at the first place, from a line of the file on, that has
    /// the condition's text.
    fn line_of(&self, from: At<'_>, source: &str, span: Span) -> (Arc<str>, u32) {
        let within = source.get(..span.range().start).unwrap_or_default();
        self.line_after(from, source, within.matches('\n').count())
    }

    /// Where a text stands first, from a line of the file on; `further` lines below its first.
    fn line_after(&self, from: At<'_>, wanted: &str, further: usize) -> (Arc<str>, u32) {
        let At(file, line) = from;
        let text = self.0.get(file).map_or("", String::as_str);
        let above = line.saturating_sub(1) as usize;
        let start: usize = text.split_inclusive('\n').take(above).map(str::len).sum();
        let rest = text.get(start..).unwrap_or_default();
        let before = rest.get(..rest.find(wanted).unwrap_or(0)).unwrap_or_default();
        let lines = before.matches('\n').count() + further;
        (Arc::from(file), line + u32::try_from(lines).unwrap_or(0))
    }
}

/// A line of a file.
#[derive(Clone, Copy)]
struct At<'a>(&'a str, u32);

impl<'a> From<&'a Place> for At<'a> {
    fn from(place: &'a Place) -> Self {
        Self(&place.file, place.line)
    }
}
