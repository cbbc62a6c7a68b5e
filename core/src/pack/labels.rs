//! What is a rule about, and what do its authors call it for their own purposes?

use std::collections::BTreeMap;
use std::sync::Arc;

use super::context::Context;
use super::error::{Kind, Shown, meant, one_of_words};
use super::table::{NameForm, Table, Text, fields};
use crate::limits;
use crate::verdict::{RuleTopic, Topic};

/// A topic that all packs know, or `PACK/topic`.
pub(super) fn topic(text: &Text<'_>, context: &Context<'_>) -> Option<RuleTopic> {
    let Some((pack, own)) = text.value.split_once('/') else {
        let known = Topic::ALL.iter().find(|topic| topic.name() == text.value);
        if known.is_none() {
            let kind = Kind::UnknownWord { what: "topic", word: text.value.into() };
            let names: Vec<&str> = Topic::ALL.iter().map(|topic| topic.name()).collect();
            let help = one_of_words(text.value, &names).map(|help| match context.pack {
                Some(pack) if help.starts_with("expected") && is_own(text.value) => {
                    format!(
                        "{help}; a topic of your own is {}",
                        Shown::from(format!("{pack}/{}", text.value).as_str())
                    )
                }
                _ => help,
            });
            text.spot.report_with(kind, help);
        }
        return known.copied().map(RuleTopic::BuiltIn);
    };
    let is_name = is_own(own) && text.value.len() <= limits::NAME_BYTES_MAX;
    // Whether the pack is called so is not known where its name could not be read.
    if is_name && context.pack.is_none_or(|known| known == pack) {
        return Some(RuleTopic::Own(Arc::from(text.value)));
    }
    let help = context.pack.filter(|_| is_name).map(|known| meant(&format!("{known}/{own}")));
    text.spot.report_with(Kind::ForeignTopic { topic: text.value.into() }, help);
    None
}

/// Whether a topic of a pack's own can be called so.
fn is_own(name: &str) -> bool {
    NameForm::Identifier.fits(name) && name.len() <= limits::NAME_BYTES_MAX
}

/// `labels = { team = "legal" }`: a name and a text each. Outer `None` where something was
/// reported.
pub(super) fn read(table: &Table<'_>) -> Option<Arc<BTreeMap<Arc<str>, Arc<str>>>> {
    let Some(field) = table.optional("labels") else { return Some(Arc::default()) };
    let entries = fields(&field.spot, field.entries()?);
    if entries.len() > limits::LABELS_MAX {
        field.key_text().spot.report(Kind::TooManyLabels);
        return None;
    }
    let mut labels = BTreeMap::new();
    for entry in &entries {
        let is_name = entry.key_text().check_name("a label", NameForm::Dotted);
        let text = entry.text().filter(|text| {
            let fits = text.value.len() <= limits::LABEL_BYTES_MAX;
            if !fits {
                text.spot.report(Kind::LongLabel { bytes: text.value.len() });
            }
            fits
        });
        if let Some(text) = text.filter(|_| is_name) {
            labels.insert(Arc::from(entry.key), Arc::from(text.value));
        }
    }
    (labels.len() == entries.len()).then(|| Arc::new(labels))
}
