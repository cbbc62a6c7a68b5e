//! `cts pack test --watch`: the tests again, whenever something of the pack changes.
//!
//! The folder is read twice a second and compared with what was read before: a pack is at most a few
//! megabytes, and so each change counts, of whatever editor and on whatever file system (shared
//! folders and containers tell nobody of changes), and nothing else does.

use std::io;
use std::path::Path;
use std::time::Duration;

use cleartosend::PackFile;

use crate::failure::Failure;
use crate::output::{self, Answer};

/// How long a change may go unseen.
const PAUSE: Duration = Duration::from_millis(500);

/// Runs `run` now and after each change of the folder, until whoever reads the output goes away or
/// the command is interrupted. A pack that is not in order is shown, and may become so.
pub(super) fn run(
    folder: &Path,
    run: impl Fn() -> Result<Answer, Failure>,
) -> Result<Answer, Failure> {
    if !folder.is_dir() {
        let folder = folder.display();
        return Err(Failure::new(&format!(
            "`--watch` needs the folder of a pack; `{folder}` is not one"
        )));
    }
    let mut before: Option<Vec<PackFile>> = None;
    loop {
        // A folder that cannot be read is told once, and watched until it can.
        let now = cleartosend_files::read_pack(folder).unwrap_or_default();
        if before.as_ref().is_none_or(|before| !is_same(before, &now)) {
            before = Some(now);
            match output::show(&run().unwrap_or_else(Answer::of_failure)) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                    return Ok(Answer::new(String::new()));
                }
                Err(error) => {
                    return Err(Failure::new(&format!("cannot write the answer: {error}")));
                }
            }
        }
        std::thread::sleep(PAUSE);
    }
}

fn is_same(before: &[PackFile], now: &[PackFile]) -> bool {
    let file =
        |(one, other): (&PackFile, &PackFile)| one.path == other.path && one.bytes == other.bytes;
    before.len() == now.len() && before.iter().zip(now).all(file)
}
