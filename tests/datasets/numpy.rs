//! As much of NumPy as advice needs: what a user gets who types it.

use std::collections::BTreeMap;

/// An array; `as_stored` rounds as its type does.
#[derive(Clone, Debug)]
pub struct Array {
    pub shape: Vec<usize>,
    pub values: Vec<f64>,
    pub descr: &'static str,
}

impl Array {
    pub fn new(descr: &'static str, shape: &[usize], values: Vec<f64>) -> Self {
        let values = values
            .into_iter()
            .map(|value| rounded(value, descr))
            .collect();
        Self {
            shape: shape.to_vec(),
            values,
            descr,
        }
    }

    fn of(values: Vec<f64>, like: &Self, descr: &'static str) -> Self {
        Self::new(descr, &like.shape, values)
    }

    /// The bytes of an array file.
    pub fn npy(&self) -> Vec<u8> {
        let sizes: String = self.shape.iter().map(|size| format!("{size},")).collect();
        let bytes = |&value: &f64| match self.descr {
            "|u1" => vec![value as u8],
            "|i1" => vec![value as i8 as u8],
            "<u2" => (value as u16).to_le_bytes().into(),
            "<i8" => (value as i64).to_le_bytes().into(),
            "<f4" => (value as f32).to_le_bytes().into(),
            _ => value.to_le_bytes().into(),
        };
        let body: Vec<u8> = self.values.iter().flat_map(bytes).collect();
        super::npz::npy(self.descr, &format!("({sizes})"), false, &body)
    }
}

/// A value as a type holds it; casts of whole numbers wrap, as NumPy's do.
fn rounded(value: f64, descr: &str) -> f64 {
    match descr {
        "|u1" => f64::from(value as i64 as u8),
        "|i1" => f64::from(value as i64 as i8),
        "<u2" => f64::from(value as i64 as u16),
        "<i8" => value.trunc(),
        "<f4" => f64::from(value as f32),
        _ => value,
    }
}

/// Evaluates an expression.
pub fn evaluate(text: &str, arrays: &BTreeMap<&str, Array>) -> Result<Array, String> {
    let mut parser = Parser { rest: text, arrays };
    let value = parser.sum()?;
    match (value, parser.rest.trim()) {
        (Value::Array(array), "") => Ok(array),
        (_, rest) => Err(format!("{rest:?} is left of {text:?}")),
    }
}

enum Value {
    Number(f64),
    Array(Array),
}

struct Parser<'a> {
    rest: &'a str,
    arrays: &'a BTreeMap<&'a str, Array>,
}

impl<'a> Parser<'a> {
    fn takes(&mut self, token: &str) -> bool {
        let rest = self.rest.trim_start();
        match rest.strip_prefix(token) {
            Some(after) => {
                self.rest = after;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        match self.takes(token) {
            true => Ok(()),
            false => Err(format!("no {token:?} before {:?}", self.rest)),
        }
    }

    fn sum(&mut self) -> Result<Value, String> {
        let mut value = self.product()?;
        loop {
            let sign = match () {
                () if self.takes("+ ") => 1.0,
                () if self.takes("- ") => -1.0,
                () => return Ok(value),
            };
            let other = self.product()?;
            value = apply(value, other, |a, b| a + sign * b, None)?;
        }
    }

    fn product(&mut self) -> Result<Value, String> {
        let mut value = self.factor()?;
        loop {
            if self.takes("// ") {
                value = apply(value, self.factor()?, |a, b| (a / b).floor(), None)?;
            } else if self.takes("/ ") {
                value = apply(value, self.factor()?, |a, b| a / b, Some("<f8"))?;
            } else if self.takes("* ") {
                value = apply(value, self.factor()?, |a, b| a * b, None)?;
            } else {
                return Ok(value);
            }
        }
    }

    fn array(&mut self) -> Result<Array, String> {
        match self.sum()? {
            Value::Array(array) => Ok(array),
            Value::Number(number) => Err(format!("{number} is no array")),
        }
    }

    fn factor(&mut self) -> Result<Value, String> {
        let mut value = if self.takes("numpy.rint(") {
            let array = self.array()?;
            self.expect(")")?;
            let values = array
                .values
                .iter()
                .map(|value| value.round_ties_even())
                .collect();
            Value::Array(Array::of(values, &array, array.descr))
        } else if self.takes("numpy.searchsorted(numpy.unique(numpy.concatenate([") {
            let first = self.array()?;
            self.expect(",")?;
            let second = self.array()?;
            self.expect("])),")?;
            let sought = self.array()?;
            self.expect(")")?;
            let mut all = [first.values, second.values].concat();
            all.sort_by(f64::total_cmp);
            all.dedup();
            let place = |value: &f64| all.partition_point(|other| other < value) as f64;
            let places = sought.values.iter().map(place).collect();
            Value::Array(Array::of(places, &sought, "<i8"))
        } else if self.takes("(") {
            let value = self.sum()?;
            self.expect(")")?;
            value
        } else {
            self.name_or_number()?
        };
        loop {
            if self.takes(".astype(numpy.") {
                value = self.cast(value)?;
            } else if self.takes(".view(numpy.uint8)") {
                value = map(value, |value| f64::from(value as i8 as u8), "|u1")?;
            } else if self.takes(".reshape(") {
                value = self.reshape(value)?;
            } else {
                return Ok(value);
            }
        }
    }

    fn cast(&mut self, value: Value) -> Result<Value, String> {
        for (name, descr) in [("uint8)", "|u1"), ("int64)", "<i8")] {
            if self.takes(name) {
                return map(value, |value| value, descr);
            }
        }
        Err(format!("no type before {:?}", self.rest))
    }

    fn reshape(&mut self, value: Value) -> Result<Value, String> {
        let Value::Array(mut array) = value else {
            return Err("a number has no shape".into());
        };
        let (inside, after) = self.rest.split_once(')').ok_or("no )")?;
        let (inside, after) = match inside.starts_with("len(") {
            true => {
                let (sizes, after) = after.split_once(')').ok_or("no )")?;
                (format!("{}{sizes}", array.shape[0]), after)
            }
            false => (inside.to_owned(), after),
        };
        self.rest = after;
        let sizes: Vec<i64> = inside
            .split(", ")
            .map(|size| size.parse().map_err(|_| format!("{size:?} is no size")))
            .collect::<Result<_, String>>()?;
        let known: i64 = sizes.iter().filter(|&&size| size > 0).product();
        let size = |&size: &i64| match size {
            -1 => array.values.len() / known as usize,
            size => size as usize,
        };
        let shape: Vec<usize> = sizes.iter().map(size).collect();
        if shape.iter().product::<usize>() != array.values.len() {
            return Err(format!("cannot reshape {:?} to {shape:?}", array.shape));
        }
        array.shape = shape;
        Ok(Value::Array(array))
    }

    fn name_or_number(&mut self) -> Result<Value, String> {
        let rest = self.rest.trim_start();
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && !"_.".contains(letter));
        let word = &rest[..end.unwrap_or(rest.len())];
        if let Ok(number) = word.parse() {
            self.rest = &rest[word.len()..];
            return Ok(Value::Number(number));
        }
        let name = word.split('.').next().unwrap_or(word);
        self.rest = &rest[name.len()..];
        let array = self
            .arrays
            .get(name)
            .ok_or_else(|| format!("no array {name:?}"))?;
        Ok(Value::Array(array.clone()))
    }
}

fn map(value: Value, of: impl Fn(f64) -> f64, descr: &'static str) -> Result<Value, String> {
    match value {
        Value::Array(array) => {
            let values = array.values.iter().map(|&value| of(value)).collect();
            Ok(Value::Array(Array::of(values, &array, descr)))
        }
        Value::Number(number) => Err(format!("{number} is no array")),
    }
}

/// An array and a number; the array's type stays where it can.
fn apply(
    left: Value,
    right: Value,
    of: impl Fn(f64, f64) -> f64,
    of_whole: Option<&'static str>,
) -> Result<Value, String> {
    match (left, right) {
        (Value::Array(array), Value::Number(number)) => {
            let is_float = array.descr.starts_with("<f");
            let descr = of_whole.filter(|_| !is_float).unwrap_or(array.descr);
            map(Value::Array(array), |value| of(value, number), descr)
        }
        _ => Err("only an array and a number, in this order".into()),
    }
}
