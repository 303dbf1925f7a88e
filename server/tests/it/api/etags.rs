//! What `If-Match` and `If-None-Match` do, for every kind of resource that bears an etag.

use axum::http::{Method, Request};
use domain::image::OsState;
use serde_json::{Value, json};

use super::Api;

impl Api {
    /// The status of a write that expects something.
    async fn expecting(
        &self,
        method: &Method,
        id: &str,
        header: (&str, &str),
        body: &Value,
    ) -> u16 {
        let request = Request::builder()
            .method(method)
            .uri(format!("{id}?api-version=2024-03-03"))
            .header("content-type", "application/json")
            .header(header.0, header.1)
            .body(body.to_string().into())
            .expect("a request");
        let answer = self.send_request(Some(self.school.owner), request).await;
        answer.status.as_u16()
    }

    /// One resource of each kind that bears an etag, innermost first, so that they can be deleted in this order.
    async fn one_of_each(&self) -> [String; 5] {
        let (portal, school) = (&self.server.portal, &self.school);
        school.open_plan(portal).await;
        let version = school
            .import(portal, "base", OsState::Specialized, &[1])
            .await;
        let gallery = school.new_gallery(portal, "empty").await;
        let image = school.new_image(portal, &gallery, "cells").await;
        let lab = school
            .lab_from(portal, school.teacher, "biology", "base")
            .await;
        [
            image.meta.resource_id,
            gallery.meta.resource_id,
            lab.meta.resource_id,
            version.meta.resource_id,
            school.plan("science"),
        ]
        .map(|id| id.to_string())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_meanwhile_is_neither_changed_nor_deleted() {
    let api = Api::open().await;
    for id in api.one_of_each().await {
        let tags = json!({"tags": {"a": "b"}});
        let stale = ("if-match", "\"older\"");
        for method in [Method::PATCH, Method::DELETE] {
            let status = api.expecting(&method, &id, stale, &tags).await;
            assert_eq!(status, 412, "{method} {id}");
        }
        let read = api.get(&id).await.json();
        assert_eq!(read["tags"], json!({}), "{id}");
        let etag = format!("\"{}\"", read["etag"].as_str().expect("an etag"));
        let fresh = ("if-match", etag.as_str());
        let status = api.expecting(&Method::PATCH, &id, fresh, &tags).await;
        assert_eq!(status, 200, "{id}");
        let status = api.expecting(&Method::PATCH, &id, fresh, &tags).await;
        assert_eq!(status, 412, "{id}: the etag changed with the write before");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_creation_never_replaces_and_a_replacement_never_creates() {
    let api = Api::open().await;
    let new = ("if-none-match", "*");
    for id in api.one_of_each().await {
        let read = api.get(&id).await.json();
        let status = api.expecting(&Method::PUT, &id, new, &read).await;
        assert_eq!(status, 412, "{id}");
        assert_eq!(api.get(&id).await.json(), read, "{id}");
        let absent = format!("{}9", id.trim_end_matches(char::is_numeric));
        for etag in ["*", "\"some\""] {
            let replaced = api.expecting(&Method::PUT, &absent, ("if-match", etag), &read);
            assert_eq!(replaced.await, 412, "{absent}");
        }
        let absent = api.get(&absent).await;
        assert_eq!(absent.status, 404, "{}", absent.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn any_etag_will_do_for_a_star() {
    let api = Api::open().await;
    let [image, gallery, lab, version, plan] = api.one_of_each().await;
    for (id, status) in [(image, 200), (gallery, 200), (plan, 200), (lab, 202)] {
        let any = ("if-match", "*");
        let answered = api.expecting(&Method::DELETE, &id, any, &Value::Null).await;
        assert_eq!(answered, status, "{id}");
    }
    let new = ("if-none-match", "*");
    let status = api
        .expecting(&Method::DELETE, &version, new, &Value::Null)
        .await;
    assert_eq!(status, 412, "nobody deletes what must not exist");
}
