//! A campaign: JSON, or objects that are read without any JSON in between.
//!
//! Objects go through the same reader as JSON text ([`Facts::from_source`]): this file only shows
//! them to it as serde shows text. So a `dict` and its JSON are judged alike, down to the words of
//! an error.

use std::cell::{Cell, RefCell};

use cleartosend::expert::limits;
use cleartosend::{Engine, Facts, FactsError, Timestamp};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{
    PyBool, PyDate, PyDateTime, PyDict, PyFloat, PyInt, PyIterator, PyList, PyMapping, PyString,
    PyTuple, PyType,
};
use serde::Deserializer;
use serde::de::value::SeqDeserializer;
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::instant;
use super::json::{Text, text};
use super::text::utf8;

/// Why nothing was read: the campaign is refused, or Python code that reading it called raised
/// something of its own.
pub(crate) enum Raised {
    Facts(FactsError),
    Python(PyErr),
}

impl From<FactsError> for Raised {
    fn from(error: FactsError) -> Self {
        Self::Facts(error)
    }
}

impl From<PyErr> for Raised {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}

/// Reads a campaign over the engine's base document: JSON as text or bytes, or a mapping.
pub(crate) fn facts(
    engine: &Engine,
    campaign: &Bound<'_, PyAny>,
    at: Option<Timestamp>,
) -> Result<Facts, Raised> {
    read(
        campaign,
        |document| match at {
            Some(at) => engine.facts_from_json_at(document, at),
            None => engine.facts_from_json(document),
        },
        |source| match at {
            Some(at) => engine.facts_from_source_at(source, at),
            None => engine.facts_from_source(source),
        },
    )
}

/// An engine over a base document: JSON as text or bytes, or a mapping.
pub(crate) fn over_base(engine: &Engine, base: &Bound<'_, PyAny>) -> Result<Engine, Raised> {
    read(base, |document| engine.with_base(document), |source| engine.with_base_from_source(source))
}

/// Reads JSON as text or bytes by one function, and a mapping by the other.
pub(super) fn read<'py, T>(
    document: &Bound<'py, PyAny>,
    of_text: impl FnOnce(&[u8]) -> Result<T, FactsError>,
    of_source: impl FnOnce(Source<'_, 'py>) -> Result<T, FactsError>,
) -> Result<T, Raised> {
    if let Some(document) = text(document)? {
        let document = match &document {
            Text::Read(bytes) => bytes.as_bytes(),
            Text::NotUnicode => return Err(FactsError::text_not_unicode().into()),
        };
        return Ok(of_text(document)?);
    }
    let walk = Walk { left: Cell::new(limits::DOCUMENT_BYTES_MAX), raised: RefCell::new(None) };
    let made = of_source(Source { value: document.clone(), walk: &walk });
    match walk.raised.into_inner() {
        Some(raised) => Err(raised.into()),
        None => Ok(made?),
    }
}

/// What is common to all of one campaign.
pub(super) struct Walk {
    /// How many more values and bytes of text may come. Objects can hold themselves and each other,
    /// so that what they come to may be without end although they take little room.
    left: Cell<usize>,
    /// What Python code raised; it is not ours to put into words.
    raised: RefCell<Option<PyErr>>,
}

impl Walk {
    fn spend(&self, cost: usize) -> Result<(), FactsError> {
        self.left
            .set(self.left.get().checked_sub(cost).ok_or_else(FactsError::document_too_large)?);
        Ok(())
    }

    fn raise(&self, error: PyErr) -> FactsError {
        *self.raised.borrow_mut() = Some(error);
        FactsError::custom("raised")
    }

    /// Hands a text over.
    fn show<T>(
        &self,
        text: &Bound<'_, PyString>,
        to: impl FnOnce(&str) -> Result<T, FactsError>,
    ) -> Result<T, FactsError> {
        let text = utf8(text).ok_or_else(FactsError::text_not_unicode)?;
        self.spend(text.len())?;
        to(&text)
    }
}

/// A value, as serde sees it.
pub(super) struct Source<'w, 'py> {
    value: Bound<'py, PyAny>,
    walk: &'w Walk,
}

impl<'de> Deserializer<'de> for Source<'_, '_> {
    type Error = FactsError;

    /// The types that JSON gives come first and are compared by identity; subclasses and protocols
    /// after them.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FactsError> {
        let Self { value, walk } = self;
        walk.spend(1)?;
        if let Ok(text) = value.cast_exact::<PyString>() {
            return walk.show(text, |text| visitor.visit_str(text));
        }
        if let Ok(truth) = value.cast_exact::<PyBool>() {
            return visitor.visit_bool(truth.is_true());
        }
        if value.is_none() {
            return visitor.visit_unit();
        }
        if let Ok(number) = value.cast_exact::<PyInt>() {
            return whole_number(number, visitor);
        }
        if let Ok(dict) = value.cast_exact::<PyDict>() {
            return visitor.visit_map(Dict::new(dict, walk)?);
        }
        if let Ok(list) = value.cast_exact::<PyList>() {
            return visitor.visit_seq(Items { list: List::List(list.clone()), next: 0, walk });
        }
        if let Ok(number) = value.cast_exact::<PyFloat>() {
            return visitor.visit_f64(number.value());
        }
        if value.is_instance_of::<PyDateTime>() {
            return typed_instant(&value, walk, visitor);
        }
        Self { value, walk }.subclass_or_protocol(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl Source<'_, '_> {
    fn subclass_or_protocol<'de, V: Visitor<'de>>(
        self,
        visitor: V,
    ) -> Result<V::Value, FactsError> {
        let Self { value, walk } = self;
        if let Ok(text) = value.cast::<PyString>() {
            return walk.show(text, |text| visitor.visit_str(text));
        }
        if let Ok(number) = value.cast::<PyInt>() {
            return whole_number(number, visitor);
        }
        if let Ok(number) = value.cast::<PyFloat>() {
            return visitor.visit_f64(number.value());
        }
        if let Ok(list) = value.cast::<PyList>() {
            return visitor.visit_seq(Items { list: List::List(list.clone()), next: 0, walk });
        }
        if let Ok(tuple) = value.cast::<PyTuple>() {
            return visitor.visit_seq(Items { list: List::Tuple(tuple.clone()), next: 0, walk });
        }
        // A subclass of `dict` may have an order of its own, or members that it makes when asked.
        if let Ok(mapping) = value.cast::<PyMapping>() {
            let items = mapping
                .call_method0(intern!(value.py(), "items"))
                .and_then(|items| items.try_iter());
            let items = items.map_err(|error| walk.raise(error))?;
            return visitor.visit_map(Pairs { items, value: None, walk });
        }
        let is_member = |value: &Bound<'_, PyAny>| {
            enumeration(value.py()).and_then(|class| value.is_instance(class))
        };
        if is_member(&value).map_err(|error| walk.raise(error))? {
            let inner =
                value.getattr(intern!(value.py(), "value")).map_err(|error| walk.raise(error))?;
            // A member that holds another one could go on for ever.
            if !is_member(&inner).map_err(|error| walk.raise(error))? {
                return Source { value: inner, walk }.deserialize_any(visitor);
            }
        }
        // Scalars of numpy, as rows of frames have them, where they are exactly what JSON has.
        let class = value.get_type().fully_qualified_name().map_err(|error| walk.raise(error))?;
        match class.to_string().as_str() {
            "numpy.bool" | "numpy.bool_" => {
                let truth = value.is_truthy().map_err(|error| walk.raise(error))?;
                return visitor.visit_bool(truth);
            }
            "numpy.float16" | "numpy.float32" => {
                let number = value.extract::<f64>().map_err(|error| walk.raise(error))?;
                return visitor.visit_f64(number);
            }
            _ => {}
        }
        // Whole numbers of other libraries, such as those of numpy, say that they are some.
        match value.call_method0(intern!(value.py(), "__index__")).map(Bound::cast_into::<PyInt>) {
            Ok(Ok(number)) => whole_number(&number, visitor),
            Ok(Err(_)) | Err(_) => Err(foreign(&value)),
        }
    }
}

/// A number that no 64 bits hold is shown as the double next to it, as readers of JSON do; who
/// expects a whole number refuses it.
fn whole_number<'de, V: Visitor<'de>>(
    number: &Bound<'_, PyInt>,
    visitor: V,
) -> Result<V::Value, FactsError> {
    if let Ok(number) = number.extract::<i64>() {
        return visitor.visit_i64(number);
    }
    if let Ok(number) = number.extract::<u64>() {
        return visitor.visit_u64(number);
    }
    match number.extract::<f64>() {
        Ok(number) => visitor.visit_f64(number),
        Err(_) => Err(FactsError::number_out_of_range()),
    }
}

fn typed_instant<'de, V: Visitor<'de>>(
    value: &Bound<'_, PyAny>,
    walk: &Walk,
    visitor: V,
) -> Result<V::Value, FactsError> {
    let (seconds, nanos) = instant::since_epoch(value).map_err(|raised| match raised {
        Raised::Facts(error) => error,
        Raised::Python(error) => walk.raise(error),
    })?;
    visitor.visit_newtype_struct(SeqDeserializer::new([seconds, nanos].into_iter()))
}

fn foreign(value: &Bound<'_, PyAny>) -> FactsError {
    let class =
        value.get_type().fully_qualified_name().map(|name| name.to_string()).unwrap_or_default();
    let expected = if value.is_instance_of::<PyDate>() {
        "a timestamp: an aware datetime, such as `datetime(2026, 3, 2, 15, tzinfo=timezone.utc)`"
    } else {
        "what JSON has (a mapping, a list, text, a number, a boolean or None) or an aware datetime"
    };
    FactsError::foreign_value(&format!("a value of type `{class}`"), expected)
}

/// `enum.Enum`.
fn enumeration(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static ENUM: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    Ok(ENUM.import(py, "enum", "Enum")?.as_any())
}

/// The name of a member.
struct Name<'w, 'py> {
    name: Bound<'py, PyAny>,
    walk: &'w Walk,
}

impl<'de> Deserializer<'de> for Name<'_, '_> {
    type Error = FactsError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FactsError> {
        let Ok(name) = self.name.cast::<PyString>() else {
            let class =
                self.name.get_type().name().map(|name| name.to_string()).unwrap_or_default();
            return Err(FactsError::foreign_value(&format!("a key of type `{class}`"), "text"));
        };
        self.walk.show(name, |name| visitor.visit_str(name))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// The members of a plain `dict`.
struct Dict<'w, 'py> {
    dict: Bound<'py, PyDict>,
    members: <Bound<'py, PyDict> as IntoIterator>::IntoIter,
    /// How many members are still to come, as counted at the start.
    left: usize,
    len: usize,
    value: Option<Bound<'py, PyAny>>,
    walk: &'w Walk,
}

impl<'w, 'py> Dict<'w, 'py> {
    fn new(dict: &Bound<'py, PyDict>, walk: &'w Walk) -> Result<Self, FactsError> {
        // Without a global lock another thread may change the dict between two looks at it, so a
        // copy is read.
        let dict = if cfg!(Py_GIL_DISABLED) {
            dict.copy().map_err(|error| walk.raise(error))?
        } else {
            dict.clone()
        };
        let len = dict.len();
        Ok(Self { members: dict.clone().into_iter(), dict, left: len, len, value: None, walk })
    }
}

impl<'de> MapAccess<'de> for Dict<'_, '_> {
    type Error = FactsError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, FactsError> {
        // A value may run Python code (the `utcoffset` of a time zone, say) that changes the dict.
        // The iterator would panic at that.
        if self.dict.len() != self.len {
            return Err(FactsError::custom("the dict changed while it was read"));
        }
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        let Some((name, value)) = self.members.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(Name { name, walk: self.walk }).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, FactsError> {
        let value =
            self.value.take().ok_or_else(|| FactsError::custom("a value without a name"))?;
        seed.deserialize(Source { value, walk: self.walk })
    }
}

/// The members of any other mapping, as its `items()` gives them.
struct Pairs<'w, 'py> {
    items: Bound<'py, PyIterator>,
    value: Option<Bound<'py, PyAny>>,
    walk: &'w Walk,
}

impl<'de> MapAccess<'de> for Pairs<'_, '_> {
    type Error = FactsError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, FactsError> {
        let Some(pair) = self.items.next() else { return Ok(None) };
        let pair = pair.and_then(|pair| pair.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>());
        let (name, value) = pair.map_err(|error| self.walk.raise(error))?;
        self.value = Some(value);
        seed.deserialize(Name { name, walk: self.walk }).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, FactsError> {
        let value =
            self.value.take().ok_or_else(|| FactsError::custom("a value without a name"))?;
        seed.deserialize(Source { value, walk: self.walk })
    }
}

/// The elements of a list or tuple, by their places, so that a list that shrinks meanwhile just
/// ends.
struct Items<'w, 'py> {
    list: List<'py>,
    next: usize,
    walk: &'w Walk,
}

enum List<'py> {
    List(Bound<'py, PyList>),
    Tuple(Bound<'py, PyTuple>),
}

impl<'de> SeqAccess<'de> for Items<'_, '_> {
    type Error = FactsError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, FactsError> {
        let value = match &self.list {
            List::List(list) if self.next < list.len() => list.get_item(self.next),
            List::Tuple(tuple) if self.next < tuple.len() => tuple.get_item(self.next),
            List::List(_) | List::Tuple(_) => return Ok(None),
        };
        let Ok(value) = value else { return Ok(None) };
        self.next += 1;
        seed.deserialize(Source { value, walk: self.walk }).map(Some)
    }
}
