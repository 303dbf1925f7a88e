//! A virtual machine that can be generalized, a disk, a snapshot and a managed image.

use domain::ResourceId;
use domain::compute::{
    DiskInput, DiskSourceInput, ManagedImageInput, ManagedImageSource, VirtualMachineInput,
};
use domain::image::{DiskType, OsState, OsType};
use domain::tenant::Precondition;
use testkit::{School, TestPortal};

/// Makes one of each. The machine bears the name that the template VM of the lab has, too.
pub(super) async fn furnish(portal: &TestPortal, school: &School) {
    let ctx = portal.ctx(school.owner).await;
    let services = &portal.services;
    let file = portal.folder().join("linux.qcow2");
    testkit::linux_disk(&file);
    school.define(portal, "linux", OsState::Specialized).await;
    school.version_of(portal, "linux", vec![file]).await;
    let place = |kind: &str, name: &str| school.group.provider("Microsoft.Compute", kind, name);

    let machine = VirtualMachineInput {
        location: "westeurope".to_owned(),
        size: "small".to_owned(),
        image: Some(image(school).to_string()),
        ..VirtualMachineInput::default()
    };
    let id = place("virtualMachines", "template");
    let put = services.virtual_machine_put(&ctx, &id, machine, Precondition::None);
    let job = put.await.expect("a machine").job.expect("a job");
    portal.succeed(&job, &ctx).await;

    let disk = |source: DiskSourceInput| DiskInput {
        location: "westeurope".to_owned(),
        source,
        size_gib: Some(1),
        disk_type: DiskType::Premium,
        os_type: None,
        hyper_v_generation: None,
        tags: Default::default(),
    };
    let data = place("disks", "data");
    let put = services.disk_put(
        &ctx,
        &data,
        disk(DiskSourceInput::Empty),
        Precondition::None,
    );
    let job = put.await.expect("a disk").job.expect("a job");
    portal.succeed(&job, &ctx).await;

    let copy = DiskSourceInput::Copy {
        resource_id: data.to_string(),
    };
    let before = place("snapshots", "before");
    let put = services.disk_put(&ctx, &before, disk(copy.clone()), Precondition::None);
    let job = put.await.expect("a snapshot").job.expect("a job");
    portal.succeed(&job, &ctx).await;

    let input = ManagedImageInput {
        location: "westeurope".to_owned(),
        source: ManagedImageSource::Disks {
            os_type: Some(OsType::Linux),
            os_state: Some(OsState::Generalized),
            disks: vec![copy],
        },
        hyper_v_generation: None,
        tags: Default::default(),
    };
    let id = place("images", "ubuntu");
    let put = services.managed_image_put(&ctx, &id, input, Precondition::None);
    let job = put.await.expect("a managed image").job.expect("a job");
    portal.succeed(&job, &ctx).await;
}

fn image(school: &School) -> ResourceId {
    school.gallery("images").child("images", "linux")
}
