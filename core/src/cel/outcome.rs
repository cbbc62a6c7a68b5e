//! What did an expression come to? What a decision may say of it stands in the catalogue of
//! languages.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::node::Span;
use crate::language::{Lang, Words, catalogue as words};
use crate::limits;
use crate::schema::AttributeId;
use crate::text::brief;

/// What an evaluation came to, when it did not come to a value of Rust's.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "three-valued: a fourth outcome must break every caller's build"
)]
pub enum Outcome {
    /// A value.
    Value(crate::value::Value),
    /// Undetermined, because these attributes are missing.
    Undetermined(BTreeSet<AttributeId>),
    /// No value, although everything needed is known.
    Error(EvaluationError),
}

/// Why an evaluation has no value although everything it needs is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvaluationError(Box<Failure>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Failure {
    code: &'static str,
    /// In English.
    message: String,
    words: Words,
    details: Vec<(&'static str, String)>,
    span: Span,
    absent: Option<AttributeId>,
}

impl EvaluationError {
    /// A stable name for programs, such as `cel/absent`. Listed in docs/reference/codes.md.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// What went wrong, on one line. The same as its `Display`.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The same for people, in their language.
    pub fn message_in(&self, lang: Lang) -> String {
        filled(self.0.words, lang, &self.0.details)
    }

    /// Where, in bytes of the source.
    pub fn span(&self) -> Range<usize> {
        self.0.span.range()
    }

    /// The attribute whose absence it is, for `cel/absent`.
    pub fn absent_attribute(&self) -> Option<AttributeId> {
        self.0.absent
    }

    fn new(
        code: &'static str,
        span: Span,
        words: Words,
        details: Vec<(&'static str, String)>,
    ) -> Self {
        let message = filled(words, Lang::English, &details);
        Self(Box::new(Failure { code, message, words, details, span, absent: None }))
    }

    pub(super) fn absent(span: Span, attribute: AttributeId) -> Self {
        let mut error = Self::new("cel/absent", span, words::ABSENT_USED, Vec::new());
        error.0.absent = Some(attribute);
        error
    }

    /// The same with the attribute's path, which a bare node does not know.
    pub(super) fn named(mut self, path: &Arc<str>) -> Self {
        self.0.words = words::NAMED_ABSENT_USED;
        self.0.details = vec![("path", path.to_string())];
        self.0.message = filled(self.0.words, Lang::English, &self.0.details);
        self
    }

    pub(super) fn overflow(span: Span, operator: &str) -> Self {
        let details = vec![("operator", operator.to_owned())];
        Self::new("cel/overflow", span, words::OVERFLOW, details)
    }

    pub(super) fn division_by_zero(span: Span, operator: &str) -> Self {
        let details = vec![("operator", operator.to_owned())];
        Self::new("cel/division-by-zero", span, words::BY_ZERO, details)
    }

    pub(super) fn no_entry(span: Span) -> Self {
        Self::new("cel/no-entry", span, words::NO_ENTRY, Vec::new())
    }

    /// `of` says the range of what.
    pub(super) fn time_range(span: Span, of: Words) -> Self {
        Self::new("cel/out-of-range", span, of, Vec::new())
    }

    pub(super) fn index(span: Span, position: i64, length: usize) -> Self {
        let details = vec![("position", position.to_string()), ("length", length.to_string())];
        Self::new("cel/index-out-of-range", span, words::NO_ELEMENT, details)
    }

    pub(super) fn conversion(span: Span, text: &str, target: &str) -> Self {
        let details = vec![("text", brief(text)), ("target", target.to_owned())];
        Self::new("cel/bad-conversion", span, words::NOT_CONVERTED, details)
    }

    pub(super) fn zone(span: Span, zone: &str) -> Self {
        Self::new("cel/unknown-zone", span, words::NO_ZONE, vec![("zone", brief(zone))])
    }

    pub(super) fn too_many_steps(span: Span) -> Self {
        let details = vec![("most", limits::EVALUATION_STEPS_MAX.to_string())];
        Self::new("cel/too-many-steps", span, words::TOO_MANY_STEPS, details)
    }

    pub(super) fn text_too_long(span: Span) -> Self {
        let details = vec![("most", limits::TEXT_BYTES_MAX.to_string())];
        Self::new("cel/text-too-long", span, words::TEXT_TOO_LONG, details)
    }

    /// The tree and the bindings do not fit together: the caller bound a fact of another type.
    pub(super) fn internal(span: Span) -> Self {
        Self::new("internal/cel-type", span, words::OTHER_TYPE, Vec::new())
    }
}

fn filled(words: Words, lang: Lang, details: &[(&'static str, String)]) -> String {
    let details: Vec<(&str, &dyn fmt::Display)> =
        details.iter().map(|(name, value)| (*name, value as &dyn fmt::Display)).collect();
    words.with(lang, &details)
}

impl fmt::Display for EvaluationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for EvaluationError {}
