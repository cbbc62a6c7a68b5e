//! Which files make the pack, and in what order are they read?

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use once_cell::sync::OnceCell;
use toml::Spanned;
use toml::de::DeTable;

use super::content::{Pack, PackFile, PackTests, Waiver};
use super::context::Context;
use super::error::{Kind, MANIFEST, PackError, PackErrors, did_you_mean};
use super::table::{File, Problems, Spot};
use super::{cases, conditions, ladder, manifest, rules, sets, tables, waiver};
use crate::digest::Digest;
use crate::limits;
use crate::schema::Schema;

/// What a file of a pack is, by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    Manifest,
    Sets,
    Tables,
    Conditions,
    Waivers,
    Ladder,
    Rules,
    Tests,
    Directory,
    /// For people; not read.
    Note,
}

const SETS: &str = "sets.toml";
const TABLES: &str = "tables.toml";
const CONDITIONS: &str = "conditions.toml";
const WAIVERS: &str = "waivers.toml";
const LADDER: &str = "ladder.toml";
const NOTES: [&str; 3] = ["CHANGELOG.md", "COVERAGE.md", "README.md"];

impl FileKind {
    fn of(path: &str) -> Option<Self> {
        match path {
            MANIFEST => Some(Self::Manifest),
            SETS => Some(Self::Sets),
            TABLES => Some(Self::Tables),
            CONDITIONS => Some(Self::Conditions),
            WAIVERS => Some(Self::Waivers),
            LADDER => Some(Self::Ladder),
            note if NOTES.contains(&note) => Some(Self::Note),
            _ => {
                let folders = [
                    (Self::Directory, "tests/directories/", ".json"),
                    (Self::Rules, "rules/", ".toml"),
                    (Self::Tests, "tests/", ".toml"),
                ];
                let fits = |(_, folder, ending): &(_, &str, &str)| {
                    let name = path.strip_prefix(folder).and_then(|name| name.strip_suffix(ending));
                    name.is_some_and(|name| !name.is_empty() && !name.contains('/'))
                };
                folders.into_iter().find(fits).map(|(kind, ..)| kind)
            }
        }
    }
}

/// The TOML files of a pack, parsed.
pub(super) struct Parsed<'t> {
    kind: FileKind,
    file: File<'t>,
    /// None where the syntax is malformed.
    pub(super) root: Option<Spanned<DeTable<'t>>>,
}

impl Pack {
    /// Whether a file or folder is none of the pack's, by its path within the pack's folder: its
    /// name or that of a folder around it begins with `.`, is one that editors and file managers
    /// leave behind (`rules.toml~`, `#rules.toml#`, `.bak`, `.orig`, `.rej`, `.swp`, `.swo`,
    /// `.tmp`, `Thumbs.db`, `desktop.ini`), or it is a licence at the top. So a pack can be a
    /// repository of its own, and be edited.
    pub fn passes_over(path: &str) -> bool {
        let is_foreign = |name: &str| {
            let is_hidden = name.starts_with('.') && !matches!(name, "." | "..");
            let is_beside = [".orig", ".bak", ".swp", ".swo", ".tmp", ".rej"]
                .iter()
                .any(|end| name.len() > end.len() && name.ends_with(end));
            let is_autosave = name.len() > 1 && name.starts_with('#') && name.ends_with('#');
            is_hidden
                || is_beside
                || is_autosave
                || name.ends_with('~')
                || matches!(name, "Thumbs.db" | "desktop.ini" | "Desktop.ini")
        };
        path.starts_with("LICENSE") || path.split('/').any(is_foreign)
    }

    /// Reads and checks a pack whole, its tests with it. `base` is the built-in schema, or the
    /// schema of the pack beneath this one.
    ///
    /// The order of `files` does not matter.
    ///
    /// # Errors
    /// Every problem of the pack. A name that a malformed file would define is not reported as
    /// unknown.
    pub fn load(files: &[PackFile], base: &Schema) -> Result<Self, PackErrors> {
        Self::read(files, base, WhenTests::Now)
    }

    /// Reads and checks what an engine needs of a pack, which is all but its tests: they are often
    /// more than all the rest, and are read when [`Self::tests`] asks for them.
    ///
    /// # Errors
    /// Every problem of the pack but those within its files of tests.
    ///
    /// ```
    /// use std::borrow::Cow;
    ///
    /// use cleartosend::{Pack, PackFile, Schema};
    ///
    /// let file = |path: &str, text: &'static str| PackFile {
    ///     path: path.to_owned(),
    ///     bytes: Cow::Borrowed(text.as_bytes()),
    /// };
    /// let manifest = r#"
    /// name = "house"
    /// version = "1.0.0"
    /// requires = "*"
    /// title = "Our own rules"
    /// published = 2026-01-01
    /// "#;
    /// let files = [file("pack.toml", manifest), file("tests/house.toml", "[[test]]")];
    /// let pack = Pack::load_for_engine(&files, &Schema::built_in()).unwrap();
    /// // A test without a name is found where tests are asked for.
    /// assert!(pack.tests().is_err());
    /// assert!(Pack::load(&files, &Schema::built_in()).is_err());
    /// ```
    pub fn load_for_engine(files: &[PackFile], base: &Schema) -> Result<Self, PackErrors> {
        Self::read(files, base, WhenTests::Asked)
    }

    /// The pack's tests. Those of a pack that was loaded for an engine are read when this is first
    /// called.
    ///
    /// # Errors
    /// Every problem of its files of tests.
    pub fn tests(&self) -> Result<&PackTests, PackErrors> {
        self.tests.get_or_try_init(|| {
            let problems = Problems::default();
            let sorted: Vec<&PackFile> = self.files.iter().collect();
            let files =
                sorted.iter().filter(|file| FileKind::of(&file.path) == Some(FileKind::Tests));
            let parsed: Vec<Parsed<'_>> =
                files.clone().filter_map(|file| parse(FileKind::Tests, file, &problems)).collect();
            let mut reader = cases::Reader::new(&self.schema, true, &self.directories);
            reader.expect_rules(self.rules.iter().map(|rule| Arc::clone(&rule.id)).collect());
            reader.expect_sets(self.sets.iter().map(|set| Arc::clone(&set.id)).collect());
            let tests = read_tests(reader, files.count(), &parsed, &problems);
            problems.finish()?;
            Ok(tests)
        })
    }

    fn read(files: &[PackFile], base: &Schema, tests: WhenTests) -> Result<Self, PackErrors> {
        let problems = Problems::default();
        let mut sorted: Vec<&PackFile> = files.iter().collect();
        sorted.sort_by(|a, b| a.path.cmp(&b.path));
        sorted.retain(|file| !Self::passes_over(&file.path));
        check_limits(&sorted, &problems);
        problems.finish()?;
        // Without it, nothing that the other files are can be known.
        if !sorted.iter().any(|file| file.path == MANIFEST) {
            return Err(PackErrors::without_manifest(packs_below(&sorted)));
        }
        let found = sort_out(&sorted, &problems);
        let texts = found
            .iter()
            .filter(|(kind, _)| *kind != FileKind::Note && *kind != FileKind::Directory)
            .filter(|(kind, _)| *kind != FileKind::Tests || tests == WhenTests::Now);
        let parsed: Vec<Parsed<'_>> =
            texts.filter_map(|(kind, file)| parse(*kind, file, &problems)).collect();
        let directories: BTreeMap<Arc<str>, Arc<[u8]>> = found
            .iter()
            .filter(|(kind, _)| *kind == FileKind::Directory)
            .filter_map(|(_, file)| directory(file))
            .collect();
        let roots = |wanted: FileKind| {
            let roots = parsed.iter().filter(move |file| file.kind == wanted);
            roots.filter_map(|file| file.root.as_ref().map(|root| root_of(file, root, &problems)))
        };
        let unreadable = |kind: FileKind| {
            sorted.iter().filter(|file| FileKind::of(&file.path) == Some(kind)).count()
                != roots(kind).count()
        };

        let mut manifest = roots(FileKind::Manifest)
            .next()
            .map(|(spot, root)| manifest::read(&spot, root, base))
            .unwrap_or_default();
        manifest.cite_itself();
        let schema = manifest.schema.clone().unwrap_or_else(|| Arc::new(base.clone()));
        let sets = match roots(FileKind::Sets).next() {
            Some((spot, root)) => sets::read(&spot, root, &manifest.sources),
            None => sets::Read { complete: !unreadable(FileKind::Sets), ..sets::Read::default() },
        };
        let declared: BTreeSet<Arc<str>> =
            manifest.attributes.iter().map(|attribute| Arc::clone(&attribute.path)).collect();
        let context = Context {
            pack: manifest.head.as_ref().map(|head| &*head.name),
            schema: &schema,
            declared: &declared,
            sources: &manifest.sources,
            sets: &sets.declarations,
            members: &sets.members,
            conditions: &[],
            below: &[],
            tables: &[],
            names_known: manifest.schema.is_some() && sets.complete,
        };
        let tables = match roots(FileKind::Tables).next() {
            Some((spot, root)) if context.names_known => tables::read(&spot, root, &context),
            Some(_) => tables::Read::default(),
            None => {
                tables::Read { complete: !unreadable(FileKind::Tables), ..tables::Read::default() }
            }
        };
        let context = Context {
            below: &[],
            tables: &tables.tables,
            names_known: context.names_known && tables.complete,
            ..context
        };
        let conditions = match roots(FileKind::Conditions).next() {
            Some((spot, root)) => conditions::read(&spot, root, &context),
            None => conditions::Read {
                complete: !unreadable(FileKind::Conditions),
                ..conditions::Read::default()
            },
        };
        let context = Context {
            conditions: &conditions.conditions,
            names_known: context.names_known && conditions.complete,
            ..context
        };

        let mut rules = rules::Reader::default();
        if let Some(head) = &manifest.head
            && let Some(known) = &head.known_until
        {
            rules.know_until(head, known, &context);
        }
        for (spot, root) in roots(FileKind::Rules) {
            rules.read(&spot, root, &context);
        }
        let waivers = roots(FileKind::Waivers)
            .next()
            .map(|(spot, root)| waiver::read(&spot, root, &context))
            .unwrap_or_default();
        let ladders = roots(FileKind::Ladder)
            .next()
            .map(|(spot, root)| ladder::read(&spot, root, &context))
            .unwrap_or_default();
        let tests = match tests {
            WhenTests::Asked => OnceCell::new(),
            WhenTests::Now => {
                let names_known = context.names_known;
                let mut reader = cases::Reader::new(&schema, names_known, &directories);
                if !unreadable(FileKind::Rules) {
                    reader.expect_rules(rules.ids());
                }
                if !unreadable(FileKind::Sets) {
                    reader.expect_sets(sets.sets.iter().map(|set| Arc::clone(&set.id)).collect());
                }
                let files =
                    sorted.iter().filter(|file| FileKind::of(&file.path) == Some(FileKind::Tests));
                let read = read_tests(reader, files.count(), &parsed, &problems);
                OnceCell::with_value(read)
            }
        };

        let head = manifest.head;
        let digest = Digest::of_parts(
            found
                .iter()
                .filter(|(kind, _)| *kind != FileKind::Note)
                .map(|(_, file)| (file.path.as_str(), file.bytes.as_ref())),
        );
        problems.finish()?;
        // A manifest without a head has been reported, so this is never the end of it.
        let Some(head) = head else {
            return Err(missing_manifest());
        };
        let pack = Self {
            name: head.name,
            version: head.version,
            requires: head.requires,
            title: head.title,
            published: head.published,
            known_until: head.known_until.map(|known| known.until),
            sources: manifest.sources.read,
            attributes: manifest.attributes,
            rules: rules.into_rules(),
            sets: sets.sets,
            conditions: conditions.conditions,
            tables: tables.tables,
            waivers,
            ladders,
            directories,
            schema,
            digest,
            files: sorted.into_iter().cloned().collect(),
            tests,
        };
        // Rules of other packs are known only where those are.
        let of_own = |waiver: &&Waiver| waiver.pack == pack.name;
        let own: Vec<Waiver> = pack.waivers.iter().filter(of_own).cloned().collect();
        waiver::refused(&own, &[&pack])?;
        Ok(pack)
    }
}

/// When a pack's tests are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum WhenTests {
    /// With the rest of the pack.
    Now,
    /// When they are asked for.
    Asked,
}

/// The tests in those of the parsed files that hold some, of `files` that should: first the bases
/// of all, then the tests.
fn read_tests(
    mut reader: cases::Reader<'_>,
    files: usize,
    parsed: &[Parsed<'_>],
    problems: &Problems,
) -> PackTests {
    let roots = || {
        let of_tests = parsed.iter().filter(|file| file.kind == FileKind::Tests);
        of_tests.filter_map(|file| file.root.as_ref().map(|root| root_of(file, root, problems)))
    };
    if roots().count() != files {
        reader.allow_unknown_bases();
    }
    roots().for_each(|(spot, root)| reader.read_bases(&spot, root));
    roots().for_each(|(spot, root)| reader.read_tests(&spot, root));
    reader.into_tests()
}

fn missing_manifest() -> PackErrors {
    PackErrors::without_manifest([])
}

/// The folders that are packs, where the files are those of a folder above.
fn packs_below<'f>(files: &'f [&PackFile]) -> impl Iterator<Item = &'f str> {
    files
        .iter()
        .filter_map(|file| file.path.strip_suffix(MANIFEST)?.strip_suffix('/'))
        .filter(|folder| !folder.contains('/'))
}

fn check_limits(files: &[&PackFile], problems: &Problems) {
    if files.len() > limits::PACK_FILES_MAX {
        problems.push(PackError::of_file(
            MANIFEST,
            Kind::TooManyFiles { files: files.len() },
            None,
        ));
    }
    let bytes = files.iter().fold(0_usize, |sum, file| sum.saturating_add(file.bytes.len()));
    if bytes > limits::PACK_BYTES_MAX {
        problems.push(PackError::of_file(MANIFEST, Kind::TooManyBytes { bytes }, None));
    }
}

/// The known files, in path order; the unknown and repeated ones are reported.
fn sort_out<'f>(sorted: &[&'f PackFile], problems: &Problems) -> Vec<(FileKind, &'f PackFile)> {
    let mut found: Vec<(FileKind, &PackFile)> = Vec::new();
    for file in sorted {
        let path = file.path.as_str();
        match FileKind::of(path) {
            None => problems.push(PackError::of_file(
                path,
                Kind::UnknownFile { path: path.into() },
                nearest_path(path),
            )),
            Some(_) if found.last().is_some_and(|(_, last)| last.path == file.path) => {
                problems.push(PackError::of_file(
                    path,
                    Kind::RepeatedFile { path: path.into() },
                    None,
                ));
            }
            Some(kind) => found.push((kind, file)),
        }
    }
    found
}

fn nearest_path(path: &str) -> Option<String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    let of_folders = [
        format!("rules/{stem}.toml"),
        format!("tests/{stem}.toml"),
        format!("tests/directories/{stem}.json"),
    ];
    let fixed = [MANIFEST, SETS, TABLES, CONDITIONS, WAIVERS, LADDER].into_iter().chain(NOTES);
    did_you_mean(path, fixed.chain(of_folders.iter().map(String::as_str)))
}

fn directory(file: &PackFile) -> Option<(Arc<str>, Arc<[u8]>)> {
    let name = file.path.strip_prefix("tests/directories/")?.strip_suffix(".json")?;
    Some((Arc::from(name), Arc::from(file.bytes.as_ref())))
}

/// Parses one file and reports what is no UTF-8 or no TOML.
pub(super) fn parse<'t>(
    kind: FileKind,
    file: &'t PackFile,
    problems: &Problems,
) -> Option<Parsed<'t>> {
    let bytes = file.bytes.as_ref();
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let good = std::str::from_utf8(bytes.get(..error.valid_up_to()).unwrap_or_default())
                .unwrap_or_default();
            let at = File::new(Arc::from(file.path.as_str()), good);
            let end = good.len();
            Spot { file: &at, problems, span: end..end + error.error_len().unwrap_or(1) }
                .report(Kind::NotUtf8);
            return None;
        }
    };
    let file = File::new(Arc::from(file.path.as_str()), text);
    if let Some(span) = long_key(text) {
        Spot { file: &file, problems, span }.report(Kind::TooDeep);
        return None;
    }
    let (root, errors) = DeTable::parse_recoverable(text);
    // What follows a list that is never closed is taken for its elements: one error is told, at the
    // list, and what stands before it.
    let unclosed = if errors.is_empty() { None } else { unclosed_list(text) };
    let is_before =
        |span: &Range<usize>| unclosed.as_ref().is_none_or(|unclosed| span.start < unclosed.start);
    let mut in_repeated = false;
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        if !is_before(&span) {
            continue;
        }
        let spot = Spot { file: &file, problems, span: span.clone() };
        let written = text.get(span.clone()).unwrap_or_default();
        if error.message() == "duplicate key" {
            let header = header_around(text, &span);
            // The keys of a table that is there twice are not told besides.
            if header.is_some() || !in_repeated {
                let is_list = header.is_some() && LISTS.contains(&written);
                let help = header.filter(|_| is_list);
                let help = help.map(|header| format!("write `[{header}]` before each of them"));
                spot.report_with(Kind::RepeatedKey { key: written.into() }, help);
            }
            in_repeated |= header.is_some();
            continue;
        }
        spot.report(match error.message() {
            message
                if message.starts_with("invalid date")
                    || message.starts_with("invalid time")
                    || message.starts_with("invalid offset") =>
            {
                Kind::BadDate { found: written.into(), why: message.to_owned() }
            }
            message => Kind::Syntax { message: message.to_owned() },
        });
        if problems.is_full() {
            break;
        }
    }
    if let Some(span) = unclosed {
        let message = "a list that is not closed".to_owned();
        let help = Some("write `]` behind its last element".to_owned());
        Spot { file: &file, problems, span }.report_with(Kind::Syntax { message }, help);
    }
    let root = errors.is_empty().then_some(root);
    Some(Parsed { kind, file, root })
}

/// The tables of which a file has several.
const LISTS: [&str; 10] =
    ["rule", "set", "entry", "table", "condition", "waiver", "ladder", "step", "test", "exempt"];

/// The header `[…]` in whose line a key stands.
fn header_around<'t>(text: &'t str, span: &Range<usize>) -> Option<&'t str> {
    let before = text.get(..span.start)?;
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(start..)?.lines().next()?.trim();
    let is_header = line.starts_with('[') && !line.starts_with("[[");
    is_header.then(|| line.get(..=line.find(']')?)).flatten()
}

/// Where a list begins that is not closed before the next key or the end of the file.
fn unclosed_list(text: &str) -> Option<Range<usize>> {
    use toml_parser::lexer::TokenKind;
    let mut open: Vec<(TokenKind, Range<usize>)> = Vec::new();
    let mut in_value = false;
    let first_list = |open: &[(TokenKind, Range<usize>)]| {
        let mut lists = open.iter().filter(|(kind, _)| *kind == TokenKind::LeftSquareBracket);
        lists.next().map(|(_, span)| span.clone())
    };
    for token in toml_parser::Source::new(text).lex() {
        match token.kind() {
            TokenKind::Equals => match open.last() {
                Some((TokenKind::LeftSquareBracket, _)) => return first_list(&open),
                _ => in_value = true,
            },
            TokenKind::Newline if open.is_empty() => in_value = false,
            kind @ (TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket) if in_value => {
                open.push((kind, token.span().start()..token.span().end()));
            }
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => drop(open.pop()),
            TokenKind::Eof => break,
            _ => {}
        }
    }
    first_list(&open)
}

/// The first key of too many parts, where it gets too long.
///
/// Each part nests a table, and the destructor of tables recurses.
fn long_key(text: &str) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let rest = |at: usize| bytes.get(at..).unwrap_or_default();
    let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut dots = 0;
    // As the parser's lexer reads: what stands in a string or a comment is no key.
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'.' => {
                dots += 1;
                if dots >= limits::PACK_KEY_PARTS_MAX {
                    return Some(at..at + 1);
                }
                at += 1;
            }
            b' ' | b'\t' => at += 1,
            b'=' | b',' | b'[' | b']' | b'{' | b'}' | b'\r' | b'\n' => {
                dots = 0;
                at += 1;
            }
            b'#' => {
                dots = 0;
                at += before(rest(at), |byte| matches!(byte, b'\r' | b'\n'));
            }
            quote @ (b'\'' | b'"') => {
                let escape = if *quote == b'"' { b'\\' } else { *quote };
                let is_long = rest(at).starts_with(&[*quote; 3]);
                if is_long {
                    dots = 0;
                }
                at += if is_long { 3 } else { 1 };
                loop {
                    let is_end =
                        |byte| byte == *quote || byte == escape || byte == b'\n' && !is_long;
                    at += before(rest(at), is_end);
                    match rest(at) {
                        [] | [b'\n', ..] => break,
                        [found, next, ..] if *found != *quote => {
                            at += if matches!(next, b'\\' | b'"') { 2 } else { 1 };
                        }
                        [found] if *found != *quote => at += 1,
                        _ if !is_long => {
                            at += 1;
                            break;
                        }
                        found if found.starts_with(&[*quote; 3]) => {
                            // Up to two quotes more are the string's own.
                            let quotes = found.iter().take_while(|byte| *byte == quote);
                            at += quotes.take(5).count();
                            break;
                        }
                        _ => at += 1,
                    }
                }
            }
            _ => {
                at += before(rest(at), |byte| {
                    matches!(
                        byte,
                        b'.' | b'='
                            | b','
                            | b'['
                            | b']'
                            | b'{'
                            | b'}'
                            | b' '
                            | b'\t'
                            | b'#'
                            | b'\r'
                            | b'\n'
                    )
                });
            }
        }
    }
    None
}

/// How many bytes stand before the first of some.
fn before(bytes: &[u8], is_wanted: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|byte| is_wanted(*byte)).unwrap_or(bytes.len())
}

pub(super) fn root_of<'t>(
    file: &'t Parsed<'t>,
    root: &'t Spanned<DeTable<'t>>,
    problems: &'t Problems,
) -> (Spot<'t>, &'t DeTable<'t>) {
    (Spot { file: &file.file, problems, span: 0..0 }, root.get_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As [`long_key`], by the parser's own lexer.
    fn by_lexer(text: &str) -> Option<Range<usize>> {
        use toml_parser::lexer::TokenKind;
        let mut dots = 0;
        for token in toml_parser::Source::new(text).lex() {
            match token.kind() {
                TokenKind::Dot => dots += 1,
                TokenKind::Atom
                | TokenKind::Whitespace
                | TokenKind::BasicString
                | TokenKind::LiteralString => {}
                _ => dots = 0,
            }
            if dots >= limits::PACK_KEY_PARTS_MAX {
                return Some(token.span().start()..token.span().end());
            }
        }
        None
    }

    #[test]
    fn a_long_key_is_found_where_the_lexer_finds_it() {
        const PARTS: [&str; 24] = [
            ".", ".", ".", ".", "..a.....", "a", "'", "\"", "'''", "\"\"\"", "\\", "\n", "\r\n",
            " ", "\t", "#", "=", ",", "[", "]", "{", "}", "ü", "\u{feff}",
        ];
        let mut state = 7_u64;
        let (mut found, mut none) = (0, 0);
        for _ in 0..200_000 {
            let mut text = String::new();
            for _ in 0..20 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                text.push_str(PARTS[(state >> 33) as usize % PARTS.len()]);
            }
            let expected = by_lexer(&text);
            assert_eq!(long_key(&text), expected, "{text:?}");
            if expected.is_some() { found += 1 } else { none += 1 }
        }
        assert!(found > 5_000 && none > 5_000, "{found}, {none}");
    }
}
