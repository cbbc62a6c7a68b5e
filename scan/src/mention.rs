//! What does a file say of a name?

use cleartosend::expert::clients::Ecosystem;
use serde::Serialize;

use crate::format::Format;
use crate::place::At;

/// How a name came into a file; the strongest evidence last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Via {
    /// It stands in a source file.
    Source,
    /// A command names it, of a script or an image's build.
    Command,
    /// Something else needs it.
    Transitive,
    /// It stands in a lock file that does not tell whether the project itself needs it.
    Locked,
    /// The tree calls itself so.
    Own,
    /// The project itself asks for it.
    Direct,
    /// It is installed under another name.
    Alias,
}

impl Via {
    pub(crate) const ALL: [Self; 7] = [
        Self::Source,
        Self::Command,
        Self::Transitive,
        Self::Locked,
        Self::Own,
        Self::Direct,
        Self::Alias,
    ];
}

/// What speaks for it that this is a client of WhatsApp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Evidence {
    /// The catalogue lists the name of what is used.
    Name,
    /// The catalogue lists the name under which something else is installed, so that code written
    /// for the one calls the other.
    Key,
    /// The catalogue lists the name that the tree gives itself.
    OwnName,
    /// The name is that of a listed image under another registry.
    ImageCopy,
    /// The name looks like that of a fork of a listed client.
    Resemblance,
    /// A source file has the name or the address literally.
    SourceString,
}

impl Evidence {
    pub(crate) const ALL: [Self; 6] = [
        Self::Name,
        Self::Key,
        Self::OwnName,
        Self::ImageCopy,
        Self::Resemblance,
        Self::SourceString,
    ];
}

/// A name as a reader found it.
#[derive(Clone, Copy)]
pub(crate) struct Mention<'m> {
    pub(crate) ecosystem: Ecosystem,
    pub(crate) name: &'m str,
    /// The name that the project uses for it, where that is another.
    pub(crate) alias: Option<&'m str>,
    pub(crate) version: Option<&'m str>,
    pub(crate) via: Via,
    pub(crate) at: At,
}

/// What kind of text is read: what a manifest says is installed, what stands in a source may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Saying {
    Installs,
    Mentions,
}

/// Another file that this one names, and how it is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Include {
    pub(crate) path: String,
    pub(crate) at: At,
    pub(crate) want: Want,
    pub(crate) format: Format,
}

/// A file that stands within another: in a `ConfigMap`, or in what a machine writes when it
/// starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Embedded {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) at: At,
}

/// What it means if the file is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    /// Something that is installed is not known.
    Required,
    /// The path may be one of another machine.
    IfThere,
}
