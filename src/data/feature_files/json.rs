//! The JSON that a header of safetensors is: objects, texts, lists of whole
//! numbers. A key that occurs twice is refused, which parsers for all JSON pass over.

use std::collections::HashSet;

/// How deep objects and lists may be in each other.
const DEEPEST: usize = 8;

/// The most entries of a list, which is a shape or two offsets.
const LONGEST: usize = 64;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Json {
    Text(String),
    Number(u64),
    List(Vec<Json>),
    /// Values by their keys, in the order of the text.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads a text that is one value and nothing else; an error says what is wrong.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader { text, place: 0 };
        let value = reader.value(DEEPEST)?;
        reader.skip_spaces();
        match reader.peek() {
            None => Ok(value),
            Some(_) => Err(reader.wrong("more after the end")),
        }
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(entries) => entries
                .iter()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// The numbers of a list of numbers.
    pub(super) fn numbers(&self) -> Option<Vec<u64>> {
        let number = |value: &Self| match value {
            Self::Number(number) => Some(*number),
            _ => None,
        };
        match self {
            Self::List(values) => values.iter().map(number).collect(),
            _ => None,
        }
    }
}

/// A text that is read up to a place.
struct Reader<'a> {
    text: &'a str,
    place: usize,
}

impl Reader<'_> {
    fn wrong(&self, what: &str) -> String {
        format!("{what} at byte {}", self.place)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.place).copied()
    }

    fn skip_spaces(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.place += 1;
        }
    }

    /// Passes over a character that must follow.
    fn expect(&mut self, byte: u8) -> Result<(), String> {
        self.skip_spaces();
        match self.peek() == Some(byte) {
            true => {
                self.place += 1;
                Ok(())
            }
            false => Err(self.wrong(&format!("no {}", char::from(byte)))),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Json, String> {
        let inner = depth.checked_sub(1).ok_or_else(|| self.wrong("too deep"))?;
        self.skip_spaces();
        match self.peek() {
            Some(b'"') => Ok(Json::Text(self.string()?)),
            Some(b'0'..=b'9') => Ok(Json::Number(self.number()?)),
            Some(b'[') => self.list(inner),
            Some(b'{') => self.object(inner),
            _ => Err(self.wrong("neither a text, a whole number, a list nor an object")),
        }
    }

    fn number(&mut self) -> Result<u64, String> {
        let digits = self.text[self.place..].bytes();
        let length = digits.take_while(u8::is_ascii_digit).count();
        let digits = &self.text[self.place..][..length];
        let number = digits
            .parse()
            .map_err(|_| self.wrong("too large a number"))?;
        if length > 1 && digits.starts_with('0') {
            return Err(self.wrong("a number that begins with 0"));
        }
        self.place += length;
        match self.peek() {
            Some(b'.' | b'e' | b'E') => Err(self.wrong("a number that is not whole")),
            _ => Ok(number),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json, String> {
        let mut values = Vec::new();
        self.each(b'[', b']', |reader| {
            if values.len() == LONGEST {
                return Err(reader.wrong("too long a list"));
            }
            values.push(reader.value(depth)?);
            Ok(())
        })?;
        Ok(Json::List(values))
    }

    fn object(&mut self, depth: usize) -> Result<Json, String> {
        let mut entries: Vec<(String, Json)> = Vec::new();
        self.each(b'{', b'}', |reader| {
            reader.skip_spaces();
            let key = reader.string()?;
            reader.expect(b':')?;
            entries.push((key, reader.value(depth)?));
            Ok(())
        })?;
        let mut seen = HashSet::new();
        if let Some((twice, _)) = entries.iter().find(|(key, _)| !seen.insert(key.as_str())) {
            return Err(format!("{twice:?} twice"));
        }
        Ok(Json::Object(entries))
    }

    /// Calls `next` for each entry between two brackets.
    fn each(
        &mut self,
        open: u8,
        close: u8,
        mut next: impl FnMut(&mut Self) -> Result<(), String>,
    ) -> Result<(), String> {
        self.expect(open)?;
        self.skip_spaces();
        if self.peek() == Some(close) {
            self.place += 1;
            return Ok(());
        }
        loop {
            next(self)?;
            self.skip_spaces();
            match self.peek() {
                Some(b',') => self.place += 1,
                _ => return self.expect(close),
            }
        }
    }

    fn string(&mut self) -> Result<String, String> {
        self.expect(b'"')?;
        let mut text = String::new();
        loop {
            let rest = &self.text[self.place..];
            let letter = rest.chars().next().ok_or_else(|| self.wrong("no end"))?;
            self.place += letter.len_utf8();
            match letter {
                '"' => return Ok(text),
                '\\' => text.push(self.escaped()?),
                '\0'..='\x1f' => return Err(self.wrong("a control character")),
                _ => text.push(letter),
            }
        }
    }

    /// The character that follows a backslash.
    fn escaped(&mut self) -> Result<char, String> {
        let letter = self.peek().ok_or_else(|| self.wrong("no end"))?;
        let plain = match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\x08',
            b'f' => '\x0c',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.place += 1;
                return self.unicode();
            }
            _ => return Err(self.wrong("an unknown escape")),
        };
        self.place += 1;
        Ok(plain)
    }

    /// A character of four hexadecimal digits, or of twice four.
    fn unicode(&mut self) -> Result<char, String> {
        let first = self.four_digits()?;
        let mut units = vec![first];
        if (0xd800..0xdc00).contains(&first) && self.text[self.place..].starts_with("\\u") {
            self.place += 2;
            units.push(self.four_digits()?);
        }
        let mut letters = char::decode_utf16(units);
        match (letters.next(), letters.next()) {
            (Some(Ok(letter)), None) => Ok(letter),
            _ => Err(self.wrong("half a character")),
        }
    }

    fn four_digits(&mut self) -> Result<u16, String> {
        let digits = self.text.get(self.place..self.place + 4);
        let is_digits = |digits: &&str| digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let digits = digits
            .filter(is_digits)
            .ok_or_else(|| self.wrong("no four digits"))?;
        let unit = u16::from_str_radix(digits, 16).map_err(|_| self.wrong("no four digits"))?;
        self.place += 4;
        Ok(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_as_they_are_written() {
        let text = r#" {"a\u00e9\ud83d\ude00\n" : {"dtype":"F32","shape":[2, 3],"data_offsets":[0,24]}, "é":[] }  "#;
        let json = Json::parse(text).expect("valid");
        let entry = json.get("aé😀\n").expect("an entry");
        assert_eq!(entry.get("dtype"), Some(&Json::Text("F32".into())));
        let shape = entry.get("shape").and_then(Json::numbers);
        assert_eq!(shape, Some(vec![2, 3]));
        assert_eq!(json.get("é").and_then(Json::numbers), Some(vec![]));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, wrong) in [
            ("", "neither"),
            ("{}{}", "more after the end at byte 2"),
            (r#"{"a":1,"a":1}"#, "\"a\" twice"),
            (r#"{"a":1,"\u0061":2}"#, "\"a\" twice"),
            (r#"{"a":1,}"#, "no \" at byte 7"),
            (r#"{"a" 1}"#, "no : at byte 5"),
            (r#"{"a":-1}"#, "neither"),
            (r#"{"a":1.5}"#, "not whole"),
            (r#"{"a":007}"#, "begins with 0"),
            (r#"{"a":18446744073709551616}"#, "too large"),
            (r#"{"a":true}"#, "neither"),
            (r#"{"a"#, "no end"),
            (r#""\ud800""#, "half a character"),
            (r#""\u00g0""#, "no four digits"),
            (r#""\u+123""#, "no four digits"),
            (r#""\u00"#, "no four digits"),
            (r#""\x""#, "unknown escape"),
            ("\"\n\"", "control character"),
            ("[[[[[[[[[", "too deep"),
        ] {
            let error = Json::parse(text).expect_err(text);
            assert!(error.contains(wrong), "{text}: {error}");
        }
        let long = format!("[{}1]", "1,".repeat(LONGEST));
        assert!(Json::parse(&long).is_err_and(|error| error.contains("too long")));
    }

    /// Every beginning of a valid text, and every text with a byte changed.
    #[test]
    fn never_panics() {
        let text = r#"{"a\u00e9\ud83d\ude00é":{"dtype":"F32","shape":[2,3]},"b":{}}"#;
        for end in (0..text.len()).filter(|&end| text.is_char_boundary(end)) {
            assert!(Json::parse(&text[..end]).is_err(), "{end}");
        }
        for place in 0..text.len() {
            for byte in 0..=127 {
                let mut bytes = text.as_bytes().to_vec();
                bytes[place] = byte;
                let _ = std::str::from_utf8(&bytes).map(Json::parse);
            }
        }
    }
}
