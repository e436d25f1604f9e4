//! Tables of text.

use std::fmt::Write;

use super::text::printable;
use super::wrap::COLUMNS;

/// Rows of cells; of a table with heads they are the first row.
pub(super) struct Table(Vec<Vec<String>>);

impl Table {
    pub(super) fn new<const N: usize>(
        heads: [&str; N],
        rows: impl IntoIterator<Item = [String; N]>,
    ) -> Self {
        let heads = heads.map(str::to_owned);
        let rows = [heads].into_iter().chain(rows);
        Self(rows.map(Vec::from).collect())
    }

    /// As many columns as there turn out to be, and no heads.
    pub(super) fn of_rows(rows: impl IntoIterator<Item = Vec<String>>) -> Self {
        Self(rows.into_iter().collect())
    }

    /// The heads, and the rows below them.
    pub(super) fn split_heads(&self) -> (&[String], &[Vec<String>]) {
        let (heads, rows) = self.0.split_first().unzip();
        (
            heads.map(Vec::as_slice).unwrap_or_default(),
            rows.unwrap_or_default(),
        )
    }

    /// Columns set flush right, the first flush left, two blanks between.
    pub(super) fn text(&self) -> String {
        let mut widths: Vec<usize> = Vec::new();
        let mut rows = Vec::with_capacity(self.0.len());
        for row in &self.0 {
            let row: Vec<String> = row.iter().map(|cell| printable(cell)).collect();
            widths.resize(widths.len().max(row.len()), 0);
            for (width, cell) in widths.iter_mut().zip(&row) {
                *width = cell.chars().count().max(*width);
            }
            rows.push(row);
        }
        let mut text = String::new();
        for row in rows {
            for (column, (cell, &width)) in row.iter().zip(&widths).enumerate() {
                let _ = match column {
                    0 => write!(text, "  {cell:<width$}"),
                    _ => write!(text, "  {cell:>width$}"),
                };
            }
            text.push('\n');
        }
        text
    }

    /// Whether the lines of its text fit most terminals.
    pub(super) fn fits(&self) -> bool {
        self.text()
            .lines()
            .all(|line| line.chars().count() <= COLUMNS)
    }

    /// For a document.
    pub(super) fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let (heads, rows) = self.split_heads();
        let mut text = line(heads) + &line(&vec!["---".to_owned(); heads.len()]);
        rows.iter().for_each(|row| text += &line(row));
        text
    }
}
