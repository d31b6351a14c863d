import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../../../installer/src/host/free-port.ts';
import { buildVault } from '../../../tests/build-vault.ts';
import { testConfig } from '../../../tests/test-appliance.ts';
import { describeKeyBackend } from './testing/describe-key-backend.ts';
import { createTransitKeys } from './transit-keys.ts';
import { createVaultTransport, type VaultClient } from './vault-client.ts';

const TOKEN = 'for-this-test-only';
const built = buildVault();

if ('missing' in built)
  it.skip(`HashiCorp Vault: ${built.missing}`, () => expect(built).toBeDefined());
else
  describe('HashiCorp Vault', () => {
    let server: ChildProcess;
    let client: VaultClient;
    const through: VaultClient = {
      read: (path) => client.read(path),
      write: (path, body) => client.write(path, body),
      remove: (path) => client.remove(path),
      calls: () => client.calls(),
      answeredAt: () => client.answeredAt(),
    };

    beforeAll(async () => {
      const port = await freePort();
      const flags = [`-dev-root-token-id=${TOKEN}`, `-dev-listen-address=127.0.0.1:${port}`];
      server = spawn(built.file, ['server', '-dev', '-dev-no-store-token', ...flags], {
        stdio: 'ignore',
      });
      const { CASEMATE_VAULT_SOCKET: _socket, ...config } = testConfig('none');
      const wire = createVaultTransport({
        ...config,
        CASEMATE_VAULT_ADDR: `http://127.0.0.1:${port}`,
      });
      const token = TOKEN;
      client = {
        calls: wire.calls,
        answeredAt: wire.answeredAt,
        read: async (path) => (await wire.send('GET', path, { token })).data ?? {},
        write: async (path, body) => (await wire.send('POST', path, { token, body })).data ?? {},
        remove: async (path) => {
          await wire.send('DELETE', path, { token });
        },
      };
      await untilUp(client);
      await client.write('sys/mounts/transit', { type: 'transit' });
      await client.write('transit/config/keys', { disable_upsert: true });
    }, 60_000);
    describeKeyBackend(createTransitKeys(through, 'HashiCorp Vault'));
    // After what the cases clean up themselves.
    afterAll(() => void server.kill('SIGKILL'));
  });

async function untilUp(client: VaultClient): Promise<void> {
  for (let tries = 0; ; tries += 1)
    try {
      await client.read('sys/mounts');
      return;
    } catch (error) {
      if (tries === 200) throw error;
      await pause(100);
    }
}
