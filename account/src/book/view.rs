//! What is known of one account at one instant?
//!
//! In: a book, an account, an instant, and the sending number where it is given. Out: for each
//! matter the word that holds, over all rows that speak of it: those of the account, of its
//! numbers, and of its portfolio with the accounts beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cleartosend::schema::is_country;
use cleartosend::{Facts, Schema, Timestamp};
use serde_json::{Map, Value, json};

use super::above::{self, Above};
use super::contradiction::{self, Contradiction};
use super::numbers::{Number, Replaced, group, numbers, sending_name};
use super::row::{self, Point, Register, Row, Word};
use super::{Book, Key, connection, standing};
use crate::codes;
use crate::consequence;
use crate::effects::LIMITS_OF_PORTFOLIOS_SINCE;
use crate::error;
use crate::fold::{Origin, Restriction, Restrictions, Until};

/// What is known of one account.
pub(super) struct View<'b> {
    id: Option<String>,
    at: Option<Timestamp>,
    /// The account's own rows: under its id, and in a book of one account what named none.
    own: Vec<&'b Row>,
    /// What named no account, where it may be of another: it may stop this one, and ends nothing.
    nobody: Option<&'b Row>,
    /// What comes under other ids and counts for it.
    above: Above<'b>,
    /// Its numbers, each with all of its rows.
    numbers: Vec<Number<'b>>,
    /// Numbers that its events named and that belong to another account now.
    former: Vec<Number<'b>>,
    /// Which of them sends.
    sending: Sending,
    /// That the id by which it is named has its number no more.
    replaced: Option<Replaced<'b>>,
    /// Rows of the other kind under the same ids, by their keys.
    guessed: Vec<(Key, &'b Row)>,
    /// What names a number of another account than the one that it came under: in the account's own
    /// rows and in those of its numbers, and in those of others.
    contradictions: [Vec<Contradiction<'b>>; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sending {
    /// The number in that place.
    One(usize),
    /// None is named, and the account has several.
    Any,
    /// One is named that is not among the account's.
    Other,
}

/// What the registers say of one matter.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Statement {
    Nothing,
    Unknown,
    Known(Word),
}

impl<'b> View<'b> {
    pub(super) fn of(
        book: &'b Book,
        id: Option<&str>,
        at: Option<Timestamp>,
        number: Option<&str>,
    ) -> Self {
        let nobody = book.row_of(&Key::account(""));
        let only = book.accounts().nth(1).is_none();
        let mut own: Vec<&Row> = Vec::new();
        own.extend(id.and_then(|id| book.row_of(&Key::account(id))));
        if only {
            own.extend(nobody);
        }
        let mut above = Above::of(book, id, &own);
        let nobody = nobody.filter(|_| !only);
        let (mut numbers, former) = numbers(book, id, &own, only);
        let number = number.map(str::to_owned).or_else(|| base_number(&own, at));
        let name = number.as_deref().map(sending_name);
        let sending = match &name {
            Some(name) => {
                // A number that belongs to no account, as far as is known, is this one's by the
                // caller's word.
                if !numbers.iter().any(|known| known.names.contains(name)) {
                    let named = group(book, name);
                    if !named.rows.is_empty() && named.owner().is_none() {
                        numbers.push(named);
                    }
                }
                let place = numbers.iter().position(|known| known.names.contains(name));
                place.map_or(Sending::Other, Sending::One)
            }
            None if numbers.len() == 1 => Sending::One(0),
            None => Sending::Any,
        };
        let replaced = match (sending, &name) {
            (Sending::One(place), Some(id)) => {
                numbers.get(place).and_then(|number| Replaced::of(book, number, id, at))
            }
            _ => None,
        };
        above.add_named_by(book, id, &own, &numbers);
        let mut guessed: Vec<Key> = id.map(Key::number).into_iter().collect();
        let in_question = match sending {
            Sending::One(place) => numbers.get(place..=place).unwrap_or_default(),
            Sending::Any | Sending::Other => &numbers,
        };
        let names = in_question.iter().flat_map(|number| &number.names);
        guessed.extend(
            names
                .filter(|name| !name.starts_with('+') && id.is_none_or(|id| id != **name))
                .map(|name| Key::account(name)),
        );
        let guessed = guessed.into_iter().filter_map(|key| Some((key.clone(), book.row_of(&key)?)));
        let guessed = guessed.collect();
        let all: Vec<&Number<'b>> = numbers.iter().chain(&former).collect();
        let contradictions = [
            contradiction::own(book, id, &own, &all),
            contradiction::of_others(book, id, &numbers),
        ];
        Self {
            id: id.map(str::to_owned),
            at,
            own,
            nobody,
            above,
            numbers,
            former,
            sending,
            replaced,
            guessed,
            contradictions,
        }
    }

    /// Rows that may stop it.
    fn stopping(&self) -> impl Iterator<Item = &'b Row> {
        self.own.iter().copied().chain(self.beside())
    }

    /// Those of them that are not its own.
    fn beside(&self) -> impl Iterator<Item = &'b Row> {
        self.nobody.into_iter().chain(self.above.stopping())
    }

    /// The ids under which events come that count for it too.
    pub(super) fn ids_above(&self) -> &[String] {
        &self.above.ids
    }

    /// Its numbers.
    pub(super) fn numbers(&self) -> &[Number<'b>] {
        &self.numbers
    }

    /// The sending number, where it is known.
    pub(super) fn number(&self) -> Option<&Number<'b>> {
        if let Sending::One(place) = self.sending { self.numbers.get(place) } else { None }
    }

    /// The id that has the sending number now, where it is named by one that has it no more.
    pub(super) fn replaced_by(&self) -> Option<&str> {
        self.replaced.as_ref().map(|replaced| &*replaced.by)
    }

    /// Whether the number that is named is not among the account's.
    pub(super) fn is_other_number(&self) -> bool {
        self.sending == Sending::Other
    }

    /// Whether the account has numbers that are known.
    pub(super) fn has_numbers(&self) -> bool {
        !self.numbers.is_empty()
    }

    /// The word on a matter that holds, over several rows.
    fn said(&self, rows: &[&Row], register: Register) -> Statement {
        said(rows, register, self.at)
    }

    /// The rows of the sending number; of all, where it is not known.
    fn sending_rows(&self) -> Vec<&'b Row> {
        self.number().map_or_else(|| self.all_numbers(), |own| own.rows.clone())
    }

    fn all_numbers(&self) -> Vec<&'b Row> {
        self.numbers.iter().flat_map(|number| number.rows.iter().copied()).collect()
    }

    /// What the numbers that may send say; unknown where they differ.
    fn of_numbers(&self, register: Register) -> Statement {
        if let (Some(number), Some(replaced)) = (self.number(), &self.replaced) {
            return self.of_replaced(number, replaced, register);
        }
        if let Some(number) = self.number() {
            return self.said_of_number(&number.rows, register);
        }
        if self.sending == Sending::Other {
            return Statement::Nothing;
        }
        let mut all = self
            .numbers
            .iter()
            .map(|number| self.said_of_number(&number.rows, register))
            .filter(|said| *said != Statement::Nothing);
        let Some(first) = all.next() else { return Statement::Nothing };
        if all.all(|other| other == first) { first } else { Statement::Unknown }
    }

    /// What is said of one number. That it is not rated says nothing of how its messages are
    /// received, and ends no low rating; that its state has to be looked at is over once WhatsApp
    /// says that its messages go.
    fn said_of_number(&self, rows: &[&'b Row], register: Register) -> Statement {
        let said = self.said(rows, register);
        match register {
            Register::Quality if self.flagged(rows).is_some() => {
                Statement::Known(Word::text("red"))
            }
            Register::Quality if is_unrated(&said) => match last_rating(rows, self.at) {
                Some(last) if is_low(&last.word) => statement(Some(last)),
                _ => said,
            },
            Register::NumberStatus => {
                let is_open = |point: &Point| point.word == Word::Unknown;
                let open = held(rows, register, self.at).filter(|last| is_open(last));
                let health = held(rows, Register::Health, self.at);
                match (open, health) {
                    (Some(open), Some(health))
                        if health.at > open.at && health.word.as_text() == Some("available") =>
                    {
                        statement(held_of(rows, register, self.at, |point| !is_open(point)))
                    }
                    _ => said,
                }
            }
            _ => said,
        }
    }

    /// That a number is flagged, which it is for its low quality, and was not rated since. Since
    /// 2025-10-07 no number is any more, so that nothing else follows from it.
    fn flagged(&self, rows: &[&'b Row]) -> Option<&'b Point> {
        let state = held(rows, Register::NumberStatus, self.at)?;
        let rating = last_rating(rows, self.at);
        let is_rated = rating.is_some_and(|last| last.at >= state.at);
        (state.word.as_text() == Some("flagged") && !is_rated).then_some(state)
    }

    /// What is said of an id that has its number no more: of the number since then nothing but what
    /// is against it, and what it was before is not known to hold.
    fn of_replaced(
        &self,
        number: &Number<'b>,
        replaced: &Replaced<'_>,
        register: Register,
    ) -> Statement {
        let points = number.rows.iter().flat_map(|row| {
            let points = row.of(register).iter().filter(|point| self.is_by_now(point));
            points.map(|point| (point, replaced.is_of_other(row, point)))
        });
        let counts =
            |(point, is_of_other): &(&'b Point, bool)| !is_of_other || row::is_against(point);
        let last =
            points.filter(counts).map(|(point, _)| point).max_by(|a, b| row::holds_over(a, b));
        match last {
            Some(last) if row::is_against(last) && !is_not_low(last) => statement(Some(last)),
            _ if self.said(&number.rows, register) == Statement::Nothing => Statement::Nothing,
            _ => Statement::Unknown,
        }
    }

    /// Members of the account with what is said of them, by their names in a campaign document.
    pub(super) fn members(&self) -> Vec<(&'static str, Statement)> {
        let own = |register| self.own_or_above(register);
        let numbers = self.all_numbers();
        let own_and_numbers: Vec<&Row> = self.own.iter().copied().chain(numbers).collect();
        let above: Vec<&Row> = self.above.stopping().collect();
        let mut members = vec![
            ("review", own(Register::Review)),
            ("verification", self.verification()),
            ("ownership", own(Register::Ownership)),
            ("country", own(Register::Country)),
            ("name", self.said(&self.own, Register::Name)),
            ("template_misuse_warned", own(Register::TemplateMisuseWarned)),
            ("connection", connection::of(&own_and_numbers, &above, self.at)),
            ("daily_limit", self.daily_limit()),
            ("quality", self.of_numbers(Register::Quality)),
            ("display_name", self.of_numbers(Register::DisplayName)),
            ("number_status", self.of_numbers(Register::NumberStatus)),
            ("coexistence", self.of_numbers(Register::Coexistence)),
            ("health", self.health()),
        ];
        let given = self.given();
        for (member, said) in &mut members {
            if *said == Statement::Nothing {
                continue;
            }
            let Some((given_at, value)) = given.get(*member) else { continue };
            let word = Word::of(value);
            // Nor does it end a low rating that was given.
            let last = match is_unrated(said) && *member == "quality" && is_low(&word) {
                true => last_rating(&self.sending_rows(), self.at).map(|last| last.at),
                false => self.last_given(member),
            };
            let is_same = *said == Statement::Known(word.clone());
            if last.is_none_or(|last| last < *given_at) {
                *said = if word.is_unknown() { Statement::Unknown } else { Statement::Known(word) };
            } else if last == Some(*given_at) && !is_same {
                *said = Statement::Unknown;
            }
        }
        let schema = Schema::built_in();
        for (member, said) in &mut members {
            let is_strange = |word: &Word| {
                let Some(id) = schema.id(&format!("account.{member}")) else { return false };
                match (schema.attribute(id).choices(), word) {
                    (Some(choices), Word::Text(text)) => {
                        !choices.iter().any(|choice| *choice.name == **text)
                    }
                    _ => !is_plain(member, word) && !is_sound(&schema, member, &word.value()),
                }
            };
            if matches!(said, Statement::Known(word) if is_strange(word)) {
                *said = Statement::Unknown;
            }
        }
        members
    }

    /// When an event last reported a member.
    fn last_given(&self, member: &str) -> Option<Timestamp> {
        let registers: &[Register] = match Register::from_name(member) {
            Some(Register::Connection) => &[Register::Connection, Register::Apps],
            Some(Register::Health) | None => &[
                Register::Health,
                Register::HealthAccount,
                Register::HealthApp,
                Register::HealthPortfolio,
            ],
            Some(register) => &[register],
        };
        let numbers = self.sending_rows();
        // Before limits were those of portfolios, that of another account is no word on this one's.
        let is_of_number = member == "daily_limit" && self.is_before_portfolios();
        let beside = self.above.portfolio.iter().copied().filter(|_| !is_of_number);
        let flagged = self.flagged(&numbers).filter(|_| member == "quality");
        let rows = self.stopping().chain(numbers).chain(beside);
        let points = rows.flat_map(|row| registers.iter().flat_map(|register| row.of(*register)));
        let points = points.filter(|point| self.is_by_now(point)).chain(flagged);
        points.map(|point| point.at).max()
    }

    /// The account's own word, or a later one against sending, and no milder, that came under
    /// another id which counts for it.
    fn own_or_above(&self, register: Register) -> Statement {
        let own = held(&self.own, register, self.at);
        match self.above.against(register, own, self.at) {
            _ if register == Register::Country && self.above.has_other_country(own, self.at) => {
                Statement::Unknown
            }
            None => self.said(&self.own, register),
            against => statement(against),
        }
    }

    /// A business is verified, and not each of its accounts: of what is said of the account, of its
    /// portfolio and of the accounts beside it the later holds. Of an account that another business
    /// owns, it is not the portfolio that is verified.
    fn verification(&self) -> Statement {
        let is_owned_by_other = |rows: &[&Row]| {
            held(rows, Register::Ownership, self.at)
                .is_some_and(|word| word.word.as_text() == Some("on_behalf_of"))
        };
        let own = held(&self.own, Register::Verification, self.at);
        let wide = self.above.portfolio.iter().filter(|row| !is_owned_by_other(&[**row]));
        let wide: Vec<&Row> = self.own.iter().chain(wide).copied().collect();
        let last = held(&wide, Register::Verification, self.at);
        if last == own || is_owned_by_other(&self.own) {
            return self.own_or_above(Register::Verification);
        }
        statement(self.above.against(Register::Verification, last, self.at).or(last))
    }

    /// The limit of the day: until 2025-10-07 that of the number, from then on the portfolio's.
    fn daily_limit(&self) -> Statement {
        if self.is_before_portfolios() {
            self.limit_of_number()
        } else {
            self.limit_of_portfolio().0
        }
    }

    /// The least that the daily limit can be, where no more is known of it.
    pub(super) fn least_limit(&self) -> Option<i64> {
        if self.is_before_portfolios() {
            return None;
        }
        match self.limit_of_portfolio() {
            (Statement::Known(Word::Int(limit)), true) => Some(limit),
            _ => None,
        }
    }

    fn is_before_portfolios(&self) -> bool {
        self.at.is_some_and(|at| at.seconds() < LIMITS_OF_PORTFOLIOS_SINCE)
    }

    /// The number's own word, or the account's, whichever was reported last. Of another account it
    /// says nothing, and of several numbers an account's word may be of each: it raises what is known
    /// of one in no case, and where it is lower nobody knows whether it is this one's.
    fn limit_of_number(&self) -> Statement {
        let of_account = held(&self.own, Register::DailyLimit, self.at);
        let of_account = self.above.limit(of_account, self.at).or(of_account);
        let numbers = self.all_numbers();
        let sending = self.number().map_or(&numbers, |number| &number.rows);
        let last = held(sending, Register::DailyLimit, self.at);
        let last = last.filter(|_| self.sending != Sending::Other);
        let (said, holds) = match (of_account, last) {
            (Some(wide), Some(last)) if row::holds_over(wide, last).is_ge() => {
                let own = self.of_numbers(Register::DailyLimit);
                let is_lower = row::is_later_and_no_milder(wide, last) && wide.word != last.word;
                match self.numbers.len() > 1 {
                    false => (statement(Some(wide)), Some(wide)),
                    true if is_lower => (Statement::Unknown, Some(wide)),
                    true => (own, Some(last)),
                }
            }
            (_, Some(last)) => (self.of_numbers(Register::DailyLimit), Some(last)),
            (wide, None) => (statement(wide), wide),
        };
        // What came under the portfolio's id is of one of its accounts, and nobody says of which.
        match held(&self.above.owner, Register::DailyLimit, self.at) {
            Some(of_any)
                if holds.is_none_or(|holds| row::is_later_and_no_milder(of_any, holds)) =>
            {
                Statement::Unknown
            }
            _ => said,
        }
    }

    /// What was reported last since limits are those of portfolios. What was reported before was of
    /// a number: portfolios got the limit of their best, so that the highest is the least that the
    /// limit can be, and the limit itself where it is known of all numbers. Second, whether it is
    /// no more than the least.
    fn limit_of_portfolio(&self) -> (Statement, bool) {
        let wide: Vec<&Row> = self.own.iter().chain(&self.above.portfolio).copied().collect();
        let everything: Vec<&Row> = wide.iter().copied().chain(self.all_numbers()).collect();
        let is_since = |point: &Point| point.at.seconds() >= LIMITS_OF_PORTFOLIOS_SINCE;
        if let Some(last) = held_of(&everything, Register::DailyLimit, self.at, is_since) {
            let lower = self.above.limit(Some(last), self.at);
            return (statement(lower.or(Some(last))), false);
        }
        let last_of = |rows: &[&'b Row]| held(rows, Register::DailyLimit, self.at);
        let own = last_of(&self.own);
        let of_numbers: Vec<Option<&Point>> =
            self.numbers.iter().map(|number| last_of(&number.rows)).collect();
        let mut known: Vec<&Point> = match of_numbers.as_slice() {
            // The account's word is that of its only number.
            [only] => own.into_iter().chain(*only).max_by(|a, b| row::holds_over(a, b)),
            _ => own,
        }
        .into_iter()
        .collect();
        if of_numbers.len() > 1 {
            known.extend(of_numbers.iter().flatten());
        }
        // Of the numbers of accounts beside this one not all is known.
        let owner = &self.above.owner;
        let is_owner = |row: &Row| owner.iter().any(|owner| std::ptr::eq(*owner, row));
        let mut is_least = self.above.portfolio.iter().any(|row| !is_owner(row))
            || known.iter().any(|point| point.word.is_unknown())
            || own.is_none() && of_numbers.iter().any(Option::is_none);
        known.extend(self.above.portfolio.iter().filter_map(|row| last_of(&[*row])));
        let Some(best) =
            known.iter().copied().filter(|point| !point.word.is_unknown()).max_by_key(|point| {
                match &point.word {
                    Word::Int(limit) => *limit,
                    _ => i64::MAX,
                }
            })
        else {
            let is_silent = known.is_empty();
            return (if is_silent { Statement::Nothing } else { Statement::Unknown }, false);
        };
        is_least &= matches!(best.word, Word::Int(_));
        match self.above.limit(Some(best), self.at) {
            Some(lower) => (statement(Some(lower)), false),
            None => (statement(Some(best)), is_least),
        }
    }

    /// Whether a limit came under the id of an entry that is lower than this or not known, where
    /// nothing is known of the account's own: whose it is, nobody says.
    pub(super) fn has_lower_limit(&self, given: i64) -> bool {
        self.daily_limit() == Statement::Nothing
            && self.above.limits(self.at).any(|point| match &point.word {
                Word::Int(limit) => *limit < given,
                word => word.is_unknown(),
            })
    }

    /// The worst of what messages need.
    fn health(&self) -> Statement {
        let numbers = self.all_numbers();
        let wide: Vec<&Row> = self.own.iter().copied().chain(numbers).collect();
        let widest: Vec<&Row> = wide.iter().chain(&self.above.portfolio).copied().collect();
        let above = |register| statement(self.above.against(register, None, self.at));
        let parts = [
            above(Register::HealthAccount),
            above(Register::HealthApp),
            self.said(&wide, Register::HealthAccount),
            self.said(&wide, Register::HealthApp),
            self.said(&widest, Register::HealthPortfolio),
            self.of_numbers(Register::Health),
        ];
        let rank = |said: &Statement| match said {
            Statement::Nothing => 0,
            Statement::Known(word) => match word.as_text() {
                Some("available") => 1,
                Some("limited") => 2,
                _ => 4,
            },
            Statement::Unknown => 3,
        };
        parts.into_iter().max_by_key(rank).unwrap_or(Statement::Nothing)
    }

    /// The account as the caller gave it.
    fn base(&self) -> Map<String, Value> {
        self.given().into_iter().map(|(member, (_, value))| (member, value)).collect()
    }

    /// Members of the account as the caller gave them, each with when it was given last.
    fn given(&self) -> BTreeMap<String, (Timestamp, Value)> {
        given(&self.own, self.at)
    }

    /// The account as a campaign document has it, without what is unknown.
    pub(super) fn account(&self) -> Value {
        let schema = Schema::built_in();
        let mut account = self.base();
        for (member, said) in self.members() {
            // A matter for which the schema has no attribute is seen in the rows only.
            if schema.id(&format!("account.{member}")).is_none() {
                continue;
            }
            match said {
                Statement::Nothing => {}
                Statement::Unknown => {
                    account.remove(member);
                }
                Statement::Known(word) => {
                    account.insert(member.to_owned(), word.value());
                }
            }
        }
        if let (None, Some(id)) = (account.get("id"), &self.id) {
            account.insert("id".into(), id.clone().into());
        }
        if let Some(restrictions) = self.restrictions(&account) {
            account.insert("restrictions".into(), restrictions);
        }
        if let Some(violations) = self.violations(&account) {
            account.insert("violations".into(), violations);
        }
        Value::Object(sound(&schema, account))
    }

    /// A review says where an account begins: before it there was nothing to restrict and nothing
    /// to violate.
    fn began(&self) -> bool {
        self.own.iter().any(|row| !row.of(Register::Began).is_empty())
    }

    /// What restricts it, by all that was said up to an instant; by everything, if none is given.
    fn known_restrictions(
        &self,
        base: &Map<String, Value>,
        up_to: Option<Timestamp>,
    ) -> Restrictions {
        let given = base.get("restrictions").and_then(Value::as_array);
        let before = given.into_iter().flatten().map(restriction).collect();
        let beside: Vec<&Row> = self.beside().collect();
        let [contradicted, _] = &self.contradictions;
        let said = standing::Rows {
            own: &self.own,
            beside: &beside,
            owner: &self.above.owner,
            numbers: &self.numbers,
            former: &self.former,
            contradicted,
            replaced: self.replaced.as_ref(),
            up_to,
        };
        said.restrictions(before)
    }

    /// From when on it is to be disabled, by what was announced up to the instant; none where no
    /// such day lies ahead.
    pub(super) fn disabling_at(&self) -> Option<Timestamp> {
        let at = self.at?;
        let list = self.known_restrictions(&self.base(), Some(at)).list.into_iter();
        let disabled = list.filter(|entry| entry.kind.as_deref() == Some("account_disabled"));
        disabled
            .filter(Restriction::is_ever)
            .filter_map(|entry| entry.since)
            .filter(|since| *since > at)
            .min()
    }

    fn restrictions(&self, base: &Map<String, Value>) -> Option<Value> {
        let given = base.get("restrictions").and_then(Value::as_array);
        let Restrictions { list, complete } = self.known_restrictions(base, None);
        let several = self.numbers.len() > 1 && self.sending == Sending::Any;
        let banned: BTreeSet<String> = list
            .iter()
            .filter(|entry| entry.until == Until::Open)
            .filter_map(|entry| match &entry.origin {
                Origin::Number(number) => Some(number.clone()),
                _ => None,
            })
            .collect();
        let mut shown = Vec::new();
        for mut entry in list {
            // Whether a list that names a number stops the others too is not published.
            if let Origin::ListOfNumber(number) = &entry.origin
                && self.number().is_none_or(|sending| !sending.names.contains(number))
            {
                entry.kind = None;
            }
            if let Origin::Number(number) = &entry.origin {
                let sends = self.number().is_none_or(|sending| sending.names.contains(number));
                if !sends || self.sending == Sending::Other {
                    continue;
                }
                // Whether it is the banned one that sends is not given.
                if several && banned.len() < self.numbers.len() {
                    entry.kind = None;
                }
            }
            if entry.is_ever() {
                shown.push(entry.to_value());
            }
        }
        (self.began() || complete || !shown.is_empty() || given.is_some())
            .then_some(Value::Array(shown))
    }

    fn violations(&self, base: &Map<String, Value>) -> Option<Value> {
        let mut known: Vec<(Timestamp, String)> = Vec::new();
        // A question about an earlier day is answered by what was known then.
        let rows = self.own.iter().copied().chain(self.above.stopping());
        let points = rows.flat_map(|row| row.of(Register::Violations));
        for point in points.filter(|point| self.is_by_now(point)) {
            let kind = point.word.as_text().unwrap_or("other").to_owned();
            known.push((point.at, kind));
        }
        known.sort();
        known.dedup();
        let statement =
            known.into_iter().map(|(at, kind)| json!({"kind": kind, "at": at.to_string()}));
        let given = base.get("violations").and_then(Value::as_array).cloned();
        let is_given = given.is_some();
        let all: Vec<Value> = given.unwrap_or_default().into_iter().chain(statement).collect();
        (self.began() || is_given || !all.is_empty()).then_some(Value::Array(all))
    }

    /// What was not understood up to the instant, and not acknowledged.
    pub(super) fn not_understood(&self) -> Vec<Value> {
        let acknowledged: Vec<&Point> = self
            .stopping()
            .flat_map(|row| row.of(Register::Acknowledged))
            .filter(|point| self.is_by_now(point))
            .collect();
        let mut open = Vec::new();
        for point in self.stopping().flat_map(|row| row.of(Register::NotUnderstood)) {
            if !self.is_by_now(point) {
                continue;
            }
            let mut entry = point.word.value();
            let id = entry.get("id").and_then(Value::as_str).unwrap_or_default();
            // Who acknowledged an event said nothing of the same one on a later day.
            let mut later = acknowledged.iter().filter(|looked| looked.at >= point.at);
            if later.any(|looked| looked.word.as_text() == Some(id)) {
                continue;
            }
            if let Some(entry) = entry.as_object_mut() {
                entry.insert("at".into(), point.at.to_string().into());
            }
            open.push(entry);
        }
        for (key, row) in &self.guessed {
            let Some(at) = above::guessed_against(row, self.at) else { continue };
            let key = key.to_string();
            let is_of = |looked: &&Point| looked.at >= at && looked.word.as_text() == Some(&key);
            if !acknowledged.iter().copied().any(|looked| is_of(&looked)) {
                let why = "an answer about the same id that may be of another kind";
                open.push(json!({"at": at.to_string(), "field": "graph", "event": null,
                    "why": why, "id": key}));
            }
        }
        let contradictions = self.contradictions.iter().flatten();
        for found in contradictions.filter(|found| self.is_by_now(found.point)) {
            let (at, id) = (found.point.at, found.id());
            let is_of = |looked: &&Point| looked.at >= at && looked.word.as_text() == Some(&id);
            let known = open.iter().any(|entry: &Value| entry.get("id") == Some(&json!(id)));
            if !known && !acknowledged.iter().copied().any(|looked| is_of(&looked)) {
                let why = "an event under one account that names a number of another";
                open.push(json!({"at": at.to_string(), "field": "account_update", "event": null,
                    "why": why, "id": id}));
            }
        }
        // What a later version wrote may be anything.
        let rows = self.stopping().chain(self.all_numbers());
        open.extend(rows.filter(|row| row.is_newer()).map(|_| newer_row()));
        open
    }

    /// Words of WhatsApp that no table has.
    pub(super) fn strange_words(&self) -> Vec<String> {
        let numbers = self.all_numbers();
        let mut words = BTreeSet::new();
        for row in self.own.iter().chain(&numbers) {
            for point in row.all() {
                if let Word::Strange(word) = &point.word {
                    words.insert(format!("{}: {word}", point.register));
                }
            }
        }
        words.into_iter().collect()
    }

    /// Error codes of messages that make a check look twice, in order; last those that could not be
    /// read. Those of templates only where they are asked for.
    pub(super) fn recent_errors(&self, of_templates: bool) -> Vec<String> {
        let numbers = match self.number() {
            Some(number) => number.rows.clone(),
            None if self.sending == Sending::Any => self.all_numbers(),
            None => Vec::new(),
        };
        let rows = self.stopping().chain(numbers);
        let is_recent = |point: &&Point| {
            let Some(term) = consequence::term_of(&point.word) else { return false };
            let end = point.at.seconds().saturating_add(term);
            let is_asked = of_templates
                || !matches!(point.word, Word::Int(code) if codes::is_of_template(code));
            is_asked && self.is_by_now(point) && self.at.is_none_or(|at| at.seconds() < end)
        };
        let points = rows.flat_map(|row| row.of(Register::SendErrors)).filter(is_recent);
        let words: BTreeSet<(i64, &str)> = points
            .map(|point| match &point.word {
                Word::Int(code) => (*code, ""),
                Word::Strange(word) => (i64::MAX, &**word),
                _ => (i64::MAX, ""),
            })
            .collect();
        let text = |(code, word): (i64, &str)| match code {
            i64::MAX => format!("an unreadable code {}", error::quoted(word)),
            code => code.to_string(),
        };
        words.into_iter().map(text).collect()
    }

    fn is_by_now(&self, point: &Point) -> bool {
        self.at.is_none_or(|at| point.at <= at)
    }
}

/// What is not understood of a row that a later version wrote.
pub(super) fn newer_row() -> Value {
    json!({"why": "a row of a later version, which this version does not understand"})
}

/// Whether a word is of the form that events give a member, which every document may have.
fn is_plain(member: &str, word: &Word) -> bool {
    match (member, word) {
        ("coexistence" | "template_misuse_warned", Word::Bool(_)) | ("name", Word::Text(_)) => true,
        ("daily_limit", Word::Int(limit)) => *limit >= 0,
        ("country", Word::Text(text)) => is_country(text),
        _ => false,
    }
}

/// Whether a campaign document may give a member of the account so. Rows may have words of a later
/// version.
fn is_sound(schema: &Arc<Schema>, member: &str, value: &Value) -> bool {
    let document = json!({ "account": { member: value } }).to_string();
    Facts::from_json_without_send_at(schema, document.as_bytes()).is_ok()
}

/// The account without what no campaign document may have; entries of lists stay, without the kind
/// that nobody knows.
fn sound(schema: &Arc<Schema>, mut account: Map<String, Value>) -> Map<String, Value> {
    let document = json!({ "account": &account }).to_string();
    if Facts::from_json_without_send_at(schema, document.as_bytes()).is_ok() {
        return account;
    }
    for list in ["restrictions", "violations"] {
        let entries = account.get_mut(list).and_then(Value::as_array_mut);
        for entry in entries.into_iter().flatten() {
            if !is_sound(schema, list, &json!([&entry]))
                && let Some(entry) = entry.as_object_mut()
            {
                entry.remove("kind");
            }
        }
    }
    account.retain(|member, value| {
        ["restrictions", "violations"].contains(&member.as_str()) || is_sound(schema, member, value)
    });
    account
}

/// The word on a matter that holds at an instant, over several rows.
pub(super) fn said(rows: &[&Row], register: Register, at: Option<Timestamp>) -> Statement {
    match held(rows, register, at) {
        Some(last) if is_not_low(last) => match held_of(rows, register, at, |p| !is_not_low(p)) {
            // What it was before it was low is not what it is.
            Some(before)
                if matches!(before.word.as_text(), Some("green" | "unrated" | "yellow")) =>
            {
                statement(Some(before))
            }
            _ => Statement::Unknown,
        },
        // Older words may be gone.
        None if rows.iter().any(|row| row.is_full(register)) => Statement::Unknown,
        held => statement(held),
    }
}

pub(super) fn statement(held: Option<&Point>) -> Statement {
    match held {
        None => Statement::Nothing,
        Some(point) if point.word.is_unknown() => Statement::Unknown,
        Some(point) => Statement::Known(point.word.clone()),
    }
}

pub(super) fn held<'b>(
    rows: &[&'b Row],
    register: Register,
    at: Option<Timestamp>,
) -> Option<&'b Point> {
    held_of(rows, register, at, |_| true)
}

fn held_of<'b>(
    rows: &[&'b Row],
    register: Register,
    at: Option<Timestamp>,
    is_asked: impl Fn(&Point) -> bool,
) -> Option<&'b Point> {
    rows.iter()
        .flat_map(|row| row.of(register))
        .filter(|point| at.is_none_or(|at| point.at <= at) && is_asked(point))
        .max_by(|a, b| row::holds_over(a, b))
}

/// Whether it is that there is no rating.
fn is_unrated(said: &Statement) -> bool {
    matches!(said, Statement::Known(word) if word.as_text() == Some("unrated"))
}

/// Whether a rating is lower than it has to be.
fn is_low(word: &Word) -> bool {
    matches!(word.as_text(), Some("red" | "yellow"))
}

/// The last rating that was one, or that it is no longer low.
fn last_rating<'b>(rows: &[&'b Row], at: Option<Timestamp>) -> Option<&'b Point> {
    let is_rating =
        |point: &Point| !point.word.is_unknown() && point.word.as_text() != Some("unrated");
    held_of(rows, Register::Quality, at, is_rating)
}

/// Whether it says of a quality no more than that it is no longer low.
fn is_not_low(point: &Point) -> bool {
    point.register == Register::Quality && point.word.as_text() == Some(row::NOT_LOW)
}

/// The number that sends, by the account as it was before any event.
pub(super) fn base_number(own: &[&Row], at: Option<Timestamp>) -> Option<String> {
    given(own, at).get("number")?.1.as_str().map(str::to_owned)
}

/// Members of an account as a caller gave them, each with when it was given last.
fn given(own: &[&Row], at: Option<Timestamp>) -> BTreeMap<String, (Timestamp, Value)> {
    let points = own.iter().flat_map(|row| row.of(Register::Base));
    let mut points: Vec<&Point> =
        points.filter(|point| at.is_none_or(|at| point.at <= at)).collect();
    points.sort();
    let mut given = BTreeMap::new();
    for point in points {
        let members = point.word.value();
        for (member, value) in members.as_object().into_iter().flatten() {
            given.insert(member.clone(), (point.at, value.clone()));
        }
    }
    given
}

/// The words of a register that are texts.
pub(super) fn texts(row: &Row, register: Register) -> Vec<String> {
    let words = row.of(register).iter().filter_map(|point| point.word.as_text());
    words.map(str::to_owned).collect()
}

/// A restriction of a campaign document.
fn restriction(entry: &Value) -> Restriction {
    let instant = |name: &str| {
        entry.get(name).and_then(Value::as_str).and_then(|text| Timestamp::parse(text).ok())
    };
    let until = match entry.get("until") {
        Some(Value::Null) => Until::Open,
        _ => instant("until").map_or(Until::Unknown, Until::At),
    };
    let kind = entry.get("kind").and_then(Value::as_str).map(str::to_owned);
    Restriction { kind, since: instant("since"), until, origin: Origin::Base, perhaps: None }
}
