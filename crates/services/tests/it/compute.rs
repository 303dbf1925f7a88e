//! Virtual machines, disks, snapshots and managed images, and the versions that are made of them.

mod disks;
mod killed;
mod machines;
mod versions;

use std::collections::BTreeMap;

use domain::compute::{
    DiskInput, DiskSourceInput, DiskView, OsProfile, VirtualMachineInput, VirtualMachineView,
};
use domain::image::{DiskType, ImageInput, OsState, VersionInput, VersionSourceInput, VersionView};
use domain::tenant::Precondition;
use domain::{Code, OpContext, Problem, ResourceId, Rule};
use testkit::{School, TestPortal};

/// A school with images to make machines of.
struct Place<'a> {
    portal: &'a TestPortal,
    school: School,
    ctx: OpContext,
}

impl<'a> Place<'a> {
    /// A school with a plan and the versions `ubuntu` (generalized) and `golden` (specialized), both with Linux on them.
    async fn open(portal: &'a TestPortal) -> Self {
        let school = School::found(portal, "a.example").await;
        school.open_plan(portal).await;
        for (name, state) in [
            ("ubuntu", OsState::Generalized),
            ("golden", OsState::Specialized),
        ] {
            let file = portal.folder().join(format!("{name}.qcow2"));
            testkit::linux_disk(&file);
            school.define(portal, name, state).await;
            school.version_of(portal, name, vec![file]).await;
        }
        let ctx = portal.ctx(school.owner).await;
        Self {
            portal,
            school,
            ctx,
        }
    }

    fn id(&self, kind: &str, name: &str) -> ResourceId {
        self.school.group.provider("Microsoft.Compute", kind, name)
    }

    fn image(&self, name: &str) -> ResourceId {
        self.school.gallery("images").child("images", name)
    }

    /// What a machine of this image is asked for with.
    fn wish(&self, image: &ResourceId, os_state: OsState) -> VirtualMachineInput {
        VirtualMachineInput {
            location: "West Europe".to_owned(),
            size: "SMALL".to_owned(),
            image: Some(image.to_string()),
            os_profile: (os_state == OsState::Generalized).then(|| OsProfile {
                user_name: "ada".to_owned(),
                password: "Correct-horse-1".to_owned(),
                ssh_keys: vec!["ssh-ed25519 AAAA ada".to_owned()],
                ..OsProfile::default()
            }),
            ..VirtualMachineInput::default()
        }
    }

    async fn machine(&self, name: &str, input: VirtualMachineInput) -> VirtualMachineView {
        let id = self.id("virtualMachines", name);
        let put =
            self.portal
                .services
                .virtual_machine_put(&self.ctx, &id, input, Precondition::None);
        let job = put.await.expect("a machine is begun").job.expect("a job");
        self.portal.succeed(&job, &self.ctx).await;
        self.portal
            .services
            .virtual_machine_get(&self.ctx, &id)
            .await
            .expect("the machine")
    }

    async fn try_machine(&self, name: &str, input: VirtualMachineInput) -> Problem {
        let id = self.id("virtualMachines", name);
        let put =
            self.portal
                .services
                .virtual_machine_put(&self.ctx, &id, input, Precondition::None);
        put.await.expect_err("a refusal").into_problem("test")
    }

    async fn stop(&self, machine: &VirtualMachineView) {
        let job = self
            .portal
            .services
            .virtual_machine_stop(&self.ctx, machine.meta.id)
            .await
            .expect("a stop");
        self.portal.succeed(&job, &self.ctx).await;
    }

    /// Removes a machine's own data; the workers run meanwhile.
    async fn generalize(
        &self,
        machine: &VirtualMachineView,
    ) -> Result<VirtualMachineView, Problem> {
        let workers = self.portal.work();
        let made = self
            .portal
            .services
            .virtual_machine_generalize(&self.ctx, machine.meta.id)
            .await;
        workers.stop().await;
        made.map_err(|error| error.into_problem("test"))
    }

    async fn disk(&self, id: &ResourceId, source: DiskSourceInput) -> DiskView {
        let put = self
            .portal
            .services
            .disk_put(&self.ctx, id, disk(source), Precondition::None);
        let job = put.await.expect("a disk is begun").job.expect("a job");
        self.portal.succeed(&job, &self.ctx).await;
        self.portal
            .services
            .disk_get(&self.ctx, id)
            .await
            .expect("the disk")
    }

    async fn delete_machine(&self, machine: &VirtualMachineView) {
        let delete = self.portal.services.virtual_machine_delete(
            &self.ctx,
            machine.meta.id,
            Precondition::None,
        );
        let job = delete.await.expect("a removal");
        self.portal.succeed(&job, &self.ctx).await;
    }

    async fn define(&self, name: &str, change: impl FnOnce(&mut ImageInput)) {
        let mut input = ImageInput {
            location: "westeurope".to_owned(),
            publisher: "school".to_owned(),
            offer: "made".to_owned(),
            sku: name.to_owned(),
            ..ImageInput::default()
        };
        change(&mut input);
        let id = self.image(name);
        let put = self
            .portal
            .services
            .image_put(&self.ctx, &id, input, Precondition::None);
        put.await.expect("a definition");
    }

    async fn version(
        &self,
        image: &str,
        source: VersionSourceInput,
    ) -> Result<VersionView, Problem> {
        let id = self.image(image).child("versions", "1.0.0");
        let input = VersionInput {
            location: "westeurope".to_owned(),
            source,
            targets: Vec::new(),
            exclude_from_latest: false,
            end_of_life: None,
            tags: BTreeMap::new(),
        };
        let services = &self.portal.services;
        let begun = services.version_create(&self.ctx, &id, input).await;
        let begun = begun.map_err(|error| error.into_problem("test"))?;
        self.portal.succeed(&begun.job, &self.ctx).await;
        Ok(services
            .version_get(&self.ctx, &id)
            .await
            .expect("the version"))
    }

    /// The bytes of a machine's disk.
    fn bytes(&self, machine: &VirtualMachineView, slot: u32) -> Vec<u8> {
        let folder = self.portal.services.engine().machine_dir(machine.meta.id);
        testkit::disk_bytes(&folder.join(format!("disk-{slot}.qcow2")))
    }
}

fn disk(source: DiskSourceInput) -> DiskInput {
    DiskInput {
        location: "westeurope".to_owned(),
        source,
        size_gib: Some(2),
        disk_type: DiskType::Premium,
        os_type: None,
        hyper_v_generation: None,
        tags: BTreeMap::new(),
    }
}

fn copy_of(id: &ResourceId) -> DiskSourceInput {
    DiskSourceInput::Copy {
        resource_id: id.to_string(),
    }
}

fn codes(problem: &Problem) -> Vec<Rule> {
    problem
        .details
        .iter()
        .map(|violation| violation.code)
        .collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

fn refused<T: std::fmt::Debug>(result: services::Result<T>) -> (Code, String) {
    let problem = result.expect_err("a refusal").into_problem("test");
    (problem.code, problem.message)
}
