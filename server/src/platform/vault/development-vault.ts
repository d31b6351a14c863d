import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  sign,
} from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../log.ts';
import { VaultError, type VaultClient, type VaultData } from './vault-client.ts';

const LEDGER_MARK = 'kv/data/ledger/';
const MASTER_BYTES = 32;
const NAME = /^[a-z0-9-]{1,64}$/;

/**
 * INSECURE stand-in for what else the key service does (tokens, proofs, passwords), for development
 * without one: keys in a directory, derived by HKDF-SHA256 (RFC 5869) from its file `master` (32
 * bytes or more). `database.json` there holds {"server":"…","server_0":"…",…}. Wrapping keys
 * are `local-keys.ts`. Production refuses the setting that leads here.
 */
export function createDevelopmentVault(directory: string, log: Log): VaultClient {
  const master = readFileSync(join(directory, 'master'));
  if (master.length < MASTER_BYTES)
    throw new Error(`${directory}/master is shorter than ${MASTER_BYTES} bytes`);
  mkdirSync(join(directory, 'keys'), { recursive: true, mode: 0o700 });
  log.warn('INSECURE: a development key stands in for the key service; keep no real data here');
  const keys = createKeys(directory, master);
  let calls = 0;
  return {
    calls: () => calls,
    answeredAt: () => performance.now(),
    read: (path) => {
      calls += 1;
      return settle(() => read(directory, keys, path));
    },
    write: (path, body) => {
      calls += 1;
      return settle(() => {
        if (!path.startsWith(LEDGER_MARK)) return write(keys, path, body);
        writeFileSync(join(directory, 'mark.json'), JSON.stringify(body));
        return {};
      });
    },
    remove: () => Promise.reject(new VaultError(404, 'no such path', undefined)),
  };
}

type Keys = ReturnType<typeof createKeys>;

function createKeys(directory: string, master: Buffer) {
  const fileOf = (name: string): string => {
    if (!NAME.test(name)) throw new VaultError(400, 'bad key name', undefined);
    return join(directory, 'keys', name);
  };
  const create = (name: string, content: () => Buffer): Buffer => {
    const file = fileOf(name);
    if (!existsSync(file)) writeFileSync(file, content(), { mode: 0o600, flag: 'wx' });
    return readFileSync(file);
  };
  return {
    create: (name: string): void => void create(name, () => randomBytes(32)),
    derive: (name: string): Buffer =>
      Buffer.from(hkdfSync('sha256', master, readFileSync(fileOf(name)), `${name}|`, 32)),
    signing: (): Buffer =>
      create('token-signing', () => {
        const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
        return Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' }));
      }),
  };
}

function read(directory: string, keys: Keys, path: string): VaultData {
  if (path === 'auth/token/lookup-self') return { insecure: true };
  if (path.startsWith('casemate-database/static-creds/casemate_')) {
    const all = JSON.parse(readFileSync(join(directory, 'database.json'), 'utf8')) as VaultData;
    return { password: all[nameOf(path).replace('casemate_', '')] };
  }
  if (path.startsWith(LEDGER_MARK) && existsSync(join(directory, 'mark.json')))
    return JSON.parse(readFileSync(join(directory, 'mark.json'), 'utf8')) as VaultData;
  if (path === 'transit/keys/token-signing') {
    const key = createPublicKey(createPrivateKey(keys.signing()));
    const public_key = key.export({ type: 'spki', format: 'pem' });
    return { keys: { 1: { public_key, creation_time: new Date(0).toISOString() } } };
  }
  throw new VaultError(404, 'no such path', undefined);
}

function write(keys: Keys, path: string, body: VaultData): VaultData {
  const [engine, action, name = ''] = path.split('/');
  const input = Buffer.from(textOf(body['input']), 'base64');
  if (engine !== 'transit') throw new VaultError(404, 'no such path', undefined);
  if (action === 'hmac') {
    keys.create(name);
    const mac = createHmac('sha256', keys.derive(name)).update(input).digest('base64');
    return { hmac: `vault:v1:${mac}` };
  }
  if (action === 'sign') {
    const signature = sign('sha256', input, createPrivateKey(keys.signing())).toString('base64');
    return { signature: `vault:v1:${signature}` };
  }
  throw new VaultError(404, 'no such path', undefined);
}

function nameOf(path: string): string {
  return path.split('/').at(-1) ?? '';
}

function settle<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
