//! Versions of a definition that were deleted and can be restored.

use domain::Page as Rows;
use domain::image::{ImageView, VersionView};
use leptos::prelude::*;

use crate::features::version::actions::{VersionPurge, VersionRestore};
use crate::ui::{
    Cell, Column, ConfirmForm, DialogButton, EmptyState, FormErrors, FormState, Glyph, Hidden,
    Kind, Pager, PostForm, Query, ServerFn, SubmitButton, Table, Time,
};

const COLUMNS: [Column; 4] = [
    Column::new("version", "Version"),
    Column::new("deleted", "Deleted"),
    Column::new("purge", "Kept until"),
    Column::new("actions", "Actions").hidden(),
];

/// The table of deleted versions, with what can be done with each.
#[component]
pub fn DeletedVersions(
    image: ImageView,
    versions: Rows<VersionView>,
    query: Query,
    may_write: bool,
    may_delete: bool,
) -> impl IntoView {
    let empty = versions.items.is_empty().then(|| {
        view! {
            <EmptyState
                glyph=Glyph::Trash
                title="No deleted version"
                text="In a gallery that keeps deleted versions, those that can still be restored are here. A gallery's settings say whether it keeps them."
            />
        }
        .into_any()
    });
    let foot = (versions.total > 0).then(|| {
        let (shown, total, next) = (versions.items.len(), versions.total, versions.next);
        view! { <Pager query=query.clone() shown total next one="deleted version" what="deleted versions" /> }
            .into_any()
    });
    let image_id = image.meta.id.to_string();
    let dialogs = may_delete.then(|| {
        let dialog = |version: &VersionView| purge(&image_id, version);
        versions.items.iter().map(dialog).collect_view()
    });
    let rows = versions.items.iter();
    let rows = rows
        .map(|version| row(&image_id, version, may_write, may_delete))
        .collect_view();
    let (restoring, purging) = (
        FormState::of::<VersionRestore>(),
        FormState::of::<VersionPurge>(),
    );
    view! {
        <FormErrors state=restoring />
        <FormErrors state=purging />
        <Table label="Deleted versions" columns=COLUMNS.to_vec() query empty foot>
            {rows}
        </Table>
        {dialogs}
    }
    .into_any()
}

fn row(
    image: &str,
    version: &VersionView,
    may_write: bool,
    may_delete: bool,
) -> impl IntoView + use<> {
    let number = version.version.to_string();
    let deleted = version
        .deleted
        .map(|deleted| view! { <Time at=deleted.at /> });
    let purge_at = version
        .deleted
        .map(|deleted| view! { <Time at=deleted.purge_at /> });
    let going = version.job.map(|_| "It is being removed.".to_owned());
    let restore = may_write.then(|| {
        let (image, version, refused) = (image.to_owned(), number.clone(), going.clone());
        view! {
            <PostForm action=VersionRestore::url() class="row">
                <Hidden name="image" value=image />
                <Hidden name="version" value=version />
                <SubmitButton small=true icon=Glyph::Refresh refused>"Restore"</SubmitButton>
            </PostForm>
        }
    });
    let purge = may_delete.then(|| {
        let dialog = format!("purge-{}", version.meta.id);
        view! { <DialogButton dialog kind=Kind::Danger small=true refused=going>"Delete for good"</DialogButton> }
    });
    view! {
        <tr>
            <Cell><strong class="num">{number}</strong></Cell>
            <Cell label="Deleted">{deleted}</Cell>
            <Cell label="Kept until">{purge_at}</Cell>
            <Cell end=true><span class="row">{restore} {purge}</span></Cell>
        </tr>
    }
}

fn purge(image: &str, version: &VersionView) -> impl IntoView + use<> {
    let number = version.version.to_string();
    let fields = vec![("image", image.to_owned()), ("version", number.clone())];
    view! {
        <ConfirmForm
            id=format!("purge-{}", version.meta.id)
            title="Delete this version for good?"
            action=VersionPurge::url()
            fields
            verb="Delete for good"
        >
            <p>"All copies of version "{number}" are removed. This can't be undone."</p>
        </ConfirmForm>
    }
}
