//! Passing over what nobody wants, no deeper than a limit.

use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

/// Walks what nobody wants and notices when it nests too deep. serde_json's own limit of 128 bounds
/// the recursion.
pub(super) struct Depth<'a> {
    pub(super) left: usize,
    pub(super) deep: &'a mut bool,
}

impl<'de> DeserializeSeed<'de> for Depth<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Depth<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_newtype_struct<D: Deserializer<'de>>(self, _: D) -> Result<(), D::Error> {
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Some(left) = self.left.checked_sub(1) else {
            *self.deep = true;
            return Err(A::Error::custom("too deep"));
        };
        while list.next_element_seed(Depth { left, deep: self.deep })?.is_some() {}
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some(left) = self.left.checked_sub(1) else {
            *self.deep = true;
            return Err(A::Error::custom("too deep"));
        };
        while map.next_key::<IgnoredAny>()?.is_some() {
            map.next_value_seed(Depth { left, deep: self.deep })?;
        }
        Ok(())
    }
}
