//! Galleries and their versions: what may change, what is kept, where copies lie, what they cost, and what is refused.

mod copies;
mod cost;
mod deleted;
mod limits;
mod rules;
