use domain::network::{NetworkInput, NetworkKind, NetworkView};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::api::wire::{Tags, Tracked};

/// A network record.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Network {
    #[serde(flatten)]
    resource: Tracked,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    sku: Option<Value>,
    /// What was written, with ids, `provisioningState`, and for an interface that a machine has the machine and its
    /// addresses.
    #[schema(value_type = Object)]
    properties: Map<String, Value>,
}

impl From<NetworkView> for Network {
    fn from(view: NetworkView) -> Self {
        let kind = match view.kind {
            NetworkKind::VirtualNetworks => "Microsoft.Network/virtualNetworks",
            NetworkKind::NetworkSecurityGroups => "Microsoft.Network/networkSecurityGroups",
            NetworkKind::PublicIPAddresses => "Microsoft.Network/publicIPAddresses",
            NetworkKind::NetworkInterfaces => "Microsoft.Network/networkInterfaces",
        };
        Self {
            resource: Tracked::new(view.meta, kind),
            sku: view.sku,
            properties: view.properties,
        }
    }
}

/// What a network record is written with.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct NetworkBody {
    /// A region's name.
    location: Option<String>,
    /// Free labels.
    pub(super) tags: Option<Tags>,
    #[schema(value_type = Option<Object>)]
    sku: Option<Value>,
    #[schema(value_type = Option<Object>)]
    properties: Option<Map<String, Value>>,
}

impl From<NetworkBody> for NetworkInput {
    fn from(body: NetworkBody) -> Self {
        Self {
            location: body.location.unwrap_or_default(),
            tags: Tags::given(body.tags).unwrap_or_default(),
            sku: body.sku,
            properties: body.properties.unwrap_or_default(),
        }
    }
}
