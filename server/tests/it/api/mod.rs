//! The REST API, endpoint by endpoint. Paths mirror `server/src/api`.

mod authorization;
mod compute;
mod deployments;
mod etags;
mod galleries;
mod lab_plans;
mod labs;
mod pages;
mod replication;
mod resources;
mod rules;
mod versions;

use std::collections::BTreeMap;
use std::fmt::Write;

use axum::body::Body;
use axum::http::{Method, Request};
use domain::ResourceId;
use serde_json::Value;
use testkit::{Person, School};

use crate::portal::{Answer, Server};

/// A school behind the API, and its people as callers.
pub(crate) struct Api {
    pub(crate) server: Server,
    pub(crate) school: School,
}

impl Api {
    pub(crate) async fn open() -> Self {
        let server = Server::start().await;
        let school = School::found(&server.portal, "contoso.example").await;
        Self { server, school }
    }

    /// Sends a request as this person, or as nobody, to exactly this path and query.
    pub(crate) async fn send(
        &self,
        who: Option<Person>,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.send_request(who, request.body(body).expect("a request"))
            .await
    }

    /// Sends a request as this person, or as nobody.
    pub(crate) async fn send_request(
        &self,
        who: Option<Person>,
        mut request: Request<Body>,
    ) -> Answer {
        if let Some(person) = who {
            // How a caller is recognised is another test's matter.
            let ctx = self.server.portal.ctx(person).await;
            request.extensions_mut().insert(ctx);
        }
        self.server.send(request).await
    }

    /// Sends a request as the owner.
    pub(crate) async fn call(
        &self,
        method: Method,
        id: impl std::fmt::Display,
        body: Option<Value>,
    ) -> Answer {
        let path = format!(
            "{id}{}api-version=2022-08-01",
            if id.to_string().contains('?') {
                '&'
            } else {
                '?'
            }
        );
        self.send(Some(self.school.owner), method, &path, body)
            .await
    }

    pub(crate) async fn get(&self, id: impl std::fmt::Display) -> Answer {
        self.call(Method::GET, id, None).await
    }

    pub(crate) async fn put(&self, id: impl std::fmt::Display, body: Value) -> Answer {
        self.call(Method::PUT, id, Some(body)).await
    }

    /// The path of the school's subscription.
    pub(crate) fn subscription(&self) -> String {
        format!(
            "/subscriptions/{}",
            self.school
                .group
                .segment("subscriptions")
                .expect("a subscription")
        )
    }

    pub(crate) fn gallery(&self, name: &str) -> ResourceId {
        self.school.gallery(name)
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{error} in {:?}", self.text))
    }
}

/// Status, the headers that clients act on, and the body, with ids and etags replaced in the order of their coming.
pub(crate) fn shown(answer: &Answer) -> String {
    let mut text = format!("{}\n", answer.status);
    for name in [
        "azure-asyncoperation",
        "location",
        "retry-after",
        "www-authenticate",
    ] {
        if !answer.header(name).is_empty() {
            writeln!(text, "{name}: {}", answer.header(name)).expect("a text");
        }
    }
    if !answer.text.is_empty() {
        let mut body = answer.json();
        hide_etags(&mut body);
        text += &serde_json::to_string_pretty(&body).expect("JSON");
    }
    hide_ids(&text)
}

fn hide_etags(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                if name == "etag" {
                    *field = Value::from("etag");
                } else {
                    hide_etags(field);
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(hide_etags),
        _ => {}
    }
}

fn hide_ids(text: &str) -> String {
    const LENGTH: usize = 36;
    let mut names = BTreeMap::new();
    let mut out = String::new();
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let id = rest
            .get(..LENGTH)
            .filter(|id| id.parse::<uuid::Uuid>().is_ok());
        if let Some(id) = id {
            let number = names.len() + 1;
            let number = *names.entry(id.to_lowercase()).or_insert(number);
            write!(out, "(id {number})").expect("a text");
            rest = &rest[LENGTH..];
        } else {
            out.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    out
}
