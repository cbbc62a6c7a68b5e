//! Which restrictions follow from all rows that speak of an account?

use cleartosend::Timestamp;

use super::contradiction::Contradiction;
use super::numbers::{Number, Replaced};
use super::row::{Point, Register, Row};
use crate::fold::{self, Origin, Restriction, Restrictions, Said, Standing, Until};

/// All rows that speak of an account.
pub(super) struct Rows<'a, 'b> {
    /// Its own.
    pub(super) own: &'a [&'b Row],
    /// Under other ids.
    pub(super) beside: &'a [&'b Row],
    /// Those of them that are of its portfolio.
    pub(super) owner: &'a [&'b Row],
    /// Its numbers.
    pub(super) numbers: &'a [Number<'b>],
    /// Numbers that were its own.
    pub(super) former: &'a [Number<'b>],
    /// What of them ends nothing.
    pub(super) contradicted: &'a [Contradiction<'b>],
    /// That the id by which the sending number is named has it no more.
    pub(super) replaced: Option<&'a Replaced<'b>>,
    /// Up to when what was said counts; none for all of it.
    pub(super) up_to: Option<Timestamp>,
}

impl Rows<'_, '_> {
    /// Those of the account's own rows and its numbers, of the rows beside it, and of the lists that
    /// name a number: each apart, since none of them ends what another says.
    pub(super) fn restrictions(&self, before: Vec<Restriction>) -> Restrictions {
        let mut known = fold::fold(before, self.of_account());
        for row in self.beside {
            let mut list = fold::fold(Vec::new(), self.of_other(row)).list;
            if self.owner.iter().any(|owner| std::ptr::eq(*owner, *row)) {
                self.end_of_portfolio(&mut list);
            }
            known.list.append(&mut list);
        }
        for number in self.numbers.iter().chain(self.former) {
            known.list.extend(self.of_number(number));
        }
        known
    }

    /// What was said of the account and of its numbers.
    fn of_account(&self) -> Vec<Said> {
        let mut all = self.own_said();
        for number in self.numbers {
            let name = number.names.first();
            let said = number.rows.iter().flat_map(|row| self.said_of(row, name));
            // Lists of a number stand apart.
            let is_list = |said: &Said| matches!(said.standing, Standing::Restrictions { .. });
            all.extend(said.filter(|said| !is_list(said)));
        }
        all
    }

    fn own_said(&self) -> Vec<Said> {
        self.own.iter().flat_map(|row| self.said_of(row, None)).collect()
    }

    /// The restrictions of lists that name a number: another number's list ends none of them, and
    /// the account's empty one leaves them in doubt.
    fn of_number(&self, number: &Number<'_>) -> Vec<Restriction> {
        let is_list = |said: &Said| matches!(said.standing, Standing::Restrictions { .. });
        let ends = |said: &Said| match &said.standing {
            Standing::Restrictions { list } => list.is_empty(),
            standing => is_end(standing),
        };
        let lists = number.rows.iter().flat_map(|row| self.said_of(row, None));
        let said: Vec<Said> =
            lists.filter(|said| is_end(&said.standing) || is_list(said)).collect();
        // One that came under another account replaces none of the others.
        let points = number.rows.iter().flat_map(|row| row.of(Register::Standing));
        let apart =
            points.filter(|point| self.is_contradicted(point)).map(|point| said_by(point, None));
        let apart: Vec<Said> = apart.filter(|said| is_list(said) && !ends(said)).collect();
        // An empty list that names no number may be of the others: what this number's list names
        // goes on in doubt, as after a reinstatement.
        let own = self.own_said().into_iter().filter(ends).map(|said| match said.standing {
            Standing::Restrictions { .. } => Said { standing: Standing::Reinstated, ..said },
            _ => said,
        });
        let own: Vec<Said> = own.collect();
        let ending: Vec<Said> = said.iter().filter(|said| ends(said)).cloned().collect();
        let mut tracks: Vec<Vec<Said>> = Vec::new();
        if said.iter().any(is_list) {
            tracks.push(said);
        }
        tracks.extend(apart.into_iter().map(|list| [vec![list], ending.clone()].concat()));
        let name = number.names.first().cloned().unwrap_or_default();
        let mut all = Vec::new();
        for track in tracks {
            all.extend(fold::fold(Vec::new(), [track, own.clone()].concat()).list);
        }
        for entry in &mut all {
            entry.origin = Origin::ListOfNumber(name.clone());
        }
        all
    }

    /// What was said under another id: it ends nothing of the account, and nothing of the account
    /// ends it but an appeal.
    fn of_other(&self, row: &Row) -> Vec<Said> {
        let mut all = self.said_of(row, None);
        let own = self.own_said().into_iter();
        all.extend(own.filter(|said| matches!(said.standing, Standing::Appealed { .. })));
        all
    }

    /// A portfolio that something of unknown kind stops does not, where the account can send since.
    fn end_of_portfolio(&self, list: &mut [Restriction]) {
        let said = self.own_said();
        let healthy = said.iter().filter(|said| said.standing == Standing::Healthy);
        let healthy: Vec<_> = healthy.map(|said| said.at).collect();
        for entry in list.iter_mut().filter(|entry| entry.origin == Origin::Failure) {
            let since = entry.since;
            let ends = healthy.iter().filter(|at| since.is_none_or(|since| since < **at)).min();
            if let (Some(at), Until::Unknown) = (ends, entry.until) {
                entry.until = Until::At(*at);
            }
        }
    }

    /// What a row says of restrictions and bans.
    fn said_of(&self, row: &Row, number: Option<&String>) -> Vec<Said> {
        let points = row.of(Register::Standing).iter();
        let ends_of_other = |point: &Point| {
            self.replaced.is_some_and(|replaced| replaced.is_of_other(row, point))
                && !Standing::of(&point.word).stops()
        };
        points
            .filter(|point| self.up_to.is_none_or(|up_to| point.at <= up_to))
            .filter(|point| !self.is_contradicted(point) && !ends_of_other(point))
            .map(|point| said_by(point, number))
            .collect()
    }

    fn is_contradicted(&self, point: &Point) -> bool {
        self.contradicted.iter().any(|found| std::ptr::eq(found.point, point))
    }
}

/// Whether it may end what a list restricts.
const fn is_end(standing: &Standing) -> bool {
    matches!(standing, Standing::Healthy | Standing::Reinstated | Standing::Appealed { .. })
}

fn said_by(point: &Point, number: Option<&String>) -> Said {
    Said { at: point.at, number: number.cloned(), standing: Standing::of(&point.word) }
}
