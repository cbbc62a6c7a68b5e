//! What does this error code mean, and should one try again?
//!
//! The catalogue is `packs/codes/codes.toml`, which is compiled in. It has the codes that concern
//! policy, limits and access; a code that it does not have is not explained, and the nearest that
//! it has are told.

use std::fmt;
use std::sync::Arc;

use once_cell::sync::OnceCell;
use serde::{Deserialize, Serialize};

/// One error code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Code {
    /// The code.
    pub code: i64,
    /// One line on what it is.
    pub title: Arc<str>,
    /// What it means.
    pub meaning: Arc<str>,
    /// What the gate reads from it.
    pub gate: Arc<str>,
    /// Whether to try again.
    pub retry: Retry,
    /// When to try again, and on what condition.
    pub retry_when: Arc<str>,
    /// The status of the HTTP answer; none where it is not known, or where the code comes in no
    /// answer.
    #[serde(default)]
    pub http: Vec<u16>,
    /// Where it is told: `cloud_api`, `on_premises_api`, `health_status`.
    pub api: Api,
    /// By whose word.
    pub source: Arc<str>,
    /// The source's address.
    pub url: Arc<str>,
    /// The day on which the source was read.
    pub retrieved: Arc<str>,
    /// Whether an official page says so.
    pub confidence: CodeConfidence,
}

/// Declares a fieldless enum with its stable names, for reading and writing.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// The stable name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

words! {
    /// Whether to try the same message again.
    Retry {
        /// Not to this recipient, or not this message.
        Never = "never",
        /// After some time.
        Later = "later",
        /// Once the cause is mended.
        WhenFixed = "when_fixed",
        /// In another form or on another route.
        Otherwise = "otherwise",
    }
}

words! {
    /// Where a code is told.
    Api {
        /// In answers and message statuses of the Cloud API.
        CloudApi = "cloud_api",
        /// By the self-hosted client, which ended on 2025-10-23: history only.
        OnPremises = "on_premises_api",
        /// Within the health state of an account, number or template.
        HealthStatus = "health_status",
    }
}

words! {
    /// How near a source is to the origin.
    CodeConfidence {
        /// The page itself.
        Official = "official",
        /// A page or a program about it.
        Secondary = "secondary",
        /// Neither.
        Unconfirmed = "unconfirmed",
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    source: std::collections::BTreeMap<String, FileSource>,
    code: Vec<FileCode>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSource {
    title: Arc<str>,
    url: Arc<str>,
    retrieved: Arc<str>,
    confidence: CodeConfidence,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileCode {
    codes: Vec<i64>,
    title: Arc<str>,
    meaning: Arc<str>,
    gate: Arc<str>,
    retry: Retry,
    retry_when: Arc<str>,
    #[serde(default)]
    http: Vec<u16>,
    api: Option<Api>,
    source: Option<String>,
}

const DEFAULT_SOURCE: &str = "errors";

/// Every code that is explained, in order; none twice.
pub fn all() -> &'static [Code] {
    static ALL: OnceCell<Vec<Code>> = OnceCell::new();
    // What is compiled in is read by the tests; a catalogue that cannot be read explains nothing.
    ALL.get_or_init(|| read(include_str!("../../../packs/codes/codes.toml")).unwrap_or_default())
}

/// What a code means; none for one that the catalogue does not have.
pub fn explain(code: i64) -> Option<&'static Code> {
    let place = all().binary_search_by_key(&code, |known| known.code).ok()?;
    all().get(place)
}

/// The codes of the catalogue that a wrong one may have meant, the nearest first, at most three:
/// those that differ in few digits.
pub fn nearest(code: i64) -> Vec<&'static Code> {
    const TOLD: usize = 3;
    let wrong = code.to_string();
    let mut near: Vec<(usize, u64, &Code)> = all()
        .iter()
        .map(|known| {
            (
                strsim::osa_distance(&wrong, &known.code.to_string()),
                known.code.abs_diff(code),
                known,
            )
        })
        .filter(|(distance, _, known)| {
            distance * 3 <= known.code.to_string().len().max(wrong.len())
        })
        .collect();
    near.sort_by_key(|(distance, difference, _)| (*distance, *difference));
    near.into_iter().take(TOLD).map(|(_, _, known)| known).collect()
}

fn read(text: &str) -> Result<Vec<Code>, String> {
    let file: File = toml::from_str(text).map_err(|problem| problem.to_string())?;
    let mut codes = Vec::new();
    for entry in file.code {
        let named = entry.source.as_deref().unwrap_or(DEFAULT_SOURCE);
        let source =
            file.source.get(named).ok_or_else(|| format!("there is no source `{named}`"))?;
        for code in entry.codes {
            codes.push(Code {
                code,
                title: Arc::clone(&entry.title),
                meaning: Arc::clone(&entry.meaning),
                gate: Arc::clone(&entry.gate),
                retry: entry.retry,
                retry_when: Arc::clone(&entry.retry_when),
                http: entry.http.clone(),
                api: entry.api.unwrap_or(Api::CloudApi),
                source: Arc::clone(&source.title),
                url: Arc::clone(&source.url),
                retrieved: Arc::clone(&source.retrieved),
                confidence: source.confidence,
            });
        }
    }
    codes.sort_by_key(|code| code.code);
    match codes.windows(2).find(|pair| matches!(pair, [a, b] if a.code == b.code)) {
        Some([twice, ..]) => Err(format!("code {} is explained twice", twice.code)),
        _ => Ok(codes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_whole() {
        let codes = read(include_str!("../../../packs/codes/codes.toml")).unwrap();
        assert!(codes.len() > 120, "{}", codes.len());
        for code in &codes {
            let texts = [&code.title, &code.meaning, &code.gate, &code.retry_when];
            assert!(
                texts.iter().all(|text| !text.is_empty() && !text.contains('\n')),
                "{}",
                code.code
            );
        }
    }

    #[test]
    fn a_code_is_explained_and_a_wrong_one_finds_its_neighbours() {
        let limit = explain(131_049).unwrap();
        assert_eq!((limit.retry, &*limit.http), (Retry::Later, &[400][..]));
        assert!(limit.meaning.contains("United States") && limit.retry_when.contains("24 hours"));
        assert_eq!(explain(131_094), None);
        assert!(nearest(131_094).iter().any(|code| code.code == 131_049));
        assert!(nearest(999_999).is_empty() && nearest(i64::MIN).is_empty());
    }

    #[test]
    fn a_code_that_is_explained_twice_is_refused() {
        let text = include_str!("../../../packs/codes/codes.toml");
        let entry = &text[text.find("[[code]]").unwrap()..];
        let second = &entry[..entry[8..].find("[[code]]").unwrap() + 8];
        assert!(read(&format!("{text}\n{second}")).is_err_and(|problem| problem.contains("twice")));
    }
}
