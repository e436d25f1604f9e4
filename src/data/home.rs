//! Paths that begin with the home folder's sign. A shell expands `~` only at the
//! start of a word, and nothing does so in the environment of a container: what
//! is left of it would otherwise become a folder that is called `~`.

use std::path::{Path, PathBuf};

/// Signs of the home folder.
const SIGNS: [&str; 3] = ["~", "$HOME", "${HOME}"];

/// A path with the home folder in place of a leading `~` or `$HOME`. Any other
/// path comes back as it is, `./~` among them.
pub(crate) fn expanded(path: PathBuf) -> PathBuf {
    match std::env::home_dir() {
        Some(home) => below(&home, path),
        None => path,
    }
}

/// A path that a variable says; `None` where it is not set or empty.
pub(crate) fn variable(name: &str) -> Option<PathBuf> {
    let text = std::env::var_os(name).filter(|text| !text.is_empty())?;
    Some(expanded(PathBuf::from(text)))
}

fn below(home: &Path, path: PathBuf) -> PathBuf {
    let rest = SIGNS.iter().find_map(|sign| path.strip_prefix(sign).ok());
    match rest {
        // Without this a lone `~` would end with a separator.
        Some(rest) if rest.as_os_str().is_empty() => home.to_owned(),
        Some(rest) => home.join(rest),
        None => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_leading_sign_is_expanded() {
        let of = |path: &str| below(Path::new("/home/me"), PathBuf::from(path));
        for (path, expected) in [
            ("~", "/home/me"),
            ("~/x", "/home/me/x"),
            ("$HOME/x/y", "/home/me/x/y"),
            ("${HOME}/x", "/home/me/x"),
            ("./~/x", "./~/x"),
            ("x/~", "x/~"),
            ("~x", "~x"),
            ("~you/x", "~you/x"),
            ("$HOMER/x", "$HOMER/x"),
        ] {
            assert_eq!(of(path), PathBuf::from(expected), "{path}");
        }
    }
}
