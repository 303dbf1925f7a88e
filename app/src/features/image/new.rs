//! The form that an image definition is created with. Rules A10-A24.

use domain::gallery::GalleryView;
use domain::rbac::Action;
use leptos::prelude::*;

use super::actions::ImagePut;
use super::form::ChangeableForm;
use super::inputs::ChangeableFields;
use super::judge::{Judge, Judged};
use super::more::MoreFields;
use crate::ssr;
use crate::ui::{
    Choice, Crumb, FormErrors, FormState, Hidden, Kind, LinkButton, Page, PostForm, RadioCard,
    RadioCards, Select, ServerFn, SubmitButton, TextInput,
};

/// The page that creates a definition.
#[component]
pub fn NewImagePage() -> impl IntoView {
    let id = ssr::id("gallery");
    ssr::page(async move {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let gallery = services.gallery_get(&op, id?).await?;
        op.authorize(
            Action::ImageWrite,
            Action::GalleryRead,
            gallery.meta.resource_id.as_str(),
        )?;
        Ok(
            view! { <NewImage gallery then=ssr::query().get("then").unwrap_or_default().to_owned() /> },
        )
    })
}

#[component]
fn NewImage(gallery: GalleryView, then: String) -> impl IntoView {
    let base = format!("/images/{}", gallery.meta.id);
    let crumbs = vec![
        Crumb::new("/images", "Images"),
        Crumb::new(base.clone(), gallery.meta.name),
    ];
    let state = FormState::of::<ImagePut>();
    let back = if then == "upload" {
        format!("{base}/upload")
    } else {
        base
    };
    view! {
        <Page
            title="New image definition"
            crumbs
            intro="A definition says what its versions have in common. Machines are made from versions, never from the definition itself."
            narrow=true
        >
            <FormErrors state=state.clone() />
            <PostForm action=ImagePut::url() id="image-form">
                <Hidden name="gallery" value=gallery.meta.id.to_string() />
                <Hidden name="then" value=state.value_or("then", then) />
                <Names state=state.clone() />
                <p class="hint">"Publisher, offer and SKU together must be unique in the gallery."</p>
                <FixedChoices state=state.clone() />
                <ChangeableFields state=state.clone() proposed=ChangeableForm::default() />
                <MoreFields state />
                <div class="form-actions">
                    <SubmitButton kind=Kind::Primary>"Create image definition"</SubmitButton>
                    <LinkButton href=back kind=Kind::Quiet>"Cancel"</LinkButton>
                </div>
            </PostForm>
            <Judge form="image-form".to_owned() what=Judged::Image />
        </Page>
    }
}

/// System, state and generation: what decides which versions the definition may hold. Rules A13-A16.
#[component]
fn FixedChoices(state: FormState) -> impl IntoView {
    let chosen = state.value_or("osState", "Generalized");
    let systems = vec![
        Choice::new("Linux", "Linux"),
        Choice::new("Windows", "Windows"),
    ];
    let generations = vec![Choice::new("V1", "1: BIOS"), Choice::new("V2", "2: UEFI")];
    view! {
        <RadioCards
            name="osState"
            legend="State of the system"
            error=state.error("osState")
            hint="It decides what the versions may be, and can't be changed later."
        >
            <RadioCard
                name="osState"
                value="Generalized"
                title="Generalized"
                hint="Sysprep or waagent -deprovision was run: a new machine gets its own name and a new account."
                checked=chosen == "Generalized"
            />
            <RadioCard
                name="osState"
                value="Specialized"
                title="Specialized"
                hint="Nothing was removed: a new machine keeps the accounts and the computer name."
                checked=chosen == "Specialized"
            />
        </RadioCards>
        <div class="form-row">
            <Select
                name="osType"
                label="Operating system"
                choices=systems
                value=state.value_or("osType", "Linux")
                error=state.error("osType")
            />
            <Select
                name="hyperVGeneration"
                label="Generation"
                choices=generations
                value=state.value_or("hyperVGeneration", "V1")
                error=state.error("hyperVGeneration")
                hint="Which firmware the disk boots with."
            />
        </div>
    }
}

/// Name and triple of a new definition. Rules A10, A11.
#[component]
fn Names(state: FormState) -> impl IntoView {
    let part = |name: &'static str, label: &'static str| {
        let (value, error) = (state.value(name), state.error(name));
        view! { <TextInput name label value error live=true maxlength=64 /> }
    };
    view! {
        <TextInput
            name="name"
            label="Name"
            value=state.value("name")
            error=state.error("name")
            live=true
            maxlength=80
            autofocus=true
            hint="Letters, digits, “_”, “.” and “-”, up to 80 characters."
        />
        <div class="form-row">{part("publisher", "Publisher")} {part("offer", "Offer")} {part("sku", "SKU")}</div>
    }
}
