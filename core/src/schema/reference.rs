//! Which attributes are there, for people to look up?
//!
//! In: a [`Schema`]. Out: the reference page, in Markdown. Nothing on it is written by hand but the
//! few sentences at its top.

use std::fmt::Write as _;

use super::all::Schema;
use super::attribute::{Attribute, Choice, Form, NotGiven, Nullable, Origin};
use super::attributes::VERSION;
use super::collection::Collection;
use super::json_schema::is_required;
use super::levers;

/// The page `docs/reference/attributes.md`: every attribute, given and derived, by the object that
/// holds it, and the lists of objects.
///
/// Objects and their attributes come in declaration order. The page ends with one line feed.
///
/// `read_by_rules` says of an attribute whether some rule of the built-in packs reads it, by itself
/// or by what follows from it.
pub fn markdown(schema: &Schema, read_by_rules: &dyn Fn(&str) -> bool) -> String {
    let mut page = String::new();
    // Writing to a `String` cannot fail.
    let _ = write(&mut page, schema, read_by_rules);
    page
}

fn write(
    page: &mut String,
    schema: &Schema,
    read_by_rules: &dyn Fn(&str) -> bool,
) -> std::fmt::Result {
    writeln!(page, "{}", TOP.replace("{version}", &VERSION.to_string()))?;
    let objects = objects(schema);
    for (object, attributes) in &objects {
        writeln!(
            page,
            "\n## {}\n",
            if object.is_empty() { "The document".to_owned() } else { format!("`{object}`") }
        )?;
        write_attributes(page, attributes, read_by_rules)?;
        for collection in schema
            .collections()
            .iter()
            .filter(|collection| home(&collection.path, &objects) == *object)
        {
            write_collection(page, collection, read_by_rules)?;
        }
    }
    write_absent(page, schema)?;
    write_levers(page, schema)
}

/// Who can change each given member, and where it comes from.
fn write_levers(page: &mut String, schema: &Schema) -> std::fmt::Result {
    writeln!(page, "\n## Who can change it, and where it comes from\n")?;
    writeln!(
        page,
        "What `cts explain` proposes to change, and what it says of a missing member. Nothing is \
         proposed of what nobody can change, and nothing of a\nrecipient but to leave the recipient \
         out. Effort grows from *choice* over *message*, *setting* and *switch* to *standing*: what \
         others decide,\nor only time brings.\n"
    )?;
    writeln!(page, "| member | who | how | effort | comes from |")?;
    writeln!(page, "| --- | --- | --- | --- | --- |")?;
    let values = schema
        .iter_by_path()
        .filter_map(|(id, attribute)| Some((&*attribute.path, levers::of(id)?)));
    let lists = schema
        .collections()
        .iter()
        .filter_map(|list| Some((&*list.path, levers::of_list(&list.path)?)));
    let mut rows: Vec<(&str, &levers::Lever)> = values.chain(lists).collect();
    rows.sort_by_key(|(path, _)| *path);
    for (path, lever) in rows {
        let is_changed = lever.to != levers::Proposal::Nothing;
        writeln!(
            page,
            "| `{path}` | {} | {} | {} | {} |",
            lever.by.name(),
            cell(lever.how),
            if is_changed { lever.effort.name() } else { "–" },
            cell(lever.comes_from)
        )?;
    }
    Ok(())
}

/// The members whose leaving out is an answer.
fn write_absent(page: &mut String, schema: &Schema) -> std::fmt::Result {
    writeln!(page, "\n## Absent when not given\n")?;
    writeln!(
        page,
        "Leaving one of these out says that there is none, and no rule asks for it. Any other \
         member that a rule needs is missing when it is left out.\n"
    )?;
    writeln!(page, "| attribute | why |")?;
    writeln!(page, "| --- | --- |")?;
    schema.absent_when_not_given().try_for_each(|(attribute, reason)| {
        writeln!(page, "| `{}` | {} |", attribute.path, cell(reason))
    })
}

const TOP: &str = "\
# Attributes

<!-- Generated from core/src/schema by `cargo xtask generate`; do not edit. -->

Schema version {version}. An attribute's value in one evaluation is a *fact*: a value, *absent* \
                   (known not to exist) or *unknown*.

- **Origin.** *Given* attributes are members of the campaign document. *Derived* ones follow from \
                   others and are never given. One that is
  *given or derived* may be given, and follows from others where it is not.
- **Nullable.** `null` for a nullable attribute means absent, and rules use it behind `has(…)`; \
                   for another it means unknown. `null` for
  a whole object makes all its members unknown.
- **Not given.** What it means to leave the member out of the document.
- **Scope.** Rules that read an attribute of *recipient* scope are evaluated for each recipient, \
                   the others once for the campaign.";

/// The attributes by the object that holds them, in declaration order. The document comes first,
/// under an empty name.
fn objects(schema: &Schema) -> Vec<(&str, Vec<&Attribute>)> {
    let mut objects: Vec<(&str, Vec<&Attribute>)> = Vec::new();
    for (_, attribute) in schema.iter() {
        let object = parent(&attribute.path);
        match objects.iter_mut().find(|(name, _)| *name == object) {
            Some((_, attributes)) => attributes.push(attribute),
            None => objects.push((object, vec![attribute])),
        }
    }
    objects
}

/// The object under which a list is described: its own name where derived attributes have it for
/// their object, else what holds it.
fn home<'a>(list: &'a str, objects: &[(&str, Vec<&Attribute>)]) -> &'a str {
    if objects.iter().any(|(object, _)| *object == list) { list } else { parent(list) }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(parent, _)| parent)
}

fn write_attributes(
    page: &mut String,
    attributes: &[&Attribute],
    read_by_rules: &dyn Fn(&str) -> bool,
) -> std::fmt::Result {
    writeln!(page, "| attribute | type | nullable | not given | scope | origin | definition |")?;
    writeln!(page, "| --- | --- | --- | --- | --- | --- | --- |")?;
    for attribute in attributes {
        writeln!(
            page,
            "| `{}` | {} | {} | {} | {} | {} | {}{} |",
            attribute.path,
            kind(attribute),
            nullable(attribute),
            not_given(attribute),
            attribute.scope.name(),
            origin(attribute),
            cell(&attribute.doc),
            if read_by_rules(&attribute.path) { "" } else { UNREAD },
        )?;
    }
    for attribute in attributes {
        write_choices(page, &attribute.path, attribute)?;
    }
    Ok(())
}

/// What the definition of an attribute ends with that decides nothing.
const UNREAD: &str = " *No rule of the built-in packs reads this.*";

fn write_collection(
    page: &mut String,
    collection: &Collection,
    read_by_rules: &dyn Fn(&str) -> bool,
) -> std::fmt::Result {
    writeln!(page, "\n### `{}[]`\n", collection.path)?;
    writeln!(
        page,
        "A list of objects, which rules see only through derived attributes. {}{}\n",
        collection.doc,
        if read_by_rules(&collection.path) { "" } else { UNREAD }
    )?;
    writeln!(page, "| member | type | nullable | not given | definition |")?;
    writeln!(page, "| --- | --- | --- | --- | --- |")?;
    for member in collection.members.iter() {
        writeln!(
            page,
            "| `{}` | {} | {} | {} | {} |",
            member.path,
            kind(member),
            nullable(member),
            not_given(member),
            cell(&member.doc)
        )?;
    }
    for member in collection.members.iter() {
        write_choices(page, &format!("{}[].{}", collection.path, member.path), member)?;
    }
    Ok(())
}

/// Type, form and unit in a few words.
fn kind(attribute: &Attribute) -> String {
    let mut text = attribute.ty.to_string();
    let form = match &attribute.form {
        Form::Any => "",
        Form::OneOf(_) if attribute.ty.is_list() => "each one of the values below",
        Form::OneOf(_) => "one of the values below",
        Form::Country => "ISO 3166-1 alpha-2",
        Form::Phone => "E.164",
        Form::PhoneOrId => "E.164, or a phone-number id",
        Form::TimeZone => "IANA time zone",
        Form::Region => "ISO 3166-2",
        Form::Domain => "a host name such as `example.com`",
        Form::Id => "not empty, no blanks",
        Form::Name | Form::Firm | Form::Text => "not empty",
        Form::Instant | Form::End | Form::OwnInstant => "",
        Form::Client => "each `ecosystem:name` or a package URL",
        Form::Endpoint => "an address such as `https://graph.facebook.com/v23.0`",
        Form::UserId => {
            "country code, dot, up to 128 letters and digits; a parent id has `ENT.` before them"
        }
        Form::Language => "such as `es` or `es_ES`",
        Form::Count => "0 or more",
        Form::CountOrUnlimited => "0 or more, or `\"unlimited\"`",
    };
    if !form.is_empty() {
        text.push_str(", ");
        text.push_str(form);
    }
    if let Some(unit) = &attribute.unit {
        text.push_str(", in ");
        text.push_str(unit);
    }
    text
}

fn nullable(attribute: &Attribute) -> &'static str {
    match attribute.nullable {
        Nullable::Yes => "yes",
        Nullable::No => "no",
    }
}

fn not_given(attribute: &Attribute) -> &'static str {
    match (attribute.origin, &attribute.not_given) {
        (Origin::Derived, _) => "–",
        (Origin::GivenOrDerived, _) => "derived",
        (Origin::Given, _) if is_required(attribute) => "an error",
        (Origin::Given, NotGiven::Unknown) => "unknown",
        (Origin::Given, NotGiven::Absent { .. }) => "absent",
        (Origin::Given, NotGiven::Value(_)) => "a value",
    }
}

fn origin(attribute: &Attribute) -> &'static str {
    match attribute.origin {
        Origin::Given => "given",
        Origin::Derived => "derived",
        Origin::GivenOrDerived => "given or derived",
    }
}

/// The allowed values: in one line where the names say it all, else one a line with what they mean.
fn write_choices(page: &mut String, path: &str, attribute: &Attribute) -> std::fmt::Result {
    let Some(choices) = attribute.choices() else { return Ok(()) };
    if choices.iter().all(|choice| choice.doc.is_empty()) {
        let names: Vec<String> =
            choices.iter().map(|choice| format!("`{}`", choice.name)).collect();
        return writeln!(page, "\nValues of `{path}`: {}.", names.join(", "));
    }
    writeln!(page, "\nValues of `{path}`:\n")?;
    choices.iter().try_for_each(|choice| write_choice(page, choice))
}

fn write_choice(page: &mut String, choice: &Choice) -> std::fmt::Result {
    if choice.doc.is_empty() {
        writeln!(page, "- `{}`", choice.name)
    } else {
        writeln!(page, "- `{}`: {}", choice.name, choice.doc)
    }
}

/// A text as one table cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(path: &str) -> String {
        let start = format!("| `{path}` |");
        markdown(&Schema::built_in(), &|_| true)
            .lines()
            .find(|line| line.starts_with(&start))
            .unwrap_or_default()
            .to_owned()
    }

    #[test]
    fn every_attribute_has_one_row_and_every_list_its_members() {
        let page = markdown(&Schema::built_in(), &|_| true);
        for (_, attribute) in Schema::built_in().iter() {
            let start = format!("\n| `{}` | {}", attribute.path, attribute.ty);
            assert_eq!(page.matches(&start).count(), 1, "{}", attribute.path);
        }
        for collection in Schema::built_in().collections() {
            let heading = format!("### `{}[]`", collection.path);
            assert_eq!(page.matches(&heading).count(), 1, "{}", collection.path);
            let (_, after) = page.split_once(&heading).unwrap();
            let list = after.split("\n## ").next().unwrap_or_default();
            for member in collection.members.iter() {
                assert!(
                    list.contains(&format!("| `{}` |", member.path)),
                    "{}[].{}",
                    collection.path,
                    member.path
                );
            }
        }
    }

    #[test]
    fn a_row_says_what_leaving_out_means() {
        assert_eq!(row("send_at").split('|').nth(4).unwrap().trim(), "an error");
        assert_eq!(row("provider.name").split('|').nth(4).unwrap().trim(), "unknown");
        assert_eq!(row("recipient.country").split('|').nth(4).unwrap().trim(), "derived");
        assert_eq!(row("provider.listing").split('|').nth(4).unwrap().trim(), "–");
    }

    #[test]
    fn an_attribute_that_no_rule_reads_says_so() {
        let page = markdown(&Schema::built_in(), &|path| path != "account.name");
        let says_so: Vec<&str> = page.lines().filter(|line| line.contains(UNREAD.trim())).collect();
        assert!(
            matches!(says_so[..], [line] if line.starts_with("| `account.name` |")),
            "{says_so:?}"
        );
    }

    #[test]
    fn values_are_reported_with_their_meaning() {
        let page = markdown(&Schema::built_in(), &|_| true);
        assert!(
            page.contains("\n- `service`: free-form traffic inside the service window"),
            "{page}"
        );
        assert!(page.contains("\nValues of `recipient.opt_in`: `given`, `none`.\n"), "{page}");
        assert!(page.contains("\nValues of `account.restrictions[].kind`:\n"), "{page}");
    }
}
