//! Lists: one page at a time, with an absolute link to the next. ARM rule 6.

use axum::Json;
use domain::{Code, Page, PageRequest, Problem, Rule, Violation};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiResult;
use super::links::Links;

/// Rows of a page when the client does not say.
const PAGE: u32 = 100;
/// Rows of a page at the most.
const PAGE_MAX: u32 = 1000;

/// Which part of a list is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// Rows of a page, from 1 to 1000.
    #[serde(rename = "$top")]
    pub(crate) top: Option<u32>,
    /// Where the page starts, from the `nextLink` of the page before.
    #[serde(rename = "$skiptoken")]
    pub(crate) skip_token: Option<String>,
    /// What the list filters by; each list names its own.
    #[serde(rename = "$filter")]
    pub(crate) filter: Option<String>,
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListResult<T> {
    /// The rows.
    value: Vec<T>,
    /// Where the next page is; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_link: Option<String>,
}

impl ListQuery {
    /// The page to ask the services for; understands `contains(name,'…')`.
    ///
    /// # Errors
    /// `InvalidRequest` for a size out of range and for any other filter: none is silently ignored.
    pub(crate) fn page(&self) -> ApiResult<PageRequest> {
        let limit = self.limit()?;
        let filter = match self.filter() {
            None => None,
            Some(text) => Some(
                contains_name(text).ok_or_else(|| unknown_filter(text, "contains(name,'text')"))?,
            ),
        };
        Ok(PageRequest {
            limit,
            cursor: self.skip_token.clone(),
            filter,
            count: false,
            ..PageRequest::default()
        })
    }

    /// The filter, when there is one.
    pub(crate) fn filter(&self) -> Option<&str> {
        self.filter
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty())
    }

    /// A page of a list that is short enough to be made whole.
    ///
    /// # Errors
    /// `InvalidRequest` for a size out of range or a token that is not ours.
    pub(crate) fn cut<T>(
        &self,
        rows: impl IntoIterator<Item = T>,
        links: &Links,
    ) -> ApiResult<Json<ListResult<T>>> {
        let limit = self.limit()? as usize;
        let start = match &self.skip_token {
            None => 0,
            Some(token) => token.parse::<usize>().map_err(|_| {
                Problem::new(
                    Code::InvalidRequest,
                    "The $skiptoken is not one of this list.",
                )
                .at("$skiptoken")
            })?,
        };
        let mut rows = rows.into_iter().skip(start);
        let value: Vec<T> = rows.by_ref().take(limit).collect();
        let next_link = rows
            .next()
            .map(|_| links.next(&(start + value.len()).to_string()));
        Ok(Json(ListResult { value, next_link }))
    }

    fn limit(&self) -> ApiResult<u32> {
        let limit = self.top.unwrap_or(PAGE);
        if (1..=PAGE_MAX).contains(&limit) {
            Ok(limit)
        } else {
            Err(Violation::new(Rule::OutOfRange, "$top")
                .with("min", 1)
                .with("max", PAGE_MAX)
                .into())
        }
    }
}

/// A page as the wire shows it.
pub(crate) fn answer<V, T: From<V>>(page: Page<V>, links: &Links) -> Json<ListResult<T>> {
    let next_link = page.next.as_deref().map(|token| links.next(token));
    Json(ListResult {
        value: page.items.into_iter().map(T::from).collect(),
        next_link,
    })
}

/// A list that is always whole.
pub(crate) fn whole<V, T: From<V>>(rows: impl IntoIterator<Item = V>) -> Json<ListResult<T>> {
    Json(ListResult {
        value: rows.into_iter().map(T::from).collect(),
        next_link: None,
    })
}

/// The text of `field eq 'text'`, with doubled quotes undone.
pub(crate) fn equals(filter: &str, field: &str) -> Option<String> {
    let (left, right) = filter.trim().split_once(' ')?;
    let (word, value) = right.trim_start().split_once(' ')?;
    let matches = left.eq_ignore_ascii_case(field) && word.eq_ignore_ascii_case("eq");
    matches.then(|| quoted(value)).flatten()
}

/// Refuses a filter instead of answering with rows that it should have kept out.
pub(crate) fn unknown_filter(filter: &str, known: &str) -> Problem {
    Problem::new(
        Code::InvalidRequest,
        format!("This list does not understand “{filter}”; it understands {known}."),
    )
    .at("$filter")
}

fn contains_name(filter: &str) -> Option<String> {
    let inner = filter.trim().strip_prefix("contains(")?.strip_suffix(')')?;
    let (field, value) = inner.split_once(',')?;
    field
        .trim()
        .eq_ignore_ascii_case("name")
        .then(|| quoted(value))
        .flatten()
}

fn quoted(value: &str) -> Option<String> {
    let inner = value.trim().strip_prefix('\'')?.strip_suffix('\'')?;
    let plain = inner.replace("''", "\u{0}");
    (!plain.contains('\'')).then(|| plain.replace('\u{0}', "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_give_their_text() {
        assert_eq!(
            equals("roleName eq 'Lab Creator'", "rolename").as_deref(),
            Some("Lab Creator")
        );
        assert_eq!(
            equals("name eq 'O''Hara'", "name").as_deref(),
            Some("O'Hara")
        );
        assert_eq!(equals("name eq 'a' or name eq 'b'", "name"), None);
        assert_eq!(
            contains_name("contains(name, 'bio')").as_deref(),
            Some("bio")
        );
        assert_eq!(contains_name("startswith(name,'bio')"), None);
    }
}
