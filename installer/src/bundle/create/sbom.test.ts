import { describe, expect, it } from '@jest/globals';
import { cycloneDx, spdx } from './sbom.ts';

const input = {
  version: '0.2.0',
  released: '2026-01-01T00:00:00.000Z',
  components: [
    {
      ...{ name: 'node', version: '24.21.0', licence: 'MIT', file: 'components/node/x' },
      ...{ sha256: 'ab'.repeat(32), unpackedBytes: 1, glibc: '2.28' },
    },
  ],
  packages: [
    {
      name: '@x/y',
      version: '1.0.0',
      licence: 'ISC',
      integrity: `sha512-${Buffer.from('z').toString('base64')}`,
    },
  ],
};

describe('the list of parts', () => {
  it('DEP-05: names every part with its version, licence and checksum in both forms', () => {
    const bom = JSON.parse(cycloneDx(input)) as { components: unknown[] };
    expect(bom.components).toEqual([
      expect.objectContaining({
        name: 'node',
        version: '24.21.0',
        licenses: [{ expression: 'MIT' }],
        hashes: [{ alg: 'SHA-256', content: 'ab'.repeat(32) }],
      }),
      expect.objectContaining({
        purl: 'pkg:npm/%40x/y@1.0.0',
        licenses: [{ expression: 'ISC' }],
        hashes: [{ alg: 'SHA-512', content: '7a' }],
      }),
    ]);
    const document = JSON.parse(spdx(input)) as {
      packages: { name: string }[];
      relationships: unknown[];
    };
    expect(document.packages.map(({ name }) => name)).toEqual(['casemate', 'node', '@x/y']);
    expect(document.relationships).toHaveLength(3);
  });

  it('is the same whenever it is made', () => {
    expect(cycloneDx(input)).toBe(cycloneDx(structuredClone(input)));
    expect(spdx(input)).toBe(spdx(structuredClone(input)));
  });
});
