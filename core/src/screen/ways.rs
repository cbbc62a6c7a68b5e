//! How are the conditions of rules worked out for the rows of an audience?

use std::sync::Arc;

use super::axis::Source;
use super::screener::Screener;
use crate::program::clause::DimensionIdx;
use crate::program::dimension::Subject;
use crate::schema::AttributeId;

/// How a condition is worked out for rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Way {
    /// No row changes it.
    Once,
    /// From one column alone: by which of few stretches a value lies in, or which text it is.
    OneColumn,
    /// As a program over columns, a block of rows at a time.
    Columns,
    /// Row by row, as a check of each: many times slower than the others.
    Rows,
}

/// A condition of rules, with how it is worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScreenedCondition {
    /// A predicate as it is written, or the path of an attribute that is derived row by row.
    pub condition: Arc<str>,
    /// How it is worked out.
    pub way: Way,
}

impl Screener {
    /// How each condition is worked out that is more than a comparison of one attribute with
    /// constants, and which attributes are derived row by row; the slowest first, and those of one
    /// way in the order of the program. A column of a layout that no program reads, such as texts
    /// that stand for numbers, makes its conditions slower than is listed here.
    pub fn conditions(&self) -> Vec<ScreenedCondition> {
        let plan = &self.team.plan;
        let program = &plan.base.program;
        let on_axis = |place: DimensionIdx| {
            plan.axes.iter().find_map(|axis| match &axis.source {
                Source::Predicate { dimension, expression, .. } if *dimension == place => {
                    Some(if expression.is_some() { Way::Columns } else { Way::Rows })
                }
                _ => None,
            })
        };
        let mut conditions = Vec::new();
        for (number, dimension) in program.dimensions().iter().enumerate() {
            let Subject::Predicate(index) = dimension.subject else { continue };
            let Some(predicate) = program.predicates().get(index) else { continue };
            let place = DimensionIdx(number as u16);
            let varies = predicate.attributes.iter().any(|id| plan.bound.varies(*id));
            let way = match on_axis(place) {
                Some(way) => way,
                None if varies => Way::OneColumn,
                None => Way::Once,
            };
            conditions.push(ScreenedCondition { condition: program.name(place).into(), way });
        }
        let mut derived: Vec<AttributeId> = plan
            .axes
            .iter()
            .filter_map(|axis| match axis.source {
                Source::Derived { attribute, .. } => Some(attribute),
                _ => None,
            })
            .collect();
        derived.sort_unstable();
        derived.dedup();
        conditions.extend(derived.into_iter().map(|attribute| ScreenedCondition {
            condition: Arc::clone(&program.schema.attribute(attribute).path),
            way: Way::Rows,
        }));
        conditions.sort_by_key(|condition| std::cmp::Reverse(condition.way));
        conditions
    }
}
