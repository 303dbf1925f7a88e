//! The page that creates a lab. Rules B19, B20, A32-A35.

use crate::ssr::Settings;
use domain::catalog::Catalog;
use domain::lab::MachineSize;
use domain::money::Money;
use domain::plan::PlanView;
use leptos::prelude::*;

use super::actions::LabPut;
use super::advice::advice;
use super::form::{JudgeLab, LabFacts};
use super::hidden::HiddenImages;
use super::images::ImagePicker;
use super::queries::{plan_target, plans};
use crate::ssr;
use crate::ui::{
    Callout, Card, Choice, Crumb, EmptyState, Fact, Facts, FormErrors, FormState, Glyph, Hidden,
    Kind, LinkButton, Page, PostForm, RadioCard, RadioCards, Select, ServerFn as _, SubmitButton,
    Switch, TextArea, TextInput, Tone,
};

/// The plan first, as a step of its own; then everything that depends on it.
#[component]
pub fn NewLabPage() -> impl IntoView {
    ssr::page(async move {
        let (services, op, query) = (ssr::services()?, ssr::op()?, ssr::query());
        let plans = plans(&services, &op).await?;
        let asked = query.get("plan").map(str::to_owned);
        let plan = match asked {
            Some(plan) => Some(services.plan_get(&op, plan_target(&plan)?).await?),
            None => plans.first().filter(|_| plans.len() == 1).cloned(),
        };
        let catalog = match &plan {
            Some(plan) => services.catalog(&op, plan.meta.id).await?,
            None => Catalog::default(),
        };
        let settings = services.settings().clone();
        let wanted = query.get("q").map(str::to_owned);
        Ok(view! { <NewLab plans plan catalog settings wanted /> })
    })
}

#[component]
fn NewLab(
    plans: Vec<PlanView>,
    plan: Option<PlanView>,
    catalog: Catalog,
    settings: Settings,
    wanted: Option<String>,
) -> impl IntoView {
    let body = match plan {
        _ if plans.is_empty() => view! {
            <EmptyState
                glyph=Glyph::Plan
                title="There is no lab plan that you may create labs from"
                text="A lab administrator makes lab plans, and gives the role Lab Creator on them."
            >
                <LinkButton href="/plans">"Lab plans"</LinkButton>
            </EmptyState>
        }
        .into_any(),
        None => view! { <PlanStep plans chosen=None /> }.into_any(),
        Some(plan) => view! {
            <div class="columns new-lab">
                <div class="stack new-lab-plan">
                    <PlanStep plans chosen={Some(plan.clone())} />
                    <PlanCard plan=plan.clone() settings=settings.clone() />
                </div>
                <Form plan catalog settings wanted />
            </div>
        }
        .into_any(),
    };
    view! {
        <Page
            title="New lab"
            crumbs=vec![Crumb::new("/labs", "Labs")]
            intro="A lab is made from one image. Its template VM is prepared once; everyone in the lab gets a copy."
        >
            {body}
        </Page>
    }
}

/// Chooses the plan by GET, so that the rest of the page can be drawn for it.
#[component]
fn PlanStep(plans: Vec<PlanView>, chosen: Option<PlanView>) -> impl IntoView {
    let value = chosen.as_ref().map(|plan| plan.meta.id.to_string());
    let verb = if chosen.is_some() { "Change" } else { "Next" };
    let kind = if chosen.is_some() {
        Kind::Plain
    } else {
        Kind::Primary
    };
    let choices = plans
        .into_iter()
        .map(|plan| Choice::new(plan.meta.id.to_string(), plan.meta.name))
        .collect();
    view! {
        <Card title="Lab plan">
            <form class="form" method="get" action="/labs/new">
                <Select name="plan" label="Plan" choices value hint="It says which images and regions can be chosen." />
                <div class="row"><SubmitButton kind>{verb}</SubmitButton></div>
            </form>
        </Card>
    }
}

#[component]
fn PlanCard(plan: PlanView, settings: Settings) -> impl IntoView {
    let regions: Vec<String> = plan
        .allowed_regions
        .iter()
        .map(|name| region_label(&settings, name))
        .collect();
    let gallery = plan
        .gallery
        .map_or_else(|| "None attached".to_owned(), |gallery| gallery.name);
    view! {
        <Card title="What the plan allows">
            <Facts>
                <Fact term="Gallery">{gallery}</Fact>
                <Fact term="Regions">{regions.join(", ")}</Fact>
            </Facts>
        </Card>
    }
}

fn region_label(settings: &Settings, name: &str) -> String {
    settings
        .regions
        .find(name)
        .map_or_else(|| name.to_owned(), |region| region.display_name.clone())
}

#[component]
fn Form(
    plan: PlanView,
    catalog: Catalog,
    settings: Settings,
    wanted: Option<String>,
) -> impl IntoView {
    let state = FormState::of::<LabPut>();
    let regions: Vec<(String, String)> = plan
        .allowed_regions
        .iter()
        .map(|name| (name.clone(), region_label(&settings, name)))
        .collect();
    let choices = regions
        .iter()
        .map(|(name, label)| Choice::new(name.clone(), label.clone()))
        .collect();
    let region = state.value_or("region", plan.meta.location.clone());
    let chosen = state.value("image");
    let image = catalog
        .images
        .iter()
        .find(|image| Some(image.id.to_string()) == chosen);
    let size = state.value_or(
        "size",
        settings
            .sizes
            .first()
            .map(|size| size.name.clone())
            .unwrap_or_default(),
    );
    let advised = settings.sizes.iter().find(|known| known.name == size);
    let advice = image
        .zip(advised)
        .and_then(|(image, size)| advice(image, size));
    let sizes = settings
        .sizes
        .iter()
        .map(|known| size_card(known, &settings, known.name == size))
        .collect_view();
    let facts = LabFacts {
        images: catalog.images.clone(),
        sizes: settings.sizes.clone(),
        regions,
    };
    let plan_id = plan.meta.id.to_string();
    view! {
        <div class="stack">
            <form id="image-search-form" method="get" action="/labs/new">
                <Hidden name="plan" value=plan_id.clone() />
            </form>
            <PostForm id="new-lab" action=LabPut::url()>
                <FormErrors state=state.clone() />
                <Hidden name="plan" value=plan_id />
                <TextInput name="name" label="Name" value=state.value("name") error=state.error("name") live=true maxlength=100
                    hint="Letters, digits, “_”, “.” and “-”. It stays, and becomes the computer name of new machines." />
                <TextInput name="title" label="Title" value=state.value("title") error=state.error("title") live=true optional=true
                    maxlength=120 hint="What people read in lists; the name when empty." />
                <TextArea name="description" label="Description" value=state.value("description") error=state.error("description")
                    optional=true maxlength=500 rows=2 />
                <ImagePicker images=catalog.images regions=settings.regions.clone() state=state.clone() wanted />
                <HiddenImages hidden=catalog.hidden />
                <RadioCards name="size" legend="Machine size" error=state.error("size")>{sizes}</RadioCards>
                <p class="advice small" id="size-advice" aria-live="polite">{advice}</p>
                <Select name="region" label="Region" choices value=region error=state.error("region")
                    hint="Where the machines run; the image needs a copy there." />
                <Accounts state=state.clone() />
                <Switch name="template" label="Template VM" checked=state.ticked("template", true)
                    hint="A machine to prepare before others get copies of it. Without one, everyone gets the image as it is." />
                <div class="form-actions">
                    <SubmitButton kind=Kind::Primary>"Create lab"</SubmitButton>
                    <LinkButton href="/labs" kind=Kind::Quiet>"Cancel"</LinkButton>
                </div>
            </PostForm>
            <JudgeLab facts />
        </div>
    }
    .into_any()
}

fn size_card(size: &MachineSize, settings: &Settings, checked: bool) -> AnyView {
    let memory = if size.memory_mib.is_multiple_of(1024) {
        format!("{} GiB", size.memory_mib / 1024)
    } else {
        format!("{} MiB", size.memory_mib)
    };
    let price = Money {
        milli: size.price_milli_per_hour,
        currency: settings.prices.currency.clone(),
    };
    let hint = format!("{} vCPU · {memory} · {price} an hour", size.vcpus);
    view! { <RadioCard name="size" value=size.name.clone() title=size.display_name.clone() hint checked /> }.into_any()
}

/// Credentials of the first account. The style sheet puts them away, and the note in their place, while a specialized
/// image is chosen: that works without script too. Rules A32, A34, A35.
#[component]
fn Accounts(state: FormState) -> impl IntoView {
    view! {
        <fieldset class="field accounts">
            <legend>"First account"</legend>
            <div class="accounts-note">
                <Callout tone=Tone::Info title="A specialized image keeps its accounts and its computer name">
                    <p>"Sign in as on the machine that it was made from. No user name and no password are asked for, and the machine
                    does not take this lab's name; rename it inside when two of them share a network."</p>
                </Callout>
            </div>
            <div class="form-row accounts-fields">
                <TextInput name="userName" label="User name" value=state.value("userName") error=state.error("userName") live=true
                    optional=true maxlength=20 placeholder=" " hint="Small letters, digits, “-” and “_”." />
                <TextInput name="password" label="Password" kind="password" autocomplete="new-password" error=state.error("password")
                    live=true optional=true maxlength=72 placeholder=" " hint="8 to 72 characters, three of the four kinds." />
            </div>
        </fieldset>
    }
}
