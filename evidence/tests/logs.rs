//! A log survives a crash at any byte, and a sealed one shows whatever was done to it.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that cannot write its logs has failed"
)]

use std::io::{BufReader, Cursor};
use std::path::{Path, PathBuf};

use cleartosend::Engine;
use cleartosend_evidence::{
    Broken, Chain, Line, Lines, Record, RecordOptions, Recording as _, Rotated, Seal, SecretKey,
    append, verify,
};

fn record(engine: &Engine, hour: usize) -> Record {
    let document = format!(
        r#"{{"send_at": "2026-03-{:02}T{:02}:00:00Z", "account": {{"quality": "red"}}}}"#,
        1 + hour / 24,
        hour % 24
    );
    let facts = cleartosend::Facts::from_json(engine.schema(), document.as_bytes()).unwrap();
    engine.record(&facts, &RecordOptions::new()).unwrap()
}

fn lines(bytes: &[u8]) -> Vec<Line> {
    Lines::new(Cursor::new(bytes)).map(Result::unwrap).collect()
}

#[test]
fn a_log_cut_at_any_byte_holds_what_was_stored_before() {
    let engine = Engine::built_in().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log.ndjson");
    let records = [record(&engine, 0), record(&engine, 1), record(&engine, 2)];
    for record in &records {
        assert_eq!(append(&log, record.to_json()).unwrap().cut, 0);
    }
    let whole = std::fs::read(&log).unwrap();
    let mut ends: Vec<usize> = Vec::new();
    for record in &records {
        ends.push(ends.last().unwrap_or(&0) + record.to_json().len() + 1);
    }
    assert_eq!(ends.last(), Some(&whole.len()));
    for cut in 0..whole.len() {
        let complete = ends.iter().filter(|end| **end <= cut).count();
        let read = lines(&whole[..cut]);
        for (line, record) in read.iter().zip(&records).take(complete) {
            assert_eq!(line.bytes.as_deref(), Ok(record.to_json().as_bytes()), "cut at {cut}");
        }
        let begun = cut > if complete == 0 { 0 } else { ends[complete - 1] };
        assert_eq!(read.len(), complete + usize::from(begun), "cut at {cut}");
        if begun {
            let problem = read.last().unwrap().bytes.as_ref().unwrap_err();
            assert_eq!(problem.code(), "record/cut", "cut at {cut}");
        }
    }
    // What is appended after a crash stands on a line of its own. Of each kind of cut one is
    // appended to: each waits for the disk.
    for (cut, whole_before) in [
        (0, 0),
        (1, 0),
        (ends[0] - 1, 1),
        (ends[0], 1),
        (ends[0] + 1, 1),
        (ends[1] + 700, 2),
        (whole.len() - 2, 2),
        (whole.len() - 1, 3),
    ] {
        std::fs::write(&log, &whole[..cut]).unwrap();
        append(&log, records[0].to_json()).unwrap();
        let read = lines(&std::fs::read(&log).unwrap());
        assert_eq!(read.len(), whole_before + 1, "cut at {cut}");
        for line in &read {
            let record = Record::read(line.bytes.as_ref().unwrap()).unwrap();
            assert_eq!(verify(&record), [], "cut at {cut}");
        }
    }
}

#[test]
fn what_is_no_log_is_not_cut() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("campaign.ndjson");
    std::fs::write(&file, r#"{"send_at": "2026-03-02T15:00:00Z"}"#).unwrap();
    let problem = append(&file, "{}").unwrap_err();
    assert!(problem.to_string().contains("not of a log"), "{problem}");
    assert_eq!(std::fs::read(&file).unwrap(), br#"{"send_at": "2026-03-02T15:00:00Z"}"#);
}

#[test]
fn many_append_at_once_and_no_line_is_torn() {
    let engine = Engine::built_in().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log.ndjson");
    let (secret, public) = SecretKey::pair().unwrap();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let (engine, log) = (&engine, &log);
            scope.spawn(move || {
                for hour in 0..5 {
                    append(log, record(engine, 24 * writer + hour).to_json()).unwrap();
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..3 {
                // A log that is not there yet, or has nothing new, is not sealed.
                let _ = Seal::rotate(&log, &secret, &[]);
            }
        });
    });
    let _ = Seal::append(&log, &secret, &[]);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    // Put aside by number; the log itself is the last.
    files.sort_by_key(|path| (path == &log, path.clone()));
    let mut chain = Chain::new(vec![public]);
    let mut records = 0;
    for file in files {
        for line in lines(&std::fs::read(file).unwrap()) {
            let line = line.bytes.unwrap();
            records += usize::from(Chain::is_record(&line));
            chain.push(&line).unwrap();
        }
        assert_eq!(chain.finish(), Ok(()));
        chain = chain.next_file();
    }
    assert_eq!(records, 20);
}

/// Three segments of three records each.
struct Sealed {
    lines: Vec<String>,
    secret: SecretKey,
}

fn sealed(engine: &Engine, folder: &Path) -> Sealed {
    let log = folder.join("sealed.ndjson");
    let (secret, _) = SecretKey::pair().unwrap();
    for segment in 0..3 {
        for hour in 0..3 {
            append(&log, record(engine, 3 * segment + hour).to_json()).unwrap();
        }
        assert_eq!(Seal::append(&log, &secret, &[]).unwrap().segment, 1 + segment as u64);
    }
    let nothing = Seal::append(&log, &secret, &[]).unwrap_err();
    assert!(nothing.to_string().contains("no record after its last seal"), "{nothing}");
    let text = String::from_utf8(std::fs::read(&log).unwrap()).unwrap();
    Sealed { lines: text.lines().map(str::to_owned).collect(), secret }
}

fn checked(lines: &[String], key: &SecretKey) -> Result<(), Broken> {
    let mut chain = Chain::new(vec![key.public().unwrap()]);
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    for line in Lines::new(BufReader::new(text.as_bytes())) {
        chain.push(&line.unwrap().bytes.unwrap())?;
    }
    chain.finish()
}

#[test]
fn whatever_is_done_to_a_sealed_log_shows_at_the_first_bad_record() {
    let engine = Engine::built_in().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let Sealed { lines, secret } = sealed(&engine, folder.path());
    assert_eq!(lines.len(), 12);
    assert_eq!(checked(&lines, &secret), Ok(()));
    let (other, _) = SecretKey::pair().unwrap();
    // A record that is right by itself: whoever forges one recomputes its digests.
    let forged = record(&engine, 100).to_json().to_owned();
    type Change<'a> = &'a dyn Fn(&mut Vec<String>);
    // Records are lines 1 to 3, 5 to 7, and 9 to 11.
    let kinds: [(&str, Change<'_>, u64, &str); 15] = [
        ("edited", &|lines| lines[5].clone_from(&forged), 6, "was changed"),
        ("one byte", &|lines| lines[5] = lines[5].replacen("red", "red ", 1), 6, "was changed"),
        ("taken away", &|lines| drop(lines.remove(5)), 6, "was taken away"),
        ("last of a segment taken away", &|lines| drop(lines.remove(6)), 7, "too early"),
        ("inserted", &|lines| lines.insert(5, forged.clone()), 6, "was added"),
        ("added at the end", &|lines| lines.insert(7, forged.clone()), 8, "was added"),
        ("stands twice", &|lines| lines.insert(5, lines[4].clone()), 6, "was added"),
        ("reordered", &|lines| lines.swap(4, 6), 5, "another place"),
        ("segment missing", &|lines| drop(lines.drain(4..8)), 5, "are missing"),
        ("first segment missing", &|lines| drop(lines.drain(0..4)), 1, "are missing"),
        (
            "segment replayed",
            &|lines| lines.extend(lines[4..8].to_vec()),
            13,
            "belongs to segment 2, which stands before",
        ),
        ("seal missing", &|lines| drop(lines.remove(7)), 5, "are missing"),
        (
            "seal edited",
            &|lines| lines[7] = lines[7].replace("\"records\":3", "\"records\":2"),
            8,
            "does not fit",
        ),
        ("end cut off within a segment", &|lines| lines.truncate(10), 9, "not sealed"),
        ("not sealed yet", &|lines| lines.push(forged.clone()), 13, "not sealed"),
    ];
    for (kind, change, line, reason) in kinds {
        let mut changed = lines.clone();
        change(&mut changed);
        let broken = checked(&changed, &secret).unwrap_err();
        assert_eq!(broken.line, line, "{kind}: {broken:?}");
        assert!(broken.reason.contains(reason), "{kind}: {broken:?}");
    }
    let broken = checked(&lines, &other).unwrap_err();
    assert_eq!(broken.line, 4);
    assert!(broken.reason.contains("not trusted"), "{broken:?}");
    let resealed = {
        let log = folder.path().join("resealed.ndjson");
        let text: String = lines
            .iter()
            .filter(|line| line.starts_with("{\"record\""))
            .map(|line| format!("{line}\n"))
            .collect();
        std::fs::write(&log, text).unwrap();
        Seal::append(&log, &other, &[]).unwrap();
        String::from_utf8(std::fs::read(log).unwrap()).unwrap()
    };
    let resealed: Vec<String> = resealed.lines().map(str::to_owned).collect();
    let broken = checked(&resealed, &secret).unwrap_err();
    assert!(broken.reason.contains("not trusted"), "sealed again by somebody else: {broken:?}");
}

#[test]
fn a_broken_log_is_not_sealed_again() {
    let engine = Engine::built_in().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let Sealed { mut lines, secret } = sealed(&engine, folder.path());
    lines.remove(1);
    lines.push(record(&engine, 50).to_json().to_owned());
    let log = folder.path().join("broken.ndjson");
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    std::fs::write(&log, &text).unwrap();
    let problem = Seal::append(&log, &secret, &[]).unwrap_err();
    assert!(problem.to_string().starts_with("line 2: "), "{problem}");
    assert_eq!(std::fs::read(&log).unwrap(), text.as_bytes());
}

#[test]
fn a_log_goes_on_in_a_new_file() {
    let engine = Engine::built_in().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log.ndjson");
    let (secret, public) = SecretKey::pair().unwrap();
    append(&log, record(&engine, 0).to_json()).unwrap();
    let Rotated::Aside { seal: Some(seal), file: aside } =
        Seal::rotate(&log, &secret, &[]).unwrap()
    else {
        panic!("a log with a record is sealed and put aside");
    };
    assert_eq!((seal.segment, seal.records), (1, 1));
    assert_eq!(Seal::rotate(&log, &secret, &[]).unwrap(), Rotated::Nothing);
    assert_eq!(aside.file_name().unwrap(), "log-000001.ndjson");
    append(&log, record(&engine, 1).to_json()).unwrap();
    assert_eq!(Seal::append(&log, &secret, &[]).unwrap().segment, 2);

    let [first, second] = [&aside, &log].map(|file| std::fs::read(file).unwrap());
    let push = |chain: &mut Chain, file: &[u8]| {
        for line in lines(file) {
            chain.push(&line.bytes.unwrap())?;
        }
        chain.finish()
    };
    let mut chain = Chain::new(vec![public.clone()]);
    push(&mut chain, &first).unwrap();
    chain = chain.next_file();
    push(&mut chain, &second).unwrap();
    assert_eq!(chain.segments(), 2);

    let broken = push(&mut Chain::new(vec![public.clone()]), &second).unwrap_err();
    assert!(broken.reason.contains("segment 1, whose file was not read"), "{broken:?}");
    let mut chain = Chain::new(vec![public]);
    for line in lines(&second) {
        chain.continue_from(&line.bytes.unwrap()).unwrap();
    }
    assert_eq!(chain.finish(), Ok(()));
}
