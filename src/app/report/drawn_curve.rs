//! A learning curve as a table, a chart and a verdict, wherever it is shown.

use std::fmt::Write;

use super::curve_chart::Chart;
use super::points::{points, points_between, signed};
use super::table::Table;
use super::text;
use crate::evaluation::curve::{Curve, Doubling, Gain, Setting, Trend};

/// A learning curve.
#[derive(Clone, Copy)]
pub struct Drawn<'a> {
    /// What was drawn.
    pub setting: &'a Setting,
    /// What came out.
    pub curve: &'a Curve,
}

impl Drawn<'_> {
    pub(super) fn chart(&self) -> Chart {
        Chart::new(self.curve, self.setting.per_class)
    }

    /// The points, a row each. Subsets of more than half of the images share so many that
    /// their spread would say little.
    pub(super) fn table(&self) -> Table {
        let heads = [
            "images",
            "mean",
            "middle 95 %",
            "least",
            "greatest",
            "all others add",
        ];
        let rows = self.curve.points.iter().map(|point| {
            let spread = &point.spread;
            let shown = self.curve.shows_spread(point);
            let dash = || "–".to_owned();
            let middle = spread.middle95.filter(|_| shown);
            let share = |share: f64| match shown {
                true => text::percent(share),
                false => dash(),
            };
            [
                text::count(point.images as u64),
                text::percent(spread.accuracy),
                middle.map_or_else(dash, text::interval),
                share(spread.least),
                share(spread.greatest),
                point.gain_to_full.as_ref().map_or_else(dash, gained),
            ]
        });
        Table::new(heads, rows)
    }

    /// The answer in a sentence; `None` where too few repetitions were made.
    pub(super) fn verdict(&self) -> Option<String> {
        let doubling = self.curve.last_doubling?;
        let begins = match self.curve.trend()? {
            Trend::StillHelps => "More images still help",
            Trend::NoGain => "No gain of the last doubling can be told from none",
            Trend::Harms => "The last doubling did harm",
        };
        let mut verdict = format!("{begins}: {}", self.doubled(&doubling));
        if let Some((images, gain)) = self.curve.enough() {
            let _ = write!(
                verdict,
                "; from {} on, all the others add at most {:.2} points, less than the ±{:.2} to \
                 which {} know the accuracy",
                self.sized(images),
                gain.max(0.0) * 100.0,
                self.curve.half_width() * 100.0,
                text::counted(self.curve.full.total, ["test image", "test images"]),
            );
        }
        verdict.push('.');
        Some(verdict)
    }

    fn doubled(&self, doubling: &Doubling) -> String {
        let (from, to) = (doubling.from as u64, self.sized(doubling.to));
        let all = if self.setting.per_class { "" } else { "all " };
        format!(
            "from {} to {all}{to} {} ({})",
            text::count(from),
            points(doubling.gain.gain),
            points_between(doubling.gain.interval95)
        )
    }

    fn sized(&self, images: usize) -> String {
        let of = if self.setting.per_class {
            " of each class"
        } else {
            ""
        };
        text::images(images as u64) + of
    }
}

/// A gain in points with its interval.
fn gained(gain: &Gain) -> String {
    format!(
        "{} ({})",
        signed(gain.gain),
        points_between(gain.interval95)
    )
}
