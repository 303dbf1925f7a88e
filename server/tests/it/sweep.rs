//! Every operation by every caller: what nobody thought of when a handler was written shows here.
//!
//! The rows are checked against the OpenAPI document, so that an operation without a row fails with the text to paste.
//! Pages and server functions belong below [`OPERATIONS`], each with a table of its own.

mod school;

use axum::http::Method;
use server::api;
use utoipa::openapi::path::PathItem;

use school::{Swept, Who};

/// One operation: its name, and what anonymous, a stranger of another tenant, a reader, a contributor and an owner get.
///
/// The order is that of the requests: what deletes comes last, children before parents.
type Row = (&'static str, [u16; 5]);

const OPERATIONS: &[Row] = &[
    // While no worker runs: a job that is over can't be canceled.
    ("job_cancel", [401, 404, 403, 200, 200]),
    ("tenant_list", [401, 200, 200, 200, 200]),
    ("subscription_list", [401, 200, 200, 200, 200]),
    ("subscription_get", [401, 404, 200, 200, 200]),
    ("location_list", [401, 404, 200, 200, 200]),
    ("provider_list", [401, 404, 200, 200, 200]),
    ("provider_get", [401, 404, 200, 200, 200]),
    ("provider_register", [401, 404, 200, 200, 200]),
    ("resource_group_list", [401, 404, 200, 200, 200]),
    ("resource_group_get", [401, 404, 200, 200, 200]),
    ("resource_group_check", [401, 404, 204, 204, 204]),
    ("resource_group_put", [401, 404, 403, 200, 200]),
    ("resource_group_update", [401, 404, 403, 200, 200]),
    ("gallery_list", [401, 200, 200, 200, 200]),
    ("gallery_list_in_group", [401, 200, 200, 200, 200]),
    ("gallery_get", [401, 404, 200, 200, 200]),
    ("gallery_put", [401, 404, 403, 200, 200]),
    ("gallery_update", [401, 404, 403, 200, 200]),
    ("image_list", [401, 404, 200, 200, 200]),
    ("image_get", [401, 404, 200, 200, 200]),
    ("image_put", [401, 404, 403, 200, 200]),
    ("image_update", [401, 404, 403, 200, 200]),
    ("version_list", [401, 404, 200, 200, 200]),
    ("version_get", [401, 404, 200, 200, 200]),
    ("version_put", [401, 404, 403, 200, 200]),
    ("version_update", [401, 404, 403, 200, 200]),
    ("upload_create", [401, 404, 403, 201, 201]),
    ("upload_get", [401, 404, 404, 200, 200]),
    ("upload_append", [401, 404, 404, 200, 200]),
    ("plan_list", [401, 200, 200, 200, 200]),
    ("plan_list_in_group", [401, 200, 200, 200, 200]),
    ("plan_get", [401, 404, 200, 200, 200]),
    ("plan_put", [401, 404, 403, 200, 200]),
    ("plan_update", [401, 404, 403, 200, 200]),
    ("catalog", [401, 404, 200, 200, 200]),
    ("plan_image_list", [401, 404, 200, 200, 200]),
    ("plan_image_get", [401, 404, 200, 200, 200]),
    ("plan_image_put", [401, 404, 403, 200, 200]),
    ("plan_image_set", [401, 404, 403, 200, 200]),
    ("lab_list", [401, 200, 200, 200, 200]),
    ("lab_list_in_group", [401, 200, 200, 200, 200]),
    ("lab_get", [401, 404, 200, 200, 200]),
    ("lab_put", [401, 404, 403, 200, 200]),
    ("lab_update", [401, 404, 403, 200, 200]),
    ("template_export_preview", [401, 404, 403, 200, 200]),
    ("machine_list", [401, 404, 200, 200, 200]),
    ("machine_get", [401, 404, 200, 200, 200]),
    ("machine_start", [401, 404, 403, 202, 202]),
    ("machine_stop", [401, 404, 403, 202, 202]),
    ("template_export", [401, 404, 403, 202, 202]),
    ("job_get", [401, 404, 200, 200, 200]),
    ("job_result", [401, 404, 204, 204, 204]),
    ("lab_operation_get", [401, 404, 200, 200, 200]),
    ("lab_action_list", [401, 200, 200, 200, 200]),
    ("sku_list", [401, 404, 200, 200, 200]),
    ("usage_list", [401, 404, 200, 200, 200]),
    ("role_list", [401, 200, 200, 200, 200]),
    ("role_get", [401, 200, 200, 200, 200]),
    ("role_assignment_list", [401, 404, 200, 200, 200]),
    ("role_assignment_create", [401, 404, 403, 403, 201]),
    ("role_assignment_get", [401, 404, 200, 200, 200]),
    ("activity_list", [401, 200, 200, 200, 200]),
    ("role_assignment_delete", [401, 404, 403, 403, 200]),
    ("upload_delete", [401, 404, 404, 200, 200]),
    ("lab_delete", [401, 404, 403, 202, 202]),
    ("version_delete", [401, 404, 403, 202, 202]),
    ("image_delete", [401, 404, 403, 200, 200]),
    ("plan_delete", [401, 404, 403, 200, 200]),
    ("gallery_delete", [401, 404, 403, 200, 200]),
    ("resource_group_delete", [401, 404, 403, 200, 200]),
];

/// Method and path of every operation of the document.
fn documented() -> Vec<(String, Method, String)> {
    let methods = |item: PathItem| {
        [
            (Method::GET, item.get),
            (Method::HEAD, item.head),
            (Method::PUT, item.put),
            (Method::PATCH, item.patch),
            (Method::POST, item.post),
            (Method::DELETE, item.delete),
        ]
    };
    let paths = api::openapi().paths.paths.into_iter();
    paths
        .flat_map(|(path, item)| {
            methods(item)
                .into_iter()
                .filter_map(move |(method, operation)| {
                    Some((
                        operation?.operation_id.expect("a name"),
                        method,
                        path.clone(),
                    ))
                })
        })
        .collect()
}

#[test]
fn every_operation_has_a_row_and_every_row_an_operation() {
    let documented = documented();
    let missing: Vec<String> = documented
        .iter()
        .filter(|(id, ..)| !OPERATIONS.iter().any(|(row, _)| row == id))
        .map(|(id, ..)| format!("    (\"{id}\", [401, 404, 403, 200, 200]),"))
        .collect();
    assert!(
        missing.is_empty(),
        "paste into OPERATIONS, then set what each caller must get:\n{}",
        missing.join("\n")
    );
    for (row, _) in OPERATIONS {
        assert!(
            documented.iter().any(|(id, ..)| id == row),
            "{row} is no operation any more: remove its row"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_every_caller_as_it_must() {
    let documented = documented();
    let swept = Swept::open().await;
    let mut wrong = Vec::new();
    for (row, [anonymous, stranger, reader, contributor, owner]) in OPERATIONS {
        let (_, method, path) = documented
            .iter()
            .find(|(id, ..)| id == row)
            .expect("an operation");
        // The owner first: a request that nobody could make would be refused for the wrong reason.
        for (who, expected) in [
            (Who::Owner, owner),
            (Who::Anonymous, anonymous),
            (Who::Stranger, stranger),
            (Who::Reader, reader),
            (Who::Contributor, contributor),
        ] {
            let answer = swept.ask(who, row, method.clone(), path).await;
            if answer.status.as_u16() != *expected {
                wrong.push(format!(
                    "{row} by {who:?}: {} instead of {expected}: {}",
                    answer.status, answer.text
                ));
            }
        }
        swept.settle().await;
    }
    swept.close().await;
    assert!(
        wrong.is_empty(),
        "{} answers differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
