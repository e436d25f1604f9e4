//! Distances as bars.

/// Characters of the longest bar.
const LONGEST: usize = 40;

/// Characters of a line beside its bar.
const BESIDE: usize = 36;

/// In narrow terminals bars are made shorter, but not shorter than this.
const SHORTEST: usize = 4;

/// A line for each class: its distance, in figures and as a bar from zero, the
/// nearest marked, in a terminal of `width` characters; `None` is a class without
/// images.
pub(super) fn text(distances: &[Option<f64>], nearest: u16, width: usize) -> String {
    let room = width.saturating_sub(BESIDE);
    let most = room.clamp(SHORTEST, LONGEST) as f64;
    let longest = distances.iter().flatten().copied().fold(0.0, f64::max);
    // Cosines, and features of norm 1, are small numbers.
    let digits = if longest < 100.0 { 5 } else { 2 };
    let lines = distances.iter().enumerate().map(|(class, distance)| {
        let Some(distance) = distance else {
            return format!("distance to {class:>3}            no images\n");
        };
        // Where every distance is zero there are no bars.
        let share = if longest > 0.0 {
            distance / longest
        } else {
            0.0
        };
        let bar = "█".repeat((share * most).round() as usize);
        let mark = if usize::from(nearest) == class {
            " nearest"
        } else {
            ""
        };
        format!("distance to {class:>3}  {distance:>9.digits$}  {bar}{mark}\n")
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_the_terminal() {
        let distances = [Some(0.0), None, Some(1234.5), Some(2000.0)];
        for (width, longest) in [(80, 76), (200, 76), (60, 60), (9, 40)] {
            let text = text(&distances, 3, width);
            let lines = text.lines().map(|line| line.chars().count());
            assert_eq!(lines.max(), Some(longest), "{width}");
        }
    }
}
