//! In what order do commands run, and which of them failed?
//!
//! A step is one command with a name. All steps of a chore run, also after a failure, so that one
//! run shows everything that is wrong; a summary ends the run and says how to repeat each failed
//! step alone.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// One command, written as a person would type it.
pub(crate) struct Step {
    name: String,
    command: String,
    env: Vec<(&'static str, &'static str)>,
    /// The exit status that means that all is well.
    expected: i32,
}

impl Step {
    /// A step that is well when it exits with 0.
    ///
    /// The command is split at spaces and run without a shell.
    pub(crate) fn new(name: &str, command: &str) -> Self {
        Self { name: name.to_owned(), command: command.to_owned(), env: Vec::new(), expected: 0 }
    }

    pub(crate) fn with_env(mut self, name: &'static str, value: &'static str) -> Self {
        self.env.push((name, value));
        self
    }

    pub(crate) fn expecting(mut self, status: i32) -> Self {
        self.expected = status;
        self
    }

    /// What to type into a shell to run this step alone.
    fn by_hand(&self) -> String {
        let env: String =
            self.env.iter().map(|(name, value)| format!("{name}='{value}' ")).collect();
        format!("{env}{}", self.command)
    }

    /// Runs the command with this process's output, and says what was wrong.
    fn run(&self, root: &Path) -> Result<(), String> {
        let mut words = self.command.split_whitespace();
        let program = words.next().ok_or("the command is empty")?;
        let status = Command::new(program)
            .args(words)
            .envs(self.env.iter().copied())
            .current_dir(root)
            .status()
            .map_err(|error| format!("`{program}` could not be started: {error}"))?;
        match status.code() {
            Some(code) if code == self.expected => Ok(()),
            Some(code) => Err(format!("exit status {code}, expected {}", self.expected)),
            None => Err("ended by a signal".to_owned()),
        }
    }
}

/// What to do with golden files that differ from what came out.
#[derive(Clone, Copy)]
pub(crate) enum Golden {
    Compare,
    Rewrite,
}

/// The variable by which tests are told to write their golden files.
const BLESS: &str = "BLESS";

/// Everything that a contributor needs to have passed. Other languages' suites are further steps.
pub(crate) fn tests(golden: Golden) -> Vec<Step> {
    // Doc tests included: without `--all-targets`, `cargo test` runs them too.
    let rust = Step::new("tests in Rust", "cargo test --workspace --no-fail-fast");
    match golden {
        Golden::Compare => vec![rust, Step::new("tests in Python", "cargo xtask python")],
        Golden::Rewrite => vec![rust.with_env(BLESS, "1")],
    }
}

/// The test of the packs' mutants, which `tests` runs too, with what it prints.
pub(crate) fn mutants() -> Step {
    Step::new("mutants", "cargo test -p cleartosend-tests --test pack mutants -- --nocapture")
}

/// Runs all steps in order.
///
/// # Errors
/// A step failed; which and how to repeat it has been printed.
pub(crate) fn run(root: &Path, steps: &[Step]) -> Result<(), String> {
    let mut outcomes = Vec::with_capacity(steps.len());
    for (index, step) in steps.iter().enumerate() {
        println!("\n==> [{}/{}] {}: {}", index + 1, steps.len(), step.name, step.by_hand());
        let start = Instant::now();
        let outcome = step.run(root);
        if let Err(reason) = &outcome {
            println!("==> {} failed: {reason}", step.name);
        }
        outcomes.push((step, outcome, start.elapsed()));
    }
    println!("\n{}", summary(&outcomes));
    let failed = outcomes.iter().filter(|(_, outcome, _)| outcome.is_err()).count();
    if failed == 0 { Ok(()) } else { Err(format!("{failed} of {} steps failed", steps.len())) }
}

fn summary(outcomes: &[(&Step, Result<(), String>, Duration)]) -> String {
    let width = outcomes.iter().map(|(step, _, _)| step.name.chars().count()).max().unwrap_or(0);
    let mut lines = Vec::new();
    for (step, outcome, took) in outcomes {
        let word = if outcome.is_ok() { "ok" } else { "FAILED" };
        lines.push(format!("{:width$}  {:>7.1} s  {word}", step.name, took.as_secs_f64()));
        if let Err(reason) = outcome {
            lines.push(format!("    {reason}; to repeat it alone: {}", step.by_hand()));
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_exit_status_than_the_expected_one_fails_the_step() {
        let root = Path::new(".");
        assert_eq!(Step::new("version", "cargo --version").run(root), Ok(()));
        assert_eq!(
            Step::new("version", "cargo --version").expecting(1).run(root),
            Err("exit status 0, expected 1".to_owned())
        );
        assert!(Step::new("nothing", "").run(root).is_err());
    }

    #[test]
    fn the_summary_says_how_to_repeat_a_failure() {
        let step = Step::new("docs", "cargo doc").with_env("RUSTDOCFLAGS", "-D warnings");
        let found = summary(&[(
            &step,
            Err("exit status 101, expected 0".to_owned()),
            Duration::from_millis(1500),
        )]);
        assert_eq!(
            found,
            "docs      1.5 s  FAILED\n    exit status 101, expected 0; to repeat it alone: \
             RUSTDOCFLAGS='-D warnings' cargo doc"
        );
    }

    #[test]
    fn tests_write_golden_files_by_the_variable_that_the_chore_sets() {
        let rewrite = tests(Golden::Rewrite);
        assert!(
            rewrite.iter().all(|step| step.env == [(BLESS, "1")]),
            "{}",
            rewrite.iter().map(Step::by_hand).collect::<String>()
        );
        for name in
            ["tests/tests/cases.rs", "tests/tests/needed.rs", "cli/tests/command/languages.rs"]
        {
            let test = std::fs::read_to_string(
                Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name),
            );
            assert!(
                test.is_ok_and(|text| text.contains(&format!("var_os(\"{BLESS}\")"))),
                "{name} reads another variable"
            );
        }
        assert!(tests(Golden::Compare).iter().all(|step| step.env.is_empty()));
    }

    #[test]
    fn a_failed_step_does_not_hide_the_next() {
        let steps = [
            Step::new("first", "cargo --version").expecting(1),
            Step::new("second", "cargo --version").expecting(1),
        ];
        assert_eq!(run(Path::new("."), &steps), Err("2 of 2 steps failed".to_owned()));
    }
}
