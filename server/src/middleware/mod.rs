//! What happens to every request before and after its handler.

pub mod caller;
pub(crate) mod draft;
pub(crate) mod headers;
pub(crate) mod panic;
pub(crate) mod rate;
pub mod refusal;
pub mod request_id;
pub(crate) mod same_origin;
pub(crate) mod trace;

pub use caller::Signed;
pub use request_id::RequestId;
