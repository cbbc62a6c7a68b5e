//! How is the header written?

use std::path::Path;

use cbindgen::{
    Builder, Config, DocumentationStyle, EnumConfig, ExportConfig, FunctionConfig, Language,
    Layout, SortKey, Style,
};

/// The sources whose public items are the header, in its order.
const SOURCES: &[&str] = &[
    "version",
    "status",
    "text",
    "bytes",
    "error",
    "init",
    "builder",
    "engine",
    "pack",
    "facts",
    "decision",
    "explanation",
    "record",
    "report",
    "provider",
    "account",
    "changes",
    "code",
    "scan",
    "projection",
    "screen",
    "summary",
    "table",
];

/// The header.
///
/// # Errors
/// A source that cannot be read or is not understood.
pub(super) fn text(root: &Path) -> Result<String, String> {
    let packaging = |name: &str| {
        let path = root.join("ffi/packaging").join(name);
        std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let after = format!(
        "{}\n\n{}",
        packaging("nodiscard.txt")?.trim_end(),
        packaging("arrow.txt")?.trim_end()
    );
    let config = config(&packaging("contract.txt")?, &after, &packaging("helpers.txt")?);
    let mut builder = Builder::new().with_config(config);
    for source in SOURCES {
        builder = builder.with_src(root.join(format!("ffi/src/{source}.rs")));
    }
    let bindings =
        builder.generate().map_err(|error| format!("no header could be made: {error}"))?;
    let mut bytes = Vec::new();
    bindings.write(&mut bytes);
    String::from_utf8(bytes)
        .map(|text| not_discarded(&on_one_line(&text)))
        .map_err(|error| error.to_string())
}

/// Nobody may overlook a status.
fn not_discarded(header: &str) -> String {
    let marked = |line: &str| {
        if line.starts_with("cts_status cts_") {
            format!("CTS_NODISCARD {line}\n")
        } else {
            format!("{line}\n")
        }
    };
    header.lines().map(marked).collect()
}

/// A comment of one line takes one line.
fn on_one_line(header: &str) -> String {
    let lines: Vec<&str> = header.lines().collect();
    let mut text = String::with_capacity(header.len());
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let comment =
            match (line.trim(), lines.get(at + 1), lines.get(at + 2).map(|line| line.trim())) {
                ("/**", Some(only), Some("*/")) => only.trim_start().strip_prefix("* "),
                _ => None,
            };
        if let Some(comment) = comment {
            let indent = line.len() - line.trim_start().len();
            text.push_str(&format!("{:indent$}/** {comment} */\n", ""));
            at += 3;
        } else {
            text.push_str(line);
            text.push('\n');
            at += 1;
        }
    }
    text
}

fn config(contract: &str, after_includes: &str, helpers: &str) -> Config {
    let mut config = Config {
        // The guard is written here: the generator's own ends before the trailer.
        header: Some(format!(
            "{}\n\n#ifndef CLEARTOSEND_H\n#define CLEARTOSEND_H",
            contract.trim_end()
        )),
        trailer: Some(format!("{}\n\n#endif  /* CLEARTOSEND_H */", helpers.trim_end())),
        autogen_warning: Some(
            "/* Made by `cargo xtask c` from the sources in ffi/src; do not edit. */".to_owned(),
        ),
        no_includes: true,
        sys_includes: ["stddef.h", "stdint.h", "string.h"].map(str::to_owned).to_vec(),
        after_includes: Some(format!("{}\n\n{after_includes}", versions())),
        language: Language::C,
        cpp_compat: true,
        style: Style::Both,
        usize_is_size_t: true,
        line_length: 100,
        documentation: true,
        documentation_style: DocumentationStyle::Doxy,
        sort_by: SortKey::None,
        function: FunctionConfig {
            args: Layout::Auto,
            sort_by: Some(SortKey::None),
            ..FunctionConfig::default()
        },
        enumeration: EnumConfig::default(),
        export: ExportConfig::default(),
        ..Config::default()
    };
    // Enumerations that no function takes or gives by their type are still what `int32_t` arguments
    // mean.
    config.export.include = ["cts_told", "cts_language", "cts_timeline", "cts_texts", "cts_format"]
        .map(str::to_owned)
        .to_vec();
    // Arrow's structures are declared by the specification's own text, without a `typedef`.
    config
        .export
        .rename
        .insert("ArrowArrayStream".to_owned(), "struct ArrowArrayStream".to_owned());
    config
}

/// The version of the library, for the preprocessor.
fn versions() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let (major, minor, patch) = (
        env!("CARGO_PKG_VERSION_MAJOR"),
        env!("CARGO_PKG_VERSION_MINOR"),
        env!("CARGO_PKG_VERSION_PATCH"),
    );
    format!(
        "\n/* The version of the library that this header is from. */\n#define CTS_VERSION \
         \"{version}\"\n#define CTS_VERSION_MAJOR {major}\n#define CTS_VERSION_MINOR \
         {minor}\n#define CTS_VERSION_PATCH {patch}"
    )
}
