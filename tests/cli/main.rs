//! The binary as its users run it: every test is a workspace, a command and what came of it.

mod journey;
mod project;
mod refusals;
mod repeat;
mod sample;
