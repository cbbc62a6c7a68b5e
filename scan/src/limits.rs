//! Every bound of the scanner, by name, with where the number comes from.

/// Bytes of one file. The lock files of the largest public monorepos stay under 10 MiB; a larger file is reported and not read.
pub const FILE_BYTES_MAX: u64 = 32 << 20;
/// Files and directories of one tree, manifests or not: ten times a large monorepo with its history of builds.
pub const ENTRIES_MAX: usize = 10_000_000;
/// Directories within directories. File systems stop paths at some 4 KiB, which is 2,048 of them.
pub const DIRECTORY_DEPTH_MAX: usize = 256;
/// Values of one YAML file after its aliases are written out: what stops a file of a kilobyte from standing for gigabytes.
pub const YAML_NODES_MAX: usize = 4_000_000;
/// Nesting of one YAML or XML file. Real ones stay under 20. JSON and TOML have the bounds of their parsers.
pub const DEPTH_MAX: usize = 256;
/// Elements and attributes of one XML file.
pub const XML_NODES_MAX: u32 = 4_000_000;
/// Nesting of `dependencies` within a `package-lock.json` of version 1, or of `overrides`.
pub const NESTED_DEPENDENCIES_MAX: usize = 64;
/// Lines of one file that are reported as unreadable one by one; more than that and it is not the kind of file that its name says.
pub const PROBLEMS_PER_FILE_MAX: usize = 20;
