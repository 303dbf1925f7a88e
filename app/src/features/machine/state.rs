//! A machine's state and buttons, alike on every page that shows one.

use domain::OpContext;
use domain::machine::{MachineState, MachineView};
use domain::rbac::Action;
use leptos::prelude::*;
use uuid::Uuid;

use super::actions::{MachineStart, MachineStop};
use crate::ssr;
use crate::ui::{
    Bytes, Callout, CopyText, Fact, Facts, FormErrors, FormState, Glyph, Hidden, Kind, LinkButton,
    Live, PostForm, ServerFn as _, StateDot, SubmitButton, Time, Tone,
};

/// What the caller may do with a machine, by the function that the services enforce.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MachineRights {
    /// Start it.
    pub start: bool,
    /// Stop it.
    pub stop: bool,
    /// Open its consoles.
    pub connect: bool,
}

impl MachineRights {
    /// The caller's rights on one machine.
    #[must_use]
    pub fn of(op: &OpContext, machine: &MachineView) -> Self {
        let may = |action| op.may(action, machine.resource_id.as_str());
        Self {
            start: may(Action::LabVmStart),
            stop: may(Action::LabVmStop),
            connect: may(Action::LabVmConnect),
        }
    }
}

fn words(state: MachineState) -> (Tone, &'static str) {
    match state {
        MachineState::Creating => (Tone::Info, "Being created"),
        MachineState::Stopped => (Tone::Neutral, "Stopped"),
        MachineState::Starting => (Tone::Info, "Starting"),
        MachineState::Running => (Tone::Ok, "Running"),
        MachineState::Stopping => (Tone::Info, "Stopping"),
        MachineState::Exporting => (Tone::Info, "Being exported"),
        MachineState::Failed => (Tone::Danger, "Failed"),
    }
}

/// The state as a dot and a word.
#[component]
pub fn MachineMark(state: MachineState) -> impl IntoView {
    let (tone, label) = words(state);
    view! { <StateDot tone busy=state.is_moving() label /> }
}

/// Keeps these parts of the page fresh while the machine changes.
pub fn follow(machine: &MachineView, regions: &str) -> AnyView {
    let events = format!("/events/machines/{}", machine.id);
    view! { <Live region=regions.to_owned() events /> }.into_any()
}

/// Why the last press of a button was refused.
pub fn refusals() -> AnyView {
    view! {
        <FormErrors state={FormState::of::<MachineStart>()} />
        <FormErrors state={FormState::of::<MachineStop>()} />
    }
    .into_any()
}

/// Start, stop and console, as far as rights and state allow.
#[component]
pub fn MachineButtons(
    machine: MachineView,
    rights: MachineRights,
    #[prop(optional)] small: bool,
) -> impl IntoView {
    let start = (rights.start && machine.state == MachineState::Stopped)
        .then(|| press(MachineStart::url(), machine.id, Glyph::Play, "Start", small));
    let stop = (rights.stop
        && matches!(
            machine.state,
            MachineState::Running | MachineState::Starting
        ))
    .then(|| press(MachineStop::url(), machine.id, Glyph::Stop, "Stop", small));
    let console = rights.connect.then(|| {
        let href = format!("/labs/{}/console", machine.lab);
        let refused =
            (machine.state != MachineState::Running).then(|| "Start the machine first".to_owned());
        let kind = if refused.is_none() {
            Kind::Primary
        } else {
            Kind::Plain
        };
        view! { <LinkButton href kind icon=Glyph::Console small refused>"Console"</LinkButton> }
    });
    view! { <div class="row">{start} {stop} {console}</div> }.into_any()
}

/// A button that sends the machine's id, and the page to come back to.
fn press(
    action: &'static str,
    machine: Uuid,
    icon: Glyph,
    verb: &'static str,
    small: bool,
) -> AnyView {
    let from = ssr::query().link(&[]);
    view! {
        <PostForm action class="inline">
            <Hidden name="id" value=machine.to_string() />
            <Hidden name="from" value=from />
            <SubmitButton icon small>{verb}</SubmitButton>
        </PostForm>
    }
    .into_any()
}

/// What is known of a machine, and what is wrong with it.
#[component]
pub fn MachineFacts(machine: MachineView) -> impl IntoView {
    let settings = ssr::services()
        .ok()
        .map(|services| services.settings().clone());
    let region = settings
        .and_then(|s| {
            s.regions
                .find(&machine.region)
                .map(|r| r.display_name.clone())
        })
        .unwrap_or_else(|| machine.region.clone());
    let computer = match machine.computer_name.clone() {
        Some(name) => view! { <CopyText text=name /> }.into_any(),
        None => view! { <span class="muted">"As the specialized image has it"</span> }.into_any(),
    };
    let account = match machine.user_name.clone() {
        Some(name) => view! { <CopyText text=name /> }.into_any(),
        None => view! { <span class="muted">"As the specialized image has them"</span> }.into_any(),
    };
    let disks = (machine.disk_count > 1).then(|| format!(" and {} more", machine.disk_count - 1));
    let problem = machine.problem.clone().map(|text| {
        let tone = if machine.state == MachineState::Failed {
            Tone::Danger
        } else {
            Tone::Warn
        };
        view! { <Callout tone title="The machine has a problem"><p>{text}</p></Callout> }
    });
    view! {
        {problem}
        <Facts>
            <Fact term="State"><MachineMark state=machine.state />" " <span class="muted small">"since "<Time at=machine.state_at /></span></Fact>
            <Fact term="Region">{region}</Fact>
            <Fact term="OS disk"><Bytes size=machine.os_disk />{disks}</Fact>
            <Fact term="Computer name">{computer}</Fact>
            <Fact term="First account">{account}</Fact>
        </Facts>
    }
    .into_any()
}

/// The machine's screen as it is now; its place is there before it arrives, so that nothing moves.
#[component]
pub fn Screenshot(machine: MachineView) -> impl IntoView {
    let stamp = machine.state_at.timestamp();
    view! {
        <a class="screenshot" href=format!("/labs/{}/console", machine.lab) aria-label="Open the console">
            <img src=format!("/console/{}/screenshot?at={stamp}", machine.id) alt="The machine's screen now" width="720" height="400" loading="lazy" />
        </a>
    }
    .into_any()
}
