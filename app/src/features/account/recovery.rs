//! Recovery codes that were just made, shown this once.

use leptos::prelude::*;

use super::factor::FACTORS;
use crate::shell::WayIn;
use crate::ui::{Kind, LinkButton};

/// The codes, to be written down or printed.
#[component]
pub fn IssuedCodes(codes: Vec<String>) -> impl IntoView {
    let rows = codes
        .into_iter()
        .map(|code| view! { <li><code>{code}</code></li> });
    view! {
        <WayIn title="Recovery codes">
            <p>"Keep these codes where you find them without your device: they are not shown again. Each is good for one sign-in, after your password. Those of before count no more."</p>
            <ol class="numbered">{rows.collect_view()}</ol>
            <LinkButton href=FACTORS kind=Kind::Primary>"Done"</LinkButton>
        </WayIn>
    }
}
