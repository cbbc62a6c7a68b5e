//! What do derivations work on?

use std::cell::OnceCell;
use std::sync::Arc;

use super::lookup::{self, Link, Standing};
use super::plan::{self, Located};
use super::whereabouts::{Clocks, ClocksRead, Whereabouts, user_id_country};
use crate::clients::Catalogue;
use crate::directory::Directory;
use crate::facts::Facts;
use crate::pack::Pack;
use crate::schema::AttributeId;
use crate::schema::attributes as id;
use crate::ternary::Ternary;
use crate::time::Timestamp;
use crate::value::{Fact, Value};

/// The facts, and what several derivations share: worked out only where one of them needs it.
pub(super) struct Case<'a> {
    pub(super) facts: &'a Facts,
    /// Whose ladders tell what follows a violation.
    pub(super) packs: &'a [Arc<Pack>],
    pub(super) directory: &'a Directory,
    pub(super) catalogue: &'a Catalogue,
    pub(super) send_at: Option<Timestamp>,
    pub(super) provider: Standing<'a>,
    /// None where it is not given whether there are intermediaries.
    pub(super) links: Option<Vec<Link>>,
    /// None where nothing asks for them.
    pub(super) whereabouts: Option<Whereabouts<'a>>,
    pub(super) clocks: Option<Clocks>,
    /// Where the plan places the recipient's number.
    number: OnceCell<Option<Located<'a>>>,
}

/// What a derivation needs that others need too: one bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Needs(u8);

impl Needs {
    /// Nothing but facts and `send_at`.
    pub(super) const NOTHING: Self = Self(0);
    /// What the directory says of the provider.
    pub(super) const PROVIDER: Self = Self(1);
    /// What it says of the intermediaries.
    pub(super) const LINKS: Self = Self(2);
    /// Where the recipient may be.
    pub(super) const WHEREABOUTS: Self = Self(4);
    /// What clocks show there.
    pub(super) const CLOCKS: Self = Self(8 | Self::WHEREABOUTS.0);

    /// Both.
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of another is among them.
    pub(super) const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl<'a> Case<'a> {
    /// `read` is what clocks show at `send_at`, as far as it was read before.
    pub(super) fn new(
        facts: &'a Facts,
        packs: &'a [Arc<Pack>],
        directory: &'a Directory,
        catalogue: &'a Catalogue,
        needs: Needs,
        read: Option<&ClocksRead>,
    ) -> Self {
        let send_at = facts.send_at();
        let mut case = Self {
            facts,
            packs,
            directory,
            catalogue,
            send_at,
            provider: match needs.has(Needs::PROVIDER) {
                true => lookup::standing(facts, directory, send_at),
                false => Standing::NotGiven,
            },
            links: if needs.has(Needs::LINKS) {
                lookup::links(facts, directory, send_at)
            } else {
                None
            },
            clocks: None,
            whereabouts: None,
            number: OnceCell::new(),
        };
        if let Some(send_at) = send_at.filter(|_| needs.has(Needs::WHEREABOUTS)) {
            let whereabouts = Whereabouts::of_number(facts, send_at, case.number());
            if needs.has(Needs::CLOCKS) {
                case.clocks = match read {
                    Some(read) => whereabouts.clocks_of(read),
                    None => whereabouts.clocks(),
                };
            }
            case.whereabouts = Some(whereabouts);
        }
        case
    }

    /// Where the plan places the recipient's number.
    pub(super) fn number(&self) -> Option<Located<'a>> {
        let located = || self.facts.fact(id::RECIPIENT_PHONE).text().and_then(plan::located);
        *self.number.get_or_init(located)
    }

    /// Where the recipient is: as given, else by the number, else by the business-scoped user id.
    pub(super) fn country(&self) -> Option<&'a str> {
        let given = self.facts.fact(id::RECIPIENT_COUNTRY).text();
        given
            .or_else(|| self.number().and_then(Located::country_name))
            .or_else(|| user_id_country(self.facts))
    }

    pub(super) fn fact(&self, id: AttributeId) -> &Fact {
        self.facts.fact(id)
    }

    /// A value of an attribute's list; the schema's own copy of the text is shared.
    pub(super) fn word(&self, id: AttributeId, word: &str) -> Fact {
        let choices = self.facts.schema().attribute(id).choices().unwrap_or_default();
        let known = choices.iter().find(|choice| &*choice.name == word);
        known.map_or_else(
            || text(word),
            |choice| Fact::Value(Value::String(Arc::clone(&choice.name))),
        )
    }
}

pub(super) fn text(text: &str) -> Fact {
    Fact::Value(Value::string(text))
}

pub(super) fn count(count: usize) -> Fact {
    Fact::Value(Value::Int(i64::try_from(count).unwrap_or(i64::MAX)))
}

pub(super) fn fact_of(ternary: Ternary) -> Fact {
    match ternary {
        Ternary::True => Fact::Value(Value::Bool(true)),
        Ternary::False => Fact::Value(Value::Bool(false)),
        Ternary::Undetermined => Fact::Unknown,
    }
}
