//! Whether ink is like that of several digits.

use super::parts::Parts;

impl Parts {
    /// Whether the chosen parts are like several digits.
    pub(super) fn are_several(&self, chosen: &[bool]) -> bool {
        let boxes = || {
            let parts = self.those(chosen);
            parts.map(|part| [part.top, part.bottom, part.left, part.right])
        };
        let [high, wide] = self.size(chosen);
        let beside = boxes().map(|[top, bottom, left, right]| [left, right, top, bottom]);
        wide * 3 > high * 5 || alike(beside.collect()) > 1 || alike(boxes().collect()) > 1
    }
}

/// How many groups are apart along one axis and about as large as each other
/// across it. Boxes are where they begin and end along it, then across it.
fn alike(mut boxes: Vec<[usize; 4]>) -> usize {
    let across = boxes.iter().map(|[.., first, last]| last - first);
    let across = across.max().unwrap_or(0);
    boxes.sort_unstable();
    let mut groups: Vec<[usize; 4]> = Vec::new();
    for [begin, end, first, last] in boxes {
        match groups.last_mut() {
            // Strokes of one digit may have a little between them.
            Some(group) if begin <= group[1] + across / 16 => {
                *group = [
                    group[0],
                    group[1].max(end),
                    group[2].min(first),
                    group[3].max(last),
                ];
            }
            _ => groups.push([begin, end, first, last]),
        }
    }
    let longest = groups
        .iter()
        .map(|[begin, end, ..]| end - begin)
        .max()
        .unwrap_or(0);
    let is_alike = |&&[begin, end, first, last]: &&[usize; 4]| {
        (end - begin) * 8 >= longest && (last - first) * 2 >= across
    };
    groups.iter().filter(is_alike).count()
}
