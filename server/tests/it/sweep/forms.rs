//! The forms beside the server functions whose answer itself shows a secret, this once.

use axum::body::Body;
use axum::http::Request;
use url::form_urlencoded;

use super::school::Swept;
use super::{Row, Who, ask_all};
use crate::portal::Answer;

/// Addresses of forms; `{application}` is a registration of the school.
const FORMS: &[Row] = &[
    (
        "/admin/applications/{application}/secret",
        [401, 404, 403, 403, 200],
    ),
    ("/account/token", [401, 200, 200, 200, 200]),
    // Everybody makes their own alone, in the browser and after their password: a story of its own.
    ("/account/recovery-codes", [401, 403, 403, 403, 403]),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_form_that_shows_a_secret_answers_every_caller_as_it_must() {
    let swept = Swept::open().await;
    ask_all(
        FORMS,
        async |who, row| swept.post_form(who, row).await,
        async || {},
    )
    .await;
    swept.close().await;
}

impl Swept {
    async fn post_form(&self, who: Who, row: &str) -> Answer {
        let application = self.place(who).application.to_string();
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("secretName", "swept"), ("days", "30")])
            .finish();
        let request = Request::post(row.replace("{application}", &application))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .header("sec-fetch-site", "same-origin");
        self.send(who, request.body(Body::from(form)).expect("a request"))
            .await
    }
}
