//! Whom the directory finds, whom it takes for somebody else, and how it grows.

mod lookalikes;
mod number_plan;
mod scale;
