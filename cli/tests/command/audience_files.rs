//! `cts screen` and files that are not as they should be: cut, wide, empty, the same as another, or
//! larger than they look.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that cannot write its files or read its output has failed"
)]

use std::fs::File;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, DictionaryArray, Int32Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use cleartosend_audience::{Format, Separator, Writer};
use serde_json::Value;
use tempfile::TempDir;

use super::support::{cts, cts_fed, err, out, root};

const CAMPAIGN: &str = "examples/campaign-only.json";

fn cts_piped(arguments: &[&str], input: &[u8]) -> Output {
    cts_fed(&root(), arguments, input)
}

fn refused(output: &Output, says: &[&str]) {
    assert_eq!(output.status.code(), Some(2), "{}{}", out(output), err(output));
    for part in says {
        assert!(err(output).contains(part), "{part}: {}", err(output));
    }
}

fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

fn put(folder: &TempDir, name: &str, text: &str) -> String {
    let file = path(folder, name);
    std::fs::write(&file, text).unwrap();
    file
}

fn write(columns: Vec<(&str, ArrayRef)>, format: Format, file: &str) {
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, column)| (name, column, true)),
    )
    .unwrap();
    let mut writer =
        Writer::new(File::create(file).unwrap(), format, Separator::Comma, &batch.schema())
            .unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap();
}

/// The summary as JSON, whatever the verdict.
fn summary(arguments: &[&str]) -> Value {
    let output = cts(&[&["screen"], arguments, &["--json"]].concat());
    assert_ne!(output.status.code(), Some(2), "{}", err(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

const LIST: &str =
    "id,recipient.phone,recipient.opted_out\n1,+34600000001,false\n2,+34600000002,true\n";

#[test]
fn an_output_is_no_input_and_no_other_output() {
    let folder = tempfile::tempdir().unwrap();
    let list = put(&folder, "list.csv", LIST);
    let campaign =
        put(&folder, "campaign.json", &std::fs::read_to_string(root().join(CAMPAIGN)).unwrap());
    let other = path(&folder, "out.csv");
    let same = format!(
        "{}/../{}/list.csv",
        folder.path().display(),
        folder.path().file_name().unwrap().to_string_lossy()
    );
    for (arguments, says) in [
        (vec!["-o", list.as_str()], "`--output` and the audience are one file"),
        (vec!["-o", same.as_str()], "`--output` and the audience are one file"),
        (
            vec!["-o", campaign.as_str(), "--format", "csv"],
            "`--output` and the campaign are one file",
        ),
        (vec!["--summary", campaign.as_str()], "`--summary` and the campaign are one file"),
        (
            vec!["-o", other.as_str(), "--summary", other.as_str()],
            "`--summary` and `--output` are one file",
        ),
    ] {
        refused(
            &cts(&[&["screen", &campaign, &list, "--keep", "id"], arguments.as_slice()].concat()),
            &[says, "[audience/same-file]"],
        );
    }
    assert_eq!(std::fs::read_to_string(&list).unwrap(), LIST);
    assert!(!Path::new(&other).exists());
    let table = put(&folder, "table.csv", "id,name\n1,Acme\n");
    let import = [
        "directory",
        "import",
        &table,
        "--source",
        "s",
        "--retrieved-at",
        "2026-03-01",
        "-o",
        &table,
    ];
    refused(&cts(&import), &[]);
    assert_eq!(std::fs::read_to_string(&table).unwrap(), "id,name\n1,Acme\n");
}

#[test]
#[cfg(unix)]
fn an_audience_from_standard_input_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let list = put(&folder, "list.csv", LIST);
    let mut command = Command::new(env!("CARGO_BIN_EXE_cts"));
    command.current_dir(root()).args([
        "screen",
        CAMPAIGN,
        "-",
        "--input-format",
        "csv",
        "--keep",
        "id",
        "-o",
        &list,
    ]);
    refused(
        &command.stdin(File::open(&list).unwrap()).output().unwrap(),
        &["[audience/same-file]"],
    );
    assert_eq!(std::fs::read_to_string(&list).unwrap(), LIST);
}

#[test]
fn an_audience_without_rows_is_reported_and_may_be_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (empty, list) =
        (put(&folder, "empty.csv", "id,recipient.phone\n"), put(&folder, "list.csv", LIST));
    let output = path(&folder, "out.csv");
    let printed = cts(&["screen", CAMPAIGN, &empty, "--keep", "id"]);
    assert!(err(&printed).contains("the audience has no rows"), "{}", err(&printed));
    refused(
        &cts(&["screen", CAMPAIGN, &empty, "--keep", "id", "--min-rows", "1", "-o", &output]),
        &["found 0 rows, expected at least 1", "[audience/too-few-rows]"],
    );
    refused(
        &cts(&["screen", CAMPAIGN, &list, "--keep", "id", "--min-rows", "3", "-o", &output]),
        &["found 2 rows, expected at least 3"],
    );
    assert!(!Path::new(&output).exists());
    assert_ne!(
        cts(&["screen", CAMPAIGN, &list, "--keep", "id", "--min-rows", "2", "-o", &output])
            .status
            .code(),
        Some(2)
    );
    assert!(Path::new(&output).exists());
}

#[test]
fn a_row_of_empty_cells_is_a_row() {
    let folder = tempfile::tempdir().unwrap();
    for (name, table) in [
        (
            "a.tsv",
            "recipient.phone\trecipient.opted_out\n+34600000000\ttrue\n\t\n+34600000001\tfalse\n",
        ),
        (
            "a.csv",
            "recipient.phone,recipient.opted_out\n+34600000000,true\n,\n+34600000001,false\n",
        ),
    ] {
        assert_eq!(summary(&[CAMPAIGN, &put(&folder, name, table)])["rows"], 3, "{name}");
    }
    let spaces = summary(&[
        CAMPAIGN,
        &put(&folder, "b.csv", "recipient.phone\n+34600000000\n   \n+34600000001\n"),
    ]);
    assert_eq!(
        (&spaces["rows"], &spaces["bad_values"][0]["row"]),
        (&3.into(), &1.into()),
        "{spaces}"
    );
    // Of several columns it is none, and is counted.
    let table =
        "recipient.phone,recipient.opted_out\n+34600000000,true\n\n\n+34600000001,false\n\n";
    let gaps = cts(&["screen", CAMPAIGN, &put(&folder, "d.csv", table), "--json"]);
    let printed = String::from_utf8_lossy(&gaps.stderr);
    assert!(
        printed.contains("empty lines between the rows: 2; they were passed over"),
        "{printed}"
    );
    // Of one column, an empty line is a row for some programs and nothing for others.
    let gap = put(&folder, "c.csv", "recipient.phone\n+34600000000\n\n+34600000001\n");
    refused(&cts(&["screen", CAMPAIGN, &gap]), &["line 3", "[audience/cell-count]"]);
}

#[test]
fn words_of_spreadsheets_are_bad_values_with_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    let table = "recipient.opted_out,recipient.marketing_received_24h\nTRUE,0\nfalse,1.0\n";
    let printed = summary(&[CAMPAIGN, &put(&folder, "a.csv", table)]).to_string();
    assert!(printed.contains("found `TRUE`, expected true or false in small letters"), "{printed}");
    assert!(
        printed.contains("found `1.0`, expected a whole number without a decimal point"),
        "{printed}"
    );
}

#[test]
fn ndjson_keeps_the_types_of_json() {
    let folder = tempfile::tempdir().unwrap();
    let numbers = "{\"recipient.marketing_received_24h\":0.0}\n{\"recipient.\
                   marketing_received_24h\":1.0}\n{\"recipient.marketing_received_24h\":1E+2}\n";
    assert_eq!(summary(&[CAMPAIGN, &put(&folder, "a.ndjson", numbers)])["bad_rows"], 0);
    let others = "{\"recipient\":{\"opted_out\":\"false\",\"region\":\"US-FL\"}}\n{\"recipient\":\
                  {\"opted_out\":false,\"region\":[\"US-FL\"]}}\n{\"recipient\":{\"opted_out\":\
                  false,\"region\":5}}\n";
    assert_eq!(summary(&[CAMPAIGN, &put(&folder, "b.ndjson", others)])["bad_rows"], 3);
    let twice = put(
        &folder,
        "c.ndjson",
        "{\"recipient\":{\"phone\":\"+34600000000\"},\"recipient\":{\"opted_out\":false}}\n",
    );
    refused(
        &cts(&["screen", CAMPAIGN, &twice]),
        &["`recipient` is given twice", "[audience/repeated-member]"],
    );
    // What is kept comes out as it went in.
    let kept =
        put(&folder, "d.ndjson", "{\"id\":\"a\\u0022b\",\"n\":5}\n{\"id\":\"c\",\"n\":[1, 2]}\n");
    let printed = cts(&["screen", CAMPAIGN, &kept, "--keep", "id,n", "-o", "-", "--format", "csv"]);
    let lines: Vec<String> = out(&printed)
        .lines()
        .map(|line| {
            line.split(",allow").next().unwrap().split(",review").next().unwrap().to_owned()
        })
        .collect();
    assert_eq!(&lines[1..], ["\"a\"\"b\",5", "c,\"[1, 2]\""], "{}", err(&printed));
}

#[test]
fn timestamps_without_a_zone_are_refused_unless_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let campaign = put(
        &folder,
        "campaign.json",
        r#"{"send_at": "2026-03-02T15:00:00Z", "campaign": {"initiated_by": "business", "content": "free_form", "category": "service"}}"#,
    );
    // 15:30 the day before, on clocks in Madrid: half an hour outside the window of a day there,
    // and within it in UTC.
    let micros = vec![Some(1_772_379_000_000_000), Some(1_772_379_000_000_000 + 3_600_000_000)];
    for name in ["a.parquet", "a.arrow", "a.arrows"] {
        let file = path(&folder, name);
        let column: ArrayRef = Arc::new(TimestampMicrosecondArray::from(micros.clone()));
        write(
            vec![("recipient.last_inbound_at", column)],
            Format::of(Path::new(&file)).unwrap(),
            &file,
        );
        refused(
            &cts(&["screen", &campaign, &file, "--anyway"]),
            &["[screen/timestamps-without-zone]", "`recipient.last_inbound_at`"],
        );
        let rows = |zone: &str| {
            let printed = cts(&[
                "screen",
                &campaign,
                &file,
                "--anyway",
                "--time-zone",
                zone,
                "-o",
                "-",
                "--format",
                "csv",
            ]);
            assert_ne!(printed.status.code(), Some(2), "{}", err(&printed));
            out(&printed)
                .lines()
                .skip(1)
                .map(|line| line.contains("window.free-form-outside"))
                .collect::<Vec<_>>()
        };
        assert_eq!(rows("UTC"), [false, false], "{name}");
        assert_eq!(rows("Europe/Madrid"), [true, false], "{name}");
        refused(
            &cts(&["screen", &campaign, &file, "--anyway", "--time-zone", "Europe/Atlantis"]),
            &["[screen/unknown-time-zone]"],
        );
    }
}

#[test]
fn an_arrow_stream_that_was_cut_is_no_whole_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = path(&folder, "a.arrows");
    write(
        vec![("recipient.phone", Arc::new(StringArray::from(vec!["+34600000000"; 10])))],
        Format::ArrowStream,
        &file,
    );
    let whole = std::fs::read(&file).unwrap();
    assert_eq!(summary(&[CAMPAIGN, &file])["rows"], 10);
    // The mark of an end has eight bytes.
    for (cut, code) in
        [(whole.len() - 8, "audience/cut-short"), (whole.len() - 4, "audience/malformed")]
    {
        std::fs::write(&file, &whole[..cut]).unwrap();
        refused(&cts(&["screen", CAMPAIGN, &file]), &[code]);
    }
    std::fs::write(&file, [whole.as_slice(), &whole].concat()).unwrap();
    refused(&cts(&["screen", CAMPAIGN, &file]), &["audience/cut-short", "bytes follow"]);
}

#[test]
fn arrow_is_read_however_others_compressed_it() {
    for name in ["plain", "lz4", "zstandard"] {
        for ending in ["arrow", "arrows"] {
            let file =
                format!("{}/../tests/vectors/ipc/{name}.{ending}", env!("CARGO_MANIFEST_DIR"));
            let found = summary(&[CAMPAIGN, &file, "--keep", "id"]);
            assert_eq!(found["rows"], 40, "{file}");
            assert_eq!(found["verdicts"]["deny"], 20, "{file}");
        }
    }
}

#[test]
fn a_line_with_very_many_members_costs_no_more_than_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let members: Vec<String> = (0..9_999).map(|number| format!("\"a{number}\":1")).collect();
    let wide = put(
        &folder,
        "wide.ndjson",
        &format!("{{{}}}\n{}", members.join(","), "{}\n".repeat(65_535)),
    );
    let started = Command::new("sh")
        .current_dir(root())
        .args([
            "-c",
            "ulimit -v 2000000; exec \"$0\" screen \"$1\" \"$2\" --threads 1",
            env!("CARGO_BIN_EXE_cts"),
            CAMPAIGN,
            &wide,
        ])
        .output();
    if cfg!(unix) {
        refused(&started.unwrap(), &["[screen/unknown-column]"]);
    }
}

#[test]
fn a_dictionary_is_not_written_out_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = path(&folder, "a.arrow");
    let text = "x".repeat(1 << 20);
    let id = DictionaryArray::<Int32Type>::new(
        Int32Array::from(vec![0; 600]),
        Arc::new(StringArray::from(vec![text])),
    );
    write_stream(
        &[
            ("id", Arc::new(id)),
            ("recipient.phone", Arc::new(StringArray::from(vec!["+34600000000"; 600]))),
        ],
        &file,
    );
    for format in ["csv", "parquet"] {
        let started = Command::new("sh")
            .current_dir(root())
            .args([
                "-c",
                "ulimit -v 600000; exec \"$0\" screen \"$1\" \"$2\" --input-format arrow-stream \
                 --keep id -o /dev/null --format \"$3\" --threads 1",
            ])
            .args([env!("CARGO_BIN_EXE_cts"), CAMPAIGN, &file, format])
            .output();
        if cfg!(unix) {
            let output = started.unwrap();
            assert!(
                output.status.code().is_some_and(|code| code != 2),
                "{format}: {}",
                err(&output)
            );
        }
    }
}

fn write_stream(columns: &[(&str, ArrayRef)], file: &str) {
    write(columns.to_vec(), Format::ArrowStream, file);
}

#[test]
fn what_is_no_parquet_is_not_copied_from_a_pipe() {
    for format in ["parquet", "arrow"] {
        let printed =
            cts_piped(&["screen", CAMPAIGN, "-", "--input-format", format], &vec![0; 1 << 20]);
        refused(&printed, &["it does not begin like one"]);
    }
}

#[test]
fn threads_have_a_limit_that_is_named() {
    refused(
        &cts(&["screen", CAMPAIGN, "examples/audience.csv", "--threads", "20000"]),
        &["from 1 to 1024"],
    );
}

#[test]
fn texts_that_a_spreadsheet_would_run_can_be_guarded() {
    let folder = tempfile::tempdir().unwrap();
    let list =
        put(&folder, "list.csv", "id,recipient.phone\n=1+1,+34600000001\n\" @x\",\nplain,\n");
    let ids = |more: &[&str]| {
        let printed = cts(&[
            &["screen", CAMPAIGN, &list, "--keep", "id", "-o", "-", "--format", "csv"],
            more,
        ]
        .concat());
        out(&printed)
            .lines()
            .skip(1)
            .map(|line| line.split(',').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&[]), ["=1+1", " @x", "plain"]);
    assert_eq!(ids(&["--guard-formulas"]), ["'=1+1", "' @x", "plain"]);
}

#[test]
fn names_of_outputs_may_be_long_and_links_stay_links() {
    let folder = tempfile::tempdir().unwrap();
    let list = put(&folder, "list.csv", LIST);
    let long = path(&folder, &format!("{}.csv", "é".repeat(120)));
    assert_ne!(
        cts(&["screen", CAMPAIGN, &list, "--keep", "id", "-o", &long]).status.code(),
        Some(2)
    );
    assert!(Path::new(&long).exists());
    #[cfg(unix)]
    {
        let link = path(&folder, "link.csv");
        std::os::unix::fs::symlink("to/come.csv", &link).unwrap();
        refused(
            &cts(&["screen", CAMPAIGN, &list, "--keep", "id", "-o", &link]),
            &["there is no such file or folder"],
        );
        std::fs::create_dir(folder.path().join("to")).unwrap();
        assert_ne!(
            cts(&["screen", CAMPAIGN, &list, "--keep", "id", "-o", &link]).status.code(),
            Some(2)
        );
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(folder.path().join("to/come.csv").exists());
    }
}

#[test]
fn a_stop_that_the_state_holds_denies_the_row() {
    let folder = tempfile::tempdir().unwrap();
    let events = put(
        &folder,
        "events.json",
        r#"{"object": "whatsapp_business_account", "entry": [{"id": "waba-1001", "changes": [{"field": "user_preferences", "value": {"user_preferences":
            [{"wa_id": "34600000002", "category": "marketing_messages", "value": "stop", "timestamp": 1772400000}]}}]}]}"#,
    );
    let new = put(&folder, "new.json", "{}");
    let state = put(&folder, "state.json", &out(&cts(&["account", "apply", &new, &events])));
    let list = put(&folder, "list.csv", "id,recipient.phone\n1,+34600000001\n2,+34600000002\n");
    let printed = cts(&[
        "screen",
        CAMPAIGN,
        &list,
        "--account",
        &state,
        "--keep",
        "id",
        "-o",
        "-",
        "--format",
        "csv",
        "--anyway",
    ]);
    let rows: Vec<bool> = out(&printed)
        .lines()
        .skip(1)
        .map(|line| line.contains("consent.marketing-stopped"))
        .collect();
    assert_eq!(rows, [false, true], "{}{}", out(&printed), err(&printed));
    assert_eq!(printed.status.code(), Some(1));
}
