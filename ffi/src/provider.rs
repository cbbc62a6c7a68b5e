//! What does the directory say of a provider?

use std::marker::PhantomData;

use cleartosend::directory::Identity;
use cleartosend::expert::facts::check_identity;

use crate::contract::{called, free};
use crate::engine::cts_engine;
use crate::error::cts_error;
use crate::facts::instant;
use crate::handle;
use crate::input::StartsWithSize;
use crate::status::{cts_listing, cts_status};
use crate::text::cts_str;

/// What the directory says of a provider. Never changes; may be read by several threads at once.
pub struct cts_provider(PhantomData<*mut u8>);

crate::handle::handle!(cts_provider holds Answer);

/// What the caller knows of a provider. A text that is not there (NULL, 0) is not known.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cts_identity {
    /// `sizeof(cts_identity)`, set by `CTS_IDENTITY_INIT`.
    pub struct_size: usize,
    /// Its id in the directory.
    pub id: cts_str,
    /// Its name.
    pub name: cts_str,
    /// Its web domain, at any depth: `app.hubtype.com` is as good as `hubtype.com`.
    pub domain: cts_str,
}

/// What the directory says. Texts are borrowed from the `cts_provider` and die with it; each may be
/// not there (NULL).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cts_provider_info {
    /// `sizeof(cts_provider_info)`, set by `CTS_PROVIDER_INFO_INIT`.
    pub struct_size: usize,
    /// Whether the provider is listed.
    pub listing: cts_listing,
    /// Of the entry that everything known leads to: its id.
    pub id: cts_str,
    /// Its name.
    pub name: cts_str,
    /// The role that it is listed in.
    pub role: cts_str,
    /// What the entry rests on, in words.
    pub evidence: cts_str,
    /// Of the known provider that this one imitates, where it does: its id.
    pub lookalike_id: cts_str,
    /// Its name.
    pub lookalike_name: cts_str,
}

/// Asks the engine's directory about a provider at an instant: seconds since 1970-01-01T00:00:00Z
/// and nanoseconds after them. `who->struct_size` must be set, as by `CTS_IDENTITY_INIT`. Of a
/// provider about which nothing is known, the listing is unknown.
///
/// `*provider` is the caller's; free it with `cts_provider_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_engine_find_provider(
    engine: *const cts_engine,
    who: *const cts_identity,
    seconds: i64,
    nanos: u32,
    provider: *mut *mut cts_provider,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(provider, "provider");
        let current = c.shared(engine, "engine")?.current();
        let who = c.structure(who, "who")?;
        let at = instant(seconds, nanos)?;
        let out = out?;
        let id = c.optional_text(who.id, "who->id")?;
        let name = c.optional_text(who.name, "who->name")?;
        let domain = c.optional_text(who.domain, "who->domain")?;
        let who = Identity { id, name, domain };
        check_identity(&who)?;
        let found = current.engine.directory().find(&who, at);
        out.put(handle::give(Answer {
            listing: found.listing.into(),
            id: found.entry.map(|entry| entry.id().to_owned()),
            name: found.entry.map(|entry| entry.name().to_owned()),
            role: found.entry.and_then(|entry| entry.role()).map(str::to_owned),
            evidence: found.entry.and_then(|entry| entry.evidence()).map(str::to_owned),
            lookalike_id: found.lookalike.as_ref().map(|lookalike| lookalike.of.id().to_owned()),
            lookalike_name: found
                .lookalike
                .as_ref()
                .map(|lookalike| lookalike.of.name().to_owned()),
        }));
        Ok(())
    })
}

/// Gives what the directory says. `info->struct_size` must be set, as by `CTS_PROVIDER_INFO_INIT`.
///
/// The texts in `*info` are borrowed from `provider` and die with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_provider_read(
    provider: *const cts_provider,
    info: *mut cts_provider_info,
) -> cts_status {
    called!(|c| {
        let info = c.sized(info, "info");
        let answer = c.shared(provider, "provider")?;
        let info = info?;
        let text = |text: &Option<String>| cts_str::of_option(text.as_deref());
        info.put(cts_provider_info {
            struct_size: size_of::<cts_provider_info>(),
            listing: answer.listing,
            id: text(&answer.id),
            name: text(&answer.name),
            role: text(&answer.role),
            evidence: text(&answer.evidence),
            lookalike_id: text(&answer.lookalike_id),
            lookalike_name: text(&answer.lookalike_name),
        });
        Ok(())
    })
}

/// Frees what the directory said; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_provider_free(provider: *mut cts_provider) {
    free!(provider);
}

/// What is behind a [`cts_provider`].
#[derive(Debug)]
pub(crate) struct Answer {
    listing: cts_listing,
    id: Option<String>,
    name: Option<String>,
    role: Option<String>,
    evidence: Option<String>,
    lookalike_id: Option<String>,
    lookalike_name: Option<String>,
}

// SAFETY: `repr(C)`, the size first, and all zero is a value.
unsafe impl StartsWithSize for cts_identity {
    const SIZES: &'static [usize] = &[size_of::<Self>()];
}
// SAFETY: `repr(C)`, the size first, and all zero is a value.
unsafe impl StartsWithSize for cts_provider_info {
    const SIZES: &'static [usize] = &[size_of::<Self>()];
}
