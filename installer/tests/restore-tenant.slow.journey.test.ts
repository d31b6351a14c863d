import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hashTables } from '../src/backup/hash-tables.ts';
import { openSession } from '../src/backup/psql-session.ts';
import { superuser } from '../src/backup/wal-archive.ts';
import { runSql } from '../src/database/run-sql.ts';
import { layoutFor, type InstanceLayout } from '../src/instance/layout.ts';
import { getSettings } from '../src/instance/settings.ts';
import { enrolApp, signInWithCode } from '../src/egress/second-factor.ts';
import { askInstance, postOf, type Ask } from './ask-instance.ts';
import { newInstallation, type Installation } from './installation.ts';

type Made = { id: string };
type Refusal = { error: { what: string } };
type Tenant = { id: string; name: string; state: string };

const PASSWORD = 'The vault under the hill 7';
const EMAIL = 'first@example.test';
const main = path.resolve(import.meta.dirname, '../src/main.ts');
let one: Installation;
let layout: InstanceLayout;
let ask: Ask;
let token = '';
let secrets: string[] = [];
let turned: string;
let other: string;
let first: string;

const casemate = (...words: string[]) => one.casemate(words);
const schemaOf = (id: string) => `tenant_${id.replaceAll('-', '')}`;
const sql = async (text: string) =>
  runSql(superuser({ layout, settings: await getSettings(layout) }), 'casemate', text);
const restore = (...words: string[]) => casemate('backup', 'restore', ...words);
const refusal = (answer: unknown) => (answer as Refusal).error.what;

async function signIn(): Promise<void> {
  const person = { email: EMAIL, password: PASSWORD, secrets };
  token = (await signInWithCode(postOf(ask), person)).accessToken;
}

async function made(method: string, place: string, more: { json?: unknown; raw?: string } = {}) {
  const reply = await ask(method, place, { token, ...more });
  if (reply.status >= 300) throw new Error(`${place}: ${reply.status} ${reply.text}`);
  return reply.text === '' ? {} : (reply.json() as Record<string, unknown>);
}

async function makeTenant(name: string): Promise<string> {
  const { id } = (await made('POST', '/api/tenants', {
    json: { name, joinAs: 'admin' },
  })) as Tenant;
  await until(async () => (await made('GET', `/api/tenants/${id}`))['state'] === 'active');
  const text = `# Gate\n\nThe code of ${name} is K-${name.length}-${name.slice(0, 3)}.\n`;
  const sent = await made('POST', `/api/tenants/${id}/documents?name=gate.md`, { raw: text });
  const document = `/api/tenants/${id}/documents/${String(sent['id'])}`;
  await until(async () => (await made('GET', document))['state'] === 'ready');
  const talk = await made('POST', `/api/tenants/${id}/conversations`, { json: {} });
  const place = `/api/tenants/${id}/conversations/${String(talk['id'])}`;
  await made('PATCH', place, { json: { title: `About ${name}` } });
  return id;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  // A rotation takes some minutes: every process must have let go of the old key.
  for (let tries = 0; tries < 2_400; tries += 1) {
    if (await holds()) return;
    await sleep(200);
  }
  throw new Error('it never came to hold');
}

async function titles(id: string): Promise<string[]> {
  const found = await made('GET', `/api/tenants/${id}/conversations`);
  return (found['items'] as { title: string }[]).map(({ title }) => title).sort();
}

async function documents(id: string): Promise<string[]> {
  const found = await made('GET', `/api/tenants/${id}/documents`);
  return (found['items'] as { name: string }[]).map(({ name }) => name).sort();
}

/** Every table of everybody else: what is not of these tenants, and is no log, job or clock. */
async function hashesBut(ids: readonly string[]): Promise<string[]> {
  const session = openSession(
    superuser({ layout, settings: await getSettings(layout) }),
    'casemate',
  );
  const found = await hashTables(session.run).finally(session.close);
  const own = ids.map((id) => `${schemaOf(id)}.`);
  return found
    .filter(({ table }) => table.startsWith('tenant_') && !own.some((it) => table.startsWith(it)))
    .map(({ table, rows, sums }) => `${table} ${rows} ${sums}`);
}

async function auditOf(id: string): Promise<string> {
  const where = `action = 'tenant.restore' and tenant_id = '${id}'`;
  return sql(`select (select count(*) from control.audit_events where ${where}) || ' ' ||
    (select count(*) from "${schemaOf(id)}".audit_events where ${where});`);
}

/** Kills the command with SIGKILL as soon as its line is the one that is worked on. */
async function killedIn(title: string, words: readonly string[]): Promise<boolean> {
  const place = ['--instance', layout.instance, '--data-dir', one.home];
  const args = ['--disable-warning=ExperimentalWarning', main, ...words, ...place];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const closed = once(child, 'close');
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (/^ {2}[✓=] /.test(line) && line.includes(title))
      setTimeout(() => child.kill('SIGKILL'), 900);
  });
  await closed;
  return child.signalCode === 'SIGKILL';
}

beforeAll(async () => {
  one = await newInstallation('turn');
  layout = layoutFor({
    ...{ instance: `turn-${process.pid}`, dataDir: one.home, asRoot: process.getuid?.() === 0 },
    env: process.env,
  });
  const installed = await one.install();
  expect([installed.code, installed.said.slice(-500)]).toEqual([0, expect.anything()]);
  const { setupLink } = installed.answer as { setupLink: string };
  ask = askInstance(setupLink, path.join(one.home, 'config/tls/ca.crt'));
  const link = setupLink.split('/').at(-1) ?? '';
  const json = { token: link, email: EMAIL, name: 'First', password: PASSWORD };
  const made = await postOf(ask)<{ accessToken: string }>('/api/setup', json);
  secrets = [await enrolApp(postOf(ask), made.accessToken)];
  await signIn();
  [turned, other] = [await makeTenant('Turned'), await makeTenant('Other')];
  const gone = await makeTenant('Gone');
  const keyFile = path.join(one.dir, 'recipient.key');
  const target = path.join(one.dir, 'target');
  expect(await casemate('backup', 'key', '--out', keyFile)).toMatchObject({ code: 0 });
  expect(await casemate('backup', 'schedule', '--to', target)).toMatchObject({ code: 0 });
  const { answer } = await casemate('backup', 'create');
  first = (answer as Made).id;
  expect(await casemate('tenants', 'delete', gone, '--confirm', 'Gone')).toMatchObject({ code: 0 });
}, 900_000);

afterAll(async () => {
  await casemate('uninstall', '--purge', '--yes');
  rmSync(one.dir, { recursive: true, force: true });
}, 120_000);

describe('one tenant out of a backup', () => {
  it('RES-04: is refused without its name, its state, or a tenant that is there', async () => {
    for (const words of [
      [first, '--tenant', 'Turned'],
      [first, '--tenant', 'Turned', '--confirm', 'turned'],
      ['--tenant', 'Turned', '--confirm', 'Turned'],
      [first, '--tenant', 'Turned', '--as', 'X', '--from', '/nowhere'],
    ])
      expect([words, (await restore(...words)).code]).toEqual([words, 2]);
    expect((await restore(first, '--tenant', 'Nobody', '--confirm', 'Nobody')).code).not.toBe(0);
    expect((await restore('20200101T000000Z-0000', '--tenant', 'Turned', '--as', 'X')).code).toBe(
      4,
    );
  }, 120_000);

  it('ENC-09: is refused for one that was deleted: its key is destroyed', async () => {
    const { answer, code } = await restore(first, '--tenant', 'Gone', '--as', 'Risen');
    expect([code, refusal(answer)]).toEqual([1, expect.stringContaining('its key destroyed')]);
  }, 60_000);

  it('RES-04: takes the tenant back, and leaves every row of the others as it is', async () => {
    const [talk] = (await made('GET', `/api/tenants/${turned}/conversations`))['items'] as Made[];
    const place = `/api/tenants/${turned}/conversations/${talk?.id ?? ''}`;
    await made('PATCH', place, { json: { title: 'Spoilt' } });
    const [file] = (await made('GET', `/api/tenants/${turned}/documents`))['items'] as Made[];
    await made('DELETE', `/api/tenants/${turned}/documents/${file?.id ?? ''}`);
    const before = await hashesBut([turned]);
    const { code, said } = await restore(first, '--tenant', 'Turned', '--confirm', 'Turned');
    expect([code, said.slice(-800)]).toEqual([0, expect.anything()]);
    expect(await hashesBut([turned])).toEqual(before);
    expect(await titles(turned)).toEqual(['About Turned']);
    expect(await documents(turned)).toEqual(['gate.md']);
    expect(await auditOf(turned)).toBe('1 1');
  }, 300_000);

  it('RES-04: as a new tenant it is whole, under keys of its own, beside the old', async () => {
    const before = await hashesBut([turned]);
    const { code, answer, said } = await restore(first, '--tenant', turned, '--as', 'Twin');
    expect([code, said.slice(-800)]).toEqual([0, expect.anything()]);
    const { tenantId, fields } = answer as { tenantId: string; fields: number };
    expect(fields).toBeGreaterThan(0);
    expect(await hashesBut([turned, tenantId])).toEqual(before);
    await sql(`insert into control.memberships (account_id, tenant_id, role)
      select id, '${tenantId}', 'admin' from control.accounts where email = '${EMAIL}';`);
    // It counts from here on: the server did not write it.
    expect(await casemate('rights', 'accept', EMAIL)).toMatchObject({ code: 0 });
    await signIn();
    expect(await titles(tenantId)).toEqual(['About Turned']);
    expect(await documents(tenantId)).toEqual(['gate.md']);
    const foreign = await sql(
      `select count(*) from "${schemaOf(tenantId)}".conversations where tenant_id <> '${tenantId}';`,
    );
    expect(foreign).toBe('0');
  }, 300_000);

  it('RES-04: killed in its middle it is as before or as saved, says so, and goes on', async () => {
    const words = ['backup', 'restore', first, '--tenant', 'Turned', '--confirm', 'Turned'];
    expect(await killedIn('See whether its keys open it', words)).toBe(true);
    const status = await casemate('backup', 'status');
    const { state } = status.answer as { state: { restoring?: { name: string } } };
    expect([status.code, state.restoring?.name]).toEqual([8, 'Turned']);
    const { code, said } = await restore(...words.slice(2));
    expect([code, said.slice(-800)]).toEqual([0, expect.anything()]);
    expect((await made('GET', `/api/tenants/${turned}`))['state']).toBe('active');
    expect(await titles(turned)).toEqual(['About Turned']);
  }, 300_000);

  it('ENC-03: comes back although its data key was rotated since, and not once nothing opens it', async () => {
    const rotate = (verb: string) => casemate('keys', verb, '--tenant', 'Turned', '--wait');
    expect(await rotate('rotate')).toMatchObject({ code: 0 });
    const { code, said } = await restore(first, '--tenant', 'Turned', '--confirm', 'Turned');
    expect([code, said.slice(-800)]).toEqual([0, expect.anything()]);
    await signIn();
    expect(await titles(turned)).toEqual(['About Turned']);
    // What came back goes under a new key at once; then the wrapping of the old one is refused.
    const keys = `select count(*) from "${schemaOf(turned)}".data_keys where state = 'old';`;
    await until(async () => (await sql(keys)) === '0');
    expect(await rotate('rewrap')).toMatchObject({ code: 0 });
    const refused = await restore(first, '--tenant', 'Turned', '--confirm', 'Turned');
    expect([refused.code, refusal(refused.answer)]).toEqual([
      1,
      expect.stringContaining('opens no longer'),
    ]);
    await signIn();
    expect(await titles(turned)).toEqual(['About Turned']);
  }, 900_000);

  it('ISO-09: nothing of it lies in the other tenant', async () => {
    expect(await titles(other)).toEqual(['About Other']);
  }, 60_000);
});
