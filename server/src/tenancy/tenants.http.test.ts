import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startChatDesk, type ChatDesk } from '../../tests/chat-desk.ts';
import { openStream } from '../../tests/open-stream.ts';
import { signInPerson, type SignedIn } from '../../tests/sign-in-person.ts';
import type { Answer } from '../../tests/test-server.ts';
import { sequenceEvents } from '../audit/index.ts';
import { newId } from '../platform/index.ts';

type Tenant = { id: string; name: string; state: string };
type Problem = { code: string; detail: string; errors?: { path: string }[] };

describe('tenants', () => {
  let desk: ChatDesk;
  let admin: SignedIn;

  beforeAll(async () => {
    desk = await startChatDesk();
    admin = await signInPerson(desk.appliance, {}, 'super_admin');
  });
  afterAll(() => desk.stop());

  const ask = (method: string, path: string, json?: unknown, who = admin): Promise<Answer> =>
    desk.server.ask(method, `/api/tenants${path}`, {
      token: who.token,
      ...(json === undefined ? {} : { json }),
    });
  const stateOf = async (id: string): Promise<string> =>
    (await ask('GET', `/${id}`)).json<Tenant>().state;
  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    for (let tries = 0; tries < 200 && !(await holds()); tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 50));
  };
  const create = async (name: string): Promise<Tenant> => {
    const made = await ask('POST', '', { name });
    expect([made.status, made.text]).toEqual([202, made.text]);
    const tenant = made.json<Tenant>();
    await until(async () => (await stateOf(tenant.id)) === 'active');
    return tenant;
  };
  const problemOf = (answer: Answer): [number, string] => [
    answer.status,
    answer.json<Problem>().code,
  ];

  // The last three look like the name of an honest tenant, in letters of another alphabet.
  it.each([
    ...['', '   ', 'two\nlines', 'a\u202eb', 'zero\u200bwidth', 'nul\u0000', 'x'.repeat(121)],
    ...['H\u0430rbour Office', '\u0440\u0430\u0443\u0440\u0430\u04cf', 'Harbour\u3164Office'],
  ])('INP-01: the name %j is refused', async (name) => {
    expect(problemOf(await ask('POST', '', { name }))).toEqual([400, 'invalid_input']);
    const path = `/${desk.tenantId}`;
    expect(problemOf(await ask('PATCH', path, { name }))).toEqual([400, 'invalid_input']);
  });

  it('ISO-08: names that look like SQL, markup or paths are names and nothing else', async () => {
    for (const name of [
      `"; drop schema control; --`,
      `<img src=x onerror=alert(1)>`,
      '../../etc',
    ]) {
      const { id } = await create(name);
      const found = (await ask('GET', `?search=${encodeURIComponent(name)}`)).json<{
        items: Tenant[];
      }>();
      expect(found.items.map((tenant) => tenant.id)).toEqual([id]);
    }
  });

  it('a name that is taken is a conflict, whatever its case; a free one is taken', async () => {
    const first = await create('Harbour Office');
    expect(problemOf(await ask('POST', '', { name: ' harbour  OFFICE ' }))).toEqual([
      409,
      'already_exists',
    ]);
    const second = await create('Harbour Office 2');
    expect(problemOf(await ask('PATCH', `/${second.id}`, { name: 'HARBOUR office' }))).toEqual([
      409,
      'already_exists',
    ]);
    const wide = { name: '\uff28arbour\u2003Office' };
    expect(problemOf(await ask('POST', '', wide))).toEqual([409, 'already_exists']);
    const renamed = await ask('PATCH', `/${first.id}`, { name: 'Quay Office' });
    expect(renamed.json<Tenant>().name).toBe('Quay Office');
    expect((await ask('PATCH', `/${second.id}`, { name: 'Harbour Office' })).status).toBe(200);
  });

  it('ISO-04: only a platform administrator changes tenants', async () => {
    for (const [method, path, json] of [
      ['POST', '', { name: 'Mine' }],
      ['PATCH', `/${desk.tenantId}`, { name: 'Mine' }],
      ['POST', `/${desk.tenantId}/suspend`, undefined],
      ['POST', `/${desk.tenantId}/resume`, undefined],
      ['POST', `/${desk.tenantId}/retry`, undefined],
      ['DELETE', `/${desk.tenantId}?name=x`, undefined],
    ] as const)
      expect((await ask(method, path, json, desk.owner)).status).toBe(403);
    expect(await stateOf(desk.tenantId)).toBe('active');
  });

  it('what makes no sense in a state is refused, and says which state it is', async () => {
    const { id } = await create('Confused');
    expect(problemOf(await ask('POST', `/${id}/resume`))).toEqual([409, 'not_allowed_now']);
    expect(problemOf(await ask('POST', `/${id}/retry`))).toEqual([409, 'not_allowed_now']);
    expect((await ask('POST', `/${id}/suspend`)).status).toBe(200);
    const twice = await ask('POST', `/${id}/suspend`);
    expect(problemOf(twice)).toEqual([409, 'not_allowed_now']);
    expect(twice.json<Problem>().detail).toBe('The tenant is suspended already');
    for (const path of [`/${newId()}/suspend`, `/${newId()}/resume`])
      expect(problemOf(await ask('POST', path))).toEqual([404, 'not_found']);
    for (const id of ['x', "1' or '1'='1", '..%2f..'])
      expect((await ask('POST', `/${encodeURIComponent(id)}/suspend`)).status).toBe(400);
  });

  it('a suspended tenant answers its people one thing, at once; the others work on', async () => {
    const { owner, stranger, strangersTenantId, tenantId } = desk;
    const list = (who: SignedIn, id: string): Promise<Answer> =>
      ask('GET', `/${id}/conversations`, undefined, who);
    expect((await list(owner, tenantId)).status).toBe(200);
    const release = Promise.withResolvers<undefined>();
    desk.model.answer(['The code is RK-7741-QX', { hold: release.promise }]);
    const conversation = await desk.conversation();
    const stream = await desk.ask(conversation, 'What is the emergency access code?');
    await stream.first('delta');
    const asked = performance.now();
    expect((await ask('POST', `/${tenantId}/suspend`)).status).toBe(200);
    const events = await stream.ended;
    expect(performance.now() - asked).toBeLessThan(1_000);
    expect(events.at(-1)).toMatchObject({ kind: 'error', data: { code: 'suspended' } });
    expect(problemOf(await list(owner, tenantId))).toEqual([403, 'suspended']);
    const again = await openStream({
      port: desk.server.port,
      token: owner.token,
      path: `/api/tenants/${tenantId}/conversations/${conversation}/messages`,
      json: { content: 'And now?' },
    });
    expect(again.status).toBe(403);
    // Who is no member learns nothing new.
    expect(problemOf(await list(stranger, tenantId))).toEqual([404, 'not_found']);
    expect((await list(stranger, strangersTenantId)).status).toBe(200);
    release.resolve(undefined);
    expect((await ask('POST', `/${tenantId}/resume`)).status).toBe(200);
    await until(async () => (await list(owner, tenantId)).status === 200);
    expect((await list(owner, tenantId)).status).toBe(200);
  });

  it('ISO-03: a suspended tenant shows its rows to the sequencer alone, whatever a process believes', async () => {
    const { appliance, tenantId } = desk;
    const { db } = appliance.parts.platform;
    const scope = await appliance.parts.openTenant(tenantId, null);
    const count = (): Promise<{ n: string }[]> =>
      db.readTenant(scope, (tx) => tx.query<{ n: string }>('select count(*) as n from data_keys'));
    expect(await count()).toEqual([{ n: '1' }]);
    await ask('POST', `/${tenantId}/suspend`);
    expect(await count()).toEqual([{ n: '0' }]);
    expect(await sequenceEvents(db, scope, true)).toMatchObject({ waiting: 0 });
    const [log] = (
      await appliance.superuser.query<{ n: string }>(
        `select count(*) as n from "tenant_${tenantId.replaceAll('-', '')}".audit_events events
         where not exists (select from "tenant_${tenantId.replaceAll('-', '')}".audit_log log where log.event_id = events.id)`,
      )
    ).rows;
    expect(log?.n).toBe('0');
    await ask('POST', `/${tenantId}/resume`);
    await until(async () => (await count())[0]?.n === '1');
  });

  it('the jobs of a suspended tenant wait, and run when it is resumed', async () => {
    const { superuser } = desk.appliance;
    const jobId = newId();
    const stateOfJob = async (): Promise<string | undefined> => {
      const { rows } = await superuser.query<{ state: string }>(
        'select state from control.jobs where id = $1',
        [jobId],
      );
      return rows[0]?.state;
    };
    await ask('POST', `/${desk.tenantId}/suspend`);
    await superuser.query(
      `insert into control.jobs (id, queue, kind, tenant_id, subject_id)
       values ($1, 'work', 'knowledge.reembed', $2, $2)`,
      [jobId, desk.tenantId],
    );
    await superuser.query(`select pg_notify('casemate_jobs', 'work')`);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(await stateOfJob()).toBe('queued');
    await ask('POST', `/${desk.tenantId}/resume`);
    await until(async () => (await stateOfJob()) !== 'queued');
    expect(['running', 'done']).toContain(await stateOfJob());
  });

  it('ENC-06: a tenant is deleted only by its name, and then with its key, schema and role', async () => {
    const { appliance } = desk;
    const { id, name } = await create('Closing Down');
    for (const wrong of ['', 'closing%20down', 'Closing%20Down%20'])
      expect(problemOf(await ask('DELETE', `/${id}?name=${wrong}`))).toEqual([
        400,
        'invalid_input',
      ]);
    expect((await ask('DELETE', `/${id}?name=${encodeURIComponent(name)}`)).status).toBe(202);
    expect(problemOf(await ask('POST', `/${id}/suspend`))[0]).not.toBe(200);
    await until(async () => (await stateOf(id)) === 'dropped');
    const role = `tenant_${id.replaceAll('-', '')}`;
    const { rows } = await appliance.superuser.query(
      `select rolname as name from pg_roles where rolname = $1
       union all select nspname from pg_namespace where nspname = $1`,
      [role],
    );
    expect(rows).toEqual([]);
    const key = appliance.parts.platform.vault.read(
      `transit/keys/tenant-${id.replaceAll('-', '')}`,
    );
    await expect(key).rejects.toThrow();
    expect((await ask('POST', '', { name })).status).toBe(202);
  });

  it('a thousand tenants are listed by pages, in order, each once', async () => {
    const { superuser } = desk.appliance;
    await superuser.query(
      `insert into control.tenants (id, name, language, state)
       select gen_random_uuid(), 'Many ' || lpad(n::text, 4, '0'), 'en', 'failed'
       from generate_series(1, 1000) n`,
    );
    type Page = { items: Tenant[]; total: number; next: string | null };
    const names: string[] = [];
    let after = '';
    do {
      const page = (await ask('GET', `?search=many&limit=200${after}`)).json<Page>();
      expect(page.total).toBe(1000);
      names.push(...page.items.map(({ name }) => name));
      after = page.next === null ? '' : `&after=${page.next}`;
    } while (after !== '');
    expect(names).toEqual([...names].sort());
    expect(new Set(names).size).toBe(1000);
    for (const bad of ['x', 'W10', Buffer.from('["a","b"]').toString('base64url')])
      expect((await ask('GET', `?after=${bad}`)).status).toBe(400);
    expect((await ask('GET', '?search=%25')).json<Page>().total).toBe(0);
    expect((await ask('GET', '?state=failed')).json<Page>().total).toBe(1000);
  });

  it('AUD-01: each change of a tenant leaves its row', async () => {
    const { id, name } = await create('Recorded');
    await ask('PATCH', `/${id}`, { name: 'Recorded 2' });
    await ask('POST', `/${id}/suspend`);
    await ask('POST', `/${id}/resume`);
    await ask('DELETE', `/${id}?name=Recorded%202`);
    await until(async () => (await stateOf(id)) === 'dropped');
    const { rows } = await desk.appliance.superuser.query<{ action: string }>(
      `select action from control.audit_events where tenant_id = $1 order by at, xid`,
      [id],
    );
    expect(rows.map(({ action }) => action)).toEqual([
      'tenant.create',
      'tenant.provision',
      'tenant.rename',
      'tenant.suspend',
      'tenant.resume',
      'tenant.delete',
      'tenant.remove',
    ]);
    expect(name).toBe('Recorded');
  });
});
