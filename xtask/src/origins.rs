//! Where does each fact come from that an ordinary campaign needs?
//!
//! The page follows from two others: which members are needed stands on the page that the judge of
//! needed members writes, and where each comes from stands in the schema.

use std::fmt::Write as _;

use cleartosend::Schema;
use cleartosend::schema::levers;

/// Which members are needed, and who knows them.
const NEEDED: &str = include_str!("../../docs/reference/needed-members.md");

/// The page `docs/guides/where-facts-come-from.md`.
pub(crate) fn page(schema: &Schema) -> Result<String, String> {
    let mut page = String::from(TOP);
    for (title, why, is_of) in PARTS {
        let _ = write!(page, "\n## {title}\n\n{why}\n\n| member | who knows it | comes from |\n");
        page.push_str("| --- | --- | --- |\n");
        for (path, known_by) in needed().filter(|(path, _)| is_of(path)) {
            let lever = schema.id(path).and_then(levers::of).or_else(|| levers::of_list(path));
            let lever = lever.ok_or_else(|| format!("`{path}` has no row in the schema"))?;
            let _ = writeln!(page, "| `{path}` | {known_by} | {} |", lever.comes_from);
        }
    }
    page.push_str(END);
    Ok(page)
}

/// The members of the page of needed ones, each with who knows it.
fn needed() -> impl Iterator<Item = (&'static str, &'static str)> {
    NEEDED.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| `")?.split(" | ");
        Some((cells.next()?.strip_suffix('`')?, cells.next()?))
    })
}

type Part = (&'static str, &'static str, fn(&str) -> bool);

/// The parts of the page: a title, a sentence, and whose members they are.
const PARTS: &[Part] = &[
    (
        "The same for all campaigns",
        "These belong in a [base document](configuration.md): what WhatsApp knows of the account \
         changes on its own, so\nkeep it fresh by the Graph API or by [webhooks](webhooks.md).",
        |path| {
            !path.starts_with("campaign.") && !path.starts_with("recipient.") && path != "send_at"
        },
    ),
    ("Of each campaign", "These stand in the campaign document.", |path| {
        path.starts_with("campaign.") || path == "send_at"
    }),
    (
        "Of each recipient",
        "These are columns of the audience; a table in CSV of a CRM or a shop is read by\n[a mapping \
         of its columns](audience-files.md).",
        |path| path.starts_with("recipient."),
    ),
];

const TOP: &str = "# Where each fact comes from

<!-- Written by `cargo xtask generate`; do not edit. -->

The members that [an ordinary campaign needs](../reference/needed-members.md), and the field, the answer of the Graph API
or the webhook that each usually comes from.
";

const END: &str = "
Where every other member comes from, and who can change it, stands in
[the reference](../reference/attributes.md#who-can-change-it-and-where-it-comes-from).
";
