//! The document around every page.

use domain::Problem;
use domain::problem::Code;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, Title};
use leptos_router::components::Outlet;

use crate::routes::App;
use crate::ssr;
use crate::ui::button::{Kind, LinkButton};
use crate::ui::frame::{Brand, Frame};
use crate::ui::time::RequestTime;

/// The HTML document. The theme stands in it from the first byte, and scripts carry the response's nonce.
pub fn shell(options: LeptosOptions) -> AnyView {
    provide_context(options.clone());
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=ssr::theme().attribute()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" type="image/svg+xml" href="/assets/favicon.svg" />
                <HashedStylesheet options=options.clone() />
                <HydrationScripts options islands=true />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
    .into_any()
}

/// The frame around the pages of one who is signed in; others see the page alone, which leads them to sign in.
#[component]
pub fn Framed() -> impl IntoView {
    in_frame(|| view! { <Outlet /> })
}

/// An address that no page has, in the same frame.
#[component]
pub fn Nowhere() -> impl IntoView {
    in_frame(|| view! { <NotFound /> })
}

fn in_frame<V: IntoView + 'static>(page: impl FnOnce() -> V + Send + 'static) -> AnyView {
    if let Ok(op) = ssr::op() {
        provide_context(RequestTime(op.now));
    }
    match ssr::visitor() {
        Some(visitor) => {
            let (query, theme, flash) = (ssr::query(), ssr::theme(), ssr::take_flash());
            view! {
                <Frame visitor query theme flash>
                    {page()}
                </Frame>
            }
            .into_any()
        }
        None => page().into_any(),
    }
}

fn headline(code: Code) -> &'static str {
    match code {
        Code::ResourceNotFound => "Not found",
        Code::AuthorizationFailed => "Not allowed",
        Code::InternalServerError => "Something broke",
        Code::EngineUnavailable => "Not available now",
        _ => "Not possible",
    }
}

/// A refusal as the matter of a page.
pub fn refused(problem: Problem) -> AnyView {
    let title = headline(problem.code);
    let request = ssr::op().ok().map(|op| op.request_id);
    let details = problem
        .details
        .iter()
        .map(|v| view! { <li>{v.sentence()}</li> })
        .collect_view();
    view! {
        <Title text=title />
        <main class="page" id="main" tabindex="-1">
            <div class="refusal">
                <p class="refusal-code">{format!("{} {}", problem.code.status(), problem.code)}</p>
                <h1>{title}</h1>
                <p>{problem.message}</p>
                <ul class="prose">{details}</ul>
                {request.map(|id| view! { <p class="small muted">"Request "<code>{id}</code></p> })}
                <LinkButton href="/" kind=Kind::Primary>"Go to the start"</LinkButton>
            </div>
        </main>
    }
    .into_any()
}

/// What stands where there is no page.
#[component]
pub fn NotFound() -> impl IntoView {
    ssr::set_status(404);
    refused(Problem::not_found("This page"))
}

/// A page for those who are not signed in: one case in the middle.
#[component]
pub fn WayIn(#[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <Title text=title.clone() />
        <main class="way-in" id="main">
            <Brand />
            <div class="case stack">
                <h1>{title}</h1>
                {children()}
            </div>
        </main>
    }
    .into_any()
}
