//! Which words say nothing about who a firm is?
//!
//! `Hubtype Official` is Hubtype with a word that anyone can add, and `Bird Rides` is another firm:
//! *bird* is a word of the language. Three lists, each sorted, each in the form that
//! [`super::form::plain`] gives.

/// Words that claim a standing or name the service: with a known name, however ordinary it is, they
/// make an imitation.
#[rustfmt::skip]
const CLAIMS: &[&str] = &[
    "api", "authorised", "authorized", "autorizado", "bsp", "certified", "cloudapi", "facebook", "meta", "official", "officiel",
    "offiziell", "oficial", "partner", "partners", "ufficiale", "verificado", "verified", "wa", "waba", "whatsapp", "whatsappapi",
];

/// Words that any firm adds to its name or domain: legal forms, trades, places, calls to act.
#[rustfmt::skip]
const FILLERS: &[&str] = &[
    "access", "account", "accounts", "admin", "africa", "ag", "ai", "america", "app", "apps", "argentina", "asia", "au", "australia",
    "auth", "billing", "biz", "bot", "brasil", "brazil", "broadcast", "bulk", "business", "bv", "campaign", "campaigns", "canada", "care",
    "center", "centre", "chat", "chatbot", "chile", "cloud", "co", "colombia", "com", "communications", "community", "company", "connect",
    "console", "corp", "corporation", "cpaas", "crm", "customer", "dashboard", "de", "demo", "deutschland", "dev", "developer",
    "developers", "digital", "direct", "email", "emea", "engage", "es", "espana", "eu", "europe", "express", "france", "free", "gateway",
    "germany", "get", "global", "gmbh", "go", "group", "groupe", "grupo", "gruppe", "hello", "help", "helpdesk", "holding", "holdings",
    "home", "hq", "hub", "id", "inc", "incorporated", "india", "indonesia", "info", "integration", "international", "io", "italia",
    "italy", "join", "kg", "labs", "latam", "limited", "live", "llc", "login", "ltd", "ltda", "mail", "malaysia", "marketing", "media",
    "mena", "message", "messages", "messaging", "messenger", "mexico", "my", "net", "network", "networks", "new", "nigeria", "now", "nv",
    "online", "org", "panel", "pay", "payment", "payments", "platform", "plc", "plus", "portal", "premium", "pro", "provider",
    "providers", "pty", "pvt", "re", "real", "reseller", "sa", "sales", "sas", "secure", "security", "sender", "service", "services",
    "shop", "sl", "sms", "software", "solution", "solutions", "spain", "srl", "start", "store", "support", "system", "systems", "team",
    "tech", "technologies", "technology", "the", "try", "turkey", "uae", "uk", "update", "us", "usa", "use", "verify", "vip", "web",
    "with", "world", "worldwide", "your",
];

/// Words of everyday language, given names among them: a firm that is called so is one of many. Not
/// those of the lists above.
#[rustfmt::skip]
const ORDINARY: &[&str] = &[
    "active", "adam", "air", "alex", "alpha", "amber", "anchor", "anna", "apex", "apple", "arc", "arena", "arrow", "atlas", "aurora",
    "beacon", "bear", "bell", "beta", "bird", "black", "blip", "block", "bloom", "blue", "bold", "book", "box", "brain", "brave", "bravo",
    "breeze", "bridge", "bright", "bubble", "buddy", "butter", "byte", "call", "campus", "canvas", "carbon", "cargo", "castle", "cat",
    "catch", "charles", "charlie", "circle", "city", "clear", "clever", "click", "clip", "clover", "code", "coral", "core", "cosmos",
    "craft", "crew", "cross", "crown", "crystal", "cube", "data", "david", "dawn", "day", "deep", "delta", "design", "desk", "diamond",
    "dog", "dove", "dragon", "dream", "drift", "drive", "eagle", "earth", "east", "easy", "echo", "edge", "elastic", "ember", "emma",
    "energy", "engine", "evergreen", "every", "falcon", "fast", "field", "fire", "first", "flag", "flame", "flash", "flow", "focus",
    "forest", "forge", "form", "fox", "fresh", "front", "fusion", "future", "galaxy", "garden", "gate", "george", "glass", "gold",
    "golden", "good", "gravity", "great", "green", "grid", "grow", "guide", "hand", "happy", "harbor", "hawk", "health", "heart", "henry",
    "hero", "hive", "honey", "horizon", "house", "ice", "impact", "insider", "insight", "interact", "iron", "island", "jack", "james",
    "jet", "john", "journey", "joy", "jump", "jungle", "karma", "key", "kind", "king", "kite", "lake", "lamp", "land", "launch", "leaf",
    "lemon", "level", "life", "light", "lime", "line", "link", "lion", "little", "logic", "loop", "lotus", "love", "lucky", "luna",
    "magic", "magnet", "maker", "many", "maple", "maria", "mark", "market", "martin", "matrix", "max", "meadow", "mercury", "metro",
    "mind", "mint", "mirror", "mobile", "mobility", "moon", "motion", "mountain", "navy", "nest", "night", "noble", "north", "nova",
    "oak", "oasis", "ocean", "olive", "omega", "one", "open", "orange", "orbit", "orchid", "otter", "owl", "palm", "panda", "paper",
    "park", "path", "paul", "peak", "pearl", "people", "peter", "phoenix", "pilot", "pine", "pink", "pixel", "planet", "play", "point",
    "polar", "power", "prime", "prism", "pulse", "purple", "quick", "rain", "rainbow", "rapid", "raven", "ray", "reach", "ready", "red",
    "reply", "respond", "ring", "river", "robin", "rock", "rocket", "root", "rose", "route", "royal", "ruby", "safe", "sage", "sail",
    "sand", "scout", "sea", "seed", "send", "shield", "shift", "signal", "silk", "silver", "simple", "sky", "smart", "smile", "smooch",
    "snow", "social", "soft", "solar", "sonic", "soprano", "soul", "sound", "south", "space", "spark", "sparrow", "speed", "spring",
    "square", "star", "stone", "storm", "story", "stream", "studio", "summit", "sun", "sunny", "sunrise", "sunshine", "swan", "swift",
    "talk", "tango", "target", "terra", "thomas", "thunder", "tide", "tiger", "titan", "touch", "tower", "trail", "tree", "true", "trust",
    "turbo", "twin", "union", "unity", "urban", "value", "vector", "venus", "vibe", "victor", "view", "village", "vision", "vista",
    "voice", "wave", "wavy", "west", "whale", "white", "wild", "william", "wind", "wing", "wise", "wolf", "wonder", "wood", "word",
    "yellow", "zebra", "zen", "zero", "zoom",
];

/// Fillers of those who act for a firm, and not the firm's own.
const AGENTS: &[&str] = &["helpdesk", "provider", "providers", "reseller", "support"];

/// Places that stand in the names of a group's firms, besides those among the fillers.
#[rustfmt::skip]
const PLACES: &[&str] = &[
    "apac", "austria", "bangladesh", "belgium", "benelux", "bulgaria", "china", "croatia", "czech", "denmark", "dubai", "egypt",
    "estonia", "finland", "ghana", "greece", "hongkong", "hungary", "iberia", "ireland", "israel", "japan", "kenya", "kingdom", "korea",
    "latvia", "lithuania", "luxembourg", "malta", "morocco", "netherlands", "nordic", "nordics", "norway", "pakistan", "peru",
    "philippines", "poland", "portugal", "republic", "romania", "saudi", "serbia", "singapore", "slovakia", "slovenia", "suisse", "sweden",
    "switzerland", "taiwan", "thailand", "turkiye", "ukraine", "united", "vietnam", "zealand",
];

/// Whether firms add a word to their name where they are registered: a place, a trade, a form.
pub(super) fn is_of_register(word: &str) -> bool {
    let is_filler = FILLERS.binary_search(&word).is_ok() && !AGENTS.contains(&word);
    is_filler || PLACES.binary_search(&word).is_ok()
}

/// What a word adds to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Added {
    /// There is no such word.
    Nothing,
    /// A claim of a standing, or the service's name.
    Claim,
    /// A word that any firm adds.
    Filler,
    /// A word of its own.
    Word,
}

/// What that word adds to a name.
pub(super) fn added_by(word: &str) -> Added {
    if CLAIMS.binary_search(&word).is_ok() {
        Added::Claim
    } else if FILLERS.binary_search(&word).is_ok() {
        Added::Filler
    } else {
        Added::Word
    }
}

/// Whether a word is of the language and not of one firm.
pub(super) fn is_ordinary(word: &str) -> bool {
    ORDINARY.binary_search(&word).is_ok()
        || FILLERS.binary_search(&word).is_ok()
        || CLAIMS.binary_search(&word).is_ok()
}

/// The claims and fillers that a word starts with, and those that it ends with: what is left of
/// `gethubtype` and `hubtypeapi`.
pub(super) fn stripped(word: &str) -> impl Iterator<Item = (&str, Added)> {
    let listed = || {
        CLAIMS
            .iter()
            .map(|claim| (*claim, Added::Claim))
            .chain(FILLERS.iter().map(|filler| (*filler, Added::Filler)))
    };
    let fronts =
        listed().filter_map(move |(affix, added)| Some((word.strip_prefix(affix)?, added)));
    let backs = listed().filter_map(move |(affix, added)| Some((word.strip_suffix(affix)?, added)));
    fronts.chain(backs).filter(|(rest, _)| rest.len() >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_and_apart() {
        assert!(PLACES.is_sorted());
        for list in [CLAIMS, FILLERS, ORDINARY] {
            assert!(
                list.is_sorted_by(|a, b| a < b),
                "{:?}",
                list.windows(2).find(|pair| pair[0] >= pair[1])
            );
        }
        assert!(FILLERS.iter().chain(ORDINARY).all(|word| CLAIMS.binary_search(word).is_err()));
        assert!(ORDINARY.iter().all(|word| FILLERS.binary_search(word).is_err()));
    }
}
