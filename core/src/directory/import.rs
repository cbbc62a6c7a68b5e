//! What does a table of providers say?
//!
//! Lists of providers come as tables. A CSV file with a heading becomes a [`Snapshot`]; what a
//! table cannot say (where it is from, when it was retrieved, whether it is complete) the caller
//! says. All rows or none: every bad row is reported, with its line.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::error::DirectoryError;
use super::names::{folded, is_legal_form, registrable, without_legal_form};
use super::read::instant;
use super::snapshot::{Entry, Listed, Snapshot};
use crate::csv::Records;
use crate::limits::DIRECTORY_BYTES_MAX;
use crate::time::{Period, Timestamp};

/// What the caller says of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "callers build it: a new field is theirs to fill in")]
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

/// Why a table was refused. Nothing of it was imported. Each problem has the code of its own error.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImportError {
    /// Every problem, in the order of lines.
    pub problems: Vec<Problem>,
}

/// What is wrong with a line of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The line, counted from 1; 0 for the table as a whole.
    pub line: u64,
    /// What is wrong.
    pub error: DirectoryError,
}

/// How a table is written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "callers build it: a new field is theirs to fill in")]
pub struct Layout {
    /// What stands between cells, an ASCII character.
    pub separator: u8,
    /// Columns that are not called by what they hold: the heading, and one of [`Layout::MEMBERS`].
    pub names: Vec<(String, String)>,
    /// Headings of columns that are left out of account.
    pub ignore: Vec<String>,
}

impl Default for Layout {
    fn default() -> Self {
        Self { separator: b',', names: Vec::new(), ignore: Vec::new() }
    }
}

impl Layout {
    /// What a column can hold.
    pub const MEMBERS: &'static [&'static str] = COLUMNS;
}

const COLUMNS: &[&str] = &[
    "id",
    "name",
    "aliases",
    "domains",
    "role",
    "listed_from",
    "listed_until",
    "evidence",
    "evidence_at",
];
/// Problems reported before the rest is left out: a table with the wrong columns is wrong in every
/// line.
const PROBLEMS_MAX: usize = 100;

/// As [`from_table`], of a table with commas whose columns are called by what they hold.
///
/// # Errors
/// As [`from_table`].
pub fn from_csv(bytes: &[u8], about: About) -> Result<Snapshot, ImportError> {
    from_table(bytes, about, &Layout::default())
}

/// Reads a table with a heading of the column `name` and, optional and in any order, `id`,
/// `aliases`, `domains`, `role`, `listed_from`, `listed_until`, `evidence`, `evidence_at`; under
/// other headings where `layout` says so.
///
/// Without a column of ids they are made: of the first domain, or where there is none of the name.
/// They stay the same from one table to the next as long as these do.
///
/// Aliases are separated by `;` (a comma is part of a name), domains by `;`, commas or blanks. Ids
/// are text, numeric ones too. A row without `listed_from` is in the list as it was retrieved, so
/// it is listed from [`About::retrieved_at`]. Rows of one id are further periods of one provider,
/// and add their names and domains to it; two firms that share neither and are listed at one time
/// have no id in common.
///
/// # Errors
/// Every bad row, with its line; nothing is imported then.
pub fn from_table(bytes: &[u8], about: About, layout: &Layout) -> Result<Snapshot, ImportError> {
    let whole = |error| ImportError { problems: vec![Problem { line: 0, error }] };
    if bytes.len() > DIRECTORY_BYTES_MAX {
        return Err(whole(DirectoryError::too_large(bytes.len())));
    }
    let mut records = Records::new(bytes, layout.separator);
    let at_line = |line, error| ImportError { problems: vec![Problem { line, error }] };
    match records.advance() {
        Ok(true) => {}
        Ok(false) => return Err(at_line(1, DirectoryError::no_heading())),
        Err(error) => return Err(at_line(error.line(), DirectoryError::not_csv(&error))),
    }
    let heading = trimmed(&records).map_err(|error| at_line(records.line(), error))?;
    let line = records.line();
    let columns = columns(&heading, layout).map_err(|errors| ImportError {
        problems: errors.into_iter().map(|error| Problem { line, error }).collect(),
    })?;
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
    if rows.is_empty() {
        return Err(at_line(line, DirectoryError::empty("table")));
    }
    let About { source, retrieved_at, complete, covers } = about;
    let has_ids = columns.first().is_some_and(Option::is_some);
    let providers = grouped(rows, has_ids)?;
    let snapshot = Snapshot { source, retrieved_at, complete, covers, providers };
    snapshot.check().map_err(whole)?;
    Ok(snapshot)
}

/// The cells of a record without the blanks around them.
fn trimmed(records: &Records<&[u8]>) -> Result<Vec<String>, DirectoryError> {
    let cells = records.cells().map_err(|error| DirectoryError::not_csv(&error))?;
    Ok(cells.map(|cell| cell.trim().to_owned()).collect())
}

/// Which field each column of [`COLUMNS`] is in; or all that is wrong with that.
fn columns(heading: &[String], layout: &Layout) -> Result<Vec<Option<usize>>, Vec<DirectoryError>> {
    let mut errors = Vec::new();
    let mut seen: BTreeSet<&String> = BTreeSet::new();
    for (place, (column, _)) in layout.names.iter().enumerate() {
        let is_again = layout.names.iter().take(place).any(|(known, _)| known == column);
        if layout.ignore.contains(column) {
            errors.push(DirectoryError::named_and_ignored(column));
        } else if is_again {
            errors.push(DirectoryError::named_twice(column));
        }
    }
    let strangers = layout.names.iter().map(|(column, _)| column).chain(&layout.ignore);
    for column in strangers.filter(|column| !heading.contains(column)) {
        if seen.insert(column) {
            errors.push(DirectoryError::no_column(column, heading));
        }
    }
    let mut fields = vec![None; COLUMNS.len()];
    let mut is_misspelt = false;
    for (at, name) in heading.iter().enumerate() {
        if layout.ignore.contains(name) {
            continue;
        }
        let given = layout.names.iter().find(|(column, _)| column == name);
        let member = given.map_or(name, |(_, member)| member);
        let field = COLUMNS
            .iter()
            .position(|known| *known == member)
            .and_then(|known| fields.get_mut(known));
        match field {
            None => {
                is_misspelt = true;
                errors.push(DirectoryError::unknown_member(member, COLUMNS));
            }
            Some(Some(_)) => errors.push(DirectoryError::repeated_member(member)),
            Some(field) => *field = Some(at),
        }
    }
    // A column that is misspelt is not missing as well.
    if !is_misspelt && let (Some(name), Some(None)) = (COLUMNS.get(NAME), fields.get(NAME)) {
        errors.push(DirectoryError::missing_member(name));
    }
    if errors.is_empty() { Ok(fields) } else { Err(errors) }
}

/// Where `name` stands in [`COLUMNS`].
const NAME: usize = 1;

/// The id of a row in a table that has none: the first domain, as it is registered; else the name,
/// its letters and digits in lower case, joined by hyphens.
fn made_id(name: &str, domains: &[String]) -> String {
    if let Some(domain) = domains.iter().find_map(|domain| registrable(domain)) {
        return domain;
    }
    let mut id = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() {
            id.push(letter);
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
    }
    id.truncate(id.trim_end_matches('-').len());
    id
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
    if let Some(aliases) = text("aliases").filter(|aliases| is_several(aliases)) {
        return Err(DirectoryError::several_names(aliases).under("aliases"));
    }
    let period = Period {
        from: date("listed_from")?.unwrap_or(about.retrieved_at),
        until: date("listed_until")?,
    };
    let cell = text("name").unwrap_or_default();
    let name = cell.strip_suffix(';').map_or(cell, str::trim_end);
    if name.contains(';') || is_several(cell) {
        return Err(DirectoryError::one_name(name).under("name"));
    }
    let domains: Vec<String> = list("domains");
    let has_ids = columns.first().is_some_and(Option::is_some);
    let entry = Entry {
        id: if has_ids {
            text("id").unwrap_or_default().to_owned()
        } else {
            made_id(name, &domains)
        },
        name: name.to_owned(),
        aliases: list("aliases"),
        domains,
        role: text("role").map(str::to_owned),
        listed: vec![Listed { period, source: None }],
        evidence: text("evidence").map(str::to_owned),
        evidence_at: date("evidence_at")?,
    };
    entry.check()?;
    Ok(entry)
}

/// Whether names are separated by commas where `;` was asked for: what follows a comma within a
/// name is a legal form.
fn is_several(aliases: &str) -> bool {
    !aliases.contains(';')
        && aliases.match_indices(',').any(|(at, _)| {
            let rest = aliases.get(at + 1..).unwrap_or_default();
            let next = rest.split(',').next().unwrap_or_default();
            folded(next).is_some_and(|next| !is_legal_form(&next))
        })
}

/// What is gathered of one id: its entry, the line and the role of the row that gave one, and what
/// was added, so that nothing is added twice.
struct Gathered {
    entry: Entry,
    line: u64,
    role_line: u64,
    names: BTreeSet<String>,
    domains: BTreeSet<String>,
}

/// Rows of one id as one entry, where the first of them stands.
///
/// Two names that make one id are two firms, as far as anybody can tell.
fn grouped(rows: Vec<(u64, Entry)>, has_ids: bool) -> Result<Vec<Entry>, ImportError> {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut all: Vec<Gathered> = Vec::with_capacity(rows.len());
    let mut problems = Vec::new();
    for (line, row) in rows {
        let place = *places.entry(row.id.clone()).or_insert(all.len());
        let Some(known) = all.get_mut(place) else {
            let names = row.aliases.iter().chain([&row.name]).cloned().collect();
            let domains = row.domains.iter().cloned().collect();
            all.push(Gathered { entry: row, line, role_line: line, names, domains });
            continue;
        };
        if !has_ids && folded(&known.entry.name) != folded(&row.name) {
            let error = DirectoryError::same_made_id(&row.id, &row.name, known.line);
            problems.push(Problem { line, error });
            if problems.len() == PROBLEMS_MAX {
                break;
            }
            continue;
        }
        if !may_be_one_firm(&known.entry, &row) {
            let firms = (&*row.name, &*known.entry.name);
            let error = DirectoryError::id_of_another(&row.id, firms, known.line);
            problems.push(Problem { line, error });
            if problems.len() == PROBLEMS_MAX {
                break;
            }
            continue;
        }
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
        // The role is shown from the first evidence on.
        known.entry.evidence_at = match (known.entry.evidence_at, row.evidence_at) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        for listed in row.listed {
            if !known.entry.listed.contains(&listed) {
                known.entry.listed.push(listed);
            }
        }
    }
    if problems.is_empty() {
        Ok(all.into_iter().map(|known| known.entry).collect())
    } else {
        Err(ImportError { problems })
    }
}

/// Whether rows of one id can be one firm's: they share a name or a domain, or the firm was called
/// otherwise at another time.
fn may_be_one_firm(known: &Entry, row: &Entry) -> bool {
    let names = |entry: &Entry| -> BTreeSet<String> {
        let names = std::iter::once(&entry.name).chain(&entry.aliases);
        names
            .filter_map(|name| folded(name))
            .map(|name| without_legal_form(&name).unwrap_or(name))
            .collect()
    };
    let domains = |entry: &Entry| -> BTreeSet<String> {
        entry.domains.iter().filter_map(|domain| registrable(domain)).collect()
    };
    let overlap = |one: &Period<Timestamp>, other: &Period<Timestamp>| {
        one.until.is_none_or(|until| other.from < until)
            && other.until.is_none_or(|until| one.from < until)
    };
    let at_once = known
        .listed
        .iter()
        .any(|listed| row.listed.iter().any(|other| overlap(&listed.period, &other.period)));
    !at_once || !names(known).is_disjoint(&names(row)) || !domains(known).is_disjoint(&domains(row))
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
    fn one_id_is_one_firms_and_one_column_is_named_once() {
        let given = |table: &str, layout: &Layout| {
            let error = from_table(table.as_bytes(), about(), layout).unwrap_err();
            error.problems.iter().map(|one| one.error.to_string()).collect::<Vec<_>>()
        };
        let two = "id,name,domains\na,Acme,acme.example\nb,Bee,\na,Quill,quill.example\nb,Wasp,\n";
        let errors = given(two, &Layout::default());
        assert_eq!(errors.len(), 2, "{errors:?}");
        assert!(errors[0].contains("`a`") && errors[0].contains("`Quill`"), "{errors:?}");
        // Another spelling, another name of one domain, and another name at another time.
        for table in [
            "id,name,domains\na,Acme,acme.example\na,Acme Inc.,acme.test\n",
            "id,name,domains\na,Acme,acme.example\na,Quill,www.acme.example\n",
            "id,name,listed_from,listed_until\na,Acme,2020-01-01,2021-01-01\na,Quill,2021-01-01,\n",
        ] {
            assert!(from_csv(table.as_bytes(), about()).is_ok(), "{table}");
        }
        let named = |names: &[(&str, &str)], ignore: &[&str]| Layout {
            names: names.iter().map(|(column, of)| ((*column).into(), (*of).into())).collect(),
            ignore: ignore.iter().map(|column| (*column).into()).collect(),
            ..Layout::default()
        };
        let table = "Firm,Web\nAcme,acme.example\n";
        for (layout, count) in [
            (named(&[("Firm", "name"), ("Firm", "domains")], &["Web"]), 1),
            (named(&[("Firm", "name"), ("Firm", "name")], &["Web"]), 1),
            // Left out of account, the name is missing too.
            (named(&[("Firm", "name"), ("Web", "domains")], &["Firm"]), 2),
            (named(&[("Firm", "name"), ("Wep", "domains")], &["Webb"]), 3),
        ] {
            assert_eq!(given(table, &layout).len(), count, "{:?}", given(table, &layout));
        }
    }

    #[test]
    fn every_bad_row_is_reported_and_nothing_imported() {
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
            error.to_string().contains("line 4: listed_from: `2026-02-30` is not a date"),
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
    fn names_are_not_separated_by_commas() {
        let aliases =
            |cell: &str| from_csv(format!("id,name,aliases\n1,Acme,{cell}\n").as_bytes(), about());
        let error = aliases("\"Acme Inc, Acme SL\"").unwrap_err();
        assert_eq!(error.problems[0].error.code(), "directory/bad-name", "{error}");
        for (cell, count) in [("\"Acme, Inc.\"", 1), ("\"Bee, Cee & Sons;\"", 1), ("Bee;Cee", 2)] {
            assert_eq!(aliases(cell).unwrap().providers[0].aliases.len(), count, "{cell}");
        }
    }

    #[test]
    fn rows_of_one_id_agree_on_the_role() {
        let table = "id,name,role\n1,One,\n1,One,reseller\n1,One,reseller\n1,One,tech_partner\n";
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
            table.push_str(&format!(
                "1,Name {},d0.example;d{}.example\n",
                row % 1500,
                row % 999 + 1
            ));
        });
        let snapshot = from_csv(table.as_bytes(), about()).unwrap();
        let [one] = snapshot.providers.as_slice() else { panic!("one provider") };
        assert_eq!((one.aliases.len(), one.domains.len(), one.listed.len()), (1499, 1000, 1));
    }

    #[test]
    fn a_heading_that_is_not_ours_is_refused() {
        for (heading, message) in [
            ("id,nme", "line 1: there is no member `nme`; did you mean `name`"),
            ("id,name,id", "line 1: `id` is given twice"),
            ("id", "line 1: `name` is missing"),
        ] {
            assert_eq!(from_csv(heading.as_bytes(), about()).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn a_list_of_somebody_elses_is_read_by_the_names_of_its_columns() {
        let table = "Company;Website;Country;Seen\nAcme Chat;www.acme.example;ES;2025-01-31\nBee, \
                     Inc.;;US;\nBee, Inc.;;MX;\n";
        let layout = Layout {
            separator: b';',
            names: [("Company", "name"), ("Website", "domains"), ("Seen", "evidence_at")]
                .map(|(column, member)| (column.to_owned(), member.to_owned()))
                .to_vec(),
            ignore: vec!["Country".to_owned()],
        };
        let snapshot = from_table(table.as_bytes(), about(), &layout).unwrap();
        let given: Vec<_> = snapshot
            .providers
            .iter()
            .map(|entry| (entry.id.as_str(), entry.name.as_str(), entry.evidence_at))
            .collect();
        assert_eq!(
            given,
            [
                ("acme.example", "Acme Chat", Some(instant("2025-01-31").unwrap())),
                ("bee-inc", "Bee, Inc.", None)
            ]
        );
        let none = Layout { names: vec![("Firm".into(), "name".into())], ..layout };
        let given = from_table(table.as_bytes(), about(), &none).unwrap_err().to_string();
        let first = "line 1: there is no column `Firm`; the heading has `Company`, `Website`, \
                     `Country`, `Seen`\nline 1: there is no member `Company`; expected one of `id`, ";
        assert!(given.starts_with(first), "{given}");
        assert_eq!(given.lines().count(), 4, "{given}");
    }

    #[test]
    fn a_table_without_rows_is_refused() {
        for table in ["name,domains\n", "name", "id,name\n\n"] {
            let error = from_csv(table.as_bytes(), about()).unwrap_err();
            assert_eq!(error.to_string(), "line 1: the table is empty");
        }
    }

    #[test]
    fn a_cell_of_several_names_is_refused() {
        for name in ["Acme; Beta", "Acme, Beta"] {
            let table = format!("name,domains\n\"{name}\",acme.example\n");
            let error = from_csv(table.as_bytes(), about()).unwrap_err();
            assert!(error.to_string().contains("reads as several names"), "{error}");
        }
        for name in ["Acme, Inc.", "Yes, Chat;"] {
            let table = format!("name,domains\n\"{name}\",acme.example\n");
            let snapshot = from_csv(table.as_bytes(), about()).unwrap();
            assert_eq!(snapshot.providers[0].name, name.trim_end_matches(';'));
        }
        let error = from_csv(b"name,domains\nAcme,acme.example\nBeta,acme.example\n", about());
        assert!(error.unwrap_err().to_string().contains("makes the id `acme.example`"));
    }

    #[test]
    fn two_names_that_make_one_id_are_reported() {
        let error = from_csv(b"name\nAcme Chat\nACME  chat\nAcme-Chat\n", about()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 4: the name `Acme-Chat` makes the id `acme-chat`, as another name on line 2 \
             does; give a column of ids or of domains"
        );
    }
}
