//! Do pages hold in a real browser?
//!
//! A browser that is installed is driven by a package of `js/package.json`, from tests under Node.

use std::path::Path;
use std::process::Command;

/// By whatever name it is installed.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// The browser that is there.
pub(crate) fn found() -> Option<&'static str> {
    BROWSERS.into_iter().find(|name| runs(name))
}

/// What is missing, as a person would say it.
pub(crate) fn missing() -> Option<String> {
    let browser = || found().is_none().then(|| format!("one of {}", BROWSERS.join(", ")));
    let tools = ["node", "npm"].into_iter().find(|tool| !runs(tool));
    tools.map(|tool| format!("`{tool}`")).or_else(browser)
}

/// Installs the tools of JavaScript, of the versions that `js/package.json` names.
pub(crate) fn tools(root: &Path) -> Result<(), String> {
    let mut command = Command::new("npm");
    command.args(["install", "--no-audit", "--no-fund", "--loglevel=error"]);
    succeeded(command.current_dir(root.join("js")), "npm install")
}

/// Runs a test of `js/tests` with the browser, about a folder that a variable names.
pub(crate) fn test(root: &Path, test: &str, about: (&str, &Path)) -> Result<(), String> {
    let browser = found().ok_or_else(|| format!("missing: one of {}", BROWSERS.join(", ")))?;
    let mut command = Command::new("node");
    command.args(["--test", &format!("tests/{test}")]).current_dir(root.join("js"));
    command.env("CLEARTOSEND_BROWSER", browser).env(about.0, about.1);
    succeeded(&mut command, test)
}

/// Whether a tool can be started.
pub(crate) fn runs(tool: &str) -> bool {
    Command::new(tool).arg("--version").output().is_ok_and(|output| output.status.success())
}

fn succeeded(command: &mut Command, what: &str) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{what}: {status}")),
        Err(error) => Err(format!("{what} could not be started: {error}")),
    }
}
