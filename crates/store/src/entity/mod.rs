//! The tables as SeaORM sees them, one file a table.

pub mod activity;
pub mod auth_code;
pub mod gallery;
pub mod group_member;
pub mod image;
pub mod image_version;
pub mod job;
pub mod job_step;
pub mod lab;
pub mod lab_plan;
pub mod local_account;
pub mod login_state;
pub mod machine;
pub mod plan_image;
pub mod principal;
pub mod replica;
pub mod resource_group;
pub mod role_assignment;
pub mod session;
pub mod signing_key;
pub mod subscription;
pub mod tenant;
pub mod upload;
