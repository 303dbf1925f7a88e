//! The OpenAPI document, for programs and for people.

use super::Api;

#[tokio::test]
async fn the_document_and_its_page_are_open_to_everybody() {
    let api = Api::open().await;
    let document = api.server.get("/openapi.json").await;
    assert_eq!(document.status, 200);
    assert_eq!(document.json()["info"]["title"], "Vitrine");
    let page = api.server.get("/docs/api").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("saveImage"));
    assert!(
        page.header("content-security-policy")
            .contains("default-src 'none'")
    );
    assert_eq!(api.server.get("/docs/api.css").await.status, 200);
}
