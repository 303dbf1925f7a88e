//! An invitation that was just made; its link is shown this once.

use domain::identity::InvitationView;
use leptos::prelude::*;

use crate::shell::WayIn;
use crate::ui::{Kind, LinkButton, Time};

/// The link in a field that one click selects.
#[component]
pub fn IssuedInvitation(
    invitation: InvitationView,
    /// What to send to the guest.
    #[prop(into)]
    link: String,
) -> impl IntoView {
    view! {
        <WayIn title="Invitation">
            <p>
                "Send this link to " <strong>{invitation.email}</strong> " now: it is not shown again. "
                "Whoever has it can become a guest, once, until " <Time at=invitation.expires_at exact=true /> "."
            </p>
            <div class="field">
                <label for="link">"Link"</label>
                <input class="input mono" id="link" type="text" readonly=true value=link autocomplete="off" spellcheck="false" />
            </div>
            <LinkButton href="/admin?tab=invitations" kind=Kind::Primary>"Done"</LinkButton>
        </WayIn>
    }
}
