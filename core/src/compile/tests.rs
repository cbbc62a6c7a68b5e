use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::*;
use crate::matching::{Case, Matcher, missing};
use crate::pack::PackFile;
use crate::program::RuleIdx;
use crate::schema::attributes as id;
use crate::schema::{AttributeId, Scope};
use crate::time::Timestamp;
use crate::value::{Fact, Value};
use crate::verdict::Status;

struct Facts(Vec<Fact>);

impl Case for Facts {
    fn fact(&self, id: AttributeId) -> &Fact {
        &self.0[id.index()]
    }

    fn scope(&self) -> Scope {
        Scope::Recipient
    }
}

fn facts(given: &[(AttributeId, Fact)]) -> Facts {
    let mut slots = vec![Fact::Unknown; Schema::built_in().len()];
    slots[id::SEND_AT.index()] =
        Fact::Value(Value::Timestamp(Timestamp::parse("2026-03-02T15:00:00Z").unwrap()));
    for (id, fact) in given {
        slots[id.index()] = fact.clone();
    }
    Facts(slots)
}

fn text(text: &str) -> Fact {
    Fact::Value(Value::string(text))
}

/// A program of rules given as (applies, requires).
fn program(rules: &[(&str, &str)]) -> Program {
    program_with(rules, "")
}

fn program_with(rules: &[(&str, &str)], sets: &str) -> Program {
    let mut toml = String::new();
    for (number, (applies, requires)) in rules.iter().enumerate() {
        toml.push_str(&format!(
            "[[rule]]\nid = 'limits.r{number}'\ntopic = 'limits'\ntitle = 't'\napplies = \
             '{applies}'\nrequires = '{requires}'\nverdict = 'deny'\nfrom = 2018-01-01\nsource = \
             {{ id = 's' }}\nmessage = 'm'\nadvice = 'a'\nexposure = []\n\n"
        ));
    }
    program_of(&toml, sets)
}

fn program_of(toml: &str, sets: &str) -> Program {
    let file = |path: &str, text: String| PackFile {
        path: path.into(),
        bytes: Cow::Owned(text.into_bytes()),
    };
    let manifest = "name = 'p'\nversion = '1.0.0'\nrequires = '>=1.0, <2'\ntitle = 't'\npublished = 2026-01-01\n\
                    [sources.s]\ntitle = 't'\nurl = 'https://example.com'\nretrieved = 2026-01-01\nconfidence = 'official'\n";
    let mut files = vec![file("pack.toml", manifest.into()), file("rules/r.toml", toml.into())];
    if !sets.is_empty() {
        files.push(file("sets.toml", sets.into()));
    }
    let pack =
        Pack::load(&files, &Schema::built_in()).unwrap_or_else(|problems| panic!("{problems}"));
    let schema = Arc::clone(&pack.schema);
    compile(vec![Arc::new(pack)], schema).unwrap()
}

fn outcome(
    program: &Program,
    rule: u32,
    given: &[(AttributeId, Fact)],
) -> (Status, BTreeSet<AttributeId>) {
    let case = facts(given);
    let mut matcher = Matcher::new();
    matcher.run(program, &case);
    (
        matcher.status(program, RuleIdx(rule)).unwrap(),
        missing(program, &matcher, &case, RuleIdx(rule)),
    )
}

#[test]
fn a_rule_is_settled_when_every_completion_agrees() {
    let program = program(&[
        ("true", "campaign.automated || !campaign.automated"),
        ("campaign.automated", "recipient.opted_out"),
        (
            "has(provider.name) && provider.name == \"Acme\"",
            "campaign.category in [\"marketing\", \"utility\"]",
        ),
    ]);
    assert_eq!(outcome(&program, 0, &[]), (Status::Satisfied, BTreeSet::new()));
    let no = || Fact::Value(Value::Bool(false));
    let yes = || Fact::Value(Value::Bool(true));
    assert_eq!(
        outcome(&program, 1, &[]),
        (Status::Undetermined, [id::CAMPAIGN_AUTOMATED, id::RECIPIENT_OPTED_OUT].into())
    );
    assert_eq!(
        outcome(&program, 1, &[(id::RECIPIENT_OPTED_OUT, yes())]).0,
        Status::Satisfied,
        "a violation is impossible"
    );
    assert_eq!(outcome(&program, 1, &[(id::CAMPAIGN_AUTOMATED, no())]).0, Status::NotApplicable);
    assert_eq!(
        outcome(&program, 1, &[(id::CAMPAIGN_AUTOMATED, yes()), (id::RECIPIENT_OPTED_OUT, no())]).0,
        Status::Violated
    );
    assert_eq!(outcome(&program, 2, &[(id::PROVIDER_NAME, Fact::Absent)]).0, Status::NotApplicable);
    assert_eq!(
        outcome(
            &program,
            2,
            &[(id::PROVIDER_NAME, text("Acme")), (id::CAMPAIGN_CATEGORY, text("service"))]
        )
        .0,
        Status::Violated
    );
    assert_eq!(
        outcome(&program, 2, &[(id::CAMPAIGN_CATEGORY, text("utility"))]).0,
        Status::Satisfied
    );
    assert_eq!(
        outcome(&program, 2, &[(id::PROVIDER_NAME, text("Acme"))]),
        (Status::Undetermined, [id::CAMPAIGN_CATEGORY].into())
    );
}

#[test]
fn numbers_are_cut_where_rules_compare_them() {
    let program = program(&[(
        "campaign.audience_size > 100",
        "account.daily_limit >= 1000 && account.daily_limit != 5000",
    )]);
    let case = |size: i64, limit: i64| {
        let given = [
            (id::CAMPAIGN_AUDIENCE_SIZE, Fact::Value(Value::Int(size))),
            (id::ACCOUNT_DAILY_LIMIT, Fact::Value(Value::Int(limit))),
        ];
        outcome(&program, 0, &given).0
    };
    assert_eq!(
        [case(100, 0), case(101, 999), case(101, 1000), case(101, 5000), case(101, i64::MAX)],
        [
            Status::NotApplicable,
            Status::Violated,
            Status::Satisfied,
            Status::Violated,
            Status::Satisfied
        ]
    );
}

#[test]
fn an_attribute_that_rules_out_little_still_rules_it_out() {
    let program = program(&[("campaign.audience_size <= 100", "true")]);
    let case = |size: i64| {
        outcome(&program, 0, &[(id::CAMPAIGN_AUDIENCE_SIZE, Fact::Value(Value::Int(size)))]).0
    };
    assert_eq!(
        [case(99), case(100), case(101)],
        [Status::Satisfied, Status::Satisfied, Status::NotApplicable]
    );
}

#[test]
fn an_order_of_listed_texts_tells_apart_those_that_are_not_named() {
    // approved, none, pending, rejected
    let program = program(&[
        ("true", r#"account.review < "none""#),
        ("true", r#""pending" <= account.review"#),
    ]);
    let case =
        |rule: u32, review: &str| outcome(&program, rule, &[(id::ACCOUNT_REVIEW, text(review))]).0;
    assert_eq!(
        [case(0, "approved"), case(0, "none"), case(0, "pending")],
        [Status::Satisfied, Status::Violated, Status::Violated]
    );
    assert_eq!(
        [case(1, "approved"), case(1, "pending"), case(1, "rejected")],
        [Status::Violated, Status::Satisfied, Status::Satisfied]
    );
    assert_eq!(outcome(&program, 0, &[]), (Status::Undetermined, [id::ACCOUNT_REVIEW].into()));
}

#[test]
fn a_dated_set_is_asked_at_the_instant_of_sending() {
    let sets = "[[set]]\nid = 'places'\ntitle = 't'\nsource = { id = 's' }\n[[set.entry]]\nvalues \
                = ['ES']\n[[set.entry]]\nvalues = ['FR']\nfrom = 2026-01-01\nuntil = 2026-04-01\n";
    let program = program_with(&[("true", "recipient.country in sets.places")], sets);
    let at = |send_at: &str, country: &str| {
        let send_at = Fact::Value(Value::Timestamp(Timestamp::parse(send_at).unwrap()));
        outcome(&program, 0, &[(id::SEND_AT, send_at), (id::RECIPIENT_COUNTRY, text(country))]).0
    };
    assert_eq!(at("2025-12-31T23:59:59Z", "FR"), Status::Violated);
    assert_eq!(at("2026-01-01T00:00:00Z", "FR"), Status::Satisfied);
    assert_eq!(at("2026-03-31T23:59:59.999999999Z", "FR"), Status::Satisfied);
    assert_eq!(at("2026-04-01T00:00:00Z", "FR"), Status::Violated);
    assert_eq!(at("2026-04-01T00:00:00Z", "ES"), Status::Satisfied);
    assert_eq!(at("2017-12-31T23:59:59Z", "ES"), Status::NotApplicable, "before the rule");
}

#[test]
fn predicates_are_shared_and_an_overflow_is_undetermined_with_nothing_missing() {
    let program = program(&[
        ("true", "campaign.audience_size <= account.daily_limit"),
        ("campaign.audience_size <= account.daily_limit", "!(\"password\" in campaign.requests)"),
        ("true", "campaign.audience_size + 1 > 0"),
    ]);
    assert_eq!(program.predicates().len(), 3);
    let int = |value| Fact::Value(Value::Int(value));
    let given = [(id::CAMPAIGN_AUDIENCE_SIZE, int(5)), (id::ACCOUNT_DAILY_LIMIT, int(4))];
    assert_eq!(outcome(&program, 0, &given).0, Status::Violated);
    assert_eq!(outcome(&program, 1, &given).0, Status::NotApplicable);
    assert_eq!(
        outcome(&program, 0, &given[..1]),
        (Status::Undetermined, [id::ACCOUNT_DAILY_LIMIT].into())
    );
    assert_eq!(
        outcome(&program, 2, &[(id::CAMPAIGN_AUDIENCE_SIZE, int(i64::MAX))]),
        (Status::Undetermined, BTreeSet::new())
    );
}

#[test]
fn a_condition_past_the_bound_becomes_a_predicate_and_decides_the_same() {
    // Ten differences of two attributes each: the conjunction of their disjunctions has 2^10
    // clauses.
    let pairs = [
        ("campaign.automated", "recipient.opted_out"),
        ("campaign.human_handoff", "campaign.offers_opt_out"),
        ("campaign.offers_opt_out", "account.banned"),
        ("campaign.general_purpose_ai", "account.restricted_all"),
        ("recipient.in_service_window", "campaign.use_case_approved"),
        ("account.quality == \"red\"", "account.review == \"none\""),
        ("recipient.opt_in == \"none\"", "campaign.content == \"template\""),
        ("campaign.initiated_by == \"business\"", "account.verification == \"pending\""),
    ];
    let condition: Vec<String> = pairs.iter().map(|(a, b)| format!("({a} || {b})")).collect();
    let program = program(&[("true", &condition.join(" && "))]);
    assert!(
        program.compiled(RuleIdx(0)).unwrap().satisfied.len() <= limits::CLAUSES_PER_OUTCOME_MAX
    );
    let bools: Vec<AttributeId> = Schema::built_in()
        .iter()
        .filter(|(_, attribute)| attribute.ty == crate::value::Type::BOOL)
        .map(|(id, _)| id)
        .collect();
    let all = |value: bool| {
        bools.iter().map(|id| (*id, Fact::Value(Value::Bool(value)))).collect::<Vec<_>>()
    };
    let mut given = all(true);
    given.extend([
        (id::ACCOUNT_QUALITY, text("red")),
        (id::RECIPIENT_OPT_IN, text("none")),
        (id::CAMPAIGN_INITIATED_BY, text("business")),
    ]);
    assert_eq!(outcome(&program, 0, &given).0, Status::Satisfied);
    assert_eq!(outcome(&program, 0, &all(false)).0, Status::Violated);
}

/// The example of `ARCHITECTURE.md`: what stands there as bits is what the table holds.
#[test]
fn the_worked_example_is_what_the_table_holds() {
    let rule = |id: &str, until: &str, conditions: &str| {
        format!(
            "[[rule]]\nid = 'consent.{id}'\ntopic = 'consent'\ntitle = 't'\nverdict = \
             'deny'\nfrom = 2018-08-01\n{until}\n{conditions}\nsource = {{ id = 's' }}\nmessage = \
             'm'\nadvice = 'a'\nexposure = []\n\n"
        )
    };
    let rules = [
        rule(
            "no-opt-in",
            "",
            "applies = 'campaign.initiated_by == \"business\"'\nrequires = 'recipient.opt_in == \
             \"given\"'",
        ),
        rule(
            "replies-only",
            "until = 2021-09-15",
            "requires = 'campaign.initiated_by == \"customer\"'",
        ),
    ];
    let program = program_of(&rules.concat(), "");
    let bits = |id: AttributeId, class: u16| {
        let place = program.dimensions().iter().position(|dimension| {
            dimension.subject == crate::program::dimension::Subject::Attribute(id)
        });
        let row =
            program.table().row(crate::program::clause::DimensionIdx(place.unwrap() as u16), class);
        (row[0], row[1])
    };
    // As (violated, satisfied), rule 0 in the lowest bit.
    let of_send_at: Vec<_> = (1..=5).map(|class| bits(id::SEND_AT, class)).collect();
    assert_eq!(of_send_at, [(0b00, 0b00), (0b11, 0b11), (0b11, 0b11), (0b01, 0b01), (0b01, 0b01)]);
    assert_eq!(
        [bits(id::CAMPAIGN_INITIATED_BY, 1), bits(id::CAMPAIGN_INITIATED_BY, 2)],
        [(0b11, 0b01), (0b00, 0b10)]
    );
    assert_eq!(
        [bits(id::RECIPIENT_OPT_IN, 1), bits(id::RECIPIENT_OPT_IN, 2)],
        [(0b10, 0b11), (0b11, 0b10)]
    );

    let given = [(id::CAMPAIGN_INITIATED_BY, text("business"))];
    assert_eq!(outcome(&program, 0, &given), (Status::Undetermined, [id::RECIPIENT_OPT_IN].into()));
    assert_eq!(outcome(&program, 1, &given).0, Status::NotApplicable);
}

/// A condition of many clauses that are compared with each other again and again.
fn product(number: usize) -> String {
    let either = |at: usize| {
        format!(
            "(account.daily_limit == {at} || campaign.audience_size == {at} || account.country == \
             \"{}\")",
            ["ES", "FR", "DE", "IN", "BR"][at % 5]
        )
    };
    (number..number + 12).map(either).collect::<Vec<_>>().join(" && ")
}

#[test]
fn the_steps_of_compiling_grow_with_what_is_compiled() {
    let steps = |rules: usize| {
        let conditions: Vec<String> = (0..rules).map(product).collect();
        let rules: Vec<(&str, &str)> =
            conditions.iter().map(|condition| ("true", condition.as_str())).collect();
        let program = program(&rules);
        let nodes: usize = program
            .rules()
            .map(|(_, _, rule)| normalise::nodes(&rule.condition.expression().root) + 1)
            .sum();
        assert!(program.steps() <= limits::COMPILE_STEPS_PER_NODE_MAX * nodes as u64);
        program.steps()
    };
    let (few, many) = (steps(10), steps(40));
    // What a rule takes does not grow with what others compare with.
    assert!(many < few * 8, "{few} {many}");
}

#[test]
fn a_rule_that_takes_too_many_steps_is_judged_all_the_same() {
    // Three levels of products, each of which is compared with all that the others left.
    let inner = |at: usize| format!("!({})", product(at));
    let condition = (0..14).map(|at| inner(at * 12)).collect::<Vec<_>>().join(" || ");
    let program = program(&[("campaign.automated", &condition)]);
    let given = |automated: bool| {
        outcome(
            &program,
            0,
            &[
                (id::CAMPAIGN_AUTOMATED, Fact::Value(Value::Bool(automated))),
                (id::ACCOUNT_DAILY_LIMIT, Fact::Value(Value::Int(3))),
                (id::CAMPAIGN_AUDIENCE_SIZE, Fact::Value(Value::Int(4))),
                (id::ACCOUNT_COUNTRY, text("ES")),
            ],
        )
        .0
    };
    assert_eq!((given(true), given(false)), (Status::Satisfied, Status::NotApplicable));
}

#[test]
fn a_set_is_taken_in_once_however_many_rules_name_it() {
    let members: Vec<String> = (0..500).map(|member| member.to_string()).collect();
    let sets = format!(
        "[[set]]\nid = 's'\ntitle = 't'\nsource = {{ id = 's' }}\n[[set.entry]]\nvalues = [{}]\n",
        members.join(", ")
    );
    let steps = |rules: usize| {
        program_with(&vec![("true", "account.daily_limit in sets.s"); rules], &sets).steps()
    };
    let (one, ten) = (steps(1), steps(10));
    assert!(ten <= one.max(1) * 10, "{one} {ten}");
}

#[test]
fn the_rules_of_built_in_packs_take_few_steps() {
    for name in Pack::built_in_names() {
        let pack = Pack::built_in(name).unwrap().unwrap();
        let of_rule = |rule: &Rule| {
            let conditions = rule.applies.iter().chain([rule.condition.expression()]);
            conditions.map(|condition| normalise::nodes(&condition.root)).sum::<usize>()
        };
        let nodes: usize = pack.rules.iter().map(of_rule).sum();
        let schema = Arc::clone(&pack.schema);
        let steps = compile(vec![pack], schema).unwrap().steps();
        let most = limits::COMPILE_STEPS_PER_NODE_MAX / 100 * nodes as u64;
        assert!(steps < most, "{name}: {steps} of {most}");
    }
}
