//! Whether other programs kept the machine busy while it was measured.

use std::fs;

/// Processor time so far, in ticks of the clock, as Linux counts it.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Of all cores, idle or not.
    all: u64,
    /// Of all cores while they had nothing to do.
    idle: u64,
    /// Of this process.
    own: u64,
    /// Number of cores.
    cores: usize,
}

/// The share of the cores this process works on that others may take before
/// times are called disturbed.
const DISTURBED: f64 = 0.1;

impl Load {
    /// Until now; `None` where the system does not say.
    pub fn now() -> Option<Self> {
        let whole = fs::read_to_string("/proc/stat").ok()?;
        let own = fs::read_to_string("/proc/self/stat").ok()?;
        Self::parse(&whole, &own)
    }

    fn parse(whole: &str, own: &str) -> Option<Self> {
        let mut lines = whole.lines();
        let ticks = lines.next()?.strip_prefix("cpu ")?;
        // user, nice, system, idle, iowait, irq, softirq, steal; what follows is
        // counted among them.
        let ticks: Vec<u64> = numbers(ticks).take(8).collect();
        // Behind the name in brackets, which may hold blanks; utime and stime.
        let (_, own) = own.rsplit_once(')')?;
        let own = own.split_whitespace().skip(11).take(2);
        Some(Self {
            all: ticks.iter().sum(),
            idle: ticks.get(3)? + ticks.get(4).copied().unwrap_or(0),
            own: own
                .map(|ticks| ticks.parse::<u64>().ok())
                .sum::<Option<u64>>()?,
            cores: lines.take_while(|line| line.starts_with("cpu")).count(),
        })
    }

    /// How many cores other programs kept busy since `before`.
    pub fn others_since(&self, before: &Self) -> Option<f64> {
        let of = |now: u64, before: u64| now.checked_sub(before).map(|ticks| ticks as f64);
        let all = of(self.all, before.all).filter(|&all| all > 0.0)?;
        let used = all - of(self.idle, before.idle)?;
        let others = (used - of(self.own, before.own)?).max(0.0);
        Some(others / all * self.cores as f64)
    }

    /// Whether so many busy cores leave too few to this process's threads.
    pub fn is_disturbing(&self, others: f64, threads: usize) -> bool {
        let threads = threads as f64;
        self.cores as f64 - others < threads * (1.0 - DISTURBED)
    }

    /// Number of cores.
    pub fn cores(&self) -> usize {
        self.cores
    }
}

fn numbers(text: &str) -> impl Iterator<Item = u64> + '_ {
    text.split_whitespace().map_while(|word| word.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two cores; ticks of user, idle and of this process.
    fn load(user: u64, idle: u64, own: u64) -> Load {
        let whole = format!("cpu  {user} 0 0 {idle} 0 0 0 0 0 0\ncpu0 1\ncpu1 1\nintr 3\n");
        let own = format!("7 (a) b) R 1 1 1 0 -1 0 0 0 0 0 {own} 0 0 0 20");
        Load::parse(&whole, &own).expect("numbers")
    }

    #[test]
    fn what_others_take_is_told_from_what_is_ours() {
        let before = load(100, 100, 10);
        // Of 400 ticks 300 were used, 100 of them by this process.
        let now = load(400, 200, 110);
        let others = now.others_since(&before).expect("time has passed");
        assert!((others - 1.0).abs() < 1e-12, "{others}");
        assert!(now.is_disturbing(others, 2) && !now.is_disturbing(others, 1));
        assert!(!now.is_disturbing(0.1, 2));
        assert_eq!(before.others_since(&before), None);
    }

    #[test]
    fn other_systems_say_nothing() {
        assert!(Load::parse("", "").is_none());
        assert!(Load::parse("cpu  x\n", "1 (a) R").is_none());
    }
}
