//! Every operation of the REST API.

use axum::body::Body;
use axum::http::{Method, Request};
use server::api;
use utoipa::openapi::path::PathItem;

use super::school::Swept;
use super::{Row, Who, ask_all, check_rows};
use crate::portal::Answer;

mod requests;

/// Operations by their names, in the order of the requests: what deletes comes last, children before parents.
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
    // Nothing can be moved; the answer says what to do instead.
    ("resource_move", [401, 404, 403, 409, 409]),
    ("resource_group_cost_get", [401, 404, 200, 200, 200]),
    ("resource_list", [401, 404, 200, 200, 200]),
    ("resource_list_in_group", [401, 404, 200, 200, 200]),
    ("tags_put", [401, 404, 403, 200, 200]),
    ("tags_update", [401, 404, 403, 200, 200]),
    ("tags_get", [401, 404, 200, 200, 200]),
    ("tags_delete", [401, 404, 403, 200, 200]),
    // The owner's lock is gone again before anything else is asked for; among the others nobody made one.
    ("lock_put", [401, 404, 403, 403, 201]),
    ("lock_list", [401, 404, 200, 200, 200]),
    ("lock_get", [401, 404, 404, 404, 200]),
    ("lock_delete", [401, 404, 403, 403, 200]),
    ("network_put", [401, 404, 403, 201, 201]),
    ("network_list", [401, 200, 200, 200, 200]),
    ("network_list_in_group", [401, 200, 200, 200, 200]),
    ("network_get", [401, 404, 200, 200, 200]),
    ("network_update", [401, 404, 403, 200, 200]),
    ("network_delete", [401, 404, 403, 200, 200]),
    ("deployment_validate", [401, 404, 403, 200, 200]),
    ("deployment_what_if", [401, 404, 403, 200, 200]),
    ("deployment_put", [401, 404, 403, 201, 201]),
    ("deployment_list", [401, 200, 200, 200, 200]),
    ("deployment_get", [401, 404, 200, 200, 200]),
    ("deployment_operation_list", [401, 404, 200, 200, 200]),
    ("deployment_export_template", [401, 404, 200, 200, 200]),
    ("gallery_list", [401, 200, 200, 200, 200]),
    ("gallery_list_in_group", [401, 200, 200, 200, 200]),
    ("gallery_get", [401, 404, 200, 200, 200]),
    ("gallery_put", [401, 404, 403, 200, 200]),
    ("gallery_update", [401, 404, 403, 200, 200]),
    ("gallery_cost_get", [401, 404, 200, 200, 200]),
    ("compute_usage_list", [401, 404, 200, 200, 200]),
    // Nothing is shared here; stories of their own show what is.
    ("gallery_list_shared", [401, 200, 200, 200, 200]),
    ("gallery_get_shared", [401, 404, 404, 404, 404]),
    ("image_list_shared", [401, 404, 404, 404, 404]),
    ("version_list_shared", [401, 404, 404, 404, 404]),
    ("image_list", [401, 404, 200, 200, 200]),
    ("image_get", [401, 404, 200, 200, 200]),
    ("image_put", [401, 404, 403, 200, 200]),
    ("image_update", [401, 404, 403, 200, 200]),
    ("version_list", [401, 404, 200, 200, 200]),
    ("version_get", [401, 404, 200, 200, 200]),
    ("version_put", [401, 404, 403, 200, 200]),
    ("version_update", [401, 404, 403, 200, 200]),
    ("version_cost_get", [401, 404, 200, 200, 200]),
    ("version_list_deleted", [401, 404, 200, 200, 200]),
    ("upload_create", [401, 404, 403, 201, 201]),
    ("upload_list", [401, 404, 403, 200, 200]),
    ("upload_get", [401, 404, 404, 200, 200]),
    ("upload_append", [401, 404, 404, 200, 200]),
    ("disk_list", [401, 200, 200, 200, 200]),
    ("disk_list_in_group", [401, 200, 200, 200, 200]),
    ("disk_get", [401, 404, 200, 200, 200]),
    ("disk_put", [401, 404, 403, 200, 200]),
    ("disk_update", [401, 404, 403, 200, 200]),
    ("snapshot_list", [401, 200, 200, 200, 200]),
    ("snapshot_list_in_group", [401, 200, 200, 200, 200]),
    ("snapshot_get", [401, 404, 200, 200, 200]),
    ("snapshot_put", [401, 404, 403, 200, 200]),
    ("snapshot_update", [401, 404, 403, 200, 200]),
    ("managed_image_list", [401, 200, 200, 200, 200]),
    ("managed_image_list_in_group", [401, 200, 200, 200, 200]),
    ("managed_image_get", [401, 404, 200, 200, 200]),
    ("managed_image_put", [401, 404, 403, 200, 200]),
    ("managed_image_update", [401, 404, 403, 200, 200]),
    ("vm_size_list", [401, 404, 200, 200, 200]),
    ("virtual_machine_list", [401, 200, 200, 200, 200]),
    ("virtual_machine_list_in_group", [401, 200, 200, 200, 200]),
    ("virtual_machine_get", [401, 404, 200, 200, 200]),
    ("virtual_machine_put", [401, 404, 403, 200, 200]),
    ("virtual_machine_update", [401, 404, 403, 200, 200]),
    ("virtual_machine_instance_view", [401, 404, 200, 200, 200]),
    ("virtual_machine_stop", [401, 404, 403, 202, 202]),
    ("virtual_machine_start", [401, 404, 403, 202, 202]),
    ("virtual_machine_restart", [401, 404, 403, 202, 202]),
    ("virtual_machine_deallocate", [401, 404, 403, 202, 202]),
    ("virtual_machine_generalize", [401, 404, 403, 200, 200]),
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
    ("role_put", [401, 404, 403, 403, 200]),
    // Of another organisation's there is none.
    ("role_delete", [401, 204, 403, 403, 200]),
    ("role_assignment_list", [401, 404, 200, 200, 200]),
    ("role_assignment_create", [401, 404, 403, 403, 201]),
    ("role_assignment_get", [401, 404, 200, 200, 200]),
    ("activity_list", [401, 200, 200, 200, 200]),
    ("role_assignment_delete", [401, 404, 403, 403, 200]),
    ("virtual_machine_delete", [401, 404, 403, 202, 202]),
    ("disk_delete", [401, 404, 403, 202, 202]),
    ("snapshot_delete", [401, 404, 403, 202, 202]),
    ("managed_image_delete", [401, 404, 403, 202, 202]),
    // It is over.
    ("deployment_cancel", [401, 404, 403, 409, 409]),
    ("deployment_delete", [401, 404, 403, 204, 204]),
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
    let documented: Vec<String> = documented().into_iter().map(|(id, ..)| id).collect();
    check_rows(
        "OPERATIONS",
        OPERATIONS,
        &documented,
        [401, 404, 403, 200, 200],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_every_caller_as_it_must() {
    let documented = documented();
    let mut swept = Swept::open().await;
    swept.queue_jobs().await;
    ask_all(
        OPERATIONS,
        async |who, row| {
            let (_, method, path) = documented
                .iter()
                .find(|(id, ..)| id == row)
                .expect("an operation");
            swept.operate(who, row, method.clone(), path).await
        },
        async || swept.settle().await,
    )
    .await;
    swept.close().await;
}

impl Swept {
    /// Makes an operation's request as this caller.
    async fn operate(&self, who: Who, row: &str, method: Method, template: &str) -> Answer {
        let place = self.place(who);
        let path = format!("{}?api-version=2022-08-01", place.path(template, row));
        let request = Request::builder().method(method).uri(path);
        let request = if row == "upload_append" {
            request
                .header("upload-offset", "0")
                .body(Body::from("0123456789abcdef"))
        } else {
            request.body(
                place
                    .body(row)
                    .map_or_else(Body::empty, |body| Body::from(body.to_string())),
            )
        };
        self.send(who, request.expect("a request")).await
    }
}
