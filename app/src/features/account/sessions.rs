//! The browsers in which a person is signed in.

use domain::tenant::SessionView;
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::actions::SessionRevoke;
use crate::ssr;
use crate::ui::{
    Badge, Cell, Column, Hidden, Kind, LinkButton, Page, PostForm, Query, SubmitButton, Table,
    Time, Tone,
};

const COLUMNS: [Column; 5] = [
    Column::new("browser", "Browser"),
    Column::new("address", "Address"),
    Column::new("created", "Signed in"),
    Column::new("seen", "Last used"),
    Column::new("actions", "Actions").hidden(),
];

/// The page of one's own sessions.
#[component]
pub fn SessionsPage() -> impl IntoView {
    let current = ssr::extension::<super::CurrentSession>().map(|session| session.0);
    ssr::page(async move {
        let sessions = ssr::services()?.session_list(&ssr::op()?, current).await?;
        Ok(view! { <Sessions sessions query=ssr::query() /> })
    })
}

#[component]
fn Sessions(sessions: Vec<SessionView>, query: Query) -> impl IntoView {
    let actions = view! { <LinkButton href="/account/token">"API token"</LinkButton> }.into_any();
    view! {
        <Page
            title="Sessions"
            intro="Browsers in which you are signed in. End those that you do not know, then ask your administrator for a new password."
            actions
        >
            <Table label="Your sessions" columns=COLUMNS.to_vec() query>
                {sessions.into_iter().map(row).collect_view()}
            </Table>
        </Page>
    }
}

fn row(session: SessionView) -> impl IntoView {
    let browser = browser(&session.user_agent);
    let label = format!("End the session in {browser}");
    let end = if session.current {
        view! { <Badge tone=Tone::Accent>"This browser"</Badge> }.into_any()
    } else {
        view! {
            <PostForm action=SessionRevoke::url() class="inline">
                <Hidden name="id" value=session.id.to_string() />
                <SubmitButton kind=Kind::Danger small=true>
                    "End" <span class="visually-hidden">{label}</span>
                </SubmitButton>
            </PostForm>
        }
        .into_any()
    };
    view! {
        <tr>
            <Cell label="Browser"><span title=session.user_agent>{browser}</span></Cell>
            <Cell label="Address">{session.address}</Cell>
            <Cell label="Signed in"><Time at=session.created_at /></Cell>
            <Cell label="Last used"><Time at=session.seen_at /></Cell>
            <Cell>{end}</Cell>
        </tr>
    }
}

/// A browser's name for itself, in words: the first known name in it, and the system that it runs on.
fn browser(user_agent: &str) -> String {
    const BROWSERS: [(&str, &str); 5] = [
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chromium/", "Chromium"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let known = |names: &[(&str, &'static str)]| {
        names
            .iter()
            .find(|(sign, _)| user_agent.contains(sign))
            .map(|(_, name)| *name)
    };
    match (known(&BROWSERS), known(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) if user_agent.is_empty() => "Unknown".to_owned(),
        (None, _) => user_agent
            .split(['/', ' '])
            .next()
            .unwrap_or_default()
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_are_called_by_their_names() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36";
        assert_eq!(browser(chrome), "Chrome on Linux");
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1";
        assert_eq!(browser(safari), "Safari on iPhone");
        assert_eq!(browser("curl/8.9"), "curl");
        assert_eq!(browser(""), "Unknown");
    }
}
