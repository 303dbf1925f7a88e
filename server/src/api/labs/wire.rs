use domain::Problem;
use domain::lab::{CreateOption, LabInput, LabUpdate, LabView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::wire::{Reading, Tags, Tracked};

/// A lab.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Lab {
    #[serde(flatten)]
    resource: Tracked,
    properties: LabProperties,
}

/// A lab's own matters.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LabProperties {
    title: String,
    description: String,
    lab_plan_id: String,
    /// `Draft`, `Publishing`, `Scaling`, `Syncing` or `Published`.
    state: String,
    /// `Creating`, `Updating`, `Deleting`, `Succeeded`, `Failed` or `Locked`.
    provisioning_state: String,
    virtual_machine_profile: MachineProfile,
    /// Why provisioning failed. Vitrine's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

/// What the lab's machines are made from.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MachineProfile {
    /// `TemplateVM` or `Image`.
    create_option: String,
    image_reference: ImageReference,
    os_type: String,
    sku: Sku,
    /// Absent for a specialized image, which keeps its own accounts. Rule A34.
    #[serde(skip_serializing_if = "Option::is_none")]
    admin_user: Option<AdminUser>,
}

/// The image, down to the version that the lab got.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImageReference {
    id: String,
    exact_version: String,
}

/// A machine size.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Sku {
    name: String,
}

/// A machine's first account; its password is never shown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AdminUser {
    username: String,
}

impl From<LabView> for Lab {
    fn from(view: LabView) -> Self {
        let admin_user = view
            .template
            .and_then(|machine| machine.user_name)
            .map(|username| AdminUser { username });
        let properties = LabProperties {
            title: view.title,
            description: view.description,
            lab_plan_id: view.plan_resource_id.to_string(),
            state: view.state.to_string(),
            provisioning_state: view.provisioning_state.to_string(),
            virtual_machine_profile: MachineProfile {
                create_option: view.create_option.to_string(),
                image_reference: ImageReference {
                    id: view.image.resource_id.to_string(),
                    exact_version: view.image.version.to_string(),
                },
                os_type: view.image.os_type.to_string(),
                sku: Sku { name: view.size },
                admin_user,
            },
            problem: view.problem,
        };
        Self {
            resource: Tracked::new(view.meta, "Microsoft.LabServices/labs"),
            properties,
        }
    }
}

/// What a lab is written with.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct LabBody {
    /// The region that the machines run in.
    location: Option<String>,
    /// Free labels.
    tags: Option<Tags>,
    properties: Option<LabBodyProperties>,
}

/// A lab's own matters, as they are written.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LabBodyProperties {
    /// The lab's name when absent.
    title: Option<String>,
    description: Option<String>,
    /// Only looked at when the lab is created.
    lab_plan_id: Option<String>,
    /// Only looked at when the lab is created.
    virtual_machine_profile: Option<MachineProfileBody>,
}

/// What the lab's machines are to be made from.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MachineProfileBody {
    /// `TemplateVM` or `Image`; `TemplateVM` when absent.
    create_option: Option<String>,
    image_reference: Option<ImageReferenceBody>,
    sku: Option<SkuBody>,
    /// For a generalized image; leave it out, or its names empty, for a specialized one. Rules A32, A34.
    admin_user: Option<Credentials>,
}

/// The image.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct ImageReferenceBody {
    /// An image definition's id, as the plan's `catalog` lists it.
    id: Option<String>,
}

/// A machine size.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct SkuBody {
    /// One of those that `skus` lists.
    name: Option<String>,
}

/// A first account.
#[derive(Default, Deserialize, ToSchema)]
pub(crate) struct Credentials {
    username: Option<String>,
    #[schema(format = Password)]
    password: Option<String>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

impl LabBody {
    /// The wish to create a lab.
    ///
    /// # Errors
    /// Every fault of the body.
    pub(super) fn create(self) -> Result<LabInput, Problem> {
        let given = self.properties.unwrap_or_default();
        let machines = given.virtual_machine_profile.unwrap_or_default();
        let account = machines.admin_user.unwrap_or_default();
        let mut reading = Reading::default();
        let option = machines.create_option.as_deref();
        let create_option = reading.word(
            "createOption",
            option,
            CreateOption::parse,
            "TemplateVM, Image",
        );
        reading.done(LabInput {
            plan: given.lab_plan_id.unwrap_or_default(),
            title: given.title.unwrap_or_default(),
            description: given.description.unwrap_or_default(),
            image: machines
                .image_reference
                .and_then(|image| image.id)
                .unwrap_or_default(),
            size: machines.sku.and_then(|sku| sku.name).unwrap_or_default(),
            region: domain::region::normalize(&self.location.unwrap_or_default()),
            create_option: create_option.unwrap_or_default(),
            user_name: account.username.unwrap_or_default(),
            password: account.password.unwrap_or_default(),
            tags: Tags::given(self.tags).unwrap_or_default(),
        })
    }

    /// The wish to change a lab: only what the body bears.
    pub(super) fn update(self) -> LabUpdate {
        let given = self.properties.unwrap_or_default();
        LabUpdate {
            title: given.title,
            description: given.description,
            tags: Tags::given(self.tags),
        }
    }
}
