//! Progress, figures and remarks.

use domain::DiskSize;
use leptos::prelude::*;

use crate::ui::*;

/// See the parent module.
#[component]
pub fn States() -> impl IntoView {
    view! {
        <Stats>
            <Stat label="Occupied" value="11.2 GiB" note="of 127 GiB virtual" />
            <Stat label="Replicas" value="3" note="in 3 regions" />
            <Stat label="Machines" value="24" note="21 running" />
            <Stat label="Cost this month" value="€ 18.40" note="storage and transfer" />
        </Stats>
        <div class="columns section">
            <div class="stack">
                <Card title="Export to Teaching gallery" id="export-job" actions=view! { <Badge tone=Tone::Info>"Step 4 of 6"</Badge> }.into_any()>
                    <Steps>
                        <Step state=StepState::Done title="Stop the machine" note="12 s" />
                        <Step state=StepState::Done title="Take the snapshot" note="1 s" />
                        <Step state=StepState::Done title="Flatten to one disk" note="2 min 4 s" />
                        <Step state=StepState::Running(Some(62)) title="Copy to the regions">
                            <Progress label="West Europe" percent=Some(100) />
                            <Progress label="North Europe" percent=Some(62) note="6.9 of 11.2 GiB" />
                        </Step>
                        <Step state=StepState::Waiting title="Verify the copies" />
                        <Step state=StepState::Waiting title="Publish version 1.0.3" />
                    </Steps>
                    <div class="row">
                        <DialogButton dialog="cancel-export" kind=Kind::Danger small=true>"Cancel the export"</DialogButton>
                    </div>
                </Card>
                <Callout tone=Tone::Warn title="This image can't be used for labs">
                    <p>"The OS disk is 129 GiB; labs use OS disks up to 128 GiB. The image can be kept in the gallery, but no lab can be created from it."</p>
                </Callout>
                <Callout tone=Tone::Info title="A specialized image keeps its accounts and its computer name" />
                <Callout tone=Tone::Danger title="The engine does not start">
                    <p>"Run "<code>"vitrine doctor"</code>" on the host; it names what is missing."</p>
                </Callout>
            </div>
            <div class="stack">
                <Card title="Machine">
                    <Facts>
                        <Fact term="State"><StateDot tone=Tone::Ok label="Running" /></Fact>
                        <Fact term="Computer name"><CopyText text="cs101-autumn" /></Fact>
                        <Fact term="Image"><a href="#image">"debian-12-lab 1.0.2"</a></Fact>
                        <Fact term="Size">"Medium · 4 vCPU · 8 GiB"</Fact>
                        <Fact term="OS disk"><Bytes size=DiskSize::from_gib(127) /></Fact>
                        <Fact term="Region">"West Europe"</Fact>
                        <Fact term="Changed"><Time at=super::lists::minutes_ago(34) /></Fact>
                    </Facts>
                </Card>
                <Card title="Limits">
                    <Meter label="Images" used=120 limit=1000 note="120 of 1,000" />
                    <Meter label="Replicas in West Europe" used=8 limit=10 note="8 of 10" />
                    <Meter label="Disk space" used=97 limit=100 note="388 of 400 GiB" />
                </Card>
                <Card>
                    <div class="row">
                        <StateDot label="Stopped" />
                        <StateDot tone=Tone::Info busy=true label="Starting" />
                        <StateDot tone=Tone::Warn label="Degraded" />
                        <StateDot tone=Tone::Danger label="Failed" />
                    </div>
                    <div class="row">
                        <Badge>"Linux"</Badge>
                        <Badge tone=Tone::Accent>"Specialized"</Badge>
                        <Badge tone=Tone::Ok>"Ready"</Badge>
                        <Badge tone=Tone::Warn>"Not for labs"</Badge>
                        <Badge tone=Tone::Danger>"End of life"</Badge>
                    </div>
                    <Skeleton />
                </Card>
            </div>
        </div>
        <Dialog id="export" title="Export to gallery" foot=view! { <SubmitButton kind=Kind::Primary form="export-form">"Export"</SubmitButton> }.into_any()>
            <PostForm id="export-form" action="/fn/none">
                <TextInput name="export-name" label="Image name" value="cs101-databases" hint="Letters, digits, “_”, “.” and “-”." />
                <Callout tone=Tone::Info title="The machine is stopped first">
                    <p>"It is running now. After the export you can start it again."</p>
                </Callout>
            </PostForm>
        </Dialog>
        <ConfirmForm
            id="cancel-export"
            title="Cancel this export?"
            action="/fn/none"
            fields=vec![("job", "1".to_owned())]
            verb="Cancel the export"
            typed="cs101-autumn"
        >
            <p>"Copies that were made so far are deleted. The template machine stays as it is."</p>
        </ConfirmForm>
    }
    .into_any()
}
