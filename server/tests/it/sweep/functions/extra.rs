//! What functions need besides what a school has.

use bytes::Bytes;
use domain::share::ShareInput;
use domain::upload::UploadInput;
use services::identity::{NewAccount, Visit};
use uuid::Uuid;

use crate::portal::Server;
use crate::sweep::READER;
use crate::sweep::functions::applications::Program;
use crate::sweep::functions::directory::Directory;
use crate::sweep::school::{Furnished, Swept};

/// A password as accounts must have it.
pub(super) const PASSWORD: &str = "Correct-horse-1";

/// What functions need besides what a school has.
#[derive(Debug, Clone)]
pub(in crate::sweep) struct Extra {
    /// Somebody with a password.
    pub(super) pupil: Uuid,
    /// A session of the owner.
    pub(super) session: Uuid,
    /// A file that has come whole.
    pub(super) arrived: Uuid,
    /// The secret of a link by which the school shares its gallery.
    pub(super) token: String,
    /// Another link's share, to be revoked.
    pub(super) share: Uuid,
    /// A program of the school.
    pub(super) program: Program,
    /// What is set up of sign-in.
    pub(super) directory: Directory,
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
    pub(super) fn extra(&self) -> &Extra {
        self.extra
            .as_ref()
            .expect("made before functions are asked for")
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
            token: Self::link(place, server).await,
            share: {
                Self::link(place, server).await;
                let shares = services.share_list(&ctx, None).await;
                shares.expect("shares")[0].id
            },
            program: Program::make(place, server).await,
            directory: Directory::make(place, server).await,
        }
    }

    /// A link to the school's gallery.
    async fn link(place: &Furnished, server: &Server) -> String {
        let ctx = place.ctx(server).await;
        let input = ShareInput {
            scope: place.school.gallery("images"),
            role: READER,
            days: None,
            note: String::new(),
        };
        let made = server.portal.services.share_create(&ctx, input).await;
        made.expect("a link").token
    }
}
