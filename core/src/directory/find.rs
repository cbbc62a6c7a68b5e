//! Was this provider listed at that instant?

use super::asked::{Asked, Given, Identity};
use super::index::hash;
use super::list::Directory;
use super::listing::Listing;
use super::lookalike::Lookalike;
use super::names::{folded, meant_domain, registrable, without_legal_form};
use super::provider::Provider;
use crate::time::Timestamp;

/// The answer to [`Directory::find`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Found<'a> {
    /// What the directory says.
    pub listing: Listing,
    /// The entry that every given identifier leads to.
    pub entry: Option<&'a Provider>,
    /// The known provider that this one imitates; never set together with `entry`.
    pub lookalike: Option<Lookalike<'a>>,
    /// The provider whose domain or id was given beside a name, or another identifier, that is not
    /// its own; never set together with `entry` or `lookalike`.
    pub domain_of: Option<&'a Provider>,
}

impl Found<'_> {
    /// Of an identity that cannot be used, for or against anybody.
    const NOTHING: Self =
        Self { listing: Listing::Unknown, entry: None, lookalike: None, domain_of: None };
}

/// Whether a name is how people call a provider for short: one of its domains up to the first dot,
/// or the beginning of that.
fn is_short_for(name: &str, provider: &Provider) -> bool {
    const LETTERS_MIN: usize = 4;
    let Some(name) = folded(name) else { return false };
    let name: String = name.chars().filter(|letter| letter.is_alphanumeric()).collect();
    provider
        .domains
        .iter()
        .filter_map(|domain| domain.split('.').next())
        .any(|label| label == name || name.len() >= LETTERS_MIN && label.starts_with(&*name))
}

/// Whether a text is an address and nothing besides.
fn is_address(text: &str) -> bool {
    text.contains('.') && !text.trim().contains(char::is_whitespace)
}

/// The registrable domain of an address, however it is written.
fn registrable_in(address: &str) -> Option<String> {
    let address = address.trim_matches(['(', ')', '[', ']', '"', '\'']);
    registrable(&meant_domain(address)?)
}

impl Directory {
    /// What the directory says of a provider at an instant.
    ///
    /// *Listed* needs every given identifier to lead to the same entry; a legal form is no part of
    /// a name. A provider's own domain beside a name that is near its own is never *unlisted*: a
    /// slip accuses nobody. Where an identity leads to several entries (two of one name), the best
    /// listing counts, and of equals the first in the file. What leads nowhere is *unlisted* if the
    /// directory is complete and covers the instant, and else *unknown*; an identity that gives
    /// nothing is unknown.
    pub fn find(&self, who: &Identity<'_>, at: Timestamp) -> Found<'_> {
        let asked = self.asked(who);
        // What cannot be used says nothing, for or against: nobody is accused of how somebody wrote
        // an address.
        if asked.is_nobody() || asked.domain == Given::Nobodys || asked.name == Given::Nobodys {
            return Found::NOTHING;
        }
        let best = self
            .candidates(&asked)
            .filter(|provider| asked.leads_to(provider))
            .map(|provider| (self.listing(provider, at), provider))
            .min_by_key(|(listing, _)| *listing);
        if let Some((listing, provider)) = best {
            return Found { listing, entry: Some(provider), lookalike: None, domain_of: None };
        }
        // A firm may be called by its name with the legal form, which lists leave out.
        if let Given::As(name) = &asked.name
            && let Some(name) = without_legal_form(name)
        {
            let asked = Asked { name: Given::As(name), ..asked.clone() };
            let known = self.candidates(&asked).filter(|provider| asked.leads_to(provider));
            if let Some((listing, provider)) = known
                .map(|provider| (self.listing(provider, at), provider))
                .min_by_key(|(listing, _)| *listing)
            {
                return Found { listing, entry: Some(provider), lookalike: None, domain_of: None };
            }
        }
        // A provider's address written for its name, alone or beside a domain of its own, says one
        // thing twice.
        if let Some(address) = who.name.filter(|name| is_address(name))
            && let Some(provider) = self.addressed(address)
        {
            let domain = match &asked.domain {
                Given::No if who.id.is_none() => registrable_in(address),
                domain if domain.is_not_or_in(&provider.domains) => who.domain.map(str::to_owned),
                _ => None,
            };
            if domain.is_some() {
                return self
                    .find(&Identity { id: who.id, name: None, domain: domain.as_deref() }, at);
            }
        }
        // Who wrote several firms into one name imitates none of them.
        if who.name.is_some_and(|name| self.names_several(name)) {
            return Found::NOTHING;
        }
        let lookalike = self.lookalike(&asked);
        let near = if lookalike.is_none() { self.meant_by_domain(&asked) } else { None };
        let domain_of = match (near, &lookalike) {
            (None, None) => self.claimed(&asked).or_else(|| self.contradicted(&asked)),
            // The firm's own name, and words of its legal name after it, beside its own domain.
            (Some(near), _) if who.name.is_some_and(|name| Self::is_called(near, name)) => None,
            (near, _) => near,
        };
        let listing = match near.map(|provider| self.listing(provider, at)) {
            None => self.listing_of_stranger(&asked, at),
            // The name is not on record, so that nobody can say that it was listed.
            Some(Listing::Listed) => Listing::Unknown,
            Some(listing) => listing,
        };
        Found { listing, entry: None, lookalike, domain_of }
    }

    /// The provider to whose domain a host belongs.
    pub(crate) fn owner_of(&self, host: &str) -> Option<&Provider> {
        let asked = Asked::new(&Identity { domain: Some(host), ..Identity::default() });
        self.candidates(&asked).find(|provider| asked.leads_to(provider))
    }

    /// Whether every identifier that is given is that provider's.
    pub(crate) fn leads_to(&self, who: &Identity<'_>, provider: &Provider) -> bool {
        let asked = self.asked(who);
        !asked.is_nobody() && asked.leads_to(provider)
    }

    /// The provider whose domain or id was given beside identifiers that are not its own.
    fn claimed(&self, asked: &Asked<'_>) -> Option<&Provider> {
        let by_domain = match &asked.domain {
            Given::As(domain) => {
                let known = self.by_domain.get(hash(domain)).filter_map(|at| self.at(at));
                known.into_iter().find(|provider| provider.domains.contains(domain))
            }
            Given::No | Given::Nobodys => None,
        };
        let others = asked.id.is_some() || asked.name.is_given();
        let claimed = by_domain.filter(|_| others).or_else(|| self.provider(asked.id?))?;
        // An id that is another's, or nobody's, stays so beside whatever name.
        let own_id = asked.id.is_none_or(|id| claimed.entry.id == id);
        let own_name = asked.identity.name.is_some_and(|name| is_short_for(name, claimed));
        (!own_id || !own_name).then_some(claimed)
    }

    /// The provider whose address stands in a name or an id, beside a domain that is not its own.
    fn contradicted(&self, asked: &Asked<'_>) -> Option<&Provider> {
        let written = [asked.identity.name, asked.identity.id].into_iter().flatten();
        let mut addressed = written.filter_map(|text| self.addressed(text));
        addressed.find(|provider| {
            asked.domain.is_given() && !asked.domain.is_not_or_in(&provider.domains)
        })
    }

    /// The provider to whose domain an address belongs that stands in a text.
    fn addressed(&self, text: &str) -> Option<&Provider> {
        text.split_whitespace().filter_map(registrable_in).find_map(|domain| {
            let known = self.by_domain.get(hash(&domain)).filter_map(|at| self.at(at));
            known.into_iter().find(|provider| provider.domains.contains(&domain))
        })
    }

    /// The provider whose domain that of a host resembles. What stands before the domain that its
    /// owner registered is not compared: `twilio.crm.example` is whatever the CRM calls so.
    pub(crate) fn resembled_by(&self, host: &str) -> Option<&Provider> {
        let domain = registrable(host)?;
        let asked = Asked::new(&Identity { domain: Some(&domain), ..Identity::default() });
        if self.candidates(&asked).any(|provider| asked.leads_to(provider)) {
            return None;
        }
        self.lookalike(&asked).map(|lookalike| lookalike.of)
    }

    /// The instants at which what [`Self::find`] says of a provider may become another.
    pub(crate) fn turns(&self, who: &Identity<'_>) -> Vec<Timestamp> {
        let asked = self.asked(who);
        let bare = match &asked.name {
            Given::As(name) => without_legal_form(name)
                .map(|name| Asked { name: Given::As(name), ..asked.clone() }),
            Given::No | Given::Nobodys => None,
        };
        let candidates = [Some(&asked), bare.as_ref()].into_iter().flatten();
        let named =
            candidates.flat_map(|asked| self.candidates(asked)).chain(self.meant_by_domain(&asked));
        let listed = named.flat_map(|provider| &provider.entry.listed);
        let periods = listed.flat_map(|listed| {
            let period = listed.period;
            [period.from.into(), period.until]
        });
        periods.chain([Some(self.covers.from), self.covers.until]).flatten().collect()
    }

    /// What the directory says at an instant of a provider that it names.
    pub fn listing(&self, provider: &Provider, at: Timestamp) -> Listing {
        let listed = &provider.entry.listed;
        if listed.is_empty() {
            Listing::Unknown
        } else if listed.iter().any(|listed| listed.period.contains(at)) {
            Listing::Listed
        } else if listed.iter().any(|listed| listed.period.until.is_some_and(|until| until <= at)) {
            Listing::Delisted
        } else {
            self.listing_of_absent(at)
        }
    }

    /// For a time that the list covers, so that it would have named the provider.
    fn listing_of_absent(&self, at: Timestamp) -> Listing {
        if self.complete && self.covers.contains(at) { Listing::Unlisted } else { Listing::Unknown }
    }

    /// For an identity of which no entry fits all of it.
    ///
    /// An entry that fits but for a domain, and has no domain on record, is not contradicted: the
    /// directory does not know.
    fn listing_of_stranger(&self, asked: &Asked<'_>, at: Timestamp) -> Listing {
        let undecided = || {
            let without_domain = Asked { domain: Given::No, ..asked.clone() };
            !without_domain.is_nobody()
                && self.candidates(&without_domain).any(|provider| {
                    provider.domains.is_empty() && without_domain.leads_to(provider)
                })
        };
        if asked.domain.is_given() && undecided() {
            Listing::Unknown
        } else {
            self.listing_of_absent(at)
        }
    }

    /// The provider whose domain was given, if the name given is no other's and is near its own.
    fn meant_by_domain(&self, asked: &Asked<'_>) -> Option<&Provider> {
        let (Given::As(name), Given::As(domain)) = (&asked.name, &asked.domain) else {
            return None;
        };
        let is_anothers = |name: &String| {
            let known = self.by_name.get(hash(name)).filter_map(|at| self.at(at));
            known.into_iter().any(|provider| provider.names.contains(name))
        };
        let bare = without_legal_form(name);
        if is_anothers(name) || bare.as_ref().is_some_and(is_anothers) {
            return None;
        }
        self.by_domain.get(hash(domain)).filter_map(|at| self.at(at)).find(|provider| {
            provider.domains.contains(domain)
                && asked.id.is_none_or(|id| provider.entry.id == id)
                && self.is_near(provider, name)
        })
    }

    /// The entries that one of the given identifiers may lead to: by id, else by domain, else by
    /// name.
    pub(super) fn candidates(&self, asked: &Asked<'_>) -> impl Iterator<Item = &Provider> {
        let found = match (asked.id, &asked.domain, &asked.name) {
            (Some(id), _, _) => Some(self.by_id.get(hash(id))),
            (None, Given::As(domain), _) => Some(self.by_domain.get(hash(domain))),
            (None, Given::No, Given::As(name)) => Some(self.by_name.get(hash(name))),
            _ => None,
        };
        found.into_iter().flatten().filter_map(|at| self.at(at))
    }
}

impl Directory {
    /// An identity in normal form.
    pub(super) fn asked<'a>(&self, who: &Identity<'a>) -> Asked<'a> {
        let Some(known) = self.known.of(who) else { return Asked::new(who) };
        Asked {
            id: who.id,
            name: known.folded.clone(),
            domain: known.registrable.clone(),
            identity: *who,
        }
    }

    /// The provider that an identity imitates, which no entry is of.
    pub(super) fn lookalike(&self, asked: &Asked<'_>) -> Option<Lookalike<'_>> {
        let Some(known) = self.known.of(&asked.identity).filter(|known| {
            // Somebody may ask for less than the identity says.
            known.folded == asked.name && known.registrable == asked.domain
        }) else {
            return self.imitated(asked);
        };
        let found = known.lookalike.get_or_init(|| {
            let Lookalike { of, reasons } = self.imitated(asked)?;
            Some((self.number_of(of)?, reasons))
        });
        let (of, reasons) = found.as_ref()?;
        Some(Lookalike { of: self.at(*of)?, reasons: reasons.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::known::PLACES;

    #[test]
    fn what_is_kept_is_what_is_found_anew() {
        let directory = Directory::built_in().unwrap();
        let at = directory.retrieved_at();
        let names = ["Twilio", "Twillio", "Twilio, Infobip", "Acme", "unknown", "Hubtype Inc.", ""];
        let domains =
            [None, Some("twilio.com"), Some("twilio.example"), Some("-"), Some("acme.es")];
        for round in 0..3 {
            for name in names {
                for domain in domains {
                    for id in [None, Some("twilio")] {
                        let who = Identity { id, name: Some(name), domain };
                        // One that was asked for nothing before.
                        let anew = Directory::from_json(crate::directory::list::SAMPLE).unwrap();
                        let say = |directory: &Directory| {
                            let several = directory.names_several(name);
                            format!("{:?} {several}", directory.find(&who, at))
                        };
                        assert_eq!(say(&directory), say(&anew), "round {round}: {who:?}");
                    }
                }
            }
        }
        // More than there are places for.
        for number in 0..3 * PLACES {
            let name = format!("Twilio {number}");
            let who = Identity { name: Some(&name), ..Identity::default() };
            assert_eq!(directory.asked(&who).name, Asked::new(&who).name);
        }
    }
}
