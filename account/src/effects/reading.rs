//! What does one change say, as words for rows?

use cleartosend::Timestamp;
use cleartosend::expert::digest::Digest;
use cleartosend::expert::text::shortened;
use serde_json::{Value, json};

use crate::book::{Key, Point, Register, Word, is_against};
use crate::envelope::Change;
use crate::error::{self, AccountError};
use crate::event::Kind;
use crate::fields::{Limit, SHOWN, Spot, canonical, shown_number};
use crate::fold::Standing;
use crate::words::{self, Words};

/// What one change says.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) account: String,
    /// The portfolio of which something is said that is of no account alone.
    pub(crate) portfolio: Option<String>,
    pub(crate) at: Timestamp,
    /// When the envelope was received, where that is known.
    pub(crate) received_at: Option<Timestamp>,
    /// Words for rows, in the order in which they stand in the change.
    pub(crate) points: Vec<(Key, Point)>,
    /// A sentence each.
    pub(crate) says: Vec<String>,
    /// What a reader should know of it.
    pub(crate) notes: Vec<String>,
    /// The kind of event, where it is known.
    pub(crate) kind: Option<Kind>,
    /// Why something about the account is not understood.
    pub(crate) doubt: Option<String>,
    /// Whether the doubt is of which account it is: it may be of any.
    pub(crate) of_any: bool,
    /// Whether it is not known to be of this account, so that it makes nothing of it better.
    pub(crate) ends_nothing: bool,
    /// Whether it concerns no account, and nothing was looked at.
    pub(crate) passed: bool,
}

impl Reading {
    pub(crate) fn of_account(&self) -> Key {
        match &self.portfolio {
            Some(portfolio) => Key::portfolio(portfolio),
            None => Key::account(&self.account),
        }
    }

    /// When something happened that is dated so, and whether that cannot be. Clocks differ by some
    /// minutes; what is dated later than that cannot have been reported yet. It counts from its
    /// receipt, so that it counts at once and no later word is hidden by it.
    pub(crate) fn dated(&self, at: Timestamp) -> Dated {
        let Some(received_at) = self.received_at else { return Dated::At(at) };
        Self::no_later(at, received_at)
    }

    fn no_later(at: Timestamp, received_at: Timestamp) -> Dated {
        if at.seconds() <= received_at.seconds().saturating_add(SKEW_SECONDS) {
            return Dated::At(at);
        }
        let why = format!("dated {at}, after its receipt at {received_at}, from which it counts");
        Dated::Ahead(received_at, why)
    }

    /// When something of a person happened by its own word, and whether that cannot be.
    pub(super) fn moment_of(&mut self, item: &Spot<'_>) -> Option<(Timestamp, bool)> {
        let at = item.member("timestamp")?.moment().ok()?;
        // The envelope was sent after what it says happened.
        let sent = (self.at > Timestamp::MIN).then_some(self.at);
        let bound = [self.received_at, sent].into_iter().flatten().min();
        match bound.map_or(Dated::At(at), |bound| Self::no_later(at, bound)) {
            Dated::At(at) => Some((at, false)),
            Dated::Ahead(at, why) => {
                self.notes.push(format!("`{}`: {why}", item.path));
                Some((at, true))
            }
        }
    }

    /// Adds a word without a sentence.
    pub(crate) fn put(&mut self, key: &Key, register: Register, word: Word) {
        self.put_at(key, register, self.at, word);
    }

    pub(crate) fn put_at(&mut self, key: &Key, register: Register, at: Timestamp, word: Word) {
        self.points.push((key.clone(), Point { register, at, word }));
    }

    /// Adds a word, and says it.
    pub(crate) fn tell(&mut self, key: &Key, register: Register, word: Word) {
        self.tell_at(key, register, self.at, word);
    }

    pub(crate) fn tell_at(&mut self, key: &Key, register: Register, at: Timestamp, word: Word) {
        let value = match &word {
            Word::Unknown | Word::Strange(_) => "not known".to_owned(),
            Word::Text(text) => shortened(text, SHOWN),
            other => other.value().to_string(),
        };
        self.says.push(format!("{}: {register} = {value} from {at}", thing(key)));
        self.put_at(key, register, at, word);
    }

    /// Adds what is said of restrictions and bans, and says it.
    pub(crate) fn stand(&mut self, key: &Key, standing: &Standing) {
        self.says.push(format!("{}: {}", thing(key), standing.sentence(self.at)));
        self.put(key, Register::Standing, standing.word());
    }

    pub(crate) fn notice(&mut self, key: &Key, what: &str) {
        self.tell(key, Register::Notices, Word::text(&shortened(what, SHOWN)));
    }

    /// A word that no table has.
    pub(crate) fn note(&mut self, what: &str, spot: &Spot<'_>) {
        self.notes.push(format!(
            "`{}`: unknown {what} {}",
            spot.path,
            error::quoted(&spot.shown())
        ));
    }

    /// What cannot be read, and is unknown therefore.
    pub(crate) fn problem(&mut self, problem: &AccountError) {
        self.notes.push(problem.to_string());
    }

    /// What concerns the account and is not understood: somebody has to look.
    pub(crate) fn doubts(&mut self, why: String) {
        self.notes.push(why.clone());
        self.doubt.get_or_insert(why);
    }

    /// As [`Self::doubts`], of what may be another account's than that of the entry.
    pub(crate) fn doubts_whose(&mut self, why: String) {
        self.doubts(why);
        self.of_any = true;
        self.ends_nothing = true;
    }

    /// Whether it says something against sending.
    pub(super) fn is_grave(&self) -> bool {
        self.doubt.is_some()
            || self.points.iter().any(|(_, point)| match point.register {
                Register::Standing => Standing::of(&point.word).stops(),
                Register::Violations => true,
                Register::Connection => point.word.as_text() != Some("connected"),
                _ => false,
            })
    }

    /// Keeps of a number that people of it were spoken of under this id, whoever it is now.
    pub(super) fn mark_number(&mut self, value: &Spot<'_>) {
        let of_people =
            |(key, point): &(Key, Point)| matches!(key, Key::Recipient { .. }).then_some(point.at);
        let Some(first) = self.points.iter().filter_map(of_people).min() else { return };
        let number = value.member("metadata").and_then(|metadata| self.named_number(&metadata));
        if let Some(Ok(number)) = number
            && !self.account.is_empty()
        {
            let entry = self.account.clone();
            self.put_at(&number, Register::MarkedUnder, first, Word::text(&entry));
        }
    }

    /// Whether it says something against an account that does not count by itself where no account
    /// is named: a violation, a way that is cut, a review that is not won.
    pub(super) fn is_against_some_account(&self) -> bool {
        let of_nobody = |key: &Key| matches!(key, Key::Account(id) if id.is_empty());
        self.points.iter().filter(|(key, _)| of_nobody(key)).any(|(_, point)| {
            match point.register {
                Register::Violations => true,
                Register::Connection => point.word.as_text() != Some("connected"),
                Register::Review => point.word.as_text() != Some("approved"),
                _ => false,
            }
        })
    }

    /// Whether it says that something against sending is over.
    pub(super) fn ends_something(&self) -> bool {
        let is_end = |point: &Point| {
            point.register == Register::Standing && !Standing::of(&point.word).stops()
        };
        self.points.iter().any(|(_, point)| is_end(point))
    }

    /// Keeps beside what it says of the account's standing which number it named, and beside what it
    /// says of the number's under which account. `is_account` says that this is surely an account's
    /// id, and not a partner's.
    pub(crate) fn name_beside(&mut self, number: &Key, account: &str, is_account: bool) {
        let Key::Number(name) = number else { return };
        for (key, point) in &mut self.points {
            if point.register != Register::Standing {
                continue;
            }
            match key {
                Key::Account(id) if **id == *account && !Standing::of(&point.word).stops() => {
                    point.word = Standing::word_beside(&point.word, "number", name);
                    if is_account {
                        point.word = Standing::word_beside(&point.word, "under", account);
                    }
                }
                // Of a number its own node tells, whatever account it names.
                Key::Number(_) if !is_account => {
                    point.word = Standing::word_beside(&point.word, "under", account);
                }
                _ => {}
            }
        }
    }

    /// Takes back all that speaks for sending.
    pub(super) fn drop_good(&mut self) {
        let speaks_for = |point: &Point| match point.register {
            Register::Standing => !Standing::of(&point.word).stops(),
            Register::Apps => {
                point.word.value().get("is").and_then(Value::as_str) == Some("installed")
            }
            Register::Base | Register::Began => true,
            // It counts where it is lower.
            Register::DailyLimit => false,
            Register::Errors
            | Register::NotUnderstood
            | Register::Notices
            | Register::SendErrors
            | Register::Violations => false,
            _ => !is_against(point),
        };
        let known = self.points.len();
        self.points.retain(|(_, point)| !speaks_for(point));
        if self.points.len() < known {
            self.says.clear();
        }
    }

    /// Takes back what would end something, of what was said after so many words: under a name that
    /// nobody knows it is for a person to decide.
    pub(super) fn drop_ends(&mut self, after: usize) {
        let said = self.points.split_off(after);
        let ends = |point: &Point| {
            point.register == Register::Standing && !Standing::of(&point.word).stops()
        };
        for (key, point) in said {
            if ends(&point) {
                let standing = Standing::of(&point.word);
                let says = format!("{}: {}", thing(&key), standing.sentence(point.at));
                self.says.retain(|said| *said != says);
            } else {
                self.points.push((key, point));
            }
        }
    }

    /// Keeps of an event that does not say when it was what stops something: it counts from before
    /// all that is dated, so that any later word which ends it ends it.
    pub(super) fn keep_stops(&mut self) {
        self.says.clear();
        self.points.retain(|(_, point)| {
            point.register == Register::Standing && Standing::of(&point.word).stops()
        });
        for (key, point) in &self.points {
            let says = Standing::of(&point.word).sentence(point.at);
            self.says.push(format!("{}: {says}", thing(key)));
        }
    }

    /// The account that a change names beside that of its entry.
    pub(super) fn account_in(&self, value: &Value) -> Option<String> {
        let value = Spot::new(value, "");
        let info = value.member("waba_info").and_then(|info| info.member("waba_id"));
        let id = info.or_else(|| value.member("waba_id"))?.name().ok()?;
        (is_id(&id) && id != self.account).then_some(id)
    }

    /// The portfolio that an event is of by its own word, where it came under another id.
    fn portfolio_in(&self, value: &Value) -> Option<Key> {
        let value = Spot::new(value, "");
        let is_of_business = value
            .member("entity_type")
            .is_some_and(|kind| kind.shown().eq_ignore_ascii_case("BUSINESS"));
        let id = value
            .member("business_id")
            .or_else(|| value.member("entity_id").filter(|_| is_of_business))?;
        let id = id.name().ok().filter(|id| is_id(id) && *id != self.account)?;
        Some(Key::Portfolio(id.into()))
    }

    /// What stops a whole portfolio in an unknown way, for all of its accounts and not only for the
    /// one in whose entry it came.
    pub(super) fn tell_portfolio(&mut self, value: &Value) {
        let Some(portfolio) = self.portfolio_in(value) else { return };
        let account = self.of_account();
        let is_stop = |(key, point): &&(Key, Point)| {
            *key == account
                && point.register == Register::Standing
                && Standing::of(&point.word) == Standing::Stopped
        };
        if let Some((_, point)) = self.points.iter().find(is_stop) {
            let point = Point {
                register: Register::Standing,
                at: point.at,
                word: Standing::Stopped.word(),
            };
            self.says.push(format!(
                "{}: {}",
                thing(&portfolio),
                Standing::Stopped.sentence(point.at)
            ));
            self.points.push((portfolio, point));
        }
    }

    /// Keeps the doubt in the account's row, until somebody acknowledges it. Of the event it keeps
    /// its name, and a digest that distinguishes it from others.
    pub(super) fn keep_doubt(&mut self, change: &Change<'_>, value: &Value) {
        let Some(mut why) = self.doubt.clone() else { return };
        let mut event = value.get("event").and_then(Value::as_str);
        // What is no word may be what somebody wrote, which is not for a book to keep.
        if event.is_some_and(|event| !is_word(event)) {
            event = None;
            why = "its `event` is not a word".to_owned();
        }
        let digest = Digest::of(canonical(value).as_bytes()).to_string();
        let kept = json!({
            "field": shortened(&change.field, SHOWN),
            "event": event,
            "why": shortened(&why, 120),
            "id": digest.get(7..23).unwrap_or_default(),
        });
        let key = self.of_account();
        self.put(&key, Register::NotUnderstood, Word::of(&kept));
        if self.of_any && !self.account.is_empty() {
            self.put(&Key::account(""), Register::NotUnderstood, Word::of(&kept));
        }
        if let Some(portfolio) = self.portfolio_in(value) {
            self.put(&portfolio, Register::NotUnderstood, Word::of(&kept));
        }
        self.says.push(format!(
            "{}: not understood, so that checks ask for review until it is acknowledged",
            thing(&key)
        ));
    }

    /// A word of the schema for a word of WhatsApp; unknown, and a note, for one that is not known.
    pub(crate) fn word(
        &mut self,
        spot: Option<Spot<'_>>,
        what: &str,
        words: &Words,
        path: &str,
    ) -> Word {
        let Some(spot) = spot else {
            self.notes.push(format!("no {what} is given"));
            return Word::Unknown;
        };
        let known = spot.value.as_str().and_then(|text| words::of(words, text));
        match known {
            // The schema may have no word for a state that is known, or the state may be that
            // nothing is known.
            Some(candidates) => words::allowed(path, candidates).map_or(Word::Unknown, Word::text),
            None => {
                self.note(what, &spot);
                Word::Strange(spot.shown().into())
            }
        }
    }

    pub(crate) fn limit(&mut self, key: &Key, spot: &Spot<'_>) {
        let word = match spot.limit() {
            Ok(Limit::Known(limit)) => Word::of(&limit),
            // The current limit is not given.
            Ok(Limit::NotSet) => {
                self.notes.push(format!("`{}`: the limit is not set yet", spot.path));
                return;
            }
            Ok(Limit::Strange) | Err(_) => {
                self.note("limit", spot);
                Word::Strange(spot.shown().into())
            }
        };
        self.tell(key, Register::DailyLimit, word);
    }

    /// An account's id that the change itself gives goes before that of the entry: changes that
    /// concern partners come in an entry of the portfolio.
    pub(super) fn own_account(&mut self, value: &Spot<'_>) {
        let info = value.stated("waba_info");
        let id = info.as_ref().and_then(|info| info.stated("waba_id"));
        let id = id.or_else(|| value.stated("waba_id"));
        if info.is_none() && id.is_none() {
            return;
        }
        match id.as_ref().and_then(|id| id.name().ok()).filter(|id| is_id(id)) {
            Some(id) => {
                let entry = std::mem::replace(&mut self.account, id);
                // What comes in such an entry and names no account may be of this one.
                if !entry.is_empty() && entry != self.account {
                    let key = self.of_account();
                    self.put(&key, Register::SameAs, Word::text(&entry));
                }
            }
            None => self.doubts_whose("`waba_info` does not name an account".to_owned()),
        }
        let Some(owner) = info.and_then(|info| info.member("owner_business_id")) else { return };
        match owner.name().ok().filter(|id| is_id(id)) {
            Some(owner) => {
                let key = self.of_account();
                self.put(&key, Register::OfPortfolio, Word::text(&owner));
            }
            None => self.doubts(format!("`{}` is not an id", owner.path)),
        }
    }

    /// The number that a part of an account's event names; none where it names none.
    pub(crate) fn named_number(&self, value: &Spot<'_>) -> Option<Result<Key, AccountError>> {
        let given = NUMBER_MEMBERS.iter().find_map(|name| value.stated(name))?;
        let is_id_of = given.path.ends_with("phone_number_id");
        Some(given.name().and_then(|text| {
            let number = match is_id_of {
                true => is_id(&text).then_some(text),
                false => shown_number(&text),
            };
            let wrong = || error::wrong_type(given.value, "a number").at(&given.path);
            number.map(|number| Key::number(&number)).ok_or_else(wrong)
        }))
    }

    /// The number that a change is about: its display number, else its id. Both are linked where
    /// both are given, and to the account.
    pub(crate) fn number(&mut self, value: &Spot<'_>) -> Option<Key> {
        let shown = ["display_phone_number", "phone_number", "display_number"]
            .iter()
            .find_map(|name| value.member(name))
            .and_then(|number| number.name().ok())
            .and_then(|number| shown_number(&number));
        let id =
            value.member("phone_number_id").and_then(|id| id.name().ok()).filter(|id| is_id(id));
        self.link_number(shown.as_deref(), id.as_deref())
    }

    /// As [`Self::number`], of what is given already.
    pub(crate) fn link_number(&mut self, shown: Option<&str>, id: Option<&str>) -> Option<Key> {
        let Some(name) = shown.or(id) else {
            self.doubts("no number is named".to_owned());
            return None;
        };
        let key = Key::number(name);
        if let (Some(shown), Some(id)) = (shown, id) {
            self.put(&key, Register::SameAs, Word::text(id));
            self.put(&Key::number(id), Register::SameAs, Word::text(shown));
        }
        if !self.account.is_empty() {
            let account = self.account.clone();
            self.put(&key, Register::OfAccount, Word::text(&account));
            let of = self.of_account();
            self.put(&of, Register::Numbers, Word::text(name));
        }
        Some(key)
    }

    pub(crate) fn template(&mut self, value: &Spot<'_>) -> Option<Key> {
        let name = ["message_template_name", "name"].iter().find_map(|name| value.member(name));
        let name = name.and_then(|name| name.value.as_str().and_then(template_name_of));
        let Some(name) = name else {
            self.doubts("no template is named".to_owned());
            return None;
        };
        let language = ["message_template_language", "language"];
        let language = language.iter().find_map(|name| value.member(name));
        let language = language.and_then(|spot| {
            let language = spot.value.as_str().map(language_of);
            let language = language.filter(|language| is_language(language));
            if language.is_none() {
                // It may be of any translation.
                self.note("language", &spot);
            }
            language
        });
        let language = language.unwrap_or_default();
        Some(Key::Template {
            account: self.account.as_str().into(),
            name: name.into(),
            language: language.into(),
        })
    }
}

/// Members by which an event names a number.
pub(super) const NUMBER_MEMBERS: [&str; 4] =
    ["display_phone_number", "phone_number", "display_number", "phone_number_id"];

/// When something happened.
pub(crate) enum Dated {
    At(Timestamp),
    /// From its receipt on, since it is dated later; and that in words.
    Ahead(Timestamp, String),
}

/// How far the clock of whoever dates an event may be ahead.
const SKEW_SECONDS: i64 = 5 * 60;

/// Whether a text is a word such as WhatsApp's events have, and no sentence.
pub(crate) fn is_word(text: &str) -> bool {
    text.len() <= SHOWN && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether a text is an id of WhatsApp's: digits, and no placeholder.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && !text.trim_start_matches('0').is_empty()
}

/// A language as rows are named by it: `en-US` and `en_US` are one.
pub(crate) fn language_of(text: &str) -> String {
    text.trim().replace('-', "_").to_ascii_lowercase()
}

/// Whether a text is of the form `es` or `zh_hant_tw`.
fn is_language(text: &str) -> bool {
    let mut parts = text.split('_');
    let is_word = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| (2..=8).contains(&part.len()) && is_word(part))
}

/// A template's name as rows are named by it: WhatsApp has them in small letters. None for what is
/// no name.
pub(crate) fn template_name_of(text: &str) -> Option<String> {
    let name = text.trim().to_lowercase();
    // WhatsApp's own samples have names with blanks.
    let is_of_name =
        |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.' | ' ');
    ((1..=512).contains(&name.len()) && name.chars().all(is_of_name)).then_some(name)
}

/// What a row is of, for people.
fn thing(key: &Key) -> String {
    match key {
        Key::Portfolio(id) => format!("portfolio {id}"),
        Key::Account(_) => "account".to_owned(),
        Key::Number(id) => format!("number {}", id.trim_start_matches('+')),
        Key::Template { name, language, .. } => format!("template {name} ({language})"),
        Key::Recipient { id, .. } => format!("recipient {id}"),
    }
}
