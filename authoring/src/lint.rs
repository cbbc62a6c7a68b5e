//! What in a pack is allowed and probably not meant?

use std::collections::BTreeSet;
use std::sync::Arc;

use cleartosend::analyse::Warning;
use cleartosend::pack::{Exempted, Exemption, ExemptionOf};
use cleartosend::{Engine, EngineBuilder, EngineError, Pack, Timestamp};
use serde_json::json;

/// What in a pack is allowed and probably not meant, but for what its exemptions cover. Its waivers
/// are judged at an instant, and may be of rules of built-in packs.
///
/// # Errors
/// Tests that cannot be read; waivers that fit no rule.
pub fn lint(pack: &Arc<Pack>, at: Timestamp) -> Result<Vec<Warning>, EngineError> {
    let tests = pack.tests().map_err(|errors| {
        let pack = pack.name.to_string();
        EngineError::Pack { pack, errors }
    })?;
    let is_named = |name: &&str| {
        *name != &*pack.name && pack.waivers.iter().any(|waiver| *waiver.pack == **name)
    };
    let named = Pack::built_in_names().filter(is_named);
    let builder = named.fold(Engine::builder().without_built_in(), EngineBuilder::built_in_pack);
    let engine = builder.draft(Arc::clone(pack)).build()?;
    Ok(without_meant(engine.warnings(&pack.name, at), &tests.exemptions))
}

/// What a pack holds and what [`lint`] says of it, as one line of JSON.
pub fn lint_json(pack: &Pack, tests: usize, warnings: &[Warning]) -> String {
    let warnings = warnings.iter().map(|warning| {
        json!({
            "code": warning.code,
            "file": &*warning.place.file,
            "line": warning.place.line,
            "column": warning.place.column,
            "message": warning.message,
        })
    });
    json!({
        "pack": &*pack.name,
        "version": pack.version.to_string(),
        "digest": pack.digest.to_string(),
        "rules": pack.rules.len(),
        "sets": pack.sets.len(),
        "ladders": pack.ladders.len(),
        "tests": tests,
        "warnings": warnings.collect::<Vec<_>>(),
    })
    .to_string()
}

/// The warnings that no exemption covers, and one for each exemption that covers none.
fn without_meant(found: Vec<Warning>, exemptions: &[Exemption]) -> Vec<Warning> {
    let of_exemption = |exemption: &Exemption| match (&exemption.of, &exemption.what) {
        (ExemptionOf::Rule(rule), Exempted::Lint(code)) => {
            Some((Arc::clone(rule), Arc::clone(code)))
        }
        _ => None,
    };
    let of_warning = |warning: &Warning| {
        Some((warning.rule.clone()?, Arc::from(warning.code.strip_prefix("lint/")?)))
    };
    let exempt: BTreeSet<(Arc<str>, Arc<str>)> =
        exemptions.iter().filter_map(of_exemption).collect();
    let warned: BTreeSet<(Arc<str>, Arc<str>)> = found.iter().filter_map(of_warning).collect();
    let idle = exemptions.iter().filter(|exemption| {
        matches!(exemption.what, Exempted::Lint(_))
            && !of_exemption(exemption).is_some_and(|exempt| warned.contains(&exempt))
    });
    let idle: Vec<Warning> =
        idle.map(|exemption| Warning::idle_exemption(exemption.place.clone())).collect();
    let is_shown =
        |warning: &Warning| !of_warning(warning).is_some_and(|warned| exempt.contains(&warned));
    found.into_iter().filter(is_shown).chain(idle).collect()
}
