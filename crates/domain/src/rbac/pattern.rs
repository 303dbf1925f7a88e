//! Patterns of actions.

/// Whether a pattern with any number of `*` matches the whole text, case aside.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_ascii_lowercase(), text.to_ascii_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_match_as_the_command_line_expects() {
        assert!(matches("*", "anything/at/all"));
        assert!(matches("*/read", "Microsoft.Compute/galleries/read"));
        assert!(!matches("*/read", "Microsoft.Compute/galleries/readwrite"));
        assert!(matches(
            "microsoft.compute/*/read",
            "Microsoft.Compute/galleries/images/read"
        ));
        assert!(!matches(
            "Microsoft.Compute/galleries/*/read",
            "Microsoft.Compute/galleries/read"
        ));
        assert!(!matches(
            "Microsoft.Compute/galleries/read",
            "Microsoft.Compute/galleries/read/more"
        ));
    }
}
