//! Event streams and consoles, through a real port: what is asked for must be able to become a WebSocket.

use axum::http::StatusCode;

use super::school::{Furnished, Swept};
use super::{Row, Who, ask_all};
use crate::portal::Answer;
use crate::socket::Port;

/// A console is a right of its own: to see a machine is not enough.
const STREAMS: &[Row] = &[
    ("/events/jobs/{job}", [401, 404, 200, 200, 200]),
    ("/events/machines/{machine}", [401, 404, 200, 200, 200]),
    ("/console/{machine}/screen", [401, 404, 403, 101, 101]),
    ("/console/{machine}/serial", [401, 404, 403, 101, 101]),
    ("/console/{machine}/screenshot", [401, 404, 403, 200, 200]),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_stream_and_console_answers_every_caller_as_it_must() {
    let swept = Swept::open().await;
    for place in [&swept.owners, &swept.others] {
        swept.start_machine(place).await;
    }
    let port = Port::open(&swept.server).await;
    ask_all(
        STREAMS,
        async |who, row| swept.begin(&port, who, row).await,
        async || {},
    )
    .await;
    swept.close().await;
}

impl Swept {
    async fn start_machine(&self, place: &Furnished) {
        let (portal, ctx) = (&self.server.portal, place.ctx(&self.server).await);
        let job = portal.services.machine_start(&ctx, place.machine.1).await;
        portal.succeed(&job.expect("a job"), &ctx).await;
    }

    /// How the server answers at first; the stream itself is left.
    async fn begin(&self, port: &Port, who: Who, row: &str) -> Answer {
        let place = self.place(who);
        let path = row
            .replace("{job}", &place.job.to_string())
            .replace("{machine}", &place.machine.1.to_string());
        let cookie = match self.person(who) {
            Some(person) => Some(self.server.session(person).await.secret),
            None => None,
        };
        let is_console = row.ends_with("/screen") || row.ends_with("/serial");
        let opened = if is_console {
            port.upgrade(&path, cookie.as_deref()).await
        } else {
            port.get(&path, cookie.as_deref()).await
        };
        Answer {
            status: StatusCode::from_u16(opened.status).expect("a status"),
            headers: Default::default(),
            text: String::new(),
        }
    }
}
