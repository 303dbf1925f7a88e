//! Pages of lists.

use serde::{Deserialize, Serialize};

/// Which part of a list is wanted. The order is fixed by `sort`, ties by id, so a cursor is stable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PageRequest {
    /// Rows wanted; the services cap it at 1,000.
    pub limit: u32,
    /// The cursor that the page before ended with.
    pub cursor: Option<String>,
    /// Column to sort by; each list names its own, `name` is common to all.
    pub sort: Option<String>,
    /// Largest first.
    pub descending: bool,
    /// Text that the name must contain, upper or lower case alike.
    pub filter: Option<String>,
    /// Whether the whole list is counted, which costs the more the longer it is. True unless said otherwise.
    pub count: bool,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self {
            limit: 50,
            cursor: None,
            sort: None,
            descending: false,
            filter: None,
            count: true,
        }
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page starts; none on the last.
    pub next: Option<String>,
    /// How many rows the whole list has; 0 when they were not counted.
    pub total: u64,
}

impl<T> Page<T> {
    /// The same page with every row turned into something else.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            next: self.next,
            total: self.total,
        }
    }

    /// The same page with all its rows turned into something else at once.
    ///
    /// # Errors
    /// Those of `f`.
    pub async fn map_all<U, E, F>(self, f: impl FnOnce(Vec<T>) -> F) -> Result<Page<U>, E>
    where
        F: Future<Output = Result<Vec<U>, E>>,
    {
        Ok(Page {
            items: f(self.items).await?,
            next: self.next,
            total: self.total,
        })
    }
}
