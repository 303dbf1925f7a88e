//! What the portal's machines run on.

use domain::OpContext;
use domain::machine::HostView;
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
}
