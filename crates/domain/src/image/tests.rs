use super::*;
use crate::region::Region;

fn regions() -> Regions {
    Regions(vec![Region {
        name: "westeurope".to_owned(),
        display_name: "West Europe".to_owned(),
        geography: "Europe".to_owned(),
        ..Region::default()
    }])
}

fn image() -> ImageInput {
    ImageInput {
        location: "westeurope".to_owned(),
        publisher: "school".to_owned(),
        offer: "labs".to_owned(),
        sku: "biology".to_owned(),
        ..ImageInput::default()
    }
}

fn broken(input: &ImageInput) -> Vec<(Rule, String)> {
    let found = input.check("biology", &regions());
    found.into_iter().map(|v| (v.code, v.target)).collect()
}

#[test]
fn rule_a22_a_range_may_be_open_or_one_figure_but_not_reversed() {
    for (min, max, is_right) in [
        (None, None, true),
        (Some(4), None, true),
        (None, Some(4), true),
        (Some(4), Some(4), true),
        (Some(5), Some(4), false),
    ] {
        let input = ImageInput {
            recommended_vcpus: Recommended { min, max },
            ..image()
        };
        assert_eq!(broken(&input).is_empty(), is_right, "{min:?} to {max:?}");
    }
}

#[test]
fn rule_a23_disk_types_are_read_in_any_case_and_written_in_one() {
    for kind in DiskType::ALL {
        assert_eq!(
            DiskType::parse(&kind.as_str().to_uppercase()),
            Some(kind),
            "{kind}"
        );
        let json = serde_json::to_string(&kind).expect("a text");
        assert_eq!(json, format!("\"{kind}\""));
    }
    assert_eq!(DiskType::parse("Floppy_LRS"), None);
}

#[test]
fn rule_a23_one_disk_type_must_be_left() {
    let disallow = |count: usize| ImageInput {
        disallowed_disk_types: DiskType::ALL.into_iter().take(count).collect(),
        ..image()
    };
    assert_eq!(broken(&disallow(0)), []);
    assert_eq!(broken(&disallow(6)), []);
    assert_eq!(
        broken(&disallow(7)),
        [(Rule::NoDiskTypeLeft, "disallowedDiskTypes".to_owned())]
    );
}

#[test]
fn rule_a24_a_purchase_plan_has_three_parts_or_is_none() {
    assert_eq!(PurchasePlan::given("", " ", ""), None);
    type Broken = &'static [(Rule, &'static str)];
    let cases: [(&str, &str, &str, Broken); 4] = [
        ("contoso", "microscope", "hourly-2", &[]),
        (
            "contoso",
            "",
            "hourly",
            &[(Rule::Required, "purchasePlanProduct")],
        ),
        (
            "",
            "microscope",
            "",
            &[
                (Rule::Required, "purchasePlanPublisher"),
                (Rule::Required, "purchasePlanName"),
            ],
        ),
        (
            "contoso",
            "micro scope",
            "hourly",
            &[(Rule::BadCharacters, "purchasePlanProduct")],
        ),
    ];
    for (publisher, product, name, expected) in cases {
        let input = ImageInput {
            purchase_plan: PurchasePlan::given(publisher, product, name),
            ..image()
        };
        let expected: Vec<_> = expected
            .iter()
            .map(|(rule, target)| (*rule, (*target).to_owned()))
            .collect();
        assert_eq!(broken(&input), expected, "{publisher}/{product}/{name}");
    }
}

#[test]
fn rule_a67_disk_types_and_plan_are_fixed_at_creation() {
    let stored = image();
    let changed = ImageInput {
        disallowed_disk_types: [DiskType::StandardHdd].into(),
        purchase_plan: PurchasePlan::given("contoso", "microscope", "hourly"),
        ..image()
    };
    let found = changed.fixed_changes(&stored);
    let targets: Vec<_> = found.iter().map(|v| v.target.as_str()).collect();
    assert_eq!(targets, ["disallowedDiskTypes", "purchasePlan"]);
    assert_eq!(changed.fixed_changes(&changed.clone()), []);
}

#[test]
fn a_definition_that_an_older_release_stored_is_still_read() {
    let stored =
        r#"{"location":"westeurope","osType":"Linux","osState":"Specialized","sku":"biology"}"#;
    let read: ImageInput = serde_json::from_str(stored).expect("a definition");
    assert_eq!(
        (
            read.sku.as_str(),
            read.purchase_plan,
            read.disallowed_disk_types
        ),
        ("biology", None, BTreeSet::new())
    );
}
