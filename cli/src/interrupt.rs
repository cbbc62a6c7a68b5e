//! What if somebody stops the command half-way?
//!
//! Files that are not complete are removed, and the command ends. The work may be waiting for a
//! pipe and is not asked: a thread that waits for signals does it all.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use cleartosend_audience::Beside;

use crate::failure::Failure;

/// Files that are not complete yet.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on, SIGINT, SIGTERM, SIGHUP and SIGQUIT (Ctrl-C and Ctrl-Break on Windows) remove what
/// is not complete.
pub(crate) fn tidy_up() -> Result<(), Failure> {
    static ONCE: Mutex<bool> = Mutex::new(false);
    let mut is_installed = ONCE.lock().unwrap_or_else(PoisonError::into_inner);
    if !*is_installed {
        watch().map_err(|error| Failure::new(&format!("cannot watch for interrupts: {error}")))?;
        *is_installed = true;
    }
    Ok(())
}

#[cfg(unix)]
fn watch() -> Result<(), std::io::Error> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    use signal_hook::iterator::Signals;

    let mut signals = Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM])?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        if let Some(signal) = signals.forever().next() {
            end(signal);
        }
    })?;
    Ok(())
}

#[cfg(not(unix))]
fn watch() -> Result<(), ctrlc::Error> {
    const INTERRUPT: i32 = 2;
    ctrlc::set_handler(|| end(INTERRUPT))
}

/// Ends the process with the exit code that shells report for a signal.
fn end(signal: i32) {
    const OF_SIGNALS: i32 = 128;
    // Held until the process ends, so that nothing is put in its place any more.
    let files = unfinished();
    for file in files.iter() {
        let _ = std::fs::remove_file(file);
    }
    std::process::exit(OF_SIGNALS + signal);
}

/// Begins a file that is removed if the command is interrupted.
pub(crate) fn begin(file: &Path) -> Result<Beside, Failure> {
    let mut files = unfinished();
    let beside = Beside::new(file).map_err(|error| Failure::of_writing(file, &error))?;
    files.extend(beside.path().map(Path::to_path_buf));
    Ok(beside)
}

/// Puts files in their places, all of them or, if the command is interrupted just before, none.
pub(crate) fn finish(complete: Vec<(&Path, Beside)>) -> Result<(), Failure> {
    let mut files = unfinished();
    for (file, beside) in complete {
        let written = beside.path().map(Path::to_path_buf);
        beside.finish().map_err(|error| Failure::of_writing(file, &error))?;
        files.retain(|file| Some(file) != written.as_ref());
    }
    Ok(())
}
