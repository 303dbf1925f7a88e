//! What a link offers, in facts.

use domain::share::ShareOffer;
use leptos::prelude::*;

use crate::features::search::Named;
use crate::ui::{Fact, Facts, Time};

/// Who shares what, in which role and until when.
#[component]
pub(super) fn Offer(offer: ShareOffer) -> impl IntoView {
    let what = Named::of(offer.scope.as_str());
    let ends = match offer.expires_at {
        Some(at) => view! { <Time at exact=true /> }.into_any(),
        None => "When either side revokes it".into_any(),
    };
    let note = Some(offer.note).filter(|note| !note.is_empty());
    view! {
        <Facts>
            <Fact term="Organisation">{offer.from_name}</Fact>
            <Fact term=what.kind>{what.name}</Fact>
            <Fact term="Role">{offer.role_name} <span class="cell-note">"It reads images, and changes nothing."</span></Fact>
            <Fact term="Ends">{ends}</Fact>
            <Fact term="Link open until"><Time at=offer.open_until exact=true /></Fact>
            <Fact term="Made by">{offer.created_by}</Fact>
            {note.map(|note| view! { <Fact term="Note">{note}</Fact> })}
        </Facts>
    }
    .into_any()
}
