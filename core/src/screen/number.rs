//! How does a count of rows read?

/// A count, and how much of all rows it is: rounded down, so that what is not all never reads as
/// all; and what is some never reads as none.
pub(super) fn share(count: u64, rows: u64) -> String {
    let tenths = if rows == 0 { 0 } else { u128::from(count) * 1000 / u128::from(rows) };
    let share = match tenths {
        0 if count > 0 => "<0.1".to_owned(),
        _ => format!("{}.{}", tenths / 10, tenths % 10),
    };
    format!("{:>15} {share:>6}%", grouped(count))
}

/// With a comma between groups of three digits.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
