//! An engine of signed parts alone.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot make its keys has failed"
)]

use cleartosend::{Engine, Pack, PackFile, Schema, Timestamp};
use cleartosend_evidence::{PublicKey, SecretKey, Subject, Trust, TrustedError, Trusting as _};

fn pack() -> Pack {
    let manifest = "name = \"house\"\nversion = \"1.2.0\"\nrequires = \"*\"\ntitle = \"t\"\n\
                    published = 2026-01-01\n[sources.s]\ntitle = \"t\"\n\
                    url = \"https://acme.example\"\nretrieved = 2026-01-01\n\
                    confidence = \"official\"\n";
    let rule = "[[rule]]\nid = \"data.red\"\ntopic = \"data\"\ntitle = \"t\"\n\
                forbids = 'campaign.initiated_by == \"business\"'\nverdict = \"review\"\n\
                source = { id = \"s\" }\nmessage = \"m\"\nadvice = \"a\"\nexposure = []\n";
    let files = [("pack.toml", manifest), ("rules/data.toml", rule)]
        .map(|(path, text)| PackFile { path: path.to_owned(), bytes: text.as_bytes().into() });
    Pack::load(&files, &Schema::built_in()).unwrap()
}

fn trust(key: &PublicKey, at_least: &[(&str, &str)]) -> Trust {
    let owned = |(name, version): &(&str, &str)| ((*name).to_owned(), (*version).to_owned());
    Trust {
        keys: vec![key.clone()],
        at: Timestamp::parse("2026-06-01T00:00:00Z").unwrap(),
        at_least: at_least.iter().map(owned).collect(),
    }
}

fn codes(error: &TrustedError) -> Vec<&'static str> {
    match error {
        TrustedError::Untrusted(refused) => refused.iter().map(|(_, error)| error.code()).collect(),
        other => panic!("{other}"),
    }
}

#[test]
fn only_what_is_signed_or_built_in_makes_the_engine() {
    let (secret, public) = SecretKey::pair().unwrap();
    let (stranger, _) = SecretKey::pair().unwrap();
    let signed = |key: &SecretKey| Subject::pack(&pack()).sign(key, None).unwrap();
    let builder = || Engine::builder().trust(trust(&public, &[]));
    let engine = builder().pack(pack(), Some(&signed(&secret))).build().unwrap();
    assert_eq!(&*engine.packs()[1].name, "house");
    let engine = builder().built_in_pack("messaging-law").build().unwrap();
    assert_eq!(engine.packs().len(), 2, "what is built in needs no signature");

    let refused = |signature: Option<&str>| builder().pack(pack(), signature).build().unwrap_err();
    assert_eq!(codes(&refused(None)), ["trust/unsigned"]);
    assert_eq!(codes(&refused(Some(&signed(&stranger)))), ["trust/unknown-key"]);
    assert!(refused(None).to_string().contains("the pack `house` is not signed"));
    // Nor does anything come in by the builder that was there before.
    let before = Engine::builder().add(pack()).trust(trust(&public, &[])).build().unwrap_err();
    assert_eq!(codes(&before), ["trust/unsigned"]);
}

#[test]
fn least_versions_hold_for_all_that_is_in_use() {
    let (secret, public) = SecretKey::pair().unwrap();
    let signature = Subject::pack(&pack()).sign(&secret, None).unwrap();
    let build = |at_least: &[(&str, &str)]| {
        let trusting = Engine::builder().trust(trust(&public, at_least));
        trusting.pack(pack(), Some(&signature)).build()
    };
    assert!(
        build(&[("house", "1.2.0"), ("whatsapp", "1.0.0"), ("providers", "2020-01-01")]).is_ok()
    );
    for (name, version, code) in [
        ("house", "1.10.0", "trust/older"),
        ("whatsapp", "99.0.0", "trust/older"),
        ("providers", "2099-01-01", "trust/older"),
        ("hause", "1.0.0", "trust/unknown-name"),
        ("whatsapp", "new", "trust/bad-version"),
    ] {
        assert_eq!(codes(&build(&[(name, version)]).unwrap_err()), [code], "{name} {version}");
    }
}
