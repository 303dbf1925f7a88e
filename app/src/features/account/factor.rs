//! What can be done with one's own second factors. New recovery codes are made elsewhere, because the answer itself shows
//! them.

use leptos::prelude::*;
use uuid::Uuid;

use crate::refusal::Refusal;

/// Where the factors are listed.
pub const FACTORS: &str = "/account/security";

/// Where the form for new recovery codes goes.
pub const NEW_CODES: &str = "/account/recovery-codes";

/// Opens the caller's factors for changes: the password is given again.
#[server(prefix = "/fn", endpoint = "factor/open")]
pub async fn factor_open(password: String) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?
            .factor_open(&ssr::op()?, super::session(), &password)
            .await?;
        ssr::done(
            FACTORS,
            "Your second factors can be changed for ten minutes.",
        );
        Ok(())
    })
    .await
}

/// Begins to set up an authenticator app.
#[server(prefix = "/fn", endpoint = "totp/begin")]
pub async fn totp_begin() -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?
            .totp_begin(&ssr::op()?, super::session())
            .await?;
        ssr::lead_to("/account/app");
        Ok(())
    })
    .await
}

/// Ends the setting up of an app with its first code.
#[server(prefix = "/fn", endpoint = "totp/confirm")]
pub async fn totp_confirm(code: String) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?
            .totp_confirm(&ssr::op()?, super::session(), &code)
            .await?;
        ssr::done(FACTORS, "Codes of the app are asked for from now on.");
        Ok(())
    })
    .await
}

/// Removes the app, or gives up setting it up.
#[server(prefix = "/fn", endpoint = "totp/remove")]
pub async fn totp_remove() -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?
            .totp_remove(&ssr::op()?, super::session())
            .await?;
        ssr::done(
            FACTORS,
            "The app was removed. Delete its entry on your device too.",
        );
        Ok(())
    })
    .await
}

/// Adds the passkey that the browser made.
#[server(prefix = "/fn", endpoint = "passkey/add")]
pub async fn passkey_add(name: String, passkey: String) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        let made = ssr::services()?
            .passkey_add(&ssr::op()?, super::session(), &name, &passkey)
            .await?;
        ssr::done(FACTORS, &format!("The passkey “{}” was added.", made.name));
        Ok(())
    })
    .await
}

/// Calls a passkey by another name.
#[server(prefix = "/fn", endpoint = "passkey/rename")]
pub async fn passkey_rename(id: Uuid, name: String) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        let named = ssr::services()?
            .passkey_rename(&ssr::op()?, super::session(), id, &name)
            .await?;
        ssr::done(
            FACTORS,
            &format!("The passkey is called “{}” now.", named.name),
        );
        Ok(())
    })
    .await
}

/// Removes a passkey.
#[server(prefix = "/fn", endpoint = "passkey/remove")]
pub async fn passkey_remove(id: Uuid) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?
            .passkey_remove(&ssr::op()?, super::session(), id)
            .await?;
        ssr::done(
            FACTORS,
            "The passkey was removed: it signs nobody in any more.",
        );
        Ok(())
    })
    .await
}
