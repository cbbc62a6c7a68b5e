//! Does this name look like that of a fork or an add-on of a listed client?
//!
//! Forks of the well-known libraries appear faster than any list: `@other/baileys`,
//! `toxic-baileys`, `baileys-antiban`. Such a name accuses nobody, so what looks alike is asked
//! about and never denied. A name looks alike where a whole word of its last part is one that the
//! libraries have made their own; `baileysfonts` is one word and so unrecognised, and an owner
//! named Bailey is no part of the name.

use super::ecosystem::Ecosystem;

/// Words that stand in a row in such a name, and the client that they belong to.
///
/// Only words that nothing else is called by: not `waha`, `alright` or `provider`, which are listed
/// and plain words as well.
const WORDS: &[(&[&str], Ecosystem, &str)] = &[
    (&["baileys"], Ecosystem::Npm, "baileys"),
    (&["whaileys"], Ecosystem::Npm, "whaileys"),
    (&["whatsapp", "web", "js"], Ecosystem::Npm, "whatsapp-web.js"),
    (&["wwebjs"], Ecosystem::Npm, "whatsapp-web.js"),
    (&["wppconnect"], Ecosystem::Npm, "@wppconnect-team/wppconnect"),
    (&["venom", "bot"], Ecosystem::Npm, "venom-bot"),
    (&["wa", "automate"], Ecosystem::Npm, "@open-wa/wa-automate"),
    (&["whatsmeow"], Ecosystem::Go, "go.mau.fi/whatsmeow"),
    (&["wuzapi"], Ecosystem::Go, "github.com/asternic/wuzapi"),
    (&["neonize"], Ecosystem::Pypi, "neonize"),
    (&["pywhatkit"], Ecosystem::Pypi, "pywhatkit"),
    (&["yowsup"], Ecosystem::Pypi, "yowsup"),
    (&["wacore"], Ecosystem::Cargo, "wacore"),
    (&["evolution", "api"], Ecosystem::Docker, "evoapicloud/evolution-api"),
];

/// Words that are a gateway's in the name of an image, and may be anybody's in that of a package.
const IMAGE_WORDS: &[(&[&str], Ecosystem, &str)] = &[
    (&["waha"], Ecosystem::Docker, "devlikeapro/waha"),
    (&["quepasa"], Ecosystem::Docker, "codeleaks/quepasa"),
    (&["unoapi"], Ecosystem::Docker, "clairton/unoapi-cloud"),
    (&["evolutionapi"], Ecosystem::Docker, "evoapicloud/evolution-api"),
    (
        &["whatsapp", "web", "multidevice"],
        Ecosystem::Docker,
        "aldinokemal2104/go-whatsapp-web-multidevice",
    ),
    (&["mautrix", "whatsapp"], Ecosystem::Docker, "dock.mau.dev/mautrix/whatsapp"),
];

/// Words that make up the whole name of a listed library's repository, and that with others beside
/// them, or in the name of a package, may be anybody's.
const REPOSITORY_WORDS: &[(&[&str], Ecosystem, &str)] = &[
    (&["whatsapp", "rust"], Ecosystem::Cargo, "whatsapp-rust"),
    (&["whatsappweb4j"], Ecosystem::Maven, "com.github.auties00:whatsappweb4j"),
];

/// Words that whoever copies or forks an image puts beside them. Others make another image:
/// `waha-frontend` is a page of somebody's.
const COPY_WORDS: &[&str] = &[
    "amd64",
    "api",
    "arm",
    "arm64",
    "bot",
    "chrome",
    "cloud",
    "core",
    "custom",
    "devlikeapro",
    "fork",
    "gateway",
    "go",
    "gows",
    "http",
    "mirror",
    "my",
    "noweb",
    "own",
    "plus",
    "private",
    "pro",
    "server",
    "service",
    "webjs",
    "whatsapp",
];

/// What may be glued to the last of these words: `baileyspp`, `baileys2`.
const ENDINGS: &[&str] = &["pp", "plus", "js", "ts", "x", "md", "pro", "mod"];

/// Bytes of a name that is compared. Names of packages end far before; a longer one is an address.
const NAME_BYTES_MAX: usize = 256;

/// The listed client that a name looks like.
pub(super) fn of(ecosystem: Ecosystem, name: &str) -> Option<(Ecosystem, &'static str)> {
    // Whoever sells one of these has words of their own around its name.
    let last = match ecosystem {
        Ecosystem::App | Ecosystem::Hosted if name.len() <= NAME_BYTES_MAX => name,
        _ => last_part(ecosystem, name)?,
    };
    let words: Vec<&str> =
        last.split(['-', '_', '.', ' ']).filter(|word| !word.is_empty()).collect();
    let is_in = |wanted: &[&str]| words.windows(wanted.len()).any(|window| is_row(window, wanted));
    let is_copy = |wanted: &[&str]| {
        let is_beside = |word: &&str| {
            COPY_WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))
                || wanted.iter().any(|wanted| is_row(&[*word], &[wanted]))
        };
        // A repository is what an image is built from; of a Spanish greeting many are called.
        (ecosystem == Ecosystem::Docker || ecosystem == Ecosystem::Git && wanted != ["quepasa"])
            && is_in(wanted)
            && words.iter().all(is_beside)
    };
    let found = WORDS.iter().find(|(wanted, _, _)| is_in(wanted));
    let found = found.or_else(|| IMAGE_WORDS.iter().find(|(wanted, _, _)| is_copy(wanted)));
    let is_repository = |wanted: &[&str]| {
        ecosystem == Ecosystem::Git && words.len() == wanted.len() && is_in(wanted)
    };
    let found =
        found.or_else(|| REPOSITORY_WORDS.iter().find(|(wanted, _, _)| is_repository(wanted)));
    found.map(|(_, ecosystem, original)| (*ecosystem, *original))
}

/// The listed client of which a name has the whole last part: `@other/baileys`.
pub(super) fn same_last_part(
    ecosystem: Ecosystem,
    name: &str,
) -> Option<(Ecosystem, &'static str)> {
    if !name.contains(['/', ':']) {
        return None;
    }
    let last = last_part(ecosystem, name)?;
    let found =
        WORDS.iter().find(|(wanted, _, _)| last.split(['-', '_', '.']).eq_by_letters(wanted));
    found.map(|(_, ecosystem, original)| (*ecosystem, *original))
}

trait EqByLetters {
    fn eq_by_letters(self, wanted: &[&str]) -> bool;
}

impl<'w, W: Iterator<Item = &'w str>> EqByLetters for W {
    fn eq_by_letters(mut self, wanted: &[&str]) -> bool {
        wanted
            .iter()
            .all(|wanted| self.next().is_some_and(|word| word.eq_ignore_ascii_case(wanted)))
            && self.next().is_none()
    }
}

fn is_row(words: &[&str], wanted: &[&str]) -> bool {
    let last = wanted.len().saturating_sub(1);
    words.iter().zip(wanted).enumerate().all(|(at, (word, wanted))| {
        let (Some(head), Some(rest)) = (word.get(..wanted.len()), word.get(wanted.len()..)) else {
            return false;
        };
        let glued = || {
            ENDINGS.iter().any(|ending| rest.eq_ignore_ascii_case(ending))
                || rest.bytes().all(|b| b.is_ascii_digit())
        };
        head.eq_ignore_ascii_case(wanted) && (rest.is_empty() || (at == last && glued()))
    })
}

/// What a name is called without its owner, version and the ending of a repository.
fn last_part(ecosystem: Ecosystem, name: &str) -> Option<&str> {
    if name.len() > NAME_BYTES_MAX || matches!(ecosystem, Ecosystem::App | Ecosystem::Hosted) {
        return None;
    }
    let name = match ecosystem {
        // The first `@` of npm's names begins a scope.
        Ecosystem::Npm | Ecosystem::Jsr => name
            .get(1..)
            .and_then(|rest| rest.find('@'))
            .map_or(name, |at| name.get(..=at).unwrap_or(name)),
        Ecosystem::Git => name.split(['#', '?']).next().unwrap_or(name).trim_end_matches('/'),
        _ => name.split('@').next().unwrap_or(name),
    };
    let name = match ecosystem {
        Ecosystem::Git => {
            let path = name.split_once("://").map_or(name, |(_, rest)| rest);
            // An address of an archive goes on behind the name: the repository is the third part.
            let parts: Vec<&str> = path.split(['/', ':']).collect();
            return parts
                .get(
                    if parts.first().is_some_and(|host| host.contains('.') || host.contains('@')) {
                        2
                    } else {
                        parts.len().checked_sub(1)?
                    },
                )
                .map(|part| part.split('@').next().unwrap_or(part))
                .map(|part| part.strip_suffix(".git").unwrap_or(part));
        }
        Ecosystem::Go => match name.rsplit_once("/v") {
            Some((stem, major))
                if !major.is_empty() && major.bytes().all(|b| b.is_ascii_digit()) =>
            {
                stem
            }
            _ => name,
        },
        Ecosystem::Docker => {
            let last = name.rsplit('/').next().unwrap_or(name);
            return Some(last.split(':').next().unwrap_or(last));
        }
        _ => name,
    };
    name.rsplit(['/', ':']).next()
}

#[cfg(test)]
mod tests {
    use crate::clients::{Catalogue, ClientStatus, Ecosystem};

    use super::{IMAGE_WORDS, REPOSITORY_WORDS, WORDS, of, same_last_part};

    #[test]
    fn forks_and_add_ons_look_alike() {
        for name in [
            "@other/baileys",
            "toxic-baileys",
            "baileys-antiban",
            "@x/baileyspp",
            "baileys2",
            "@thereis/baileys-nightly",
            "Veron-Baileys",
        ] {
            assert_eq!(of(Ecosystem::Npm, name), Some((Ecosystem::Npm, "baileys")), "{name}");
        }
        for name in ["@x/whatsapp-web.js", "my-wwebjs", "whatsapp-web-js-fork"] {
            assert_eq!(
                of(Ecosystem::Npm, name),
                Some((Ecosystem::Npm, "whatsapp-web.js")),
                "{name}"
            );
        }
        for name in [
            "github:FreeZeeHostProject/Baileys",
            "https://github.com/x/Baileys.git#main",
            "git+ssh://git@github.com/x/baileys.git#0ff",
            "git@github.com:x/Baileys.git",
        ] {
            assert!(of(Ecosystem::Git, name).is_some(), "{name}");
        }
        assert!(of(Ecosystem::Go, "github.com/x/whatsmeow/v2").is_some());
        for image in [
            "registry.example:5000/x/evolution-api:v2",
            "someone/waha",
            "my-waha",
            "ghcr.io/other/waha-plus:latest",
            "someone/evolutionapi",
            "me/quepasa:3",
            "x/go-whatsapp-web-multidevice",
        ] {
            assert!(of(Ecosystem::Docker, image).is_some(), "{image}");
        }
        for (repository, looks_alike) in [
            ("github:someone/waha", true),
            ("https://github.com/someone/waha-plus.git#main", true),
            ("github:someone/waha-frontend", false),
            ("github:someone/quepasa", false),
            ("https://github.com/someone/whatsapp-rust", true),
            ("github:someone/whatsapp-rust-sdk", false),
        ] {
            assert_eq!(of(Ecosystem::Git, repository).is_some(), looks_alike, "{repository}");
        }
        for image in ["someone/wahaha", "waha/shop", "me/whatsapp", "me/api", "x/waha-frontend"] {
            assert!(of(Ecosystem::Docker, image).is_none(), "{image}");
        }
    }

    #[test]
    fn innocents_do_not() {
        for name in [
            "baileysfonts",
            "@bailey/ui",
            "@baileys/fonts",
            "wa-sqlite",
            "@journeyapps/wa-sqlite",
            "whatsapp",
            "whatsapp-web",
            "whatsapp-cloud-api",
            "@builderbot/provider-twilio",
            "venom",
            "bot",
            "evolution",
            "api-evolution",
            "react-whatsapp-widget",
            "wa-automatic",
        ] {
            assert_eq!(of(Ecosystem::Npm, name), None, "{name}");
        }
        for name in [
            "github:someone-baileys/petal",
            "https://github.com/baileys/petal.git",
            "someone/baileysfonts",
        ] {
            assert_eq!(of(Ecosystem::Git, name), None, "{name}");
        }
        assert_eq!(same_last_part(Ecosystem::Npm, "baileys-website"), None);
        assert_eq!(same_last_part(Ecosystem::Npm, "@me/baileys-website"), None);
        assert!(same_last_part(Ecosystem::Npm, "@me/baileys").is_some());
    }

    #[test]
    fn every_word_belongs_to_a_listed_client_that_is_not_official() {
        let catalogue = Catalogue::built_in().expect("catalogue");
        for (_, ecosystem, original) in WORDS.iter().chain(IMAGE_WORDS).chain(REPOSITORY_WORDS) {
            let client = catalogue.find_in(*ecosystem, original).expect(original);
            assert!(client.status > ClientStatus::Unrecognised, "{original}");
        }
    }
}
