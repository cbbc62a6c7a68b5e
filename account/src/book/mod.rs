//! What is known of many accounts?
//!
//! A [`Book`] is a map from keys to rows, and a row is a join of registers (`row`): so that workers
//! may apply events in any order, twice, in parallel, and merge. `people` finds the rows of a
//! person under all names, `part` those that one campaign needs, `view` what is known of one
//! account at one instant, `tell` says it of a campaign's facts, `json` writes and reads books.

mod above;
mod connection;
mod contradiction;
mod erase;
mod json;
mod key;
mod numbers;
mod part;
mod people;
mod row;
mod standing;
mod tell;
mod view;

use std::collections::{BTreeMap, BTreeSet};

use cleartosend::expert::resolve::ladder::History;
use cleartosend::expert::text::shortened;
use cleartosend::{Facts, FactsError, Schema, Timestamp};
use serde::Serialize;
use serde_json::Value;

pub use key::Key;
pub use part::Rows;
pub use row::Register;
pub(crate) use row::{NOT_LOW, Point, Row, Word, is_against};

use crate::effects::{self, Reading};
use crate::envelope::{Change, Envelope};
use crate::error::{self, AccountError};
use crate::event::Kind;
use crate::fields::SHOWN;
use crate::fold::Standing;
use crate::words;

/// What WhatsApp's events tell of portfolios, accounts, numbers, templates and the people who
/// stopped marketing.
///
/// The same events in any order, twice, or applied to several books that are merged, give the same
/// rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    rows: BTreeMap<Key, Row>,
    /// By account and name: most rows are of people.
    people: BTreeMap<Box<str>, BTreeMap<Box<str>, Row>>,
    /// Rows of a later version under keys that this version does not know.
    foreign: BTreeMap<String, Row>,
}

/// What became of an envelope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Applied {
    /// One for each change, in their order.
    pub changes: Vec<ChangeReport>,
    /// The keys of the rows that changed, in order: those to store.
    pub rows: Vec<String>,
}

/// What became of one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeReport {
    /// Where it stands, such as `entry[0].changes[1].value`.
    pub path: String,
    /// The label that it came with.
    pub field: String,
    /// The account that it is about, where it names one.
    pub account: Option<String>,
    /// As what it was read, where that is known and not what the label says.
    pub read_as: Option<Kind>,
    /// When it happened.
    pub at: Option<String>,
    /// What became of it.
    pub outcome: ChangeOutcome,
    /// What it says, a sentence each.
    pub says: Vec<String>,
    /// What a reader should know, such as a word that is not known.
    pub notes: Vec<String>,
}

cleartosend::names! {
    /// What became of a change.
    ChangeOutcome {
        /// It was new and says something.
        Applied = "applied",
        /// It was known, and changed nothing.
        Repeated = "repeated",
        /// It concerns an account and is not understood: checks of the account ask for review until
        /// it is acknowledged.
        NotUnderstood = "not_understood",
        /// It was understood, and says nothing of what may be sent.
        Noted = "noted",
        /// It concerns no account, and nothing of it was kept.
        Passed = "passed",
    }
}

/// Rows that went or changed otherwise than by a join: a store deletes the ones and replaces the
/// others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Removed {
    /// Keys of rows that are gone.
    pub removed: Vec<String>,
    /// Keys of rows that hold less than before.
    pub replaced: Vec<String>,
}

/// The accounts that an envelope is about, by id, in order and each once.
///
/// # Errors
/// What is not an envelope, as for [`Book::apply`].
pub fn accounts_in(envelope: &[u8]) -> Result<Vec<String>, AccountError> {
    let envelope = Envelope::read(envelope)?;
    let mut accounts = BTreeSet::new();
    for change in envelope.changes(Some(Timestamp::MIN))? {
        for (key, _) in effects::read(&change, None).points {
            match key {
                Key::Account(id)
                | Key::Recipient { sender: id, .. }
                | Key::Template { account: id, .. }
                    if !id.is_empty() =>
                {
                    accounts.insert(id.into_string());
                }
                _ => {}
            }
        }
    }
    Ok(accounts.into_iter().collect())
}

impl Book {
    /// A book in which nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a book: what [`Self::to_json`] wrote, a state as version 0.1.0 wrote it, or an object
    /// with nothing but an `account`, as in a campaign document, to begin with.
    ///
    /// # Errors
    /// Whatever is not a book, with its path.
    pub fn from_json(bytes: &[u8]) -> Result<Self, AccountError> {
        json::read(bytes)
    }

    /// The book as one line of JSON.
    pub fn to_json(&self) -> String {
        json::write(self)
    }

    /// Applies one webhook of any account. Each change stands or falls alone: what cannot be read
    /// of one spoils no other.
    ///
    /// # Errors
    /// What is not JSON, and what is neither a webhook nor an answer of the Graph API; nothing was
    /// applied then.
    pub fn apply(&mut self, envelope: &[u8]) -> Result<Applied, AccountError> {
        self.apply_received(envelope, None)
    }

    /// As [`Self::apply`], for an answer of the Graph API that does not say when it was read.
    ///
    /// # Errors
    /// As [`Self::apply`].
    pub fn apply_read_at(
        &mut self,
        envelope: &[u8],
        read_at: Timestamp,
    ) -> Result<Applied, AccountError> {
        self.apply_received(envelope, Some(read_at))
    }

    /// As [`Self::apply`], with the timestamp at which the envelope was received, which counts for
    /// what says no other: answers of the Graph API, and webhooks without a time. What is dated
    /// more than five minutes later counts from then too, and its report notes that: nothing is
    /// announced before it happens.
    ///
    /// # Errors
    /// As [`Self::apply`].
    pub fn apply_received(
        &mut self,
        envelope: &[u8],
        received_at: Option<Timestamp>,
    ) -> Result<Applied, AccountError> {
        let envelope = Envelope::read(envelope)?;
        let changes = envelope.changes(received_at)?;
        let mut applied = Applied { changes: Vec::with_capacity(changes.len()), rows: Vec::new() };
        let mut changed = BTreeSet::new();
        for change in changes {
            let report = self.take(&change, received_at, &mut changed);
            applied.changes.push(report);
        }
        applied.rows = changed.iter().map(ToString::to_string).collect();
        applied.rows.sort_unstable();
        Ok(applied)
    }

    fn take(
        &mut self,
        change: &Change<'_>,
        received_at: Option<Timestamp>,
        changed: &mut BTreeSet<Key>,
    ) -> ChangeReport {
        let reading = effects::read(change, received_at);
        let mut is_new = false;
        for (key, point) in &reading.points {
            if self.row_mut(key).add(point.clone()) {
                is_new = true;
                changed.insert(key.clone());
            }
        }
        report(change, reading, is_new)
    }

    fn row_mut(&mut self, key: &Key) -> &mut Row {
        match key {
            Key::Recipient { sender, id } => {
                if !self.people.contains_key(sender) {
                    self.people.insert(sender.clone(), BTreeMap::new());
                }
                self.people.entry(sender.clone()).or_default().entry(id.clone()).or_default()
            }
            key => self.rows.entry(key.clone()).or_default(),
        }
    }

    pub(crate) fn row_of(&self, key: &Key) -> Option<&Row> {
        match key {
            Key::Recipient { sender, id } => self.people.get(sender)?.get(id),
            key => self.rows.get(key),
        }
    }

    /// The row under a key, as JSON; none where there is none.
    pub fn row(&self, key: &str) -> Option<String> {
        let row = match Key::parse(key) {
            Some(key) => self.row_of(&key),
            None => self.foreign.get(key),
        };
        row.map(|row| crate::fields::canonical(&row.to_value()))
    }

    /// Every key, in the order of their bytes.
    pub fn keys(&self) -> Vec<String> {
        let people = self.people.iter().flat_map(|(sender, people)| {
            people.keys().map(|id| Key::Recipient { sender: sender.clone(), id: id.clone() })
        });
        let keys = self.rows.keys().cloned().chain(people).map(|key| key.to_string());
        let mut keys: Vec<String> = keys.chain(self.foreign.keys().cloned()).collect();
        keys.sort_unstable();
        keys
    }

    /// Joins a row, as [`Self::row`] gave it. Whether the book changed. Rows of later versions are
    /// kept, and what they hold is joined.
    ///
    /// # Errors
    /// What is not a row, or not a key.
    pub fn merge_row(&mut self, key: &str, row: &[u8]) -> Result<bool, AccountError> {
        json::merge_row(self, key, row)
    }

    /// Joins another book: commutative, associative and idempotent. Gives the keys of the rows that
    /// changed, in order.
    pub fn merge(&mut self, other: &Self) -> Vec<String> {
        let mut changed = Vec::new();
        let people = other.people.iter().flat_map(|(sender, people)| {
            people
                .iter()
                .map(|(id, row)| (Key::Recipient { sender: sender.clone(), id: id.clone() }, row))
        });
        for (key, row) in other.rows.iter().map(|(key, row)| (key.clone(), row)).chain(people) {
            if self.row_mut(&key).merge(row) {
                changed.push(key.to_string());
            }
        }
        for (key, row) in &other.foreign {
            if self.foreign.entry(key.clone()).or_default().merge(row) {
                changed.push(key.clone());
            }
        }
        changed
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
            + self.foreign.len()
            + self.people.values().map(BTreeMap::len).sum::<usize>()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.people.is_empty() && self.foreign.is_empty()
    }

    /// When the last event happened.
    pub fn last_event_at(&self) -> Option<Timestamp> {
        let rows = self.rows.values().chain(self.people.values().flat_map(BTreeMap::values));
        rows.filter_map(Row::last_at).filter(|at| *at > Timestamp::MIN).max()
    }

    /// The ids of the accounts, in order. What came under the id of a portfolio makes no account of
    /// it.
    pub fn accounts(&self) -> impl Iterator<Item = &str> {
        let rows = self.rows.range(Key::account("")..Key::number(""));
        let portfolios: BTreeSet<&str> =
            rows.filter_map(|(_, row)| above::portfolio_of(row)).collect();
        let ids = self.rows.keys().filter_map(|key| match key {
            Key::Account(id) if self.is_number(id) => None,
            Key::Account(id) | Key::Template { account: id, .. } if portfolios.contains(&**id) => {
                None
            }
            Key::Account(id) | Key::Template { account: id, .. } if !id.is_empty() => Some(&**id),
            _ => None,
        });
        ids.collect::<BTreeSet<&str>>().into_iter()
    }

    /// Whether an id is known to be a number's, so that a row of an account under it is a guess.
    fn is_number(&self, id: &str) -> bool {
        let row = self.row_of(&Key::number(id));
        row.is_some_and(|row| numbers::other_names(row).iter().any(|name| name.starts_with('+')))
    }

    /// Whether the book has that account.
    pub(crate) fn has(&self, account: &str) -> bool {
        self.row_of(&Key::account(account)).is_some()
            || self.accounts().any(|known| known == account)
    }

    /// The `account` member of a campaign document as of a timestamp; as of the last event, if none
    /// is given. `account` is its id, which need not be given where the book has one account.
    /// `number` is the sending number, in E.164 or by its id: without it, what differs between the
    /// account's numbers is left out.
    ///
    /// Restrictions and violations have dates of their own and are given whole, also those of a
    /// later date. What is not known is left out: [`Self::tell`] says it of facts, and is the way
    /// to judge a campaign.
    ///
    /// # Errors
    /// An account that the book does not have; none, where it has several.
    pub fn account(
        &self,
        account: Option<&str>,
        at: Option<Timestamp>,
        number: Option<&str>,
    ) -> Result<Value, AccountError> {
        let id = self.choose(account)?;
        let at = at.or_else(|| self.last_event_at());
        Ok(view::View::of(self, id.as_deref(), at, number).account())
    }

    /// Says of facts what this book knows, as of their timestamp of sending: the account, the
    /// campaign's template, and the recipient. What the book does not know stays as it is; what it
    /// knows not to be known any more becomes unknown.
    ///
    /// Facts without a recipient keep what the book knows of recipients, for the audience that they
    /// are screened against and for a recipient who is given later: each is judged as if given
    /// before.
    ///
    /// # Errors
    /// More restrictions or violations than facts can hold; facts of another form, which cannot be.
    pub fn tell(&self, facts: &mut Facts) -> Result<(), FactsError> {
        tell::tell(self, facts)
    }

    /// The part of a book that [`Self::tell`] asks for these facts, from where its rows are kept:
    /// told by it, they are what they are told by the whole.
    ///
    /// # Errors
    /// What `rows` refuses.
    pub fn part_for<R: Rows>(facts: &Facts, rows: &mut R) -> Result<Self, R::Error> {
        part::part_for(facts, rows)
    }

    /// What a projection asks: the restrictions and violations of an account.
    ///
    /// # Errors
    /// As [`Self::account`].
    pub fn history(&self, account: Option<&str>, at: Timestamp) -> Result<History, AccountError> {
        let id = self.choose(account)?;
        let view = view::View::of(self, id.as_deref(), Some(at), None);
        let document = serde_json::json!({ "account": view.account() }).to_string();
        let facts = Facts::from_json_without_send_at(&Schema::built_in(), document.as_bytes())
            .map_err(|problem| error::facts(&problem))?;
        Ok(History::of(&facts))
    }

    /// The account that is meant; none for what names no account, where the book has nothing else.
    fn choose(&self, account: Option<&str>) -> Result<Option<String>, AccountError> {
        let mut accounts = self.accounts();
        match account {
            Some(id) if self.has(id) => Ok(Some(id.to_owned())),
            Some(id) => Err(error::no_account(id, self.accounts())),
            None => match (accounts.next(), accounts.next()) {
                (Some(only), None) => Ok(Some(only.to_owned())),
                (None, _) => Ok(None),
                (Some(_), Some(_)) => Err(error::several_accounts(self.accounts())),
            },
        }
    }

    /// What of an account's events was not understood and not acknowledged, as JSON objects with
    /// `at`, `field`, `event`, `why` and `id`.
    ///
    /// # Errors
    /// As [`Self::account`].
    pub fn not_understood(&self, account: Option<&str>) -> Result<Vec<Value>, AccountError> {
        let id = self.choose(account)?;
        let mut open = view::View::of(self, id.as_deref(), None, None).not_understood();
        // A template's row counts for the campaigns of that template.
        let newer = self.rows.iter().filter(|(key, row)| match key {
            Key::Template { account, .. } => {
                row.is_newer() && (account.is_empty() || Some(&**account) == id.as_deref())
            }
            _ => false,
        });
        open.extend(newer.map(|_| view::newer_row()));
        Ok(open)
    }

    /// Words of WhatsApp that no table has, and which leave something of the account unknown: each
    /// with its register, a line each.
    ///
    /// # Errors
    /// As [`Self::account`].
    pub fn strange_words(&self, account: Option<&str>) -> Result<Vec<String>, AccountError> {
        let id = self.choose(account)?;
        Ok(view::View::of(self, id.as_deref(), None, None).strange_words())
    }

    /// Acknowledges what of an account's events was not understood so far: checks no longer ask for
    /// review because of it. Gives the keys of the rows that changed.
    ///
    /// # Errors
    /// As [`Self::account`].
    pub fn acknowledge(
        &mut self,
        account: Option<&str>,
        at: Timestamp,
    ) -> Result<Vec<String>, AccountError> {
        let id = self.choose(account)?;
        let open = view::View::of(self, id.as_deref(), Some(at), None).not_understood();
        let key = Key::account(id.as_deref().unwrap_or_default());
        let mut changed = false;
        for entry in open {
            if let Some(id) = entry.get("id").and_then(Value::as_str) {
                let word = Word::text(id);
                let point = Point { register: Register::Acknowledged, at, word };
                changed |= self.row_mut(&key).add(point);
            }
        }
        Ok(if changed { vec![key.to_string()] } else { Vec::new() })
    }

    /// Notes that an appeal succeeded: restrictions of that kind, or all of them, end then. Gives
    /// the keys of the rows that changed.
    ///
    /// # Errors
    /// As [`Self::account`]; a restriction kind that does not exist.
    pub fn appeal(
        &mut self,
        account: Option<&str>,
        kind: Option<&str>,
        at: Timestamp,
        reason: &str,
    ) -> Result<Vec<String>, AccountError> {
        let id = self.choose(account)?;
        if let Some(kind) = kind
            && !words::restriction_kinds().any(|known| *known == *kind)
        {
            let known = words::restriction_kinds();
            let known: Vec<_> = known.collect();
            return Err(error::unknown_restriction(kind, known.iter().map(|kind| &**kind)));
        }
        let key = Key::account(id.as_deref().unwrap_or_default());
        let standing = Standing::Appealed { kind: kind.map(str::to_owned) };
        let row = self.row_mut(&key);
        let mut changed =
            row.add(Point { register: Register::Standing, at, word: standing.word() });
        let word = Word::text(&format!("appeal: {}", shortened(reason, SHOWN)));
        changed |= row.add(Point { register: Register::Notices, at, word });
        Ok(if changed { vec![key.to_string()] } else { Vec::new() })
    }
}

fn report(change: &Change<'_>, reading: Reading, is_new: bool) -> ChangeReport {
    let is_note = |(_, point): &(Key, Point)| {
        matches!(
            point.register,
            Register::Notices
                | Register::Errors
                | Register::SameAs
                | Register::Numbers
                | Register::OfAccount
                | Register::OfPortfolio
                | Register::Reason
                | Register::NamedUnder
                | Register::MarkedUnder
        )
    };
    let outcome = if reading.passed {
        ChangeOutcome::Passed
    } else if reading.doubt.is_some() {
        ChangeOutcome::NotUnderstood
    } else if reading.points.iter().all(is_note) {
        if reading.points.is_empty() || is_new {
            ChangeOutcome::Noted
        } else {
            ChangeOutcome::Repeated
        }
    } else if is_new {
        ChangeOutcome::Applied
    } else {
        ChangeOutcome::Repeated
    };
    let is_of_account = !reading.passed && !reading.account.is_empty();
    ChangeReport {
        path: match &change.content {
            crate::envelope::Content::Event(_, spot) => spot.path.clone(),
            _ => change.path.clone(),
        },
        field: change.field.clone(),
        account: is_of_account.then_some(reading.account),
        read_as: reading.kind.filter(|kind| kind.name() != change.field),
        at: change.at.filter(|_| !reading.passed).map(|_| reading.at.to_string()),
        outcome,
        says: reading.says,
        notes: reading.notes,
    }
}
