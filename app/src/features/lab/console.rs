//! The consoles of a template VM in the browser: its screen and its serial line.

use domain::OpContext;
use domain::lab::LabView;
use domain::machine::{HostView, MachineState, MachineView};
use domain::rbac::Action;
use domain::{Code, Problem};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::Link;

use crate::features::machine::{self, MachineButtons, MachineRights};
use crate::ssr;
use crate::ui::{Callout, Crumb, EmptyState, Glyph, Icon, Kind, LinkButton, Page, Tab, Tabs, Tone};

/// Which line of the machine is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Screen,
    Serial,
}

/// The console page of a lab's template VM.
#[component]
pub fn ConsolePage() -> impl IntoView {
    let id = ssr::id("lab");
    ssr::page(async move {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let lab = services.lab_get(&op, id?).await?;
        let machine = lab.template.clone().ok_or_else(|| {
            Problem::new(
                Code::Conflict,
                "This lab has no template VM, so there is no console.",
            )
        })?;
        op.authorize(
            Action::LabVmConnect,
            Action::LabVmRead,
            machine.resource_id.as_str(),
        )?;
        let host = services.host(&op).await.ok();
        let line = if ssr::query().get("line") == Some("serial") {
            Line::Serial
        } else {
            Line::Screen
        };
        Ok(view! { <Console lab machine host line op /> })
    })
}

#[component]
fn Console(
    lab: LabView,
    machine: MachineView,
    host: Option<HostView>,
    line: Line,
    op: OpContext,
) -> impl IntoView {
    let base = format!("/labs/{}/console", lab.meta.id);
    let serial = format!("{base}?line=serial");
    let current = if line == Line::Serial {
        serial.clone()
    } else {
        base.clone()
    };
    let tabs = vec![Tab::new(base, "Screen"), Tab::new(serial, "Serial line")];
    let crumbs = vec![
        Crumb::new("/labs", "Labs"),
        Crumb::new(format!("/labs/{}", lab.meta.id), lab.title.clone()),
    ];
    let slow = host.filter(|host| !host.hardware).map(|host| {
        view! { <p class="small muted">"This host runs machines by software emulation, many times slower than with KVM: "{host.reason}</p> }
    });
    let body = if machine.state == MachineState::Running {
        frame(&machine, line, &current)
    } else {
        waiting(&machine, &op)
    };
    view! {
        <Page title="Console" crumbs>
            <Tabs current tabs />
            <noscript>
                <Callout tone=Tone::Warn title="The console needs JavaScript">
                    <p>"It carries the machine's screen and keys. Everything else of the portal works without."</p>
                </Callout>
            </noscript>
            {body}
            {slow}
        </Page>
    }
}

/// The place of the console before the machine runs; once it does, the way in.
fn waiting(machine: &MachineView, op: &OpContext) -> AnyView {
    let rights = MachineRights::of(op, machine);
    let text = match machine.state {
        MachineState::Starting | MachineState::Creating => {
            "It is on its way; this page says when the console can be opened."
        }
        MachineState::Exporting => "An export reads its disk. It can be started when that is over.",
        _ => "Start it to see its screen.",
    };
    let live = machine::follow(machine, "console-wait");
    let machine = machine.clone();
    view! {
        {machine::refusals()}
        <div id="console-wait">
            <EmptyState glyph=Glyph::Console title="The machine does not run" text>
                <MachineButtons machine rights />
            </EmptyState>
        </div>
        {live}
    }
    .into_any()
}

/// The console itself, and what the module that was bundled for it needs.
fn frame(machine: &MachineView, line: Line, href: &str) -> AnyView {
    let (kind, label) = match line {
        Line::Screen => ("screen", "Screen of the machine"),
        Line::Serial => ("serial", "Serial line of the machine"),
    };
    let url = format!("/console/{}/{kind}", machine.id);
    let script = ssr::built_file("console", "console", "js")
        .map(|src| view! { <script type="module" src=src nonce=use_nonce()></script> });
    let style = ssr::built_file("console-css", "console", "css")
        .map(|href| view! { <Link rel="stylesheet" href /> });
    let keys = match line {
        Line::Screen => view! {
            <button type="button" class="button small" data-console-send="ctrl-alt-del">"Ctrl+Alt+Del"</button>
        }
        .into_any(),
        Line::Serial => view! {
            <button type="button" class="button small" data-console-paste="">
                <Icon glyph=Glyph::Copy />
                "Paste"
            </button>
        }
        .into_any(),
    };
    let back = format!("/labs/{}?tab=template", machine.lab);
    let href = href.to_owned();
    // A page that waits for the machine fetches this part, and shows it: the way in.
    view! {
        {style}
        <div class="console" data-console-frame="" id="console-frame">
            <div class="console-bar">
                <span class="state busy info" data-console-status="" role="status">"Connecting"</span>
                {keys}
                <button type="button" class="button small" data-console-reconnect="">
                    <Icon glyph=Glyph::Refresh />
                    "Reconnect"
                </button>
                <button type="button" class="button small" data-console-full="">"Full screen"</button>
                <span class="console-end"><LinkButton href=back kind=Kind::Quiet small=true>"Template and export"</LinkButton></span>
            </div>
            <div class="console-screen" data-console=kind data-url=url aria-label=label role="region"></div>
        </div>
        <div id="console-wait" hidden=true>
            <EmptyState glyph=Glyph::Console title="The machine runs" text="Its console can be opened now.">
                <LinkButton href kind=Kind::Primary icon=Glyph::Console>"Open the console"</LinkButton>
            </EmptyState>
        </div>
        {script}
    }
    .into_any()
}
