//! Packs and a directory, ready to judge.

use std::sync::Arc;

use cleartosend::schema::json_schema;
use cleartosend::{
    DirectoryStamp, ExplainOptions, Explanation, Facts, Lang, PackStamp, Report, Timestamp,
};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::error;
use crate::pack::{Directory, Pack, PackFiles};
use crate::screening::{self, Screening};

/// What an engine is made of, gathered step by step.
#[wasm_bindgen]
#[derive(Default)]
pub struct EngineBuilder(cleartosend::EngineBuilder);

#[wasm_bindgen]
impl EngineBuilder {
    /// The built-in pack `whatsapp` and the built-in directory.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self(cleartosend::Engine::builder())
    }

    fn with(
        &mut self,
        change: impl FnOnce(cleartosend::EngineBuilder) -> cleartosend::EngineBuilder,
    ) {
        self.0 = change(std::mem::take(&mut self.0));
    }

    /// Leaves out the built-in pack.
    #[wasm_bindgen(js_name = withoutBuiltIn)]
    pub fn without_built_in(&mut self) {
        self.with(cleartosend::EngineBuilder::without_built_in);
    }

    /// Adds a built-in pack by its name.
    #[wasm_bindgen(js_name = builtInPack)]
    pub fn built_in_pack(&mut self, name: &str) {
        self.with(|builder| builder.built_in_pack(name));
    }

    /// Adds a pack by its files.
    pub fn files(&mut self, called: &str, files: PackFiles) {
        self.with(|builder| builder.pack(called, files.0));
    }

    /// Adds a pack that was read before.
    pub fn pack(&mut self, pack: &Pack) {
        self.with(|builder| builder.add(Arc::clone(&pack.0)));
    }

    /// Replaces the directory.
    pub fn directory(&mut self, directory: &Directory) {
        self.with(|builder| builder.directory(Arc::clone(&directory.0)));
    }

    /// Sets the base document.
    pub fn base(&mut self, document: &[u8]) {
        self.with(|builder| builder.base(document));
    }

    /// Adds waivers, as a file in the form of a pack's `waivers.toml`.
    pub fn waivers(&mut self, called: &str, toml: &[u8]) {
        self.with(|builder| builder.waivers(called, toml));
    }

    /// Reads and checks everything.
    pub fn build(self) -> Result<Engine, JsValue> {
        self.0.build().map(Engine).map_err(|problem| error::of_engine(&problem))
    }
}

/// Packs, a directory and all that is bundled, ready to judge campaigns. It never changes.
#[wasm_bindgen]
pub struct Engine(cleartosend::Engine);

/// What `judge` says.
#[derive(Serialize)]
struct Judged<'a> {
    verdict: &'static str,
    rules: Vec<JudgedRule<'a>>,
}

#[derive(Serialize)]
struct JudgedRule<'a> {
    pack: &'a str,
    rule: &'a str,
    status: &'static str,
    verdict: &'static str,
}

/// What names the packs and the directory of an engine, as decisions do.
#[derive(Serialize)]
struct Made {
    packs: Vec<PackStamp>,
    directory: DirectoryStamp,
}

#[wasm_bindgen]
impl Engine {
    /// The engine of the built-in pack and directory, made once.
    #[wasm_bindgen(js_name = builtIn)]
    pub fn built_in() -> Result<Self, JsValue> {
        cleartosend::Engine::built_in().map(Self).map_err(|problem| error::of_engine(&problem))
    }

    /// Judges a campaign: the decision document.
    pub fn check(
        &self,
        document: &[u8],
        at: Option<String>,
        every_rule: bool,
    ) -> Result<String, JsValue> {
        Ok(self.decision(document, at.as_deref(), every_rule)?.to_json())
    }

    /// The decision of a campaign as a page for people.
    #[wasm_bindgen(js_name = checkText)]
    pub fn check_text(
        &self,
        document: &[u8],
        at: Option<String>,
        every_rule: bool,
        lang: &str,
    ) -> Result<String, JsValue> {
        let lang = language(lang)?;
        Ok(self.decision(document, at.as_deref(), every_rule)?.text(lang))
    }

    /// The verdict of a campaign and the rules behind it alone.
    pub fn judge(&self, document: &[u8], at: Option<String>) -> Result<String, JsValue> {
        let facts = self.facts(document, at.as_deref())?;
        let judgement = self.0.judge(&facts).map_err(|problem| error::of_facts(&problem, ""))?;
        let rules = judgement.rules().map(|rule| JudgedRule {
            pack: rule.pack,
            rule: rule.rule,
            status: rule.status.name(),
            verdict: rule.verdict.name(),
        });
        json(&Judged { verdict: judgement.verdict().name(), rules: rules.collect() })
    }

    /// Explains a campaign: the document of `cts explain --json`.
    pub fn explain(
        &self,
        document: &[u8],
        at: Option<String>,
        until: Option<String>,
        fixes_max: Option<usize>,
        timeline: bool,
    ) -> Result<String, JsValue> {
        let asked = Asked { at, until, fixes_max, timeline };
        Ok(self.explanation(document, &asked)?.to_json())
    }

    /// The explanation of a campaign as a page for people.
    #[wasm_bindgen(js_name = explainText)]
    pub fn explain_text(
        &self,
        document: &[u8],
        at: Option<String>,
        until: Option<String>,
        fixes_max: Option<usize>,
        timeline: bool,
        lang: &str,
    ) -> Result<String, JsValue> {
        let lang = language(lang)?;
        let asked = Asked { at, until, fixes_max, timeline };
        Ok(self.explanation(document, &asked)?.text(lang))
    }

    /// Judges a campaign for every row of an audience: a JSON array of objects.
    pub fn screen(
        &self,
        document: &[u8],
        at: Option<String>,
        rows: &[u8],
        options: &str,
    ) -> Result<Screening, JsValue> {
        let facts = self.facts(document, at.as_deref())?;
        screening::screen(&self.0, &facts, rows, options)
    }

    /// What names the packs and the directory, as decisions do.
    pub fn made(&self) -> Result<String, JsValue> {
        json(&Made {
            packs: self.0.packs().iter().map(|pack| PackStamp::of(pack)).collect(),
            directory: DirectoryStamp::of(self.0.directory()),
        })
    }

    /// The JSON Schema of campaign documents, with the members that the packs declare.
    #[wasm_bindgen(js_name = campaignSchema)]
    pub fn campaign_schema(&self) -> Result<String, JsValue> {
        json(&json_schema::campaign_schema(self.0.schema()))
    }
}

/// How much is to be explained, and at which instant.
struct Asked {
    at: Option<String>,
    until: Option<String>,
    fixes_max: Option<usize>,
    timeline: bool,
}

impl Engine {
    fn facts(&self, document: &[u8], at: Option<&str>) -> Result<Facts, JsValue> {
        match at {
            Some(at) => self.0.facts_from_json_at(document, instant(at, "at")?),
            None => self.0.facts_from_json(document),
        }
        .map_err(|problem| error::of_facts(&problem, ""))
    }

    fn decision(
        &self,
        document: &[u8],
        at: Option<&str>,
        every_rule: bool,
    ) -> Result<cleartosend::Decision, JsValue> {
        let report = if every_rule { Report::EveryRule } else { Report::default() };
        let facts = self.facts(document, at)?;
        self.0.report(&facts, report).map_err(|problem| error::of_facts(&problem, ""))
    }

    fn explanation(&self, document: &[u8], asked: &Asked) -> Result<Explanation, JsValue> {
        let options = ExplainOptions::default();
        let options = match asked.fixes_max {
            Some(most) => options.fixes_max(most),
            None => options,
        };
        let options = match &asked.until {
            Some(until) => options.until(instant(until, "until")?),
            None if asked.timeline => options,
            None => options.without_timeline(),
        };
        let facts = self.facts(document, asked.at.as_deref())?;
        self.0.explain(&facts, &options).map_err(|problem| error::of_explaining(&problem))
    }
}

/// Reads an instant that is an argument of its own. What is wrong with it is reported as of a
/// campaign's `send_at`.
fn instant(text: &str, argument: &str) -> Result<Timestamp, JsValue> {
    if let Ok(at) = Timestamp::parse(text) {
        return Ok(at);
    }
    let document = serde_json::json!({ "send_at": text }).to_string();
    match Facts::from_json(&cleartosend::Schema::built_in(), document.as_bytes()) {
        Err(problem) => Err(error::plain(problem.code(), argument, problem.message())),
        Ok(_) => Err(error::plain("internal/js", argument, "one instant was read in two ways")),
    }
}

pub(crate) fn language(name: &str) -> Result<Lang, JsValue> {
    Lang::from_name(name).ok_or_else(|| {
        let known: Vec<&str> = Lang::ALL.iter().map(|lang| lang.name()).collect();
        let message =
            format!("found `{}`, expected one of {}", name.escape_debug(), known.join(", "));
        error::plain("js/unknown-language", "lang", &message)
    })
}

pub(crate) fn json(value: &impl Serialize) -> Result<String, JsValue> {
    serde_json::to_string(value)
        .map_err(|problem| error::plain("internal/js", "", &problem.to_string()))
}
