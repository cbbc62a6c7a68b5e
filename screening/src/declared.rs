//! What is declared of an audience: which attribute each column holds, and how its cells are
//! written?

use cleartosend::schema::Schema;
use cleartosend_audience::{
    CheckedMapping, ColumnMapping, Country, DateFormat, Encoding, Format, Mapping, MappingErrors,
    Separator,
};
use serde::{Deserialize, Serialize};

/// What is declared of an audience. Records keep it with these names.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "callers build it")]
pub struct Declared {
    /// Columns by their names.
    pub columns: Vec<(String, DeclaredColumn)>,
    /// Texts that say nothing, as an empty cell does.
    pub nulls: Vec<String>,
    /// How dates are written.
    pub date_format: Option<String>,
    /// Where dates without a zone are.
    pub time_zone: Option<String>,
    /// The time of day of dates without one.
    pub time: Option<String>,
    /// Of phone numbers without the code of a country.
    pub default_country: Option<String>,
    /// The encoding of the file's letters.
    pub encoding: Option<String>,
    /// What stands between cells. Records say it beside what is declared.
    #[serde(skip)]
    pub separator: Option<Separator>,
    /// Columns that the result repeats.
    pub keep: Vec<String>,
    /// Columns that are of no account.
    pub ignore: Vec<String>,
}

/// What is declared of a column.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "callers build it")]
pub struct DeclaredColumn {
    /// The attribute that it holds.
    pub attribute: String,
    /// Words of its cells, each with the value for which it stands.
    pub values: Vec<(String, String)>,
    /// How its dates are written, where otherwise than in the rest of the table.
    pub date_format: Option<String>,
    /// The time of day of its dates.
    pub time: Option<String>,
}

impl Declared {
    /// Columns, each with the attribute that it holds.
    pub fn names(&self) -> Vec<(String, String)> {
        let names = self.columns.iter().map(|(name, column)| (name, &column.attribute));
        names.map(|(name, attribute)| (name.clone(), attribute.clone())).collect()
    }

    /// Whether it declares more than the attribute of each column.
    fn is_of_cells(&self) -> bool {
        let of_column =
            |column: &DeclaredColumn| !column.values.is_empty() || column.date_format.is_some();
        !self.nulls.is_empty()
            || self.date_format.is_some()
            || self.default_country.is_some()
            || self.encoding.is_some()
            || self.columns.iter().any(|(_, column)| of_column(column))
    }

    /// The mapping of a table in CSV; none where nothing is declared, or where the table has types
    /// and names alone are declared.
    ///
    /// # Errors
    /// All problems at once.
    pub fn mapping(
        &self,
        format: Format,
        schema: &Schema,
    ) -> Result<Option<CheckedMapping>, MappingErrors> {
        if format != Format::Csv {
            return match self.is_of_cells() {
                true => Err(MappingErrors::one(format!(
                    "value maps, date formats, a default country, texts that say nothing and an \
                     encoding are of CSV, and the audience is {format}"
                ))),
                false => Ok(None),
            };
        }
        if self.columns.is_empty() && !self.is_of_cells() {
            return Ok(None);
        }
        self.as_mapping().and_then(|mapping| mapping.checked(schema)).map(Some)
    }

    /// The mapping, without regard to what attributes there are.
    pub fn as_mapping(&self) -> Result<Mapping, MappingErrors> {
        let mut problems = Vec::new();
        let mut mapping = Mapping::new();
        let zone = self.time_zone.as_deref();
        if let Some(format) = &self.date_format {
            match DateFormat::new(format, zone, self.time.as_deref()) {
                Ok(format) => mapping = mapping.date_format(format),
                Err(error) => problems.push(error.to_string()),
            }
        }
        if let Some(country) = &self.default_country {
            match Country::named(country) {
                Ok(country) => mapping = mapping.default_country(country),
                Err(error) => problems.push(error.to_string()),
            }
        }
        if let Some(encoding) = &self.encoding {
            match Encoding::named(encoding) {
                Ok(encoding) => mapping = mapping.encoding(encoding),
                Err(error) => problems.push(error.to_string()),
            }
        }
        for null in &self.nulls {
            mapping = mapping.null(null);
        }
        for (name, declared) in &self.columns {
            let mut column = ColumnMapping::new(&declared.attribute);
            for (word, value) in &declared.values {
                column = column.value(word, value);
            }
            if let Some(format) = &declared.date_format {
                match DateFormat::new(format, zone, declared.time.as_deref()) {
                    Ok(format) => column = column.date_format(format),
                    Err(error) => problems.push(format!("column `{name}`: {error}")),
                }
            }
            mapping = mapping.column(name, column);
        }
        MappingErrors::of(problems).map_or(Ok(mapping), Err)
    }
}
