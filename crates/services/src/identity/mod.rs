//! Identity: tenants, people, local accounts, sessions, callers, authorization codes and signing keys.
//!
//! Everything secret that leaves here (session tokens, codes, states) is random and 256 bits wide, and only its
//! SHA-256 is kept: who reads the database can't sign in with what is found there.

mod account;
pub(crate) mod caller;
mod client;
mod code;
mod device;
mod factor;
mod group;
mod group_claim;
mod guest;
mod invitation;
mod key;
mod local_path;
mod login;
mod password;
mod person;
pub(crate) mod principal;
mod provider;
mod provider_client;
mod refresh;
pub(crate) mod secret;
mod session;
mod sweep;
mod tenant;
mod tenant_domain;
mod throttle;

pub use account::NewAccount;
pub use code::{CodeRefusal, NewCode, Redeemed};
pub use device::{DEVICE_INTERVAL, DevicePoll, DeviceStart, DeviceWish};
pub use factor::{SecondStep, StepProof, StepRefusal, Verified};
pub use invitation::{Invited, OpenInvitation};
pub use key::{PublicKey, SigningKey};
pub use local_path::local_path;
pub use login::{Login, LoginRefusal, LoginStart};
pub use principal::NewPrincipal;
pub use provider_client::{ProviderClient, SharedIssuer};
pub use refresh::{RefreshGrant, RefreshRefusal};
pub use session::{Farewell, Opened, Proven, SignedIn};
pub use tenant::{NewTenant, TenantRef};
pub use tenant_domain::HomeRealm;

use domain::{Caller, OpContext, Origin};

use crate::Services;

/// The issuer under which principals of the built-in issuer are kept; its public address may change, this does not.
pub const LOCAL_ISSUER: &str = "local";

/// The circumstances of a request by somebody who is not signed in yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Visit {
    /// The id by which the log names this request.
    pub request_id: String,
    /// The network address that it came from, empty for Vitrine itself.
    pub address: String,
    /// The browser, as it calls itself.
    pub user_agent: String,
}

/// What identity keeps in memory: counters of failures, places for password hashing, and keys once read.
#[derive(Debug, Default)]
pub(crate) struct Held {
    throttle: throttle::Throttle,
    hasher: password::Hasher,
    keys: key::Keys,
}

impl Services {
    /// The context of a request by a caller who was just recognised.
    #[must_use]
    pub fn context(&self, caller: Caller, visit: &Visit, origin: Origin) -> OpContext {
        OpContext {
            caller,
            request_id: visit.request_id.clone(),
            now: self.now(),
            origin,
        }
    }
}
