//! Finding any resource: by a part of its name, or by its id.

mod locate;
mod named;
pub mod page;

pub use locate::ResourcePage;
pub use named::Named;
pub use page::SearchPage;
