//! The log, on standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{Log, LogFormat};

/// Begins to write the log as configured. A second call changes nothing.
pub(crate) fn start(log: &Log) {
    // `config::check` refused a filter that can't be read.
    let filter = log.filter.parse::<Targets>().unwrap_or_default();
    let is_terminal = std::io::stderr().is_terminal();
    let to_stderr = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(is_terminal);
    let layer = match log.format {
        LogFormat::Text => to_stderr.with_target(false).boxed(),
        LogFormat::Json => to_stderr.json().flatten_event(true).boxed(),
    };
    let _ = tracing_subscriber::registry()
        .with(layer.with_filter(filter))
        .try_init();
}
