//! The program itself against what goes wrong on a host: it is killed, a disk is full, the engine is broken, a file is
//! damaged. Each story ends in a clear message, a clean state, and a second try that works.

mod engine;
mod export;
mod full_store;
mod house;
mod leftovers;
mod moment;
mod process;
mod upload;
