import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { tempDir } from '../../components/testing/temp-dir.ts';
import { identityText, makeIdentity } from '../age.ts';
import { getIdentity } from './open-repositories.ts';

describe('the recipient’s private key', () => {
  const file = path.join(tempDir(), 'key');

  it('RES-04: that is lost is refused, with the one way that is left', async () => {
    await expect(getIdentity('/nowhere/key')).rejects.toMatchObject({
      message: expect.stringContaining("can't be read"),
      next: expect.stringMatching(/nobody reads these backups.*casemate backup key .*--replace/),
    });
  });

  it('RES-04: that is cut or mistyped is refused by its checksum', async () => {
    const text = identityText(makeIdentity());
    for (const wrong of [text.slice(0, -4), text.replace(/KEY-1(.)/, 'KEY-1Q$1'), '']) {
      writeFileSync(file, wrong);
      await expect(getIdentity(file)).rejects.toMatchObject({ code: 'usage' });
    }
    writeFileSync(file, text);
    await expect(getIdentity(file)).resolves.toMatchObject({ recipient: expect.any(String) });
  });
});
