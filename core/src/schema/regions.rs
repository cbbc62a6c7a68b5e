//! Parts of countries: ISO 3166-2.

/// Whether a region lies in a country, by their codes. Some regions are countries of ISO 3166-1 too, and then lie in both.
pub(crate) fn lies_in(region: &str, country: &str) -> bool {
    let is_of = region.split_once('-').is_some_and(|(of, _)| of == country);
    is_of || COUNTRIES_TOO.iter().any(|(known, also)| *known == region && *also == country)
}

/// Regions of one country with a country code of their own.
const COUNTRIES_TOO: &[(&str, &str)] = &[
    ("CN-HK", "HK"),
    ("CN-MO", "MO"),
    ("CN-TW", "TW"),
    ("FI-01", "AX"),
    ("FR-971", "GP"),
    ("FR-972", "MQ"),
    ("FR-973", "GF"),
    ("FR-974", "RE"),
    ("FR-976", "YT"),
    ("FR-BL", "BL"),
    ("FR-MF", "MF"),
    ("FR-NC", "NC"),
    ("FR-PF", "PF"),
    ("FR-PM", "PM"),
    ("FR-TF", "TF"),
    ("FR-WF", "WF"),
    ("NL-AW", "AW"),
    ("NL-BQ1", "BQ"),
    ("NL-BQ2", "BQ"),
    ("NL-BQ3", "BQ"),
    ("NL-CW", "CW"),
    ("NL-SX", "SX"),
    ("NO-21", "SJ"),
    ("NO-22", "SJ"),
    ("US-AS", "AS"),
    ("US-GU", "GU"),
    ("US-MP", "MP"),
    ("US-PR", "PR"),
    ("US-UM", "UM"),
    ("US-VI", "VI"),
];
