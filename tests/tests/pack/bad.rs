//! Every mistake in a pack is told, with its code and place, and nothing else is.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::borrow::Cow;
use std::collections::BTreeSet;

use cleartosend::expert::limits;
use cleartosend::{Engine, EngineError, Pack, PackErrors, PackFile};
use serde::Deserialize;

use crate::common;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default, rename = "why")]
    _why: String,
    file: String,
    #[serde(default)]
    change: Change,
    #[serde(default)]
    replace: String,
    #[serde(default)]
    with: String,
    /// `code file:line:column: message; help`
    errors: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Change {
    #[default]
    Replace,
    Add,
    Remove,
}

fn cases() -> Vec<Case> {
    toml::from_str::<Cases>(&common::text(&common::root().join("packs/bad.toml"))).unwrap().case
}

impl Case {
    /// The good pack with the mistake in it.
    fn files(&self) -> Vec<PackFile> {
        let mut files = common::good();
        let at = files.iter().position(|file| file.path == self.file);
        match (&self.change, at) {
            (Change::Add, None) => {
                let bytes = Cow::Owned(self.with.clone().into_bytes());
                files.push(PackFile { path: self.file.clone(), bytes });
            }
            (Change::Remove, Some(at)) => drop(files.remove(at)),
            (Change::Replace, Some(at)) => {
                let text = String::from_utf8(files[at].bytes.to_vec()).unwrap();
                assert_eq!(
                    text.matches(&self.replace).count(),
                    1,
                    "{}: what is replaced must be there once",
                    self.name
                );
                files[at].bytes = Cow::Owned(text.replace(&self.replace, &self.with).into_bytes());
            }
            _ => panic!("{}: `{}` does not fit the change", self.name, self.file),
        }
        files
    }
}

fn reported(errors: &PackErrors) -> Vec<String> {
    errors.iter().map(|error| format!("{} {error}", error.code())).collect()
}

#[test]
fn the_pack_before_the_mistakes_is_good() {
    Pack::load(&common::good(), &common::base()).unwrap();
}

#[test]
fn each_mistake_is_reported_with_its_place() {
    let mut names = BTreeSet::new();
    let mut wrong = Vec::new();
    for case in cases() {
        assert!(names.insert(case.name.clone()), "two cases are called {}", case.name);
        let found = match Pack::load(&case.files(), &common::base()) {
            Ok(_) => Vec::new(),
            Err(errors) => reported(&errors),
        };
        if found.is_empty() || found != case.errors {
            wrong.push(format!(
                "{}\n  expected\n    {}\n  found\n    {}",
                case.name,
                case.errors.join("\n    "),
                found.join("\n    ")
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The good pack with one file's bytes replaced, or added.
fn with(path: &str, bytes: impl Into<Vec<u8>>) -> Vec<PackFile> {
    let mut files = common::good();
    files.retain(|file| file.path != path);
    files.push(PackFile { path: path.to_owned(), bytes: Cow::Owned(bytes.into()) });
    files
}

fn file(path: &str, suffix: &str) -> String {
    let files = common::good();
    let file = files.iter().find(|file| file.path == path).unwrap();
    String::from_utf8(file.bytes.to_vec()).unwrap() + suffix
}

/// Mistakes of size, bytes and files, which data cannot say: what is wrong, and the first problem
/// told.
fn unwieldy() -> Vec<(Vec<PackFile>, &'static str)> {
    let mut twice = common::good();
    twice.push(twice[0].clone());
    let many_files = (0..=limits::PACK_FILES_MAX)
        .map(|n| PackFile { path: format!("rules/{n}.toml"), bytes: Cow::Borrowed(b"") });
    let rules = "[[rule]]\n".repeat(limits::RULES_MAX + 1);
    let sets = "[[set]]\n".repeat(limits::SETS_MAX + 1);
    let conditions = "[[condition]]\n".repeat(limits::CONDITIONS_MAX + 1);
    let tables = "[[table]]\n".repeat(limits::TABLES_MAX + 1);
    let table = |rest: &str| {
        format!("[[table]]\nid = \"t\"\nkey = \"campaign.id\"\ntype = \"int\"\n{rest}")
    };
    let entries =
        table(&"[[table.entry]]\nvalues = {}\ndefault = 1\n".repeat(limits::TABLE_ENTRIES_MAX + 1));
    let keys: String = (0..=limits::TABLE_KEYS_MAX).map(|key| format!("k{key} = 1,")).collect();
    let keys = table(&format!("[[table.entry]]\nvalues = {{ {keys} }}\n"));
    let waivers = "[[waiver]]\n".repeat(limits::WAIVERS_MAX + 1);
    let labelled = |labels: &str| {
        let rule = file("rules/vertical.toml", "");
        let (rest, last) = rule.rsplit_once("exposure").unwrap();
        format!("{rest}labels = {{ {labels} }}\nexposure{last}")
    };
    let labels: String = (0..=limits::LABELS_MAX).map(|label| format!("l{label} = 'x',")).collect();
    let long = format!("long = '{}'", "x".repeat(limits::LABEL_BYTES_MAX + 1));
    let members = format!(
        "\n[[set]]\nid = \"many\"\n[[set.entry]]\nvalues = [{}]\n",
        "0,".repeat(limits::SET_MEMBERS_MAX + 1)
    );
    let attribute = |n| {
        format!(
            "[attributes.\"x.a{n}\"]\ntype = \"bool\"\nscope = \"campaign\"\ntitle = \"One of \
             many.\"\n"
        )
    };
    let attributes: String = (0..limits::ATTRIBUTES_MAX).map(attribute).collect();
    let mut latin = file("rules/vertical.toml", "# ").into_bytes();
    latin.extend(b"caf\xe9\n");
    vec![
        (twice, "pack/repeated-file README.md:1:1: `README.md` is there twice"),
        (many_files.collect(), "pack/too-many-files pack.toml:1:1: 4097 files are more than 4096"),
        (with("README.md", vec![0; limits::PACK_BYTES_MAX]), "pack/too-many-bytes pack.toml:1:1: "),
        (
            with("rules/vertical.toml", rules),
            "pack/too-many-rules rules/vertical.toml:1:1: more than 131072 rules",
        ),
        (with("sets.toml", sets), "pack/too-many-sets sets.toml:1:1: more than 4096 sets"),
        (
            with("conditions.toml", conditions),
            "pack/too-many-conditions conditions.toml:1:1: more than 256 named conditions",
        ),
        (with("tables.toml", tables), "pack/too-many-tables tables.toml:1:1: more than 256 tables"),
        (
            with("tables.toml", entries),
            "pack/too-many-entries tables.toml:1:1: more than 64 entries in a table",
        ),
        (
            with("tables.toml", keys),
            "pack/too-many-keys tables.toml:6:1: more than 1024 keys in an entry of a table",
        ),
        (
            with("waivers.toml", waivers),
            "pack/too-many-waivers waivers.toml:1:1: more than 4096 waivers",
        ),
        (with("rules/vertical.toml", labelled(&labels)), "pack/too-many-labels"),
        (with("rules/vertical.toml", labelled(&long)), "pack/label-too-long"),
        (
            with("sets.toml", file("sets.toml", &members)),
            "pack/missing-key sets.toml:28:1: the key `title` is missing in a set",
        ),
        (with("pack.toml", file("pack.toml", &attributes)), "pack/too-many-attributes"),
        (
            with("sets.toml", "a = 1\nb = 1\n".repeat(600)),
            "pack/repeated-key sets.toml:3:1: the key `a` is there twice",
        ),
        (
            with("rules/vertical.toml", latin),
            "pack/not-utf8 rules/vertical.toml:25:6: the file is not UTF-8",
        ),
    ]
}

#[test]
fn what_is_too_much_or_no_text_is_refused() {
    for (files, first) in unwieldy() {
        let errors = reported(&Pack::load(&files, &common::base()).unwrap_err());
        assert!(errors[0].starts_with(first), "expected {first}\nfound {}", errors[0]);
        assert!(errors.len() <= limits::PACK_PROBLEMS_MAX + 1);
    }
}

#[test]
fn the_codes_reported_are_those_documented_and_those_in_the_source() {
    let root = common::root();
    let quoted = |text: &str, quote: char| -> BTreeSet<String> {
        text.split(quote)
            .filter(|part| part.starts_with("pack/") && !part.contains(char::is_whitespace))
            .map(str::to_owned)
            .collect()
    };
    let source = quoted(&common::text(&root.join("../core/src/pack/error.rs")), '"');
    let documented = quoted(&common::text(&root.join("../docs/reference/codes.md")), '`');
    let files = cases()
        .iter()
        .map(Case::files)
        .chain(unwieldy().into_iter().map(|(files, _)| files))
        .collect::<Vec<_>>();
    let errors = files.iter().filter_map(|files| Pack::load(files, &common::base()).err());
    // What only a folder has is shown by the tests of `files/`.
    let of_folders = PackErrors::irregular([("rules/link.toml".to_owned(), "a link")]);
    // Which packs there are, an engine knows.
    let waiver = "[[waiver]]\nrule = \"none/limits.big\"\nlower_to = \"note\"\nreason = \
                   \"r\"\nby = \"b\"\nfrom = 2026-01-01\nuntil = 2026-02-01\n";
    let of_engine =
        |waiver: &str| match Engine::builder().waivers("w.toml", waiver.as_bytes()).build() {
            Err(EngineError::Waivers { errors, .. }) => errors,
            other => panic!("{other:?}"),
        };
    let refused = waiver.replace("none/limits.big", "whatsapp/consent.opted-out");
    let of_engines = [of_engine(waiver), of_engine(&refused)];
    let triggered: BTreeSet<String> = errors
        .chain([of_folders])
        .chain(of_engines)
        .flat_map(|errors| errors.iter().map(|error| error.code().to_owned()).collect::<Vec<_>>())
        .collect();
    assert_eq!(
        source, documented,
        "the source has the codes on the left, docs/reference/codes.md those on the right"
    );
    let triggered = triggered.into_iter().filter(|code| code.starts_with("pack/")).collect();
    assert_eq!(
        source, triggered,
        "the source has the codes on the left, cases trigger those on the right"
    );
}
