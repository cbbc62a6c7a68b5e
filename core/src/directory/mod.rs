//! Who was listed, when? Who looks alike? Which clients and endpoints are official?

pub mod clients;
pub mod endpoints;
