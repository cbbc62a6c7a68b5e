//! Who works on the batches?
//!
//! With one thread, the caller does, when it asks. With more, batches go round the threads in turn,
//! each with a queue of its own, and come back in the same turn: order is kept without sorting, and
//! what is under way is bounded, so memory does not grow with the audience.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;

use super::error;
use super::kernel::Kernel;
use super::summary::Counts;
use super::team::{Panel, Team};

/// A batch and the number of its first row.
type Work = (RecordBatch, u64);
type Judged = Result<(RecordBatch, Counts), ArrowError>;

/// Batches under way for each thread: one at work and one waiting.
const UNDER_WAY: usize = 2;

#[derive(Debug)]
pub(super) struct Workers {
    kind: Kind,
    /// The error of the audience, returned after the batches before it.
    failed: Option<ArrowError>,
    is_drained: bool,
}

#[derive(Debug)]
enum Kind {
    /// The caller's own thread.
    Here(Box<Panel>),
    /// Several, with the turns of those that have a batch.
    Threads { threads: Vec<Worker>, turns: VecDeque<usize>, next: usize },
}

#[derive(Debug)]
struct Worker {
    /// Taken when the thread is to end.
    work: Option<SyncSender<Work>>,
    done: Receiver<Judged>,
    handle: Option<JoinHandle<()>>,
}

impl Workers {
    pub(super) fn new(team: &Arc<Team>, kernel: Kernel, threads: usize) -> Self {
        let mut started: Vec<Worker> = Vec::new();
        if threads > 1 {
            // A system that gives fewer threads gets the work done all the same.
            started.extend((0..threads).map_while(|_| Worker::start(team, kernel).ok()));
        }
        let kind = if started.is_empty() {
            Kind::Here(Box::new(Panel::new(team, kernel)))
        } else {
            Kind::Threads { threads: started, turns: VecDeque::new(), next: 0 }
        };
        Self { kind, failed: None, is_drained: false }
    }

    /// The next batch judged, taking as many from the audience as may be under way.
    pub(super) fn next(
        &mut self,
        mut audience: impl FnMut() -> Option<Result<Work, ArrowError>>,
    ) -> Option<Judged> {
        let Self { kind, failed, is_drained } = self;
        match kind {
            Kind::Here(panel) => {
                if *is_drained {
                    return None;
                }
                match audience() {
                    Some(Ok((batch, first_row))) => Some(panel.batch(&batch, first_row)),
                    Some(Err(problem)) => {
                        *is_drained = true;
                        Some(Err(problem))
                    }
                    None => None,
                }
            }
            Kind::Threads { threads, turns, next } => {
                while !*is_drained && turns.len() < threads.len() * UNDER_WAY {
                    match audience() {
                        Some(Ok(work)) => {
                            let turn = *next % threads.len();
                            *next += 1;
                            if threads
                                .get(turn)
                                .and_then(|worker| worker.work.as_ref())
                                .is_none_or(|queue| queue.send(work).is_err())
                            {
                                *failed = Some(error::thread_gone());
                                *is_drained = true;
                            } else {
                                turns.push_back(turn);
                            }
                        }
                        Some(Err(problem)) => {
                            *failed = Some(problem);
                            *is_drained = true;
                        }
                        None => *is_drained = true,
                    }
                }
                match turns.pop_front() {
                    Some(turn) => Some(
                        threads
                            .get(turn)
                            .and_then(|worker| worker.done.recv().ok())
                            .unwrap_or_else(|| Err(error::thread_gone())),
                    ),
                    None => failed.take().map(Err),
                }
            }
        }
    }
}

impl Worker {
    fn start(team: &Arc<Team>, kernel: Kernel) -> std::io::Result<Self> {
        let (work, queue) = sync_channel::<Work>(UNDER_WAY);
        let (finished, done) = sync_channel::<Judged>(UNDER_WAY);
        let team = Arc::clone(team);
        let run = move || {
            let mut panel = Panel::new(&team, kernel);
            for (batch, first_row) in queue {
                if finished.send(panel.batch(&batch, first_row)).is_err() {
                    break;
                }
            }
        };
        let handle = std::thread::Builder::new().name("cts-screen".into()).spawn(run)?;
        Ok(Self { work: Some(work), done, handle: Some(handle) })
    }
}

/// Ends the thread: it may be in the middle of a batch, and is waited for.
impl Drop for Worker {
    fn drop(&mut self) {
        self.work = None;
        while self.done.recv().is_ok() {}
        if let Some(handle) = self.handle.take() {
            // A thread that panicked has nothing left to give; its batches have been answered with
            // an error.
            let _ = handle.join();
        }
    }
}
