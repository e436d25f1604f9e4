//! Finds the even steps on which the values of images lie, to advise how to make
//! levels of them. Moving and scaling all values alike changes no nearest class.

/// The most distinct values that levels can stand for.
const MOST: usize = 256;

/// How far from a step a value may lie, in steps, for rounding to be harmless.
const OFF: f64 = 0.05;

/// Even steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Lattice {
    pub least: f64,
    pub step: f64,
}

/// The distinct values of images, as long as there are few enough.
#[derive(Clone, Debug, Default)]
pub(super) struct Distinct {
    sorted: Vec<f64>,
    are_too_many: bool,
    last: Option<f64>,
}

impl Distinct {
    pub(super) fn add(&mut self, value: f64) {
        // Neighbouring pixels are often alike.
        if self.are_too_many || self.last == Some(value) {
            return;
        }
        self.last = Some(value);
        let place = self.sorted.partition_point(|&other| other < value);
        if self.sorted.get(place) != Some(&value) {
            self.sorted.insert(place, value);
            // NaN sorts nowhere and would grow the list without end.
            self.are_too_many = self.sorted.len() > MOST || value.is_nan();
        }
    }

    /// The even steps that all values are on, if 256 of them suffice.
    pub(super) fn lattice(&self) -> Option<Lattice> {
        let (&least, &greatest) = (self.sorted.first()?, self.sorted.last()?);
        let range = greatest - least;
        if self.are_too_many || !range.is_finite() || range == 0.0 {
            return None;
        }
        let gaps = self.sorted.windows(2).map(|pair| pair[1] - pair[0]);
        let gap = gaps.fold(range, f64::min);
        // The least gap may be of several steps.
        (1..=MOST as u32).find_map(|parts| {
            let steps = (range / gap * f64::from(parts)).round();
            let step = range / steps;
            let is_on = |&value: &f64| {
                let place = (value - least) / step;
                (place - place.round()).abs() <= OFF
            };
            let fits = steps < MOST as f64 && self.sorted.iter().all(is_on);
            // What is next to 0 was 0 before it was rounded.
            let is_zero = (0.0..OFF).contains(&(least / step));
            let least = if is_zero { 0.0 } else { least };
            fits.then_some(Lattice { least, step })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_steps_are_found() {
        let of = |values: &[f64]| {
            let mut distinct = Distinct::default();
            values.iter().for_each(|&value| distinct.add(value));
            distinct
                .lattice()
                .map(|it| (it.least, (it.step * 1e6).round() / 1e6))
        };
        assert_eq!(of(&[-1.0, 1.0, 0.0]), Some((-1.0, 1.0)));
        assert_eq!(of(&[0.0, 2.0, 5.0]), Some((0.0, 1.0)));
        assert_eq!(of(&[0.0, 257.0, 65535.0]), Some((0.0, 257.0)));
        assert_eq!(of(&[0.0, 1.0, 65535.0]), None);
        assert_eq!(of(&[3.0, 3.0]), None);
        // Next to 0 from below is not 0, which whole numbers would wrap at.
        assert_eq!(of(&[-7.0, 1793.0]), Some((-7.0, 1800.0)));
        assert_eq!(of(&[7.0, 1807.0]), Some((0.0, 1800.0)));
        assert_eq!(of(&[0.0, f64::NAN]), None);
        // MNIST's usual standardisation, in single precision.
        let standard = |level: u8| f64::from((f32::from(level) / 255.0 - 0.1307) / 0.3081);
        let values: Vec<f64> = (0..=255).map(standard).collect();
        assert_eq!(of(&values), Some((standard(0), 0.012728)));
    }
}
