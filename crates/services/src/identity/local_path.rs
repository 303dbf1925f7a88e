//! Where a person may be led after signing in: into this portal, never out of it.

/// Longest address that is remembered over a sign-in.
const LONGEST: usize = 2000;

/// The text as a path of this portal, or nothing when it could lead elsewhere.
///
/// Browsers read `\` as `/` and drop tabs and line ends, so `/\evil` and `/<tab>/evil` are other hosts too.
#[must_use]
pub fn local_path(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('/')?;
    let leads_out = rest.starts_with('/')
        || text.contains('\\')
        || text.chars().any(|c| c.is_control() || c.is_whitespace());
    (!leads_out && text.len() <= LONGEST).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn only_paths_of_this_portal_are_taken() {
        for path in [
            "/",
            "/labs?filter=a&sort=name",
            "/labs/1#state",
            "/search?q=//x",
        ] {
            assert_eq!(local_path(path), Some(path));
        }
        for elsewhere in [
            "",
            "labs",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            " /labs",
            "/labs\r\nSet-Cookie: a=b",
        ] {
            assert_eq!(local_path(elsewhere), None, "{elsewhere:?} was taken");
        }
        assert_eq!(local_path(&format!("/{}", "a".repeat(2000))), None);
    }
}
