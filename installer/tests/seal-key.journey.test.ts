import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureDir, writeFileAtomically } from '../src/host/write-file.ts';
import { rotateSealKey, type SealRotation } from '../src/rotation/rotate-seal-key.ts';
import { startChild } from '../src/test-parts/start-child.ts';
import { unprivileged } from '../src/test-parts/unprivileged.ts';
import { startVaultPart } from '../src/test-parts/vault-part.ts';
import { requestVault } from '../src/vault/request.ts';

describe('the seal key of a running key service', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'cm-'));
  let vault: Awaited<ReturnType<typeof startVaultPart>>;
  let noted = 0;

  beforeAll(async () => {
    const runAs = unprivileged();
    await ensureDir(dir, { mode: runAs ? 0o711 : 0o700 });
    vault = await startVaultPart({ dir, cacheDir: undefined, runAs, launch: startChild });
    await ask('POST', 'kv/data/rotation/kept', { data: { made_at: 'before' } });
  }, 60_000);
  afterAll(() => vault.stop());

  const ask = async (method: 'GET' | 'POST', at: string, body?: unknown) =>
    requestVault({
      socketPath: vault.socket,
      token: await vault.operatorToken(),
      method,
      path: at,
      body,
    });
  const isKept = async (): Promise<boolean> => {
    const { body } = await ask('GET', 'kv/data/rotation/kept');
    return (body.data?.['data'] as { made_at?: string } | undefined)?.made_at === 'before';
  };
  const rotation = (): SealRotation => ({
    configFile: vault.configFile,
    sealKeyFile: vault.sealKeyFile,
    owner: unprivileged(),
    writeConfig: vault.writeConfig,
    restart: vault.restart,
    rewrap: async () => {
      for (const at of ['sys/rotate/keyring', 'sys/rotate/root'])
        expect((await ask('POST', at, {})).status).toBeLessThan(300);
    },
    done: () => {
      noted += 1;
      return Promise.resolve();
    },
    progress: () => undefined,
  });
  const leftovers = (): string[] =>
    ['next', 'previous'].filter((name) => existsSync(`${vault.sealKeyFile}.${name}`));

  it('SEC-03: rotates; the new key alone opens it, the old one is refused and destroyed', async () => {
    const old = readFileSync(vault.sealKeyFile);
    await rotateSealKey(rotation());
    const present = readFileSync(vault.sealKeyFile);
    expect(present.equals(old)).toBe(false);
    expect(leftovers()).toEqual([]);
    expect(noted).toBe(1);
    expect(await isKept()).toBe(true);
    const config = readFileSync(vault.configFile, 'utf8');
    expect(config).not.toContain('previous_key');
    const owner = unprivileged();
    await writeFileAtomically(`${vault.sealKeyFile}.old`, old, { mode: 0o400, owner });
    await vault.writeConfig({ current: { id: '1', file: `${vault.sealKeyFile}.old` } });
    await expect(vault.restart()).rejects.toThrow('unknown key id');
    await writeFileAtomically(vault.configFile, config, { mode: 0o400, owner });
    await vault.restart();
    expect(await isKept()).toBe(true);
  });

  // Each call that the rotation makes, interrupted before and after it takes effect.
  const calls = ['writeConfig', 'restart', 'rewrap', 'writeConfig 2', 'restart 2', 'done'] as const;
  it.each(calls.flatMap((call) => [`before ${call}`, `after ${call}`] as const))(
    'SEC-03: interrupted %s it starts with what is configured, and another run ends the rotation',
    async (moment) => {
      const [when, call = '', count = '1'] = moment.split(' ');
      let seen = 0;
      const cut =
        <T>(name: string, work: () => Promise<T>) =>
        async (): Promise<T> => {
          const now = name === call && (seen += 1) === Number(count);
          if (now && when === 'before') throw new Error('cut');
          const value = await work();
          if (now) throw new Error('cut');
          return value;
        };
      const whole = rotation();
      const broken: SealRotation = {
        ...whole,
        writeConfig: (seal) => cut('writeConfig', () => whole.writeConfig(seal))(),
        restart: cut('restart', whole.restart),
        rewrap: cut('rewrap', whole.rewrap),
        done: cut('done', whole.done),
      };
      const old = readFileSync(vault.sealKeyFile);
      await expect(rotateSealKey(broken)).rejects.toThrow();
      await vault.restart();
      expect(await isKept()).toBe(true);
      await rotateSealKey(rotation());
      await vault.restart();
      expect(await isKept()).toBe(true);
      expect(leftovers()).toEqual([]);
      expect(readFileSync(vault.sealKeyFile).equals(old)).toBe(false);
    },
  );
});
