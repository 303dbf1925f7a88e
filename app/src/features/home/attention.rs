//! Work that runs, and work that failed.

use domain::activity::ActivityView;
use domain::job::{JobState, JobView};
use leptos::prelude::*;

use crate::features::search::Named;
use crate::features::{activity, job};
use crate::ui::{Card, Glyph, Icon, Live, Progress, Time};

/// Id of the part that follows the jobs' events.
const RUNNING: &str = "running";

/// Long work that runs, each with how far it is; kept fresh while there is any.
#[component]
pub(super) fn Running(jobs: Vec<JobView>) -> impl IntoView {
    let follow = jobs.iter().map(|job| {
        let events = format!("/events/jobs/{}", job.id);
        view! { <Live region=RUNNING.to_owned() events /> }
    });
    let follow = follow.collect_view();
    let is_settled = jobs.is_empty();
    let refresh = (!is_settled)
        .then(|| view! { <noscript><meta http-equiv="refresh" content="5" /></noscript> });
    let rows = jobs.into_iter().map(running).collect_view();
    let card = if is_settled {
        ().into_any()
    } else {
        view! { <Card title="Running now"><ul class="lines">{rows}</ul></Card> }.into_any()
    };
    view! {
        <div id=RUNNING data-settled=is_settled.then_some("")>{card}</div>
        {follow}
        {refresh}
    }
    .into_any()
}

fn running(of: JobView) -> AnyView {
    let label = match of.state {
        JobState::Pending => "Waiting for a free worker".to_owned(),
        JobState::Undoing => "Undoing what was done".to_owned(),
        _ if of.cancel_requested => "Being cancelled".to_owned(),
        _ => of
            .steps
            .iter()
            .find(|step| step.state == JobState::Running)
            .map_or("Running".to_owned(), |step| step.title.clone()),
    };
    let percent = (of.state == JobState::Running).then_some(of.percent);
    view! {
        <li class="line tall">
            <div class="row-between">
                <span><span class="strong">{job::title(of.kind)}</span> " · " {Named::of(&of.resource_id).link()}</span>
                <span class="small muted">{of.created_by} ", " <Time at=of.created_at /></span>
            </div>
            <Progress label percent />
        </li>
    }
    .into_any()
}

/// What failed in the last days.
#[component]
pub(super) fn Failures(failures: Vec<ActivityView>) -> impl IntoView {
    (!failures.is_empty()).then(|| {
        let rows = failures.into_iter().map(failed).collect_view();
        let actions =
            view! { <a class="small" href="/activity?result=Failed">"All failures"</a> }.into_any();
        view! { <Card title="Failed lately" actions><ul class="lines">{rows}</ul></Card> }
    })
}

fn failed(line: ActivityView) -> AnyView {
    let named = Named::of(&line.resource_id);
    view! {
        <li class="line tall">
            <div class="row-between">
                <span class="with-icon danger">
                    <Icon glyph=Glyph::Danger />
                    <span><span class="strong">{activity::operation(&line.operation)}</span> " · " {named.link()}</span>
                </span>
                <span class="small muted">{line.caller} ", " <Time at=line.at /></span>
            </div>
            <p class="small muted">{line.detail}</p>
        </li>
    }
    .into_any()
}
