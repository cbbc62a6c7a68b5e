//! Every bound on work and memory, by name, with where the number comes from.
//!
//! Work is counted in steps and bytes, never in time, so the same input meets the same limit on
//! every machine.

/// A campaign document. Real ones are 2–4 KiB; 1 MiB leaves room for long client lists and stops
/// floods.
pub const DOCUMENT_BYTES_MAX: usize = 1 << 20;
/// Nesting of a campaign document. The schema itself is four levels deep; four times that.
pub const DOCUMENT_DEPTH_MAX: usize = 16;
/// Entries in any list of a campaign document: more clients, restrictions or intermediaries than
/// any account has.
pub const FACT_LIST_MAX: usize = 4096;
/// Links of one chain of intermediaries. Real chains have up to four; each link is looked up and
/// compared with every known provider, which costs up to a millisecond for the longest names.
pub const INTERMEDIARIES_MAX: usize = 32;
/// Bytes of one string fact: the longest real one is a template name or an endpoint.
pub const FACT_TEXT_BYTES_MAX: usize = 8192;
/// A name worth comparing for a did-you-mean. Longer ones are noise, and the distance costs the
/// product of the lengths.
pub const NAME_BYTES_MAX: usize = 128;

/// Source bytes of one expression. The longest condition of the built-in packs is under 1 KiB.
pub const EXPRESSION_BYTES_MAX: usize = 16 * 1024;
/// Nesting of one expression. The CEL specification asks for at least 12 nested calls; hostile
/// nesting is unbounded. Passes over the tree recurse, so this also bounds their stack.
pub const EXPRESSION_DEPTH_MAX: usize = 96;
/// Nodes of one expression tree, with named conditions and tables put in their place: a table of a
/// thousand keys becomes some thousands.
pub const EXPRESSION_NODES_MAX: usize = 4096;
/// Nesting of list types: a list of lists is already unusual.
pub const LIST_NESTING_MAX: u8 = 16;
/// Elements of a list literal. A longer list is a set, which has a title and a source.
pub const LIST_LITERAL_MAX: usize = 1024;
/// Steps of one evaluation (nodes visited, elements compared, 64-byte blocks of text touched).
/// Nested macros multiply list sizes; this bounds the product: a macro over two lists of a thousand
/// still runs.
pub const EVALUATION_STEPS_MAX: u64 = 1_000_000;
/// Bytes of a string that an expression may build: no longer than a document.
pub const TEXT_BYTES_MAX: usize = 1 << 20;

/// All files of one pack together. The built-in packs have under 3 MiB, most of it tests; sets of
/// customers are what makes one large.
pub const PACK_BYTES_MAX: usize = 64 << 20;
/// Files of one pack. A file for each rule and each test of it is some thousand.
pub const PACK_FILES_MAX: usize = 4096;
/// Parts of a dotted key in a pack. The longest real one has five. The TOML parser bounds nested
/// lists and inline tables itself, at 80, but not the tables that dotted keys nest, and trees are
/// destroyed recursively.
pub const PACK_KEY_PARTS_MAX: usize = 8;
/// Errors of one expression that are reported: each may cost a search for the nearest name.
pub const EXPRESSION_ERRORS_MAX: usize = 20;
/// Problems of one document that are reported at once: as many as somebody corrects in one go.
pub const PROBLEMS_SHOWN_MAX: usize = 20;
/// Problems of one pack that are told: enough for a program that made every rule wrong in the same
/// way.
pub const PACK_PROBLEMS_MAX: usize = 1000;
/// Sets of one pack: each use looks its name up among them.
pub const SETS_MAX: usize = 4096;
/// Named conditions of one pack: each use looks its name up among them.
pub const CONDITIONS_MAX: usize = 256;
/// Tables of one pack: each use looks its name up among them.
pub const TABLES_MAX: usize = 256;
/// Entries of one table. A value that changes every month has sixty in five years.
pub const TABLE_ENTRIES_MAX: usize = 64;
/// Keys of one entry of a table: there are some 250 countries.
pub const TABLE_KEYS_MAX: usize = 1024;
/// Waivers of one pack, or of one file of them. Each is an exception that somebody has to look
/// after.
pub const WAIVERS_MAX: usize = 4096;
/// Days that a waiver may last: over a year, so that a yearly review can renew it in time.
pub const WAIVER_DAYS_MAX: i64 = 400;
/// Labels of one rule, such as a ticket, an owner and a review.
pub const LABELS_MAX: usize = 32;
/// Bytes of the text of a label: a name or a link, no essay.
pub const LABEL_BYTES_MAX: usize = 512;
/// Rules of all packs of one engine. The built-in packs have some 350; a rule for each of a large
/// platform's customers is some thousand, and 100,000 load in time that goes with their number.
pub const RULES_MAX: usize = 131_072;
/// Members of one set over all its periods: the accounts or numbers of a large platform.
pub const SET_MEMBERS_MAX: usize = 1 << 20;
/// Attributes of the schema with those that packs declare: columns of the widest CRM exports.
pub const ATTRIBUTES_MAX: usize = 4096;

/// Providers of one directory. The list has a few thousand; each costs about a kilobyte once
/// indexed.
pub const DIRECTORY_PROVIDERS_MAX: usize = 1 << 20;
/// A directory file: 100,000 providers are about 40 MiB.
pub const DIRECTORY_BYTES_MAX: usize = 256 << 20;

/// Clauses of one outcome of one rule. The largest in the built-in packs has 24; a condition that
/// would need more keeps its awkward part as a predicate, which decides the same but knows less
/// about unknown facts.
pub const CLAUSES_PER_OUTCOME_MAX: usize = 96;
/// Steps that the clauses of a rule may take to be found, for each node of its conditions: runs of
/// classes compared. The rules of the built-in packs take less than a hundredth of it; what
/// would take more becomes a predicate, as with too many clauses, so that compiling takes time in
/// proportion to what is compiled.
pub const COMPILE_STEPS_PER_NODE_MAX: u64 = 20_000;
/// Classes of one dimension: a class number has sixteen bits and 0 is unknown.
pub const CLASSES_MAX: usize = 65_535;
/// Dimensions of a program: attributes that rules read, and predicates. Their numbers are 16 bits
/// wide, and some are kept for the engine's own.
pub const DIMENSIONS_MAX: usize = 60_000;
/// Bytes of a program's table. 10,000 rules over 25 attributes take some 2 MiB; past this, a pack
/// is a flood.
pub const TABLE_BYTES_MAX: usize = 1 << 30;

/// Bytes of a line of NDJSON, or of a record of CSV. A recipient takes some hundred bytes. The
/// limit finds a quotation mark that is never closed, or a file without lines, before it fills the
/// memory.
pub const RECORD_BYTES_MAX: usize = 16 << 20;
/// Threads that judge one audience. Past the number of processors they only wait; the bound stops a
/// slip of the keyboard.
pub const SCREEN_THREADS_MAX: usize = 1024;

/// A webhook, or an answer of the Graph API. WhatsApp sends webhooks of up to 3 MiB.
pub const ACCOUNT_EVENT_BYTES_MAX: usize = 4 << 20;
/// A state of an account with its events, of some 300 bytes each.
pub const ACCOUNT_STATE_BYTES_MAX: usize = 256 << 20;
/// How deep a webhook or an answer may nest. A state writes it a few levels deeper.
pub const ACCOUNT_EVENT_DEPTH_MAX: usize = 100;
/// How deep a state may nest: deeper than any event that was taken in lies in it, and less deep
/// than the parser gives up.
pub const ACCOUNT_STATE_DEPTH_MAX: usize = 120;
/// Rows that are judged at once: longer batches are cut. The work done once a batch does not count
/// against so many, the result of so many stays small, and a batch of nulls, whose length costs its
/// sender nothing, costs no more than one of these.
pub const SCREEN_BATCH_ROWS_MAX: usize = 1 << 16;
/// Rows of an audience. WhatsApp has some three thousand million users, so that no audience has
/// more; a length that nobody paid for in memory must not keep a screening at work for days.
pub const AUDIENCE_ROWS_MAX: u64 = 1 << 32;

/// Coming hours for which a screening counts what they would change: two weeks. Each costs as much
/// as the screening.
pub const SCREEN_HOURS_MAX: u32 = 336;

/// Changes of one fix. People do not carry out more at once; the spring sale of the examples, which
/// breaks what it can, needs five.
pub const FIX_CHANGES_MAX: usize = 6;
/// Cases that the search for fixes judges. Those of the examples take some hundred; past this many
/// it ends, and the explanation says that there may be more.
pub const FIX_TRIALS_MAX: usize = 2000;
/// Entries of one list of objects that fixes may leave out, and later instants that they try.
pub const FIX_VALUES_MAX: usize = 64;
/// Providers of the directory that a fix names: a choice of some. The directory itself lists all.
pub const FIX_PROVIDERS_MAX: usize = 3;
/// How many days a timeline may reach: over a year, so that each season is in it.
pub const TIMELINE_DAYS_MAX: i64 = 400;
/// Instants that a timeline judges. Hours of three clocks that disagree in minutes, over 400 days,
/// are a third of it; past this many the timeline ends, at an instant that it names.
pub const TIMELINE_INSTANTS_MAX: usize = 100_000;
/// Instants past the end of a timeline at which it is asked whether one finding still stands
/// against sending. What ends by a date has a handful; past this many the explanation says up to
/// when it stands.
pub const ENDS_TRIALS_MAX: usize = 200;
/// Cases that are judged to rank what is missing: each missing member with each of its values, some
/// dozens or hundreds; and as many to find out whether allow can be reached.
pub const MISSING_TRIALS_MAX: usize = 1000;

/// Clauses of other rules that lint compares with those of one rule. Rules of the built-in packs
/// take under a hundred; past this many, a warning says that the rest was not compared.
pub const LINT_COMPARISONS_MAX: usize = 10_000;
/// Rules that lint names to which one rule adds nothing: each is reason enough to look at it.
pub const LINT_NAMED_MAX: usize = 8;
/// Cases that one analysis of rules tries. The built-in packs together take some thousand; past
/// this many, what clauses do not settle is reported as possible, and the analysis says so.
pub const ANALYSIS_TRIALS_MAX: usize = 10_000;
/// Cases that are tried to find one in a box. What is found at all is found within some dozen.
pub const ANALYSIS_TRIALS_PER_BOX_MAX: usize = 300;
/// Boxes that one analysis looks into. The built-in packs together have some ten thousand.
pub const ANALYSIS_ALL_BOXES_MAX: usize = 100_000;

// How wide the search for a case in a box is. These are chosen, not derived: what is not found
// within them is reported as not settled, which shows, and never as an answer. Packs whose analysis
// leaves much unsettled would be the reason to raise them.

/// Boxes of one question that are looked into.
pub const ANALYSIS_BOXES_MAX: usize = 48;
/// Dates for which a case without facts is known from the start.
pub const ANALYSIS_STARTS_MAX: usize = 64;
/// Cases that a search for one box begins with.
pub const ANALYSIS_STARTS_PER_BOX_MAX: usize = 6;
/// Values of one attribute that are tried.
pub const ANALYSIS_VALUES_MAX: usize = 24;
/// Cases from which facts are taken over to lead another into a box.
pub const ANALYSIS_DONORS_MAX: usize = 12;
/// Cases as near as another that are tried where none is nearer.
pub const ANALYSIS_DETOURS_MAX: usize = 4;
/// Cases of which both sides of a comparison are asked, to show one on which their verdicts differ.
pub const ANALYSIS_WITNESSES_MAX: usize = 32;
/// Cases with every fact given that are added beside one that was found.
pub const ANALYSIS_OTHERS: usize = 3;
