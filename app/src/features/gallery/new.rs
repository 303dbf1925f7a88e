//! The form that a gallery is created with.

use domain::rbac::Action;
use domain::region::Regions;
use leptos::prelude::*;

use super::actions::GalleryPut;
use super::fields::GalleryFields;
use crate::features::image::judge::{Judge, Judged};
use crate::features::new::{NameAndPlace, NoGroup, groups};
use crate::ssr;
use crate::ui::{
    Choice, Crumb, FormErrors, FormState, Kind, LinkButton, Page, PostForm, ServerFn, SubmitButton,
};

/// The page that creates a gallery.
#[component]
pub fn NewGalleryPage() -> impl IntoView {
    ssr::page(async move {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let groups = groups(&services, &op, Action::GalleryWrite).await?;
        let regions = services.settings().regions.clone();
        Ok(view! {
            <Page
                title="New gallery"
                crumbs=vec![Crumb::new("/images", "Images")]
                intro="Keep the gallery, its images and the labs that use them in one place: then nothing has to travel."
                narrow=true
            >
                <NewGallery groups regions />
            </Page>
        })
    })
}

#[component]
fn NewGallery(groups: Vec<Choice>, regions: Regions) -> impl IntoView {
    if groups.is_empty() {
        return view! { <NoGroup what="galleries" /> }.into_any();
    }
    let state = FormState::of::<GalleryPut>();
    view! {
        <FormErrors state=state.clone() />
        <PostForm action=GalleryPut::url() id="gallery-form">
            <NameAndPlace state=state.clone() groups regions maxlength=80 letters="Letters, digits, “_” and “.”" />
            <GalleryFields state />
            <div class="form-actions">
                <SubmitButton kind=Kind::Primary>"Create gallery"</SubmitButton>
                <LinkButton href="/images" kind=Kind::Quiet>"Cancel"</LinkButton>
            </div>
        </PostForm>
        <Judge form="gallery-form".to_owned() what=Judged::Gallery />
    }
    .into_any()
}
