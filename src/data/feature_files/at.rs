//! Arrays as people name them.

use std::path::Path;

use super::ArrayAt;

impl ArrayAt {
    /// A file, or `FILE:ARRAY` where there is no file of that name.
    pub fn named(named: &Path) -> Self {
        let inside = named.to_str().filter(|_| !named.exists());
        let inside = inside.and_then(|named| named.rsplit_once(':'));
        match inside.filter(|(file, _)| Path::new(file).is_file()) {
            Some((file, array)) => Self {
                path: file.into(),
                array: Some(array.to_owned()),
            },
            None => Self {
                path: named.to_owned(),
                array: None,
            },
        }
    }
}
