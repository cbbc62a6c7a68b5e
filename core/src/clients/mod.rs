//! Is this package, image, service or address an official way to WhatsApp?
//!
//! In: the dated catalogue in `packs/clients/catalogue.toml`, which is compiled in, or another file
//! of the same form: one record a project, with all its names. Out: a [`Catalogue`], asked by
//! ecosystem and name, or by the address that messages are posted to. A name matches whole, after
//! the normalisation of its ecosystem (see [`Ecosystem`]); parts of names never match, since
//! `whatsapp` on npm is Meta's own SDK and `jagproject` is not. A [`ClientName`] is a client as
//! callers write it.
//!
//! A catalogue does not know what it does not list: such a client is
//! [`ClientStatus::Unrecognised`], which accuses nobody. An entry that nobody has confirmed is
//! [`ClientStatus::Unchecked`], whatever else it states; a catalogue that claims more is refused.

mod address;
mod catalogue;
mod ecosystem;
mod likeness;
mod read;
mod source;
mod word;
mod written;

pub(crate) use address::is_within;
pub use address::{Address, Pattern};
pub use catalogue::{Catalogue, Client};
pub use ecosystem::Ecosystem;
pub use read::CatalogueError;
pub use source::Source;
pub use word::{ClientStatus, EntryConfidence, Kind, Likeness};
pub use written::{ClientName, ClientNameError};

#[cfg(test)]
mod tests;
