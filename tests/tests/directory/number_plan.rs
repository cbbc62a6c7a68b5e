//! The number plan against a sample of what libphonenumber itself says, `vectors/number-plan.csv`,
//! written by the plan's generator.

use cleartosend::expert::resolve::plan;

#[test]
fn sampled_numbers_have_the_country_and_zones_that_the_source_gives() {
    let vectors = include_str!("../../vectors/number-plan.csv");
    let mut lines = vectors.lines();
    assert_eq!(lines.next(), Some("phone,country,zones"));
    let mut count = 0;
    for line in lines {
        let [phone, country, zones] = line.split(',').collect::<Vec<_>>()[..] else {
            panic!("three fields: {line}")
        };
        assert_eq!(plan::country_of(phone).unwrap_or_default(), country, "{phone}");
        assert_eq!(plan::zones_of(phone).join(" "), zones, "{phone}");
        count += 1;
    }
    assert!(count > 300, "{count}");
}
