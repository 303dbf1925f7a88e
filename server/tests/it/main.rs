//! The server over HTTP, whole but for its port.

mod portal;

mod api;
mod console;
mod forms;
mod guard;
mod headers;
mod health;
mod sweep;
mod uploads;
