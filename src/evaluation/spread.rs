//! How far apart repetitions of the same experiment lie. A spread describes them; it is
//! no interval of what they estimate.

/// Counts of right answers, one for each repetition, of `total` answers each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The mean share of right answers.
    pub accuracy: f64,
    /// The middle 95 % of the shares; `None` of fewer than 40.
    pub middle95: Option<[f64; 2]>,
    /// The standard deviation of the shares, with divisor R − 1; `None` of one.
    pub standard_deviation: Option<f64>,
    /// The least share.
    pub least: f64,
    /// The greatest share.
    pub greatest: f64,
}

/// Repetitions from which on the middle 95 % leaves any out.
const ENOUGH: usize = 40;

impl Spread {
    /// The spread of at least one count.
    ///
    /// # Panics
    /// When there is none.
    pub fn of(correct: &[u64], total: u64) -> Self {
        let mut sorted = correct.to_vec();
        sorted.sort_unstable();
        let share = |count: u64| count as f64 / total as f64;
        Self {
            accuracy: mean(correct) / total as f64,
            middle95: (sorted.len() >= ENOUGH).then(|| middle95(&sorted, total)),
            standard_deviation: variance(correct).map(|squared| squared.sqrt() / total as f64),
            least: share(sorted[0]),
            greatest: share(sorted[sorted.len() - 1]),
        }
    }
}

/// The 2.5 % and 97.5 % quantiles of counts in ascending order (Hyndman and Fan's type 7),
/// in integers and divided once.
fn middle95(sorted: &[u64], total: u64) -> [f64; 2] {
    let last = sorted.len() - 1;
    let (place, rest) = (last / 40, (last % 40) as u64);
    let quantile = |from: u64, to: u64| {
        let scaled = 40 * from + rest * to - rest * from;
        scaled as f64 / (40 * total) as f64
    };
    let upper = |from: u64, to: u64| {
        let scaled = 40 * from - rest * (from - to);
        scaled as f64 / (40 * total) as f64
    };
    let next = |place: usize| sorted[(place + 1).min(last)];
    let below = |place: usize| sorted[(last - place).saturating_sub(1)];
    [
        quantile(sorted[place], next(place)),
        upper(sorted[last - place], below(place)),
    ]
}

/// The mean of counts.
pub fn mean(counts: &[u64]) -> f64 {
    counts.iter().sum::<u64>() as f64 / counts.len() as f64
}

/// The sample variance of counts, with divisor R − 1; `None` of one.
pub fn variance(counts: &[u64]) -> Option<f64> {
    let n = counts.len() as u128;
    if n < 2 {
        return None;
    }
    // In integers, since the counts are nearly equal: n·Σc² − (Σc)².
    let sum: u128 = counts.iter().map(|&count| u128::from(count)).sum();
    let squares: u128 = counts.iter().map(|&count| u128::from(count).pow(2)).sum();
    Some((n * squares - sum * sum) as f64 / (n * (n - 1)) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_neighbours() {
        // NumPy: percentile(arange(41), [2.5, 97.5]) = [1, 39].
        let even: Vec<u64> = (0..41).collect();
        assert_eq!(middle95(&even, 100), [0.01, 0.39]);
        // NumPy: percentile(arange(100) ** 2, [2.5, 97.5]) = [6.375, 9317.325].
        let squares: Vec<u64> = (0..100).map(|i| i * i).collect();
        assert_eq!(middle95(&squares, 1), [6.375, 9_317.325]);
    }

    #[test]
    fn few_repetitions_have_no_middle() {
        let spread = Spread::of(&[3, 1, 2], 10);
        assert_eq!(
            (spread.middle95, spread.standard_deviation),
            (None, Some(0.1))
        );
        assert_eq!(
            (spread.accuracy, spread.least, spread.greatest),
            (0.2, 0.1, 0.3)
        );
        assert_eq!(Spread::of(&[5], 10).standard_deviation, None);
        assert!(Spread::of(&[5; 40], 10).middle95 == Some([0.5; 2]));
        assert!(Spread::of(&[5; 39], 10).middle95.is_none());
    }
}
