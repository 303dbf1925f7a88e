//! The fields of a definition that can be changed later too. Rule A67.

use leptos::prelude::*;

use super::form::ChangeableForm;
use crate::ui::{FormState, TextArea, TextInput};

/// Description, recommendations, end of life and tags. Rules A17, A20-A22.
#[component]
pub fn ChangeableFields(state: FormState, proposed: ChangeableForm) -> impl IntoView {
    view! {
        <TextArea
            name="description"
            label="Description"
            optional=true
            maxlength=1000
            rows=3
            value=state.value_or("description", proposed.description)
            error=state.error("description")
            hint="Why the image exists, for those who choose one for a lab."
        />
        {range(&state, "recommendedVcpus", "Virtual processors", "Vcpus", proposed.min_vcpus, proposed.max_vcpus)}
        {range(&state, "recommendedMemory", "Memory in GiB", "Memory", proposed.min_memory, proposed.max_memory)}
        <TextInput
            name="endOfLife"
            label="End of life"
            kind="date"
            optional=true
            value=state.value_or("endOfLife", proposed.end_of_life)
            error=state.error("endOfLife")
            hint="From this day on (UTC) the image is not offered for new labs."
        />
        <TextArea
            name="tags"
            label="Tags"
            optional=true
            rows=2
            value=state.value_or("tags", proposed.tags)
            error=state.error("tags")
            hint="One a line, as key=value."
        />
    }
}

/// A lower and an upper figure of which the lower must not be above the upper. Rule A22.
fn range(
    state: &FormState,
    target: &str,
    what: &str,
    end: &str,
    min: String,
    max: String,
) -> impl IntoView + use<> {
    let (low, high) = (format!("min{end}"), format!("max{end}"));
    view! {
        <div class="form-row" id=target.to_owned()>
            <TextInput
                name=low.clone()
                label=format!("{what}, at least")
                kind="number"
                min="1"
                optional=true
                live=true
                value=state.value_or(&low, min)
                error=state.error(target)
            />
            <TextInput
                name=high.clone()
                label=format!("{what}, at most")
                kind="number"
                min="1"
                optional=true
                live=true
                value=state.value_or(&high, max)
            />
        </div>
    }
}
