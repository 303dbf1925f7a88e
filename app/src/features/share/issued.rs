//! A link that was just made, shown this once.

use domain::share::ShareOffer;
use leptos::prelude::*;

use super::offer::Offer;
use crate::shell::WayIn;
use crate::ui::{Kind, LinkButton};

/// The link in a field that one click selects, and what it offers.
#[component]
pub fn IssuedShare(
    /// The address to send.
    #[prop(into)]
    link: String,
    offer: ShareOffer,
    /// Where the reader came from.
    #[prop(into)]
    back: String,
) -> impl IntoView {
    view! {
        <WayIn title="Share link">
            <p>"Copy the link now: it is not shown again. Send it to an administrator of the other organisation, who can accept it once."</p>
            <div class="field">
                <label for="link">"Link"</label>
                <input class="input mono" id="link" type="text" readonly=true value=link autocomplete="off" spellcheck="false" />
            </div>
            <Offer offer />
            <LinkButton href=back kind=Kind::Primary>"Done"</LinkButton>
        </WayIn>
    }
}
