//! Native dialogs, opened by invoker commands: no script needed, focus kept inside, Escape closes.

use leptos::prelude::*;

use super::button::{Kind, SubmitButton, class};
use super::form::Hidden;
use super::icon::{Glyph, Icon};
use super::text::MaybeText;

/// The button that opens the [`Dialog`] of this id.
#[component]
pub fn DialogButton(
    #[prop(into)] dialog: String,
    #[prop(optional)] kind: Kind,
    #[prop(optional)] icon: Option<Glyph>,
    #[prop(optional)] small: bool,
    /// Why it can't be pressed now; it then stays visible, with this text.
    #[prop(optional, into)]
    refused: MaybeText,
    children: Children,
) -> impl IntoView {
    let refused = refused.0;
    view! {
        <button
            type="button"
            class=class(kind, small, false)
            command="show-modal"
            commandfor=dialog
            disabled=refused.is_some()
            title=refused
        >
            {icon.map(|glyph| view! { <Icon glyph /> })}
            {children()}
        </button>
    }
    .into_any()
}

/// A question over the page. `foot` holds the buttons; a Back button stands before them.
#[component]
pub fn Dialog(
    #[prop(into)] id: String,
    #[prop(into)] title: String,
    #[prop(optional)] foot: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let title_id = format!("{id}-title");
    let labelled_by = title_id.clone();
    let close = (id.clone(), id.clone());
    view! {
        <dialog class="dialog" id=id aria-labelledby=labelled_by closedby="any">
            <div class="dialog-head">
                <h2 id=title_id>{title}</h2>
                <button
                    type="button"
                    class=class(Kind::Quiet, true, true)
                    command="close"
                    commandfor=close.0
                    aria-label="Close"
                >
                    <Icon glyph=Glyph::Close />
                </button>
            </div>
            <div class="dialog-body">{children()}</div>
            {foot
                .map(|buttons| {
                    view! {
                        <div class="dialog-foot">
                            <button type="button" class=class(Kind::Plain, false, false) command="close" commandfor=close.1>
                                "Back"
                            </button>
                            {buttons}
                        </div>
                    }
                })}
        </dialog>
    }
    .into_any()
}

/// Makes every sign of a text stand for itself in an input's `pattern`.
fn literally(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 8);
    for sign in text.chars() {
        // Browsers read patterns by the rules of the `v` flag: escaping anything else is an error there.
        if "/^$\\.*+?()[]{}|".contains(sign) {
            pattern.push('\\');
        }
        pattern.push(sign);
    }
    pattern
}

/// A dialog that asks before something that can't be undone.
#[component]
pub fn ConfirmForm(
    #[prop(into)] id: String,
    #[prop(into)] title: String,
    /// Address of the server function: `ItsName::url()`.
    #[prop(into)]
    action: String,
    /// What the form sends.
    fields: Vec<(&'static str, String)>,
    /// What the button does, as a verb with its object.
    #[prop(into)]
    verb: String,
    /// A name that must be typed first, for what destroys other people's work.
    #[prop(optional, into)]
    typed: MaybeText,
    /// What will happen.
    children: Children,
) -> impl IntoView {
    let typed = typed.0;
    let form_id = format!("{id}-form");
    let field_id = format!("{id}-typed");
    let kind = Kind::DangerSolid;
    let foot = view! { <SubmitButton kind form=form_id.clone()>{verb}</SubmitButton> }.into_any();
    let fields = fields
        .into_iter()
        .map(|(name, value)| view! { <Hidden name value /> })
        .collect_view();
    let ask = typed.map(|name| {
        view! {
            <div class="field">
                <label for=field_id.clone()>"Type "<code>{name.clone()}</code>" to confirm"</label>
                <input class="input" id=field_id pattern=literally(&name) required=true autocomplete="off" />
            </div>
        }
    });
    view! {
        <Dialog id title foot>
            {children()}
            <form id=form_id method="post" action=action>
                {fields}
                {ask}
            </form>
        </Dialog>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_name_is_compared_sign_by_sign() {
        assert_eq!(literally("cs-101 (a.b)"), "cs-101 \\(a\\.b\\)");
    }
}
