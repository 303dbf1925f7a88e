//! How far something is, and how full.

use leptos::prelude::*;

use super::badge::Tone;
use super::text::MaybeText;

/// A bar that fills while work goes on; without `percent` the work's length is unknown.
#[component]
pub fn Progress(
    #[prop(into)] label: String,
    /// From 0 to 100.
    #[prop(optional_no_strip)]
    percent: Option<u8>,
    /// A figure beside the label, such as `1.2 of 4 GiB`; the percentage otherwise.
    #[prop(optional, into)]
    note: MaybeText,
) -> impl IntoView {
    let note = note.0;
    let note = note.or_else(|| percent.map(|p| format!("{p} %")));
    view! {
        <div class="progress">
            <span class="progress-label">
                <span>{label.clone()}</span>
                <span class="num">{note}</span>
            </span>
            <progress max="100" value=percent aria-label=label></progress>
        </div>
    }
    .into_any()
}

/// How much of a limit is used; turns to a warning at 80 % and to danger at 95 %.
#[component]
pub fn Meter(
    #[prop(into)] label: String,
    used: u64,
    limit: u64,
    /// The figures in words, such as `12 of 100`.
    #[prop(into)]
    note: String,
) -> impl IntoView {
    let percent = (used.saturating_mul(100).checked_div(limit)).map_or(100, |p| p.min(100));
    let tone = match percent {
        0..80 => Tone::Accent,
        80..95 => Tone::Warn,
        _ => Tone::Danger,
    };
    view! {
        <div class="progress">
            <span class="progress-label">
                <span>{label.clone()}</span>
                <span class="num">{note}</span>
            </span>
            <progress class=tone.class() max="100" value=percent.to_string() aria-label=label></progress>
        </div>
    }
    .into_any()
}
