//! Tokens with which a script acts for a person.

use leptos::prelude::*;

use crate::ssr;
use crate::ui::{Callout, Crumb, Kind, Page, PostForm, SubmitButton};

/// The page that makes a token. The answer to its form shows the token, this once: a token in an address would stay in
/// the browser's history.
#[component]
pub fn TokenPage() -> impl IntoView {
    ssr::page(async move {
        let user_name = ssr::op()?.caller.user_name;
        Ok(view! {
            <Page
                title="API token"
                crumbs=vec![Crumb::new("/account/sessions", "Sessions")]
                intro="A bearer token lets a script use the REST API as you, for one hour."
                narrow=true
            >
                <Callout title="A token is as good as your password while it lasts.">
                    <p>"Give it to no one, and keep it out of files that others read. It can't be taken back before it expires, except by disabling your account."</p>
                </Callout>
                <PostForm action="/account/token">
                    <p>"The token will act as " <strong>{user_name}</strong> "."</p>
                    <div class="form-actions">
                        <SubmitButton kind=Kind::Primary>"Create token"</SubmitButton>
                    </div>
                </PostForm>
            </Page>
        })
    })
}
