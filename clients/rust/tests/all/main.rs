//! The tests of the client, in one program, since linking is what takes time.

mod calls;
mod client;
mod generated;
mod restart;
mod rig;
mod samples;
mod scenarios;
mod security;
#[rustfmt::skip]
mod stubs;
mod values;
