//! What can be done with a template VM besides starting and stopping it.

use leptos::prelude::*;
use uuid::Uuid;

use crate::refusal::Refusal;

/// Exports the template VM of a lab: as a new image when `target` is `new`, else as a version of `existing`.
#[server(prefix = "/fn", endpoint = "template/export")]
pub async fn template_export(
    lab: Uuid,
    #[server(default)] target: String,
    #[server(default)] name: String,
    #[server(default)] existing: String,
    #[server(default)] version: String,
    #[server(default)]
    #[server(rename = "exportDescription")]
    description: String,
) -> Result<(), Refusal> {
    use domain::export::ExportInput;
    use domain::{Problem, Rule, Violation};

    use crate::ssr;
    ssr::act(async {
        let missing = || Problem::from_violations(vec![Violation::new(Rule::Required, "existing")]);
        let input = if target == "existing" {
            let id = Uuid::parse_str(&existing).map_err(|_| missing())?;
            ExportInput {
                existing: Some(id),
                version,
                ..ExportInput::default()
            }
        } else {
            ExportInput {
                name,
                version,
                description,
                existing: None,
            }
        };
        ssr::services()?
            .template_export(&ssr::op()?, lab, input)
            .await?;
        ssr::done(
            &format!("/labs/{lab}?tab=template"),
            "The export has begun.",
        );
        Ok(())
    })
    .await
}
