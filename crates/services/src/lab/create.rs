//! A new lab: its image from the plan's catalog, its template VM, and its creator's rights. Rules A32-A35, B19, B20.

use domain::catalog::{Catalog, CatalogImage};
use domain::image::OsState;
use domain::job::JobKind;
use domain::lab::{CreateOption, LabImage, LabInput, LabState, LabView, ProvisioningState};
use domain::machine::{MachineKind, MachineState};
use domain::rbac::{Action, OWNER};
use domain::{OpContext, Problem, ResourceId, Rule, Violation, name};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, IntoActiveModel};
use store::entity::lab::{Entity, Model};
use store::entity::{lab_plan, machine, role_assignment};
use uuid::Uuid;

use crate::find::only;
use crate::jobs::LabJob;
use crate::resource::{resource_row, vacant};
use crate::{Error, Result, Services, Started, Target};

impl Services {
    /// Creates a lab and its template VM, and makes the caller its owner.
    ///
    /// # Errors
    /// `InvalidRequest` with every broken rule, `ImageNotUsableForLabs` with the reasons (rules B2, B3),
    /// `AlreadyExists`.
    pub async fn lab_put(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        input: LabInput,
    ) -> Result<Started<LabView>> {
        let plan = self.lab_plan(ctx, id, &input.plan).await?;
        let catalog = self.catalog_naming(ctx, &plan, &input.image).await?;
        let image = choose(&catalog, &input)?;
        let regions: Vec<String> = serde_json::from_value(plan.allowed_regions.clone())?;
        let input = LabInput {
            region: self.settings().regions.short_name(&input.region),
            ..input
        };
        Problem::unless_empty(input.check(id.name(), image, &self.settings().sizes, &regions))?;
        let image = image.ok_or_else(|| Problem::not_found("The image"))?;
        let password_hash = match image.os_state {
            OsState::Generalized => Some(self.crypt(&input.password).await?),
            OsState::Specialized => None,
        };

        let tx = self.begin_at(ctx, id).await?;
        vacant::<Entity>(&tx, ctx, id, "name").await?;
        let row = self.lab_insert(&tx, ctx, id, &plan, image, &input).await?;
        let machine = match input.create_option {
            CreateOption::TemplateVM => Some(
                self.template_insert(&tx, ctx, &row, image, &input, password_hash)
                    .await?,
            ),
            CreateOption::Image => None,
        };
        self.owner_grant(&tx, ctx, &row.resource_key).await?;
        let work = LabJob {
            lab: row.id,
            machine: machine.as_ref().map(|machine| machine.id),
        };
        let (kind, steps) = (JobKind::LabCreate, LabJob::create());
        let job = self
            .job_enqueue(&tx, ctx, kind, &row.resource_id, &work, steps)
            .await?;
        if let Some(machine) = machine {
            let mut machine = machine.into_active_model();
            machine.job_id = Set(Some(job.id));
            machine.update(&tx).await?;
        }
        let mut row = row.into_active_model();
        row.job_id = Set(Some(job.id));
        let row = row.update(&tx).await?;
        let version = image.version.to_string();
        let source = image.resource_id.child("versions", &version);
        self.share_used(&tx, ctx, &source, id).await?;
        let detail = format!("from {} {version}", image.name);
        self.record_begun(&tx, ctx, "lab_put", &row.resource_id, detail)
            .await?;
        let job = self.job_begin(tx, job).await?;
        let value = only(self.lab_views(vec![row]).await?)?;
        Ok(Started { value, job })
    }

    /// The plan of a new lab, which the caller may create labs from.
    async fn lab_plan(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        plan: &str,
    ) -> Result<lab_plan::Model> {
        if plan.is_empty() {
            let missing = Violation::new(Rule::Required, "plan");
            return Err(Problem::from_violations(vec![missing]).into());
        }
        let target = match (Uuid::parse_str(plan), ResourceId::parse(plan)) {
            (Ok(id), _) => Target::Id(id),
            (_, Ok(id)) => Target::Arm(id),
            _ => return Err(Problem::not_found("The lab plan").into()),
        };
        let plan = self
            .find_for::<lab_plan::Entity>(ctx, target, Action::LabCreate)
            .await?;
        // Who may create from the plan may do so beside it; elsewhere it takes the right there.
        let beside = ResourceId::from_stored(plan.resource_id.clone())
            .group()
            .map(|group| group.key());
        if id.group().map(|group| group.key()) != beside {
            ctx.authorize(Action::LabCreate, Action::ResourceGroupRead, &id.key())?;
        }
        Ok(plan)
    }

    async fn lab_insert(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        id: &ResourceId,
        plan: &lab_plan::Model,
        image: &CatalogImage,
        input: &LabInput,
    ) -> Result<Model> {
        let title = match input.title.trim() {
            "" => id.name(),
            title => title,
        };
        let version = image.version.to_string();
        let lab_image = LabImage {
            resource_id: image.resource_id.child("versions", &version),
            name: image.name.clone(),
            version: image.version,
            os_state: image.os_state,
            os_type: image.os_type,
        };
        let columns = resource_row!(
            self,
            ctx,
            id,
            input.region,
            &input.tags,
            lab {
                title: title.to_owned(),
                description: input.description.trim().to_owned(),
                plan_id: Some(plan.id),
                plan_resource_id: plan.resource_id.clone(),
                state: LabState::Draft.to_string(),
                provisioning_state: ProvisioningState::Creating.to_string(),
                problem: None,
                size: input.size.clone(),
                create_option: input.create_option.to_string(),
                image: serde_json::to_value(&lab_image)?,
                job_id: None,
            }
        );
        Ok(columns.insert(tx).await?)
    }

    async fn template_insert(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        lab: &Model,
        image: &CatalogImage,
        input: &LabInput,
        password_hash: Option<String>,
    ) -> Result<machine::Model> {
        let id =
            ResourceId::from_stored(lab.resource_id.clone()).child("virtualMachines", "template");
        let generalized = image.os_state == OsState::Generalized;
        let mut mac = [0_u8; 3];
        self.inner.ids.fill(&mut mac);
        let row = machine::ActiveModel {
            id: Set(self.new_id()),
            tenant_id: Set(ctx.tenant()),
            resource_id: Set(id.to_string()),
            resource_key: Set(id.key()),
            name: Set(id.name().to_owned()),
            lab_id: Set(Some(lab.id)),
            kind: Set(MachineKind::Template.to_string()),
            state: Set(MachineState::Creating.to_string()),
            state_at: Set(ctx.now),
            problem: Set(None),
            region: Set(input.region.clone()),
            size: Set(input.size.clone()),
            firmware: Set(image.hyper_v_generation.to_string()),
            computer_name: Set(generalized.then(|| name::computer_name(&lab.name))),
            user_name: Set(generalized.then(|| input.user_name.clone())),
            password_hash: Set(password_hash),
            mac: Set(format!(
                "52:54:00:{:02x}:{:02x}:{:02x}",
                mac[0], mac[1], mac[2]
            )),
            os_disk_bytes: Set(i64::try_from(image.os_disk.bytes()).unwrap_or(i64::MAX)),
            disk_count: Set(1),
            version_id: Set(Some(image.version_id)),
            ssh_keys: Set(None),
            job_id: Set(None),
            replica_id: Set(None),
        };
        Ok(row.insert(tx).await?)
    }

    async fn owner_grant(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        scope: &str,
    ) -> Result<()> {
        let row = role_assignment::ActiveModel {
            id: Set(self.new_id()),
            tenant_id: Set(ctx.tenant()),
            principal_id: Set(ctx.caller.principal),
            role_id: Set(OWNER.id),
            scope: Set(scope.to_owned()),
            created_at: Set(ctx.now),
            created_by: Set(ctx.caller.user_name.clone()),
        };
        row.insert(tx).await?;
        Ok(())
    }

    /// The password as a machine's own account file keeps it; hashing is kept off the async threads.
    pub(crate) async fn crypt(&self, password: &str) -> Result<String> {
        let mut salt = [0_u8; 12];
        self.inner.ids.fill(&mut salt);
        let password = password.to_owned();
        tokio::task::spawn_blocking(move || crate::crypt::sha512(&password, &salt))
            .await
            .map_err(Error::internal)?
    }
}

/// The image that was asked for, or why it is not to be had. Rules B2, B3, B19.
fn choose<'a>(catalog: &'a Catalog, input: &LabInput) -> Result<Option<&'a CatalogImage>> {
    if input.image.is_empty() {
        return Ok(None);
    }
    let key = input.image.to_lowercase();
    let named = |id: &Uuid, resource: &ResourceId| {
        let resource = resource.key();
        id.to_string() == key
            || resource == key
            || key
                .strip_prefix(&resource)
                .is_some_and(|rest| rest.starts_with("/versions/"))
    };
    let mut usable = catalog.images.iter();
    if let Some(image) = usable.find(|image| named(&image.id, &image.resource_id)) {
        return Ok(Some(image));
    }
    let mut hidden = catalog.hidden.iter();
    let Some(image) = hidden.find(|image| named(&image.id, &image.resource_id)) else {
        return Err(Problem::not_found("The image").at("image").into());
    };
    let sentences: Vec<String> = image.reasons.iter().map(Violation::sentence).collect();
    let mut problem = Problem::from_violations(image.reasons.clone()).at("image");
    problem.message = format!(
        "“{}” can't be used for a lab. {}",
        image.name,
        sentences.join(" ")
    );
    Err(problem.into())
}
