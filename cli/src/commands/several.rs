//! `cts check FILE…`: which of these campaigns are clear to send?
//!
//! Each is judged on its own, by the `cts.toml` of its own folder: what is wrong with one does not
//! keep the others from being reported.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use cleartosend::expert::language::catalogue as words;
use cleartosend::expert::text::escaped;
use cleartosend::{Decision, Engine, Lang, Report, Verdict};
use cleartosend_evidence::{Page, RecordOptions};
use serde_json::{Value as Json, json};

use crate::arguments::Check;
use crate::ci::{self, Case, CiForm};
use crate::commands::evidence::{add_to_page, keep, page_of};
use crate::commands::{account, code_of};
use crate::config::{self, Config};
use crate::engine;
use crate::failure::Failure;
use crate::format::PageForm;
use crate::inputs::{Document, Documents};
use crate::output::{self, Answer, Reader, styled};

/// The exit code of a call with a document that was refused.
const REFUSED: u8 = 2;

pub(super) fn run(arguments: &Check, form: Result<PageForm, CiForm>) -> Result<Answer, Failure> {
    let mut page = matches!(form, Ok(PageForm::Html)).then(cleartosend_evidence::Report::new);
    let is_json = match form {
        Ok(PageForm::Json) => true,
        Ok(PageForm::Text | PageForm::Html) | Err(_) => false,
        Ok(PageForm::Md) => {
            return Err(Failure::new(
                "Markdown is a page of one document; several are reported as text, json or html",
            ));
        }
    };
    let of_account = [&arguments.of_account.account, &arguments.of_account.book];
    if of_account.into_iter().flatten().any(|file| file == Path::new("-")) {
        return Err(Failure::new(
            "the book is asked for every document; name a file, not standard input",
        ));
    }
    let passed = |folder: &Path| {
        let config = config::of(&arguments.with.configured, Some(&folder.join("*")))?;
        let inputs = config.iter().flat_map(Config::inputs);
        let named = inputs.map(|(_, file)| file.to_path_buf());
        let named = named.chain(arguments.over.base.clone());
        let named = named.chain(arguments.with.directory.clone());
        Ok(named
            .chain(arguments.with.own.clone())
            .chain(arguments.of_account.account.clone())
            .collect())
    };
    let documents = Documents::of(&arguments.files, arguments.ndjson, passed)?;
    let mut engines = Engines { arguments, by_config: BTreeMap::new() };
    let (mut text, mut note) = (String::new(), documents.notes());
    // What nobody judged is not clear to send.
    let is_any_unread = documents.is_any_unread();
    let mut cases = Vec::new();
    let mut idle = BTreeSet::new();
    let mut worst = None;
    let mut is_any_refused = false;
    for document in documents {
        let asked = engines.of(&document.file);
        let judged = match (&document.bytes, asked) {
            (Ok(bytes), Ok(asked)) => {
                judge(arguments, asked, Path::new(&document.name()), bytes, &mut idle)
                    .map(|decision| (decision, asked.config.as_ref()))
            }
            (Err(failure), _) => Err(failure.clone()),
            (_, Err(failure)) => Err(failure.clone()),
        };
        match &judged {
            Ok((decision, _)) => worst = worst.max(Some(decision.verdict())),
            Err(failure) => {
                is_any_refused = true;
                note.push_str(&failure.text);
            }
        }
        if let Some(page) = &mut page {
            if let Ok((decision, _)) = &judged {
                add_to_page(page, &document.name(), decision, arguments.read_in.lang)?;
            }
        } else if form.is_err() {
            cases.push(as_case(&document, &judged, arguments.read_in.lang));
        } else if is_json {
            let _ = writeln!(text, "{}", as_json(&document, &judged));
        } else if let Ok((decision, _)) = &judged {
            text.push_str(&as_line(&document, decision, arguments.read_in.lang));
        }
    }
    if worst.is_none() && !is_any_refused {
        return Err(Failure::new("no campaign document in what is named: nothing was judged"));
    }
    let worst = if is_any_unread { worst.max(Some(Verdict::Review)) } else { worst };
    let code = if is_any_refused { REFUSED } else { worst.map_or(REFUSED, code_of) };
    // Each once, however many documents it lowers nothing of.
    let idle: String = idle.into_iter().collect();
    if let Err(form) = form {
        let answer = ci::report(form, "cts check", &cases)?.with_note(note).with_code(code);
        return Ok(config::named(answer.with_footer(&idle), engines.configs()));
    }
    if let Some(page) = page {
        let answer = Answer::of_bytes(page_of(&page, Page::Html, arguments.read_in.lang)?);
        let answer = answer.with_note(note).with_code(code).with_footer(&idle);
        return Ok(config::named(answer, engines.configs()));
    }
    let reader = if is_json { Reader::Programs } else { Reader::People };
    let answer = Answer::for_reader(text, reader).with_note(note).with_code(code);
    let answer = answer.with_footer(&idle);
    // Lines of JSON name their own.
    match is_json {
        true => Ok(answer),
        false => Ok(config::named(answer, engines.configs())),
    }
}

fn judge(
    arguments: &Check,
    asked: &Asked,
    name: &Path,
    document: &[u8],
    idle: &mut BTreeSet<String>,
) -> Result<Decision, Failure> {
    let refused = |error| Failure::of_facts(name, &error);
    let facts = match arguments.at {
        Some(at) => asked.engine.facts_from_json_at(document, at),
        None => asked.engine.facts_from_json(document),
    };
    let mut facts = facts.map_err(refused)?;
    account::tell(&mut facts, &arguments.of_account)?;
    keep(&arguments.kept, &asked.engine, &facts, RecordOptions::new())?;
    idle.extend(engine::idle_waivers(&asked.engine, asked.config.as_ref(), &facts));
    let report = if arguments.all { Report::EveryRule } else { Report::Findings };
    asked.engine.report(&facts, report).map_err(refused)
}

/// An engine, and what had a say in it.
struct Asked {
    engine: Engine,
    config: Option<Config>,
}

/// The engines for documents of several folders, each made once.
struct Engines<'a> {
    arguments: &'a Check,
    by_config: BTreeMap<Option<PathBuf>, Result<Asked, Failure>>,
}

impl Engines<'_> {
    fn of(&mut self, document: &Path) -> Result<&Asked, &Failure> {
        let Check { with, over, waived, .. } = self.arguments;
        let file = config::file_of(&with.configured, Some(document));
        let made = self.by_config.entry(file).or_insert_with(|| {
            let config = config::of(&with.configured, Some(document))?;
            Ok(Asked { engine: engine::over(over, waived, with, config.as_ref())?, config })
        });
        made.as_ref()
    }

    /// The configurations of all, in the order of their paths.
    fn configs(&self) -> impl Iterator<Item = &Config> {
        self.by_config.values().filter_map(|asked| asked.as_ref().ok()?.config.as_ref())
    }
}

fn as_case(
    document: &Document,
    judged: &Result<(Decision, Option<&Config>), Failure>,
    lang: Lang,
) -> Case {
    let (file, line) = (&document.file, document.line);
    match judged {
        Ok((decision, _)) => Case::of_decision(document.name(), file, line, decision, lang),
        Err(failure) => Case::of_failure(document.name(), file, line, failure),
    }
}

/// `DENY    spring-sale.json  consent.no-opt-in, provider.unlisted +2`
fn as_line(document: &Document, decision: &Decision, lang: Lang) -> String {
    /// More of them say no more at a glance.
    const RULES_SHOWN: usize = 3;
    let verdict = decision.verdict();
    let style = match verdict {
        Verdict::Allow => output::GOOD,
        Verdict::Review => output::DOUBTFUL,
        Verdict::Deny => output::BAD,
    };
    let word = words::verdict(verdict).of(lang).to_uppercase();
    let rules: Vec<&str> = decision
        .findings()
        .iter()
        .filter(|found| verdict > Verdict::Allow && found.verdict.effect() == verdict)
        .map(|found| &*found.rule)
        .collect();
    let shown: Vec<&str> = rules.iter().copied().take(RULES_SHOWN).collect();
    let more = match rules.len() - shown.len() {
        0 => String::new(),
        more => format!(" +{more}"),
    };
    let padding = " ".repeat(longest(lang).saturating_sub(word.chars().count()));
    let line = format!("{}{padding}  {}", styled(style, &word), escaped(&document.name()));
    match shown.is_empty() {
        true => format!("{line}\n"),
        false => format!("{line}  {}{more}\n", shown.join(", ")),
    }
}

/// How long the words for verdicts are.
fn longest(lang: Lang) -> usize {
    let words = Verdict::ALL.iter().map(|verdict| words::verdict(*verdict).of(lang));
    words.map(|word| word.chars().count()).max().unwrap_or_default()
}

/// One line, with the decision as `--json` of one document prints it.
fn as_json(document: &Document, judged: &Result<(Decision, Option<&Config>), Failure>) -> String {
    let mut line = String::from("{");
    let mut member = |name: &str, value: &str| {
        let comma = if line.len() > 1 { "," } else { "" };
        let _ = write!(line, "{comma}\"{name}\":{value}");
    };
    member("file", &json!(document.file.to_string_lossy()).to_string());
    member("line", &json!(document.line).to_string());
    match judged {
        Ok((decision, config)) => {
            let config = config.map_or(
                Json::Null,
                |config| json!({"file": config.name, "digest": config.digest.to_string()}),
            );
            member("config", &config.to_string());
            member("decision", &decision.to_json());
        }
        Err(failure) => member("error", &json!(failure.plain()).to_string()),
    }
    line.push('}');
    line
}
