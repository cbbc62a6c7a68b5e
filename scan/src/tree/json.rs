//! JSON, and JSON with comments.

use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, ast};

use super::{Entry, Problem, Tree, Value};
use crate::place::At;

/// How strictly to read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// RFC 8259.
    Json,
    /// With comments and commas at the end of lists, as `bun.lock` has them.
    WithComments,
}

/// Parses a file. The parser bounds the nesting (at a few hundred levels), and with it the
/// recursion here.
pub(crate) fn parse(text: &str, dialect: Dialect) -> Result<Tree<'_>, Problem> {
    let relaxed = dialect == Dialect::WithComments;
    let options = ParseOptions {
        allow_comments: relaxed,
        allow_trailing_commas: relaxed,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed = jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &options).map_err(
        |error| {
            Problem::new(
                Some(At::Offset(error.range().start)),
                format!("no JSON: {}", lower_first(&error.kind().to_string())),
            )
        },
    )?;
    let Some(value) = parsed.value else {
        return Err(Problem::new(None, "no JSON: the file is empty"));
    };
    let mut tree = Tree::default();
    tree.root = add(&mut tree, value);
    Ok(tree)
}

/// Parses a file whose tool wants plain JSON, but which people write with comments: what stands in
/// it is used by other tools all the same.
///
/// The second value says what was passed over.
pub(crate) fn parse_leniently(text: &str) -> Result<(Tree<'_>, Option<&'static str>), Problem> {
    match parse(text, Dialect::Json) {
        Ok(tree) => Ok((tree, None)),
        Err(problem) => match parse(text, Dialect::WithComments) {
            Ok(tree) => Ok((
                tree,
                Some(
                    "read with its comments or trailing commas, which are not JSON and which its \
                     own tool may refuse",
                ),
            )),
            Err(_) => Err(problem),
        },
    }
}

fn add<'t>(tree: &mut Tree<'t>, value: ast::Value<'t>) -> usize {
    let value = match value {
        ast::Value::StringLit(text) => Value::Text(text.value),
        ast::Value::Object(object) => Value::Map(
            object
                .properties
                .into_iter()
                .map(|property| {
                    let key_at = At::Offset(property.name.start());
                    let key = match property.name {
                        ast::ObjectPropName::String(text) => text.value,
                        ast::ObjectPropName::Word(word) => word.value.into(),
                    };
                    Entry { key, key_at, value: add(tree, property.value) }
                })
                .collect(),
        ),
        ast::Value::Array(array) => Value::List(
            array
                .elements
                .into_iter()
                .map(|element| (At::Offset(element.start()), add(tree, element)))
                .collect(),
        ),
        ast::Value::NumberLit(_) | ast::Value::BooleanLit(_) => Value::Other,
        ast::Value::NullKeyword(_) => Value::Nothing,
    };
    tree.push(value)
}

/// A parser's message in the manner of ours.
pub(super) fn lower_first(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    first.into_iter().chain(letters).map(|c| if c == '\n' { ' ' } else { c }).collect()
}
