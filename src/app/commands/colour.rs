//! The shades that pictures in a terminal are drawn in.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::app::report::colours::{Colour, Shades};

impl ValueEnum for Colour {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, meaning) = match self {
            Self::Auto => ("auto", "What the terminal has"),
            Self::Never | Self::Always(Shades::Characters) => {
                ("never", "Characters, no bold text either")
            }
            Self::Always(Shades::Sixteen) => ("16", "Four greys, where there are 16 colours"),
            Self::Always(Shades::Palette) => ("256", "26 greys, where there are 256 colours"),
            Self::Always(Shades::True) => ("truecolour", "Every grey"),
        };
        let value = PossibleValue::new(name).help(meaning);
        Some(match self {
            Self::Always(Shades::True) => value.alias("truecolor"),
            _ => value,
        })
    }
}

/// How to draw.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub(super) struct ColourArguments {
    /// Colours to draw with in a terminal
    #[arg(
        long,
        alias = "color",
        value_enum,
        default_value_t,
        value_name = "COLOURS"
    )]
    colour: Colour,
}

impl ColourArguments {
    /// The shades to draw in.
    pub(super) fn shades(self) -> Shades {
        self.colour.shades()
    }
}
