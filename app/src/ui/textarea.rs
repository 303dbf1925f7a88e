//! The portal's only text area.

use leptos::prelude::*;

use super::field::{Field, described_by};
use super::text::MaybeText;

/// Escapes text for the inside of a text area.
///
/// Leptos 0.8 writes dynamic children of `<textarea>` unescaped on the server, so they never go there as children.
/// The line feed in front is the one that HTML swallows; without it a text's own first empty line would be lost.
fn escape(text: &str) -> String {
    format!(
        "\n{}",
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    )
}

/// Several lines of text with their label.
#[component]
pub fn TextArea(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: MaybeText,
    #[prop(optional, into)] hint: MaybeText,
    #[prop(optional, into)] error: MaybeText,
    #[prop(optional)] optional: bool,
    #[prop(optional)] maxlength: Option<usize>,
    #[prop(default = 4)] rows: u32,
) -> impl IntoView {
    let (value, hint, error) = (value.0, hint.0, error.0);
    let described = described_by(&name, hint.is_some(), error.is_some());
    let invalid = error.is_some().then_some("true");
    let text = escape(value.as_deref().unwrap_or_default());
    view! {
        <Field name=name.clone() label hint error optional>
            <textarea
                class="input"
                id=name.clone()
                name=name
                rows=rows
                maxlength=maxlength
                required=!optional
                aria-describedby=described
                aria-invalid=invalid
                inner_html=text
            />
        </Field>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn typed_markup_cannot_leave_the_text_area() {
        let typed = "</textarea><script>alert(1)</script> & \"more\"".to_owned();
        let html = view! { <TextArea name="note" label="Note" value=typed /> }.to_html();
        assert_eq!(html.matches("</textarea>").count(), 1, "{html}");
        assert!(!html.contains("<script"), "{html}");
        assert!(
            html.contains("&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; \"more\""),
            "{html}"
        );
    }

    #[test]
    fn a_leading_empty_line_survives() {
        assert_eq!(escape("\nfirst"), "\n\nfirst");
    }
}
