//! What a test sign-in proved.

use leptos::prelude::*;
use uuid::Uuid;

use crate::shell::WayIn;
use crate::ui::{Callout, Fact, Facts, Kind, LinkButton, Tone};

/// What a provider told of the administrator who tried it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tested {
    /// The provider.
    pub provider: Uuid,
    /// Its name.
    pub name: String,
    /// The issuer, as the id token says it.
    pub issuer: String,
    /// The subject.
    pub subject: String,
    /// The person's name.
    pub person: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// Whether the provider vouches for it.
    pub email_verified: bool,
    /// What the group claim lists.
    pub groups: Vec<String>,
}

/// The claims as a list, so that rules can be made of them.
#[component]
pub fn TestOutcome(tested: Tested) -> impl IntoView {
    let back = format!("/admin/providers/{}", tested.provider);
    let email = match (tested.email, tested.email_verified) {
        (Some(email), true) => format!("{email}, verified"),
        (Some(email), false) => format!("{email}, not verified: it admits nobody"),
        (None, _) => "none".to_owned(),
    };
    let groups = if tested.groups.is_empty() {
        "none".to_owned()
    } else {
        tested.groups.join(", ")
    };
    view! {
        <WayIn title="The test succeeded">
            <Callout tone=Tone::Ok title=format!("{} can be enabled now. Nobody was signed in.", tested.name) />
            <Facts>
                <Fact term="Issuer"><code>{tested.issuer}</code></Fact>
                <Fact term="Subject"><code>{tested.subject}</code></Fact>
                <Fact term="Name">{tested.person}</Fact>
                <Fact term="E-mail">{email}</Fact>
                <Fact term="Groups">{groups}</Fact>
            </Facts>
            <LinkButton href=back kind=Kind::Primary>"Back to the provider"</LinkButton>
        </WayIn>
    }
}
