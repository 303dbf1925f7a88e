//! A page's address as lists read and write it: sorting, filtering and paging are links.

use domain::PageRequest;
use url::form_urlencoded;

/// Path and query of the page that is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    path: String,
    pairs: Vec<(String, String)>,
}

impl Query {
    /// Takes a path and a raw query string apart.
    #[must_use]
    pub fn parse(path: &str, query: &str) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        Self {
            path: path.to_owned(),
            pairs,
        }
    }

    /// The path alone.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The same page without anything asked of it.
    #[must_use]
    pub fn plain(&self) -> Self {
        Self {
            path: self.path.clone(),
            pairs: Vec::new(),
        }
    }

    /// A value that is given and not empty.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(k, v)| k == key && !v.is_empty())
            .map(|(_, v)| v.as_str())
    }

    /// All pairs, as they came.
    #[must_use]
    pub fn into_pairs(self) -> Vec<(String, String)> {
        self.pairs
    }

    /// The pairs that a search form must send along, so that a search keeps the order and a filter the search.
    #[must_use]
    pub fn others(&self, own: &[&str]) -> Vec<(String, String)> {
        let kept = |key: &str| !own.contains(&key) && key != "cursor" && !key.starts_with("__");
        self.pairs
            .iter()
            .filter(|(k, v)| kept(k) && !v.is_empty())
            .cloned()
            .collect()
    }

    /// The address with these values changed; an empty value takes its key out. A new order starts at the first page.
    #[must_use]
    pub fn link(&self, changes: &[(&str, &str)]) -> String {
        let names: Vec<&str> = changes.iter().map(|(key, _)| *key).collect();
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        for (key, value) in self.others(&names) {
            pairs.append_pair(&key, &value);
        }
        for (key, value) in changes.iter().filter(|(_, value)| !value.is_empty()) {
            pairs.append_pair(key, value);
        }
        let query = pairs.finish();
        if query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{query}", self.path)
        }
    }

    /// What the list should show: `q`, `sort`, `desc` and `cursor`.
    #[must_use]
    pub fn page_request(&self) -> PageRequest {
        PageRequest {
            cursor: self.get("cursor").map(str::to_owned),
            sort: self.get("sort").map(str::to_owned),
            descending: self.get("desc").is_some(),
            filter: self.get("q").map(str::to_owned),
            ..PageRequest::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_order_keeps_the_search_and_goes_back_to_the_first_page() {
        let query = Query::parse("/labs", "q=data+base&cursor=abc&sort=name");
        assert_eq!(
            query.link(&[("sort", "state")]),
            "/labs?q=data+base&sort=state"
        );
    }

    #[test]
    fn what_a_form_left_in_the_address_is_not_carried_on() {
        let query = Query::parse("/labs", "__path=%2Ffn%2Fx&__err=abc");
        assert_eq!(query.link(&[]), "/labs");
    }
}
