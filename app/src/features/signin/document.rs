//! The document around a page that stands alone.

use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};

use crate::ssr;

/// The HTML document of a page without frame and script.
pub fn document_around(options: LeptosOptions, body: impl FnOnce() -> AnyView) -> impl IntoView {
    provide_meta_context();
    let body = body();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=ssr::theme().attribute()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex" />
                <link rel="icon" type="image/svg+xml" href="/assets/favicon.svg" />
                <HashedStylesheet options />
                <MetaTags />
            </head>
            <body>
                <Title formatter=|title: String| format!("{title} · Vitrine") />
                {body}
            </body>
        </html>
    }
}
