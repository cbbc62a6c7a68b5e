//! Every limit of the rule language holds, and hostile sources are refused quickly and on a small
//! stack.

use std::fmt::Write as _;

use cleartosend::expert::cel::{Bindings, Environment, Outcome, SetDeclaration, SetId, guard};
use cleartosend::expert::{cel, limits};
use cleartosend::schema::AttributeId;
use cleartosend::{Fact, Schema, Type, Value};

/// One fact for all attributes, one list for all sets.
struct Same {
    fact: Fact,
    set: Vec<Value>,
}

impl Bindings for Same {
    fn fact(&self, _: AttributeId) -> &Fact {
        &self.fact
    }

    fn set(&self, _: SetId) -> &[Value] {
        &self.set
    }
}

/// The code of the error at load or evaluation, or `ok`.
fn code(source: &str) -> &'static str {
    code_over(
        source,
        &Same {
            fact: Fact::Value(Value::string(&"x".repeat(600_000))),
            set: (0..2000).map(Value::Int).collect(),
        },
    )
}

fn code_over(source: &str, bindings: &Same) -> &'static str {
    let schema = Schema::built_in();
    let sets = [SetDeclaration { name: "numbers".into(), element: Type::INT }];
    let expression = match cel::compile(source, &Environment { schema: &schema, sets: &sets }) {
        Ok(expression) => expression,
        Err(error) => return error.code(),
    };
    guard::unguarded(None, &expression.root, &schema);
    match cel::evaluate(&expression, bindings) {
        Outcome::Error(error) => error.code(),
        Outcome::Value(_) | Outcome::Undetermined(_) => "ok",
    }
}

/// `begin` and `end` that many times around `middle`.
fn nested(begin: &str, middle: &str, end: &str, times: usize) -> String {
    format!("{}{middle}{}", begin.repeat(times), end.repeat(times))
}

const DEPTH: usize = limits::EXPRESSION_DEPTH_MAX;

#[test]
fn source_bytes() {
    let blank = |bytes: usize| format!("true{}", " ".repeat(bytes - 4));
    assert_eq!(code(&blank(limits::EXPRESSION_BYTES_MAX)), "ok");
    assert_eq!(code(&blank(limits::EXPRESSION_BYTES_MAX + 1)), "cel/too-long");
}

/// Shapes that nest, each at the deepest that is read and one deeper.
fn nesting() -> Vec<(&'static str, String, String)> {
    let shape = |name, deepest: usize, make: &dyn Fn(usize) -> String| {
        (name, make(deepest), make(deepest + 1))
    };
    vec![
        // The root counts as a level of its own, and so does a branch or list beside the innermost
        // part.
        shape("brackets", DEPTH - 1, &|n| nested("(", "1", ")", n)),
        shape("calls", DEPTH - 1, &|n| nested("int(", "1", ")", n)),
        shape("conditionals to the right", DEPTH - 1, &|n| nested("true ? 1 : ", "1", "", n)),
        shape("conditionals to the left", DEPTH - 2, &|n| {
            nested("(", "true", " ? true : false)", n)
        }),
        shape("sums", DEPTH - 1, &|n| nested("", "1", " + 1", n)),
        shape("relations", DEPTH - 1, &|n| nested("", "true", " == true", n)),
        shape("methods", DEPTH - 1, &|n| nested("", "'a'", ".size()", n)),
        shape("not in brackets", DEPTH - 1, &|n| nested("!(", "true", ")", n)),
        shape("macros", DEPTH - 2, &|n| nested("[1].all(x, ", "true", ")", n)),
        shape("and in or", (DEPTH - 1) / 2, &|n| nested("(true && (false || ", "true", "))", n)),
    ]
}

#[test]
fn depth() {
    for (shape, deepest, deeper) in nesting() {
        assert_ne!(code(&deepest), "cel/too-deep", "{shape}: {deepest}");
        assert_eq!(code(&deeper), "cel/too-deep", "{shape}: {deeper}");
    }
}

#[test]
fn the_deepest_expressions_fit_on_the_stack_of_a_thread() {
    // Threads have 2 MiB; half of it must do, also without optimisation.
    let small = std::thread::Builder::new().stack_size(1 << 20);
    let run = || {
        nesting().iter().for_each(|(_, deepest, deeper)| assert_ne!(code(deepest), code(deeper)));
    };
    small.spawn(run).expect("a thread").join().expect("no overflow");
}

#[test]
fn chains_of_one_operator_are_not_deep() {
    assert_eq!(code(&nested("", "true", " && true", 1500)), "ok");
    assert_eq!(code(&nested("", "true", " || true", 1500)), "ok");
    assert_eq!(code(&format!("{}true", "!".repeat(16_000))), "ok");
    assert_eq!(code(&format!("{}1", "-".repeat(16_000))), "ok");
}

#[test]
fn nodes() {
    // Each `&&` adds one literal; the chain itself is one node.
    let chain = |nodes: usize| nested("", "1<2", "&&1<2", (nodes - 1) / 3 - 1);
    assert_eq!(code(&chain(limits::EXPRESSION_NODES_MAX)), "ok");
    assert_eq!(code(&chain(limits::EXPRESSION_NODES_MAX + 3)), "cel/too-many-nodes");
}

#[test]
fn list_literals() {
    let list = |elements: usize| format!("size([{}]) > 0", vec!["1"; elements].join(","));
    assert_eq!(code(&list(limits::LIST_LITERAL_MAX)), "ok");
    assert_eq!(code(&list(limits::LIST_LITERAL_MAX + 1)), "cel/list-too-long");
    let deepest = usize::from(limits::LIST_NESTING_MAX);
    assert_eq!(code(&nested("[", "1", "]", deepest)), "ok");
    assert_eq!(code(&nested("[", "1", "]", deepest + 1)), "cel/list-too-nested");
}

#[test]
fn evaluation_steps() {
    // Two thousand times two thousand.
    let product = "sets.numbers.all(a, sets.numbers.all(b, a + b >= 0))";
    assert_eq!(code(product), "cel/too-many-steps");
    assert_eq!(code("sets.numbers.all(a, a >= 0)"), "ok");
    // A limit is never absorbed.
    assert_eq!(code(&format!("{product} || true")), "cel/too-many-steps");
    assert_eq!(code(&format!("sets.numbers.exists(c, {product} || true)")), "cel/too-many-steps");
    // Texts cost by their length: each search touches 1.2 MB.
    assert_eq!(code("sets.numbers.all(a, account.id.contains(account.id))"), "cel/too-many-steps");
    // So do members of a set.
    assert_eq!(code("sets.numbers.all(a, !(-1 in sets.numbers))"), "cel/too-many-steps");
}

#[test]
fn text_bytes() {
    assert_eq!(code("(account.id + account.id).size() > 0"), "cel/text-too-long");
    let half = Same {
        fact: Fact::Value(Value::string(&"x".repeat(limits::TEXT_BYTES_MAX / 2))),
        set: Vec::new(),
    };
    assert_eq!(code_over("(account.id + account.id).size() > 0", &half), "ok");
    assert_eq!(code_over("(account.id + account.id + 'x').size() > 0", &half), "cel/text-too-long");
}

#[test]
fn hostile_sources_are_refused() {
    // Repeated motifs that cost other parsers gigabytes.
    let motifs = [
        "[",
        "(",
        "{",
        "-",
        "!",
        "?",
        ":",
        "a?",
        "a?b:",
        "a.",
        "a[",
        "f(",
        "[[",
        "((",
        "[(",
        "!(",
        "-(",
        "1+",
        "1-(",
        "&&",
        "a&&(",
        "'",
        "\"",
        "\"\"\"",
        "r'",
        "\\",
        "//",
        "a in ",
        "[1].all(x,",
        "x.all(x,",
        "has(",
        "{a:",
        "a{",
        "1?[",
        "[?",
        ".",
        "..",
        "0x",
        "1e",
        "1.",
        "\u{0}",
        "é",
        "a?[b(-",
        "[a?b(!",
        "!--!",
        "size(size(",
        "]",
        ")",
        "}",
    ];
    for motif in motifs {
        for times in [31, 125, 1000, 16_000 / motif.len()] {
            let source = motif.repeat(times);
            let code = code(&source);
            assert!(code.starts_with("cel/") || code == "ok", "{motif} {times} times: {code}");
            let open = format!("true && {source}");
            assert!(self::code(&open).starts_with("cel/") || self::code(&open) == "ok");
        }
    }
    let mut mixed = String::new();
    for step in 0..400 {
        write!(mixed, "{}", motifs[step * 7 % motifs.len()]).expect("a string grows");
    }
    assert!(code(&mixed).starts_with("cel/"));
}
