//! File names of the families of datasets, and how their content differs from MNIST's.

/// How files differ from MNIST's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::data) struct Layout {
    /// Whether images are stored column-major.
    pub transposed: bool,
    /// The label of the first class.
    pub first_label: u16,
}

/// A family of datasets, recognised by the prefix of its file names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) struct Family {
    pub prefix: &'static str,
    pub layout: Layout,
}

const UPRIGHT: Layout = Layout {
    transposed: false,
    first_label: 0,
};

/// EMNIST's images are stored column-major, as written by the program that made
/// them (G. Cohen et al., "EMNIST: an extension of MNIST to handwritten
/// letters", 2017).
const BY_COLUMN: Layout = Layout {
    transposed: true,
    first_label: 0,
};

const fn family(prefix: &'static str, layout: Layout) -> Family {
    Family { prefix, layout }
}

/// All known families. The first is MNIST, whose format Fashion-MNIST and KMNIST share.
pub(in crate::data) const FAMILIES: [Family; 8] = [
    family("", UPRIGHT),
    family("qmnist-", UPRIGHT),
    family("emnist-balanced-", BY_COLUMN),
    family("emnist-byclass-", BY_COLUMN),
    family("emnist-bymerge-", BY_COLUMN),
    family("emnist-digits-", BY_COLUMN),
    family("emnist-mnist-", BY_COLUMN),
    family(
        "emnist-letters-",
        Layout {
            transposed: true,
            first_label: 1,
        },
    ),
];

impl Family {
    /// The family of a dataset's name, such as `emnist-letters`.
    /// MNIST's for any other.
    pub(in crate::data) fn of(dataset: &str) -> Self {
        Self::named(dataset).unwrap_or(FAMILIES[0])
    }

    /// The family whose files are named after this dataset, if there is one.
    pub(in crate::data) fn named(dataset: &str) -> Option<Self> {
        let named = |family: &Self| family.dataset() == Some(dataset);
        FAMILIES.into_iter().find(named)
    }

    /// The dataset's name, if the names of its files tell which one it is.
    pub(in crate::data) fn dataset(self) -> Option<&'static str> {
        self.prefix.strip_suffix('-')
    }
}

impl Layout {
    /// What to say of images that are turned and labels that are renumbered.
    pub(in crate::data) fn notes(self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.transposed {
            notes.push(
                "the images were turned upright, since files of this name have them by columns"
                    .to_owned(),
            );
        }
        if self.first_label > 0 {
            notes.push(format!(
                "the labels were counted from 0: each is {} less than in the files",
                self.first_label
            ));
        }
        notes
    }

    /// Rows and columns of an upright image.
    pub(in crate::data) fn upright([rows, columns]: [usize; 2], transposed: bool) -> [usize; 2] {
        match transposed {
            true => [columns, rows],
            false => [rows, columns],
        }
    }

    /// Transposes column-major images in place; `rows` and `columns` are those
    /// of the upright image.
    pub(in crate::data) fn turn(pixels: &mut [u8], [rows, columns]: [usize; 2]) {
        let mut stored = vec![0; rows * columns];
        for image in pixels.chunks_exact_mut(rows * columns) {
            stored.copy_from_slice(image);
            for (row, upright) in image.chunks_exact_mut(columns).enumerate() {
                for (column, pixel) in upright.iter_mut().enumerate() {
                    *pixel = stored[column * rows + row];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_become_rows() {
        // Two upright images of 2 × 3 pixels; the first has rows 1 2 3 and 4 5 6.
        let mut pixels = [1, 4, 2, 5, 3, 6, 11, 14, 12, 15, 13, 16];
        Layout::turn(&mut pixels, [2, 3]);
        assert_eq!(pixels, [1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16]);
        assert_eq!(Layout::upright([3, 2], true), [2, 3]);
    }

    #[test]
    fn a_dataset_knows_its_family() {
        assert_eq!(Family::of("emnist-letters").layout.first_label, 1);
        assert!(Family::of("emnist-digits").layout.transposed);
        assert_eq!(Family::of("kmnist").prefix, "");
        assert_eq!(Family::of("qmnist").prefix, "qmnist-");
    }
}
