import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startScriptedModel, type ScriptedModel } from '../../../tests/scripted-model.ts';
import { createModelServer, type ModelServer } from './model-server.ts';

const signal = new AbortController().signal;

/** Behind one address whoever balances hands each call to one of them. */
describe('several model servers behind one address', () => {
  let first: ScriptedModel;
  let second: ScriptedModel;
  let addresses: string[];
  let pool: ModelServer;

  beforeEach(async () => {
    first = await startScriptedModel();
    second = await startScriptedModel(Number(new URL(first.url).port), '127.0.0.2');
    addresses = ['127.0.0.1', '127.0.0.2', '127.0.0.1'];
    pool = createModelServer(first.url, { pool: () => Promise.resolve(addresses) });
    for (const { url } of [first, second])
      await createModelServer(url).embed('casemate-embed', ['a']);
  });
  afterEach(async () => {
    await first.stop();
    await second.stop();
  });

  it('ENC-11: forgetting fails while one of them is away or nobody says which there are', async () => {
    await second.stop();
    await expect(pool.forget(signal)).rejects.toMatchObject({ code: 'unavailable' });
    const nameless = createModelServer(first.url, {
      pool: () => Promise.reject(new Error('ENOTFOUND')),
    });
    await expect(nameless.forget(signal)).rejects.toMatchObject({ code: 'unavailable' });
    addresses = [];
    await expect(pool.forget(signal)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('ENC-11: each of them forgets what it holds, once', async () => {
    expect([first, second].map(({ loaded }) => [...loaded])).toEqual([
      ['casemate-embed'],
      ['casemate-embed'],
    ]);
    await expect(pool.forget(signal)).resolves.toBe(2);
    for (const { loaded, unloads } of [first, second]) {
      expect([...loaded]).toEqual([]);
      expect(unloads).toEqual(['unload casemate-embed']);
    }
  });
});
