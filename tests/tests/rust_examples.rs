//! Do the examples in Rust say what stands beside them?

#[path = "../../examples/rust/first_check.rs"]
mod first_check;
#[path = "../../examples/rust/own_pack.rs"]
mod own_pack;
#[path = "../../examples/rust/recipients.rs"]
mod recipients;

type Tell = fn(&mut String) -> Result<(), Box<dyn std::error::Error>>;

#[test]
fn each_prints_what_stands_beside_it() {
    let examples: [(&str, Tell, &str); 3] = [
        ("first_check", first_check::tell, include_str!("../../examples/rust/first_check.out")),
        ("own_pack", own_pack::tell, include_str!("../../examples/rust/own_pack.out")),
        ("recipients", recipients::tell, include_str!("../../examples/rust/recipients.out")),
    ];
    for (name, tell, expected) in examples {
        let mut reported = String::new();
        tell(&mut reported).unwrap();
        assert_eq!(reported, expected, "{name}");
    }
}
