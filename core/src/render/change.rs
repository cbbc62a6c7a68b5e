//! How does a change read?

use std::fmt::Display;
use std::sync::Arc;

use crate::decide::Written;
use crate::explain::{Before, Change, To};
use crate::language::{Lang, answers, catalogue as words, levers};
use crate::value::Value;

/// `send later: send_at to 2024-05-15T00:00:00Z`
pub fn change(change: &Change, lang: Lang) -> String {
    let how = levers::of(change.how, lang);
    let path: &str = &change.path;
    let to = |value: &dyn Display| answers::TO.with(lang, &[("path", &path), ("value", value)]);
    let to = match &change.to {
        To::Removed if path == RECIPIENT => return how.to_owned(),
        To::Removed => match &change.from {
            Before::Value(Some(name)) => format!("{path} ({})", Written(name)),
            _ => path.to_owned(),
        },
        To::Value(value) => to(&Written(value).in_words(lang)),
        To::OneOf(values) => to(&any_of(values, lang)),
        To::Range { min, max } => to(&range(min.as_ref(), max.as_ref(), lang)),
        To::Members(members) => object(path, members, lang),
        To::OneOfMembers(objects) => {
            let objects = objects.iter().map(|members| object(path, members, lang));
            objects.collect::<Vec<_>>().join(&format!(";{}", words::OR.of(lang)))
        }
    };
    answers::CHANGE.with(lang, &[("how", &how), ("to", &to)])
}

fn object(path: &str, members: &[(Arc<str>, Vec<Value>)], lang: Lang) -> String {
    let members = members.iter().map(|(name, values)| {
        let path = format!("{path}.{name}");
        let value = match &values[..] {
            [] => "null".to_owned(),
            values => any_of(values, lang),
        };
        answers::TO.with(lang, &[("path", &path), ("value", &value)])
    });
    members.collect::<Vec<_>>().join(", ")
}

/// The one object that is left out as a whole; what is done says that.
const RECIPIENT: &str = "recipient";

fn any_of(values: &[Value], lang: Lang) -> String {
    let shown: Vec<String> =
        values.iter().map(|value| Written(value).in_words(lang).to_string()).collect();
    match shown.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{}{}{last}", others.join(", "), words::OR.of(lang)),
        None => String::new(),
    }
}

fn range(min: Option<&Value>, max: Option<&Value>, lang: Lang) -> String {
    match (min, max) {
        (Some(min), Some(max)) => {
            answers::UP_TO.with(lang, &[("min", &Written(min)), ("max", &Written(max))])
        }
        (Some(min), None) => answers::OR_MORE.with(lang, &[("min", &Written(min))]),
        (None, Some(max)) => answers::OR_FEWER.with(lang, &[("max", &Written(max))]),
        (None, None) => answers::ANY_NUMBER.of(lang).to_owned(),
    }
}
