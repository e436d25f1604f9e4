//! Answers to questions about models: the squared distances to many models at once, then
//! the nearest class for each question.

use std::ops::Range;

use rayon::prelude::*;

use super::chunk::{Chunk, largest};
use super::nearest::DECISION_BYTES;
use super::submission::Submission;
use super::{Gpu, distances, nearest};
use crate::backends::timings::Timings;
use crate::classifier::fixed_point::FixedMeans;
use crate::classifier::model::LevelQuestion;
use crate::classifier::predictions::Decision;
use crate::data::LabelledImages;
use crate::error::Result;

/// Images of a batch, where many models are asked: few enough to stay in a device's cache
/// while one model after the other reads them.
const BATCH: usize = 4096;

/// For each question, the decision on every image.
pub(super) fn answers(
    gpu: &Gpu,
    split: LabelledImages<'_>,
    chunks: &[Chunk<'_>],
    questions: &[LevelQuestion<'_>],
) -> Result<(Vec<Vec<Decision>>, Timings)> {
    // Questions about one model follow each other, and share its distances.
    let models: Vec<_> = questions
        .chunk_by(LevelQuestion::is_of_same_model)
        .collect();
    let mut answers = vec![Vec::with_capacity(split.len()); questions.len()];
    let mut timings = Timings::default();
    let mut rest = &mut answers[..];
    for run in runs(gpu, split, chunks, &models) {
        let models = &models[run];
        let asked = models.iter().map(|questions| questions.len()).sum();
        let (of_models, others) = rest.split_at_mut(asked);
        timings.merge(&of_group(gpu, split, chunks, models, of_models)?);
        rest = others;
    }
    Ok((answers, timings))
}

/// Groups of models whose distances to a batch, and whose answers for a chunk, fit what is
/// held at a time. A model that alone takes more is a group of its own.
fn runs(
    gpu: &Gpu,
    split: LabelledImages<'_>,
    chunks: &[Chunk<'_>],
    models: &[&[LevelQuestion<'_>]],
) -> Vec<Range<usize>> {
    let (device, held) = (&gpu.device, gpu.pieces.distance_bytes);
    let (dim, classes) = (split.images().dim(), split.classes());
    let images = largest(chunks);
    let most_models = (held / (images.min(BATCH) * classes * 8))
        .clamp(1, distances::most_models(device, classes, dim));
    let most_questions = (held / (images * DECISION_BYTES)).min(device.most_workgroups());
    let questions = models.iter().map(|questions| questions.len());
    runs_of_at_most(most_models, most_questions, questions)
}

/// Answers of these models, with one submission and one readback per chunk.
fn of_group(
    gpu: &Gpu,
    split: LabelledImages<'_>,
    chunks: &[Chunk<'_>],
    models: &[&[LevelQuestion<'_>]],
    answers: &mut [Vec<Decision>],
) -> Result<Timings> {
    // Of thousands of models this is most of what the host does.
    let means: Vec<_> = models
        .par_iter()
        .map(|questions| FixedMeans::new(questions[0].sums()))
        .collect();
    let distances = distances::Stage::new(
        &gpu.device,
        &gpu.distances,
        &means,
        split.images().dim(),
        largest(chunks),
        gpu.pieces.distance_bytes,
    )?;
    let mut asked: Vec<nearest::Asked<'_>> = Vec::with_capacity(answers.len());
    for (model, (questions, means)) in models.iter().zip(&means).enumerate() {
        asked.extend(questions.iter().map(|question| (model, means, question)));
    }
    let nearest = nearest::Stage::new(&gpu.device, &gpu.nearest, &asked, distances.batch);
    let mut timings = Timings::default();
    for chunk in chunks {
        let batches = distances.batches(chunk);
        let passes = batches.count() * (distances.passes() + 1);
        let bytes = chunk.images * DECISION_BYTES * answers.len();
        let mut submission = Submission::new(&gpu.device, passes, bytes as u64);
        let mut places = Vec::new();
        for batch in distances.batches(chunk) {
            distances.record(&mut submission, chunk, batch);
            places.push(nearest.record(&mut submission, chunk, batch, &distances));
        }
        let take = |read: &[u8]| {
            for place in places {
                let batch: &[Decision] = bytemuck::cast_slice(&read[place]);
                let of_questions = batch.par_chunks_exact(batch.len() / answers.len());
                let both = answers.par_iter_mut().zip(of_questions);
                both.for_each(|(answers, batch)| answers.extend_from_slice(batch));
            }
        };
        timings.merge(&submission.finish(take)?.1);
    }
    Ok(timings)
}

/// Groups consecutive sizes into runs of at most `most` whose sum is at most `most_sum`; a
/// size that alone exceeds it is a run of its own.
fn runs_of_at_most(
    most: usize,
    most_sum: usize,
    sizes: impl Iterator<Item = usize>,
) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut sum = 0;
    for (index, size) in sizes.enumerate() {
        match runs.last_mut() {
            Some(run) if run.len() < most && sum + size <= most_sum => {
                run.end += 1;
                sum += size;
            }
            _ => {
                runs.push(index..index + 1);
                sum = size;
            }
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::runs_of_at_most;

    #[test]
    fn runs_are_as_long_as_they_fit() {
        let runs = |sizes: &[usize]| runs_of_at_most(3, 4, sizes.iter().copied());
        assert!(runs(&[]).is_empty());
        assert_eq!(runs(&[1, 2, 1, 1]), [0..3, 3..4]);
        assert_eq!(runs(&[9, 9, 1, 3, 1]), [0..1, 1..2, 2..4, 4..5]);
        assert_eq!(runs(&[1, 1, 1, 1]), [0..3, 3..4]);
    }
}
