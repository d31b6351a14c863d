import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { lockPath } from './lock-path.ts';
import { readLock } from './read-lock.ts';

const components = Object.entries(readLock());

describe('the component lock', () => {
  it.each(components)('pins whatever a registry brings of %s', (_name, { registry }) => {
    for (const pinned of [
      registry,
      ...(registry && 'headers' in registry ? registry.headers : []),
    ]) {
      if (pinned?.client === 'go') expect(pinned.sum).toMatch(/^h1:[\w+/]{43}=$/);
      else expect(pinned?.sha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it.each(components)('names an https address and a whole checksum for %s, or none', (_, pins) => {
    if (!pins.vendor) return;
    expect(new URL(pins.vendor.url).protocol).toBe('https:');
    expect(pins.vendor.sha256 ?? '0'.repeat(64)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('names no registry by its host: the clients know where theirs is', () => {
    expect(readFileSync(lockPath, 'utf8')).not.toMatch(/pypi|npmjs|pythonhosted|proxy\.golang/);
  });
});
