//! Distances as bars.

/// Characters of the longest bar.
const LONGEST: f64 = 40.0;

/// A line for each class: its distance, in figures and as a bar from zero, the
/// nearest marked; `None` is a class without images.
pub(super) fn text(distances: &[Option<f64>], nearest: u16) -> String {
    let longest = distances.iter().flatten().copied().fold(0.0, f64::max);
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
        let bar = "█".repeat((share * LONGEST).round() as usize);
        let mark = match usize::from(nearest) == class {
            true => " nearest",
            false => "",
        };
        format!("distance to {class:>3}  {distance:>9.2}  {bar}{mark}\n")
    });
    lines.collect()
}
