//! What ink is connected, and which of it is the digit.

use super::ground::Strengths;
use super::part::Part;

/// Pixels beside each other in a row that are all ink.
pub(super) struct Run {
    pub(super) row: usize,
    pub(super) first: usize,
    pub(super) end: usize,
    /// The number of its part.
    pub(super) part: usize,
}

/// What is not at the edge is the digit rather than what is, and what is in a frame
/// rather than the frame, if it has at least one in so many of its pixels.
const LEAST_INSIDE: usize = 20;

/// The connected ink of a picture.
pub(super) struct Parts {
    pub(super) runs: Vec<Run>,
    pub(super) parts: Vec<Part>,
}

impl Parts {
    /// What is connected of all that is at least so strong.
    pub(super) fn of(strengths: &Strengths, least: u8) -> Self {
        let mut runs: Vec<Run> = Vec::new();
        // Of each run one that it is connected to, itself where it is the first.
        let mut towards: Vec<usize> = Vec::new();
        let mut above = 0..0;
        for (row, levels) in strengths.levels.chunks_exact(strengths.columns).enumerate() {
            let begin = runs.len();
            let mut first = 0;
            for pixels in levels.chunk_by(|a, b| (*a >= least) == (*b >= least)) {
                let end = first + pixels.len();
                if pixels[0] >= least {
                    let number = runs.len();
                    towards.push(number);
                    let is_left = |run: usize| runs[run].end < first;
                    while !above.is_empty() && is_left(above.start) {
                        above.start += 1;
                    }
                    let touching = |&other: &usize| runs[other].first <= end;
                    for other in above.clone().take_while(touching) {
                        join(&mut towards, other, number);
                    }
                    runs.push(Run {
                        row,
                        first,
                        end,
                        part: 0,
                    });
                }
                first = end;
            }
            above = begin..runs.len();
        }
        let parts = number(&mut runs, &mut towards);
        let mut found = Self { runs, parts };
        found.measure(strengths);
        found
    }

    fn measure(&mut self, strengths: &Strengths) {
        let (rows, columns) = (strengths.rows, strengths.columns);
        for run in &self.runs {
            let part = &mut self.parts[run.part];
            part.pixels += run.end - run.first;
            part.top = part.top.min(run.row);
            part.bottom = part.bottom.max(run.row + 1);
            part.left = part.left.min(run.first);
            part.right = part.right.max(run.end);
            let length = run.end - run.first;
            part.contact[0] += if run.row == 0 { length } else { 0 };
            part.contact[1] += if run.row + 1 == rows { length } else { 0 };
            part.contact[2] += usize::from(run.first == 0);
            part.contact[3] += usize::from(run.end == columns);
        }
        for run in &self.runs {
            let part = &mut self.parts[run.part];
            let side = part.thin_side();
            let (inner, outer) = (part.left + side, part.right.saturating_sub(side));
            let is_outer = run.row < part.top + side || run.row + side >= part.bottom;
            part.hugging += match is_outer || inner >= outer {
                true => run.end - run.first,
                false => {
                    run.end.min(inner).saturating_sub(run.first)
                        + run.end.saturating_sub(outer.max(run.first))
                }
            };
        }
    }

    /// The chosen ones.
    pub(super) fn those<'a>(&'a self, chosen: &'a [bool]) -> impl Iterator<Item = &'a Part> {
        let parts = self.parts.iter().zip(chosen);
        parts.filter(|&(_, chosen)| *chosen).map(|(part, _)| part)
    }

    /// The height and the width of the chosen parts together.
    pub(super) fn size(&self, chosen: &[bool]) -> [usize; 2] {
        let along = |begin: fn(&Part) -> usize, end: fn(&Part) -> usize| {
            let begin = self.those(chosen).map(begin).min();
            let end = self.those(chosen).map(end).max();
            end.zip(begin).map_or(0, |(end, begin)| end - begin)
        };
        [
            along(|part| part.top, |part| part.bottom),
            along(|part| part.left, |part| part.right),
        ]
    }

    /// Of each part whether it is of the digit.
    ///
    /// Dust is small, frames surround, and what lies along the picture's edge,
    /// such as a shadow or another sheet, begins there; all of that as long as
    /// there is something else to be the digit.
    pub(super) fn chosen(&self, rows: usize, columns: usize) -> Vec<bool> {
        let largest = |fits: &dyn Fn(&Part) -> bool| {
            let parts = self.parts.iter().filter(|part| fits(part));
            parts.max_by_key(|part| part.pixels)
        };
        let Some(any) = largest(&|_| true) else {
            return Vec::new();
        };
        let inside = largest(&|part| !part.is_of_edge(rows, columns));
        let inside = inside.filter(|part| part.pixels * LEAST_INSIDE >= any.pixels);
        let main = inside.unwrap_or(any);
        let framed = largest(&|part| main.is_frame_of(part));
        let main = match framed {
            Some(part) if part.pixels * LEAST_INSIDE >= main.pixels => part,
            _ => main,
        };
        let is_chosen = |part: &Part| {
            if std::ptr::eq(part, main) {
                return true;
            }
            if part.is_frame_of(main) || inside.is_some() && part.is_of_edge(rows, columns) {
                return false;
            }
            let (longest, gap) = (main.longest(), main.gap(part));
            let is_large = |share: usize| part.pixels * share >= main.pixels;
            let is_long = |share: usize| part.longest() * share >= longest;
            // Another digit, a stroke of this one, and a speck on its edge.
            is_large(8) && is_long(2)
                || is_large(12) && is_long(4) && 2 * gap <= longest
                || is_large(50) && 14 * gap <= longest
        };
        self.parts.iter().map(is_chosen).collect()
    }
}

/// Where a run leads to.
fn root(towards: &mut [usize], mut run: usize) -> usize {
    while towards[run] != run {
        towards[run] = towards[towards[run]];
        run = towards[run];
    }
    run
}

fn join(towards: &mut [usize], one: usize, other: usize) {
    let (one, other) = (root(towards, one), root(towards, other));
    towards[one.max(other)] = one.min(other);
}

/// Numbers the parts, in the order of their first runs.
fn number(runs: &mut [Run], towards: &mut [usize]) -> Vec<Part> {
    let mut parts = Vec::new();
    for run in 0..runs.len() {
        let first = root(towards, run);
        if first == run {
            runs[run].part = parts.len();
            parts.push(Part::NONE);
        } else {
            runs[run].part = runs[first].part;
        }
    }
    parts
}
