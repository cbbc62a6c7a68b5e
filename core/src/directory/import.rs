//! What does a table of providers say?
//!
//! Lists of providers come as tables. A CSV file with a heading becomes a [`Snapshot`]; what a
//! table cannot say (where it is from, when it was retrieved, whether it is complete) the caller
//! says. All rows or none: every bad row is told, with its line.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::error::DirectoryError;
use super::read::instant;
use super::snapshot::{Entry, Listed, Snapshot};
use crate::csv::Records;
use crate::limits::DIRECTORY_BYTES_MAX;
use crate::time::{Period, Timestamp};

/// What the caller says of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Where it came from, in words.
    pub source: String,
    /// When it was retrieved. A row without a date of listing was listed then.
    pub retrieved_at: Timestamp,
    /// Whether it names every provider that was listed in `covers`.
    pub complete: bool,
    /// The period that it speaks of; for a list seen once, from `retrieved_at` without an end.
    pub covers: Period<Timestamp>,
}

/// Why a table was refused. Nothing of it was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    /// Every problem, in the order of lines.
    pub problems: Vec<Problem>,
}

/// What is wrong with a line of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1; 0 for the table as a whole.
    pub line: u64,
    /// What is wrong.
    pub error: DirectoryError,
}

const COLUMNS: &[&str] =
    &["id", "name", "aliases", "domains", "role", "listed_from", "listed_until", "evidence"];
/// Problems told before the rest is left out: a table with the wrong columns is wrong in every
/// line.
const PROBLEMS_MAX: usize = 100;

/// Reads a table with a heading of the columns `id`, `name` and, optional and in any order,
/// `aliases`, `domains`, `role`, `listed_from`, `listed_until`, `evidence`.
///
/// Aliases are separated by `;`, domains by `;`, commas or blanks. Ids are text, numeric ones too.
/// A row without `listed_from` is in the list as it was retrieved, so it is listed from
/// [`About::retrieved_at`]. Rows of one id are further periods of one provider, and add their names
/// and domains to it.
///
/// # Errors
/// Every bad row, with its line; nothing is imported then.
pub fn from_csv(bytes: &[u8], about: About) -> Result<Snapshot, ImportError> {
    let whole = |error| ImportError { problems: vec![Problem { line: 0, error }] };
    if bytes.len() > DIRECTORY_BYTES_MAX {
        return Err(whole(DirectoryError::too_large(bytes.len())));
    }
    let mut records = Records::new(bytes, b',');
    let at_line = |line, error| ImportError { problems: vec![Problem { line, error }] };
    match records.advance() {
        Ok(true) => {}
        Ok(false) => return Err(at_line(1, DirectoryError::no_heading())),
        Err(error) => return Err(at_line(error.line(), DirectoryError::not_csv(&error))),
    }
    let heading = trimmed(&records).map_err(|error| at_line(records.line(), error))?;
    let columns = columns(&heading).map_err(|error| at_line(records.line(), error))?;
    let mut rows: Vec<(u64, Entry)> = Vec::new();
    let mut problems = Vec::new();
    loop {
        let (line, read) = match records.advance() {
            Ok(false) => break,
            Ok(true) => (
                records.line(),
                trimmed(&records).and_then(|record| row(&record, heading.len(), &columns, &about)),
            ),
            Err(error) => {
                problems
                    .push(Problem { line: error.line(), error: DirectoryError::not_csv(&error) });
                if error.is_final() || problems.len() == PROBLEMS_MAX {
                    break;
                }
                continue;
            }
        };
        match read {
            Ok(entry) => rows.push((line, entry)),
            Err(error) => problems.push(Problem { line, error }),
        }
        if problems.len() == PROBLEMS_MAX {
            break;
        }
    }
    if !problems.is_empty() {
        return Err(ImportError { problems });
    }
    let About { source, retrieved_at, complete, covers } = about;
    let snapshot = Snapshot { source, retrieved_at, complete, covers, providers: grouped(rows)? };
    snapshot.check().map_err(whole)?;
    Ok(snapshot)
}

/// The cells of a record without the blanks around them.
fn trimmed(records: &Records<&[u8]>) -> Result<Vec<String>, DirectoryError> {
    let cells = records.cells().map_err(|error| DirectoryError::not_csv(&error))?;
    Ok(cells.map(|cell| cell.trim().to_owned()).collect())
}

/// Which field each column of [`COLUMNS`] is in.
fn columns(heading: &[String]) -> Result<Vec<Option<usize>>, DirectoryError> {
    let mut fields = vec![None; COLUMNS.len()];
    for (at, name) in heading.iter().enumerate() {
        let field =
            COLUMNS.iter().position(|known| *known == name).and_then(|known| fields.get_mut(known));
        match field {
            None => return Err(DirectoryError::unknown_member(name, COLUMNS)),
            Some(Some(_)) => return Err(DirectoryError::repeated_member(name)),
            Some(field) => *field = Some(at),
        }
    }
    for (name, field) in COLUMNS.iter().zip(&fields).take(2) {
        if field.is_none() {
            return Err(DirectoryError::missing_member(name));
        }
    }
    Ok(fields)
}

/// One row as an entry with one period; checked as an entry of a directory is.
fn row(
    record: &[String],
    cells: usize,
    columns: &[Option<usize>],
    about: &About,
) -> Result<Entry, DirectoryError> {
    if record.len() != cells {
        return Err(DirectoryError::cell_count(record.len(), cells));
    }
    let text = |column: &str| {
        let at = COLUMNS
            .iter()
            .position(|known| *known == column)
            .and_then(|known| columns.get(known).copied().flatten());
        at.and_then(|at| record.get(at)).map(String::as_str).filter(|text| !text.is_empty())
    };
    let date = |column: &str| {
        text(column).map(|text| instant(text).map_err(|error| error.under(column))).transpose()
    };
    let list = |column| {
        // A name may have a comma in it, a domain never.
        let separates = |letter| {
            letter == ';'
                || column == "domains"
                    && (letter == ',' || letter == '|' || char::is_whitespace(letter))
        };
        let items = text(column).into_iter().flat_map(|text| text.split(separates)).map(str::trim);
        items.filter(|item| !item.is_empty()).map(str::to_owned).collect()
    };
    let period = Period {
        from: date("listed_from")?.unwrap_or(about.retrieved_at),
        until: date("listed_until")?,
    };
    let entry = Entry {
        id: text("id").unwrap_or_default().to_owned(),
        name: text("name").unwrap_or_default().to_owned(),
        aliases: list("aliases"),
        domains: list("domains"),
        role: text("role").map(str::to_owned),
        listed: vec![Listed { period, source: None }],
        evidence: text("evidence").map(str::to_owned),
    };
    entry.check()?;
    Ok(entry)
}

/// What is gathered of one id: its entry, the line and the role of the row that told one, and what
/// was added, so that nothing is added twice.
struct Gathered {
    entry: Entry,
    role_line: u64,
    names: BTreeSet<String>,
    domains: BTreeSet<String>,
}

/// Rows of one id as one entry, where the first of them stands.
fn grouped(rows: Vec<(u64, Entry)>) -> Result<Vec<Entry>, ImportError> {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut all: Vec<Gathered> = Vec::with_capacity(rows.len());
    let mut problems = Vec::new();
    for (line, row) in rows {
        let place = *places.entry(row.id.clone()).or_insert(all.len());
        let Some(known) = all.get_mut(place) else {
            let names = row.aliases.iter().chain([&row.name]).cloned().collect();
            let domains = row.domains.iter().cloned().collect();
            all.push(Gathered { entry: row, role_line: line, names, domains });
            continue;
        };
        match (&known.entry.role, &row.role) {
            (Some(expected), Some(found)) if expected != found => {
                problems.push(Problem {
                    line,
                    error: DirectoryError::other_role(&row.id, found, expected, known.role_line),
                });
                if problems.len() == PROBLEMS_MAX {
                    break;
                }
            }
            (None, Some(_)) => (known.entry.role, known.role_line) = (row.role, line),
            _ => {}
        }
        for name in std::iter::once(row.name).chain(row.aliases) {
            if known.names.insert(name.clone()) {
                known.entry.aliases.push(name);
            }
        }
        for domain in row.domains {
            if known.domains.insert(domain.clone()) {
                known.entry.domains.push(domain);
            }
        }
        known.entry.evidence = row.evidence.or_else(|| known.entry.evidence.take());
        known.entry.listed.extend(row.listed);
    }
    if problems.is_empty() {
        Ok(all.into_iter().map(|known| known.entry).collect())
    } else {
        Err(ImportError { problems })
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.problems.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            if problem.line > 0 {
                write!(f, "line {}: ", problem.line)?;
            }
            write!(f, "{}", problem.error)?;
        }
        Ok(())
    }
}

impl std::error::Error for ImportError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn about() -> About {
        let retrieved_at = instant("2026-03-01").unwrap();
        About {
            source: "export".to_owned(),
            retrieved_at,
            complete: true,
            covers: Period { from: retrieved_at, until: None },
        }
    }

    #[test]
    fn a_table_becomes_a_snapshot() {
        let table = "\u{feff}name,id,domains,role,listed_from,listed_until\nAcme \
                     Chat,0012345678901234,acme.example; acme.test,tech_partner,,\n\"Bee, \
                     Inc\",77,,,2020-01-01,2021-01-01\nBee,77,bee.example,,2022-01-01,\n";
        let snapshot = from_csv(table.as_bytes(), about()).unwrap();
        let [acme, bee] = snapshot.providers.as_slice() else { panic!("two providers") };
        assert_eq!(
            (acme.id.as_str(), acme.domains.len(), acme.listed[0].period.from),
            ("0012345678901234", 2, snapshot.retrieved_at)
        );
        assert_eq!(
            (bee.name.as_str(), bee.aliases.as_slice(), bee.listed.len()),
            ("Bee, Inc", &["Bee".to_owned()][..], 2)
        );
    }

    #[test]
    fn every_bad_row_is_told_and_nothing_imported() {
        let table = "id,name,domains,listed_from,listed_until,role\n1,Good,,,,\n2,,,,,\n3,Bad \
                     date,,2026-02-30,,\n4,Short\n5,Bad period,,2026-01-02,2026-01-01,\n6,Bad \
                     domain,co.uk,,,\n7,Bad role,,,,tech_partnr\n";
        let error = from_csv(table.as_bytes(), about()).unwrap_err();
        let codes: Vec<_> =
            error.problems.iter().map(|problem| (problem.line, problem.error.code())).collect();
        assert_eq!(
            codes,
            [
                (3, "directory/empty"),
                (4, "directory/bad-date"),
                (5, "directory/not-csv"),
                (6, "directory/bad-period"),
                (7, "directory/bad-domain"),
                (8, "directory/bad-role")
            ]
        );
        assert!(
            error.to_string().contains("line 4: listed_from: `2026-02-30` is no date"),
            "{error}"
        );
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_swallows_no_rows() {
        let table = "id,name,evidence\n1,One,seen\n2,Two,\"seen\n3,Three,seen\n4,Four,seen\n";
        let error = from_csv(table.as_bytes(), about()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 3: a quotation mark that opens in this row is never closed"
        );
        let glued = from_csv(b"id,name\n1,\"a\"b\n2,\n", about()).unwrap_err();
        let lines: Vec<_> =
            glued.problems.iter().map(|problem| (problem.line, problem.error.code())).collect();
        assert_eq!(lines, [(2, "directory/not-csv"), (3, "directory/empty")]);
    }

    #[test]
    fn rows_of_one_id_agree_on_the_role() {
        let table = "id,name,role\n1,One,\n1,One,reseller\n1,Uno,reseller\n1,One,tech_partner\n";
        let error = from_csv(table.as_bytes(), about()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 5: found role `tech_partner`, but line 3 has `reseller` for the same id `1`"
        );
    }

    #[test]
    fn many_rows_of_one_id_are_gathered() {
        let mut table = "id,name,domains\n".to_owned();
        (0..2000).for_each(|row| {
            table.push_str(&format!("1,Name {},d{}.example\n", row % 1500, row % 1000))
        });
        let snapshot = from_csv(table.as_bytes(), about()).unwrap();
        let [one] = snapshot.providers.as_slice() else { panic!("one provider") };
        assert_eq!((one.aliases.len(), one.domains.len(), one.listed.len()), (1499, 1000, 2000));
    }

    #[test]
    fn a_heading_that_is_not_ours_is_refused() {
        for (heading, message) in [
            ("id,nme", "line 1: there is no member `nme`; did you mean `name`"),
            ("id,name,id", "line 1: `id` is given twice"),
            ("name", "line 1: `id` is missing"),
        ] {
            assert_eq!(from_csv(heading.as_bytes(), about()).unwrap_err().to_string(), message);
        }
    }
}
