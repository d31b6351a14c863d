import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  sign,
} from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../log.ts';
import { VaultError, type VaultClient, type VaultData } from './vault-client.ts';

const MASTER_BYTES = 32;
const NAME = /^[a-z0-9-]{1,64}$/;

/**
 * INSECURE stand-in for the key service, for development without one: keys in a directory, derived
 * by HKDF-SHA256 (RFC 5869) from its file `master` (32 bytes or more). `database.json` there holds
 * {"server":"…","server_0":"…",…}. Production refuses the setting that leads here.
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
    read: (path) => {
      calls += 1;
      return settle(() => read(directory, keys, path));
    },
    write: (path, body) => {
      calls += 1;
      return settle(() => write(keys, path, body));
    },
    remove: (path) => {
      calls += 1;
      return settle(() => keys.remove(nameOf(path)));
    },
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
    exists: (name: string): boolean => existsSync(fileOf(name)),
    create: (name: string): void => void create(name, () => randomBytes(32)),
    remove: (name: string): void => rmSync(fileOf(name), { force: true }),
    derive: (name: string, context: string): Buffer => {
      if (!existsSync(fileOf(name))) throw new VaultError(404, 'no such key', undefined);
      return Buffer.from(
        hkdfSync('sha256', master, readFileSync(fileOf(name)), `${name}|${context}`, 32),
      );
    },
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
  if (path === 'transit/keys/token-signing') {
    const key = createPublicKey(createPrivateKey(keys.signing()));
    return { keys: { 1: { public_key: key.export({ type: 'spki', format: 'pem' }) } } };
  }
  if (path.startsWith('transit/keys/') && keys.exists(nameOf(path))) return {};
  throw new VaultError(404, 'no such path', undefined);
}

function write(keys: Keys, path: string, body: VaultData): VaultData {
  const [engine, action, name = ''] = path.split('/');
  const input = Buffer.from(textOf(body['input']), 'base64');
  const context = textOf(body['context']);
  if (engine !== 'transit') throw new VaultError(404, 'no such path', undefined);
  if (action === 'keys') keys.create(name);
  else if (action === 'datakey')
    return { ciphertext: wrap(keys.derive(path.split('/')[3] ?? '', context)) };
  else if (action === 'decrypt')
    return { plaintext: unwrap(keys.derive(name, context), String(body['ciphertext'])) };
  else if (action === 'hmac') {
    keys.create(name);
    const mac = createHmac('sha256', keys.derive(name, '')).update(input).digest('base64');
    return { hmac: `vault:v1:${mac}` };
  } else if (action === 'sign') {
    const signature = sign('sha256', input, createPrivateKey(keys.signing())).toString('base64');
    return { signature: `vault:v1:${signature}` };
  } else throw new VaultError(404, 'no such path', undefined);
  return {};
}

function wrap(key: Buffer): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const body = Buffer.concat([cipher.update(randomBytes(32)), cipher.final()]);
  return `development:${Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64')}`;
}

function unwrap(key: Buffer, ciphertext: string): string {
  const bytes = Buffer.from(ciphertext.replace(/^development:/, ''), 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), {
    authTagLength: 16,
  });
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString(
    'base64',
  );
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
