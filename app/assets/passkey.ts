// Makes passkeys, and signs in with them.
//
// A page marks a form, or an element around one, with `data-passkey="create"` or `data-passkey="get"`, and puts what the
// server wants into `data-passkey-options`, as WebAuthn's JSON. When the form is sent, the browser is asked first; its
// answer goes into the hidden field `passkey`, as JSON too. `[data-passkey-problem]` inside tells what went wrong. The
// form's button is disabled until this script runs: without script there are no passkeys.

interface CreationOptions {
  challenge: string;
  user: { id: string; name: string; displayName: string };
  excludeCredentials?: { id: string; type: PublicKeyCredentialType; transports?: AuthenticatorTransport[] }[];
}

interface RequestOptions {
  challenge: string;
  allowCredentials?: { id: string; type: PublicKeyCredentialType; transports?: AuthenticatorTransport[] }[];
}

/** Bytes from base64url, which is how JSON carries them. */
function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function base64url(buffer: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const described = <T extends { id: string }>(list: T[] | undefined) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

async function create(json: string): Promise<unknown> {
  const options = JSON.parse(json) as CreationOptions & Omit<PublicKeyCredentialCreationOptions, keyof CreationOptions>;
  const publicKey: PublicKeyCredentialCreationOptions = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: described(options.excludeCredentials),
  };
  const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    id: made.id,
    rawId: base64url(made.rawId),
    type: made.type,
    response: {
      attestationObject: base64url(response.attestationObject),
      clientDataJSON: base64url(response.clientDataJSON),
    },
  };
}

async function get(json: string): Promise<unknown> {
  const options = JSON.parse(json) as RequestOptions & Omit<PublicKeyCredentialRequestOptions, keyof RequestOptions>;
  const publicKey: PublicKeyCredentialRequestOptions = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: described(options.allowCredentials),
  };
  const shown = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
  const response = shown.response as AuthenticatorAssertionResponse;
  return {
    id: shown.id,
    rawId: base64url(shown.rawId),
    type: shown.type,
    response: {
      authenticatorData: base64url(response.authenticatorData),
      clientDataJSON: base64url(response.clientDataJSON),
      signature: base64url(response.signature),
      userHandle: response.userHandle === null ? null : base64url(response.userHandle),
    },
  };
}

/** What went wrong, for a person. Browsers tell little on purpose. */
function sentence(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "InvalidStateError") return "This device has a passkey for your account already.";
  if (name === "NotAllowedError") return "Nothing was done: it was cancelled, or took too long. Try again.";
  return "The browser could not use a passkey here.";
}

function enhance(place: HTMLElement): void {
  const form = place instanceof HTMLFormElement ? place : place.querySelector("form");
  const button = place.querySelector<HTMLButtonElement>("button[type=submit]");
  const field = place.querySelector<HTMLInputElement>("input[name=passkey]");
  const problem = place.querySelector<HTMLElement>("[data-passkey-problem]");
  const options = place.dataset.passkeyOptions;
  if (!form || !button || !field || !problem || !options) return;
  const tell = (text: string) => {
    problem.textContent = text;
    problem.hidden = text === "";
  };
  if (!("credentials" in navigator) || !("PublicKeyCredential" in window)) {
    tell("This browser has no passkeys.");
    return;
  }
  button.disabled = false;
  button.removeAttribute("title");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    tell("");
    button.disabled = true;
    try {
      const answer = await (place.dataset.passkey === "create" ? create(options) : get(options));
      field.value = JSON.stringify(answer);
      form.submit();
    } catch (error) {
      tell(sentence(error));
      button.disabled = false;
    }
  });
}

for (const place of document.querySelectorAll<HTMLElement>("[data-passkey]")) enhance(place);
