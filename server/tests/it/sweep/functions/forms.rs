//! What each function is posted with: what an owner would fill in.

use uuid::Uuid;

use super::extra::PASSWORD;
use crate::sweep::READER;
use crate::sweep::Who;
use crate::sweep::school::Swept;

/// Fields of a form.
pub(super) type Fields = Vec<(&'static str, String)>;

fn id(id: Uuid) -> (&'static str, String) {
    ("id", id.to_string())
}

fn text(name: &'static str, value: &str) -> (&'static str, String) {
    (name, value.to_owned())
}

fn west() -> (&'static str, String) {
    text("location", "westeurope")
}

impl Swept {
    /// The fields of a function's form. What an earlier row made is called `made`.
    pub(super) async fn fields(&self, who: Who, function: &str) -> Fields {
        let resource = function.split('/').next();
        match resource.unwrap_or_default() {
            "account" | "principal" | "session" => self.fields_of_people(who, function),
            "factor" | "totp" | "passkey" => self.fields_of_factors(who, function),
            "role_assignment" => self.fields_of_roles(who, function).await,
            "application" | "service_principal" | "device" => {
                self.fields_of_applications(who, function)
            }
            "provider" | "group_claim" | "domain" | "invitation" | "group" | "group_member" => {
                self.fields_of_directory(who, function)
            }
            "role" | "share" => self.fields_of_shares(who, function),
            "resource_group" | "gallery" | "image" => self.fields_of_images(who, function).await,
            "version" | "upload" => self.fields_of_versions(who, function).await,
            "plan" => self.fields_of_plans(who, function).await,
            _ => self.fields_of_labs(who, function).await,
        }
    }

    fn fields_of_people(&self, who: Who, function: &str) -> Fields {
        let place = self.place(who);
        match function {
            "account/create" => vec![
                text("displayName", "New"),
                text("userName", &format!("new@{}", place.domain)),
                text("password", PASSWORD),
            ],
            "account/password_set" => vec![
                ("principal", place.extra().pupil.to_string()),
                text("newPassword", "Another-horse-2"),
            ],
            "principal/enable" => vec![id(place.school.student.id), text("enabled", "true")],
            "session/revoke" => vec![id(place.extra().session)],
            _ => unknown(function),
        }
    }

    fn fields_of_factors(&self, who: Who, function: &str) -> Fields {
        let pupil = self.place(who).extra().pupil;
        match function {
            "factor/reset" => vec![("principal", pupil.to_string())],
            "factor/open" => vec![text("password", PASSWORD)],
            "totp/begin" | "totp/remove" => Vec::new(),
            "totp/confirm" => vec![text("code", "123456")],
            "passkey/add" => vec![text("name", "Phone"), text("passkey", "{}")],
            "passkey/rename" => vec![id(pupil), text("name", "Phone")],
            "passkey/remove" => vec![id(pupil)],
            _ => unknown(function),
        }
    }

    async fn fields_of_roles(&self, who: Who, function: &str) -> Fields {
        let place = self.place(who);
        match function {
            "role_assignment/create" => {
                // Somebody whom the stranger finds: it is the scope that must not be there.
                let domain = if who == Who::Stranger {
                    self.owners.domain
                } else {
                    place.domain
                };
                vec![
                    ("scope", place.school.group.to_string()),
                    ("principal", format!("student@{domain}")),
                    ("role", READER.to_string()),
                ]
            }
            "role_assignment/delete" => {
                vec![id(place.found(&self.server).await.assignment().await)]
            }
            _ => unknown(function),
        }
    }

    fn fields_of_shares(&self, who: Who, function: &str) -> Fields {
        let place = self.place(who);
        match function {
            "role/put" => vec![
                id(place.role),
                text("name", "Keeper"),
                text("actions", "Microsoft.Compute/galleries/*"),
                ("assignableScopes", place.school.group.to_string()),
            ],
            "role/delete" => vec![id(place.role)],
            // Everybody gets a link of the school that is not theirs, but the stranger.
            "share/accept" => {
                let (from, to) = match who {
                    Who::Owner => (&self.others, &self.owners),
                    Who::Stranger => (&self.owners, &self.owners),
                    _ => (&self.owners, &self.others),
                };
                // For the student alone: whoever accepts stays a stranger to what is shared.
                vec![
                    ("token", from.extra().token.clone()),
                    ("principal", format!("student@{}", to.domain)),
                ]
            }
            "share/revoke" => vec![id(place.extra().share)],
            _ => unknown(function),
        }
    }

    async fn fields_of_images(&self, who: Who, function: &str) -> Fields {
        let place = self.place(who);
        let found = place.found(&self.server).await;
        let group = place.school.group.to_string();
        match function {
            "resource_group/put" => vec![
                text("subscription", place.subscription()),
                text("name", "rg-made"),
                west(),
            ],
            "resource_group/delete" => vec![("id", group.replace("rg-labs", "rg-made"))],
            "gallery/put" => vec![
                ("group", group),
                text("name", "made"),
                west(),
                text("description", ""),
                text("tags", ""),
            ],
            "gallery/update" => vec![
                id(found.gallery("made").await.id),
                text("description", "Swept"),
                text("tags", ""),
            ],
            "gallery/delete" => vec![id(found.gallery("made").await.id)],
            "image/put" => vec![
                ("gallery", found.gallery("images").await.id.to_string()),
                text("name", "made"),
                text("osType", "Linux"),
                text("osState", "Specialized"),
                text("publisher", "school"),
                text("offer", "labs"),
                text("sku", "made"),
            ],
            "image/update" => {
                let image = found.image("made").await;
                vec![id(image.id), ("etag", image.etag)]
            }
            "image/delete" => vec![id(found.image("made").await.id)],
            _ => unknown(function),
        }
    }

    async fn fields_of_versions(&self, who: Who, function: &str) -> Fields {
        let place = self.place(who);
        let found = place.found(&self.server).await;
        match function {
            "version/create" => vec![
                ("image", found.image("ubuntu").await.id.to_string()),
                text("version", "2.0.0"),
                west(),
                ("uploads[0]", place.extra().arrived.to_string()),
            ],
            "version/copy" => vec![
                id(found.version("ubuntu", "1.0.0").await.id),
                ("image", found.image("spare").await.id.to_string()),
                text("version", "3.0.0"),
                west(),
            ],
            "version/update" => vec![
                id(found.version("ubuntu", "1.0.0").await.id),
                text("replicas[westeurope]", "1"),
                text("end_of_life", ""),
            ],
            "version/scale" => vec![
                id(found.version("ubuntu", "1.0.0").await.id),
                text("machines", "1"),
            ],
            "version/restore" | "version/purge" => vec![
                ("image", found.image("ubuntu").await.id.to_string()),
                text("version", "1.0.0"),
            ],
            "version/delete_many" => {
                let version = found.version("spare", "1.0.0").await.id;
                vec![
                    ("image", found.image("spare").await.id.to_string()),
                    ("ids[0]", version.to_string()),
                ]
            }
            "upload/delete" => vec![id(place.upload)],
            "version/delete" => vec![id(found.version("spare", "3.0.0").await.id)],
            _ => unknown(function),
        }
    }

    async fn fields_of_plans(&self, who: Who, function: &str) -> Fields {
        let place = self.place(who);
        let found = place.found(&self.server).await;
        match function {
            "plan/put" => vec![
                ("group", place.school.group.to_string()),
                text("name", "made"),
                west(),
                text("allowed[westeurope]", "true"),
            ],
            "plan/update" => {
                let plan = found.plan("made").await;
                vec![
                    id(plan.id),
                    ("etag", plan.etag),
                    text("allowed[westeurope]", "true"),
                ]
            }
            "plan/gallery/attach" => vec![
                id(found.plan("made").await.id),
                ("gallery", found.gallery("made").await.id.to_string()),
            ],
            "plan/gallery/detach" | "plan/delete" => vec![id(found.plan("made").await.id)],
            "plan/image/set" => vec![
                id(found.plan("science").await.id),
                ("image", found.image("ubuntu").await.id.to_string()),
                text("enabled", "true"),
            ],
            _ => unknown(function),
        }
    }

    async fn fields_of_labs(&self, who: Who, function: &str) -> Fields {
        let place = self.place(who);
        let lab = async || place.found(&self.server).await.lab("lab1").await.id;
        match function {
            "lab/put" => vec![
                ("plan", place.school.plan("science").to_string()),
                text("name", "made"),
                ("image", place.image("ubuntu").to_string()),
                text("size", "Small"),
                text("region", "westeurope"),
                text("template", "true"),
            ],
            "lab/update" => vec![id(lab().await), text("title", "Swept")],
            "lab/delete" => vec![id(lab().await)],
            "machine/start" | "machine/stop" => vec![id(place.machine.1)],
            "template/export" => vec![
                ("lab", lab().await.to_string()),
                text("target", "new"),
                text("name", "exported"),
            ],
            "job/cancel" => vec![id(place.queued.expect("a job"))],
            "theme/set" => vec![text("theme", "dark")],
            _ => unknown(function),
        }
    }
}

fn unknown(function: &str) -> Fields {
    panic!("say here what {function} is posted with")
}
