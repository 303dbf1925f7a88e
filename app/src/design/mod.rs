//! Every primitive on one page, with the matter it is meant for: what screenshots and design reviews look at.

pub mod forms;
pub mod lists;
pub mod states;

use leptos::prelude::*;

use crate::ui::*;

/// The gallery of primitives.
#[component]
pub fn Design() -> impl IntoView {
    let crumbs = vec![
        Crumb::new("/labs", "Labs"),
        Crumb::new("/labs", "cs101-autumn"),
    ];
    let mark = view! { <StateDot tone=Tone::Ok label="Running" /> }.into_any();
    let actions = view! {
        <LinkButton href="#console" icon=Glyph::Console>"Console"</LinkButton>
        <DialogButton dialog="export" icon=Glyph::Export kind=Kind::Primary>"Export to gallery"</DialogButton>
        <Menu id="more" label="More actions">
            <MenuItem href="#edit" icon=Glyph::Edit>"Edit title and description"</MenuItem>
            <MenuItem href="#activity" icon=Glyph::Activity>"Activity"</MenuItem>
        </Menu>
    }
    .into_any();
    let tabs = vec![
        Tab::new("/overview", "Overview"),
        Tab::new("/template", "Template"),
        Tab::new("/machines", "Machines").count(24),
        Tab::new("/access", "Access"),
        Tab::new("/activity", "Activity"),
    ];
    view! {
        <Page title="Template of cs101-autumn" crumbs mark actions intro="What students get when the lab is published.">
            <Tabs current="/template" tabs />
            <states::States />
            <lists::Lists />
            <forms::Forms />
        </Page>
    }
    .into_any()
}
