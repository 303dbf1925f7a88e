//! What the portal's machines run on.

use domain::OpContext;
use domain::machine::HostView;
use domain::rbac::Action;
use domain::region::RegionView;
use engine::Accelerator;

use crate::{Result, Services};

impl Services {
    /// What runs the machines, said openly to everybody who is signed in: software emulation is many times slower.
    ///
    /// # Errors
    /// `EngineUnavailable` when the engine does not answer.
    pub async fn host(&self, _ctx: &OpContext) -> Result<HostView> {
        let hypervisor = self.engine().hypervisor();
        let facts = hypervisor.host().await?;
        let running = hypervisor.list().await?.len();
        let hardware = facts.accelerator == Accelerator::Kvm;
        Ok(HostView {
            accelerator: if hardware {
                "KVM"
            } else {
                "software emulation"
            }
            .to_owned(),
            hardware,
            reason: facts.reason,
            version: facts.version,
            running: u64::try_from(running).unwrap_or(u64::MAX),
        })
    }

    /// Every region with the room in its store, for those who see the whole organisation.
    ///
    /// # Errors
    /// `ResourceNotFound` for everybody else.
    pub fn region_list(&self, ctx: &OpContext) -> Result<Vec<RegionView>> {
        ctx.authorize(Action::SubscriptionRead, Action::SubscriptionRead, "/")?;
        let stores = self.engine().stores();
        let view = |region: &domain::region::Region| RegionView {
            region: region.clone(),
            // A store that is away is a finding of its own, not a reason to hide the others.
            free_bytes: stores
                .free_bytes(&region.name)
                .inspect_err(
                    |error| tracing::warn!(region.name, %error, "a region's store does not answer"),
                )
                .ok(),
        };
        Ok(self.settings().regions.0.iter().map(view).collect())
    }
}
