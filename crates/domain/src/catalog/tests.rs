use super::*;

const GIB: u64 = 1 << 30;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).expect("a date")
}

fn yesterday() -> Option<DateTime<Utc>> {
    Some(now() - chrono::TimeDelta::days(1))
}

fn regions(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn version(number: &str) -> VersionFacts {
    VersionFacts {
        id: Uuid::nil(),
        version: number.parse().expect("a version"),
        state: VersionState::Succeeded,
        exclude_from_latest: false,
        end_of_life: None,
        os_disk: DiskSize::from_gib(128),
        occupied_bytes: 10 * GIB,
        disk_count: 1,
        ready_regions: regions(&["westeurope"]),
    }
}

fn image(versions: Vec<VersionFacts>) -> ImageFacts {
    ImageFacts {
        id: Uuid::nil(),
        resource_id: ResourceId::from_stored("/subscriptions/s".to_owned()),
        name: "biology".to_owned(),
        source: CatalogSource::Gallery,
        properties: ImageInput::default(),
        enabled: true,
        versions,
    }
}

/// What the list for a plan in West Europe makes of the image: the version offered, or the reasons.
fn judged(image: ImageFacts) -> Result<String, Vec<Rule>> {
    match image.judge(&regions(&["westeurope"]), now()) {
        Ok(offered) => Ok(offered.version.to_string()),
        Err(hidden) => Err(hidden.reasons.iter().map(|reason| reason.code).collect()),
    }
}

#[test]
fn rule_b3_every_reason_hides_an_image_by_itself() {
    let with = |change: fn(&mut VersionFacts)| {
        let mut version = version("1.0.0");
        change(&mut version);
        image(vec![version])
    };
    let disabled = ImageFacts {
        enabled: false,
        ..image(vec![version("1.0.0")])
    };
    let mut ended = image(vec![version("1.0.0")]);
    ended.properties.end_of_life = yesterday();
    let cases = [
        ("switched off in the plan", disabled, Rule::ImageDisabled),
        (
            "definition past its end of life",
            ended,
            Rule::ImageEndOfLife,
        ),
        (
            "no version at all",
            image(Vec::new()),
            Rule::ImageWithoutVersion,
        ),
        (
            "only version failed",
            with(|v| v.state = VersionState::Failed),
            Rule::ImageWithoutVersion,
        ),
        (
            "only version being deleted",
            with(|v| v.state = VersionState::Deleting),
            Rule::ImageWithoutVersion,
        ),
        (
            "only version excluded",
            with(|v| v.exclude_from_latest = true),
            Rule::ImageWithoutVersion,
        ),
        (
            "only version being made",
            with(|v| v.state = VersionState::Creating),
            Rule::ImageNotReady,
        ),
        (
            "only version past its end of life",
            with(|v| v.end_of_life = yesterday()),
            Rule::ImageEndOfLife,
        ),
        (
            "no replica finished",
            with(|v| v.ready_regions.clear()),
            Rule::ImageNotReady,
        ),
        (
            "replica in another region",
            with(|v| v.ready_regions = regions(&["eastus"])),
            Rule::RegionNotReady,
        ),
        (
            "a byte above 128 GiB",
            with(|v| v.os_disk = DiskSize::from_bytes(128 * GIB + 1)),
            Rule::OsDiskTooLarge,
        ),
        (
            "129 GiB",
            with(|v| v.os_disk = DiskSize::from_gib(129)),
            Rule::OsDiskTooLarge,
        ),
        ("two disks", with(|v| v.disk_count = 2), Rule::SeveralDisks),
    ];
    for (case, image, reason) in cases {
        assert_eq!(judged(image), Err(vec![reason]), "{case}");
    }
}

#[test]
fn rule_b2_images_of_127_and_128_gib_are_offered() {
    for gib in [127, 128] {
        let fits = VersionFacts {
            os_disk: DiskSize::from_gib(gib),
            ..version("1.0.0")
        };
        assert_eq!(
            judged(image(vec![fits])),
            Ok("1.0.0".to_owned()),
            "{gib} GiB"
        );
    }
}

#[test]
fn rule_e_all_reasons_are_told_at_once() {
    let unfit = VersionFacts {
        os_disk: DiskSize::from_gib(129),
        disk_count: 2,
        ready_regions: Vec::new(),
        ..version("1.0.0")
    };
    let mut image = ImageFacts {
        enabled: false,
        ..image(vec![unfit])
    };
    image.properties.end_of_life = yesterday();
    let expected = [
        Rule::ImageDisabled,
        Rule::ImageEndOfLife,
        Rule::OsDiskTooLarge,
        Rule::SeveralDisks,
        Rule::ImageNotReady,
    ];
    assert_eq!(judged(image), Err(expected.to_vec()));
}

#[test]
fn rule_a27_a_lab_gets_the_highest_number_that_it_may_use() {
    let usable = || vec![version("1.9.0"), version("1.10.0"), version("1.2.99")];
    assert_eq!(judged(image(usable())), Ok("1.10.0".to_owned()));
    let passed_over: [fn(&mut VersionFacts); 4] = [
        |v| v.exclude_from_latest = true,
        |v| v.end_of_life = yesterday(),
        |v| v.state = VersionState::Creating,
        |v| v.state = VersionState::Failed,
    ];
    for (case, change) in passed_over.into_iter().enumerate() {
        let mut higher = version("2.0.0");
        change(&mut higher);
        let versions = usable().into_iter().chain([higher]).collect();
        assert_eq!(
            judged(image(versions)),
            Ok("1.10.0".to_owned()),
            "case {case}"
        );
    }
}

#[test]
fn rule_a55_a_version_stays_usable_while_regions_are_added_to_it() {
    let growing = VersionFacts {
        state: VersionState::Updating,
        ..version("1.0.0")
    };
    assert_eq!(judged(image(vec![growing])), Ok("1.0.0".to_owned()));
}

#[test]
fn rule_a55_one_allowed_region_with_a_replica_is_enough() {
    let allowed = regions(&["northeurope", "westeurope"]);
    let offered = image(vec![version("1.0.0")])
        .judge(&allowed, now())
        .expect("it is offered");
    assert_eq!(offered.ready_regions, ["westeurope"]);
    let elsewhere = VersionFacts {
        ready_regions: regions(&["eastus"]),
        ..version("1.0.0")
    };
    let hidden = image(vec![elsewhere])
        .judge(&allowed, now())
        .expect_err("it is hidden");
    assert_eq!(
        hidden.reasons[0].sentence(),
        "The image has no finished replica in “northeurope, westeurope” yet."
    );
}

#[test]
fn rule_b20_generalized_and_specialized_images_are_offered_alike() {
    for os_state in [OsState::Generalized, OsState::Specialized] {
        let mut image = image(vec![version("1.0.0")]);
        image.properties.os_state = os_state;
        let offered = image
            .judge(&regions(&["westeurope"]), now())
            .expect("it is offered");
        assert_eq!(offered.os_state, os_state);
    }
}

#[test]
fn rule_b19_the_gallery_comes_before_base_images_and_nothing_is_lost() {
    let named = |name: &str, source, versions| ImageFacts {
        name: name.to_owned(),
        source,
        ..image(versions)
    };
    let catalog = Catalog::of(
        vec![
            named("alpine", CatalogSource::Base, vec![version("1.0.0")]),
            named("Zoology", CatalogSource::Gallery, vec![version("1.0.0")]),
            named("biology", CatalogSource::Gallery, vec![version("1.0.0")]),
            named("empty", CatalogSource::Gallery, Vec::new()),
        ],
        &regions(&["westeurope"]),
        now(),
    );
    let names: Vec<&str> = catalog
        .images
        .iter()
        .map(|image| image.name.as_str())
        .collect();
    assert_eq!(names, ["biology", "Zoology", "alpine"]);
    assert_eq!(
        catalog
            .hidden
            .iter()
            .map(|image| image.name.as_str())
            .collect::<Vec<_>>(),
        ["empty"]
    );
}
