use cleartosend::cel::{self, *};
use cleartosend::schema::Schema;
use cleartosend::value::Type;
#[test]
fn show() {
    let schema = Schema::built_in();
    let sets = [SetDeclaration { name: "alcohol-countries".into(), element: Type::STRING }];
    for s in std::fs::read_to_string("/tmp/celx/in.txt").unwrap().lines() {
        match cel::compile(s, &Environment { schema: &schema, sets: &sets }) {
            Ok(e) => println!("{s}\n    ok {} {:?}", e.ty(), e.memberships()),
            Err(e) => println!("{s}\n    {} {:?} {} | {}", e.code(), e.span(), e, e.help().unwrap_or("-")),
        }
    }
    if let Ok(t) = std::fs::read_to_string("/work/wt/cel/tests/vectors/cel/cel-outside-profile.json") {
        let v: serde_json::Value = serde_json::from_str(&t).unwrap();
        let mut seen = std::collections::BTreeMap::new();
        for c in v.as_array().unwrap() {
            let s = c["expr"].as_str().unwrap();
            match cel::compile(s, &Environment { schema: &schema, sets: &[] }) {
                Ok(e) => println!("OK {s} {}", e.ty()),
                Err(e) => {
                    let k = format!("{} {}", e.code(), e);
                    seen.entry(k).or_insert((0, s.to_owned())).0 += 1;
                }
            }
        }
        for (k, (n, s)) in seen {
            println!("{n:4} {k}   <= {}", s.chars().take(70).collect::<String>().replace('\n', " "));
        }
    }
}
