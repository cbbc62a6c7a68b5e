//! What does this error code mean, should one try again, and what does it change for good?
//!
//! In: a code, with its subcode, or the answer that holds it. Out: the entry of the catalogue
//! `packs/codes/codes.toml`, which is compiled in. A code that the catalogue does not have is not
//! explained: its block of numbers may tell the [`Family`], and no code that looks alike stands for
//! it. The [`Effect`] of a code is what an account holds after it, so that what the catalogue
//! advises and what a check says are one thing.

use std::fmt;
use std::sync::Arc;

use once_cell::sync::OnceCell;
use serde::{Deserialize, Serialize};

use super::envelope;
use super::error::{self, AccountError};
use super::fields::Spot;
use cleartosend::expert::limits;

/// One error code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Code {
    /// The code.
    pub code: i64,
    /// The codes of which this is a subcode; empty for a code that stands alone.
    #[serde(default)]
    pub subcode_of: Vec<i64>,
    /// The id of its family.
    pub family: Arc<str>,
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
    /// Which API reports it: `cloud_api`, `on_premises_api`, `health_status`.
    pub api: Api,
    /// What an account holds from then on; none where nothing outlasts the message.
    #[serde(default)]
    pub effect: Option<Effect>,
    /// By whose word.
    pub source: Arc<str>,
    /// The source's address.
    pub url: Arc<str>,
    /// The day on which the source was read.
    pub retrieved: Arc<str>,
    /// Whether an official page says so.
    pub confidence: CodeConfidence,
}

/// What an account holds after a code, as a member of campaign documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Effect {
    /// Whom it concerns.
    pub scope: EffectScope,
    /// The attribute, such as `recipient.marketing_withheld_at`; `account.restrictions` stands for
    /// one more restriction, of the kind that `value` names.
    pub attribute: Arc<str>,
    /// Its value; `unknown` takes back what was known, `instant` is when the error came, `code`
    /// adds the code to a list.
    pub value: Arc<str>,
    /// For how many hours; none where it holds until an event says otherwise.
    #[serde(default)]
    pub hours: Option<u32>,
}

/// Codes about one matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Family {
    /// The id, such as `calls`.
    pub id: Arc<str>,
    /// What it is about.
    pub title: Arc<str>,
    /// The first and last numbers of the blocks whose other codes are of the family too.
    #[serde(default)]
    pub blocks: Vec<(i64, i64)>,
}

/// A code that an answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Asked {
    /// The code.
    pub code: i64,
    /// The subcode, if there is one.
    pub subcode: Option<i64>,
}

impl Asked {
    /// A code, with the subcode that came with it.
    pub const fn new(code: i64, subcode: Option<i64>) -> Self {
        Self { code, subcode }
    }
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
        /// Once the cause is corrected.
        WhenFixed = "when_fixed",
        /// In another form or on another route.
        Otherwise = "otherwise",
    }
}

words! {
    /// Whom the effect of a code concerns.
    EffectScope {
        /// The recipient of the message.
        Recipient = "recipient",
        /// The template that was sent.
        Template = "template",
        /// The sending number.
        Number = "number",
        /// The business account.
        Account = "account",
        /// The business portfolio, with all its accounts.
        Portfolio = "portfolio",
    }
}

words! {
    /// Which API reports a code.
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
    family: Vec<Family>,
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
    family: Arc<str>,
    #[serde(default)]
    subcode_of: Vec<i64>,
    title: Arc<str>,
    meaning: Arc<str>,
    gate: Arc<str>,
    retry: Retry,
    retry_when: Arc<str>,
    #[serde(default)]
    http: Vec<u16>,
    api: Option<Api>,
    source: Option<String>,
    effect: Option<Effect>,
}

#[derive(Default)]
struct Catalogue {
    families: Vec<Family>,
    /// Those that stand alone first, each part in order of the codes.
    codes: Vec<Code>,
    /// How many stand alone.
    alone: usize,
}

const DEFAULT_SOURCE: &str = "errors";

/// Every code that is explained: those that stand alone in order, then the subcodes in order.
pub fn all() -> &'static [Code] {
    &catalogue().codes
}

/// Every family, in the order in which the catalogue has them.
pub fn families() -> &'static [Family] {
    &catalogue().families
}

/// What a code means; none for one that the catalogue does not have.
pub fn explain(code: i64) -> Option<&'static Code> {
    let Catalogue { codes, alone, .. } = catalogue();
    let alone = codes.get(..*alone)?;
    let place = alone.binary_search_by_key(&code, |known| known.code).ok()?;
    alone.get(place)
}

/// Whether a code is of the template that was sent, so that it says nothing of other messages.
pub(crate) fn is_of_template(code: i64) -> bool {
    explain(code).is_some_and(|known| &*known.family == "templates")
}

/// What a subcode of a code means: what it means under that code, else what it means alone, as the
/// long codes of management do; none for one that the catalogue does not have.
pub fn explain_subcode(code: i64, subcode: i64) -> Option<&'static Code> {
    let Catalogue { codes, alone, .. } = catalogue();
    let mut subcodes = codes.iter().skip(*alone);
    subcodes
        .find(|known| known.code == subcode && known.subcode_of.contains(&code))
        .or_else(|| explain(subcode))
}

/// The family of a code: that of its entry, or of the block of numbers that it lies in; none where
/// nothing is known of it.
pub fn family(code: i64) -> Option<&'static Family> {
    let families = families();
    match explain(code) {
        Some(known) => families.iter().find(|family| family.id == known.family),
        None => families.iter().find(|family| {
            family.blocks.iter().any(|(first, last)| (*first..=*last).contains(&code))
        }),
    }
}

/// The codes of an answer, in its order, each once: of an error object, bare or under `error`, of
/// the errors of a webhook, or of a health state.
///
/// # Errors
/// What is not JSON, has a member twice, is too large or too deep; a code that is no whole number;
/// an answer without a code.
pub fn codes_of(answer: &[u8]) -> Result<Vec<Asked>, AccountError> {
    /// Members that hold errors, or objects that do.
    const AROUND: &[&str] = &[
        "error",
        "errors",
        "entry",
        "changes",
        "value",
        "statuses",
        "messages",
        "calls",
        "health_status",
        "entities",
        "failed_users",
        "block_users",
    ];
    let root =
        envelope::json(answer, limits::ACCOUNT_EVENT_BYTES_MAX, limits::ACCOUNT_EVENT_DEPTH_MAX)?;
    let mut asked = Vec::new();
    let mut open = vec![Spot::new(&root, "")];
    while let Some(spot) = open.pop() {
        if spot.value.is_array() {
            open.extend(spot.items()?.into_iter().rev());
            continue;
        }
        if !spot.value.is_object() {
            continue;
        }
        if let Some(code) = spot.member("code").or_else(|| spot.member("error_code")) {
            let subcode =
                spot.member("error_subcode").map(|subcode| subcode.whole()).transpose()?;
            let found = Asked { code: code.whole()?, subcode };
            if !asked.contains(&found) {
                asked.push(found);
            }
        }
        open.extend(AROUND.iter().rev().filter_map(|name| spot.member(name)));
    }
    if asked.is_empty() { Err(error::no_error_code()) } else { Ok(asked) }
}

fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceCell<Catalogue> = OnceCell::new();
    // INVARIANT: the text is compiled in, and the tests of this file read the same.
    CATALOGUE.get_or_init(|| read(include_str!("../../packs/codes/codes.toml")).unwrap_or_default())
}

fn read(text: &str) -> Result<Catalogue, String> {
    let file: File = toml::from_str(text).map_err(|problem| problem.to_string())?;
    let mut codes = Vec::new();
    for entry in file.code {
        let named = entry.source.as_deref().unwrap_or(DEFAULT_SOURCE);
        let source =
            file.source.get(named).ok_or_else(|| format!("there is no source `{named}`"))?;
        if !file.family.iter().any(|family| family.id == entry.family) {
            return Err(format!("there is no family `{}`", entry.family));
        }
        for code in entry.codes {
            codes.push(Code {
                code,
                subcode_of: entry.subcode_of.clone(),
                family: Arc::clone(&entry.family),
                title: Arc::clone(&entry.title),
                meaning: Arc::clone(&entry.meaning),
                gate: Arc::clone(&entry.gate),
                retry: entry.retry,
                retry_when: Arc::clone(&entry.retry_when),
                http: entry.http.clone(),
                api: entry.api.unwrap_or(Api::CloudApi),
                effect: entry.effect.clone(),
                source: Arc::clone(&source.title),
                url: Arc::clone(&source.url),
                retrieved: Arc::clone(&source.retrieved),
                confidence: source.confidence,
            });
        }
    }
    codes.sort_by_key(|code| (!code.subcode_of.is_empty(), code.code));
    let alone = codes.iter().take_while(|code| code.subcode_of.is_empty()).count();
    let is_same = |a: &Code, b: &Code| {
        a.code == b.code
            && (a.subcode_of.is_empty() == b.subcode_of.is_empty())
            && (a.subcode_of.is_empty()
                || a.subcode_of.iter().any(|code| b.subcode_of.contains(code)))
    };
    match codes.windows(2).find(|pair| matches!(pair, [a, b] if is_same(a, b))) {
        Some([twice, ..]) => Err(format!("code {} is explained twice", twice.code)),
        _ => Ok(Catalogue { families: file.family, codes, alone }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cleartosend::Schema;
    use cleartosend::schema::{Origin, attributes};

    const TEXT: &str = include_str!("../../packs/codes/codes.toml");

    #[test]
    fn the_catalogue_is_whole() {
        let Catalogue { codes, families, .. } = read(TEXT).unwrap();
        assert!(codes.len() > 250, "{}", codes.len());
        for code in &codes {
            let texts = [&code.title, &code.meaning, &code.gate, &code.retry_when];
            assert!(
                texts.iter().all(|text| !text.is_empty() && !text.contains('\n')),
                "{}",
                code.code
            );
        }
        // Each family has codes, and blocks do not overlap.
        let mut blocks: Vec<(i64, i64)> =
            families.iter().flat_map(|family| family.blocks.clone()).collect();
        blocks.sort_unstable();
        assert!(blocks.iter().all(|(first, last)| first <= last));
        assert!(
            blocks.windows(2).all(|pair| matches!(pair, [(_, last), (next, _)] if last < next))
        );
        assert!(families.iter().all(|family| codes.iter().any(|code| code.family == family.id)));
    }

    #[test]
    fn an_effect_is_something_that_a_campaign_document_can_say() {
        let schema = Schema::built_in();
        let kinds = schema
            .collections()
            .iter()
            .find(|collection| *collection.path == *attributes::RESTRICTIONS)
            .and_then(|collection| collection.members.iter().find(|member| *member.path == *"kind"))
            .and_then(|kind| kind.choices())
            .unwrap();
        for code in all().iter().filter(|code| code.effect.is_some()) {
            let effect = code.effect.as_ref().unwrap();
            assert!(effect.hours != Some(0), "{}", code.code);
            if &*effect.value == "unknown" {
                assert_eq!(effect.hours, None, "{}", code.code);
            }
            let choices = if *effect.attribute == *attributes::RESTRICTIONS {
                Some(kinds)
            } else {
                let attribute = schema.attribute(schema.id(&effect.attribute).unwrap());
                assert!(attribute.origin == Origin::Given, "{}", effect.attribute);
                attribute.choices()
            };
            let is_known = match (&*effect.value, choices) {
                ("unknown", _) => true,
                (value, Some(choices)) => choices.iter().any(|choice| *choice.name == *value),
                ("instant", None) => effect.attribute.ends_with("_at"),
                ("code", None) => {
                    effect.hours.is_some() && &*effect.attribute == "account.recent_errors"
                }
                (value, None) => matches!(value, "true" | "false"),
            };
            assert!(is_known, "{}: {effect:?}", code.code);
        }
    }

    #[test]
    fn a_code_is_explained_and_a_wrong_one_is_reported_its_family_or_nothing() {
        let limit = explain(131_049).unwrap();
        assert_eq!((limit.retry, &*limit.http), (Retry::Later, &[400][..]));
        assert!(limit.meaning.contains("United States") && limit.retry_when.contains("24 hours"));
        let effect = limit.effect.as_ref().unwrap();
        assert_eq!((effect.scope, effect.hours), (EffectScope::Recipient, Some(24)));
        let family_of = |code| family(code).map(|family| &*family.id);
        assert_eq!((explain(131_094), family_of(131_094)), (None, Some("send")));
        assert_eq!((explain(138_999), family_of(138_999)), (None, Some("calls")));
        assert_eq!((family_of(131_049), family_of(131_214)), (Some("recipient"), Some("groups")));
        for nothing in [7, 999_999, 463, 460, i64::MIN, i64::MAX] {
            assert_eq!((explain(nothing), family_of(nothing)), (None, None), "{nothing}");
        }
    }

    #[test]
    fn a_subcode_means_what_it_means_under_its_code() {
        let title = |code, subcode| explain_subcode(code, subcode).map(|known| &*known.title);
        assert_eq!(title(190, 463), Some("The token has expired"));
        assert_eq!(
            (title(100, 463), title(190, 33)),
            (None, explain(33).map(|known| &*known.title))
        );
        assert_eq!(title(100, 2_388_103), Some("The number cannot be moved"));
        assert_eq!(title(130_429, 2_494_055), None);
    }

    #[test]
    fn an_answer_holds_codes() {
        let codes = |answer: &str| codes_of(answer.as_bytes());
        let asked = |code, subcode| Asked { code, subcode };
        let graph = r#"{"error": {"message": "m", "type": "OAuthException", "code": 190,
            "error_subcode": 463, "fbtrace_id": "A"}}"#;
        assert_eq!(codes(graph), Ok(vec![asked(190, Some(463))]));
        assert_eq!(codes(r#"{"code": "131050", "title": "t"}"#), Ok(vec![asked(131_050, None)]));
        let webhook = r#"{"entry": [{"changes": [{"value": {"statuses": [
            {"errors": [{"code": 131049}, {"code": 131048}]}, {"errors": [{"code": 131049}]}
        ]}}]}]}"#;
        assert_eq!(codes(webhook), Ok(vec![asked(131_049, None), asked(131_048, None)]));
        let health = r#"{"health_status": {"entities": [{"errors": [{"error_code": 141006}]}]}}"#;
        assert_eq!(codes(health), Ok(vec![asked(141_006, None)]));
        let refused = |answer: &str| codes(answer).map_err(|problem| problem.code());
        assert_eq!(refused("{}"), Err("account/no-error-code"));
        assert_eq!(refused("131049"), Err("account/no-error-code"));
        assert_eq!(refused("{"), Err("account/syntax"));
        assert_eq!(refused(r#"{"error": {"code": "x"}}"#), Err("account/wrong-type"));
        assert_eq!(refused(r#"{"code": 1, "code": 2}"#), Err("account/repeated-member"));
    }

    #[test]
    fn what_is_explained_twice_or_by_nobody_is_refused() {
        let entry = &TEXT[TEXT.find("[[code]]").unwrap()..];
        let first = &entry[..entry[8..].find("[[code]]").unwrap() + 8];
        let refused = |text: &str| read(text).err().unwrap();
        assert!(refused(&format!("{TEXT}\n{first}")).contains("twice"));
        let family = first.replace("family     = \"policy\"", "family     = \"polite\"");
        assert!(refused(&TEXT.replace(first, &family)).contains("`polite`"));
    }
}
