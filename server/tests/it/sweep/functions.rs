//! Every server function of the portal.

use axum::body::Body;
use axum::http::Request;
use leptos::server_fn::axum::server_fn_paths;
use url::form_urlencoded;

use super::school::Swept;
use super::{Row, Who, ask_all, check_rows};
use crate::portal::Answer;

mod applications;
mod directory;
mod extra;
mod forms;

pub(super) use extra::Extra;

/// Where server functions are.
const PREFIX: &str = "/fn/";

/// Functions by their endpoints, in the order of the requests: what deletes comes last, children before parents.
const FUNCTIONS: &[Row] = &[
    // While no worker runs: a job that is over can't be canceled.
    ("job/cancel", [401, 404, 403, 200, 200]),
    // It concerns nothing but the browser's own looks.
    ("theme/set", [200, 200, 200, 200, 200]),
    // Of a name in the other organisation's domain.
    ("account/create", [401, 400, 403, 403, 200]),
    ("account/password_set", [401, 404, 403, 403, 200]),
    ("principal/enable", [401, 404, 403, 403, 200]),
    // Of the owner of the school: everybody ends their own alone.
    ("session/revoke", [401, 404, 404, 404, 200]),
    ("factor/reset", [401, 404, 403, 403, 200]),
    // Everybody changes their own alone, in the browser and after their password: stories of their own.
    ("factor/open", [401, 403, 403, 403, 403]),
    ("totp/begin", [401, 403, 403, 403, 403]),
    ("totp/confirm", [401, 403, 403, 403, 403]),
    ("totp/remove", [401, 403, 403, 403, 403]),
    ("passkey/add", [401, 403, 403, 403, 403]),
    ("passkey/rename", [401, 403, 403, 403, 403]),
    ("passkey/remove", [401, 403, 403, 403, 403]),
    ("role_assignment/create", [401, 404, 403, 403, 200]),
    ("role/put", [401, 404, 403, 403, 200]),
    ("role/delete", [401, 404, 403, 403, 200]),
    // The link is the other school's, which the stranger owns: whose it is, has it already.
    ("share/accept", [401, 409, 403, 403, 200]),
    ("share/revoke", [401, 404, 403, 403, 200]),
    // In the stranger's own organisation.
    ("application/create", [401, 200, 403, 403, 200]),
    ("application/update", [401, 404, 403, 403, 200]),
    ("application/certificate_add", [401, 404, 403, 403, 200]),
    ("application/federated_add", [401, 404, 403, 403, 200]),
    ("application/credential_delete", [401, 404, 403, 403, 200]),
    ("service_principal/delete", [401, 404, 403, 403, 200]),
    ("application/delete", [401, 404, 403, 403, 200]),
    // Everybody of the organisation signs in their own programs; the code works once.
    ("device/decide", [401, 404, 200, 404, 200]),
    // In their own organisation strangers may what owners may.
    ("provider/create", [401, 200, 403, 403, 200]),
    ("provider/update", [401, 404, 403, 403, 200]),
    ("provider/enable", [401, 404, 403, 403, 200]),
    ("group/create", [401, 200, 403, 403, 200]),
    ("group_member/add", [401, 404, 403, 403, 200]),
    ("group_member/remove", [401, 404, 403, 403, 200]),
    ("group_claim/add", [401, 404, 403, 403, 200]),
    ("group_claim/remove", [401, 404, 403, 403, 200]),
    ("domain/add", [401, 200, 403, 403, 200]),
    ("domain/lead", [401, 404, 403, 403, 200]),
    ("domain/remove", [401, 404, 403, 403, 200]),
    ("invitation/revoke", [401, 404, 403, 403, 200]),
    ("provider/delete", [401, 404, 403, 403, 200]),
    ("resource_group/put", [401, 404, 403, 200, 200]),
    ("gallery/put", [401, 404, 403, 200, 200]),
    ("gallery/update", [401, 404, 403, 200, 200]),
    ("image/put", [401, 404, 403, 200, 200]),
    ("image/update", [401, 404, 403, 200, 200]),
    ("version/create", [401, 404, 403, 200, 200]),
    ("version/copy", [401, 404, 403, 200, 200]),
    ("version/update", [401, 404, 403, 200, 200]),
    ("version/scale", [401, 404, 403, 200, 200]),
    // None is deleted and kept here.
    ("version/restore", [401, 404, 403, 404, 404]),
    ("version/purge", [401, 404, 403, 404, 404]),
    ("plan/put", [401, 404, 403, 200, 200]),
    ("plan/update", [401, 404, 403, 200, 200]),
    ("plan/gallery/attach", [401, 404, 403, 200, 200]),
    ("plan/image/set", [401, 404, 403, 200, 200]),
    ("lab/put", [401, 404, 403, 200, 200]),
    ("lab/update", [401, 404, 403, 200, 200]),
    ("machine/start", [401, 404, 403, 200, 200]),
    ("machine/stop", [401, 404, 403, 200, 200]),
    ("template/export", [401, 404, 403, 200, 200]),
    ("role_assignment/delete", [401, 404, 403, 403, 200]),
    ("upload/delete", [401, 404, 404, 200, 200]),
    ("lab/delete", [401, 404, 403, 200, 200]),
    ("version/delete_many", [401, 404, 403, 200, 200]),
    ("version/delete", [401, 404, 403, 200, 200]),
    ("image/delete", [401, 404, 403, 200, 200]),
    ("plan/gallery/detach", [401, 404, 403, 200, 200]),
    ("plan/delete", [401, 404, 403, 200, 200]),
    ("gallery/delete", [401, 404, 403, 200, 200]),
    ("resource_group/delete", [401, 404, 403, 200, 200]),
];

#[test]
fn every_function_has_a_row_and_every_row_a_function() {
    let endpoints: Vec<String> = server_fn_paths()
        .map(|(path, method)| {
            assert_eq!(method, "POST", "{path} can be called by a link");
            let endpoint = path.strip_prefix(PREFIX);
            endpoint
                .unwrap_or_else(|| panic!("{path} is beside the others"))
                .to_owned()
        })
        .collect();
    check_rows(
        "FUNCTIONS",
        FUNCTIONS,
        &endpoints,
        [401, 404, 403, 200, 200],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_function_answers_every_caller_as_it_must() {
    let mut swept = Swept::open().await;
    swept.add_extra().await;
    swept.queue_jobs().await;
    ask_all(
        FUNCTIONS,
        async |who, row| {
            let answer = swept.call(who, row, "application/json").await;
            if answer.status == 200 {
                return answer;
            }
            // The form of a page without script is refused alike, and led back to its page.
            let back = swept.call(who, row, "text/html").await;
            assert_eq!(back.status, 302, "{row} by {who:?}: {}", back.text);
            let location = back.header("location");
            assert!(
                location.contains("__err="),
                "{row} by {who:?} leads to {location}"
            );
            answer
        },
        async || swept.settle().await,
    )
    .await;
    swept.close().await;
}

impl Swept {
    /// Posts a function's form as a script of the portal does, or as a page without one.
    async fn call(&self, who: Who, function: &str, accept: &str) -> Answer {
        let fields = self.fields(who, function).await;
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = Request::post(format!("{PREFIX}{function}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("content-length", form.len())
            .header("accept", accept)
            .header("sec-fetch-site", "same-origin")
            .header("referer", "https://localhost:8443/labs");
        self.send(who, request.body(Body::from(form)).expect("a request"))
            .await
    }
}
