//! The pages around signing in. They stand alone, without the portal's frame, because the server draws them at addresses
//! that are no pages of the portal: the issuer's and the callback's. None has script but the one that asks for a passkey.

pub mod choose;
pub mod credentials;
pub mod document;
pub mod invitation;
pub mod message;
pub mod organisation;
pub mod second;
pub mod tested;
pub mod token;

pub use choose::{Choice, ChooseWay};
pub use credentials::Credentials;
pub use document::document_around;
pub use invitation::InvitationPage;
pub use message::Message;
pub use organisation::Organisation;
pub use second::{Asked, SecondFactor};
pub use tested::{TestOutcome, Tested};
pub use token::IssuedToken;
