//! The portal's uploads: for those who are signed in, and for browsers without script.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use domain::image::{ImageInput, OsState, VersionView};
use domain::tenant::Precondition;
use domain::{Page, PageRequest};
use testkit::School;

use crate::portal::{Answer, Server};

const UPLOAD: &str = "/uploads/00000000-0000-0000-0000-000000000001";

#[tokio::test]
async fn nobody_uploads_without_signing_in() {
    let server = Server::start().await;
    for (method, path) in [
        (Method::POST, "/uploads"),
        (Method::PATCH, UPLOAD),
        (Method::GET, UPLOAD),
        (Method::DELETE, UPLOAD),
        (Method::POST, "/uploads/form"),
    ] {
        let request = Request::builder()
            .method(method.clone())
            .uri(path)
            .header("content-type", "application/json");
        let answer = server
            .send(request.body(Body::from("{}")).expect("a request"))
            .await;
        assert_eq!(
            answer.status,
            StatusCode::UNAUTHORIZED,
            "{method} {path}: {}",
            answer.text
        );
    }
}

const BOUNDARY: &str = "----boundary";

/// A form as a browser without script sends it: fields, then files.
#[derive(Default)]
struct Form(Vec<u8>);

impl Form {
    fn part(mut self, head: &str, content: &[u8]) -> Self {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n");
        self.0.extend_from_slice(head.as_bytes());
        self.0.extend_from_slice(content);
        self.0.extend_from_slice(b"\r\n");
        self
    }

    fn field(self, name: &str, value: &str) -> Self {
        self.part(&format!("name=\"{name}\""), value.as_bytes())
    }

    fn file(self, name: &str, file: &str, content: &[u8]) -> Self {
        self.part(&format!("name=\"{name}\"; filename=\"{file}\""), content)
    }
}

/// A server with a gallery and a definition in it, and its owner.
struct Desk {
    server: Server,
    school: School,
}

impl Desk {
    async fn set() -> Self {
        let server = Server::start().await;
        let school = School::found(&server.portal, "contoso.example").await;
        school.open_plan(&server.portal).await;
        let desk = Self { server, school };
        let input = ImageInput {
            location: "westeurope".to_owned(),
            os_state: OsState::Specialized,
            publisher: "school".to_owned(),
            offer: "labs".to_owned(),
            sku: "ubuntu".to_owned(),
            ..ImageInput::default()
        };
        let ctx = desk.server.portal.ctx(desk.school.owner).await;
        let (services, image) = (&desk.server.portal.services, desk.image());
        let put = services.image_put(&ctx, &image, input, Precondition::None);
        put.await.expect("a definition");
        desk
    }

    fn image(&self) -> domain::ResourceId {
        self.school.gallery("images").child("images", "ubuntu")
    }

    /// The fields that stand before the files.
    fn form(&self, version: &str) -> Form {
        Form::default()
            .field("image", self.image().as_str())
            .field("version", version)
            .field("location", "westeurope")
            .field("targets", "westeurope")
            .field("endOfLife", "2099-01-31")
            .field("return", "/images")
    }

    fn disk(&self) -> Vec<u8> {
        let file = self.server.portal.folder().join("sent.qcow2");
        testkit::blank_disk(&file, 1);
        std::fs::read(&file).expect("the disk")
    }

    async fn send(&self, form: Form) -> Answer {
        let mut bytes = form.0;
        bytes.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        let request = Request::post("/uploads/form")
            .header(
                "content-type",
                format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .header("accept", "text/html")
            .header("sec-fetch-site", "same-origin")
            .header("referer", "https://localhost:8443/images/g/upload?image=i");
        let mut request = request.body(Body::from(bytes)).expect("a request");
        let ctx = self.server.portal.ctx(self.school.owner).await;
        request.extensions_mut().insert(ctx);
        self.server.send(request).await
    }

    async fn versions(&self) -> Vec<VersionView> {
        let ctx = self.server.portal.ctx(self.school.owner).await;
        let services = &self.server.portal.services;
        let found: Page<VersionView> = services
            .version_list(&ctx, self.image(), &PageRequest::default())
            .await
            .expect("the versions");
        found.items
    }

    async fn uploads(&self) -> u64 {
        let ctx = self.server.portal.ctx(self.school.owner).await;
        let services = &self.server.portal.services;
        let found = services
            .upload_list(&ctx, self.school.gallery("images"), &PageRequest::default())
            .await;
        found.expect("the uploads").total
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_a4_a_browser_without_script_sends_an_os_disk_with_and_without_data_disks() {
    let desk = Desk::set().await;
    let disk = desk.disk();
    let alone = desk
        .form("1.0.0")
        .file("file", "os.qcow2", &disk)
        .file("dataDisks", "", b"");
    let three = desk
        .form("1.0.1")
        .file("file", "os.qcow2", &disk)
        .file("dataDisks", "data.qcow2", &disk)
        .file("dataDisks", "more.qcow2", &disk);
    for form in [alone, three] {
        let answer = desk.send(form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert_eq!(answer.header("location"), "/images");
    }
    let versions = desk.versions().await;
    let disks: Vec<u32> = versions.iter().map(|version| version.disk_count).collect();
    assert_eq!(disks, [3, 1]);
    assert!(versions.iter().all(|version| version.end_of_life.is_some()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_refused_form_sent_does_not_stay() {
    let desk = Desk::set().await;
    let disk = desk.disk();
    let refused = |answer: &Answer| {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let back = answer.header("location").to_owned();
        assert!(
            back.contains("__err=") && back.contains("&version="),
            "{back}"
        );
    };
    let unknown =
        desk.form("1.0.0")
            .file("file", "os.qcow2", &disk)
            .file("dataDisks", "data.floppy", &disk);
    refused(&desk.send(unknown).await);
    let no_number = desk.form("one").file("file", "os.qcow2", &disk);
    refused(&desk.send(no_number).await);
    let no_file = desk.form("1.0.0");
    refused(&desk.send(no_file).await);
    let first = desk
        .form("1.0.0")
        .file("dataDisks", "data.qcow2", &disk)
        .file("file", "os.qcow2", &disk);
    refused(&desk.send(first).await);
    assert_eq!((desk.versions().await.len(), desk.uploads().await), (0, 0));
}
