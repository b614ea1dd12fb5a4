//! The binary as its users run it: every test is a workspace, a command and what came of it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod fix;
mod freeze;
mod handback;
mod identity;
mod journey;
mod profiles;
mod project;
mod reconciliation;
mod refusals;
mod repeat;
mod sample;
mod siam_coffee;
mod steering;
mod template;
mod worth;
