//! Signs beyond ASCII, where the locale has them.

use std::borrow::Cow;
use std::env;

use super::text::KEPT;

/// What says which characters a terminal shows; the first that is set decides.
const LOCALE: [&str; 3] = ["LC_ALL", "LC_CTYPE", "LANG"];

/// Whether the locale has more than ASCII: it is UTF-8, or none is set.
pub(super) fn has_unicode() -> bool {
    let set = LOCALE.iter().filter_map(env::var_os);
    let decides = set.into_iter().find(|locale| !locale.is_empty());
    decides.is_none_or(|locale| is_utf8(&locale.to_string_lossy()))
}

fn is_utf8(locale: &str) -> bool {
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

/// Text as the locale has it.
pub(super) fn for_locale(text: &str) -> Cow<'_, str> {
    let text: Cow<'_, str> = match text.contains(KEPT) {
        true => text.replace(KEPT, "").into(),
        false => text.into(),
    };
    if text.is_ascii() || has_unicode() {
        return text;
    }
    ascii(&text).into()
}

/// The program's own signs in ASCII, one character for one, so that columns stay
/// below each other. Other characters, as in names of files, stay what they are.
fn ascii(text: &str) -> String {
    let sign = |sign| match sign {
        '·' => '.',
        '–' | '−' | '─' => '-',
        '●' => 'o',
        '±' => '~',
        '×' => 'x',
        '→' => '>',
        '█' => '#',
        '’' => '\'',
        '…' => '.',
        other => other,
    };
    text.chars().map(sign).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales_name_their_characters() {
        for locale in ["en_US.UTF-8", "C.utf8", "UTF-8", "de_DE.UTF-8@euro"] {
            assert!(is_utf8(locale), "{locale}");
        }
        for locale in ["C", "POSIX", "en_US", "de_DE.ISO-8859-15@euro"] {
            assert!(!is_utf8(locale), "{locale}");
        }
    }

    #[test]
    fn signs_keep_their_width() {
        assert_eq!(ascii("7 → 9, 28 × 28, 1–2 · █"), "7 > 9, 28 x 28, 1-2 . #");
        assert_eq!(ascii("données"), "données");
    }
}
