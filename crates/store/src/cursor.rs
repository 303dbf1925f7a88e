//! Pages with a cursor that stays put while rows come and go.

use domain::{Page, PageRequest};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoSimpleExpr, ModelTrait, Order,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select, Value,
};
use uuid::Uuid;

use crate::error::Result;

/// How a list is ordered and searched.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<C: ColumnTrait> {
    /// The column to sort by; ties are settled by `id`.
    pub sort: C,
    /// Largest first.
    pub descending: bool,
    /// The unique column that settles ties.
    pub id: C,
    /// The column that `filter` searches.
    pub name: C,
}

/// Most rows of one page.
const MAX_LIMIT: u32 = 1000;

/// Fetches one page of a query.
///
/// The cursor holds the last row's sort value and id, so that a page costs the same wherever it lies.
///
/// # Errors
/// When the database fails. A cursor that can't be read starts at the beginning.
pub async fn fetch<E, C>(
    db: &impl ConnectionTrait,
    query: Select<E>,
    cursor: Cursor<C>,
    request: &PageRequest,
) -> Result<Page<E::Model>>
where
    E: EntityTrait<Column = C>,
    E::Model: ModelTrait<Entity = E> + Sync + Send + sea_orm::FromQueryResult,
    C: ColumnTrait,
{
    let mut query = query;
    if let Some(filter) = request
        .filter
        .as_deref()
        .map(str::trim)
        .filter(|f| !f.is_empty())
    {
        let escaped = filter
            .to_lowercase()
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        let lower = Func::lower(cursor.name.into_simple_expr());
        query = query
            .filter(Expr::expr(lower).like(LikeExpr::new(format!("%{escaped}%")).escape('\\')));
    }
    let total = if request.count {
        query.clone().count(db).await?
    } else {
        0
    };
    let order = if cursor.descending {
        Order::Desc
    } else {
        Order::Asc
    };
    if let Some((sort, id)) = request.cursor.as_deref().and_then(read) {
        let column = cursor.sort;
        let (after_sort, after_id) = if cursor.descending {
            (column.into_simple_expr().lt(sort.clone()), cursor.id.lt(id))
        } else {
            (column.into_simple_expr().gt(sort.clone()), cursor.id.gt(id))
        };
        let tie = Condition::all()
            .add(column.into_simple_expr().eq(sort))
            .add(after_id);
        query = query.filter(Condition::any().add(after_sort).add(tie));
    }
    let limit = request.limit.clamp(1, MAX_LIMIT);
    let mut items = query
        .order_by(cursor.sort, order.clone())
        .order_by(cursor.id, order)
        .limit(u64::from(limit) + 1)
        .all(db)
        .await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items
        .last()
        .filter(|_| more)
        .map(|last| write(&last.get(cursor.sort), &last.get(cursor.id)));
    Ok(Page { items, next, total })
}

/// A cursor is the sort value's kind and text, and the id.
fn write(sort: &Value, id: &Value) -> String {
    let (kind, text) = match sort {
        Value::String(Some(text)) => ('s', text.clone()),
        Value::BigInt(Some(number)) => ('n', number.to_string()),
        Value::ChronoDateTimeUtc(Some(at)) => ('t', at.to_rfc3339()),
        Value::Uuid(Some(id)) => ('u', id.to_string()),
        _ => ('s', String::new()),
    };
    let id = if let Value::Uuid(Some(id)) = id {
        *id
    } else {
        Uuid::nil()
    };
    format!("{id}{kind}{text}")
        .bytes()
        .map(|b| format!("{b:02x}"))
        .collect()
}

fn read(cursor: &str) -> Option<(Value, Uuid)> {
    let bytes: Option<Vec<u8>> = cursor
        .as_bytes()
        .chunks(2)
        .map(|pair| {
            std::str::from_utf8(pair)
                .ok()
                .and_then(|pair| u8::from_str_radix(pair, 16).ok())
        })
        .collect();
    let text = String::from_utf8(bytes?).ok()?;
    let id = Uuid::parse_str(text.get(..36)?).ok()?;
    let value = text.get(37..)?;
    let value = match text.get(36..37)? {
        "s" => Value::from(value.to_owned()),
        "n" => Value::from(value.parse::<i64>().ok()?),
        "t" => Value::from(value.parse::<chrono::DateTime<chrono::Utc>>().ok()?),
        "u" => Value::from(Uuid::parse_str(value).ok()?),
        _ => return None,
    };
    Some((value, id))
}
