//! Is a text what an attribute of that form holds, and what was meant where it is not?
//!
//! In: a text and the [`Form`] that the schema gives to an attribute. Out: whether it [`fits`], and
//! what it may have [`mod@meant`]. Campaign documents, typed setters, columns, and the texts that
//! conditions and sets compare with an attribute are all judged here, so that a rule cannot wait for
//! a value that no document may hold.

mod calling;
mod language;
mod meant;
mod number;

pub(crate) use meant::{expected, meant, meant_bool, meant_choice, meant_count, meant_instant};
pub(crate) use number::is_user_id;

use crate::clients::ClientName;
use crate::directory::{is_domain, is_firm, is_id, is_name};
use crate::endpoints::Endpoint;
#[cfg(feature = "screen")]
use crate::limits;
#[cfg(feature = "screen")]
use crate::schema::Attribute;
use crate::schema::{Form, is_country, is_phone, is_region};
use crate::text::is_hidden;
use crate::time::zone::Zone;

/// Whether a text is what an attribute of that form holds.
pub(crate) fn fits(text: &str, form: &Form) -> bool {
    match form {
        Form::OneOf(choices) => choices.iter().any(|choice| *choice.name == *text),
        Form::Any
        | Form::Count
        | Form::CountOrUnlimited
        | Form::Instant
        | Form::End
        | Form::OwnInstant => true,
        Form::Region => is_region(text),
        Form::Domain => is_domain(text),
        Form::Id => is_id(text),
        Form::Name => is_name(text),
        Form::Firm => is_firm(text),
        Form::Text => !text.chars().all(|letter| letter.is_whitespace() || is_hidden(letter)),
        Form::Country => is_country(text),
        Form::Phone => is_phone(text),
        Form::PhoneOrId => is_phone(text) || number::is_number_id(text),
        Form::TimeZone => Zone::kept(text).is_some(),
        Form::Client => ClientName::parse(text).is_ok(),
        Form::Endpoint => Endpoint::parse(text).is_ok(),
        Form::UserId => is_user_id(text),
        Form::Language => language::is_language(text),
    }
}

/// Whether a text is one that an attribute, or a list that it holds, may have.
#[cfg(feature = "screen")]
#[inline]
pub(crate) fn fits_attribute(text: &str, attribute: &Attribute) -> bool {
    text.len() <= limits::FACT_TEXT_BYTES_MAX
        && match &attribute.form {
            Form::Any => true,
            // Most begin with what can be seen.
            Form::Text if text.as_bytes().first().is_some_and(u8::is_ascii_graphic) => true,
            form => fits(text, form),
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;

    #[test]
    fn what_is_meant_fits() {
        let schema = Schema::built_in();
        for (path, text, wanted) in [
            ("access.clients", "nmp/whatsapp-web.js", Some("npm:whatsapp-web.js")),
            ("access.endpoint", "graph.facebook.com/v23.0, x.example", None),
            ("account.number", "whatsapp:+34600000000", Some("+34600000000")),
            ("campaign.vertical", "crypto", Some("currency")),
            ("campaign.template.language", "es_ES_x", Some("es_ES")),
            ("campaign.template.language", "xx_YY_zz", Some("xx_YY")),
            ("campaign.template.language", "en US", Some("en_US")),
            ("campaign.template.language", "Spanish", None),
            ("provider.domain", "https://hubtype.com/", Some("hubtype.com")),
            ("provider.name", "TBD", None),
            ("provider.name", "unkown", None),
            ("provider.name", "0", None),
            ("recipient.country", "UK", Some("GB")),
            ("recipient.phone", "+341", None),
            ("recipient.phone", "0034 600 000 000", Some("+34600000000")),
            ("recipient.region", "California", Some("US-CA")),
            ("recipient.time_zone", "Madrid", Some("Europe/Madrid")),
            ("recipient.user_id", "1349", None),
        ] {
            let form = &schema.attribute(schema.id(path).unwrap()).form;
            assert!(!fits(text, form), "{path}: {text}");
            let found = meant(text, form, None);
            assert!(found.iter().all(|text| fits(text, form)), "{path}: {found:?}");
            if wanted.is_some() {
                assert_eq!(found.first().map(String::as_str), wanted, "{path}: {text}");
            }
        }
    }
}
