//! Every kind of manifest: what is found, where, under which name, and what is not.

#![expect(
    clippy::expect_used,
    reason = "a test that cannot set up its files fails, also in its helpers"
)]

use std::path::{Path, PathBuf};

use cleartosend::expert::clients::Catalogue;
use cleartosend_scan::{Finding, Options, Report, scan};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scan").join(name)
}

fn scanned(name: &str) -> Report {
    scan(&fixture(name), &Catalogue::built_in().expect("catalogue"), &Options::default())
        .expect("a readable tree")
}

fn line(finding: &Finding) -> String {
    let alias = finding.alias.as_ref().map(|alias| format!(" as {alias}")).unwrap_or_default();
    let version = finding.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
    let place =
        format!("{}:{}:{}", finding.file, finding.line.unwrap_or(0), finding.column.unwrap_or(0));
    format!(
        "{place} {} {}:{}{version}{alias} {:?}",
        finding.status, finding.ecosystem, finding.name, finding.via
    )
}

#[track_caller]
fn finds(name: &str, expected: &[&str]) {
    let report = scanned(name);
    assert_eq!(report.broken, [], "{name}");
    let found: Vec<String> = report.findings.iter().map(line).collect();
    assert_eq!(found, expected, "{name}: found {found:#?}");
}

#[test]
fn meta_s_own_sdks_and_names_that_only_look_alike_are_not_reported() {
    finds("official", &[]);
}

#[test]
fn npm_sees_through_aliases_repositories_and_archives() {
    finds(
        "npm",
        &[
            "package-lock.json:12:5 unofficial npm:@whiskeysockets/baileys 6.7.18 as wa Alias",
            "package-lock.json:17:5 unofficial npm:whatsapp-rust-bridge 0.5.2 Transitive",
            "package-lock.json:21:5 unofficial npm:whaileys 6.4.9 as hidden Alias",
            "package-lock.json:25:5 unofficial npm:baileys 1.0.0 Transitive",
            "package-lock.json:30:5 unofficial git:github.com/WhiskeySockets/Baileys 6.7.0 as fetched Alias",
            "package.json:5:5 unofficial npm:@whiskeysockets/baileys ^6.7.0 as wa Alias",
            "package.json:7:5 unofficial npm:whatsapp-web.js github:someone/whatsapp-web.js#main Direct",
            "package.json:8:5 unofficial git:github.com/WhiskeySockets/Baileys git+https://github.com/WhiskeySockets/Baileys.git#v6.7.0 as sender Alias",
            "package.json:9:5 unofficial git:github.com/adiwajshing/Baileys adiwajshing/Baileys as client Alias",
            "package.json:10:5 unofficial npm:baileys 1.0.0 Direct",
            "package.json:11:5 unofficial npm:venom-bot https://registry.example/venom-bot/-/venom-bot-5.3.0.tgz as archive Alias",
            "package.json:12:5 unofficial npm:@open-wa/wa-automate 4.76.0 as patched Alias",
            "package.json:16:5 undecided npm:n8n-nodes-evolution-api 1.0.4 Direct",
            "package.json:19:18 unofficial npm:jagproject 28.8.2 as transport Alias",
            "package.json:21:20 unofficial npm:riftcore 1.4.7 Transitive",
        ],
    );
}

#[test]
fn old_npm_lock_files_nest() {
    finds(
        "npm-old",
        &[
            "package-lock.json:8:9 unofficial npm:@whiskeysockets/baileys 6.7.18 as wa Alias",
            "package-lock.json:13:5 unofficial npm:venom-bot 5.3.0 Locked",
        ],
    );
}

#[test]
fn yarn_classic() {
    finds(
        "yarn-classic",
        &[
            "yarn.lock:16:2 unofficial git:github.com/WhiskeySockets/Baileys 6.7.0 as fetched \
             Alias",
            "yarn.lock:20:2 unofficial npm:@whiskeysockets/baileys 6.7.18 as wa Alias",
        ],
    );
}

#[test]
fn yarn_berry() {
    finds(
        "yarn-berry",
        &[
            "yarn.lock:25:1 unofficial npm:venom-bot 5.3.0 Direct",
            "yarn.lock:31:1 unofficial npm:@whiskeysockets/baileys 6.7.18 as wa Alias",
            "yarn.lock:39:1 unofficial npm:whatsapp-rust-bridge 0.5.2 Transitive",
        ],
    );
}

#[test]
fn pnpm() {
    finds(
        "pnpm",
        &[
            "pnpm-lock.yaml:13:7 unofficial npm:@whiskeysockets/baileys 6.7.18 as wa Alias",
            "pnpm-lock.yaml:28:3 unofficial npm:baileys 6.7.0 Transitive",
            "pnpm-lock.yaml:35:3 unofficial npm:whatsapp-rust-bridge 0.5.2 Transitive",
            "pnpm-workspace.yaml:4:3 unofficial npm:baileys ^6.7.0 as wa Alias",
        ],
    );
}

#[test]
fn old_pnpm() {
    finds(
        "pnpm-old",
        &[
            "pnpm-lock.yaml:8:3 unofficial npm:venom-bot 5.3.0 Direct",
            "pnpm-lock.yaml:9:3 unofficial npm:@whiskeysockets/baileys 6.7.18 as wa Alias",
            "pnpm-lock.yaml:21:3 unofficial git:github.com/adiwajshing/Baileys Transitive",
        ],
    );
}

#[test]
fn bun() {
    finds("bun", &["bun.lock:9:5 unofficial npm:@whiskeysockets/baileys 6.7.18 as wa Alias"]);
}

#[test]
fn python() {
    finds(
        "python",
        &[
            "Pipfile:2:1 unofficial pypi:camouchat * Direct",
            "Pipfile.lock:1:27 unofficial pypi:camouchat ==0.7.0 Locked",
            "poetry.lock:6:1 unofficial pypi:whatsapp-chatbot-python 1.1.1 Locked",
            "pyproject.toml:2:1 undecided pypi:redshot Own",
            "pyproject.toml:3:28 unofficial pypi:alright ==2.61 Direct",
            "pyproject.toml:3:45 unofficial git:github.com/mgp25/Chat-API as tools Alias",
            "pyproject.toml:6:8 unofficial pypi:yowsup2 Direct",
            "pyproject.toml:9:43 unofficial pypi:pywhatkit Direct",
            "pyproject.toml:12:1 undecided pypi:evolution-api-mcp ^1.0 Direct",
            "pyproject.toml:13:1 unofficial git:github.com/WhiskeySockets/Baileys as wa Alias",
            "requirements.txt:5:1 unofficial pypi:whatsapp-api-client-python >=0.0.50 Direct",
            "requirements.txt:6:1 unofficial pypi:neonize ==0.5.2 Direct",
            "requirements.txt:12:1 unofficial git:github.com/tulir/whatsmeow as wm Alias",
            "requirements.txt:13:1 unofficial pypi:yowsup https://files.example/packages/yowsup-3.3.0.tar.gz Direct",
            "requirements.txt:14:1 unofficial pypi:waha ==1.0.5 Direct",
            "uv.lock:13:1 unofficial pypi:tryx 1.5.0 Direct",
            "uv.lock:21:1 unofficial pypi:neonize 0.5.2 Transitive",
        ],
    );
}

#[test]
fn go() {
    finds(
        "go",
        &[
            "go.mod:10:2 unofficial go:go.mau.fi/whatsmeow v0.0.0-20240101000000-000000000000 \
             Direct",
            "go.mod:11:2 unofficial go:github.com/aldinokemal/go-whatsapp-web-multidevice v7.1.0 \
             Transitive",
            "go.mod:14:27 unofficial go:github.com/tulir/whatsmeow \
             v0.0.0-20230101000000-000000000000 as example.com/wa Alias",
        ],
    );
}

#[test]
fn cargo() {
    finds(
        "cargo",
        &[
            "Cargo.lock:17:1 unofficial cargo:wacore 0.7.0 Transitive",
            "Cargo.lock:22:1 unofficial cargo:whatsapp-rust 0.7.0 Direct",
            "Cargo.toml:7:1 unofficial cargo:whatsapp-rust 0.7 as wa Alias",
            "Cargo.toml:10:34 unofficial cargo:wacore 0.7 Direct",
            "Cargo.toml:14:1 unofficial git:github.com/jlucaso1/whatsapp-rust as sender Alias",
        ],
    );
}

#[test]
fn composer() {
    finds(
        "composer",
        &[
            "composer.json:7:20 unofficial git:github.com/mgp25/Chat-API Direct",
            "composer.lock:4:7 unofficial git:github.com/mgp25/Chat-API v1.2.0 as \
             mgp25/whatsapp-api Alias",
        ],
    );
}

#[test]
fn maven_and_gradle() {
    finds(
        "jvm",
        &[
            "build.gradle:5:57 unofficial maven:com.github.auties00:cobalt Direct",
            "build.gradle.kts:3:21 unofficial maven:com.github.auties00:cobalt 0.0.9 Direct",
            "gradle.lockfile:2:1 unofficial maven:com.github.auties00:cobalt 0.0.9 Locked",
            "libs.versions.toml:2:1 unofficial maven:com.github.auties00:cobalt 0.0.9 Direct",
            "pom.xml:19:7 unofficial maven:com.github.auties00:cobalt 0.0.9 Direct",
        ],
    );
}

#[test]
fn dotnet() {
    finds("dotnet", &[]);
}

#[test]
fn dockerfiles_and_compose() {
    finds(
        "docker",
        &[
            "Dockerfile:7:1 unofficial docker:devlikeapro/waha-plus latest Direct",
            "Dockerfile:9:1 unofficial docker:devlikeapro/waha 2024.1 Direct",
            "Dockerfile:10:1 undecided docker:evoapicloud/evolution-api sha256:00 Direct",
            "docker-compose.yml:2:3 unofficial docker:devlikeapro/waha Direct",
            "docker-compose.yml:10:5 undecided docker:atendai/evolution-api v2 Direct",
            "docker-compose.yml:12:5 undecided docker:registry.example/devlikeapro/waha Direct",
        ],
    );
}
