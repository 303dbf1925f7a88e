//! What a sign-in comes to at its second step.

use domain::Caller;

/// What a right password comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verified {
    /// Nothing else is asked for.
    Whole(Caller),
    /// A second factor is asked for, and nobody is signed in before it is right.
    Half(SecondStep),
}

/// A second step, as its page needs it.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondStep {
    /// What the page's form sends along; told once, kept as a hash.
    pub secret: String,
    /// Who is signing in.
    pub user_name: String,
    /// Codes of an app are taken.
    pub app: bool,
    /// Recovery codes are left.
    pub recovery: bool,
    /// What a passkey is to sign, as `PublicKeyCredentialRequestOptionsJSON`.
    pub passkey: Option<String>,
}

impl std::fmt::Debug for SecondStep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecondStep")
            .field("user_name", &self.user_name)
            .finish_non_exhaustive()
    }
}

/// What somebody shows at the second step.
#[derive(Clone, PartialEq, Eq)]
pub enum StepProof {
    /// A code as it was typed: of the app, or a recovery code.
    Code(String),
    /// A browser's answer to the challenge for passkeys, as JSON.
    Passkey(String),
}

impl std::fmt::Debug for StepProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StepProof")
    }
}

/// Why a second step is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StepRefusal {
    /// It took too long, was done before, or was never begun here: the sign-in begins anew.
    #[error("the second step is over")]
    Over,
    /// The code or the signature is wrong, or was used before.
    #[error("the second factor is wrong")]
    Wrong,
}
