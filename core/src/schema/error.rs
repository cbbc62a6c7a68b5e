//! What can be wrong with an attribute that a pack declares.

/// Why a declared attribute was refused. A pack's error has the code, such as
/// `pack/attribute-outside-x`, as it has the place of the declaration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// Packs declare only under `x.`.
    #[error("a pack declares attributes under `x.` only, not `{path}`")]
    OutsideX {
        /// The path.
        path: String,
    },
    /// Two packs disagree.
    #[error("`{path}` is declared twice with different meanings")]
    DeclaredTwice {
        /// The path.
        path: String,
    },
    /// One path would be an object and a value.
    #[error("`{path}` and `{other}` cannot both exist: one would be a value and hold the other")]
    Overlap {
        /// The new path.
        path: String,
        /// The known path.
        other: String,
    },
    /// More than [`crate::limits::ATTRIBUTES_MAX`].
    #[error("more than {} attributes", crate::limits::ATTRIBUTES_MAX)]
    TooMany,
}
