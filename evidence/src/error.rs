//! Why could a record not be made, read or judged again?

use std::fmt::{self, Display};

use cleartosend::expert::suggest::nearest;
use cleartosend::expert::text::shortened;

use crate::record::VERSION;

/// Why a record could not be made, read or judged again. What a readable record says wrongly is a
/// [`Difference`](crate::Difference), and no error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordError {
    code: &'static str,
    message: String,
}

impl RecordError {
    /// A stable name for programs. Listed in `docs/reference/codes.md`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    fn new(code: &'static str, message: String) -> Self {
        Self { code, message }
    }

    pub(crate) fn not_json(problem: &impl Display) -> Self {
        Self::new("record/not-json", format!("is not JSON: {problem}"))
    }

    pub(crate) fn cut(bytes: usize) -> Self {
        let message = format!(
            "the last line has no end: {bytes} bytes of a record that was not written whole"
        );
        Self::new("record/cut", message)
    }

    pub(crate) fn too_large(max: usize) -> Self {
        Self::new("record/too-large", format!("has more than {max} bytes"))
    }

    pub(crate) fn unknown_version(found: &serde_json::Value) -> Self {
        let found = shortened(&found.to_string(), 40);
        let message =
            format!("is a record of version {found}; this command knows version {VERSION}");
        Self::new("record/unknown-version", message)
    }

    pub(crate) fn no_record(found: &str) -> Self {
        Self::new("record/no-record", format!("is not a record: expected {found}"))
    }

    pub(crate) fn unknown_member<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let near = nearest(name, known);
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let message = format!("a record has no member `{}`{near}", shortened(name, 40));
        Self::new("record/unknown-member", message)
    }

    pub(crate) fn member(path: &str, expected: &str) -> Self {
        Self::new("record/member", format!("the member `{path}` is not {expected}"))
    }

    pub(crate) fn of_facts(problem: &cleartosend::FactsError) -> Self {
        let message = format!("its facts cannot be judged: {problem} [{}]", problem.code());
        Self::new("record/facts", message)
    }

    pub(crate) fn of_explanation(problem: &cleartosend::ExplainError) -> Self {
        let message = format!("cannot be explained: {problem} [{}]", problem.code());
        Self::new("record/facts", message)
    }

    /// The packs that a record rests on are not there.
    pub fn unknown_pack(name: &str, digest: &str) -> Self {
        let message = format!(
            "rests on the pack `{}` {}, which is not here",
            shortened(name, 60),
            shortened(digest, 80)
        );
        Self::new("record/unknown-pack", message)
    }

    /// The packs that a record rests on cannot be loaded together.
    pub fn engine(problem: &cleartosend::EngineError) -> Self {
        let message =
            format!("its packs cannot be loaded together: {problem} [{}]", problem.code());
        Self::new("record/packs", message)
    }

    pub(crate) fn short_mask_key(least: usize) -> Self {
        let message = format!("a mask key has at least {least} bytes, and not so few");
        Self::new("record/mask-key", message)
    }

    pub(crate) fn not_a_mask_key() -> Self {
        let message = "is not a mask key; expected a file that `cts key mask` makes, of one line \
                       that begins with `cts-mask-key-1:`. Of a secret of your own, `cts key mask \
                       FILE --of SECRET` makes one";
        Self::new("record/mask-key", message.to_owned())
    }

    pub(crate) fn template(problem: &minijinja::Error) -> Self {
        Self::new("record/report", format!("the page cannot be written: {problem:#}"))
    }

    pub(crate) fn no_random(problem: &impl Display) -> Self {
        Self::new("record/mask-key", format!("no key can be made: {problem}"))
    }

    pub(crate) fn name_elsewhere(path: &str) -> Self {
        let message = format!(
            "`{}` holds the recipient's number or user id, which a masked record must not; leave \
             it out of the document",
            shortened(path, 80)
        );
        Self::new("record/name-elsewhere", message)
    }

    pub(crate) fn number_elsewhere(path: &str) -> Self {
        let message = format!(
            "`{}` holds what may be a recipient's number, which a masked record must not; call \
             the file or the column otherwise, or declare something else",
            shortened(path, 80)
        );
        Self::new("record/name-elsewhere", message)
    }

    pub(crate) fn rule_reads_name(rule: &str) -> Self {
        let message = format!(
            "the rule `{}` reads the recipient's number or user id itself, so that it says \
             something else of a masked one",
            shortened(rule, 80)
        );
        Self::new("record/rule-reads-name", message)
    }
}

impl Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for RecordError {}
