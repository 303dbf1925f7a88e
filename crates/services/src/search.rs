//! Finding any resource by a part of its name.

use domain::rbac::Action;
use domain::{OpContext, ResourceId};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Func, LikeExpr, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, IntoSimpleExpr, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use serde::{Deserialize, Serialize};
use store::entity::{gallery, image, image_version, lab, lab_plan};
use uuid::Uuid;

use crate::find::{Findable, visible};
use crate::{Result, Services};

/// Something that the search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchHit {
    /// `gallery`, `image`, `version`, `plan` or `lab`.
    pub kind: String,
    /// The resource's name.
    pub name: String,
    /// What tells it from others of the name.
    pub detail: String,
    /// Its key.
    pub id: Uuid,
    /// Its ARM id.
    pub resource_id: ResourceId,
}

/// Most hits of one search.
const MAX_HITS: usize = 30;

/// Longest text that is searched for, in characters: no name is longer.
const MAX_TEXT: usize = 120;

impl Services {
    /// Resources that the caller sees and whose name contains the text, upper or lower case alike; at most 30.
    /// Names that are the text come first, then names that begin with it.
    ///
    /// Versions are also found by their image's name, and labs by their title. An empty text finds nothing.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn search(&self, ctx: &OpContext, text: &str) -> Result<Vec<SearchHit>> {
        let text = text.trim().to_lowercase();
        if text.is_empty() || text.chars().count() > MAX_TEXT {
            return Ok(Vec::new());
        }
        let mut hits = Vec::new();
        let name = gallery::Column::Name;
        for row in self
            .matches::<gallery::Entity>(
                ctx,
                Action::GalleryRead,
                name,
                contains(name, &text),
                &text,
            )
            .await?
        {
            let detail = row.location;
            hits.push(hit("gallery", row.id, row.name, row.resource_id, detail));
        }
        let name = image::Column::Name;
        for row in self
            .matches::<image::Entity>(ctx, Action::ImageRead, name, contains(name, &text), &text)
            .await?
        {
            let detail = segment(&row.resource_id, "galleries");
            hits.push(hit("image", row.id, row.name, row.resource_id, detail));
        }
        let name = lab_plan::Column::Name;
        for row in self
            .matches::<lab_plan::Entity>(
                ctx,
                Action::LabPlanRead,
                name,
                contains(name, &text),
                &text,
            )
            .await?
        {
            let detail = segment(&row.resource_id, "resourceGroups");
            hits.push(hit("plan", row.id, row.name, row.resource_id, detail));
        }
        let name = lab::Column::Name;
        let named = contains(name, &text).add(contains(lab::Column::Title, &text));
        for row in self
            .matches::<lab::Entity>(ctx, Action::LabRead, name, named, &text)
            .await?
        {
            hits.push(hit("lab", row.id, row.name, row.resource_id, row.title));
        }
        let name = image_version::Column::Name;
        let of_image = image::Entity::find()
            .select_only()
            .column(image::Column::Id)
            .filter(image::Column::TenantId.eq(ctx.tenant()))
            .filter(contains(image::Column::Name, &text))
            .into_query();
        let named = contains(name, &text).add(image_version::Column::ImageId.in_subquery(of_image));
        for row in self
            .matches::<image_version::Entity>(ctx, Action::VersionRead, name, named, &text)
            .await?
        {
            let (image, gallery) = (
                segment(&row.resource_id, "images"),
                segment(&row.resource_id, "galleries"),
            );
            hits.push(hit(
                "version",
                row.id,
                row.name,
                row.resource_id,
                format!("{image} · {gallery}"),
            ));
        }
        // Stable: within a rank, kinds stay in the order above, and names in the database's.
        hits.sort_by_key(|hit| rank(&hit.name.to_lowercase(), &text));
        hits.truncate(MAX_HITS);
        Ok(hits)
    }

    /// Rows that the caller sees and that match, best first, as many as a whole search may show.
    async fn matches<E: Findable>(
        &self,
        ctx: &OpContext,
        action: Action,
        name: E::Column,
        matching: Condition,
        text: &str,
    ) -> Result<Vec<E::Model>> {
        if ctx.scopes(action).is_empty() {
            return Ok(Vec::new());
        }
        let rows = visible::<E>(ctx, action, None)
            .filter(matching)
            .order_by_asc(ranked(name, text))
            .order_by_asc(name)
            .order_by_asc(E::ID)
            .limit(MAX_HITS as u64)
            .all(self.db())
            .await?;
        Ok(rows)
    }
}

/// 0 for the text itself, 1 for what begins with it, 2 for the rest; all in lower case.
fn rank(name: &str, text: &str) -> u8 {
    if name == text {
        0
    } else if name.starts_with(text) {
        1
    } else {
        2
    }
}

/// [`rank`] as the database counts it.
fn ranked<C: ColumnTrait>(column: C, text: &str) -> SimpleExpr {
    let prefix = LikeExpr::new(format!("{}%", escaped(text))).escape('\\');
    CaseStatement::new()
        .case(lower(column).eq(text), Expr::val(0))
        .case(lower(column).like(prefix), Expr::val(1))
        .finally(Expr::val(2))
        .into()
}

/// Whether a column holds the text, which is in lower case, wherever in it.
pub(crate) fn contains<C: ColumnTrait>(column: C, text: &str) -> Condition {
    let pattern = LikeExpr::new(format!("%{}%", escaped(text))).escape('\\');
    Condition::any().add(lower(column).like(pattern))
}

/// The condition that a column begins with a text, case aside.
pub(crate) fn starts_with<C: ColumnTrait>(column: C, text: &str) -> SimpleExpr {
    let pattern = LikeExpr::new(format!("{}%", escaped(&text.to_lowercase()))).escape('\\');
    lower(column).like(pattern)
}

fn lower<C: ColumnTrait>(column: C) -> SimpleExpr {
    Expr::expr(Func::lower(column.into_simple_expr()))
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}

fn segment(resource_id: &str, word: &str) -> String {
    ResourceId::from_stored(resource_id.to_owned())
        .segment(word)
        .unwrap_or_default()
        .to_owned()
}

fn hit(kind: &str, id: Uuid, name: String, resource_id: String, detail: String) -> SearchHit {
    SearchHit {
        kind: kind.to_owned(),
        name,
        detail,
        id,
        resource_id: ResourceId::from_stored(resource_id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_names_come_before_prefixes_and_prefixes_before_the_rest() {
        let mut names = vec!["my biology", "biology 2", "biology"];
        names.sort_by_key(|name| rank(name, "biology"));
        assert_eq!(names, ["biology", "biology 2", "my biology"]);
    }

    #[test]
    fn signs_of_the_pattern_language_are_searched_for_as_they_are() {
        assert_eq!(escaped(r"50%_a\b"), r"50\%\_a\\b");
    }
}
