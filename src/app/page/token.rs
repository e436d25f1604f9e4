//! The key that the page shows.

use std::fmt;
use std::hint::black_box;

use crate::data::hexadecimal::hexadecimal;

/// 128 random bits, as 32 hexadecimal digits.
pub(super) struct Token(String);

impl Token {
    /// Another one at every call.
    pub(super) fn new() -> Result<Self, getrandom::Error> {
        let mut bits = [0; 16];
        getrandom::fill(&mut bits)?;
        Ok(Self(hexadecimal(&bits)))
    }

    /// Whether this key was given, compared in constant time.
    pub(super) fn is(&self, given: &[u8]) -> bool {
        let pairs = self.0.bytes().zip(given);
        let different = pairs.fold(0, |different, (own, given)| {
            black_box(different | (own ^ given))
        });
        given.len() == self.0.len() && different == 0
    }
}

impl fmt::Display for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_counts() {
        let token = Token("00112233445566778899aabbccddeeff".into());
        let right = token.to_string();
        assert!(token.is(right.as_bytes()));
        for place in 0..right.len() {
            let mut wrong = right.clone().into_bytes();
            wrong[place] ^= 1;
            assert!(!token.is(&wrong), "{place}");
            assert!(!token.is(&right.as_bytes()[..place]), "{place}");
        }
        assert!(!token.is(format!("{right}0").as_bytes()));
    }
}
