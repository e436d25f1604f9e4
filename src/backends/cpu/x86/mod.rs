//! Stages written for the vectors of x86 processors, where the compiler does not find
//! the instructions itself. Each computes what its portable twin beside this folder
//! does, equal in every bit.

pub(super) mod distances;
pub(super) mod pair_products;
