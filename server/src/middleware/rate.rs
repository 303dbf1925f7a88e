//! So many requests of the REST API from one caller: a bucket of tokens for reading and one for writing, filled evenly.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::{Code, OpContext, Problem};
use uuid::Uuid;

use crate::api::ApiError;
use crate::config::Requests;

/// Buckets that are remembered at the most; one that is full is as good as none.
const MOST: usize = 10_000;

const READS_LEFT: HeaderName =
    HeaderName::from_static("x-ms-ratelimit-remaining-subscription-reads");
const WRITES_LEFT: HeaderName =
    HeaderName::from_static("x-ms-ratelimit-remaining-subscription-writes");

/// What a caller is allowed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Read,
    Write,
}

/// What is left of an allowance.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

/// The allowances of all callers.
#[derive(Debug)]
pub(crate) struct Limiter {
    reads: u32,
    writes: u32,
    buckets: Mutex<HashMap<(Uuid, Kind), Bucket>>,
}

impl Limiter {
    /// Allowances as the operator set them; 0 is no limit.
    pub(crate) fn new(requests: &Requests) -> Self {
        Self {
            reads: requests.reads_per_minute,
            writes: requests.writes_per_minute,
            buckets: Mutex::default(),
        }
    }

    /// Takes a token, and answers how many are left; or how long it takes until there is one again.
    fn take(&self, who: Uuid, kind: Kind, now: Instant) -> Result<Option<u32>, Duration> {
        let most = match kind {
            Kind::Read => self.reads,
            Kind::Write => self.writes,
        };
        if most == 0 {
            return Ok(None);
        }
        let (most, rate) = (f64::from(most), f64::from(most) / 60.0);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST {
            buckets.retain(|_, bucket| now.duration_since(bucket.at) < Duration::from_secs(60));
        }
        let bucket = buckets.entry((who, kind)).or_insert(Bucket {
            tokens: most,
            at: now,
        });
        let passed = now.saturating_duration_since(bucket.at).as_secs_f64();
        bucket.tokens = (bucket.tokens + passed * rate).min(most);
        bucket.at = now;
        if bucket.tokens < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - bucket.tokens) / rate));
        }
        bucket.tokens -= 1.0;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it lies between 0 and a number of 32 bits"
        )]
        Ok(Some(bucket.tokens as u32))
    }
}

/// Lets a request of a known caller pass while there is a token for it.
pub(crate) async fn layer(
    State(limiter): State<Arc<Limiter>>,
    request: Request,
    next: Next,
) -> Response {
    let Some(ctx) = request.extensions().get::<OpContext>() else {
        return next.run(request).await;
    };
    let is_reading = matches!(*request.method(), Method::GET | Method::HEAD);
    let (kind, name) = if is_reading {
        (Kind::Read, READS_LEFT)
    } else {
        (Kind::Write, WRITES_LEFT)
    };
    match limiter.take(ctx.caller.principal, kind, Instant::now()) {
        Ok(left) => {
            let mut response = next.run(request).await;
            if let Some(left) = left {
                response.headers_mut().insert(name, HeaderValue::from(left));
            }
            response
        }
        Err(wait) => {
            let seconds = wait.as_secs() + 1;
            let message =
                format!("These are too many requests at once. Try again in {seconds} seconds.");
            let problem = Problem::new(Code::TooManyRequests, message);
            let mut response = ApiError::from(problem).into_response();
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            headers.insert(name, HeaderValue::from(0_u32));
            response
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_evenly_and_each_caller_has_their_own() {
        let limiter = Limiter::new(&Requests {
            reads_per_minute: 60,
            writes_per_minute: 2,
        });
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let start = Instant::now();
        assert_eq!(limiter.take(one, Kind::Write, start), Ok(Some(1)));
        assert_eq!(limiter.take(one, Kind::Write, start), Ok(Some(0)));
        let wait = limiter
            .take(one, Kind::Write, start)
            .expect_err("none left");
        assert_eq!(wait.as_secs(), 30);
        assert_eq!(limiter.take(one, Kind::Read, start), Ok(Some(59)));
        assert_eq!(limiter.take(other, Kind::Write, start), Ok(Some(1)));
        let later = start + Duration::from_secs(31);
        assert_eq!(limiter.take(one, Kind::Write, later), Ok(Some(0)));
    }

    #[test]
    fn no_limit_is_none() {
        let limiter = Limiter::new(&Requests {
            reads_per_minute: 0,
            writes_per_minute: 0,
        });
        assert_eq!(
            limiter.take(Uuid::nil(), Kind::Read, Instant::now()),
            Ok(None)
        );
    }
}
