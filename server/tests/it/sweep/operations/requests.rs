//! What each operation is asked with.

use serde_json::{Value, json};

use crate::sweep::READER;
use crate::sweep::school::Furnished;

impl Furnished {
    /// The path of an operation, with this school's names in it.
    pub(super) fn path(&self, template: &str, row: &str) -> String {
        let namespace = if row.starts_with("job_") && row != "job_cancel" {
            "Microsoft.LabServices"
        } else {
            "Microsoft.Compute"
        };
        let job = if row == "job_cancel" {
            self.queued.unwrap_or(self.job)
        } else {
            self.job
        };
        // The image whose versions nothing needs.
        let spare = ["version_delete", "image_delete"].contains(&row);
        template
            .replace("{subscription}", self.subscription())
            .replace(
                "{resourceGroup}",
                if row == "resource_group_delete" {
                    "rg-empty"
                } else {
                    "rg-labs"
                },
            )
            .replace(
                "{gallery}",
                if row == "gallery_delete" {
                    "empty"
                } else {
                    "images"
                },
            )
            .replace("{image}", if spare { "spare" } else { "ubuntu" })
            .replace("{version}", "1.0.0")
            .replace("{upload}", &self.upload.to_string())
            .replace("{disk}", "data")
            .replace("{snapshot}", "before")
            .replace("{labPlan}", "science")
            .replace("{lab}", "lab1")
            .replace("{virtualMachine}", &self.machine.0)
            .replace("{operation}", &job.to_string())
            .replace("{namespace}", namespace)
            .replace("{location}", "westeurope")
            .replace("{networkKind}", "publicIPAddresses")
            .replace("{network}", "swept")
            .replace("{deployment}", "swept")
            .replace("{lock}", "swept")
            .replace("{artifactType}", "Images")
            .replace(
                "{role}",
                &if row == "role_get" { READER } else { self.role }.to_string(),
            )
            .replace("{assignment}", &self.assignment.to_string())
            .replace("/{scope}", self.school.group.as_str())
    }

    /// The disk that is there.
    fn disk(&self) -> String {
        let group = &self.school.group;
        group
            .provider("Microsoft.Compute", "disks", "data")
            .to_string()
    }

    /// A body that an owner would send.
    pub(super) fn body(&self, row: &str) -> Option<Value> {
        let place = json!({"location": "westeurope"});
        Some(match row {
            "resource_group_put" | "gallery_put" | "network_put" => place,
            "network_update" => json!({"tags": {"swept": "yes"}}),
            "tags_put" | "tags_update" => json!({"properties": {"tags": {"swept": "yes"}}}),
            "lock_put" => json!({"properties": {"level": "CanNotDelete"}}),
            "deployment_put" | "deployment_validate" | "deployment_what_if" => {
                json!({"properties": {"mode": "Incremental", "template": {"resources": []}}})
            }
            "resource_group_update"
            | "gallery_update"
            | "image_update"
            | "version_update"
            | "plan_update"
            | "lab_update"
            | "disk_update"
            | "snapshot_update"
            | "managed_image_update"
            | "virtual_machine_update" => json!({"tags": {"swept": "yes"}}),
            "disk_put" => json!({"location": "westeurope", "properties": {
                "creationData": {"createOption": "Empty"}, "diskSizeGB": 1
            }}),
            "snapshot_put" => json!({"location": "westeurope", "properties": {
                "creationData": {"createOption": "Copy", "sourceResourceId": self.disk()}
            }}),
            "managed_image_put" => json!({"location": "westeurope", "properties": {
                "storageProfile": {"osDisk": {
                    "osType": "Linux", "osState": "Generalized", "managedDisk": {"id": self.disk()}
                }}
            }}),
            "virtual_machine_put" => json!({"location": "westeurope", "properties": {
                "hardwareProfile": {"vmSize": "Small"},
                "storageProfile": {"imageReference": {"id": self.image("linux").to_string()}}
            }}),
            // As the command line restores a deleted version; what the version was made from can't be changed.
            "version_put" => place,
            "resource_move" => {
                let gallery = self.school.gallery("images").to_string();
                json!({"resources": [gallery], "targetResourceGroup": self.school.group.to_string()})
            }
            "lab_put" => json!({"location": "westeurope", "properties": {
                "labPlanId": self.school.plan("science").to_string(),
                "virtualMachineProfile": {
                    "imageReference": {"id": self.image("ubuntu").to_string()},
                    "sku": {"name": "Small"}
                }
            }}),
            "image_put" => json!({"location": "westeurope", "properties": {
                "osType": "Linux", "osState": "Specialized",
                "identifier": {"publisher": "school", "offer": "labs", "sku": "ubuntu"}
            }}),
            "upload_create" => {
                json!({"properties": {"fileName": "disk.raw", "sizeBytes": 1 << 20}})
            }
            "plan_put" => json!({"location": "westeurope", "properties": {
                "allowedRegions": ["westeurope", "northeurope"],
                "sharedGalleryId": self.school.gallery("images").to_string()
            }}),
            "plan_image_put" | "plan_image_set" => {
                json!({"properties": {"enabledState": "Enabled"}})
            }
            "template_export" => {
                let machine = self
                    .school
                    .lab("lab1")
                    .child("virtualMachines", &self.machine.0)
                    .to_string();
                json!({"name": "exported", "labVirtualMachineId": machine})
            }
            "role_assignment_create" => json!({"properties": {
                "roleDefinitionId": READER.to_string(), "principalId": self.school.student.id
            }}),
            "role_put" => json!({"properties": {
                "roleName": "Keeper",
                "permissions": [{"actions": ["Microsoft.Compute/galleries/*"]}],
                "assignableScopes": [self.school.group.to_string()]
            }}),
            _ => return None,
        })
    }
}
