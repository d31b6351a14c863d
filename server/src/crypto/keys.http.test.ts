import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startKeyDesk, type KeyDesk } from '../../tests/key-desk.ts';
import { signInPerson, type SignedIn } from '../../tests/sign-in-person.ts';
import { startServer, type Answer, type TestServer } from '../../tests/test-server.ts';
import { newId } from '../platform/index.ts';

type Rotation = { id: string; kind: string; state: string };
type Owner = {
  owner: string;
  name: string;
  keys: { version: number; state: string }[] | null;
  latestRotation: Rotation | null;
};
type Detail = Owner & {
  columns: { table: string; column: string; rows: { version: number | null; rows: number }[] }[];
  rotations: Rotation[];
};
type Page = {
  backend: { label: string; insecure: boolean };
  memory: { seconds: number };
  columns: { table: string; column: string }[];
  owners: Owner[];
  next: string | null;
};

describe('the routes of keys', () => {
  let desk: KeyDesk;
  let server: TestServer;
  let operator: SignedIn;
  let admin: SignedIn;
  let tenantId: string;
  let titleId: string;

  beforeAll(async () => {
    desk = await startKeyDesk();
    server = await startServer(desk.appliance.config);
    operator = await signInPerson(desk.appliance, {}, 'super_admin');
    const made = await desk.makeTenant();
    tenantId = made.tenantId;
    admin = await signInPerson(desk.appliance, { [tenantId]: 'admin' });
    titleId = await desk.titles.write(tenantId, admin, 'the canary of a title');
  });
  afterAll(async () => {
    await server.stop();
    await desk.stop();
  });

  const keys = '/api/platform/keys';
  const ask = (
    method: string,
    path: string,
    options: { token?: string; json?: unknown } = {},
  ): Promise<Answer> => server.ask(method, path, options);
  const asOperator = (method: string, path: string, json?: unknown): Promise<Answer> =>
    ask(method, path, { token: operator.token, ...(json === undefined ? {} : { json }) });
  const rotationsOf = (owner: string): string => `${keys}/${owner}/rotations`;
  const detailOf = async (owner: string): Promise<Detail> =>
    (await asOperator('GET', `${keys}/${owner}`)).json<Detail>();

  it('ENC-03: nobody but an administrator of the platform sees keys or rotates them', async () => {
    const routes = [
      ['GET', keys, undefined],
      ['GET', `${keys}/${tenantId}`, undefined],
      ['GET', `${keys}/platform`, undefined],
      ['POST', rotationsOf(tenantId), { kind: 'data' }],
      ['POST', rotationsOf('platform'), { kind: 'wrapping' }],
    ] as const;
    for (const [method, path, json] of routes) {
      expect((await ask(method, path, { json })).status).toBe(401);
      expect((await ask(method, path, { token: admin.token, json })).status).toBe(403);
    }
    expect((await detailOf(tenantId)).rotations).toEqual([]);
    const { rows } = await desk.appliance.superuser.query<{ resource: string }>(
      `select resource_id as resource from control.audit_events
       where action = 'access.refuse' and outcome = 'refused' order by at`,
    );
    expect(rows.map(({ resource }) => resource)).toContain(
      'post /api/platform/keys/:owner/rotations',
    );
  });

  it.each([
    ['no owner', `${keys}/nobody`, 400],
    ['markup', `${keys}/${encodeURIComponent('<script>')}`, 400],
    ['a path', `${keys}/${encodeURIComponent('../transit/keys')}`, 400],
    ['an unknown owner', `${keys}/${newId()}`, 404],
    ['a page that begins at nonsense', `${keys}?after=1%20or%201=1`, 400],
    ['a question that is not asked', `${keys}?secrets=1`, 400],
  ])('INP-02: refuses %s', async (_what, path, status) => {
    expect((await asOperator('GET', path)).status).toBe(status);
  });

  it.each([
    ['an unknown kind', { kind: 'destroy' }, 400],
    ['no kind', {}, 400],
    ['a field too many', { kind: 'data', version: 1 }, 400],
    ['a list', [{ kind: 'data' }], 400],
  ])('INP-02: starts no rotation for %s', async (_what, json, status) => {
    expect((await asOperator('POST', rotationsOf(tenantId), json)).status).toBe(status);
    expect((await detailOf(tenantId)).rotations).toEqual([]);
  });

  it('ENC-03: rotates nothing of an owner that there is none of', async () => {
    expect((await asOperator('POST', rotationsOf(newId()), { kind: 'data' })).status).toBe(404);
    expect((await asOperator('POST', rotationsOf('all'), { kind: 'data' })).status).toBe(400);
  });

  it('ENC-04: shows owners, versions and columns, and no key and no text of anybody', async () => {
    const page = await asOperator('GET', keys);
    const { owners, columns, backend, memory, next } = page.json<Page>();
    expect(owners.map(({ owner }) => owner).sort()).toEqual([tenantId, 'platform'].sort());
    expect(owners.find(({ owner }) => owner === tenantId)?.keys).toEqual([
      expect.objectContaining({ version: 1, state: 'current' }),
    ]);
    expect(columns).toContainEqual(
      expect.objectContaining({ table: 'conversations', column: 'title' }),
    );
    expect([backend.insecure, memory.seconds, next]).toEqual([false, 1, null]);
    const detail = await asOperator('GET', `${keys}/${tenantId}`);
    expect(
      detail
        .json<Detail>()
        .columns.find(({ table, column }) => `${table}.${column}` === 'conversations.title')?.rows,
    ).toEqual([{ version: 1, rows: 1 }]);
    for (const { text } of [page, detail]) expect(text).not.toMatch(/vault:v|cm1\.|canary/);
  });

  it('ENC-03: rotates the data key of a tenant once, audited, and what it holds stays readable', async () => {
    const first = await asOperator('POST', rotationsOf(tenantId), { kind: 'data' });
    expect(first.status).toBe(202);
    const second = await asOperator('POST', rotationsOf(tenantId), { kind: 'data' });
    expect([409, 202]).toContain(second.status);
    const { id } = first.json<Rotation>();
    for (let tries = 0; tries < 600 && (await desk.find(id))?.state !== 'done'; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const detail = await detailOf(tenantId);
    expect(detail.rotations).toContainEqual(
      expect.objectContaining({ id, kind: 'data', state: 'done' }),
    );
    expect(detail.keys?.map(({ state }) => state)).toContain('retired');
    await expect(desk.titles.read(tenantId, admin, titleId)).resolves.toBe('the canary of a title');
    const { rows } = await desk.appliance.superuser.query<{ actor: string; tenant: string }>(
      `select actor_id as actor, tenant_id as tenant from control.audit_events
       where action = 'key.rotate' and resource_id = $1`,
      [tenantId],
    );
    expect(rows[0]).toEqual({ actor: operator.auditId, tenant: tenantId });
  });
});
