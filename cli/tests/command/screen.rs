//! `cts screen` as its users see it: formats in and out, verdicts, exit codes, and what becomes of
//! files when something goes wrong.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that cannot write its files or read its output has failed"
)]

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use arrow_array::{
    ArrayRef, BooleanArray, Int64Array, NullArray, RecordBatch, RecordBatchReader as _,
    StringArray, TimestampMillisecondArray,
};
use cleartosend_audience::{Format, ReadOptions, Separator, Source, Writer, read};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::support::{err, out, root};

const CAMPAIGN: &str = "examples/campaign-only.json";
const AUDIENCE: &str = "examples/audience.csv";

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cts"));
    command.current_dir(root()).arg("screen").args(arguments).stdin(Stdio::null());
    command
}

fn screen(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

fn screen_piped(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = command(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let input = input.to_vec();
    // What refuses its input early does not read all of it.
    let feeding = std::thread::spawn(move || drop(pipe.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    feeding.join().unwrap();
    output
}

/// Exit code 2, nothing on standard output, and all of this on standard error.
fn refused(output: &Output, says: &[&str]) {
    assert_eq!((output.status.code(), out(output).as_str()), (Some(2), ""), "{}", err(output));
    for part in says {
        assert!(err(output).contains(part), "{part}: {}", err(output));
    }
    assert!(!err(output).contains("panicked"), "{}", err(output));
}

fn names_in(folder: &TempDir) -> BTreeSet<String> {
    std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

/// Recipients with columns of every type that there is for them.
fn recipients() -> RecordBatch {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", Arc::new(StringArray::from(vec!["a", "b;c", "d\"e", "f\ng", "h"]))),
        (
            "recipient.phone",
            Arc::new(StringArray::from(vec![
                Some("+34600000001"),
                Some("+12125550123"),
                Some("34-600"),
                None,
                Some("+4915112"),
            ])),
        ),
        (
            "recipient.opt_in",
            Arc::new(StringArray::from(vec![
                Some("given"),
                Some("given"),
                Some("given"),
                Some("none"),
                None,
            ])),
        ),
        (
            "recipient.opt_in_at",
            Arc::new(
                TimestampMillisecondArray::from(vec![
                    Some(1_700_000_000_000),
                    Some(1_600_000_000_000),
                    None,
                    None,
                    Some(1_600_000_000_001),
                ])
                .with_timezone("UTC"),
            ),
        ),
        (
            "recipient.opted_out",
            Arc::new(BooleanArray::from(vec![
                Some(false),
                Some(false),
                Some(true),
                None,
                Some(false),
            ])),
        ),
        (
            "recipient.last_inbound_at",
            Arc::new(
                TimestampMillisecondArray::from(vec![
                    None,
                    Some(1_772_460_000_000),
                    None,
                    Some(1_600_000_000_000),
                    Some(1_772_460_000_001),
                ])
                .with_timezone("UTC"),
            ),
        ),
        (
            "recipient.marketing_received_24h",
            Arc::new(Int64Array::from(vec![Some(0), Some(0), Some(1), None, Some(99)])),
        ),
    ];
    RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, column)| (name, column, true)),
    )
    .unwrap()
}

fn write(batches: &[RecordBatch], format: Format, file: &str) {
    let mut writer =
        Writer::new(File::create(file).unwrap(), format, Separator::Comma, &batches[0].schema())
            .unwrap();
    batches.iter().for_each(|batch| writer.write(batch).unwrap());
    writer.finish().unwrap();
}

/// A table in CSV, whatever it was before.
fn as_csv(file: &str) -> String {
    let format = Format::of(Path::new(file)).unwrap();
    if format == Format::Csv {
        return std::fs::read_to_string(file).unwrap();
    }
    let audience =
        read(Source::File(File::open(file).unwrap()), format, &ReadOptions::new().keep("id"))
            .unwrap();
    let mut writer =
        Writer::new(Vec::new(), Format::Csv, Separator::Comma, &audience.schema()).unwrap();
    audience.for_each(|batch| writer.write(&batch.unwrap()).unwrap());
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

#[test]
fn a_length_that_cost_nothing_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let nulls: ArrayRef = Arc::new(NullArray::new(1 << 36));
    let endless =
        RecordBatch::try_from_iter_with_nullable([("recipient.phone", nulls, true)]).unwrap();
    for ending in ["arrow", "arrows"] {
        let file = folder.path().join(format!("endless.{ending}"));
        let file = file.to_str().unwrap();
        write(std::slice::from_ref(&endless), Format::of(Path::new(file)).unwrap(), file);
        assert!(std::fs::metadata(file).unwrap().len() < 1000);
        let written = folder.path().join("out.csv");
        let output = screen(&[CAMPAIGN, file, "-o", written.to_str().unwrap()]);
        refused(&output, &["screen/too-many-rows", "68719476736"]);
        assert!(!written.exists());
    }
}

/// A summary without the lines of bad values, which formats without lines do not tell.
fn without_lines(summary: &str) -> String {
    let lines = summary.lines().map(|line| match line.split_once(" (line ") {
        Some((before, printed)) => {
            let after = printed.split_once(')').map_or("", |(_, after)| after);
            format!("{before}{after}\n")
        }
        None => format!("{line}\n"),
    });
    lines.collect()
}

#[test]
fn every_format_in_and_out_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let formats = [
        ("csv", "csv"),
        ("jsonl", "ndjson"),
        ("parquet", "parquet"),
        ("arrow", "feather"),
        ("arrows", "arrows"),
    ];
    let mut seen = BTreeSet::new();
    let mut summaries = BTreeSet::new();
    for (input, _) in formats {
        let audience = path(&folder, &format!("in.{input}"));
        write(&[recipients(), recipients()], Format::of(Path::new(&audience)).unwrap(), &audience);
        for (_, output) in formats {
            let result = path(&folder, &format!("out.{output}"));
            for threads in ["1", "3"] {
                let printed = screen(&[
                    CAMPAIGN,
                    &audience,
                    "--keep",
                    "id",
                    "-o",
                    &result,
                    "--threads",
                    threads,
                ]);
                assert_eq!(
                    printed.status.code(),
                    Some(1),
                    "{input} to {output}: {}",
                    err(&printed)
                );
                // The places of bad values have other lengths, and wrap elsewhere.
                let printed = without_lines(&out(&printed));
                summaries.insert(printed.split_whitespace().collect::<Vec<_>>().join(" "));
                // Lists in NDJSON are read back as the JSON that they are.
                let table = as_csv(&result);
                if output != "ndjson" {
                    seen.insert(table);
                }
            }
        }
    }
    assert_eq!(seen.len(), 1, "{seen:#?}");
    assert_eq!(summaries.len(), 1, "{summaries:#?}");
    let table = seen.pop_first().unwrap();
    assert!(
        table.starts_with(
            "id,verdict,rules,missing\na,allow,,\nb;c,deny,territory.us-marketing-paused,\n\"d\"\"\
             e\",deny,"
        ),
        "{table}"
    );
    assert!(table.contains("consent.opted-out;input.bad-value"), "{table}");
    assert_eq!(table.matches("\"f\ng\",deny,").count(), 2, "{table}");
}

#[test]
fn ndjson_has_lists_and_keeps_types() {
    let folder = tempfile::tempdir().unwrap();
    let audience = path(&folder, "in.parquet");
    write(&[recipients()], Format::Parquet, &audience);
    let kept = "id,recipient.opted_out,recipient.last_inbound_at,recipient.marketing_received_24h";
    let printed = screen(&[CAMPAIGN, &audience, "--keep", kept, "-o", "-", "--format", "ndjson"]);
    let lines: Vec<Value> =
        out(&printed).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        lines[1],
        json!({"id": "b;c", "recipient.opted_out": false, "recipient.last_inbound_at": "2026-03-02T14:00:00Z",
            "recipient.marketing_received_24h": 0, "verdict": "deny", "rules": ["territory.us-marketing-paused"], "missing": []})
    );
    assert_eq!(lines[3]["recipient.opted_out"], Value::Null);
    // Members are opened when they are read again.
    let again = screen_piped(
        &[
            CAMPAIGN,
            "-",
            "--input-format",
            "ndjson",
            "--ignore",
            "verdict,rules,missing",
            "--keep",
            "id",
            "--json",
        ],
        &printed.stdout,
    );
    assert_eq!(again.status.code(), Some(1), "{}", err(&again));
    let summary: Value = serde_json::from_str(&out(&again)).unwrap();
    assert_eq!(summary["rows"], 5);
}

#[test]
fn each_row_says_what_a_check_of_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let campaign: Value =
        serde_json::from_str(&std::fs::read_to_string(root().join(CAMPAIGN)).unwrap()).unwrap();
    let recipients = [
        json!({"phone": "+34600000001", "user_id": null, "country": "ES", "opt_in": "given", "opt_in_at": "2025-06-14T09:30:00Z", "opted_out": false,
            "last_inbound_at": null, "marketing_received_24h": 0, "time_zone": "Europe/Madrid"}),
        json!({"phone": "+12125550123", "user_id": null, "country": "US", "opt_in": "none", "opt_in_at": null, "opted_out": true,
            "last_inbound_at": "2026-03-02T14:00:00+01:00", "marketing_received_24h": 7, "time_zone": null}),
        // What may be left out: nothing is known of it, as if it were null.
        json!({"phone": "+573001234567", "user_id": null, "opt_in_at": null, "last_inbound_at": null, "time_zone": "America/Bogota"}),
        json!({"phone": null, "user_id": "ES.13491208655302741918", "opt_in": null, "opt_in_at": null, "last_inbound_at": null, "time_zone": null,
            "opted_out": null}),
    ];
    let lines: String = recipients
        .iter()
        .map(|recipient| format!("{}\n", json!({"recipient": recipient})))
        .collect();
    let printed = screen_piped(
        &[CAMPAIGN, "-", "--input-format", "ndjson", "-o", "-", "--format", "ndjson"],
        lines.as_bytes(),
    );
    let rows: Vec<Value> =
        out(&printed).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), recipients.len(), "{}", err(&printed));
    let file = path(&folder, "case.json");
    for (row, recipient) in rows.iter().zip(recipients) {
        let mut case = campaign.clone();
        case["recipient"] = recipient;
        std::fs::write(&file, case.to_string()).unwrap();
        let check = Command::new(env!("CARGO_BIN_EXE_cts"))
            .args(["check", "--json", &file])
            .output()
            .unwrap();
        let decision: Value =
            serde_json::from_str(&out(&check)).unwrap_or_else(|_| panic!("{}", err(&check)));
        let rules: Vec<&Value> = decision["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| &finding["rule"])
            .collect();
        assert_eq!(
            (&row["verdict"], &row["rules"], &row["missing"]),
            (&decision["verdict"], &json!(rules), &decision["missing"]),
            "{case}"
        );
    }
}

#[test]
fn the_summary_goes_where_rows_do_not() {
    let printed = screen(&[CAMPAIGN, AUDIENCE, "--keep", "id", "--ignore", "name"]);
    assert_eq!((printed.status.code(), err(&printed).as_str()), (Some(1), ""));
    let text = out(&printed);
    for part in [
        "rows                 12",
        "deny consent.opted-out violated",
        "row 7 (line 8 of the file), `recipient.phone`: found `34 600 000 007`",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let printed = screen(&[CAMPAIGN, AUDIENCE, "--ignore", "id,name", "--json"]);
    let summary: Value = serde_json::from_str(&out(&printed)).unwrap();
    assert_eq!(summary["verdicts"], json!({"allow": 5, "review": 3, "deny": 4}));
    assert_eq!(summary["bad_values"][0]["row"], 6);

    let folder = tempfile::tempdir().unwrap();
    let file = path(&folder, "summary.json");
    let printed = screen(&[
        CAMPAIGN,
        AUDIENCE,
        "--keep",
        "id",
        "--ignore",
        "name",
        "-o",
        "-",
        "--format",
        "csv",
        "--summary",
        &file,
    ]);
    assert!(
        out(&printed)
            .starts_with("id,verdict,rules,missing\n1001,allow,,\n1002,deny,consent.opted-out,\n"),
        "{}",
        out(&printed)
    );
    assert!(err(&printed).starts_with("rows                 12"), "{}", err(&printed));
    assert_eq!(
        serde_json::from_str::<Value>(&std::fs::read_to_string(&file).unwrap()).unwrap(),
        summary
    );
}

#[test]
fn the_exit_code_is_the_worst_verdict() {
    let heading = "recipient.phone,recipient.opt_in,recipient.opted_out,recipient.opt_in_at,\
                   recipient.marketing_received_24h\n";
    let good = "+34600000001,given,false,2025-06-14T09:30:00Z,0\n";
    for (rows, code) in [
        (String::new(), 0),
        (good.to_owned(), 0),
        (format!("{good}+34600000001,,false,2025-06-14T09:30:00Z,0\n"), 3),
        (
            format!(
                "+34600000001,,false,2025-06-14T09:30:00Z,0\n+34600000001,given,true,\
                 2025-06-14T09:30:00Z,0\n{good}"
            ),
            1,
        ),
        // A bad value is a finding of its row.
        (format!("{good}+34600000001,given,maybe,2025-06-14T09:30:00Z,0\n"), 3),
        (format!("{good}+34600000001,given,false,2025-06-14,many\n"), 3),
    ] {
        let printed = screen_piped(
            &[CAMPAIGN, "-", "--input-format", "csv"],
            format!("{heading}{rows}").as_bytes(),
        );
        assert_eq!(printed.status.code(), Some(code), "{rows}: {}{}", out(&printed), err(&printed));
    }
}

#[test]
fn an_audience_that_is_larger_than_the_campaign_says_is_looked_at() {
    let campaign = std::fs::read_to_string(root().join(CAMPAIGN)).unwrap();
    let mut campaign: Value = serde_json::from_str(&campaign).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("campaign.json");
    let rows = "recipient.phone,recipient.opt_in,recipient.opted_out,recipient.opt_in_at,\
                recipient.marketing_received_24h\n\
                +34600000001,given,false,2025-06-14T09:30:00Z,0\n\
                +34600000002,given,false,2025-06-14T09:30:00Z,0\n";
    for (size, code) in [(2, 0), (1, 3)] {
        campaign["campaign"]["audience_size"] = size.into();
        std::fs::write(&file, campaign.to_string()).unwrap();
        let asked = [file.to_str().unwrap(), "-", "--input-format", "csv"];
        let printed = screen_piped(&asked, rows.as_bytes());
        assert_eq!(printed.status.code(), Some(code), "{}{}", out(&printed), err(&printed));
        let says = out(&printed).contains("2 rows, and the campaign is said to have 1 recipients");
        assert_eq!(says, code == 3, "{}", out(&printed));
    }
}

#[test]
fn more_rows_outside_the_window_than_the_campaign_says_are_looked_at() {
    let campaign = std::fs::read_to_string(root().join(CAMPAIGN)).unwrap();
    let mut campaign: Value = serde_json::from_str(&campaign).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("campaign.json");
    let heading = "recipient.phone,recipient.opt_in,recipient.opted_out,recipient.opt_in_at,\
                   recipient.marketing_received_24h";
    let person = |number: u8, opted_out: bool, last: &str| {
        format!("+3460000000{number},given,{opted_out},2025-06-14T09:30:00Z,0{last}\n")
    };
    // Of four, two have no open window; who is denied is not written to, and so is not counted.
    let at = campaign["send_at"].as_str().unwrap().to_owned();
    let (open, none) = (format!(",{at}"), ",".to_owned());
    let rows = format!("{heading},recipient.last_inbound_at\n")
        + &person(1, false, &open)
        + &person(2, false, &none)
        + &person(3, false, &none)
        + &person(4, true, &none);
    let not_given = format!("{heading}\n") + &person(1, false, "") + &person(2, false, "");
    for (rows, said, code) in
        [(&rows, Some(2), 1), (&rows, Some(1), 1), (&not_given, Some(1), 0), (&rows, None, 1)]
    {
        campaign["campaign"]["audience_size"] = 4.into();
        campaign["campaign"]["audience_outside_window"] = said.into();
        std::fs::write(&file, campaign.to_string()).unwrap();
        let asked = [file.to_str().unwrap(), "-", "--input-format", "csv"];
        let printed = screen_piped(&asked, rows.as_bytes());
        assert_eq!(printed.status.code(), Some(code), "{}{}", out(&printed), err(&printed));
        let says =
            out(&printed).contains("2 rows without an open service window, and the campaign");
        assert_eq!(says, said == Some(1) && code == 1, "{}", out(&printed));
    }
    // Where nothing else is wrong, a person has to look.
    let rows = rows.lines().take(4).collect::<Vec<_>>().join("\n");
    campaign["campaign"]["audience_outside_window"] = 1.into();
    std::fs::write(&file, campaign.to_string()).unwrap();
    let asked = [file.to_str().unwrap(), "-", "--input-format", "csv", "--json"];
    let printed = screen_piped(&asked, rows.as_bytes());
    assert_eq!(printed.status.code(), Some(3), "{}{}", out(&printed), err(&printed));
    let summary: Value = serde_json::from_str(&out(&printed)).unwrap();
    assert_eq!(summary["audience_outside_window"], 1);
    assert_eq!(summary["rows_outside_window"], 2);
}

#[test]
fn only_some_verdicts_are_written_and_all_are_counted() {
    let ids = |only: &str| {
        let printed = screen(&[
            CAMPAIGN, AUDIENCE, "--keep", "id", "--ignore", "name", "-o", "-", "--format", "csv",
            "--only", only,
        ]);
        assert_eq!(printed.status.code(), Some(1));
        assert!(err(&printed).starts_with("rows                 12"));
        out(&printed)
            .lines()
            .skip(1)
            .map(|line| line.split(',').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("deny"), ["1002", "1003", "1005", "1009"]);
    assert_eq!(ids("review"), ["1004", "1007", "1011"]);
    assert_eq!(ids("allow,review").len(), 8);
    let folder = tempfile::tempdir().unwrap();
    for name in ["out.parquet", "out.arrow", "out.arrows"] {
        let file = path(&folder, name);
        screen(&[
            CAMPAIGN, AUDIENCE, "--keep", "id", "--ignore", "name", "-o", &file, "--only", "deny",
        ]);
        assert_eq!(as_csv(&file).lines().count(), 5, "{name}");
    }
    refused(
        &screen(&[CAMPAIGN, AUDIENCE, "-o", "-", "--only", "alow"]),
        &["alow", "did you mean `allow`?"],
    );
    refused(&screen(&[CAMPAIGN, AUDIENCE, "--only", "allow"]), &["--output"]);
}

#[test]
fn columns_are_told_apart() {
    refused(
        &screen(&[CAMPAIGN, AUDIENCE]),
        &["examples/audience.csv", "`id`", "--keep", "--ignore", "[screen/unknown-column]"],
    );
    let table = |heading: &str, more: &[&str]| {
        let arguments = [&[CAMPAIGN, "-", "--input-format", "csv"], more].concat();
        screen_piped(&arguments, format!("{heading}\n").as_bytes())
    };
    refused(
        &table("recipient.phnoe", &[]),
        &["`recipient.phnoe`", "did you mean `recipient.phone`?"],
    );
    refused(&table("recipient.phone", &["--keep", "di"]), &["`di`", "[screen/missing-column]"]);
    refused(&table("recipient.in_service_window", &[]), &["[screen/derived-column]", "--ignore"]);
    refused(
        &table("recipient.phone,mobile", &["--name", "mobile=recipient.phone"]),
        &["column `mobile` gives `recipient.phone`, as another one does"],
    );
    refused(
        &table("mobile", &["--name", "mobile=recipient.phonee"]),
        &["rows cannot give `recipient.phonee`; did you mean `recipient.phone`?"],
    );
    refused(&table("mobile", &["--name", "mobile"]), &["mobile=recipient.phone"]);
    refused(
        &table("id;recipient.phone", &[]),
        &["`id;recipient.phone`", "a semicolon", "`--separator`"],
    );
    refused(&table("recipient.phone", &["--summary", "-"]), &["--summary"]);
    refused(&table("verdict", &["--keep", "verdict"]), &["[screen/reserved-name]"]);
    refused(&table("a,a", &["--keep", "a"]), &["line 1", "`a`", "[audience/repeated-column]"]);
    assert_eq!(table("mobile", &["--name", "mobile=recipient.phone"]).status.code(), Some(0));
    let printed = screen(&["examples/clean-campaign.json", AUDIENCE]);
    refused(&printed, &["examples/clean-campaign.json", "[screen/recipient-told]"]);
    // Numbers are not read from texts where a table has types.
    let folder = tempfile::tempdir().unwrap();
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["false"]));
    let file = path(&folder, "in.parquet");
    write(
        &[RecordBatch::try_from_iter([("recipient.opted_out", texts)]).unwrap()],
        Format::Parquet,
        &file,
    );
    refused(
        &screen(&[CAMPAIGN, &file]),
        &["`recipient.opted_out`", "expected a column of booleans", "[screen/wrong-type]"],
    );
}

#[test]
fn a_campaign_that_is_denied_stops_before_the_audience() {
    let folder = tempfile::tempdir().unwrap();
    let mut campaign: Value =
        serde_json::from_str(&std::fs::read_to_string(root().join(CAMPAIGN)).unwrap()).unwrap();
    campaign["access"]["route"] = json!("unofficial");
    let file = path(&folder, "campaign.json");
    std::fs::write(&file, campaign.to_string()).unwrap();
    let check = Command::new(env!("CARGO_BIN_EXE_cts")).args(["check", &file]).output().unwrap();
    let output = path(&folder, "out.csv");
    // The audience is not even opened.
    let printed = screen(&[&file, "no-such-audience.csv", "-o", &output]);
    assert_eq!((printed.status.code(), out(&printed)), (Some(1), out(&check)), "{}", err(&printed));
    assert!(err(&printed).contains("--anyway"));
    assert_eq!(names_in(&folder).len(), 1);
    // Whoever waits for rows gets none.
    let printed = screen(&[&file, "no-such-audience.csv", "-o", "-", "--format", "csv"]);
    assert_eq!((printed.status.code(), out(&printed).as_str()), (Some(1), ""));
    assert!(err(&printed).starts_with("DENY"));
    let printed = screen(&[&file, AUDIENCE, "--ignore", "id,name", "--anyway", "--json"]);
    let summary: Value = serde_json::from_str(&out(&printed)).unwrap();
    assert_eq!((printed.status.code(), &summary["verdicts"]["deny"]), (Some(1), &json!(12)));
    // Nobody to send to makes it no better.
    let printed = screen_piped(&[&file, "-", "--input-format", "ndjson", "--anyway"], b"");
    assert_eq!(printed.status.code(), Some(1));
}

#[test]
fn pipes_stream() {
    let mut child = command(&[
        CAMPAIGN,
        "-",
        "--input-format",
        "csv",
        "-o",
        "-",
        "--format",
        "ndjson",
        "--keep",
        "id",
        "--threads",
        "1",
    ])
    .stdin(Stdio::piped())
    .stdout(Stdio::piped())
    .stderr(Stdio::piped())
    .spawn()
    .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let (go_on, may_go_on) = std::sync::mpsc::channel::<()>();
    let feeding = std::thread::spawn(move || {
        let rows: String = (0..200_000).map(|row| format!("{row},+34600000001\n")).collect();
        input.write_all(b"id,recipient.phone\n").unwrap();
        input.write_all(rows.as_bytes()).unwrap();
        may_go_on.recv().unwrap();
        input.write_all(rows.as_bytes()).unwrap();
    });
    // Rows come out before the input has ended.
    let mut first = String::new();
    output.read_line(&mut first).unwrap();
    assert!(first.starts_with("{\"id\":\"0\","), "{first}");
    go_on.send(()).unwrap();
    let counting = std::thread::spawn(move || output.lines().count());
    feeding.join().unwrap();
    assert_eq!(counting.join().unwrap(), 399_999);
    assert_eq!(child.wait().unwrap().code(), Some(3));
}

#[test]
fn parquet_and_arrow_come_through_pipes_too() {
    let folder = tempfile::tempdir().unwrap();
    for (name, format) in
        [("in.parquet", "parquet"), ("in.arrow", "arrow"), ("in.arrows", "arrow-stream")]
    {
        let file = path(&folder, name);
        write(&[recipients()], Format::of(Path::new(name)).unwrap(), &file);
        let bytes = std::fs::read(&file).unwrap();
        let printed = screen_piped(
            &[
                CAMPAIGN,
                "-",
                "--input-format",
                format,
                "--ignore",
                "id",
                "-o",
                "-",
                "--format",
                format,
            ],
            &bytes,
        );
        assert_eq!(printed.status.code(), Some(1), "{}", err(&printed));
        let result = path(&folder, &format!("out-{name}"));
        std::fs::write(&result, &printed.stdout).unwrap();
        assert!(as_csv(&result).starts_with("verdict,rules,missing\nallow,,\n"));
    }
    // The campaign may come through the pipe as well.
    let campaign = std::fs::read(root().join(CAMPAIGN)).unwrap();
    assert_eq!(
        screen_piped(&["-", AUDIENCE, "--ignore", "id,name"], &campaign).status.code(),
        Some(1)
    );
    refused(&screen_piped(&["-", "-", "--input-format", "csv"], b""), &["standard input"]);
    refused(&screen(&[CAMPAIGN, "-"]), &["--input-format"]);
    refused(&screen(&[CAMPAIGN, AUDIENCE, "-o", "-"]), &["--output-format"]);
    refused(&screen(&[CAMPAIGN, "Cargo.toml"]), &["Cargo.toml", ".parquet"]);
}

#[test]
fn an_empty_line_of_one_column_may_be_a_row_and_is_not_passed_over() {
    let table = |text: &[u8]| screen_piped(&[CAMPAIGN, "-", "--input-format", "csv"], text);
    refused(
        &table(b"recipient.phone\n+34600000001\n\n+34600000002\n"),
        &["line 3", "an empty line", "[audience/cell-count]"],
    );
    // At the end there is no row, and a cell in quotation marks is one.
    for (text, rows) in [
        (&b"recipient.phone\n+34600000001\n\n\r\n"[..], "rows                  1"),
        (b"recipient.phone\n+34600000001\n\"\"\n+34600000002\n", "rows                  3"),
    ] {
        assert!(out(&table(text)).starts_with(rows), "{}", out(&table(text)));
    }
}

#[test]
fn malformed_lines_are_reported_by_number() {
    let csv = |text: &[u8]| {
        screen_piped(&[CAMPAIGN, "-", "--input-format", "csv", "--ignore", "id"], text)
    };
    for (text, says) in [
        (&b""[..], &["line 1", "[audience/no-heading]"][..]),
        (
            b"id,recipient.phone\n1,+34600000001\n\n2\n",
            &["line 4", "found 1 cell, expected 2", "[audience/cell-count]"],
        ),
        (b"id,recipient.phone\n1,2,3\n", &["line 2", "found 3 cells", "[audience/cell-count]"]),
        (b"id,recipient.phone\n1,\"+346\n2,3\n", &["line 2", "[audience/unclosed-quote]"]),
        (
            b"id,recipient.phone\n1,2\n\"1\"x,2\n",
            &["line 3", "cell 1", "[audience/text-after-quote]"],
        ),
        (b"id,recipient.phone\n\"a\nb\",2\n\xff,2\n", &["line 4", "[audience/not-utf8]"]),
    ] {
        refused(&csv(text), says);
    }
    let quoted = csv(concat!(
        "\u{feff}\"id\",\"recipient.phone\"\r\n",
        "\"a\r\n\"\"b\",\"+34600000001\"\r\n",
        "5\" pipe,\"\"\r\n",
    )
    .as_bytes());
    assert_eq!(quoted.status.code(), Some(3), "{}", err(&quoted));

    let ndjson = |text: &str| {
        screen_piped(
            &[CAMPAIGN, "-", "--input-format", "ndjson", "--ignore", "id"],
            text.as_bytes(),
        )
    };
    let late = format!(
        "{}{{\"recipient.country\": \"ES\"}}\n",
        "{\"recipient.phone\": null}\n".repeat(70_000)
    );
    for (text, says) in [
        ("{}\n[]\n", &["line 2", "expected an object", "[audience/not-an-object]"][..]),
        ("{}\n\n{\"id\": }\n", &["line 3", "column 8"]),
        ("{} {}\n", &["line 1", "[audience/not-an-object]"]),
        (
            "{\"recipient\": {\"phone\": 1}, \"recipient.phone\": 1}",
            &["line 1", "`recipient.phone`", "[audience/repeated-member]"],
        ),
        (
            "{\"recipient.phone\": null}\n{}\n",
            &["line 2", "`recipient.phone`", "--left-out-is-null", "[audience/missing-member]"],
        ),
        ("{}\n{\"recipient.phone\": null}\n", &["line 1", "[audience/missing-member]"]),
        (&late, &["line 70001", "`recipient.country`", "[audience/late-member]"]),
    ] {
        refused(&ndjson(text), says);
    }
    // Of what is not nullable, to leave it out and null say the same.
    assert_eq!(
        ndjson("{\"recipient.opt_in\": \"given\"}\n{\"id\": [{\"a\": 1}]}\n").status.code(),
        Some(3)
    );
    let printed = screen_piped(
        &[CAMPAIGN, "-", "--input-format", "ndjson", "--left-out-is-null", "--keep", "id", "-o", "-", "--format", "csv"],
        b"{\"id\": {\"a\": \"1\"}, \"recipient\": {\"phone\": null}}\n{\"id\": 1.50, \"recipient\": null}\n",
    );
    assert!(
        out(&printed).contains("\n\"{\"\"a\"\": \"\"1\"\"}\",")
            && out(&printed).contains("\n1.50,"),
        "{}{}",
        out(&printed),
        err(&printed)
    );
}

/// Bytes that look random, the same in every run.
fn noise(count: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    std::iter::repeat_with(next).take(count).collect()
}

#[test]
fn hostile_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let output = path(&folder, "out.csv");
    std::fs::write(&output, "before").unwrap();
    let options = ["--ignore", "id", "-o", &output];
    for extension in ["csv", "ndjson", "parquet", "arrow", "arrows"] {
        let file = path(&folder, &format!("in.{extension}"));
        let format = Format::of(Path::new(&file)).unwrap();
        let mut strange = vec![
            noise(4096),
            vec![0; 4096],
            noise(17),
            b"PAR1PAR1".to_vec(),
            b"ARROW1\0\0ARROW1".to_vec(),
            vec![0xff; 64],
        ];
        // Text that ends early may be whole.
        if !matches!(format, Format::Csv | Format::Ndjson) {
            strange.push(Vec::new());
            write(&[recipients(), recipients()], format, &file);
            let whole = std::fs::read(&file).unwrap();
            strange.extend((1..12).map(|twelfth| whole[..whole.len() * twelfth / 12].to_vec()));
        }
        for bytes in strange {
            std::fs::write(&file, &bytes).unwrap();
            let printed = screen(&[&[CAMPAIGN, &file][..], &options].concat());
            refused(&printed, &[&format!("in.{extension}"), "error: "]);
        }
        std::fs::remove_file(&file).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&output).unwrap(), "before");
    assert_eq!(names_in(&folder), BTreeSet::from(["out.csv".to_owned()]));
    if cfg!(unix) {
        // Endless lines end at the limit of a row.
        for format in ["csv", "ndjson"] {
            refused(
                &screen(&[CAMPAIGN, "/dev/zero", "--input-format", format]),
                &["line 1", "[audience/too-long]"],
            );
        }
        refused(&screen(&[CAMPAIGN, "examples", "--input-format", "csv"]), &["examples", "folder"]);
    }
}

/// One byte changed, all over the files: refused or read, and never a crash.
#[test]
fn spoilt_files_are_refused_or_read() {
    let folder = tempfile::tempdir().unwrap();
    for extension in ["parquet", "arrow", "arrows"] {
        let file = path(&folder, &format!("in.{extension}"));
        write(&[recipients()], Format::of(Path::new(&file)).unwrap(), &file);
        let whole = std::fs::read(&file).unwrap();
        let places = (0..whole.len()).step_by(whole.len() / 60);
        for (place, noise) in places.zip(noise(100)) {
            let mut spoilt = whole.clone();
            spoilt[place] = noise;
            std::fs::write(&file, &spoilt).unwrap();
            let printed = screen(&[CAMPAIGN, &file, "--ignore", "id", "--threads", "1"]);
            assert!(
                matches!(printed.status.code(), Some(0..=3)),
                "{extension} {place}: {:?} {}",
                printed.status,
                err(&printed)
            );
            assert!(!err(&printed).contains("panicked"), "{extension} {place}: {}", err(&printed));
        }
    }
}

#[test]
fn outputs_that_cannot_be_written_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    let missing = path(&folder, "no/such/out.csv");
    let options = [CAMPAIGN, AUDIENCE, "--ignore", "id,name"];
    refused(&screen(&[&options[..], &["-o", &missing]].concat()), &["cannot write", "out.csv"]);
    let here = path(&folder, "folder.csv");
    std::fs::create_dir(&here).unwrap();
    refused(&screen(&[&options[..], &["-o", &here]].concat()), &["it is a folder"]);
    refused(&screen(&[&options[..], &["--summary", &here]].concat()), &["it is a folder"]);
    // A summary that cannot be written leaves the rows unwritten too.
    let output = path(&folder, "out.csv");
    refused(
        &screen(&[&options[..], &["-o", &output, "--summary", &here]].concat()),
        &["it is a folder"],
    );
    assert_eq!(names_in(&folder), BTreeSet::from(["folder.csv".to_owned()]));
    if cfg!(target_os = "linux") {
        for format in ["csv", "ndjson", "parquet", "arrow", "arrow-stream"] {
            refused(
                &screen(&[&options[..], &["-o", "/dev/full", "--format", format]].concat()),
                &["/dev/full", "No space left"],
            );
            let printed =
                screen(&[&options[..], &["-o", "/dev/null", "--format", format]].concat());
            assert_eq!(printed.status.code(), Some(1), "{}", err(&printed));
        }
    }
}

#[cfg(unix)]
#[test]
fn the_new_file_takes_the_place_of_the_old_one() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (path(&folder, "out.csv"), path(&folder, "link.csv"));
    std::fs::write(&file, "before").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("out.csv", &link).unwrap();
    assert_eq!(
        screen(&[CAMPAIGN, AUDIENCE, "--ignore", "id,name", "-o", &link]).status.code(),
        Some(1)
    );
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("verdict,"));
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(names_in(&folder).len(), 2);
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_the_old_file_and_nothing_else() {
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129), ("QUIT", 131)] {
        let folder = tempfile::tempdir().unwrap();
        let (output, summary) = (path(&folder, "out.parquet"), path(&folder, "summary.json"));
        std::fs::write(&output, "before").unwrap();
        let mut child = command(&[
            CAMPAIGN,
            "-",
            "--input-format",
            "csv",
            "-o",
            &output,
            "--summary",
            &summary,
        ])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(b"recipient.phone\n").unwrap();
        input.write_all("+34600000001\n".repeat(200_000).as_bytes()).unwrap();
        // It has begun to write when there is a file beside.
        for _ in 0..600 {
            if names_in(&folder).len() > 1 {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        assert_eq!(names_in(&folder).len(), 2);
        let killed =
            Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
        assert_eq!(std::fs::read_to_string(&output).unwrap(), "before");
        assert_eq!(names_in(&folder), BTreeSet::from(["out.parquet".to_owned()]));
        drop(input);
    }
}

#[test]
fn a_failure_half_way_leaves_the_old_file_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let output = path(&folder, "out.ndjson");
    std::fs::write(&output, "before").unwrap();
    let rows = format!("recipient.phone\n{}a,b\n", "+34600000001\n".repeat(150_000));
    refused(
        &screen_piped(&[CAMPAIGN, "-", "--input-format", "csv", "-o", &output], rows.as_bytes()),
        &["line 150002", "[audience/cell-count]"],
    );
    assert_eq!(std::fs::read_to_string(&output).unwrap(), "before");
    assert_eq!(names_in(&folder).len(), 1);
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let rows = format!("recipient.phone\n{}", "+34600000001\n".repeat(300_000));
    let folder = tempfile::tempdir().unwrap();
    let audience = path(&folder, "in.csv");
    std::fs::write(&audience, rows).unwrap();
    let mut child = command(&[CAMPAIGN, &audience, "-o", "-", "--format", "csv"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = child.stdout.take().unwrap();
    output.read_exact(&mut [0; 100]).unwrap();
    drop(output);
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), err(&ended).as_str()), (Some(141), ""));
}

#[test]
fn the_engine_is_the_one_that_check_takes() {
    let printed = screen(&[
        CAMPAIGN,
        AUDIENCE,
        "--ignore",
        "id,name",
        "--at",
        "2025-03-01T15:00:00Z",
        "--json",
    ]);
    let summary: Value = serde_json::from_str(&out(&printed)).unwrap();
    // A month before the pause of marketing to the United States.
    assert!(!out(&printed).contains("us-marketing-paused"), "{summary:#}");
    refused(&screen(&[CAMPAIGN, AUDIENCE, "--pack", "whatsap"]), &["did you mean `whatsapp`?"]);
    let law = screen(&[CAMPAIGN, AUDIENCE, "--ignore", "id,name", "--pack", "messaging-law"]);
    assert!(matches!(law.status.code(), Some(1)), "{}", err(&law));
}

#[test]
fn other_separators() {
    let folder = tempfile::tempdir().unwrap();
    let table = std::fs::read_to_string(root().join(AUDIENCE))
        .unwrap()
        .replace("\"Prats, Jordi\"", "Jordi")
        .replace(',', "\t");
    let audience = path(&folder, "in.tsv");
    std::fs::write(&audience, &table).unwrap();
    let printed = screen(&[CAMPAIGN, &audience, "--keep", "id,name", "-o", "-", "--format", "csv"]);
    assert!(out(&printed).contains("\n1002,Jordi,deny,"), "{}", err(&printed));
    let printed = screen_piped(
        &[
            CAMPAIGN,
            "-",
            "--input-format",
            "csv",
            "--separator",
            "semicolon",
            "--keep",
            "id,name",
            "-o",
            "-",
            "--format",
            "csv",
        ],
        table.replace('\t', ";").as_bytes(),
    );
    assert!(out(&printed).contains("\n1002;Jordi;deny;"), "{}", err(&printed));
}

#[test]
fn what_would_help_is_counted_and_each_row_names_who_can_clear_it() {
    let heading = ["phone", "user_id", "country", "opt_in", "opt_in_at", "opted_out"]
        .into_iter()
        .chain(["last_inbound_at", "marketing_received_24h", "time_zone"])
        .map(|name| format!("recipient.{name}"))
        .collect::<Vec<_>>()
        .join(",");
    let rows = "+905321234567,,TR,given,2024-02-01T09:00:00Z,false,,0,Europe/Istanbul\n\
                +34600000000,,ES,given,2024-02-01T09:00:00Z,false,,0,Europe/Madrid\n\
                +34600000001,,ES,given,2024-02-01T09:00:00Z,true,,0,Europe/Madrid\n";
    let example = std::fs::read(root().join("examples/turkey-2024.json")).unwrap();
    let mut campaign: Value = serde_json::from_slice(&example).unwrap();
    campaign.as_object_mut().unwrap().remove("recipient");
    let folder = tempfile::tempdir().unwrap();
    let [document, table, written] =
        ["campaign.json", "audience.csv", "rows.csv"].map(|name| folder.path().join(name));
    std::fs::write(&document, campaign.to_string()).unwrap();
    std::fs::write(&table, format!("{heading}\n{rows}")).unwrap();
    let asked = |more: &[&str]| {
        let [document, table] = [&document, &table].map(|file| file.to_str().unwrap());
        let printed = [document, table, "--what-helps", "--when", "1"];
        screen(&[&printed[..], more].concat())
    };
    let printed = asked(&["--json", "--fix-column", "-o", written.to_str().unwrap()]);
    let summary: Value = serde_json::from_slice(&printed.stdout).unwrap();
    let hours = summary["help"]["hours"].as_array().unwrap();
    assert_eq!(hours.len(), 24, "{summary}");
    let first = hours.iter().find(|hour| hour["more"].as_i64() > Some(0)).unwrap();
    assert_eq!(*first, json!({"at": "2024-05-15T00:00:00Z", "more": 1}));
    let rows = std::fs::read_to_string(&written).unwrap();
    let fixes: Vec<&str> = rows.lines().filter_map(|line| line.rsplit(',').next()).collect();
    assert_eq!(fixes, ["fix", "time", "", "audience"], "{rows}");
    let text = out(&asked(&[]));
    assert!(text.contains("What would help most"), "{text}");
    assert!(text.contains("   +1         send at 2024-05-15T00:00:00Z\n"), "{text}");
}

/// What was not counted is nowhere a zero, and no record says verdicts without why.
#[test]
fn verdicts_alone_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let written = folder.path().join("rows.csv");
    let asked = [CAMPAIGN, AUDIENCE, "--keep", "id", "--ignore", "name"];
    let whole = screen(&[&asked[..], &["--json"]].concat());
    let rows = ["--verdict-only", "--json", "-o", written.to_str().unwrap()];
    let alone = screen(&[&asked[..], &rows].concat());
    assert_eq!(alone.status.code(), whole.status.code());
    let [whole, alone] =
        [whole, alone].map(|printed| serde_json::from_slice::<Value>(&printed.stdout).unwrap());
    assert_eq!((&alone["rows"], &alone["verdicts"]), (&whole["rows"], &whole["verdicts"]));
    for name in ["rules", "missing", "countries", "bad_rows", "bad_values"] {
        assert!(whole.get(name).is_some() && alone.get(name).is_none(), "{name}: {alone}");
    }
    let rows = std::fs::read_to_string(&written).unwrap();
    assert_eq!(rows.lines().next(), Some("id,verdict"));
    let text = out(&screen(&[&asked[..], &["--verdict-only"]].concat()));
    assert!(text.starts_with("rows") && text.lines().count() == 4, "{text}");
    let refused = screen(&[&asked[..], &["--verdict-only", "--record", "log.ndjson"]].concat());
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn bad_values_are_reported_by_the_line_of_the_file() {
    let table = "note,recipient.phone\n\"two\nlines\",+34600000000\nfine,34-600\n";
    let options = ["-", "--input-format", "csv", "--ignore", "note"];
    let printed = screen_piped(&[&[CAMPAIGN][..], &options].concat(), table.as_bytes());
    assert!(out(&printed).contains("row 2 (line 4 of the file), `recipient.phone`: "));
    let options = [&[CAMPAIGN][..], &options, &["--json"]].concat();
    let printed = screen_piped(&options, table.as_bytes());
    let summary: Value = serde_json::from_slice(&printed.stdout).unwrap();
    assert_eq!(summary["bad_values"][0]["row"], 1);
    assert_eq!(summary["bad_values"][0]["line"], 4);
}
