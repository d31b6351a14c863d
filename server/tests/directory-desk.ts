import { newId } from '../src/platform/index.ts';
import { startLyingProvider, type LyingProvider } from './lying-provider.ts';
import { partsInfo } from './parts-info.ts';
import { startRealProvider, type RealProvider } from './real-provider.ts';
import { signInPerson, type SignedIn } from './sign-in-person.ts';
import { startAppliance, type TestAppliance } from './test-appliance.ts';
import { startServer, type Answer, type TestServer } from './test-server.ts';

export const ORIGIN = 'https://localhost:8443';
export const REDIRECT = `${ORIGIN}/sign-in/callback`;
export const DOMAIN = 'house.example';

/** A browser, with the cookie that it holds, between the two halves of a sign-in. */
export type Away = { cookie: string; url: URL; state: string; nonce: string };
type Person = Record<string, unknown>;

/** An appliance with a tenant that owns a domain, connected to a real provider and to one that lies. */
export type DirectoryDesk = {
  readonly appliance: TestAppliance;
  readonly server: TestServer;
  readonly real: RealProvider;
  readonly liar: LyingProvider;
  readonly tenantId: string;
  readonly other: string;
  readonly admin: SignedIn;
  readonly operator: SignedIn;
  readonly ofReal: string;
  readonly ofLiar: string;
  /** What the lying provider says of whoever signs in. */
  said: Person;
  post(path: string, json: unknown, who?: SignedIn | null): Promise<Answer>;
  someone(more?: object): Person;
  connect(issuer: string, more?: object, settings?: object): Promise<string>;
  away(answer: Answer): Away;
  begin(connection?: string): Promise<Away>;
  answer(
    each: Pick<Away, 'cookie' | 'state'>,
    json: { code: string; iss?: string },
    token?: string,
  ): Promise<Answer>;
  /** The lying provider's code is the nonce: a good one sends it along in the token. */
  comeBack(each: Away, iss?: string): Promise<Answer>;
  signInBy(connection?: string): Promise<Answer>;
  sessionsOf(accountId: string): Promise<number>;
  accounts(): Promise<number>;
  /** Nobody lies, and somebody new comes. */
  reset(): void;
  stop(): Promise<void>;
};

export async function startDirectoryDesk(): Promise<DirectoryDesk> {
  const real = await startRealProvider({
    redirectUri: REDIRECT,
    afterSignOut: `${ORIGIN}/sign-in`,
  });
  const liar = await startLyingProvider(() => desk.said);
  const appliance = await startAppliance({
    CASEMATE_PUBLIC_PORT: 8443,
    CASEMATE_IDENTITY_HOSTS: [real.host, liar.host],
    CASEMATE_IDENTITY_CA_FILE: partsInfo().caFile,
    CASEMATE_ANONYMOUS_PER_MINUTE: 100_000,
    CASEMATE_SECOND_FACTOR_FAILURES: 500,
  });
  const server = await startServer(appliance.config);
  const [tenantId, other] = await Promise.all([appliance.makeTenant(), appliance.makeTenant()]);
  const admin = await signInPerson(appliance, { [tenantId]: 'admin' });
  const operator = await signInPerson(appliance, {}, 'super_admin');
  const post = (path: string, json: unknown, who: SignedIn | null = admin): Promise<Answer> =>
    server.ask('POST', path, { json, ...(who ? { token: who.token } : {}) });
  const idOf = (answer: Answer): string => answer.json<{ id: string }>().id;
  const someone = (more: object = {}): Record<string, unknown> => {
    const sub = newId();
    return { sub, email: `${sub}@${DOMAIN}`, email_verified: true, name: 'Ada', ...more };
  };
  const connect = async (
    issuer: string,
    more: object = {},
    settings: object = {},
  ): Promise<string> => {
    const path = `/api/tenants/${tenantId}/connections`;
    const json = {
      ...{
        kind: 'oidc',
        name: 'House',
        domains: [DOMAIN],
        justInTime: true,
        defaultRole: 'member',
      },
      ...{ mappings: [], settings: { issuer, client: 'casemate', ...settings }, ...more },
    };
    const made = await post(path, json);
    if (made.status !== 201) throw new Error(made.text);
    const on = await post(`${path}/${idOf(made)}/state`, { state: 'active' });
    if (on.status !== 204) throw new Error(on.text);
    return idOf(made);
  };
  const cookieOf = (answer: Answer): string =>
    /__Secure-casemate-sso=[\w-]{43}/.exec(String(answer.headers['set-cookie']))?.[0] ?? '';
  const away = (answer: Answer): Away => {
    if (answer.status !== 201) throw new Error(answer.text);
    const url = new URL(answer.json<{ url: string }>().url);
    const [state = '', nonce = ''] = ['state', 'nonce'].map(
      (name) => url.searchParams.get(name) ?? '',
    );
    return { cookie: cookieOf(answer), url, state, nonce };
  };
  const begin = async (connection = ofLiar): Promise<Away> =>
    away(await post('/api/session/sso', { connection }, null));
  const answer = (
    { cookie, state }: Pick<Away, 'cookie' | 'state'>,
    json: { code: string; iss?: string },
    token?: string,
  ): Promise<Answer> =>
    server.ask('POST', '/api/session/sso/answer', {
      json: { state, ...json },
      headers: { cookie, origin: server.origin },
      ...(token ? { token } : {}),
    });
  const comeBack = (each: Away, iss?: string): Promise<Answer> =>
    answer(each, { code: each.nonce, ...(iss ? { iss } : {}) });
  const signInBy = async (connection = ofLiar): Promise<Answer> =>
    comeBack(await begin(connection));
  const sessionsOf = async (accountId: string): Promise<number> => {
    const { rowCount } = await appliance.superuser.query(
      'select from control.sessions where account_id = $1 and ended_at is null',
      [accountId],
    );
    return rowCount ?? 0;
  };
  const accounts = async (): Promise<number> => {
    const { rowCount } = await appliance.superuser.query('select from control.accounts');
    return rowCount ?? 0;
  };

  const claimed = await post(`/api/tenants/${tenantId}/email-domains`, { domain: DOMAIN });
  const confirming = `/api/platform/email-domain-claims/${idOf(claimed)}/confirm`;
  await post(confirming, { tenantId, domain: DOMAIN }, operator);
  const ofReal = await connect(real.issuer, { secret: real.secret });
  const ofLiar = await connect(liar.issuer);
  const desk: DirectoryDesk = {
    ...{ appliance, server, real, liar, tenantId, other, admin, operator, ofReal, ofLiar },
    ...{ post, someone, connect, away, begin, answer, comeBack, signInBy, sessionsOf, accounts },
    said: someone(),
    reset: () => {
      liar.lie = {};
      desk.said = someone();
    },
    stop: async () => {
      await server.stop();
      await appliance.stop();
      await Promise.all([real.stop(), liar.stop()]);
    },
  };
  return desk;
}
