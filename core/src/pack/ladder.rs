//! What does WhatsApp do about violations, step by step, and since when?

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::de::DeTable;

use super::content::{Appeal, Ladder, LadderStep, StepEnd, StepOrder};
use super::context::Context;
use super::error::Kind;
use super::place::Place;
use super::rules;
use super::table::{Field, NameForm, Spot, Table, Text};
use crate::schema::{Schema, attributes};
use crate::time::Period;

const KEYS: [&str; 1] = ["ladder"];
const LADDER_KEYS: [&str; 9] =
    ["id", "title", "from", "until", "source", "violations", "immediate", "order", "step"];
const STEP_KEYS: [&str; 8] =
    ["id", "title", "days", "blocks", "ends", "appeal", "appeal_days", "exposure"];

pub(super) fn read<'t>(
    spot: &Spot<'t>,
    root: &'t DeTable<'t>,
    context: &Context<'_>,
) -> Vec<Ladder> {
    let table = Table::new(spot.clone(), root, "`ladder.toml`", &KEYS);
    let mut ids = BTreeMap::new();
    let tables = table.tables("ladder", "a ladder", &LADDER_KEYS);
    tables.iter().filter_map(|table| table.keep(read_ladder(table, &mut ids, context))).collect()
}

type Ids = BTreeMap<Arc<str>, Place>;

fn read_ladder(table: &Table<'_>, ids: &mut Ids, context: &Context<'_>) -> Option<Ladder> {
    let id = table.text("id").and_then(|id| read_id(&id, "the ladder", ids));
    let title = table.shared("title");
    let from = table.required("from");
    let period = table.period().and_then(|(at, until)| {
        from.as_ref().and(at).map(|from| Period { from: Some(from), until })
    });
    let source = table.required("source").and_then(|field| context.sources.cite(&field));
    let kinds = |field: Field<'_>| {
        read_kinds(&field, "violation kind", attributes::VIOLATIONS, context.schema)
    };
    let violations = table.optional("violations").map(kinds);
    let immediate = table.optional("immediate").map_or(Some(Vec::new()), kinds);
    let order = match table.optional("order") {
        None => Some(StepOrder::Climbing),
        Some(field) => field
            .text()
            .and_then(|text| text.word("order of steps", StepOrder::ALL, StepOrder::name)),
    };
    let mut step_ids = Ids::new();
    let steps = table.tables("step", "a step of a ladder", &STEP_KEYS);
    if table
        .required("step")
        .is_some_and(|field| field.items().is_some_and(|items| items.is_empty()))
    {
        table.spot.report(Kind::Empty { key: "step".into() });
    }
    let steps = steps
        .iter()
        .filter_map(|step| step.keep(read_step(step, &mut step_ids, context)))
        .collect();
    Some(Ladder {
        id: id?,
        title: title?,
        period: period?,
        source: source?,
        violations: match violations {
            None => None,
            Some(kinds) => Some(kinds?),
        },
        immediate: immediate?,
        order: order?,
        steps,
        place: table.spot.place(),
    })
}

fn read_id(text: &Text<'_>, what: &'static str, ids: &mut Ids) -> Option<Arc<str>> {
    let id: Arc<str> = Arc::from(text.value);
    if let Some(first) = ids.get(&id) {
        text.spot.report(Kind::RepeatedId { what, id: text.value.into(), first: first.clone() });
        return None;
    }
    ids.insert(Arc::clone(&id), text.spot.place());
    text.check_name(if what == "the ladder" { "a ladder" } else { "a step" }, NameForm::Dotted)
        .then_some(id)
}

fn read_step(table: &Table<'_>, ids: &mut Ids, context: &Context<'_>) -> Option<LadderStep> {
    let id = table.text("id").and_then(|id| read_id(&id, "the step", ids));
    let title = table.shared("title");
    let days = table.optional("days").map_or(Some(Vec::new()), |field| {
        Some(field.items()?.iter().filter_map(Field::days).collect())
    });
    let kinds = |field: Field<'_>| {
        read_kinds(&field, "restriction kind", attributes::RESTRICTIONS, context.schema)
    };
    let blocks = table.optional("blocks").map_or(Some(Vec::new()), kinds);
    let ends =
        table.text("ends").and_then(|text| text.word("end of a step", StepEnd::ALL, StepEnd::name));
    let appeal =
        table.text("appeal").and_then(|text| text.word("appeal", Appeal::ALL, Appeal::name));
    let appeal_days = table.optional("appeal_days").map(|field| field.days());
    let exposure =
        table.optional("exposure").map_or(Some(Vec::new()), |field| rules::read_exposure(&field));
    Some(LadderStep {
        id: id?,
        title: title?,
        days: days?,
        blocks: blocks?,
        ends: ends?,
        appeal: appeal?,
        appeal_days: match appeal_days {
            None => None,
            Some(days) => Some(days?),
        },
        exposure: exposure?,
    })
}

/// Words that the schema allows as the `kind` of a list of objects.
fn read_kinds(
    field: &Field<'_>,
    what: &'static str,
    collection: &str,
    schema: &Schema,
) -> Option<Vec<Arc<str>>> {
    let collection = schema.collections().iter().find(|known| *known.path == *collection);
    let member = collection
        .and_then(|collection| collection.members.iter().find(|member| &*member.path == "kind"));
    let allowed = member.and_then(|member| member.choices()).unwrap_or_default();
    let mut kinds = Vec::new();
    for text in field.texts()? {
        match allowed.iter().find(|choice| *choice.name == *text.value) {
            Some(choice) => kinds.push(Arc::clone(&choice.name)),
            None => {
                let kind = Kind::UnknownWord { what, word: text.value.into() };
                text.spot.report_name(kind, text.value, allowed.iter().map(|choice| &*choice.name));
            }
        }
    }
    Some(kinds)
}
