//! What the OpenAPI document says of every operation alike, added once instead of at each handler.

use utoipa::ToSchema;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{KnownFormat, SchemaFormat, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Components, ContentBuilder, License, ObjectBuilder, OpenApi, Ref, RefOr, Required,
    ResponseBuilder,
};

use super::error::{ErrorDetail, ErrorResponse};

/// The version that the document bears; clients may send any date.
pub(super) const API_VERSION: &str = "2026-11-01";

const DESCRIPTION: &str = "\
Classroom labs on shared VM images, in the shapes of Azure Resource Manager. Every request bears an access token \
(`Authorization: Bearer …`) and an `api-version`, for which any date is taken. Paths are read without regard to case. \
Lists come in pages: follow `nextLink` until there is none. Long work answers at once: watch `Azure-AsyncOperation`, or \
follow `Location`. `If-Match` with an `etag` guards a change against those of others.";

const SCHEME: &str = "bearer";

/// Adds what all operations share.
pub(super) fn finish(mut document: OpenApi) -> OpenApi {
    document.info.title = "Vitrine".to_owned();
    document.info.version = API_VERSION.to_owned();
    document.info.description = Some(DESCRIPTION.to_owned());
    document.info.license = Some(License::new("Apache-2.0"));
    document.info.contact = None;
    for (path, item) in &mut document.paths.paths {
        let names: Vec<&str> = path.split('/').filter_map(name).collect();
        for operation in operations(item) {
            describe(operation, &names);
        }
    }
    let components = document.components.get_or_insert_with(Components::default);
    let mut schemas = Vec::new();
    ErrorResponse::schemas(&mut schemas);
    schemas.push((
        ErrorDetail::name().into_owned(),
        <ErrorDetail as utoipa::PartialSchema>::schema(),
    ));
    schemas.push((
        ErrorResponse::name().into_owned(),
        <ErrorResponse as utoipa::PartialSchema>::schema(),
    ));
    components.schemas.extend(schemas);
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .build();
    components.add_security_scheme(SCHEME, SecurityScheme::Http(scheme));
    document.security = Some(vec![SecurityRequirement::new(SCHEME, Vec::<String>::new())]);
    document
}

/// Every operation of a path, with its method.
pub(super) fn methods(item: &PathItem) -> impl Iterator<Item = (&'static str, &Operation)> {
    [
        ("GET", &item.get),
        ("HEAD", &item.head),
        ("PUT", &item.put),
        ("PATCH", &item.patch),
        ("POST", &item.post),
        ("DELETE", &item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [
        &mut item.get,
        &mut item.head,
        &mut item.put,
        &mut item.patch,
        &mut item.post,
        &mut item.delete,
    ]
    .into_iter()
    .filter_map(Option::as_mut)
}

fn describe(operation: &mut Operation, names: &[&str]) {
    let own = operation.parameters.take().unwrap_or_default();
    let named = names.iter().map(|name| RefOr::T(path_parameter(name)));
    operation.parameters = Some(named.chain([RefOr::T(api_version())]).chain(own).collect());
    let refusal = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name(ErrorResponse::name())))
        .build();
    let refusal = ResponseBuilder::new()
        .description("The request was refused.")
        .content("application/json", refusal);
    operation
        .responses
        .responses
        .entry("default".to_owned())
        .or_insert(RefOr::T(refusal.build()));
}

/// The name in `{name}`.
fn name(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

fn path_parameter(name: &str) -> Parameter {
    let mut schema = ObjectBuilder::new().schema_type(Type::String);
    let description = match name {
        "assignment" | "operation" | "role" | "subscription" | "upload" => {
            schema = schema.format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
            "A UUID."
        }
        "scope" => "A resource's path without its first slash; nothing for the whole tenant.",
        "location" => "A region's name.",
        "namespace" => "A resource provider, such as Microsoft.LabServices.",
        "version" => "Three numbers with dots, such as 1.0.2. Rule A26.",
        _ => "A name.",
    };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(description))
        .schema(Some(schema))
        .build()
}

fn api_version() -> Parameter {
    ParameterBuilder::new()
        .name("api-version")
        .parameter_in(ParameterIn::Query)
        .required(Required::True)
        .description(Some("Any date."))
        .schema(Some(
            ObjectBuilder::new()
                .schema_type(Type::String)
                .examples([API_VERSION]),
        ))
        .build()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::api::openapi;

    #[test]
    fn every_operation_has_a_name_of_its_own_and_a_sentence() {
        let document = openapi();
        let mut seen = BTreeSet::new();
        for (path, item) in &document.paths.paths {
            for (method, operation) in methods(item) {
                let id = operation.operation_id.as_deref().unwrap_or_default();
                assert!(
                    seen.insert(id.to_owned()),
                    "{method} {path} shares the name {id:?}"
                );
                assert!(
                    operation.summary.as_ref().is_some_and(|s| s.ends_with('.')),
                    "{id} has no summary"
                );
                assert!(
                    operation.tags.as_ref().is_some_and(|tags| tags.len() == 1),
                    "{id} belongs to no group"
                );
            }
        }
        assert!(seen.len() > 60, "only {} operations", seen.len());
    }

    #[test]
    fn every_reference_of_the_document_leads_somewhere() {
        let document = serde_json::to_value(openapi()).expect("JSON");
        let mut open = vec![&document];
        while let Some(value) = open.pop() {
            match value {
                serde_json::Value::Object(fields) => {
                    if let Some(serde_json::Value::String(reference)) = fields.get("$ref") {
                        let pointer = reference.trim_start_matches('#');
                        assert!(
                            document.pointer(pointer).is_some(),
                            "{reference} leads nowhere"
                        );
                    }
                    open.extend(fields.values());
                }
                serde_json::Value::Array(values) => open.extend(values),
                _ => {}
            }
        }
    }
}
