//! The statistical uncertainty of counts.

/// The 97.5 % quantile of the standard normal distribution.
pub(super) const Z: f64 = 1.959_963_984_540_054;

/// The 95 % Wilson score interval of a proportion of `correct` out of `total`
/// (E. B. Wilson, JASA 22, 1927; recommended by Brown, Cai and DasGupta,
/// Statistical Science 16, 2001).
///
/// # Panics
/// When `total` is zero.
pub fn wilson_interval95(correct: u64, total: u64) -> [f64; 2] {
    assert!(total > 0, "an interval of no trials");
    wilson_interval95_at(correct as f64 / total as f64, total as f64)
}

/// The same of a share of what is worth `n` trials, which need not be a whole number.
pub fn wilson_interval95_at(share: f64, n: f64) -> [f64; 2] {
    let shrink = 1.0 + Z * Z / n;
    let centre = (share + Z * Z / (2.0 * n)) / shrink;
    let half = Z / shrink * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    // At the ends the two terms are equal up to rounding, so the limit is set
    // exactly.
    let low = if share == 0.0 { 0.0 } else { centre - half };
    let high = if share == 1.0 { 1.0 } else { centre + half };
    [low, high]
}

/// The 95 % interval of a mean gain of paired answers, for other test samples (D. G.
/// Bonett and R. M. Price, Journal of Educational and Behavioral Statistics 37, 2012): each
/// of `total` answers gained between −1 and 1, together `sum`, the squares of the gains
/// together `squares`. `repetitions` is the variance that the mean has from repetitions of
/// the experiment, 0 without any.
///
/// # Panics
/// When `total` is zero.
pub fn gain_interval95(sum: f64, squares: f64, total: u64, repetitions: f64) -> [f64; 2] {
    assert!(total > 0, "an interval of no answers");
    let n = (total + 2) as f64;
    let gain = sum / n;
    let variance = (squares + 2.0) / n - gain * gain;
    let half = Z * (variance / n + repetitions).sqrt();
    [gain - half, gain + half]
}

/// The two-sided p-values of McNemar's test of two paired classifiers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct McNemar {
    /// The exact conditional p-value: twice the smaller binomial tail, at most 1.
    pub exact_p: f64,
    /// The mid-p value: the exact p-value minus the probability of what was
    /// observed, or 1 minus half of it if fixed and broken are equal (Fagerland,
    /// Lydersen and Laake, BMC Medical Research Methodology 13:91, 2013).
    pub mid_p: f64,
}

/// Tests whether `fixed` and `broken`, the images that only one of two classifiers
/// has right, are equally likely.
pub fn mcnemar(fixed: u64, broken: u64) -> McNemar {
    let (n, fewer) = (fixed + broken, fixed.min(broken));
    if n == 0 {
        return McNemar {
            exact_p: 1.0,
            mid_p: 1.0,
        };
    }
    // P(K = fewer) for K ~ Binomial(n, ½), computed with logarithms to avoid
    // overflow. A p-value below 10⁻³⁰⁸ is reported as 0.
    let log_ways: f64 = (1..=fewer)
        .map(|k| ((n - k + 1) as f64 / k as f64).ln())
        .sum();
    let observed = (log_ways - n as f64 * std::f64::consts::LN_2).exp();
    let (mut tail, mut term, mut k) = (0.0, observed, fewer);
    while term > tail * 1e-17 {
        tail += term;
        term *= k as f64 / (n - k + 1) as f64;
        k = k.saturating_sub(1);
    }
    let doubled = 2.0 * tail;
    // Only half of the observed probability counts; with equal counts it is in both
    // tails.
    let mid_p = if fixed == broken {
        1.0 - observed / 2.0
    } else {
        doubled - observed
    };
    McNemar {
        exact_p: doubled.min(1.0),
        mid_p,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!(
            (found - expected).abs() <= 1e-12 * expected.abs(),
            "{found} is not {expected}"
        );
    }

    /// The binomial tail summed in integers, which is exact for n ≤ 120.
    fn exact_tail(n: u32, fewer: u32) -> f64 {
        let mut ways = 1_u128;
        let mut tail = 0_u128;
        for k in 0..=fewer {
            tail += ways;
            ways = ways * u128::from(n - k) / u128::from(k + 1);
        }
        tail as f64 / 2.0_f64.powi(n as i32)
    }

    #[test]
    fn small_tables_agree_with_integer_tails() {
        for n in 1..=100_u64 {
            for fewer in 0..=n / 2 {
                let found = mcnemar(n - fewer, fewer);
                let tail = exact_tail(n as u32, fewer as u32);
                close(found.exact_p, (2.0 * tail).min(1.0));
                let below = if fewer == 0 {
                    0.0
                } else {
                    exact_tail(n as u32, fewer as u32 - 1)
                };
                let observed = tail - below;
                let mid_p = if n == 2 * fewer {
                    1.0 - observed / 2.0
                } else {
                    tail + below
                };
                assert!((found.mid_p - mid_p).abs() < 1e-12);
                assert_eq!(found, mcnemar(fewer, n - fewer));
            }
        }
    }

    #[test]
    fn large_tables_neither_vanish_nor_stall() {
        let huge = mcnemar(500_000, 500_000);
        assert_eq!(huge.exact_p, 1.0);
        close(
            mcnemar(1_000, 1).exact_p,
            2.0 * 1_002.0 * 2.0_f64.powi(-1001),
        );
        assert!(mcnemar(100_000, 90_000).exact_p < 1e-100);
        assert_eq!(
            mcnemar(0, 0),
            McNemar {
                exact_p: 1.0,
                mid_p: 1.0
            }
        );
    }

    #[test]
    fn a_gain_of_pairs_is_bonett_and_price_s() {
        // f12 = 30 and f21 = 20 of 200: p12 = 31/202, p21 = 21/202, and by hand
        // 10/202 ± z·√((52/202 − (10/202)²)/202).
        let [low, high] = gain_interval95(10.0, 50.0, 200, 0.0);
        close(low + high, 20.0 / 202.0);
        let (sum, gain) = (52.0 / 202.0, 10.0 / 202.0);
        close(high - low, 2.0 * Z * f64::sqrt((sum - gain * gain) / 202.0));
        // What repetitions add is added as a variance.
        let [low, high] = gain_interval95(0.0, 0.0, 1, 5.0 - 2.0 / 9.0);
        close(high - low, 2.0 * Z * 5.0_f64.sqrt());
    }

    #[test]
    fn intervals_stay_within_zero_and_one() {
        assert_eq!(wilson_interval95(0, 10)[0], 0.0);
        assert_eq!(wilson_interval95(10, 10)[1], 1.0);
        // By hand: n = 10, 5 right; half = z/(1+z²/10)·√(0.025 + z²/400).
        let [low, high] = wilson_interval95(5, 10);
        close(low + high, 1.0);
        close(
            high - low,
            2.0 * Z / (1.0 + Z * Z / 10.0) * (0.025 + Z * Z / 400.0).sqrt(),
        );
    }
}
