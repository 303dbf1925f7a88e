//! Tenants: organisations with people and resources of their own.

use domain::rbac::{BUILT_IN, Grant};
use domain::tenant::SubscriptionView;
use domain::{Caller, Code, OpContext, Origin, Problem, Rule, Violation, name};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder,
};
use store::entity::{subscription, tenant};
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
        let owner = BUILT_IN.iter().filter(|role| role.name == "Owner");
        let caller = Caller {
            principal: Uuid::nil(),
            tenant,
            display_name: "Vitrine".to_owned(),
            user_name: "vitrine".to_owned(),
            grants: owner
                .map(|role| Grant {
                    role: role.id,
                    scope: "/".to_owned(),
                })
                .collect(),
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
        let row = tenant::ActiveModel {
            id: Set(self.new_id()),
            name: Set(new.name),
            domain: Set(domain),
            created_at: Set(self.now()),
        };
        Ok(row.insert(self.db()).await?.into())
    }

    /// The tenant of this id or domain.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn tenant_find(&self, id_or_domain: &str) -> Result<Option<TenantRef>> {
        let query = match Uuid::parse_str(id_or_domain) {
            Ok(id) => tenant::Entity::find_by_id(id),
            Err(_) => tenant::Entity::find()
                .filter(tenant::Column::Domain.eq(id_or_domain.to_lowercase())),
        };
        Ok(query.one(self.db()).await?.map(Into::into))
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

/// Whether the text is a domain of two labels at least, in lower case.
fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::is_domain;

    #[test]
    fn domains_have_two_labels_of_plain_characters() {
        for good in ["contoso.example", "a-b.c.example", "x1.y2"] {
            assert!(is_domain(good), "{good}");
        }
        for bad in [
            "",
            "contoso",
            ".example",
            "a..b",
            "-a.b",
            "a-.b",
            "a b.c",
            "A.b",
            "a.b/c",
            "organizations",
        ] {
            assert!(!is_domain(bad), "{bad}");
        }
    }
}
