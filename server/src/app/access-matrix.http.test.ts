import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signInPerson, type SignedIn } from '../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../tests/test-server.ts';
import { soon } from '../../tests/soon.ts';
import { createChat } from '../chat/index.ts';
import { createAccessTokens, type IdentityParts } from '../identity/index.ts';
import { newId, type Endpoint } from '../platform/index.ts';
import { routeTable } from './routes.ts';

/**
 * Who gets through which door, as a person reviewed it: one line a route, one column a caller. A change
 * of rights is a change of this file. CASEMATE_WRITE_MATRIX=1 writes what the server does, for a look at
 * the difference.
 */
const FILE = join(import.meta.dirname, 'access-matrix.tsv');
const MANY = 1_000_000;
const ABREAST = 16;

// The table alone; none of these parts is asked for anything.
const routes = routeTable({
  identity: {} as IdentityParts,
  chat: createChat({ search: () => Promise.resolve([]) }),
}).toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));

function nameOf({ method, path }: Endpoint): string {
  return `${path} ${method.toUpperCase()}`;
}

function guardOf({ guard, stepUp }: Endpoint): string {
  const words = [
    guard.kind,
    ...('permission' in guard ? [guard.permission] : []),
    ...('feature' in guard && guard.feature ? [`level of ${guard.feature}`] : []),
    ...('beforeFactor' in guard && guard.beforeFactor ? ['before the factor'] : []),
    ...('evenClosed' in guard && guard.evenClosed ? ['even closed'] : []),
    ...(stepUp ? ['fresh factor'] : []),
  ];
  return words.join(', ');
}

/** Nothing of the request is ever carried out: a parameter that no route knows fails right behind the guard. */
function decisionOf({ status, text }: Answer): string {
  if (status === 401) return '401';
  if (status === 404 && text.includes('No such tenant')) return '404';
  if (status === 403) return '403';
  return status === 400 || status === 200 ? 'pass' : `${status}`;
}

describe('the matrix of every route, every role and every credential', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let tenantId: string;
  let callers: Record<string, string | undefined>;
  let found: string[];

  beforeAll(async () => {
    appliance = await startAppliance({
      CASEMATE_ANONYMOUS_PER_MINUTE: MANY,
      CASEMATE_ACCOUNT_PER_MINUTE: MANY,
      CASEMATE_REGISTRATION_PER_MINUTE: MANY,
      CASEMATE_REFRESH_PER_MINUTE: MANY,
      CASEMATE_ROUTE_PER_MINUTE: MANY,
      CASEMATE_TENANT_PER_MINUTE: MANY,
      CASEMATE_HEALTH_PER_MINUTE: MANY,
      CASEMATE_PASSWORD_CHANGE_PER_MINUTE: MANY,
      CASEMATE_PASSWORD_RESETS_PER_HOUR: MANY,
      CASEMATE_SECOND_FACTOR_PER_MINUTE: MANY,
    });
    server = await startServer(appliance.config);
    callers = await makeCallers();
    found = await askAll();
    if (process.env['CASEMATE_WRITE_MATRIX'] === '1') writeFileSync(FILE, `${found.join('\n')}\n`);
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });

  const send = async (
    who: SignedIn,
    method: string,
    path: string,
    json: unknown,
  ): Promise<Answer> => {
    const answer = await server.ask(method, path, { token: who.token, json });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  };

  async function makeCallers(): Promise<typeof callers> {
    const [own, other] = await Promise.all([appliance.makeTenant(), appliance.makeTenant()]);
    tenantId = own;
    const at = (path: string, tenant = own): string => `/api/tenants/${tenant}${path}`;
    const person = (role?: 'member' | 'reviewer' | 'admin', tenant = own): Promise<SignedIn> =>
      signInPerson(appliance, role ? { [tenant]: role } : {});
    const admin = await person('admin');
    const [nobody, stranger, member, reviewer, low, custom, gone] = await Promise.all([
      person(),
      person('admin', other),
      person('member'),
      person('reviewer'),
      person('member'),
      person('member'),
      person('member'),
    ]);
    const platform = await signInPerson(appliance, {}, 'super_admin');
    const visitor = await signInPerson(appliance, {}, 'super_admin');
    const levels = { documents: 10, upload: 10, search: 10, chat: 10, 'api-keys': 10 };
    await send(admin, 'PUT', at('/levels'), { minimum: levels });
    await send(admin, 'PATCH', at(`/team/${low.accountId}`), { level: 9 });
    const role = { name: 'Librarian', permissions: ['documents.write'] };
    const made = await send(admin, 'POST', at('/roles'), role);
    const customRoles = [made.json<{ id: string }>().id];
    await send(admin, 'PATCH', at(`/team/${custom.accountId}`), { customRoles });
    const wish = { tenantId: own, reason: 'The matrix of every route', minutes: 30 };
    const asked = await send(visitor, 'POST', '/api/platform/visits', wish);
    const visit = asked.json<{ id: string }>().id;
    await send(admin, 'POST', at(`/visits/${visit}/decision`), { approve: true });
    const reader = ['tenant.read', 'documents.read', 'documents.search', 'conversations.use'];
    const key = async (who: SignedIn, more: { scopes?: string[]; path?: string } = {}) => {
      const body = { name: 'Key', scopes: more.scopes ?? reader, expiresInDays: 1 };
      const issued = await send(who, 'POST', more.path ?? at('/api-keys'), body);
      return issued.json<{ id: string; key: string }>();
    };
    const every = [...reader, 'documents.write'];
    const service = await send(admin, 'POST', at('/service-accounts'), {
      name: 'Program',
      role: 'member',
    });
    const ofService = at(`/service-accounts/${service.json<{ id: string }>().id}/api-keys`);
    const token = { name: 'Directory', expiresInDays: 1, addresses: [] };
    const directory = await send(admin, 'POST', at('/scim/tokens'), token);
    const [revoked, expired] = [await key(member), await key(member)];
    const keys = {
      'key of member': (await key(member)).key,
      'key of custom role': (await key(custom, { scopes: ['documents.write'] })).key,
      'key of admin': (await key(admin, { scopes: every })).key,
      'key of service': (await key(admin, { path: ofService })).key,
      'key of directory': directory.json<{ key: string }>().key,
      'key elsewhere': (await key(stranger, { path: at('/api-keys', other) })).key,
    };
    const { superuser, parts } = appliance;
    await superuser.query('update control.api_keys set revoked_at = now() where id = $1', [
      revoked.id,
    ]);
    await superuser.query(
      `update control.api_keys set expires_at = now() - interval '1 minute' where id = $1`,
      [expired.id],
    );
    await superuser.query('update control.sessions set ended_at = now() where id = $1', [
      gone.sessionId,
    ]);
    const hourAgo = createAccessTokens(parts.platform.vault, {
      withdrawn: () => Promise.resolve(new Set()),
      now: () => Date.now() - 3_600_000,
    });
    // Long enough for the server to look at every session and key again.
    await soon();
    return {
      'no token': undefined,
      'expired token': (await hourAgo.issue({ ...member, client: 'browser' })).accessToken,
      'ended session': gone.token,
      'refresh token': member.refreshToken,
      'revoked key': revoked.key,
      'expired key': expired.key,
      'signed in': nobody.token,
      'admin elsewhere': stranger.token,
      'member at level 9': low.token,
      member: member.token,
      'member with a custom role': custom.token,
      reviewer: reviewer.token,
      admin: admin.token,
      super_admin: platform.token,
      visitor: visitor.token,
      ...keys,
    };
  }

  async function askAll(): Promise<string[]> {
    const lines: string[] = [];
    const waiting = routes.map((route, index) => [index, route] as const);
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [index, route] = next;
        const cells: string[] = [];
        for (const token of Object.values(callers))
          cells.push(decisionOf(await call(route, token)));
        lines[index] = [
          `${route.method.toUpperCase()} ${route.path}`,
          guardOf(route),
          ...cells,
        ].join('\t');
      }
    };
    await Promise.all(Array.from({ length: ABREAST }, work));
    return [['route', 'guard', ...Object.keys(callers)].join('\t'), ...lines];
  }

  const call = ({ method, path, body }: Endpoint, token: string | undefined): Promise<Answer> => {
    const place = path.replace(':tenantId', tenantId).replace(/:\w+/g, () => newId());
    return server.ask(method.toUpperCase(), `${place}?matrix=1`, {
      ...(token === undefined ? {} : { token }),
      ...(method === 'post' && body === 'raw' ? { raw: Buffer.from('x') } : {}),
      ...(['post', 'patch', 'put'].includes(method) && body !== 'raw' ? { json: {} } : {}),
    });
  };
  const reviewed = (): string[] => readFileSync(FILE, 'utf8').trimEnd().split('\n');

  it('RBA-01: is as it was reviewed, route by route, role by role, credential by credential', () => {
    expect(found).toEqual(reviewed());
  });

  it('ISO-04: names every route of the table with its guard, and nothing else', () => {
    const named = reviewed()
      .slice(1)
      .map((line) => line.split('\t').slice(0, 2).join('\t'));
    const declared = routes.map(
      (route) => `${route.method.toUpperCase()} ${route.path}\t${guardOf(route)}`,
    );
    expect(named).toEqual(declared);
  });

  it('RBA-04: lets no dead credential, and none of another tenant, through a door that is not open to all', () => {
    const [head = '', ...lines] = reviewed();
    const columns = head.split('\t');
    const cell = (line: string, name: string): string | undefined =>
      line.split('\t')[columns.indexOf(name)];
    const guarded = lines.filter((line) => !/^(public|secret)/.test(line.split('\t')[1] ?? ''));
    for (const dead of [
      'no token',
      'expired token',
      'ended session',
      'refresh token',
      'revoked key',
      'expired key',
    ])
      expect(guarded.filter((line) => cell(line, dead) !== '401')).toEqual([]);
    const ofTenants = guarded.filter((line) => line.split('\t')[1]?.startsWith('tenant'));
    for (const foreign of ['admin elsewhere', 'signed in', 'super_admin', 'key elsewhere'])
      expect(ofTenants.filter((line) => cell(line, foreign) === 'pass')).toEqual([]);
    // The twin: somebody passes each of them.
    for (const line of guarded)
      expect([line.split('\t')[0], line.includes('\tpass')]).toEqual([line.split('\t')[0], true]);
  });
});
