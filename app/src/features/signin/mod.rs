//! The pages around signing in. They stand alone, without the portal's frame and without script, because the server
//! draws them at addresses that are no pages of the portal: the issuer's and the callback's.

pub mod credentials;
pub mod document;
pub mod message;
pub mod organisation;
pub mod token;

pub use credentials::Credentials;
pub use document::document_around;
pub use message::Message;
pub use organisation::Organisation;
pub use token::IssuedToken;
