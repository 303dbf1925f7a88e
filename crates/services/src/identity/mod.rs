//! Sign-in: local accounts, sessions, callers, codes and keys.
