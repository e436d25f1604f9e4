//! Rust source text, as far as these tests read it: what is comment, what is
//! string, and which paths are named.

/// Source text without its comments and, unless they are to stay, without what
/// is in its strings. Every line stays on its line.
pub fn code(text: &str, strings: bool) -> String {
    let mut rest = text;
    let mut code = String::new();
    while let Some(first) = rest.chars().next() {
        let in_word = code.ends_with(|last: char| last.is_alphanumeric() || last == '_');
        let (length, stays) = if rest.starts_with("//") {
            (rest.find('\n').unwrap_or(rest.len()), false)
        } else if rest.starts_with("/*") {
            (through(rest, 2, "*/"), false)
        } else if let Some(hashes) = raw_hashes(rest).filter(|_| !in_word) {
            let end = format!("\"{}", "#".repeat(hashes));
            (through(rest, hashes + 2, &end), strings)
        } else if first == '"' {
            (quoted(rest, '"'), strings)
        } else if first == '\'' && is_character(rest) {
            (quoted(rest, '\''), strings)
        } else {
            (first.len_utf8(), true)
        };
        let (piece, later) = rest.split_at(length);
        match stays {
            true => code += piece,
            false => code.extend(piece.chars().filter(|&character| character == '\n')),
        }
        rest = later;
    }
    code
}

/// Bytes up to and with `end`, which begins after `from` bytes at the earliest.
fn through(text: &str, from: usize, end: &str) -> usize {
    text[from..]
        .find(end)
        .map_or(text.len(), |at| from + at + end.len())
}

/// How many `#` a raw string that begins here has.
fn raw_hashes(text: &str) -> Option<usize> {
    let marks = text.strip_prefix('r')?;
    let bare = marks.trim_start_matches('#');
    bare.starts_with('"').then(|| marks.len() - bare.len())
}

/// Bytes of something between quotes that has escapes.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == quote => return at + quote.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// Whether this quote begins a character rather than a lifetime.
fn is_character(text: &str) -> bool {
    let mut after = text.chars().skip(1);
    after.next() == Some('\\') || after.next() == Some('\'')
}

/// Words and signs, each with its line; `::` is one sign.
fn tokens(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (number, mut line) in (1..).zip(code.lines()) {
        while let Some(first) = line.chars().next() {
            let length = match first {
                ':' if line.starts_with("::") => 2,
                _ if is_of_word(first) => line.find(|next| !is_of_word(next)).unwrap_or(line.len()),
                _ => first.len_utf8(),
            };
            let (token, later) = line.split_at(length);
            if !first.is_whitespace() {
                found.push((number, token));
            }
            line = later;
        }
    }
    found
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The words of a text, each with its line.
pub fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let all = tokens(code).into_iter();
    all.filter(|(_, token)| token.starts_with(is_of_word))
}

/// A path that is named somewhere, from the crate's root.
#[derive(Clone, Debug)]
pub struct Named {
    /// The line.
    pub line: usize,
    /// Its parts.
    pub path: Vec<String>,
}

/// Every path in a file of `src` that begins with `crate` or `super`; `place`
/// is the file's own, such as `data/idx/mod.rs`.
pub fn paths(place: &str, text: &str) -> Vec<Named> {
    let code = code(text, false);
    let tokens = tokens(&code);
    let mut module = module_of(place);
    let mut found = Vec::new();
    // Depths of braces at which modules in this file began.
    let (mut depth, mut inner) = (0, Vec::new());
    let mut at = 0;
    while let Some(&(_, token)) = tokens.get(at) {
        let is_then = |place: usize, sign| tokens.get(place).is_some_and(|&(_, next)| next == sign);
        match token {
            "crate" | "super" if is_then(at + 1, "::") => {
                at = follow(&tokens, at, &module, &mut found);
                continue;
            }
            "mod" if is_then(at + 2, "{") => {
                module.push(tokens[at + 1].1.into());
                inner.push(depth);
            }
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                if inner.last() == Some(&depth) {
                    inner.pop();
                    module.pop();
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn module_of(place: &str) -> Vec<String> {
    let stem = place.trim_end_matches(".rs").trim_end_matches("/mod");
    let parts = stem.split('/').map(String::from).collect();
    match stem {
        "lib" | "main" => Vec::new(),
        _ => parts,
    }
}

/// Follows a path, and all that it branches into, from one of its parts on;
/// returns where it ends.
fn follow(
    tokens: &[(usize, &str)],
    mut at: usize,
    before: &[String],
    found: &mut Vec<Named>,
) -> usize {
    let mut path = before.to_vec();
    let mut line = 0;
    while let Some(&(number, token)) = tokens.get(at) {
        line = number;
        match token {
            "{" => return branches(tokens, at + 1, &path, found),
            "crate" => path.clear(),
            "super" => drop(path.pop()),
            "self" => {}
            _ if token.starts_with(is_of_word) => path.push(token.into()),
            _ => break,
        }
        at += 1;
        match tokens.get(at) {
            Some((_, "::")) => at += 1,
            _ => break,
        }
    }
    found.push(Named { line, path });
    at
}

fn branches(
    tokens: &[(usize, &str)],
    mut at: usize,
    path: &[String],
    found: &mut Vec<Named>,
) -> usize {
    while let Some(&(_, token)) = tokens.get(at) {
        at = match token {
            "}" => return at + 1,
            // What follows `as` names nothing.
            "as" => at + 2,
            _ if token.starts_with(is_of_word) => follow(tokens, at, path, found),
            _ => at + 1,
        };
    }
    at
}
