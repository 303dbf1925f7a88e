//! What functions need besides what a school has.

use bytes::Bytes;
use domain::upload::UploadInput;
use services::identity::{NewAccount, Visit};
use uuid::Uuid;

use crate::portal::Server;
use crate::sweep::school::{Furnished, Swept};

/// A password as accounts must have it.
pub(super) const PASSWORD: &str = "Correct-horse-1";

/// What functions need besides what a school has.
#[derive(Debug, Clone, Copy)]
pub(in crate::sweep) struct Extra {
    /// Somebody with a password.
    pub(super) pupil: Uuid,
    /// A session of the owner.
    pub(super) session: Uuid,
    /// A file that has come whole.
    pub(super) arrived: Uuid,
}

impl Swept {
    /// Makes it in both schools.
    pub(super) async fn add_extra(&mut self) {
        for place in [&mut self.owners, &mut self.others] {
            place.extra = Some(Extra::make(place, &self.server).await);
        }
    }
}

impl Furnished {
    pub(super) fn extra(&self) -> Extra {
        self.extra.expect("made before functions are asked for")
    }
}

impl Extra {
    async fn make(place: &Furnished, server: &Server) -> Self {
        let (services, ctx) = (&server.portal.services, place.ctx(server).await);
        let new = NewAccount {
            display_name: "Pupil".to_owned(),
            user_name: format!("pupil@{}", place.domain),
            password: PASSWORD.to_owned(),
        };
        let pupil = services.account_create(&ctx, new).await;
        let visit = Visit::default();
        let session = services.session_create(&ctx.caller, None, None, &visit);
        let session = session.await.expect("a session").id;
        let disk = server.portal.folder().join("arriving.qcow2");
        testkit::blank_disk(&disk, 1);
        let bytes = std::fs::read(&disk).expect("a disk");
        let input = UploadInput {
            gallery: place.found(server).await.gallery("images").await.id,
            file_name: "disk.qcow2".to_owned(),
            size_bytes: bytes.len() as u64,
            checksum: String::new(),
        };
        let arrived = services.upload_create(&ctx, input).await;
        let arrived = arrived.expect("an upload").id;
        let whole = futures::stream::iter([Ok(Bytes::from(bytes))]);
        let appended = services.upload_append(&ctx, arrived, 0, whole).await;
        appended.expect("a whole file");
        Self {
            pupil: pupil.expect("an account").id,
            session,
            arrived,
        }
    }
}
