//! Parts: models that know which samples they are of, so that they can be added up without
//! counting one twice, and taken away again.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Model, ModelFile};
use crate::classifier::class_sums::ClassSums;
use crate::classifier::look::Look;
use crate::data::class_table::{from, from_numbers, united};
use crate::data::shard::{Known, Shard};
use crate::error::{Error, Result};

/// The sum of the parts so far. It depends neither on their order nor on which of them were
/// added up before.
#[derive(Clone, Debug)]
pub struct Parts {
    /// The first part, for what all have in common.
    first: ModelFile,
    sums: ClassSums,
    look: Option<Look>,
    class_names: Vec<String>,
    shards: Vec<Shard>,
    known: Known<()>,
}

impl Parts {
    /// Starts with a part.
    ///
    /// # Errors
    /// When it does not know which samples it is of.
    pub fn new(first: ModelFile) -> Result<Self> {
        let shards = shards(&first)?.to_vec();
        Ok(Self {
            sums: first.model.sums().clone(),
            look: first.model.look().cloned(),
            class_names: first.class_names.clone(),
            known: known(&shards),
            shards,
            first,
        })
    }

    /// In what a part differs from the others so that they cannot be added up: what it is,
    /// and what these are.
    pub fn apart_from(&self, part: &ModelFile) -> Option<[String; 2]> {
        let kinds: [fn(&ModelFile) -> String; 4] = [
            |file| format!("sums of {}", file.shape),
            |file| format!("values of the type {}", file.values),
            |file| format!("sums of {} samples", file.model.recipe().name()),
            // The last, for some parts have none.
            |file| match file.class_names.is_empty() {
                true => "classes that are numbers".into(),
                false => "classes that have names".into(),
            },
        ];
        // Parts without samples have no classes that could differ.
        let is_some = part.model.sums().samples() > 0 && self.sums.samples() > 0;
        let kinds = kinds.into_iter().take(if is_some { 4 } else { 3 });
        let kinds = kinds.map(|kind| [kind(part), kind(&self.first)]);
        let mut differing = kinds.filter(|[found, own]| found != own);
        differing.next().or_else(|| {
            let is_same = part.model.preparation() == self.first.model.preparation();
            let centres = ["samples with another centre", "samples with one centre"];
            (!is_same).then(|| centres.map(str::to_owned))
        })
    }

    /// Adds a part that has no sample in common with the others.
    ///
    /// # Errors
    /// When it is [apart](Self::apart_from) from them, shares samples with them or does not
    /// know its own, or there are more than sums can hold.
    pub fn add(&mut self, part: &ModelFile) -> Result<()> {
        let shards = self.checked(part)?;
        let shares = |shard| (self.known.same(shard).or(self.known.overlapping(shard))).is_some();
        if shards.iter().any(shares) {
            return Err(Error::Invalid("samples that are in two parts".into()));
        }
        if part.model.sums().samples() == 0 {
            return Ok(());
        }
        if self.sums.samples() == 0 {
            *self = Self {
                first: self.first.clone(),
                ..Self::new(part.clone())?
            };
            return Ok(());
        }
        let names = united(&self.class_names, &part.class_names);
        let classes = self.sums.classes().max(part.model.sums().classes());
        let from = |sums: &ClassSums, own: &[String]| match names.is_empty() {
            true => from_numbers(classes, sums.classes()),
            false => from(&names, own),
        };
        let more = from(part.model.sums(), &part.class_names);
        let own = from(&self.sums, &self.class_names);
        if let Cow::Owned(wider) = arranged(&self.sums, own)? {
            self.sums = wider;
        }
        self.sums.merge(&*arranged(part.model.sums(), more)?)?;
        self.look = self
            .look
            .take()
            .zip(part.model.look())
            .map(|(mut look, more)| {
                look += more;
                look
            });
        self.class_names = names;
        self.shards.extend(shards.iter().cloned());
        shards.iter().for_each(|shard| self.known.insert(shard, ()));
        Ok(())
    }

    /// Takes out a part whose samples are all among these: what is left is as if they had
    /// never been.
    ///
    /// # Errors
    /// When they are not all among these.
    pub fn remove(&mut self, part: &ModelFile) -> Result<()> {
        let shards = self.checked(part)?;
        if !shards.iter().all(|shard| self.known.same(shard).is_some()) {
            return Err(Error::Invalid("samples that have not been seen".into()));
        }
        if part.model.sums().samples() == 0 {
            return Ok(());
        }
        let from = match self.class_names.is_empty() {
            true => from_numbers(self.sums.classes(), part.model.sums().classes()),
            false => from(&self.class_names, &part.class_names),
        };
        self.sums = self.sums.without(&*arranged(part.model.sums(), from)?)?;
        self.look = match (&self.look, part.model.look()) {
            (Some(look), Some(less)) => Some(look.without(less).ok_or_else(|| {
                Error::Invalid("levels that are not among those of the images".into())
            })?),
            _ => None,
        };
        let taken = known(shards);
        self.shards.retain(|shard| taken.same(shard).is_none());
        self.known = known(&self.shards);
        Ok(())
    }

    /// The shards of a part of the same kind as the others.
    fn checked<'a>(&self, part: &'a ModelFile) -> Result<&'a [Shard]> {
        let shards = shards(part)?;
        match self.apart_from(part) {
            Some([found, expected]) => Err(Error::Invalid(format!("{found}, not {expected}"))),
            None => Ok(shards),
        }
    }

    /// All parts as one, which may be of no samples.
    ///
    /// # Errors
    /// When there are other samples in the sums than in the shards.
    pub fn finish(mut self) -> Result<ModelFile> {
        self.shards.sort_unstable();
        let (sums, class_names) = self.classes()?;
        let seen: u64 = self.shards.iter().map(|shard| shard.samples).sum();
        if sums.samples() != seen {
            return Err(Error::Invalid(format!(
                "sums of {} samples for shards of {seen}",
                sums.samples()
            )));
        }
        let mut model = Model::new_part(trained_on(&self.shards), sums);
        if let Some(look) = self.look.filter(|_| seen > 0) {
            model = model.with_look(look)?;
        }
        Ok(ModelFile {
            dataset: Shard::dataset_of(&self.shards),
            class_names,
            model,
            shards: Some(self.shards),
            ..self.first
        })
    }

    /// Sums and names of the classes that the datasets of the shards have: of those known by
    /// names, the ones that have samples.
    fn classes(&self) -> Result<(ClassSums, Vec<String>)> {
        if self.class_names.is_empty() {
            let classes = self.shards.iter().map(|shard| shard.classes).max();
            let classes = usize::try_from(classes.unwrap_or(1)).unwrap_or(usize::MAX);
            let classes = classes.min(self.sums.classes());
            let from = from_numbers(classes, self.sums.classes());
            return Ok((arranged(&self.sums, from)?.into_owned(), Vec::new()));
        }
        let present: Vec<usize> = self.sums.present().collect();
        if present.is_empty() {
            return Ok((arranged(&self.sums, vec![None])?.into_owned(), Vec::new()));
        }
        let name = |&class: &usize| self.class_names[class].clone();
        let names = present.iter().map(name).collect();
        let from = present.into_iter().map(Some).collect();
        Ok((arranged(&self.sums, from)?.into_owned(), names))
    }
}

impl ModelFile {
    /// The same model with classes of these names, which must be all of its own and any
    /// others; `None` where they are not.
    ///
    /// # Errors
    /// When there are too many.
    pub fn among(&self, names: &[String]) -> Result<Option<Self>> {
        let from = from(names, &self.class_names);
        if from.iter().flatten().count() != self.class_names.len() {
            return Ok(None);
        }
        let arranged = self.arranged(from)?;
        let class_names = names.to_vec();
        Ok(Some(Self {
            class_names,
            ..arranged
        }))
    }

    /// The same model with so many numbered classes, at least its own.
    ///
    /// # Errors
    /// When there are too many.
    pub fn among_numbers(&self, classes: usize) -> Result<Self> {
        let own = self.model.sums().classes();
        self.arranged(from_numbers(classes.max(own), own))
    }

    fn arranged(&self, from: Vec<Option<usize>>) -> Result<Self> {
        let sums = arranged(self.model.sums(), from)?.into_owned();
        let model = Model::new_part(self.model.trained_on(), sums);
        let model = match self.model.look() {
            Some(look) => model.with_look(look.clone())?,
            None => model,
        };
        Ok(Self {
            model,
            ..self.clone()
        })
    }
}

/// Which samples a part has seen.
fn shards(part: &ModelFile) -> Result<&[Shard]> {
    let unknown = "a model that does not say which samples it has seen";
    let shards = part.shards.as_deref();
    shards.ok_or_else(|| Error::Invalid(unknown.into()))
}

fn known(shards: &[Shard]) -> Known<()> {
    let mut known = Known::default();
    shards.iter().for_each(|shard| known.insert(shard, ()));
    known
}

/// Sums of other classes, without a copy where they are the same.
fn arranged(sums: &ClassSums, from: Vec<Option<usize>>) -> Result<Cow<'_, ClassSums>> {
    let is_same = from.len() == sums.classes() && from.iter().copied().eq((0..).map(Some));
    Ok(match is_same {
        true => Cow::Borrowed(sums),
        false => Cow::Owned(sums.arranged(&from)?),
    })
}

/// The sets that shards are of, `train` first.
fn trained_on(shards: &[Shard]) -> String {
    let sets = shards
        .iter()
        .map(|shard| (shard.set != "train", &*shard.set));
    let sets: BTreeSet<(bool, &str)> = sets.collect();
    let sets: Vec<&str> = sets.into_iter().map(|(_, set)| set).collect();
    match sets.is_empty() {
        true => "nothing".to_owned(),
        false => sets.join("+"),
    }
}
