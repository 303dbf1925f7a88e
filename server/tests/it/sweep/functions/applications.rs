//! Applications and device codes: what their functions need, and what they are posted with.

use services::identity::Visit;
use uuid::Uuid;

use super::forms::Fields;
use crate::portal::Server;
use crate::sweep::Who;
use crate::sweep::school::{Furnished, Swept};

const CERTIFICATE: &str = include_str!("../../issuer/certificate.pem");

/// The id by which the stock command line introduces itself.
const COMMAND_LINE: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/// A program of a school, and a sign-in that waits for somebody of the school.
#[derive(Debug, Clone)]
pub(in crate::sweep) struct Program {
    principal: Uuid,
    credential: Uuid,
    user_code: String,
}

impl Program {
    pub(super) async fn make(place: &Furnished, server: &Server) -> Self {
        let (services, ctx) = (&server.portal.services, place.ctx(server).await);
        let id = place.application;
        let application = services.application_get(&ctx, id).await;
        let app_id = application.expect("an application").app_id;
        let principal = services.service_principal_of(&ctx, app_id).await;
        let secret = services.application_secret_create(&ctx, id, "swept", None);
        let visit = Visit::default();
        let begun =
            services.device_begin(COMMAND_LINE, Some(place.school.tenant), "openid", &visit);
        Self {
            principal: principal.expect("no failure").expect("a principal").id,
            credential: secret.await.expect("a secret").credential.id,
            user_code: begun.await.expect("a sign-in").user_code,
        }
    }
}

impl Swept {
    pub(super) fn fields_of_applications(&self, who: Who, function: &str) -> Fields {
        let place = self.place(who);
        let program = &place.extra().program;
        let id = ("id", place.application.to_string());
        let text = |name, value: &str| (name, value.to_owned());
        match function {
            "application/create" => vec![text("displayName", "New")],
            "application/update" => vec![
                id,
                text("displayName", "Changed"),
                text("redirectUris", "https://app.example/callback"),
            ],
            "application/certificate_add" => vec![id, text("certificate", CERTIFICATE)],
            "application/federated_add" => vec![
                id,
                text("federatedName", "Builds"),
                text("issuer", "https://ci.example"),
                text("subject", "main"),
                text("audience", "vitrine"),
            ],
            "application/credential_delete" => {
                vec![id, ("credential", program.credential.to_string())]
            }
            "service_principal/delete" => vec![("id", program.principal.to_string())],
            "device/decide" => vec![("code", program.user_code.clone()), text("agrees", "true")],
            _ => vec![id],
        }
    }
}
