//! A plot of months, drawn on the server; the table beneath it says the same to those who can't see it.

use domain::cost::MonthCost;
use leptos::prelude::*;

use super::panel::name;

const WIDTH: i64 = 640;
const HEIGHT: i64 = 180;
const FOOT: i64 = 24;
const GAP: i64 = 8;

/// One column a month: storage below, transfers between regions above.
#[component]
pub fn Plot(months: Vec<MonthCost>) -> impl IntoView {
    let top = months.iter().map(|month| month.total().milli).max();
    let top = top.unwrap_or_default().max(1);
    let count = i64::try_from(months.len()).unwrap_or(1).max(1);
    let step = WIDTH / count;
    let highest = months
        .iter()
        .map(MonthCost::total)
        .max_by_key(|total| total.milli)
        .map(|total| total.told())
        .unwrap_or_default();
    let columns = (0..)
        .zip(&months)
        .map(|(at, month)| column(month, at * step, step, top));
    let columns = columns.collect_view();
    let (base, box_) = (HEIGHT - FOOT, format!("0 0 {WIDTH} {HEIGHT}"));
    let label = format!(
        "Cost of the last {count} months; the highest is {highest}. The table below has the figures."
    );
    view! {
        <figure class="card plot">
            <svg viewBox=box_ role="img" aria-label=label preserveAspectRatio="none">
                <line class="plot-base" x1="0" x2=WIDTH y1=base y2=base />
                {columns}
            </svg>
            <figcaption class="small muted">
                <span class="plot-key storage"></span>
                "Storage "
                <span class="plot-key egress"></span>
                "Between regions. Highest month: "
                {highest.clone()}
            </figcaption>
        </figure>
    }
    .into_any()
}

fn column(month: &MonthCost, x: i64, step: i64, top: i64) -> impl IntoView + use<> {
    let room = HEIGHT - FOOT - GAP;
    let scale = |milli: i64| (milli.saturating_mul(room) / top).clamp(0, room);
    let (storage, egress) = (scale(month.storage.milli), scale(month.egress.milli));
    let base = HEIGHT - FOOT;
    let (left, wide) = (x + GAP / 2, (step - GAP).max(1));
    let middle = x + step / 2;
    let title = format!("{}: {}", name(month.month), month.total().told());
    let short = month.month.format("%b").to_string();
    view! {
        <g>
            <title>{title}</title>
            <rect class="plot-storage" x=left y=base - storage width=wide height=storage rx="2" />
            <rect class="plot-egress" x=left y=base - storage - egress width=wide height=egress rx="2" />
            <text class="plot-label" x=middle y=HEIGHT - 8 text-anchor="middle">{short}</text>
        </g>
    }
}
