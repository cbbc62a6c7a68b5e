//! What does a condition come to? The `cel` crate says, over the text that stands in the pack.

use std::cell::RefCell;
use std::fmt;
use std::sync::{Arc, LazyLock};

use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use cel::objects::{Key, Map};
use cleartosend::{Timestamp, Value};

use super::text::{self, Set};
use super::{FactIdx, Subject};

static STANDARD: LazyLock<Arc<cel::Env>> = LazyLock::new(|| Arc::new(cel::Env::stdlib()));

/// Rooms for answers larger than this are not made; then each is worked out again.
const ROOM_MAX: usize = 1 << 18;

/// A set's name as conditions write it, and its members at each instant of sending.
type Members = (String, Vec<Box<dyn Val>>);

/// A condition, read by the `cel` crate, with the answers that it gave before: it depends on
/// nothing but the facts that it reads.
pub struct Expression {
    program: cel::Program,
    /// The subjects that it reads.
    reads: Vec<usize>,
    /// The members of each set that it names, by instant of sending.
    sets: Vec<Members>,
    reads_instant: bool,
    pools: Vec<usize>,
    /// 0 for not asked, then error, false, true.
    answers: RefCell<Vec<u8>>,
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.program.expression())
    }
}

impl Expression {
    /// Reads a condition.
    pub fn new(source: &str, subjects: &[Subject], sets: &[&Set], instants: &[Timestamp]) -> Self {
        let program = cel::Program::compile(source)
            .unwrap_or_else(|error| panic!("the judge refuses `{source}`: {error}"));
        let names = text::names(source);
        let reads =
            (0..subjects.len()).filter(|place| names.contains(&subjects[*place].path)).collect();
        let sets: Vec<Members> = sets
            .iter()
            .map(|set| (format!("sets.{}", set.name), set))
            .filter(|(name, _)| names.contains(name))
            .map(|(name, set)| {
                (name, instants.iter().map(|at| judged(&Value::List(set.at(*at).into()))).collect())
            })
            .collect();
        let reads_instant = !sets.is_empty() || names.contains("send_at");
        Self {
            program,
            reads,
            sets,
            reads_instant,
            pools: Vec::new(),
            answers: RefCell::new(Vec::new()),
        }
    }

    /// Makes room for answers, once it is known how many facts each subject has.
    pub(super) fn make_room(&mut self, pools: &[usize], instants: usize) {
        self.pools = self.reads.iter().map(|subject| pools[*subject]).collect();
        let start = if self.reads_instant { instants } else { 1 };
        let room = self
            .pools
            .iter()
            .try_fold(start, |room, pool| room.checked_mul(*pool).filter(|room| *room <= ROOM_MAX));
        self.answers = RefCell::new(vec![0; room.unwrap_or(0)]);
    }

    /// True, false, or none for an error.
    pub fn truth(
        &self,
        subjects: &[Subject],
        send_at: usize,
        at: Timestamp,
        facts: &[FactIdx],
    ) -> Option<bool> {
        let start = if self.reads_instant { send_at } else { 0 };
        let place = self.reads.iter().zip(&self.pools).fold(start, |place, (subject, pool)| {
            place.saturating_mul(*pool).saturating_add(usize::from(facts[*subject]))
        });
        match self.answers.borrow().get(place) {
            Some(1) => return None,
            Some(2) => return Some(false),
            Some(3) => return Some(true),
            _ => {}
        }
        let answer = self.execute(subjects, send_at, at, facts);
        if let Some(slot) = self.answers.borrow_mut().get_mut(place) {
            *slot = answer.map_or(1, |truth| 2 + u8::from(truth));
        }
        answer
    }

    fn execute(
        &self,
        subjects: &[Subject],
        send_at: usize,
        at: Timestamp,
        facts: &[FactIdx],
    ) -> Option<bool> {
        let names = Names {
            reads: &self.reads,
            sets: &self.sets,
            subjects,
            send_at,
            at: judged(&Value::Timestamp(at)),
            facts,
        };
        let mut context = cel::Context::with_env(Arc::clone(&STANDARD));
        context.set_variable_resolver(&names);
        match self.program.execute(&context) {
            Ok(cel::Value::Bool(truth)) => Some(truth),
            Ok(other) => panic!("{self:?} came to {other:?}"),
            Err(_) => None,
        }
    }
}

/// What the names of an expression stand for.
struct Names<'a> {
    reads: &'a [usize],
    sets: &'a [Members],
    subjects: &'a [Subject],
    send_at: usize,
    at: Box<dyn Val>,
    facts: &'a [FactIdx],
}

impl VariableResolver for Names<'_> {
    fn resolve<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        if name == "send_at" {
            return Some(CowVal::Borrowed(&*self.at));
        }
        if let Some((_, members)) = self.sets.iter().find(|(known, _)| known == name) {
            return members.get(self.send_at).map(|members| CowVal::Borrowed(&**members));
        }
        if let Some(subject) =
            self.reads.iter().find(|subject| self.subjects[**subject].path == name)
        {
            // What is absent is not bound.
            let value =
                self.subjects[*subject].values.get(usize::from(self.facts[*subject]))?.as_ref()?;
            return Some(CowVal::Borrowed(&**value));
        }
        self.object(name).and_then(|object| object.try_into().ok()).map(CowVal::Owned)
    }
}

impl Names<'_> {
    /// The members that are present beneath a name, for `has`; none if nothing that is read lies
    /// beneath it.
    fn object(&self, name: &str) -> Option<cel::Value> {
        let beneath = |subject: &&usize| {
            self.subjects[**subject]
                .path
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('.'))
        };
        let mut members: Vec<(String, cel::Value)> = Vec::new();
        let mut any = false;
        for subject in self.reads.iter().filter(beneath) {
            any = true;
            let Subject { path, pool, .. } = &self.subjects[*subject];
            let rest = &path[name.len() + 1..];
            match rest.split_once('.') {
                Some((next, _)) => {
                    if !members.iter().any(|(known, _)| known == next) {
                        members.extend(
                            self.object(&format!("{name}.{next}"))
                                .map(|object| (next.to_owned(), object)),
                        );
                    }
                }
                None => {
                    let value =
                        pool.get(usize::from(self.facts[*subject])).and_then(|fact| fact.value());
                    members.extend(value.map(|value| (rest.to_owned(), owned(value))));
                }
            }
        }
        let map = Map {
            map: Arc::new(
                members.into_iter().map(|(name, value)| (Key::from(name), value)).collect(),
            ),
        };
        any.then_some(cel::Value::Map(map))
    }
}

/// A value in the judge's form, ready to be bound.
pub fn judged(value: &Value) -> Box<dyn Val> {
    owned(value).try_into().unwrap_or_else(|error| panic!("{value:?}: {error}"))
}

fn owned(value: &Value) -> cel::Value {
    match value {
        Value::Bool(bool) => cel::Value::Bool(*bool),
        Value::Int(int) => cel::Value::Int(*int),
        Value::Double(double) => cel::Value::Float(*double),
        Value::String(text) => cel::Value::String(Arc::new(text.to_string())),
        Value::Timestamp(at) => {
            let instant = chrono::DateTime::from_timestamp(at.seconds(), at.nanos());
            cel::Value::Timestamp(
                instant.unwrap_or_else(|| panic!("{at} is no instant to chrono")).fixed_offset(),
            )
        }
        Value::Duration(span) => {
            let (seconds, nanos) = (
                span.as_nanos().div_euclid(1_000_000_000),
                span.as_nanos().rem_euclid(1_000_000_000),
            );
            let delta = i64::try_from(seconds)
                .ok()
                .and_then(|seconds| chrono::TimeDelta::new(seconds, u32::try_from(nanos).ok()?));
            cel::Value::Duration(delta.unwrap_or_else(|| panic!("{span} is no span to chrono")))
        }
        Value::List(elements) => cel::Value::List(Arc::new(elements.iter().map(owned).collect())),
    }
}
