import { describe, expect, it } from '@jest/globals';
import type { Deletion } from '../../lib/api/types.ts';
import { deletionWords } from './deletion-words.ts';

const copies = {
  keysUntil: '2026-11-09T12:00:00.000Z',
  dataUntil: '2026-12-07T12:00:00.000Z',
  keysGone: false,
  dataGone: false,
};
const deletion: Deletion = {
  tenantId: '0',
  name: 'Gone',
  entry: 1,
  deletedAt: '2026-11-01T12:00:00.000Z',
  removed: true,
  copies,
};

describe('what is said of a deletion', () => {
  it('ENC-09: is never that nothing is left while a copy is', () => {
    expect(deletionWords(deletion)).toBe(
      'the last copy dies by 7 Dec 2026, that of its key by 9 Nov 2026',
    );
    expect(deletionWords({ ...deletion, copies: { ...copies, keysGone: true } })).toBe(
      'the last copy dies by 7 Dec 2026; no copy of its key is left',
    );
    const data = { ...copies, dataGone: true };
    expect(deletionWords({ ...deletion, copies: data })).toContain('dies by');
    expect(deletionWords({ ...deletion, removed: false })).toContain('being destroyed');
  });

  it('ENC-09: is that none is left once both are gone', () => {
    const gone = { ...copies, dataGone: true, keysGone: true };
    expect(deletionWords({ ...deletion, copies: gone })).toBe('no copy is left in the backups');
    expect(deletionWords({ ...deletion, copies: null })).toContain('no backups are planned');
  });
});
