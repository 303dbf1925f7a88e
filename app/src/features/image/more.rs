//! The fields of a new definition that few fill in: links, unfit disk types, purchase plan. Rules A18, A19, A23, A24.

use domain::image::DiskType;
use leptos::prelude::*;

use crate::ui::{Checkbox, FormState, Glyph, Icon, TextInput};

const LINKS: [(&str, &str); 3] = [
    ("eula", "Licence agreement"),
    ("privacyStatementUri", "Privacy statement"),
    ("releaseNoteUri", "Release notes"),
];

const PLAN: [(&str, &str); 3] = [
    ("purchasePlanPublisher", "Publisher of the plan"),
    ("purchasePlanProduct", "Product"),
    ("purchasePlanName", "Plan"),
];

/// The form's name of a kind of disk.
fn field(kind: DiskType) -> String {
    format!("disallowedDiskTypes[{kind}]")
}

/// A part that opens; it stands open when something was typed into it before.
#[component]
pub fn MoreFields(state: FormState) -> impl IntoView {
    let is_used = LINKS
        .iter()
        .chain(&PLAN)
        .any(|(name, _)| state.value(name).is_some_and(|text| !text.is_empty()))
        || DiskType::ALL
            .into_iter()
            .any(|kind| state.value(&field(kind)).is_some());
    view! {
        <details class="disclosure" open=is_used>
            <summary>"Links, disk types and purchase plan"</summary>
            <div class="form">
                <p class="hint">"None of these can be changed later."</p>
                {text_fields(&state, &LINKS, true)}
                <DiskTypes state=state.clone() />
                <fieldset class="field">
                    <legend>"Purchase plan " <span class="optional">"optional"</span></legend>
                    <div class="form-row">{text_fields(&state, &PLAN, false)}</div>
                    <p class="hint">
                        "Only for an image that came from a marketplace: all three parts, as the marketplace writes them."
                    </p>
                </fieldset>
            </div>
        </details>
    }
    .into_any()
}

fn text_fields(
    state: &FormState,
    fields: &'static [(&str, &str)],
    is_link: bool,
) -> impl IntoView + use<> {
    let one = |(name, label): &(&'static str, &'static str)| {
        let (value, error) = (state.value(name), state.error(name));
        if is_link {
            view! {
                <TextInput name=*name label=*label value error live=true optional=true kind="url" maxlength=2000 placeholder="https://" />
            }
            .into_any()
        } else {
            view! { <TextInput name=*name label=*label value error live=true optional=true maxlength=64 /> }
                .into_any()
        }
    };
    fields.iter().map(one).collect_view()
}

/// The kinds of disks that the image is unfit for. Rule A23.
#[component]
fn DiskTypes(state: FormState) -> impl IntoView {
    let boxes = DiskType::ALL.map(|kind| {
        let name = field(kind);
        let checked = state.ticked(&name, false);
        view! { <Checkbox name label=kind.label() checked /> }
    });
    let boxes = boxes.collect_view();
    let error = state.error("disallowedDiskTypes").map(|text| {
        view! { <p class="error"><Icon glyph=Glyph::Danger /> <span>{text}</span></p> }
    });
    view! {
        <fieldset class="field" id="disallowedDiskTypes">
            <legend>"Unfit disk types " <span class="optional">"optional"</span></legend>
            <div class="form-row">{boxes}</div>
            {error}
            <p class="hint">
                "What machines made from the image must not have, for programs that read the definition. The labs here have one kind of disk, and ignore it."
            </p>
        </fieldset>
    }
    .into_any()
}
