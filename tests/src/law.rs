//! The first law: what is not understood shows in the verdict.
//!
//! Whatever a caller gives and the engine cannot read, place or use is an error or makes the
//! verdict at least `review`. So a document that is not clear to send must not become clear when a
//! member of it is replaced by a value that nobody understands, is set to `null`, or is left out.
//! [`changes`] makes every such change of one JSON text; [`excuse`] says of which the law does not
//! speak, and why.

use cleartosend::schema::shape::{Member, Object};
use cleartosend::schema::{Attribute, Form, NotGiven, Nullable};
use cleartosend::{Scalar, Schema, Type};
use serde_json::{Map, Value as Json, json};

/// One step from an object or list to what lies in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A member of an object.
    Member(String),
    /// An element of a list.
    Element(usize),
}

/// What was done to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Another value stands in its place.
    Replaced,
    /// `null` stands in its place.
    Nulled,
    /// It is gone.
    Removed,
}

/// A JSON text that differs from another in one place.
#[derive(Clone, Debug)]
pub struct Change {
    /// Where.
    pub steps: Vec<Step>,
    /// What was done there.
    pub deed: Deed,
    /// The whole text after it.
    pub json: Json,
}

impl Change {
    /// The place as messages write it: `account.restrictions[0].until`.
    pub fn path(&self) -> String {
        path_of(&self.steps)
    }

    /// What now stands there, for messages.
    pub fn shown(&self) -> String {
        match self.deed {
            Deed::Removed => "left out".into(),
            Deed::Nulled => "null".into(),
            Deed::Replaced => self
                .steps
                .iter()
                .try_fold(&self.json, |here, step| within(here, step))
                .map_or_else(String::new, Json::to_string),
        }
    }
}

fn path_of(steps: &[Step]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Member(name) if path.is_empty() => path.push_str(name),
            Step::Member(name) => path.push_str(&format!(".{name}")),
            Step::Element(number) => path.push_str(&format!("[{number}]")),
        }
    }
    path
}

fn within<'j>(json: &'j Json, step: &Step) -> Option<&'j Json> {
    match step {
        Step::Member(name) => json.get(name),
        Step::Element(number) => json.get(number),
    }
}

/// Values that no attribute of the type understands. Texts are words of no list, no form and no
/// format.
pub fn strangers(now: &Json) -> Vec<Json> {
    let of_another_type = [
        json!("zz-nobody-knows-this"),
        json!(""),
        json!(" "),
        json!(true),
        json!(4.75),
        json!({"zz": 1}),
        json!([[1]]),
    ];
    match now {
        // A stranger of the text's own type says something only where texts have a form; see
        // `Place::knows_words`.
        Json::String(_) => vec![
            json!("zz-nobody-knows-this"),
            json!(""),
            json!(" "),
            json!("0001-01-01T00:00:00Z"),
            json!("zz:nobody"),
            json!(true),
            json!(17),
            json!(4.75),
            json!({"zz": 1}),
            json!([[1]]),
        ],
        Json::Bool(_) => vec![json!("true"), json!("zz"), json!(0), json!(1), json!([]), json!({})],
        Json::Number(_) => vec![
            json!("7"),
            json!("zz"),
            json!(-1),
            json!(0.5),
            json!(1e300),
            json!(true),
            json!([]),
        ],
        Json::Array(_) => {
            vec![
                json!("zz"),
                json!(1),
                json!(true),
                json!({"zz": 1}),
                json!(["zz-nobody-knows-this"]),
                json!([null]),
                json!([7]),
            ]
        }
        Json::Object(_) => {
            vec![json!("zz"), json!(1), json!([]), json!({"zz-nobody-knows-this": 1})]
        }
        Json::Null => of_another_type.to_vec(),
    }
}

/// Every change of one place: each member and element, however deep, replaced by each stranger, set
/// to `null`, and left out.
pub fn changes(whole: &Json) -> Vec<Change> {
    let mut found = Vec::new();
    visit(whole, &mut Vec::new(), &mut |steps, now| {
        if steps.is_empty() {
            return;
        }
        for stranger in strangers(now) {
            found.push(changed(whole, steps, Deed::Replaced, Some(stranger)));
        }
        if !now.is_null() {
            found.push(changed(whole, steps, Deed::Nulled, Some(Json::Null)));
        }
        found.push(changed(whole, steps, Deed::Removed, None));
    });
    found
}

/// Some changes of several texts, the same in every run: every so manyth of all of them, so that
/// each text and each kind of change has its share. For bindings, which answer each as the engine
/// does.
pub fn sample(documents: &[(String, Json)], count: usize) -> Vec<(String, Json)> {
    let all: Vec<(String, Json)> = documents
        .iter()
        .flat_map(|(name, document)| {
            changes(document).into_iter().map(move |change| {
                (format!("{name}, {} {}", change.path(), change.shown()), change.json)
            })
        })
        .collect();
    let step = (all.len() / count.max(1)).max(1) | 1;
    all.into_iter().step_by(step).collect()
}

fn visit(json: &Json, steps: &mut Vec<Step>, seen: &mut impl FnMut(&[Step], &Json)) {
    seen(steps, json);
    let inner: Vec<(Step, &Json)> = match json {
        Json::Object(members) => {
            members.iter().map(|(name, value)| (Step::Member(name.clone()), value)).collect()
        }
        Json::Array(elements) => elements
            .iter()
            .enumerate()
            .map(|(number, value)| (Step::Element(number), value))
            .collect(),
        _ => Vec::new(),
    };
    for (step, value) in inner {
        steps.push(step);
        visit(value, steps, seen);
        steps.pop();
    }
}

fn changed(whole: &Json, steps: &[Step], deed: Deed, to: Option<Json>) -> Change {
    let mut json = whole.clone();
    if let Some((last, outer)) = steps.split_last() {
        let parent = outer.iter().try_fold(&mut json, |here, step| match step {
            Step::Member(name) => here.get_mut(name),
            Step::Element(number) => here.get_mut(number),
        });
        match (parent, last, to) {
            (Some(Json::Object(members)), Step::Member(name), Some(value)) => {
                members.insert(name.clone(), value);
            }
            (Some(Json::Object(members)), Step::Member(name), None) => {
                members.remove(name);
            }
            (Some(Json::Array(elements)), Step::Element(number), Some(value)) => {
                elements[*number] = value;
            }
            (Some(Json::Array(elements)), Step::Element(number), None) => {
                elements.remove(*number);
            }
            _ => panic!("no place {}", path_of(steps)),
        }
    }
    Change { steps: steps.to_vec(), deed, json }
}

/// What the schema knows of a place in a campaign document.
enum Place<'s> {
    /// The value of an attribute or of a member of a list of objects.
    Value(&'s Attribute),
    /// An element of a list of values.
    ValueElement(&'s Attribute),
    /// A list of objects.
    Collection,
    /// One of its objects.
    Entry,
    /// An object that holds members.
    Object,
    /// Nothing that the schema knows.
    Stranger,
}

fn place<'s>(schema: &'s Schema, steps: &[Step]) -> Place<'s> {
    let mut shape: &Object = schema.shape();
    let mut steps = steps.iter();
    while let Some(step) = steps.next() {
        let Step::Member(name) = step else { return Place::Stranger };
        match shape.find(name) {
            Some((_, _, Member::Object(inner))) => shape = inner,
            Some((_, _, Member::Attribute(id))) => {
                return value_place(schema.attribute(*id), steps.as_slice());
            }
            Some((_, _, Member::Collection(index))) => {
                return match (schema.collections().get(*index), steps.as_slice()) {
                    (_, []) => Place::Collection,
                    (_, [_]) => Place::Entry,
                    (Some(collection), [_, Step::Member(name), rest @ ..]) => {
                        let member =
                            collection.members.iter().find(|member| *member.path == **name);
                        member.map_or(Place::Stranger, |member| value_place(member, rest))
                    }
                    _ => Place::Stranger,
                };
            }
            Some((_, _, Member::Derived(_))) | None => return Place::Stranger,
        }
    }
    Place::Object
}

fn value_place<'s>(attribute: &'s Attribute, rest: &[Step]) -> Place<'s> {
    match rest {
        [] => Place::Value(attribute),
        [Step::Element(_)] => Place::ValueElement(attribute),
        _ => Place::Stranger,
    }
}

/// Members that another given one answers, by path: what is left out is then not missing.
const ANSWERED_BY_ANOTHER: &[(&str, &str)] = &[
    ("provider.id", "the provider's name or domain leads to it too"),
    ("provider.name", "the provider's id or domain leads to it too"),
    ("provider.domain", "the provider's id or name leads to it too"),
    ("intermediaries.id", "its name or domain leads to it too"),
    ("intermediaries.name", "its id or domain leads to it too"),
    ("intermediaries.domain", "its id or name leads to it too"),
    ("intermediaries.role", "the directory has the role of a listed one"),
    ("access.route", "Meta's own endpoint serves one route alone"),
    ("campaign.content", "whoever tells the state of a template sends it"),
    ("campaign.initiated_by", "the business opens the conversation with a marketing template"),
    ("campaign.use_case", "a marketing template promotes its trade, which is given"),
    (
        "campaign.automated",
        "who opens the conversation, and with what, says whether software answers",
    ),
    ("campaign.general_purpose_ai", "where no software answers, the use case says what is offered"),
    (
        "campaign.requests",
        "a marketing template that opens the conversation is reviewed for what it asks",
    ),
    ("recipient.country", "it follows from the number, or from the user id"),
    ("recipient.phone", "a user id names the person too, and a given country the place"),
    ("recipient.user_id", "a phone number names the person too"),
    ("recipient.time_zone", "the zones follow from the number and the country"),
];

/// Why the law does not speak of a change of a campaign document; none where it does.
pub fn excuse(schema: &Schema, change: &Change) -> Option<String> {
    let path = change.path();
    let general: String = change
        .steps
        .iter()
        .filter_map(|step| if let Step::Member(name) = step { Some(name.as_str()) } else { None })
        .collect::<Vec<_>>()
        .join(".");
    // Software posts nothing to the Business app, so that its documents have no address to tell.
    if change.deed == Deed::Removed
        && general == "access.endpoint"
        && change.json.pointer("/access/route").is_some_and(|route| route == "business_app")
    {
        return Some("the Business app has no address".into());
    }
    let answered = || {
        ANSWERED_BY_ANOTHER
            .iter()
            .find(|(known, _)| *known == general)
            .map(|(_, why)| (*why).to_owned())
    };
    match (place(schema, &change.steps), change.deed) {
        (_, Deed::Removed | Deed::Nulled) if path == "recipient" => {
            Some("without a recipient the campaign alone is judged".into())
        }
        (Place::Entry | Place::ValueElement(_), Deed::Removed) => {
            Some("a shorter list is another list".into())
        }
        (Place::Value(attribute), Deed::Removed) => match &attribute.not_given {
            NotGiven::Absent { .. } => Some(format!("absent when not given: {general}")),
            NotGiven::Value(_) => Some(format!("its pack says what it is then: {general}")),
            NotGiven::Unknown => answered(),
        },
        (Place::Value(attribute), Deed::Nulled) => match attribute.nullable {
            Nullable::Yes => Some("null says that it does not exist".into()),
            Nullable::No => answered(),
        },
        (Place::Object, Deed::Removed | Deed::Nulled) => {
            // All its members are left out at once: excused where each of them is.
            let inner = members_of(schema, &general);
            let all_excused = !inner.is_empty()
                && inner.iter().all(|attribute| {
                    matches!(attribute.not_given, NotGiven::Absent { .. })
                        || ANSWERED_BY_ANOTHER.iter().any(|(known, _)| **known == *attribute.path)
                });
            all_excused.then(|| "each of its members may be left out".into())
        }
        (Place::Value(attribute) | Place::ValueElement(attribute), Deed::Replaced) => {
            understood(attribute, change)
        }
        _ => None,
    }
}

fn members_of<'s>(schema: &'s Schema, path: &str) -> Vec<&'s Attribute> {
    let prefix = format!("{path}.");
    schema
        .iter()
        .map(|(_, attribute)| attribute)
        .filter(|attribute| attribute.path.starts_with(&prefix))
        .collect()
}

/// Whether what stands there now is a value like any other of the attribute, which is then
/// understood.
fn understood(attribute: &Attribute, change: &Change) -> Option<String> {
    let now = change.steps.iter().try_fold(&change.json, |here, step| within(here, step))?;
    let element = attribute.ty.element().unwrap_or(attribute.ty);
    let is_understood = match now {
        // Any text is a name; one that is empty or blank is none.
        Json::String(text)
            if element.base == Scalar::String
                && element.lists == 0
                && attribute.form == Form::Text =>
        {
            !text.trim().is_empty()
        }
        Json::Bool(_) => element == Type::BOOL,
        Json::Number(number) => match element.base {
            Scalar::Int => {
                number.as_i64().is_some_and(|number| number >= 0 || attribute.form == Form::Any)
            }
            Scalar::Double => true,
            _ => false,
        },
        Json::Array(elements)
            if attribute.ty.lists == 1 && matches!(place_of_lists(change), ListPlace::Whole) =>
        {
            elements.iter().all(|element| {
                element
                    .as_str()
                    .is_some_and(|text| attribute.form == Form::Text && !text.trim().is_empty())
            })
        }
        _ => false,
    };
    is_understood.then(|| format!("a value of {} like any other", attribute.path))
}

enum ListPlace {
    Whole,
    Inside,
}

fn place_of_lists(change: &Change) -> ListPlace {
    if matches!(change.steps.last(), Some(Step::Element(_))) {
        ListPlace::Inside
    } else {
        ListPlace::Whole
    }
}

/// The document with a member of its own that nobody knows, in each object: the reader must refuse
/// it.
pub fn with_unknown_members(whole: &Json) -> Vec<Change> {
    let mut found = Vec::new();
    visit(whole, &mut Vec::new(), &mut |steps, now| {
        if let Json::Object(members) = now {
            let mut members: Map<String, Json> = members.clone();
            members.insert("zz_nobody_knows_this".into(), json!(1));
            let json = if steps.is_empty() {
                Json::Object(members)
            } else {
                changed(whole, steps, Deed::Replaced, Some(Json::Object(members))).json
            };
            found.push(Change { steps: steps.to_vec(), deed: Deed::Replaced, json });
        }
    });
    found
}
