//! Which languages are there?

crate::verdict::names! {
    /// A language of texts for people.
    #[non_exhaustive]
    Lang {
        /// The language of packs and of everything that programs read.
        English = "en",
        /// Spanish.
        Spanish = "es",
        /// Portuguese, as written in Brazil.
        Portuguese = "pt",
    }
}

impl Lang {
    /// The languages that texts are translated into.
    pub const TRANSLATIONS: &'static [Self] = &[Self::Spanish, Self::Portuguese];
}
