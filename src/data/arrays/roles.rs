//! What the name of an array says about it.

/// What an array holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum Role {
    Samples,
    Labels,
}

/// What samples are, and so by which words their arrays are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum Kind {
    Images,
    Features,
}

/// The set that an array belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum Set {
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

/// What features alone are called. Where an array has such a name, those called as
/// images are passed over.
const FEATURES: [&str; 11] = [
    "features",
    "feature",
    "feats",
    "feat",
    "embeddings",
    "embedding",
    "embs",
    "emb",
    "vectors",
    "vector",
    "vecs",
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

/// The words for samples by which some of these names are understood.
pub(super) fn words(names: &[String], kind: Kind) -> &'static [&'static str] {
    let is_samples = |name: &String| {
        let role = understand_by(name, &FEATURES).map(|(role, _)| role);
        role == Some(Role::Samples)
    };
    match kind {
        Kind::Features if names.iter().any(is_samples) => &FEATURES,
        Kind::Features | Kind::Images => &IMAGES,
    }
}

/// Understands names such as `x_train`, `trainImages`, `test-labels` and `y`.
pub(in crate::data) fn understand(name: &str) -> Option<(Role, Set)> {
    understand_by(name, &IMAGES)
}

/// As [`understand`], with other words for samples.
pub(super) fn understand_by(name: &str, samples: &[&str]) -> Option<(Role, Set)> {
    let last = name.rsplit('/').next().unwrap_or(name);
    let word: String = last
        .chars()
        .filter(|letter| !['_', '-', '.', ' '].contains(letter))
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    let role_of = |word: &str| {
        let is = |words: &[&str]| words.contains(&word);
        match (is(samples), is(&LABELS)) {
            (true, _) => Some(Role::Samples),
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
        use Role::{Labels, Samples};
        for (name, expected) in [
            ("x_train", (Samples, Set::Train)),
            ("X_train", (Samples, Set::Train)),
            ("trainX", (Samples, Set::Train)),
            ("train_images", (Samples, Set::Train)),
            ("training_images", (Samples, Set::Train)),
            ("mnist/x_test", (Samples, Set::Test)),
            ("test-labels", (Labels, Set::Test)),
            ("y_te", (Labels, Set::Test)),
            ("val_images", (Samples, Set::Validation)),
            ("images", (Samples, Set::All)),
            ("X", (Samples, Set::All)),
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

    /// Words for features go before those for images; images know nothing of them.
    #[test]
    fn features_have_words_of_their_own() {
        use Role::{Labels, Samples};
        let names = ["train_features", "x_train", "labels"].map(str::to_owned);
        assert_eq!(words(&names, Kind::Features), FEATURES);
        assert_eq!(words(&names[1..], Kind::Features), IMAGES);
        assert_eq!(words(&names, Kind::Images), IMAGES);
        for (name, expected) in [
            ("train_features", (Samples, Set::Train)),
            ("features_train", (Samples, Set::Train)),
            ("trainfeat", (Samples, Set::Train)),
            ("val_embeddings", (Samples, Set::Validation)),
            ("emb", (Samples, Set::All)),
            ("testlabels", (Labels, Set::Test)),
        ] {
            assert_eq!(understand_by(name, &FEATURES), Some(expected), "{name}");
        }
        for images in ["embeddings", "test_feats", "vectors_train"] {
            assert_eq!(understand(images), None, "{images}");
        }
    }
}
