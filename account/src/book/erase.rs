//! What goes out of a book?
//!
//! Rows are joined and never shrink by that: who is to be forgotten, and what no check asks about
//! any more, goes by these two alone, and out of every copy.

use std::collections::BTreeSet;

use cleartosend::Timestamp;
use cleartosend::expert::resolve::plan::national_variant;

use super::people::{self, People};
use super::row::{Point, Register};
use super::{Book, Key, Removed};
use crate::effects;
use crate::error::{self, AccountError};

impl Book {
    /// Forgets a person, given by any of his names: a number with its country code or a user id, in
    /// any form that events have, and under the numbers before and after it too. Names that one
    /// account's events link are one person's for all accounts. A store deletes
    /// the rows that are removed, and replaces, not joins, those that hold less. Of a person whom
    /// the book does not have, both lists are empty.
    ///
    /// # Errors
    /// What names no person, and a number that is written as people write those of their own
    /// country: whoever erases somebody must not take a slip in the name for done.
    pub fn forget(&mut self, name: &str) -> Result<Removed, AccountError> {
        let mut result = Removed::default();
        let name = person_named(name)?;
        let people: Vec<&People> = self.people.values().collect();
        let mut names = BTreeSet::from([name]);
        loop {
            let all = names.iter().flat_map(|name| people::all_names_of(&people, name));
            let all: BTreeSet<String> = all.collect();
            if all.is_subset(&names) {
                break;
            }
            names.extend(all);
        }
        let variants: Vec<String> = names.iter().flat_map(|name| national_variant(name)).collect();
        names.extend(variants);
        for (sender, people) in &mut self.people {
            for name in &names {
                if people.remove(name.as_str()).is_some() {
                    result.removed.push(Key::recipient(sender, name).to_string());
                }
            }
            for (id, row) in people.iter_mut() {
                let links_to = |point: &Point| {
                    matches!(point.register, Register::SameAs | Register::Was)
                        && point.word.as_text().is_some_and(|to| names.contains(to))
                };
                if row.retain(|point| !links_to(point)) {
                    result.replaced.push(Key::recipient(sender, id).to_string());
                }
            }
        }
        self.people.retain(|_, people| !people.is_empty());
        Ok(result)
    }

    /// Drops what no check after that timestamp asks about: withheld messages of the days before, and
    /// words that newer ones have replaced. That somebody has marketing again stays: the stop before
    /// it may be delivered once more.
    pub fn expire(&mut self, before: Timestamp) -> Removed {
        const DAY_SECONDS: i64 = 86_400;
        let day_before = Timestamp::new(before.seconds() - DAY_SECONDS, 0).unwrap_or(before);
        let mut result = Removed::default();
        for (key, row) in &mut self.rows {
            if row.drop_replaced(before) {
                result.replaced.push(key.to_string());
            }
        }
        for (sender, people) in &mut self.people {
            people.retain(|id, row| {
                let mut changed = row.drop_replaced(before);
                let over =
                    |point: &Point| point.register == Register::Withheld && point.at < day_before;
                changed |= row.retain(|point| !over(point));
                let key = || Key::recipient(sender, id).to_string();
                if row.is_empty() {
                    result.removed.push(key());
                    return false;
                }
                if changed {
                    result.replaced.push(key());
                }
                true
            });
        }
        self.people.retain(|_, people| !people.is_empty());
        result
    }
}

/// The name by which books have whoever is named so. Digits with something between them and no `+`
/// or `00` before them are how people write numbers of their own country, which read as numbers of
/// the world may be somebody else's.
fn person_named(name: &str) -> Result<String, AccountError> {
    let read = effects::name_of(name).ok_or_else(|| error::no_person(name))?;
    let text = name.trim();
    let is_of_the_world = !read.starts_with('+')
        || ["+", "00"].iter().any(|begins| text.starts_with(begins))
        || text.contains('@')
        || text.bytes().all(|byte| byte.is_ascii_digit());
    if is_of_the_world { Ok(read) } else { Err(error::no_country(name, &read)) }
}
