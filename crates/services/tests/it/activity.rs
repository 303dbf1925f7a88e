//! Looking through the activity log.

use domain::activity::{ActivityFilter, ActivityResult, ActivityView};
use domain::gallery::GalleryInput;
use domain::tenant::Precondition;
use domain::upload::UploadInput;
use domain::{Code, OpContext, Page, PageRequest};
use testkit::{Person, School, TestPortal};

async fn put_gallery(portal: &TestPortal, school: &School, who: Person, name: &str) -> uuid::Uuid {
    let ctx = portal.ctx(who).await;
    let input = GalleryInput {
        location: "westeurope".to_owned(),
        ..GalleryInput::default()
    };
    let put = portal
        .services
        .gallery_put(&ctx, &school.gallery(name), input, Precondition::None)
        .await;
    put.expect("a gallery").value.meta.id
}

async fn announce(portal: &TestPortal, who: Person, gallery: uuid::Uuid, file_name: &str) {
    let ctx = portal.ctx(who).await;
    let input = UploadInput {
        gallery,
        file_name: file_name.to_owned(),
        size_bytes: 6,
        checksum: String::new(),
    };
    let announced = portal.services.upload_create(&ctx, input).await;
    announced.expect("an upload");
}

async fn look(
    portal: &TestPortal,
    ctx: &OpContext,
    filter: impl Into<ActivityFilter>,
    page: PageRequest,
) -> Page<ActivityView> {
    let found = portal.services.activity_list(ctx, filter, &page).await;
    found.expect("the log")
}

/// The last segments of the resources that were found for the text, newest first.
async fn found(portal: &TestPortal, ctx: &OpContext, text: &str) -> Vec<(String, String)> {
    let page = PageRequest {
        filter: Some(text.to_owned()),
        ..PageRequest::default()
    };
    let lines = look(portal, ctx, None, page).await.items.into_iter();
    let last = |id: &str| id.rsplit('/').next().unwrap_or_default().to_owned();
    lines
        .map(|line| (line.operation, last(&line.resource_id)))
        .collect()
}

fn lines(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(operation, name): &(&str, &str)| ((*operation).to_owned(), (*name).to_owned());
    expected.iter().map(owned).collect()
}

testkit::on_both_databases! {
    async fn the_log_is_searched_by_person_operation_resource_and_detail(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        let one = put_gallery(portal, &school, school.contributor, "alpha_one").await;
        put_gallery(portal, &school, school.owner, "alphaXone").await;
        announce(portal, school.owner, one, "Frogs.raw").await;
        let ctx = portal.ctx(school.reader).await;

        let by_contributor = lines(&[("gallery_put", "alpha_one")]);
        assert_eq!(found(portal, &ctx, "CONTRIBUTOR@a.example").await[..1], by_contributor[..]);
        assert_eq!(found(portal, &ctx, "Gallery_Put").await, lines(&[("gallery_put", "alphaXone"), ("gallery_put", "alpha_one")]));
        assert_eq!(found(portal, &ctx, "frogs").await, lines(&[("upload_create", "alpha_one")]));
        let of_one = lines(&[("upload_create", "alpha_one"), ("gallery_put", "alpha_one")]);
        assert_eq!(found(portal, &ctx, "galleries/alpha_one").await, of_one, "an underscore is no wildcard");
        assert_eq!(found(portal, &ctx, "galleries/%").await, [], "a percent sign neither");
        assert_eq!(found(portal, &ctx, "nothing like it").await, []);
    }

    async fn the_log_is_narrowed_to_a_result_and_the_search_holds_on_every_page(portal: TestPortal) {
        let school = School::found(portal, "a.example").await;
        let gallery = put_gallery(portal, &school, school.owner, "biology").await;
        for name in ["one.raw", "two.raw", "three.raw"] {
            announce(portal, school.owner, gallery, name).await;
        }
        let ctx = portal.ctx(school.reader).await;
        let of = |result| ActivityFilter { within: Some(school.gallery("biology")), result };
        let all = look(portal, &ctx, of(None), PageRequest::default()).await;
        let results: Vec<_> = all.items.iter().map(|line| line.result).collect();
        let (accepted, succeeded) = (ActivityResult::Accepted, ActivityResult::Succeeded);
        assert_eq!(results, [accepted, accepted, accepted, succeeded]);
        for (result, count) in [(accepted, 3), (succeeded, 1), (ActivityResult::Failed, 0)] {
            let page = look(portal, &ctx, of(Some(result)), PageRequest::default()).await;
            assert_eq!((page.total, page.items.len()), (count, usize::try_from(count).expect("few")));
            assert!(page.items.iter().all(|line| line.result == result));
        }

        let mut page = PageRequest { limit: 1, filter: Some(".raw".to_owned()), ..PageRequest::default() };
        let mut seen = Vec::new();
        loop {
            let one = look(portal, &ctx, of(Some(accepted)), page.clone()).await;
            assert_eq!((one.total, one.items.len()), (3, 1));
            seen.extend(one.items.into_iter().map(|line| line.detail));
            match one.next {
                Some(next) => page.cursor = Some(next),
                None => break,
            }
        }
        let names = seen.iter().map(|detail| detail.split('.').next().unwrap_or_default());
        assert_eq!(names.collect::<Vec<_>>(), ["three", "two", "one"]);
    }

    async fn the_log_of_a_resource_has_nothing_of_its_namesakes_and_nothing_for_strangers(portal: TestPortal) {
        let (school, other) = (School::found(portal, "a.example").await, School::found(portal, "b.example").await);
        for name in ["biology", "biology2"] {
            put_gallery(portal, &school, school.owner, name).await;
        }
        let ctx = portal.ctx(school.reader).await;
        let within = school.gallery("BIOLOGY");
        let own = look(portal, &ctx, Some(&within), PageRequest::default()).await;
        assert_eq!(own.items.iter().map(|line| line.resource_id.as_str()).collect::<Vec<_>>(), [school.gallery("biology").as_str()]);

        let stranger = portal.ctx(other.owner).await;
        assert_eq!(look(portal, &stranger, Some(&within), PageRequest::default()).await.total, 0);
        assert_eq!(found(portal, &stranger, "a.example").await, []);
        let student = portal.ctx(school.student).await;
        let refused = portal.services.activity_list(&student, Some(&within), &PageRequest::default()).await;
        assert_eq!(refused.expect_err("a refusal").into_problem("test").code, Code::ResourceNotFound);
        assert_eq!(look(portal, &student, None, PageRequest::default()).await.total, 0);
    }
}
