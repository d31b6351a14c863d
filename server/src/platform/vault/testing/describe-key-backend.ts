import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { wrappingVersion, type KeyBackend } from '../key-backend.ts';

/** What every backend of wrapping keys must do; the same cases run against each of them. */
export function describeKeyBackend(keys: KeyBackend): void {
  const named = (): string => `tenant-${randomUUID().replaceAll('-', '')}`;
  const place = { key: named(), context: 'casemate|a' };

  beforeAll(() => keys.create(place.key));
  afterAll(() => keys.destroy(place.key));

  it('ENC-05: opens nothing for another context, another key or a changed bit', async () => {
    const other = { key: named(), context: place.context };
    await keys.create(other.key);
    const wrapped = await keys.wrapNew(place);
    const changed = wrapped.slice(0, -6) + (wrapped.at(-6) === 'A' ? 'B' : 'A') + wrapped.slice(-5);
    await expect(keys.unwrap({ ...place, context: 'casemate|b' }, [wrapped])).rejects.toThrow();
    await expect(keys.unwrap(other, [wrapped])).rejects.toThrow();
    await expect(keys.unwrap(place, [changed])).rejects.toThrow();
    await expect(keys.unwrap(place, [wrapped, changed])).rejects.toThrow();
    await expect(keys.unwrap(place, [wrapped])).resolves.toHaveLength(1);
    await keys.destroy(other.key);
  });

  it('ENC-05: wraps 256 random bits, and opens several in their order', async () => {
    const wrapped = [await keys.wrapNew(place), await keys.wrapNew(place)];
    const [one, two] = await keys.unwrap(place, wrapped);
    expect([one?.length, two?.length]).toEqual([32, 32]);
    expect(one?.equals(two ?? Buffer.alloc(0))).toBe(false);
    const again = await keys.unwrap(place, [...wrapped].reverse());
    expect(again.map(String)).toEqual([String(two), String(one)]);
  });

  it('ENC-03: after a rotation both versions open; once refused, the older one no longer', async () => {
    const old = await keys.wrapNew(place);
    const before = wrappingVersion(old);
    await keys.rotate(place.key);
    const moved = await keys.rewrap(place, old);
    expect(wrappingVersion(moved)).toBe(before + 1);
    const [a, b] = await keys.unwrap(place, [old, moved]);
    expect(a?.equals(b ?? Buffer.alloc(0))).toBe(true);
    await keys.refuseBefore(place.key, before + 1);
    await expect(keys.unwrap(place, [old])).rejects.toThrow();
    await expect(keys.rewrap(place, old)).rejects.toThrow();
    await expect(keys.unwrap(place, [moved])).resolves.toHaveLength(1);
    const found = await keys.find(place.key);
    expect(found).toMatchObject({ latest: before + 1, oldestOpening: before + 1 });
    expect(found?.exportable).toBe(false);
    expect(found?.createdAt.get(before + 1)?.getTime()).toBeGreaterThan(Date.now() - 3_600_000);
  });

  it('making a key twice keeps it, and a name of another kind is refused', async () => {
    const wrapped = await keys.wrapNew(place);
    await keys.create(place.key);
    await expect(keys.unwrap(place, [wrapped])).resolves.toHaveLength(1);
    await expect(keys.create('../elsewhere')).rejects.toThrow();
  });

  it('ENC-09: a destroyed key is not listed and opens nothing, nor does one of its name', async () => {
    const gone = { key: named(), context: 'c' };
    await keys.create(gone.key);
    const wrapped = await keys.wrapNew(gone);
    expect(await keys.listKeys()).toContain(gone.key);
    await keys.destroy(gone.key);
    await keys.destroy(gone.key);
    expect(await keys.listKeys()).not.toContain(gone.key);
    expect(await keys.find(gone.key)).toBeUndefined();
    await expect(keys.unwrap(gone, [wrapped])).rejects.toThrow();
    await keys.create(gone.key);
    await expect(keys.unwrap(gone, [wrapped])).rejects.toThrow();
    await keys.destroy(gone.key);
  });
}
