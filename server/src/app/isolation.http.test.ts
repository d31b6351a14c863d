import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startScriptedModel, type ScriptedModel } from '../../tests/scripted-model.ts';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { startServer, type TestServer } from '../../tests/test-server.ts';
import { createChat } from '../chat/index.ts';
import { beginRun, KINDS, testIsolation, type Kind, type Report } from '../isolation/index.ts';
import { searchKnowledge } from '../knowledge/index.ts';
import { isolationSubject } from './isolation-subject.ts';
import { routeTable } from './routes.ts';

/** `CASEMATE_ISOLATION_KINDS=streams,jobs` looks for one fault, as the sabotage runs do. */
const chosen = process.env['CASEMATE_ISOLATION_KINDS']?.split(',');
const kinds = KINDS.filter((kind) => chosen?.includes(kind) ?? true);

/** The isolation test of the live appliance, on the real parts and over real HTTPS. */
describe('the isolation test', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let model: ScriptedModel;
  let report: Report;

  beforeAll(async () => {
    model = await startScriptedModel();
    // An answer that takes its time: it must still be written while it is attacked.
    model.answer([
      'The access code of the north casemate ',
      { wait: 20_000 },
      'is written in the house rules [1].',
    ]);
    appliance = await startAppliance({ CASEMATE_OLLAMA_URL: model.url });
    server = await startServer(appliance.config);
    const config = { ...appliance.config, CASEMATE_HTTPS_PORT: server.port };
    const chat = createChat({ search: searchKnowledge });
    const routes = routeTable({ identity: appliance.parts.identity, chat });
    const subject = await isolationSubject(appliance.parts, config, routes);
    try {
      const runId = await beginRun(subject, { origin: 'test' });
      report = await testIsolation(subject, runId, { origin: 'test', kinds });
      const file = process.env['CASEMATE_ISOLATION_REPORT'];
      if (file !== undefined) writeFileSync(file, JSON.stringify(report, null, 2));
    } finally {
      await subject.close();
    }
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
    await model.stop();
  });

  it.each(kinds)(
    'ISO-09: no attempt of kind %s gets anything of the other tenant',
    (kind: Kind) => {
      expect(report.leaks.filter((leak) => leak.kind === kind)).toEqual([]);
      expect(report.by_kind[kind].attempts).toBeGreaterThan(0);
    },
  );

  it('ISO-09: every attempt has a rightful twin that succeeds', () => {
    expect(report.not_shown).toEqual([]);
  });

  it('ISO-09: whatever the catalogs name was attacked', () => {
    for (const { missing } of Object.values(report.coverage)) expect(missing).toEqual([]);
    expect(report.ok).toBe(true);
  });

  it('ISO-09: nothing that it made is left', async () => {
    const { rows } = await appliance.superuser.query(
      `select account.name, account.state from control.accounts account where account.email like 'canary+%'
       union all select tenant.name, tenant.state from control.tenants tenant
       where tenant.state not in ('dropping', 'dropped')`,
    );
    expect(rows).toEqual([]);
  });
});
