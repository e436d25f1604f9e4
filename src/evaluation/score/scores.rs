//! Scores of different samples, added up.

use std::collections::BTreeSet;

use super::{Answers, Changes, Counts, Score};
use crate::data::class_table::{from, from_numbers, united};
use crate::data::shard::{Known, Shard};
use crate::error::{Error, Result};
use crate::evaluation::Evaluation;

/// The sum of the scores so far. It depends neither on their order nor on which of them were
/// added up before.
#[derive(Clone, Debug)]
pub struct Scores {
    sum: Score,
    known: Known<()>,
}

impl Scores {
    /// Starts with a score.
    pub fn new(first: Score) -> Self {
        let mut known = Known::default();
        first.shards.iter().for_each(|it| known.insert(it, ()));
        Self { sum: first, known }
    }

    /// In what a score differs from the others so that they cannot be added up: what it is,
    /// and what these are.
    pub fn apart_from(&self, score: &Score) -> Option<[String; 2]> {
        let kinds: [fn(&Score) -> String; 6] = [
            |score| match score.answers.len() {
                1 => "a score of accuracy".into(),
                _ => "a score of a comparison".into(),
            },
            |score| format!("answers about {}", score.shape),
            |score| format!("values of the type {}", score.values),
            |score| format!("answers to samples of {}", score.evaluated_on),
            |score| match score.class_names.is_empty() {
                true => "classes that are numbers".into(),
                false => "classes that have names".into(),
            },
            |score| {
                let how = |answers: &Answers| match answers.asked.leave_one_out {
                    true => "with each sample left out of its class",
                    false => "with all samples",
                };
                let how: Vec<&str> = score.answers.iter().map(how).collect();
                format!("answers {}", how.join(", "))
            },
        ];
        let kinds = kinds.map(|kind| [kind(score), kind(&self.sum)]);
        let mut differing = kinds.into_iter().filter(|[found, own]| found != own);
        differing.next().or_else(|| {
            let models = |score: &Score| -> Vec<(u128, String)> {
                let asked = score.answers.iter().map(|answers| &answers.asked);
                asked
                    .map(|asked| (asked.digest, asked.trained_on.clone()))
                    .collect()
            };
            let is_same = models(score) == models(&self.sum);
            let models = ["answers of another model", "answers of one model"];
            (!is_same).then(|| models.map(str::to_owned))
        })
    }

    /// Adds a score of other samples.
    ///
    /// # Errors
    /// When it is [apart](Self::apart_from) from them, or shares samples with them, or there
    /// are too many.
    pub fn add(&mut self, score: &Score) -> Result<()> {
        if let Some([found, expected]) = self.apart_from(score) {
            return Err(Error::Invalid(format!("{found}, not {expected}")));
        }
        let shares = |shard: &Shard| {
            let known = &self.known;
            known.same(shard).or(known.overlapping(shard)).is_some()
        };
        if score.shards.iter().any(shares) {
            return Err(Error::Invalid("samples that are in two scores".into()));
        }
        let names = united(&self.sum.class_names, &score.class_names);
        let [own, more] = match names.is_empty() {
            true => {
                let classes = self.sum.classes().max(score.classes());
                [&self.sum, score].map(|one| from_numbers(classes, one.classes()))
            }
            false => [&self.sum, score].map(|one| from(&names, &one.class_names)),
        };
        let answers: Vec<Answers> = (self.sum.answers.iter().zip(&score.answers))
            .map(|(one, other)| added(arranged(one, &own)?, &arranged(other, &more)?))
            .collect::<Result<_>>()?;
        let sum = &mut self.sum;
        sum.answers = answers;
        sum.class_names = names;
        for (own, more) in sum.changes.iter_mut().zip(&score.changes) {
            *own = Changes {
                fixed: own.fixed + more.fixed,
                broken: own.broken + more.broken,
                changed: own.changed + more.changed,
            };
        }
        sum.looks =
            sum.looks
                .take()
                .zip(score.looks.as_ref())
                .map(|([model, mut own], [_, more])| {
                    own += more;
                    [model, own]
                });
        for (own, more) in sum.splits.iter_mut().zip(score.splits) {
            *own = own.saturating_add(more);
        }
        let notes: BTreeSet<&String> = sum.notes.iter().chain(&score.notes).collect();
        sum.notes = notes.into_iter().cloned().collect();
        (sum.range_notes).retain(|note| score.range_notes.contains(note));
        sum.shards.extend(score.shards.iter().cloned());
        score.shards.iter().for_each(|it| self.known.insert(it, ()));
        Ok(())
    }

    /// All scores as one.
    pub fn finish(mut self) -> Score {
        self.sum.shards.sort_unstable();
        self.sum.dataset = Shard::dataset_of(&self.sum.shards);
        self.sum
    }
}

/// Answers among other classes, of which each is one of these or new.
fn arranged(answers: &Answers, from: &[Option<usize>]) -> Result<Answers> {
    let mut places = vec![None; answers.asked.counts.len()];
    for (class, old) in from.iter().enumerate() {
        if let (Some(old), Ok(class)) = (old, u16::try_from(class)) {
            places[*old] = Some(class);
        }
    }
    let place = |class: u16| {
        let place = places.get(usize::from(class)).copied().flatten();
        place.ok_or_else(|| Error::Invalid("more classes than there may be".into()))
    };
    let mut counts = Counts::from(&answers.evaluation);
    for (label, predicted, _) in &mut counts.answers {
        (*label, *predicted) = (place(*label)?, place(*predicted)?);
    }
    let own = &answers.asked.counts;
    let of_model = from.iter().map(|old| old.map_or(0, |old| own[old]));
    let mut asked = answers.asked.clone();
    asked.counts = of_model.collect();
    Ok(Answers {
        evaluation: Evaluation::of_counts(from.len(), &counts)?,
        asked,
    })
}

fn added(mut one: Answers, other: &Answers) -> Result<Answers> {
    one.evaluation
        .add_counts(&Counts::from(&other.evaluation))?;
    Ok(one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classifier::level_sums::LevelSums;
    use crate::classifier::model::Model;
    use crate::classifier::predictions::Predictions;
    use crate::data::Shape;
    use crate::data::recipe::Recipe;
    use crate::evaluation::score::Asked;

    const SUMS: [u64; 2] = [30, 600];

    /// What a model of two classes of three samples each, with these sums, says of a sample.
    fn score(sums: [u64; 2], sample: u128, range_notes: &[&str]) -> Result<Score> {
        let model = Model::new("train", LevelSums::new(1, vec![3, 3], sums.to_vec())?)?;
        let mut evaluation = Evaluation::new(2);
        evaluation.add(&[1], &Predictions::from_classes(vec![1]))?;
        Ok(Score {
            dataset: "some".into(),
            shape: Shape::Image {
                rows: 1,
                columns: 1,
            },
            values: "u8".into(),
            class_names: Vec::new(),
            recipe: Recipe::Euclidean,
            splits: [6, 1],
            evaluated_on: "test".into(),
            notes: Vec::new(),
            range_notes: range_notes.iter().map(ToString::to_string).collect(),
            answers: vec![Answers {
                asked: Asked::new(&model, false, &[]),
                evaluation,
            }],
            changes: Vec::new(),
            looks: None,
            shards: vec![Shard {
                digest: sample,
                samples: 1,
                classes: 2,
                dataset: "some".into(),
                set: "test".into(),
                rows: None,
            }],
        })
    }

    /// Though both models are called the same and have as many samples of each class.
    #[test]
    fn answers_of_models_with_other_sums_are_not_added() -> Result<()> {
        let mut scores = Scores::new(score(SUMS, 1, &[])?);
        let other = score([SUMS[0], SUMS[1] + 1], 2, &[])?;
        let refused = scores.add(&other).map_err(|error| error.to_string());
        let says = "answers of another model, not answers of one model";
        assert_eq!(refused, Err(says.to_owned()));
        scores.add(&score(SUMS, 2, &[])?)
    }

    /// What is said of the range of some values need not be so of others.
    #[test]
    fn notes_on_ranges_stay_where_all_scores_have_them() -> Result<()> {
        let left = |[first, second]: [&[&str]; 2]| -> Result<Vec<String>> {
            let mut scores = Scores::new(score(SUMS, 1, first)?);
            scores.add(&score(SUMS, 2, second)?)?;
            Ok(scores.finish().range_notes)
        };
        assert_eq!(left([&["dark", "from 1"], &["from 1"]])?, ["from 1"]);
        assert_eq!(left([&["from 1"], &["dark", "from 1"]])?, ["from 1"]);
        assert!(left([&["dark"], &[]])?.is_empty());
        assert!(left([&[], &["dark"]])?.is_empty());
        Ok(())
    }
}
