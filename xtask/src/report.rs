//! Do reports look right to the people who read them?
//!
//! Every command that answers with a page makes one, of the examples; a browser opens them
//! (`js/tests/report.browser.mjs`).

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::browser;

/// Examples that a month's log is made of, again and again.
const OF_A_MONTH: [&str; 8] = [
    "clean-campaign",
    "spring-sale",
    "reply-in-window",
    "clean-campaign",
    "us-marketing-pause",
    "missing-facts",
    "restricted-account",
    "clean-campaign",
];
/// Days of the month on which nothing is sent.
const QUIET: [usize; 5] = [1, 8, 15, 22, 29];

/// Makes the pages and tries them in a browser; where there is none, says so.
///
/// # Errors
/// A page that could not be made, or that does not hold.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    if let Some(lacks) = browser::missing() {
        println!("missing: {lacks}, so reports are not looked at in a browser");
        return Ok(());
    }
    let folder = root.join("target/report");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Pages { root, folder: folder.clone() }.make()?;
    browser::tools(root)?;
    browser::test(root, "report.browser.mjs", ("CLEARTOSEND_REPORTS", &folder))
}

struct Pages<'a> {
    root: &'a Path,
    /// Where the commands run, so that pages have the names of files alone.
    folder: PathBuf,
}

impl Pages<'_> {
    fn make(&self) -> Result<(), String> {
        let examples = self.root.join("examples");
        let name = |name: &str| examples.join(name).display().to_string();
        let (sale, turkey) = (name("spring-sale.json"), name("turkey-2024.json"));
        let (campaign, clean) = (name("campaign-only.json"), name("clean-campaign.json"));

        self.run(&["explain", &sale, "--record", "sale.ndjson"], None)?;
        self.run(&["report", "sale.ndjson", "--output", "spring-sale.html"], None)?;
        self.run(&["explain", &sale, "--format", "html", "--lang", "es"], Some("venta.html"))?;

        self.write("recipients.csv", &audience())?;
        let screen = ["screen", &campaign, "recipients.csv", "--keep", "id"];
        let of = ["--what-helps", "--output", "result.csv", "--record", "audience.ndjson"];
        self.run(&[&screen[..], &of].concat(), None)?;
        self.run(&["report", "audience.ndjson", "--output", "audience.html"], None)?;
        self.run(&[&screen[..], &["--format", "html"]].concat(), Some("screen.html"))?;

        for (number, document) in self.month(&examples)?.iter().enumerate() {
            let file = format!("month-{number}.json");
            self.write(&file, document)?;
            self.run(&["check", &file, "--record", "month.ndjson"], None)?;
        }
        self.run(&["report", "month.ndjson", "--output", "month.html"], None)?;
        let portuguese = ["report", "month.ndjson", "--output", "mes.html", "--lang", "pt"];
        self.run(&portuguese, None)?;

        self.run(&["check", &sale, "--format", "html"], Some("check.html"))?;
        self.run(&["explain", &turkey, "--format", "html"], Some("explain.html"))?;
        let between = ["diff", "whatsapp", "--old-at", "2024-01-01", "--new-at", "2026-03-01"];
        let cases = ["--campaigns", &turkey, &clean, "--format", "html"];
        self.run(&[&between[..], &cases].concat(), Some("diff.html"))?;
        let directory = name("directories/complete.json");
        let again = ["replay", "month.ndjson", "--directory", &directory, "--format", "html"];
        self.run(&again, Some("replay.html"))?;
        let log = std::fs::read_to_string(self.folder.join("month.ndjson"));
        let log = log.map_err(|error| error.to_string())?;
        // Somebody makes a denial of it, and cuts the end.
        let edited = log.replacen("\"verdict\":\"allow\"", "\"verdict\":\"deny\"", 1);
        let cut = edited.get(..edited.len().saturating_sub(40)).unwrap_or_default();
        self.write("edited.ndjson", cut)?;
        self.run(&["verify", "edited.ndjson", "--format", "html"], Some("verify.html"))
    }

    /// Documents of a month.
    fn month(&self, examples: &Path) -> Result<Vec<String>, String> {
        let mut documents = Vec::new();
        for day in (1..=31).filter(|day| !QUIET.contains(day)) {
            for hour in 0..=day % 3 {
                let name = OF_A_MONTH[(day * 5 + hour * 3) % OF_A_MONTH.len()];
                let file = examples.join(name).with_extension("json");
                let text = std::fs::read_to_string(&file)
                    .map_err(|error| format!("{}: {error}", file.display()))?;
                let mut document: serde_json::Value = serde_json::from_str(&text)
                    .map_err(|error| format!("{}: {error}", file.display()))?;
                document["send_at"] = format!("2026-03-{day:02}T{:02}:30:00Z", 9 + hour).into();
                documents.push(document.to_string());
            }
        }
        Ok(documents)
    }

    fn write(&self, name: &str, text: &str) -> Result<(), String> {
        std::fs::write(self.folder.join(name), text).map_err(|error| format!("{name}: {error}"))
    }

    /// Runs the command, whatever its verdict, and keeps what it prints in a file.
    fn run(&self, arguments: &[&str], output: Option<&str>) -> Result<(), String> {
        let manifest = self.root.join("Cargo.toml");
        let mut command = Command::new(env!("CARGO"));
        command.args(["run", "--quiet", "--package", "cleartosend-cli", "--manifest-path"]);
        command.arg(manifest).arg("--").args(arguments).current_dir(&self.folder);
        if let Some(output) = output {
            let file = std::fs::File::create(self.folder.join(output));
            command.stdout(file.map_err(|error| format!("{output}: {error}"))?);
        } else {
            command.stdout(Stdio::null());
        }
        let done = command.output().map_err(|error| format!("{command:?}: {error}"))?;
        // 2 is a refusal; of a log that was cut it is what is shown.
        let is_answer =
            done.status.code().is_some_and(|code| code != 2 || arguments[0] == "verify");
        match is_answer {
            true => Ok(()),
            false => Err(format!(
                "cts {}: {}\n{}",
                arguments.join(" "),
                done.status,
                String::from_utf8_lossy(&done.stderr)
            )),
        }
    }
}

/// Recipients of several countries, some without an opt-in, some who opted out, one unreadable.
fn audience() -> String {
    const NUMBERS: [&str; 6] =
        ["+3460000", "+3460001", "+90532123", "+5731012", "+121255", "+4915112"];
    let mut text = String::from("id,recipient.phone,recipient.opt_in,recipient.opted_out\n");
    for row in 0..600 {
        let phone = match row {
            77 => "+12".to_owned(),
            _ => format!("{}{:05}", NUMBERS[row % NUMBERS.len()], row * 7),
        };
        let opt_in = ["given", "given", "given", "none", "given", "", "given"][row % 7];
        let _ = writeln!(text, "{row},{phone},{opt_in},{}", row % 11 == 0);
    }
    text
}
