//! Does a region lie in its country?

use crate::schema::regions;
use crate::value::{Fact, Value};

/// Whether a given region lies in another country.
pub(super) fn elsewhere(region: &Fact, country: Option<&str>) -> Fact {
    match (region, country) {
        (Fact::Absent, _) => Fact::Value(Value::Bool(false)),
        (Fact::Value(Value::String(region)), Some(country)) => {
            Fact::Value(Value::Bool(!regions::lies_in(region, country)))
        }
        _ => Fact::Unknown,
    }
}
