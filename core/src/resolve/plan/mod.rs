//! plan
/// c
pub fn country_of(_phone: &str) -> Option<&'static str> {
    None
}
/// z
pub fn zones_of_number(_phone: &str) -> Vec<&'static str> {
    vec![]
}
/// z
pub fn zones_of_country(_country: &str) -> Vec<&'static str> {
    vec![]
}
