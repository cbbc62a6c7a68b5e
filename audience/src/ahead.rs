//! Reading ahead, so that files are decoded while batches are judged.

use std::sync::mpsc::{Receiver, sync_channel};

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};

use crate::error;
use crate::limits::BATCHES_AHEAD;

/// A reader whose batches are read on a thread of their own, a few ahead of those that were taken.
#[derive(Debug)]
pub struct Ahead {
    schema: SchemaRef,
    batches: Receiver<Message>,
    is_finished: bool,
}

/// A batch, or that there are no more.
type Message = Option<Result<RecordBatch, ArrowError>>;

impl Ahead {
    /// Starts the thread. It ends with the audience, or with the first batch that nobody takes any
    /// more.
    ///
    /// # Errors
    /// A system that gives no thread.
    pub fn new(mut audience: impl RecordBatchReader + Send + 'static) -> std::io::Result<Self> {
        let schema = audience.schema();
        let (sender, batches) = sync_channel(BATCHES_AHEAD);
        let run = move || {
            loop {
                let batch = audience.next();
                let is_last = !matches!(batch, Some(Ok(_)));
                if sender.send(batch).is_err() || is_last {
                    break;
                }
            }
        };
        std::thread::Builder::new().name("cts-read".into()).spawn(run)?;
        Ok(Self { schema, batches, is_finished: false })
    }
}

impl Iterator for Ahead {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_finished {
            return None;
        }
        let message = self.batches.recv().unwrap_or_else(|_| Some(Err(error::gone().into())));
        self.is_finished = !matches!(message, Some(Ok(_)));
        message
    }
}

impl RecordBatchReader for Ahead {
    fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }
}
