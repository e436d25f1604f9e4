//! Which shades of grey a terminal has.

use std::env;

use anstream::ColorChoice;

use super::signs;
use crate::app::stdout;

/// What a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shades {
    /// Any grey.
    True,
    /// The 26 greys of a palette of 256 colours.
    Palette,
    /// The 4 greys of a palette of 16 colours.
    Sixteen,
    /// Characters that are denser the lighter they stand for.
    Characters,
}

/// What the user wants to see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// What the terminal has.
    #[default]
    Auto,
    /// Characters.
    Never,
    /// These, also where standard output is no terminal.
    Always(Shades),
}

impl Colour {
    /// All that can be wanted.
    pub const ALL: [Self; 5] = [
        Self::Auto,
        Self::Never,
        Self::Always(Shades::Sixteen),
        Self::Always(Shades::Palette),
        Self::Always(Shades::True),
    ];

    /// The shades to draw in; from here on standard output takes style codes
    /// where they are wanted.
    pub fn shades(self) -> Shades {
        let shades = match self {
            Self::Auto => of_standard_output(),
            Self::Never => {
                ColorChoice::Never.write_global();
                Shades::Characters
            }
            Self::Always(shades) => {
                ColorChoice::Always.write_global();
                shades
            }
        };
        // Shades are half blocks, which only Unicode has.
        if signs::has_unicode() {
            shades
        } else {
            Shades::Characters
        }
    }
}

/// Characters where standard output is no terminal, has no colours, or `NO_COLOR` is
/// set.
fn of_standard_output() -> Shades {
    let variable = |name: &str| env::var(name).unwrap_or_default();
    match stdout::colours() {
        ColorChoice::Never => Shades::Characters,
        // Windows' terminals have true colour and no name.
        _ if cfg!(windows) && env::var_os("TERM").is_none() => Shades::True,
        _ => of_terminal(&variable("TERM"), &variable("COLORTERM")),
    }
}

/// Terminals that have true colour in every version.
const TRUE: [&str; 7] = [
    "alacritty",
    "contour",
    "foot",
    "ghostty",
    "kitty",
    "rio",
    "wezterm",
];

/// Families of terminals that have it where `COLORTERM` says so.
const MAY_BE_TRUE: [&str; 10] = [
    "gnome", "iterm", "iterm2", "konsole", "mintty", "mlterm", "st", "tmux", "vte", "xterm",
];

/// Ends of the names of those whose palette is smaller.
const FEW: [&str; 5] = ["16color", "88color", "8color", "color", "mono"];

/// What a terminal of this name can show. `COLORTERM` alone says little: it is
/// handed on to terminals inside terminals and to machines reached by ssh.
fn of_terminal(name: &str, colorterm: &str) -> Shades {
    let mut parts = name.split('-');
    let family = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    let is_any_of = |known: &[&str]| rest.iter().any(|part| known.contains(part));
    let claims = ["truecolor", "24bit"].contains(&colorterm);
    let is_true = TRUE.contains(&family)
        || is_any_of(&TRUE)
        || is_any_of(&["direct"])
        || claims && MAY_BE_TRUE.contains(&family) && !is_any_of(&FEW);
    if is_true {
        Shades::True
    } else if is_any_of(&["256color"]) {
        Shades::Palette
    } else {
        Shades::Characters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_get_what_they_have() {
        for (name, colorterm, shades) in [
            ("xterm-256color", "truecolor", Shades::True),
            ("xterm", "24bit", Shades::True),
            ("tmux-256color", "truecolor", Shades::True),
            ("xterm-kitty", "", Shades::True),
            ("xterm-direct", "", Shades::True),
            ("foot", "", Shades::True),
            ("xterm-256color", "", Shades::Palette),
            ("xterm-256color", "yes", Shades::Palette),
            ("screen-256color", "truecolor", Shades::Palette),
            ("putty-256color", "truecolor", Shades::Palette),
            ("rxvt-unicode-256color", "", Shades::Palette),
            ("xterm", "", Shades::Characters),
            ("xterm-16color", "truecolor", Shades::Characters),
            ("screen", "truecolor", Shades::Characters),
            ("linux", "truecolor", Shades::Characters),
            ("vt100", "truecolor", Shades::Characters),
            ("vt220", "24bit", Shades::Characters),
            ("ansi", "truecolor", Shades::Characters),
            ("cons25", "truecolor", Shades::Characters),
            ("", "truecolor", Shades::Characters),
        ] {
            assert_eq!(of_terminal(name, colorterm), shades, "{name} {colorterm}");
        }
    }
}
