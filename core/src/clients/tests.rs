use std::sync::Arc;

use super::ecosystem::KEY_BYTES_MAX;
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
        ("pypi:waha", ClientStatus::Unofficial),
        ("pypi:whatsfly", ClientStatus::Unchecked),
        ("npm:openclaw", ClientStatus::Undecided),
        ("npm:clawdbot", ClientStatus::Undecided),
        ("pypi:pymeta", ClientStatus::Unrecognised),
        ("pypi:whapi", ClientStatus::Unrecognised),
        ("pypi:whatapp", ClientStatus::Unrecognised),
        ("pypi:zapchat", ClientStatus::Unrecognised),
        ("pypi:wazuh", ClientStatus::Unrecognised),
        ("pypi:whatsapp", ClientStatus::Unrecognised),
        ("npm:waha", ClientStatus::Unrecognised),
        ("npm:baileys-helper", ClientStatus::Undecided),
        ("npm:my-baileys", ClientStatus::Undecided),
        ("npm:@other/baileys", ClientStatus::Undecided),
        ("pypi:baileys", ClientStatus::Undecided),
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
        "go:go.mau.fi/whatsmeow/types",
    ] {
        assert_eq!(catalogue.status_of(client), ClientStatus::Unofficial, "{client}");
    }
    for client in
        ["npm:baileys_", "git:github.com/WhiskeySockets/Baileys-docs", "docker:other.example/waha"]
    {
        assert_eq!(catalogue.status_of(client), ClientStatus::Undecided, "{client}");
    }
    for client in [
        "npm:bаileys",
        "npm:@whiskeysockets/baileys/lib",
        "docker:devlikeapro/waha/extra",
        "git:https://evil.example/github.com/WhiskeySockets/Baileys",
        "git:github:whiskeysockets",
        "docker:other.example/library/mariadb",
    ] {
        assert_eq!(catalogue.status_of(client), ClientStatus::Unrecognised, "{client}");
    }
}

#[test]
fn every_entry_is_found_by_its_own_name_and_says_where_it_was_seen() {
    let catalogue = built_in();
    assert!(catalogue.clients().len() > 150);
    for client in catalogue.clients() {
        let found =
            catalogue.find(client.ecosystem.name(), &client.name).expect("found by its own name");
        assert_eq!(found.name, client.name);
        assert!(!client.note.is_empty() && !client.source.title.is_empty(), "{}", client.name);
        assert!(client.seen.len() == 10 && *client.seen <= *catalogue.dated(), "{}", client.name);
        assert_eq!(
            client.confidence == EntryConfidence::Unconfirmed,
            client.status == ClientStatus::Unchecked,
            "{}",
            client.name
        );
    }
}

/// A catalogue with one entry, some of whose members are replaced or added.
fn with_entry(members: &str) -> Result<Catalogue, CatalogueError> {
    Catalogue::parse(&format!(
        "version = \"1.0.0\"\ndated = 2026-01-02\n[sources.seen]\ntitle = \"t\"\nretrieved = \
         2026-01-01\nconfidence = \"listed\"\n[sources.said]\ntitle = \"t\"\nretrieved = \
         2026-01-01\nconfidence = \"unconfirmed\"\n[[project]]\n{members}\n"
    ))
}

const SOUND: &str = "name = \"A b\"\nstatus = \"unofficial\"\nkind = \"web\"\nsource = \
                     \"seen\"\nnames.npm = [\"a\", \"b\"]\nnames.git = \
                     [\"github.com/a/b\"]\nhosts = [\"*.a.example\", \"b.example\"]\npaths = \
                     [\"/send/aMessage/*\"]\nnote = \"n\"";

#[test]
fn a_catalogue_that_claims_more_than_it_knows_is_refused() {
    let catalogue = with_entry(SOUND).expect("sound");
    assert_eq!(catalogue.find("npm", "A").map(|client| &*client.seen), Some("2026-01-01"));
    for (from, to, code, words) in [
        ("\"web\"", "\"wob\"", "catalogue/unknown-value", "`web`, perhaps"),
        (
            "\"unofficial\"",
            "\"unrecognised\"",
            "catalogue/unknown-value",
            "one of `official`, `unchecked`, `undecided`, `unofficial`",
        ),
        ("names.npm", "names.nqm", "catalogue/unknown-value", "`npm`"),
        ("\"seen\"", "\"sean\"", "catalogue/unknown-source", "did you mean `seen`?"),
        ("\"b\"", "\"A\"", "catalogue/listed-twice", "`npm:A` is listed twice, also as `npm:a`"),
        ("\"b\"", "\" \"", "catalogue/bad-name", "is not a name"),
        ("[\"a\", \"b\"]", "[]", "catalogue/no-names", "neither names nor addresses"),
        (
            "note",
            "confidence = \"unconfirmed\"\nnote",
            "catalogue/unconfirmed",
            "must be `unchecked`",
        ),
        ("\"unofficial\"", "\"unchecked\"", "catalogue/checked", "say what it is"),
        ("note", "sources.npm = \"said\"\nnote", "catalogue/unconfirmed", "must be `unchecked`"),
        (
            "note",
            "sources.pypi = \"seen\"\nnote",
            "catalogue/unknown-value",
            "of which the project has names",
        ),
        ("names.git", "names.app", "catalogue/no-repository", "`no_repository` with the reason"),
        (
            "note",
            "no_repository = \"closed\"\nnote",
            "catalogue/repository-after-all",
            "a repository too",
        ),
        ("*.a.example", "https://a.example", "catalogue/bad-address", "neither a host"),
        ("/send/aMessage/*", "/send", "catalogue/bad-address", "nor a path"),
        ("b.example", "*.a.example", "catalogue/listed-twice", "listed twice"),
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
    assert!(
        ClientStatus::Unofficial > ClientStatus::Undecided
            && ClientStatus::Undecided > ClientStatus::Unchecked
    );
    assert!(ClientStatus::Unchecked > ClientStatus::Unrecognised);
    assert!(ClientStatus::Unrecognised > ClientStatus::Official);
}

#[test]
fn a_name_longer_than_any_entry_is_unrecognised() {
    let catalogue = built_in();
    for length in [KEY_BYTES_MAX - 1, KEY_BYTES_MAX, KEY_BYTES_MAX + 1, 1 << 20] {
        assert_eq!(
            catalogue.status_of(&format!("npm:{}", "b".repeat(length))),
            ClientStatus::Unrecognised
        );
        assert_eq!(
            catalogue.status_of(&format!("app:whatsapp{}plus", " ".repeat(length))),
            ClientStatus::Unofficial
        );
    }
}

#[test]
fn a_copy_of_a_listed_image_is_undecided_at_most() {
    let catalogue = built_in();
    for (image, status) in [
        ("ghcr.io/devlikeapro/waha", ClientStatus::Undecided),
        ("localhost:5000/devlikeapro/waha:latest", ClientStatus::Undecided),
        ("registry.corp.example/mirror/DevLikeAPro/waha@sha256:00", ClientStatus::Undecided),
        ("registry.corp.example/evoapicloud/evolution-api", ClientStatus::Undecided),
        ("registry.corp.example/other/waha", ClientStatus::Undecided),
        ("waha", ClientStatus::Undecided),
        ("registry.corp.example/waha:latest", ClientStatus::Undecided),
        ("server", ClientStatus::Unrecognised),
        ("registry.corp.example/server", ClientStatus::Unrecognised),
        ("wahaclinic/waha-frontend", ClientStatus::Unrecognised),
    ] {
        assert_eq!(catalogue.status_of(&format!("docker:{image}")), status, "{image}");
    }
    let copied =
        catalogue.copy_of(Ecosystem::Docker, "ghcr.io/devlikeapro/waha:1").expect("a copy");
    assert_eq!(&*copied.name, "devlikeapro/waha");
    assert!(
        catalogue.copy_of(Ecosystem::Docker, "devlikeapro/waha").is_none(),
        "the image itself is no copy"
    );
    assert!(catalogue.copy_of(Ecosystem::Npm, "x/devlikeapro/waha").is_none());
}

#[test]
fn forks_services_apps_and_packages_of_modules_have_their_standing() {
    use ClientStatus::{Undecided, Unofficial, Unrecognised};

    let catalogue = built_in();
    for (status, clients) in [
        (
            Unofficial,
            &[
                "hosted:api.green-api.com",
                "hosted:green-api.com",
                "hosted:https://api.z-api.io/instances/1",
                "hosted:z-api.io",
                "hosted:ultramsg.com",
                "hosted:maytapi.com",
                "hosted:wablas",
                "hosted:chat-api",
                "hosted:solo.wablas.com",
                "app:GBWhatsApp v17",
                "app:GBWhatsApp Pro",
                "app:GBWhatsApp Pro v17.85",
                "app:whatsapp plus v9",
                "app:com.gbwhatsapp",
                "go:go.mau.fi/whatsmeow/store/sqlstore",
                "go:go.mau.fi/whatsmeow/types",
                "go:go.mau.fi/whatsmeow/proto/waE2E@v0.0.0",
                "go:github.com/asternic/wuzapi/cmd",
            ][..],
        ),
        (
            Undecided,
            &[
                "github:acme/baileys",
                "npm:@acme/baileys",
                "npm:toxic-baileys2",
                "go:github.com/acme/whatsmeow",
                "docker:acme/evolution-api",
                "git:git.corp.example/mirror/Baileys",
                "conda:pywhatkit",
                "jsr:@whiskeysockets/baileys",
                "hosted:wa.me/34600000000",
                "hosted:https://evo.example/message/sendText/x",
                "hosted:2chat",
                // One of several.
                "hosted:twilio, green-api",
                "hosted:Twilio and Green API",
                "app:WhatsApp Business and GBWhatsApp",
                // Called after a gateway, by somebody else.
                "hosted:green-api.com.evil.example",
                "app:whatsapp v2.24",
                "app:WhatsApp Web",
                "hosted:callmebot",
                "hosted:textmebot",
            ][..],
        ),
        (ClientStatus::Unchecked, &["app:ogwhatsapp", "app:OGWhatsApp 17"][..]),
        (
            Unrecognised,
            &[
                "hosted:graph.facebook.com",
                "hosted:nogreen-api.com",
                "app:gbwhatsappless",
                "go:go.mau.fi",
                "go:go.mau.fi/whatsmeowish",
                "npm:baileysfonts",
                "npm:@bailey/ui",
                "github:baileys/petal",
                "conda:numpy",
                "jsr:@std/path",
                "docker:nginx",
            ][..],
        ),
    ] {
        for client in clients {
            assert!(ClientName::parse(client).is_ok(), "{client}");
            assert_eq!(catalogue.status_of(client), status, "{client}");
        }
    }
}

#[test]
fn a_name_with_gaps_may_be_a_listed_one() {
    let catalogue = built_in();
    let may_be = |pattern: &str| catalogue.may_be(Ecosystem::Docker, pattern).is_some();
    assert!(may_be("*") && may_be("devlikeapro/*") && may_be("*/waha") && may_be("DEV*/*a"));
    assert!(!may_be("postgres*") && !may_be("*/node-base") && !may_be("registry.example/*"));
    assert!(catalogue.may_be(Ecosystem::Maven, "*:cobalt").is_some());
    assert!(catalogue.may_be(Ecosystem::Maven, "*:spring-core").is_none());
}

#[test]
fn package_urls_name_the_same_clients() {
    let catalogue = built_in();
    for (url, status) in [
        ("pkg:npm/%40whiskeysockets/baileys@6.7.0", ClientStatus::Unofficial),
        ("pkg:npm/@whiskeysockets/baileys", ClientStatus::Unofficial),
        ("PKG:NPM/baileys", ClientStatus::Unofficial),
        ("pkg:pypi/pywhatkit@5.4", ClientStatus::Unofficial),
        ("pkg:golang/go.mau.fi/whatsmeow@v0.0.0-2024#types", ClientStatus::Unofficial),
        ("pkg:cargo/whatsapp-rust@0.7", ClientStatus::Unofficial),
        ("pkg:docker/devlikeapro/waha@sha256:00", ClientStatus::Unofficial),
        ("pkg:docker/devlikeapro/waha?repository_url=https://ghcr.io/", ClientStatus::Undecided),
        (
            "pkg:oci/waha@sha256%3A00?repository_url=docker.io/devlikeapro/waha",
            ClientStatus::Unofficial,
        ),
        ("pkg:oci/waha@sha256%3A00?repository_url=docker.io/devlikeapro", ClientStatus::Unofficial),
        ("pkg:oci/waha@sha256%3A00", ClientStatus::Undecided),
        ("pkg:github/WhiskeySockets/Baileys@v6", ClientStatus::Unofficial),
        ("pkg:composer/netflie/whatsapp-cloud-api@2", ClientStatus::Official),
        ("pkg:gem/rails@8", ClientStatus::Unrecognised),
        ("pkg:hex/phoenix@1", ClientStatus::Unrecognised),
        ("pkg:pub/http@1", ClientStatus::Unrecognised),
        ("pkg:nuget/Newtonsoft.Json@13", ClientStatus::Unrecognised),
        ("pkg:deb/debian/curl@8?arch=amd64", ClientStatus::Unrecognised),
    ] {
        assert!(ClientName::parse(url).is_ok(), "{url}");
        assert_eq!(catalogue.status_of(url), status, "{url}");
    }
}

#[test]
fn what_cannot_be_placed_is_refused_with_what_was_meant() {
    for (client, suggestion) in [
        ("npm/whatsapp-web.js", Some("npm:whatsapp-web.js")),
        ("nmp/whatsapp-web.js", Some("npm:whatsapp-web.js")),
        ("pypy/pywhatkit", Some("pypi:pywhatkit")),
        ("pipy:pywhatkit", Some("pypi:pywhatkit")),
        ("npm whatsapp-web.js", Some("npm:whatsapp-web.js")),
        ("npm\u{ff1a}baileys", Some("npm:baileys")),
        ("npm=baileys", Some("npm:baileys")),
        ("npm;baileys", Some("npm:baileys")),
        ("npmjs:baileys", Some("npm:baileys")),
        ("js:baileys", Some("npm:baileys")),
        ("crates.io:whatsapp-rust", Some("cargo:whatsapp-rust")),
        ("maven central:com.github.auties00:cobalt", Some("maven:com.github.auties00:cobalt")),
        ("dockerhub:devlikeapro/waha", Some("docker:devlikeapro/waha")),
        ("@whiskeysockets/baileys", Some("npm:@whiskeysockets/baileys")),
        ("go.mau.fi/whatsmeow", Some("go:go.mau.fi/whatsmeow")),
        ("ghcr.io/owner/name", Some("docker:ghcr.io/owner/name")),
        ("github.com/WhiskeySockets/Baileys", Some("git:github.com/WhiskeySockets/Baileys")),
        ("https://www.npmjs.com/package/baileys", Some("npm:baileys")),
        ("npmjs.com/package/@whiskeysockets/baileys/v/6", Some("npm:@whiskeysockets/baileys")),
        ("https://pypi.org/project/pywhatkit/", Some("pypi:pywhatkit")),
        ("https://hub.docker.com/r/devlikeapro/waha?tab=tags", Some("docker:devlikeapro/waha")),
        (
            "https://mvnrepository.com/artifact/it.auties/whatsapp4j",
            Some("maven:it.auties:whatsapp4j"),
        ),
        ("yarn:baileys", Some("npm:baileys")),
        ("gradle:com.github.auties00:cobalt:0.0.9", Some("maven:com.github.auties00:cobalt:0.0.9")),
        ("ruby:twilio-ruby", Some("gem:twilio-ruby")),
        ("nmp:baileys", Some("npm:baileys")),
        (
            "https://github.com/WhiskeySockets/Baileys",
            Some("git:https://github.com/WhiskeySockets/Baileys"),
        ),
        (" npm:baileys", Some("npm:baileys")),
        ("npm:baileys ", Some("npm:baileys")),
        ("npm: baileys", Some("npm:baileys")),
        ("npm :baileys", Some("npm:baileys")),
        ("npm:bai\u{200b}leys", Some("npm:baileys")),
        ("\u{feff}npm:baileys", Some("npm:baileys")),
        ("npm:baileys\n", Some("npm:baileys")),
        ("npm:wa@npm:@whiskeysockets/baileys@6", Some("npm:@whiskeysockets/baileys@6")),
        ("npm:wa@github:WhiskeySockets/Baileys", Some("git:github:WhiskeySockets/Baileys")),
        (
            "pypi:wa @ git+https://github.com/tgalal/yowsup",
            Some("git:git+https://github.com/tgalal/yowsup"),
        ),
        ("pkg:mvn/com.github.auties00/cobalt", None),
        ("pkg:gradle/com.github.auties00/cobalt", Some("pkg:maven/com.github.auties00/cobalt")),
        ("npm:bаileys", None),
        ("npm:@whiskeysockets/baileys/lib", None),
        ("npm:pedroslopez/whatsapp-web.js", None),
        ("docker:${REGISTRY}/devlikeapro/waha", None),
        ("maven:cobalt", None),
        ("composer:chat-api", None),
        ("git:baileys", None),
        ("pkg:npm", None),
        ("pkg:huggingface/x", None),
        ("pkg:npm/", None),
        ("pkg:npm/baileys%00", None),
        ("hosted:?", None),
        ("baileys", None),
        ("npm:", None),
        (":baileys", None),
        ("", None),
    ] {
        let error = ClientName::parse(client).expect_err(client);
        assert_eq!(error.suggestion(), suggestion, "{client:?}: {error}");
        let words = error.to_string();
        assert!(
            !words.contains(|letter: char| letter.is_control() || letter == '\u{200b}')
                && words.len() < 400,
            "{words}"
        );
    }
    let error = ClientName::parse("weather:x").expect_err("no ecosystem").to_string();
    assert!(
        error.starts_with("`weather` is not an ecosystem; expected one of npm, pypi, go"),
        "{error}"
    );
}

#[test]
fn short_forms_of_repositories_and_other_spellings_are_read() {
    let catalogue = built_in();
    for client in [
        "github:WhiskeySockets/Baileys",
        "GitHub:whiskeysockets/baileys#v6",
        "hosted:greenapi",
        "hosted:GREEN API",
        "hosted:Green-Api",
    ] {
        assert!(ClientName::parse(client).is_ok(), "{client}");
        assert_eq!(catalogue.status_of(client), ClientStatus::Unofficial, "{client}");
    }
    assert_eq!(catalogue.status_of("app:GB WhatsApp"), catalogue.status_of("app:gbwhatsapp"));
}

#[test]
fn services_and_apps_are_known_by_their_first_words() {
    let catalogue = built_in();
    for client in [
        "hosted:unipile inc",
        "hosted:WAHA Plus",
        "hosted:Green API Russia",
        "hosted:WhatsApp",
        "app:com.whatsapp:2.24",
        "app:com.whatsapp@2.24",
        "app:WhatsApp for Windows",
        "app:WhatsApp for Windows 2.2405",
        "app:WhatsApp Desktop Beta",
        "app:GBWhatsApp Pro 17",
    ] {
        let status = catalogue.status_of(client);
        assert!(status > ClientStatus::Unchecked, "{client}: {status}");
    }
    for client in [
        "hosted:WhatsApp Cloud API",
        "hosted:WhatsApp Business Platform",
        "hosted:Irish Chat API",
        "hosted:Unipiles",
        "app:Wahapp",
    ] {
        assert_eq!(catalogue.status_of(client), ClientStatus::Unrecognised, "{client}");
    }
    for client in
        ["app:WhatsApp Business", "app:com.whatsapp.w4b:2.24", "app:WhatsApp Business 2.24"]
    {
        assert!(catalogue.is_business_app(client), "{client}");
        assert!(catalogue.status_of(client) <= ClientStatus::Unrecognised, "{client}");
    }
    for client in ["app:WhatsApp", "hosted:WhatsApp Business Platform", "npm:whatsapp-business"] {
        assert!(!catalogue.is_business_app(client), "{client}");
    }
    for name in ["Unipile Inc", "unipile", "Evolution API Ltd", "WAHA Plus", "Baileys GmbH"] {
        assert_eq!(catalogue.gateway([Some(name), None], None), Some(name), "{name}");
    }
    for name in [
        "Irish Telecom",
        "Acme Chat API",
        "Cobalt Digital",
        "WhatsApp Partner GmbH",
        "Wahanda",
        "WhatsApp",
        "WhatsApp LLC",
    ] {
        assert_eq!(catalogue.gateway([Some(name), None], None), None, "{name}");
    }
}

#[test]
fn one_record_has_all_names_of_a_project() {
    let catalogue = built_in();
    for (project, status, names) in [
        (
            "WAHA",
            ClientStatus::Unofficial,
            &["docker:devlikeapro/waha-plus", "github:devlikeapro/waha", "hosted:waha"][..],
        ),
        (
            "wuzapi",
            ClientStatus::Unofficial,
            &[
                "go:github.com/asternic/wuzapi",
                "docker:asternic/wuzapi",
                "git:github.com/asternic/wuzapi",
            ],
        ),
        (
            "Cobalt",
            ClientStatus::Unofficial,
            &["maven:com.github.auties00:whatsappweb4j:3.3.1", "maven:com.github.auties00:cobalt"],
        ),
        (
            "Yowsup",
            ClientStatus::Unofficial,
            &["pypi:yowsup", "git:git+https://github.com/tgalal/yowsup@master"],
        ),
        (
            "OpenClaw",
            ClientStatus::Undecided,
            &["npm:openclaw", "npm:moltbot", "npm:clawdbot", "npm:openclaw-cn"],
        ),
        (
            "Evolution API",
            ClientStatus::Undecided,
            &[
                "docker:atendai/evolution-api",
                "github:EvolutionAPI/evolution-api",
                "hosted:evolution api",
            ],
        ),
        (
            "GREEN-API",
            ClientStatus::Unofficial,
            &[
                "npm:@green-api/whatsapp-api-client",
                "pypi:whatsapp-chatbot-python",
                "hosted:greenapi",
            ],
        ),
        (
            "mautrix-whatsapp",
            ClientStatus::Unofficial,
            &["go:maunium.net/go/mautrix-whatsapp", "go:go.mau.fi/mautrix-whatsapp"],
        ),
        (
            "Chat-API",
            ClientStatus::Unofficial,
            &["composer:whatsapp/chat-api", "github:WHAnonymous/Chat-API"],
        ),
        ("WhatsRB Cloud", ClientStatus::Undecided, &["gem:whatsrb_cloud"]),
        ("Unipile", ClientStatus::Undecided, &["npm:unipile-node-sdk", "hosted:unipile"]),
    ] {
        for name in names {
            let client = ClientName::parse(name).expect(name);
            let entry = catalogue.find_in(client.ecosystem, &client.name).expect(name);
            assert_eq!((&*entry.project, entry.status), (project, status), "{name}");
        }
    }
}

#[test]
fn a_project_with_a_library_or_an_image_has_its_repository_or_a_reason() {
    // The reader refuses a project with neither; here stands how many are without, so that the
    // number is seen to fall.
    let catalogue = built_in();
    let of = |wanted: fn(Ecosystem) -> bool| {
        let clients = catalogue.clients().iter().filter(|client| wanted(client.ecosystem));
        clients.map(|client| &*client.project).collect::<std::collections::BTreeSet<_>>()
    };
    let (published, with_repository) =
        (of(Ecosystem::is_published), of(|ecosystem| ecosystem == Ecosystem::Git));
    let images = of(|ecosystem| ecosystem == Ecosystem::Docker);
    assert!(images.is_subset(&with_repository), "{:?}", images.difference(&with_repository));
    assert!(
        published.intersection(&with_repository).count() >= 33,
        "{}",
        published.intersection(&with_repository).count()
    );
}

#[test]
fn every_address_is_found_by_its_own_pattern_and_says_where_it_was_seen() {
    let catalogue = built_in();
    assert!(catalogue.addresses().len() > 40);
    for address in catalogue.addresses() {
        let text = address.pattern.text();
        let found = match &address.pattern {
            Pattern::Host(host) => catalogue.find_address(host, "/"),
            Pattern::Domain(domain) => catalogue.find_address(&format!("x.{domain}"), "/"),
            Pattern::Path(path) => catalogue.find_address("own.example", &path.replace('*', "1")),
        };
        assert_eq!(found.map(|address| &*address.project), Some(&*address.project), "{text}");
        assert!(!address.note.is_empty() && !address.source.title.is_empty(), "{text}");
        assert_eq!(address.status == ClientStatus::Undecided, address.ask.is_some(), "{text}");
    }
}

#[test]
fn a_gateway_is_known_wherever_it_stands_in_a_name() {
    let catalogue = built_in();
    for name in [
        "Twilio + Green API",
        "Acme (Green API)",
        "Acme, Green API",
        "Acme con WAHA",
        "www.ultramsg.com",
        "https://ultramsg.com/pricing",
        "api.green-api.com",
    ] {
        assert_eq!(catalogue.gateway([Some(name), None], None), Some(name), "{name}");
    }
    for domain in ["ultramsg.net", "green-api.org", "app.maytapi.example.com", "maytapi.io"] {
        let found = catalogue.gateway([None, None], Some(domain));
        assert_eq!(found.is_some(), !domain.contains("example"), "{domain}");
    }
    for domain in ["twilio.com", "baileys.com", "whatsapp.com", "someshop.example"] {
        assert_eq!(catalogue.gateway([None, None], Some(domain)), None, "{domain}");
    }
    for name in ["Twilio", "Greenland API Services", "www.twilio.com", "Bee & Sons", "A+B"] {
        assert_eq!(catalogue.gateway([Some(name), None], None), None, "{name}");
    }
}

#[test]
fn a_client_is_not_named_by_a_word_for_nobody_or_by_two_names() {
    for text in [
        "hosted:unknown",
        "hosted:N/A",
        "app:none",
        "hosted:${X}",
        "hosted:https://",
        "docker:nginx devlikeapro/waha",
        "composer:a/b whatsapp/chat-api",
        "maven:org.a:b com.github.auties00:cobalt",
    ] {
        assert!(ClientName::parse(text).is_err(), "{text}");
    }
    for text in ["composer:a/b ^1.0", "docker:nginx", "maven:org.a:b@1.0", "hosted:acme chat"] {
        assert!(ClientName::parse(text).is_ok(), "{text}");
    }
}
