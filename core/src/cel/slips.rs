//! What does an author mean who writes as another language does?
//!
//! SQL, Python, JavaScript and spreadsheets say *and*, *is null* and *length* in their own ways. For
//! each way that is none of the rule language's, the help says what to write here, with the author's
//! own words in it.

use super::convert;
use crate::text::{brief, is_hidden};
use crate::time::Timestamp;
use crate::value::Type;

const REGEX: &str =
    "there are no patterns: `startsWith`, `endsWith` and `contains` look into strings";
const CONDITIONAL: &str = "write `condition ? then : otherwise`";
const QUOTES: &str = "write straight quotes, `\"` or `'`";
const COMMENT: &str = "write a comment after `//`";
pub(super) const PATH: &str = "write the path of an attribute alone, such as `campaign.category`";

/// Marks of other languages, longer ones first.
const MARKS: &[(&str, &str)] = &[
    ("===", "write `==` to compare"),
    ("!==", "write `!=` to compare"),
    ("<>", "write `!=` to compare"),
    ("=~", REGEX),
    ("=>", "write `>=` to compare; what is asked of a list is `list.exists(item, …)`"),
    ("=<", "write `<=` to compare"),
    ("**", "write `a * a`"),
    ("++", "write `+ 1`; an expression changes nothing"),
    ("??", "write `has(a) ? a : b`"),
    ("/*", COMMENT),
    ("=", "write `==` to compare"),
    ("&", "write `&&` for and"),
    ("|", "write `||` for or"),
    ("^", "write `a != b` of two conditions for either, but not both"),
    ("~", REGEX),
    (";", "write `&&` between conditions that must all hold"),
    ("#", COMMENT),
    ("$", PATH),
    ("@", PATH),
    ("\\", "a backslash belongs inside quotes"),
    ("≥", "write `>=`"),
    ("≤", "write `<=`"),
    ("≠", "write `!=`"),
    ("×", "write `*`"),
    ("÷", "write `/`"),
    ("–", "write `-`"),
    ("—", "write `-`"),
    ("−", "write `-`"),
    ("∧", "write `&&`"),
    ("∨", "write `||`"),
    ("¬", "write `!`"),
    ("∈", "write `in`"),
    ("“", QUOTES),
    ("”", QUOTES),
    ("„", QUOTES),
    ("‘", QUOTES),
    ("’", QUOTES),
    ("‚", QUOTES),
    ("«", QUOTES),
    ("»", QUOTES),
    ("´", QUOTES),
];

/// The mark of another language with which a text begins, and what to write instead. None of them
/// begins a valid text.
pub(super) fn mark(rest: &str) -> Option<(&'static str, &'static str)> {
    let is_own = |mark: &str| {
        matches!(mark, "&" | "|" | "=") && rest.as_bytes().get(1) == rest.as_bytes().first()
    };
    MARKS.iter().copied().find(|(mark, _)| rest.starts_with(mark) && !is_own(mark))
}

/// What to do about a character that has no meaning.
pub(super) fn character(found: char) -> Option<String> {
    /// How far the full-width forms of ASCII are from it.
    const FULL_WIDTH: u32 = 0xfee0;
    if is_hidden(found) || found.is_whitespace() {
        let help = "it cannot be told from a blank, or from nothing: delete it or write a blank";
        return Some(help.to_owned());
    }
    let plain = u32::from(found).checked_sub(FULL_WIDTH).and_then(char::from_u32);
    plain.filter(char::is_ascii_graphic).map(|plain| format!("write `{plain}`"))
}

/// A word of another language between two operands, or after one: what to write. `left` is the
/// operand before it, and `rest` what follows it.
pub(super) fn between(word: &str, left: &str, rest: &str) -> Option<String> {
    let rest = rest.trim_start();
    let next = operand(rest);
    let (left, right) = (shown(left), shown(next));
    // What is quoted has both sides, so far as there are two.
    let both = |operator: &str| match right.is_empty() {
        true => format!("write `{operator}`"),
        false => format!("write `{left} {operator} {right}`"),
    };
    Some(match word.to_lowercase().as_str() {
        "and" => "write `&&` for and".to_owned(),
        "or" => "write `||` for or".to_owned(),
        "xor" => "write `a != b` of two conditions for either, but not both".to_owned(),
        "not" => match after_word(rest, "in") {
            Some(list) => format!("write `!({left} in {})`", shown(operand(list))),
            None => "write `!` for not, as in `!(a in b)`".to_owned(),
        },
        "in" => {
            // Brackets are round in SQL.
            let list = next.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
            let list =
                list.map_or_else(|| right.to_string(), |inner| format!("[{}]", shown(inner)));
            format!("write `in` in small letters: `{left} in {list}`")
        }
        "is" => match after_word(rest, "not") {
            Some(value) if is_nothing(operand(value)) => format!("write `has({left})`"),
            Some(value) => format!("write `{left} != {}`", shown(operand(value))),
            None if is_nothing(next) => format!("write `!has({left})`"),
            None => both("=="),
        },
        "isnull" => format!("write `!has({left})`"),
        "notnull" => format!("write `has({left})`"),
        "equals" | "equal" | "eq" => both("=="),
        "isnt" | "ne" | "neq" => both("!="),
        "lt" => both("<"),
        "le" | "lte" => both("<="),
        "gt" => both(">"),
        "ge" | "gte" => both(">="),
        "mod" => both("%"),
        "div" => both("/"),
        "between" => {
            let low = next;
            let after = rest.get(low.len()..).unwrap_or_default().trim_start();
            let high = after_word(after, "and").map(operand).filter(|high| !high.is_empty());
            match high {
                Some(high) if !low.is_empty() => {
                    format!("write `{} <= {left} && {left} <= {}`", shown(low), shown(high))
                }
                _ => format!("write `low <= {left} && {left} <= high`"),
            }
        }
        "contains" | "includes" | "include" | "has" => {
            format!(
                "write `{right} in {left}` of a list, or `{left}.contains({right})` of a string"
            )
        }
        "startswith" | "starts" => format!("write `{left}.startsWith({right})`"),
        "endswith" | "ends" => format!("write `{left}.endsWith({right})`"),
        "like" | "ilike" | "rlike" | "matches" | "match" | "regexp" => REGEX.to_owned(),
        "then" | "else" | "if" | "when" | "unless" => CONDITIONAL.to_owned(),
        "implies" => "write `!a || b`".to_owned(),
        _ => return None,
    })
}

/// The text behind a word, letters compared without case; none where another word stands there.
fn after_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let head = text.get(..word.len())?;
    let rest = text.get(word.len()..)?;
    let ends = !rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
    (head.eq_ignore_ascii_case(word) && ends).then(|| rest.trim_start())
}

/// The operand with which a text begins: a list, a text in quotes, or what stands before the next
/// blank.
fn operand(text: &str) -> &str {
    let close = match text.chars().next() {
        Some('[') => Some(']'),
        Some('(') => Some(')'),
        Some(quote @ ('"' | '\'')) => Some(quote),
        _ => None,
    };
    let end = match close {
        Some(close) => text.get(1..).and_then(|rest| rest.find(close)).map(|at| at + 2),
        None => text.find(|c: char| c.is_whitespace() || matches!(c, ')' | ']' | ',')),
    };
    text.get(..end.unwrap_or(text.len())).unwrap_or(text)
}

/// Words that other languages have for what is not there.
fn is_nothing(word: &str) -> bool {
    ["null", "none", "nil", "undefined", "absent", "missing"]
        .iter()
        .any(|nothing| word.eq_ignore_ascii_case(nothing))
}

/// A bare word that is no attribute.
pub(super) fn word(word: &str) -> Option<&'static str> {
    const TRUE: [&str; 3] = ["true", "yes", "on"];
    const FALSE: [&str; 3] = ["false", "no", "off"];
    let is = |words: &[&str]| words.iter().any(|known| word.eq_ignore_ascii_case(known));
    if is(&TRUE) {
        Some("write `true`")
    } else if is(&FALSE) {
        Some("write `false`")
    } else if is_nothing(word) {
        Some("write `has(…)` to ask whether an attribute has a value")
    } else if word == "x" {
        Some("facts of your own are named `x.NAME`, and a pack declares them in its `pack.toml`")
    } else {
        None
    }
}

/// A word that the grammar keeps for other languages.
pub(super) fn reserved(word: &str) -> Option<&'static str> {
    Some(match word {
        "if" | "else" => CONDITIONAL,
        "return" => "write the condition alone",
        "let" | "var" | "const" => {
            "an expression has no variables: give a condition a name in `conditions.toml`"
        }
        "for" | "while" | "loop" | "function" => {
            "ask of the elements of a list: `list.all(item, …)`, `list.exists(item, …)`"
        }
        _ => return None,
    })
}

/// A function that there is not. `receiver` is what it is called on.
pub(super) fn function(name: &str, receiver: Option<&str>, arguments: &[&str]) -> Option<String> {
    let all: Vec<String> =
        receiver.into_iter().chain(arguments.iter().copied()).map(shown).collect();
    let first = all.first().map_or("a", String::as_str);
    let second = all.get(1).map_or("b", String::as_str);
    let list = receiver.map_or_else(|| "list".to_owned(), shown);
    let text = match name.to_lowercase().replace('_', "").as_str() {
        "len" | "length" | "count" | "strlen" | "sizeof" => format!("size({first})"),
        "isempty" | "empty" => format!("size({first}) == 0"),
        "notempty" | "isnotempty" => format!("size({first}) > 0"),
        "isset" | "defined" | "isdefined" | "present" | "ispresent" | "isnotnull" | "notnull" => {
            format!("has({first})")
        }
        "isnull" | "isabsent" | "missing" | "ismissing" | "isna" | "isnone" => {
            format!("!has({first})")
        }
        "includes" | "include" | "has" | "contain" => {
            return Some(format!(
                "write `{second} in {first}` of a list, or `{first}.contains({second})` of a string"
            ));
        }
        "any" | "some" => format!("{list}.exists(item, …)"),
        "every" | "each" => format!("{list}.all(item, …)"),
        "one" => format!("{list}.exists_one(item, …)"),
        "none" | "noneof" => format!("!{list}.exists(item, …)"),
        "lower" | "upper" | "tolower" | "toupper" | "tolowercase" | "touppercase" | "casefold" => {
            return Some(format!(
                "compare small letters: `{first}.lowerAscii()` has those of A to Z, and all others \
                 as they are"
            ));
        }
        "beginswith" => format!("{first}.startsWith({second})"),
        "regex" | "regexp" | "regexmatch" | "match" | "like" => return Some(REGEX.to_owned()),
        "equals" | "equal" | "eq" => format!("{first} == {second}"),
        "notequals" | "ne" | "neq" => format!("{first} != {second}"),
        "not" => format!("!{first}"),
        "and" => format!("{first} && {second}"),
        "between" if receiver.is_some() => {
            let high = all.get(2).map_or("high", String::as_str);
            format!("{second} <= {first} && {first} <= {high}")
        }
        "concat" => format!("{first} + {second}"),
        "iff" | "iif" | "ifelse" | "cond" | "case" => return Some(CONDITIONAL.to_owned()),
        "coalesce" | "ifnull" | "nvl" | "default" => format!("has({first}) ? {first} : {second}"),
        "abs" => format!("{first} < 0 ? -{first} : {first}"),
        "max" => format!("{first} > {second} ? {first} : {second}"),
        "min" => format!("{first} < {second} ? {first} : {second}"),
        "floor" | "trunc" | "toint" | "parseint" | "integer" | "number" | "tonumber" => {
            format!("int({first})")
        }
        "float" | "tofloat" | "parsefloat" => format!("double({first})"),
        "str" | "tostring" => format!("string({first})"),
        "boolean" | "tobool" => format!("bool({first})"),
        "date" | "datetime" | "todate" | "todatetime" | "instant" | "time"
            if receiver.is_none() =>
        {
            let written = first.trim_matches(['"', '\'']);
            timestamp(written).unwrap_or_else(|| "timestamp(\"2026-03-02T15:00:00Z\")".to_owned())
        }
        "daysbetween" | "dayssince" | "datediff" | "daydiff" | "diffdays" | "dayselapsed" => {
            return Some(
                "the days of a recipient's calendar are attributes, such as \
                 `recipient.local_days_since_opt_in_max`; of spans of 24 hours write `send_at - \
                 recipient.opt_in_at < duration(\"720h\")`"
                    .to_owned(),
            );
        }
        "interval" | "timedelta" => "duration(\"24h\")".to_owned(),
        "days" | "hours" | "minutes" | "seconds" | "weeks" if receiver.is_none() => {
            span(first, name).unwrap_or_else(|| "duration(\"24h\")".to_owned())
        }
        part => format!("{first}.{}", part_of_time(part)?),
    };
    Some(format!("write `{text}`"))
}

/// The function for a part of an instant, by what other languages call it.
fn part_of_time(name: &str) -> Option<&'static str> {
    Some(match name {
        "year" | "years" | "getyear" => "getFullYear()",
        "month" => "getMonth() + 1",
        "day" | "date" | "dayofmonth" => "getDate()",
        "weekday" | "dayofweek" | "getday" => "getDayOfWeek()",
        "dayofyear" => "getDayOfYear()",
        "hour" | "hours" => "getHours()",
        "minute" | "minutes" => "getMinutes()",
        "second" | "seconds" => "getSeconds()",
        _ => return None,
    })
}

/// A member that a value of that type does not have.
pub(super) fn member(of: &str, ty: Type, name: &str) -> Option<String> {
    let lower = name.to_lowercase().replace('_', "");
    let of = shown(of);
    let text = match lower.as_str() {
        "length" | "len" | "size" | "count" if ty.is_list() || ty == Type::STRING => {
            format!("size({of})")
        }
        "empty" | "isempty" if ty.is_list() || ty == Type::STRING => format!("size({of}) == 0"),
        "first" if ty.is_list() => format!("{of}[0]"),
        part if ty == Type::TIMESTAMP || ty == Type::DURATION => {
            format!("{of}.{}", part_of_time(part)?)
        }
        _ => return None,
    };
    Some(format!("write `{text}`"))
}

/// A number with letters, as written: `30d`, `10k`, `1_000`.
pub(super) fn number(written: &str) -> Option<String> {
    let end = written.find(|c: char| !c.is_ascii_digit() && c != '_').unwrap_or(written.len());
    let (digits, unit) = written.split_at(end);
    let digits = digits.replace('_', "");
    let zeros = match unit {
        "" => Some(""),
        "k" | "K" => Some("000"),
        "M" => Some("000000"),
        _ => None,
    };
    match zeros {
        Some(zeros) => Some(format!("write `{digits}{zeros}`")),
        None => span(&digits, unit).map(|span| format!("write `{span}`")),
    }
}

/// So much of a unit of time, as a call.
fn span(number: &str, unit: &str) -> Option<String> {
    let count: u32 = number.parse().ok()?;
    let (times, unit) = match unit.to_lowercase().as_str() {
        "w" | "week" | "weeks" => (168, "h"),
        "d" | "day" | "days" => (24, "h"),
        "h" | "hr" | "hrs" | "hour" | "hours" => (1, "h"),
        "m" | "min" | "mins" | "minute" | "minutes" => (1, "m"),
        "s" | "sec" | "secs" | "second" | "seconds" => (1, "s"),
        _ => return None,
    };
    Some(format!("duration(\"{}{unit}\")", u64::from(count) * times))
}

/// The instant that a date or a time without its zone means, as a call.
pub(super) fn timestamp(written: &str) -> Option<String> {
    let written = written.trim().trim_end_matches(['Z', 'z']).replace(' ', "T");
    let with_seconds = format!("{written}:00Z");
    let midnight = format!("{written}T00:00:00Z");
    let whole = format!("{written}Z");
    [midnight, with_seconds, whole]
        .into_iter()
        .find(|text| Timestamp::parse(text).is_ok())
        .map(|text| format!("timestamp(\"{text}\")"))
}

/// A text beside a value of another type: what to write instead of the text.
pub(super) fn text_for(text: &str, ty: Type) -> Option<String> {
    let is_number = text.parse::<i64>().is_ok();
    let text = match ty {
        Type::BOOL => match text.to_lowercase().as_str() {
            "true" | "yes" | "1" => "true".to_owned(),
            "false" | "no" | "0" => "false".to_owned(),
            _ => return None,
        },
        Type::INT if is_number => text.to_owned(),
        Type::INT => {
            // `20:00` of an hour.
            let (hour, minute) = text.split_once(':')?;
            let hour = hour.trim_start_matches('0');
            let hour = if hour.is_empty() { "0" } else { hour };
            let is_time = hour.parse::<u8>().is_ok() && minute.parse::<u8>().is_ok();
            return is_time.then(|| format!("hours are whole numbers: write `{hour}`"));
        }
        Type::DOUBLE if is_number => format!("{text}.0"),
        Type::DOUBLE => text.parse::<f64>().ok().map(|_| text.to_owned())?,
        Type::TIMESTAMP => timestamp(text)?,
        Type::DURATION => duration(text)?,
        _ => return None,
    };
    Some(format!("write `{text}`"))
}

/// A span of time in quotes, as a call.
pub(super) fn duration(text: &str) -> Option<String> {
    if convert::duration(text).is_some() {
        return Some(format!("duration(\"{text}\")"));
    }
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(end);
    span(number, unit.trim())
}

fn shown(text: &str) -> String {
    brief(text.trim())
}
