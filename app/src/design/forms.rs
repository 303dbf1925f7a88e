//! Fields as a form has them: typed, refused, chosen.

use domain::{Problem, Rule, Violation};
use leptos::prelude::*;

use crate::ui::*;

/// See the parent module.
#[component]
pub fn Forms() -> impl IntoView {
    let problem = Problem::from_violations(vec![
        Violation::new(Rule::BadCharacters, "name")
            .with("allowed", "letters, digits, “_”, “.” and “-”"),
        Violation::new(Rule::Required, "image"),
    ]);
    let state = FormState::new(
        vec![("name".to_owned(), "CS 101".to_owned())],
        Some(problem),
    );
    let regions = vec![
        Choice::new("westeurope", "West Europe"),
        Choice::new("northeurope", "North Europe"),
        Choice::new("eastus", "East US (no replica yet)").disabled(),
    ];
    view! {
        <Section title="Create lab" intro="A lab is made from one image; everyone in it gets a machine of the same kind.">
            <FormErrors state=state.clone() />
            <PostForm action="/fn/none">
                <TextInput name="name" label="Lab name" value=state.value("name") error=state.error("name") hint="Students see this name." />
                <RadioCards name="image" legend="Image" list=true error=state.error("image")>
                    <RadioCard name="image" value="a" title="cs101-databases 2.1.0" hint="Debian 12 with PostgreSQL, from Ada’s lab" checked=true>
                        <Badge>"Linux"</Badge>
                        <Badge tone=Tone::Accent>"Specialized"</Badge>
                        <Badge tone=Tone::Ok>"Ready in West Europe"</Badge>
                    </RadioCard>
                    <RadioCard name="image" value="b" title="debian-12-lab 1.0.2" hint="Base image">
                        <Badge>"Linux"</Badge>
                        <Badge>"Generalized"</Badge>
                    </RadioCard>
                    <RadioCard name="image" value="c" title="windows-studio 1.0.0" hint="Not ready in this region yet" disabled=true />
                </RadioCards>
                <div class="form-row">
                    <Select name="region" label="Region" choices=regions value="westeurope" />
                    <TextInput name="machines" label="Machines" kind="number" value="24" min="0" max="400" />
                </div>
                <TextArea name="description" label="Description" optional=true value="</textarea><script>alert(1)</script>" />
                <Switch name="template" label="Template machine" hint="Prepare it once; everyone gets a copy." checked=true />
                <Checkbox name="replicate" label="Replicate within the geography" />
                <div class="form-actions">
                    <SubmitButton kind=Kind::Primary>"Create lab"</SubmitButton>
                    <LinkButton href="#labs" kind=Kind::Quiet>"Cancel"</LinkButton>
                </div>
            </PostForm>
        </Section>
    }
    .into_any()
}
