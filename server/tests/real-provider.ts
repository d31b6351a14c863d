import { readFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import { Agent, fetch } from 'undici';
import { partsInfo } from './parts-info.ts';

export type ProviderPerson = Record<string, unknown>;

export type RealProvider = {
  readonly issuer: string;
  readonly host: string;
  readonly client: string;
  readonly secret: string;
  readonly people: Map<string, ProviderPerson>;
  /** Signs somebody in in a browser of its own; gives the address to which it is sent back. */
  signIn(url: string, who: string, jar?: Map<string, string>): Promise<URL>;
  /** Ends the session of that browser at the provider, which tells the appliance. */
  signOut(url: string, jar: Map<string, string>): Promise<void>;
  stop(): Promise<void>;
};

type Wish = {
  redirectUri: string;
  backChannelUri?: () => string;
  afterSignOut?: string;
  /** Without it any port, and the certificate of the run's own. */
  place?: { port: number; certFile: string; keyFile: string; caFile: string };
};

/** A certified OpenID provider (npm `oidc-provider`) on HTTPS. */
export async function startRealProvider(wish: Wish): Promise<RealProvider> {
  const place = wish.place ?? { ...partsInfo(), port: 0 };
  const [cert, key, ca] = [place.certFile, place.keyFile, place.caFile].map((file) =>
    readFileSync(file),
  );
  const server = https.createServer({ cert, key });
  await new Promise<void>((resolve) => server.listen(place.port, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const issuer = `https://localhost:${port}`;
  const agent = new Agent({ connect: { ca: String(ca) } });
  const people = new Map<string, ProviderPerson>();
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const [client, secret] = ['casemate', ['kept', 'at', 'the', 'server', 'alone'].join('-')];
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client,
        client_secret: secret,
        redirect_uris: [wish.redirectUri],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        post_logout_redirect_uris: wish.afterSignOut ? [wish.afterSignOut] : [],
        ...(wish.backChannelUri
          ? {
              backchannel_logout_uri: wish.backChannelUri(),
              backchannel_logout_session_required: true,
            }
          : {}),
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'one' }] },
    cookies: { keys: ['of the test'] },
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['name'],
      groups: ['groups'],
    },
    features: {
      devInteractions: { enabled: true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
    },
    pkce: { required: () => true },
    fetch: ((address: string | URL, options: object) =>
      fetch(address, { ...options, dispatcher: agent })) as never,
    findAccount: (_ctx: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, ...people.get(id) }),
    }),
    loadExistingGrant: async (ctx: {
      oidc: { provider: Provider; client: { clientId: string }; session: { accountId: string } };
    }) => {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client.clientId,
        accountId: ctx.oidc.session.accountId,
      });
      grant.addOIDCScope('openid email profile groups');
      await grant.save();
      return grant;
    },
  } as never);
  const handle = provider.callback();
  server.on('request', (request, response) => void handle(request, response));
  const visit = async (
    url: string,
    jar: Map<string, string>,
    form?: Record<string, string>,
  ): Promise<{ location: string | null; text: string }> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, {
      dispatcher: agent,
      redirect: 'manual',
      method: form ? 'POST' : 'GET',
      headers: {
        cookie,
        ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(form ? { body: new URLSearchParams(form).toString() } : {}),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return { location: answer.headers.get('location'), text: await answer.text() };
  };
  return {
    ...{ issuer, client, secret, people },
    host: `localhost:${port}`,
    signIn: async (url, who, jar = new Map<string, string>()) => {
      let place = url;
      for (let hops = 0; hops < 10; hops += 1) {
        if (place.startsWith(wish.redirectUri)) return new URL(place);
        const form = place.includes('/interaction/')
          ? { prompt: 'login', login: who, password: 'any' }
          : undefined;
        const { location, text } = await visit(place, jar, form);
        if (location === null) throw new Error(`the provider stopped at ${place}: ${text}`);
        place = new URL(location, issuer).href;
      }
      throw new Error('the provider goes round in circles');
    },
    signOut: async (url, jar) => {
      const { text } = await visit(url, jar);
      const xsrf = /name="xsrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
      await visit(`${issuer}/session/end/confirm`, jar, { xsrf, logout: 'yes' });
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await agent.close();
    },
  };
}
