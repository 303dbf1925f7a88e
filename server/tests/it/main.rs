//! The server over HTTP, whole but for its port.

mod portal;

mod console;
mod forms;
mod guard;
mod headers;
mod health;
mod uploads;
