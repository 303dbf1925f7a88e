//! Records of networks: what clients make before they make a machine.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::network::{MACHINE_ADDRESS, NetworkInput, NetworkKind, NetworkView};
use domain::rbac::Action;
use domain::tenant::Precondition;
use domain::{OpContext, Page, PageRequest, Problem, ResourceId};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter,
};
use serde_json::{Map, Value, json};
use store::entity::network_resource::{Column, Entity, Model};
use store::entity::{machine, virtual_machine};
use store::{Scopes, in_scopes};

use crate::find::{only, visible};
use crate::resource::{fixed, in_use, meta, resource_row, tags_column, touch};
use crate::{Put, Result, Services};

/// The word under which a record's own matters are kept, beside its size and tier.
const OWN: &str = "properties";

impl Services {
    /// The records of a kind that the caller sees within a scope.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn network_list(
        &self,
        ctx: &OpContext,
        kind: NetworkKind,
        scope: &ResourceId,
        page: &PageRequest,
    ) -> Result<Page<NetworkView>> {
        let query =
            visible::<Entity>(ctx, kind.read(), Some(scope)).filter(Column::Kind.eq(kind.word()));
        let rows = self.page(query, Column::Name, page).await?;
        rows.map_all(|rows| self.network_views(ctx, rows)).await
    }

    /// One record.
    ///
    /// # Errors
    /// `ResourceNotFound`.
    pub async fn network_get(&self, ctx: &OpContext, id: &ResourceId) -> Result<NetworkView> {
        let row = self
            .find_for::<Entity>(ctx, id, kind_of(id)?.read())
            .await?;
        only(self.network_views(ctx, vec![row]).await?)
    }

    /// Creates a record, or replaces one that exists.
    ///
    /// # Errors
    /// `InvalidRequest` with every broken rule, also for a subnet that is not there; `PreconditionFailed`.
    pub async fn network_put(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        input: NetworkInput,
        precondition: Precondition,
    ) -> Result<Put<NetworkView>> {
        let kind = kind_of(id)?;
        ctx.authorize(kind.write(), Action::ResourceGroupRead, &id.key())?;
        let regions = &self.settings().regions;
        Problem::unless_empty(input.check(kind, id.name(), regions))?;
        let location = regions.short_name(&input.location);
        let (tx, found) = self.begin_put::<Entity>(ctx, id, &precondition).await?;
        self.network_needs(&tx, ctx, kind, &input).await?;
        let kept = kept(&input);
        let created = found.is_none();
        let row = match found {
            Some(row) => {
                fixed("location", &row.location, &location)?;
                let mut row = row.into_active_model();
                row.properties = Set(kept);
                row.tags = tags_column(&input.tags)?;
                touch!(self, ctx, row);
                row.update(&tx).await?
            }
            None => {
                let columns = resource_row!(
                    self,
                    ctx,
                    id,
                    location,
                    &input.tags,
                    network_resource {
                        kind: kind.word().to_owned(),
                        properties: kept,
                    }
                );
                columns.insert(&tx).await?
            }
        };
        self.end_put(tx, ctx, "network_put", &row.resource_id, created)
            .await?;
        let value = only(self.network_views(ctx, vec![row]).await?)?;
        Ok(Put { value, created })
    }

    /// Changes a record's tags.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`, `InvalidRequest`, `PreconditionFailed`.
    pub async fn network_update(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        tags: Option<BTreeMap<String, String>>,
        precondition: Precondition,
    ) -> Result<NetworkView> {
        let (tx, row) = self
            .begin_change::<Entity>(ctx, id, kind_of(id)?.write(), &precondition)
            .await?;
        let tags = tags.unwrap_or(serde_json::from_value(row.tags.clone())?);
        Problem::unless_empty(domain::gallery::tags(&tags))?;
        let mut row = row.into_active_model();
        row.tags = tags_column(&tags)?;
        touch!(self, ctx, row);
        let row = row.update(&tx).await?;
        self.record_done(&tx, ctx, "network_update", &row.resource_id, "changed")
            .await?;
        tx.commit().await?;
        only(self.network_views(ctx, vec![row]).await?)
    }

    /// Deletes a record that nothing uses.
    ///
    /// # Errors
    /// `ResourceInUse`, which names the user; `PreconditionFailed`.
    pub async fn network_delete(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        precondition: Precondition,
    ) -> Result<()> {
        let kind = kind_of(id)?;
        let (tx, row) = self
            .begin_change::<Entity>(ctx, id, kind.delete(), &precondition)
            .await?;
        if let Some(user) = user(&tx, ctx, kind, &row).await? {
            let message = format!("“{}” is used by “{user}”. Delete that first.", row.name);
            return Err(in_use(&row.resource_id, message));
        }
        self.end_delete::<Entity>(tx, ctx, "network_delete", &row)
            .await
    }

    /// Refuses an interface in a subnet that is not there.
    async fn network_needs(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        kind: NetworkKind,
        input: &NetworkInput,
    ) -> Result<()> {
        if kind != NetworkKind::NetworkInterfaces {
            return Ok(());
        }
        for part in input.parts("ipConfigurations") {
            let id = text(part, "/properties/subnet/id");
            let missing = || Problem::not_found(format!("The subnet “{id}”")).at("subnet.id");
            let subnet = ResourceId::parse(id).map_err(|_| missing())?;
            let network = subnet.parent().ok_or_else(missing)?;
            let row = crate::find::find::<Entity>(tx, ctx, &network.into())
                .await
                .map_err(|_| missing())?;
            let subnets = row.properties.pointer("/properties/subnets");
            let subnets = subnets.and_then(Value::as_array).into_iter().flatten();
            let is_there = |found: &Value| text(found, "/name").eq_ignore_ascii_case(subnet.name());
            if !subnets.into_iter().any(is_there) {
                return Err(missing().into());
            }
        }
        Ok(())
    }

    async fn network_views(&self, ctx: &OpContext, rows: Vec<Model>) -> Result<Vec<NetworkView>> {
        let users = self.interface_users(ctx, &rows).await?;
        rows.iter().map(|row| view(row, &users)).collect()
    }

    /// The virtual machine that has an interface, and its hardware address, by the interface's key: machines and their
    /// interfaces lie in one group.
    async fn interface_users(
        &self,
        ctx: &OpContext,
        rows: &[Model],
    ) -> Result<HashMap<String, (String, String)>> {
        let groups: BTreeSet<String> = rows
            .iter()
            .filter(|row| kind(row) == NetworkKind::NetworkInterfaces)
            .filter_map(|row| ResourceId::from_stored(row.resource_key.clone()).group())
            .map(|group| group.key())
            .collect();
        if groups.is_empty() {
            return Ok(HashMap::new());
        }
        let scopes = Scopes {
            allowed: groups.into_iter().collect(),
            within: None,
        };
        let machines = virtual_machine::Entity::find()
            .filter(virtual_machine::Column::TenantId.eq(ctx.tenant()))
            .filter(in_scopes(virtual_machine::Column::ResourceKey, &scopes))
            .all(self.db())
            .await?;
        let bodies = machine::Entity::find()
            .filter(machine::Column::Id.is_in(machines.iter().map(|row| row.id)))
            .all(self.db())
            .await?;
        let macs: HashMap<_, _> = bodies.into_iter().map(|row| (row.id, row.mac)).collect();
        let mut users = HashMap::new();
        for row in machines {
            let interfaces: Vec<String> = serde_json::from_value(row.network_interfaces)?;
            for interface in interfaces {
                let mac = macs.get(&row.id).cloned().unwrap_or_default();
                users.insert(interface.to_lowercase(), (row.resource_id.clone(), mac));
            }
        }
        Ok(users)
    }
}

/// The right that reveals a record.
pub(crate) fn reading(row: &Model) -> Action {
    kind(row).read()
}

fn kind(row: &Model) -> NetworkKind {
    NetworkKind::parse(&row.kind).unwrap_or(NetworkKind::VirtualNetworks)
}

fn kind_of(id: &ResourceId) -> std::result::Result<NetworkKind, Problem> {
    NetworkKind::of(id).ok_or_else(|| Problem::not_found("The resource"))
}

/// What is kept of what was written: what only answers bear is left out.
fn kept(input: &NetworkInput) -> Value {
    let mut properties = input.properties.clone();
    properties.retain(|name, value| {
        let answered = [
            "provisioningState",
            "resourceGuid",
            "macAddress",
            "virtualMachine",
            "ipAddress",
        ];
        !answered.contains(&name.as_str()) && !value.is_null()
    });
    let mut kept = Map::from_iter([(OWN.to_owned(), Value::Object(properties))]);
    if let Some(sku) = &input.sku {
        kept.insert("sku".to_owned(), sku.clone());
    }
    Value::Object(kept)
}

fn view(row: &Model, users: &HashMap<String, (String, String)>) -> Result<NetworkView> {
    let kind = kind(row);
    let mut properties = match row.properties.get(OWN) {
        Some(Value::Object(properties)) => properties.clone(),
        _ => Map::new(),
    };
    for list in ["subnets", "securityRules", "ipConfigurations"] {
        let parts = properties.get_mut(list).and_then(Value::as_array_mut);
        for part in parts.into_iter().flatten() {
            let id = format!("{}/{list}/{}", row.resource_id, text(part, "/name"));
            complete(part, &id, &row.etag);
        }
    }
    properties.insert("provisioningState".to_owned(), json!("Succeeded"));
    properties.insert("resourceGuid".to_owned(), json!(row.id));
    if let (NetworkKind::NetworkInterfaces, Some((machine, mac))) =
        (kind, users.get(&row.resource_key))
    {
        properties.insert("virtualMachine".to_owned(), json!({"id": machine}));
        // Written with dashes, as clients of the modelled service read it.
        let mac = mac.to_uppercase().replace(':', "-");
        properties.insert("macAddress".to_owned(), json!(mac));
        let parts = properties
            .get_mut("ipConfigurations")
            .and_then(Value::as_array_mut);
        for part in parts.into_iter().flatten() {
            if let Some(own) = part.get_mut(OWN).and_then(Value::as_object_mut) {
                own.insert("privateIPAddress".to_owned(), json!(MACHINE_ADDRESS));
            }
        }
    }
    Ok(NetworkView {
        sku: row.properties.get("sku").cloned(),
        meta: meta!(row),
        kind,
        properties,
    })
}

/// Gives a part of a record its id.
fn complete(part: &mut Value, id: &str, etag: &str) {
    let Some(fields) = part.as_object_mut() else {
        return;
    };
    fields.insert("id".to_owned(), json!(id));
    fields.insert("etag".to_owned(), json!(etag));
    let own = fields.entry(OWN).or_insert_with(|| json!({}));
    if let Some(own) = own.as_object_mut() {
        own.insert("provisioningState".to_owned(), json!("Succeeded"));
        own.retain(|_, value| !value.is_null());
    }
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// The name of what uses a record, when something does.
async fn user(
    tx: &impl ConnectionTrait,
    ctx: &OpContext,
    kind: NetworkKind,
    row: &Model,
) -> Result<Option<String>> {
    let key = &row.resource_key;
    if kind == NetworkKind::NetworkInterfaces {
        let group = ResourceId::from_stored(key.clone()).group();
        let scopes = Scopes {
            allowed: group.map(|group| group.key()).into_iter().collect(),
            within: None,
        };
        let machines = virtual_machine::Entity::find()
            .filter(virtual_machine::Column::TenantId.eq(ctx.tenant()))
            .filter(in_scopes(virtual_machine::Column::ResourceKey, &scopes))
            .all(tx)
            .await?;
        for machine in machines {
            let interfaces: Vec<String> = serde_json::from_value(machine.network_interfaces)?;
            if interfaces
                .iter()
                .any(|interface| interface.to_lowercase() == *key)
            {
                return Ok(Some(machine.name));
            }
        }
        return Ok(None);
    }
    let others = Entity::find()
        .filter(Column::TenantId.eq(ctx.tenant()))
        .filter(Column::Kind.is_in([
            NetworkKind::NetworkInterfaces.word(),
            NetworkKind::VirtualNetworks.word(),
        ]))
        .all(tx)
        .await?;
    let found = others
        .into_iter()
        .find(|other| other.id != row.id && mentions(&other.properties, key));
    Ok(found.map(|other| other.name))
}

/// Whether an id, or that of something in it, stands anywhere in a value.
fn mentions(value: &Value, key: &str) -> bool {
    match value {
        Value::String(text) => {
            let text = text.to_lowercase();
            text.strip_prefix(key)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        }
        Value::Array(items) => items.iter().any(|item| mentions(item, key)),
        Value::Object(fields) => fields.values().any(|field| mentions(field, key)),
        _ => false,
    }
}
