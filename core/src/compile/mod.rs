//! How do rules become a program?

use std::sync::Arc;

use crate::pack::Pack;
use crate::program::Program;
use crate::schema::Schema;

/// Makes the program of those packs, in stacking order. The schema is that of the last pack, or the built-in one.
pub fn compile(packs: Vec<Arc<Pack>>, schema: Arc<Schema>) -> Program {
    let rules = packs.iter().enumerate().flat_map(|(pack, read)| (0..read.rules.len()).map(move |rule| (pack, rule))).collect();
    Program { schema, packs, rules }
}
