//! Where the reader is: `account.restrictions[0].until`.

use std::fmt;

use crate::text::shortened;

/// Where the reader is: `account.restrictions[0].until`.
#[derive(Default)]
pub(super) struct Path<'s>(pub(super) Vec<Step<'s>>);

pub(super) enum Step<'s> {
    Name(&'s str),
    /// A name that the schema does not know.
    Stranger(String),
    Entry(usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, step) in self.0.iter().enumerate() {
            let dot = if number == 0 { "" } else { "." };
            match step {
                Step::Name(name) => write!(f, "{dot}{name}")?,
                Step::Stranger(name) => {
                    write!(f, "{dot}{}", shortened(name, 60))?;
                }
                Step::Entry(entry) => write!(f, "[{entry}]")?,
            }
        }
        Ok(())
    }
}
