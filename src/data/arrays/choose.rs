//! Chooses the arrays that make a dataset, by their names.

use super::roles::{Kind, Role, Set, position, understand_by, words};
use super::{ARRAYS, Headers, SAVEZ};
use crate::data::npz::Header;
use crate::error::{Error, Result};

/// The names that Keras uses.
const IMAGES: [&str; 4] = ["x_train", "y_train", "x_test", "y_test"];

/// The names that features have most often.
const FEATURES: [&str; 4] = [
    "train_features",
    "train_labels",
    "test_features",
    "test_labels",
];

/// The most arrays that a message lists.
const SHOWN: usize = 12;

/// Names of arrays: of one set, or of training and test samples.
#[derive(Debug)]
pub(in crate::data) struct Chosen {
    pub samples: Vec<String>,
    pub labels: Vec<String>,
    pub notes: Vec<String>,
}

impl Chosen {
    /// Samples and labels of one set, or of training and test samples.
    fn new(
        train: [String; 2],
        test: Option<[String; 2]>,
        mut notes: Vec<String>,
        usual: [&str; 4],
    ) -> Self {
        let [x, y] = &train;
        match &test {
            None => notes.push(format!("{x} and {y} were read as one set")),
            Some([x_test, y_test]) if [x, y, x_test, y_test] != usual => notes.push(format!(
                "{x} and {y} were read as the training set, {x_test} and {y_test} as the test set"
            )),
            Some(_) => {}
        }
        let [mut samples, mut labels] = train.map(|name| vec![name]);
        if let Some([x_test, y_test]) = test {
            samples.push(x_test);
            labels.push(y_test);
        }
        Self {
            samples,
            labels,
            notes,
        }
    }
}

impl Kind {
    /// The names of the arrays, as they are most often.
    fn usual(self) -> [&'static str; 4] {
        match self {
            Self::Images => IMAGES,
            Self::Features => FEATURES,
        }
    }

    /// What arrays of a role are called in messages.
    fn called(self, role: Role) -> &'static str {
        match (role, self) {
            (Role::Labels, _) => "labels",
            (Role::Samples, Self::Images) => "images",
            (Role::Samples, Self::Features) => "features",
        }
    }
}

/// Chooses.
///
/// # Errors
/// When some array is missing, or more than one may be meant.
pub(in crate::data) fn choose(arrays: &mut dyn Headers, kind: Kind) -> Result<Chosen> {
    let names = arrays.names();
    match by_name(&names, kind) {
        Ok(Some(chosen)) => Ok(chosen),
        Err(found) => Err(refuse(arrays, found, kind)),
        Ok(None) => match by_position(arrays, &names, kind)? {
            Some(chosen) => Ok(chosen),
            None => Err(refuse(
                arrays,
                format!("no array {}", kind.usual()[0]),
                kind,
            )),
        },
    }
}

/// The only array of a role in whatever set.
///
/// # Errors
/// When there is none, or more than one.
pub(in crate::data) fn choose_one(
    arrays: &mut dyn Headers,
    role: Role,
    kind: Kind,
) -> Result<String> {
    let names = arrays.names();
    let words = words(&names, kind);
    let fits = |name: &&String| understand_by(name, words).is_some_and(|(of, _)| of == role);
    let found: Vec<&String> = names.iter().filter(fits).collect();
    match (&names[..], &found[..]) {
        ([only], _) | (_, &[only]) => Ok(only.clone()),
        (_, found) => {
            let how_many = if found.is_empty() {
                "no array"
            } else {
                "several arrays"
            };
            let found = format!("{how_many} that may be the {}", kind.called(role));
            let expected = "one array, or the name of one";
            let advice = "name the array";
            Err(refuse_with(arrays, &found, expected, advice))
        }
    }
}

/// By what the names say; `None` where they say nothing, an error where
/// something is missing.
fn by_name(names: &[String], kind: Kind) -> std::result::Result<Option<Chosen>, String> {
    let usual = kind.usual();
    let words = words(names, kind);
    let of = |role: Role, set: Set| {
        let fits = |name: &&String| understand_by(name, words) == Some((role, set));
        let found: Vec<&String> = names.iter().filter(fits).collect();
        match found[..] {
            [] => Ok(None),
            [name] => Ok(Some(name.clone())),
            // The very name is meant where others are like it.
            [first, ..] => match found.iter().find(|name| usual.contains(&name.as_str())) {
                Some(&usual) => Ok(Some(usual.clone())),
                None => Err(format!(
                    "{first} and {}, which may both be the {} of one set",
                    found[1],
                    kind.called(role)
                )),
            },
        }
    };
    let pair = |set: Set| Ok::<_, String>([of(Role::Samples, set)?, of(Role::Labels, set)?]);
    let whole = |[images, labels]: [Option<String>; 2]| Some([images?, labels?]);
    let train = pair(Set::Train)?;
    if train == [None, None] {
        let test = pair(Set::Test)?;
        if test != [None, None] {
            return Err(format!("no array {}", usual[0]));
        }
        let all = whole(pair(Set::All)?);
        return Ok(all.map(|all| Chosen::new(all, None, Vec::new(), usual)));
    }
    let without = |[images, labels]: &[Option<String>; 2], usual: [&str; 2]| match (images, labels)
    {
        (None, _) => format!("no array {}", usual[0]),
        (Some(images), _) => format!("{images} and no array {}", usual[1]),
    };
    let Some(train) = whole(train.clone()) else {
        return Err(without(&train, [usual[0], usual[1]]));
    };
    let mut test = pair(Set::Test)?;
    let mut notes = Vec::new();
    if test == [None, None] {
        test = pair(Set::Validation)?;
        if let Some([images, labels]) = whole(test.clone()) {
            notes.push(format!("{images} and {labels} are the test set"));
        }
    } else {
        let is_validation =
            |name: &&String| matches!(understand_by(name, words), Some((_, Set::Validation)));
        let unread: Vec<&str> = names
            .iter()
            .filter(is_validation)
            .map(String::as_str)
            .collect();
        match unread[..] {
            [] => {}
            [only] => notes.push(format!("{only} was not read")),
            _ => notes.push(format!("{} were not read", unread.join(" and "))),
        }
    }
    if test == [None, None] {
        return Ok(Some(Chosen::new(train, None, notes, usual)));
    }
    match whole(test.clone()) {
        Some(test) => Ok(Some(Chosen::new(train, Some(test), notes, usual))),
        None => Err(without(&test, [usual[2], usual[3]])),
    }
}

/// Of two or four arrays without names, those with more values for each sample
/// are images; those of training come first.
fn by_position(arrays: &mut dyn Headers, names: &[String], kind: Kind) -> Result<Option<Chosen>> {
    let mut placed: Vec<(usize, &String)> = names
        .iter()
        .filter_map(|name| Some((position(name)?, name)))
        .collect();
    placed.sort_unstable();
    if !matches!(placed.len(), 2 | 4) || placed.len() != names.len() {
        return Ok(None);
    }
    let mut sized = Vec::new();
    for (place, name) in placed {
        let shape = arrays.header(name)?.shape;
        let values = shape
            .iter()
            .skip(1)
            .fold(1, |a: u64, &b| a.saturating_mul(b));
        sized.push((values, place, name.clone()));
    }
    // Stable: of equals, the first stays first.
    sized.sort_by_key(|&(values, ..)| std::cmp::Reverse(values));
    let labels = sized.split_off(sized.len() / 2);
    let in_order = |mut half: Vec<(u64, usize, String)>| {
        half.sort_by_key(|&(_, place, _)| place);
        half.into_iter().map(|(.., name)| name).collect::<Vec<_>>()
    };
    let mut pairs = in_order(sized).into_iter().zip(in_order(labels));
    let mut pair = || pairs.next().map(|(samples, labels)| [samples, labels]);
    Ok(pair().map(|train| Chosen::new(train, pair(), Vec::new(), kind.usual())))
}

fn refuse(arrays: &mut dyn Headers, found: String, kind: Kind) -> Error {
    let (expected, advice) = match kind {
        Kind::Images => (
            format!("{ARRAYS}, or x and y"),
            format!("save them with {SAVEZ}"),
        ),
        Kind::Features => {
            let [x, y, x_test, y_test] = FEATURES;
            let expected = format!("{x}, {y}, {x_test} and {y_test}, or features and labels");
            (expected, "give them such names".to_owned())
        }
    };
    refuse_with(arrays, &found, &expected, &advice)
}

fn refuse_with(arrays: &mut dyn Headers, found: &str, expected: &str, advice: &str) -> Error {
    let names = arrays.names();
    let mut listed: Vec<String> = Vec::new();
    for name in names.iter().take(SHOWN) {
        listed.push(match arrays.header(name) {
            Ok(header) => format!("{name} ({})", Header::short(&header)),
            Err(_) => format!("{name} (not a plain array)"),
        });
    }
    if names.len() > SHOWN {
        listed.push(format!("{} more", names.len() - SHOWN));
    }
    let among = match listed.is_empty() {
        true => "and no other array".to_owned(),
        false => format!("among {}", listed.join(", ")),
    };
    Error::bad_file(arrays.path(), format!("{found} {among}"), expected, advice)
}
