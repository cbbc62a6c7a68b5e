//! Exports of other systems, screened by what is declared of their columns.
#![expect(
    clippy::panic,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that cannot write its files or read its output has failed"
)]

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;

use super::support::{err, out, root};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cts"));
    command.current_dir(root().join("examples/audiences")).args(arguments);
    command.env_remove("CTS_CONFIG");
    command
}

fn cts(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

/// A table on standard input, with the columns as declared; the rows of the result.
fn table(table: &[u8], arguments: &[&str]) -> Output {
    let fixed = ["screen", "--no-config", "--anyway", "--input-format", "csv", "--format", "csv"];
    let files = ["-o", "-", "campaign.json", "-"];
    let mut command = command(&[&fixed, arguments, &files].concat());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(table).unwrap();
    child.wait_with_output().unwrap()
}

/// The summary of an export by its mapping, and the verdict of each row by its kept column.
fn screened(name: &str) -> (Json, Vec<(String, String, String)>) {
    let file = format!("{name}.csv");
    let rows = cts(&[
        "screen",
        "--mapping",
        name,
        "--json",
        "--format",
        "csv",
        "-o",
        "-",
        "campaign.json",
        &file,
    ]);
    let note = err(&rows);
    let summary =
        note.lines().find(|line| line.starts_with('{')).unwrap_or_else(|| panic!("{note}"));
    let rows = out(&rows)
        .lines()
        .skip(1)
        .map(|line| {
            let mut cells = line.splitn(4, ',').map(str::to_owned);
            let mut cell = || cells.next().unwrap_or_default();
            (cell(), cell(), cell())
        })
        .collect();
    (serde_json::from_str(summary).unwrap(), rows)
}

fn verdicts(rows: &[(String, String, String)]) -> Vec<(&str, &str)> {
    rows.iter().map(|(id, verdict, _)| (id.as_str(), verdict.as_str())).collect()
}

#[test]
fn an_export_as_hubspot_writes_it_is_screened_with_ten_lines() {
    let config = std::fs::read_to_string(root().join("examples/audiences/cts.toml")).unwrap();
    let lines = config.lines().skip_while(|line| *line != "[audience.hubspot]").skip(1);
    assert_eq!(lines.take_while(|line| !line.is_empty()).count(), 10);

    let (summary, rows) = screened("hubspot");
    assert_eq!(
        verdicts(&rows),
        [("101", "allow"), ("102", "allow"), ("103", "deny"), ("104", "deny"), ("105", "review")]
    );
    // What is not as declared is a bad value of its row: no number, no word, no date.
    assert!(rows[4].2.contains("input.bad-value"), "{:?}", rows[4]);
    let printed = summary.to_string();
    assert!(printed.contains("found `12`, which is not a number of ES"), "{printed}");
}

#[test]
fn exports_as_salesforce_and_shopify_write_them_have_no_bad_value() {
    for (name, verdicts_of) in [
        ("salesforce", [("003A1", "deny"), ("003A2", "deny"), ("003A3", "deny")]),
        ("shopify", [("'7001", "allow"), ("'7002", "deny"), ("'7003", "deny")]),
    ] {
        let (summary, rows) = screened(name);
        assert_eq!(verdicts(&rows), verdicts_of, "{name}: {rows:?}");
        assert!(!summary.to_string().contains("input.bad-value"), "{name}: {summary}");
    }
}

#[test]
fn flags_say_what_a_table_says() {
    let rows = table(
        b"who;Tel;Consent;Since\n1;612 34 56 78;TRUE;14/06/2025 11:30\n2;n/a;FALSE;n/a\n",
        &[
            "--separator",
            "semicolon",
            "--keep",
            "who",
            "--map",
            "Tel=recipient.phone",
            "--map",
            "Consent=recipient.opt_in",
            "--value",
            "recipient.opt_in:TRUE=given",
            "--value",
            "recipient.opt_in:FALSE=none",
            "--map",
            "Since=recipient.opt_in_at",
            "--date-format",
            "%d/%m/%Y %H:%M",
            "--time-zone",
            "Europe/Madrid",
            "--default-country",
            "ES",
            "--null",
            "n/a",
        ],
    );
    let text = out(&rows);
    assert!(text.contains("consent.no-opt-in"), "{text}{}", err(&rows));
    assert!(!text.contains("input.bad-value"), "{text}{}", err(&rows));
    assert_eq!(text.lines().count(), 3);
}

#[test]
fn a_word_that_no_value_map_has_is_bad_even_if_it_is_a_value() {
    let map = ["--value", "recipient.opt_in:TRUE=given"];
    let rows = table(b"recipient.phone,recipient.opt_in\n+34600000000,given\n", &map);
    assert!(out(&rows).contains("input.bad-value"), "{}", out(&rows));
    let rows = table(b"recipient.phone,recipient.opt_in\n+34600000000,TRUE\n", &map);
    assert!(!out(&rows).contains("input.bad-value"), "{}", out(&rows));
}

#[test]
fn everything_wrong_with_a_heading_is_reported_at_once() {
    let output = table(
        b"Phone,Fone,Name,Opt-in\n",
        &[
            "--map",
            "Phon=recipient.phone",
            "--map",
            "Opt-in=recipient.opt_in",
            "--ignore",
            "Opt-in",
        ],
    );
    assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""));
    let printed = err(&output);
    for part in [
        "line 1: there is no column `Phon`, which gives `recipient.phone`; did you mean `Phone`?",
        "column `Fone` is not an attribute, and is not mapped, kept or ignored",
        "column `Name` is not an attribute",
        "column `Opt-in` is mapped and ignored",
        "[audience/unmapped-columns]",
    ] {
        assert!(printed.contains(part), "{part}: {printed}");
    }
}

#[test]
fn a_mapping_that_cannot_be_is_refused_whole() {
    let refused = |arguments: &[&str], says: &[&str]| {
        let output = table(b"Phone\n", arguments);
        assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""), "{arguments:?}");
        for part in says {
            assert!(err(&output).contains(part), "{part}: {}", err(&output));
        }
    };
    refused(
        &["--map", "Phone=recipient.phoen", "--value", "recipient.opt_in:x=givn"],
        &[
            "column `Phone`: rows cannot give `recipient.phoen`; did you mean `recipient.phone`? \
             [audience/bad-mapping]",
            "`recipient.opt_in` cannot be `givn`; did you mean `given`?",
        ],
    );
    refused(&["--default-country", "Spain"], &["`Spain` is not a country with numbers"]);
    refused(&["--encoding", "utf9"], &["there is no encoding `utf9`"]);
    refused(&["--date-format", "%d/%m/%Y"], &["says no time of day", "[audience/bad-mapping]"]);
    refused(&["--date-format", "%d/%m/%Y %H:%M"], &["does not say by whose clock"]);
    refused(
        &["--date-format", "%H:%M", "--time-zone", "Europe/Madrid"],
        &["does not say year, month and day"],
    );
    refused(
        &["--date-format", "%Y-%m-%d %H:%M", "--time-zone", "Madrid"],
        &["there is no time zone `Madrid`"],
    );
    let twice = ["recipient.opted_out:Yes=true", "recipient.opted_out:Yes=false"];
    refused(
        &["--map", "Phone=recipient.phone", "--value", twice[0], "--value", twice[1]],
        &["in `recipient.opted_out` the word `Yes` is `true` and `false` [audience/bad-mapping]"],
    );
    refused(
        &["--map", "Phone=recipient.phone", "--value", twice[0], "--null", "Yes"],
        &["`Yes` is `true`, and among the texts that say nothing"],
    );
    refused(
        &["--map", "Phone=recipient.phone", "--map", "Phone=recipient.user_id"],
        &["column `Phone` is `recipient.phone` and `recipient.user_id` [audience/bad-mapping]"],
    );
    refused(&["--mapping", "hubspot"], &["`[audience.hubspot]` of a `cts.toml`, and none is read"]);
    refused(&["--value", "recipient.opt_in"], &["recipient.opt_in:TRUE=given"]);
    let unknown = cts(&["screen", "--mapping", "hubspt", "campaign.json", "hubspot.csv"]);
    assert!(err(&unknown).contains("did you mean `hubspot`?"), "{}", err(&unknown));
    let typed = cts(&["screen", "--null", "-", "--input-format", "ndjson", "campaign.json", "-"]);
    assert!(err(&typed).contains("are of CSV"), "{}", err(&typed));
}

#[test]
fn another_encoding_is_read_as_declared_and_its_bad_bytes_are_an_error() {
    let latin = b"n\xfamero\n+34600000000\n";
    let map = ["--map", "n\u{fa}mero=recipient.phone"];
    let rows = table(latin, &[&map[..], &["--encoding", "latin1"]].concat());
    assert_eq!(out(&rows).lines().count(), 2, "{}", err(&rows));
    let rows = table(latin, &map);
    assert!(err(&rows).contains("[audience/not-utf8]"), "{}", err(&rows));
    let rows = table(
        b"recipient.phone,a\n+34600000000,\x81\x00\n",
        &["--ignore", "a", "--encoding", "shift_jis"],
    );
    assert!(err(&rows).contains("line 2: found bytes that are not Shift_JIS"), "{}", err(&rows));
}
