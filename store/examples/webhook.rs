//! A webhook handler for WhatsApp, whole, and the two questions that a campaign asks.
//!
//! It answers one request as CGI (RFC 3875), which every web server speaks, so that nothing here
//! depends on a framework; `answer` is what goes into one. Workers share nothing but the file.
//!
//! ```sh
//! export CTS_APP_SECRET=… CTS_VERIFY_TOKEN=… CTS_BOOK=book.sqlite
//! webhook                                       # one request, from the environment and the input
//! webhook check campaign.json                   # may it go out?
//! webhook screen campaign.json audience.csv     # to whom?
//! ```
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program asks its environment and the clock, and answers"
)]

use std::error::Error;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use cleartosend::Engine;
use cleartosend::Facts;
use cleartosend::Timestamp;
use cleartosend::screen::{ScreenOptions, Texts};
use cleartosend_audience::{Format, ReadOptions, Source, read};
use cleartosend_store::Store;
use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::percent_decode_str;
use sha2::Sha256;

/// An event of WhatsApp has at most 4 MiB; the book refuses what is larger.
const BODY_BYTES_MAX: u64 = 4 * 1024 * 1024 + 1;

struct Settings {
    /// The app's secret, by which Meta signs.
    secret: Vec<u8>,
    /// What was entered in the dashboard beside the address.
    token: String,
    book: PathBuf,
}

struct Request<'a> {
    method: &'a str,
    query: &'a str,
    /// `X-Hub-Signature-256`.
    signature: Option<&'a str>,
    /// The bytes as they came.
    body: &'a [u8],
}

#[derive(Debug, PartialEq, Eq)]
struct Response {
    status: u16,
    text: String,
}

impl Response {
    fn new(status: u16, text: impl Into<String>) -> Self {
        Self { status, text: text.into() }
    }
}

fn answer(settings: &Settings, request: &Request<'_>, now: Timestamp) -> Response {
    match request.method {
        "GET" => verified(settings, request.query),
        "POST" => received(settings, request, now),
        _ => Response::new(405, "GET or POST"),
    }
}

/// Meta asks once, when the address is entered in the dashboard.
fn verified(settings: &Settings, query: &str) -> Response {
    let value = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let value = pairs.find(|(known, _)| *known == name)?.1;
        let value = value.replace('+', " ");
        percent_decode_str(&value).decode_utf8().ok().map(std::borrow::Cow::into_owned)
    };
    let token = value("hub.verify_token").unwrap_or_default();
    let is_known = keyed(&settings.secret, settings.token.as_bytes())
        .is_some_and(|mac| verifies(&settings.secret, token.as_bytes(), &mac));
    match value("hub.challenge") {
        Some(challenge) if is_known && value("hub.mode").as_deref() == Some("subscribe") => {
            Response::new(200, challenge)
        }
        _ => Response::new(403, "not the token"),
    }
}

/// 200 once the rows are on the disk; whoever gets no 200 sends again, for days. The store joins
/// rows in one transaction, so that replays and other workers do no harm.
fn received(settings: &Settings, request: &Request<'_>, now: Timestamp) -> Response {
    let signature = request.signature.and_then(|header| hex(header.strip_prefix("sha256=")?));
    if !signature.is_some_and(|mac| verifies(&settings.secret, request.body, &mac)) {
        return Response::new(401, "not signed by Meta");
    }
    let stored =
        Store::open(&settings.book).and_then(|mut store| store.apply(request.body, Some(now)));
    match stored {
        Ok(_) => Response::new(200, ""),
        Err(error) if error.code().starts_with("account/") => Response::new(400, error.to_string()),
        // Nothing was stored, and it comes again.
        Err(error) => Response::new(503, error.to_string()),
    }
}

fn keyed(secret: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    mac.update(bytes);
    Some(mac.finalize().into_bytes().to_vec())
}

/// Whether that is the HMAC of the bytes; a wrong one takes as long as a right one.
fn verifies(secret: &[u8], bytes: &[u8], mac: &[u8]) -> bool {
    Hmac::<Sha256>::new_from_slice(secret).is_ok_and(|mut known| {
        known.update(bytes);
        known.verify_slice(mac).is_ok()
    })
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    rest.is_empty()
        .then(|| pairs.iter().map(|[a, b]| Some(digit(*a)? << 4 | digit(*b)?)).collect())?
}

/// A campaign's facts with what the book knows; of the file only the rows that they ask for are
/// read.
fn facts_of(engine: &Engine, book: &Path, campaign: &str) -> Result<Facts, Box<dyn Error>> {
    let mut facts = Facts::from_json(engine.schema(), &std::fs::read(campaign)?)?;
    Store::open(book)?.book_for(&facts)?.tell(&mut facts)?;
    Ok(facts)
}

fn check(book: &Path, campaign: &str) -> Result<String, Box<dyn Error>> {
    let engine = Engine::built_in()?;
    let facts = facts_of(&engine, book, campaign)?;
    Ok(engine.check(&facts)?.to_json())
}

/// The summary: how many rows are clear to send, and what keeps others from it. Each row with its
/// verdict is what the iterator gives.
fn screen(book: &Path, campaign: &str, audience: &str) -> Result<String, Box<dyn Error>> {
    let engine = Engine::built_in()?;
    let facts = facts_of(&engine, book, campaign)?;
    let options = ReadOptions::new().skip("id").skip("name");
    let recipients = read(Source::File(std::fs::File::open(audience)?), Format::Csv, &options)?;
    let options = ScreenOptions::new().texts(Texts::OfAnything);
    let mut screening = engine.screen(&facts, recipients, &options)?;
    for batch in &mut screening {
        batch?;
    }
    Ok(screening.summary().to_json())
}

fn now() -> Result<Timestamp, Box<dyn Error>> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    Timestamp::new(i64::try_from(since.as_secs())?, since.subsec_nanos())
        .ok_or_else(|| "the clock is wrong".into())
}

fn main() -> Result<(), Box<dyn Error>> {
    let variable = |name: &str| std::env::var(name).map_err(|_| format!("{name} is not set"));
    let book = PathBuf::from(variable("CTS_BOOK")?);
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => {}
        ["check", campaign] => {
            println!("{}", check(&book, campaign)?);
            return Ok(());
        }
        ["screen", campaign, audience] => {
            println!("{}", screen(&book, campaign, audience)?);
            return Ok(());
        }
        _ => return Err("usage: webhook [check CAMPAIGN | screen CAMPAIGN AUDIENCE.csv]".into()),
    }
    let settings = Settings {
        secret: variable("CTS_APP_SECRET")?.into_bytes(),
        token: variable("CTS_VERIFY_TOKEN")?,
        book,
    };
    // A server that does not say how long the body is closes it.
    let length = variable("CONTENT_LENGTH").ok().and_then(|length| length.parse().ok());
    let mut body = Vec::new();
    let most = length.unwrap_or(BODY_BYTES_MAX).min(BODY_BYTES_MAX);
    std::io::stdin().take(most).read_to_end(&mut body)?;
    let (method, query) = (variable("REQUEST_METHOD")?, variable("QUERY_STRING"));
    let signature = variable("HTTP_X_HUB_SIGNATURE_256").ok();
    let request = Request {
        method: &method,
        query: query.as_deref().unwrap_or_default(),
        signature: signature.as_deref(),
        body: &body,
    };
    let Response { status, text } = answer(&settings, &request, now()?);
    if status != 200 {
        eprintln!("{status}: {text}");
    }
    let head = format!("Status: {status}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n");
    std::io::stdout().write_all(&[head.as_bytes(), text.as_bytes()].concat())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(folder: &Path) -> Settings {
        Settings {
            secret: b"secret".to_vec(),
            token: "a token".to_owned(),
            book: folder.join("book.sqlite"),
        }
    }

    fn sent(settings: &Settings, body: &[u8]) -> u16 {
        let mac = keyed(&settings.secret, body).unwrap();
        let hex: String = mac.iter().map(|byte| format!("{byte:02x}")).collect();
        let signature = format!("sha256={hex}");
        let request = Request { method: "POST", query: "", signature: Some(&signature), body };
        answer(settings, &request, Timestamp::parse("2026-03-02T00:00:00Z").unwrap()).status
    }

    fn example(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(name)
    }

    /// What WhatsApp sent of one account, and one person who stopped its marketing.
    fn story() -> Vec<Vec<u8>> {
        let mut files: Vec<PathBuf> = std::fs::read_dir(example("account/story"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        let base = std::fs::read_to_string(example("account/new.json")).unwrap();
        let base = base.trim_start().trim_start_matches('{');
        let mut events = vec![format!(r#"{{"read_at": "2026-01-01T00:00:00Z", {base}"#).into()];
        events.extend(files.iter().map(|file| std::fs::read(file).unwrap()));
        events.push(
            br#"{"entry": [{"id": "104857600000001", "changes": [{"field": "user_preferences",
                "value": {"user_preferences": [{"wa_id": "34600000001", "value": "stop",
                "category": "marketing_messages", "timestamp": 1772000000}]}}]}]}"#
                .to_vec(),
        );
        events
    }

    #[test]
    fn meta_verifies_the_address() {
        let settings = settings(Path::new("nowhere"));
        let asked = |query: &str| {
            let request = Request { method: "GET", query, signature: None, body: b"" };
            answer(&settings, &request, Timestamp::MIN)
        };
        let right = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=a%20token";
        assert_eq!(asked(right), Response::new(200, "1158201444"));
        assert_eq!(asked(&right.replace("%20", "+")).status, 200);
        assert_eq!(asked(&right.replace("%20", "")).status, 403);
        assert_eq!(asked("hub.challenge=7").status, 403);
    }

    #[test]
    fn what_meta_did_not_sign_and_what_cannot_be_read_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(folder.path());
        let body = &story()[1];
        for signature in [None, Some(""), Some("sha256="), Some("sha256=00"), Some("sha256=é")] {
            let request = Request { method: "POST", query: "", signature, body };
            assert_eq!(answer(&settings, &request, Timestamp::MIN).status, 401);
        }
        for body in [&b"{"[..], b"[]", &body[..body.len() - 3]] {
            assert_eq!(sent(&settings, body), 400);
        }
        assert!(Store::open(&settings.book).unwrap().book().unwrap().is_empty());
    }

    #[test]
    fn workers_and_replays_give_the_book_by_which_a_campaign_is_judged() {
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(folder.path());
        let events = story();
        std::thread::scope(|scope| {
            for worker in 0..4 {
                let (settings, events) = (&settings, &events);
                scope.spawn(move || {
                    for event in events.iter().cycle().skip(worker * 5).take(events.len()) {
                        assert_eq!(sent(settings, event), 200);
                    }
                });
            }
        });
        let mut one = cleartosend_account::Book::new();
        for event in &events {
            one.apply(event).unwrap();
        }
        assert_eq!(Store::open(&settings.book).unwrap().book().unwrap(), one);

        let mut campaign: serde_json::Value =
            serde_json::from_slice(&std::fs::read(example("account/campaign.json")).unwrap())
                .unwrap();
        let path = folder.path().join("campaign.json");
        let path = path.to_str().unwrap();
        for (at, verdict) in [("2026-02-11T12:00:00Z", "deny"), ("2026-03-02T12:00:00Z", "allow")] {
            campaign["send_at"] = at.into();
            std::fs::write(path, campaign.to_string()).unwrap();
            let said = check(&settings.book, path).unwrap();
            assert!(said.contains(&format!(r#""verdict":"{verdict}""#)), "{at}: {said}");
        }
        campaign.as_object_mut().unwrap().remove("recipient");
        std::fs::write(path, campaign.to_string()).unwrap();
        let audience = example("audience.csv");
        let said = screen(&settings.book, path, audience.to_str().unwrap()).unwrap();
        let said: serde_json::Value = serde_json::from_str(&said).unwrap();
        assert_eq!(said["rows"], 12);
        let stops = |rule: &&serde_json::Value| {
            rule["rule"].as_str().is_some_and(|rule| rule.contains("stop"))
        };
        let stopped: Vec<_> = said["rules"].as_array().unwrap().iter().filter(stops).collect();
        assert_eq!(stopped.len(), 1, "{said}");
        assert_eq!(stopped[0]["rows"], 1);
    }
}
