//! What a plan allows, its gallery, whom to ask; and what of it can be changed.

use domain::plan::{AttachedGallery, PlanView, SupportInfo};
use domain::region::Regions;
use leptos::prelude::*;

use super::actions::{PlanDelete, PlanGalleryAttach, PlanGalleryDetach, PlanUpdate};
use super::inputs::PlanFields;
use super::judge::PlanJudge;
use crate::features::typed::region_name;
use crate::ui::{
    Badge, Card, Choice, ConfirmForm, DialogButton, Fact, Facts, FormErrors, FormState, Glyph,
    Hidden, Kind, LinkButton, PostForm, Select, ServerFn, Stat, Stats, SubmitButton,
};

/// The overview of a plan.
#[component]
pub fn Overview(
    plan: PlanView,
    regions: Regions,
    /// Galleries that could be attached.
    galleries: Vec<Choice>,
    may_write: bool,
) -> impl IntoView {
    let allowed = plan.allowed_regions.iter().map(|region| {
        let name = region_name(&regions, region);
        view! { <Badge>{name}</Badge> }
    });
    let allowed = allowed.collect_view();
    let replicates = if plan.replicate_in_geography {
        "On: exports are copied to every region of the geography. Each copy costs storage and its first transfer."
    } else {
        "Off: exports stay in the region of their lab. Further regions can be added to a version at any time."
    };
    let gallery = match plan.gallery.clone() {
        Some(gallery) => attached(plan.meta.id, gallery, may_write),
        None => attach(plan.meta.id, galleries, may_write),
    };
    view! {
        <div class="columns">
            <div class="stack">
                <Stats>
                    <Stat label="Labs" value=plan.lab_count.to_string() note="created from this plan" />
                    <Stat label="Regions" value=plan.allowed_regions.len().to_string() note="for labs" />
                </Stats>
                <Card title="Gallery">{gallery}</Card>
                <Card title="What labs may use">
                    <Facts>
                        <Fact term="Regions"><span class="row">{allowed}</span></Fact>
                        <Fact term="Replication">{replicates}</Fact>
                    </Facts>
                </Card>
            </div>
            <Card title="Support">
                <Support support=plan.support />
            </Card>
        </div>
    }
    .into_any()
}

fn attached(plan: uuid::Uuid, gallery: AttachedGallery, may_write: bool) -> AnyView {
    let detach = may_write.then(|| {
        view! {
            <DialogButton dialog="detach" kind=Kind::Danger>"Detach"</DialogButton>
            <ConfirmForm
                id="detach"
                title="Detach this gallery?"
                action=PlanGalleryDetach::url()
                fields=vec![("id", plan.to_string())]
                verb="Detach gallery"
            >
                <p>"New labs can no longer use its images, and the plan forgets which of them were switched on. Labs that use them go on."</p>
            </ConfirmForm>
        }
    });
    view! {
        <FormErrors state={FormState::of::<PlanGalleryDetach>()} />
        <p><a href=format!("/images/{}", gallery.id)>{gallery.name}</a> " is attached."</p>
        <p class="muted">"Labs may use the images that are switched on, and their exports go into this gallery."</p>
        <div class="row">
            <LinkButton href=format!("/plans/{plan}?tab=images") icon=Glyph::Image>"Choose images"</LinkButton>
            {detach}
        </div>
    }
    .into_any()
}

fn attach(plan: uuid::Uuid, galleries: Vec<Choice>, may_write: bool) -> AnyView {
    let none =
        "No gallery is attached: labs can use base images only, and nothing can be exported.";
    if !may_write {
        return view! { <p>{none}</p> }.into_any();
    }
    if galleries.is_empty() {
        return view! {
            <p>{none}</p>
            <div class="row"><LinkButton href="/images/new" icon=Glyph::Plus>"New gallery"</LinkButton></div>
        }
        .into_any();
    }
    let state = FormState::of::<PlanGalleryAttach>();
    view! {
        <FormErrors state=state.clone() />
        <p>{none}</p>
        <PostForm action=PlanGalleryAttach::url()>
            <Hidden name="id" value=plan.to_string() />
            <Select
                name="gallery"
                label="Gallery"
                choices=galleries
                value=state.value("gallery")
                error=state.error("gallery")
                hint="Its images start switched off."
            />
            <div class="row"><SubmitButton kind=Kind::Primary icon=Glyph::Link>"Attach gallery"</SubmitButton></div>
        </PostForm>
    }
    .into_any()
}

#[component]
fn Support(support: SupportInfo) -> impl IntoView {
    if support == SupportInfo::default() {
        return view! { <p class="muted">"Nobody is named yet. Say in the settings whom teachers and students should ask."</p> }.into_any();
    }
    let SupportInfo {
        url,
        email,
        phone,
        instructions,
    } = support;
    let given = |text: String| Some(text).filter(|text| !text.is_empty());
    view! {
        <Facts>
            {given(email).map(|to| view! { <Fact term="E-mail"><a href=format!("mailto:{to}")>{to.clone()}</a></Fact> })}
            {given(phone).map(|number| view! { <Fact term="Telephone">{number}</Fact> })}
            {given(url).map(|page| view! { <Fact term="Page"><a href=page.clone() rel="external noreferrer">{page.clone()}</a></Fact> })}
        </Facts>
        {given(instructions).map(|text| view! { <p>{text}</p> })}
    }
    .into_any()
}

/// What of a plan can be changed, and its end.
#[component]
pub fn PlanSettings(
    plan: PlanView,
    regions: Regions,
    may_write: bool,
    may_delete: bool,
) -> impl IntoView {
    let edit = may_write.then(|| {
        let state = FormState::of::<PlanUpdate>();
        let (id, etag) = (plan.meta.id.to_string(), plan.meta.etag.clone());
        let stored = Some(plan.clone());
        view! {
            <Card title="Settings">
                <FormErrors state=state.clone() />
                <PostForm action=PlanUpdate::url() id="plan-form">
                    <Hidden name="id" value=id />
                    <Hidden name="etag" value=etag />
                    <PlanFields state regions stored />
                    <div class="form-actions">
                        <SubmitButton kind=Kind::Primary>"Save"</SubmitButton>
                    </div>
                </PostForm>
                <PlanJudge form="plan-form".to_owned() />
            </Card>
        }
    });
    let end = may_delete.then(|| end(&plan));
    view! { <div class="stack">{edit} {end}</div> }.into_any()
}

fn end(plan: &PlanView) -> impl IntoView + use<> {
    let labs = match plan.lab_count {
        0 => "No lab was created from it.".to_owned(),
        1 => "The lab that was created from it stays, without a plan.".to_owned(),
        n => format!("The {n} labs that were created from it stay, without a plan."),
    };
    let says = labs.clone();
    let (id, name) = (plan.meta.id.to_string(), plan.meta.name.clone());
    view! {
        <Card title="Delete the lab plan">
            <FormErrors state={FormState::of::<PlanDelete>()} />
            <p>{says}</p>
            <div class="row">
                <DialogButton dialog="delete" kind=Kind::Danger icon=Glyph::Trash>"Delete lab plan"</DialogButton>
            </div>
        </Card>
        <ConfirmForm
            id="delete"
            title="Delete this lab plan?"
            action=PlanDelete::url()
            fields=vec![("id", id)]
            verb="Delete lab plan"
            typed=name
        >
            <p>"The plan, its switches and the roles given at it are deleted. "{labs}</p>
        </ConfirmForm>
    }
}
