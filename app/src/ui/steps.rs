//! The steps of a job, one below the other, each with its state.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use super::text::MaybeText;

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    Waiting,
    /// Under way, with its percentage where it can be told.
    Running(Option<u8>),
    Done,
    Failed,
    /// Left out, or undone after a later step failed.
    Skipped,
}

/// A list of steps.
#[component]
pub fn Steps(children: Children) -> impl IntoView {
    view! { <ol class="steps">{children()}</ol> }.into_any()
}

/// One step of [`Steps`]; `children` are remarks and bars under it.
#[component]
pub fn Step(
    state: StepState,
    #[prop(into)] title: String,
    /// At the end of the line: how long it took, how much it moved.
    #[prop(optional, into)]
    note: MaybeText,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let note = note.0;
    let (class, says) = match state {
        StepState::Waiting => ("step waiting", "waiting"),
        StepState::Running(_) => ("step running", "running"),
        StepState::Done => ("step done", "done"),
        StepState::Failed => ("step failed", "failed"),
        StepState::Skipped => ("step skipped", "left out"),
    };
    let mark = match state {
        StepState::Running(_) => view! { <span class="spinner"></span> }.into_any(),
        StepState::Done => view! { <Icon glyph=Glyph::Check /> }.into_any(),
        StepState::Failed => view! { <Icon glyph=Glyph::Close /> }.into_any(),
        StepState::Waiting | StepState::Skipped => ().into_any(),
    };
    let bar = match state {
        StepState::Running(Some(percent)) => Some(
            view! { <progress max="100" value=percent.to_string() aria-label=title.clone()></progress> },
        ),
        _ => None,
    };
    let note = note.or_else(|| match state {
        StepState::Running(Some(percent)) => Some(format!("{percent} %")),
        _ => None,
    });
    let has_body = bar.is_some() || children.is_some();
    let body = has_body
        .then(|| view! { <div class="step-body">{bar} {children.map(|more| more())}</div> });
    view! {
        <li class=class>
            <span class="step-mark" aria-hidden="true">
                {mark}
            </span>
            <span class="step-title">
                {title} <span class="visually-hidden">{format!(": {says}")}</span>
            </span>
            <span class="step-end">{note}</span>
            {body}
        </li>
    }
    .into_any()
}
