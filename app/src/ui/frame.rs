//! What stands around every page of a signed-in person: places, search, and who they are.

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::enhance::Enhance;
use super::icon::{Glyph, Icon};
use super::menu::{MenuItem, MenuSubmit};
use super::query::Query;
use super::toast::{Flash, Toasts};
use crate::theme::{SetTheme, Theme};

/// One place of the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Where it is.
    pub href: &'static str,
    /// Its name.
    pub label: &'static str,
    /// Its icon.
    pub glyph: Glyph,
}

impl Place {
    /// Whether an address lies in this place.
    #[must_use]
    pub fn holds(self, path: &str) -> bool {
        let below = path.strip_prefix(self.href);
        if self.href == "/" {
            path == "/"
        } else {
            below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        }
    }
}

/// Who looks at the page, and what is open to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// Name for people.
    pub name: String,
    /// The name they sign in with.
    pub user_name: String,
    /// Name of the tenant they act in.
    pub tenant: String,
    /// The places that their rights open.
    pub places: Vec<Place>,
}

impl Visitor {
    fn initials(&self) -> String {
        let words: Vec<&str> = self.name.split_whitespace().collect();
        let ends = [words.first(), words.get(1..).and_then(<[&str]>::last)];
        ends.into_iter()
            .flatten()
            .filter_map(|word| word.chars().next())
            .flat_map(char::to_uppercase)
            .collect()
    }
}

/// Vitrine's mark and name.
#[component]
pub fn Brand() -> impl IntoView {
    view! {
        <a class="brand" href="/" aria-label="Vitrine">
            <svg class="icon brand-mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
                <path d="M4.5 3.5h15v13h-15zM2.5 20.5h19M6 16.5v4m12-4v4"></path>
                <path d="m12 6.5 3.2 3.2L12 13.5 8.8 9.7Z" fill="currentColor"></path>
            </svg>
            <span class="brand-name">"Vitrine"</span>
        </a>
    }
    .into_any()
}

#[component]
fn Rail(places: Vec<Place>, path: String, tenant: String) -> impl IntoView {
    let links = places.into_iter().map(|place| {
        let here = place.holds(&path).then_some("page");
        view! {
            <a href=place.href aria-current=here>
                <Icon glyph=place.glyph />
                {place.label}
            </a>
        }
    });
    view! {
        <nav class="rail" id="places" popover="auto" aria-label="Places">
            <Brand />
            <div class="places">{links.collect_view()}</div>
            <p class="rail-foot">{tenant}</p>
        </nav>
    }
    .into_any()
}

#[component]
fn PersonMenu(visitor: Visitor, theme: Theme) -> impl IntoView {
    let themes = Theme::ALL.map(|choice| {
        view! {
            <MenuSubmit
                action=SetTheme::url()
                fields=vec![("theme", choice.as_str().to_owned())]
                icon=choice.glyph()
                current=choice == theme
            >
                {choice.label()}
            </MenuSubmit>
        }
    });
    view! {
        <div class="menu">
            <button type="button" class="person" popovertarget="person" aria-label=format!("{}, your menu", visitor.name)>
                <span class="avatar" aria-hidden="true">{visitor.initials()}</span>
                <span class="person-text">
                    {visitor.name.clone()}
                    <small>{visitor.tenant.clone()}</small>
                </span>
            </button>
            <div class="menu-list" id="person" popover="auto">
                <p class="menu-head">
                    {visitor.name}
                    <small>{visitor.user_name}</small>
                </p>
                <hr />
                {themes.collect_view()}
                <hr />
                <MenuItem href="/account/organisations" icon=Glyph::Users>"Switch organisation"</MenuItem>
                <MenuItem href="/account/security" icon=Glyph::Lock>"Second factor"</MenuItem>
                <MenuItem href="/account/sessions" icon=Glyph::Key>"Sessions"</MenuItem>
                <MenuSubmit action="/signout" fields=vec![] icon=Glyph::SignOut>"Sign out"</MenuSubmit>
            </div>
        </div>
    }
    .into_any()
}

/// The frame; `children` is a [`super::Page`].
#[component]
pub fn Frame(
    visitor: Visitor,
    query: Query,
    theme: Theme,
    flash: Option<Flash>,
    children: Children,
) -> impl IntoView {
    let path = query.path().to_owned();
    let searched = (path == "/search")
        .then(|| query.get("q").map(str::to_owned))
        .flatten();
    view! {
        <a class="skip" href="#main">"Skip to the page"</a>
        <div class="frame">
            <Rail places=visitor.places.clone() path tenant=visitor.tenant.clone() />
            <header class="bar">
                <button
                    type="button"
                    class="button quiet square menu-button"
                    popovertarget="places"
                    aria-label="Places"
                >
                    <Icon glyph=Glyph::Menu />
                </button>
                <Brand />
                <form class="search" role="search" method="get" action="/search" aria-label="Whole portal">
                    <Icon glyph=Glyph::Search />
                    <input
                        class="input"
                        type="search"
                        name="q"
                        value=searched
                        placeholder="Search labs, images, machines"
                        aria-label="Search labs, images, machines"
                    />
                </form>
                <div class="bar-end">
                    <PersonMenu visitor theme />
                </div>
            </header>
            {children()}
        </div>
        <Toasts flash />
        <Enhance />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_holds_what_lies_below_it_and_not_its_namesakes() {
        let labs = Place {
            href: "/labs",
            label: "Labs",
            glyph: Glyph::Lab,
        };
        assert!(labs.holds("/labs/cs101") && labs.holds("/labs") && !labs.holds("/labs-old"));
        let home = Place {
            href: "/",
            label: "Home",
            glyph: Glyph::Home,
        };
        assert!(home.holds("/") && !home.holds("/labs"));
    }
}
