//! Sizes of files and disks.

use domain::DiskSize;
use leptos::prelude::*;

/// A size in binary units; the exact number of bytes shows on hover.
#[component]
pub fn Bytes(size: DiskSize) -> impl IntoView {
    view! { <data class="num" value=size.bytes().to_string() title=format!("{} bytes", size.bytes())>{size.to_string()}</data> }
}
