//! A token that was just made, shown this once.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::shell::WayIn;
use crate::ui::{Kind, LinkButton, Time};

/// The token in a field that one click selects, and how to use it.
#[component]
pub fn IssuedToken(
    #[prop(into)] token: String,
    /// When it stops being good.
    expires_at: DateTime<Utc>,
    /// The portal's address, for the example.
    #[prop(into)]
    base: String,
) -> impl IntoView {
    let example = format!(
        "curl -H \"Authorization: Bearer $TOKEN\" '{base}/subscriptions?api-version=2022-12-01'"
    );
    view! {
        <WayIn title="API token">
            <p>"Copy the token now: it is not shown again. Whoever has it can do what you can, until " <Time at=expires_at exact=true /> "."</p>
            <div class="field">
                <label for="token">"Token"</label>
                <input class="input mono" id="token" type="text" readonly=true value=token autocomplete="off" spellcheck="false" />
            </div>
            <p class="small muted">"Use it in a script:"</p>
            <pre class="small" tabindex="0"><code>{example}</code></pre>
            <LinkButton href="/account/token" kind=Kind::Primary>"Done"</LinkButton>
        </WayIn>
    }
}
