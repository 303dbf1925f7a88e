//! What the browser loads: the islands of the portal's pages.

use leptos::server_fn::redirect::set_redirect_hook;
use leptos::wasm_bindgen::prelude::wasm_bindgen;
// The islands and the calling side of the server functions are exported by being linked.
use app as _;

/// Brings the islands of the page to life; the page itself needs no script.
#[wasm_bindgen]
pub fn hydrate() {
    // There is no router in the browser: where a server function leads, the document goes.
    // A second call finds the hook in place, which is as good.
    let _ = set_redirect_hook(|location| {
        let _ = leptos::prelude::window().location().set_href(location);
    });
    leptos::mount::hydrate_islands();
}
