//! `ncm words`: what the words of the results mean.

use crate::app::report::Results;

/// What the words mean, in lines of at most 80 characters.
const WORDS: &str = "\
The words of the results, from what is given to what is concluded.

image           A grid of pixels, each a level from 0 to 255, with a label.
feature vector  Numbers that a network, say, makes of an image or a text, with a
                label. A sample is an image or a feature vector.
class           A label: 0, 1, 2 and so on. MNIST's classes are its ten digits.
train, test     The images that the means are made of, and those that are
                classified to see how well that works.
class mean      The average of a class's samples, value by value.
nearest class   The class whose mean has the least distance to a sample: the
                answer. Where two are equally near it is the lower class.
recipe          How feature vectors are prepared and compared with means, as
                --recipe names it: euclidean, l2n, cl2n, cosine, icarl.
part            A model of some of a dataset's samples. It knows them by a hash,
                so that `ncm merge` adds up each sample once.
shard           Samples that a part has seen at once: a dataset, or some rows.
score           The counts of right answers to some samples, in a file that
                `ncm merge` adds to others.
distance        The Euclidean distance in grey levels: the square root of the
                sum of squared differences. It is not squared. Under cosine and
                icarl it is 1 - cosine, and the margin a difference of cosines.
margin          The second least SQUARED distance minus the least squared
                distance. The smaller it is, the less certain is the answer.
right           Said of an answer that is the image's label.
accuracy        Right answers divided by all answers.
top-5           Answers where fewer than five classes stand before the label:
                are nearer, or as near and lower.
95 % interval   Wilson's interval for the accuracy on all images of this kind:
                95 of 100 such intervals hold it.
precision       Of the images that were given a class, the share that is of it.
recall          Of the images of a class, the share that was given it.
F1              The harmonic mean of precision and recall.
support         The number of test images of a class.
confusion       How many images of each class were given each class.
balanced        The mean of all classes' recalls, so that each class counts
                alike.
settled         Decided by exact arithmetic, since rounding could have changed
                the answer. Every backend gives the exact answer to each image.
train+test      Means of all images. They have seen the test images.
leave-one-out   Means of all images, but each test image is taken out of the
                mean of its own class before it is classified.
fixed           Wrong before a change and right after it.
broken          Right before a change and wrong after it.
changed         Given another class by a change, be it right or wrong.
exact p         McNemar's exact test: how likely it is that fixed and broken
                answers differ at least this much if the change had no effect.
                Below 0.05 the difference is called detectable.
mid-p           The same, but the probability of exactly the observed counts is
                halved. It is a little smaller and less cautious.
points          Percentage points: a difference of two accuracies.
learning curve  Accuracy by the number of training images.
repetition      One random order of the training images, whose beginnings are
                subsets of every size.
resample        As many training images as there are, drawn with replacement.
middle 95 %     What all but the least and the greatest 2.5 % of repetitions or
                models lie in. It describes them; it is no interval of the
                accuracy.
backend         What computes: a GPU or the CPU. Both give the same answers.
adapter         A GPU as its driver offers it. A software adapter is a driver
                that computes on the CPU.
cold            The first run in a process, before kernels and memory are warm.
of copy         Bytes per second as a share of what the same memory copies.";

/// Explain the words of the results
#[derive(Debug, clap::Args)]
#[command(long_about = WORDS, after_help = "Example: ncm words")]
pub(super) struct Words {}

pub(super) fn run() -> Results {
    Results::Text(format!("{WORDS}\n"))
}

#[cfg(test)]
mod tests {
    use super::WORDS;

    #[test]
    fn lines_fit() {
        for line in WORDS.lines() {
            assert!(line.is_ascii() && line.len() <= 80, "{line}");
        }
    }
}
