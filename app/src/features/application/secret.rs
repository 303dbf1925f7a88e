//! A secret that was just made, shown this once. Rule C10.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::shell::WayIn;
use crate::ui::{Kind, LinkButton, Time};

/// The secret in a field that one click selects, and the command that signs in with it.
#[component]
pub fn IssuedSecret(
    /// Where the reader came from.
    #[prop(into)]
    back: String,
    #[prop(into)] secret: String,
    /// The id that goes with it.
    #[prop(into)]
    app_id: String,
    /// The organisation to sign in to.
    #[prop(into)]
    tenant: String,
    /// When it stops being good.
    expires_at: DateTime<Utc>,
) -> impl IntoView {
    let example =
        format!("az login --service-principal -u {app_id} -p \"$SECRET\" --tenant {tenant}");
    view! {
        <WayIn title="Client secret">
            <p>"Copy the secret now: it is not shown again. Whoever has it can do what the application may, until " <Time at=expires_at exact=true /> "."</p>
            <div class="field">
                <label for="secret">"Secret"</label>
                <input class="input mono" id="secret" type="text" readonly=true value=secret autocomplete="off" spellcheck="false" />
            </div>
            <p class="small muted">"Sign in with it:"</p>
            <pre class="small" tabindex="0"><code>{example}</code></pre>
            <LinkButton href=back kind=Kind::Primary>"Done"</LinkButton>
        </WayIn>
    }
}
