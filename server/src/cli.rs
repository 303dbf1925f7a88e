//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Vitrine: classroom labs on shared images of virtual machines, on your own hosts.
#[derive(Debug, Parser)]
#[command(name = "vitrine", version, arg_required_else_help = true)]
pub struct Cli {
    /// Configuration file; ./vitrine.toml when left out and there is one.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the portal and the REST API, and run jobs.
    Serve {
        /// Make a demo organisation once, and print how to sign in.
        #[arg(long)]
        demo: bool,
    },
    /// Bring the database's schema up to date, and stop.
    Migrate,
    /// Check this host and say what to do about each finding.
    Doctor,
    /// Print the REST API's description (OpenAPI, JSON).
    Openapi,
    /// Look at the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
}

/// What can be done with the configuration.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Say whether it can be used, and what is wrong where it cannot.
    Check,
    /// Print what is in force, passwords and tokens aside.
    Print,
}
