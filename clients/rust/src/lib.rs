//! A client of salesd: every method of the API, with deadline, retries and typed errors. Start at
//! [`Client::builder`]; the messages are in [`v1`].
//!
//! The crate is a thin layer over gRPC and keeps no state. Times in messages are
//! [`prost_types::Timestamp`], which converts from and to [`SystemTime`](std::time::SystemTime); money
//! is whole minor units, made by [`money`].
#![warn(missing_docs)]

mod builder;
mod client;
mod error;
#[rustfmt::skip]
mod methods;
#[rustfmt::skip]
mod policy;
mod retry;
mod security;
mod streams;
mod tls;
/// The messages of the package `sales.v1`.
#[allow(missing_docs, clippy::all, rustdoc::all)]
#[rustfmt::skip]
pub mod v1;
mod values;

pub use builder::Builder;
pub use client::{Client, Request};
pub use error::{Error, FieldViolation, MissingCondition};
pub use streams::Stream;
/// The canonical codes of errors.
pub use tonic::Code;
pub use values::{MoneyError, amount, email, external, messenger, money, phone};

pub use prost_types;

/// This client's version; the server sees it in the user agent.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
