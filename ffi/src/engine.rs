//! Who checks?
//!
//! What is behind an engine's handle is replaced as a whole: a check takes a counted reference to
//! what is there when it begins and works on that, so it is never halfway between the old and the
//! new.

use std::ffi::c_char;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use cleartosend::schema::AttributeId;
use cleartosend::{DirectoryStamp, Engine, Pack, PackStamp, Schema};
use serde::Serialize;

use crate::boundary::Failure;
use crate::builder::{Ingredients, cts_builder};
use crate::contract::{called, free};
use crate::error::cts_error;
use crate::handle;
use crate::status::cts_status;
use crate::text::cts_text;

/// Packs and a directory, ready to judge campaigns. May be used by any number of threads at once,
/// also while one of them replaces what it is made of.
pub struct cts_engine(PhantomData<*mut u8>);

crate::handle::handle!(cts_engine holds Live);

/// Makes the engine of the built-in WhatsApp pack and the built-in directory, which is a dated
/// sample.
///
/// `*engine` is the caller's; free it with `cts_engine_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_engine_new_built_in(
    engine: *mut *mut cts_engine,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(engine, "engine");
        let out = out?;
        out.put(handle::give(Live::new(Engine::built_in()?, Ingredients::built_in())));
        Ok(())
    })
}

/// Makes the engine of what a builder has gathered: its packs, on top of the built-in pack
/// `whatsapp` unless that is left out, and its directory, or the built-in sample where it has none.
/// A pack that has anything wrong is refused whole, and there is no engine then.
///
/// Takes no ownership of `builder`. `*engine` is the caller's; free it with `cts_engine_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_engine_new(
    builder: *const cts_builder,
    engine: *mut *mut cts_engine,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(engine, "engine");
        let ingredients = c.shared(builder, "builder")?;
        let out = out?;
        out.put(handle::give(Live::new(ingredients.build()?, ingredients.clone())));
        Ok(())
    })
}

/// Replaces what a live engine is made of, while other threads may be checking: its packs by the
/// builder's, if that has any, and its directory and base document by the builder's, if that has
/// one; what the builder does not name stays.
///
/// The new is made and checked beside the old and put in place in one step. Checks that have begun
/// finish with the old; checks that begin after this function has returned see the new. If anything
/// is wrong, the engine stays as it was. Facts go on being good for the engine unless a pack of the
/// old or the new declares attributes of its own; then checks refuse them with
/// `CTS_ERR_OTHER_ENGINE`.
///
/// Several threads may replace at once; one after the other is served. Takes no ownership of
/// `builder`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_engine_replace(
    engine: *const cts_engine,
    builder: *const cts_builder,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let live = c.shared(engine, "engine")?;
        let ingredients = c.shared(builder, "builder")?;
        live.replace(ingredients)
    })
}

/// Gives what the engine is made of at this moment, also after `cts_engine_replace`, as one line of
/// JSON: `packs` in stacking order, each with its name, version, digest and number of rules, and
/// `directory` and `engine`, as decisions name them.
///
/// `*json` is the caller's; free it with `cts_text_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_engine_info(
    engine: *const cts_engine,
    json: *mut *mut cts_text,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(json, "json");
        let current = c.shared(engine, "engine")?.current();
        let out = out?;
        let text = serde_json::to_string(&EngineInfo::of(&current.engine))
            .map_err(|_| Failure::internal("an engine that cannot be written"))?;
        out.put(handle::give(text));
        Ok(())
    })
}

/// Looks an attribute up by its path, such as `account.quality` or, where a pack declares it,
/// `x.tier`. The number is good for facts of this engine as long as it is not replaced; those of
/// attributes that are not under `x.` are the same for every engine of one version of the library.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_engine_attribute(
    engine: *const cts_engine,
    name: *const c_char,
    name_len: usize,
    attribute: *mut u32,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(attribute, "attribute");
        let current = c.shared(engine, "engine")?.current();
        let name = c.text(name, name_len, "name")?;
        let out = out?;
        let schema = current.engine.schema();
        let id = schema
            .id(name)
            .ok_or_else(|| Failure::unknown_attribute(name, schema.nearest(name)))?;
        out.put(
            current.keys.of(id).ok_or_else(|| Failure::internal("an attribute has no number"))?,
        );
        Ok(())
    })
}

/// Frees an engine; NULL is allowed. No thread may be using it. Facts, decisions and reports made
/// with it stay good.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_engine_free(engine: *mut cts_engine) {
    free!(engine);
}

/// What is behind a [`cts_engine`].
#[derive(Debug)]
pub(crate) struct Live {
    /// Locked only to copy or exchange the pointer, never while anything is checked or built.
    current: RwLock<Arc<Snapshot>>,
    /// What the engine was made of last. Locked by whoever replaces, so that two of them do not
    /// undo each other.
    made_of: Mutex<Ingredients>,
}

/// What an engine is, between two replacements.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) engine: Engine,
    pub(crate) keys: Keys,
}

/// The number by which C knows each attribute: its place in the schema and, above it, a hash of its
/// path, so that the number of an attribute of another engine is refused instead of meaning
/// something else.
#[derive(Clone, Debug)]
pub(crate) struct Keys(Arc<[u32]>);

impl Live {
    fn new(engine: Engine, made_of: Ingredients) -> Self {
        Self { current: RwLock::new(Arc::new(Snapshot::of(engine))), made_of: Mutex::new(made_of) }
    }

    /// What the engine is now.
    pub(crate) fn current(&self) -> Arc<Snapshot> {
        // A lock is poisoned by a panic while it is held; a pointer cannot be left half-written.
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What the engine is now, unless that is already at hand.
    pub(crate) fn if_other_than(&self, at_hand: Option<&Arc<Snapshot>>) -> Option<Arc<Snapshot>> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        if at_hand.is_some_and(|at_hand| Arc::ptr_eq(at_hand, &current)) {
            None
        } else {
            Some(Arc::clone(&current))
        }
    }

    fn replace(&self, ingredients: &Ingredients) -> Result<(), Failure> {
        let mut made_of = self.made_of.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = ingredients.or(&made_of);
        let fresh = Arc::new(Snapshot::of(wanted.build()?));
        *made_of = wanted;
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let old = std::mem::replace(&mut *current, fresh);
        drop(current);
        drop(old);
        Ok(())
    }
}

/// What an engine is made of, for people who ask which rules are in force in a process.
#[derive(Serialize)]
struct EngineInfo {
    packs: Vec<PackInfo>,
    directory: DirectoryStamp,
    engine: &'static str,
}

#[derive(Serialize)]
struct PackInfo {
    #[serde(flatten)]
    stamp: PackStamp,
    rules: usize,
}

impl EngineInfo {
    fn of(engine: &Engine) -> Self {
        let pack =
            |pack: &Arc<Pack>| PackInfo { stamp: PackStamp::of(pack), rules: pack.rules.len() };
        Self {
            packs: engine.packs().iter().map(pack).collect(),
            directory: DirectoryStamp::of(engine.directory()),
            engine: env!("CARGO_PKG_VERSION"),
        }
    }
}

impl Snapshot {
    fn of(engine: Engine) -> Self {
        Self { keys: Keys::of_schema(engine.schema()), engine }
    }
}

impl Keys {
    fn of_schema(schema: &Schema) -> Self {
        Self(
            schema
                .iter()
                .map(|(id, attribute)| u32::from(hash(&attribute.path)) << 16 | u32::from(id.0))
                .collect(),
        )
    }

    fn of(&self, id: AttributeId) -> Option<u32> {
        self.0.get(id.index()).copied()
    }

    /// The attribute that C means.
    #[inline]
    pub(crate) fn id(&self, key: u32) -> Result<AttributeId, Failure> {
        let id = AttributeId((key & 0xffff) as u16);
        if self.of(id) == Some(key) { Ok(id) } else { Err(Failure::foreign_attribute(key)) }
    }
}

/// FNV-1a, folded to sixteen bits. It guards against mistakes, not against malice.
fn hash(path: &str) -> u16 {
    let hash = path
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (hash >> 16 ^ hash & 0xffff) as u16
}
