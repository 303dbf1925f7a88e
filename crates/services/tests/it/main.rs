//! Stories of the use cases, on a real database and real folders.

mod stage;

mod plan;
mod upload;
