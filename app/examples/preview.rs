//! Writes the primitives' gallery to a file: `cargo run -p app --features ssr --example preview -- <css> <theme> > page.html`.

use std::io::Write as _;

use app::design::Design;
use app::places;
use app::theme::Theme;
use app::ui::{Flash, Frame, Query, RequestTime, Tone, Visitor};
use chrono::DateTime;
use leptos::prelude::*;

fn visitor() -> Visitor {
    Visitor {
        name: "Ada Lovelace".to_owned(),
        user_name: "ada@school.example".to_owned(),
        tenant: "Analytical College".to_owned(),
        places: vec![
            places::HOME,
            places::LABS,
            places::MACHINES,
            places::IMAGES,
            places::PLANS,
            places::ACTIVITY,
            places::ADMINISTRATION,
        ],
    }
}

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let css = arguments
        .next()
        .unwrap_or_else(|| "style/main.css".to_owned());
    let theme = Theme::parse(&arguments.next().unwrap_or_default());
    let owner = Owner::new();
    let html = owner.with(|| {
        provide_context(RequestTime(
            DateTime::from_timestamp(1_794_000_000, 0).unwrap_or_default(),
        ));
        let query = Query::parse("/labs/cs101-autumn", "");
        let flash = Some(Flash {
            tone: Tone::Ok,
            text: "cs101-databases 2.1.0 is ready in West Europe.".to_owned(),
        });
        view! {
            <!DOCTYPE html>
            <html lang="en" data-theme=theme.attribute()>
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <title>"Vitrine"</title>
                    <link rel="stylesheet" href=css />
                </head>
                <body>
                    <Frame visitor=visitor() query theme flash>
                        <Design />
                    </Frame>
                </body>
            </html>
        }
        .to_html()
    });
    std::io::stdout().write_all(html.as_bytes())
}
