use axum::response::Response;
use domain::export::ExportInput;
use domain::{Problem, ResourceId, Rule, Violation};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::LABS_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Body};
use crate::api::links::Links;
use crate::api::wire::Reading;

/// What to save, and as what.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SaveImageBody {
    /// The image definition's name. A specialized definition of that name gets a new version.
    name: Option<String>,
    /// The template VM's id.
    lab_virtual_machine_id: Option<String>,
    /// The version's number; the next free one when absent. Vitrine's own.
    version: Option<String>,
    /// Why the image exists, for a new definition. Vitrine's own.
    description: Option<String>,
}

/// Export a template VM to the lab plan's gallery.
///
/// The image is always specialized (rule B17). A machine that runs is stopped first. An OS disk above 128 GiB is kept
/// in the gallery, but no lab can be created from it (rule B2): ask `exportPreview` of the lab before.
#[utoipa::path(
    post,
    context_path = LABS_IN_GROUP,
    path = "/labPlans/{labPlan}/saveImage",
    tag = super::TAG,
    request_body = SaveImageBody,
    responses((status = 202))
)]
pub(crate) async fn template_export(
    Asked {
        ctx,
        services,
        id: plan,
    }: Asked,
    links: Links,
    Body(body): Body<SaveImageBody>,
) -> ApiResult<Response> {
    let lab = body.lab()?;
    let location = services.plan_get(&ctx, &plan).await?.meta.location;
    let lab = services.lab_get(&ctx, &lab).await?;
    if lab.plan_resource_id.key() != plan.key() {
        return Err(Problem::not_found("The machine of a lab of this plan")
            .at("labVirtualMachineId")
            .into());
    }
    let name = body.name.unwrap_or_default();
    let preview = services.template_export_preview(&ctx, lab.meta.id).await?;
    let existing = preview
        .existing
        .into_iter()
        .find(|choice| choice.name.eq_ignore_ascii_case(&name));
    let input = ExportInput {
        name,
        existing: existing.map(|choice| choice.id),
        version: body.version.unwrap_or_default(),
        description: body.description.unwrap_or_default(),
    };
    links.accepted(
        &services.template_export(&ctx, lab.meta.id, input).await?,
        &location,
    )
}

impl SaveImageBody {
    /// The lab whose template VM is meant.
    fn lab(&self) -> ApiResult<ResourceId> {
        const TARGET: &str = "labVirtualMachineId";
        let mut reading = Reading::default();
        let machine = reading.required(
            TARGET,
            self.lab_virtual_machine_id
                .as_deref()
                .filter(|id| !id.is_empty()),
        );
        let lab = machine
            .and_then(|id| ResourceId::parse(id).ok())
            .and_then(|id| {
                id.segment("virtualMachines")?;
                id.parent()
            });
        if let (Some(machine), None) = (machine, &lab) {
            let violation = Violation::new(Rule::UnknownChoice, TARGET).with("value", machine);
            reading.refuse(violation.with("allowed", "the id of a lab's virtual machine"));
        }
        Ok(reading
            .done(lab)?
            .ok_or_else(|| Problem::not_found("The machine"))?)
    }
}
