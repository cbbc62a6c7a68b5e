//! Cases that every binding runs, the generators that make more, and what tests share.
//!
//! # Cases
//!
//! A case is data: facts in, and what must come out. Files lie in `tests/cases/`, one topic a file,
//! and are read by [`runner`]. Unknown keys are refused, and names are unique over all files.
//! `CASES=text cargo test -p cleartosend-tests --test cases` runs those whose name holds the text.
//!
//! ```toml
//! [pack.one-rule]                       # a pack for the cases of this file
//! rules = '''…'''                       # rules/rules.toml
//! sets = '''…'''                        # optional: sets.toml
//! manifest = '''…'''                    # optional: pack.toml; default: the name, and one source `source`
//!
//! [base.clean]                          # facts for the cases of this file
//! send_at = 2026-03-02T15:00:00Z
//! provider.name = "Acme"
//!
//! [[case]]
//! name = "day-of-delisting-is-outside"  # what is special about it
//! why = "periods are half-open"         # the rule of the world that it pins
//! packs = ["one-rule"]                  # default: none; `whatsapp` is the built-in one, others are of this file
//! directory = "one-provider"            # tests/cases/directories/one-provider.json; default: the built-in sample
//! base = "clean"                        # optional
//! facts = { provider.name = "Acme" }    # laid over the base, member by member
//! remove = ["provider.domain"]          # paths to take out
//! null = ["recipient.phone"]            # paths to set to null
//! document = '{"send_at": 1}'           # instead of all these: the text of the document
//! at = "2019-09-01T10:00:00Z"           # optional: the instant, whatever the facts say
//!
//! [case.expect]
//! verdict = "deny"                      # with it, `findings` is complete and in order
//! findings = ["provider.delisted"]      # violated or undetermined
//! violated = ["provider.delisted"]      # those of them that are violated; default: all
//! notes = []                            # those of them that are notes; default: none
//! satisfied = []                        # some that are satisfied
//! not_applicable = []                   # some that do not apply
//! missing = ["recipient.opt_in"]        # default, where there is a verdict: none
//! exposure = ["warning"]                # optional, complete
//! messages = { "provider.delisted" = "…" }    # optional, some
//! advice = { "provider.delisted" = "…" }      # optional, some
//! errors = { "provider.delisted" = "" }       # optional, some: the code of the finding's error; empty for none
//! shown = { "provider.delisted" = { "provider.name" = "Acme" } }   # optional: the facts of some findings, each complete
//! derived = { "provider.listing" = "delisted" }
//! unknown = ["recipient.local_hour"]    # attributes of which nothing is known
//! absent = ["provider.lookalike_of"]    # attributes that are known not to exist
//! causes = { "recipient.local_hour" = ["recipient.time_zone"] }  # what would have to be given
//! error = { code = "facts/derived", path = "provider.listing" }   # instead of all these: the document is refused
//! ```

#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a judge that cannot go on should stop the test"
)]

pub mod audience;
pub mod generate;
pub mod law;
pub mod mutants;
pub mod oracle;
pub mod packs;
pub mod runner;
