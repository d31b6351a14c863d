import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { AppError, VaultError, type KeyBackend } from '../../platform/index.ts';
import { createFieldEncryptor } from './field-encryptor.ts';
import { createKeyCache, type KeyCache, type KeyMemory } from './key-cache.ts';

const place = { table: 't', row: '1', field: 'f' };
const forever = new AbortController().signal;

/** A key service that counts, and keeps the buffers that it gave away. */
function backendOf(key = randomBytes(32)) {
  const given: Buffer[] = [];
  const unwrap = (_place: unknown, wrapped: readonly string[]): Promise<Buffer[]> => {
    const buffers = wrapped.map(() => Buffer.from(key));
    given.push(...buffers);
    return Promise.resolve(buffers);
  };
  return { backend: { unwrap } as unknown as KeyBackend, given };
}

const owner = {
  name: 'tenant',
  place: { key: 'tenant-1', context: 'c' },
  listKeys: () => Promise.resolve([{ version: 1, wrapped: 'w', state: 'current' as const }]),
};

function startCache(memory: KeyMemory) {
  const made = backendOf();
  return { ...made, cache: createKeyCache(made.backend, memory) };
}

const open = async (cache: KeyCache, signal = forever) =>
  createFieldEncryptor(owner.name, await cache.open(owner, signal));

describe('unwrapped keys', () => {
  it('ENC-04: are erased when their time is over, also for who still holds them', async () => {
    const { cache, given } = startCache({ seconds: 0.2, uses: 1000 });
    const fields = await open(cache);
    const sealed = fields.encrypt(place, 'x');
    await pause(300);
    expect(() => fields.decrypt(place, sealed)).toThrow(/erased from memory/);
    expect(cache.size()).toBe(0);
    expect((await open(cache)).decrypt(place, sealed)).toBe('x');
    expect(given).toHaveLength(2);
  });

  it('ENC-04: leave no bytes in the buffers that they came in', async () => {
    const { cache, given } = startCache({ seconds: 60, uses: 1000 });
    await open(cache);
    expect(given.map((buffer) => buffer.every((byte) => byte === 0))).toEqual([true]);
  });

  it('ENC-04: are unwrapped anew after so many uses, counted over all who hold them', async () => {
    const { cache, given } = startCache({ seconds: 60, uses: 4 });
    const [a, b] = [await open(cache), await open(cache)];
    const sealed = a.encrypt(place, 'x');
    for (const fields of [a, b, b]) fields.decrypt(place, sealed);
    expect(given).toHaveLength(1);
    expect((await open(cache)).decrypt(place, sealed)).toBe('x');
    expect(given).toHaveLength(2);
    // Whoever held the used ones goes on with the fresh ones.
    expect(a.decrypt(place, sealed)).toBe('x');
  });

  it('ENC-04: in strict mode belong to one request and end with it', async () => {
    const { cache, given } = startCache({ seconds: 0, uses: 1000 });
    const request = new AbortController();
    const fields = await open(cache, request.signal);
    const sealed = fields.encrypt(place, 'x');
    await open(cache);
    expect(given).toHaveLength(2);
    request.abort();
    expect(() => fields.decrypt(place, sealed)).toThrow(/erased from memory/);
  });

  it('ENC-04: that are renewed stay while they are used, and never longer than they may', async () => {
    const { cache, given } = startCache({ seconds: 0.2, uses: 1000, longestSeconds: 0.5 });
    const first = await open(cache);
    const sealed = first.encrypt(place, 'x');
    const counts = [];
    for (let moment = 0; moment < 18; moment += 1) {
      await open(cache);
      cache.renew(owner.name, performance.now());
      await pause(40);
      counts.push(given.length);
    }
    expect(counts[7]).toBe(1);
    expect(counts.at(-1)).toBeGreaterThan(1);
    expect((await open(cache)).decrypt(place, sealed)).toBe('x');
  });

  it('ENC-04: that are renewed and not used end as before', async () => {
    const { cache } = startCache({ seconds: 0.2, uses: 1000, longestSeconds: 60 });
    await open(cache);
    for (let moment = 0; moment < 15; moment += 1) {
      cache.renew(owner.name, performance.now());
      await pause(20);
    }
    expect(cache.size()).toBe(0);
  });

  it('ENC-04: that nobody renews end as before, however much they are used', async () => {
    const { cache, given } = startCache({ seconds: 0.2, uses: 1000, longestSeconds: 60 });
    for (let moment = 0; moment < 15; moment += 1) {
      await open(cache);
      await pause(20);
    }
    expect(given.length).toBeGreaterThan(1);
  });

  it('are erased at once for an owner that is closed, even while they arrive', async () => {
    const { cache } = startCache({ seconds: 60, uses: 1000 });
    const fields = await open(cache);
    const arriving = open(cache);
    cache.erase(owner.name);
    expect(() => fields.encrypt(place, 'x')).toThrow(/erased from memory/);
    const late = await arriving;
    expect(() => late.encrypt(place, 'x')).toThrow(/erased from memory/);
  });

  it('are asked for once when many come at the same time', async () => {
    const { cache, given } = startCache({ seconds: 60, uses: 1000 });
    await Promise.all(Array.from({ length: 20 }, () => open(cache)));
    expect(given).toHaveLength(1);
  });

  it('ENC-02: a field that does not open says so in one sentence, whatever is wrong', async () => {
    const { cache } = startCache({ seconds: 60, uses: 1000 });
    const fields = await open(cache);
    const sealed = fields.encrypt(place, 'a secret text');
    for (const bad of [sealed.replace('cm1.1', 'cm1.2'), `${sealed}A`, 'plain', '']) {
      const error = errorOf(() => fields.decrypt(place, bad));
      expect(error).toMatchObject({ code: 'unreadable', status: 409 });
      expect(error.message).not.toContain('secret text');
    }
  });

  it('are read once more when the key service refuses: they may just have been re-wrapped', async () => {
    const { backend } = backendOf();
    let refusals = 1;
    const once: KeyBackend = {
      ...backend,
      unwrap: (at, wrapped) =>
        refusals-- > 0
          ? Promise.reject(new VaultError(400, 'too old', undefined))
          : backend.unwrap(at, wrapped),
    };
    const cache = createKeyCache(once, { seconds: 60, uses: 10 });
    await expect(open(cache)).resolves.toBeDefined();
    refusals = 9;
    cache.erase(owner.name);
    await expect(open(cache)).rejects.toMatchObject({ code: 'unreadable' });
  });
});

function errorOf(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('it did not fail as it should');
}
