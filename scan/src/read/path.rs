//! Packages that a path leads to: a folder or an archive, of which only the name is known.

use crate::mention::Mention;
use crate::mentions::Mentions;

/// Takes the name that the last part of a path has: `./yowsup`, `wheels/neonize-0.3.0-py3.whl`.
pub(super) fn take(path: &str, mention: Mention<'_>, into: &mut Mentions<'_>) {
    if let Some(name) = name_of(path) {
        into.take_packed(name, mention);
    }
}

fn name_of(path: &str) -> Option<&str> {
    let path = path.split(['#', '?', '[', ';']).next()?.trim().trim_end_matches(['/', '\\']);
    let last = path.rsplit(['/', '\\', ':']).next()?;
    let archive = [".whl", ".tar.gz", ".tgz", ".zip", ".crate", ".gem"]
        .iter()
        .find_map(|ending| last.strip_suffix(ending));
    let name = archive.map_or(last, |stem| {
        let version = stem.match_indices('-').find(|(at, _)| {
            stem.get(at + 1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        });
        version.and_then(|(at, _)| stem.get(..at)).unwrap_or(stem)
    });
    (!name.trim_matches('.').is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn the_last_part_of_a_path_names_what_is_in_it() {
        assert_eq!(name_of("./wheels/neonize-0.3.0-py3-none-any.whl"), Some("neonize"));
        assert_eq!(name_of("./yowsup[extra]"), Some("yowsup"));
        assert_eq!(name_of("file:///opt/a-b-1.0.tar.gz#sha256=0"), Some("a-b"));
        assert_eq!(name_of("..\\whatsapp\\"), Some("whatsapp"));
        for nameless in [".", "..", "./", "", "/"] {
            assert_eq!(name_of(nameless), None, "{nameless}");
        }
    }
}
