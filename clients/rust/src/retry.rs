use std::sync::Mutex;
use std::time::Duration;

use crate::policy;

/// Waits longer after each failure in a row, at random, so that clients do not return as one.
pub(crate) struct Backoff(Duration);

impl Backoff {
    pub fn new(first: Duration) -> Self {
        Self(first)
    }

    /// Gives how long to wait this time.
    pub fn next(&mut self) -> Duration {
        let pause = self.0.mul_f64(0.8 + 0.4 * fastrand::f64());
        self.0 = (self.0 * policy::BACKOFF_MULTIPLIER).min(policy::BACKOFF_MAX);
        pause
    }
}

/// Stops retries on a connection where most calls fail: a server in trouble is left alone.
#[derive(Debug)]
pub(crate) struct Throttle(Mutex<f64>);

impl Default for Throttle {
    fn default() -> Self {
        Self(Mutex::new(policy::TOKENS_MAX))
    }
}

impl Throttle {
    pub fn succeeded(&self) {
        let mut tokens = self.0.lock().expect("nobody panics with it");
        *tokens = (*tokens + policy::TOKEN_RATIO).min(policy::TOKENS_MAX);
    }

    /// Counts a failure; says whether it may be retried.
    pub fn failed(&self) -> bool {
        let mut tokens = self.0.lock().expect("nobody panics with it");
        *tokens = (*tokens - 1.0).max(0.0);
        *tokens > policy::TOKENS_MAX / 2.0
    }
}
