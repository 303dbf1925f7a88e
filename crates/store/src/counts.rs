//! How many rows are in which state: for metrics, over all tenants.

use sea_orm::{ColumnTrait, EntityTrait, QuerySelect};

use crate::entity::{job, machine, replica};
use crate::{Result, Store};

/// Rows by state, over all tenants.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Jobs.
    pub jobs: Vec<(String, i64)>,
    /// Machines.
    pub machines: Vec<(String, i64)>,
    /// Copies of images.
    pub replicas: Vec<(String, i64)>,
}

impl Store {
    /// Counts rows by state.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counts(&self) -> Result<Counts> {
        Ok(Counts {
            jobs: self.by_state::<job::Entity>(job::Column::State).await?,
            machines: self
                .by_state::<machine::Entity>(machine::Column::State)
                .await?,
            replicas: self
                .by_state::<replica::Entity>(replica::Column::State)
                .await?,
        })
    }

    async fn by_state<E: EntityTrait>(&self, state: E::Column) -> Result<Vec<(String, i64)>> {
        let counted = E::find()
            .select_only()
            .column(state)
            .column_as(state.count(), "count")
            .group_by(state);
        Ok(counted.into_tuple().all(self.db()).await?)
    }
}
