//! Do the README's commands still do what it says?
//!
//! A command to try stands in a fence of its own whose info string says with which status it exits:
//!
//! ````text
//! ```sh exit=1
//! cargo run -- check examples/spring-sale.json
//! ```
//! ````
//!
//! Such commands run exactly as written, but without a shell, so they may use nothing that only a
//! shell understands.

use std::path::Path;

use crate::steps::Step;

/// The command that runs every test. It has to be among the README's, or `ci` would pass without
/// running them.
const TESTS: &str = "cargo xtask test";

/// The README's commands, in order.
pub(crate) fn steps(root: &Path) -> Result<Vec<Step>, String> {
    let path = root.join("README.md");
    let text =
        std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let commands = commands(&text).map_err(|error| format!("README.md{error}"))?;
    if !commands.iter().any(|command| command.line == TESTS && command.status == 0) {
        return Err(format!("README.md: expected a fence ```sh exit=0 with `{TESTS}`"));
    }
    let step = |(index, command): (usize, &FencedCommand)| {
        Step::new(&format!("README, command {}", index + 1), &command.line)
            .expecting(command.status)
    };
    Ok(commands.iter().enumerate().map(step).collect())
}

#[derive(Debug, PartialEq, Eq)]
struct FencedCommand {
    line: String,
    status: i32,
}

/// The commands of all fences with `exit=`. An error begins with `:LINE: `.
fn commands(text: &str) -> Result<Vec<FencedCommand>, String> {
    let mut found = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let Some(info) = line.trim_start().strip_prefix("```") else { continue };
        let at = index + 1;
        let status = match info.split_whitespace().find_map(|word| word.strip_prefix("exit=")) {
            Some(status) => Some(
                status
                    .parse::<i32>()
                    .map_err(|_| format!(":{at}: `exit={status}` is not an exit status"))?,
            ),
            None => None,
        };
        // Other fences are passed over as well, up to their end.
        let inside: Vec<&str> = lines
            .by_ref()
            .map(|(_, line)| line.trim())
            .take_while(|line| !line.starts_with("```"))
            .filter(|line| !line.is_empty())
            .collect();
        let Some(status) = status else { continue };
        let [line] = inside.as_slice() else {
            return Err(format!(
                ":{at}: expected one command in the fence, found {}",
                inside.len()
            ));
        };
        if let Some(mark) = line.chars().find(|mark| "'\"\\|&;<>$`*?#(){}~".contains(*mark)) {
            return Err(format!(":{at}: `{mark}` needs a shell; commands to try are plain words"));
        }
        found.push(FencedCommand { line: (*line).to_owned(), status });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_fences_with_a_status_are_commands() {
        let text = "```sh exit=1\ncargo run -- a.json\n```\n```json\n{\"exit=\": \
                    1}\n```\n```sh\nrm everything\n```\n```sh exit=0\ncargo xtask test\n```\n";
        let expected = [("cargo run -- a.json", 1), ("cargo xtask test", 0)];
        let expected: Vec<FencedCommand> =
            expected.map(|(line, status)| FencedCommand { line: line.to_owned(), status }).into();
        assert_eq!(commands(text), Ok(expected));
    }

    #[test]
    fn what_cannot_run_as_written_is_refused() {
        for (fence, error) in [
            ("```sh exit=one\na\n```", ":1: `exit=one` is not an exit status"),
            ("\n```sh exit=0\na\nb\n```", ":2: expected one command in the fence, found 2"),
            ("```sh exit=0\n```", ":1: expected one command in the fence, found 0"),
            ("```sh exit=0\na | b\n```", ":1: `|` needs a shell; commands to try are plain words"),
        ] {
            assert_eq!(commands(fence), Err(error.to_owned()), "{fence}");
        }
    }
}
