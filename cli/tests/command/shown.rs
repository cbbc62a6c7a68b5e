//! Whoever names a thing writes on nobody's terminal: what a stranger's text holds is shown to
//! people and told to programs as it is.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that cannot write its files or read its output has failed"
)]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::support::{cts, root};

/// A title for the window, a clean screen, a green verdict, and from there on nothing that can be
/// seen; then lines of its own, and marks.
const NAME: &str = "Acme\u{1b}]0;t\u{7}\u{1b}[2J\u{1b}[1;1H\u{1b}[32mALLOW  clear to \
                    send\u{1b}[8m\r\nALLOW  clear to send\n\u{9b}8m\u{7f}\u{202e}\u{200b}";
/// The same, as people see it.
const SHOWN: &str = "Acme\\u{1b}]0;t\\u{7}\\u{1b}[2J\\u{1b}[1;1H\\u{1b}[32mALLOW  clear to \
                     send\\u{1b}[8m\\u{d}\\u{a}ALLOW  clear to \
                     send\\u{a}\\u{9b}8m\\u{7f}\\u{202e}\\u{200b}";

/// With styles, as on a terminal.
fn on_a_terminal(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cts"))
        .current_dir(root())
        .env("CLICOLOR_FORCE", "1")
        .args(arguments)
        .output()
        .unwrap()
}

/// Both streams, after a look that nothing in them steers a terminal or begins a line as if it were
/// ours.
fn harmless(arguments: &[&str]) -> String {
    let output = on_a_terminal(arguments);
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    let mut plain = String::new();
    for (number, part) in text.split('\u{1b}').enumerate() {
        // Our own styles, and no hidden one among them.
        let style = part.find('m').filter(|end| {
            part[..*end]
                .strip_prefix('[')
                .is_some_and(|codes| !codes.split(';').any(|code| code == "8"))
        });
        plain.push_str(if number == 0 {
            part
        } else {
            &part[style.unwrap_or_else(|| panic_at(arguments, &text)) + 1..]
        });
    }
    let steers = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{200b}' | '\u{202e}');
    assert!(!plain.contains(steers), "{arguments:?}: {plain:?}");
    assert!(
        !plain
            .lines()
            .any(|line| line.trim_start().starts_with("ALLOW") && line.contains("clear to send\\")),
        "{arguments:?}: {plain}"
    );
    plain
}

#[expect(clippy::panic, reason = "a test fails by panicking")]
fn panic_at(arguments: &[&str], text: &str) -> usize {
    panic!("{arguments:?}: an escape that is no style: {text:?}")
}

/// Without regard to where lines are broken.
fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shows(arguments: &[&str], text: &str) {
    let found = joined(&harmless(arguments));
    assert!(found.contains(&joined(text)), "{arguments:?}: {text}\n{found}");
}

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

fn document() -> Value {
    json!({"send_at": "2026-03-02T15:00:00Z", "provider": {"name": NAME}, "campaign": {"name": NAME, "template": {"name": NAME, "status": "paused"}}})
}

fn directory() -> Value {
    json!({
        "source": NAME, "retrieved_at": "2026-03-01T00:00:00Z", "complete": true, "covers": {"from": "2018-08-01", "until": null},
        "providers": [{"id": "acme", "name": NAME, "aliases": [], "domains": ["acme.example"], "role": "solution_partner",
            "listed": [{"from": "2018-08-01", "until": null}], "evidence": NAME}]
    })
}

#[test]
fn answers_show_what_names_hold() {
    let folder = Folder::new();
    let campaign = folder.with("campaign.json", &document().to_string());
    let listed = folder.with("directory.json", &directory().to_string());
    shows(&["check", &campaign, "--full"], &format!("provider.name = {SHOWN}"));
    shows(
        &["check", &campaign, "--full", "--directory", &listed],
        &format!("directory {SHOWN}; retrieved"),
    );
    shows(&["provider", NAME], SHOWN);
    shows(&["provider", NAME, "--directory", &listed], &format!("evidence {SHOWN}"));
    shows(&["directory", "list", "--directory", &listed], SHOWN);
    shows(&["directory", "show", "acme", "--directory", &listed], &format!("evidence {SHOWN}"));
    let before = folder.with("before.json", &{
        let mut before = directory();
        before["providers"] = json!([]);
        before["complete"] = json!(false);
        before.to_string()
    });
    shows(&["directory", "diff", &before, &listed], &format!("added {SHOWN} (acme)"));
    shows(&["directory", "diff", &listed, &before], &format!("removed {SHOWN} (acme)"));
}

fn pack(folder: &Folder, condition: &str) -> String {
    let name = serde_json::to_string(NAME)
        .unwrap()
        .replace('\u{7f}', "\\u007f")
        .replace('\u{9b}', "\\u009b");
    folder.with(
        "pack/pack.toml",
        &format!(
            "name = \"acme\"\nversion = \"1.0.0\"\nrequires = \">=0.0.0\"\ntitle = {name}\npublished = 2026-01-01\n[sources.page]\n\
             title = {name}\nurl = \"https://acme.example/\"\nretrieved = 2026-01-01\nconfidence = \"official\"\n"
        ),
    );
    folder.with(
        "pack/rules/data.toml",
        &format!(
            "[[rule]]\nid = \"data.name\"\ntopic = \"data\"\ntitle = {name}\nforbids = \
             '''{condition}'''\nverdict = \"deny\"\nfrom = 2018-01-01\nsource = {{ id = \"page\", \
             section = {name} }}\nmessage = {name}\nadvice = {name}\nexposure = []\n"
        ),
    );
    folder.with(
        "pack/tests/all.toml",
        &format!(
            "[[test]]\nname = {name}\nset = {{ send_at = 2026-03-02T15:00:00Z }}\nexpect = {{ \
             verdict = \"deny\" }}\n"
        ),
    );
    folder.0.path().join("pack").to_str().unwrap().to_owned()
}

#[test]
fn packs_are_strangers_too() {
    let folder = Folder::new();
    let pack = pack(&folder, "has(provider.name)\n\t&& provider.name != \"nobody\"");
    let requires = std::fs::read_to_string(folder.0.path().join("pack/pack.toml")).unwrap();
    let version = cleartosend::schema::VERSION.to_string();
    std::fs::write(
        folder.0.path().join("pack/pack.toml"),
        requires.replace(">=0.0.0", &format!("^{version}")),
    )
    .unwrap();
    let campaign = folder.with("campaign.json", &document().to_string());
    shows(&["check", &campaign, "--full", "--pack", &pack], &format!("finding {SHOWN}"));
    shows(&["check", &campaign, "--full", "--pack", &pack], &format!("to do {SHOWN}"));
    shows(&["pack", "list", &pack], &format!("acme 1.0.0 {SHOWN}"));
    shows(&["pack", "explain", "data.name", "--pack", &pack], &format!("message {SHOWN}"));
    shows(&["pack", "test", &pack], &format!("failed: {SHOWN}"));
    shows(&["pack", "lint", &pack], "in order: acme 1.0.0");
}

#[test]
fn errors_show_what_was_given() {
    let folder = Folder::new();
    let campaign = folder.with("campaign.json", &document().to_string());
    shows(&["check", NAME], &format!("cannot read {SHOWN}: there is no such file"));
    shows(&["check", &campaign, "--at", NAME], SHOWN);
    shows(&["check", &campaign, NAME], SHOWN);
    shows(&["check", &campaign, &format!("--{NAME}")], SHOWN);
    shows(&[NAME], SHOWN);
    shows(&["check", &campaign, "--pack", &format!("./{NAME}")], SHOWN);
    shows(&["check", &campaign, "--directory", NAME], SHOWN);
    shows(&["provider", "Acme", "--own", NAME], SHOWN);
    shows(&["pack", "lint", &format!("./{NAME}")], SHOWN);
    shows(&["pack", "explain", NAME], SHOWN);
    shows(&["directory", "show", NAME], SHOWN);
    shows(&["account", "apply", NAME, &campaign], SHOWN);
    shows(&["screen", &campaign, NAME], SHOWN);
    harmless(&["eval", &format!("provider.name == '{NAME}")]);
    harmless(&["scan", NAME]);
    let strange = folder.with(
        "strange.json",
        &json!({"send_at": "2026-03-02T15:00:00Z", NAME: 1, "x": {}}).to_string(),
    );
    shows(&["check", &strange], "\\u{1b}]0;t\\u{7}");
    #[cfg(unix)]
    {
        let bad = folder.with(NAME, "{");
        shows(&["check", &bad], SHOWN);
        let bad = folder.with(&format!("pack {NAME}/pack.toml"), "name = 1");
        let bad = Path::new(&bad).parent().unwrap().to_str().unwrap();
        shows(&["pack", "lint", bad], &format!("{SHOWN}/pack.toml:1:"));
        folder.with(&format!("pack {NAME}/rules/{NAME}.toml"), "id");
        shows(&["pack", "lint", bad], &format!("rules/{SHOWN}.toml:1:"));
    }
}

#[test]
fn what_programs_read_keeps_every_character() {
    let folder = Folder::new();
    let campaign = folder.with("campaign.json", &document().to_string());
    let listed = folder.with("directory.json", &directory().to_string());
    let parsed =
        |arguments: &[&str]| -> Value { serde_json::from_slice(&cts(arguments).stdout).unwrap() };
    assert_eq!(
        parsed(&["eval", &serde_json::to_string("a\u{7f}\u{9b}\u{202e}").unwrap()]),
        "a\u{7f}\u{9b}\u{202e}"
    );
    assert_eq!(cts(&["eval", "\"\\x7f\""]).stdout, b"\"\x7f\"\n");
    assert_eq!(parsed(&["eval", "provider.name", "--facts", &campaign]), NAME);
    let decision = parsed(&["check", "--json", &campaign, "--directory", &listed]);
    assert_eq!(decision["directory"]["source"], NAME);
    assert_eq!(parsed(&["provider", "--json", NAME])["provider"]["name"], NAME);
    assert_eq!(
        parsed(&["directory", "show", "acme", "--json", "--directory", &listed])["name"],
        NAME
    );
    assert_eq!(
        parsed(&["directory", "list", "--json", "--directory", &listed])["providers"][0]["name"],
        NAME
    );
    assert_eq!(parsed(&["directory", "diff", "--json", &listed, &listed])["same"], true);
    assert_eq!(parsed(&["directory", "import", &listed])["providers"][0]["evidence"], NAME);
}
