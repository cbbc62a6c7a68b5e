//! A decision reads the same in every language, but for its words.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::borrow::Cow;

use cleartosend::Engine;
use cleartosend::Facts;
use cleartosend::Lang;
use cleartosend::Status;
use cleartosend::Timestamp;
use cleartosend::expert::cel;
use cleartosend::pack::{Pack, PackFile};
use cleartosend::{Decision, Report};

const RULES: &str = r#"
[[rule]]
id       = "data.both"
topic    = "data"
title    = "Both"
requires = 'campaign.audience_size * 2 < 10'
verdict  = "deny"
source   = { id = "page" }
message  = "{campaign.audience_size} to {recipient.phone} of {provider.name}: {campaign.requests} {{x}}"
advice   = "Ask {provider.id}."
exposure = ["warning"]

[rule.es]
title    = "Los dos"
message  = "{{x}} {campaign.requests}: {provider.name}, {recipient.phone}, {campaign.audience_size}, {recipient.phone}"
advice   = "Pregunte a {provider.id}."

[rule.pt]
title    = "Os dois"
message  = "{campaign.requests}, {provider.name}, {recipient.phone}, {campaign.audience_size} {{x}}"
advice   = "Pergunte a {provider.id}."

[[rule]]
id       = "data.spanish-alone"
topic    = "data"
title    = "Spanish alone"
forbids  = 'campaign.automated'
verdict  = "review"
from     = 2020-01-01
until    = 2030-01-01
seen_from = 2028-01-01
source   = { id = "page" }
message  = "automated"
advice   = "Stop."
exposure = []

[rule.es]
title    = "Solo en español"
message  = "automatizada"
advice   = "Deténgala."
"#;

fn engine() -> Engine {
    let manifest = format!(
        "name = \"two\"\nversion = \"1.0.0\"\nrequires = \"^{}\"\ntitle = \"Two rules\"\npublished \
         = 2026-01-01\nknown_until = 2026-01-01\n[sources.page]\ntitle = \"Page\"\nurl = \
         \"https://page.example/\"\nretrieved = 2026-01-01\nconfidence = \"official\"\n",
        cleartosend::schema::VERSION
    );
    let file = |path: &str, text: &str| PackFile {
        path: path.to_owned(),
        bytes: Cow::Owned(text.as_bytes().to_vec()),
    };
    let files = vec![file("pack.toml", &manifest), file("rules/data.toml", RULES)];
    Engine::builder().without_built_in().pack("two", files).build().unwrap()
}

fn decision(members: &str) -> Decision {
    let engine = engine();
    let document = format!("{{\"send_at\": \"2026-03-02T15:00:00Z\", {members}}}");
    let facts = Facts::from_json(engine.schema(), document.as_bytes()).unwrap();
    engine.report(&facts, Report::EveryRule).unwrap()
}

/// Title, message and advice of a rule in a language.
fn texts(decision: &Decision, rule: &str, lang: Lang) -> [String; 3] {
    let place = decision.findings().iter().position(|finding| &*finding.rule == rule).unwrap();
    let texts = decision.texts(place, lang).unwrap();
    [texts.title, texts.message, texts.advice]
}

#[test]
fn a_violation_has_the_packs_own_words_with_the_facts_in_their_place() {
    let decision = decision(
        r#""campaign": {"audience_size": 7, "requests": [], "automated": false},
           "provider": {"name": "Acme {y}", "id": null}, "recipient": {"country": "ES"}"#,
    );
    assert_eq!(
        texts(&decision, "data.both", Lang::English),
        ["Both", "7 to [unknown recipient.phone] of Acme {y}: none {x}", "Ask [no provider.id]."]
    );
    assert_eq!(
        texts(&decision, "data.both", Lang::Spanish),
        [
            "Los dos",
            "{x} ninguno: Acme {y}, [recipient.phone desconocido], 7, [recipient.phone \
             desconocido]",
            "Pregunte a [sin provider.id]."
        ]
    );
    assert_eq!(
        texts(&decision, "data.both", Lang::Portuguese),
        [
            "Os dois",
            "nenhum, Acme {y}, [recipient.phone desconhecido], 7 {x}",
            "Pergunte a [sem provider.id]."
        ]
    );
}

#[test]
fn a_rule_without_texts_in_a_language_is_reported_in_english() {
    let decision =
        decision(r#""campaign": {"audience_size": 1, "automated": true}, "recipient": {}"#);
    assert_eq!(
        texts(&decision, "data.spanish-alone", Lang::Spanish),
        [
            "Solo en español",
            "automatizada; que ya rigiera antes del 2028-01-01 se supone, no consta",
            "Deténgala."
        ]
    );
    assert_eq!(
        texts(&decision, "data.spanish-alone", Lang::Portuguese),
        [
            "Spanish alone",
            "automated; que já valesse antes de 2028-01-01 é suposição, não consta",
            "Stop."
        ]
    );
    assert_eq!(texts(&decision, "data.both", Lang::Spanish), ["Los dos", "la regla se cumple", ""]);
}

#[test]
fn what_is_missing_or_cannot_be_evaluated_is_reported_in_the_language() {
    let missing = decision(r#""campaign": {"automated": false}, "recipient": {}"#);
    assert_eq!(
        texts(&missing, "data.both", Lang::Spanish)[1..],
        [
            "no se puede decidir: no se indicó campaign.audience_size",
            "indique campaign.audience_size: un número entero desde 0"
        ]
    );
    let failed = decision(
        r#""campaign": {"automated": false, "audience_size": 9223372036854775807}, "recipient": {}"#,
    );
    assert_eq!(
        texts(&failed, "data.both", Lang::Portuguese)[1..],
        [
            "não é possível decidir: o resultado de `*` não cabe em 64 bits",
            "não foi possível avaliar `campaign.audience_size * 2`: o resultado de `*` não cabe em \
             64 bits; corrija os fatos que ela lê, ou a regra"
        ]
    );
}

#[test]
fn the_engines_own_findings_are_reported_in_the_language() {
    let engine = engine();
    let late = engine.check_json(br#"{"send_at": "2028-03-02T15:00:00Z"}"#).unwrap();
    assert_eq!(
        texts(&late, "directory.rules-not-current", Lang::Spanish),
        [
            "Las reglas se consultaron para el día del envío",
            "las reglas de two 1.0.0 recogen lo conocido hasta el 2026-01-01, mucho antes de \
             2028-03-02T15:00:00Z",
            "Use una versión más reciente del paquete, o consulte en sus fuentes qué cambió desde \
             entonces."
        ]
    );
    let none = Engine::builder().without_built_in().build().unwrap();
    let none = none.check_json(br#"{"send_at": "2026-03-02T15:00:00Z"}"#).unwrap();
    assert_eq!(
        texts(&none, "input.no-rule-in-force", Lang::Portuguese),
        [
            "Alguma regra está em vigor quando a mensagem é enviada",
            "não há nenhum pacote, de modo que nenhuma regra está em vigor em 2026-03-02T15:00:00Z",
            "Corrija `send_at`, ou acrescente um pacote cujas regras estejam em vigor então."
        ]
    );
}

#[test]
fn both_built_in_packs_have_their_texts_in_every_language() {
    for name in Pack::built_in_names() {
        let pack = Pack::built_in(name).unwrap().unwrap();
        for rule in &pack.rules {
            for lang in Lang::TRANSLATIONS {
                let translation = rule.translation(*lang);
                let translation = translation.unwrap_or_else(|| panic!("{}: no {lang}", rule.id));
                assert_ne!(translation.title, rule.title, "{} in {lang}", rule.id);
            }
        }
    }
}

#[test]
fn in_english_a_decision_reads_what_its_findings_hold() {
    for example in common::examples() {
        let engine = Engine::built_in().unwrap();
        let facts = Facts::from_json(engine.schema(), &example).unwrap();
        let decision = engine.report(&facts, Report::EveryRule).unwrap();
        let (json, digest) = (decision.to_json(), decision.digest());
        let papers: Vec<String> =
            Lang::ALL.iter().map(|lang| engine.render(&decision, *lang)).collect();
        for (place, finding) in decision.findings().iter().enumerate() {
            let texts = decision.texts(place, Lang::English).unwrap();
            assert_eq!(
                (&*texts.title, &*texts.message, &*texts.advice),
                (&*finding.title, &*finding.message, &*finding.advice)
            );
            for lang in Lang::TRANSLATIONS {
                let other = decision.texts(place, *lang).unwrap();
                assert_ne!(other.message, texts.message, "{} in {lang}", finding.rule);
                assert_eq!(other.advice.is_empty(), texts.advice.is_empty(), "{}", finding.rule);
            }
        }
        // Reading it changes nothing of it, and papers have the same paths, numbers and dates.
        assert_eq!((decision.to_json(), decision.digest()), (json, digest));
        for paper in &papers {
            for finding in decision.findings() {
                assert!(paper.contains(&*finding.rule), "{paper}");
            }
            assert!(paper.contains(&digest.to_string()), "{paper}");
        }
        assert!(decision.texts(decision.findings().len(), Lang::Spanish).is_none());
    }
}

#[test]
fn an_error_of_an_evaluation_is_reported_in_the_language() {
    let engine = Engine::built_in().unwrap();
    let facts = engine.facts(Timestamp::parse("2026-03-02T15:00:00Z").unwrap());
    for (expression, english, spanish) in [
        ("1 / 0", "`/` by zero", "`/` por cero"),
        ("[1][2]", "there is no element 2 in a list of 1", "no hay elemento 2 en una lista de 1"),
        ("int(\"{x}\")", "`{x}` is no int", "`{x}` no es un valor de tipo int"),
    ] {
        match engine.eval(expression, &facts).unwrap() {
            cel::Outcome::Error(error) => {
                assert_eq!(error.message(), english);
                assert_eq!(error.message_in(Lang::English), english);
                assert_eq!(error.message_in(Lang::Spanish), spanish);
            }
            other => panic!("{expression}: {other:?}"),
        }
    }
}

#[test]
fn statuses_have_texts_in_every_language() {
    let decision = decision(r#""campaign": {"audience_size": 1}"#);
    assert!(decision.findings().iter().any(|finding| finding.status == Status::NotApplicable));
    for (place, finding) in decision.findings().iter().enumerate() {
        for lang in Lang::TRANSLATIONS {
            let texts = decision.texts(place, *lang).unwrap();
            assert_ne!(texts.message, finding.message, "{} in {lang}", finding.rule);
        }
    }
}
