//! The language of template expressions: calls, texts, numbers, and what is picked out of values.
//!
//! `[concat(parameters('name'), '-disk')]` is read by recursive descent. Depth and length are limited, because templates
//! come from anybody.

use super::fault::{Fault, Outcome};

/// Characters of an expression at the most, as in the modelled service.
const LENGTH: usize = 24_576;
/// Calls and indexes within each other at the most.
const DEPTH: usize = 48;

/// A part of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expression {
    /// `'text'`
    Text(String),
    /// `12`
    Number(i64),
    /// `name(arguments)`; the name is in lower case.
    Call(String, Vec<Expression>),
    /// `value.name`
    Field(Box<Expression>, String),
    /// `value[index]`
    Index(Box<Expression>, Box<Expression>),
}

/// The expression that a text of a template holds; none for a plain text.
pub(super) fn inner(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    (!inner.starts_with('[')).then_some(inner)
}

/// A plain text as it is meant: a first `[[` is a bracket.
pub(super) fn plain(text: &str) -> &str {
    if text.starts_with("[[") {
        &text[1..]
    } else {
        text
    }
}

/// Reads an expression.
pub(super) fn parse(text: &str) -> Outcome<Expression> {
    if text.len() > LENGTH {
        return Err(Fault::new(format!(
            "An expression has at most {LENGTH} characters."
        )));
    }
    let mut parser = Parser { rest: text.trim() };
    let expression = parser.expression(0)?;
    if parser.rest.is_empty() {
        Ok(expression)
    } else {
        Err(parser.unexpected())
    }
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    fn expression(&mut self, depth: usize) -> Outcome<Expression> {
        if depth > DEPTH {
            return Err(Fault::new(format!(
                "An expression nests at most {DEPTH} levels."
            )));
        }
        let mut found = self.primary(depth)?;
        let mut picks = 0;
        loop {
            self.space();
            found = if self.eat('.') {
                Expression::Field(Box::new(found), self.word()?)
            } else if self.eat('[') {
                let index = self.expression(depth + 1)?;
                self.expect(']')?;
                Expression::Index(Box::new(found), Box::new(index))
            } else {
                return Ok(found);
            };
            picks += 1;
            if picks > DEPTH {
                return Err(Fault::new(format!(
                    "An expression picks at most {DEPTH} times in a row."
                )));
            }
        }
    }

    fn primary(&mut self, depth: usize) -> Outcome<Expression> {
        self.space();
        match self.rest.chars().next() {
            Some('\'') => self.text(),
            Some(sign) if sign == '-' || sign.is_ascii_digit() => self.number(),
            Some(sign) if sign.is_ascii_alphabetic() => self.call(depth),
            _ => Err(self.unexpected()),
        }
    }

    fn text(&mut self) -> Outcome<Expression> {
        let mut found = String::new();
        self.rest = &self.rest[1..];
        loop {
            let Some(end) = self.rest.find('\'') else {
                return Err(Fault::new("A text in the expression has no end."));
            };
            found.push_str(&self.rest[..end]);
            self.rest = &self.rest[end + 1..];
            if !self.eat('\'') {
                return Ok(Expression::Text(found));
            }
            found.push('\'');
        }
    }

    fn number(&mut self) -> Outcome<Expression> {
        let digits = self.rest[1..]
            .find(|c: char| !c.is_ascii_digit())
            .map_or(self.rest.len(), |end| end + 1);
        let (text, rest) = self.rest.split_at(digits);
        let number = text
            .parse()
            .map_err(|_| Fault::new(format!("“{text}” is not a whole number.")))?;
        self.rest = rest;
        Ok(Expression::Number(number))
    }

    fn call(&mut self, depth: usize) -> Outcome<Expression> {
        let mut name = self.word()?;
        while self.eat('.') {
            name = format!("{name}.{}", self.word()?);
        }
        self.space();
        if !self.eat('(') {
            return Err(Fault::new(format!(
                "“{name}” needs brackets: {name}(…). Texts stand between single quotes."
            )));
        }
        let mut arguments = Vec::new();
        self.space();
        if !self.eat(')') {
            loop {
                arguments.push(self.expression(depth + 1)?);
                self.space();
                if self.eat(')') {
                    break;
                }
                self.expect(',')?;
            }
        }
        Ok(Expression::Call(name.to_ascii_lowercase(), arguments))
    }

    fn word(&mut self) -> Outcome<String> {
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '$')
            .unwrap_or(self.rest.len());
        if end == 0 {
            return Err(self.unexpected());
        }
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(word.to_owned())
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat(&mut self, sign: char) -> bool {
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, sign: char) -> Outcome<()> {
        self.space();
        if self.eat(sign) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    fn unexpected(&self) -> Fault {
        let near: String = self.rest.chars().take(20).collect();
        Fault::new(if near.is_empty() {
            "The expression ends too early.".to_owned()
        } else {
            format!("The expression can't be read from “{near}” on.")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(name: &str, arguments: Vec<Expression>) -> Expression {
        Expression::Call(name.to_owned(), arguments)
    }

    #[test]
    fn calls_nest_and_values_are_picked_from() {
        let text = |text: &str| Expression::Text(text.to_owned());
        assert_eq!(
            parse("concat( parameters('it''s'), -2 ).a['b']"),
            Ok(Expression::Index(
                Box::new(Expression::Field(
                    Box::new(call(
                        "concat",
                        vec![
                            call("parameters", vec![text("it's")]),
                            Expression::Number(-2)
                        ]
                    )),
                    "a".to_owned()
                )),
                Box::new(text("b"))
            ))
        );
        assert_eq!(parse("resourceGroup()"), Ok(call("resourcegroup", vec![])));
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for bad in [
            "",
            "concat(",
            "concat('a'",
            "'a",
            "a",
            "concat('a' 'b')",
            "concat('a',)",
            "concat('a') x",
            "99999999999999999999",
            "-",
            "a..b()",
            "a()[",
            "a().",
        ] {
            assert!(parse(bad).is_err(), "{bad:?} was taken");
        }
        let deep = format!("{}1{}", "not(".repeat(100), ")".repeat(100));
        assert!(parse(&deep).is_err());
        assert!(parse(&format!("a(){}", ".b".repeat(500))).is_err());
    }

    #[test]
    fn two_brackets_are_a_text_with_one() {
        assert_eq!(inner("[concat('a')]"), Some("concat('a')"));
        assert_eq!(inner("[[text]"), None);
        assert_eq!(plain("[[text]"), "[text]");
        assert_eq!(inner("plain"), None);
    }
}
