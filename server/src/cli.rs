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
    /// Organisations on this installation.
    #[command(subcommand)]
    Tenant(TenantCommand),
    /// Accounts of the built-in issuer.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Check this host and say what to do about each finding.
    Doctor,
    /// Print the REST API's description (OpenAPI, JSON).
    Openapi,
    /// Look at the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
}

/// What the operator does with organisations.
#[derive(Debug, Subcommand)]
pub enum TenantCommand {
    /// Make an organisation with a subscription and an owner, and print how the owner signs in.
    Add {
        /// Name for people.
        #[arg(long)]
        name: String,
        /// The domain of its people's e-mail addresses.
        #[arg(long)]
        domain: String,
        /// What stands before the @ in the owner's user name.
        #[arg(long, default_value = "admin")]
        owner: String,
    },
    /// Give an organisation a further domain, which needs no other proof then.
    Domain {
        /// The organisation's id, or a domain that it has.
        tenant: String,
        /// The domain to add.
        domain: String,
    },
}

/// What the operator does with accounts.
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// Remove the second factor of somebody who lost it: the password alone is asked for until they set up a new one.
    ResetFactor {
        /// The user name.
        email: String,
    },
}

/// What can be done with the configuration.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Say whether it can be used, and what is wrong where it cannot.
    Check,
    /// Print what is in force, passwords and tokens aside.
    Print,
}
