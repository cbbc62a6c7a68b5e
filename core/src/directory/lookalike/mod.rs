//! Does it imitate one that we know?
//!
//! What leads to no entry is taken apart into *views* (the whole name, the name without the words
//! that anyone can add, each label of the domain) and each view is held against the *marks* of the
//! directory (names, aliases, domain labels): by look, by spelling, by words. The nearest entry is
//! reported with all the reasons. `docs/lookalikes.md` says how well this does on a labelled set.

use super::asked::{Asked, Given};
use super::index::hash;
use super::list::Directory;
use super::names::{a_labels, bare_name, registrable};
use super::provider::Provider;
use crate::limits::NAME_BYTES_MAX;
pub(crate) use form::begins_like;
use form::{looks, plain, words};
use marks::{Kind, Mark, Marks};
pub use reason::Reason;
use words::{Added, added_by, is_of_register, is_ordinary, stripped};

mod form;
pub(super) mod marks;
pub(super) mod reason;
mod spelling;
mod words;

/// A known provider that another one imitates.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Lookalike<'a> {
    /// The one that is imitated.
    pub of: &'a Provider,
    /// How, in the order of [`Reason`], each once; never empty.
    pub reasons: Vec<Reason>,
}

/// One way in which an entry is imitated.
struct Hint {
    entry: u32,
    reason: Reason,
    /// Of hints on several entries the least counts: what cannot be chance, then what could.
    doubt: u32,
    /// Whether the entry's own domain or id given with it explains the difference.
    excusable: bool,
}

/// The parts of a name or domain that are held against the marks.
struct View<'t> {
    text: &'t str,
    added: Added,
    /// Whether `text` is all that was given.
    is_whole: bool,
    /// Whether words were glued to what is seen here, so that even looks prove little.
    was_glued: bool,
}

/// More words than this are a sentence and nobody's name.
const WORDS_MAX: usize = 8;
/// The shortest mark that is one firm's whatever words stand around it.
const DISTINCTIVE_MIN: usize = 8;

impl Directory {
    /// The known provider that an identity imitates which leads to no entry.
    pub(super) fn imitated(&self, asked: &Asked<'_>) -> Option<Lookalike<'_>> {
        let mut hints = Vec::new();
        self.hints_of_right_name(asked, &mut hints);
        if let (Some(name), Given::As(folded)) = (asked.identity.name, &asked.name)
            && name.len() <= NAME_BYTES_MAX
            && self
                .by_name
                .get(hash(folded))
                .filter_map(|at| self.at(at))
                .all(|provider| !provider.names.contains(folded))
            && !self.is_own_domain(name)
        {
            self.hints_of_name(name, &mut hints);
        }
        if let (Some(domain), Given::As(registrable)) = (asked.identity.domain, &asked.domain)
            && self
                .by_domain
                .get(hash(registrable))
                .filter_map(|at| self.at(at))
                .all(|provider| !provider.domains.contains(registrable))
        {
            self.hints_of_domain(domain, registrable, &mut hints);
        }
        hints.retain(|hint| {
            !(hint.excusable
                && self.at(hint.entry).is_some_and(|provider| asked.is_vouched_by(provider)))
        });
        let nearest = hints.iter().min_by_key(|hint| (hint.doubt, hint.entry))?.entry;
        let mut reasons: Vec<Reason> =
            hints.iter().filter(|hint| hint.entry == nearest).map(|hint| hint.reason).collect();
        reasons.sort_unstable();
        reasons.dedup();
        // What looks the same is often an edit away too; one reason is enough.
        if reasons.contains(&Reason::ConfusableCharacters) {
            reasons.retain(|reason| *reason != Reason::Misspelling);
        }
        self.at(nearest).map(|of| Lookalike { of, reasons })
    }

    /// Whether a name is near one of a provider's, once its own domain stands beside it: the domain
    /// itself, one of its names within more words, or a name that would imitate it otherwise.
    pub(super) fn is_near(&self, provider: &Provider, name: &str) -> bool {
        let split = |text: &str| words(text).into_iter().map(plain).collect::<Vec<_>>();
        let given = split(name);
        let holds = |name: &String| {
            let known = split(name);
            !known.is_empty() && given.windows(known.len()).any(|run| run == known)
        };
        if registrable(name).is_some_and(|domain| provider.domains.contains(&domain))
            || provider.names.iter().any(holds)
        {
            return true;
        }
        if name.len() > NAME_BYTES_MAX {
            return false;
        }
        let mut hints = Vec::new();
        self.hints_of_name(name, &mut hints);
        hints.iter().any(|hint| {
            hint.excusable && self.at(hint.entry).is_some_and(|known| known.id() == provider.id())
        })
    }

    fn marks(&self) -> &Marks {
        self.likeness.get_or_init(|| Marks::new(&self.providers))
    }

    /// Whether a name is one of a provider's however it is spaced, or goes on after it with what
    /// firms add in registers: places, trades, legal forms. A word of its own makes another firm,
    /// and a claim of a standing says whose agent it is.
    pub(super) fn is_called(provider: &Provider, name: &str) -> bool {
        let bare = bare_name(name);
        let given: Vec<String> =
            words(bare.as_deref().unwrap_or(name)).into_iter().map(plain).collect();
        provider.names.iter().map(|known| plain(known)).any(|known| {
            let mut so_far = String::new();
            let mut rest = given.iter();
            while so_far.len() < known.len() {
                let Some(word) = rest.next() else { return false };
                so_far.push_str(word);
            }
            so_far == known && rest.all(|word| is_of_register(word))
        })
    }

    /// The right name, and with it a domain or an id that contradicts it.
    ///
    /// An id that leads nowhere contradicts only in a complete directory: in a sample the list's
    /// own ids are not known.
    fn hints_of_right_name(&self, asked: &Asked<'_>, hints: &mut Vec<Hint>) {
        let Given::As(name) = &asked.name else { return };
        for entry in self.by_name.get(hash(name)) {
            let Some(provider) = self.at(entry).filter(|provider| provider.names.contains(name))
            else {
                continue;
            };
            let mut hint = |reason| hints.push(Hint { entry, reason, doubt: 0, excusable: false });
            if asked.domain.is_given()
                && !provider.domains.is_empty()
                && !asked.domain.is_not_or_in(&provider.domains)
            {
                hint(Reason::OtherDomain);
            }
            let is_proven = asked.domain.is_given() && asked.domain.is_not_or_in(&provider.domains);
            if asked.id.is_some_and(|id| {
                id != provider.id() && (self.provider(id).is_some() || self.complete && !is_proven)
            }) {
                hint(Reason::OtherId);
            }
        }
    }

    /// Whether a name is a provider's domain written as its name, which is a way of naming it.
    fn is_own_domain(&self, name: &str) -> bool {
        let Some(domain) = registrable(name) else { return false };
        self.by_domain
            .get(hash(&domain))
            .filter_map(|at| self.at(at))
            .any(|provider| provider.domains.contains(&domain))
    }

    fn hints_of_name(&self, name: &str, hints: &mut Vec<Hint>) {
        let words = words(name);
        self.hints_of_words(name, &words, Kind::Name, hints);
    }

    /// A domain is held against the marks by its registrable label, decoded, and by the labels
    /// before it.
    fn hints_of_domain(&self, domain: &str, registrable: &str, hints: &mut Vec<Hint>) {
        let (unicode, decoded) = idna::domain_to_unicode(registrable);
        let label =
            if decoded.is_ok() { unicode.split('.').next().unwrap_or_default() } else { "" };
        let before = hints.len();
        self.hints_of_words(label, &words(label), Kind::Label, hints);
        self.hints_of_neighbours(label, registrable, hints);
        if registrable.split('.').next().is_some_and(|label| label.starts_with("xn--")) {
            let encoded: Vec<Hint> = hints
                .iter()
                .skip(before)
                .map(|hint| Hint { reason: Reason::Punycode, ..*hint })
                .collect();
            hints.extend(encoded);
        }
        let Some(labels) = a_labels(domain) else { return };
        let Some(front) =
            labels.strip_suffix(registrable).and_then(|front| front.strip_suffix('.'))
        else {
            return;
        };
        self.hints_of_subdomains(front, hints);
    }

    /// One edit from a known domain and under the same public suffix: whoever registers that means
    /// the known one, also where the label is so short that the same edit of a name makes another
    /// name. Of four letters the first must stay.
    fn hints_of_neighbours(&self, label: &str, registrable: &str, hints: &mut Vec<Hint>) {
        let Some((_, suffix)) = registrable.split_once('.') else { return };
        let letters: Vec<char> = plain(label).chars().collect();
        let text: String = letters.iter().collect();
        if label.len() > NAME_BYTES_MAX || is_ordinary(&text) {
            return;
        }
        for (entry, mark, cost) in self.marks().of_neighbours(&text, &letters) {
            let is_short = mark.letters.len() <= 4;
            if mark.is_ordinary || is_short && mark.letters.first() != letters.first() {
                continue;
            }
            let known = format!("{}.{suffix}", mark.text);
            if self.at(entry).is_some_and(|provider| provider.domains.contains(&known)) {
                hints.push(Hint {
                    entry,
                    reason: Reason::Misspelling,
                    doubt: 3 + cost,
                    excusable: false,
                });
            }
        }
    }

    /// `hubtype.com.login.example`: a known domain, or a name that is one firm's, in front of
    /// another domain.
    fn hints_of_subdomains(&self, front: &str, hints: &mut Vec<Hint>) {
        let mut hint = |entry, doubt| {
            hints.push(Hint { entry, reason: Reason::Subdomain, doubt, excusable: true });
        };
        let (unicode, _) = idna::domain_to_unicode(front);
        for label in unicode.split('.').filter(|label| label.len() <= NAME_BYTES_MAX) {
            for (entry, mark) in self.marks().of_looks(&looks(label)) {
                if !mark.is_ordinary && mark.letters.len() >= 5 {
                    hint(entry, 2);
                }
            }
        }
        let labels: Vec<&str> = front.split('.').take(WORDS_MAX).collect();
        for pair in labels.windows(2) {
            let domain = pair.join(".");
            for entry in self.by_domain.get(hash(&domain)) {
                if self.at(entry).is_some_and(|provider| provider.domains.contains(&domain)) {
                    hint(entry, 1);
                }
            }
        }
    }

    fn hints_of_words(&self, text: &str, words: &[&str], kind: Kind, hints: &mut Vec<Hint>) {
        if words.is_empty() || words.len() > WORDS_MAX || text.len() > NAME_BYTES_MAX {
            return;
        }
        let whole = View { text, added: Added::Nothing, is_whole: true, was_glued: false };
        self.hints_of_view(&whole, kind, hints);
        self.hints_of_spelling(&whole, kind, hints);
        self.hints_of_order(words, hints);
        for (first, _) in words.iter().enumerate() {
            for end in first + 1..=words.len() {
                let (Some(inside), Some(front), Some(back)) =
                    (words.get(first..end), words.get(..first), words.get(end..))
                else {
                    continue;
                };
                if inside.len() == words.len() {
                    continue;
                }
                let added = front
                    .iter()
                    .chain(back)
                    .map(|word| added_by(&plain(word)))
                    .max()
                    .unwrap_or(Added::Nothing);
                let text = inside.join(" ");
                let view = View { text: &text, added, is_whole: false, was_glued: false };
                self.hints_of_view(&view, kind, hints);
                if added != Added::Word {
                    self.hints_of_spelling(&view, kind, hints);
                }
                if let ([word], true) = (inside, added != Added::Word) {
                    self.hints_of_glued(word, added, kind, hints);
                }
            }
        }
        self.hints_of_glued(&words.concat(), Added::Nothing, kind, hints);
    }

    /// `gethubtype`, `hubtypeapi`, `officialhubtypeapp`: up to one word at each end.
    fn hints_of_glued(&self, word: &str, besides: Added, kind: Kind, hints: &mut Vec<Hint>) {
        let word = word.to_lowercase();
        for (rest, added) in stripped(&word) {
            self.hints_of_view(
                &View { text: rest, added: added.max(besides), is_whole: false, was_glued: true },
                kind,
                hints,
            );
            for (inner, other) in stripped(rest) {
                self.hints_of_view(
                    &View {
                        text: inner,
                        added: other.max(added).max(besides),
                        is_whole: false,
                        was_glued: true,
                    },
                    kind,
                    hints,
                );
            }
        }
    }

    /// By look: the same to the eye, and not the same.
    fn hints_of_view(&self, view: &View<'_>, kind: Kind, hints: &mut Vec<Hint>) {
        let looks = looks(view.text);
        let plain_view = plain(view.text);
        for (entry, mark) in self.marks().of_looks(&looks) {
            if !mark.bears(view) {
                continue;
            }
            let mut hint =
                |reason, doubt, excusable| hints.push(Hint { entry, reason, doubt, excusable });
            let is_plainly_it = plain_view == mark.plain;
            if view.added != Added::Nothing {
                hint(Reason::AddedWords, 3, is_plainly_it);
            }
            // Diacritics are not in the plain form, and nobody's mark has them by accident.
            if !is_plainly_it || (!view.text.is_ascii() && !mark.has_marks) {
                hint(Reason::ConfusableCharacters, 1, false);
                if is_mixed(view.text) {
                    hint(Reason::MixedScripts, 1, false);
                }
            } else if view.is_whole {
                match (kind, mark.kind) {
                    (Kind::Label, Kind::Label) if mark.text == view.text => {
                        if !mark.is_ordinary && mark.letters.len() >= 4 {
                            hint(Reason::OtherSuffix, 2, true);
                        }
                    }
                    // A provider's own label for its name, or its own name for a label, is no
                    // imitation of it but another suffix at most.
                    (Kind::Name, Kind::Label) => {}
                    (Kind::Label, Kind::Name) if !mark.is_ordinary && mark.letters.len() >= 5 => {
                        hint(Reason::OtherSuffix, 3, true);
                    }
                    (Kind::Label, Kind::Name) => {}
                    (Kind::Label, Kind::Label) if !mark.is_ordinary => {
                        hint(Reason::Separators, 1, true);
                    }
                    (Kind::Label, Kind::Label) => {}
                    (Kind::Name, Kind::Name) => hint(Reason::Separators, 1, true),
                }
            }
        }
    }

    /// By spelling: an edit or two away, where so few edits do not make another name.
    fn hints_of_spelling(&self, view: &View<'_>, kind: Kind, hints: &mut Vec<Hint>) {
        let letters: Vec<char> = plain(view.text).chars().collect();
        let text: String = letters.iter().collect();
        if is_ordinary(&text) {
            return;
        }
        for (entry, mark, cost) in self.marks().of_spelling(&text, &letters) {
            if (mark.is_ordinary && cost > spelling::HALF)
                || (kind == Kind::Name
                    && mark.kind == Kind::Label
                    && !self.marks().is_like_name(mark))
            {
                continue;
            }
            // Beside the firm's own domain a misspelt name is a slip, except where letters of
            // another script stand in it.
            let excusable = !is_mixed(view.text);
            let mut hint = |reason, doubt| hints.push(Hint { entry, reason, doubt, excusable });
            hint(Reason::Misspelling, 3 + cost);
            if view.added != Added::Nothing {
                hint(Reason::AddedWords, 4 + cost);
            }
            if is_mixed(view.text) {
                hint(Reason::MixedScripts, 3 + cost);
            }
        }
    }

    /// By words: the same ones in another order.
    fn hints_of_order(&self, words: &[&str], hints: &mut Vec<Hint>) {
        if words.len() < 2 {
            return;
        }
        let sorted = |words: &[&str]| {
            let mut words: Vec<String> = words.iter().map(|word| plain(word)).collect();
            words.sort_unstable();
            words.join(" ")
        };
        let mine = words.iter().map(|word| plain(word)).collect::<Vec<_>>().join(" ");
        let mut kept = words.to_vec();
        for added in [Added::Nothing, Added::Filler] {
            if added == Added::Filler {
                kept.retain(|word| added_by(&plain(word)) == Added::Word);
            }
            for (entry, mark) in self.marks().of_words(&sorted(&kept)) {
                if mark.words_in_order != mine
                    && !(added == Added::Filler && mark.plain.len() < DISTINCTIVE_MIN)
                    && kept.len() > 1
                {
                    let reason = if mark.words_in_order
                        == kept.iter().map(|word| plain(word)).collect::<Vec<_>>().join(" ")
                    {
                        Reason::AddedWords
                    } else {
                        Reason::SwappedWords
                    };
                    hints.push(Hint { entry, reason, doubt: 2, excusable: true });
                }
            }
        }
    }
}

impl Asked<'_> {
    /// Whether the domain or the id given is that provider's own: then a different spacing or a
    /// word more is only another way to name it.
    fn is_vouched_by(&self, provider: &Provider) -> bool {
        (self.domain.is_given() && self.domain.is_not_or_in(&provider.domains))
            || self.id == Some(provider.id())
    }
}

impl Mark {
    /// Whether seeing this mark in that view says anything, given what stands around it.
    fn bears(&self, view: &View<'_>) -> bool {
        let length = self.letters.len();
        match view.added {
            Added::Nothing => length >= 3,
            Added::Claim if view.was_glued => length >= 5 || length >= 4 && !self.is_ordinary,
            Added::Claim => length >= 2,
            Added::Filler if view.was_glued => length >= 4 && !self.is_ordinary,
            Added::Filler => length >= 4 && !self.is_ordinary || length >= 3 && self.has_digits,
            Added::Word => length >= DISTINCTIVE_MIN && !self.is_phrase && !view.was_glued,
        }
    }
}

/// Whether a word has letters of scripts that are not written together.
fn is_mixed(text: &str) -> bool {
    use unicode_security::MixedScript as _;
    words(text).into_iter().any(|word| !word.is_single_script())
}
