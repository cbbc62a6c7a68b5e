//! The nearest valid name, for messages.

/// The candidate nearest to `wrong`, when it is near enough to be what was meant.
///
/// Near enough: at most a third of the longer name differs, by the Damerau–Levenshtein distance
/// (optimal string alignment), letters compared without case. Ties go to the earlier candidate, so
/// the order of candidates is part of the result.
pub fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if wrong.len() > crate::limits::NAME_BYTES_MAX {
        return None;
    }
    let wrong_lower = wrong.to_lowercase();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let distance = strsim::osa_distance(&wrong_lower, &candidate.to_lowercase());
        let longest = wrong.chars().count().max(candidate.chars().count());
        if distance * 3 <= longest && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_typo_finds_its_name_and_a_stranger_finds_none() {
        let names = ["account.quality", "account.review", "campaign.category"];
        assert_eq!(nearest("acount.quality", names), Some("account.quality"));
        assert_eq!(nearest("account.qualtiy", names), Some("account.quality"));
        assert_eq!(nearest("weather", names), None);
    }
}
