//! What is generated for the tests: bare stubs and servers, and every call by its name.

pub mod calls;
#[allow(clippy::all, dead_code)]
pub mod services;
