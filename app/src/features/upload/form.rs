//! The form of an upload. Without script the browser sends it whole; with script `app/assets/upload.ts` sends the files
//! in pieces, and goes on after an interruption.

use domain::image::ImageView;
use domain::region::Regions;
use domain::upload::FORMATS;
use domain::{DiskSize, ImageVersion};
use leptos::prelude::*;

use crate::features::image::judge::{Judge, Judged};
use crate::features::typed::region_choices;
use crate::features::version::actions::VersionCreate;
use crate::ssr;
use crate::ui::{
    Badge, Card, Fact, Facts, FormErrors, FormState, Hidden, Kind, LinkButton, Select, ServerFn,
    SubmitButton, Switch, TextInput,
};

/// Where a browser without script sends the form.
const PLAIN: &str = "/uploads/form";

/// The endings that are taken, as a file input names them.
fn endings() -> String {
    FORMATS
        .iter()
        .map(|(ending, _)| format!(".{ending}"))
        .collect::<Vec<_>>()
        .join(",")
}

/// The form that uploads a version of the definition.
#[component]
pub fn UploadForm(
    image: ImageView,
    /// The number to propose.
    next: ImageVersion,
    regions: Regions,
    /// Bytes that a file may have at the most.
    most: u64,
) -> impl IntoView {
    let state = FormState::at(PLAIN);
    let page = format!("/images/{}/{}", image.gallery, image.meta.id);
    let location = state.value_or("location", image.meta.location.clone());
    let hint = format!(
        "{} up to {}",
        endings().replace(',', ", "),
        DiskSize::from_bytes(most)
    );
    let place = place(&image);
    view! {
        <div class="stack">
            {place}
            <FormErrors state=state.clone() />
            <form
                class="form"
                id="upload-form"
                method="post"
                action=PLAIN
                enctype="multipart/form-data"
                data-upload=VersionCreate::url()
                data-gallery=image.gallery.to_string()
                data-image=image.meta.id.to_string()
            >
                <Hidden name="image" value=image.meta.resource_id.to_string() />
                <Hidden name="return" value=page.clone() />
                <div class="form-row">
                    <TextInput
                        name="version"
                        label="Version number"
                        live=true
                        value=state.value_or("version", next.to_string())
                        error=state.error("version")
                        hint="Major.Minor.Patch. The highest number is what “latest” means."
                    />
                    <Select
                        name="location"
                        label="Made in"
                        choices=region_choices(&regions)
                        value=location
                        error=state.error("location")
                        hint="The source region: it gets the first copy."
                    />
                </div>
                <Targets state=state.clone() regions home=image.meta.location />
                <Switch
                    name="excludeFromLatest"
                    label="Exclude from latest"
                    hint="Labs then get this version only when somebody chooses it."
                    checked=state.ticked("excludeFromLatest", false)
                />
                <TextInput
                    name="endOfLife"
                    label="End of life"
                    kind="date"
                    optional=true
                    value=state.value("endOfLife")
                    error=state.error("endOfLife")
                    hint="From this day on (UTC) no machine can be created from the version. It can be set later too."
                />
                <TextInput
                    name="checksum"
                    label="SHA-256 of the OS disk"
                    optional=true
                    maxlength=64
                    value=state.value_or("checksum", "")
                    error=state.error("checksum")
                    hint="When you know it, the file is refused if it arrives with another."
                />
                <Files hint error=state.error("file").or_else(|| state.error("fileName")) more_error=state.error("dataDisks") />
                <div class="form-actions">
                    <SubmitButton kind=Kind::Primary>"Upload"</SubmitButton>
                    <LinkButton href=page kind=Kind::Quiet>"Cancel"</LinkButton>
                </div>
            </form>
        </div>
        <Under />
        <Judge form="upload-form".to_owned() what=Judged::Version />
    }
    .into_any()
}

/// Where the disk goes: gallery and definition, with the ways there.
fn place(image: &ImageView) -> impl IntoView + use<> {
    let gallery = format!("/images/{}", image.gallery);
    let page = format!("{gallery}/{}", image.meta.id);
    let other = format!("{gallery}/upload");
    let properties = &image.properties;
    let (os_type, os_state) = (
        properties.os_type.to_string(),
        properties.os_state.to_string(),
    );
    let (gallery_name, name) = (image.gallery_name.clone(), image.meta.name.clone());
    view! {
        <Card title="Where it goes">
            <Facts>
                <Fact term="Gallery"><a href=gallery>{gallery_name}</a></Fact>
                <Fact term="Image definition">
                    <span class="row">
                        <a href=page>{name}</a>
                        <Badge>{os_type}</Badge>
                        <Badge>{os_state}</Badge>
                        <a class="small" href=other>"Choose another"</a>
                    </span>
                </Fact>
            </Facts>
        </Card>
    }
}

/// Further regions; the source region is among them always. Rules A51, A80.
#[component]
fn Targets(state: FormState, regions: Regions, home: String) -> impl IntoView {
    let ticked = state.values("targets");
    let is_first = state.problem().is_none();
    let boxes = regions.0.into_iter().map(|region| {
        let id = format!("target-{}", region.name);
        let checked = if is_first { region.name == home } else { ticked.contains(&region.name) };
        view! {
            <div class="check">
                <input type="checkbox" id=id.clone() name="targets" value=region.name checked=checked />
                <label for=id>{region.display_name}</label>
            </div>
        }
    });
    let boxes = boxes.collect_view();
    view! {
        <fieldset class="field">
            <legend>"Regions that get a copy"</legend>
            <div class="form-row" id="targetRegions">{boxes}</div>
            {state.error("targetRegions").map(|text| view! { <p class="error">{text}</p> })}
            <p class="hint">"The source region must be among them. Regions can be changed at any time."</p>
        </fieldset>
    }
}

/// The files, behind all other fields, as the server wants them. Rules A4, B3.
#[component]
fn Files(
    hint: String,
    #[prop(optional_no_strip)] error: Option<String>,
    #[prop(optional_no_strip)] more_error: Option<String>,
) -> impl IntoView {
    let accept = endings();
    let error_of = |id: &'static str, text: Option<String>| {
        text.map(|text| view! { <p class="error" id=id>{text}</p> })
    };
    view! {
        <div class="field">
            <label for="file">"OS disk"</label>
            <input class="input" type="file" id="file" name="file" accept=accept.clone() required=true aria-describedby="file-hint" />
            {error_of("file-error", error)}
            <p class="hint" id="file-hint">{hint}</p>
        </div>
        <div class="field">
            <label for="dataDisks">"Data disks " <span class="optional">"optional"</span></label>
            <input class="input" type="file" id="dataDisks" name="dataDisks" accept multiple=true aria-describedby="dataDisks-hint" />
            {error_of("dataDisks-error", more_error)}
            <p class="hint" id="dataDisks-hint">
                "An image with data disks can be kept in the gallery, but no lab can be created from it."
            </p>
        </div>
    }
}

/// What script shows while the upload is under way, and the script itself.
#[component]
fn Under() -> impl IntoView {
    let script = ssr::built_file("upload", "upload", "js").map(|address| {
        view! { <script type="module" src=address nonce=leptos::nonce::use_nonce()></script> }
    });
    view! {
        <div class="section" id="upload-progress" hidden=true>
            <Card title="Upload">
                <div class="stack" data-upload-files=""></div>
                <p role="status" data-upload-status=""></p>
                <div class="row">
                    <button type="button" class="button danger small" data-upload-cancel="">"Cancel the upload"</button>
                </div>
            </Card>
        </div>
        {script}
    }
}
