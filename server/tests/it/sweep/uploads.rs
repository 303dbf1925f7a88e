//! Every address of the portal's uploads: they are no operations, and no server functions.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use super::school::Swept;
use super::{Row, Who, ask_all};
use crate::portal::Answer;

/// Who may not write to the gallery knows of no upload.
const UPLOADS: &[Row] = &[
    ("POST /uploads", [401, 404, 403, 201, 201]),
    ("GET /uploads/{upload}", [401, 404, 404, 200, 200]),
    ("HEAD /uploads/{upload}", [401, 404, 404, 200, 200]),
    ("PATCH /uploads/{upload}", [401, 404, 404, 200, 200]),
    ("DELETE /uploads/{upload}", [401, 404, 404, 204, 204]),
    ("POST /uploads/form", [401, 404, 403, 303, 303]),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_address_of_uploads_answers_every_caller_as_it_must() {
    let swept = Swept::open().await;
    ask_all(
        UPLOADS,
        async |who, row| swept.upload(who, row).await,
        async || {},
    )
    .await;
    swept.close().await;
}

impl Swept {
    async fn upload(&self, who: Who, row: &str) -> Answer {
        let place = self.place(who);
        let (method, path) = row.split_once(' ').expect("a method and a path");
        let path = path.replace("{upload}", &place.upload.to_string());
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("sec-fetch-site", "same-origin");
        let gallery = place.found(&self.server).await.gallery("images").await.id;
        let request = match row {
            "POST /uploads" => {
                let announced = json!({
                    "gallery": gallery, "fileName": "disk.raw", "sizeBytes": 1 << 20, "checksum": ""
                });
                request
                    .header("content-type", "application/json")
                    .body(Body::from(announced.to_string()))
            }
            "POST /uploads/form" => {
                let fields = [
                    ("gallery", gallery.to_string()),
                    ("image", place.image("spare").to_string()),
                    ("version", "2.0.0".to_owned()),
                    ("location", "westeurope".to_owned()),
                ];
                request
                    .header("content-type", "multipart/form-data; boundary=edge")
                    .body(Body::from(form(&fields)))
            }
            "PATCH /uploads/{upload}" => request
                .header("upload-offset", "0")
                .body(Body::from("0123456789abcdef")),
            _ => request.body(Body::empty()),
        };
        self.send(who, request.expect("a request")).await
    }
}

/// The fields, and behind them a small file, between the edges of a form.
fn form(fields: &[(&str, String)]) -> String {
    let fields: String = fields
        .iter()
        .map(|(name, value)| {
            format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        })
        .collect();
    let file = "content-disposition: form-data; name=\"file\"; filename=\"disk.raw\"";
    format!("{fields}--edge\r\n{file}\r\n\r\n0123456789abcdef\r\n--edge--\r\n")
}
