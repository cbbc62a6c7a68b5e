//! Which attributes exist, and of what type?
//!
//! In: the built-in declarations ([`attributes`]) and those that packs add under `x.`. Out: a
//! [`Schema`], from which come the rule language's environment, the reader of campaign documents,
//! the JSON Schema and the reference page.
//!
//! Every attribute is declared once, in [`attributes`]; everything else is derived from there.

mod all;
mod attribute;
#[doc(hidden)]
pub mod attributes;
mod collection;
mod countries;
mod error;
#[doc(hidden)]
pub mod json_schema;
mod lever;
pub mod levers;
mod phone;
mod plain;
#[doc(hidden)]
pub mod reference;
pub(crate) mod regions;
#[doc(hidden)]
pub mod shape;

pub(crate) use all::GivenMember;
pub use all::Schema;
pub use attribute::{
    Attribute, AttributeId, CODE_ABSENT, CODE_FIRST, CODE_UNKNOWN, Choice, Code, Form, NotGiven,
    Nullable, Origin, Scope,
};
pub use attributes::VERSION;
pub use collection::Collection;
pub use error::SchemaError;
pub(crate) use phone::{are_digits, is_phone};

/// Whether a text is a country code of ISO 3166-1 alpha-2, or `XK`, which the number plan uses for
/// Kosovo.
pub fn is_country(code: &str) -> bool {
    countries::place(code).is_some()
}

/// The country that a text which is no code may mean: by another code, or by name.
pub(crate) fn meant_country(text: &str) -> Option<&'static str> {
    countries::meant(text)
}

/// Whether a text is a region of ISO 3166-2, such as `US-FL`.
pub fn is_region(code: &str) -> bool {
    regions::is_region(code)
}

/// All country codes, in order.
pub fn countries() -> &'static [&'static str] {
    countries::CODES
}
