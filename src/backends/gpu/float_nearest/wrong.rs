//! Kernels wrong on purpose.
