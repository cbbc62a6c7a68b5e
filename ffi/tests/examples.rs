//! The examples, built as a user builds them: by CMake and by pkg-config, against nothing but the
//! installed prefix and their own source.
#![expect(clippy::disallowed_methods, reason = "tests read what programs left")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod installed;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};

use installed::{is_there, prefix, root, scratch, succeeds};

const C: [&str; 7] =
    ["first_check", "typed_facts", "hot_reload", "account", "screen", "screen_lines", "explain"];

#[test]
fn by_cmake() {
    if !is_there("cmake") {
        return;
    }
    for (folder, programs) in [
        (
            "c",
            &[
                "first_check",
                "typed_facts",
                "hot_reload",
                "account",
                "screen",
                "explain",
                "first_check_static",
            ][..],
        ),
        ("cpp", &["first_check_cpp"]),
    ] {
        let (source, build) = (alone(folder), scratch(&format!("cmake-{folder}")));
        let mut configure = Command::new("cmake");
        configure
            .arg("-S")
            .arg(source)
            .arg("-B")
            .arg(&build)
            .arg(format!("-DCMAKE_PREFIX_PATH={}", prefix().display()));
        succeeds(&mut configure);
        succeeds(Command::new("cmake").arg("--build").arg(&build));
        for program in programs {
            answers(&build.join(program), program);
            refuses(&build.join(program), program);
        }
    }
}

#[test]
fn by_pkg_config() {
    if !is_there("pkg-config") || !is_there("gcc") {
        return;
    }
    let build = scratch("pkg-config");
    let sources = C.map(|name| (alone("c").join(format!("{name}.c")), "gcc", "-std=c99"));
    let cpp = (alone("cpp").join("first_check.cpp"), "g++", "-std=c++11");
    for (source, compiler, standard) in sources.into_iter().chain([cpp]) {
        if !is_there(compiler) {
            continue;
        }
        let program =
            build.join(source.file_name().unwrap()).with_extension(compiler.replace('+', "x"));
        let mut command = Command::new(compiler);
        command
            .args([standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-o"])
            .arg(&program)
            .arg(&source);
        command
            .args(flags(&["--cflags", "--libs"]))
            .arg(format!("-Wl,-rpath,{}/lib", prefix().display()));
        succeeds(&mut command);
        answers(&program, source.file_stem().unwrap().to_str().unwrap());
        refuses(&program, source.file_stem().unwrap().to_str().unwrap());
    }
    // With the library inside: the program needs no file of ours any more, and with `-static` none.
    for (name, options) in [("static", &[][..]), ("alone", &["-static"])] {
        let program = build.join(name);
        let mut command = Command::new("gcc");
        command.args(options).arg("-o").arg(&program).arg(alone("c").join("first_check.c"));
        succeeds(command.args(flags_of(&["--cflags", "--libs"], &["cleartosend-static"])));
        answers(&program, "first_check");
        let needed = Command::new("ldd").arg(&program).output().unwrap();
        let needed = String::from_utf8_lossy(&needed.stdout).into_owned();
        assert!(!needed.contains("cleartosend"), "{name} needs the shared library: {needed}");
        assert!(options.is_empty() || !needed.contains("libc.so"), "{name}: {needed}");
    }
}

/// As packages of a distribution are made: below a stage, with libraries where the system has them.
#[test]
fn from_another_folder_for_libraries_below_a_stage() {
    if !is_there("pkg-config") || !is_there("gcc") || !is_there("readelf") {
        return;
    }
    let stage = scratch("stage");
    let mut install = Command::new(env!("CARGO"));
    install
        .args(["run", "--quiet", "-p", "xtask", "--", "install", "--prefix", "/opt/cts"])
        .args(["--libdir", "lib/some-linux-gnu", "--profile", &installed::profile()])
        .env("DESTDIR", &stage)
        .current_dir(root());
    succeeds(&mut install);
    let prefix = stage.join("opt/cts");
    for file in [
        "include/cleartosend.h",
        "include/cleartosend.hpp",
        "share/cleartosend/cleartosend.cdef.h",
        "share/cleartosend/api.json",
        "share/doc/cleartosend/LICENSE-MIT",
        "share/doc/cleartosend/LICENSE-APACHE",
        "share/doc/cleartosend/THIRD-PARTY-LICENCES.txt",
        "lib/some-linux-gnu/libcleartosend.a",
        "lib/some-linux-gnu/cmake/cleartosend/cleartosend-config.cmake",
    ] {
        assert!(prefix.join(file).is_file(), "{file} is not installed");
    }
    let lib = prefix.join("lib/some-linux-gnu");
    let mut command = Command::new("pkg-config");
    command.args(["--cflags", "--libs", "cleartosend"]);
    command.env("PKG_CONFIG_PATH", lib.join("pkgconfig"));
    let flags = String::from_utf8(succeeds(&mut command).stdout).unwrap();
    let program = stage.join("first_check");
    let mut compiler = Command::new("gcc");
    compiler.arg("-o").arg(&program).arg(alone("c").join("first_check.c"));
    compiler.args(flags.split_whitespace()).arg(format!("-Wl,-rpath,{}", lib.display()));
    succeeds(&mut compiler);
    answers(&program, "first_check");
    // Unloading it would leave its constants behind each time.
    let mut readelf = Command::new("readelf");
    let printed = succeeds(readelf.arg("-d").arg(lib.join("libcleartosend.so")));
    assert!(String::from_utf8_lossy(&printed.stdout).contains("NODELETE"), "{printed:?}");
}

fn flags(which: &[&str]) -> Vec<String> {
    flags_of(which, &["cleartosend"])
}

fn flags_of(which: &[&str], packages: &[&str]) -> Vec<String> {
    let mut command = Command::new("pkg-config");
    command.args(which).args(packages).env("PKG_CONFIG_PATH", prefix().join("lib/pkgconfig"));
    let output = succeeds(&mut command);
    String::from_utf8(output.stdout).unwrap().split_whitespace().map(str::to_owned).collect()
}

/// What the example of a webhook handler needs beside the library.
const OF_WEBHOOK: [&str; 2] = ["libcrypto", "sqlite3"];

/// One request, as a web server passes it on.
fn cgi(program: &Path, book: &Path, variables: &[(&str, &str)], body: &[u8]) -> (String, String) {
    let mut command = Command::new(program);
    command
        .env_clear()
        .envs([("CTS_APP_SECRET", "secret"), ("CTS_VERIFY_TOKEN", "a token")])
        .env("CTS_BOOK", book)
        .env("CONTENT_LENGTH", body.len().to_string())
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(body).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{variables:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let (head, answer) = text.split_once("\r\n\r\n").unwrap();
    let status = head.lines().next().unwrap().strip_prefix("Status: ").unwrap();
    (status.to_owned(), answer.to_owned())
}

/// `X-Hub-Signature-256` of a body, by the tool of the same library.
fn signature(body: &[u8]) -> String {
    let mut tool = Command::new("openssl")
        .args(["dgst", "-sha256", "-hmac", "secret", "-r"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    tool.stdin.take().unwrap().write_all(body).unwrap();
    let output = tool.wait_with_output().unwrap().stdout;
    let text = String::from_utf8(output).unwrap();
    format!("sha256={}", text.split_whitespace().next().unwrap())
}

/// The webhook handler: signature, verification, replays, workers at once, and what a campaign and
/// an audience are told by its book.
#[test]
fn account_webhook() {
    let exists = |package: &&str| {
        Command::new("pkg-config").args(["--exists", package]).status().unwrap().success()
    };
    if !is_there("pkg-config") || !is_there("gcc") || !OF_WEBHOOK.iter().all(exists) {
        return;
    }
    let build = scratch("webhook");
    let (program, book) = (build.join("handler"), build.join("book.sqlite"));
    let mut command = Command::new("gcc");
    command.args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-o"]).arg(&program);
    command
        .arg(alone("c").join("webhook.c"))
        .args(flags_of(&["--cflags", "--libs"], &["cleartosend", OF_WEBHOOK[0], OF_WEBHOOK[1]]))
        .arg(format!("-Wl,-rpath,{}/lib", prefix().display()));
    succeeds(&mut command);

    let get = |query: &str| {
        cgi(&program, &book, &[("REQUEST_METHOD", "GET"), ("QUERY_STRING", query)], b"")
    };
    let right = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=a%20token";
    assert_eq!(get(right), ("200".to_owned(), "1158201444".to_owned()));
    assert_eq!(get(&right.replace("%20", "")).0, "403");
    assert_eq!(get("").0, "403");

    let post = |body: &[u8], signature: &str| {
        let variables = [("REQUEST_METHOD", "POST"), ("HTTP_X_HUB_SIGNATURE_256", signature)];
        cgi(&program, &book, &variables, body).0
    };
    let example = |file: &str| root().join("examples").join(file);
    let mut story: Vec<PathBuf> = std::fs::read_dir(example("account/story"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    story.sort();
    let mut events: Vec<Vec<u8>> = story.iter().map(|path| std::fs::read(path).unwrap()).collect();
    let base = std::fs::read_to_string(example("account/new.json")).unwrap();
    let base = base.trim_start().strip_prefix('{').unwrap();
    events.push(format!(r#"{{"read_at": "2026-01-01T00:00:00Z", {base}"#).into_bytes());
    events.push(
        br#"{"entry": [{"id": "104857600000001", "changes": [{"field": "user_preferences",
            "value": {"user_preferences": [{"wa_id": "34600000007", "value": "stop",
            "category": "marketing_messages", "timestamp": 1772000000}]}}]}]}"#
            .to_vec(),
    );
    // Unsigned, wrongly signed, unreadable: nothing is stored.
    let deleted = String::from_utf8(events[0].clone()).unwrap();
    let deleted = deleted
        .replace("account_review_update", "account_update")
        .replace(r#""decision": "APPROVED""#, r#""event": "ACCOUNT_DELETED""#);
    for wrong in ["", "sha256=", &signature(b"something else")] {
        assert_eq!(post(deleted.as_bytes(), wrong), "401");
    }
    assert_eq!(post(b"{", &signature(b"{")), "400");
    // Two workers, each with all events, in other orders.
    std::thread::scope(|scope| {
        for worker in 0..2 {
            let (events, post) = (&events, &post);
            scope.spawn(move || {
                for event in events.iter().cycle().skip(worker * 7).take(events.len()) {
                    assert_eq!(post(event, &signature(event)), "200");
                }
            });
        }
    });

    let ask = |arguments: &[&str]| {
        let output =
            Command::new(&program).args(arguments).env("CTS_BOOK", &book).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    let campaign = std::fs::read_to_string(example("account/campaign.json")).unwrap();
    let path = build.join("campaign.json");
    let path = path.to_str().unwrap();
    for (at, status) in [("2026-02-11T12:00:00Z", 1), ("2026-03-02T15:00:00Z", 0)] {
        std::fs::write(path, campaign.replace("2026-03-02T15:00:00Z", at)).unwrap();
        let (said, text) = ask(&["check", path]);
        assert_eq!(said, status, "{at}: {text}");
    }
    let begin = campaign.find(r#""recipient""#).unwrap();
    let end = campaign[begin..].find('}').unwrap() + begin + 2;
    let end = end + campaign[end..].find('"').unwrap();
    std::fs::write(path, format!("{}{}", &campaign[..begin], &campaign[end..])).unwrap();
    let (said, text) = ask(&["screen", path, "+34600000007", "+34600000008"]);
    assert_eq!(said, 1, "{text}");
    assert!(text.contains(r#""rows":2"#) && text.contains("consent.marketing-stopped"), "{text}");
}

/// A copy of an example's sources, away from the repository: made once, since a test beside this
/// one may be compiling it.
fn alone(folder: &str) -> PathBuf {
    static COPIED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let copy = scratch(&format!("sources-{folder}"));
    let mut copied = COPIED.lock().unwrap_or_else(PoisonError::into_inner);
    if copied.contains(folder) {
        return copy;
    }
    for entry in std::fs::read_dir(root().join("examples").join(folder)).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
    }
    copied.insert(folder.to_owned());
    copy
}

/// Runs an example on what it must refuse: it says why, all of it.
fn refuses(program: &Path, name: &str) {
    static BAD: LazyLock<PathBuf> = LazyLock::new(|| {
        let bad = scratch("bad").join("campaign.json");
        let text = r#"{"send_at": "2026-03-02T15:00:00Z", "account": {"quality": "reed"}}"#;
        std::fs::write(&bad, text).unwrap();
        bad
    });
    let mut command = Command::new(program);
    match name {
        "typed_facts" => return,
        "hot_reload" => command.arg(root().join("tests/packs/no-such-pack")),
        "account" => {
            command.arg(&*BAD).arg(root().join("examples/account/story/01-account-approved.json"))
        }
        _ => command.arg(&*BAD),
    };
    let output = command.output().unwrap();
    let printed = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
    if name == "hot_reload" {
        assert!(
            output.status.code() == Some(1) && printed.contains("[c/file]"),
            "{name}: {printed}"
        );
    } else {
        assert!(
            output.status.code() == Some(2) && printed.contains("did you mean `red`?"),
            "{name}: {printed}"
        );
        assert!(printed.contains("account.quality"), "{name}: {printed}");
    }
}

/// Runs an example and holds its answer against what it should say.
fn answers(program: &Path, name: &str) {
    let mut command = Command::new(program);
    let example = |file: &str| root().join("examples").join(file);
    let run = |command: &mut Command| {
        let output = command.output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    match name {
        "typed_facts" => {
            let (status, text) = run(&mut command);
            let lines: Vec<&str> = text.lines().collect();
            assert_eq!((status, lines.len()), (0, 4), "{text}");
            assert!(
                lines[1].starts_with("+34600000002 deny ") && lines[1].contains("opt-in"),
                "{text}"
            );
            assert!(lines[2].starts_with("+34600000003 deny "), "{text}");
            // Nobody knows whether this one asked to stop; the one before did.
            assert!(
                lines[3].starts_with("+34600000004 review ")
                    && lines[3].contains("consent.opted-out"),
                "{text}"
            );
        }
        "hot_reload" => {
            let (status, text) = run(command.arg(root().join("tests/packs/good")));
            assert_eq!(status, 0, "{text}");
            assert!(
                text.starts_with("built in: deny, ") && text.contains("\nreloaded: "),
                "{text}"
            );
            assert!(text.contains("[c/file]") && text.contains("\nstill the same: "), "{text}");
        }
        "screen" => {
            let (status, text) = run(command.arg(example("campaign-only.json")));
            assert_eq!(status, 1, "{text}");
            assert!(
                text.starts_with(
                    "1001 allow\n1002 deny consent.opted-out\n1003 deny consent.no-opt-in\n1004 \
                     deny "
                ),
                "{text}"
            );
            assert!(
                text.contains(
                    "\nallow 1, review 0, deny 3\n  consent.no-opt-in: 1, of them alone 1\n"
                ),
                "{text}"
            );
        }
        "screen_lines" => {
            let campaign = example("campaign-only.json");
            let (status, text) = run(command.arg(&campaign));
            let rows = "{\"id\":\"1001\",\"verdict\":\"allow\",\"rules\":[],\"missing\":[]}\n\
                        {\"id\":\"1002\",\"verdict\":\"deny\",\"rules\":[\"consent.opted-out\"],";
            assert_eq!(status, 1, "{text}");
            assert!(
                text.starts_with(rows) && text.ends_with("\nallow 1, review 0, deny 1\n"),
                "{text}"
            );
            let audience = example("audience.csv");
            let (status, text) = run(Command::new(program).arg(&campaign).arg(&audience));
            assert_eq!(status, 1, "{text}");
            assert!(text.starts_with("allow "), "{text}");
        }
        "explain" => {
            let (status, text) = run(command.arg(example("turkey-2024.json")));
            assert_eq!(status, 1, "{text}");
            assert!(text.starts_with("DENY  not clear to send\n"), "{text}");
            assert!(text.contains("send later: send_at to 2024-05-15T00:00:00Z"), "{text}");
            assert!(
                text.contains("\nthe document for programs: {\"decision\":{\"verdict\":\"deny\","),
                "{text}"
            );
        }
        "account" => {
            let mut story: Vec<PathBuf> = std::fs::read_dir(example("account/story"))
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .collect();
            story.sort();
            let (status, text) = run(command.arg(example("account/campaign.json")).args(story));
            // The events tell all that an account is asked for.
            assert_eq!(status, 0, "{text}");
            assert!(
                text.starts_with("applied account_review_update\n") && text.contains("\nallow\n"),
                "{text}"
            );
            assert!(text.contains("\nafter one more violation for spam:\n  "), "{text}");
        }
        _ => {
            let (status, text) = run(command.arg(example("rogue-provider.json")));
            assert_eq!(status, 1, "{text}");
            assert!(text.starts_with("deny\n") && text.contains("provider."), "{text}");
            assert_eq!(run(Command::new(program).arg(example("no-such-file.json"))).0, 2);
        }
    }
}
