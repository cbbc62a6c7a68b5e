//! `cts program --screen` names what is worked out row by row, and what is not.

use std::process::Command;

const MANIFEST: &str = r#"
name = "mine"
version = "1.0.0"
requires = ">=1.0, <2"
title = "Mine"
published = 2026-01-01

[attributes."x.sent"]
type = "int"
scope = "recipient"
title = "Sent."

[attributes."x.opened"]
type = "int"
scope = "recipient"
title = "Opened."

[attributes."x.seen"]
type = "timestamp"
scope = "recipient"
title = "Seen."

[attributes."x.note"]
type = "string"
scope = "recipient"
title = "A note."

[sources.policy]
title = "A policy"
url = "https://example.com"
retrieved = 2026-01-01
confidence = "official"
"#;

fn rule(number: usize, condition: &str) -> String {
    format!(
        "[[rule]]\nid = 'limits.r{number}'\ntopic = 'limits'\ntitle = 'A rule'\nforbids = \
         '{condition}'\nverdict = 'deny'\nfrom = 2018-01-01\nsource = {{ id = 'policy' }}\nmessage \
         = 'Not so'\nadvice = 'Mend it'\nexposure = []\n\n"
    )
}

#[test]
fn conditions_are_reported_by_how_they_are_worked_out() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("rules")).unwrap();
    std::fs::write(folder.path().join("pack.toml"), MANIFEST).unwrap();
    let conditions = [
        "x.opened > x.sent",
        "send_at - x.seen > duration(\"24h\")",
        "string(x.sent) + x.note == \"1a\"",
        "x.sent > 9",
        "timestamp(x.note) < x.seen",
    ];
    let rules: String =
        conditions.iter().enumerate().map(|(number, text)| rule(number, text)).collect();
    std::fs::write(folder.path().join("rules/mine.toml"), rules).unwrap();
    let printed = Command::new(env!("CARGO_BIN_EXE_cts"))
        .args(["program", "--screen", "--at", "2026-03-02T15:00:00Z", "--no-config"])
        .args(["--no-built-in", "--pack"])
        .arg(folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8(printed.stdout).unwrap();
    assert!(printed.status.success(), "{text}{}", String::from_utf8_lossy(&printed.stderr));
    let expected = "row by row: 1\n  timestamp(x.note) < x.seen\n\
                    as a program over columns: 2\n  x.opened > x.sent\n  \
                    string(x.sent) + x.note == \"1a\"\n\
                    from one column: 1\n  send_at - x.seen > duration(\"24h\")\n\
                    once for all rows: 0\n";
    assert_eq!(text, expected);
}
