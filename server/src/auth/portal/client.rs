//! The portal's OpenID Connect client: of the built-in issuer, of a tenant's provider, or of the shared issuer.

use std::future::Future;
use std::pin::Pin;

use domain::identity::ProviderKind;
use openidconnect::core::{CoreClientAuthMethod, CoreProviderMetadata};
use openidconnect::{
    AuthType, ClientId, ClientSecret, HttpRequest, HttpResponse, IssuerUrl, RedirectUrl,
};
use services::identity::ProviderClient;
use uuid::Uuid;

use super::claims::PortalClient;
use super::inside::{self, InsideError};
use crate::auth::providers::{DirectoryError, Place, Shared};
use crate::auth::{base, clients, token};
use crate::outgoing::OutgoingError;
use crate::state::AppState;

/// Where a person signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    /// At the built-in issuer, as somebody of this tenant.
    BuiltIn(Uuid),
    /// At a provider of a tenant.
    Provider(Box<ProviderClient>),
    /// At the operator's issuer for many organisations; whose person it is, its answer tells.
    Shared,
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub(super) enum ClientError {
    #[error("the built-in issuer's documents can't be read: {0}")]
    Inside(String),
    #[error("the provider's documents can't be read: {0}")]
    Directory(#[from] DirectoryError),
    #[error("an address can't be read: {0}")]
    Address(#[from] url::ParseError),
    #[error("no issuer for many organisations is configured")]
    NotShared,
}

/// Why an issuer did not answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum HttpError {
    #[error(transparent)]
    Inside(#[from] InsideError),
    #[error(transparent)]
    Outside(#[from] OutgoingError),
}

type Answer = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send>>;

impl Way {
    /// The issuer whose answer is expected; at the shared one with `{tenantid}` in it.
    pub(super) fn issuer(&self, state: &AppState) -> String {
        match self {
            Self::BuiltIn(tenant) => token::issuer(base(state), *tenant),
            Self::Provider(provider) => provider.issuer.clone(),
            Self::Shared => shared(state)
                .map(|shared| shared.issuer.clone())
                .unwrap_or_default(),
        }
    }

    /// Where the issuer's documents are; nowhere for the built-in one, which is asked anew each time.
    pub(super) fn place(&self, state: &AppState) -> Option<Place> {
        match self {
            Self::BuiltIn(_) => None,
            Self::Provider(provider) if provider.kind == ProviderKind::Oidc => Some(Place {
                address: provider.issuer.clone(),
                issuer: provider.issuer.clone(),
            }),
            Self::Provider(_) | Self::Shared => shared(state).map(Shared::place),
        }
    }

    /// What is asked for besides `openid`.
    pub(super) fn scopes(&self) -> &str {
        match self {
            Self::BuiltIn(_) => "profile",
            Self::Provider(provider) => &provider.scopes,
            Self::Shared => "profile email",
        }
    }

    /// Our id and secret at the issuer.
    fn credentials(&self, state: &AppState) -> (String, Option<String>) {
        match self {
            Self::BuiltIn(_) => (clients::PORTAL.to_owned(), None),
            Self::Provider(provider) if provider.kind == ProviderKind::Oidc => {
                (provider.client_id.clone(), provider.client_secret.clone())
            }
            Self::Provider(_) | Self::Shared => shared(state)
                .map(|shared| (shared.client_id.clone(), shared.client_secret.clone()))
                .unwrap_or_default(),
        }
    }

    /// Our id at the issuer.
    pub(super) fn client_id(&self, state: &AppState) -> String {
        self.credentials(state).0
    }

    /// The client, made from what the issuer tells about itself.
    pub(super) async fn client(&self, state: &AppState) -> Result<PortalClient, ClientError> {
        let metadata = match (self.place(state), self) {
            (Some(place), _) => {
                let about = state.providers.about(&place, state.services.now()).await?;
                about.metadata.clone()
            }
            (None, Self::BuiltIn(_)) => {
                let http = |request| inside::send(state.clone(), request);
                CoreProviderMetadata::discover_async(IssuerUrl::new(self.issuer(state))?, &http)
                    .await
                    .map_err(|error| ClientError::Inside(error.to_string()))?
            }
            (None, _) => return Err(ClientError::NotShared),
        };
        self.client_from(state, metadata)
    }

    /// The client, made from documents that were just fetched again; nothing when they were a moment ago.
    pub(super) async fn renewed(
        &self,
        state: &AppState,
    ) -> Option<Result<PortalClient, ClientError>> {
        let place = self.place(state)?;
        let renewed = state
            .providers
            .renewed(&place, state.services.now())
            .await?;
        Some(match renewed {
            Ok(about) => self.client_from(state, about.metadata.clone()),
            Err(error) => Err(error.into()),
        })
    }

    fn client_from(
        &self,
        state: &AppState,
        metadata: CoreProviderMetadata,
    ) -> Result<PortalClient, ClientError> {
        let methods = metadata.token_endpoint_auth_methods_supported().cloned();
        // Without a list it is Basic, says OpenID Connect Discovery 1.0 section 3.
        let only_in_body = methods.is_some_and(|methods| {
            !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
                && methods.contains(&CoreClientAuthMethod::ClientSecretPost)
        });
        let (id, secret) = self.credentials(state);
        let callback = RedirectUrl::new(clients::portal_callback(base(state)))?;
        let client = PortalClient::from_provider_metadata(
            metadata,
            ClientId::new(id),
            secret.map(ClientSecret::new),
        );
        let client = client.set_redirect_uri(callback);
        Ok(if only_in_body {
            client.set_auth_type(AuthType::RequestBody)
        } else {
            client
        })
    }

    /// What sends the client's requests: within this process to the built-in issuer, else out.
    pub(super) fn http(&self, state: &AppState) -> impl Fn(HttpRequest) -> Answer + Send + Sync {
        let (state, is_inside) = (state.clone(), matches!(self, Self::BuiltIn(_)));
        move |request| {
            let state = state.clone();
            Box::pin(async move {
                if is_inside {
                    Ok(inside::send(state, request).await?)
                } else {
                    Ok(state.providers.send(request).await?)
                }
            })
        }
    }
}

fn shared(state: &AppState) -> Option<&Shared> {
    state.providers.shared()
}
