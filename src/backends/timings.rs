//! How long each stage took.

use std::borrow::Cow;
use std::time::Instant;

/// Stages in the order in which they first ended, each with its milliseconds of
/// wall-clock time. Stages may overlap, so their sum can exceed the total.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timings {
    stages: Vec<(Cow<'static, str>, f64)>,
}

impl Timings {
    /// Runs one stage and records how long it took.
    pub fn time<T>(&mut self, stage: &'static str, run: impl FnOnce() -> T) -> T {
        let started = Instant::now();
        let result = run();
        self.add(stage, milliseconds_since(started));
        result
    }

    /// Adds milliseconds to a stage, which may be new.
    pub fn add(&mut self, stage: impl Into<Cow<'static, str>>, milliseconds: f64) {
        let stage = stage.into();
        match self.stages.iter_mut().find(|(name, _)| *name == stage) {
            Some((_, sum)) => *sum += milliseconds,
            None => self.stages.push((stage, milliseconds)),
        }
    }

    /// Adds every stage of `other`.
    pub fn merge(&mut self, other: &Timings) {
        other
            .stages
            .iter()
            .for_each(|(stage, milliseconds)| self.add(stage.clone(), *milliseconds));
    }

    /// The stages with their milliseconds.
    pub fn stages(&self) -> impl Iterator<Item = (&str, f64)> {
        self.stages
            .iter()
            .map(|(stage, milliseconds)| (&**stage, *milliseconds))
    }
}

/// Milliseconds of wall-clock time since `started`.
pub fn milliseconds_since(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_add_up_in_the_order_they_came() {
        let (mut timings, mut more) = (Timings::default(), Timings::default());
        timings.add("load", 1.0);
        timings.add("sums", 2.0);
        more.add("sums", 3.0);
        more.add("settle", 4.0);
        timings.merge(&more);
        let found: Vec<_> = timings.stages().collect();
        assert_eq!(found, [("load", 1.0), ("sums", 5.0), ("settle", 4.0)]);
    }
}
