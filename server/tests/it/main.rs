//! The server over HTTP, whole but for its port.

mod browser;
mod portal;
mod socket;

mod api;
mod auth;
mod console;
mod crash;
mod forms;
mod guard;
mod headers;
mod health;
mod lasting;
mod nowhere;
mod sweep;
mod uploads;
