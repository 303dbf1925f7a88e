//! The server over HTTP, whole but for its port.

mod browser;
mod portal;
mod socket;

mod api;
mod auth;
mod auxiliary;
mod console;
mod crash;
mod forms;
mod graph;
mod guard;
mod headers;
mod health;
mod issuer;
mod lasting;
mod nowhere;
mod providers;
mod second;
mod sharing;
mod sweep;
mod uploads;
