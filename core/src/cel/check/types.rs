//! The types of what is calculated, and which types fit each other.

use crate::cel::node::Arithmetic;
use crate::value::{Scalar, Type};

pub(super) fn arithmetic_type(operator: Arithmetic, left: Type, right: Type) -> Option<Type> {
    if is_nothing(left) || is_nothing(right) {
        return arithmetic_type_open(operator, if is_nothing(left) { right } else { left });
    }
    if left.is_list() || right.is_list() {
        return if operator == Arithmetic::Add && left.is_list() && right.is_list() {
            unify(left, right)
        } else {
            None
        };
    }
    use Scalar::{Double, Duration, Int, String, Timestamp};
    let base = match (operator, left.base, right.base) {
        (_, Int, Int) => Int,
        (
            Arithmetic::Add | Arithmetic::Subtract | Arithmetic::Multiply | Arithmetic::Divide,
            Double,
            Double,
        ) => Double,
        (Arithmetic::Add, String, String) => String,
        (Arithmetic::Add, Timestamp, Duration) | (Arithmetic::Add, Duration, Timestamp) => {
            Timestamp
        }
        (Arithmetic::Subtract, Timestamp, Duration) => Timestamp,
        (Arithmetic::Subtract, Timestamp, Timestamp) => Duration,
        (Arithmetic::Add | Arithmetic::Subtract, Duration, Duration) => Duration,
        _ => return None,
    };
    Some(Type::scalar(base))
}

/// The type of arithmetic with an element of an empty list, which fits anything and is never
/// calculated; undetermined where the other side is.
fn arithmetic_type_open(operator: Arithmetic, other: Type) -> Option<Type> {
    let nothing = Type::scalar(Scalar::Nothing);
    if other.is_list() {
        return (operator == Arithmetic::Add).then_some(other);
    }
    match (operator, other.base) {
        (_, Scalar::Int) | (Arithmetic::Add, Scalar::String | Scalar::Timestamp) => Some(other),
        (Arithmetic::Remainder, Scalar::Double) => None,
        (_, Scalar::Double) => Some(other),
        (Arithmetic::Add | Arithmetic::Subtract, Scalar::Timestamp | Scalar::Duration)
        | (_, Scalar::Nothing) => Some(nothing),
        (_, Scalar::Bool | Scalar::String | Scalar::Timestamp | Scalar::Duration) => None,
    }
}

/// The type that both fit: the same, or what `[]` stands for.
pub(super) fn unify(a: Type, b: Type) -> Option<Type> {
    let open = |open: Type, other: Type| open.base == Scalar::Nothing && other.lists >= open.lists;
    match (a, b) {
        _ if a == b || open(b, a) => Some(a),
        _ if open(a, b) => Some(b),
        _ => None,
    }
}

pub(super) fn fits(found: Type, wanted: Type) -> bool {
    found == wanted || is_nothing(found)
}

pub(super) fn is_nothing(ty: Type) -> bool {
    ty == Type::scalar(Scalar::Nothing)
}
