//! What is a rule about, and what do its authors call it for their own purposes?

use std::collections::BTreeMap;
use std::sync::Arc;

use super::context::Context;
use super::error::{Kind, meant};
use super::table::{NameForm, Table, Text, fields};
use crate::limits;
use crate::verdict::{RuleTopic, Topic};

/// A topic that all packs know, or `PACK/topic`.
pub(super) fn topic(text: &Text<'_>, context: &Context<'_>) -> Option<RuleTopic> {
    let Some((pack, own)) = text.value.split_once('/') else {
        return text.word("topic", Topic::ALL, Topic::name).map(RuleTopic::BuiltIn);
    };
    let is_name = NameForm::Identifier.fits(own) && text.value.len() <= limits::NAME_BYTES_MAX;
    // Whether the pack is called so is not known where its name could not be read.
    if is_name && context.pack.is_none_or(|known| known == pack) {
        return Some(RuleTopic::Own(Arc::from(text.value)));
    }
    let help = context.pack.filter(|_| is_name).map(|known| meant(&format!("{known}/{own}")));
    text.spot.report_with(Kind::ForeignTopic { topic: text.value.into() }, help);
    None
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
