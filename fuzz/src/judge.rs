//! What must hold of any bytes?
//!
//! No panic; an error has a code and a message of one line; an answer is well formed, and is the
//! same when asked again.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a judge objects by panicking")]

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use cleartosend::directory::import::About;
use cleartosend::directory::{Identity, import};
use cleartosend::expert::cel;
use cleartosend::expert::cel::{Bindings, Environment, Outcome, SetDeclaration, SetId, guard};
use cleartosend::schema::AttributeId;
use cleartosend::{
    Decision, Directory, Duration, Engine, Fact, Facts, Pack, PackFile, Period, Report, Scalar,
    Schema, Timestamp, Type, Value, Verdict,
};

use super::{Ended, seeds};

/// An error for people and programs: a code of two words, a message that stays on its line.
fn error(code: &str, message: &str) {
    let (stage, what) = code.split_once('/').unwrap_or_default();
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    assert!(is_word(stage) && is_word(what), "`{code}` is no code");
    assert!(stage != "internal", "`{code}` is our own mistake: {message}");
    assert!(!message.trim().is_empty(), "{code} has no message");
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    assert!(!message.contains(breaks), "{code}: the message is not one line: {message:?}");
    assert!(message.len() < 4096, "{code}: a message of {} bytes: {message:.200}…", message.len());
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::new(seconds, 0).unwrap_or(Timestamp::MIN)
}

/// Three instants that documents are judged at besides their own: before all rules, in their midst,
/// and at the end of time.
fn instants() -> [Timestamp; 3] {
    [Timestamp::MIN, at(1_772_463_600), Timestamp::MAX]
}

/// A decision is JSON that says what it holds, and another look at the same facts gives the same
/// bytes.
fn decision(engine: &Engine, facts: &Facts) -> Decision {
    let first = engine.check(facts).unwrap();
    let second = engine.check(&facts.clone()).unwrap();
    let text = first.to_json();
    assert_eq!(text, second.to_json(), "the same facts, another decision");
    let read: serde_json::Value =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("no JSON: {error}: {text}"));
    assert_eq!(read["digest"].as_str(), Some(first.digest().to_string().as_str()));
    assert_eq!(read["verdict"].as_str(), Some(first.verdict().name()));
    assert!(!text.contains('\n'), "a decision is one line");
    let worst = first
        .findings()
        .iter()
        .map(|finding| finding.verdict.effect())
        .max()
        .unwrap_or(Verdict::Allow);
    assert_eq!(first.verdict(), worst, "the worst finding wins");
    let all = engine.report(facts, Report::EveryRule).unwrap();
    assert_eq!(all.verdict(), first.verdict(), "telling more changes no verdict");
    first
}

fn built_in() -> Engine {
    Engine::built_in().unwrap()
}

/// A campaign document through every way in that takes one.
pub fn document(bytes: &[u8]) -> Ended {
    let engine = built_in();
    let own = match Facts::from_json(engine.schema(), bytes) {
        Ok(facts) => {
            let of_facts = decision(&engine, &facts);
            let of_bytes = engine.check_json(bytes).unwrap();
            assert_eq!(of_facts.to_json(), of_bytes.to_json(), "two ways in, two decisions");
            let again = engine.check_json_at(bytes, facts.send_at().unwrap()).unwrap();
            assert_eq!(again.to_json(), of_bytes.to_json(), "two ways to say when, two decisions");
            Ended::Accepted
        }
        Err(refused) => {
            error(refused.code(), &refused.to_string());
            error(refused.code(), refused.message());
            Ended::Refused
        }
    };
    for instant in instants() {
        match Facts::from_json_at(engine.schema(), bytes, instant) {
            Ok(facts) => drop(decision(&engine, &facts)),
            // A document may be refused for want of `send_at` alone, and not the other way round.
            Err(refused) => {
                assert_eq!(own, Ended::Refused, "{refused}");
                error(refused.code(), &refused.to_string());
                break;
            }
        }
    }
    own
}

/// What expressions are evaluated over: nothing known, a good document, and numbers at their edges.
fn known() -> &'static [Facts] {
    static KNOWN: OnceLock<Vec<Facts>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let engine = built_in();
        let mut all = vec![Facts::new(engine.schema(), Timestamp::MIN)];
        for (_, document) in seeds::examples() {
            all.extend(Facts::from_json(engine.schema(), &document));
        }
        let mut extreme = Facts::new(engine.schema(), Timestamp::MAX);
        let attributes: Vec<(AttributeId, Type)> =
            engine.schema().iter().map(|(id, attribute)| (id, attribute.ty)).collect();
        for (id, ty) in attributes {
            // What the attribute cannot hold is refused, and stays unknown.
            let _ = match ty {
                Type::INT => extreme.set(id, Value::Int(i64::MAX)),
                Type::DOUBLE => extreme.set(id, Value::Double(f64::MAX)),
                Type::TIMESTAMP => extreme.set(id, Value::Timestamp(Timestamp::MIN)),
                Type::STRING => extreme.set(id, Value::string("\u{0}\u{1F469}\u{200D}\u{1F680}")),
                _ => extreme.set_null(id),
            };
        }
        all.push(extreme);
        all
    })
}

/// Facts with two sets beside them.
struct WithSets<'a>(&'a Facts, [Vec<Value>; 2]);

impl Bindings for WithSets<'_> {
    fn fact(&self, id: AttributeId) -> &Fact {
        self.0.fact(id)
    }

    fn set(&self, id: SetId) -> &[Value] {
        self.1.get(usize::from(id.0)).map_or(&[], Vec::as_slice)
    }
}

fn declared_sets() -> [SetDeclaration; 2] {
    [
        SetDeclaration { name: Arc::from("some-texts"), element: Type::STRING },
        SetDeclaration { name: Arc::from("some-ints"), element: Type::INT },
    ]
}

/// An expression of the rule language, evaluated over several facts.
pub fn expression(bytes: &[u8]) -> Ended {
    // An expression is text by the time it is ours.
    let Ok(source) = std::str::from_utf8(bytes) else { return Ended::Refused };
    let (schema, sets) = (Schema::built_in(), declared_sets());
    let environment = Environment { schema: &schema, sets: &sets };
    let compiled = match cel::compile(source, &environment) {
        Ok(compiled) => compiled,
        Err(refused) => {
            error(refused.code(), &refused.to_string());
            assert!(
                source.get(refused.span()).is_some(),
                "{refused} stands at {:?}",
                refused.span()
            );
            assert!(refused.line_column(source) >= (1, 1));
            if let Some(help) = refused.help() {
                error(refused.code(), help);
            }
            return Ended::Refused;
        }
    };
    guard::unguarded(None, &compiled.root, &schema);
    for facts in known() {
        let values = WithSets(
            facts,
            [
                vec![Value::string("one"), Value::string("")],
                vec![Value::Int(1), Value::Int(i64::MIN)],
            ],
        );
        let outcome = cel::evaluate(&compiled, &values);
        if let Outcome::Error(found) = &outcome {
            error(found.code(), &found.to_string());
            assert!(source.get(found.span()).is_some(), "{found} stands at {:?}", found.span());
        }
        // Not by equality: NaN is itself here.
        assert_eq!(
            format!("{outcome:?}"),
            format!("{:?}", cel::evaluate(&compiled, &values)),
            "two looks, two values"
        );
    }
    if let Some(facts) = known().last()
        && !source.contains("sets")
    {
        match built_in().eval(source, facts) {
            Ok(_) => {}
            Err(refused) => panic!("compiled, and not evaluated: {refused}"),
        }
    }
    Ended::Accepted
}

/// A pack of one rule that reads what bytes can reach.
fn small_pack(condition: &str) -> Vec<PackFile> {
    let manifest = "name = \"small\"\nversion = \"1.0.0\"\nrequires = \">=1.0\"\ntitle = \"Small\"\npublished = 2026-01-01\n\n\
                    [sources.page]\ntitle = \"A page\"\nurl = \"https://example.org/\"\nretrieved = 2026-01-01\nconfidence = \"official\"\n";
    // Escaped as JSON is: every escape of JSON is one of TOML, but for `\/`, which is never
    // written.
    let quoted = serde_json::Value::from(condition).to_string().replace('\u{7f}', "\\u007f");
    let rule = format!(
        "[[rule]]\nid = \"provider.small\"\ntopic = \"provider\"\ntitle = \"Small\"\nforbids = \
         {quoted}\nverdict = \"deny\"\nfrom = 2018-08-01\nsource = {{ id = \"page\", section = \
         \"1\" }}\nmessage = \"{{provider.name}} is {{provider.listing}}\"\nadvice = \
         \"None.\"\nexposure = []\n"
    );
    let file = |path: &str, text: String| PackFile {
        path: path.to_owned(),
        bytes: Cow::Owned(text.into_bytes()),
    };
    vec![file("pack.toml", manifest.to_owned()), file("rules/small.toml", rule)]
}

fn examples() -> &'static [(String, Vec<u8>)] {
    static EXAMPLES: OnceLock<Vec<(String, Vec<u8>)>> = OnceLock::new();
    EXAMPLES.get_or_init(seeds::examples)
}

/// An expression as a rule's condition: compiled into the table, and then the rule decides as the
/// expression says.
pub fn condition(bytes: &[u8]) -> Ended {
    let Ok(source) = std::str::from_utf8(bytes) else { return Ended::Refused };
    let engine = match Engine::builder().pack("small", small_pack(source)).build() {
        Ok(engine) => engine,
        Err(refused) => {
            error(refused.code(), refused.to_string().lines().next().unwrap_or_default());
            assert_ne!(
                refused.code(),
                "pack/syntax",
                "a quoted condition broke its file: {refused}"
            );
            return Ended::Refused;
        }
    };
    for (_, document) in examples() {
        let facts = Facts::from_json(engine.schema(), document).unwrap();
        decision(&engine, &facts);
    }
    let early = Facts::new(engine.schema(), Timestamp::MAX);
    decision(&engine, &early);
    Ended::Accepted
}

/// One file of a pack, in place of a good one of the same path, or beside the good ones.
pub fn pack(bytes: &[u8]) -> Ended {
    let split = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (path, rest) = bytes.split_at(split);
    let path = String::from_utf8_lossy(path).into_owned();
    let mut files = Pack::built_in_files("whatsapp").unwrap();
    files.retain(|file| file.path != path);
    files.push(PackFile { path, bytes: Cow::Owned(rest.get(1..).unwrap_or_default().to_vec()) });
    match Pack::load(&files, &Schema::built_in()) {
        Ok(_) => {
            // Loaded twice, once more as part of an engine: a pack is no secret state.
            match Engine::builder().pack("mutated", files).build() {
                Ok(engine) => {
                    for (_, document) in examples().iter().take(4) {
                        match Facts::from_json(engine.schema(), document) {
                            Ok(facts) => drop(decision(&engine, &facts)),
                            Err(refused) => error(refused.code(), &refused.to_string()),
                        }
                    }
                }
                Err(refused) => {
                    // A mutated copy of a built-in pack mostly keeps its name and version.
                    assert!(
                        refused.code().starts_with("compile/")
                            || refused.code() == "engine/other-than-built-in",
                        "loaded alone, and not in an engine: {refused}"
                    );
                    error(refused.code(), &refused.to_string());
                }
            }
            Ended::Accepted
        }
        Err(problems) => {
            assert!(problems.iter().next().is_some(), "refused without a reason");
            for problem in &problems {
                error(problem.code(), &problem.to_string());
                error(problem.code(), &problem.message());
                if let Some(help) = problem.help() {
                    error(problem.code(), help);
                }
                let size = files
                    .iter()
                    .find(|file| *file.path == *problem.place().file)
                    .map_or(0, |file| file.bytes.len());
                let span = problem.span();
                assert!(
                    span.start <= span.end && span.end <= size,
                    "{problem} stands at {span:?} of {size}"
                );
            }
            Ended::Refused
        }
    }
}

const WHOS: [(Option<&str>, Option<&str>, Option<&str>); 6] = [
    (Some("hubtype"), Some("Hubtype"), Some("hubtype.com")),
    (None, Some("Hubtyp\u{435}"), None),
    (None, Some("\u{0}\u{202e}\u{fdfa}"), Some("xn--\u{0}.com")),
    (None, None, Some("hubtype.com.example.co.uk")),
    (Some(""), Some(""), Some("")),
    (None, None, None),
];

/// A directory file, asked about some, and about each of its own providers.
pub fn directory(bytes: &[u8]) -> Ended {
    let directory = match Directory::from_json(bytes) {
        Ok(directory) => directory,
        Err(refused) => {
            error(refused.code(), &refused.to_string());
            return Ended::Refused;
        }
    };
    look_up(&directory);
    // What it says can be written, read and asked again.
    let snapshot = directory.to_snapshot();
    let again = Directory::from_json(snapshot.to_json().as_bytes())
        .unwrap_or_else(|error| panic!("written and not read: {error}"));
    assert_eq!(again.to_snapshot(), snapshot, "written and read otherwise");
    static SMALL: OnceLock<Vec<PackFile>> = OnceLock::new();
    let pack = SMALL.get_or_init(|| {
        small_pack(
            "provider.listing != \"listed\" || has(provider.lookalike_of) || directory.age_days > \
             90",
        )
    });
    let engine =
        Engine::builder().pack("small", pack.clone()).directory(Arc::new(directory)).build();
    let engine = engine.unwrap_or_else(|error| panic!("no engine with a good directory: {error}"));
    for (_, document) in examples().iter().take(3) {
        decision(&engine, &Facts::from_json(engine.schema(), document).unwrap());
    }
    Ended::Accepted
}

fn look_up(directory: &Directory) {
    for (id, name, domain) in WHOS {
        for instant in instants() {
            let found = directory.find(&Identity { id, name, domain }, instant);
            assert!(
                found.entry.is_none() || found.lookalike.is_none(),
                "an entry and its own look-alike"
            );
        }
    }
    for provider in directory.providers().iter().take(50) {
        let who = Identity { id: Some(provider.id()), name: Some(provider.name()), domain: None };
        let found = directory.find(&who, directory.retrieved_at());
        assert!(found.lookalike.is_none(), "`{}` imitates itself", provider.id());
        directory.listing(provider, directory.retrieved_at());
    }
}

/// A table of providers.
pub fn table(bytes: &[u8]) -> Ended {
    let retrieved_at = at(1_772_463_600);
    let covers = Period { from: at(1_533_081_600), until: None };
    let about = About { source: "a table".to_owned(), retrieved_at, complete: true, covers };
    match import::from_csv(bytes, about) {
        Ok(snapshot) => {
            let directory = Directory::from_snapshot(snapshot)
                .unwrap_or_else(|error| panic!("imported and not loaded: {error}"));
            look_up(&directory);
            Ended::Accepted
        }
        Err(refused) => {
            assert!(!refused.problems.is_empty(), "refused without a reason");
            for problem in &refused.problems {
                error(problem.error.code(), &problem.error.to_string());
            }
            Ended::Refused
        }
    }
}

/// The bytes as a stream of choices.
struct Choices<'a>(&'a [u8]);

impl Choices<'_> {
    fn byte(&mut self) -> u8 {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                *first
            }
            None => 0,
        }
    }

    fn int(&mut self) -> i64 {
        const EDGES: [i64; 8] =
            [0, 1, -1, i64::MAX, i64::MIN, 1 << 53, 253_402_300_799, -62_135_596_800];
        match self.byte() {
            edge @ 0..=63 => EDGES[usize::from(edge % 8)],
            64..=127 => i64::from(self.byte()),
            _ => (0..8).fold(0, |sum, _| (sum << 8) | i64::from(self.byte())),
        }
    }

    fn text(&mut self) -> String {
        const TEXTS: [&str; 12] = [
            "hubtype",
            "Hubtyp\u{435}",
            "hubtype.com",
            "ES",
            "+34600000000",
            "+1",
            "Europe/Madrid",
            "npm:baileys",
            "green",
            "marketing",
            "given",
            "US.1",
        ];
        match self.byte() {
            known @ 0..=127 => TEXTS[usize::from(known % 12)].to_owned(),
            length => {
                let length = usize::from(length % 24).min(self.0.len());
                let (text, rest) = self.0.split_at(length);
                self.0 = rest;
                String::from_utf8_lossy(text).into_owned()
            }
        }
    }

    fn value(&mut self, ty: Type) -> Value {
        if let Some(element) = ty.element() {
            return Value::List((0..self.byte() % 5).map(|_| self.value(element)).collect());
        }
        match ty.base {
            Scalar::Bool => Value::Bool(self.byte() % 2 == 1),
            Scalar::Int => Value::Int(self.int()),
            Scalar::Double => Value::Double(f64::from_bits(self.int().cast_unsigned())),
            Scalar::String | Scalar::Nothing => Value::string(&self.text()),
            Scalar::Timestamp => {
                Value::Timestamp(Timestamp::new(self.int(), 0).unwrap_or(Timestamp::MAX))
            }
            Scalar::Duration => {
                Value::Duration(Duration::from_seconds(self.int()).unwrap_or_default())
            }
        }
    }
}

/// Facts told by a program: any attribute, any value, in any order, taken back and told again.
pub fn facts(bytes: &[u8]) -> Ended {
    const TYPES: [Type; 6] =
        [Type::BOOL, Type::INT, Type::DOUBLE, Type::STRING, Type::TIMESTAMP, Type::DURATION];
    let engine = built_in();
    let schema = Arc::clone(engine.schema());
    let attributes: Vec<_> = schema.iter().collect();
    let mut choices = Choices(bytes);
    let mut facts =
        Facts::new(&schema, Timestamp::new(choices.int(), 0).unwrap_or(at(1_772_463_600)));
    let mut ended = Ended::Refused;
    while !choices.0.is_empty() {
        let what = choices.byte();
        let (id, attribute) = attributes[usize::from(choices.byte()) % attributes.len()];
        let reported = match what % 8 {
            0 => facts.set_null(id),
            1 => {
                facts.unset(id);
                Ok(())
            }
            2 => {
                // Of another type than the schema says.
                let ty = TYPES[usize::from(choices.byte()) % TYPES.len()];
                facts.set(id, choices.value(ty))
            }
            3 => {
                let collection =
                    &schema.collections()[usize::from(choices.byte()) % schema.collections().len()];
                let entries = (0..choices.byte() % 4)
                    .map(|_| {
                        let members =
                            collection.members.iter().map(|member| match choices.byte() % 4 {
                                0 => Fact::Absent,
                                1 => Fact::Unknown,
                                _ => Fact::Value(choices.value(member.ty)),
                            });
                        members.collect()
                    })
                    .collect();
                facts.set_collection(&collection.path, entries)
            }
            4 => {
                let path = choices.text();
                facts.set_path(&path, Value::Bool(true))
            }
            5 => {
                facts.with_recipient();
                Ok(())
            }
            6 if choices.byte() < 16 => {
                // The number of an attribute of some other schema.
                let stray = AttributeId(u16::MAX - u16::from(choices.byte()));
                assert_eq!(*facts.fact(stray), Fact::Unknown);
                facts.unset(stray);
                facts.set(stray, Value::Bool(true)).and(facts.set_null(stray))
            }
            _ => facts.set(id, choices.value(attribute.ty)),
        };
        match reported {
            Ok(()) => ended = Ended::Accepted,
            Err(refused) => error(refused.code(), &refused.to_string()),
        }
    }
    match facts.ready_for(&schema) {
        Ok(()) => drop(decision(&engine, &facts)),
        Err(refused) => error(refused.code(), &refused.to_string()),
    }
    ended
}
