// A certified OpenID Connect provider (oidc-provider) on the loopback, for journeys that sign in somewhere else.
import { generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import type { Page } from "@playwright/test";
import { Provider } from "oidc-provider";

const CLIENT = { id: "vitrine", secret: "s3cret-of-the-journeys" };

/** An issuer that knows everybody: who types `ada` is ada, with an address in the issuer's domain. */
export class Issuer {
  private constructor(
    /** The domain of the addresses that it vouches for. */
    public domain: string,
    private readonly portal: string,
    private port: number,
    private server: Server,
  ) {}

  static async start(domain: string, portal: string): Promise<Issuer> {
    const issuer = new Issuer(domain, portal, 0, createServer());
    await issuer.listen();
    return issuer;
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get client(): typeof CLIENT {
    return CLIENT;
  }

  /** Signs with a new key from now on; the old one is published no more. */
  async rotate(): Promise<void> {
    await this.stop();
    await this.listen();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Does what a person does at the provider: says who they are, and lets the portal know. */
  async signIn(page: Page, login: string): Promise<void> {
    await page.getByPlaceholder("Enter any login").fill(login);
    await page.getByPlaceholder("and password").fill("any");
    await page.getByRole("button", { name: "Sign-in" }).click();
    await page.getByRole("button", { name: "Continue" }).click();
  }

  private async listen(): Promise<void> {
    this.server = createServer((request, response) => void this.handler?.(request, response));
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(this.port, "127.0.0.1", resolve);
    });
    this.port = (this.server.address() as AddressInfo).port;
    this.handler = this.provider().callback();
  }

  private handler?: ReturnType<Provider["callback"]>;

  private provider(): Provider {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    return new Provider(this.address, {
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: [`${this.portal}/auth/callback`],
          post_logout_redirect_uris: [`${this.portal}/signed-out`],
        },
      ],
      claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
      cookies: { keys: ["only for journeys"] },
      jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", kid: `key-${Date.now()}` }] },
      findAccount: (_context, id) => ({
        accountId: id,
        claims: () => ({ sub: id, name: `${id} of ${this.domain}`, email: `${id}@${this.domain}`, email_verified: true }),
      }),
    });
  }
}
