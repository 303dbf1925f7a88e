//! Consoles in the browser: the screen and the serial line of a machine over a WebSocket.
//!
//! The services decide who may look; here bytes are carried both ways, no faster than the slower side takes them.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::rbac::Action;
use engine::ConsoleStream;
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use services::Error;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::time::{Instant, interval_at, timeout};
use uuid::Uuid;

use crate::middleware::refusal::Refusal;
use crate::middleware::{RequestId, Signed};
use crate::state::AppState;

/// Bytes that are read from a machine at once; a full-screen update of the screen takes several.
const CHUNK_BYTES: usize = 32 << 10;
/// Viewers send key strokes and pointer moves, and now and then a clipboard.
const MESSAGE_BYTES: usize = 256 << 10;
/// A browser that takes nothing for this long is gone.
const PATIENCE: Duration = Duration::from_secs(30);

/// Routes of this module.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/console/{machine}/screen", get(screen))
        .route("/console/{machine}/serial", get(serial))
        .route("/console/{machine}/screenshot", get(screenshot))
}

#[derive(Debug, Clone, Copy)]
enum Line {
    Screen,
    Serial,
}

async fn screen(
    state: State<AppState>,
    caller: Signed,
    request_id: RequestId,
    headers: HeaderMap,
    machine: Path<Uuid>,
    upgrade: WebSocketUpgrade,
) -> Response {
    open(
        Line::Screen,
        state,
        caller,
        request_id,
        headers,
        machine,
        upgrade,
    )
    .await
}

async fn serial(
    state: State<AppState>,
    caller: Signed,
    request_id: RequestId,
    headers: HeaderMap,
    machine: Path<Uuid>,
    upgrade: WebSocketUpgrade,
) -> Response {
    open(
        Line::Serial,
        state,
        caller,
        request_id,
        headers,
        machine,
        upgrade,
    )
    .await
}

async fn open(
    line: Line,
    State(state): State<AppState>,
    caller: Signed,
    request_id: RequestId,
    headers: HeaderMap,
    Path(machine): Path<Uuid>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let stream = match line {
        Line::Screen => {
            state
                .services
                .machine_screen(&caller.context, machine)
                .await
        }
        Line::Serial => {
            state
                .services
                .machine_serial(&caller.context, machine)
                .await
        }
    };
    let stream = match stream {
        Ok(stream) => stream,
        Err(error) => {
            let problem = error.into_problem(&request_id.0);
            return Refusal::new(problem, &headers, &request_id).into_response();
        }
    };
    // noVNC asks for the subprotocol `binary`; xterm's side asks for none.
    let upgrade = upgrade
        .protocols(["binary"])
        .max_message_size(MESSAGE_BYTES)
        .max_frame_size(MESSAGE_BYTES);
    upgrade.on_upgrade(async move |socket| {
        let end = carry(socket, stream, revoked(&state, caller, machine), state.shutdown.cancelled());
        let end = end.await;
        tracing::info!(machine.id = %machine, request.id = request_id.0, line = ?line, end = ?end, "a console was closed");
    })
}

/// Returns once the viewer may not look any longer.
async fn revoked(state: &AppState, mut caller: Signed, machine: Uuid) {
    let mut ticks = interval_at(Instant::now() + state.trust, state.trust);
    loop {
        ticks.tick().await;
        // While the database can't say, the console stays: the screen is no more secret than a moment ago.
        if let Err(Error::Problem(_)) = caller.renew(state).await {
            return;
        }
        let Ok(view) = state.services.machine_get(&caller.context, machine).await else {
            return;
        };
        if !caller
            .context
            .may(Action::LabVmConnect, view.resource_id.as_str())
        {
            return;
        }
    }
}

/// Why a console was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The browser left.
    Viewer,
    /// The machine was stopped.
    Machine,
    /// The session ended, or the right was taken away.
    Right,
    /// This server stops.
    Shutdown,
}

impl End {
    fn frame(self) -> CloseFrame {
        let (code, reason) = match self {
            Self::Viewer => (close_code::NORMAL, "closed"),
            Self::Machine => (close_code::NORMAL, "the machine stopped"),
            Self::Right => (
                close_code::POLICY,
                "you are no longer signed in, or may not connect any more",
            ),
            Self::Shutdown => (close_code::RESTART, "the server restarts"),
        };
        CloseFrame {
            code,
            reason: reason.into(),
        }
    }
}

/// Carries bytes both ways until either side ends, or one of the two futures does.
async fn carry(
    socket: WebSocket,
    machine: Box<dyn ConsoleStream>,
    revoked: impl Future<Output = ()>,
    shutdown: impl Future<Output = ()>,
) -> End {
    let (mut to_viewer, from_viewer) = socket.split();
    let (from_machine, to_machine) = tokio::io::split(machine);
    let end = tokio::select! {
        end = outward(from_machine, &mut to_viewer) => end,
        end = inward(from_viewer, to_machine) => end,
        () = revoked => End::Right,
        () = shutdown => End::Shutdown,
    };
    // A browser that is gone does not take its farewell.
    let _ = timeout(PATIENCE, to_viewer.send(Message::Close(Some(end.frame())))).await;
    end
}

/// What the machine says. The next piece is read only when the browser took the last: a slow one slows its own view down,
/// and nothing piles up here.
async fn outward(
    mut machine: ReadHalf<Box<dyn ConsoleStream>>,
    viewer: &mut SplitSink<WebSocket, Message>,
) -> End {
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let length = match machine.read(&mut chunk).await {
            Ok(0) | Err(_) => return End::Machine,
            Ok(length) => length,
        };
        let message = Message::Binary(Bytes::copy_from_slice(&chunk[..length]));
        if !matches!(timeout(PATIENCE, viewer.send(message)).await, Ok(Ok(()))) {
            return End::Viewer;
        }
    }
}

/// What the viewer types.
async fn inward(
    mut viewer: SplitStream<WebSocket>,
    mut machine: WriteHalf<Box<dyn ConsoleStream>>,
) -> End {
    while let Some(Ok(message)) = viewer.next().await {
        let bytes = match message {
            Message::Binary(bytes) => bytes,
            Message::Text(text) => text.into(),
            Message::Close(_) => break,
            Message::Ping(_) | Message::Pong(_) => continue,
        };
        if machine.write_all(&bytes).await.is_err() || machine.flush().await.is_err() {
            return End::Machine;
        }
    }
    End::Viewer
}

async fn screenshot(
    State(state): State<AppState>,
    caller: Signed,
    request_id: RequestId,
    headers: HeaderMap,
    Path(machine): Path<Uuid>,
) -> Response {
    match state
        .services
        .machine_screenshot(&caller.context, machine)
        .await
    {
        Ok(png) => ([(CONTENT_TYPE, "image/png")], png).into_response(),
        Err(error) => {
            Refusal::new(error.into_problem(&request_id.0), &headers, &request_id).into_response()
        }
    }
}
