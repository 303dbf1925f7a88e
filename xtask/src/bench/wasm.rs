//! The weight of the first page's WebAssembly.

use anyhow::Result;

use super::table::{Amount, Limit, Row};
use crate::size;
use crate::workspace::Workspace;

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Row>> {
    Ok(vec![Row {
        what: "wasm of the first page, brotli".to_owned(),
        ours: Amount::Bytes(size::first_page_wasm_bytes(workspace)?),
        limit: Some(Limit::AtMost(Amount::Bytes(size::LIMIT_BYTES))),
    }])
}
