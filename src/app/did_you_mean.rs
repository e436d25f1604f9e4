//! What was probably meant by a name that leads nowhere.

use std::path::Path;

/// Letters that may be wrong in a name.
const WRONG: usize = 2;

/// The nearest of some names, if one is near.
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |name: &str| {
        let letters = name.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect::<Vec<char>>()
    };
    let meant = plain(name);
    let far = |other: &str| distance(&meant, &plain(other));
    let (distance, found) = names.into_iter().map(|it| (far(it), it)).min()?;
    // Of short names, less may be wrong.
    (distance <= WRONG.min(meant.len() / 2)).then_some(found)
}

/// The path without the quotation marks or blanks around it, if that exists.
pub fn without_marks(path: &Path) -> Option<&str> {
    let text = path.to_str()?;
    let bare = text.trim().trim_matches(['"', '\'']);
    (bare != text && !bare.is_empty() && Path::new(bare).exists()).then_some(bare)
}

/// The entry beside a path that leads nowhere, whose name is nearest to the path's.
pub fn beside(path: &Path) -> Option<String> {
    if path.exists() {
        return None;
    }
    let name = path.file_name()?.to_str()?;
    let folder = path.parent()?;
    let listed = match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    };
    let entries = std::fs::read_dir(listed).ok()?.flatten();
    let names: Vec<String> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    let found = nearest(name, names.iter().map(String::as_str))?;
    Some(folder.join(found).display().to_string())
}

/// Letters to insert, remove or replace to make one name of another
/// (V. Levenshtein, 1965), row by row.
fn distance(from: &[char], to: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (place, letter) in from.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = place + 1;
        for (column, other) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found() {
        let names = [
            "mnist",
            "fashion-mnist",
            "kmnist",
            "qmnist",
            "emnist-letters",
        ];
        for (name, meant) in [
            ("MNIST", Some("mnist")),
            ("Fashion-MNIST", Some("fashion-mnist")),
            ("fashionmnist", Some("fashion-mnist")),
            ("emnist_letters", Some("emnist-letters")),
            ("emnist-leters", Some("emnist-letters")),
            ("mnits", Some("mnist")),
            ("minst", Some("mnist")),
            ("cifar", None),
            ("x", None),
        ] {
            assert_eq!(nearest(name, names), meant, "{name}");
        }
        assert_eq!(beside(Path::new("Cargo.toml")), None);
        assert_eq!(
            beside(Path::new("cargo-toml")).as_deref(),
            Some("Cargo.toml")
        );
        let length = |a: &str, b: &str| {
            distance(
                &a.chars().collect::<Vec<_>>(),
                &b.chars().collect::<Vec<_>>(),
            )
        };
        assert_eq!(length("kitten", "sitting"), 3);
        assert_eq!(length("", "abc"), 3);
    }
}
