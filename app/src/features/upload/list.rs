//! The uploads of a gallery that no version was made of yet.

use domain::upload::UploadView;
use domain::{DiskSize, Page as Rows};
use leptos::prelude::*;

use super::actions::UploadDelete;
use crate::ui::{
    Cell, Column, FormErrors, FormState, Hidden, PostForm, Progress, Query, Section, ServerFn,
    StateDot, SubmitButton, Table, Time, Tone,
};

const COLUMNS: [Column; 5] = [
    Column::new("file", "File"),
    Column::new("arrived", "Arrived"),
    Column::new("started", "Started"),
    Column::new("expires", "Kept until"),
    Column::new("actions", "Actions").hidden(),
];

/// The table of uploads; nothing when there are none.
#[component]
pub fn Uploads(
    uploads: Rows<UploadView>,
    /// The gallery's name.
    gallery: String,
) -> impl IntoView {
    let state = FormState::of::<UploadDelete>();
    if uploads.items.is_empty() && state.problem().is_none() {
        return ().into_any();
    }
    let more = uploads
        .total
        .saturating_sub(uploads.items.len().try_into().unwrap_or(u64::MAX));
    let more = (more > 0).then(|| view! { <p class="small muted">"and "{more}" older ones."</p> });
    let rows = uploads.items.into_iter().map(row).collect_view();
    view! {
        <Section
            title=format!("Uploads to {gallery}")
            intro="Choose the same file again in the same browser to go on where an upload stopped."
            id="uploads"
        >
            <FormErrors state />
            <Table label="Uploads" columns=COLUMNS.to_vec() query=Query::default()>
                {rows}
            </Table>
            {more}
        </Section>
    }
    .into_any()
}

fn row(upload: UploadView) -> impl IntoView {
    let percent = 100 * upload.received_bytes / upload.size_bytes.max(1);
    let percent = u8::try_from(percent).unwrap_or(100);
    let size = DiskSize::from_bytes(upload.size_bytes);
    let arrived = if upload.in_use {
        view! { <StateDot tone=Tone::Info busy=true label="A version is being made" /> }.into_any()
    } else if upload.checksum.is_some() {
        view! { <StateDot tone=Tone::Ok label="Complete, no version yet" /> }.into_any()
    } else {
        let label = format!("{} of {size}", DiskSize::from_bytes(upload.received_bytes));
        view! { <Progress label percent=Some(percent) /> }.into_any()
    };
    let discard = (!upload.in_use).then(|| {
        let name = format!(" {}", upload.file_name);
        view! {
            <PostForm action=UploadDelete::url() class="inline">
                <Hidden name="id" value=upload.id.to_string() />
                <SubmitButton small=true>"Throw away" <span class="visually-hidden">{name}</span></SubmitButton>
            </PostForm>
        }
    });
    view! {
        <tr>
            <Cell>
                <span class="cell-title">{upload.file_name}</span>
                <span class="cell-note">{size.to_string()}</span>
            </Cell>
            <Cell label="Arrived">{arrived}</Cell>
            <Cell label="Started"><Time at=upload.created_at /> <span class="cell-note">{upload.created_by}</span></Cell>
            <Cell label="Kept until"><Time at=upload.expires_at exact=true /></Cell>
            <Cell><div class="cell-actions">{discard}</div></Cell>
        </tr>
    }
}
