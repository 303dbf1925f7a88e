//! The form that a gallery is created with.

use domain::rbac::Action;
use domain::region::Regions;
use leptos::prelude::*;

use super::actions::GalleryPut;
use super::fields::GalleryFields;
use super::queries;
use crate::features::image::judge::{Judge, Judged};
use crate::features::typed::region_choices;
use crate::ssr;
use crate::ui::{
    Callout, Choice, Crumb, FormErrors, FormState, Kind, LinkButton, Page, PostForm, Select,
    ServerFn, SubmitButton, TextInput, Tone,
};

/// The page that creates a gallery.
#[component]
pub fn NewGalleryPage() -> impl IntoView {
    ssr::page(async move {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let groups = queries::groups(&services, &op, Action::GalleryWrite).await?;
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
        return view! {
            <Callout tone=Tone::Warn title="You may not create galleries in any resource group.">
                <p>"Ask an owner of a resource group for the role Contributor there."</p>
            </Callout>
        }
        .into_any();
    }
    let state = FormState::of::<GalleryPut>();
    view! {
        <FormErrors state=state.clone() />
        <PostForm action=GalleryPut::url() id="gallery-form">
            <TextInput
                name="name"
                label="Name"
                value=state.value("name")
                error=state.error("name")
                live=true
                maxlength=80
                autofocus=true
                hint="Letters, digits, “_” and “.”, up to 80 characters. It can't be changed later."
            />
            <div class="form-row">
                <Select name="group" label="Resource group" choices=groups value=state.value("group") error=state.error("group") />
                <Select
                    name="location"
                    label="Region"
                    choices=region_choices(&regions)
                    value=state.value("location")
                    error=state.error("location")
                    hint="It can't be changed later."
                />
            </div>
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
