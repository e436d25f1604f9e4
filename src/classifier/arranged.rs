//! Numbers of classes in another order of classes.

use crate::error::{Error, Result};

/// `len` numbers for each class: those of class `from[c]` of `numbers`, or zeros.
///
/// # Errors
/// When there is no such class.
pub fn arranged(numbers: &[u64], len: usize, from: &[Option<usize>]) -> Result<Vec<u64>> {
    let mut arranged = vec![0; from.len() * len];
    for (to, from) in arranged.chunks_exact_mut(len).zip(from) {
        if let Some(class) = from {
            let of_class = numbers.chunks_exact(len).nth(*class);
            to.copy_from_slice(of_class.ok_or_else(|| {
                Error::Invalid(format!("class {class} of {}", numbers.len() / len))
            })?);
        }
    }
    Ok(arranged)
}
