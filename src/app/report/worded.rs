//! Texts about images, which call samples that are none so.

use crate::data::Shape;

/// Stands within a word that is a name and stays as it is; it has no width, and is gone
/// before anybody sees the text.
pub(super) const KEPT: char = '\u{2060}';

/// A name, a path or a command of the user's, in which no word is exchanged by [`worded`].
pub(super) fn kept(name: &str) -> String {
    let mut kept = name.to_owned();
    for word in ["image", "Image"] {
        let (first, rest) = word.split_at(1);
        kept = kept.replace(word, &format!("{first}{KEPT}{rest}"));
    }
    kept
}

/// A text about images, or the same about samples that are none.
pub fn worded(text: String, shape: Shape) -> String {
    if shape.image_size().is_some() {
        return text;
    }
    // Escape codes of styles end with the letter m.
    let mut pieces = text.split('\u{1b}');
    let mut worded = words_of_samples(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (code, rest) = piece.split_once('m').unwrap_or((piece, ""));
        worded += &format!("\u{1b}{code}m{}", words_of_samples(rest));
    }
    worded
}

fn words_of_samples(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut previous = "";
    for piece in text.split_inclusive(|letter: char| !letter.is_alphanumeric()) {
        let word = piece.trim_end_matches(|letter: char| !letter.is_alphanumeric());
        let sample = match word {
            "image" => "sample",
            "images" => "samples",
            "Image" => "Sample",
            "Images" => "Samples",
            _ => word,
        };
        // The article of a vowel loses its last letter.
        if word == "image" && matches!(previous, "an " | "An ") {
            words.truncate(words.len() - "n ".len());
            words.push(' ');
        }
        words += sample;
        words += &piece[word.len()..];
        previous = piece;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_called_images_where_they_are_some() {
        let text = "\u{1b}[1mImage 3\u{1b}[0m: an image of images; imagenet, an image-free";
        let of = |shape| worded(text.to_owned(), shape);
        let (rows, columns) = (2, 2);
        assert_eq!(of(Shape::Image { rows, columns }), text);
        assert_eq!(
            of(Shape::Vector { dim: 4 }),
            "\u{1b}[1mSample 3\u{1b}[0m: a sample of samples; imagenet, a sample-free"
        );
        let of_user = "images, /data/images/image.npz, Image";
        let text = worded(
            format!("an image of {}", kept(of_user)),
            Shape::Vector { dim: 4 },
        );
        assert_eq!(text.replace(KEPT, ""), format!("a sample of {of_user}"));
    }
}
