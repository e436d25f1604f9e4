//! One piece of connected ink: its box, and how it lies in the picture.

/// Ink that is connected, diagonally as well.
pub(super) struct Part {
    pub(super) pixels: usize,
    pub(super) top: usize,
    pub(super) left: usize,
    /// Beyond the last row and column.
    pub(super) bottom: usize,
    pub(super) right: usize,
    /// How much of it is outermost in the picture: above, below, left and right.
    pub(super) contact: [usize; 4],
    /// How much of it is along the sides of its own box.
    pub(super) hugging: usize,
}

impl Part {
    /// One without pixels yet.
    pub(super) const NONE: Self = Self {
        pixels: 0,
        top: usize::MAX,
        left: usize::MAX,
        bottom: 0,
        right: 0,
        contact: [0; 4],
        hugging: 0,
    };

    pub(super) fn longest(&self) -> usize {
        (self.bottom - self.top).max(self.right - self.left)
    }

    /// How thick the line of a frame may be.
    pub(super) fn thin_side(&self) -> usize {
        ((self.bottom - self.top).min(self.right - self.left) / 20).max(1)
    }

    /// Pixels between the boxes of two parts.
    pub(super) fn gap(&self, other: &Self) -> usize {
        let apart = |end: usize, begin: usize| begin.saturating_sub(end);
        let down = apart(self.bottom, other.top).max(apart(other.bottom, self.top));
        let right = apart(self.right, other.left).max(apart(other.right, self.left));
        down.max(right)
    }

    /// Whether this is a rectangle of lines around another part.
    pub(super) fn is_frame_of(&self, other: &Self) -> bool {
        let surrounds = self.top < other.top
            && self.left < other.left
            && self.bottom > other.bottom
            && self.right > other.right;
        surrounds && self.hugging * 20 >= self.pixels * 17
    }

    /// Whether it lies along the edge of the picture: along nearly all of a side,
    /// or widely and without reaching the other side, as a digit does that was cropped.
    pub(super) fn is_of_edge(&self, rows: usize, columns: usize) -> bool {
        let [above, below, left, right] = self.contact;
        let (high, wide) = (self.bottom - self.top, self.right - self.left);
        let whole = |contact: usize, side: usize| contact * 5 >= side * 4;
        let is_side = whole(above.max(below), columns) && high * 2 < rows
            || whole(left.max(right), rows) && wide * 2 < columns;
        let is_frame = [above, below]
            .iter()
            .all(|&contact| whole(contact, columns))
            && [left, right].iter().all(|&contact| whole(contact, rows));
        let broad = |contact: usize, extent: usize| contact * 2 >= extent;
        let touches_opposite = above > 0 && below > 0 || left > 0 && right > 0;
        is_side
            || is_frame
            || !touches_opposite
                && (broad(above.max(below), wide) && above + below > 0
                    || broad(left.max(right), high) && left + right > 0)
    }
}
