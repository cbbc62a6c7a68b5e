//! Every mistake in a pack is told, with its code and place, and nothing else is.

mod common;

use std::borrow::Cow;
use std::collections::BTreeSet;

use cleartosend::pack::{Pack, PackFile};
use cleartosend::schema::Schema;
use cleartosend::{limits, pack::PackErrors};
use serde::Deserialize;

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
            (Change::Add, None) => files.push(PackFile { path: self.file.clone(), bytes: Cow::Borrowed(b"") }),
            (Change::Remove, Some(at)) => drop(files.remove(at)),
            (Change::Replace, Some(at)) => {
                let text = String::from_utf8(files[at].bytes.to_vec()).unwrap();
                assert_eq!(text.matches(&self.replace).count(), 1, "{}: what is replaced must be there once", self.name);
                files[at].bytes = Cow::Owned(text.replace(&self.replace, &self.with).into_bytes());
            }
            _ => panic!("{}: `{}` does not fit the change", self.name, self.file),
        }
        files
    }
}

fn told(errors: &PackErrors) -> Vec<String> {
    errors.iter().map(|error| format!("{} {error}", error.code())).collect()
}

#[test]
fn the_pack_before_the_mistakes_is_good() {
    Pack::load(&common::good(), &common::base()).unwrap();
}

#[test]
fn each_mistake_is_told_with_its_place() {
    let mut names = BTreeSet::new();
    let mut wrong = Vec::new();
    for case in cases() {
        assert!(names.insert(case.name.clone()), "two cases are called {}", case.name);
        let found = match Pack::load(&case.files(), &common::base()) {
            Ok(_) => Vec::new(),
            Err(errors) => told(&errors),
        };
        if found.is_empty() || found != case.errors {
            wrong.push(format!("{}\n  expected\n    {}\n  found\n    {}", case.name, case.errors.join("\n    "), found.join("\n    ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
