//! What is timed.

/// A stage of an evaluation, or what comes before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading the dataset's files, or drawing its images.
    Load,
    /// Opening the device.
    Device,
    /// Images into the device's memory.
    Upload,
    /// Sums of the training images.
    ClassSums,
    /// Distances of the test images.
    Distances,
    /// Nearest means of the test images.
    Nearest,
    /// What a device's answer costs beside its kernels.
    Readback,
    /// Class means and labels, upload included.
    Evaluate,
    /// Class means and labels of images that are in the backend's memory.
    EvaluateResident,
    /// Sums of many draws of the training images with replacement.
    Resample,
    /// One repetition of a learning curve.
    Curve,
}

impl Stage {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Device => "device",
            Self::Upload => "upload",
            Self::ClassSums => "class_sums",
            Self::Distances => "distances",
            Self::Nearest => "nearest",
            Self::Readback => "readback",
            Self::Evaluate | Self::EvaluateResident => "evaluate",
            Self::Resample => "resample",
            Self::Curve => "curve",
        }
    }

    /// Whether a device's timings of this kernel are of this stage.
    pub(super) fn is_kernel(self, kernel: &str) -> bool {
        match self {
            Self::Nearest => ["nearest", "float_nearest"].contains(&kernel),
            _ => kernel == self.name(),
        }
    }

    /// Whether the images are in the backend's memory before it begins.
    pub fn is_resident(self) -> bool {
        match self {
            Self::Load | Self::Device | Self::Upload | Self::Evaluate => false,
            Self::ClassSums
            | Self::Distances
            | Self::Nearest
            | Self::Readback
            | Self::EvaluateResident
            | Self::Resample
            | Self::Curve => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kernel_is_of_one_stage() {
        let stages = [Stage::ClassSums, Stage::Distances, Stage::Nearest];
        for kernel in ["class_sums", "distances", "nearest", "float_nearest"] {
            let of_kernel = |stage: &&Stage| stage.is_kernel(kernel);
            assert_eq!(stages.iter().filter(of_kernel).count(), 1, "{kernel}");
        }
    }
}
