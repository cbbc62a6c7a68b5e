//! What do the columns of somebody else's table say of recipients?
//!
//! A [`Mapping`] declares it: which column is which attribute, which words stand for which values,
//! how dates and numbers are written, what says nothing, and the encoding. Nothing is guessed. A
//! cell that is not as declared becomes a bad value of its row, which is then told of it and
//! `review` at least; it never becomes a value that somebody might have meant.

mod cell;
mod date;
mod encoding;
mod error;
mod phone;

use cleartosend::expert::suggest::nearest;
use cleartosend::schema::{Attribute, Form, Origin, Schema, Scope};
use cleartosend::{Facts, Timestamp, Type};

pub(crate) use cell::Conversion;
pub use date::{DateFormat, DateFormatError};
pub(crate) use encoding::UNREADABLE;
pub use encoding::{Encoding, UnknownEncoding};
pub use error::MappingErrors;
pub use phone::{Country, UnknownCountry};

/// What the columns of a table in CSV say of recipients.
///
/// ```
/// use cleartosend::Schema;
/// use cleartosend_audience::{ColumnMapping, Country, Mapping};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mapping = Mapping::new()
///     .column("Phone Number", ColumnMapping::new("recipient.phone"))
///     .column(
///         "Consent",
///         ColumnMapping::new("recipient.opt_in").value("TRUE", "given").value("FALSE", "none"),
///     )
///     .default_country(Country::named("ES")?);
/// assert!(mapping.checked(&Schema::built_in()).is_ok());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    columns: Vec<(String, ColumnMapping)>,
    nulls: Vec<String>,
    date_format: Option<DateFormat>,
    country: Option<Country>,
    encoding: Option<Encoding>,
}

/// What one column says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnMapping {
    attribute: String,
    values: Vec<(String, String)>,
    date_format: Option<DateFormat>,
}

impl ColumnMapping {
    /// The attribute that it holds, such as `recipient.phone`.
    pub fn new(attribute: &str) -> Self {
        Self { attribute: attribute.to_owned(), values: Vec::new(), date_format: None }
    }

    /// A word of the column, and the value of the attribute that it stands for, written as a
    /// campaign document writes it without quotation marks. Where a column has such words, any
    /// other word is a bad value.
    #[must_use]
    pub fn value(mut self, word: &str, value: &str) -> Self {
        self.values.push((word.to_owned(), value.to_owned()));
        self
    }

    /// How its dates are written, where they are not as the mapping's others.
    #[must_use]
    pub fn date_format(mut self, format: DateFormat) -> Self {
        self.date_format = Some(format);
        self
    }

    /// The attribute that it holds.
    pub fn attribute(&self) -> &str {
        &self.attribute
    }
}

impl Mapping {
    /// Columns are named by their attributes, and cells are as a campaign document writes values.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets what a column holds, in place of an earlier setting.
    #[must_use]
    pub fn column(mut self, name: &str, column: ColumnMapping) -> Self {
        self.columns.retain(|(known, _)| known != name);
        self.columns.push((name.to_owned(), column));
        self
    }

    /// Adds a word for a value to the column of an attribute.
    #[must_use]
    pub fn value(mut self, attribute: &str, word: &str, value: &str) -> Self {
        match self.columns.iter_mut().find(|(_, column)| column.attribute == attribute) {
            Some((_, column)) => column.values.push((word.to_owned(), value.to_owned())),
            // A column that is called by its attribute.
            None => {
                let column = ColumnMapping::new(attribute).value(word, value);
                self.columns.push((attribute.to_owned(), column));
            }
        }
        self
    }

    /// A cell that says nothing, such as `N/A`; a cell without a text always does.
    #[must_use]
    pub fn null(mut self, text: &str) -> Self {
        self.nulls.push(text.to_owned());
        self
    }

    /// How dates are written.
    #[must_use]
    pub fn date_format(mut self, format: DateFormat) -> Self {
        self.date_format = Some(format);
        self
    }

    /// The country of numbers that do not begin with `+`.
    #[must_use]
    pub fn default_country(mut self, country: Country) -> Self {
        self.country = Some(country);
        self
    }

    /// The encoding of the file, if it is not UTF-8.
    #[must_use]
    pub fn encoding(mut self, encoding: Encoding) -> Self {
        self.encoding = Some(encoding);
        self
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
            && self.nulls.is_empty()
            && self.date_format.is_none()
            && self.country.is_none()
            && self.encoding.is_none()
    }

    /// Checks every declaration against the attributes.
    ///
    /// # Errors
    /// All problems, in the order of the declarations: an attribute that rows cannot tell, two
    /// columns of one attribute, a value that the attribute cannot hold, a word with two values.
    pub fn checked(&self, schema: &Schema) -> Result<CheckedMapping, MappingErrors> {
        let mut problems = Vec::new();
        let mut columns: Vec<MappedColumn> = Vec::new();
        for (name, column) in &self.columns {
            let path = column.attribute.as_str();
            let may_be_given = |attribute: &Attribute| {
                (attribute.scope == Scope::Recipient || attribute.path.starts_with("x."))
                    && attribute.origin != Origin::Derived
            };
            let known = schema.id(path).map(|id| (id, schema.attribute(id)));
            let Some((_, attribute)) = known.filter(|(_, attribute)| may_be_given(attribute))
            else {
                let given = schema.iter().map(|(_, attribute)| attribute);
                let given = given.filter(|attribute| may_be_given(attribute));
                let near = nearest(path, given.map(|attribute| &*attribute.path));
                let help = near.map(|near| format!("; did you mean `{near}`?"));
                problems.push(format!(
                    "column `{name}`: rows cannot give `{path}`{}",
                    help.unwrap_or_default()
                ));
                continue;
            };
            if let Some(other) = columns.iter().find(|known| known.path == path) {
                let other = &other.name;
                problems.push(format!("columns `{other}` and `{name}` both give `{path}`"));
            }
            values_of(name, column, attribute, &mut problems);
            for (word, value) in column.values.iter().filter(|(word, _)| self.nulls.contains(word))
            {
                problems.push(format!(
                    "column `{name}`: `{word}` is `{value}`, and among the texts that say nothing"
                ));
            }
            if column.date_format.is_some() && attribute.ty != Type::TIMESTAMP {
                problems.push(format!("column `{name}`: `{path}` has no dates"));
            }
            let conversion = self.conversion(column, attribute);
            columns.push(MappedColumn { name: name.clone(), path: path.to_owned(), conversion });
        }
        if let Some(errors) = MappingErrors::of(problems) {
            return Err(errors);
        }
        // Columns that are called by their attributes have numbers and dates, too.
        let mut by_attribute = Vec::new();
        for (_, attribute) in schema.iter() {
            let conversion = self.conversion(&ColumnMapping::new(&attribute.path), attribute);
            by_attribute.push((attribute.path.to_string(), conversion));
        }
        Ok(CheckedMapping { columns, by_attribute, encoding: self.encoding })
    }

    fn conversion(&self, column: &ColumnMapping, attribute: &Attribute) -> Conversion {
        let is_date = attribute.ty == Type::TIMESTAMP;
        let is_phone = matches!(attribute.form, Form::Phone | Form::PhoneOrId);
        Conversion {
            nulls: self.nulls.clone(),
            values: column.values.clone(),
            date_format: column
                .date_format
                .clone()
                .or_else(|| self.date_format.clone())
                .filter(|_| is_date),
            country: self.country.filter(|_| is_phone),
            takes_any_text: attribute.ty == Type::STRING && holds(attribute, cell::ANY_TEXT),
        }
    }
}

/// Reports what is wrong with the words of a column.
fn values_of(
    name: &str,
    column: &ColumnMapping,
    attribute: &Attribute,
    problems: &mut Vec<String>,
) {
    for (place, (word, value)) in column.values.iter().enumerate() {
        let before = column.values.iter().take(place);
        if before.clone().any(|(other, _)| other == word) {
            problems.push(format!("column `{name}`: `{word}` stands for two values"));
        }
        if !holds(attribute, value) {
            let path = &attribute.path;
            let choices = attribute.choices().unwrap_or_default();
            let names: Vec<&str> = choices.iter().map(|choice| &*choice.name).collect();
            let near = nearest(value, names.iter().copied());
            let help = match (near, names.is_empty()) {
                (Some(near), _) => format!("; did you mean `{near}`?"),
                (None, false) => format!("; expected one of {}", names.join(", ")),
                (None, true) => String::new(),
            };
            problems.push(format!("column `{name}`: `{path}` cannot be `{value}`{help}"));
        }
    }
}

/// Whether an attribute can hold a value that is written so in a cell.
fn holds(attribute: &Attribute, text: &str) -> bool {
    let json = match attribute.ty {
        Type::BOOL | Type::INT | Type::DOUBLE => text.to_owned(),
        _ => serde_json::Value::from(text).to_string(),
    };
    let mut document = json;
    for part in attribute.path.rsplit('.') {
        document = format!("{{{}:{document}}}", serde_json::Value::from(part));
    }
    // Attributes under `x.` are declared by packs, whose schema is not the built-in one; those are
    // judged by their kind of value alone.
    if attribute.path.starts_with("x.") {
        return match attribute.ty {
            Type::BOOL => ["true", "false"].contains(&text),
            Type::INT => text.parse::<i64>().is_ok(),
            Type::DOUBLE => text.parse::<f64>().is_ok_and(f64::is_finite),
            Type::TIMESTAMP => Timestamp::parse(text).is_ok(),
            _ => attribute
                .choices()
                .is_none_or(|choices| choices.iter().any(|choice| &*choice.name == text)),
        };
    }
    Facts::from_json_at(&Schema::built_in(), document.as_bytes(), Timestamp::MIN).is_ok()
}

/// A mapping that fits the attributes of an engine.
#[derive(Clone, Debug)]
pub struct CheckedMapping {
    pub(crate) columns: Vec<MappedColumn>,
    by_attribute: Vec<(String, Conversion)>,
    pub(crate) encoding: Option<Encoding>,
}

#[derive(Clone, Debug)]
pub(crate) struct MappedColumn {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) conversion: Conversion,
}

impl CheckedMapping {
    /// What a column holds: as it was mapped, or by its own name.
    pub(crate) fn of(&self, name: &str) -> Option<(&str, &Conversion)> {
        let mapped = self.columns.iter().find(|column| column.name == name);
        mapped.map(|column| (column.path.as_str(), &column.conversion)).or_else(|| {
            let (path, conversion) = self.by_attribute.iter().find(|(path, _)| path == name)?;
            Some((path.as_str(), conversion))
        })
    }

    /// The attributes that columns tell under other names, each with its column.
    pub fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.columns.iter().map(|column| (column.name.as_str(), column.path.as_str()))
    }
}
