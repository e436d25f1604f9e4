//! What the name of an array says about it.

/// What an array holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Images,
    Labels,
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Images => "images",
            Self::Labels => "labels",
        })
    }
}

/// The set that an array belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    Train,
    Test,
    Validation,
    /// The name tells of no division.
    All,
}

const IMAGES: [&str; 13] = [
    "x", "images", "image", "imgs", "img", "data", "features", "inputs", "input", "samples",
    "pixels", "xs", "pictures",
];

const LABELS: [&str; 11] = [
    "y", "labels", "label", "targets", "target", "classes", "class", "outputs", "output", "ys", "t",
];

const SETS: [(Set, &[&str]); 4] = [
    (Set::Train, &["train", "training", "trn", "tr"]),
    (Set::Test, &["test", "testing", "t10k", "tst", "te"]),
    (Set::Validation, &["validation", "valid", "val", "dev"]),
    (Set::All, &[""]),
];

/// Understands names such as `x_train`, `trainImages`, `test-labels` and `y`.
pub(super) fn understand(name: &str) -> Option<(Role, Set)> {
    let last = name.rsplit('/').next().unwrap_or(name);
    let word: String = last
        .chars()
        .filter(|letter| !['_', '-', '.', ' '].contains(letter))
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    let role_of = |word: &str| {
        let is = |words: &[&str]| words.contains(&word);
        match (is(&IMAGES), is(&LABELS)) {
            (true, _) => Some(Role::Images),
            (_, true) => Some(Role::Labels),
            _ => None,
        }
    };
    SETS.into_iter().find_map(|(set, names)| {
        names.iter().find_map(|name| {
            let front = word.strip_prefix(name).and_then(role_of);
            let role = front.or_else(|| word.strip_suffix(name).and_then(role_of));
            role.map(|role| (role, set))
        })
    })
}

/// The number in `arr_0`, as NumPy calls arrays that were given no name.
pub(super) fn position(name: &str) -> Option<usize> {
    name.strip_prefix("arr_")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_understood_as_people_have_them() {
        use Role::{Images, Labels};
        for (name, expected) in [
            ("x_train", (Images, Set::Train)),
            ("X_train", (Images, Set::Train)),
            ("trainX", (Images, Set::Train)),
            ("train_images", (Images, Set::Train)),
            ("training_images", (Images, Set::Train)),
            ("mnist/x_test", (Images, Set::Test)),
            ("test-labels", (Labels, Set::Test)),
            ("y_te", (Labels, Set::Test)),
            ("val_images", (Images, Set::Validation)),
            ("images", (Images, Set::All)),
            ("X", (Images, Set::All)),
            ("target", (Labels, Set::All)),
            ("t", (Labels, Set::All)),
        ] {
            assert_eq!(understand(name), Some(expected), "{name}");
        }
        for other in ["", "arr_0", "train", "mean", "x_train_2", "class_names"] {
            assert_eq!(understand(other), None, "{other}");
        }
        assert_eq!(position("arr_12"), Some(12));
    }
}
