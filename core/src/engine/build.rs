//! What is an engine made of?

use std::collections::BTreeSet;
use std::sync::Arc;

use once_cell::sync::OnceCell;

use super::error::EngineError;
use super::parts::{Engine, Parts};
use crate::clients::Catalogue;
use crate::compile;
use crate::decide::Stamp;
use crate::directory::{self, Directory};
use crate::facts::Facts;
use crate::matching::{self, order::Order};
use crate::pack::{self, NewWaiver, Pack, PackFile, Waiver, Waivers};
use crate::resolve::{Wanted, plan};
use crate::schema::{self, AttributeId, Schema};
use crate::time::zone;

/// The pack of the engine that is built in.
const BUILT_IN_PACK: &str = "whatsapp";

impl Engine {
    /// The engine of the built-in WhatsApp pack and the built-in sample directory, made once.
    ///
    /// # Errors
    /// Never in a released engine: what is built in is loaded in its tests.
    pub fn built_in() -> Result<Self, EngineError> {
        static BUILT_IN: OnceCell<Engine> = OnceCell::new();
        BUILT_IN.get_or_try_init(|| Self::builder().build()).cloned()
    }

    /// An engine of other packs, or another directory.
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }
}

/// Gathers what an engine is made of: packs on top of the built-in pack `whatsapp`, and a
/// directory.
///
/// A pack that is added and is itself called `whatsapp` takes the place of the built-in one. The
/// built-in sample directory is used unless another is given.
///
/// ```
/// use cleartosend::Engine;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let engine = Engine::builder().built_in_pack("messaging-law").build()?;
/// let names: Vec<&str> = engine.packs().iter().map(|pack| &*pack.name).collect();
/// assert_eq!(names, ["whatsapp", "messaging-law"]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct EngineBuilder {
    beneath: Beneath,
    packs: Vec<Source>,
    directory: Option<Arc<Directory>>,
    base: Option<Vec<u8>>,
    waivers: Vec<Waivers>,
}

/// Whether the built-in pack `whatsapp` lies beneath what is added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Beneath {
    #[default]
    BuiltIn,
    Nothing,
}

#[derive(Clone, Debug)]
enum Source {
    BuiltIn(String),
    Files { called: String, files: Vec<PackFile> },
    Loaded(Arc<Pack>),
    Draft(Arc<Pack>),
}

impl EngineBuilder {
    /// Leaves out the built-in pack `whatsapp`, unless it is added by its name: it is beneath all
    /// others then too. An engine without
    /// any pack has no rule in force, and asks for a review of everything.
    #[must_use]
    pub fn without_built_in(mut self) -> Self {
        self.beneath = Beneath::Nothing;
        self
    }

    /// Adds a built-in pack by its name, on top of those added before. One that is there already is
    /// not added again.
    #[must_use]
    pub fn built_in_pack(mut self, name: &str) -> Self {
        self.packs.push(Source::BuiltIn(name.to_owned()));
        self
    }

    /// Adds a pack that is loaded already, on top of those added before. It is read anew if packs
    /// beneath it declare attributes.
    ///
    /// One with the name and version of a built-in pack and another digest is refused
    /// ([`EngineError::OtherThanBuiltIn`]): decisions would bear a name that is not theirs.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "a builder gathers; it is no number")]
    pub fn add(mut self, pack: impl Into<Arc<Pack>>) -> Self {
        self.packs.push(Source::Loaded(pack.into()));
        self
    }

    /// Adds a pack that somebody is writing, on top of those added before: the next edition of a
    /// built-in pack may bear its name and version. For tools that test, compare and analyse rules;
    /// to judge campaigns, [`EngineBuilder::add`] it.
    #[must_use]
    pub fn draft(mut self, pack: impl Into<Arc<Pack>>) -> Self {
        self.packs.push(Source::Draft(pack.into()));
        self
    }

    /// Adds a pack by its files, on top of those added before. `called` is how errors call it, such
    /// as its folder.
    #[must_use]
    pub fn pack(mut self, called: &str, files: Vec<PackFile>) -> Self {
        self.packs.push(Source::Files { called: called.to_owned(), files });
        self
    }

    /// Replaces the directory.
    #[must_use]
    pub fn directory(mut self, directory: Arc<Directory>) -> Self {
        self.directory = Some(directory);
        self
    }

    /// Sets the base document: what is the same for all campaigns of a sender, such as its
    /// `account`, `provider` and `access`. It replaces one that was set before.
    ///
    /// It has the form of a campaign document; `send_at` may be left out, and nothing in it may
    /// have a recipient. Every campaign that the engine reads is read over it
    /// ([`Engine::facts_from_json`], [`Engine::check_json`], [`Engine::facts`]): the campaign's own
    /// members win, member by member within objects, and a list or null of the campaign replaces
    /// the list or value of the base. Facts that were read without the engine
    /// ([`Facts::from_json`]) are taken as they are.
    ///
    /// What counts is what is known after merging: a decision says nothing of a base, and its
    /// digest is that of one document with all of the facts.
    ///
    /// ```
    /// use cleartosend::Engine;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let base = br#"{"account": {"quality": "green", "verification": "verified"}}"#;
    /// let engine = Engine::builder().base(base).build()?;
    /// let campaign = br#"{"send_at": "2026-03-02T15:00:00Z", "account": {"quality": "red"}}"#;
    /// let whole = br#"{
    ///     "send_at": "2026-03-02T15:00:00Z",
    ///     "account": {"quality": "red", "verification": "verified"}
    /// }"#;
    /// let decision = engine.check_json(campaign)?;
    /// assert_eq!(decision.to_json(), Engine::built_in()?.check_json(whole)?.to_json());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn base(mut self, document: &[u8]) -> Self {
        self.base = Some(document.to_owned());
        self
    }

    /// Adds waivers, as a file in the form of a pack's `waivers.toml`. `called` is how errors call
    /// it. Conditions may name the attributes of all packs, and no sets.
    ///
    /// ```
    /// use cleartosend::Engine;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let waivers = br#"
    /// [[waiver]]
    /// rule     = "whatsapp/template.not-approved"
    /// lower_to = "review"
    /// reason   = "the template was approved on the phone"
    /// by       = "Ana, compliance"
    /// from     = 2026-01-01
    /// until    = 2026-07-01
    /// "#;
    /// let engine = Engine::builder().waivers("waivers.toml", waivers).build()?;
    /// let document = br#"{"send_at": "2026-03-02T15:00:00Z",
    ///     "campaign": {"content": "template", "template": {"status": "rejected"}}}"#;
    /// let decision = engine.check_json(document)?;
    /// let waived = decision.findings().iter().find(|finding| finding.waiver.is_some());
    /// assert_eq!(waived.map(|finding| &*finding.rule), Some("template.not-approved"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn waivers(mut self, called: &str, toml: &[u8]) -> Self {
        self.waivers.push(Waivers::File { called: called.to_owned(), bytes: toml.to_vec() });
        self
    }

    /// Adds a waiver.
    #[must_use]
    pub fn waiver(mut self, waiver: NewWaiver) -> Self {
        self.waivers.push(Waivers::Typed(waiver));
        self
    }

    /// Reads and checks everything.
    ///
    /// # Errors
    /// All problems of the first pack that has any; a pack that is not there; two packs of one
    /// name; a base document that is not as the schema says, or has a recipient
    /// ([`EngineError::Base`]); all problems of the first waivers that have any, and each waiver of
    /// a rule that is not there or that refuses waivers.
    pub fn build(self) -> Result<Engine, EngineError> {
        let mut schema = Schema::built_in();
        let mut packs: Vec<Arc<Pack>> = Vec::with_capacity(self.packs.len() + 1);
        let mut named: BTreeSet<&str> = BTreeSet::new();
        let is_beneath =
            |source: &Source| matches!(source, Source::BuiltIn(name) if name == BUILT_IN_PACK);
        let has_beneath = self.beneath == Beneath::BuiltIn || self.packs.iter().any(is_beneath);
        // It declares no attributes, so what is on top of it is read as if it were not there.
        let beneath = match has_beneath {
            true => Some(load(&Source::BuiltIn(BUILT_IN_PACK.to_owned()), &schema)?),
            false => None,
        };
        for source in &self.packs {
            if is_beneath(source) || matches!(source, Source::BuiltIn(name) if !named.insert(name))
            {
                continue;
            }
            let pack = load(source, &schema)?;
            // Packs that declare nothing share one schema, and so may engines share facts.
            if !pack.attributes.is_empty() {
                schema = Arc::clone(&pack.schema);
            }
            packs.push(pack);
        }
        if let Some(beneath) = beneath
            && packs.iter().all(|pack| pack.name != beneath.name)
        {
            packs.insert(0, beneath);
        }
        let directory = self.directory.map_or_else(Directory::built_in, Ok)?;
        let catalogue = Catalogue::built_in()?;
        let loaded: Vec<&Pack> = packs.iter().map(|pack| &**pack).collect();
        let waivers = self.waivers.iter().zip(1..).map(|(waivers, number)| {
            let failed = |errors| EngineError::Waivers { called: waivers.called(number), errors };
            let read = waivers.read(number, &schema).map_err(failed)?;
            pack::refused(&read, &loaded).map_err(failed)?;
            Ok(read)
        });
        let waivers: Result<Vec<Vec<Waiver>>, EngineError> = waivers.collect();
        let waivers = waivers?.concat();
        // A pack goes with several others: what it waives of one that is not here lowers nothing.
        for pack in &packs {
            let is_here = |waiver: &&Waiver| packs.iter().any(|pack| pack.name == waiver.pack);
            let here: Vec<Waiver> = pack.waivers.iter().filter(is_here).cloned().collect();
            pack::refused(&here, &loaded)
                .map_err(|errors| EngineError::Pack { pack: pack.name.to_string(), errors })?;
        }
        let program = matching::by_code(compile::compile_with(packs, schema, &waivers)?);
        let program = Arc::new(program);
        let order = Arc::new(Order::of(&program));
        let stamp = Arc::new(Stamp::of(&program, &directory, &bundled(&catalogue)));
        let mut read: BTreeSet<AttributeId> =
            program.rules().flat_map(|(_, _, rule)| rule.attributes.iter().copied()).collect();
        let conditions = program.waivers().all().iter().filter_map(|one| one.waiver.when.as_ref());
        read.extend(conditions.flat_map(|when| when.attributes().iter().copied()));
        // Clauses also ask for bounds of what conditions name.
        let in_conditions = Wanted::those(|id| program.reads(id));
        let wanted = in_conditions.or(Wanted::those(|id| read.contains(&id)));
        let base = match &self.base {
            Some(document) => Facts::base_from_json(program.schema(), document),
            None => Ok(Facts::empty_base(program.schema())),
        };
        let base = base.map_err(EngineError::Base)?;
        Ok(Engine(Arc::new(Parts {
            program,
            directory,
            catalogue,
            order,
            stamp,
            base,
            wanted,
            in_conditions,
            memo: Arc::default(),
        })))
    }
}

fn load(source: &Source, schema: &Arc<Schema>) -> Result<Arc<Pack>, EngineError> {
    match source {
        Source::BuiltIn(name) => {
            let unknown = || EngineError::UnknownPack { name: name.clone() };
            let failed = |errors| EngineError::Pack { pack: name.clone(), errors };
            // The shared copy numbers attributes as the built-in schema does: it fits while no pack
            // beneath has declared any.
            if schema.len() == Schema::built_in().len() {
                return Pack::built_in(name).ok_or_else(unknown)?.map_err(failed);
            }
            let files = Pack::built_in_files(name).ok_or_else(unknown)?;
            Pack::load_for_engine(&files, schema).map(Arc::new).map_err(failed)
        }
        Source::Files { called, files } => {
            let pack = Pack::load(files, schema)
                .map_err(|errors| EngineError::Pack { pack: called.clone(), errors })?;
            refuse_other(&pack)?;
            Ok(Arc::new(pack))
        }
        Source::Loaded(pack) => {
            refuse_other(pack)?;
            on_top(pack, schema)
        }
        Source::Draft(pack) => on_top(pack, schema),
    }
}

/// A loaded pack with its attributes numbered after those of the packs beneath.
fn on_top(pack: &Arc<Pack>, schema: &Schema) -> Result<Arc<Pack>, EngineError> {
    if is_as_read_alone(pack, schema) {
        return Ok(Arc::clone(pack));
    }
    Pack::load_for_engine(&pack.files, schema)
        .map(Arc::new)
        .map_err(|errors| EngineError::Pack { pack: pack.name.to_string(), errors })
}

/// Refuses a pack that says that it is a built-in one and is not: its decisions would bear that
/// one's name.
fn refuse_other(pack: &Pack) -> Result<(), EngineError> {
    let built_in = Pack::built_in(&pack.name).and_then(Result::ok);
    match built_in.filter(|known| known.version == pack.version && known.digest != pack.digest) {
        None => Ok(()),
        Some(known) => Err(EngineError::OtherThanBuiltIn {
            name: pack.name.to_string(),
            version: known.version.to_string(),
        }),
    }
}

/// Whether a pack numbers attributes as it does on top of that schema: it was loaded by itself, and
/// nothing beneath declares any.
fn is_as_read_alone(pack: &Pack, schema: &Schema) -> bool {
    let built_in = Schema::built_in().len();
    schema.len() == built_in && pack.schema.len() == built_in + pack.attributes.len()
}

/// All data that is compiled in and can change an answer.
fn bundled(catalogue: &Catalogue) -> Vec<(&'static str, String)> {
    vec![
        ("clients", catalogue.digest().to_string()),
        ("names", directory::DATA_VERSION.to_owned()),
        ("number_plan", plan::VERSION.to_owned()),
        ("regions", schema::regions::VERSION.to_owned()),
        ("schema", schema::VERSION.to_string()),
        ("tzdb", zone::version().to_owned()),
    ]
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    /// A pack with a fact of its own and no rule.
    fn files(name: &str, attribute: &str) -> Vec<PackFile> {
        let manifest = format!(
            r#"
            name = "{name}"
            version = "1.0.0"
            requires = "*"
            title = "t"
            published = 2026-01-01
            [attributes."x.{attribute}"]
            type = "bool"
            scope = "campaign"
            title = "t"
            "#
        );
        let rule = format!(
            r#"
            [[rule]]
            id = "data.{attribute}"
            topic = "data"
            title = "t"
            forbids = 'x.{attribute}'
            verdict = "deny"
            source = {{ id = "s" }}
            message = "m"
            advice = "a"
            exposure = []
            "#
        );
        let sources = "[sources.s]\ntitle = \"t\"\nurl = \"https://acme.example\"\nretrieved = \
                       2026-01-01\nconfidence = \"official\"\n";
        let file = |path: &str, text: String| PackFile {
            path: path.to_owned(),
            bytes: Cow::Owned(text.into_bytes()),
        };
        vec![file("pack.toml", manifest + sources), file("rules/data.toml", rule)]
    }

    fn names(builder: EngineBuilder) -> Vec<String> {
        builder.build().unwrap().packs().iter().map(|pack| pack.name.to_string()).collect()
    }

    #[test]
    fn packs_are_added_to_the_built_in_one() {
        let house = || Engine::builder().pack("house", files("house", "a"));
        assert_eq!(names(Engine::builder()), ["whatsapp"]);
        assert_eq!(names(house()), ["whatsapp", "house"]);
        assert_eq!(names(house().without_built_in()), ["house"]);
        let twice = Engine::builder().built_in_pack("whatsapp").built_in_pack("messaging-law");
        assert_eq!(names(twice.built_in_pack("messaging-law")), ["whatsapp", "messaging-law"]);
        let own = Engine::builder().pack("mine", files("whatsapp", "a"));
        let engine = own.build().unwrap();
        assert_eq!(engine.packs().len(), 1);
        assert_eq!(engine.packs()[0].rules.len(), 1);
    }

    #[test]
    fn a_base_tells_own_facts_of_a_campaign_and_none_of_a_recipient() {
        let with = |scope: &str| {
            let mut files = files("house", "a");
            let manifest = String::from_utf8(files[0].bytes.to_vec()).unwrap();
            let manifest =
                manifest.replace("scope = \"campaign\"", &format!("scope = \"{scope}\""));
            files[0].bytes = Cow::Owned(manifest.into_bytes());
            Engine::builder().pack("house", files).base(br#"{"x": {"a": true}}"#).build()
        };
        let engine = with("campaign").unwrap();
        let decision = engine.check_json(br#"{"send_at": "2026-03-02T15:00:00Z"}"#).unwrap();
        assert!(decision.findings().iter().any(|finding| &*finding.rule == "data.a"));
        let error = with("recipient").unwrap_err();
        assert_eq!(error.code(), "facts/recipient-in-base");
        assert!(error.to_string().starts_with("base document: `x.a`: "), "{error}");
    }

    #[test]
    fn a_pack_that_says_it_is_a_built_in_one_is_refused() {
        let version = Pack::built_in("whatsapp").unwrap().unwrap().version.to_string();
        let built_in = || Pack::built_in_files("whatsapp").unwrap();
        assert_eq!(names(Engine::builder().pack("copy", built_in())), ["whatsapp"]);
        let mut changed = built_in();
        let manifest = changed.iter_mut().find(|file| file.path == "pack.toml").unwrap();
        let text = String::from_utf8(manifest.bytes.to_vec()).unwrap();
        manifest.bytes = Cow::Owned((text.clone() + "# changed\n").into_bytes());
        let error = Engine::builder().pack("mine", changed.clone()).build().unwrap_err();
        assert_eq!(error.code(), "engine/other-than-built-in");
        let loaded = Arc::new(Pack::load(&changed, &Schema::built_in()).unwrap());
        let error = Engine::builder().add(Arc::clone(&loaded)).build().unwrap_err();
        assert_eq!(error.code(), "engine/other-than-built-in");
        assert_eq!(names(Engine::builder().draft(loaded)), ["whatsapp"]);
        // Under a version of its own it takes the built-in one's place.
        let manifest = changed.iter_mut().find(|file| file.path == "pack.toml").unwrap();
        manifest.bytes = Cow::Owned(text.replacen(&version, "1.1.0-house", 1).into_bytes());
        assert_eq!(names(Engine::builder().pack("mine", changed)), ["whatsapp"]);
    }

    #[test]
    fn loaded_packs_fit_on_top_of_others_that_declare_attributes() {
        let alone =
            |name, attribute| Pack::load(&files(name, attribute), &Schema::built_in()).unwrap();
        let (one, two) = (alone("one", "b"), alone("two", "a"));
        let engine = Engine::builder().add(one).add(two).build().unwrap();
        let json = br#"{"send_at": "2026-03-02T15:00:00Z", "x": {"a": true, "b": false}}"#;
        let decision = engine.check_json(json).unwrap();
        let denied: Vec<&str> = decision
            .findings()
            .iter()
            .filter(|finding| finding.rule.starts_with("data.") && &*finding.pack != "whatsapp")
            .map(|finding| &*finding.rule)
            .collect();
        assert_eq!(denied, ["data.a"]);
    }
}
