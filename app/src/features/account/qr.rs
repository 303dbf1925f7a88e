//! A text as a QR code.

use leptos::prelude::*;
use qrcodegen::{QrCode as Code, QrCodeEcc};

/// The quiet zone that readers need, in modules.
const QUIET: i32 = 4;

/// The dark modules as one path, a stroke for each run of them; with the modules along an edge.
fn path(text: &str) -> Option<(String, i32)> {
    let code = Code::encode_text(text, QrCodeEcc::Medium).ok()?;
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        let mut x = 0;
        while x < size {
            let run = (x..size).take_while(|x| code.get_module(*x, y)).count();
            let run = i32::try_from(run).unwrap_or_default();
            if run > 0 {
                path.push_str(&format!("M{x} {y}h{run}v1h-{run}z"));
            }
            x += run + 1;
        }
    }
    Some((path, size))
}

/// Draws the code dark on light whatever the theme, since not all readers take the reverse. A text that is too long for
/// one draws nothing.
#[component]
pub fn QrCode(
    #[prop(into)] text: String,
    /// What it is, for those who can't see it.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    path(&text).map(|(path, size)| {
        let whole = size + 2 * QUIET;
        let view_box = format!("-{QUIET} -{QUIET} {whole} {whole}");
        view! {
            <svg class="qr" viewBox=view_box role="img" aria-label=label shape-rendering="crispEdges">
                <rect x=format!("-{QUIET}") y=format!("-{QUIET}") width=whole height=whole fill="#fff" />
                <path d=path fill="#000" />
            </svg>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners_and_no_more_than_its_square() {
        let (path, size) =
            path("otpauth://totp/Vitrine:ada?secret=JBSWY3DPEHPK3PXP").expect("short enough");
        assert_eq!(
            (size - 17) % 4,
            0,
            "a version of the standard has 17 + 4n modules an edge"
        );
        for corner in [
            "M0 0h7v1".to_owned(),
            format!("M{} 0h7v1", size - 7),
            format!("M0 {}h7v1", size - 1),
        ] {
            assert!(path.contains(&corner), "{corner}");
        }
        assert!(!path.contains(&format!("M{size} ")));
    }

    #[test]
    fn what_is_too_long_for_a_code_is_not_drawn() {
        assert_eq!(path(&"x".repeat(5000)), None);
    }
}
