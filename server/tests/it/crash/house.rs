//! A school with a template VM on real disks, whose server is another process.

use std::path::PathBuf;
use std::process::Command;

use domain::image::OsState;
use domain::job::JobState;
use domain::lab::{CreateOption, LabInput};
use domain::machine::MachineView;
use domain::{OpContext, ResourceId};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use services::{Clock as _, SystemClock};
use tempfile::TempDir;
use testkit::{School, TestPortal};

use super::process::{Client, Process, Reply, free_port};

/// What every call of the API ends with.
pub(crate) const VERSION: &str = "api-version=2022-08-01";
/// What a disk of the house is filled with, in MiB.
pub(crate) const FILLED_MIB: u64 = 16;

/// The files and the database of a school. The portal in this process only looks on: the work is the program's.
pub(crate) struct House {
    pub(crate) portal: TestPortal,
    pub(crate) school: School,
    pub(crate) machine: MachineView,
    config: TempDir,
    port: u16,
    token: String,
}

impl House {
    /// A school with a lab, made before the program starts for the first time.
    pub(crate) async fn build() -> Self {
        Self::configured("").await
    }

    /// The same, with more lines in the program's configuration.
    pub(crate) async fn configured(lines: &str) -> Self {
        let portal = TestPortal::on_sqlite().await;
        portal.clock.advance(SystemClock.now() - portal.clock.now());
        let school = School::found(&portal, "a.example").await;
        school.open_plan(&portal).await;
        school
            .import(&portal, "base", OsState::Specialized, &[1])
            .await;
        let lab = school
            .lab_from(&portal, school.teacher, "biology", "base")
            .await;
        let machine = lab.template.expect("a template VM");
        let port = free_port();
        let house = Self {
            token: token(&portal, &portal.ctx(school.owner).await, port).await,
            config: tempfile::tempdir().expect("a folder"),
            portal,
            school,
            machine,
            port,
        };
        house.fill_disk();
        house.configure(lines);
        house
    }

    /// Something to copy: a teacher's work.
    fn fill_disk(&self) {
        let write = format!("write -q -P 0x5a 0 {FILLED_MIB}M");
        let status = Command::new("qemu-io")
            .args(["-f", "qcow2", "-c", &write])
            .arg(self.template_disk())
            .status()
            .expect("qemu-io runs; ./dev test installs it");
        assert!(status.success(), "the disk was not written");
    }

    fn configure(&self, lines: &str) {
        let port = self.port;
        let folder = self.portal.folder().display();
        let text = format!(
            "base_images = []\n\
             [server]\nlisten = \"127.0.0.1:{port}\"\npublic_url = \"http://127.0.0.1:{port}\"\n\
             [tls]\nmode = \"off\"\n\
             [data]\nfolder = \"{folder}\"\n\
             [[sizes]]\nname = \"Small\"\ndisplay_name = \"Small\"\nvcpus = 1\nmemory_mib = 128\nprice_milli_per_hour = 1\n\
             [engine]\naccelerator = \"emulation\"\nstop_grace_seconds = 1\n{lines}\n"
        );
        std::fs::write(self.config_file(), text).expect("a configuration");
    }

    fn config_file(&self) -> PathBuf {
        self.config.path().join("vitrine.toml")
    }

    /// Starts the program on this school.
    pub(crate) async fn open(&self) -> Process {
        self.open_through(&[]).await
    }

    /// Starts the program through others that become it at last.
    pub(crate) async fn open_through(&self, prelude: &[&str]) -> Process {
        Process::start(&self.config_file(), prelude, self.port, &self.token).await
    }

    /// The template VM's disk.
    pub(crate) fn template_disk(&self) -> PathBuf {
        let folder = self.portal.services.engine().machine_dir(self.machine.id);
        folder.join("disk-0.qcow2")
    }

    /// The id of an exported version.
    pub(crate) fn version(&self, image: &str) -> ResourceId {
        let image = self.school.gallery("images").child("images", image);
        image.child("versions", "1.0.0")
    }

    /// Asks for an export as a new image.
    pub(crate) async fn export(&self, client: &Client, image: &str) -> std::io::Result<Reply> {
        let path = format!("{}/saveImage?{VERSION}", self.school.plan("science"));
        let body = json!({"name": image, "labVirtualMachineId": self.machine.resource_id});
        let body = body.to_string();
        let body = ("Content-Type: application/json", body.as_bytes());
        client.send("POST", &path, Some(body)).await
    }

    /// Has the program make a colleague's lab from a version.
    pub(crate) async fn create_lab(&self, name: &str, image: &str) {
        let ctx = self.portal.ctx(self.school.colleague).await;
        let input = LabInput {
            plan: self.school.plan("science").to_string(),
            image: self
                .school
                .gallery("images")
                .child("images", image)
                .to_string(),
            size: "Small".to_owned(),
            region: "westeurope".to_owned(),
            create_option: CreateOption::TemplateVM,
            ..LabInput::default()
        };
        let lab = self.school.lab(name);
        let services = &self.portal.services;
        let started = services.lab_put(&ctx, &lab, input).await;
        let job = started.expect("a lab is begun").job.id;
        let job = self
            .portal
            .await_job(job, &ctx, |job| job.state.is_over())
            .await;
        assert_eq!(job.state, JobState::Succeeded, "{:?}", job.problem);
    }

    /// A version with where its copies stand. Rule A54.
    pub(crate) async fn replication(&self, client: &Client, image: &str) -> Value {
        let path = format!(
            "{}?{VERSION}&$expand=ReplicationStatus",
            self.version(image)
        );
        client.call("GET", &path, None).await.json()["properties"].take()
    }
}

/// An access token of the built-in issuer, as its token endpoint makes them.
async fn token(portal: &TestPortal, ctx: &OpContext, port: u16) -> String {
    let key = portal
        .services
        .signing_key_current()
        .await
        .expect("a signing key");
    let base = format!("http://127.0.0.1:{port}");
    let (caller, now) = (&ctx.caller, ctx.now.timestamp());
    let claims = json!({
        "iss": format!("{base}/{}/v2.0", caller.tenant),
        "aud": base,
        "sub": caller.principal,
        "oid": caller.principal,
        "tid": caller.tenant,
        "name": caller.display_name,
        "preferred_username": caller.user_name,
        "scp": "user_impersonation",
        "iat": now,
        "nbf": now,
        "exp": now + 3599,
        "ver": "2.0",
    });
    let header = Header {
        kid: Some(key.id.to_string()),
        ..Header::new(Algorithm::RS256)
    };
    let key = EncodingKey::from_rsa_pem(key.private_pem.as_bytes()).expect("a key");
    jsonwebtoken::encode(&header, &claims, &key).expect("a token")
}
