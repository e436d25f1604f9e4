//! Tables of classes that are united: by name where they have names, else by number.

use std::collections::{BTreeMap, BTreeSet};

/// All names of two tables in the order that classes have: whole numbers by value, other
/// texts by their bytes.
pub(crate) fn united(one: &[String], other: &[String]) -> Vec<String> {
    let names: BTreeSet<&String> = one.iter().chain(other).collect();
    let number = |name: &String| name.parse::<i128>().ok();
    let are_numbers = names.iter().all(|name| number(name).is_some());
    let mut names: Vec<String> = names.into_iter().cloned().collect();
    if are_numbers {
        names.sort_by_key(number);
    }
    names
}

/// For each class of a table, which of another has the same name, if any.
pub(crate) fn from(names: &[String], others: &[String]) -> Vec<Option<usize>> {
    let places: BTreeMap<&String, usize> = others.iter().zip(0..).collect();
    names.iter().map(|name| places.get(name).copied()).collect()
}

/// For each of so many numbered classes, the class of the same number among others.
pub(crate) fn from_numbers(classes: usize, others: usize) -> Vec<Option<usize>> {
    (0..classes)
        .map(|class| (class < others).then_some(class))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_united_in_the_order_of_classes() {
        let of = |one: &[&str], other: &[&str]| {
            let table = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
            united(&table(one), &table(other))
        };
        assert_eq!(of(&["b", "c"], &["a", "c"]), ["a", "b", "c"]);
        assert_eq!(of(&["-1", "70000"], &["9"]), ["-1", "9", "70000"]);
        assert_eq!(of(&["10", "9"], &["x"]), ["10", "9", "x"]);
        assert!(of(&[], &[]).is_empty());
        let (all, some) = (of(&["a", "b"], &["c"]), of(&["c"], &["a"]));
        assert_eq!(from(&all, &some), [Some(0), None, Some(1)]);
        assert_eq!(from_numbers(3, 2), [Some(0), Some(1), None]);
    }
}
