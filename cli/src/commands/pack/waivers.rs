//! Which waivers of a pack lower nothing?

use cleartosend::expert::decide::WrittenDate;
use cleartosend::expert::matching::{Idle, idle_waivers};
use cleartosend::expert::text::escaped;
use cleartosend::{Engine, EngineError, Pack, PackFile, Timestamp};

use crate::failure::Failure;

/// A line for each, with its place. Rules of built-in packs are looked up there.
pub(super) fn idle(
    pack: &Pack,
    (called, files): (&str, &[PackFile]),
    at: Timestamp,
) -> Result<Vec<String>, Failure> {
    if pack.waivers.is_empty() {
        return Ok(Vec::new());
    }
    let is_named = |name: &&str| {
        *name != &*pack.name && pack.waivers.iter().any(|waiver| *waiver.pack == **name)
    };
    let named = Pack::built_in_names().filter(is_named);
    let builder = named.fold(Engine::builder(), cleartosend::EngineBuilder::built_in_pack);
    let engine = builder.pack(called, files.to_vec()).build().map_err(|error| match &error {
        EngineError::Pack { errors, .. } => Failure::of_pack(called, files, errors),
        other => Failure::of_engine(other),
    })?;
    let idle = idle_waivers(engine.program(), at);
    let line = |(waiver, why): &(&cleartosend::pack::Waiver, Idle)| {
        let why = match why {
            Idle::Ended => format!("ended on {}", WrittenDate(waiver.until)),
            Idle::LowersNothing => "lowers nothing: the rule finds no more than that".to_owned(),
            Idle::NeverMeets => "lowers nothing: no case of its own breaks the rule".to_owned(),
            Idle::PackNotLoaded => {
                format!("is of a pack that is not built in: `{}`", escaped(&waiver.pack))
            }
        };
        let (called, of) = (escaped(called), waiver.of());
        format!("{called}/{}: warning: the waiver of `{}` {why}\n", waiver.place, escaped(&of))
    };
    Ok(idle.iter().map(line).collect())
}
