use domain::job::JobView;
use domain::machine::MachineView;
use domain::{OpContext, Page, PageRequest};
use engine::ConsoleStream;
use uuid::Uuid;

use crate::{Result, Services};

impl Services {
    pub async fn machine_get(&self, ctx: &OpContext, id: Uuid) -> Result<MachineView> { todo!() }
    pub async fn machine_list_mine(&self, ctx: &OpContext, page: &PageRequest) -> Result<Page<MachineView>> { todo!() }
    pub async fn machine_start(&self, ctx: &OpContext, id: Uuid) -> Result<JobView> { todo!() }
    pub async fn machine_stop(&self, ctx: &OpContext, id: Uuid) -> Result<JobView> { todo!() }
    pub async fn machine_screen(&self, ctx: &OpContext, id: Uuid) -> Result<Box<dyn ConsoleStream>> { todo!() }
    pub async fn machine_serial(&self, ctx: &OpContext, id: Uuid) -> Result<Box<dyn ConsoleStream>> { todo!() }
    pub async fn machine_screenshot(&self, ctx: &OpContext, id: Uuid) -> Result<Vec<u8>> { todo!() }
}
