//! Which person or thing does a row describe?

use std::fmt;

/// The key of a row, written with `/` between its parts: `account/100`, `number/+34600111222`,
/// `template/100/spring_sale/es`. A `/` or a `%` within a part is written as `%2F`, `%25`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// An account, by its id; empty for what named no account.
    Account(Box<str>),
    /// A number that sends, in E.164 or by its phone-number id.
    Number(Box<str>),
    /// A business portfolio, by its id; empty for a limit that named no account.
    Portfolio(Box<str>),
    /// A person under one name, as one account knows him.
    Recipient {
        /// The account that writes to the person.
        sender: Box<str>,
        /// A number in E.164, or a user id.
        id: Box<str>,
    },
    /// A translation of a template.
    Template {
        /// The account; empty where an answer did not name it.
        account: Box<str>,
        /// The name.
        name: Box<str>,
        /// The language, as `en_us`; empty where it was not given.
        language: Box<str>,
    },
}

impl Key {
    /// The key that is written so; none for another text.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('/').map(unescaped);
        let kind = parts.next()??;
        let mut part = || parts.next().flatten().map(String::into_boxed_str);
        let key = match kind.as_str() {
            "portfolio" => Self::Portfolio(part()?),
            "account" => Self::Account(part()?),
            "number" => Self::Number(part()?),
            "template" => Self::Template { account: part()?, name: part()?, language: part()? },
            "recipient" => Self::Recipient { sender: part()?, id: part()? },
            _ => return None,
        };
        parts.next().is_none().then_some(key)
    }

    pub(crate) fn account(id: &str) -> Self {
        Self::Account(id.into())
    }

    pub(crate) fn portfolio(id: &str) -> Self {
        Self::Portfolio(id.into())
    }

    pub(crate) fn number(id: &str) -> Self {
        Self::Number(id.into())
    }

    pub(crate) fn recipient(sender: &str, id: &str) -> Self {
        Self::Recipient { sender: sender.into(), id: id.into() }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Portfolio(id) => write!(f, "portfolio/{}", Escaped(id)),
            Self::Account(id) => write!(f, "account/{}", Escaped(id)),
            Self::Number(id) => write!(f, "number/{}", Escaped(id)),
            Self::Template { account, name, language } => {
                write!(f, "template/{}/{}/{}", Escaped(account), Escaped(name), Escaped(language))
            }
            Self::Recipient { sender, id } => {
                write!(f, "recipient/{}/{}", Escaped(sender), Escaped(id))
            }
        }
    }
}

struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '/' => f.write_str("%2F")?,
                '%' => f.write_str("%25")?,
                other => write!(f, "{other}")?,
            }
        }
        Ok(())
    }
}

fn unescaped(part: &str) -> Option<String> {
    let mut text = String::with_capacity(part.len());
    let mut rest = part;
    while let Some((before, after)) = rest.split_once('%') {
        text.push_str(before);
        text.push(match after.get(..2)? {
            "2F" => '/',
            "25" => '%',
            _ => return None,
        });
        rest = after.get(2..)?;
    }
    text.push_str(rest);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_written() {
        let keys = [
            Key::Portfolio("1".into()),
            Key::account(""),
            Key::number("+34600111222"),
            Key::Template { account: "1".into(), name: "a/b%2F".into(), language: "es".into() },
            Key::recipient("1", "ES.1"),
        ];
        for key in keys {
            assert_eq!(Key::parse(&key.to_string()), Some(key));
        }
        for text in ["", "account", "account/1/2", "thing/1", "number/%", "number/%2f"] {
            assert_eq!(Key::parse(text), None, "{text}");
        }
    }
}
