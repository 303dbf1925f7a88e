//! The REST API: every use case in the shapes of Azure Resource Manager.
//!
//! One endpoint, one file: `<resource>/<verb>.rs`. A handler reads the request, calls the one service method that
//! bears its name, and writes the answer; rules and rights are the services' matter.

mod activity;
mod admit;
mod canonical;
mod compute_machines;
mod costs;
mod deployments;
mod disks;
mod document;
mod error;
mod extract;
mod galleries;
mod images;
mod inside;
mod kept;
mod lab_plan_images;
mod lab_plans;
mod labs;
mod links;
mod list;
mod locations;
mod locks;
mod managed_images;
mod network;
mod operations;
mod page;
mod providers;
mod resource_groups;
mod resources;
mod role_assignments;
mod role_definitions;
mod shared_galleries;
mod skus;
mod snapshots;
mod subscriptions;
mod tags;
mod tenants;
mod uploads;
mod usages;
mod versions;
mod virtual_machines;
mod wire;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use axum::{Json, Router, middleware};
use http::StatusCode;
use services::Put;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use admit::not_found;
pub use canonical::{canonical, is_api};
pub(crate) use error::ApiError;
pub(crate) use inside::Inside;
pub(crate) use wire::Reading;

use crate::config::Config;
use crate::middleware::rate::{self, Limiter};
use crate::state::AppState;

/// What the body of an operation may hold.
const BODY_BYTES: usize = 1 << 20;
/// What a template with its parameters may hold, as in the modelled service.
const TEMPLATE_BYTES: usize = 4 << 20;

const SUBSCRIPTION: &str = "/subscriptions/{subscription}";
const GROUP: &str = "/subscriptions/{subscription}/resourceGroups/{resourceGroup}";
const RESOURCES_IN_GROUP: &str =
    "/subscriptions/{subscription}/resourceGroups/{resourceGroup}/providers/Microsoft.Resources";
const COMPUTE: &str = "/subscriptions/{subscription}/providers/Microsoft.Compute";
const COMPUTE_IN_GROUP: &str =
    "/subscriptions/{subscription}/resourceGroups/{resourceGroup}/providers/Microsoft.Compute";
const LABS: &str = "/subscriptions/{subscription}/providers/Microsoft.LabServices";
const LABS_IN_GROUP: &str =
    "/subscriptions/{subscription}/resourceGroups/{resourceGroup}/providers/Microsoft.LabServices";

/// Every route of the API and the pages that document it.
///
/// [`canonical`] must run before the router, and [`not_found`] answers what the router does not know of
/// [`is_api`]'s paths.
pub fn routes(config: &Config) -> Router<AppState> {
    let (operations, _) = short().split_for_parts();
    let limiter = Arc::new(Limiter::new(&config.requests));
    operations
        .method_not_allowed_fallback(admit::method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(middleware::from_fn(admit::admit))
        .layer(middleware::from_fn_with_state(limiter, rate::layer))
        .route("/openapi.json", get(page::json))
        .route("/docs/api", get(page::html))
        .route("/docs/api.css", get(page::css))
}

/// The routes whose requests last as long and are as large as a disk: they bear no limits of time and length.
pub fn streams() -> Router<AppState> {
    let (operations, _) = long().split_for_parts();
    operations.layer(middleware::from_fn(admit::admit))
}

/// The OpenAPI document, made from the handlers.
#[must_use]
pub fn openapi() -> OpenApi {
    let (_, document) = short().merge(long()).split_for_parts();
    document::finish(document)
}

fn short() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(resources())
        .merge(compute())
        .merge(machines())
        .merge(lab_services())
        .merge(authorization())
        .merge(deployments().layer(DefaultBodyLimit::max(TEMPLATE_BYTES)))
        .merge(extensions())
}

fn resources() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(tenants::list::tenant_list))
        .routes(routes!(subscriptions::list::subscription_list))
        .routes(routes!(subscriptions::get::subscription_get))
        .routes(routes!(locations::list::location_list))
        .routes(routes!(providers::list::provider_list))
        .routes(routes!(providers::get::provider_get))
        .routes(routes!(providers::register::provider_register))
        .routes(routes!(resource_groups::list::resource_group_list))
        .routes(routes!(
            resource_groups::get::resource_group_get,
            resource_groups::head::resource_group_check,
            resource_groups::put::resource_group_put,
            resource_groups::patch::resource_group_update,
            resource_groups::delete::resource_group_delete
        ))
        .routes(routes!(resource_groups::move_resources::resource_move))
        .routes(routes!(costs::get::resource_group_cost_get))
        .routes(routes!(operations::get::job_get))
        .routes(routes!(operations::cancel::job_cancel))
        .routes(routes!(operations::result::job_result))
}

fn deployments() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(deployments::list::deployment_list))
        .routes(routes!(
            deployments::get::deployment_get,
            deployments::put::deployment_put,
            deployments::delete::deployment_delete
        ))
        .routes(routes!(deployments::cancel::deployment_cancel))
        .routes(routes!(deployments::validate::deployment_validate))
        .routes(routes!(deployments::what_if::deployment_what_if))
        .routes(routes!(deployments::operations::deployment_operation_list))
        .routes(routes!(
            deployments::export_template::deployment_export_template
        ))
        .routes(routes!(network::list::network_list))
        .routes(routes!(network::list::network_list_in_group))
        .routes(routes!(
            network::get::network_get,
            network::put::network_put,
            network::patch::network_update,
            network::delete::network_delete
        ))
}

/// What belongs to resources of any kind.
fn extensions() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(resources::list::resource_list))
        .routes(routes!(resources::list::resource_list_in_group))
        .routes(routes!(locks::list::lock_list))
        .routes(routes!(
            locks::get::lock_get,
            locks::put::lock_put,
            locks::delete::lock_delete
        ))
        .routes(routes!(
            tags::get::tags_get,
            tags::put::tags_put,
            tags::patch::tags_update,
            tags::delete::tags_delete
        ))
}

fn compute() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(galleries::list::gallery_list))
        .routes(routes!(galleries::list::gallery_list_in_group))
        .routes(routes!(
            galleries::get::gallery_get,
            galleries::put::gallery_put,
            galleries::patch::gallery_update,
            galleries::delete::gallery_delete
        ))
        .routes(routes!(costs::get::gallery_cost_get))
        .routes(routes!(costs::get::version_cost_get))
        .routes(routes!(versions::list_deleted::version_list_deleted))
        .routes(routes!(usages::list::compute_usage_list))
        .routes(routes!(shared_galleries::list::gallery_list_shared))
        .routes(routes!(shared_galleries::get::gallery_get_shared))
        .routes(routes!(shared_galleries::images::image_list_shared))
        .routes(routes!(shared_galleries::versions::version_list_shared))
        .routes(routes!(images::list::image_list))
        .routes(routes!(
            images::get::image_get,
            images::put::image_put,
            images::patch::image_update,
            images::delete::image_delete
        ))
        .routes(routes!(versions::list::version_list))
        .routes(routes!(
            versions::get::version_get,
            versions::put::version_put,
            versions::patch::version_update,
            versions::delete::version_delete
        ))
        .routes(routes!(
            uploads::list::upload_list,
            uploads::create::upload_create
        ))
        .routes(routes!(
            uploads::get::upload_get,
            uploads::delete::upload_delete
        ))
}

fn machines() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(disks::list::disk_list))
        .routes(routes!(disks::list::disk_list_in_group))
        .routes(routes!(
            disks::get::disk_get,
            disks::put::disk_put,
            disks::patch::disk_update,
            disks::delete::disk_delete
        ))
        .routes(routes!(snapshots::list::snapshot_list))
        .routes(routes!(snapshots::list::snapshot_list_in_group))
        .routes(routes!(
            snapshots::get::snapshot_get,
            snapshots::put::snapshot_put,
            snapshots::patch::snapshot_update,
            snapshots::delete::snapshot_delete
        ))
        .routes(routes!(managed_images::list::managed_image_list))
        .routes(routes!(managed_images::list::managed_image_list_in_group))
        .routes(routes!(
            managed_images::get::managed_image_get,
            managed_images::put::managed_image_put,
            managed_images::patch::managed_image_update,
            managed_images::delete::managed_image_delete
        ))
        .routes(routes!(compute_machines::list::virtual_machine_list))
        .routes(routes!(
            compute_machines::list::virtual_machine_list_in_group
        ))
        .routes(routes!(
            compute_machines::get::virtual_machine_get,
            compute_machines::put::virtual_machine_put,
            compute_machines::patch::virtual_machine_update,
            compute_machines::delete::virtual_machine_delete
        ))
        .routes(routes!(
            compute_machines::instance_view::virtual_machine_instance_view
        ))
        .routes(routes!(compute_machines::start::virtual_machine_start))
        .routes(routes!(compute_machines::stop::virtual_machine_stop))
        .routes(routes!(
            compute_machines::deallocate::virtual_machine_deallocate
        ))
        .routes(routes!(compute_machines::restart::virtual_machine_restart))
        .routes(routes!(
            compute_machines::generalize::virtual_machine_generalize
        ))
        .routes(routes!(compute_machines::sizes::vm_size_list))
}

fn long() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(uploads::append::upload_append))
}

fn lab_services() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(lab_plans::list::plan_list))
        .routes(routes!(lab_plans::list::plan_list_in_group))
        .routes(routes!(
            lab_plans::get::plan_get,
            lab_plans::put::plan_put,
            lab_plans::patch::plan_update,
            lab_plans::delete::plan_delete
        ))
        .routes(routes!(lab_plans::save_image::template_export))
        .routes(routes!(lab_plans::catalog::catalog))
        .routes(routes!(lab_plan_images::list::plan_image_list))
        .routes(routes!(
            lab_plan_images::get::plan_image_get,
            lab_plan_images::put::plan_image_put,
            lab_plan_images::patch::plan_image_set
        ))
        .routes(routes!(labs::list::lab_list))
        .routes(routes!(labs::list::lab_list_in_group))
        .routes(routes!(
            labs::get::lab_get,
            labs::put::lab_put,
            labs::patch::lab_update,
            labs::delete::lab_delete
        ))
        .routes(routes!(labs::export_preview::template_export_preview))
        .routes(routes!(virtual_machines::list::machine_list))
        .routes(routes!(virtual_machines::get::machine_get))
        .routes(routes!(virtual_machines::start::machine_start))
        .routes(routes!(virtual_machines::stop::machine_stop))
        .routes(routes!(skus::list::sku_list))
        .routes(routes!(usages::list::usage_list))
        .routes(routes!(operations::lab_result::lab_operation_get))
        .routes(routes!(operations::list::lab_action_list))
}

fn authorization() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(role_definitions::list::role_list))
        .routes(routes!(
            role_definitions::get::role_get,
            role_definitions::put::role_put,
            role_definitions::delete::role_delete
        ))
        .routes(routes!(role_assignments::list::role_assignment_list))
        .routes(routes!(
            role_assignments::get::role_assignment_get,
            role_assignments::put::role_assignment_create,
            role_assignments::delete::role_assignment_delete
        ))
        .routes(routes!(activity::list::activity_list))
}

/// The answer to a PUT: 201 for what is new, else 200.
fn created<V, T: From<V>>(put: Put<V>) -> (StatusCode, Json<T>) {
    let status = if put.created {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    (status, Json(put.value.into()))
}
