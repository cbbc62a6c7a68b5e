//! What a reader does with the forms that it does not want.

/// Notes every form but the object: the methods of [`Visitor`](serde::de::Visitor) that a reader does not want.
macro_rules! refuse_scalars {
    ($expected:expr) => {
        fn visit_bool<E: serde::de::Error>(self, found: bool) -> Result<Self::Value, E> {
            let expected = $expected(&self);
            self.reader.note(error::wrong_type(if found { "true" } else { "false" }, &expected));
            Ok(Default::default())
        }
        fn visit_i64<E: serde::de::Error>(self, found: i64) -> Result<Self::Value, E> {
            let expected = $expected(&self);
            self.reader.note(error::wrong_type(&format!("the number {found}"), &expected));
            Ok(Default::default())
        }
        fn visit_u64<E: serde::de::Error>(self, found: u64) -> Result<Self::Value, E> {
            let expected = $expected(&self);
            self.reader.note(error::wrong_type(&format!("the number {found}"), &expected));
            Ok(Default::default())
        }
        fn visit_f64<E: serde::de::Error>(self, found: f64) -> Result<Self::Value, E> {
            let expected = $expected(&self);
            let found = crate::text::number(found);
            self.reader.note(error::wrong_type(&format!("the number {found}"), &expected));
            Ok(Default::default())
        }
        fn visit_str<E: serde::de::Error>(self, found: &str) -> Result<Self::Value, E> {
            let expected = $expected(&self);
            self.reader.note(error::wrong_type(
                &format!("the string `{}`", crate::text::shortened(found, 40)),
                &expected,
            ));
            Ok(Default::default())
        }
        fn visit_newtype_struct<D: Deserializer<'de>>(self, _: D) -> Result<Self::Value, D::Error> {
            let expected = $expected(&self);
            self.reader.note(error::wrong_type("a timestamp", &expected));
            Ok(Default::default())
        }
    };
}
