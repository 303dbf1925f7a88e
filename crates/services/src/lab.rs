//! Labs. Rules B19, B20, A32-A35.

use std::collections::HashMap;

use domain::activity::ActivityResult;
use domain::catalog::{Catalog, CatalogImage};
use domain::image::OsState;
use domain::job::{JobKind, JobView};
use domain::lab::{
    CreateOption, LabImage, LabInput, LabState, LabUpdate, LabView, ProvisioningState,
};
use domain::machine::{MachineKind, MachineState, MachineView};
use domain::rbac::Action;
use domain::tenant::Precondition;
use domain::{Code, OpContext, Page, PageRequest, Problem, ResourceId, name};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder,
};
use store::entity::lab::{Column, Entity, Model};
use store::entity::{job, lab_plan, machine, role_assignment};
use store::{Cursor, Scopes, in_scopes};
use uuid::Uuid;

use crate::find::{find, find_optional, hidden};
use crate::jobs::LabJob;
use crate::resource::{expect, meta, resource_row, tags_column, touch};
use crate::{Error, Result, Services, Started, Target};

/// The Owner role, which the creator of a lab gets on it.
const OWNER: Uuid = uuid::uuid!("8e3af657-a8ff-443c-a75c-2fe8c4bcb635");

/// What the caller may do with a lab: for showing and hiding buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabRights {
    /// Change title and description.
    pub edit: bool,
    /// Delete the lab with its machines.
    pub delete: bool,
    /// Start machines.
    pub start: bool,
    /// Stop machines.
    pub stop: bool,
    /// Open consoles.
    pub connect: bool,
    /// Export the template VM.
    pub export: bool,
    /// See and give rights.
    pub access: bool,
}

impl Services {
    /// The labs that the caller sees, in the whole tenant or within a scope.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn lab_list(
        &self,
        ctx: &OpContext,
        scope: Option<&ResourceId>,
        page: &PageRequest,
    ) -> Result<Page<LabView>> {
        let scopes = Scopes {
            allowed: ctx.scopes(Action::LabRead),
            within: scope.map(ResourceId::key),
        };
        let query = Entity::find()
            .filter(Column::TenantId.eq(ctx.tenant()))
            .filter(in_scopes(Column::ResourceKey, &scopes));
        let sort = match page.sort.as_deref() {
            Some("title") => Column::Title,
            Some("location") => Column::Location,
            Some("createdAt") => Column::CreatedAt,
            Some("size") => Column::Size,
            _ => Column::Name,
        };
        let cursor = Cursor {
            sort,
            descending: page.descending,
            id: Column::Id,
            name: Column::Name,
        };
        let rows = store::fetch(self.db(), query, cursor, page).await?;
        let items = self.lab_views(rows.items).await?;
        Ok(Page {
            items,
            next: rows.next,
            total: rows.total,
        })
    }

    /// One lab with its template VM.
    ///
    /// # Errors
    /// `ResourceNotFound`.
    pub async fn lab_get(&self, ctx: &OpContext, lab: impl Into<Target>) -> Result<LabView> {
        let row = self.lab_find(ctx, &lab.into(), Action::LabRead).await?;
        self.lab_view(row).await
    }

    /// What the caller may do with the lab, by the functions that enforce it.
    #[must_use]
    pub fn lab_rights(&self, ctx: &OpContext, lab: &LabView) -> LabRights {
        let may = |action| ctx.may(action, &lab.meta.resource_id.key());
        LabRights {
            edit: may(Action::LabWrite),
            delete: may(Action::LabDelete),
            start: may(Action::LabVmStart),
            stop: may(Action::LabVmStop),
            connect: may(Action::LabVmConnect),
            export: may(Action::LabWrite)
                && lab.plan.is_some()
                && ctx.may(Action::LabPlanSaveImage, &lab.plan_resource_id.key()),
            access: may(Action::RoleAssignmentRead),
        }
    }

    /// Creates a lab and its template VM, and makes the caller its owner. A lab that exists gets the title,
    /// description and tags that are given; its image, size and plan stay.
    ///
    /// # Errors
    /// `InvalidRequest` with every broken rule, `ImageNotUsableForLabs` with the reasons (rules B2, B3),
    /// `AlreadyExists`, `PreconditionFailed`.
    pub async fn lab_put(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        input: LabInput,
        precondition: Precondition,
    ) -> Result<Started<LabView>> {
        if let Some(row) = find_optional::<Entity>(self.db(), ctx.tenant(), &id.into()).await? {
            ctx.authorize(Action::LabWrite, Action::LabRead, &row.resource_key)
                .map_err(hidden::<Entity>)?;
            expect(&precondition, Some(&meta!(row)))?;
            let update = LabUpdate {
                title: Some(input.title).filter(|title| !title.trim().is_empty()),
                description: Some(input.description),
                tags: Some(input.tags),
            };
            let value = self.lab_update(ctx, row.id, update).await?;
            return Ok(Started {
                job: self.lab_job(&row).await?,
                value,
            });
        }
        expect(&precondition, None)?;
        let plan = self.lab_plan(ctx, id, &input).await?;
        let catalog = self.catalog(ctx, plan.id).await?;
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

        let tx = self.inner.store.begin().await?;
        self.place(&tx, ctx, id).await?;
        let title = if input.title.trim().is_empty() {
            id.name()
        } else {
            input.title.trim()
        };
        let lab_image = LabImage {
            resource_id: image
                .resource_id
                .child("versions", &image.version.to_string()),
            name: image.name.clone(),
            version: image.version,
            os_state: image.os_state,
            os_type: image.os_type,
        };
        let row = resource_row!(
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
        let row = row.insert(&tx).await?;
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
        let job = self
            .job_enqueue(
                &tx,
                ctx,
                JobKind::LabCreate,
                &row.resource_id,
                &work,
                LabJob::create(),
            )
            .await?;
        if let Some(machine) = machine {
            let mut machine = machine.into_active_model();
            machine.job_id = Set(Some(job.id));
            machine.update(&tx).await?;
        }
        let mut active = row.into_active_model();
        active.job_id = Set(Some(job.id));
        let row = active.update(&tx).await?;
        let detail = format!("from {} {}", image.name, image.version);
        self.record(
            &tx,
            ctx,
            "lab_put",
            &row.resource_id,
            ActivityResult::Accepted,
            detail,
        )
        .await?;
        tx.commit().await?;
        self.job_wake();
        Ok(Started {
            value: self.lab_view(row).await?,
            job: self.job_view(self.db(), job).await?,
        })
    }

    /// Changes title, description and tags.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`, `InvalidRequest`.
    pub async fn lab_update(
        &self,
        ctx: &OpContext,
        lab: impl Into<Target>,
        update: LabUpdate,
    ) -> Result<LabView> {
        let row = self.lab_find(ctx, &lab.into(), Action::LabWrite).await?;
        let mut found = update
            .title
            .as_deref()
            .map(|t| name::text("title", t, 1, 120))
            .unwrap_or_default();
        found.extend(
            update
                .description
                .as_deref()
                .map(|d| name::text("description", d, 0, 500))
                .unwrap_or_default(),
        );
        found.extend(
            update
                .tags
                .as_ref()
                .map(domain::gallery::tags)
                .unwrap_or_default(),
        );
        Problem::unless_empty(found)?;
        let tx = self.inner.store.begin().await?;
        let mut active = row.into_active_model();
        if let Some(title) = update.title {
            active.title = Set(title.trim().to_owned());
        }
        if let Some(description) = update.description {
            active.description = Set(description.trim().to_owned());
        }
        if let Some(tags) = &update.tags {
            active.tags = tags_column(tags)?;
        }
        touch!(self, ctx, active);
        let row = active.update(&tx).await?;
        self.record(
            &tx,
            ctx,
            "lab_update",
            &row.resource_id,
            ActivityResult::Succeeded,
            "changed",
        )
        .await?;
        tx.commit().await?;
        self.lab_view(row).await
    }

    /// Deletes a lab with its machines and their disks. Images that it exported stay.
    ///
    /// # Errors
    /// `MachineBusy` while an operation works on the lab or its template VM.
    pub async fn lab_delete(&self, ctx: &OpContext, lab: impl Into<Target>) -> Result<JobView> {
        let row = self.lab_find(ctx, &lab.into(), Action::LabDelete).await?;
        let tx = self.inner.store.begin().await?;
        let row = Entity::find_by_id(row.id)
            .one(&tx)
            .await?
            .ok_or_else(|| Problem::not_found("The lab"))?;
        let machines = machine::Entity::find()
            .filter(machine::Column::LabId.eq(row.id))
            .all(&tx)
            .await?;
        if row.job_id.is_some() || machines.iter().any(|machine| machine.job_id.is_some()) {
            let message = "Another operation works on this lab. Wait until it is over, or cancel it, then delete the lab.";
            return Err(Problem::new(Code::MachineBusy, message)
                .at(row.resource_id)
                .into());
        }
        let work = LabJob {
            lab: row.id,
            machine: None,
        };
        let job = self
            .job_enqueue(
                &tx,
                ctx,
                JobKind::LabDelete,
                &row.resource_id,
                &work,
                LabJob::remove(),
            )
            .await?;
        let mut active = row.into_active_model();
        active.provisioning_state = Set(ProvisioningState::Deleting.to_string());
        active.job_id = Set(Some(job.id));
        touch!(self, ctx, active);
        let row = active.update(&tx).await?;
        for machine in machines {
            let mut active = machine.into_active_model();
            active.job_id = Set(Some(job.id));
            active.update(&tx).await?;
        }
        self.record(
            &tx,
            ctx,
            "lab_delete",
            &row.resource_id,
            ActivityResult::Accepted,
            "",
        )
        .await?;
        tx.commit().await?;
        self.job_wake();
        self.job_view(self.db(), job).await
    }

    /// Finds a lab and authorises an action on it.
    pub(crate) async fn lab_find(
        &self,
        ctx: &OpContext,
        target: &Target,
        action: Action,
    ) -> Result<Model> {
        let row = find::<Entity>(self.db(), ctx, target).await?;
        ctx.authorize(action, Action::LabRead, &row.resource_key)
            .map_err(hidden::<Entity>)?;
        Ok(row)
    }

    /// The plan of a new lab, which the caller may create labs from.
    async fn lab_plan(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        input: &LabInput,
    ) -> Result<lab_plan::Model> {
        let target = match Uuid::parse_str(&input.plan) {
            Ok(id) => Target::Id(id),
            Err(_) if input.plan.is_empty() => {
                let missing = domain::Violation::new(domain::Rule::Required, "plan");
                return Err(Problem::from_violations(vec![missing]).into());
            }
            Err(_) => Target::Arm(
                ResourceId::parse(&input.plan).map_err(|_| Problem::not_found("The lab plan"))?,
            ),
        };
        let plan = find::<lab_plan::Entity>(self.db(), ctx, &target).await?;
        ctx.authorize(Action::LabCreate, Action::LabPlanRead, &plan.resource_key)
            .map_err(hidden::<lab_plan::Entity>)?;
        // Who may create from the plan may do so beside it; elsewhere it takes the right there.
        let beside = ResourceId::from_stored(plan.resource_id.clone())
            .group()
            .map(|group| group.key());
        if id.group().map(|group| group.key()) != beside {
            ctx.authorize(Action::LabCreate, Action::ResourceGroupRead, &id.key())?;
        }
        Ok(plan)
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
            lab_id: Set(lab.id),
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
            version_id: Set(image.version_id),
            job_id: Set(None),
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
            role_id: Set(OWNER),
            scope: Set(scope.to_owned()),
            created_at: Set(ctx.now),
            created_by: Set(ctx.caller.user_name.clone()),
        };
        row.insert(tx).await?;
        Ok(())
    }

    /// The password as a machine's own account file keeps it; hashing is kept off the async threads.
    async fn crypt(&self, password: &str) -> Result<String> {
        let mut salt = [0_u8; 12];
        self.inner.ids.fill(&mut salt);
        let password = password.to_owned();
        tokio::task::spawn_blocking(move || crate::crypt::sha512(&password, &salt))
            .await
            .map_err(Error::internal)?
    }

    /// The job that made the lab.
    async fn lab_job(&self, row: &Model) -> Result<JobView> {
        let job = job::Entity::find()
            .filter(job::Column::TenantId.eq(row.tenant_id))
            .filter(job::Column::ResourceKey.eq(&row.resource_key))
            .filter(job::Column::Kind.eq(JobKind::LabCreate.to_string()))
            .order_by_desc(job::Column::Id)
            .one(self.db())
            .await?;
        self.job_view(
            self.db(),
            job.ok_or_else(|| Error::internal("a lab without the job that made it"))?,
        )
        .await
    }

    async fn lab_view(&self, row: Model) -> Result<LabView> {
        let mut views = self.lab_views(vec![row]).await?;
        views
            .pop()
            .ok_or_else(|| Error::internal("a lab lost its view"))
    }

    pub(crate) async fn lab_views(&self, rows: Vec<Model>) -> Result<Vec<LabView>> {
        let templates = machine::Entity::find()
            .filter(machine::Column::LabId.is_in(rows.iter().map(|row| row.id)))
            .filter(machine::Column::Kind.eq(MachineKind::Template.to_string()))
            .all(self.db())
            .await?;
        let mut templates: HashMap<Uuid, machine::Model> =
            templates.into_iter().map(|row| (row.lab_id, row)).collect();
        rows.into_iter()
            .map(|row| {
                let template = templates
                    .remove(&row.id)
                    .map(|machine| crate::machine::view(machine, &row.title));
                view(row, template)
            })
            .collect()
    }
}

fn view(row: Model, template: Option<MachineView>) -> Result<LabView> {
    Ok(LabView {
        meta: meta!(row),
        title: row.title,
        description: row.description,
        plan: row.plan_id,
        plan_resource_id: ResourceId::from_stored(row.plan_resource_id),
        state: LabState::parse(&row.state).unwrap_or(LabState::Draft),
        provisioning_state: ProvisioningState::parse(&row.provisioning_state)
            .unwrap_or(ProvisioningState::Failed),
        problem: row.problem,
        size: row.size,
        create_option: CreateOption::parse(&row.create_option).unwrap_or_default(),
        image: serde_json::from_value(row.image)?,
        template,
        job: row.job_id,
    })
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
    if let Some(image) = catalog
        .images
        .iter()
        .find(|image| named(&image.id, &image.resource_id))
    {
        return Ok(Some(image));
    }
    let hidden = catalog
        .hidden
        .iter()
        .find(|image| named(&image.id, &image.resource_id));
    match hidden {
        Some(image) => {
            let mut problem = Problem::from_violations(image.reasons.clone()).at("image");
            let reasons: Vec<String> = image
                .reasons
                .iter()
                .map(domain::Violation::sentence)
                .collect();
            problem.message = format!(
                "“{}” can't be used for a lab. {}",
                image.name,
                reasons.join(" ")
            );
            Err(problem.into())
        }
        None => Err(Problem::not_found("The image").at("image").into()),
    }
}
