import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { newId } from '../src/platform/index.ts';
import { LyingSamlProvider, rightly, type Request, type Said } from './lying-saml-provider.ts';
import { startRealSamlProvider, type RealSamlProvider } from './real-saml-provider.ts';
import { signInPerson, type SignedIn } from './sign-in-person.ts';
import { startAppliance, type TestAppliance } from './test-appliance.ts';
import { startServer, type Answer, type TestServer } from './test-server.ts';

export const ORIGIN = 'https://localhost:8443';
export const ACS = `${ORIGIN}/api/session/saml/answer`;
export const DOMAIN = 'house.example';

/** A browser between the two halves of a sign-in. */
export type Away = Request & { cookie: string; url: URL; state: string; connection: string };

/** An appliance with a tenant that owns a domain, connected to a real SAML provider and to one that lies. */
export type SamlDesk = {
  readonly appliance: TestAppliance;
  readonly server: TestServer;
  readonly real: RealSamlProvider;
  readonly liar: LyingSamlProvider;
  readonly tenantId: string;
  readonly other: string;
  readonly admin: SignedIn;
  readonly operator: SignedIn;
  readonly ofLiar: string;
  readonly person: { nameId: string; email: string; groups: readonly string[] };
  post(path: string, json: unknown, who?: SignedIn | null): Promise<Answer>;
  settings(more?: object): object;
  draft(settings: object, more?: object): Promise<Answer>;
  connect(settings?: object, more?: object): Promise<string>;
  away(answer: Answer, connection: string): Away;
  begin(connection?: string): Promise<Away>;
  /** What a page of the provider posts. */
  bring(fields: Record<string, string>, headers?: Record<string, string>): Promise<Answer>;
  answer(each: Pick<Away, 'cookie' | 'state'>, code: string, token?: string): Promise<Answer>;
  said(each: Away, more?: Partial<Said>): Said;
  /** Brings the XML to where it belongs, and hands over the handle. */
  comeBack(each: Away, xml: string, token?: string): Promise<Answer>;
  signInBy(connection?: string, more?: Partial<Said>): Promise<Answer>;
  accounts(): Promise<number>;
  somebody(): void;
  stop(): Promise<void>;
};

/** A request that goes by redirect, as XML. */
export function readRequest(url: URL): string {
  return unpacked(url.searchParams.get('SAMLRequest'));
}

export function unpacked(deflated: string | null): string {
  return inflateRawSync(Buffer.from(deflated ?? '', 'base64')).toString();
}

export function packed(xml: string): string {
  return deflateRawSync(Buffer.from(xml)).toString('base64');
}

export const base64 = (xml: string): string => Buffer.from(xml).toString('base64');

/** The handle in the address to which the browser is led. */
export function codeIn({ headers }: Answer): string {
  return new URL(String(headers['location'])).searchParams.get('code') ?? 'none';
}

export async function startSamlDesk(): Promise<SamlDesk> {
  const [real, liar, appliance] = await Promise.all([
    startRealSamlProvider(),
    LyingSamlProvider.start(),
    startAppliance({
      CASEMATE_PUBLIC_PORT: 8443,
      CASEMATE_ANONYMOUS_PER_MINUTE: 100_000,
      CASEMATE_SECOND_FACTOR_FAILURES: 500,
    }),
  ]);
  const server = await startServer(appliance.config);
  const [tenantId, other] = await Promise.all([appliance.makeTenant(), appliance.makeTenant()]);
  const admin = await signInPerson(appliance, { [tenantId]: 'admin' });
  const operator = await signInPerson(appliance, {}, 'super_admin');
  const post: SamlDesk['post'] = (path, json, who = admin) =>
    server.ask('POST', path, { json, ...(who ? { token: who.token } : {}) });
  const idOf = (answer: Answer): string => answer.json<{ id: string }>().id;
  const path = `/api/tenants/${tenantId}/connections`;
  const settings = (more: object = {}): object => ({
    entity: liar.entityId,
    signOnUrl: liar.signOnUrl,
    certificates: [liar.key.certificate],
    mailVouched: true,
    ...more,
  });
  const draft: SamlDesk['draft'] = (given, more = {}) =>
    post(path, {
      ...{ kind: 'saml', name: 'House', domains: [DOMAIN], justInTime: true },
      ...{ defaultRole: 'member', mappings: [], settings: given, ...more },
    });
  const connect: SamlDesk['connect'] = async (given = {}, more = {}) => {
    const made = await draft(settings(given), more);
    if (made.status !== 201) throw new Error(made.text);
    const on = await post(`${path}/${idOf(made)}/state`, { state: 'active' });
    if (on.status !== 204) throw new Error(on.text);
    return idOf(made);
  };
  const away: SamlDesk['away'] = (answer, connection) => {
    if (answer.status !== 201) throw new Error(answer.text);
    const url = new URL(answer.json<{ url: string }>().url);
    const cookie = /__Secure-casemate-sso=[\w-]{43}/.exec(String(answer.headers['set-cookie']));
    return {
      ...{ url, connection, acsUrl: ACS, cookie: cookie?.[0] ?? '' },
      state: url.searchParams.get('RelayState') ?? '',
      requestId: /\bID="([^"]+)"/.exec(readRequest(url))?.[1] ?? '',
      audience: `${ORIGIN}/api/session/saml/${connection}/metadata`,
    };
  };
  const begin: SamlDesk['begin'] = async (connection = desk.ofLiar) =>
    away(await post('/api/session/sso', { connection }, null), connection);
  const bring: SamlDesk['bring'] = (fields, headers = {}) =>
    server.ask('POST', '/api/session/saml/answer', {
      raw: Buffer.from(new URLSearchParams(fields).toString()),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: 'https://liar.example',
        'sec-fetch-site': 'cross-site',
        ...headers,
      },
    });
  const answer: SamlDesk['answer'] = ({ cookie, state }, code, token) =>
    server.ask('POST', '/api/session/sso/answer', {
      json: { state, code },
      headers: { cookie, origin: server.origin },
      ...(token ? { token } : {}),
    });
  const said: SamlDesk['said'] = (each, more = {}) => ({
    ...rightly(liar, each, desk.person),
    ...more,
  });
  const comeBack: SamlDesk['comeBack'] = async (each, xml, token) => {
    const brought = await bring({ SAMLResponse: base64(xml), RelayState: each.state });
    return answer(each, codeIn(brought), token);
  };
  const signInBy: SamlDesk['signInBy'] = async (connection = desk.ofLiar, more = {}) => {
    const each = await begin(connection);
    return comeBack(each, liar.good(said(each, more)));
  };
  const accounts = async (): Promise<number> => {
    const { rowCount } = await appliance.superuser.query('select from control.accounts');
    return rowCount ?? 0;
  };
  const somebody = (): { nameId: string; email: string; groups: string[] } => {
    const nameId = newId();
    return { nameId, email: `${nameId}@${DOMAIN}`, groups: [] };
  };

  const claimed = await post(`/api/tenants/${tenantId}/email-domains`, { domain: DOMAIN });
  const confirming = `/api/platform/email-domain-claims/${idOf(claimed)}/confirm`;
  await post(confirming, { tenantId, domain: DOMAIN }, operator);
  const ofLiar = await connect();
  let person = somebody();
  const desk: SamlDesk = {
    ...{ appliance, server, real, liar, tenantId, other, admin, operator, ofLiar },
    ...{ post, settings, draft, connect, away, begin, bring, answer, said, comeBack, signInBy },
    accounts,
    get person() {
      return person;
    },
    somebody: () => {
      person = somebody();
    },
    stop: async () => {
      await server.stop();
      await appliance.stop();
    },
  };
  return desk;
}
