//! What do the rules come to, taken together, and what does a change of them change?

use super::parts::Engine;
use crate::analyse::{
    self, Analysis, Asked, DiffError, Difference, Directories, Ground, Side, Warning, Witness,
};
use crate::resolve::Wanted;
use crate::time::Timestamp;

impl Engine {
    /// Analyses the rules of all packs together: rules that nothing violates, that say what others
    /// say, or that cannot be satisfied along with others; values and times that no rule asks
    /// about; and which verdicts each topic comes to. Each claim is proved by the rules' clauses,
    /// with a document that shows it, or reported as possible. Rules' own verdicts are meant: what
    /// waivers lower for a time changes nothing of what rules are to each other.
    ///
    /// ```
    /// use cleartosend::{Engine, Pack, PackFile, Schema};
    /// use cleartosend::analyse::ClaimKind;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let engine = Engine::builder().without_built_in().build()?;
    /// assert!(engine.analyse().claims.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn analyse(&self) -> Analysis {
        analyse::analyse(&self.ground())
    }

    /// What in one of the engine's packs is allowed and probably not meant: rules that nothing
    /// violates or that add nothing, parts of conditions that are the same in every case, and what
    /// is declared and not used. Waivers are judged at an instant. A pack that is not among the
    /// engine's has no warnings.
    ///
    /// ```
    /// use cleartosend::{Engine, Timestamp};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let engine = Engine::builder().without_built_in().build()?;
    /// let at = Timestamp::parse("2026-03-02T00:00:00Z")?;
    /// assert!(engine.warnings("house", at).is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn warnings(&self, pack: &str, at: Timestamp) -> Vec<Warning> {
        let named = self.0.program.packs().iter().find(|known| *known.name == *pack);
        named.map_or_else(Vec::new, |pack| analyse::warnings(&self.0.program, pack, at))
    }

    /// The waivers that stand in no pack and lower nothing from an instant on: those that have ended,
    /// and those whose rule finds no more than that, or nothing where they hold. Their place is in
    /// the file that was given, or `waiver 1` for the first that a program made.
    ///
    /// ```
    /// use cleartosend::{Engine, Timestamp};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let waivers = "[[waiver]]\nrule = 'whatsapp/template.not-approved'\nlower_to = 'note'\n\
    ///                reason = 'seen'\nby = 'Ana'\nfrom = 2026-01-01\nuntil = 2026-05-01\n";
    /// let engine = Engine::builder().waivers("waivers.toml", waivers.as_bytes()).build()?;
    /// let of = |at| Timestamp::parse(at).map(|at| engine.idle_waivers(at).len());
    /// assert_eq!((of("2026-04-30T00:00:00Z")?, of("2026-05-01T00:00:00Z")?), (0, 1));
    /// # Ok(())
    /// # }
    /// ```
    pub fn idle_waivers(&self, at: Timestamp) -> Vec<Warning> {
        analyse::idle_beside_packs(&self.0.program, at)
    }

    /// For each question the documents that show it, for what no test of a pack shows yet. Each
    /// was judged, and says as little as possible, so that other rules may be undetermined. A
    /// question for which none was found has none.
    ///
    /// ```
    /// use cleartosend::Engine;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let engine = Engine::builder().without_built_in().build()?;
    /// assert!(engine.examples(&[]).is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn examples(&self, asked: &[Asked]) -> Vec<Vec<Witness>> {
        analyse::examples(&self.ground(), asked)
    }

    /// Which rules change from this engine to another, each with a document of which the two say
    /// different things: rules that are added, removed, changed in meaning or only in words. The
    /// rest are equivalent: of a case whose facts are known, they say the same. Waivers are left
    /// out: a change of waivers alone is no change of a rule.
    ///
    /// # Errors
    /// Engines whose packs declare attributes of their own that are not the same: each has to have
    /// those of the other, or further ones besides.
    ///
    /// ```
    /// use cleartosend::Engine;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let engine = Engine::builder().without_built_in().build()?;
    /// let difference = engine.diff(&engine)?;
    /// assert!(difference.rules.is_empty() && !difference.changes_meaning());
    /// # Ok(())
    /// # }
    /// ```
    pub fn diff(&self, new: &Self) -> Result<Difference, DiffError> {
        analyse::difference(&self.side(None), &new.side(None))
    }

    /// As [`Self::diff`], with each side at an instant of its own: what a message is judged by that
    /// is sent then. The engines may be the same, to ask what changes from one date to another.
    ///
    /// # Errors
    /// As [`Self::diff`].
    pub fn diff_at(
        &self,
        old_at: Timestamp,
        new: &Self,
        new_at: Timestamp,
    ) -> Result<Difference, DiffError> {
        analyse::difference(&self.side(Some(old_at)), &new.side(Some(new_at)))
    }

    fn ground(&self) -> Ground<'_> {
        Ground {
            program: &self.0.program,
            packs: self.0.program.packs(),
            directories: Directories::new(&self.0.directory, self.0.program.packs()),
            catalogue: &self.0.catalogue,
            wanted: Wanted::those(|id| self.0.program.reads(id)),
        }
    }

    fn side(&self, at: Option<Timestamp>) -> Side<'_> {
        Side { ground: self.ground(), at }
    }
}
