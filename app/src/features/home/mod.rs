//! The start page: what needs this person now, and what to do first.

pub mod attention;
pub mod first_steps;
pub mod labs;
pub mod page;

pub use page::HomePage;
