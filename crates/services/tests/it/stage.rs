//! A portal without its skins: a tenant, a subscription, a group, a gallery, and people with roles.

use std::sync::Arc;
use std::time::Duration;

use domain::cost::Prices;
use domain::gallery::{GalleryInput, GalleryView};
use domain::image::{ImageInput, ImageView};
use domain::rbac::{BUILT_IN, Grant};
use domain::region::{Region, Regions};
use domain::tenant::{Precondition, ResourceGroupInput};
use domain::{Caller, OpContext, Origin, ResourceId};
use engine::{
    AcceleratorChoice, Engine, EngineConfig, NetworkMode, QemuHypervisor, RegionStoreConfig,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use services::{Clock, Limits, Services, Settings, SystemClock, SystemIds};
use store::Store;
use store::entity::{subscription, tenant};
use uuid::Uuid;

pub(crate) const TENANT: Uuid = Uuid::from_u128(1);
const SUBSCRIPTION: Uuid = Uuid::from_u128(2);

pub(crate) struct Stage {
    pub(crate) services: Services,
    pub(crate) owner: OpContext,
    pub(crate) group: ResourceId,
    pub(crate) folder: tempfile::TempDir,
}

impl Stage {
    pub(crate) async fn set() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("db").display());
        let store = Store::open(&url).await.expect("a database");
        let region = RegionStoreConfig {
            region: "westeurope".to_owned(),
            path: folder.path().join("westeurope"),
        };
        let hypervisor = QemuHypervisor::new(
            folder.path(),
            "qemu-system-x86_64",
            AcceleratorChoice::Emulation,
            NetworkMode::Isolated,
        );
        let engine = Engine::open(
            EngineConfig::new(folder.path(), vec![region]),
            Arc::new(hypervisor),
        )
        .expect("an engine");
        let row = tenant::ActiveModel {
            id: Set(TENANT),
            name: Set("School".to_owned()),
            domain: Set("school.example".to_owned()),
            created_at: Set(SystemClock.now()),
        };
        row.insert(store.db()).await.expect("a tenant");
        let row = subscription::ActiveModel {
            id: Set(SUBSCRIPTION),
            tenant_id: Set(TENANT),
            display_name: Set("Labs".to_owned()),
        };
        row.insert(store.db()).await.expect("a subscription");
        let services = Services::new(
            store,
            engine,
            settings(),
            Arc::new(SystemClock),
            Arc::new(SystemIds),
        );
        let group = ResourceId::resource_group(&SUBSCRIPTION.to_string(), "labs");
        let stage = Self {
            services,
            owner: caller("owner", "Owner", "/"),
            group,
            folder,
        };
        let input = ResourceGroupInput {
            location: "West Europe".to_owned(),
            ..Default::default()
        };
        stage
            .services
            .resource_group_put(&stage.owner, &stage.group, input)
            .await
            .expect("a group");
        stage
    }

    pub(crate) async fn gallery(&self, name: &str) -> GalleryView {
        let id = self.group.provider("Microsoft.Compute", "galleries", name);
        let input = GalleryInput {
            location: "westeurope".to_owned(),
            ..Default::default()
        };
        self.services
            .gallery_put(&self.owner, &id, input, Precondition::None)
            .await
            .expect("a gallery")
            .value
    }

    pub(crate) async fn image(&self, gallery: &GalleryView, name: &str) -> ImageView {
        let id = gallery.meta.resource_id.child("images", name);
        let input = ImageInput {
            location: "westeurope".to_owned(),
            publisher: "school".to_owned(),
            offer: "labs".to_owned(),
            sku: name.to_owned(),
            ..Default::default()
        };
        self.services
            .image_put(&self.owner, &id, input, Precondition::None)
            .await
            .expect("an image")
            .value
    }
}

/// Somebody with one role.
pub(crate) fn caller(name: &str, role: &str, scope: &str) -> OpContext {
    let role = BUILT_IN
        .iter()
        .find(|r| r.name == role)
        .expect("a built-in role");
    let caller = Caller {
        principal: Uuid::from_u128(3),
        tenant: TENANT,
        display_name: name.to_owned(),
        user_name: format!("{name}@school.example"),
        grants: vec![Grant {
            role: role.id,
            scope: scope.to_lowercase(),
        }],
    };
    OpContext {
        caller,
        request_id: "test".to_owned(),
        now: SystemClock.now(),
        origin: Origin::Portal,
    }
}

fn settings() -> Settings {
    let region = |name: &str, display_name: &str| Region {
        name: name.to_owned(),
        display_name: display_name.to_owned(),
        geography: "Europe".to_owned(),
    };
    let prices = Prices {
        currency: "EUR".to_owned(),
        storage_milli_per_gib_month: 50,
        egress_milli_per_gib: 20,
    };
    Settings {
        regions: Regions(vec![
            region("westeurope", "West Europe"),
            region("northeurope", "North Europe"),
        ]),
        sizes: Vec::new(),
        prices,
        limits: Limits {
            upload_bytes: 1 << 60,
            ..Limits::default()
        },
        base_images: Vec::new(),
        stop_grace: Duration::from_secs(1),
        workers: 1,
        upload_keep: Duration::from_secs(3600),
        session_idle: Duration::from_secs(3600),
        session_absolute: Duration::from_secs(3600),
    }
}
