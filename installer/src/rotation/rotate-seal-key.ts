import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Fault } from '../fault.ts';
import { writeFileAtomically, type Owner } from '../host/write-file.ts';
import { findSealKeys } from '../vault/find-seal-keys.ts';
import type { SealKeys } from '../vault/server-config.ts';
import { destroyFile } from './destroy-file.ts';

export type SealRotation = {
  configFile: string;
  sealKeyFile: string;
  owner: Owner | undefined;
  writeConfig: (seal: SealKeys) => Promise<void>;
  /** Starts the key service again; rejects when it does not become ready. */
  restart: () => Promise<void>;
  /** `sys/rotate/root` and `sys/rotate/keyring`, as the operator. */
  rewrap: () => Promise<void>;
  /** Called when the new key is the only one that opens the key service. */
  done: () => Promise<void>;
  progress: (text: string) => void;
};

/**
 * Gives the key service a new seal key. Both keys are configured while its root key is wrapped anew;
 * then the old one is taken away, the key service must start without it, and only then is it
 * destroyed. After an interruption, wherever it was, the key service starts with what is
 * configured, and another run goes on. OpenBao wraps again by itself at a start with another
 * key only where recovery keys exist, and self-initialisation makes none (openbao/openbao#3996);
 * rotating the root key does it in every case.
 */
export async function rotateSealKey(rotation: SealRotation): Promise<void> {
  const { sealKeyFile, progress } = rotation;
  const next = `${sealKeyFile}.next`;
  const previous = `${sealKeyFile}.previous`;
  const found = await findSealKeys(rotation.configFile);
  if (!found || found.current.file.startsWith('/run/credentials/')) throw notAFile(found);
  if (!found.previous && (await isSame(next, sealKeyFile))) {
    progress('finishing an earlier rotation');
    await finish(rotation, [previous, next]);
    return;
  }
  const seal = found.previous ? found : await begin(rotation, { found, next, previous });
  progress('the key service starts with both keys');
  await rotation.restart();
  progress('its root key is wrapped anew');
  await rotation.rewrap();
  const key = await readFile(seal.current.file);
  await writeFileAtomically(sealKeyFile, key, { mode: 0o400, owner: rotation.owner });
  progress('the key service starts with the new key alone');
  await rotation.writeConfig({ current: { id: seal.current.id, file: sealKeyFile } });
  try {
    await rotation.restart();
  } catch (error) {
    await rotation.writeConfig(seal);
    await rotation.restart().catch(() => undefined);
    throw new Fault('The key service did not open with the new key alone', {
      why: 'Both keys are configured again, and nothing is lost.',
      next: 'See `casemate logs openbao`, then run the command again.',
      cause: error,
    });
  }
  await finish(rotation, [previous, next]);
}

async function begin(
  rotation: SealRotation,
  at: { found: SealKeys; next: string; previous: string },
): Promise<SealKeys> {
  const file = { mode: 0o400, owner: rotation.owner };
  // A key that an interrupted run drew has wrapped nothing yet, or the configuration would name it.
  const key = randomBytes(32);
  await writeFileAtomically(at.next, key, file);
  await writeFileAtomically(at.previous, await readFile(at.found.current.file), file);
  const id = createHash('sha256').update('seal key ').update(key).digest('hex').slice(0, 16);
  const seal = {
    current: { id, file: at.next },
    previous: { id: at.found.current.id, file: at.previous },
  };
  await rotation.writeConfig(seal);
  return seal;
}

/** The note last: a run that was interrupted before it comes back here. */
async function finish(rotation: SealRotation, [previous, next]: readonly [string, string]) {
  await destroyFile(previous);
  await rotation.done();
  await destroyFile(next);
}

async function isSame(file: string, other: string): Promise<boolean> {
  if (!existsSync(file)) return false;
  return (await readFile(file)).equals(await readFile(other));
}

function notAFile(found: SealKeys | undefined): Fault {
  if (!found) {
    return new Fault('The key service has no static seal', {
      next: 'Run `casemate install` again: it writes the configuration of the key service.',
    });
  }
  return new Fault('The seal key is a credential of systemd, which only you can replace', {
    next: 'See docs/rotation.md: draw a key, seal it with systemd-creds, and name both for one start.',
    code: 'usage',
  });
}
