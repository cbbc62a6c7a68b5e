//! What can be wrong with what the caller gave.

use std::fmt;

use crate::clients::ClientName;
use crate::directory::is_placeholder;
use crate::endpoints::Endpoint;
use crate::form;
use crate::language::{Lang, Words, catalogue as words};
use crate::limits;
use crate::schema::{Attribute, Form, Nullable, Schema, are_digits};
use crate::suggest;
use crate::text::{quoted, shortened};
use crate::time::{Timestamp, TimestampError};
use crate::value::Type;

/// Why facts were refused: what was found, what was expected, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactsError {
    code: &'static str,
    path: String,
    line_column: Option<(usize, usize)>,
    message: String,
    rest: Option<Box<Rest>>,
}

/// What else is wrong with the document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Rest {
    further: Vec<FactsError>,
    left_out: usize,
    /// The document was read to its end and does not say when to send.
    lacks_send_at: bool,
}

impl FactsError {
    /// A stable name for programs, such as `facts/unknown-member`. Listed in
    /// `docs/reference/codes.md`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The member, such as `account.restrictions[0].until`; empty for the document as a whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Line and column in the document, from 1, where it is known.
    pub fn line_column(&self) -> Option<(usize, usize)> {
        self.line_column
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The other problems of the document in path order: with this one, at most
    /// [`PROBLEMS_SHOWN_MAX`](crate::limits::PROBLEMS_SHOWN_MAX). Each is a problem of its
    /// own, without further ones.
    pub fn further(&self) -> &[Self] {
        self.rest.as_ref().map_or(&[], |rest| &rest.further)
    }

    /// How many more problems there are than are listed.
    pub fn left_out(&self) -> usize {
        self.rest.as_ref().map_or(0, |rest| rest.left_out)
    }

    pub(super) fn with_further(mut self, further: Vec<Self>, left_out: usize) -> Self {
        if !further.is_empty() || left_out > 0 {
            let rest = Rest { further, left_out, lacks_send_at: false };
            self.rest = Some(Box::new(rest));
        }
        self
    }

    /// Notes whether a document that was read to its end says when to send.
    pub(super) fn of_whole_document(mut self, lacks_send_at: bool) -> Self {
        let says = |problem: &Self| problem.path == SEND_AT;
        let is_given = says(&self) || self.further().iter().any(says);
        if lacks_send_at && !is_given {
            self.rest.get_or_insert_default().lacks_send_at = true;
        }
        self
    }

    /// Where the instant of sending has to be in the document: with its absence among the problems.
    pub(super) fn needing_send_at(mut self) -> Self {
        let Some(rest) = self.rest.as_mut().filter(|rest| rest.lacks_send_at) else { return self };
        rest.lacks_send_at = false;
        match rest.further.len() + 1 < limits::PROBLEMS_SHOWN_MAX {
            true => {
                let place = rest.further.partition_point(|known| &*known.path < SEND_AT);
                rest.further.insert(place, missing_send_at());
            }
            false => rest.left_out += 1,
        }
        self
    }

    /// For a source of facts ([`Facts::from_source`](super::Facts::from_source)): a value of a kind
    /// that no attribute has.
    pub fn foreign_value(found: &str, expected: &str) -> Self {
        wrong_type(found, expected)
    }

    /// For a source of facts: an instant of which nobody knows where on earth its clock stood.
    /// `advice` says how to fix it.
    pub fn instant_without_offset(found: &str, advice: &str) -> Self {
        error(
            "facts/instant-without-offset",
            format!("found {}, which has no offset from UTC: {advice}", quoted(found)),
        )
    }

    /// For a source of facts: a number that is neither a 64-bit one nor near a double.
    pub fn number_out_of_range() -> Self {
        number_out_of_range("a number")
    }

    /// For a source of facts: text that is not Unicode.
    pub fn text_not_unicode() -> Self {
        error("facts/invalid-utf8", "a string that cannot be written as UTF-8".into())
    }

    /// A campaign that is to be prepared has a recipient.
    pub(crate) fn recipient_in_campaign() -> Self {
        error(
            "facts/recipient-in-campaign",
            "a campaign is prepared for all of its recipients, and this is about one; give it \
             when the recipient is judged"
                .into(),
        )
    }

    /// A recipient of a prepared campaign gives a member of the campaign.
    pub(crate) fn not_of_recipient(path: &str) -> Self {
        let message = "this is of the campaign, which was prepared; expected an attribute of \
                       `recipient.` or `x.`";
        error("facts/not-of-recipient", message.into()).at(path.to_owned())
    }

    /// For a source of facts: more than a document may hold, counted as the source counts.
    pub fn document_too_large() -> Self {
        error(
            "facts/too-large",
            format!(
                "the document has more values and characters than {}",
                limits::DOCUMENT_BYTES_MAX
            ),
        )
    }

    /// For a source of facts: a text of that many bytes, which need not be read for this.
    pub fn text_too_long(bytes: usize) -> Self {
        text_too_long(bytes)
    }

    /// For a source of facts: a list of more than so many entries, which need not be read for this.
    pub fn list_too_long(entries_max: usize) -> Self {
        list_too_long(entries_max)
    }

    pub(super) fn at(mut self, path: String) -> Self {
        self.path = path;
        self
    }

    /// A level further in.
    pub(super) fn under(self, parent: &str) -> Self {
        let path = format!("{parent}.{}", self.path);
        self.at(path)
    }

    /// At a path that came with the input.
    pub(super) fn at_stranger(self, path: &str) -> Self {
        self.at(shortened(path, 60))
    }

    pub(super) fn at_line(mut self, line: usize, column: usize) -> Self {
        self.line_column = Some((line, column));
        self
    }
}

impl fmt::Display for FactsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.line_column {
            write!(f, "line {line}, column {column}: ")?;
        }
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "`{}`: {}", self.path, self.message)
        }
    }
}

impl std::error::Error for FactsError {}

/// For sources of facts that serde reads: what they say in passing, which a problem of the
/// document's own replaces.
impl serde::de::Error for FactsError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        error("facts/wrong-type", message.to_string())
    }
}

fn error(code: &'static str, message: String) -> FactsError {
    FactsError { code, path: String::new(), line_column: None, message, rest: None }
}

pub(super) fn unknown_member<'a>(
    name: &str,
    known: impl Iterator<Item = &'a str>,
    elsewhere: Option<&str>,
) -> FactsError {
    let known: Vec<&str> = known.collect();
    let near =
        suggest::nearest(name, known.iter().copied()).filter(|_| !Schema::is_foreign_name(name));
    let help = match near {
        // The path of a member, written as if it were its name.
        _ if elsewhere == Some(name) && name.contains('.') => {
            let depth = name.matches('.').count();
            let nested = name.replace('.', "\": {\"");
            format!("; did you mean `\"{nested}\": …{}`?", "}".repeat(depth))
        }
        Some(nearest) => format!("; did you mean `{nearest}`?"),
        None => match elsewhere {
            Some(path) => format!("; did you mean `{path}`?"),
            None => {
                if known.is_empty() {
                    "; no member is known here".into()
                } else {
                    format!("; expected one of {}", known.join(", "))
                }
            }
        },
    };
    error("facts/unknown-member", format!("unknown member{help}"))
}

pub(super) fn undeclared(nearest: Option<&str>) -> FactsError {
    let help = nearest.map(|path| format!("; did you mean `{path}`?")).unwrap_or_default();
    error("facts/unknown-member", format!("no pack declares this attribute{help}"))
}

pub(super) fn derived() -> FactsError {
    error("facts/derived", "this follows from other facts and cannot be given".into())
}

pub(super) fn recipient_in_base() -> FactsError {
    error(
        "facts/recipient-in-base",
        "a base document holds what is the same for all campaigns, and this is about one \
         recipient; give it with the campaign"
            .into(),
    )
}

pub(super) fn repeated_member() -> FactsError {
    error("facts/repeated-member", "given twice in the same object".into())
}

/// The one member that every document has.
const SEND_AT: &str = "send_at";

pub(super) fn missing_send_at() -> FactsError {
    error(
        "facts/missing-send-at",
        "missing; every check needs the instant of sending, such as `2026-03-02T15:00:00Z`".into(),
    )
    .at(SEND_AT.into())
}

pub(super) fn wrong_type(found: &str, expected: &str) -> FactsError {
    error("facts/wrong-type", format!("found {found}, expected {expected}"))
}

/// A number where something else belongs, with what it may stand for.
pub(super) fn wrong_number(found: i64, ty: Type, attribute: &Attribute) -> FactsError {
    let meant = match (ty, &attribute.form) {
        (Type::TIMESTAMP, _) => form::meant_instant(found).map(|at| format!("\"{at}\"")),
        // As an id it needs only its quotation marks; as a number with a `+` it would be another.
        (Type::STRING, form @ Form::PhoneOrId) if form::fits(&found.to_string(), form) => {
            Some(format!("\"{found}\""))
        }
        (Type::STRING, form @ (Form::Phone | Form::PhoneOrId)) => {
            let meant = form::meant(&found.to_string(), form, None).into_iter().next();
            meant.map(|meant| format!("\"{meant}\""))
        }
        (Type::STRING, Form::Id) => Some(format!("\"{found}\"")),
        (Type::BOOL, _) if found == 0 || found == 1 => Some((found == 1).to_string()),
        _ => None,
    };
    let help = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
    let expected = expected(ty, &attribute.form);
    error("facts/wrong-type", format!("found the number {found}, expected {expected}{help}"))
}

/// A text where a number or a truth value belongs, with what it may stand for.
pub(super) fn wrong_text(found: &str, ty: Type, attribute: &Attribute) -> FactsError {
    let meant = match ty {
        Type::BOOL => form::meant_bool(found).map(|meant| meant.to_string()),
        Type::INT => form::meant_count(found).map(|meant| meant.to_string()),
        _ => None,
    };
    let help = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
    let expected = expected(ty, &attribute.form);
    let found = shortened(found, 40);
    error("facts/wrong-type", format!("found the string `{found}`, expected {expected}{help}"))
}

pub(super) fn not_in_list(found: &str, attribute: &Attribute) -> FactsError {
    /// Of a longer list the first values are shown, and where the others are.
    const LISTED_MAX: usize = 20;
    const LISTED: usize = 8;
    let mut names: Vec<&str> =
        attribute.choices().unwrap_or_default().iter().map(|choice| &*choice.name).collect();
    let more = match names.len() > LISTED_MAX {
        true => format!(
            ", … ({} values: `cts schema --for {}` lists them)",
            names.len(),
            attribute.path
        ),
        false => String::new(),
    };
    if !more.is_empty() {
        names.truncate(LISTED);
    }
    let meant = form::meant_choice(found, attribute.choices().unwrap_or_default());
    let help = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
    let expected = format!("one of {}{more}", names.join(", "));
    error("facts/value-outside-list", format!("found {}, expected {expected}{help}", quoted(found)))
}

pub(super) fn bad_instant(found: &str, problem: TimestampError) -> FactsError {
    let code = match problem {
        TimestampError::Malformed => "facts/malformed-instant",
        TimestampError::NoOffset => "facts/instant-without-offset",
        TimestampError::Impossible => "facts/impossible-date",
        TimestampError::OutOfRange => "facts/instant-out-of-range",
    };
    // A blank for the `T`, an offset without its colon, seconds or offset missing, a date alone:
    // all is fixed at once.
    let (date, time) =
        found.trim().split_once([' ', 'T', 't']).unwrap_or((found.trim(), "00:00:00"));
    let time = time.trim().replace(' ', "");
    let (clock, offset) = match time.find(['Z', 'z', '+', '-']) {
        Some(at) => time.split_at(at),
        None => (time.as_str(), "Z"),
    };
    let seconds = if clock.matches(':').count() == 1 { ":00" } else { "" };
    let offset = match offset.len() {
        3 => format!("{offset}:00"),
        5 => offset.split_at_checked(3).map(|(h, m)| format!("{h}:{m}")).unwrap_or_default(),
        _ => offset.to_uppercase(),
    };
    let meant = Some(format!("{date}T{clock}{seconds}{offset}"))
        .filter(|meant| meant != found && Timestamp::parse(meant).is_ok());
    // Seconds or milliseconds since 1970, in quotes.
    let meant = meant.or_else(|| {
        let at = found.trim().parse().ok().and_then(form::meant_instant)?;
        Some(at.to_string())
    });
    let help =
        meant.map(|meant| match meant.ends_with('Z') && !found.trim().ends_with(['Z', 'z']) {
            true if problem == TimestampError::NoOffset => {
                format!("; in UTC it would be `{meant}`")
            }
            true => format!("; it names no offset from UTC; in UTC it would be `{meant}`"),
            false => format!("; did you mean `{meant}`?"),
        });
    error(code, format!("found {}: {problem}{}", quoted(found), help.unwrap_or_default()))
}

pub(super) fn instant_out_of_range() -> FactsError {
    error("facts/instant-out-of-range", format!("found a timestamp {}", TimestampError::OutOfRange))
}

pub(super) fn negative_count(found: i64) -> FactsError {
    error("facts/negative-count", format!("found {found}, expected a whole number from 0"))
}

pub(super) fn number_out_of_range(found: &str) -> FactsError {
    error("facts/number-out-of-range", format!("found {found}, which is outside the 64-bit range"))
}

pub(super) fn not_a_number() -> FactsError {
    error("facts/not-a-number", "found NaN or an infinity, expected a number".into())
}

/// A text that its attribute cannot hold. The country of its object distinguishes regions.
pub(super) fn malformed(found: &str, form: &Form, country: Option<&str>) -> FactsError {
    let (code, instead) = match form {
        Form::Phone | Form::PhoneOrId => ("facts/malformed-phone", ""),
        Form::Country => ("facts/malformed-country", ""),
        Form::Region => ("facts/unknown-region", ""),
        Form::Domain => ("facts/malformed-domain", ", or null"),
        Form::Id | Form::Name | Form::Firm => {
            let code =
                if *form == Form::Id { "facts/malformed-id" } else { "facts/malformed-name" };
            if !found.trim().is_empty() && is_placeholder(found) {
                let message = format!(
                    "found {}, which stands for no name; leave the member out, or write null",
                    quoted(found)
                );
                return error(code, message);
            }
            (code, ", or to leave it out")
        }
        Form::Text => (
            "facts/malformed",
            ", or to leave it out; a pack that means the empty text lists it in `values`",
        ),
        Form::TimeZone => ("facts/unknown-time-zone", ""),
        Form::Client => return malformed_client(found),
        Form::Endpoint => {
            if let Err(problem) = Endpoint::parse(found) {
                let message = format!("found {}: {problem}", quoted(found));
                return error("facts/malformed-endpoint", message);
            }
            ("facts/malformed-endpoint", "")
        }
        Form::UserId => ("facts/malformed-user-id", ""),
        Form::Language => ("facts/malformed-language", ""),
        Form::CountOrUnlimited if are_digits(found.as_bytes()) => {
            let expected = form::expected(form);
            let found = quoted(found);
            return error(
                "facts/wrong-type",
                format!("found the string {found}, expected {expected}; write it without quotes"),
            );
        }
        Form::CountOrUnlimited => ("facts/wrong-type", ""),
        Form::Any | Form::OneOf(_) | Form::Count | Form::Instant | Form::End | Form::OwnInstant => {
            ("facts/malformed", "")
        }
    };
    let expected = form::expected(form);
    let help = did_you_mean_one_of(&form::meant(found, form, country));
    error(code, format!("found {}, expected {expected}{instead}{help}", quoted(found)))
}

fn malformed_client(found: &str) -> FactsError {
    let Err(problem) = ClientName::parse(found) else {
        return error("facts/malformed-client", format!("found {}", quoted(found)));
    };
    let code = if problem.is_about_ecosystem() {
        "facts/unknown-ecosystem"
    } else {
        "facts/malformed-client"
    };
    error(code, format!("found {}: {problem}", quoted(found)))
}

fn did_you_mean_one_of(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [name] => format!("; did you mean `{name}`?"),
        _ => format!("; did you mean one of `{}`?", names.join("`, `")),
    }
}

pub(super) fn no_instant(found: Timestamp, attribute: &Attribute) -> FactsError {
    let instead = match attribute.nullable {
        Nullable::Yes => "leave it out, or write null where there is none",
        Nullable::No => "leave it out where it is not known",
    };
    error(
        "facts/no-instant",
        format!("found `{found}`, which programs write where there is no date; {instead}"),
    )
}

pub(super) fn bad_period(since: Timestamp, until: Timestamp) -> FactsError {
    error(
        "facts/bad-period",
        format!("until `{until}` is not after since `{since}`; null is for good"),
    )
}

pub(super) fn null_in_list() -> FactsError {
    error("facts/wrong-type", "found null in a list, expected a value".into())
}

pub(super) fn list_too_long(entries_max: usize) -> FactsError {
    error("facts/list-too-long", format!("more than {entries_max} entries"))
}

pub(super) fn text_too_long(bytes: usize) -> FactsError {
    error(
        "facts/text-too-long",
        format!("{bytes} bytes of text, expected at most {}", limits::FACT_TEXT_BYTES_MAX),
    )
}

pub(super) fn too_deep() -> FactsError {
    error("facts/too-deep", format!("nested more than {} levels deep", limits::DOCUMENT_DEPTH_MAX))
}

pub(super) fn too_large(bytes: usize) -> FactsError {
    error(
        "facts/too-large",
        format!("the document has {bytes} bytes, expected at most {}", limits::DOCUMENT_BYTES_MAX),
    )
}

pub(super) fn not_utf8(valid_up_to: usize) -> FactsError {
    // Both byte order marks of UTF-16 begin with a byte that UTF-8 never has.
    let help = match valid_up_to {
        0 => "; save it as UTF-8, if it is UTF-16 or of another encoding",
        _ => "",
    };
    error(
        "facts/invalid-utf8",
        format!("the document is not UTF-8 from byte {valid_up_to} on{help}"),
    )
}

pub(super) fn truncated() -> FactsError {
    error("facts/truncated", "the document ends in the middle".into())
}

pub(super) fn syntax(problem: &str) -> FactsError {
    error("facts/syntax", format!("not JSON: {problem}"))
}

pub(super) fn other_schema() -> FactsError {
    error(
        "facts/other-engine",
        "these facts were made for another engine; make them anew for this one".into(),
    )
}

/// How a type is called in messages.
pub(super) fn expected(ty: Type, form: &Form) -> String {
    expected_in(ty, form, Lang::English)
}

/// The same for people, in their language.
pub(super) fn expected_in(ty: Type, form: &Form, lang: Lang) -> String {
    let words = match (form, ty.is_list()) {
        (Form::CountOrUnlimited, _) => words::COUNT_OR_UNLIMITED,
        (_, true) => return words::LIST_OF.with(lang, &[("values", &plural(ty).of(lang))]),
        (Form::Count, false) => words::COUNT,
        (Form::Country, false) => words::COUNTRY_CODE,
        (Form::PhoneOrId, false) => words::PHONE_OR_ID,
        (Form::Phone, false) => words::PHONE,
        (Form::OneOf(choices), false) if choices.len() <= 12 => {
            let names: Vec<&str> = choices.iter().map(|choice| &*choice.name).collect();
            return words::ONE_OF.with(lang, &[("values", &names.join(", "))]);
        }
        _ => match ty {
            Type::BOOL => words::TRUE_OR_FALSE,
            Type::INT => words::WHOLE_NUMBER,
            Type::DOUBLE => words::NUMBER,
            Type::TIMESTAMP => words::INSTANT,
            Type::DURATION => words::DURATION,
            _ => words::TEXT,
        },
    };
    words.of(lang).to_owned()
}

fn plural(ty: Type) -> Words {
    match ty.element() {
        Some(Type::BOOL) => words::BOOLEANS,
        Some(Type::INT) => words::WHOLE_NUMBERS,
        Some(Type::DOUBLE) => words::NUMBERS,
        Some(Type::TIMESTAMP) => words::INSTANTS,
        Some(Type::DURATION) => words::DURATIONS,
        Some(Type::STRING) => words::TEXTS,
        _ => words::LISTS,
    }
}
