//! The nearest valid name, for messages.

/// The candidate nearest to `wrong`, when it is near enough to be what was meant.
///
/// Near enough: at most a third of the longer name differs, by the Damerau–Levenshtein distance
/// (optimal string alignment), letters compared without case. Ties go to the earlier candidate, so
/// the order of candidates is part of the result. A word that says the opposite, such as
/// `not_verified` or `unavailable` beside `verified` and `available`, is no typing error.
pub fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if wrong.len() > crate::limits::NAME_BYTES_MAX {
        return None;
    }
    let wrong_lower = wrong.to_lowercase();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let distance = strsim::osa_distance(&wrong_lower, &candidate.to_lowercase());
        let longest = wrong.chars().count().max(candidate.chars().count());
        if distance * 3 <= longest
            && best.is_none_or(|(least, _)| distance < least)
            && !says_the_opposite(&wrong_lower, &candidate.to_lowercase(), distance)
        {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, name)| name)
}

/// Whether one of two names is nearer to the other without what denies it in front.
fn says_the_opposite(one: &str, other: &str, distance: usize) -> bool {
    const DENYING: &[&str] =
        &["not_", "not-", "not ", "non_", "non-", "no_", "not", "non", "un", "dis", "in", "de"];
    let last = |name: &str| {
        let last = name.rsplit('.').next().unwrap_or_default();
        last.strip_prefix("is_").unwrap_or(last).to_owned()
    };
    let (one, other) = (last(one), last(other));
    let is_denied = |denied: &str, plain: &str| {
        let bare = DENYING.iter().filter_map(|denying| denied.strip_prefix(denying));
        let is_nearer = |bare| strsim::osa_distance(bare, plain) + 1 < distance;
        bare.filter(|bare| !bare.is_empty()).any(is_nearer)
    };
    is_denied(&one, &other) || is_denied(&other, &one)
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

    #[test]
    fn the_opposite_of_a_name_is_not_it() {
        let names = ["verified", "available", "approved", "connected", "official", "marketing"];
        for opposite in [
            "NOT_VERIFIED",
            "not verified",
            "unavailable",
            "not-approved",
            "disapproved",
            "not_connected",
            "disconnected",
            "unofficial",
            "unofficail",
            "non_marketing",
        ] {
            assert_eq!(nearest(opposite, names), None, "{opposite}");
        }
        assert_eq!(nearest("oficial", ["unofficial", "official"]), Some("official"));
        assert_eq!(nearest("unoficial", ["official", "unofficial"]), Some("unofficial"));
        assert_eq!(nearest("unverifed", ["verified", "unverified"]), Some("unverified"));
        assert_eq!(nearest("account.is_official", ["account.is_unofficial"]), None);
    }
}
