//! The versions of a definition: which can be used, where, and why not.

use domain::image::{RegionStatus, ReplicaState, VersionState, VersionView};
use domain::region::Regions;
use domain::{DiskSize, ImageVersion, Page as Rows, Violation, export};
use leptos::prelude::*;
use uuid::Uuid;

use crate::features::typed::{day_in_words, region_name};
use crate::features::version::actions::VersionDeleteMany;
use crate::ui::{
    Badge, Bytes, Cell, Column, Dialog, DialogButton, EmptyState, FormErrors, FormState, Glyph,
    Hidden, Kind, LinkButton, Live, Pager, PostForm, Progress, Query, RequestTime, ServerFn,
    StateDot, SubmitButton, Table, Time, Tone,
};

/// Id of the form that the boxes of the rows belong to.
const MANY: &str = "versions-chosen";

const COLUMNS: [Column; 7] = [
    Column::new("choose", "Choose").hidden(),
    Column::new("version", "Version"),
    Column::new("state", "State"),
    Column::new("size", "OS disk").end(),
    Column::new("occupiedBytes", "Occupied").sortable().end(),
    Column::new("regions", "Regions"),
    Column::new("createdAt", "Created").sortable(),
];

/// The table of versions; rows on which a job works keep themselves fresh. Rules A27, A54, B3.
#[component]
pub fn VersionTable(
    versions: Rows<VersionView>,
    #[prop(optional_no_strip)] latest: Option<ImageVersion>,
    /// The definition's address.
    base: String,
    /// Where a version is uploaded.
    upload: String,
    regions: Regions,
    query: Query,
    /// The definition.
    image: Uuid,
    may_delete: bool,
) -> impl IntoView {
    let can_compare = versions.total > 1;
    let compare = can_compare.then(|| {
        view! { <LinkButton href=format!("{base}/compare") small=true icon=Glyph::Copy>"Compare two versions"</LinkButton> }
    });
    let can_delete = may_delete && !versions.items.is_empty();
    let jobs = versions.items.iter().filter_map(|version| version.job);
    let live = jobs.take(3).map(
        |job| view! { <Live region="versions".to_owned() events=format!("/events/jobs/{job}") /> },
    );
    let live = live.collect_view();
    let is_settled = versions.items.iter().all(|version| version.job.is_none());
    let empty = versions.items.is_empty().then(|| {
        view! {
            <EmptyState
                glyph=Glyph::Disk
                title="No version yet"
                text="Machines are made from versions. Upload a disk as the first one, or export a template machine into this definition."
            >
                <LinkButton href=upload kind=Kind::Primary icon=Glyph::Upload>"Upload a version"</LinkButton>
            </EmptyState>
        }
        .into_any()
    });
    let foot = (versions.total > 0).then(|| {
        let (shown, total, next) = (versions.items.len(), versions.total, versions.next);
        view! { <Pager query=query.clone() shown total next one="version" what="versions" /> }
            .into_any()
    });
    let rows = versions.items.into_iter().map(|version| {
        let is_latest = latest == Some(version.version);
        row(version, is_latest, &base, &regions, may_delete)
    });
    let rows = rows.collect_view();
    view! {
        {can_delete.then(|| many(image))}
        <p class="row">
            {can_delete
                .then(|| {
                    view! {
                        <DialogButton dialog="delete-many" kind=Kind::Danger small=true icon=Glyph::Trash>
                            "Delete chosen versions"
                        </DialogButton>
                    }
                })}
            {compare}
        </p>
        <div id="versions" data-settled=is_settled.then_some("")>
            <Table label="Versions" columns=COLUMNS.to_vec() query empty foot>
                {rows}
            </Table>
        </div>
        {live}
        {(!is_settled)
            .then(|| {
                view! {
                    <noscript>
                        <meta http-equiv="refresh" content="5" />
                    </noscript>
                }
            })}
    }
    .into_any()
}

/// The form that deletes the versions that are ticked; the boxes stand in the rows and belong to it by its id.
fn many(image: Uuid) -> impl IntoView {
    let state = FormState::of::<VersionDeleteMany>();
    view! {
        <FormErrors state />
        <Dialog
            id="delete-many"
            title="Delete the chosen versions?"
            foot=view! { <SubmitButton kind=Kind::DangerSolid form=MANY>"Delete chosen versions"</SubmitButton> }.into_any()
        >
            <PostForm action=VersionDeleteMany::url() id=MANY>
                <Hidden name="image" value=image.to_string() />
            </PostForm>
            <p>"The versions that are ticked are deleted; those that machines depend on stay. Where the gallery keeps deleted versions, they can be restored for a while."</p>
        </Dialog>
    }
}

/// A version's state in the portal's words.
pub fn state(version: VersionState) -> impl IntoView {
    let (tone, busy) = match version {
        VersionState::Succeeded => (Tone::Ok, false),
        VersionState::Failed => (Tone::Danger, false),
        VersionState::Creating | VersionState::Updating | VersionState::Deleting => {
            (Tone::Info, true)
        }
    };
    let label = match version {
        VersionState::Succeeded => "Ready".to_owned(),
        other => other.to_string(),
    };
    view! { <StateDot tone busy label /> }
}

/// What keeps a version out of new labs: its shape, or its age. Rules A29, B2, B3, E.
#[must_use]
pub fn barriers(version: &VersionView) -> Vec<Violation> {
    let mut found = version.lab_barriers.clone();
    if let Some(RequestTime(now)) = use_context::<RequestTime>() {
        found.extend(export::end_of_life(version.end_of_life, now));
    }
    found
}

fn row(
    version: VersionView,
    is_latest: bool,
    base: &str,
    regions: &Regions,
    may_delete: bool,
) -> impl IntoView + use<> {
    let choose = may_delete.then(|| {
        let label = format!("Choose version {}", version.version);
        // A plain word as key: forms are read with keys that begin with a digit as places of a list.
        let name = format!("ids[v{}]", version.meta.id.simple());
        let id = version.meta.id.to_string();
        view! { <input type="checkbox" form=MANY name=name value=id aria-label=label /> }
    });
    let barriers = barriers(&version);
    let reasons: Vec<String> = barriers.iter().map(Violation::sentence).collect();
    let not_for_labs = (!reasons.is_empty()).then(|| {
        view! { <Badge tone=Tone::Warn title=reasons.join(" ")>"Not for labs"</Badge> }
    });
    let because =
        (!reasons.is_empty()).then(|| view! { <span class="cell-note">{reasons.join(" ")}</span> });
    let end_of_life = version.end_of_life.map(|day| {
        view! { <span class="cell-note">"End of life "{day_in_words(day)}</span> }
    });
    let disks = (version.disk_count > 1)
        .then(|| view! { <span class="cell-note">{version.disk_count}" disks"</span> });
    let href = format!("{base}/{}", version.meta.id);
    let places = places(&version.regions, regions);
    view! {
        <tr>
            <Cell>{choose}</Cell>
            <Cell>
                <span class="row">
                    <a class="cell-title num" href=href>{version.version.to_string()}</a>
                    {is_latest.then(|| view! { <Badge tone=Tone::Accent>"Latest"</Badge> })}
                    {version
                        .exclude_from_latest
                        .then(|| view! { <Badge title="“latest” passes over this version.">"Excluded from latest"</Badge> })}
                    {not_for_labs}
                </span>
                {because}
                {end_of_life}
            </Cell>
            <Cell label="State">{state(version.state)}</Cell>
            <Cell label="OS disk" end=true>{known(version.os_disk)} {disks}</Cell>
            <Cell label="Occupied" end=true>{known(DiskSize::from_bytes(version.occupied_bytes))}</Cell>
            <Cell label="Regions">{places}</Cell>
            <Cell label="Created"><Time at=version.meta.created_at /></Cell>
        </tr>
    }
}

/// A size, once it is known.
fn known(size: DiskSize) -> AnyView {
    if size.bytes() == 0 {
        view! { <span class="muted">"not known yet"</span> }.into_any()
    } else {
        view! { <Bytes size /> }.into_any()
    }
}

/// How many regions are ready, and how far the others are. Rules A54, A55.
fn places(statuses: &[RegionStatus], regions: &Regions) -> impl IntoView + use<> {
    let usable = statuses.iter().filter(|status| status.ready > 0).count();
    let names = statuses
        .iter()
        .map(|status| region_name(regions, &status.region))
        .collect::<Vec<_>>()
        .join(", ");
    let under_way = statuses
        .iter()
        .filter(|status| !matches!(status.state, ReplicaState::Ready | ReplicaState::Failed));
    let bars = under_way.map(|status| {
        view! { <Progress label=region_name(regions, &status.region) percent=Some(status.percent) /> }
    });
    let failed = statuses
        .iter()
        .filter(|status| status.state == ReplicaState::Failed)
        .count();
    view! {
        <span class="num" title=names>{usable}" of "{statuses.len()}" ready"</span>
        {(failed > 0).then(|| view! { <Badge tone=Tone::Danger>{failed}" failed"</Badge> })}
        {bars.collect_view()}
    }
}
