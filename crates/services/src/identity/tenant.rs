//! Tenants: organisations with people and resources of their own.

use domain::identity::is_domain;
use domain::rbac::{Grant, OWNER};
use domain::tenant::SubscriptionView;
use domain::{Caller, Code, OpContext, Origin, Problem, Rule, Violation, name};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder,
};
use store::entity::{subscription, tenant, tenant_domain};
use uuid::Uuid;

use crate::{Result, Services};

/// What a tenant is created from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTenant {
    /// Name for people.
    pub name: String,
    /// The domain of its people's e-mail addresses.
    pub domain: String,
}

/// What sign-in needs to know of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantRef {
    /// The tenant's id.
    pub id: Uuid,
    /// Name for people.
    pub name: String,
    /// The domain of its people's e-mail addresses.
    pub domain: String,
}

impl From<tenant::Model> for TenantRef {
    fn from(row: tenant::Model) -> Self {
        Self {
            id: row.id,
            name: row.name,
            domain: row.domain,
        }
    }
}

impl Services {
    /// The context in which Vitrine itself acts in a tenant: reconcilers, and the operator at the console.
    #[must_use]
    pub fn system(&self, tenant: Uuid, request_id: &str) -> OpContext {
        let caller = Caller {
            principal: Uuid::nil(),
            tenant,
            display_name: "Vitrine".to_owned(),
            user_name: "vitrine".to_owned(),
            grants: vec![Grant::of(OWNER, "/")],
            foreign: Vec::new(),
        };
        OpContext {
            caller,
            request_id: request_id.to_owned(),
            now: self.now(),
            origin: Origin::System,
        }
    }

    /// Creates a tenant; only the operator can, at the console or at the first start.
    ///
    /// # Errors
    /// `InvalidRequest` for a bad name or domain, `AlreadyExists` for a domain that another tenant has.
    pub async fn tenant_create(&self, new: NewTenant) -> Result<TenantRef> {
        let domain = new.domain.trim().to_lowercase();
        let mut broken = name::text("name", &new.name, 1, 100);
        if !is_domain(&domain) {
            broken.push(
                Violation::new(Rule::BadCharacters, "domain")
                    .with("allowed", "a domain such as school.example"),
            );
        }
        Problem::unless_empty(broken)?;
        let (id, now) = (self.new_id(), self.now());
        let tx = self.inner.store.begin().await?;
        let row = tenant::ActiveModel {
            id: Set(id),
            name: Set(new.name),
            domain: Set(domain.clone()),
            created_at: Set(now),
        };
        let row = row.insert(&tx).await?;
        // Somebody's claim without proof gives way to the operator's word.
        tenant_domain::Entity::delete_many()
            .filter(tenant_domain::Column::Name.eq(&domain))
            .filter(tenant_domain::Column::VerifiedAt.is_null())
            .exec(&tx)
            .await?;
        let own = tenant_domain::ActiveModel {
            id: Set(self.new_id()),
            tenant_id: Set(id),
            name: Set(domain),
            provider_id: Set(None),
            proof: Set(String::new()),
            verified_at: Set(Some(now)),
            created_at: Set(now),
        };
        own.insert(&tx).await?;
        tx.commit().await?;
        Ok(row.into())
    }

    /// The tenant of this id or of one of its proved domains.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn tenant_find(&self, id_or_domain: &str) -> Result<Option<TenantRef>> {
        let id = match Uuid::parse_str(id_or_domain) {
            Ok(id) => id,
            Err(_) => {
                let row = tenant_domain::Entity::find()
                    .filter(tenant_domain::Column::Name.eq(id_or_domain.to_lowercase()))
                    .filter(tenant_domain::Column::VerifiedAt.is_not_null());
                match row.one(self.db()).await? {
                    Some(row) => row.tenant_id,
                    None => return Ok(None),
                }
            }
        };
        let row = tenant::Entity::find_by_id(id).one(self.db()).await?;
        Ok(row.map(Into::into))
    }

    /// The only tenant of this installation, when there is exactly one: nobody needs to choose then.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn tenant_only(&self) -> Result<Option<TenantRef>> {
        // The installation's own tenant has no people, so nobody signs in to it.
        let mut first_two = tenant::Entity::find()
            .filter(tenant::Column::Id.ne(Uuid::nil()))
            .order_by_asc(tenant::Column::Id)
            .paginate(self.db(), 2);
        let rows = first_two.fetch_and_next().await?.unwrap_or_default();
        Ok(<[tenant::Model; 1]>::try_from(rows)
            .ok()
            .map(|[row]| row.into()))
    }

    /// Creates a subscription in the caller's tenant; only the operator can.
    ///
    /// # Errors
    /// `AuthorizationFailed` for anybody else, `InvalidRequest` for a bad name.
    pub async fn subscription_create(
        &self,
        ctx: &OpContext,
        display_name: &str,
    ) -> Result<SubscriptionView> {
        if ctx.origin != Origin::System {
            return Err(Problem::new(
                Code::AuthorizationFailed,
                "Only the operator creates subscriptions.",
            )
            .into());
        }
        Problem::unless_empty(name::text("displayName", display_name, 1, 100))?;
        let row = subscription::ActiveModel {
            id: Set(self.new_id()),
            tenant_id: Set(ctx.tenant()),
            display_name: Set(display_name.to_owned()),
        };
        let row = row.insert(self.db()).await?;
        Ok(SubscriptionView {
            id: row.id,
            tenant: row.tenant_id,
            display_name: row.display_name,
        })
    }
}
