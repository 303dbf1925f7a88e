//! Providers, domains, invitations and groups: what their functions need, and what they are posted with.

use uuid::Uuid;

use super::forms::Fields;
use crate::portal::Server;
use crate::sweep::Who;
use crate::sweep::school::{Furnished, Swept};

/// What a school's owner has set up of sign-in.
#[derive(Debug, Clone)]
pub(in crate::sweep) struct Directory {
    rule: Uuid,
    domain: Uuid,
    invitation: Uuid,
}

impl Directory {
    pub(super) async fn make(place: &Furnished, server: &Server) -> Self {
        let (services, ctx) = (&server.portal.services, place.ctx(server).await);
        let rule = services.group_claim_add(&ctx, place.provider, "staff", place.team);
        rule.await.expect("a rule");
        let rules = services.group_claim_list(&ctx, place.provider).await;
        let name = format!("more.{}", place.domain);
        let domain = services.domain_add(&ctx, &name).await;
        let domain = domain.expect("a domain").id;
        let invited = services.invitation_create(&ctx, "guest@elsewhere.example", None, 7);
        Self {
            rule: rules.expect("rules")[0].id,
            domain,
            invitation: invited.await.expect("an invitation").invitation.id,
        }
    }
}

/// What a provider's form sends.
fn provider(domain: &str) -> Fields {
    let text = |name, value: &str| (name, value.to_owned());
    vec![
        text("kind", "Oidc"),
        text("name", "Login"),
        ("issuer", format!("https://login.{domain}")),
        text("clientId", "vitrine"),
        text("scopes", "profile email"),
    ]
}

impl Swept {
    pub(super) fn fields_of_directory(&self, who: Who, function: &str) -> Fields {
        let place = self.place(who);
        let directory = &place.extra().directory;
        let id = |id: Uuid| ("id", id.to_string());
        let (of, team) = (
            ("provider", place.provider.to_string()),
            ("group", place.team.to_string()),
        );
        match function {
            "provider/create" => provider(&format!("new.{}", place.domain)),
            "provider/update" => {
                let mut fields = provider(place.domain);
                fields.push(id(place.provider));
                fields
            }
            "provider/enable" | "provider/delete" => vec![id(place.provider)],
            "group_claim/add" => vec![of, ("value", "head".to_owned()), team],
            "group_claim/remove" => vec![of, id(directory.rule)],
            "domain/add" => vec![("domain", format!("new.{}", place.domain))],
            "domain/lead" | "domain/remove" => vec![id(directory.domain)],
            "invitation/revoke" => vec![id(directory.invitation)],
            "group/create" => vec![("displayName", format!("Crew of {}", place.domain))],
            "group_member/add" => {
                // Somebody whom the stranger finds: it is the group that must not be there.
                let domain = if who == Who::Stranger {
                    self.owners.domain
                } else {
                    place.domain
                };
                vec![team, ("member", format!("student@{domain}"))]
            }
            "group_member/remove" => {
                vec![team, ("member", place.school.student.id.to_string())]
            }
            _ => panic!("write the fields of {function}"),
        }
    }
}
