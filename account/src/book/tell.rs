//! What does a book say of a campaign?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cleartosend::expert::facts::Entry;
use cleartosend::expert::language::values::written_difference;
use cleartosend::expert::resolve::plan::national_variant;
use cleartosend::expert::text::shortened;
use cleartosend::schema::{AttributeId, Origin, Scope, attributes as id};
use cleartosend::{Fact, Facts, FactsError, Marks, Schema, Timestamp, Value as FactValue};
use serde_json::json;

use super::numbers::Number;
use super::people::{self, People};
use super::row::{self, Point, Register, Row};
use super::view::{self, Statement, View};
use super::{Book, Key};
use super::{above, numbers};
use crate::effects::{NO_CHANGE, RESUMED, language_of, template_name_of};
use crate::fields::SHOWN;

pub(super) fn tell(book: &Book, facts: &mut Facts) -> Result<(), FactsError> {
    let schema = Arc::clone(facts.schema());
    let at = facts.send_at().or_else(|| book.last_event_at());
    let text_of = |facts: &Facts, id: Option<AttributeId>| {
        id.and_then(|id| facts.fact(id).text()).map(str::to_owned)
    };
    let given = text_of(facts, schema.id("account.id"));
    let number = text_of(facts, schema.id("account.number"));
    let Some(account) = chosen(book, given.as_deref(), number.as_deref()) else {
        let known = accounts_of(book);
        let given_id = given.as_deref().unwrap_or_default();
        let difference = written_difference("account.id", &shortened(given_id, SHOWN), &known);
        conflict(facts, &schema, "other_account", [difference])?;
        return people_of(book, facts, given.as_deref(), &[], at);
    };
    let view = View::of(book, account.id(), at, number.as_deref());
    if let Some(number) = number.as_deref()
        && view.is_other_number()
    {
        match (numbers::account_of_number(book, number), account.id()) {
            (Some(owner), Some(own)) if owner != own => {
                let member = format!("account.id ({number})");
                let difference = written_difference(&member, own, owner);
                conflict(facts, &schema, "number_of_other_account", [difference])?;
            }
            // Facts of another number say nothing of this one.
            (None, _) if view.has_numbers() => {
                let known = view.numbers().iter().filter_map(|number| number.names.first());
                let known = one_or_list(known.cloned().collect());
                let difference = written_difference("account.number", number, &known);
                conflict(facts, &schema, "unknown_number", [difference])?;
            }
            _ => {}
        }
    }
    if let (Some(number), Some(by)) = (number.as_deref(), view.replaced_by()) {
        let difference = written_difference("account.number", number, by);
        conflict(facts, &schema, "unknown_number", [difference])?;
    }
    let mut open = 0;
    if matches!(account, Chosen::Undecided) {
        let difference = written_difference("account.id", "null", &accounts_of(book));
        conflict(facts, &schema, "other_account", [difference])?;
    } else {
        open = account_facts(facts, &schema, &view)?;
    }
    if let Some(name) = template_sent(facts) {
        let language = text_of(facts, schema.id("campaign.template.language"));
        let template = Template { name: &name, language: language.as_deref() };
        let beside = beside(book, view.ids_above(), &template);
        open += template_facts(book, facts, &schema, &account, &template, &beside, at)?;
    }
    if let Some(id) = schema.id("account.events_not_understood")
        && open > 0
    {
        facts.set(id, FactValue::Int(i64::try_from(open).unwrap_or(i64::MAX)))?;
    }
    people_of(book, facts, account.id().or(given.as_deref()), view.numbers(), at)
}

/// The name of the template that a campaign sends. A message that is not of a template has nothing
/// of one, whatever template the campaign names.
pub(super) fn template_sent(facts: &Facts) -> Option<String> {
    let content = facts.fact(id::CAMPAIGN_CONTENT).text();
    let name = facts.fact(id::CAMPAIGN_TEMPLATE_NAME).text()?;
    let is_sent = content.is_none_or(|content| content == "template");
    is_sent.then(|| template_name_of(name).unwrap_or_else(|| name.to_owned()))
}

/// The accounts of a book for people, the first of many.
fn accounts_of(book: &Book) -> String {
    one_or_list(book.accounts().take(NAMED + 1).map(str::to_owned).collect())
}

/// By whose facts a campaign is judged.
pub(super) enum Chosen {
    /// By those of that account; none for what names no account, in a book that has nothing else.
    Account(Option<String>),
    /// The campaign names no account, and the book has several.
    Undecided,
}

impl Chosen {
    pub(super) fn id(&self) -> Option<&str> {
        match self {
            Self::Account(id) => id.as_deref(),
            Self::Undecided => None,
        }
    }
}

/// None for a campaign of an account that the book does not have, where it has others. A campaign
/// that names no account is of that of its number.
pub(super) fn chosen(book: &Book, given: Option<&str>, number: Option<&str>) -> Option<Chosen> {
    let mut accounts = book.accounts();
    let of_number = || number.and_then(|number| numbers::account_of_number(book, number));
    match (given, accounts.next(), accounts.next()) {
        (Some(id), ..) if book.has(id) => Some(Chosen::Account(Some(id.to_owned()))),
        (_, None, _) => Some(Chosen::Account(None)),
        (Some(_), ..) => None,
        (None, Some(only), None) => Some(Chosen::Account(Some(only.to_owned()))),
        (None, ..) => match of_number().filter(|owner| book.has(owner)) {
            Some(owner) => Some(Chosen::Account(Some(owner.to_owned()))),
            None => Some(Chosen::Undecided),
        },
    }
}

/// Says in what the document contradicts the book, of several things the first, and all that
/// differs.
fn conflict(
    facts: &mut Facts,
    schema: &Schema,
    what: &str,
    differences: impl IntoIterator<Item = String>,
) -> Result<(), FactsError> {
    if let Some(id) = schema.id("account.book_conflict")
        && facts.fact(id).text().is_none()
    {
        facts.set_text(id, what)?;
    }
    let Some(id) = schema.id("account.book_differences") else { return Ok(()) };
    let mut all = match facts.fact(id) {
        Fact::Value(FactValue::List(known)) => known.to_vec(),
        _ => Vec::new(),
    };
    all.extend(differences.into_iter().map(|text| FactValue::string(&text)));
    match all.is_empty() {
        true => Ok(()),
        false => facts.set(id, FactValue::List(all.into())),
    }
}

/// A value that the document gives and that is another than the book's, which will replace it; with
/// both in words.
fn difference(facts: &Facts, id: AttributeId, known: &FactValue) -> Option<String> {
    let Fact::Value(given) = facts.fact(id) else { return None };
    let path = &facts.schema().attribute(id).path;
    (*given != *known).then(|| written_difference(path, &shown(given), &shown(known)))
}

/// A value for people.
fn shown(value: &FactValue) -> String {
    match value {
        FactValue::String(text) => shortened(text, SHOWN),
        FactValue::Int(i64::MAX) => "unlimited".to_owned(),
        FactValue::Int(number) => number.to_string(),
        FactValue::Bool(is) => is.to_string(),
        FactValue::Double(number) => number.to_string(),
        FactValue::Timestamp(at) => at.to_string(),
        FactValue::List(elements) => {
            let elements: Vec<String> = elements.iter().map(shown).collect();
            list(&elements)
        }
        FactValue::Duration(duration) => duration.to_string(),
    }
}

/// How many things a sentence names.
pub(super) const NAMED: usize = 3;

/// Several things, of which no more are named than a sentence can hold.
fn list(names: &[String]) -> String {
    let rest = if names.len() > NAMED { ", …" } else { "" };
    format!("[{}{rest}]", names.get(..NAMED).unwrap_or(names).join(", "))
}

/// One thing, or several.
fn one_or_list(mut names: Vec<String>) -> String {
    match (names.pop(), names.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            names.extend(last);
            list(&names)
        }
    }
}

/// That the document has an entry, such as a ban, of a kind that the book does not have; with the
/// kinds of both.
fn has_more(facts: &Facts, known: &[Entry], path: &str) -> Option<String> {
    let kind = facts
        .schema()
        .collections()
        .iter()
        .find(|list| &*list.path == path)
        .and_then(|list| list.members.iter().position(|member| &*member.path == "kind"))?;
    let of = |entries: &[Entry]| -> Vec<String> {
        let kinds = entries.iter().filter_map(|entry| entry.get(kind)?.text());
        let kinds: BTreeSet<&str> = kinds.collect();
        kinds.into_iter().map(str::to_owned).collect()
    };
    let known = of(known);
    let given = of(facts.collection(path).unwrap_or_default());
    let is_more = given.iter().any(|kind| !known.contains(kind));
    is_more.then(|| written_difference(path, &list(&given), &list(&known)))
}

/// Gives how much of the account's events was not understood.
fn account_facts(
    facts: &mut Facts,
    schema: &Arc<Schema>,
    view: &View<'_>,
) -> Result<usize, FactsError> {
    let document = json!({ "account": view.account() }).to_string();
    let statement = Facts::from_json_without_send_at(schema, document.as_bytes())?;
    let least = schema.id("account.daily_limit").zip(view.least_limit());
    for (id, attribute) in schema.iter() {
        // Who says more than the least that is known contradicts nothing.
        if let Some((_, least)) = least.filter(|(limit, _)| *limit == id)
            && matches!(facts.fact(id), Fact::Value(FactValue::Int(given)) if *given >= least)
        {
            continue;
        }
        if let Fact::Value(value) = statement.fact(id)
            && attribute.origin != Origin::Derived
            // The number of the document is compared, never replaced.
            && &*attribute.path != "account.number"
        {
            // A name is written in many ways.
            let difference = difference(facts, id, value);
            if &*attribute.path != "account.name" && difference.is_some() {
                conflict(facts, schema, "account", difference)?;
            }
            facts.set(id, value.clone())?;
        }
    }
    for path in [id::RESTRICTIONS, id::VIOLATIONS] {
        if let Some(entries) = statement.collection(path) {
            let more = has_more(facts, entries, path);
            if more.is_some() {
                conflict(facts, schema, "account", more)?;
            }
            facts.set_collection(path, entries.to_vec())?;
        }
    }
    for (member, said) in view.members() {
        if said == Statement::Unknown
            && let Some(id) = schema.id(&format!("account.{member}"))
        {
            facts.set_unknown(id);
        }
    }
    // Whether more than the least goes out is not known.
    if let Some((id, least)) = least
        && matches!(facts.fact(id), Fact::Value(FactValue::Int(known)) if *known == least)
        && asked_of_limit(facts, schema) > least
    {
        facts.set_unknown(id);
    }
    if let Some(id) = schema.id("account.daily_limit")
        && let Fact::Value(FactValue::Int(given)) = facts.fact(id)
        && view.has_lower_limit(*given)
    {
        facts.set_unknown(id);
    }
    // A phone-number id stands for its number, and so does none at all where there is but one.
    if let Some(id) = schema.id("account.number")
        && facts.fact(id).text().is_none_or(|number| !number.starts_with('+'))
        && let Some(shown) = view.number().and_then(|number| number.names.first())
        && shown.starts_with('+')
    {
        // One that is too short or too long for a number of a document stays out of it.
        let _ = facts.set_text(id, shown);
    }
    if let Some(id) = schema.id("account.disabling_at")
        && let Some(at) = view.disabling_at()
    {
        facts.set(id, FactValue::Timestamp(at))?;
    }
    // What a template was refused for says nothing of a message without one.
    let content = schema.id("campaign.content").and_then(|id| facts.fact(id).text());
    let errors = view.recent_errors(content != Some("free_form"));
    if let Some(id) = schema.id("account.recent_errors")
        && !errors.is_empty()
    {
        let codes = errors.iter().map(|code| FactValue::string(code)).collect();
        facts.set(id, FactValue::List(codes))?;
    }
    Ok(view.not_understood().len())
}

/// How many people a campaign takes of the daily limit, as far as it says so, with those of the day
/// before it.
fn asked_of_limit(facts: &Facts, schema: &Schema) -> i64 {
    let number = |path: &str| match facts.fact(schema.id(path)?) {
        Fact::Value(FactValue::Int(number)) => Some(*number),
        _ => None,
    };
    let audience =
        number("campaign.audience_outside_window").or_else(|| number("campaign.audience_size"));
    let before = number("account.recipients_24h");
    audience.unwrap_or_default().saturating_add(before.unwrap_or_default())
}

/// The template that a campaign names.
struct Template<'a> {
    name: &'a str,
    language: Option<&'a str>,
}

/// Rows of a template, each with its language.
type Translations<'b> = Vec<(&'b str, &'b Row)>;

/// What came of the template under the id of an entry that counts for the account too: of the
/// translation that the campaign names, or of any where it names none.
fn beside<'b>(book: &'b Book, ids: &[String], template: &Template<'_>) -> Translations<'b> {
    let language = template.language.map(language_of);
    let is_asked = |known: &str| {
        known.is_empty() || language.as_deref().is_none_or(|language| *language == *known)
    };
    let rows = ids.iter().flat_map(|id| translations(book, id, template.name));
    rows.filter(|(language, _)| is_asked(language)).collect()
}

/// What the book says of the template: of the translation that the campaign names, else of the
/// worst of those that are not deleted. What came under other ids makes none better. Gives how many
/// of its rows a later version wrote.
fn template_facts(
    book: &Book,
    facts: &mut Facts,
    schema: &Schema,
    account: &Chosen,
    template: &Template<'_>,
    beside: &Translations<'_>,
    at: Option<Timestamp>,
) -> Result<usize, FactsError> {
    if matches!(account, Chosen::Undecided) {
        return Ok(0);
    }
    let owners = [account.id().unwrap_or_default(), ""];
    let owners = if owners[0].is_empty() { &owners[1..] } else { &owners[..] };
    // What names no language is of all of them.
    let mut of_all: Vec<&Row> = Vec::new();
    let mut languages: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for owner in owners {
        for (language, row) in translations(book, owner, template.name) {
            if language.is_empty() {
                of_all.push(row);
            } else {
                languages.entry(language).or_default().push(row);
            }
        }
    }
    if let Some(language) = template.language {
        let language = language_of(language);
        languages.retain(|known, _| **known == *language);
    }
    if languages.is_empty() {
        if of_all.is_empty() && beside.is_empty() {
            return Ok(0);
        }
        languages.insert("", Vec::new());
    }
    let rows = languages.values().flatten().chain(&of_all).copied();
    let rows: Vec<&Row> = rows.chain(beside.iter().map(|(_, row)| *row)).collect();
    let newer = rows.iter().filter(|row| row.is_newer()).count();
    let last_of = |language: &str, register| {
        let is_of = |known: &&str| known.is_empty() || language.is_empty() || **known == *language;
        let own = languages.iter().filter(|(known, _)| is_of(known)).flat_map(|(_, rows)| rows);
        let own: Vec<&Row> = own.chain(&of_all).copied().collect();
        view::held(&own, register, at)
    };
    // Each word of the others, with the template's own last one on the matter.
    let of_others = |register| {
        let words = beside.iter().filter_map(move |(language, row)| {
            let word = view::held(&[*row], register, at)?;
            Some((word, last_of(language, register)))
        });
        words.collect::<Vec<_>>()
    };
    let words: BTreeMap<Register, Vec<(&Point, Option<&Point>)>> =
        TEMPLATE_MATTERS.iter().map(|(register, _)| (*register, of_others(*register))).collect();
    let mut translations: Vec<Vec<&Row>> = languages.into_values().collect();
    let said = |rows: &[&Row], register| said_of_translation(rows, &of_all, register, at);
    let is_deleted = |rows: &Vec<&Row>| {
        matches!(said(rows, Register::Status), Statement::Known(word)
            if matches!(word.as_text(), Some("deleted" | "pending_deletion")))
    };
    if !translations.iter().all(is_deleted) {
        translations.retain(|rows| !is_deleted(rows));
    }
    for (register, path) in TEMPLATE_MATTERS {
        let Some(id) = schema.id(path) else { continue };
        let mut said: Vec<Statement> = translations
            .iter()
            .map(|rows| said(rows, register))
            .filter(|said| *said != Statement::Nothing)
            .collect();
        for (word, own) in words.get(&register).into_iter().flatten() {
            said.extend(of_other(word, *own, facts.fact(id)));
        }
        match worst(register, &said) {
            Statement::Nothing => {}
            Statement::Known(word) if word.as_text() == Some(NO_CHANGE) => facts.unset(id),
            Statement::Known(word) => {
                let text = word.as_text().unwrap_or_default();
                let difference = difference(facts, id, &FactValue::string(text));
                // A word of a later version is none that this one knows.
                if facts.set_text(id, text).is_err() {
                    facts.set_unknown(id);
                } else if difference.is_some() {
                    conflict(facts, schema, "template", difference)?;
                }
            }
            Statement::Unknown => facts.set_unknown(id),
        }
    }
    Ok(newer)
}

/// What the book says of a template, with the attributes that get it.
const TEMPLATE_MATTERS: [(Register, &str); 4] = [
    (Register::Category, "campaign.category"),
    (Register::Status, "campaign.template.status"),
    (Register::Quality, "campaign.template.quality"),
    (Register::CorrectCategory, "campaign.template.correct_category"),
];

/// What a word on a template that came under another id says beside the template's own last one: a
/// state against sending where it is later and no milder; of a category, which is none of these,
/// that nobody knows whose it is.
fn of_other(word: &Point, own: Option<&Point>, given: &Fact) -> Option<Statement> {
    if matches!(word.register, Register::Category | Register::CorrectCategory) {
        let is_same = match own {
            Some(own) => own.word == word.word || row::holds_over(own, word).is_gt(),
            None => word.word.as_text().is_some_and(|text| {
                text == NO_CHANGE
                    || matches!(given, Fact::Value(given) if *given == FactValue::string(text))
            }),
        };
        return (!is_same).then_some(Statement::Unknown);
    }
    let counts =
        row::is_against(word) && own.is_none_or(|own| row::is_later_and_no_milder(word, own));
    counts.then(|| view::statement(Some(word)))
}

fn translations<'b>(
    book: &'b Book,
    owner: &str,
    name: &str,
) -> impl Iterator<Item = (&'b str, &'b Row)> {
    let first = Key::Template { account: owner.into(), name: name.into(), language: "".into() };
    let (owner, name) = (owner.to_owned(), name.to_owned());
    book.rows.range(first..).map_while(move |(key, row)| match key {
        Key::Template { account, name: known, language }
            if **account == *owner && **known == *name =>
        {
            Some((&**language, row))
        }
        _ => None,
    })
}

/// What holds of one translation: what was said of it, or later of a translation that is not named.
/// That one may be another: what is better, or a category, is then not known.
fn said_of_translation(
    own: &[&Row],
    of_all: &[&Row],
    register: Register,
    at: Option<Timestamp>,
) -> Statement {
    let (of_own, unnamed) = (view::said(own, register, at), view::said(of_all, register, at));
    if of_own == Statement::Nothing || unnamed == Statement::Nothing || of_own == unnamed {
        return if of_own == Statement::Nothing { unnamed } else { of_own };
    }
    let day = |rows: &[&Row]| view::held(rows, register, at).map(|point| point.at);
    if day(of_all) < day(own) {
        return of_own;
    }
    match worst(register, &[of_own, unnamed.clone()]) {
        worse if worse == unnamed => unnamed,
        _ => Statement::Unknown,
    }
}

/// Of states the worst, of categories the one that all have.
fn worst(register: Register, said: &[Statement]) -> Statement {
    let Some(first) = said.first() else { return Statement::Nothing };
    if matches!(register, Register::Category | Register::CorrectCategory) {
        return if said.iter().all(|other| other == first) {
            first.clone()
        } else {
            Statement::Unknown
        };
    }
    let rank = |said: &&Statement| match said {
        Statement::Nothing => 0,
        Statement::Unknown => 50,
        Statement::Known(word) => match word.as_text() {
            Some("approved" | "green") => 1,
            Some("unrated") => 5,
            Some("yellow" | "flagged" | "locked") => 60,
            Some("pending" | "in_appeal") => 70,
            _ => 80,
        },
    };
    said.iter().max_by_key(rank).cloned().unwrap_or(Statement::Nothing)
}

/// What the book says of the recipient, or of all of them for an audience.
fn people_of(
    book: &Book,
    facts: &mut Facts,
    account: Option<&str>,
    numbers: &[Number<'_>],
    at: Option<Timestamp>,
) -> Result<(), FactsError> {
    if book.people.is_empty() {
        return Ok(());
    }
    // Whoever stopped the marketing of one of several stopped it, where nobody says of which.
    let known = account.map(|account| senders(book, account, numbers));
    let is_asked = |sender: &str| known.as_ref().is_none_or(|known| known.contains(sender));
    let people: Vec<&People> =
        book.people.iter().filter(|(sender, _)| is_asked(sender)).map(|(_, of)| of).collect();
    let matters = Matters::of(facts.schema());
    let mut marks = Marks::default();
    if facts.scope() == Scope::Campaign {
        let mut known = Vec::new();
        for (place, of) in people.iter().enumerate() {
            let before = people.get(..place).unwrap_or_default();
            for (name, row) in *of {
                // Under which sender a person is met first does not matter.
                if before.iter().any(|of| of.contains_key(name)) {
                    continue;
                }
                let variant = national_variant(name);
                known.clear();
                let is_elsewhere = |of: &&People| {
                    of.get(name).is_some_and(|other| !std::ptr::eq(other, row))
                        || variant.as_ref().is_some_and(|name| of.contains_key(&**name))
                };
                // Most people have one name, and no event links them.
                if people::is_linked(row) || people.iter().any(is_elsewhere) {
                    matters.of_person(&people, name, at, &mut known);
                } else {
                    matters.of_rows(&[row], at, &mut known);
                }
                for (id, fact) in known.drain(..) {
                    if let Some(name) = &variant {
                        marks.insert(name, id, fact.clone());
                    }
                    marks.insert(name, id, fact);
                }
            }
        }
        facts.set_marks(marks);
        return Ok(());
    }
    let mut known = Vec::new();
    for name in [id::RECIPIENT_PHONE, id::RECIPIENT_USER_ID] {
        let Some(name) = facts.fact(name).text() else { continue };
        matters.of_person(&people, name, at, &mut known);
    }
    for (id, fact) in known {
        marks.insert("", id, fact);
    }
    for (id, fact) in marks.facts_of("") {
        match fact {
            Fact::Value(value) => facts.set(id, value)?,
            Fact::Absent => facts.set_null(id)?,
            Fact::Unknown => facts.set_unknown(id),
        }
    }
    Ok(())
}

/// Under which ids what is known of an account's people stands: its own, that of nobody, those of
/// its portfolio and of entries that were not its own, and those of entries that named one of its
/// numbers.
pub(super) fn senders(book: &Book, account: &str, numbers: &[Number<'_>]) -> BTreeSet<String> {
    let rows = numbers.iter().flat_map(|number| &number.rows);
    let marked = rows.flat_map(|row| view::texts(row, Register::MarkedUnder));
    let own = [String::new(), account.to_owned()];
    own.into_iter().chain(above::ids(book, account)).chain(marked).collect()
}

/// What is known of people: the registers, each with its attribute.
struct Matters(Vec<(Register, AttributeId)>);

impl Matters {
    fn of(schema: &Schema) -> Self {
        let registers = [Register::Stopped, Register::Withheld, Register::Experiment];
        let known = registers.into_iter().filter_map(|register| {
            schema.id(&format!("recipient.{register}")).map(|id| (register, id))
        });
        Self(known.collect())
    }

    /// What is known of one person at an instant, under all names, by each sender apart: that one
    /// has somebody again ends no stop of another.
    fn of_person(
        &self,
        people: &[&People],
        name: &str,
        at: Option<Timestamp>,
        known: &mut Vec<(AttributeId, Fact)>,
    ) {
        let names = people::names_of(people, name);
        for of in people {
            let rows: Vec<&Row> = names.iter().filter_map(|name| of.get(name.as_str())).collect();
            self.of_rows(&rows, at, known);
        }
    }

    fn of_rows(&self, rows: &[&Row], at: Option<Timestamp>, known: &mut Vec<(AttributeId, Fact)>) {
        let is_newer = rows.iter().any(|row| row.is_newer());
        for (register, id) in &self.0 {
            let fact = match (view::said(rows, *register, at), view::held(rows, *register, at)) {
                (Statement::Known(word), _) if word.as_text() == Some(RESUMED) && !is_newer => {
                    Fact::Absent
                }
                // A later version may have said more.
                (Statement::Known(word), _) if word.as_text() == Some(RESUMED) => Fact::Unknown,
                (Statement::Nothing, _) if is_newer => Fact::Unknown,
                (Statement::Known(_), Some(_)) if *register == Register::Experiment => {
                    Fact::Value(FactValue::Bool(true))
                }
                // It is dated with the time of the report.
                (Statement::Known(_), Some(point)) => Fact::Value(FactValue::Timestamp(point.at)),
                (Statement::Nothing, _) => continue,
                (Statement::Unknown | Statement::Known(_), _) => Fact::Unknown,
            };
            known.push((*id, fact));
        }
    }
}
