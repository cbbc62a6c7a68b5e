//! Of what is there a JSON Schema?

use clap::builder::PossibleValuesParser;
use cleartosend::pack::FileSchema;
use cleartosend::schema::json_schema::campaign_schema;
use cleartosend::{Decision, Directory, Explanation, Schema, Summary};
use cleartosend_evidence::Record;
use cleartosend_scan::Report;
use serde_json::Value as Json;

use crate::config;

/// What a JSON Schema is made from.
type Make = fn(&Schema) -> Json;

/// All but the files of packs, by name.
const DOCUMENTS: [(&str, Make); 8] = [
    ("campaign", campaign_schema),
    ("decision", |_| Decision::json_schema()),
    ("explanation", |_| Explanation::json_schema()),
    ("summary", |_| Summary::json_schema()),
    ("record", |_| Record::json_schema()),
    ("scan", |_| Report::json_schema()),
    ("directory", |_| Directory::json_schema()),
    ("config", config::json_schema),
];

/// The names that can be asked for.
pub(crate) fn schema_kinds() -> PossibleValuesParser {
    let documents = DOCUMENTS.iter().map(|(name, _)| *name);
    let of_packs = FileSchema::ALL.iter().map(|kind| kind.name());
    documents.chain(of_packs).collect::<Vec<_>>().into()
}

/// The schema of that name; that of campaign documents, if none is asked for.
pub(crate) fn json_schema(kind: Option<&str>, schema: &Schema) -> Json {
    let kind = kind.unwrap_or("campaign");
    if let Some(of_packs) = FileSchema::from_name(kind) {
        return of_packs.json(schema);
    }
    let document = DOCUMENTS.iter().find(|(name, _)| *name == kind);
    document.map_or(campaign_schema as Make, |(_, make)| *make)(schema)
}
