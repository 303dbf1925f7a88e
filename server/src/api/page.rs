//! The OpenAPI document, for programs and for people. The page needs no script and nothing from elsewhere.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;

use axum::response::{Html, IntoResponse};
use http::header;
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::{OpenApi, RefOr, Required};

use super::document::methods;

static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(super::openapi);
static PAGE: LazyLock<String> = LazyLock::new(|| render(&DOCUMENT));

const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The document as JSON.
pub(super) async fn json() -> impl IntoResponse {
    axum::Json(&*DOCUMENT)
}

/// The document as a page.
pub(super) async fn html() -> impl IntoResponse {
    (
        [(header::CONTENT_SECURITY_POLICY, POLICY)],
        Html(PAGE.as_str()),
    )
}

/// The page's look.
pub(super) async fn css() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/css; charset=utf-8")],
        include_str!("page.css"),
    )
}

/// One operation of the page.
type Entry<'a> = (&'a str, &'static str, &'a Operation);

fn render(document: &OpenApi) -> String {
    let mut groups: BTreeMap<&str, Vec<Entry<'_>>> = BTreeMap::new();
    for (path, item) in &document.paths.paths {
        for (method, operation) in methods(item) {
            let tag = operation
                .tags
                .iter()
                .flatten()
                .next()
                .map_or("Other", String::as_str);
            groups
                .entry(tag)
                .or_default()
                .push((path, method, operation));
        }
    }
    let mut page = String::new();
    // Writing to a text cannot fail, so the results say nothing.
    let _ = write_page(&mut page, document, &groups);
    page
}

fn write_page(
    page: &mut String,
    document: &OpenApi,
    groups: &BTreeMap<&str, Vec<Entry<'_>>>,
) -> std::fmt::Result {
    let description = document.info.description.as_deref().unwrap_or_default();
    write!(
        page,
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Vitrine REST API</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"stylesheet\" href=\"/docs/api.css\"></head><body><header><h1>Vitrine REST API</h1>\
         <p>Version {} · <a href=\"/openapi.json\">OpenAPI document</a> · <a href=\"/\">Portal</a></p><p>{}</p></header>\
         <nav aria-label=\"Groups\"><ul>",
        Text(&document.info.version),
        Text(description)
    )?;
    for tag in groups.keys() {
        write!(
            page,
            "<li><a href=\"#{}\">{}</a></li>",
            anchor(tag),
            Text(tag)
        )?;
    }
    page.push_str("</ul></nav><main>");
    for (tag, entries) in groups {
        write!(
            page,
            "<section aria-labelledby=\"{0}\"><h2 id=\"{0}\">{1}</h2>",
            anchor(tag),
            Text(tag)
        )?;
        for entry in entries {
            write_operation(page, entry)?;
        }
        page.push_str("</section>");
    }
    page.push_str("</main></body></html>\n");
    Ok(())
}

fn write_operation(page: &mut String, (path, method, operation): &Entry<'_>) -> std::fmt::Result {
    let id = operation.operation_id.as_deref().unwrap_or_default();
    let summary = operation.summary.as_deref().unwrap_or_default();
    write!(
        page,
        "<details id=\"{id}\"><summary><code class=\"{0}\">{method}</code> {1}</summary>\
         <p><code class=\"path\">{2}</code></p>",
        method.to_lowercase(),
        Text(summary),
        Text(path),
        id = Text(id),
    )?;
    if let Some(description) = operation
        .description
        .as_deref()
        .filter(|text| !text.is_empty())
    {
        write!(page, "<p>{}</p>", Text(description))?;
    }
    let parameters =
        operation
            .parameters
            .iter()
            .flatten()
            .filter_map(|parameter| match parameter {
                RefOr::T(parameter) => Some(parameter),
                RefOr::Ref(_) => None,
            });
    page.push_str(
        "<table><thead><tr><th>Parameter</th><th>In</th><th>Meaning</th></tr></thead><tbody>",
    );
    for parameter in parameters {
        let place = match parameter.parameter_in {
            ParameterIn::Path => "path",
            ParameterIn::Header => "header",
            _ => "query",
        };
        let must = if matches!(parameter.required, Required::True) {
            " (required)"
        } else {
            ""
        };
        let meaning = parameter.description.as_deref().unwrap_or_default();
        write!(
            page,
            "<tr><td><code>{}</code>{must}</td><td>{place}</td><td>{}</td></tr>",
            Text(&parameter.name),
            Text(meaning)
        )?;
    }
    page.push_str("</tbody></table>");
    if let Some(RefOr::T(body)) = &operation.request_body {
        for (kind, content) in &body.content {
            write_schema(page, "Body", kind, content)?;
        }
    }
    page.push_str("<ul>");
    for (status, response) in &operation.responses.responses {
        let RefOr::T(response) = response else {
            continue;
        };
        write!(
            page,
            "<li><code>{}</code> {}",
            Text(status),
            Text(&response.description)
        )?;
        for (kind, content) in &response.content {
            write_schema(page, "", kind, content)?;
        }
        page.push_str("</li>");
    }
    page.push_str("</ul></details>");
    Ok(())
}

fn write_schema(
    page: &mut String,
    title: &str,
    kind: &str,
    content: &RefOr<utoipa::openapi::Content>,
) -> std::fmt::Result {
    let RefOr::T(content) = content else {
        return Ok(());
    };
    let Some(schema) = &content.schema else {
        return Ok(());
    };
    let example = serde_json::to_value(schema)
        .map(|schema| example(&schema, 0))
        .unwrap_or_default();
    let text = serde_json::to_string_pretty(&example).unwrap_or_default();
    write!(
        page,
        "<p>{title} <code>{}</code></p><pre><code>{}</code></pre>",
        Text(kind),
        Text(&text)
    )
}

/// What a value of this schema looks like, with the kinds of its fields in the place of values.
fn example(schema: &serde_json::Value, depth: usize) -> serde_json::Value {
    use serde_json::{Map, Value};
    static SCHEMAS: LazyLock<Value> =
        LazyLock::new(|| serde_json::to_value(&*DOCUMENT).unwrap_or_default());
    if depth > 8 {
        return Value::String("…".to_owned());
    }
    let deeper = |schema: &Value| example(schema, depth + 1);
    if let Some(reference) = schema["$ref"].as_str() {
        return SCHEMAS
            .pointer(reference.trim_start_matches('#'))
            .map(deeper)
            .unwrap_or_default();
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let objects = parts.iter().filter_map(|part| match deeper(part) {
            Value::Object(fields) => Some(fields),
            _ => None,
        });
        return Value::Object(objects.flatten().collect());
    }
    if let Some(choice) = schema["oneOf"]
        .as_array()
        .and_then(|choices| choices.iter().find(|c| c["type"] != "null"))
    {
        return deeper(choice);
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds
            .iter()
            .find_map(|kind| kind.as_str().filter(|kind| *kind != "null")),
        kind => kind.as_str(),
    };
    match kind {
        Some("array") => Value::Array(vec![deeper(&schema["items"])]),
        Some("object") if schema["properties"].is_object() => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            Value::Object(
                fields
                    .map(|(name, field)| (name.clone(), deeper(field)))
                    .collect(),
            )
        }
        Some("object") => Value::Object(Map::from_iter([(
            "…".to_owned(),
            deeper(&schema["additionalProperties"]),
        )])),
        Some(kind) => Value::String(schema["format"].as_str().unwrap_or(kind).to_owned()),
        None => Value::Null,
    }
}

fn anchor(tag: &str) -> String {
    tag.to_lowercase()
        .replace(|c: char| !c.is_ascii_alphanumeric(), "-")
}

/// A text that is shown as it is.
struct Text<'a>(&'a str);

impl std::fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_every_operation_and_what_its_answer_looks_like() {
        for item in DOCUMENT.paths.paths.values() {
            for (_, operation) in methods(item) {
                let id = operation.operation_id.as_deref().expect("a name");
                assert!(
                    PAGE.contains(&format!("<details id=\"{id}\">")),
                    "{id} is missing"
                );
            }
        }
        assert!(PAGE.contains("&quot;provisioningState&quot;"));
        assert!(!PAGE.contains("<script"));
    }

    #[test]
    fn text_is_never_markup() {
        assert_eq!(
            Text("<a href=\"x\">&").to_string(),
            "&lt;a href=&quot;x&quot;&gt;&amp;"
        );
    }
}
