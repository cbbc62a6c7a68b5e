//! The words of the catalogue: standing, kind, confidence.

use crate::verdict::names;

names! {
    /// The standing of a client, the worst last: of several clients the worst counts.
    ClientStatus {
        /// Posts to the official API, or is WhatsApp's own app for businesses.
        Official = "official",
        /// The catalogue does not list it.
        Unrecognised = "unrecognised",
        /// The catalogue lists it, but its entry is unconfirmed.
        Unchecked = "unchecked",
        /// It serves the official API and an unofficial way alike, or its name does not tell.
        Undecided = "undecided",
        /// Re-implements or drives the consumer client.
        Unofficial = "unofficial",
    }
}

names! {
    /// How a client talks to WhatsApp.
    Kind {
        /// Re-implements the protocol of a linked device.
        Web = "web",
        /// Re-implements the old protocol of the phone app.
        Phone = "phone",
        /// Drives the web client in a browser.
        Browser = "browser",
        /// Drives an app by clicks, keys or pictures.
        Gui = "gui",
        /// An HTTP service over one of the above, or a client of such a service.
        Gateway = "gateway",
        /// Such a service sold by a third party.
        Hosted = "hosted",
        /// A modified copy of the app.
        ModifiedApp = "modified_app",
        /// WhatsApp's own app for businesses, which a person uses by hand.
        BusinessApp = "business_app",
        /// The official API.
        Cloud = "cloud",
        /// The official API or an unofficial way: only the configuration decides which.
        Both = "both",
        /// Not known.
        Unstated = "unstated",
    }
}

impl Kind {
    /// Whether it re-implements or drives the consumer client.
    pub const fn is_unofficial(self) -> bool {
        match self {
            Self::Web
            | Self::Phone
            | Self::Browser
            | Self::Gui
            | Self::Gateway
            | Self::Hosted
            | Self::ModifiedApp => true,
            Self::BusinessApp | Self::Cloud | Self::Both | Self::Unstated => false,
        }
    }
}

names! {
    /// How well an entry is founded.
    EntryConfidence {
        /// The name stands in its registry's public list, with a summary that tells the kind.
        Listed = "listed",
        /// The name was seen in public code or pages.
        Secondary = "secondary",
        /// No page was read. Such an entry is always unchecked.
        Unconfirmed = "unconfirmed",
    }
}

/// What a name that is not listed has in common with a listed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Likeness {
    /// An image with the same name under another registry, or with no owner in its name.
    Copy,
    /// The same name where packages of the other ecosystem are published again.
    Kin,
    /// A whole word of the name is one that a listed library made its own.
    Fork,
}
