use super::*;

fn built_in() -> Arc<Catalogue> {
    Catalogue::built_in().expect("the built-in catalogue loads")
}

#[test]
fn misleading_names_are_judged_by_what_they_are() {
    let catalogue = built_in();
    for (client, status) in [
        ("npm:whatsapp", ClientStatus::Official),
        ("npm:facebook-nodejs-business-sdk", ClientStatus::Official),
        ("pypi:facebook-business", ClientStatus::Official),
        ("pypi:ma-nish", ClientStatus::Official),
        ("npm:@builderbot/provider-meta", ClientStatus::Official),
        ("npm:@builderbot/provider-baileys", ClientStatus::Unofficial),
        ("npm:jagproject", ClientStatus::Unofficial),
        ("npm:riftcore", ClientStatus::Unofficial),
        ("pypi:whatsapp-api-client-python", ClientStatus::Unofficial),
        ("npm:n8n-nodes-evolution-api", ClientStatus::Undecided),
        ("npm:@elizaos/plugin-whatsapp", ClientStatus::Undecided),
        ("docker:evoapicloud/evolution-api", ClientStatus::Undecided),
        ("pypi:waha", ClientStatus::Undecided),
        ("npm:openclaw", ClientStatus::Undecided),
        ("npm:clawdbot", ClientStatus::Unofficial),
        ("pypi:pymeta", ClientStatus::Unrecognised),
        ("pypi:whapi", ClientStatus::Unrecognised),
        ("pypi:whatapp", ClientStatus::Unrecognised),
        ("pypi:zapchat", ClientStatus::Unrecognised),
        ("pypi:wazuh", ClientStatus::Unrecognised),
        ("pypi:whatsapp", ClientStatus::Unrecognised),
        ("npm:waha", ClientStatus::Unrecognised),
        ("npm:baileys-helper", ClientStatus::Unrecognised),
        ("npm:my-baileys", ClientStatus::Unrecognised),
        ("npm:@other/baileys", ClientStatus::Unrecognised),
        ("pypi:baileys", ClientStatus::Unrecognised),
        ("cargo:whatsapp-business-rs", ClientStatus::Official),
        ("cargo:whatsapp-rust", ClientStatus::Unofficial),
        ("", ClientStatus::Unrecognised),
        ("npm", ClientStatus::Unrecognised),
        ("npm:", ClientStatus::Unrecognised),
        ("nowhere:baileys", ClientStatus::Unrecognised),
    ] {
        assert_eq!(catalogue.status_of(client), status, "{client}");
    }
}

#[test]
fn each_ecosystem_has_its_own_spellings() {
    let catalogue = built_in();
    for client in [
        "NPM:@WhiskeySockets/Baileys",
        "npm:@whiskeysockets/baileys@6.17.16",
        "npm:baileys@latest",
        "pypi:Whatsapp_Chatbot.Python",
        "pip:whatsapp--chatbot_-python==1.1.1",
        "pypi:neonize[all]>=0.3",
        "go:go.mau.fi/whatsmeow@v0.0.0-2024",
        "golang:github.com/aldinokemal/go-whatsapp-web-multidevice/v7",
        "crates:whatsapp_rust@0.7",
        "docker:docker.io/devlikeapro/waha:latest",
        "image:index.docker.io/devlikeapro/waha-plus@sha256:00",
        "docker:DevLikeAPro/waha",
        "git:https://github.com/WhiskeySockets/Baileys.git#master",
        "git:git+ssh://git@github.com/whiskeysockets/baileys.git@v6.7",
        "git:git@github.com:WhiskeySockets/Baileys.git",
        "git:github:whiskeysockets/Baileys",
        "git:https://codeload.github.com/WhiskeySockets/Baileys/tar.gz/abc",
        "git:https://github.com/WhiskeySockets/Baileys/archive/refs/heads/master.tar.gz",
        "git:git://user:secret@github.com/WhiskeySockets/Baileys/",
        "hosted:GREEN API",
    ] {
        assert_eq!(catalogue.status_of(client), ClientStatus::Unofficial, "{client}");
    }
    for client in [
        "npm:baileys_",
        "npm:bаileys",
        "npm:@whiskeysockets/baileys/lib",
        "docker:ghcr.io/devlikeapro/waha",
        "docker:localhost:5000/devlikeapro/waha",
        "docker:devlikeapro/waha/extra",
        "go:go.mau.fi/whatsmeow/types",
        "git:https://evil.example/github.com/WhiskeySockets/Baileys",
        "git:github.com/WhiskeySockets/Baileys-docs",
        "git:github:whiskeysockets",
    ] {
        assert_eq!(catalogue.status_of(client), ClientStatus::Unrecognised, "{client}");
    }
}

#[test]
fn every_entry_is_found_by_its_own_name_and_says_where_it_was_seen() {
    let catalogue = built_in();
    assert!(catalogue.clients().len() > 150);
    for client in catalogue.clients() {
        let found = catalogue.find(client.ecosystem.name(), &client.name).expect("found by its own name");
        assert_eq!(found.name, client.name);
        assert!(!client.note.is_empty() && !client.source.title.is_empty(), "{}", client.name);
        assert!(client.seen.len() == 10 && *client.seen <= *catalogue.dated(), "{}", client.name);
        assert!(client.confidence != Confidence::Unconfirmed || client.status == ClientStatus::Undecided, "{}", client.name);
    }
}

/// A catalogue with one entry, some of whose members are replaced or added.
fn with_entry(members: &str) -> Result<Catalogue, CatalogueError> {
    Catalogue::parse(&format!(
        "version = \"1.0.0\"\ndated = 2026-01-02\n[sources.seen]\ntitle = \"t\"\nretrieved = 2026-01-01\nconfidence = \"listed\"\n\
         [[client]]\n{members}\n"
    ))
}

const SOUND: &str = "ecosystem = \"npm\"\nnames = [\"a\", \"b\"]\nstatus = \"unofficial\"\nkind = \"web\"\nsource = \"seen\"\nnote = \"n\"";

#[test]
fn a_catalogue_that_claims_more_than_it_knows_is_refused() {
    let catalogue = with_entry(SOUND).expect("sound");
    assert_eq!(catalogue.find("npm", "A").map(|client| &*client.seen), Some("2026-01-01"));
    for (from, to, code, words) in [
        ("\"web\"", "\"wob\"", "catalogue/unknown-value", "`web`, perhaps"),
        ("\"unofficial\"", "\"unrecognised\"", "catalogue/unknown-value", "one of `official`, `undecided`, `unofficial`"),
        ("\"npm\"", "\"nqm\"", "catalogue/unknown-value", "`npm`"),
        ("\"seen\"", "\"sean\"", "catalogue/unknown-source", "did you mean `seen`?"),
        ("\"b\"", "\"A\"", "catalogue/listed-twice", "`npm:A` is listed twice, also as `a`"),
        ("\"b\"", "\" \"", "catalogue/bad-name", "is no name"),
        ("[\"a\", \"b\"]", "[]", "catalogue/no-names", "without names"),
        ("note", "confidence = \"unconfirmed\"\nnote", "catalogue/unconfirmed", "must be `undecided`"),
        ("\"unofficial\"", "\"undecided\"", "catalogue/asks-nothing", "`ask`"),
        ("\"unofficial\"", "\"official\"", "catalogue/contradiction", "kind `web`"),
        ("\"web\"", "\"both\"", "catalogue/contradiction", "kind `both`"),
        ("note", "nota", "catalogue/syntax", "nota"),
        ("note", "seen = 2026-01-01T00:00:00Z\nnote", "catalogue/bad-date", "not a date"),
    ] {
        let changed = SOUND.replacen(from, to, 1);
        assert_ne!(changed, SOUND, "{from}");
        let error = with_entry(&changed).expect_err(to);
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains(words), "{error}");
        assert!(error.line >= 7 && !error.to_string().contains('\n'), "{error}");
    }
}

#[test]
fn the_worst_status_is_the_greatest() {
    assert!(ClientStatus::Unofficial > ClientStatus::Undecided && ClientStatus::Undecided > ClientStatus::Unrecognised);
    assert!(ClientStatus::Unrecognised > ClientStatus::Official);
}
