//! What is a source written in?

/// What a source is written in, as far as it matters for imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    JavaScript,
    Python,
    Go,
    Rust,
    Ruby,
    Dart,
    Shell,
    /// Languages that mostly press keys and click: what they open, they drive.
    Keys,
    Other,
}

impl Language {
    /// By the ending of a file's name, in small letters.
    pub(crate) fn of(file: &str) -> Option<Self> {
        if file == ".env" || file.starts_with(".env.") {
            return Some(Self::Other);
        }
        if matches!(file, "makefile" | "gnumakefile" | "justfile" | "procfile" | "taskfile") {
            return Some(Self::Shell);
        }
        let (_, ending) = file.rsplit_once('.')?;
        Some(match ending {
            "js" | "mjs" | "cjs" | "jsx" | "ts" | "mts" | "cts" | "tsx" | "vue" | "svelte"
            | "astro" | "html" | "htm" => Self::JavaScript,
            "py" | "pyw" | "ipynb" => Self::Python,
            "go" => Self::Go,
            "rs" => Self::Rust,
            "rb" => Self::Ruby,
            "dart" => Self::Dart,
            "sh" | "bash" | "zsh" | "fish" | "ps1" | "psm1" | "bat" | "cmd" | "mk" | "ksh"
            | "csh" | "tcsh" | "dash" | "nu" | "bats" | "command" | "envrc" | "bashrc"
            | "bash_profile" | "profile" | "zshrc" => Self::Shell,
            "ahk" | "au3" | "vbs" | "robot" | "sikuli" | "applescript" => Self::Keys,
            "java" | "kt" | "kts" | "scala" | "groovy" | "cs" | "csx" | "fs" | "fsx" | "vb"
            | "php" | "ex" | "exs" | "livemd" | "lua" | "pl" | "pm" | "swift" | "gs" | "bas"
            | "cls" | "pas" | "cpp" | "cc" | "c" | "m" | "mm" | "r" | "jl" | "clj" | "erl"
            | "http" | "rest" => Self::Other,
            _ => return None,
        })
    }

    /// By the first line of a script, which names its interpreter: `#!/usr/bin/env python3`.
    pub(crate) fn of_script(bytes: &[u8]) -> Option<Self> {
        let line = bytes.strip_prefix(b"#!")?.split(|byte| *byte == b'\n').next()?;
        let line = String::from_utf8_lossy(line);
        let mut words = line.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word));
        words.find_map(|word| {
            let name = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
            Some(match name {
                "sh" | "bash" | "dash" | "ash" | "zsh" | "ksh" | "csh" | "tcsh" | "fish"
                | "pwsh" | "nu" | "make" | "just" | "openrc-run" | "bats" | "with-contenv"
                | "execlineb" => Self::Shell,
                "python" | "pypy" | "uv" | "pipx" | "ipython" | "pip-run" => Self::Python,
                "node" | "nodejs" | "deno" | "bun" | "tsx" | "ts-node" | "zx" | "npx" => {
                    Self::JavaScript
                }
                "ruby" | "jruby" => Self::Ruby,
                "dart" => Self::Dart,
                "go" | "gorun" | "yaegi" => Self::Go,
                "rust-script" | "cargo" => Self::Rust,
                "osascript" => Self::Keys,
                "php" | "perl" | "lua" | "elixir" | "groovy" | "kotlin" | "kscript" | "scala"
                | "scala-cli" | "jbang" | "java" | "dotnet" | "dotnet-script" | "Rscript"
                | "julia" | "swift" | "escript" => Self::Other,
                _ => return None,
            })
        })
    }
}
