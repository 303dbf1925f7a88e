//! Parts of a page that follow events, without a second copy of their markup in wasm.

use leptos::prelude::*;

/// Keeps elements as the server would draw them now: each event from `events` fetches the page again and puts the
/// fresh parts in place. A fresh part that bears `data-settled` is final, and the stream is closed.
/// Without script the page shows the state of its last load, and says so.
#[cfg(feature = "ssr")]
#[component]
pub fn Live(
    /// Ids of the parts to keep fresh, with spaces between; they hold no islands.
    region: String,
    /// Address of the event stream.
    events: String,
) -> impl IntoView {
    view! {
        <Follow region events />
        <noscript>
            <p class="small muted">"This part shows the state of a moment ago. "<a href="">"Refresh"</a></p>
        </noscript>
    }
}

/// The browser's side of `Live`; renders nothing, on the server and in the browser alike.
#[island]
pub fn Follow(
    /// Ids of the parts to keep fresh.
    region: String,
    /// Address of the event stream.
    events: String,
) -> impl IntoView {
    #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
    browser::follow(region, &events);
    #[cfg(any(feature = "ssr", not(feature = "hydrate")))]
    let _ = (region, events);
}

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
mod browser {
    use std::cell::Cell;
    use std::rc::Rc;
    use std::time::Duration;

    use leptos::prelude::*;
    use leptos::task::spawn_local;
    use leptos::wasm_bindgen::closure::Closure;
    use leptos::wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{
        DomParser, Element, EventSource, HtmlElement, MessageEvent, Response, SupportedType,
    };

    /// Events come in bursts; one look at the server answers a whole burst.
    const GATHER: Duration = Duration::from_millis(250);

    pub(super) fn follow(region: String, events: &str) {
        let Ok(source) = EventSource::new(events) else {
            return;
        };
        let waiting = Rc::new(Cell::new(false));
        let stream = source.clone();
        let on_event = Closure::<dyn Fn(MessageEvent)>::new(move |_| {
            if waiting.replace(true) {
                return;
            }
            let (waiting, region, stream) = (Rc::clone(&waiting), region.clone(), stream.clone());
            set_timeout(
                move || {
                    waiting.set(false);
                    spawn_local(async move {
                        // A lost connection shows itself by the page standing still; the next event tries again.
                        if let Ok(true) = refresh(&region).await {
                            stream.close();
                        }
                    });
                },
                GATHER,
            );
        });
        source.set_onmessage(Some(on_event.as_ref().unchecked_ref()));
        on_event.forget();
    }

    /// Fetches the page and puts its parts in place; says whether one of them is final.
    async fn refresh(regions: &str) -> Result<bool, JsValue> {
        let address = window().location().href()?;
        let response: Response = JsFuture::from(window().fetch_with_str(&address))
            .await?
            .dyn_into()?;
        if !response.ok() {
            return Ok(false);
        }
        let html = JsFuture::from(response.text()?)
            .await?
            .as_string()
            .unwrap_or_default();
        let page = DomParser::new()?.parse_from_string(&html, SupportedType::TextHtml)?;
        let mut settled = false;
        for region in regions.split(' ') {
            let (Some(old), Some(new)) = (
                document().get_element_by_id(region),
                page.get_element_by_id(region),
            ) else {
                continue;
            };
            settled |= new.has_attribute("data-settled");
            replace(&old, &new)?;
        }
        Ok(settled)
    }

    /// Puts the fresh part in place, and the focus back to where it was in it.
    fn replace(old: &Element, new: &Element) -> Result<(), JsValue> {
        let focused = document()
            .active_element()
            .filter(|e| old.contains(Some(e)))
            .map(|e| e.id());
        old.set_inner_html(&new.inner_html());
        let again = focused
            .filter(|id| !id.is_empty())
            .and_then(|id| document().get_element_by_id(&id));
        if let Some(element) = again.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
            element.focus()?;
        }
        Ok(())
    }
}
