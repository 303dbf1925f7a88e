//! Judging a form while it is filled in, by the domain's own functions.
//!
//! The form itself is plain HTML from the server; fields with `live` keep a line free for what is said of them here.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use domain::Violation;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, FormData, HtmlFormElement};

/// Calls `judge` with the form at every change, and shows what it finds beside the fields that were touched.
///
/// A field's name is the violation's target and the id of its control.
pub fn watch(form: &str, judge: impl Fn(&FormData) -> Vec<Violation> + 'static) {
    let found = document().get_element_by_id(form);
    let Some(form) = found.and_then(|e| e.dyn_into::<HtmlFormElement>().ok()) else {
        return;
    };
    let touched = Rc::new(RefCell::new(BTreeSet::new()));
    let (on, watched) = (form.clone(), touched);
    let on_input = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        let Ok(data) = FormData::new_with_form(&on) else {
            return;
        };
        if let Some(name) = event
            .target()
            .and_then(|t| t.dyn_into::<Element>().ok()?.get_attribute("name"))
        {
            watched.borrow_mut().insert(name);
        }
        let found = judge(&data);
        for name in watched.borrow().iter() {
            let sentence = found.iter().find(|v| v.target == *name);
            say(name, sentence.map(Violation::sentence));
        }
    });
    for kind in ["input", "change"] {
        let _ = form.add_event_listener_with_callback(kind, on_input.as_ref().unchecked_ref());
    }
    // The form stays as long as its page.
    on_input.forget();
}

/// The text of one field; empty when the form has no such field.
#[must_use]
pub fn text(data: &FormData, name: &str) -> String {
    data.get(name).as_string().unwrap_or_default()
}

/// Puts a sentence into a field's line, or takes it away.
fn say(name: &str, sentence: Option<String>) {
    if let Some(line) = document().get_element_by_id(&format!("{name}-error")) {
        line.set_text_content(sentence.as_deref());
    }
    if let Some(control) = document().get_element_by_id(name) {
        let _ = match sentence {
            Some(_) => control.set_attribute("aria-invalid", "true"),
            None => control.remove_attribute("aria-invalid"),
        };
    }
}
