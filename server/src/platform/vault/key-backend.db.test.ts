import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe } from '@jest/globals';
import { testConfig } from '../../../tests/test-appliance.ts';
import { createLog } from '../log.ts';
import { createVault } from './create-vault.ts';
import { createLocalKeys } from './local-keys.ts';
import { describeKeyBackend } from './testing/describe-key-backend.ts';
import { createTransitKeys } from './transit-keys.ts';

const log = createLog({ level: 'error', fields: {}, silent: true });

describe('ENC-05: OpenBao', () => {
  // Who makes keys can't open with them, and the reverse: the two programs' own tokens.
  const makes = createTransitKeys(
    createVault({ config: testConfig('none', {}, 'provisioner'), log }),
  );
  const opens = createTransitKeys(createVault({ config: testConfig('none'), log }));
  describeKeyBackend({ ...makes, unwrap: opens.unwrap });
});

describe('ENC-05: the local key', () => {
  const directory = mkdtempSync('/tmp/cmk-');
  writeFileSync(join(directory, 'master'), randomBytes(32));
  afterAll(() => rmSync(directory, { recursive: true }));
  describeKeyBackend(createLocalKeys(directory));
});
