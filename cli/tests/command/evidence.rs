//! Records as an officer has them: kept, handed on, verified, judged again, found, sealed.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that cannot run the command has failed"
)]

use std::process::{Command, Output};

use serde_json::Value as Json;
use tempfile::TempDir;

use super::support::{cts_line, err, out, root};

/// A folder with the examples in it.
fn desk() -> TempDir {
    let desk = tempfile::tempdir().unwrap();
    std::fs::create_dir(desk.path().join("examples")).unwrap();
    for entry in std::fs::read_dir(root().join("examples")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, desk.path().join("examples").join(path.file_name().unwrap()))
                .unwrap();
        }
    }
    desk
}

fn cts(desk: &TempDir, line: &str) -> Output {
    cts_line(desk.path(), line, "")
}

/// The exit code is this, and each of these stands in what was printed.
fn run(desk: &TempDir, line: &str, code: i32, says: &[&str]) -> String {
    let output = cts(desk, line);
    let output_text = out(&output) + &err(&output);
    assert_eq!(output.status.code(), Some(code), "{line}: {output_text}");
    for part in says {
        assert!(output_text.contains(part), "{line}: no `{part}` in {output_text}");
    }
    out(&output)
}

/// Writes a record with the digest that `verify` asks for, and gives its name.
fn refitted(desk: &TempDir, record: &Json) -> &'static str {
    let name = "forged.json";
    let file = desk.path().join(name);
    std::fs::write(&file, record.to_string()).unwrap();
    let output_text = out(&cts(desk, &format!("verify {name}")));
    let right = output_text
        .lines()
        .find_map(|line| line.split_once("`digest` is ")?.1.split_once("expected "));
    if let Some((_, right)) = right {
        let mut fitting = record.clone();
        fitting["digest"] = Json::from(right);
        std::fs::write(&file, fitting.to_string()).unwrap();
    }
    name
}

/// The fenced blocks of a page: what they are, and their lines.
fn blocks(page: &str) -> Vec<(String, Vec<String>)> {
    let mut blocks: Vec<(String, Vec<String>)> = Vec::new();
    let mut is_open = false;
    for line in page.lines() {
        if let Some(kind) = line.strip_prefix("```") {
            if !is_open {
                blocks.push((kind.to_owned(), Vec::new()));
            }
            is_open = !is_open;
        } else if is_open {
            blocks.last_mut().unwrap().1.push(line.to_owned());
        }
    }
    blocks
}

#[test]
fn the_guide_does_what_it_says() {
    let desk = desk();
    let page = std::fs::read_to_string(root().join("docs/guides/evidence.md")).unwrap();
    let mut last = String::new();
    let mut commands = 0;
    for (kind, lines) in blocks(&page) {
        if kind == "text" {
            assert_eq!(last, lines.join("\n") + "\n");
            continue;
        }
        assert_eq!(kind, "sh");
        for line in lines {
            if let Some((from, to)) = line.strip_prefix("cp ").and_then(|of| of.split_once(' ')) {
                std::fs::copy(root().join(from), desk.path().join(to)).unwrap();
                continue;
            }
            commands += 1;
            let judges = ["cts check", "cts screen"].iter().any(|judge| line.starts_with(judge));
            let output = cts(&desk, line.strip_prefix("cts ").unwrap());
            let output_text = out(&output) + &err(&output);
            match judges {
                true => {
                    assert!(
                        [Some(0), Some(1), Some(3)].contains(&output.status.code()),
                        "{output_text}"
                    );
                }
                false => assert_eq!(output.status.code(), Some(0), "{line}: {output_text}"),
            }
            last = out(&output);
        }
    }
    assert!(commands > 10);
}

#[test]
fn a_record_of_each_command_is_verified_and_judged_again() {
    let desk = desk();
    std::fs::create_dir(desk.path().join("kept")).unwrap();
    let plain = run(&desk, "check examples/spring-sale.json --json", 1, &[]);
    for _ in 0..2 {
        let kept = run(&desk, "check examples/spring-sale.json --json --record kept", 1, &[]);
        assert_eq!(kept, plain, "the answer is the same with a record");
    }
    assert_eq!(std::fs::read_dir(desk.path().join("kept")).unwrap().count(), 1, "one record");
    run(&desk, "check examples/clean-campaign.json --record kept", 0, &["ALLOW"]);
    run(&desk, "explain examples/turkey-2024.json --record kept/log.ndjson", 1, &["DENY"]);
    let law = "check examples/alcohol-to-spain.json --pack messaging-law";
    let code = cts(&desk, law).status.code().unwrap();
    run(&desk, &format!("{law} --record kept/log.ndjson"), code, &[]);
    run(&desk, "verify kept", 0, &["4 records: 4 verified, 0 differ, 0 unreadable"]);
    run(&desk, "replay kept", 0, &["4 records: 4 same bytes"]);

    // A line of a log, and a file that was laid out for people.
    let log = std::fs::read_to_string(desk.path().join("kept/log.ndjson")).unwrap();
    let first: Json = serde_json::from_str(log.lines().next().unwrap()).unwrap();
    std::fs::write(desk.path().join("one.json"), format!("{first:#}\n")).unwrap();
    run(&desk, "verify one.json", 0, &["1 verified"]);
    run(&desk, "replay one.json --threads 1", 0, &["1 same bytes"]);
}

#[test]
fn what_differs_and_what_cannot_be_read_is_reported_and_the_rest_is_checked() {
    let desk = desk();
    for _ in 0..5 {
        run(&desk, "check examples/spring-sale.json --record log.ndjson", 1, &[]);
    }
    let log = desk.path().join("log.ndjson");
    let text = std::fs::read_to_string(&log).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines[1] = lines[1].replacen("\"verdict\":\"deny\"", "\"verdict\":\"allow\"", 1);
    lines[2] = lines[2].replacen("{\"record\":1", "{\"record\":7", 1);
    lines[3] = "{".to_owned();
    std::fs::write(&log, lines.join("\n") + "\n{\"record\":1,\"fac").unwrap();
    let output_text = run(
        &desk,
        "verify log.ndjson",
        2,
        &[
            "log.ndjson:2: differs: `digest` is sha256:",
            "log.ndjson:2: differs: `decision.verdict` is allow, expected deny",
            "log.ndjson:3: unreadable: is a record of version 7; this command knows version 1",
            "log.ndjson:4: unreadable: is not JSON",
            "log.ndjson:6: unreadable: the last line has no end: 16 bytes",
            "6 records: 2 verified, 1 differ, 3 unreadable",
        ],
    );
    assert!(!output_text.contains("log.ndjson:5"), "{output_text}");
    run(
        &desk,
        "replay log.ndjson",
        2,
        &[
            "log.ndjson:2: changed: allow then, deny now",
            "6 records: 2 same bytes, 0 same verdict but other text, 1 changed, 3 unreadable",
        ],
    );
    lines.truncate(2);
    std::fs::write(&log, lines.join("\n") + "\n").unwrap();
    run(&desk, "verify log.ndjson", 4, &["2 records: 1 verified, 1 differ"]);
    // Where there is nothing, nothing was verified.
    std::fs::write(desk.path().join("empty.ndjson"), "").unwrap();
    run(&desk, "verify empty.ndjson", 3, &["0 records: nothing was verified"]);
    run(&desk, "replay empty.ndjson", 3, &["0 records"]);
    let json = run(&desk, "replay --json log.ndjson", 4, &[]);
    let json: Vec<Json> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(json[0]["place"], "log.ndjson:2");
    assert_eq!((&json[1]["records"], &json[1]["same_bytes"]), (&Json::from(2), &Json::from(1)));

    run(&desk, "verify none.ndjson", 2, &["none.ndjson: unreadable: cannot be read: there is no"]);
    run(&desk, "verify examples/none log.ndjson", 2, &["examples/none", "3 records: 1 verified"]);
    std::fs::create_dir(desk.path().join("empty")).unwrap();
    run(&desk, "verify empty", 2, &["empty holds no records"]);
    run(&desk, "verify examples/spring-sale.json", 2, &["is not a record", "[record/no-record]"]);
}

#[test]
fn replay_takes_packs_by_digest_and_names_what_changed() {
    let desk = desk();
    let pack = |version: &str, verdict: &str| {
        let folder = desk.path().join("packs").join(format!("house-{version}"));
        std::fs::create_dir_all(folder.join("rules")).unwrap();
        let manifest = format!(
            "name = \"house\"\nversion = \"{version}\"\nrequires = \"*\"\ntitle = \"t\"\n\
             published = 2026-01-01\n[sources.s]\ntitle = \"t\"\nurl = \"https://acme.example\"\n\
             retrieved = 2026-01-01\nconfidence = \"official\"\n"
        );
        let rule = format!(
            "[[rule]]\nid = \"data.red\"\ntopic = \"data\"\ntitle = \"t\"\n\
             forbids = 'campaign.initiated_by == \"business\"'\nverdict = \"{verdict}\"\n\
             source = {{ id = \"s\" }}\nmessage = \"m\"\nadvice = \"a\"\nexposure = []\n"
        );
        std::fs::write(folder.join("pack.toml"), manifest).unwrap();
        std::fs::write(folder.join("rules/data.toml"), rule).unwrap();
    };
    pack("1.0.0", "review");
    run(
        &desk,
        "check examples/clean-campaign.json --pack packs/house-1.0.0 --record log.ndjson",
        3,
        &["data.red"],
    );
    run(&desk, "verify log.ndjson", 0, &[]);
    run(
        &desk,
        "replay log.ndjson",
        2,
        &["rests on the pack `house` sha256:", "[record/unknown-pack]"],
    );
    run(&desk, "replay log.ndjson --packs packs", 0, &["1 same bytes"]);
    pack("2.0.0", "deny");
    run(&desk, "replay log.ndjson --packs packs", 0, &["1 same bytes"]);
    run(
        &desk,
        "replay log.ndjson --pack packs/house-2.0.0",
        4,
        &[
            "log.ndjson:1: changed: review then, deny now",
            "input: pack house: sha256:",
            "rule: house/data.red: violated, review then, violated, deny now",
        ],
    );
    run(&desk, "replay log.ndjson --packs examples", 2, &["holds no packs"]);
    // A digest says that it is the pack of the record, and not whose it is.
    run(&desk, "key new vendor", 0, &[]);
    run(&desk, "key new stranger", 0, &[]);
    let trusting = "replay log.ndjson --packs packs --trust vendor.pub";
    run(&desk, trusting, 2, &["house-1.0.0: is not signed", "[record/unknown-pack]"]);
    let sign = "pack sign packs/house-1.0.0 --key vendor.key --expires 2027-01-01";
    run(&desk, sign, 0, &["signs pack house 1.0.0"]);
    run(&desk, &format!("{trusting} --as-of 2026-06-01"), 0, &["1 same bytes"]);
    run(&desk, &format!("{trusting} --as-of 2027-06-01"), 2, &["that expired at"]);
    run(
        &desk,
        "replay log.ndjson --packs packs --trust stranger.pub --as-of 2026-06-01",
        2,
        &["which is not trusted"],
    );
    let forced = "replay log.ndjson --pack packs/house-2.0.0 --trust vendor.pub";
    run(&desk, forced, 2, &["house-2.0.0: is not signed"]);
    run(&desk, "replay log.ndjson --as-of 2026-06-01", 2, &["--trust"]);
    run(
        &desk,
        "replay log.ndjson --packs packs --pack messaging-law",
        4,
        &["input: pack messaging-law: none then, sha256:"],
    );
}

#[test]
fn masked_records_are_found_with_the_key_alone() {
    let desk = desk();
    run(&desk, "key mask one.mask", 0, &["hides names"]);
    run(&desk, "key mask one.mask", 2, &["cannot write one.mask"]);
    run(&desk, "key mask other.mask", 0, &[]);
    let document = std::fs::read_to_string(desk.path().join("examples/spring-sale.json")).unwrap();
    let document: Json = serde_json::from_str(&document).unwrap();
    let number = document["recipient"]["phone"].as_str().unwrap();
    for command in ["check", "explain"] {
        let line =
            format!("{command} examples/spring-sale.json --record log.ndjson --mask-key one.mask");
        run(&desk, &line, 1, &["DENY"]);
    }
    let log = std::fs::read_to_string(desk.path().join("log.ndjson")).unwrap();
    for part in [number, &number[1..], &number[3..], &number[5..]] {
        assert!(!log.contains(part), "{part} is left in the log");
    }
    run(&desk, "verify log.ndjson", 0, &["2 verified"]);
    run(&desk, "replay log.ndjson", 0, &["2 same bytes"]);
    let find = |rest: &str| format!("records find --number {number} log.ndjson {rest}");
    run(
        &desk,
        &find("--mask-key one.mask"),
        0,
        &["log.ndjson:1: ", "log.ndjson:2: ", "2 records found"],
    );
    run(
        &desk,
        &find("--mask-key other.mask"),
        3,
        &["2 records masked by another key", "0 records found"],
    );
    run(&desk, &find(""), 3, &["0 records found", "2 records masked, and no key was given"]);
    let counts = run(&desk, &find("--json"), 3, &[]);
    let counts: Json = serde_json::from_str(counts.lines().last().unwrap()).unwrap();
    assert_eq!((&counts["found"], &counts["masked"]), (&Json::from(0), &Json::from(2)));
    let plain = run(&desk, "check examples/spring-sale.json --json", 1, &[]);
    let digest = serde_json::from_str::<Json>(&plain).unwrap()["digest"].clone();
    let digest = digest.as_str().unwrap();
    let by_digest = format!("records find --decision {digest} log.ndjson");
    run(&desk, &format!("{by_digest} --mask-key one.mask"), 0, &["2 records found"]);
    run(&desk, &by_digest, 3, &["0 records found"]);
    assert!(!log.contains(digest), "whoever tries every number would find it by its digest");
    run(&desk, "key new officer", 0, &[]);
    let other_file = "check examples/spring-sale.json --record log.ndjson --mask-key officer.key";
    run(&desk, other_file, 2, &["not a mask key", "[record/mask-key]"]);
    // A document on one line, and a text that is long enough to be a secret.
    let line = document.to_string();
    for text in ["short", &line, "a secret of our own"] {
        std::fs::write(desk.path().join("wrong.mask"), text).unwrap();
        let wrong = "check examples/spring-sale.json --record log.ndjson --mask-key wrong.mask";
        run(&desk, wrong, 2, &["wrong.mask: is not a mask key", "[record/mask-key]"]);
    }
    run(&desk, "key mask own.mask --of wrong.mask", 0, &["hides names"]);
    let own = "check examples/spring-sale.json --record own.ndjson --mask-key own.mask";
    run(&desk, own, 1, &["DENY"]);
    // Keys that were made before their files had a form.
    std::fs::write(desk.path().join("old.mask"), "0123456789abcdef".repeat(4)).unwrap();
    let old = "check examples/spring-sale.json --record old.ndjson --mask-key old.mask";
    run(&desk, old, 1, &["DENY"]);
    run(
        &desk,
        &format!("records find --number {number} old.ndjson --mask-key old.mask"),
        0,
        &["1 record found"],
    );
    let refused = cts(&desk, "check examples/spring-sale.json --mask-key one.mask");
    assert_eq!(refused.status.code(), Some(2), "a mask without a record");
}

#[test]
fn a_record_that_cannot_be_kept_leaves_no_answer() {
    let desk = desk();
    for (target, says) in [
        ("log.txt", "neither a folder nor the name of a log"),
        ("none/log.ndjson", "cannot write none/log.ndjson"),
        ("none", "neither a folder nor the name of a log"),
    ] {
        let output = cts(&desk, &format!("check examples/spring-sale.json --record {target}"));
        assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""), "{target}");
        assert!(err(&output).contains(says), "{target}: {}", err(&output));
    }
    std::fs::copy(
        desk.path().join("examples/spring-sale.json"),
        desk.path().join("campaign.ndjson"),
    )
    .unwrap();
    let before = std::fs::read(desk.path().join("campaign.ndjson")).unwrap();
    run(&desk, "check campaign.ndjson --record campaign.ndjson", 2, &["is read and would be"]);
    assert_eq!(std::fs::read(desk.path().join("campaign.ndjson")).unwrap(), before);
    // Whoever checks the folder next would read the record as a document.
    let count = || std::fs::read_dir(desk.path().join("examples")).unwrap().count();
    let files = count();
    for asked in [
        "check examples/clean-campaign.json --record examples",
        "check examples --record examples/.",
        "explain examples/clean-campaign.json --record ./examples",
    ] {
        run(&desk, asked, 2, &["whose documents are checked; name another folder"]);
    }
    assert_eq!(count(), files);
}

#[test]
fn a_screening_is_kept_by_the_digests_of_its_files() {
    let desk = desk();
    let screen = "screen examples/campaign-only.json examples/audience.csv --keep id,name";
    let code = cts(&desk, screen).status.code().unwrap();
    run(&desk, &format!("{screen} -o result.csv --record log.ndjson"), code, &[]);
    let log = std::fs::read_to_string(desk.path().join("log.ndjson")).unwrap();
    let record: Json = serde_json::from_str(&log).unwrap();
    let screening = &record["screening"];
    assert_eq!(screening["audience"]["name"], "audience.csv");
    assert_eq!(screening["output"]["name"], "result.csv");
    assert!(screening["summary"]["rows"].as_u64().unwrap() > 0);
    let columns = screening["columns"].as_array().unwrap();
    assert!(columns.iter().any(|column| column["name"] == "recipient.phone"), "{columns:?}");
    run(&desk, "verify log.ndjson", 0, &["1 verified"]);
    run(
        &desk,
        "replay log.ndjson",
        3,
        &["0 same bytes", "1 not judged again", "1 record of screenings"],
    );
    run(
        &desk,
        "records find --number +34600000001 log.ndjson",
        3,
        &["0 records found", "1 record of screenings: their audiences"],
    );
    run(&desk, "verify log.ndjson --files .", 2, &["its file `audience.csv` cannot be read"]);
    let audience = desk.path().join("audience.csv");
    std::fs::copy(desk.path().join("examples/audience.csv"), &audience).unwrap();
    run(&desk, "verify log.ndjson --files .", 0, &["1 verified"]);

    // The rows are judged again by the audience, which has to be the one that was screened.
    run(&desk, "replay log.ndjson --files .", 0, &["0 same bytes", "1 of screenings: same rows"]);
    let output_text = run(&desk, "replay log.ndjson --files . --json", 0, &["\"same_rows\":1"]);
    assert_eq!(output_text.lines().count(), 1, "{output_text}");
    let nowhere = "replay log.ndjson --files examples/audiences";
    run(&desk, nowhere, 2, &["its file `audience.csv` cannot be read"]);
    let mut earlier = record.clone();
    earlier["screening"].as_object_mut().unwrap().remove("read");
    let earlier = refitted(&desk, &earlier);
    run(
        &desk,
        &format!("replay {earlier} --files ."),
        3,
        &["rows not judged again: it does not say how its audience was read", "1 not judged again"],
    );
    let output_text = run(&desk, &format!("replay {earlier} --files . --format html"), 3, &[]);
    assert!(
        output_text.contains("rows not judged again") && !output_text.contains("same_bytes"),
        "{output_text}"
    );
    let output_text = run(&desk, &format!("replay {earlier} --files ."), 3, &[]);
    assert!(!output_text.contains("`--files` names"), "{output_text}");
    // Of another engine too, nothing is said of rows that were not judged.
    let mut older = record.clone();
    older["decision"]["engine"] = Json::from("0.0.9");
    older["rests_on"]["engine"] = Json::from("0.0.9");
    older["screening"]["summary"]["basis"]["engine"] = Json::from("0.0.9");
    let output_text = out(&cts(&desk, &format!("verify {}", refitted(&desk, &older))));
    let right = output_text.split_once("`decision.digest` is ").unwrap().1;
    let right = right.split_once("expected ").unwrap().1.lines().next().unwrap();
    older["decision"]["digest"] = Json::from(right);
    let older = refitted(&desk, &older);
    run(&desk, &format!("replay {older}"), 3, &["1 not judged again"]);
    run(&desk, &format!("replay {older} --files ."), 0, &["1 same of another engine"]);
    let mut fewer = record.clone();
    for (name, rows) in [("allow", 6), ("deny", 3)] {
        fewer["screening"]["summary"]["verdicts"][name] = Json::from(rows);
    }
    let fewer = refitted(&desk, &fewer);
    run(
        &desk,
        &format!("replay {fewer} --files ."),
        4,
        &[
            "changed: rows come out otherwise",
            "rows: allow: 6 then, 5 now",
            "rows: deny: 3 then, 4 now",
            "1 changed",
        ],
    );
    let page = run(&desk, &format!("replay {fewer} --files . --format html"), 4, &[]);
    assert!(page.contains("<code>allow</code></td><td>6</td><td>5</td>"), "{page}");
    let heading = "<strong>changed</strong>: <strong class=\"deny\">deny</strong></p>";
    assert!(page.contains(heading), "the worst verdict of the rows now: {page}");
    let name = refitted(&desk, &none_denied(&record));
    run(&desk, &format!("replay {name} --files ."), 4, &["changed: allow then, deny now"]);
    let others = desk.path().join("others");
    std::fs::create_dir(&others).unwrap();
    let longer = std::fs::read_to_string(&audience).unwrap() + "\n";
    std::fs::write(others.join("audience.csv"), longer).unwrap();
    run(
        &desk,
        "replay log.ndjson --files others",
        4,
        &[
            "differs: `screening.audience` is not the file `audience.csv` in that folder, which has",
            "expected one of ",
            "1 differ in themselves or from their files",
        ],
    );

    // A summary rests on what its record rests on, and has no other members than these.
    let digest = Json::from(format!("sha256:{}", "1".repeat(64)));
    let sized = record["screening"]["summary"]["audience_size"].as_u64().unwrap_or(5) + 1;
    for (place, forged, says) in [
        (
            "/summary/basis/campaign",
            digest.clone(),
            "`screening.summary.basis.campaign` is sha256:1",
        ),
        ("/summary/basis/directory", digest.clone(), "`screening.summary.basis.directory` is sha"),
        ("/summary/basis/bundled", digest.clone(), "`screening.summary.basis.bundled` is sha256:1"),
        ("/summary/basis/engine", Json::from("0.0.1"), "`screening.summary.basis.engine` is 0.0.1"),
        ("/summary/basis/packs/0/digest", digest, "`screening.summary.basis.packs` is ["),
        ("/summary/audience_size", Json::from(sized), "`screening.summary.audience_size` is "),
        (
            "/summary/certified",
            Json::from(true),
            "`screening.summary.certified` is true, expected no",
        ),
        (
            "/summary/basis/by",
            Json::from("Ana"),
            "`screening.summary.basis.by` is Ana, expected no",
        ),
        ("/columns/0/type", Json::from(7), "`screening.columns.0` is "),
        ("/columns/0/note", Json::from("x"), "`screening.columns.0` is "),
    ] {
        let mut other = record.clone();
        let (parent, name) = place.rsplit_once('/').unwrap();
        other["screening"].pointer_mut(parent).unwrap()[name] = forged;
        let other = refitted(&desk, &other);
        run(&desk, &format!("verify {other}"), 4, &["1 differ", says]);
        run(&desk, &format!("replay {other} --files ."), 4, &["differs: "]);
    }

    // Columns are those that the audience has.
    let mut other = record.clone();
    other["screening"]["columns"][0]["name"] = Json::from("recipient.consent");
    let other = refitted(&desk, &other);
    run(&desk, &format!("verify {other}"), 0, &["1 verified"]);
    let says = "differs: `screening.columns` is [";
    run(&desk, &format!("replay {other} --files ."), 4, &[says]);

    // Whoever changes the summary can refit the digest of the record, but not the rows.
    let mut forged = record;
    let rows = forged["screening"]["summary"]["rows"].clone();
    forged["screening"]["summary"]["verdicts"] = serde_json::json!({
        "allow": rows, "review": 0, "deny": 0,
    });
    forged["screening"]["summary"]["rules"] = serde_json::json!([]);
    let forged = refitted(&desk, &forged);
    run(&desk, &format!("verify {forged}"), 0, &["1 verified"]);
    let says = "the rows of ./result.csv are not those of the summary";
    run(&desk, &format!("verify {forged} --files ."), 4, &[says]);

    std::fs::write(desk.path().join("result.csv"), "recipient.phone,verdict\n").unwrap();
    run(&desk, "verify log.ndjson --files .", 4, &["the file `result.csv` has 24 bytes"]);
    // Nor is it passed over where the rows of the audience come out as they did.
    let says = "differs: `screening.output` is not the file `result.csv` in that folder";
    run(&desk, "replay log.ndjson --files .", 4, &[says]);
    std::fs::remove_file(desk.path().join("result.csv")).unwrap();
    run(&desk, "replay log.ndjson --files .", 0, &["1 of screenings: same rows"]);

    run(
        &desk,
        "screen examples/campaign-only.json - --input-format csv --record log.ndjson",
        2,
        &["a pipe has none"],
    );
    run(&desk, &format!("{screen} --record log.txt"), 2, &["neither a folder nor"]);
}

/// The record of a screening that says that all rows are allowed, by no rule.
fn none_denied(record: &Json) -> Json {
    let mut record = record.clone();
    let summary = &mut record["screening"]["summary"];
    summary["verdicts"] = serde_json::json!({"allow": summary["rows"], "review": 0, "deny": 0});
    summary["rules"] = serde_json::json!([]);
    record
}

#[test]
fn an_export_is_judged_again_as_its_columns_were_read() {
    let desk = desk();
    let export = "Customer;Handy;Einwilligung\n1;0171 2345678;ja\n2;0171 2345679;nein\n3;;ja\n";
    std::fs::write(desk.path().join("export.csv"), export).unwrap();
    let screen = "screen examples/campaign-only.json export.csv --separator semicolon --keep Customer \
                  --map Handy=recipient.phone --map Einwilligung=recipient.opt_in \
                  --value recipient.opt_in:ja=given --value recipient.opt_in:nein=none \
                  --default-country DE --record log.ndjson";
    let screened = cts(&desk, screen);
    assert!(err(&screened).is_empty(), "{}", err(&screened));
    run(&desk, "replay log.ndjson --files .", 0, &["1 of screenings: same rows"]);
    let log = std::fs::read_to_string(desk.path().join("log.ndjson")).unwrap();
    let record: Json = serde_json::from_str(&log).unwrap();
    let declared = &record["screening"]["read"]["declared"];
    assert_eq!(declared["default_country"], "DE");
    // Read in another way, the same file comes to something else.
    let mut other = record.clone();
    other["screening"]["read"]["declared"]["columns"][1][1]["values"] =
        serde_json::json!([["ja", "none"], ["nein", "given"]]);
    let other = refitted(&desk, &other);
    run(&desk, &format!("replay {other} --files ."), 4, &["rows: whatsapp/consent.no-opt-in"]);
    let mut unknown = record;
    unknown["screening"]["read"]["separator"] = Json::from("pipe");
    let unknown = refitted(&desk, &unknown);
    run(&desk, &format!("replay {unknown} --files ."), 3, &["in a way that is not known"]);
    // What a book says of recipients is in no file that the record names.
    std::fs::write(desk.path().join("state.json"), "{}").unwrap();
    cts(&desk, &screen.replace("log.ndjson", "book.ndjson --account state.json"));
    run(&desk, "replay book.ndjson --files .", 3, &["does not say how its audience was read"]);
}

#[test]
fn a_sealed_log_names_the_first_bad_record() {
    let desk = desk();
    run(&desk, "key new officer", 0, &["officer.key: signs"]);
    run(&desk, "key new officer", 2, &["cannot write officer.key"]);
    run(&desk, "key new stranger", 0, &[]);
    for segment in 1..=2 {
        for _ in 0..2 {
            run(&desk, "check examples/spring-sale.json --record log.ndjson", 1, &[]);
        }
        let says = format!("log.ndjson: segment {segment} sealed, 2 records, key ");
        run(&desk, "records seal log.ndjson --key officer.key", 0, &[&says]);
    }
    run(&desk, "records seal log.ndjson --key officer.key", 2, &["no record after its last seal"]);
    run(&desk, "records seal log.ndjson --key stranger.key", 2, &["line 3: ", "not trusted"]);
    run(&desk, "records seal log.ndjson --key officer.pub", 2, &["is not a key"]);
    run(&desk, "verify log.ndjson", 0, &["4 verified", "the seals were not checked"]);
    run(
        &desk,
        "verify log.ndjson --trust officer.pub --segments 2",
        0,
        &["every record is sealed"],
    );
    run(&desk, "verify log.ndjson --trust officer.pub --segments 3", 4, &["ends with segment 2"]);
    run(
        &desk,
        "verify log.ndjson --trust stranger.pub",
        4,
        &["log.ndjson:3: broken: is a seal by"],
    );
    run(&desk, "replay log.ndjson", 0, &["4 records: 4 same bytes"]);

    let text = std::fs::read_to_string(desk.path().join("log.ndjson")).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.remove(1);
    std::fs::write(desk.path().join("cut.ndjson"), lines.join("\n") + "\n").unwrap();
    run(&desk, "verify cut.ndjson", 0, &["3 verified"]);
    run(
        &desk,
        "verify cut.ndjson --trust officer.pub",
        4,
        &["cut.ndjson:2: broken: ", "segment 1"],
    );

    run(&desk, "check examples/spring-sale.json --record log.ndjson", 1, &[]);
    run(
        &desk,
        "verify log.ndjson --trust officer.pub",
        4,
        &["log.ndjson:7: unsealed: is not sealed, and nothing after it: no seal follows segment 2"],
    );
    let counts = run(&desk, "verify log.ndjson --trust officer.pub --json", 4, &["\"unsealed\":1"]);
    assert!(counts.contains("\"broken\":0"), "nothing was changed: {counts}");
    // A record that contradicts itself is not sealed as if it had been so.
    let text = std::fs::read_to_string(desk.path().join("log.ndjson")).unwrap();
    let last = text.lines().last().unwrap();
    let before = text.trim_end().strip_suffix(last).unwrap();
    let changed = format!("{before}{}\n", last.replace("\"deny\"", "\"allow\""));
    std::fs::write(desk.path().join("changed.ndjson"), &changed).unwrap();
    for rotate in ["", "--rotate"] {
        let line = format!("records seal changed.ndjson --key officer.key {rotate}");
        run(&desk, &line, 2, &["line 7: `digest` is sha256:"]);
    }
    assert_eq!(std::fs::read_to_string(desk.path().join("changed.ndjson")).unwrap(), changed);
    let says = "log-000003.ndjson: put aside; a new log goes on";
    run(&desk, "records seal log.ndjson --key officer.key --rotate", 0, &[says]);
    run(&desk, "check examples/spring-sale.json --record log.ndjson", 1, &[]);
    run(&desk, "records seal log.ndjson --key officer.key", 0, &["segment 4 sealed"]);
    let both = "verify log-000003.ndjson log.ndjson --trust officer.pub --segments 4";
    run(&desk, both, 0, &["6 records: 6 verified", "every record is sealed"]);
    run(&desk, "verify log.ndjson --trust officer.pub", 4, &["segment 3, whose file was not read"]);
    run(&desk, "verify log.ndjson --trust officer.pub --continued", 0, &["every record is sealed"]);
    run(&desk, "check examples/spring-sale.json --record .", 1, &[]);
    run(&desk, "verify . --trust officer.pub", 4, &["is a file of its own, which has no seal"]);
}

#[test]
fn packs_and_directories_are_used_only_as_they_were_signed() {
    let desk = desk();
    run(&desk, "key new vendor", 0, &[]);
    run(&desk, "key new stranger", 0, &[]);
    let folder = desk.path().join("house");
    std::fs::create_dir_all(folder.join("rules")).unwrap();
    let manifest = |version: &str| {
        format!(
            "name = \"house\"\nversion = \"{version}\"\nrequires = \"*\"\ntitle = \"t\"\n\
             published = 2026-01-01\n[sources.s]\ntitle = \"t\"\nurl = \"https://acme.example\"\n\
             retrieved = 2026-01-01\nconfidence = \"official\"\n"
        )
    };
    let rule = "[[rule]]\nid = \"data.red\"\ntopic = \"data\"\ntitle = \"t\"\n\
                forbids = 'campaign.initiated_by == \"business\"'\nverdict = \"review\"\n\
                source = { id = \"s\" }\nmessage = \"m\"\nadvice = \"a\"\nexposure = []\n";
    std::fs::write(folder.join("pack.toml"), manifest("1.2.0")).unwrap();
    std::fs::write(folder.join("rules/data.toml"), rule).unwrap();
    let check =
        "check examples/clean-campaign.json --pack house --trust vendor.pub --as-of 2026-06-01";
    // A name alone is a built-in pack's; a folder is named by its path.
    let check = check.replace("--pack house", "--pack ./house");
    run(&desk, &check, 2, &["./house: is not signed", "[trust/unsigned]"]);
    let sign = "pack sign house --key vendor.key --expires 2027-01-01";
    run(&desk, sign, 0, &["house/.pack.minisig: signs pack house 1.2.0"]);
    run(&desk, &check, 3, &["data.red"]);
    run(&desk, "pack lint house", 0, &["in order"]);
    run(&desk, &format!("{check} --at-least house=1.2.0"), 3, &[]);
    run(
        &desk,
        &format!("{check} --at-least house=1.10.0"),
        2,
        &["older than 1.10.0", "[trust/older]"],
    );
    run(&desk, &format!("{check} --at-least house=new"), 2, &["[trust/bad-version]"]);
    run(&desk, &format!("{check} --at-least house"), 2, &["such as `house=1.2.0`"]);
    let verify = "pack verify house --as-of 2026-06-01 --trust";
    run(&desk, &format!("{verify} vendor.pub"), 0, &["is signed by a key that you trust"]);
    run(&desk, &format!("{verify} stranger.pub"), 4, &["which is not trusted"]);
    run(&desk, "pack verify house --trust vendor.pub --as-of 2027-01-01", 4, &["[trust/expired]"]);
    run(&desk, "pack verify house", 2, &["nobody is trusted"]);

    std::fs::write(folder.join("rules/data.toml"), rule.replace("review", "note")).unwrap();
    run(&desk, &check, 2, &["is not what the key", "[trust/changed]"]);
    std::fs::write(folder.join("rules/data.toml"), rule).unwrap();
    run(&desk, &check, 3, &[]);
    let signature = folder.join(".pack.minisig");
    let text = std::fs::read_to_string(&signature).unwrap();
    std::fs::write(&signature, text.replace("2027-01-01", "2037-01-01")).unwrap();
    run(&desk, &check, 2, &["[trust/changed]"]);
    std::fs::write(&signature, "signed, honestly").unwrap();
    run(&desk, &check, 2, &["[trust/bad-signature]"]);

    let list = "examples/directories/complete.json";
    std::fs::copy(root().join(list), desk.path().join("list.json")).unwrap();
    let check = "check examples/spring-sale.json --directory list.json --trust vendor.pub";
    run(&desk, check, 2, &["list.json: is not signed"]);
    run(
        &desk,
        "directory sign list.json --key vendor.key",
        0,
        &["list.json.minisig: signs directory"],
    );
    run(&desk, check, 1, &[]);
    run(&desk, "directory verify list.json --trust vendor.pub", 0, &["expires never"]);
    run(&desk, &format!("{check} --at-least providers=2099-01-01"), 2, &["[trust/older]"]);
    let text = std::fs::read_to_string(desk.path().join("list.json")).unwrap();
    std::fs::write(desk.path().join("list.json"), text + " ").unwrap();
    run(&desk, check, 2, &["[trust/changed]"]);
    run(&desk, "check examples/spring-sale.json --trust vendor.pub", 1, &[]);
}

#[test]
fn a_report_is_one_page_of_whatever_was_kept_or_printed() {
    let desk = desk();
    run(&desk, "explain examples/turkey-2024.json --record log.ndjson", 1, &[]);
    run(&desk, "check examples/spring-sale.json --record log.ndjson", 1, &[]);
    let printed = run(&desk, "explain examples/over-the-limit.json --json", 1, &[]);
    std::fs::write(desk.path().join("printed.json"), printed).unwrap();
    let says = "report.html: a report of 3 documents";
    run(&desk, "report log.ndjson printed.json -o report.html", 0, &[says]);
    let page = std::fs::read_to_string(desk.path().join("report.html")).unwrap();
    for part in
        ["<!DOCTYPE html>", "territory.turkey-barred", "log.ndjson:2", "printed.json", "<svg"]
    {
        assert!(page.contains(part), "{part}");
    }
    // Most of what is none was given by nobody, and a record does not tell which.
    let none = "Judged as none, since that was given or nothing was: <code>";
    assert!(page.contains(none) && !page.contains("Given as none"), "{page}");
    let markdown = run(&desk, "report log.ndjson --format md --lang pt", 0, &["# Relatório"]);
    std::fs::write(desk.path().join("log.txt"), "").unwrap();
    assert!(markdown.contains("negado"));
    let mixed = run(
        &desk,
        "report log.ndjson log.txt examples/spring-sale.json",
        2,
        &[
            "log.txt: unreadable: is not JSON",
            "spring-sale.json: unreadable: is not a record: expected a record, a decision",
        ],
    );
    assert!(mixed.ends_with("</html>\n"), "the rest is shown");
    // Whoever is handed the page sees neither the terminal nor the exit code.
    assert!(mixed.contains("Could not be read, and are not in this report: 2"), "{mixed}");
    assert!(mixed.contains("<code class=\"value\">log.txt</code>: <span lang=\"en\">is not"));
    let line = "report log.ndjson nowhere.json --format md --lang es";
    let says = ["No se pudieron leer y no están en este informe: 1**", "- nowhere.json: cannot"];
    run(&desk, line, 2, &says);
    run(&desk, "report log.txt", 2, &["nothing to report"]);
    run(&desk, "report printed.json -o printed.json", 2, &["is read and would be replaced"]);
}

#[test]
fn a_number_is_sought_as_documents_write_it() {
    let desk = desk();
    run(&desk, "check examples/spring-sale.json --record log.ndjson", 1, &[]);
    let find = |number: &str| {
        Command::new(env!("CARGO_BIN_EXE_cts"))
            .current_dir(desk.path())
            .args(["records", "find", "log.ndjson", "--number", number])
            .output()
            .unwrap()
    };
    for number in ["+34 600 000 000", "+34-600-000-000", "+34x600000000", "+", "+0", "34600000000"]
    {
        let output = find(number);
        assert_eq!(output.status.code(), Some(2), "{number}: {}", out(&output));
        assert!(err(&output).contains(&format!("`{number}`")), "{}", err(&output));
    }
    assert!(err(&find("+34 600 000 000")).contains("`+34600000000`"), "it says what was meant");
    let nobody = find("+34600000009");
    assert_eq!(nobody.status.code(), Some(0));
    assert!(out(&nobody).contains("0 records found"));
    run(&desk, "records find --decision sha256:12 log.ndjson", 2, &["is not the digest"]);

    // As a country writes a number otherwise, it is the same person's, hidden or not.
    run(&desk, "key mask names.mask", 0, &[]);
    let text = std::fs::read_to_string(desk.path().join("examples/spring-sale.json")).unwrap();
    let document: Json = serde_json::from_str(&text).unwrap();
    for (number, other) in [
        ("+5215512345678", "+525512345678"),
        ("+5511987654321", "+551187654321"),
        ("+5491112345678", "+541112345678"),
    ] {
        let mut document = document.clone();
        document["recipient"]["phone"] = Json::from(number);
        std::fs::write(desk.path().join("person.json"), document.to_string()).unwrap();
        for (record, key) in [("plain", ""), ("hidden", "--mask-key names.mask")] {
            let log = format!("{record}-{}.ndjson", &number[1..]);
            let output = cts(&desk, &format!("check person.json --record {log} {key}"));
            assert!(matches!(output.status.code(), Some(0 | 1 | 3)), "{}", err(&output));
            for sought in [number, other] {
                let line = format!("records find --number {sought} {log} {key}");
                run(&desk, &line, 0, &["1 record found"]);
            }
        }
    }
    run(&desk, "records find log.ndjson", 2, &["`--number`, `--user-id` or `--decision`"]);
}

#[test]
fn a_least_version_is_held_by_whatever_is_in_use() {
    let desk = desk();
    run(&desk, "key new vendor", 0, &[]);
    let check =
        "check examples/clean-campaign.json --trust vendor.pub --as-of 2026-06-01 --at-least";
    run(&desk, &format!("{check} whatsapp=1.0.0"), 0, &["ALLOW"]);
    run(&desk, &format!("{check} whatsapp=99.0.0"), 2, &["older than 99.0.0", "[trust/older]"]);
    run(
        &desk,
        &format!("{check} whatsap=1.0.0"),
        2,
        &["did you mean `whatsapp`?", "[trust/unknown-name]"],
    );
    run(&desk, &format!("{check} messaging-law=1.0.0"), 2, &["[trust/unknown-name]"]);
    run(&desk, &format!("{check} providers=2099-01-01"), 2, &["[trust/older]"]);
    run(&desk, &format!("{check} providers=2020-01-01"), 0, &[]);
    let law = "--pack messaging-law";
    run(&desk, &format!("{check} messaging-law=99.0.0 {law}"), 2, &["[trust/older]"]);
}

#[test]
fn another_key_takes_a_log_over() {
    let desk = desk();
    for key in ["old", "new", "stranger"] {
        run(&desk, &format!("key new {key}"), 0, &[]);
    }
    let record = "check examples/spring-sale.json --record log.ndjson";
    run(&desk, record, 1, &[]);
    run(&desk, "records seal log.ndjson --key old.key", 0, &[]);
    run(&desk, record, 1, &[]);
    run(&desk, "records seal log.ndjson --key new.key", 2, &["which is not trusted"]);
    let other = "records seal log.ndjson --key new.key --also-trust stranger.pub";
    run(&desk, other, 2, &["which is not trusted"]);
    let says = "segment 2 sealed";
    run(&desk, "records seal log.ndjson --key new.key --also-trust old.pub", 0, &[says]);
    run(&desk, "verify log.ndjson --trust new.pub", 4, &["which is not trusted"]);
    let both = "verify log.ndjson --trust new.pub --trust old.pub";
    run(&desk, both, 0, &["every record is sealed"]);

    // All is sealed: the log is put aside as it is, and an empty month is no error.
    let rotate = "records seal log.ndjson --key new.key --also-trust old.pub --rotate";
    run(&desk, rotate, 0, &["log-000002.ndjson: put aside"]);
    run(&desk, rotate, 0, &["nothing was recorded since"]);
    run(&desk, record, 1, &[]);
    run(&desk, rotate, 0, &["segment 3 sealed", "log-000003.ndjson: put aside"]);
    let all =
        "verify log-000002.ndjson log-000003.ndjson log.ndjson --trust new.pub --trust old.pub";
    run(&desk, all, 0, &["3 records: 3 verified", "every record is sealed"]);
    let gap = "verify log-000002.ndjson log.ndjson --trust new.pub --trust old.pub";
    run(&desk, gap, 4, &["follows segment 3"]);

    // Two logs side by side, and one that nobody sealed.
    run(&desk, "check examples/spring-sale.json --record other.ndjson", 1, &[]);
    run(&desk, "records seal other.ndjson --key new.key", 0, &[]);
    let two = "verify log-000002.ndjson other.ndjson --trust new.pub --trust old.pub";
    run(&desk, two, 0, &["every record is sealed"]);
    std::fs::write(desk.path().join("empty.ndjson"), "").unwrap();
    run(&desk, "verify empty.ndjson --trust new.pub", 4, &["has no seal"]);
}

#[test]
fn every_answer_has_a_page() {
    let desk = desk();
    let page = |line: &str, code: i32, says: &[&str]| {
        let page = run(&desk, line, code, &[]);
        assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"), "{line}");
        for part in says {
            assert!(page.contains(part), "{line}: no `{part}`");
        }
        page
    };
    page("check examples/spring-sale.json --format html", 1, &["consent.opted-out"]);
    page(
        "check examples/spring-sale.json examples/turkey-2024.json --format html",
        1,
        &["turkey-2024.json"],
    );
    page(
        "explain examples/turkey-2024.json --format html --lang es",
        1,
        &[
            "Informe de decisiones",
            "<svg",
            "no se puede enviar",
            "La Cloud API no prestó servicio a números turcos",
            "deje fuera a este destinatario",
        ],
    );
    let screen = "screen examples/campaign-only.json examples/audience.csv --keep id,name";
    let screened = page(
        &format!("{screen} --what-helps --format html"),
        1,
        &[
            "the worst verdict of any row",
            "viewBox=\"0 0 1000 40\"",
            "What would help",
            "Every request to stop is obeyed<br><code>whatsapp/consent.opted-out</code>",
        ],
    );
    assert!(screened.contains("<p class=\"headline\"><strong class=\"deny\">"));

    run(&desk, &format!("{screen} --record log.ndjson -o result.csv"), 1, &[]);
    let of_log = run(&desk, "report log.ndjson --format md", 0, &["deny 1, review 0, allow 0"]);
    assert!(of_log.contains("result.csv `sha256:") && of_log.contains("The campaign by itself"));
    run(&desk, "check examples/spring-sale.json --record plain.ndjson", 1, &[]);
    let log = desk.path().join("plain.ndjson");
    let text = std::fs::read_to_string(&log).unwrap();
    std::fs::write(&log, text.replace("\"deny\"", "\"allow\"")).unwrap();
    page("replay plain.ndjson --format html", 4, &["plain.ndjson:1", "consent.opted-out"]);
    page(
        "verify plain.ndjson --format html",
        4,
        &["<h2>plain.ndjson:1</h2>", "<strong>differs</strong>", "every record is sealed"],
    );
    run(&desk, "verify plain.ndjson --format md --lang es", 4, &["# Informe", "difiere"]);

    // What nobody confirmed says so, wherever it is read.
    let text = std::fs::read_to_string(desk.path().join("examples/spring-sale.json")).unwrap();
    let mut document: Json = serde_json::from_str(&text).unwrap();
    document["account"]["feedback"] = serde_json::json!({"delivered_7d": 1000, "blocks_7d": 50});
    std::fs::write(desk.path().join("blocked.json"), document.to_string()).unwrap();
    run(&desk, "check blocked.json --full --record blocked.ndjson", 1, &["unconfirmed"]);
    page("report blocked.ndjson", 0, &["feedback.block-rate", "), unconfirmed"]);
    page("check blocked.json --format html --lang es", 1, &["), sin confirmar"]);
    run(&desk, "report blocked.ndjson --format md", 0, &[" (unconfirmed) |"]);

    run(&desk, "replay plain.ndjson --format md", 4, &["# Report of decisions", "changed"]);
    let lines = run(&desk, "replay plain.ndjson --json", 4, &[]);
    std::fs::write(desk.path().join("replay.json"), lines).unwrap();
    page("report replay.json", 0, &["consent.opted-out"]);
    page("report plain.ndjson", 4, &["changed after they were made: 1", "role=\"alert\""]);

    run(&desk, "key mask names.mask", 0, &[]);
    run(&desk, "check examples/spring-sale.json --record person.ndjson", 1, &[]);
    let person = page("report person.ndjson --mask-key names.mask", 0, &["hmac-sha256:"]);
    let text = std::fs::read_to_string(desk.path().join("person.ndjson")).unwrap();
    let record: Json = serde_json::from_str(&text).unwrap();
    let number = record["facts"]["recipient.phone"].as_str().unwrap();
    for part in [number, &number[3..], record["decision"]["digest"].as_str().unwrap()] {
        assert!(!person.contains(part), "{part} is left in the page");
    }
    // Nor of the document that was printed, whose digest covers the number, nor in its name.
    let digest = record["decision"]["digest"].as_str().unwrap();
    for command in ["check", "explain"] {
        let printed = out(&cts(&desk, &format!("{command} examples/spring-sale.json --json")));
        assert!(printed.contains(digest));
        let name = format!("{}.json", &number[1..]);
        std::fs::write(desk.path().join(&name), printed).unwrap();
        for form in ["html", "md"] {
            let line = format!("report {name} --mask-key names.mask --format {form}");
            let printed = run(&desk, &line, 0, &["consent", "hmac"]);
            for part in [digest, digest.strip_prefix("sha256:").unwrap(), &number[3..]] {
                assert!(!printed.contains(part), "{line}: {part} is left in the page");
            }
        }
    }
    // One that was changed says what it contradicts itself in, by digests that are hidden too.
    let mut changed = record.clone();
    changed["decision"]["digest"] = Json::from(format!("sha256:{}", "0".repeat(64)));
    let changed = refitted(&desk, &changed);
    let line = format!("report {changed} --mask-key names.mask");
    let printed = run(&desk, &line, 4, &["decision.digest` is hmac-sha256:"]);
    assert!(!printed.contains(digest), "{printed}");
    let lines = run(&desk, &format!("verify {changed} --json"), 4, &[digest]);
    std::fs::write(desk.path().join("verify.json"), lines).unwrap();
    let printed = run(&desk, "report verify.json --mask-key names.mask", 0, &["hmac-sha256:"]);
    assert!(!printed.contains(digest), "{printed}");
    run(&desk, "report person.ndjson -o page.pdf", 2, &["not written as `.pdf`"]);

    // A file of one person's number, of a screening that is to say nothing of persons.
    for (name, code) in [("600112233.csv", 2), ("2026-03-02.csv", 1)] {
        std::fs::copy(desk.path().join("examples/audience.csv"), desk.path().join(name)).unwrap();
        let screen = format!(
            "screen examples/campaign-only.json {name} --keep id,name --record masked.ndjson \
             --mask-key names.mask"
        );
        let found = cts(&desk, &screen);
        assert_eq!(found.status.code(), Some(code), "{name}");
        let says = String::from_utf8_lossy(&found.stderr).into_owned();
        let is_refused = says.contains("`screening.audience.name`")
            && says.contains("[record/name-elsewhere]")
            && says.contains("call the file or the column otherwise");
        assert_eq!(is_refused, code == 2, "{says}");
    }

    // Nor does it say one of the columns that it did not read, or of their values.
    std::fs::write(desk.path().join("export.csv"), "phone,id,+34612345678\n+34600000001,7,yes\n")
        .unwrap();
    for of in [
        "export.csv --map phone=recipient.phone --ignore id,+34612345678",
        "export.csv --map phone=recipient.phone --map +34612345678=recipient.opt_in --ignore id",
        "examples/audience.csv --keep id,name --null +34612345678",
        "examples/audience.csv --keep id,name --value recipient.opt_in:+34612345678=given",
    ] {
        let screen = format!(
            "screen examples/campaign-only.json {of} --record declared.ndjson --mask-key names.mask"
        );
        let says = run(&desk, &screen, 2, &["[record/name-elsewhere]", "`screening.read."]);
        assert!(!says.contains("34612345678"), "{says}");
        assert!(!desk.path().join("declared.ndjson").exists());
    }
}

const WAIVER: &str = "[[waiver]]\nrule = \"whatsapp/template.not-approved\"\nlower_to = \
                      \"note\"\nreason = \"seen by *phone*\"\nby = \"Ana\"\nfrom = \
                      2026-01-01\nuntil = 2026-07-01\n";

/// A campaign that a waiver lets pass, its waivers, and others by somebody else.
fn waived_desk() -> TempDir {
    let desk = desk();
    let text = std::fs::read_to_string(desk.path().join("examples/campaign-only.json")).unwrap();
    let mut campaign: Json = serde_json::from_str(&text).unwrap();
    campaign["campaign"]["template"]["status"] = Json::from("rejected");
    std::fs::write(desk.path().join("campaign.json"), campaign.to_string()).unwrap();
    std::fs::write(desk.path().join("ana.toml"), WAIVER).unwrap();
    std::fs::write(desk.path().join("bob.toml"), WAIVER.replace("Ana", "Bob")).unwrap();
    std::fs::copy(desk.path().join("examples/audience.csv"), desk.path().join("audience.csv"))
        .unwrap();
    desk
}

#[test]
fn whoever_reads_a_record_sees_what_was_waived_and_by_whom() {
    let desk = waived_desk();
    let with = "--waivers ana.toml";
    let code = |line: &str| cts(&desk, line).status.code().unwrap();
    let check = format!("check campaign.json {with}");
    let screen = format!("screen campaign.json audience.csv --keep id,name {with}");
    let kept = code(&format!("{check} --record one.ndjson"));
    let screened = code(&format!("{screen} --record rows.ndjson"));
    let html = "Waived: <span lang=\"und\">seen by *phone*</span> (by <span lang=\"und\">Ana\
                </span>, until <span class=\"at\">2026-07-01</span>)";
    let md = "Waived: seen by \\*phone\\*";
    for log in ["one.ndjson", "rows.ndjson"] {
        run(&desk, &format!("report {log}"), 0, &["whatsapp/template.not-approved", html]);
        let page = run(&desk, &format!("report {log} --format md"), 0, &[md]);
        assert!(page.contains("by Ana") && page.contains("until 2026-07-01"), "{page}");
        run(&desk, &format!("report {log} --lang es"), 0, &["Con dispensa", "por <span", "hasta"]);
    }
    for (line, code) in [(&check, kept), (&screen, screened)] {
        run(&desk, &format!("{line} --format html"), code, &[html]);
        let output_text =
            run(&desk, &format!("{line} --format md"), code, &["seen by \\*phone\\*"]);
        assert!(
            output_text.contains("Ana, until 2026\\-07\\-01")
                || output_text.contains("Ana, until 2026-07-01")
        );
        run(&desk, line, code, &["template.not-approved: seen by *phone* (Ana, until 2026-07-01)"]);
    }
    let explain = format!("explain campaign.json {with} --format html");
    let page = out(&cts(&desk, &explain));
    assert!(page.contains(html), "{page}");

    // Without them, or with others, replay says what differs and where to name them.
    let names_file = "1 record rests on other waivers: `--waivers` names the file";
    let then = "input: waiver of whatsapp/template.not-approved: to note, seen by *phone* (Ana, \
                until 2026-07-01) then, ";
    run(&desk, "replay one.ndjson", 4, &[&format!("{then}none now"), names_file]);
    let bob = format!("{then}to note, seen by *phone* (Bob, until 2026-07-01) now");
    run(&desk, "replay one.ndjson --waivers bob.toml", 4, &["same verdict", &bob, names_file]);
    let output_text = run(&desk, &format!("replay one.ndjson {with}"), 0, &["1 same bytes"]);
    assert!(!output_text.contains("--waivers"), "{output_text}");
    let output_text =
        run(&desk, "replay rows.ndjson --files .", 4, &["input: waivers: sha256:", names_file]);
    assert!(output_text.contains("rows: deny"), "{output_text}");
    run(&desk, &format!("replay rows.ndjson --files . {with}"), 0, &["1 of screenings: same rows"]);

    // Other waivers that lower nothing here are told too, as those of a decision are.
    let unused = WAIVER.replace("template.not-approved", "territory.us-marketing-paused");
    std::fs::write(desk.path().join("more.toml"), format!("{WAIVER}{unused}")).unwrap();
    let more = "replay rows.ndjson --files . --waivers more.toml";
    run(&desk, more, 4, &["same verdict", "input: waivers: sha256:", names_file]);
}

#[test]
fn a_result_is_counted_again_as_it_was_written() {
    let desk = desk();
    let audience = std::fs::read_to_string(desk.path().join("examples/audience.csv")).unwrap();
    let files = desk.path();
    std::fs::write(files.join("semi.csv"), audience.replace(',', ";")).unwrap();
    std::fs::write(files.join("tab.csv"), audience.replace(',', "\t")).unwrap();
    std::fs::copy(files.join("examples/audience.csv"), files.join("audience.csv")).unwrap();
    for (number, (audience, how, result)) in [
        ("semi.csv", "--separator semicolon", "semi.out.csv"),
        ("tab.csv", "--separator tab", "tab.out.csv"),
        ("audience.csv", "--output-format ndjson", "rows.txt"),
        ("audience.csv", "--output-format parquet", "rows"),
        ("audience.csv", "--output-format ndjson", "lines.csv"),
    ]
    .into_iter()
    .enumerate()
    {
        let log = format!("log{number}.ndjson");
        let screen = format!(
            "screen examples/campaign-only.json {audience} --keep id,name {how} -o {result} \
             --record {log}"
        );
        let code = cts(&desk, &screen).status.code();
        assert_eq!(code, Some(1), "{screen}");
        run(&desk, &format!("verify {log} --files ."), 0, &["1 verified"]);
        run(&desk, &format!("replay {log} --files ."), 0, &["1 of screenings: same rows"]);
    }
    // A record of before does not say it, and its result is counted as its name says.
    let screen = "screen examples/campaign-only.json audience.csv --keep id,name -o r.csv";
    run(&desk, &format!("{screen} --record log.ndjson"), 1, &[]);
    let log = std::fs::read_to_string(files.join("log.ndjson")).unwrap();
    let mut record: Json = serde_json::from_str(&log).unwrap();
    record["screening"].as_object_mut().unwrap().remove("written");
    run(&desk, &format!("verify {} --files .", refitted(&desk, &record)), 0, &["1 verified"]);

    // A folder holds one of two files of one name.
    std::fs::create_dir(files.join("results")).unwrap();
    let screen = "screen examples/campaign-only.json audience.csv --keep id,name";
    run(&desk, &format!("{screen} -o results/audience.csv --record twice.ndjson"), 1, &[]);
    let says = "its audience and its result are both called `audience.csv`";
    run(&desk, "verify twice.ndjson --files .", 2, &[says]);
    run(&desk, "verify twice.ndjson --files results", 2, &[says]);

    // Rules cannot deny more rows than were denied.
    let mut record: Json = serde_json::from_str(&log).unwrap();
    let rows = record["screening"]["summary"]["rows"].clone();
    record["screening"]["summary"]["verdicts"] =
        serde_json::json!({"allow": rows, "deny": 0, "review": 0});
    let name = refitted(&desk, &record);
    let says = "rows` is 1, expected at most the 0 rows that are denied";
    run(&desk, &format!("verify {name}"), 4, &["differs: `screening.summary.rules.", says]);
    run(&desk, &format!("report {name}"), 4, &["1 record contradicts itself"]);
}

#[test]
fn nothing_is_left_of_a_screening_whose_record_cannot_be_stored() {
    let desk = desk();
    let log = desk.path().join("log.ndjson");
    std::fs::write(&log, "no line of a log").unwrap();
    std::fs::write(desk.path().join("before.csv"), "kept").unwrap();
    let screen = "screen examples/campaign-only.json examples/audience.csv --keep id,name \
                  --summary sums.json --record log.ndjson -o";
    run(&desk, &format!("{screen} rows.csv"), 2, &["its last line is not of a log"]);
    run(&desk, &format!("{screen} before.csv"), 2, &[]);
    assert!(!desk.path().join("rows.csv").exists() && !desk.path().join("sums.json").exists());
    assert_eq!(std::fs::read_to_string(desk.path().join("before.csv")).unwrap(), "kept");
    assert_eq!(std::fs::read_to_string(&log).unwrap(), "no line of a log");
    let names: Vec<_> = std::fs::read_dir(desk.path()).unwrap().collect();
    assert_eq!(names.len(), 3, "nothing half written is left: {names:?}");
}

#[test]
fn a_segment_stands_once_and_each_log_names_its_first_bad_record() {
    let desk = desk();
    run(&desk, "key new officer", 0, &[]);
    for _ in 0..3 {
        run(&desk, "check examples/spring-sale.json --record log.ndjson", 1, &[]);
        run(&desk, "records seal log.ndjson --key officer.key --rotate", 0, &["put aside"]);
    }
    let files = desk.path();
    let verify = |logs: &str| format!("verify {logs} --trust officer.pub");
    let all = "log-000001.ndjson log-000002.ndjson log-000003.ndjson";
    run(&desk, &verify(all), 0, &["every record is sealed"]);
    let twice = "log-000001.ndjson:2 already";
    let output_text = run(
        &desk,
        &verify("log-000001.ndjson log-000002.ndjson log-000001.ndjson"),
        4,
        &["log-000001.ndjson:2: broken: seals segment 1 a second time: it stands at", twice],
    );
    assert!(!output_text.contains("every record is sealed"), "{output_text}");
    // In place of one that is gone.
    std::fs::copy(files.join("log-000001.ndjson"), files.join("log-000003.ndjson")).unwrap();
    run(&desk, &verify(all), 4, &["log-000003.ndjson:2: broken: seals segment 1", twice]);

    // Logs of their own: of each the first line that is bad.
    std::fs::create_dir(files.join("logs")).unwrap();
    for name in ["a", "b", "c"] {
        let log = format!("logs/{name}.ndjson");
        for _ in 0..2 {
            run(&desk, &format!("check examples/spring-sale.json --record {log}"), 1, &[]);
        }
        run(&desk, &format!("records seal {log} --key officer.key"), 0, &[]);
        run(&desk, &format!("check examples/clean-campaign.json --record {log}"), 0, &[]);
        run(&desk, &format!("records seal {log} --key officer.key"), 0, &[]);
    }
    for (name, line) in [("a", 1), ("c", 3)] {
        let file = files.join(format!("logs/{name}.ndjson"));
        let text = std::fs::read_to_string(&file).unwrap();
        let kept = text.lines().zip(0..).filter(|(_, number)| *number != line);
        let kept: String = kept.map(|(line, _)| format!("{line}\n")).collect();
        std::fs::write(file, kept).unwrap();
    }
    let output_text =
        run(&desk, &verify("logs"), 4, &["a.ndjson:2: broken: ", "c.ndjson:4: broken: "]);
    assert_eq!(output_text.matches("broken: ").count(), 2, "{output_text}");
}

#[test]
fn a_file_of_one_record_is_not_sealed() {
    let desk = desk();
    run(&desk, "key new officer", 0, &[]);
    std::fs::create_dir(desk.path().join("records")).unwrap();
    run(&desk, "check examples/spring-sale.json --record records", 1, &[]);
    let mut files = std::fs::read_dir(desk.path().join("records")).unwrap();
    let file = files.next().unwrap().unwrap().path();
    let before = std::fs::read_to_string(&file).unwrap();
    for rotate in ["", "--rotate"] {
        let seal = format!("records seal {} --key officer.key {rotate}", file.display());
        run(&desk, &seal, 2, &["is not a log: a seal is a line of a log"]);
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
    run(&desk, "verify records", 0, &["1 verified"]);
    let says = "no.ndjson: there is no such file or folder";
    run(&desk, "records seal no.ndjson --key officer.key", 2, &[says]);
    let day = "replay records --trust officer.pub --as-of March";
    run(&desk, day, 2, &["expected a day such as `2026-03-02`, or a timestamp"]);
}

#[test]
fn what_was_not_read_is_reported_and_is_no_error_where_nothing_needs_it() {
    let desk = desk();
    run(&desk, "check examples/spring-sale.json --record log.ndjson", 1, &[]);
    let packs = desk.path().join("packs/broken");
    std::fs::create_dir_all(&packs).unwrap();
    std::fs::write(packs.join("pack.toml"), "[pack]\nname = no text\n").unwrap();
    let output = cts(&desk, "replay log.ndjson --packs packs");
    assert_eq!(output.status.code(), Some(0));
    let output_text = err(&output);
    assert!(
        output_text.contains("not used[pack/syntax]: not TOML")
            && output_text.contains("pack.toml:2:")
            && !output_text.contains("error"),
        "{output_text}"
    );

    std::fs::create_dir_all(desk.path().join("kept/older")).unwrap();
    for folder in ["kept", "kept/older"] {
        run(&desk, &format!("check examples/spring-sale.json --record {folder}/a.ndjson"), 1, &[]);
    }
    let output_text = "kept/older: not read; name it too";
    for command in ["verify kept", "replay kept", "records find --number +34600000000 kept"] {
        run(&desk, command, 3, &[output_text, "1 in a folder was not read"]);
        run(&desk, &format!("{command} --json"), 3, &["passed_over\":", "kept/older"]);
        run(&desk, &format!("{command} kept/older"), 0, &[]);
        assert!(!err(&cts(&desk, &format!("{command} kept/older"))).contains("not read"));
    }
    let page = run(&desk, "report kept", 3, &[output_text]);
    assert!(page.contains("Could not be read, and are not in this report: 1"), "{page}");
    assert!(page.contains("older</code>: <span lang=\"en\">not read"), "{page}");
    run(&desk, "verify kept --format html", 3, &["older</h2>", "<strong>not read</strong>"]);

    // Nor is what is compressed, or a record of another name; what lies there else is no record.
    std::fs::create_dir(desk.path().join("month")).unwrap();
    let file = |name: &str| desk.path().join("month").join(name);
    std::fs::copy(desk.path().join("kept/a.ndjson"), file("a.ndjson")).unwrap();
    std::fs::write(file("result.csv"), "verdict\nallow\n").unwrap();
    std::fs::write(file("officer.pub"), "a key").unwrap();
    run(&desk, "verify month", 0, &["1 verified"]);
    std::fs::write(file("a-000001.ndjson.gz"), [0x1f, 0x8b, 8, 0]).unwrap();
    std::fs::copy(file("a.ndjson"), file("b.log")).unwrap();
    let says = [
        "month/a-000001.ndjson.gz: not read, since it is compressed",
        "month/b.log: not read, though it begins as a record does",
        "2 in folders were not read",
    ];
    for command in ["verify month", "replay month", "records find --number +34600000009 month"] {
        run(&desk, command, 3, &says);
    }
    let text = std::fs::read_to_string(file("a.ndjson")).unwrap();
    std::fs::write(file("a.ndjson"), text.replace("\"deny\"", "\"allow\"")).unwrap();
    run(&desk, "verify month", 4, &says);
}

#[test]
fn a_log_of_another_form_says_what_to_do() {
    let desk = desk();
    run(&desk, "check examples/spring-sale.json --record log.ndjson", 1, &[]);
    let log = std::fs::read(desk.path().join("log.ndjson")).unwrap();
    let write = |name: &str, first: &[u8]| {
        std::fs::write(desk.path().join(name), [first, &log].concat()).unwrap();
    };
    write("log.ndjson.gz", &[0x1f, 0x8b, 8, 0]);
    write("packed.ndjson", &[0x28, 0xb5, 0x2f, 0xfd, 10, 10, 10]);
    write("marked.ndjson", "\u{feff}".as_bytes());
    for command in ["verify", "replay", "records find --number +34600000000"] {
        let gzip = "log.ndjson.gz: unreadable: is compressed by gzip: unpack it first";
        let found = cts(&desk, &format!("{command} log.ndjson.gz"));
        assert_eq!(found.status.code(), Some(2), "{command}");
        assert!((out(&found) + &err(&found)).contains(gzip), "{command}");
        let found = cts(&desk, &format!("{command} packed.ndjson"));
        let says = out(&found) + &err(&found);
        assert_eq!(says.matches("unreadable: is compressed by zstd").count(), 1, "{says}");
        let found = cts(&desk, &format!("{command} marked.ndjson"));
        assert!((out(&found) + &err(&found)).contains("byte order mark"), "{command}");
    }
}

#[test]
fn a_record_that_contradicts_itself_stands_first_in_a_report() {
    let desk = desk();
    run(&desk, "check examples/spring-sale.json --record log.ndjson", 1, &[]);
    let log = std::fs::read_to_string(desk.path().join("log.ndjson")).unwrap();
    let mut record: Json = serde_json::from_str(&log).unwrap();
    record["facts"]["account.name"] = Json::from("Somebody else");
    std::fs::write(desk.path().join("changed.json"), record.to_string()).unwrap();
    let report = "report log.ndjson changed.json --format md";
    let page = run(&desk, report, 4, &["1 record contradicts itself"]);
    let at = |name: &str| page.find(&format!("## {name}")).unwrap();
    assert!(at("changed.json") < at("log.ndjson"), "{page}");
}
