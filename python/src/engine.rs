//! `Engine`: packs and a directory, ready to judge.

use std::path::PathBuf;
use std::sync::Arc;

use cleartosend::expert::cel::Outcome;
use cleartosend::schema::json_schema;
use cleartosend::{ExplainOptions, Facts, Report, Timestamp};
use cleartosend_account::History;
use cleartosend_evidence::{RecordOptions, Recording as _};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyMapping, PyString, PyTuple};

use crate::account::Account;
use crate::directory::{self, Directory, DirectoryParts};
use crate::error;
use crate::evidence::{self, Mask, Record};
use crate::from_python::{self, Hours};
use crate::pack::{Pack, PackSource, hash, pickling};
use crate::screening::{self, Campaign, Planned, Screening};
use crate::to_python::decision::Decision;
use crate::to_python::explanation::Explanation;
use crate::to_python::judgement::Judgement;
use crate::to_python::provider::Provider;
use crate::to_python::{loads, value};

/// How many campaigns are judged between two looks at signals: some milliseconds of work.
const CHUNK: usize = 128;

/// Packs, a directory and all that is bundled, ready to judge campaigns. It never changes, and any
/// number of threads may use it.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct Engine {
    engine: cleartosend::Engine,
    directory: Directory,
    /// The base document as JSON.
    base: Option<String>,
    waivers: Option<String>,
    planned: Planned,
}

/// What another process makes an engine of: its packs, directory, base document and waivers.
type EngineParts<'py> = (Bound<'py, PyTuple>, DirectoryParts<'py>, Option<String>, Option<String>);

#[pymethods]
impl Engine {
    /// An engine of the built-in pack `whatsapp` and the built-in sample directory, or of what is
    /// named instead.
    ///
    /// `packs` are stacked on the built-in pack `whatsapp`, each on top of the one before: a
    /// built-in pack's name, a folder, or a `Pack`; one that is itself called `whatsapp` takes its
    /// place, and with `built_in=False` there are these packs alone. A text is a folder if there is
    /// one of that name or if it has a `/` or a dot. `directory` is a path, the bytes of a
    /// directory file, or a `Directory`. `waivers` are exceptions to rules: the text of a file in
    /// the form of a pack's `waivers.toml`.
    ///
    /// `base` is what is the same for all campaigns of a sender, such as its `account`, `provider`
    /// and `access`: JSON as text or bytes, or a mapping, without a recipient. A campaign's own
    /// members win, member by member, and decisions are about what is known after merging. Raises
    /// `FactsError` for it.
    #[new]
    #[pyo3(signature = (packs=None, directory=None, *, built_in=true, base=None, waivers=None))]
    fn new(
        py: Python<'_>,
        packs: Option<&Bound<'_, PyAny>>,
        directory: Option<&Bound<'_, PyAny>>,
        built_in: bool,
        base: Option<&Bound<'_, PyAny>>,
        waivers: Option<&str>,
    ) -> PyResult<Self> {
        let mut added = Vec::new();
        if let Some(packs) = packs {
            no_text("packs", packs)?;
            for pack in packs.try_iter()? {
                added.push(PackSource::named(py, &pack?)?);
            }
        }
        if added.is_empty() && !built_in {
            return Err(error::no_pack(py));
        }
        let given = directory.map(directory::named).transpose()?;
        let engine = py.detach(|| match &given {
            // Made once for the whole process.
            None if added.is_empty() && waivers.is_none() => cleartosend::Engine::built_in(),
            directory => {
                let builder = cleartosend::Engine::builder();
                let builder = if built_in { builder } else { builder.without_built_in() };
                let builder = match waivers {
                    Some(waivers) => builder.waivers("waivers", waivers.as_bytes()),
                    None => builder,
                };
                let builder = added.into_iter().fold(builder, |builder, pack| pack.add_to(builder));
                let directory = directory.iter().map(|given| Arc::clone(&given.directory));
                directory.fold(builder, cleartosend::EngineBuilder::directory).build()
            }
        });
        let engine = engine.map_err(|problem| error::of_engine(py, &problem))?;
        let directory = given.unwrap_or_else(|| Directory::of(Arc::clone(engine.directory())));
        let waivers = waivers.map(str::to_owned);
        let planned = Planned::default();
        let Some(base) = base else {
            return Ok(Self { engine, directory, base: None, waivers, planned });
        };
        let engine = from_python::over_base(&engine, base);
        let engine = engine.map_err(|raised| error::of_base(py, raised, base))?;
        let base = Some(from_python::document(base)?);
        Ok(Self { engine, directory, base, waivers, planned })
    }

    /// Judges a campaign: JSON as text or bytes, or a mapping whose values are what JSON has, aware
    /// datetimes, tuples or enum members.
    ///
    /// `recipient` is the recipient of a campaign that names none: its members, or a row of a
    /// frame, whose columns are called as for `screen`. `at` is another instant of sending than the
    /// campaign's own. What `account` knows of the account, the template and the recipient is taken
    /// from it. With `every_rule` the decision also lists the rules that are satisfied or do not
    /// apply.
    ///
    /// Raises `FactsError` for whatever is not exactly as the schema says. Nothing is guessed and
    /// nothing is skipped.
    #[pyo3(signature = (campaign, *, recipient=None, at=None, account=None, every_rule=false))]
    fn check(
        &self,
        py: Python<'_>,
        campaign: &Bound<'_, PyAny>,
        recipient: Option<&Bound<'_, PyAny>>,
        at: Option<&Bound<'_, PyAny>>,
        account: Option<&Bound<'_, Account>>,
        every_rule: bool,
    ) -> PyResult<Decision> {
        let at = instant(py, at)?;
        let whole = recipient.map(|row| from_python::with_recipient(campaign, row)).transpose()?;
        let facts = self.facts(py, whole.as_ref().unwrap_or(campaign), at, account, "")?;
        let decision = self
            .engine
            .report(&facts, report(every_rule))
            .map_err(|problem| error::of_facts(py, &problem, ""))?;
        Ok(Decision::new(decision))
    }

    /// Judges a campaign as `check` does, and gives the verdict and the rules behind it alone: no
    /// text and no digest is made, which takes most of the time of a check.
    ///
    /// `at` and `account` are as for `check`.
    #[pyo3(signature = (campaign, *, at=None, account=None))]
    fn judge(
        &self,
        py: Python<'_>,
        campaign: &Bound<'_, PyAny>,
        at: Option<&Bound<'_, PyAny>>,
        account: Option<&Bound<'_, Account>>,
    ) -> PyResult<Judgement> {
        let at = instant(py, at)?;
        let facts = self.facts(py, campaign, at, account, "")?;
        let judgement = self.engine.judge(&facts);
        Ok(Judgement(judgement.map_err(|problem| error::of_facts(py, &problem, ""))?))
    }

    /// Explains a campaign: the decision, a checklist of all rules, the smallest sets of changes
    /// that make the verdict better, the verdict at later instants, and what to supply first. Every
    /// claim was checked by judging the case again.
    ///
    /// `at` and `account` are as for `check`. There are at most `fixes_max` fixes. The timeline
    /// ends before `until`, at most 400 days after the instant of sending; without it, 30 days
    /// after. With `timeline=False` there is none, and no fix by sending later, in a fraction of
    /// the time. The interpreter's lock is released while it works.
    ///
    /// Raises `FactsError` for the campaign and `ExplainError` for the rest.
    #[pyo3(signature = (campaign, *, at=None, account=None, until=None, fixes_max=8, timeline=true))]
    #[expect(clippy::too_many_arguments, reason = "they have names in Python")]
    fn explain(
        &self,
        py: Python<'_>,
        campaign: &Bound<'_, PyAny>,
        at: Option<&Bound<'_, PyAny>>,
        account: Option<&Bound<'_, Account>>,
        until: Option<&Bound<'_, PyAny>>,
        fixes_max: i64,
        timeline: bool,
    ) -> PyResult<Explanation> {
        let at = instant(py, at)?;
        let until = until.map(from_python::instant).transpose();
        let until = until.map_err(|raised| error::of_reading(py, raised, "until"))?;
        let fixes_max =
            usize::try_from(fixes_max).map_err(|_| error::bad_fixes_max(py, fixes_max))?;
        let options = ExplainOptions::default().fixes_max(fixes_max);
        let options = match (until, timeline) {
            (None, true) => options,
            (None, false) => options.without_timeline(),
            (Some(until), true) => options.until(until),
            (Some(_), false) => return Err(error::until_without_timeline(py)),
        };
        let facts = self.facts(py, campaign, at, account, "")?;
        let explanation = py.detach(|| self.engine.explain(&facts, &options));
        Ok(Explanation::new(explanation.map_err(|problem| error::of_explaining(py, &problem))?))
    }

    /// Judges a campaign, and makes a record of it: the facts after merging, the decision, and the
    /// digests of all that it rests on, as one document that others can verify and judge again.
    ///
    /// `recipient`, `at` and `account` are as for `check`. With `explain` the record has the
    /// explanation too, as `cts explain --record` keeps it. With `mask` keyed hashes stand in place
    /// of the recipient's number and user id, everywhere in the record. `Record.append` stores it.
    ///
    /// Raises `FactsError` for the campaign, and `RecordError` for a masked record that would still
    /// hold the number, or that a rule would judge otherwise.
    #[pyo3(signature = (campaign, *, recipient=None, at=None, account=None, explain=false, mask=None))]
    #[expect(clippy::too_many_arguments, reason = "they have names in Python")]
    fn record(
        &self,
        py: Python<'_>,
        campaign: &Bound<'_, PyAny>,
        recipient: Option<&Bound<'_, PyAny>>,
        at: Option<&Bound<'_, PyAny>>,
        account: Option<&Bound<'_, Account>>,
        explain: bool,
        mask: Option<&Bound<'_, Mask>>,
    ) -> PyResult<Record> {
        let at = instant(py, at)?;
        let whole = recipient.map(|row| from_python::with_recipient(campaign, row)).transpose()?;
        let facts = self.facts(py, whole.as_ref().unwrap_or(campaign), at, account, "")?;
        let mask = mask.map(|mask| &mask.get().0);
        let recorded = py.detach(|| {
            let mut options = RecordOptions::new();
            if explain {
                options = options.explain(ExplainOptions::default());
            }
            if let Some(mask) = mask {
                options = options.mask(mask);
            }
            self.engine.record(&facts, &options)
        });
        recorded.map(Record).map_err(|problem| error::of_record(py, &problem))
    }

    /// Judges the facts of a record again by this engine's packs and directory: a `Replayed` of
    /// `cleartosend.evidence`, which says whether the same came out, or what changed and by which
    /// inputs.
    ///
    /// The rows of a screening are judged again too where `files` names the folder with its
    /// audience, whose digest is checked, as `cts replay --files` does.
    ///
    /// Raises `RecordError` for facts that this engine cannot read, and for an audience that is not
    /// there or cannot be read.
    #[pyo3(signature = (record, *, files=None))]
    fn replay<'py>(
        &self,
        py: Python<'py>,
        record: &Bound<'py, Record>,
        files: Option<PathBuf>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let record = &record.get().0;
        let found = py.detach(|| cleartosend_evidence::replay(record, &self.engine));
        let found = found.map_err(|problem| error::of_record(py, &problem))?;
        let Some(folder) = files.filter(|_| record.is_screening()) else {
            return evidence::replayed(py, &found, None);
        };
        cleartosend_audience::quiet_decoders();
        let judged = py.detach(|| {
            cleartosend_screening::judge_rows(record, &self.engine, &folder).with(record, found)
        });
        let (found, reason) = judged.map_err(|reason| error::no_rows(py, &reason))?;
        evidence::replayed(py, &found, reason.as_deref())
    }

    /// Which rules change from this engine to another, each with a campaign of which the two say
    /// different things: a `Difference` of `cleartosend.differences`, as `cts diff` has it.
    ///
    /// With `old_at` and `new_at` each side is asked as of its own instant: `engine.diff(engine,
    /// old_at=…, new_at=…)` tells what changes between two dates. Waivers are left out. The
    /// interpreter's lock is released while it works. Raises `EngineError` for engines whose packs
    /// declare attributes of their own that do not agree.
    #[pyo3(signature = (new, *, old_at=None, new_at=None))]
    fn diff<'py>(
        &self,
        py: Python<'py>,
        new: &Bound<'py, Self>,
        old_at: Option<&Bound<'py, PyAny>>,
        new_at: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let read = |at: Option<&Bound<'py, PyAny>>, name| {
            let at = at.map(from_python::instant).transpose();
            at.map_err(|raised| error::of_reading(py, raised, name))
        };
        let instants = (read(old_at, "old_at")?, read(new_at, "new_at")?);
        let new = &new.get().engine;
        let difference = match instants {
            (None, None) => py.detach(|| self.engine.diff(new)),
            (Some(old_at), Some(new_at)) => py.detach(|| self.engine.diff_at(old_at, new, new_at)),
            _ => return Err(error::half_dated()),
        };
        let difference = difference.map_err(|problem| error::of_diff(py, &problem))?;
        let module = py.import("cleartosend.differences")?;
        module.call_method1("_of_json", (difference.to_json(),))
    }

    /// Judges campaigns in order, as `check` does each.
    ///
    /// The interpreter's lock is released while rules are evaluated. The first campaign that is
    /// refused ends it; the error's `at` begins with its place, such as `[17].account.quality`.
    #[pyo3(signature = (campaigns, *, at=None, account=None, every_rule=false))]
    fn check_many<'py>(
        &self,
        py: Python<'py>,
        campaigns: &Bound<'py, PyAny>,
        at: Option<&Bound<'py, PyAny>>,
        account: Option<&Bound<'py, Account>>,
        every_rule: bool,
    ) -> PyResult<Bound<'py, PyList>> {
        let at = instant(py, at)?;
        let decisions = PyList::empty(py);
        let mut campaigns = campaigns.try_iter()?;
        let mut row = 0;
        loop {
            let mut chunk = Vec::with_capacity(CHUNK);
            for campaign in campaigns.by_ref().take(CHUNK) {
                chunk.push(self.facts(py, &campaign?, at, account, &format!("[{row}]"))?);
                row += 1;
            }
            if chunk.is_empty() {
                return Ok(decisions);
            }
            let decided: Result<Vec<_>, _> = py.detach(|| {
                chunk.iter().map(|facts| self.engine.report(facts, report(every_rule))).collect()
            });
            for decision in decided.map_err(|problem| error::of_facts(py, &problem, ""))? {
                decisions.append(Bound::new(py, Decision::new(decision))?)?;
            }
            py.check_signals()?;
        }
    }

    /// Judges a campaign for every row of an audience, each as `check` would judge it. Nothing is
    /// judged before rows or the summary are asked for.
    ///
    /// `audience` is a table (polars, pyarrow, pandas, DuckDB: whatever has `__arrow_c_stream__` or
    /// `__arrow_c_array__`), an iterator over tables with the same columns, or the path of a
    /// Parquet, CSV, NDJSON or Arrow file. Columns are named by the attribute that they hold, or as
    /// `names` says: `{column: attribute}`. What is not an attribute must be among `keep`, and is
    /// then repeated in the result, or `ignore`.
    ///
    /// Timestamps without a time zone are refused, and dates; `time_zone` says that such timestamps
    /// are what clocks of that zone showed.
    ///
    /// With `rank` the result has a column of that name too: 0 for allow, 1 for review, 2 for deny.
    /// With `by_status` it has `violated` and `undetermined` in place of `rules`. With
    /// `verdict_only` it has neither them nor `missing`, at the speed of verdicts alone, and the
    /// summary counts verdicts and nothing else.
    ///
    /// `threads` work on it, 0 for one a processor; with 1 no thread is started. `at` and `account`
    /// are as for `check`: each row gets what the account knows of its recipient.
    ///
    /// `help` counts what would help most: how many more rows would be allowed with each single
    /// change of the campaign or the sender, and if the message went out at each of so many hours
    /// that come, from 0 (changes alone) to 336. Each batch is judged once more for each of them;
    /// `summary.help` has what was found. `fix_column` adds a column `fix`: who can clear the row
    /// by one change of the least effort (`campaign`, `sender` or `time`, or `audience`, to leave
    /// it out), null where it is allowed.
    ///
    /// With `record`, `Screening.record` makes a record of it: the audience is a file then, whose
    /// digest is taken before it is read.
    ///
    /// Raises `ScreenError` for columns that are not as declared, and `FactsError` for the
    /// campaign, before any row is judged.
    #[pyo3(signature = (campaign, audience, *, keep=None, ignore=None, names=None, time_zone=None, rank=false, by_status=false, verdict_only=false, threads=1, at=None, account=None, help=None, fix_column=false, record=false))]
    #[expect(clippy::too_many_arguments, reason = "they have names in Python")]
    fn screen(
        &self,
        py: Python<'_>,
        campaign: &Bound<'_, PyAny>,
        audience: &Bound<'_, PyAny>,
        keep: Option<&Bound<'_, PyAny>>,
        ignore: Option<&Bound<'_, PyAny>>,
        names: Option<&Bound<'_, PyAny>>,
        time_zone: Option<String>,
        rank: bool,
        by_status: bool,
        verdict_only: bool,
        threads: i64,
        at: Option<&Bound<'_, PyAny>>,
        account: Option<&Bound<'_, Account>>,
        help: Option<Hours>,
        fix_column: bool,
        record: bool,
    ) -> PyResult<Screening> {
        let at = instant(py, at)?;
        let facts = self.facts(py, campaign, at, account, "")?;
        let names = names.map_or_else(|| Ok(Vec::new()), pairs)?;
        let (keep, ignore) = (texts("keep", keep)?, texts("ignore", ignore)?);
        let options = screening::Options {
            keep,
            ignore,
            names,
            time_zone,
            rank,
            by_status,
            verdict_only,
            threads,
            help,
            fix_column,
            record,
            by_account: account.is_some(),
        };
        // What an account says is not in the text.
        let written = campaign.cast::<PyString>().ok().filter(|_| account.is_none());
        let written = written.map(|text| (text.to_string_lossy().into_owned(), at));
        let campaign = Campaign { facts: &facts, written };
        let engine = (&self.engine, &self.planned);
        screening::begin(py, engine, campaign, from_python::audience(audience)?, &options)
    }

    /// What the engine's directory says about a provider, and which providers it imitates. See
    /// `Directory.lookup`.
    #[pyo3(signature = (name=None, *, domain=None, id=None, at=None))]
    fn provider(
        &self,
        py: Python<'_>,
        name: Option<&str>,
        domain: Option<&str>,
        id: Option<&str>,
        at: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Provider> {
        directory::find(py, self.engine.directory(), name, domain, id, at)
    }

    /// What a violation of that kind would bring at that instant, by the enforcement ladder in
    /// force then and the account's own history.
    ///
    /// The result has the members of `cts account project --json`. Raises `AccountError` for a
    /// violation kind that does not exist.
    #[pyo3(signature = (history, violation, *, at))]
    fn project<'py>(
        &self,
        py: Python<'py>,
        history: &Bound<'py, PyAny>,
        violation: &str,
        at: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let at = from_python::instant(at).map_err(|raised| error::of_reading(py, raised, "at"))?;
        let history = match history.cast::<Account>() {
            Ok(account) => account.get().history(py, at)?,
            Err(_) => History::of(&self.facts(py, history, Some(at), None, "")?),
        };
        let projection = cleartosend_account::project(&self.engine, &history, violation, at)
            .map_err(|problem| error::of_account(py, &problem))?;
        loads(
            py,
            &serde_json::to_string(&projection)
                .map_err(|problem| error::of_defect(py, &problem.to_string()))?,
        )
    }

    /// The value of an expression of the rule language over a campaign's facts and what follows
    /// from them.
    ///
    /// Raises `ExpressionError` if it does not parse or check, or has no value:
    /// `python/undetermined` names the missing facts.
    #[pyo3(signature = (expression, campaign, *, at=None))]
    fn eval<'py>(
        &self,
        py: Python<'py>,
        expression: &str,
        campaign: &Bound<'py, PyAny>,
        at: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let at = instant(py, at)?;
        let facts = self.facts(py, campaign, at, None, "")?;
        let outcome = self
            .engine
            .eval(expression, &facts)
            .map_err(|problem| error::of_eval(py, &problem, expression))?;
        match outcome {
            Outcome::Value(known) => value(py, &known),
            Outcome::Error(problem) => Err(error::no_value(py, problem.code(), problem.message())),
            Outcome::Undetermined(lacking) => {
                let resolved = self.engine.resolve(&facts);
                let path = |id| self.engine.schema().attribute(id).path.to_string();
                let mut paths: Vec<String> = Vec::new();
                for id in lacking {
                    let causes = resolved.causes(id);
                    if causes.is_empty() { paths.push(path(id)) } else { paths.extend(causes) }
                }
                paths.sort_unstable();
                paths.dedup();
                Err(error::no_value(
                    py,
                    "python/undetermined",
                    &format!("undetermined: missing {}", paths.join(", ")),
                ))
            }
        }
    }

    /// The JSON Schema of campaign documents, with the members that the packs declare.
    fn schema<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loads(py, &json_schema::campaign_schema(self.engine.schema()).to_string())
    }

    /// The packs, in stacking order.
    #[getter]
    fn packs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.engine.packs().iter().map(|pack| Pack(Arc::clone(pack))))
    }

    /// The directory of providers.
    #[getter]
    fn directory(&self) -> Directory {
        self.directory.clone()
    }

    /// By its parts. Another process makes it once, however often it is sent, and refuses it where
    /// it has other built-in packs or another version of the package.
    fn __reduce__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyAny>, (&'static str, EngineParts<'py>))> {
        let packs = self.engine.packs().iter().map(|pack| Pack(Arc::clone(pack)).parts(py));
        let packs = PyTuple::new(py, packs.collect::<PyResult<Vec<_>>>()?)?;
        let parts = (packs, self.directory.parts(py), self.base.clone(), self.waivers.clone());
        Ok((pickling(py, "engine")?, (env!("CARGO_PKG_VERSION"), parts)))
    }

    /// Two engines are equal if they judge by the same packs, directory, base document and waivers.
    fn __eq__(&self, other: &Self) -> bool {
        let packs = |engine: &Self| -> Vec<_> {
            engine.engine.packs().iter().map(|pack| pack.digest).collect()
        };
        packs(self) == packs(other)
            && self.engine.directory().digest() == other.engine.directory().digest()
            && (&self.base, &self.waivers) == (&other.base, &other.waivers)
    }

    fn __hash__(&self) -> u64 {
        self.engine.packs().iter().fold(0, |sum, pack| sum.rotate_left(1) ^ hash(&pack.digest))
    }

    fn __repr__(&self) -> String {
        let packs: Vec<String> = self
            .engine
            .packs()
            .iter()
            .map(|pack| format!("{} {}", pack.name, pack.version))
            .collect();
        format!("<Engine {}; {}>", packs.join(", "), directory::described(self.engine.directory()))
    }
}

impl Engine {
    /// Reads a campaign, and says of it what the account's state knows. `within` is its place among
    /// others.
    fn facts(
        &self,
        py: Python<'_>,
        campaign: &Bound<'_, PyAny>,
        at: Option<Timestamp>,
        account: Option<&Bound<'_, Account>>,
        within: &str,
    ) -> PyResult<Facts> {
        let facts = from_python::facts(&self.engine, campaign, at);
        let mut facts = facts.map_err(|raised| error::of_reading(py, raised, within))?;
        if let Some(account) = account {
            account.get().tell(py, &mut facts)?;
        }
        Ok(facts)
    }
}

fn instant(py: Python<'_>, at: Option<&Bound<'_, PyAny>>) -> PyResult<Option<Timestamp>> {
    at.map(from_python::instant).transpose().map_err(|raised| error::of_reading(py, raised, "at"))
}

/// The pairs of a mapping from text to text.
fn pairs(names: &Bound<'_, PyAny>) -> PyResult<Vec<(String, String)>> {
    names.cast::<PyMapping>()?.items()?.iter().map(|pair| pair.extract()).collect()
}

/// Refuses a text where several things are expected: it would be taken letter by letter.
fn no_text(name: &str, value: &Bound<'_, PyAny>) -> PyResult<()> {
    match value.cast::<PyString>() {
        Ok(text) => Err(error::text_for_list(name, &text.to_string_lossy())),
        Err(_) => Ok(()),
    }
}

/// The texts of a list, or none.
fn texts(name: &str, value: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<String>> {
    let Some(value) = value else { return Ok(Vec::new()) };
    no_text(name, value)?;
    value.extract()
}

fn report(every_rule: bool) -> Report {
    if every_rule { Report::EveryRule } else { Report::Findings }
}
