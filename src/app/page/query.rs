//! The query of an address.

use super::reply::Refusal;

/// The numbers with these names, each of them once; anything else is refused.
pub(super) fn numbers<const N: usize>(
    query: Option<&str>,
    names: [&str; N],
) -> Result<[usize; N], Refusal> {
    let mut found = [None; N];
    let parts = query.unwrap_or_default().split('&');
    for part in parts.filter(|part| !part.is_empty()) {
        let (name, text) = part.split_once('=').unwrap_or((part, ""));
        let place = names.iter().position(|known| *known == name);
        let place = place.ok_or_else(|| Refusal::bad(format!("{name} is not asked for here")))?;
        let number = number(text)
            .ok_or_else(|| Refusal::bad(format!("{name} must be a whole number, in digits")))?;
        if found[place].replace(number).is_some() {
            return Err(Refusal::bad(format!("{name} is given twice")));
        }
    }
    let mut numbers = [0; N];
    for ((number, found), name) in numbers.iter_mut().zip(found).zip(names) {
        *number = found.ok_or_else(|| Refusal::bad(format!("{name} is missing")))?;
    }
    Ok(numbers)
}

/// Digits only: `str::parse` would accept a sign too.
fn number(text: &str) -> Option<usize> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_is_given_once() {
        let read = |query| numbers(query, ["a", "b"]).ok();
        assert_eq!(read(Some("a=1&b=20")), Some([1, 20]));
        assert_eq!(read(Some("b=20&a=1")), Some([1, 20]));
        let bad = [
            "",
            "a=1",
            "a=1&b",
            "a=1&b=",
            "a=1&b=+2",
            "a=1&b=-2",
            "a=1&b=2.0",
            "a=1&b=%32",
            "a=1&b=0x2",
            "a=1&b=2&a=1",
            "a=1&b=2&c=3",
            "a=1&B=2",
            "a=1&b=99999999999999999999999",
            "a=1;b=2",
        ];
        for query in bad {
            assert_eq!(read(Some(query)), None, "{query}");
        }
        assert_eq!(read(None), None);
        assert!(numbers(None, []).is_ok() && numbers(Some("x"), []).is_err());
    }
}
