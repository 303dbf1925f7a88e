//! A hypervisor that remembers what it was told, and can be told to fail.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use engine::{
    Accelerator, ConsoleStream, EngineError, HostFacts, Hypervisor, MachineSpec, PowerState,
};
use uuid::Uuid;

/// What every picture begins with; nobody looks at more.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Machines as a set of ids.
#[derive(Debug, Default)]
pub struct FakeHypervisor {
    running: Mutex<HashSet<Uuid>>,
    specs: Mutex<HashMap<Uuid, MachineSpec>>,
    refuses: AtomicBool,
}

impl FakeHypervisor {
    /// From now on no machine starts, as when the engine is broken; or starts again.
    pub fn refuse_starts(&self, refuse: bool) {
        self.refuses.store(refuse, Ordering::SeqCst);
    }

    /// What a machine was last started with.
    pub fn spec(&self, id: Uuid) -> Option<MachineSpec> {
        self.specs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&id)
            .cloned()
    }

    /// Lets a machine die by itself.
    pub fn crash(&self, id: Uuid) {
        self.running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&id);
    }
}

fn off(id: Uuid) -> EngineError {
    EngineError::Unavailable {
        what: format!("machine {id}"),
        reason: "it is off".to_owned(),
    }
}

#[async_trait]
impl Hypervisor for FakeHypervisor {
    async fn host(&self) -> Result<HostFacts, EngineError> {
        Ok(HostFacts {
            accelerator: Accelerator::Emulation,
            reason: "This is a test.".to_owned(),
            version: "fake 1".to_owned(),
            cores: 2,
            memory_bytes: 4 << 30,
        })
    }

    async fn start(&self, spec: &MachineSpec) -> Result<(), EngineError> {
        if self.refuses.load(Ordering::SeqCst) {
            let reason = "the test says that it does not start".to_owned();
            return Err(EngineError::Unavailable {
                what: "the engine".to_owned(),
                reason,
            });
        }
        self.specs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(spec.id, spec.clone());
        self.running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(spec.id);
        Ok(())
    }

    async fn stop(&self, id: Uuid, _grace: Duration) -> Result<(), EngineError> {
        self.crash(id);
        Ok(())
    }

    async fn state(&self, id: Uuid) -> Result<PowerState, EngineError> {
        let running = self
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(&id);
        Ok(if running {
            PowerState::Running
        } else {
            PowerState::Stopped
        })
    }

    async fn list(&self) -> Result<Vec<Uuid>, EngineError> {
        Ok(self
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .copied()
            .collect())
    }

    async fn screen(&self, id: Uuid) -> Result<Box<dyn ConsoleStream>, EngineError> {
        self.serial(id).await
    }

    async fn serial(&self, id: Uuid) -> Result<Box<dyn ConsoleStream>, EngineError> {
        if self.state(id).await? == PowerState::Stopped {
            return Err(off(id));
        }
        // What is typed comes back, as on a line with an echo.
        let (near, far) = tokio::io::duplex(4096);
        tokio::spawn(async move {
            let (mut reader, mut writer) = tokio::io::split(far);
            // The viewer going away ends the echo.
            let _ = tokio::io::copy(&mut reader, &mut writer).await;
        });
        Ok(Box::new(near))
    }

    async fn screenshot(&self, id: Uuid) -> Result<Vec<u8>, EngineError> {
        if self.state(id).await? == PowerState::Stopped {
            return Err(off(id));
        }
        Ok(PNG.to_vec())
    }
}
