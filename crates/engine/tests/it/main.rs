//! The engine against real `qemu-img` and real machines.
//!
//! Machines boot the demo base image: build it with `crates/engine/base-image/build.sh OUT` and set
//! `VITRINE_BASE_IMAGE=OUT/base.qcow2`. Without it these tests fail, because a skipped test proves nothing.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

mod generalize;
mod hostile;
mod layers;
mod machines;
mod stores;
mod support;
