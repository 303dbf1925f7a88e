//! The few manners that script adds to every page: buttons that wait, text that copies, toasts that go.
//!
//! One island listens for the whole page, so that the parts themselves stay plain HTML and cost no wasm each.

use leptos::prelude::*;

/// Listens for sending forms, `data-copy` and `data-dismiss`; renders nothing.
#[island]
pub fn Enhance() -> impl IntoView {
    #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
    browser::listen();
}

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
mod browser {
    use leptos::ev;
    use leptos::prelude::*;
    use leptos::wasm_bindgen::JsCast;
    use leptos::web_sys::{Element, Event, SubmitEvent};
    use std::time::Duration;

    const TOAST_STAYS: Duration = Duration::from_secs(8);
    const COPIED_STAYS: Duration = Duration::from_secs(2);

    pub(super) fn listen() {
        let _ = window_event_listener(ev::submit, |event| on_submit(&event));
        let _ = window_event_listener(ev::click, |event| on_click(&event));
        let _ = window_event_listener(ev::pageshow, |_| release());
        set_timeout(dismiss_all, TOAST_STAYS);
    }

    /// Marks the pressed button as busy, and refuses a second press.
    fn on_submit(event: &SubmitEvent) {
        let Some(form) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) else {
            return;
        };
        if form.has_attribute("data-busy") {
            event.prevent_default();
            return;
        }
        let is_post = form
            .get_attribute("method")
            .is_some_and(|m| m.eq_ignore_ascii_case("post"));
        if event.default_prevented() || !is_post {
            return;
        }
        let _ = form.set_attribute("data-busy", "");
        if let Some(button) = event.submitter() {
            let _ = button.set_attribute("aria-busy", "true");
        }
    }

    /// Coming back to a page from the browser's memory, nothing is on its way any more.
    fn release() {
        for (selector, attribute) in [
            ("[data-busy]", "data-busy"),
            ("button[aria-busy]", "aria-busy"),
        ] {
            while let Ok(Some(element)) = document().query_selector(selector) {
                let _ = element.remove_attribute(attribute);
            }
        }
    }

    fn closest(event: &Event, selector: &str) -> Option<Element> {
        event
            .target()?
            .dyn_into::<Element>()
            .ok()?
            .closest(selector)
            .ok()?
    }

    fn on_click(event: &Event) {
        if let Some(button) = closest(event, "[data-copy]") {
            copy(&button);
        } else if let Some(toast) =
            closest(event, "[data-dismiss]").and_then(|b| b.closest(".toast").ok()?)
        {
            toast.remove();
        }
    }

    fn copy(button: &Element) {
        let Some(text) = button.get_attribute("data-copy") else {
            return;
        };
        let _ = window().navigator().clipboard().write_text(&text);
        let before = button.get_attribute("aria-label").unwrap_or_default();
        let _ = button.set_attribute("aria-label", "Copied");
        let _ = button.set_attribute("data-copied", "");
        let button = button.clone();
        set_timeout(
            move || {
                let _ = button.set_attribute("aria-label", &before);
                let _ = button.remove_attribute("data-copied");
            },
            COPIED_STAYS,
        );
    }

    /// Good news goes by itself; warnings and refusals stay until somebody has read them.
    fn dismiss_all() {
        while let Ok(Some(toast)) = document().query_selector(".toast.ok") {
            toast.remove();
        }
    }
}
