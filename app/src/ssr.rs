//! Where pages meet the server: the only module of this crate that names server crates.

use std::future::Future;

use domain::problem::Code;
use domain::{OpContext, Problem};
use http::header::{ACCEPT, COOKIE, SET_COOKIE};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use url::form_urlencoded;

/// What pages may name of the use cases.
pub use services::application::Consent;
pub use services::identity::{DeviceWish, NewAccount, NewPrincipal};
pub use services::{Home, LabRights, SearchHit, Services, Settings, Target};

use crate::refusal::Refusal;
use crate::theme::Theme;
use crate::ui::badge::Tone;
use crate::ui::callout::Callout;
use crate::ui::frame::Visitor;
use crate::ui::query::Query;
use crate::ui::toast::Flash;
use crate::{places, shell};

/// What the session middleware puts into the extensions of a signed-in request.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The caller and the circumstances, for the services.
    pub op: OpContext,
    /// Name of the tenant in which the caller acts.
    pub tenant_name: String,
}

/// The address under which the portal is reached, without a slash at the end; the server gives it as context.
#[derive(Debug, Clone)]
pub struct PublicUrl(pub String);

/// The address under which the portal is reached, for what is pasted elsewhere.
///
/// # Errors
/// `InternalServerError` when the server was composed without it.
pub fn base() -> Result<String, Refusal> {
    let missing = || {
        Refusal(Problem::new(
            Code::InternalServerError,
            "The portal is not ready.",
        ))
    };
    use_context::<PublicUrl>()
        .map(|url| url.0)
        .ok_or_else(missing)
}

fn parts() -> Option<Parts> {
    use_context::<Parts>()
}

/// Something that a layer of the server put into this request's extensions.
pub(crate) fn extension<T: Clone + Send + Sync + 'static>() -> Option<T> {
    parts()?.extensions.get::<T>().cloned()
}

fn signed_in() -> Option<SignedIn> {
    extension()
}

/// Who asks, as the services want it.
///
/// # Errors
/// `AuthenticationFailed` when nobody is signed in; [`page`] answers it by leading to the sign-in page.
pub fn op() -> Result<OpContext, Refusal> {
    let nobody = || {
        Refusal(Problem::new(
            Code::AuthenticationFailed,
            "Sign in to go on.",
        ))
    };
    signed_in().map(|who| who.op).ok_or_else(nobody)
}

/// What the caller's organisation is called; empty when nobody is signed in.
#[must_use]
pub fn tenant_name() -> String {
    signed_in().map(|who| who.tenant_name).unwrap_or_default()
}

/// The use cases. The server gives them as context to every page and server function.
///
/// # Errors
/// `InternalServerError` when the server was composed without them.
pub fn services() -> Result<Services, Refusal> {
    let missing = || {
        Refusal(Problem::new(
            Code::InternalServerError,
            "The portal is not ready.",
        ))
    };
    use_context::<Services>().ok_or_else(missing)
}

impl From<services::Error> for Refusal {
    /// What the user is told of a use case's failure; the failure itself goes to the log under the request's id.
    fn from(error: services::Error) -> Self {
        let request_id = op().map(|op| op.request_id).unwrap_or_default();
        Self(error.into_problem(&request_id))
    }
}

/// The person for whom pages are framed, when one is signed in.
#[must_use]
pub fn visitor() -> Option<Visitor> {
    let SignedIn { op, tenant_name } = signed_in()?;
    let places = places::open_to(&op);
    Some(Visitor {
        name: op.caller.display_name,
        user_name: op.caller.user_name,
        tenant: tenant_name,
        places,
    })
}

/// Path and query of the page that is asked for.
#[must_use]
pub fn query() -> Query {
    parts()
        .map(|p| Query::parse(p.uri.path(), p.uri.query().unwrap_or_default()))
        .unwrap_or_default()
}

/// The key that stands in the page's address under this name. Ask before the first wait: the address is known where the
/// page begins.
///
/// # Errors
/// `ResourceNotFound` for what is no key: there is no such page.
pub fn id(name: &str) -> Result<uuid::Uuid, Refusal> {
    let text = leptos_router::hooks::use_params_map().with_untracked(|params| params.get(name));
    let id = text.and_then(|text| uuid::Uuid::parse_str(&text).ok());
    id.ok_or_else(|| Refusal(Problem::not_found("This page")))
}

/// Draws a page from what a future loads, or the refusal with its own HTTP status.
///
/// Routes are rendered in [`leptos_router::SsrMode::Async`], so the status is settled before the first byte.
pub fn page<V>(load: impl Future<Output = Result<V, Refusal>> + Send + 'static) -> impl IntoView
where
    V: IntoView + 'static,
{
    Suspend::new(async move {
        match load.await {
            Ok(view) => view.into_any(),
            Err(Refusal(problem)) if problem.code == Code::AuthenticationFailed => {
                lead_to_sign_in();
                ().into_any()
            }
            Err(Refusal(problem)) => {
                set_status(problem.code.status());
                shell::refused(problem)
            }
        }
    })
}

/// Draws a part of a page from what a future loads; a refusal stands in the part's place and leaves the rest alone.
pub fn part<V>(load: impl Future<Output = Result<V, Refusal>> + Send + 'static) -> impl IntoView
where
    V: IntoView + 'static,
{
    Suspend::new(async move {
        match load.await {
            Ok(view) => view.into_any(),
            Err(Refusal(problem)) => {
                if problem.code == Code::InternalServerError {
                    set_status(problem.code.status());
                }
                view! { <Callout tone=Tone::Danger title=problem.message /> }.into_any()
            }
        }
    })
}

/// Runs the body of a server function: a refusal gets its own HTTP status where a script asked.
/// A plain form is led back to its page instead, with the refusal in the address.
///
/// # Errors
/// Whatever the body refuses with.
pub async fn act<T>(body: impl Future<Output = Result<T, Refusal>>) -> Result<T, Refusal> {
    let outcome = body.await;
    if let Err(Refusal(problem)) = &outcome
        && !wants_html()
    {
        set_status(problem.code.status());
    }
    outcome
}

fn wants_html() -> bool {
    let accept = parts().and_then(|p| p.headers.get(ACCEPT).cloned());
    accept.is_some_and(|value| value.to_str().is_ok_and(|text| text.contains("text/html")))
}

/// Sets the HTTP status of the page that is being drawn.
pub fn set_status(status: u16) {
    if let (Some(options), Ok(status)) = (
        use_context::<ResponseOptions>(),
        StatusCode::from_u16(status),
    ) {
        options.set_status(status);
    }
}

fn lead_to_sign_in() {
    let address = parts()
        .and_then(|p| p.uri.path_and_query().map(ToString::to_string))
        .unwrap_or_default();
    let back: String = form_urlencoded::byte_serialize(address.as_bytes()).collect();
    leptos_axum::redirect(&format!("/signin?return_to={back}"));
}

/// Ends a server function well: leads to a page that shows the sentence. A `path` that leads out of the portal is
/// taken for the start page, so forms may say where they stand.
pub fn done(path: &str, sentence: &str) {
    flash(Tone::Ok, sentence);
    leptos_axum::redirect(services::identity::local_path(path).unwrap_or("/"));
}

/// Leads to another page of the portal.
pub fn lead_to(path: &str) {
    leptos_axum::redirect(services::identity::local_path(path).unwrap_or("/"));
}

/// The address of a file that the build put under a name with its hash, such as `console` with ending `js`; none
/// when the front end was not built. `key` is what the build's list of hashes calls it.
#[must_use]
pub fn built_file(key: &str, name: &str, ending: &str) -> Option<String> {
    let options = use_context::<LeptosOptions>()?;
    let hashes = std::fs::read_to_string(options.hash_file.as_ref()).ok()?;
    let hash = hashes
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(found, _)| *found == key)?
        .1;
    Some(format!(
        "/{}/{name}.{}.{ending}",
        options.site_pkg_dir,
        hash.trim()
    ))
}

/// Leaves a sentence for the next page.
pub fn flash(tone: Tone, sentence: &str) {
    let text: String = form_urlencoded::byte_serialize(sentence.as_bytes()).collect();
    set_cookie("flash", &format!("{}.{text}", tone.class()), 60);
}

/// Takes the sentence that the last action left.
#[must_use]
pub fn take_flash() -> Option<Flash> {
    let cookie = cookie("flash")?;
    set_cookie("flash", "", 0);
    let (tone, text) = cookie.split_once('.')?;
    let tone = [Tone::Ok, Tone::Info, Tone::Warn, Tone::Danger]
        .into_iter()
        .find(|t| t.class() == tone)?;
    let (text, _) = form_urlencoded::parse(text.as_bytes()).next()?;
    Some(Flash {
        tone,
        text: text.into_owned(),
    })
}

/// The theme that this browser chose.
#[must_use]
pub fn theme() -> Theme {
    cookie("theme")
        .map(|text| Theme::parse(&text))
        .unwrap_or_default()
}

fn cookie(name: &str) -> Option<String> {
    let parts = parts()?;
    let headers = parts
        .headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = headers
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// Sets a cookie that holds no secret. `value` must be of cookie characters.
pub(crate) fn set_cookie(name: &str, value: &str, seconds: u32) {
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax");
    if let (Some(options), Ok(value)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(&text),
    ) {
        options.append_header(SET_COOKIE, value);
    }
}
