//! `--orders FILE.npz`: the random orders of a learning curve, for other software.

use crate::data::npz::Writer;
use crate::error::{Error, Result};

/// The seeds and orders of all repetitions so far.
#[derive(Default)]
pub struct OrdersFile {
    seeds: Vec<u64>,
    /// Order after order.
    orders: Vec<u32>,
}

impl OrdersFile {
    /// Adds a repetition.
    pub fn add(&mut self, seed: u64, order: &[u32]) {
        self.seeds.push(seed);
        self.orders.extend_from_slice(order);
    }

    /// The archive: `seeds`, one for each repetition, and `orders`, with a row for each.
    ///
    /// # Errors
    /// When there are more orders than an archive holds.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        let repetitions = self.seeds.len();
        let images = self.orders.len() / repetitions.max(1);
        let seeds: Vec<u8> = self
            .seeds
            .iter()
            .flat_map(|seed| seed.to_le_bytes())
            .collect();
        let orders: Vec<u8> = self
            .orders
            .iter()
            .flat_map(|index| index.to_le_bytes())
            .collect();
        let write = || {
            let mut archive = Writer::new();
            archive.add("seeds", "<u8", &[repetitions], &seeds)?;
            archive.add("orders", "<u4", &[repetitions, images], &orders)?;
            archive.finish()
        };
        write().map_err(|error| Error::Invalid(format!("the orders as an archive: {error}")))
    }
}
