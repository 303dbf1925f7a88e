//! The place of administration, part by part.

use domain::rbac::Action;
use domain::{OpContext, Problem};
use leptos::prelude::*;

use super::{group, groups, host, limits, people};
use crate::features::access::{AccessPanel, Scope};
use crate::features::application::list as applications;
use crate::features::domain::list as domains;
use crate::features::invitation::list as invitations;
use crate::features::provider::list as providers;
use crate::ssr;
use crate::ui::{LinkButton, Page, Query, Tab, Tabs};

/// A part of the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    People,
    Providers,
    Domains,
    Invitations,
    Roles,
    Applications,
    Groups,
    Limits,
    Host,
}

impl Part {
    const ALL: [Self; 9] = [
        Self::People,
        Self::Providers,
        Self::Domains,
        Self::Invitations,
        Self::Roles,
        Self::Applications,
        Self::Groups,
        Self::Limits,
        Self::Host,
    ];

    const fn key(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Providers => "providers",
            Self::Domains => "domains",
            Self::Invitations => "invitations",
            Self::Roles => "roles",
            Self::Applications => "applications",
            Self::Groups => "groups",
            Self::Limits => "limits",
            Self::Host => "host",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::People => "People",
            Self::Providers => "Identity providers",
            Self::Domains => "Domains",
            Self::Invitations => "Invitations",
            Self::Roles => "Roles",
            Self::Applications => "App registrations",
            Self::Groups => "Resource groups",
            Self::Limits => "Limits",
            Self::Host => "Host and regions",
        }
    }

    fn address(self) -> String {
        if self == Self::People {
            "/admin".to_owned()
        } else {
            format!("/admin?tab={}", self.key())
        }
    }

    /// Whether the caller's rights open the part.
    fn is_open_to(self, op: &OpContext) -> bool {
        match self {
            Self::People => op.may(Action::PrincipalRead, "/"),
            Self::Providers | Self::Domains | Self::Invitations => group::may_change(op),
            Self::Roles => op.may(Action::RoleAssignmentRead, "/"),
            Self::Applications => op.may(Action::ApplicationRead, "/"),
            Self::Groups => !op.scopes(Action::ResourceGroupRead).is_empty(),
            Self::Limits | Self::Host => op.may(Action::SubscriptionRead, "/"),
        }
    }

    /// The part that the address names, or the first one that is open.
    fn asked(query: &Query, op: &OpContext) -> Option<Self> {
        let named = query
            .get("tab")
            .and_then(|key| Self::ALL.into_iter().find(|part| part.key() == key));
        match named {
            Some(part) => part.is_open_to(op).then_some(part),
            None => Self::ALL.into_iter().find(|part| part.is_open_to(op)),
        }
    }
}

/// People, roles, resource groups and the host.
#[component]
pub fn AdminPage() -> impl IntoView {
    ssr::page(async move {
        let (services, op, query) = (ssr::services()?, ssr::op()?, ssr::query());
        let refused = || {
            let message =
                "Administration is open to those who have a role in the whole organisation.";
            Problem::new(domain::Code::AuthorizationFailed, message)
        };
        let part = Part::asked(&query, &op).ok_or_else(refused)?;
        let matter = match part {
            Part::People => people::load(&services, &op, &query).await?,
            Part::Providers => providers::load(&services, &op, query).await?,
            Part::Domains => domains::load(&services, &op, query).await?,
            Part::Invitations => invitations::load(&services, &op, query).await?,
            Part::Roles => view! {
                <p class="row">
                    <LinkButton href="/admin/roles" small=true>"Roles and what they allow"</LinkButton>
                    <LinkButton href="/shares" small=true>"Shares with other organisations"</LinkButton>
                </p>
                <AccessPanel scope=Scope::tenant() />
            }
            .into_any(),
            Part::Applications => applications::load(&services, &op, query).await?,
            Part::Groups => groups::load(&services, &op, query).await?,
            Part::Limits => limits::load(&services, &op).await?,
            Part::Host => host::load(&services, &op, query).await?,
        };
        let tabs = Part::ALL.into_iter().filter(|part| part.is_open_to(&op));
        let tabs = tabs
            .map(|part| Tab::new(part.address(), part.label()))
            .collect();
        let shares = (!op.scopes(Action::ShareRead).is_empty())
            .then(|| view! { <LinkButton href="/shares">"Shares"</LinkButton> });
        let actions = view! {
            {shares}
            <LinkButton href="/account/sessions">"My sessions"</LinkButton>
        }
        .into_any();
        Ok(view! {
            <Page title="Administration" actions>
                <Tabs current=part.address() tabs />
                {matter}
            </Page>
        })
    })
}
