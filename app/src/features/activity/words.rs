//! The log's short words as people read them.

use domain::Origin;
use domain::activity::ActivityResult;
use leptos::prelude::*;

use crate::ui::{Badge, Tone};

/// An operation in words. Those that come later are told by their own name until they have words here.
#[must_use]
pub fn operation(name: &str) -> String {
    let words = match name {
        "account_password_set" => "Set a password",
        "account_verify" => "Sign in",
        "domain_add" => "Add domain",
        "domain_lead" => "Lead people of a domain",
        "domain_prove" => "Prove domain",
        "domain_remove" => "Give domain up",
        "factor_open" => "Open second factor for changes",
        "factor_reset" => "Remove second factor",
        "gallery_delete" => "Delete gallery",
        "gallery_put" => "Create or change gallery",
        "gallery_update" => "Change gallery",
        "group_claim_add" => "Map group claim",
        "group_claim_remove" => "Forget group claim",
        "group_member_set" => "Change group members",
        "image_delete" => "Delete image definition",
        "image_put" => "Create or change image definition",
        "invitation_accept" => "Accept invitation",
        "invitation_create" => "Invite guest",
        "invitation_revoke" => "Take invitation back",
        "job_cancel" => "Cancel operation",
        "lab_delete" => "Delete lab",
        "lab_put" => "Create lab",
        "lab_update" => "Change lab",
        "machine_connect" => "Open console",
        "disk_put" => "Create disk",
        "disk_update" => "Change disk",
        "disk_delete" => "Delete disk",
        "snapshot_put" => "Create snapshot",
        "snapshot_update" => "Change snapshot",
        "snapshot_delete" => "Delete snapshot",
        "managed_image_put" => "Create managed image",
        "managed_image_update" => "Change managed image",
        "managed_image_delete" => "Delete managed image",
        "virtual_machine_put" => "Create virtual machine",
        "virtual_machine_update" => "Change virtual machine",
        "virtual_machine_delete" => "Delete virtual machine",
        "virtual_machine_start" => "Start virtual machine",
        "virtual_machine_stop" => "Stop virtual machine",
        "virtual_machine_deallocate" => "Deallocate virtual machine",
        "virtual_machine_restart" => "Restart virtual machine",
        "virtual_machine_generalize" => "Generalize virtual machine",
        "machine_start" => "Start machine",
        "machine_stop" => "Stop machine",
        "passkey_add" => "Add passkey",
        "passkey_remove" => "Remove passkey",
        "passkey_rename" => "Rename passkey",
        "person_admit" => "Let in at first sign-in",
        "plan_delete" => "Delete lab plan",
        "plan_gallery_attach" => "Attach gallery to lab plan",
        "plan_gallery_detach" => "Detach gallery from lab plan",
        "plan_image_set" => "Switch image of lab plan",
        "plan_put" => "Create or change lab plan",
        "principal_create" => "Add person, group or program",
        "principal_enable" => "Allow or bar sign-in",
        "provider_create" => "Add identity provider",
        "provider_delete" => "Remove identity provider",
        "provider_enable" => "Open or shut identity provider",
        "provider_tested" => "Test identity provider",
        "provider_update" => "Change identity provider",
        "recovery_codes_create" => "Make recovery codes",
        "resource_group_delete" => "Delete resource group",
        "resource_group_put" => "Create or change resource group",
        "role_assignment_create" => "Give role",
        "role_assignment_delete" => "Take role away",
        "role_delete" => "Delete role",
        "role_put" => "Define or change role",
        "second_step" => "Second step of sign-in",
        "session_create" => "Sign in",
        "session_revoke" => "End session",
        "share_accept" => "Accept share",
        "share_create" => "Make share link",
        "share_revoke" => "Revoke share",
        "share_use" => "Use what is shared",
        "template_export" => "Export to gallery",
        "tenant_switch" => "Switch organisation",
        "token_create" => "Create API token",
        "totp_confirm" => "Set up authenticator app",
        "totp_remove" => "Remove authenticator app",
        "upload_append" => "Receive upload",
        "upload_create" => "Start upload",
        "upload_delete" => "Discard upload",
        "version_create" => "Create image version",
        "version_delete" => "Delete image version",
        "version_restore" => "Restore image version",
        "version_update" => "Change image version",
        other => return sentence(other),
    };
    words.to_owned()
}

/// `subscription_create` as `Subscription create`.
fn sentence(name: &str) -> String {
    let text = name.replace('_', " ");
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// A result in words.
#[must_use]
pub(super) const fn result(result: ActivityResult) -> &'static str {
    match result {
        ActivityResult::Accepted => "Accepted",
        ActivityResult::Succeeded => "Succeeded",
        ActivityResult::Failed => "Failed",
        ActivityResult::Canceled => "Cancelled",
        ActivityResult::Refused => "Refused",
    }
}

/// A result as a badge.
#[must_use]
pub fn result_mark(of: ActivityResult) -> AnyView {
    let (tone, title) = match of {
        ActivityResult::Accepted => (
            Tone::Info,
            "It was taken on; another line tells how it ended",
        ),
        ActivityResult::Succeeded => (Tone::Ok, "It was done"),
        ActivityResult::Failed => (
            Tone::Danger,
            "It could not be done; what it had made was removed",
        ),
        ActivityResult::Canceled => (Tone::Neutral, "It was stopped on request"),
        ActivityResult::Refused => (Tone::Warn, "It was not allowed"),
    };
    view! { <Badge tone title>{result(of)}</Badge> }.into_any()
}

/// The door that a request took.
#[must_use]
pub(super) const fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Portal => "in the portal",
        Origin::Rest => "over REST",
        Origin::System => "by Vitrine itself",
    }
}

#[cfg(test)]
mod tests {
    use super::operation;

    #[test]
    fn an_operation_without_words_is_told_by_its_own_name() {
        assert_eq!(operation("template_export"), "Export to gallery");
        assert_eq!(operation("subscription_create"), "Subscription create");
        assert_eq!(operation(""), "");
    }
}
