import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { KeyBackend, KeyPlace, KeyVersions } from './key-backend.ts';
import { VaultError } from './vault-client.ts';

const MASTER_BYTES = 32;
const NAME = /^[a-z0-9-]{1,64}$/;

type Stored = { oldest: number; versions: { salt: string; createdAt: string }[] };

/**
 * INSECURE keys in a directory, for development without a key service. Each version is derived by
 * HKDF-SHA256 (RFC 5869) from the file `master` (32 bytes or more) and a salt of its own; who reads
 * the directory reads everything. Production refuses the setting that names it.
 */
export function createLocalKeys(directory: string): KeyBackend {
  const master = readFileSync(join(directory, 'master'));
  if (master.length < MASTER_BYTES)
    throw new Error(`${directory}/master is shorter than ${MASTER_BYTES} bytes`);
  const files = createFiles(join(directory, 'wrapping-keys'));
  const derive = ({ key, context }: KeyPlace, version: number): Buffer => {
    const { salt } = files.get(key).versions[version - 1] ?? refuse('no such version');
    const info = `wrap|${key}|${version}|${context}`;
    return Buffer.from(hkdfSync('sha256', master, Buffer.from(salt, 'base64'), info, 32));
  };
  const open = (place: KeyPlace, wrapped: string): Buffer => {
    const [, version = '', body = ''] = /^local:v(\d{1,9}):(.+)$/.exec(wrapped) ?? [];
    if (+version < files.get(place.key).oldest) refuse('the version is too old');
    return decrypt(derive(place, +version), Buffer.from(body, 'base64'));
  };
  const seal = (place: KeyPlace, bytes: Buffer): string => {
    const version = files.get(place.key).versions.length;
    return `local:v${version}:${encrypt(derive(place, version), bytes).toString('base64')}`;
  };
  return {
    label: 'INSECURE local key',
    insecure: true,
    create: settle((key: string) => {
      if (!files.find(key)) files.put(key, { oldest: 1, versions: [newVersion()] });
    }),
    find: settle((key: string) => {
      const stored = files.find(key);
      return stored && versionsOf(stored);
    }),
    listKeys: settle(() => files.names()),
    rotate: settle((key: string) => {
      const { oldest, versions } = files.get(key);
      files.put(key, { oldest, versions: [...versions, newVersion()] });
    }),
    refuseBefore: (key, version) =>
      settle(() => files.put(key, { ...files.get(key), oldest: version }))(),
    destroy: settle((key: string) => files.remove(key)),
    wrapNew: settle((place: KeyPlace) => seal(place, randomBytes(32))),
    unwrap: (place, wrapped) => settle(() => wrapped.map((text) => open(place, text)))(),
    rewrap: (place, wrapped) => settle(() => seal(place, open(place, wrapped)))(),
  };
}

function createFiles(directory: string) {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const fileOf = (key: string): string =>
    NAME.test(key) ? join(directory, key) : refuse('bad key name');
  const find = (key: string): Stored | undefined => {
    if (!existsSync(fileOf(key))) return undefined;
    return JSON.parse(readFileSync(fileOf(key), 'utf8')) as Stored;
  };
  return {
    find,
    get: (key: string): Stored => find(key) ?? refuse('no such key', 404),
    names: (): string[] => readdirSync(directory).filter((name) => NAME.test(name)),
    put: (key: string, stored: Stored): void => {
      writeFileSync(`${fileOf(key)}.new`, JSON.stringify(stored), { mode: 0o600 });
      renameSync(`${fileOf(key)}.new`, fileOf(key));
    },
    remove: (key: string): void => rmSync(fileOf(key), { force: true }),
  };
}

function newVersion(): Stored['versions'][number] {
  return { salt: randomBytes(32).toString('base64'), createdAt: new Date().toISOString() };
}

function versionsOf({ oldest, versions }: Stored): KeyVersions {
  return {
    latest: versions.length,
    oldestOpening: oldest,
    createdAt: new Map(versions.map(({ createdAt }, at) => [at + 1, new Date(createdAt)])),
    exportable: false,
  };
}

function encrypt(key: Buffer, bytes: Buffer): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  return Buffer.concat([iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, bytes: Buffer): Buffer {
  if (bytes.length < 28) refuse('not a wrapped key');
  const iv = bytes.subarray(0, 12);
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 });
  decipher.setAuthTag(bytes.subarray(-16));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
  } catch (error) {
    throw new VaultError(400, 'a wrapped key was refused', error);
  }
}

function refuse(why: string, status = 400): never {
  throw new VaultError(status, why, undefined);
}

function settle<A extends unknown[], T>(work: (...args: A) => T): (...args: A) => Promise<T> {
  return (...args) => new Promise((resolve) => resolve(work(...args)));
}
