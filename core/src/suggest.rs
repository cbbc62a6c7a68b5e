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
            && !says_the_opposite(&wrong_lower, &candidate.to_lowercase())
        {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, name)| name)
}

/// Whether a name says the opposite of another, in one of its words or by a word for *not*.
fn says_the_opposite(one: &str, other: &str) -> bool {
    let words = |name: &str| -> Vec<String> {
        name.split(|letter: char| !letter.is_alphanumeric()).map(str::to_owned).collect()
    };
    let (one, other) = (words(one), words(other));
    let is_denied = |words: &[String]| words.iter().any(|word| DENIALS.contains(&&**word));
    is_denied(&one) != is_denied(&other)
        || one.iter().zip(&other).any(|(one, other)| {
            is_denied_by_its_beginning(one, other)
                || is_denied_by_its_beginning(other, one)
                || are_counterparts(one, other)
                || are_counterparts(other, one)
        })
}

/// `no` is none of them: ids of rules have it, as `consent.no-opt-in`, and are asked for without.
const DENIALS: &[&str] = &["not", "non", "without"];

/// Whether a word is nearer to the other without what denies it in front.
fn is_denied_by_its_beginning(denied: &str, plain: &str) -> bool {
    const BEGINNINGS: &[&str] =
        &["un", "dis", "in", "de", "il", "mis", "non", "not", "anti", "off"];
    let distance = strsim::osa_distance(denied, plain);
    let bare = BEGINNINGS.iter().filter_map(|beginning| denied.strip_prefix(beginning));
    bare.filter(|bare| !bare.is_empty())
        .any(|bare| strsim::osa_distance(bare, plain) + 1 < distance)
}

/// Whether two words begin as opposites do and go on alike: `inbound` and `outbound`.
fn are_counterparts(one: &str, other: &str) -> bool {
    const COUNTERPARTS: &[(&str, &str)] =
        &[("in", "out"), ("en", "dis"), ("on", "off"), ("start", "stop"), ("resum", "stop")];
    COUNTERPARTS.iter().any(|(begins, opposite)| {
        one.strip_prefix(begins)
            .zip(other.strip_prefix(opposite))
            .is_some_and(|(one, other)| strsim::osa_distance(one, other) <= 2)
    })
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
        for (opposite, name) in [
            ("account.is_official", "account.is_unofficial"),
            ("account_unlocked", "account_locked"),
            ("number_not_banned", "number_banned"),
            ("account_enabled", "account_disabled"),
            ("legal_drugs", "illegal_drugs"),
            ("onboarded", "offboarded"),
            ("recipient.opt_out_at", "recipient.opt_in_at"),
            ("recipient.opted_in_to", "recipient.opted_out_of"),
            ("recipient.last_outbound_at", "recipient.last_inbound_at"),
            ("recipient.marketing_resumed_at", "recipient.marketing_stopped_at"),
            ("account.licence_not_held", "account.licence_held"),
        ] {
            assert_eq!(nearest(opposite, [name]), None, "{opposite}");
        }
        for (slip, name) in [
            ("account_loked", "account_locked"),
            ("recipient.opt_inn_at", "recipient.opt_in_at"),
            ("recipient.last_inbond_at", "recipient.last_inbound_at"),
            ("inital", "initial"),
            ("recipient.opted_ut", "recipient.opted_out"),
            ("initiated-by", "initiated_by"),
        ] {
            assert_eq!(nearest(slip, [name]), Some(name), "{slip}");
        }
    }
}
