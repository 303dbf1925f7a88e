//! Starting the server, and stopping it without losing anything.

use std::fs;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Redirect;
use axum_server::tls_rustls::RustlsConfig;
use axum_server::{Handle, Server};
use engine::Engine;
use hyper_util::rt::TokioTimer;
use leptos::config::{Env, LeptosOptions};
use services::{Clock as _, Seal, Services, SystemClock, SystemIds};
use store::Store;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::auth::Providers;
use crate::config::Config;
use crate::metrics::Metrics;
use crate::state::{AppState, TRUST};
use crate::{Failure, demo, log, router, tls};

/// How long requests and jobs may take to end when the server stops; jobs that need longer are handed back, and resumed.
const FAREWELL: Duration = Duration::from_secs(20);
/// How long a client may take over the headers of a request, and to answer whether it is still there.
const HEADER_PATIENCE: Duration = Duration::from_secs(20);

/// Serves until it is told to stop.
///
/// # Errors
/// When a part can't be started, with a sentence for the operator.
pub(crate) async fn serve(config: Config, with_demo: bool) -> Result<(), Failure> {
    log::start(&config.log);
    make_data_folder(&config)?;
    // Ports first: a second server on the same data folder stops here, before it touches anything.
    let listener = listen("server.listen", config.server.listen)?;
    let redirect = config
        .server
        .redirect_listen
        .map(|address| listen("server.redirect_listen", address))
        .transpose()?;
    let tls = tls::load(&config, SystemClock.now())?;
    let services = compose(&config).await?;
    let accounts = if with_demo {
        Some(demo::make(&services, &config, &SystemIds).await?)
    } else {
        None
    };

    let shutdown = CancellationToken::new();
    let state = AppState {
        services: services.clone(),
        leptos: leptos_options(&config),
        providers: Providers::open(&config)?,
        config: Arc::new(config),
        metrics: Arc::new(Metrics::default()),
        trust: TRUST,
        shutdown: shutdown.clone(),
    };
    let config = Arc::clone(&state.config);
    // Before the workers: jobs may go on with what the router offers.
    let service = router::router(state).into_make_service_with_connect_info::<SocketAddr>();
    let workers = tokio::spawn({
        let (services, shutdown) = (services.clone(), shutdown.clone());
        async move { services.run_workers(shutdown).await }
    });
    let handle = Handle::new();
    tokio::spawn(stop_on_signal(handle.clone(), shutdown.clone()));
    if let Some(listener) = redirect {
        let server = with_patience(axum_server::from_tcp(listener)?.handle(handle.clone()));
        tokio::spawn(server.serve(redirector(&config.server.public_url).into_make_service()));
    }
    greet(&config, tls.as_ref(), accounts.as_ref());

    match tls {
        Some(tls) => {
            let server =
                axum_server::from_tcp_rustls(listener, RustlsConfig::from_config(tls.server))?;
            with_patience(server.handle(handle)).serve(service).await?;
        }
        None => {
            with_patience(axum_server::from_tcp(listener)?.handle(handle))
                .serve(service)
                .await?;
        }
    }
    // The listener may have ended by itself: the workers end with it.
    shutdown.cancel();
    if tokio::time::timeout(FAREWELL, workers).await.is_err() {
        tracing::warn!("jobs were left to the next start: they took longer than the server may");
    }
    services.store().clone().close().await?;
    Ok(())
}

/// Waits for the system's wish to stop; then no connection is accepted any more, and streams are told to end.
async fn stop_on_signal(handle: Handle<SocketAddr>, shutdown: CancellationToken) {
    let (Ok(mut terminate), Ok(mut interrupt)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) else {
        tracing::error!("signals can't be received: this server only stops when it is killed");
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping; machines keep running");
    handle.graceful_shutdown(Some(FAREWELL));
    shutdown.cancel();
}

/// Limits how long a connection may take to say what it wants, and ends those that fell silent.
fn with_patience<A>(mut server: Server<SocketAddr, A>) -> Server<SocketAddr, A> {
    let builder = server.http_builder();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_PATIENCE);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(HEADER_PATIENCE)
        .keep_alive_timeout(HEADER_PATIENCE);
    server
}

fn listen(key: &str, address: SocketAddr) -> Result<TcpListener, Failure> {
    let hint = |error: io::Error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("{address} is in use by another program; stop it or change {key}")
        }
        io::ErrorKind::PermissionDenied => {
            format!("{address} is not for this user; take a port from 1024 on in {key}")
        }
        _ => format!("{address} can't be listened on: {error}; change {key}"),
    };
    let listener = TcpListener::bind(address).map_err(hint)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Makes the data folder, for this user alone.
pub(crate) fn make_data_folder(config: &Config) -> Result<(), Failure> {
    let folder = &config.data.folder;
    let failed = |error| {
        format!(
            "the data folder {} can't be used: {error}; change data.folder",
            folder.display()
        )
    };
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(failed)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(failed)?;
    // Made by an earlier version or by hand, the database file may be open to others.
    if let Some(file) = config.database_file().filter(|file| file.exists()) {
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).map_err(failed)?;
    }
    Ok(())
}

/// The use cases over the configured database, stores and machines; no job runs yet.
///
/// # Errors
/// When a part can't be opened, with a sentence for the operator.
pub(crate) async fn compose(config: &Config) -> Result<Services, Failure> {
    let store = Store::open(&config.database_url())
        .await
        .map_err(|error| format!("the database can't be opened: {error}"))?;
    let engine = Engine::open(config.engine(), Arc::new(config.hypervisor()))?;
    Ok(Services::new(
        store,
        engine,
        config.settings(),
        Arc::new(SystemClock),
        Arc::new(SystemIds),
        seal(config)?,
    ))
}

/// The key with which secrets are sealed in the database, made at the first start.
pub(crate) fn seal(config: &Config) -> Result<Seal, Failure> {
    let file = config.in_data(Path::new("secret.key"));
    Seal::open(&file, &SystemIds)
        .map_err(|error| format!("the key {} can't be used: {error}", file.display()).into())
}

/// Where Leptos finds the front end's files.
#[must_use]
pub fn leptos_options(config: &Config) -> LeptosOptions {
    let site = std::path::absolute(config.site_folder()).unwrap_or_else(|_| config.site_folder());
    let hashes = site.join("hash.txt");
    if !hashes.exists() {
        tracing::warn!(site = %site.display(), "the front end is not built: pages come without style and script");
    }
    LeptosOptions::builder()
        .output_name("vitrine")
        .env(Env::PROD)
        .site_addr(config.server.listen)
        .hash_files(hashes.exists())
        .hash_file(text(&hashes))
        .site_root(text(&site))
        .build()
}

fn text(path: &Path) -> Arc<str> {
    path.to_string_lossy().into()
}

/// Leads every address to the same one under HTTPS.
fn redirector(public_url: &Url) -> Router {
    async fn lead(State(base): State<Url>, uri: Uri) -> Redirect {
        let mut to = base;
        to.set_path(uri.path());
        to.set_query(uri.query());
        Redirect::permanent(to.as_str())
    }
    Router::new().fallback(lead).with_state(public_url.clone())
}

/// Says where the portal is, and how to get in.
fn greet(config: &Config, tls: Option<&tls::Loaded>, accounts: Option<&demo::Accounts>) {
    println!("Vitrine is at {}", config.server.public_url);
    if let Some(authority) = tls.and_then(|tls| tls.authority.as_ref()) {
        println!(
            "Its certificate is from an authority of its own; browsers that should trust it import {}",
            authority.display()
        );
    }
    if let Some(accounts) = accounts {
        println!("\n{accounts}");
    }
}
