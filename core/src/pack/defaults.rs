//! What is known of an attribute of a pack's own that nobody gives?

use std::sync::Arc;

use toml::de::DeValue;

use super::error::{Kind, did_you_mean};
use super::table::{Field, Table};
use super::value::read_value;
use crate::form;
use crate::limits;
use crate::schema::{Form, NotGiven};
use crate::time::FIRST;
use crate::value::{Type, Value};

/// What `not_given` or `default` says: `unknown`, if neither is there; `absent`, of an attribute that
/// can be; or a value that it can have.
pub(super) fn read(
    table: &Table<'_>,
    nullable: Option<bool>,
    what: Option<(Type, &Form)>,
) -> Option<NotGiven> {
    let Some(default) = table.optional("default") else { return read_not_given(table, nullable) };
    if table.optional("not_given").is_some() {
        default.key_text().spot.report(Kind::DefaultBesideNotGiven);
        return None;
    }
    let (ty, form) = what?;
    read_default(&default, ty, form).map(NotGiven::Value)
}

fn read_not_given(table: &Table<'_>, nullable: Option<bool>) -> Option<NotGiven> {
    let Some(field) = table.optional("not_given") else { return Some(NotGiven::Unknown) };
    let text = field.text()?;
    let is_absent = text.word("meaning of `not_given`", &[false, true], |absent| {
        if absent { "absent" } else { "unknown" }
    })?;
    if is_absent && nullable == Some(false) {
        text.spot.report_with(
            Kind::AbsentNotNullable,
            Some("add `nullable = true`, and use it behind `has(…)`".to_owned()),
        );
        return None;
    }
    let reason = || Arc::from("its pack says so");
    Some(if is_absent { NotGiven::Absent { reason: reason() } } else { NotGiven::Unknown })
}

/// A value that a document could give.
fn read_default(field: &Field<'_>, ty: Type, form: &Form) -> Option<Value> {
    if let (Some(element), DeValue::Array(_)) = (ty.element(), field.value) {
        let items = field.items()?;
        if items.len() > limits::FACT_LIST_MAX {
            field.spot.report(Kind::LongDefault);
            return None;
        }
        let read: Vec<Value> =
            items.iter().filter_map(|item| read_default(item, element, form)).collect();
        return (read.len() == items.len()).then(|| Value::List(read.into()));
    }
    if ty.is_list() {
        field.wrong_type("a list");
        return None;
    }
    let value = read_value(field, ty)?;
    let bad = |expected, help| {
        field.spot.report_with(Kind::BadDefault { expected }, help);
        None
    };
    match (&value, form) {
        (Value::String(text), Form::OneOf(choices)) if !form::fits(text, form) => {
            let names = choices.iter().map(|choice| &*choice.name);
            bad("one of the attribute's values", did_you_mean(text, names))
        }
        (Value::String(text), _) if !form::fits(text, form) => {
            bad("a text in which something can be seen", None)
        }
        (Value::String(text), _) if text.len() > limits::FACT_TEXT_BYTES_MAX => {
            bad("a shorter text", None)
        }
        (Value::Timestamp(at), Form::End) if at.seconds() < FIRST => {
            bad("a timestamp from 1970-01-02 on", None)
        }
        _ => Some(value),
    }
}
