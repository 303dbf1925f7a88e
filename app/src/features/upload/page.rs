//! The page of an upload: first the definition, then the file.

use domain::rbac::Action;
use domain::{PageRequest, Problem};
use leptos::prelude::*;
use uuid::Uuid;

use super::choose::Choose;
use super::form::UploadForm;
use super::list::Uploads;
use crate::features::version::queries;
use crate::ssr;
use crate::ui::{Crumb, Page};

/// The page that brings a disk into a gallery.
#[component]
pub fn UploadPage() -> impl IntoView {
    let gallery = ssr::id("gallery");
    ssr::page(async move {
        let (services, op, query) = (ssr::services()?, ssr::op()?, ssr::query());
        let gallery = services.gallery_get(&op, gallery?).await?;
        let scope = gallery.meta.resource_id.clone();
        let scope = scope.as_str();
        op.authorize(Action::VersionWrite, Action::GalleryRead, scope)?;
        let base = format!("/images/{}", gallery.meta.id);
        let crumbs = vec![
            Crumb::new("/images", "Images"),
            Crumb::new(base, gallery.meta.name.clone()),
        ];
        let uploads = PageRequest {
            limit: 20,
            ..PageRequest::default()
        };
        let uploads = services.upload_list(&op, gallery.meta.id, &uploads).await?;
        let name = gallery.meta.name.clone();
        let matter = match query.get("image").map(Uuid::parse_str) {
            None => {
                let all = PageRequest {
                    limit: 1000,
                    ..PageRequest::default()
                };
                let images = services.image_list(&op, gallery.meta.id, &all).await?.items;
                let may_define = op.may(Action::ImageWrite, scope);
                view! { <Choose gallery=gallery.meta images may_define /> }.into_any()
            }
            Some(Ok(id)) => {
                let image = services.image_get(&op, id).await?;
                if image.gallery != gallery.meta.id {
                    return Err(Problem::not_found("The image definition").into());
                }
                let next = queries::next_number(&services, &op, &image).await?;
                let settings = services.settings();
                let (regions, most) = (settings.regions.clone(), settings.limits.upload_bytes);
                view! { <UploadForm image next regions most /> }.into_any()
            }
            Some(Err(_)) => return Err(Problem::not_found("The image definition").into()),
        };
        Ok(view! {
            <Page
                title="Upload an image"
                crumbs
                intro="A disk that was prepared elsewhere becomes a version of an image definition."
                narrow=true
            >
                {matter}
                <Uploads uploads gallery=name />
            </Page>
        })
    })
}
