//! The HTTP shell around the use cases: configuration, sign-in, REST, pages, streams, and how all of it is started.

mod account;
pub mod api;
pub mod auth;
pub mod cli;
pub mod config;
mod console;
mod demo;
mod doctor;
mod events;
mod graph;
mod health;
mod host;
mod log;
mod metadata;
pub mod metrics;
pub mod middleware;
mod outgoing;
mod router;
mod serve;
mod share;
pub mod state;
mod tenant;
mod tls;
mod upload;

use std::process::ExitCode;

use cli::{AccountCommand, Cli, Command, ConfigCommand, TenantCommand};
use config::Config;
use store::Store;

pub use router::router;
pub use serve::leptos_options;

/// What ends the program, for its last line.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Does what the command line says.
///
/// # Errors
/// With a sentence for the operator.
pub async fn run(cli: Cli) -> Result<ExitCode, Failure> {
    host::private_files();
    if matches!(cli.command, Command::Openapi) {
        println!("{}", serde_json::to_string_pretty(&api::openapi())?);
        return Ok(ExitCode::SUCCESS);
    }
    let config = Config::load(cli.config.as_deref())?;
    match cli.command {
        Command::Serve { demo } => serve::serve(config, demo).await?,
        Command::Migrate => {
            serve::make_data_folder(&config)?;
            Store::open(&config.database_url()).await?.close().await?;
            println!("The database is up to date.");
        }
        Command::Tenant(TenantCommand::Add {
            name,
            domain,
            owner,
        }) => tenant::add(&config, name, domain, &owner).await?,
        Command::Tenant(TenantCommand::Domain { tenant, domain }) => {
            tenant::domain(&config, &tenant, &domain).await?;
        }
        Command::Account(AccountCommand::ResetFactor { email }) => {
            account::reset_factor(&config, &email).await?;
        }
        Command::Doctor => return Ok(doctor::run(&config).await),
        Command::Config(ConfigCommand::Check) => println!("The configuration can be used."),
        Command::Config(ConfigCommand::Print) => print!("{}", config.printed()?),
        Command::Openapi => {}
    }
    Ok(ExitCode::SUCCESS)
}
