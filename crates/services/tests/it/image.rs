//! Image definitions, and what of them others show.

use domain::export::ExportInput;
use domain::image::{DiskType, ImageInput, OsState, PurchasePlan};
use domain::tenant::Precondition;
use domain::upload::UploadInput;
use domain::{Code, PageRequest, Rule};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use store::entity::machine;
use testkit::School;

testkit::on_both_databases! {
    async fn rules_a23_and_a24_unfit_disks_and_the_plan_are_kept_and_shown_by_version_and_lab_plan(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        school.open_plan(portal).await;
        let ctx = portal.ctx(school.owner).await;
        let id = school.gallery("images").child("images", "microscope");
        let plan = PurchasePlan::given("contoso", "microscope", "hourly");
        // What the import below gives, with the two rules' properties.
        let input = ImageInput {
            location: "westeurope".to_owned(),
            os_state: OsState::Specialized,
            publisher: "school".to_owned(),
            offer: "labs".to_owned(),
            sku: "microscope".to_owned(),
            disallowed_disk_types: [DiskType::StandardHdd, DiskType::Ultra].into(),
            purchase_plan: plan.clone(),
            ..ImageInput::default()
        };
        let put = |input: ImageInput| portal.services.image_put(&ctx, &id, input, Precondition::None);
        put(input.clone()).await.expect("a definition");
        let stored = portal.services.image_get(&ctx, &id).await.expect("the definition").properties;
        assert_eq!(stored, input);

        let bare = ImageInput { disallowed_disk_types: Default::default(), purchase_plan: None, ..input.clone() };
        let problem = put(bare).await.expect_err("a refusal").into_problem("test");
        let broken: Vec<_> = problem.details.iter().map(|v| (v.code, v.target.as_str())).collect();
        assert_eq!(broken, [(Rule::NotUpdatable, "disallowedDiskTypes"), (Rule::NotUpdatable, "purchasePlan")]);

        let half = ImageInput { purchase_plan: PurchasePlan::given("contoso", "", ""), ..input };
        assert_eq!(put(half).await.expect_err("a refusal").into_problem("test").code, Code::InvalidRequest);

        let version = school.version(portal, "microscope", &[1]).await;
        assert_eq!((version.disallowed_disk_types, version.purchase_plan), (stored.disallowed_disk_types, plan.clone()));
        let images = portal.services.plan_image_list(&ctx, school.plan("science"), &PageRequest::default()).await;
        assert_eq!(images.expect("the images").items[0].purchase_plan, plan);
    }

    async fn uploads_are_listed_with_their_gallery_until_they_are_thrown_away(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        school.open_plan(portal).await;
        let ctx = portal.ctx(school.owner).await;
        let id = school.gallery("images");
        let gallery = portal.services.gallery_get(&ctx, &id).await.expect("the gallery").meta.id;
        let mut announced = Vec::new();
        for name in ["first.raw", "second.raw"] {
            let input = UploadInput { gallery, file_name: name.to_owned(), size_bytes: 6, ..UploadInput::default() };
            announced.push(portal.services.upload_create(&ctx, input).await.expect("announced"));
        }
        let list = async || portal.services.upload_list(&ctx, &id, &PageRequest::default()).await.expect("the uploads");
        let listed = list().await;
        assert_eq!(listed.total, 2);
        for upload in &announced {
            assert!(listed.items.contains(upload), "{upload:?}");
            assert_eq!((upload.gallery, &upload.gallery_resource_id, upload.in_use), (gallery, &id, false));
        }
        let filter = PageRequest { filter: Some("SECOND".to_owned()), ..PageRequest::default() };
        let found = portal.services.upload_list(&ctx, &id, &filter).await.expect("the uploads");
        assert_eq!(found.items, announced[1..]);

        let reader = portal.ctx(school.reader).await;
        let refused = portal.services.upload_list(&reader, &id, &PageRequest::default()).await;
        assert_eq!(refused.expect_err("a refusal").into_problem("test").code, Code::AuthorizationFailed);

        for upload in &announced {
            portal.services.upload_delete(&ctx, upload.id).await.expect("thrown away");
        }
        assert_eq!(list().await.items, []);
    }

    async fn rule_b3_a_template_vm_with_two_disks_is_warned_about_exported_marked_and_hidden(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        school.open_plan(portal).await;
        school.import(portal, "base", OsState::Generalized, &[1]).await;
        let lab = school.lab_from(portal, school.teacher, "biology", "base").await;
        let ctx = portal.ctx(school.teacher).await;
        // No lab of this release gets a second disk by itself: give it one as its row and folder would show it.
        let machine = lab.template.expect("a template VM").id;
        testkit::blank_disk(&portal.services.engine().machine_dir(machine).join("disk-1.qcow2"), 3);
        let db = portal.services.store().db();
        let row = machine::Entity::find_by_id(machine).one(db).await.expect("a query").expect("the row");
        let mut row = row.into_active_model();
        row.disk_count = Set(2);
        row.update(db).await.expect("two disks");

        let preview = portal.services.template_export_preview(&ctx, lab.meta.id).await.expect("a preview");
        assert_eq!(preview.disk_count, 2);
        let warned: Vec<_> = preview.lab_barriers.iter().map(|v| (v.code, v.params.get("count").map(String::as_str))).collect();
        assert_eq!(warned, [(Rule::SeveralDisks, Some("2"))]);

        let input = ExportInput { name: "two".to_owned(), ..ExportInput::default() };
        let job = portal.services.template_export(&ctx, lab.meta.id, input).await.expect("an export");
        portal.succeed(&job, &ctx).await;
        let owner = portal.ctx(school.owner).await;
        let id = school.gallery("images").child("images", "two").child("versions", "1.0.0");
        let version = portal.services.version_get(&owner, &id).await.expect("the version");
        assert_eq!((version.disk_count, version.lab_barriers.len()), (2, 1));
        let catalog = portal.services.catalog(&ctx, school.plan("science")).await.expect("the catalog");
        let hidden: Vec<_> = catalog.hidden.iter().map(|image| (image.name.as_str(), image.reasons[0].code)).collect();
        assert_eq!(hidden, [("two", Rule::SeveralDisks)]);
    }
}
