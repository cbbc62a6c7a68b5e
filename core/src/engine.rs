//! The paved path: facts → resolve → match → decide. Calls stages, decides nothing.

mod analysis;
mod build;
mod error;
mod eval;
mod judgement;
mod masked;
mod parts;
mod prepared;
mod read;

use std::sync::Arc;

pub use build::EngineBuilder;
pub use error::{EngineError, EvalError};
pub use judgement::{JudgedRule, Judgement};
pub use masked::Masked;
pub use parts::Engine;
pub use prepared::{Prepared, Recipient};

use crate::cel::Outcome;
use crate::clients::Catalogue;
use crate::decide::{self, Decision, Report};
use crate::directory::Directory;
use crate::explain::{self, ExplainError, ExplainOptions, Explanation};
use crate::facts::{Facts, FactsError};
use crate::language::Lang;
use crate::matching;
use crate::pack::Pack;
use crate::program::Program;
use crate::resolve::{self, Resolved, Wanted};
use crate::schema::Schema;
#[cfg(feature = "screen")]
use crate::screen::{self, ScreenError, ScreenOptions, Screener, Screening};
use crate::time::Timestamp;

impl Engine {
    /// Judges a case: every campaign rule, and every recipient rule where a recipient is given.
    ///
    /// # Errors
    /// Facts that were made for another engine, or that do not say when the message is sent.
    pub fn check(&self, facts: &Facts) -> Result<Decision, FactsError> {
        self.report(facts, Report::default())
    }

    /// As [`Self::check`], telling also of the rules that are satisfied or do not apply, if asked
    /// to.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub fn report(&self, facts: &Facts, report: Report) -> Result<Decision, FactsError> {
        facts.ready_for(self.schema())?;
        let facts = &*facts.with_marks();
        let resolved = self.resolve_for_rules(facts);
        let matched = match report {
            Report::Findings => matching::findings(&self.0.program, &resolved),
            Report::EveryRule => matching::run(&self.0.program, &resolved),
        };
        Ok(decide::decide(&self.0.program, &resolved, &matched, &self.0.stamp))
    }

    /// Judges a case as [`Self::check`] does, and gives the verdict and the ids of the rules behind
    /// it alone: no finding, no text and no digest is made, which takes most of the time of a
    /// check.
    ///
    /// # Errors
    /// As [`Self::check`].
    ///
    /// ```
    /// use cleartosend::{Engine, Timestamp, Value, Verdict};
    /// use cleartosend::schema::attributes as id;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let engine = Engine::built_in()?;
    /// let send_at = Timestamp::parse("2026-03-02T15:00:00Z")?;
    /// let mut facts = engine.facts(send_at);
    /// facts.set(id::CAMPAIGN_INITIATED_BY, Value::string("business"))?;
    /// facts.set(id::RECIPIENT_PHONE, Value::string("+34600000000"))?;
    /// facts.set(id::RECIPIENT_OPTED_OUT, Value::Bool(true))?;
    /// let judgement = engine.judge(&facts)?;
    /// assert_eq!(judgement.verdict(), Verdict::Deny);
    /// assert!(judgement.rules().any(|judged| judged.rule == "consent.opted-out"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn judge(&self, facts: &Facts) -> Result<Judgement, FactsError> {
        let mut judgement = Judgement::new();
        self.judge_into(facts, &mut judgement)?;
        Ok(judgement)
    }

    /// As [`Self::judge`], into a judgement that there is already, so that judging in a loop uses
    /// its memory again. Where the facts are refused, it is emptied: what was found of another case
    /// is never read as of this one.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub fn judge_into(&self, facts: &Facts, judgement: &mut Judgement) -> Result<(), FactsError> {
        judgement.fill(self, facts)
    }

    /// Explains a case: the decision, a checklist of all rules, the smallest sets of changes that
    /// make the verdict better, the verdict at later instants, and what to supply first. Every
    /// claim was checked by judging the case again.
    ///
    /// # Errors
    /// As [`Self::check`]; a timeline that does not end after `send_at`, or more than
    /// 400 days after it.
    ///
    /// ```
    /// use cleartosend::{Engine, ExplainOptions, Facts};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let engine = Engine::built_in()?;
    /// let document = br#"{
    ///     "send_at": "2026-03-02T15:00:00Z",
    ///     "campaign": {"initiated_by": "business", "category": "marketing"},
    ///     "recipient": {"phone": "+34600000000", "opted_out": true}
    /// }"#;
    /// let facts = Facts::from_json(engine.schema(), document)?;
    /// let explanation = engine.explain(&facts, &ExplainOptions::default())?;
    /// assert_eq!(explanation.fixes()[0].changes[0].how, "leave this recipient out");
    /// # Ok(())
    /// # }
    /// ```
    pub fn explain(
        &self,
        facts: &Facts,
        options: &ExplainOptions,
    ) -> Result<Explanation, ExplainError> {
        facts.ready_for(self.schema())?;
        explain::explain(&self.trial_ground(), &facts.with_marks(), options)
    }

    fn trial_ground(&self) -> explain::Ground<'_> {
        explain::Ground {
            program: &self.0.program,
            directory: &self.0.directory,
            catalogue: &self.0.catalogue,
            order: &self.0.order,
            wanted: self.0.wanted,
            stamp: &self.0.stamp,
        }
    }

    /// Judges a campaign document.
    ///
    /// # Errors
    /// Whatever is not exactly as the schema says, with its path.
    pub fn check_json(&self, document: &[u8]) -> Result<Decision, FactsError> {
        self.check(&self.facts_from_json(document)?)
    }

    /// As [`Self::check_json`], at another instant than the document says.
    ///
    /// # Errors
    /// As [`Self::check_json`], but the document need not have `send_at`.
    pub fn check_json_at(
        &self,
        document: &[u8],
        send_at: Timestamp,
    ) -> Result<Decision, FactsError> {
        self.check(&self.facts_from_json_at(document, send_at)?)
    }

    /// A decision as a page for people, in their language: [`Decision::text`]. A decision has with
    /// it what its texts are made of, so that it need not be of this engine.
    ///
    /// ```
    /// use cleartosend::{Engine, Lang};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let engine = Engine::built_in()?;
    /// let decision = engine.check_json(br#"{"send_at": "1990-01-01T00:00:00Z"}"#)?;
    /// assert!(engine.render(&decision, Lang::Spanish).starts_with("POR REVISAR"));
    /// assert!(engine.render(&decision, Lang::Portuguese).starts_with("A REVISAR"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn render(&self, decision: &Decision, lang: Lang) -> String {
        decision.text(lang)
    }

    /// Judges a campaign against a whole audience: record batches of recipients in, a batch of the
    /// result out for each, in order.
    ///
    /// Columns are named by the attributes under `recipient.` and `x.` that they tell. A column
    /// that is not there gives nothing of any row; null is *absent* for a nullable attribute and
    /// unknown for any other. Each row comes out as [`Self::check`] would judge it.
    ///
    /// # Errors
    /// Before the first row: a campaign that cannot be judged or that has a recipient, a
    /// column that is no attribute, of the wrong type, or there twice. The reader's own errors come
    /// where they occur.
    #[cfg(feature = "screen")]
    pub fn screen<R: arrow_array::RecordBatchReader>(
        &self,
        campaign: &Facts,
        audience: R,
        options: &ScreenOptions,
    ) -> Result<Screening<R>, ScreenError> {
        campaign.ready_for(self.schema())?;
        let changes = self.changes_of(campaign, options);
        screen::screen(self.base_of(campaign), audience, options, changes)
    }

    /// A campaign ready to be screened against many audiences of the same columns, such as one
    /// batch of recipients after the other: what [`Self::screen`] plans before the first row is
    /// planned once.
    ///
    /// # Errors
    /// As [`Self::screen`].
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use arrow_array::{ArrayRef, BooleanArray, RecordBatch, RecordBatchIterator};
    /// use cleartosend::{Engine, Facts, ScreenOptions};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let engine = Engine::built_in()?;
    /// let document = br#"{"send_at": "2026-03-02T15:00:00Z", "campaign": {"initiated_by":
    /// "business"}}"#; let campaign = Facts::from_json(engine.schema(), document)?; let opted_out:
    /// ArrayRef = Arc::new(BooleanArray::from(vec![true, false])); let batch =
    /// RecordBatch::try_from_iter([("recipient.opted_out", opted_out)])?; let screener =
    /// engine.screener(&campaign, batch.schema(), &ScreenOptions::new())?; for _ in 0..2 {
    ///     let audience = RecordBatchIterator::new([Ok(batch.clone())], batch.schema());
    ///     let mut screening = screener.screen(audience)?;
    ///     screening.by_ref().for_each(drop);
    ///     assert_eq!(screening.summary().rows, 2);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "screen")]
    pub fn screener(
        &self,
        campaign: &Facts,
        columns: arrow_schema::SchemaRef,
        options: &ScreenOptions,
    ) -> Result<Screener, ScreenError> {
        campaign.ready_for(self.schema())?;
        let changes = self.changes_of(campaign, options);
        Screener::new(self.base_of(campaign), columns, options, changes)
    }

    /// The campaigns that are screened besides, where somebody asks what would help.
    #[cfg(feature = "screen")]
    fn changes_of(&self, campaign: &Facts, options: &ScreenOptions) -> Vec<explain::Changed> {
        let changes = |hours| explain::changes(&self.trial_ground(), campaign, hours);
        options.help_hours().map(changes).unwrap_or_default()
    }

    #[cfg(feature = "screen")]
    fn base_of(&self, campaign: &Facts) -> screen::Base {
        screen::Base {
            program: Arc::clone(&self.0.program),
            directory: Arc::clone(&self.0.directory),
            catalogue: Arc::clone(&self.0.catalogue),
            order: Arc::clone(&self.0.order),
            wanted: self.0.wanted,
            facts: campaign.clone(),
            stamp: Arc::clone(&self.0.stamp),
        }
    }

    /// What an expression comes to over facts, as plain CEL. It may name attributes, and the sets
    /// of all packs: `sets.NAME` as in a condition, or `sets.PACK.NAME` where two packs have a set
    /// of that name. A `provider.listing` that the directory cannot tell is the text `unknown`.
    ///
    /// # Errors
    /// An expression that does not parse or check; facts that were made for another engine.
    pub fn eval(&self, source: &str, facts: &Facts) -> Result<Outcome, EvalError> {
        facts.made_for(self.schema())?;
        Ok(eval::eval(self.program(), source, &self.resolve(facts))?)
    }

    /// What is known of a case: the facts, and what follows from them.
    pub fn resolve<'a>(&self, facts: &'a Facts) -> Resolved<'a> {
        resolve::resolve(
            facts,
            self.0.program.packs(),
            &self.0.directory,
            &self.0.catalogue,
            &Wanted::ALL,
        )
        .placed(self.program())
    }

    /// As [`Self::resolve`], but only what some rule reads, in conditions or texts, is derived; the
    /// rest stays unknown.
    pub fn resolve_for_rules<'a>(&self, facts: &'a Facts) -> Resolved<'a> {
        self.0.resolve(facts)
    }

    /// The program that decides.
    pub fn program(&self) -> &Program {
        &self.0.program
    }

    /// The attributes: the built-in ones and those that the packs declare.
    pub fn schema(&self) -> &Arc<Schema> {
        self.0.program.schema()
    }

    /// The packs, in stacking order.
    pub fn packs(&self) -> &[Arc<Pack>] {
        self.0.program.packs()
    }

    /// The directory.
    pub fn directory(&self) -> &Arc<Directory> {
        &self.0.directory
    }

    /// The catalogue of clients.
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.0.catalogue
    }
}
