//! Which restrictions follow from all rows that speak of an account?

use super::numbers::Number;
use super::row::{Point, Register, Row};
use crate::fold::{self, Origin, Restriction, Restrictions, Said, Standing};

/// Those of the account's own rows and its numbers, of the rows beside it, and of the lists that
/// name a number: each apart, since none of them ends what another says.
pub(super) fn all(
    before: Vec<Restriction>,
    own: &[&Row],
    beside: &[&Row],
    numbers: &[Number<'_>],
    former: &[Number<'_>],
) -> Restrictions {
    let mut known = fold::fold(before, of_account(own, numbers));
    for row in beside {
        known.list.extend(fold::fold(Vec::new(), of_other(own, row)).list);
    }
    for number in numbers.iter().chain(former) {
        known.list.extend(of_number(own, number));
    }
    known
}

/// What was said of the account and of its numbers.
fn of_account(own: &[&Row], numbers: &[Number<'_>]) -> Vec<Said> {
    let mut all: Vec<Said> = own.iter().flat_map(|row| said_of(row, None)).collect();
    for number in numbers {
        let name = number.names.first();
        let said = number.rows.iter().flat_map(|row| said_of(row, name));
        // Lists of a number stand apart.
        let is_list = |said: &Said| matches!(said.standing, Standing::Restrictions { .. });
        all.extend(said.filter(|said| !is_list(said)));
    }
    all
}

/// The restrictions of lists that name a number: another number's list ends none of them, and the
/// account's empty one leaves them in doubt.
fn of_number(own: &[&Row], number: &Number<'_>) -> Vec<Restriction> {
    let lists = number.rows.iter().flat_map(|row| said_of(row, None));
    let mut said: Vec<Said> = lists.collect();
    if !said.iter().any(|said| matches!(said.standing, Standing::Restrictions { .. })) {
        return Vec::new();
    }
    let ends = |said: &Said| match &said.standing {
        Standing::Restrictions { list } => list.is_empty(),
        standing => is_end(standing),
    };
    said.retain(|said| {
        is_end(&said.standing) || matches!(said.standing, Standing::Restrictions { .. })
    });
    let of_account = own.iter().flat_map(|row| said_of(row, None)).filter(ends);
    // An empty list that names no number may be of the others: what this number's list names goes
    // on in doubt, as after a reinstatement.
    said.extend(of_account.map(|said| match said.standing {
        Standing::Restrictions { .. } => Said { standing: Standing::Reinstated, ..said },
        _ => said,
    }));
    let name = number.names.first().cloned().unwrap_or_default();
    let mut list = fold::fold(Vec::new(), said).list;
    for entry in &mut list {
        entry.origin = Origin::ListOfNumber(name.clone());
    }
    list
}

/// What was said under another id: it ends nothing of the account, and nothing of the account
/// ends it but an appeal.
fn of_other(own: &[&Row], row: &Row) -> Vec<Said> {
    let mut all = said_of(row, None);
    let own = own.iter().flat_map(|row| said_of(row, None));
    all.extend(own.filter(|said| matches!(said.standing, Standing::Appealed { .. })));
    all
}

/// Whether it may end what a list restricts.
const fn is_end(standing: &Standing) -> bool {
    matches!(standing, Standing::Healthy | Standing::Reinstated | Standing::Appealed { .. })
}

/// What a row says of restrictions and bans.
fn said_of(row: &Row, number: Option<&String>) -> Vec<Said> {
    let said = |point: &Point| Said {
        at: point.at,
        number: number.cloned(),
        standing: Standing::of(&point.word),
    };
    row.of(Register::Standing).iter().map(said).collect()
}
