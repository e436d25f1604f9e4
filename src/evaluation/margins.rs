//! How certain the answers are: the label, predicted class and margin of every
//! image, and statistics of them. Each image takes 24 bytes, whatever its size.

use std::cmp::Ordering;

use crate::classifier::reported::Reported;
use crate::evaluation::statistics::wilson_interval95;

/// The answer for one image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer {
    /// The image's true class.
    pub label: u16,
    /// The predicted class.
    pub predicted: u16,
    /// As in [`Reported`].
    pub margin: f64,
    /// As in [`Reported`].
    pub relative_margin: f64,
}

impl Answer {
    fn new(label: u16, nearest: &Reported) -> Self {
        Self {
            label,
            predicted: nearest.class,
            margin: nearest.margin,
            relative_margin: nearest.relative_margin,
        }
    }

    /// Whether the predicted class is the true class.
    pub fn is_right(&self) -> bool {
        self.label == self.predicted
    }
}

/// The answers of all images, in the order of the images.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Margins {
    answers: Vec<Answer>,
}

/// The images that are left after those with the smallest relative margins are
/// rejected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kept {
    /// The percentage of images that are left.
    pub percent: u32,
    /// Number of images left.
    pub images: u64,
    /// Number of them that are right.
    pub correct: u64,
    /// The smallest relative margin among them.
    pub relative_margin: f64,
}

impl Kept {
    /// The share of the remaining images that are right.
    pub fn accuracy(&self) -> f64 {
        self.correct as f64 / self.images as f64
    }

    /// The 95 % Wilson interval of the accuracy.
    pub fn interval95(&self) -> [f64; 2] {
        wilson_interval95(self.correct, self.images)
    }
}

impl Margins {
    /// Appends the answers of more images.
    ///
    /// # Panics
    /// When the numbers of labels and of nearest classes differ.
    pub fn add(&mut self, labels: &[u16], nearest: &[Reported]) {
        assert_eq!(labels.len(), nearest.len(), "one answer for each image");
        let both = labels.iter().zip(nearest);
        let answers = both.map(|(&label, nearest)| Answer::new(label, nearest));
        self.answers.extend(answers);
    }

    /// The answer of every image.
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// The wrong answers with the widest margins, widest first: errors that looked
    /// most certain.
    pub fn widest_errors(&self, most: usize) -> Vec<usize> {
        let wider = |a: &usize, b: &usize| self.by_margin(b, a).then(a.cmp(b));
        self.first(most, |answer| !answer.is_right(), wider)
    }

    /// The right answers with the narrowest margins, narrowest first: those that
    /// were almost wrong. Answers without a second class are not among them.
    pub fn narrowest_wins(&self, most: usize) -> Vec<usize> {
        let narrower = |a: &usize, b: &usize| self.by_margin(a, b).then(a.cmp(b));
        let could_lose = |answer: &Answer| answer.is_right() && answer.margin.is_finite();
        self.first(most, could_lose, narrower)
    }

    /// The first images of class `truth` that were predicted as class `predicted`.
    pub fn confused(&self, truth: u16, predicted: u16, most: usize) -> Vec<usize> {
        let so = |answer: &Answer| answer.label == truth && answer.predicted == predicted;
        let found = (0..self.answers.len()).filter(|&index| so(&self.answers[index]));
        found.take(most).collect()
    }

    /// For each percentage, keeps that share of the images, but at least one: those
    /// with the widest relative margins. Among equal margins, earlier images are
    /// rejected first.
    ///
    /// Margins grow with the distances, and thick digits are far from every mean.
    /// The relative margin is therefore the better predictor of whether an answer
    /// is right.
    ///
    /// # Panics
    /// When no image has been added, or a percentage exceeds 100.
    pub fn kept(&self, percents: impl IntoIterator<Item = u32>) -> Vec<Kept> {
        let mut widest_last: Vec<&Answer> = self.answers.iter().collect();
        widest_last.sort_by(|a, b| a.relative_margin.total_cmp(&b.relative_margin));
        // `right[k]` is how many of the k answers with the widest margins are
        // right.
        let mut right = vec![0_u64];
        for answer in widest_last.iter().rev() {
            right.push(right[right.len() - 1] + u64::from(answer.is_right()));
        }
        let all = widest_last.len() as u64;
        let kept = |percent| {
            let images = ((all * u64::from(percent) + 50) / 100).max(1);
            Kept {
                percent,
                images,
                correct: right[images as usize],
                relative_margin: widest_last[(all - images) as usize].relative_margin,
            }
        };
        percents.into_iter().map(kept).collect()
    }

    fn by_margin(&self, a: &usize, b: &usize) -> Ordering {
        self.answers[*a].margin.total_cmp(&self.answers[*b].margin)
    }

    /// The first answers in the given order, among those for which `counts` holds.
    fn first(
        &self,
        most: usize,
        counts: impl Fn(&Answer) -> bool,
        order: impl Fn(&usize, &usize) -> Ordering,
    ) -> Vec<usize> {
        let all = 0..self.answers.len();
        let mut found: Vec<usize> = all.filter(|&index| counts(&self.answers[index])).collect();
        found.sort_by(order);
        found.truncate(most);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers that are right (R) or wrong (W), each with its margin.
    fn margins(answers: &[(char, f64)]) -> Margins {
        let answer = |&(right, margin): &(char, f64)| Answer {
            label: 1,
            predicted: u16::from(right == 'R'),
            margin,
            relative_margin: margin / 8.0,
        };
        Margins {
            answers: answers.iter().map(answer).collect(),
        }
    }

    #[test]
    fn extremes_come_in_order() {
        let all = [('W', 5.0), ('R', 2.0), ('W', 9.0), ('R', 1.0), ('W', 5.0)];
        let found = margins(&all);
        assert_eq!(found.widest_errors(2), [2, 0]);
        assert_eq!(found.widest_errors(9), [2, 0, 4]);
        assert_eq!(found.narrowest_wins(9), [3, 1]);
        assert_eq!(found.confused(1, 0, 2), [0, 2]);
        let alone = margins(&[('R', f64::INFINITY), ('W', f64::INFINITY)]);
        assert_eq!(alone.narrowest_wins(9), [0_usize; 0]);
        assert_eq!(alone.widest_errors(9), [1]);
    }

    #[test]
    fn rejecting_by_hand() {
        let found = margins(&[('R', 4.0), ('W', 1.0), ('R', 3.0), ('W', 2.0)]);
        let counts = |percents: &[u32]| -> Vec<_> {
            let kept = found.kept(percents.iter().copied());
            kept.iter()
                .map(|kept| (kept.images, kept.correct, 8.0 * kept.relative_margin))
                .collect()
        };
        assert_eq!(
            counts(&[100, 75, 50, 1]),
            [(4, 2, 1.0), (3, 2, 2.0), (2, 2, 3.0), (1, 1, 4.0)]
        );
        let ties = margins(&[('W', 1.0), ('R', 1.0)]).kept([50]);
        assert_eq!(ties[0].correct, 1);
    }
}
