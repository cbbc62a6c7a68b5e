//! Every bound of the scanner, by name, with where the number comes from.

/// Bytes of one file. The lock files of the largest public monorepos stay under 10 MiB; a larger
/// file is reported and not read.
pub const FILE_BYTES_MAX: u64 = 32 << 20;
/// Files and directories of one tree, manifests or not: ten times a large monorepo with its history
/// of builds.
pub const ENTRIES_MAX: usize = 10_000_000;
/// Directories within directories. File systems stop paths at some 4 KiB, which is 2,048 of them.
pub const DIRECTORY_DEPTH_MAX: usize = 256;
/// Values of one YAML file after its aliases are written out: what stops a file of a kilobyte from
/// standing for gigabytes.
pub const YAML_NODES_MAX: usize = 4_000_000;
/// Nesting of one YAML or XML file. Real ones stay under 20. JSON and TOML have the bounds of their
/// parsers.
pub const DEPTH_MAX: usize = 256;
/// Elements and attributes of one XML file. Build files have thousands; the bound is for what the
/// parser holds of each.
pub const XML_NODES_MAX: u32 = 4_000_000;
/// Nesting of `dependencies` within a `package-lock.json` of version 1, or of `overrides`.
pub const NESTED_DEPENDENCIES_MAX: usize = 64;
/// Lines of one file that are reported as unreadable one by one; more than that and it is not the
/// kind of file that its name says.
pub const PROBLEMS_PER_FILE_MAX: usize = 20;
/// Attributes of one XML element, and namespaces declared in one file: the parser compares each
/// with all before it. Real project files have under 20 of either.
pub const XML_ATTRIBUTES_MAX: usize = 512;
/// Descriptors of one entry of the first yarn's lock file: the parser compares each with all before
/// it. Real entries have under 100.
pub const YARN_DESCRIPTORS_MAX: usize = 1_000;
/// Clients reported of one file. A file that lists more versions and aliases than this has been
/// reported enough about.
pub const FINDINGS_PER_FILE_MAX: usize = 10_000;
/// Bytes of one source file that are searched. The largest bundles in public trees stay under 10
/// MiB.
pub const SOURCE_FILE_BYTES_MAX: u64 = 16 << 20;
/// Bytes of all files of one tree that are searched or judged by what they hold: some seconds of
/// work.
pub const SEARCHED_TREE_BYTES_MAX: u64 = 2 << 30;
/// Files that one file names to be read as well. Real lists of requirements name a handful.
pub const INCLUDES_PER_FILE_MAX: usize = 1_000;
/// Bytes of one image name, with what its variables stand for. Registries stop far below.
pub const IMAGE_NAME_BYTES_MAX: usize = 1_024;
/// Accepted findings and patterns of one `.cts-scan.toml`, which people write one by one.
pub const ACCEPTED_MAX: usize = 10_000;
/// Bytes of a `.cts-scan.toml`: some 400 for each entry that it may have.
pub const ACCEPT_FILE_BYTES_MAX: u64 = 4 << 20;

/// LIMIT: defaults within defaults, as in `${A:-${B:-c}}`. People write two.
pub(crate) const NESTED_DEFAULTS_MAX: usize = 8;

/// LIMIT: years that an acceptance may run. What is accepted is looked at again, and an acceptance
/// without an end in sight is none.
pub(crate) const ACCEPTED_YEARS_MAX: u16 = 2;

/// LIMIT: files that stand within one file, and how deep they stand within each other. A `ConfigMap`
/// has at most 1 MiB, which is room for dozens, and what a machine writes when it starts writes no
/// more than one further level.
pub(crate) const EMBEDDED_PER_FILE_MAX: usize = 1_000;
pub(crate) const EMBEDDED_DEPTH_MAX: usize = 4;

/// LIMIT: bytes of the settings beside a file (`.env`), which have a line a variable.
pub(crate) const SETTINGS_BYTES_MAX: u64 = 1 << 20;
