//! Why bytes of an upload are not taken, and what the sender is told.

use std::io::{self, ErrorKind};

use domain::{Code, Problem};

use crate::Error;

/// Why bytes were not taken.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Another call is sending.
    Busy,
    /// The bytes belong elsewhere in the file.
    Offset { arrived: u64 },
    /// More than was announced.
    TooLong { announced: u64 },
    /// The sender was lost.
    BrokeOff { arrived: u64 },
    /// The disk is full.
    Full,
    /// The disk failed.
    Io(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io(error),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let (code, message) = match refusal {
            Refusal::Busy => (
                Code::Conflict,
                "Somebody else is sending this file at the moment.".to_owned(),
            ),
            Refusal::Offset { arrived } => (
                Code::Conflict,
                format!("{arrived} bytes have arrived; go on from offset {arrived}."),
            ),
            Refusal::TooLong { announced } => (
                Code::PayloadTooLarge,
                format!("The file was announced with {announced} bytes, but more were sent."),
            ),
            Refusal::BrokeOff { arrived } => (
                Code::InvalidRequest,
                format!("The transfer broke off; {arrived} bytes have arrived. Go on from there."),
            ),
            Refusal::Full => {
                let message = "The storage for uploads is full. Ask your administrator to make room, then go on.";
                (Code::InsufficientStorage, message.to_owned())
            }
            Refusal::Io(error) => return Self::Internal(Box::new(error)),
        };
        Problem::new(code, message).into()
    }
}
