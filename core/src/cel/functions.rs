//! Which functions does the language have?

use crate::value::{Scalar, Type};

/// A function of the language. A method's receiver is its first argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "every pass over the tree must handle every function")]
pub enum Function {
    /// Code points of a string, or elements of a list.
    Size,
    /// Whether a text begins with another.
    StartsWith,
    /// Whether a text ends with another.
    EndsWith,
    /// Whether a text holds another.
    Contains,
    /// A text with the letters `A` to `Z` in small.
    LowerAscii,
    /// A text without the white space at its ends, as Unicode has it.
    Trim,
    /// The year.
    GetFullYear,
    /// The month, from 0.
    GetMonth,
    /// The day of the month, from 1.
    GetDate,
    /// The day of the month, from 0.
    GetDayOfMonth,
    /// The day of the week, from 0 for Sunday.
    GetDayOfWeek,
    /// The day of the year, from 0.
    GetDayOfYear,
    /// The hour of an instant; whole hours of a span.
    GetHours,
    /// The minute of an instant; whole minutes of a span.
    GetMinutes,
    /// The second of an instant; whole seconds of a span.
    GetSeconds,
    /// The milliseconds after the whole second, of an instant or a span.
    GetMilliseconds,
    /// `int(…)`
    ToInt,
    /// `double(…)`
    ToDouble,
    /// `string(…)`
    ToString,
    /// `bool(…)`
    ToBool,
    /// `timestamp(…)`
    ToTimestamp,
    /// `duration(…)`
    ToDuration,
    /// What a table comes to where it has no value for a key. It cannot be written, and never has a
    /// value.
    NoEntry,
}

/// How a function is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    /// `a.f(b)`
    Method,
    /// `f(a)`
    Plain,
    /// Either.
    Both,
}

impl Function {
    /// All functions that can be written, for look-ups by name.
    const ALL: [Self; 22] = [
        Self::Size,
        Self::StartsWith,
        Self::EndsWith,
        Self::Contains,
        Self::LowerAscii,
        Self::Trim,
        Self::GetFullYear,
        Self::GetMonth,
        Self::GetDate,
        Self::GetDayOfMonth,
        Self::GetDayOfWeek,
        Self::GetDayOfYear,
        Self::GetHours,
        Self::GetMinutes,
        Self::GetSeconds,
        Self::GetMilliseconds,
        Self::ToInt,
        Self::ToDouble,
        Self::ToString,
        Self::ToBool,
        Self::ToTimestamp,
        Self::ToDuration,
    ];

    /// As written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::StartsWith => "startsWith",
            Self::EndsWith => "endsWith",
            Self::Contains => "contains",
            Self::LowerAscii => "lowerAscii",
            Self::Trim => "trim",
            Self::GetFullYear => "getFullYear",
            Self::GetMonth => "getMonth",
            Self::GetDate => "getDate",
            Self::GetDayOfMonth => "getDayOfMonth",
            Self::GetDayOfWeek => "getDayOfWeek",
            Self::GetDayOfYear => "getDayOfYear",
            Self::GetHours => "getHours",
            Self::GetMinutes => "getMinutes",
            Self::GetSeconds => "getSeconds",
            Self::GetMilliseconds => "getMilliseconds",
            Self::ToInt => "int",
            Self::ToDouble => "double",
            Self::ToString => "string",
            Self::ToBool => "bool",
            Self::ToTimestamp => "timestamp",
            Self::ToDuration => "duration",
            Self::NoEntry => "tables",
        }
    }

    /// The function of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|function| function.name() == name)
    }

    /// Every name, for a did-you-mean: functions, then macros.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.into_iter().map(Self::name).chain(["has", "all", "exists", "exists_one"])
    }

    /// How it is written.
    pub(super) const fn call(self) -> Call {
        match self {
            Self::Size => Call::Both,
            Self::StartsWith
            | Self::EndsWith
            | Self::Contains
            | Self::LowerAscii
            | Self::Trim
            | Self::GetFullYear
            | Self::GetMonth
            | Self::GetDate
            | Self::GetDayOfMonth
            | Self::GetDayOfWeek
            | Self::GetDayOfYear
            | Self::GetHours
            | Self::GetMinutes
            | Self::GetSeconds
            | Self::GetMilliseconds => Call::Method,
            Self::ToInt
            | Self::ToDouble
            | Self::ToString
            | Self::ToBool
            | Self::ToTimestamp
            | Self::ToDuration
            | Self::NoEntry => Call::Plain,
        }
    }

    /// What it takes, as shown to a rule author.
    pub(super) const fn takes(self) -> &'static str {
        match self {
            Self::Size => "one string or list",
            Self::StartsWith | Self::EndsWith | Self::Contains => "two strings",
            Self::LowerAscii | Self::Trim => "one string",
            Self::GetFullYear
            | Self::GetMonth
            | Self::GetDate
            | Self::GetDayOfMonth
            | Self::GetDayOfWeek
            | Self::GetDayOfYear => "a timestamp and optionally a zone",
            Self::GetHours | Self::GetMinutes | Self::GetSeconds | Self::GetMilliseconds => {
                "a timestamp and optionally a zone, or a duration"
            }
            Self::ToInt => "an int, double, string or timestamp",
            Self::ToDouble => "a double, int or string",
            Self::ToString => "a string, bool, int, double, timestamp or duration",
            Self::ToBool => "a bool or string",
            Self::ToTimestamp => "a timestamp, string or int",
            Self::ToDuration => "a duration or string",
            Self::NoEntry => "nothing",
        }
    }

    /// The type of the result for arguments of these types; `None` where it takes no such
    /// arguments.
    pub(super) fn result(self, arguments: &[Type]) -> Option<Type> {
        let fits = |ty: &Type, wanted: &[Scalar]| {
            ty.lists == 0 && (ty.base == Scalar::Nothing || wanted.contains(&ty.base))
        };
        let all = |wanted: &[&[Scalar]]| {
            arguments.len() == wanted.len()
                && arguments.iter().zip(wanted).all(|(argument, wanted)| fits(argument, wanted))
        };
        use Scalar::{Bool, Double, Duration, Int, String, Timestamp};
        match self {
            Self::Size => match arguments {
                [one] => (one.is_list() || fits(one, &[String])).then_some(Type::INT),
                _ => None,
            },
            Self::StartsWith | Self::EndsWith | Self::Contains => {
                all(&[&[String], &[String]]).then_some(Type::BOOL)
            }
            Self::LowerAscii | Self::Trim => all(&[&[String]]).then_some(Type::STRING),
            Self::GetFullYear
            | Self::GetMonth
            | Self::GetDate
            | Self::GetDayOfMonth
            | Self::GetDayOfWeek
            | Self::GetDayOfYear => {
                (all(&[&[Timestamp]]) || all(&[&[Timestamp], &[String]])).then_some(Type::INT)
            }
            Self::GetHours | Self::GetMinutes | Self::GetSeconds | Self::GetMilliseconds => {
                (all(&[&[Timestamp, Duration]]) || all(&[&[Timestamp], &[String]]))
                    .then_some(Type::INT)
            }
            Self::ToInt => all(&[&[Int, Double, String, Timestamp]]).then_some(Type::INT),
            Self::ToDouble => all(&[&[Double, Int, String]]).then_some(Type::DOUBLE),
            Self::ToString => {
                all(&[&[String, Bool, Int, Double, Timestamp, Duration]]).then_some(Type::STRING)
            }
            Self::ToBool => all(&[&[Bool, String]]).then_some(Type::BOOL),
            Self::ToTimestamp => all(&[&[Timestamp, String, Int]]).then_some(Type::TIMESTAMP),
            Self::ToDuration => all(&[&[Duration, String]]).then_some(Type::DURATION),
            Self::NoEntry => None,
        }
    }
}

/// What a name of the wider CEL world belongs to, for a refusal that says what is missing.
pub(super) fn unsupported_family(name: &str) -> Option<&'static str> {
    let family = match name {
        "matches" => "regular expressions",
        "map" | "filter" => "the macros `map` and `filter`",
        "existsOne" | "transformList" | "transformMap" | "transformMapEntry" => {
            "macros with two variables"
        }
        "dyn" => "dynamic types",
        "type" => "types as values",
        "bytes" => "bytes",
        "uint" => "unsigned integers",
        "optMap" | "optFlatMap" | "orValue" | "or" | "hasValue" | "value" => "optional values",
        "charAt" | "format" | "indexOf" | "join" | "lastIndexOf" | "quote" | "replace"
        | "reverse" | "split" | "substring" | "upperAscii" => {
            "the extension for strings beyond `lowerAscii` and `trim`"
        }
        "distinct" | "flatten" | "range" | "slice" | "sort" | "sortBy" | "first" | "last" => {
            "the extension for lists"
        }
        "ip" | "cidr" | "isIP" | "isCIDR" | "containsIP" | "containsCIDR" => {
            "the extension for networks"
        }
        "find" | "findAll" => "regular expressions",
        _ => return None,
    };
    Some(family)
}

/// What a namespace of the wider CEL world belongs to.
pub(super) fn unsupported_namespace(name: &str) -> Option<&'static str> {
    let family = match name {
        "math" => "the extension for mathematics",
        "cel" => "the extension for bindings",
        "optional" => "optional values",
        "base64" | "json" => "the extension for encodings",
        "strings" => "the extension for strings",
        "lists" => "the extension for lists",
        "regex" => "regular expressions",
        "net" | "ip" | "cidr" => "the extension for networks",
        "google" | "proto" => "messages",
        _ => return None,
    };
    Some(family)
}

/// What the name of a type that the language does not use as a value belongs to.
pub(super) fn is_type_name(name: &str) -> bool {
    matches!(
        name,
        "bool"
            | "int"
            | "uint"
            | "double"
            | "string"
            | "bytes"
            | "list"
            | "map"
            | "null_type"
            | "type"
            | "timestamp"
            | "duration"
    )
}
