//! What the means are made of, in every command that lets one choose.

/// Images that the means are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum TrainOn {
    #[default]
    Train,
    #[value(name = "train+test")]
    TrainAndTest,
}

impl TrainOn {
    /// What a model made of them is called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::TrainAndTest => "train+test",
        }
    }
}
