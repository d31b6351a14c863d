import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startScriptedModel, type ScriptedModel } from '../../../tests/scripted-model.ts';
import { eventually, makeSealedTenant, type SealedTenant } from '../../../tests/sealed-tenant.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { createModelServer } from '../../platform/index.ts';
import {
  closeSeal,
  deleteTenant,
  openSeal,
  readSeal,
  sealChecks,
  startForgetting,
  suspendTenant,
} from '../index.ts';

const NOBODY = 'http://127.0.0.1:9';

describe('what the model server holds of a tenant that is sealed', () => {
  let model: ScriptedModel;
  let appliance: TestAppliance;
  let stopListening: () => Promise<void>;
  let tenant: SealedTenant;
  let forgetting: { stop(): Promise<void> } | undefined;

  beforeAll(async () => {
    model = await startScriptedModel();
    appliance = await startAppliance({ CASEMATE_OLLAMA_URL: model.url });
    stopListening = await appliance.parts.tenantChanges.start();
    tenant = await makeSealedTenant(appliance);
  });
  afterEach(async () => {
    await forgetting?.stop();
    forgetting = undefined;
    if ((await readSeal(holding(), tenant.id)).sealed) await open();
  });
  afterAll(async () => {
    await stopListening();
    await appliance.stop();
    await model.stop();
  });

  const holding = (): ReturnType<TestAppliance['contextOf']> =>
    appliance.contextOf(tenant.holder, tenant.id);
  const open = (): Promise<unknown> =>
    openSeal(holding(), { tenantId: tenant.id, shares: tenant.shares.slice(0, 2) });
  const start = (models = appliance.parts.platform.models): void => {
    const { db, log } = appliance.parts.platform;
    const quiet = { ...log, warn: () => undefined };
    forgetting = startForgetting({
      platform: { db, log: quiet, models },
      everyMs: 50,
      againMs: 100,
      settleSeconds: 0,
    });
  };
  const leftSince = async (): Promise<Date | null> =>
    (await readSeal(holding(), tenant.id)).promptsLeftSince;
  const forgotten = (): Promise<true> =>
    eventually(async () => ((await leftSince()) === null ? true : undefined));
  const load = async (): Promise<void> => {
    await appliance.parts.platform.models.embed('casemate-embed', ['the archive key']);
    expect([...model.loaded]).toEqual(['casemate-embed']);
  };
  const events = async (): Promise<unknown[]> => {
    const { rows } = await appliance.superuser.query<{ after: unknown }>(
      `select after from control.audit_events where action = 'seal.forget' order by id`,
    );
    return rows.map(({ after }) => after);
  };

  it('ENC-11: a seal does not wait for the model server; while it is away the seal says what is left, and the check fails', async () => {
    await load();
    await closeSeal(holding(), tenant.id);
    start(createModelServer(NOBODY));
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await leftSince()).toBeInstanceOf(Date);
    const [check] = sealChecks;
    await expect(check?.run(holding())).resolves.toMatchObject({ status: 'pass' });
    await appliance.superuser.query(
      `update control.tenants set prompts_left_since = now() - interval '11 minutes' where id = $1`,
      [tenant.id],
    );
    await expect(check?.run(holding())).resolves.toMatchObject({
      status: 'fail',
      evidence: expect.stringContaining('in the memory of the model server'),
    });
    // Its twin: the model server is back.
    await forgetting?.stop();
    start();
    await forgotten();
    await expect(check?.run(holding())).resolves.toMatchObject({ status: 'pass' });
  });

  it('ENC-11: every loaded model is unloaded after a seal, which the audit log tells', async () => {
    await load();
    const before = (await events()).length;
    start();
    await closeSeal(holding(), tenant.id);
    await forgotten();
    expect([...model.loaded]).toEqual([]);
    expect((await events()).slice(before)).toEqual([{ models: 1 }]);
  });

  it('ENC-11: a model that others keep busy is loaded anew, which ends the process of before', async () => {
    await load();
    model.keepBusy();
    const before = model.unloads.length;
    start();
    await closeSeal(holding(), tenant.id);
    await forgotten();
    expect(model.unloads.slice(before)).toEqual(['unload casemate-embed', 'reload casemate-embed']);
    expect([...model.loaded]).toEqual([]);
  });

  it('ENC-11: neither an open tenant nor one of the standard tier makes it forget; one that is deleted open does', async () => {
    await load();
    start();
    const standard = await appliance.makeTenant();
    const system = appliance.contextOf(null, null);
    await suspendTenant(system, standard);
    await closeSeal(holding(), tenant.id);
    await forgotten();
    await load();
    await open();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([...model.loaded]).toEqual(['casemate-embed']);
    const other = await makeSealedTenant(appliance, 'Deleted while open');
    await deleteTenant(system, other.id, 'Deleted while open');
    await eventually(() => Promise.resolve(model.loaded.size === 0 ? true : undefined));
  });
});
