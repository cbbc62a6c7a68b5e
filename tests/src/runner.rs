//! Reads cases and runs them. The format is specified in the crate's documentation.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cleartosend::schema::AttributeId;
use cleartosend::{
    Decision, Directory, Engine, Fact, Facts, FactsError, Finding, FindingVerdict, PackFile,
    Report, Status, Timestamp, Value,
};
use serde::Deserialize;
use serde_json::Value as Json;

/// A file of cases, as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Packs for the cases of this file.
    #[serde(default)]
    pub pack: BTreeMap<String, Fixture>,
    /// Facts for the cases of this file.
    #[serde(default)]
    pub base: BTreeMap<String, toml::Table>,
    /// The cases.
    #[serde(rename = "case")]
    pub cases: Vec<Case>,
}

/// A pack, as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixture {
    manifest: Option<String>,
    rules: String,
    sets: Option<String>,
}

/// A case, as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What is special about it.
    pub name: String,
    /// The rule of the world that it pins.
    pub why: String,
    #[serde(default)]
    packs: Vec<String>,
    directory: Option<String>,
    base: Option<String>,
    #[serde(default)]
    facts: toml::Table,
    #[serde(default)]
    remove: Vec<String>,
    #[serde(default)]
    null: Vec<String>,
    document: Option<String>,
    at: Option<String>,
    expect: Expectation,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectation {
    verdict: Option<String>,
    #[serde(default)]
    findings: Vec<String>,
    violated: Option<Vec<String>>,
    notes: Option<Vec<String>>,
    #[serde(default)]
    satisfied: Vec<String>,
    #[serde(default)]
    not_applicable: Vec<String>,
    #[serde(default)]
    missing: Vec<String>,
    exposure: Option<Vec<String>>,
    #[serde(default)]
    messages: BTreeMap<String, String>,
    #[serde(default)]
    advice: BTreeMap<String, String>,
    #[serde(default)]
    errors: BTreeMap<String, String>,
    #[serde(default)]
    shown: BTreeMap<String, BTreeMap<String, toml::Value>>,
    #[serde(default)]
    derived: BTreeMap<String, toml::Value>,
    #[serde(default)]
    unknown: Vec<String>,
    #[serde(default)]
    absent: Vec<String>,
    #[serde(default)]
    causes: BTreeMap<String, Vec<String>>,
    error: Option<ExpectedError>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedError {
    code: String,
    path: String,
}

/// Reads a file of cases.
///
/// # Errors
/// What is not as the format says.
pub fn read(text: &str) -> Result<File, String> {
    toml::from_str(text).map_err(|error| error.to_string())
}

/// Runs one case of a file. `directories` are the texts of the named directories.
///
/// # Errors
/// Everything in which the engine differs from what the case expects, a line each.
pub fn run(
    file: &File,
    case: &Case,
    directories: &BTreeMap<String, String>,
) -> Result<(), Vec<String>> {
    let mut problems = Vec::new();
    match judged(file, case, directories, &mut problems) {
        Ok(()) => {}
        Err(problem) => problems.push(problem),
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// What a case asks, for bindings that ask it in their own way.
#[derive(Debug, serde::Serialize)]
pub struct Asked {
    /// The case's name.
    pub name: String,
    /// The packs, in stacking order: the files of each by path; none for a built-in pack.
    pub packs: Vec<(String, Option<BTreeMap<String, String>>)>,
    /// The text of the directory; none for the built-in one.
    pub directory: Option<String>,
    /// The text of the campaign document.
    pub document: String,
    /// The instant, whatever the document says.
    pub at: Option<String>,
    /// The decision document, or the code and path of the error.
    pub answer: Result<String, (String, String)>,
}

/// The engine of a case and the document that it asks, for judges that change either.
///
/// # Errors
/// A case that is not as the format says.
pub fn prepared(
    file: &File,
    case: &Case,
    directories: &BTreeMap<String, String>,
) -> Result<(Engine, String), String> {
    Ok((engine(file, &case.packs, case.directory.as_deref(), directories)?, document(file, case)?))
}

/// What a case asks, and what this engine answers. A case without packs is asked of the built-in
/// one, since other bindings refuse an engine that allows everything.
///
/// # Errors
/// A case that is not as the format says.
pub fn asked(
    file: &File,
    case: &Case,
    directories: &BTreeMap<String, String>,
) -> Result<Asked, String> {
    let packs =
        if case.packs.is_empty() { vec!["whatsapp".to_owned()] } else { case.packs.clone() };
    let engine = engine(file, &packs, case.directory.as_deref(), directories)?;
    let document = document(file, case)?;
    let answer = match &case.at {
        Some(at) => engine.check_json_at(
            document.as_bytes(),
            Timestamp::parse(at).map_err(|error| format!("at: {error}"))?,
        ),
        None => engine.check_json(document.as_bytes()),
    };
    let files = |name: &String| {
        let text = |file: PackFile| (file.path, String::from_utf8_lossy(&file.bytes).into_owned());
        file.pack.get(name).map(|fixture| fixture.files(name).into_iter().map(text).collect())
    };
    Ok(Asked {
        name: case.name.clone(),
        packs: packs.iter().map(|name| (name.clone(), files(name))).collect(),
        directory: case.directory.as_ref().and_then(|name| directories.get(name)).cloned(),
        document,
        at: case.at.clone(),
        answer: answer
            .map(|decision| decision.to_json())
            .map_err(|error| (error.code().to_owned(), error.path().to_owned())),
    })
}

/// A document that is asked of the built-in pack and directory.
///
/// # Errors
/// An engine that cannot be made, which the project's own tests rule out.
pub fn asked_of_built_in(name: String, document: String) -> Result<Asked, String> {
    let engine = Engine::built_in().map_err(|error| error.to_string())?;
    let answer = engine.check_json(document.as_bytes());
    Ok(Asked {
        name,
        packs: vec![("whatsapp".to_owned(), None)],
        directory: None,
        document,
        at: None,
        answer: answer
            .map(|decision| decision.to_json())
            .map_err(|error| (error.code().to_owned(), error.path().to_owned())),
    })
}

fn judged(
    file: &File,
    case: &Case,
    directories: &BTreeMap<String, String>,
    problems: &mut Vec<String>,
) -> Result<(), String> {
    let engine = engine(file, &case.packs, case.directory.as_deref(), directories)?;
    let document = document(file, case)?;
    let facts = match &case.at {
        Some(at) => {
            let at = Timestamp::parse(at).map_err(|error| format!("at: {error}"))?;
            Facts::from_json_at(engine.schema(), document.as_bytes(), at)
        }
        None => Facts::from_json(engine.schema(), document.as_bytes()),
    };
    let facts = match (facts, &case.expect.error) {
        (Err(error), Some(expected)) => {
            compare_error(&error, expected, problems);
            return Ok(());
        }
        (Ok(_), Some(expected)) => {
            return Err(format!("expected the error {}, but the document was read", expected.code));
        }
        (Err(error), None) => {
            return Err(format!("the document is refused: {error} [{}]", error.code()));
        }
        (Ok(facts), None) => facts,
    };
    compare_known(&engine, &facts, &case.expect, problems)?;
    let decision = engine.report(&facts, Report::EveryRule).map_err(|error| error.to_string())?;
    let reported = engine.check(&facts).map_err(|error| error.to_string())?;
    compare_decision(&reported, &decision, &case.expect, problems);
    Ok(())
}

fn engine(
    file: &File,
    packs: &[String],
    directory: Option<&str>,
    directories: &BTreeMap<String, String>,
) -> Result<Engine, String> {
    let mut builder = Engine::builder().without_built_in();
    for name in packs {
        builder = match file.pack.get(name) {
            Some(fixture) => builder.pack(name, fixture.files(name)),
            None => builder.built_in_pack(name),
        };
    }
    if let Some(name) = directory {
        let text =
            directories.get(name).ok_or_else(|| format!("there is no directory `{name}`"))?;
        let directory = Directory::from_json(text.as_bytes())
            .map_err(|error| format!("directory {name}: {error}"))?;
        builder = builder.directory(Arc::new(directory));
    }
    builder.build().map_err(|error| error.to_string())
}

impl Fixture {
    fn files(&self, name: &str) -> Vec<PackFile> {
        let manifest = self.manifest.clone().unwrap_or_else(|| {
            format!(
                "name = \"{name}\"\nversion = \"1.0.0\"\nrequires = \">=1.0\"\ntitle = \"A pack for cases\"\npublished = 2026-01-01\n\
                 [sources.source]\ntitle = \"The source\"\nurl = \"https://source.example/\"\nretrieved = 2026-01-01\n\
                 confidence = \"official\"\n"
            )
        });
        let file = |path: &str, text: String| PackFile {
            path: path.to_owned(),
            bytes: Cow::Owned(text.into_bytes()),
        };
        let mut files =
            vec![file("pack.toml", manifest), file("rules/rules.toml", self.rules.clone())];
        files.extend(self.sets.clone().map(|sets| file("sets.toml", sets)));
        files
    }
}

/// The text of the campaign document.
fn document(file: &File, case: &Case) -> Result<String, String> {
    if let Some(document) = &case.document {
        return Ok(document.clone());
    }
    let mut facts = match &case.base {
        None => Json::Object(serde_json::Map::new()),
        Some(name) => {
            json_of_table(file.base.get(name).ok_or_else(|| format!("there is no base `{name}`"))?)
        }
    };
    lay_over(&mut facts, json_of_table(&case.facts));
    for path in &case.remove {
        let (parent, name) = parent_of(&mut facts, path);
        if parent.remove(&name).is_none() {
            return Err(format!("there is no `{path}` to remove"));
        }
    }
    for path in &case.null {
        let (parent, name) = parent_of(&mut facts, path);
        parent.insert(name, Json::Null);
    }
    Ok(facts.to_string())
}

/// The object that a path ends in, made where there is none, and the last name.
fn parent_of<'j>(
    json: &'j mut Json,
    path: &str,
) -> (&'j mut serde_json::Map<String, Json>, String) {
    let (parents, name) = path.rsplit_once('.').unwrap_or(("", path));
    let mut here = json;
    for parent in parents.split('.').filter(|parent| !parent.is_empty()) {
        here = object(here).entry(parent).or_insert_with(|| Json::Object(serde_json::Map::new()));
    }
    (object(here), name.to_owned())
}

/// What a case writes as an object is one, whatever lay beneath.
fn object(json: &mut Json) -> &mut serde_json::Map<String, Json> {
    if !json.is_object() {
        *json = Json::Object(serde_json::Map::new());
    }
    match json {
        Json::Object(object) => object,
        _ => unreachable_object(),
    }
}

#[expect(
    clippy::unreachable,
    reason = "the line before made it an object; this crate is only for tests"
)]
fn unreachable_object() -> ! {
    unreachable!("just made an object")
}

fn lay_over(under: &mut Json, over: Json) {
    match (under, over) {
        (Json::Object(under), Json::Object(over)) => {
            for (name, value) in over {
                lay_over(under.entry(name).or_insert(Json::Null), value);
            }
        }
        (under, over) => *under = over,
    }
}

fn json_of_table(table: &toml::Table) -> Json {
    Json::Object(table.iter().map(|(name, value)| (name.clone(), json_of(value))).collect())
}

fn json_of(value: &toml::Value) -> Json {
    match value {
        toml::Value::String(text) => Json::from(text.as_str()),
        toml::Value::Integer(number) => Json::from(*number),
        toml::Value::Float(number) => Json::from(*number),
        toml::Value::Boolean(truth) => Json::from(*truth),
        toml::Value::Datetime(date) => Json::from(date.to_string()),
        toml::Value::Array(items) => items.iter().map(json_of).collect(),
        toml::Value::Table(table) => json_of_table(table),
    }
}

fn compare_error(error: &FactsError, expected: &ExpectedError, problems: &mut Vec<String>) {
    if (error.code(), error.path()) != (expected.code.as_str(), expected.path.as_str()) {
        problems.push(format!(
            "expected {} at `{}`, got {} at `{}`: {error}",
            expected.code,
            expected.path,
            error.code(),
            error.path()
        ));
    }
}

fn compare_known(
    engine: &Engine,
    facts: &Facts,
    expect: &Expectation,
    problems: &mut Vec<String>,
) -> Result<(), String> {
    let resolved = engine.resolve(facts);
    let id = |path: &str| -> Result<AttributeId, String> {
        engine.schema().id(path).ok_or_else(|| format!("there is no attribute `{path}`"))
    };
    for (path, expected) in &expect.derived {
        let (found, expected) =
            (fact_text(resolved.fact(id(path)?)), json_of(expected).to_string());
        if found != expected {
            problems.push(format!("{path}: expected {expected}, got {found}"));
        }
    }
    for (paths, fact) in [(&expect.unknown, Fact::Unknown), (&expect.absent, Fact::Absent)] {
        for path in paths {
            let found = resolved.fact(id(path)?);
            if *found != fact {
                problems.push(format!(
                    "{path}: expected {}, got {}",
                    fact_text(&fact),
                    fact_text(found)
                ));
            }
        }
    }
    for (path, expected) in &expect.causes {
        let found = resolved.causes(id(path)?);
        if found != *expected {
            problems.push(format!("causes of {path}: expected {expected:?}, got {found:?}"));
        }
    }
    Ok(())
}

fn fact_text(fact: &Fact) -> String {
    match fact {
        Fact::Unknown => "unknown".into(),
        Fact::Absent => "absent".into(),
        Fact::Value(value) => json_of_value(value).to_string(),
    }
}

fn json_of_value(value: &Value) -> Json {
    match value {
        Value::Bool(value) => Json::from(*value),
        Value::Int(value) => Json::from(*value),
        Value::Double(value) => Json::from(*value),
        Value::String(value) => Json::from(&**value),
        Value::Timestamp(value) => Json::from(value.to_string()),
        Value::Duration(value) => Json::from(value.to_string()),
        Value::List(values) => values.iter().map(json_of_value).collect(),
    }
}

/// `reported` is what a check says, `decision` the same with every rule.
fn compare_decision(
    reported: &Decision,
    decision: &Decision,
    expect: &Expectation,
    problems: &mut Vec<String>,
) {
    let summed = |decision: &Decision| {
        (decision.verdict(), decision.missing().to_vec(), decision.exposure().to_vec())
    };
    if summed(reported) != summed(decision) {
        problems.push("asking for every rule changes verdict, missing or exposure".to_owned());
    }
    let ids = |decision: &Decision, wanted: &dyn Fn(&Finding) -> bool| -> Vec<String> {
        decision
            .findings()
            .iter()
            .filter(|finding| wanted(finding))
            .map(|finding| finding.rule.to_string())
            .collect()
    };
    let of = |wanted: Status| ids(decision, &|finding| finding.status == wanted);
    let mut compare = |what: &str, expected: &[String], found: &[String]| {
        if expected != found {
            problems.push(format!("{what}: expected {expected:?}, got {found:?}"));
        }
    };
    if let Some(verdict) = &expect.verdict {
        compare("verdict", std::slice::from_ref(verdict), &[decision.verdict().to_string()]);
        compare("findings", &expect.findings, &ids(reported, &|_| true));
        compare(
            "violated",
            expect.violated.as_ref().unwrap_or(&expect.findings),
            &of(Status::Violated),
        );
        compare(
            "notes",
            expect.notes.as_deref().unwrap_or_default(),
            &ids(reported, &|finding| finding.verdict == FindingVerdict::Note),
        );
        compare(
            "missing",
            &expect.missing,
            &decision.missing().iter().map(ToString::to_string).collect::<Vec<_>>(),
        );
    }
    if let Some(exposure) = &expect.exposure {
        compare(
            "exposure",
            exposure,
            &decision.exposure().iter().map(ToString::to_string).collect::<Vec<_>>(),
        );
    }
    for (status, expected) in
        [(Status::Satisfied, &expect.satisfied), (Status::NotApplicable, &expect.not_applicable)]
    {
        let found: BTreeSet<String> = of(status).into_iter().collect();
        let lacking: Vec<String> =
            expected.iter().filter(|rule| !found.contains(*rule)).cloned().collect();
        compare(status.name(), &lacking, &[]);
    }
    let text_of = |rule: &str, text: &dyn Fn(&Finding) -> String| -> Vec<String> {
        decision
            .findings()
            .iter()
            .find(|finding| *finding.rule == *rule)
            .map(text)
            .into_iter()
            .collect()
    };
    for (rule, expected) in &expect.messages {
        compare(
            &format!("message of {rule}"),
            std::slice::from_ref(expected),
            &text_of(rule, &|finding| finding.message.clone()),
        );
    }
    for (rule, expected) in &expect.advice {
        compare(
            &format!("advice of {rule}"),
            std::slice::from_ref(expected),
            &text_of(rule, &|finding| finding.advice.clone()),
        );
    }
    for (rule, expected) in &expect.errors {
        let code = |finding: &Finding| {
            finding.error.as_ref().map(|error| error.code.to_owned()).unwrap_or_default()
        };
        compare(&format!("error of {rule}"), std::slice::from_ref(expected), &text_of(rule, &code));
    }
    for (rule, expected) in &expect.shown {
        let shown = decision
            .findings()
            .iter()
            .find(|finding| *finding.rule == **rule)
            .map(|finding| finding.facts.as_slice());
        let found: Vec<String> = shown
            .unwrap_or_default()
            .iter()
            .map(|(path, value)| format!("{path} = {}", json_of_value(value)))
            .collect();
        let expected: Vec<String> =
            expected.iter().map(|(path, value)| format!("{path} = {}", json_of(value))).collect();
        compare(&format!("facts of {rule}"), &expected, &found);
    }
}
