//! `Batch`: some rows of a result.

use arrow_array::RecordBatch;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::{arrow, error};

/// Some rows of a screening's result, for anything that takes `__arrow_c_array__`:
/// `polars.DataFrame(batch)`, `pyarrow.record_batch(batch)`.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct Batch(pub(crate) RecordBatch);

#[pymethods]
impl Batch {
    /// How many rows it has.
    #[getter]
    fn num_rows(&self) -> usize {
        self.0.num_rows()
    }

    /// The names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.0.schema_ref().fields().iter().map(|field| field.name().clone()).collect()
    }

    /// Its columns, as Arrow's capsule.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        arrow::schema_out(py, self.0.schema_ref()).map_err(|problem| error::of_arrow(py, &problem))
    }

    /// It, as Arrow's capsules, without a copy and as often as asked for. Comes as it is, whatever
    /// schema is requested.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
        let _ = requested_schema;
        arrow::batch_out(py, &self.0).map_err(|problem| error::of_arrow(py, &problem))
    }

    fn __len__(&self) -> usize {
        self.0.num_rows()
    }

    fn __repr__(&self) -> String {
        format!(
            "<Batch of {} rows: {}>",
            self.0.num_rows(),
            cleartosend::expert::text::escaped(&self.column_names().join(", "))
        )
    }
}
