//! Stories of the use cases, on real databases, folders and disks.

mod activity;
mod application;
mod compute;
mod directory;
mod etag;
mod export;
mod factor;
mod gallery;
mod guests;
mod identity;
mod image;
mod lab;
mod plan;
mod replica;
mod roles;
mod sharing;
mod upload;
