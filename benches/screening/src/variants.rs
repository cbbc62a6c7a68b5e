//! The same audience otherwise: with nulls, with plain texts instead of dictionaries, with numbers
//! that countries and hours follow from.

use std::sync::Arc;

use arrow_array::builder::NullBufferBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int32Type};
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray, make_array};
use arrow_schema::{DataType, Field, Schema};

use crate::random::Random;
use crate::table::{COLUMNS, Table, place};

/// One value in ten is null, in every column.
pub fn with_nulls(table: &Table, random: &mut Random) -> Table {
    each(table, |_, array| {
        let mut nulls = NullBufferBuilder::new(array.len());
        (0..array.len()).for_each(|_| nulls.append(random.below(10) > 0));
        let data = array.to_data().into_builder().nulls(nulls.finish()).build();
        make_array(data.expect("as many nulls as rows"))
    })
}

/// Texts as texts.
pub fn with_texts(table: &Table) -> Table {
    each(table, |_, array| match array.data_type() {
        DataType::Dictionary(key, _) if **key == DataType::Int8 => Arc::new(
            array
                .as_dictionary::<Int8Type>()
                .downcast_dict::<StringArray>()
                .expect("texts")
                .into_iter()
                .collect::<StringArray>(),
        ),
        DataType::Dictionary(..) => Arc::new(
            array
                .as_dictionary::<Int32Type>()
                .downcast_dict::<StringArray>()
                .expect("texts")
                .into_iter()
                .collect::<StringArray>(),
        ),
        _ => Arc::clone(array),
    })
}

/// A number of the recipient's country in place of the country.
pub fn with_phones(table: &Table, random: &mut Random) -> Table {
    let country = place("recipient.country");
    let mut table = each(table, |column, array| {
        if column != country {
            return Arc::clone(array);
        }
        let countries = array.as_dictionary::<Int32Type>();
        let names = countries.values().as_string::<i32>();
        let phones =
            countries.keys().values().iter().map(|key| phone(names.value(*key as usize), random));
        Arc::new(StringArray::from_iter_values(phones))
    });
    let renamed = table.schema.fields().iter().enumerate().map(|(at, field)| {
        if at == country {
            Field::new("recipient.phone", DataType::Utf8, true)
        } else {
            field.as_ref().clone()
        }
    });
    table.schema = Arc::new(Schema::new(renamed.collect::<Vec<_>>()));
    let batch = |batch: RecordBatch| {
        RecordBatch::try_new(Arc::clone(&table.schema), batch.columns().to_vec())
            .expect("the same columns")
    };
    table.batches = table.batches.into_iter().map(batch).collect();
    table
}

fn each(table: &Table, mut array: impl FnMut(usize, &ArrayRef) -> ArrayRef) -> Table {
    let columns: Vec<Vec<ArrayRef>> = table
        .batches
        .iter()
        .map(|batch| batch.columns().iter().enumerate().map(|(at, old)| array(at, old)).collect())
        .collect();
    let fields = COLUMNS
        .iter()
        .enumerate()
        .map(|(at, column)| Field::new(column.path, columns[0][at].data_type().clone(), true));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let batches = columns.into_iter().map(|columns| {
        RecordBatch::try_new(Arc::clone(&schema), columns).expect("columns of the schema")
    });
    Table { batches: batches.collect(), schema }
}

/// A number of a country, of the usual length or near it.
pub fn phone(country: &str, random: &mut Random) -> String {
    let (prefix, digits) = match country {
        "AE" => ("97150", 7),
        "AR" => ("54911", 8),
        "AT" => ("43664", 7),
        "AU" => ("614", 8),
        "BE" => ("3247", 7),
        "BR" => ("55119", 8),
        "CA" => ("1416", 7),
        "CH" => ("4179", 7),
        "CL" => ("569", 8),
        "CO" => ("573", 9),
        "DE" => ("49151", 8),
        "DK" => ("452", 7),
        "EG" => ("2010", 8),
        "ES" => ("346", 8),
        "FI" => ("35840", 7),
        "FR" => ("336", 8),
        "GB" => ("447", 9),
        "GR" => ("3069", 8),
        "ID" => ("62812", 8),
        "IE" => ("3538", 8),
        "IL" => ("9725", 8),
        "IN" => ("919", 9),
        "IT" => ("393", 9),
        "JP" => ("8190", 8),
        "KE" => ("2547", 8),
        "MX" => ("5255", 8),
        "MY" => ("6012", 7),
        "NG" => ("23480", 8),
        "NL" => ("316", 8),
        "NO" => ("479", 7),
        "NZ" => ("6421", 7),
        "PE" => ("519", 8),
        "PL" => ("485", 8),
        "PT" => ("3519", 8),
        "SA" => ("9665", 8),
        "SE" => ("467", 8),
        "SG" => ("659", 7),
        "TR" => ("905", 9),
        "US" => ("1212", 7),
        "ZA" => ("277", 8),
        "CU" => ("535", 7),
        "IR" => ("989", 9),
        "SY" => ("9639", 8),
        other => unreachable!("{other}"),
    };
    format!("+{prefix}{:0digits$}", random.below(10_usize.pow(digits as u32)))
}
