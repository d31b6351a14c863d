import { readFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import { partsInfo } from './parts-info.ts';

/** What it says next, beside what a good provider would. */
export type Lie = {
  /** Of the ID token. */
  claims?: (right: JWTPayload) => JWTPayload;
  /** Makes the whole token. */
  token?: (right: JWTPayload, key: CryptoKey) => Promise<string> | string;
  description?: (right: Record<string, unknown>) => Record<string, unknown>;
  /** Instead of its own keys. */
  keys?: () => unknown;
  waitMs?: number;
  /** Sent as the answer of the token endpoint. */
  body?: string;
  redirect?: string;
};

export type LyingProvider = {
  readonly issuer: string;
  readonly host: string;
  lie: Lie;
  /** What its token endpoint was sent. */
  readonly heard: URLSearchParams[];
  /** Makes new keys, as providers do. */
  rotate(): Promise<void>;
  sign(claims: JWTPayload, header?: { alg?: string; typ?: string; kid?: string }): Promise<string>;
  stop(): Promise<void>;
};

/** A token that nobody signed. */
export function unsecured(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.`;
}

/** A provider that a test makes lie. Its codes are the nonce that the ID token shall have. */
export async function startLyingProvider(person: () => JWTPayload): Promise<LyingProvider> {
  const info = partsInfo();
  let pair = await generateKeyPair('RS256', { extractable: true });
  let kid = 'first';
  const sign: LyingProvider['sign'] = (claims, header = {}) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid, ...header }).sign(pair.privateKey);
  const server = https.createServer({
    cert: readFileSync(info.certFile),
    key: readFileSync(info.keyFile),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const issuer = `https://localhost:${port}`;
  const own: LyingProvider = {
    ...{ issuer, sign, lie: {}, heard: [] },
    host: `localhost:${port}`,
    rotate: async () => {
      pair = await generateKeyPair('RS256', { extractable: true });
      kid = `after ${kid}`;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const tokenFor = async (nonce: string): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    const right = { iss: issuer, aud: 'casemate', iat: now, exp: now + 300, nonce, ...person() };
    if (own.lie.token) return own.lie.token(right, pair.privateKey);
    return sign(own.lie.claims ? own.lie.claims(right) : right);
  };
  const answer = async (path: string, sent: string): Promise<unknown> => {
    if (path === '/.well-known/openid-configuration') {
      const right = {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
      };
      return own.lie.description ? own.lie.description(right) : right;
    }
    if (path === '/keys')
      return own.lie.keys
        ? own.lie.keys()
        : { keys: [{ ...(await exportJWK(pair.publicKey)), kid, use: 'sig', alg: 'RS256' }] };
    const form = new URLSearchParams(sent);
    own.heard.push(form);
    const token = await tokenFor(form.get('code') ?? '');
    return { access_token: 'of the provider', token_type: 'Bearer', id_token: token };
  };
  server.on('request', (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { pathname } = new URL(request.url ?? '/', issuer);
      const respond = async (): Promise<void> => {
        const json = JSON.stringify(await answer(pathname, Buffer.concat(chunks).toString()));
        await new Promise((resolve) => setTimeout(resolve, own.lie.waitMs ?? 0));
        const isToken = pathname === '/token';
        if (isToken && own.lie.redirect) {
          response.writeHead(302, { location: own.lie.redirect }).end();
          return;
        }
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(isToken ? (own.lie.body ?? json) : json);
      };
      respond().catch(() => response.writeHead(500).end());
    });
  });
  return own;
}
