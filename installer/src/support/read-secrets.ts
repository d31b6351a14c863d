import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { smtpPasswordFile } from '../instance/monitoring-settings.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import { backupFiles } from '../backup/plan.ts';

const LARGEST = 256 * 1024;
const SECRET_FIELD = /secret|token|password|key|id$/i;

/**
 * Every secret that lies in a file of this appliance, as bytes: seal key, credentials, keys of
 * certificates, passwords of backups and relays, tokens. Each file as a whole, its lines, and the values
 * in it. The passwords of the database and the keys of tenants are in the key service alone; no program
 * of this host can read them, so nothing of this host can have written them down.
 */
export async function readSecrets(layout: InstanceLayout): Promise<Buffer[]> {
  const found = new Map<string, Buffer>();
  for (const file of await listSecretFiles(layout)) {
    const bytes = await readFile(file).catch(() => Buffer.alloc(0));
    for (const secret of secretsIn(bytes)) found.set(secret.toString('hex'), secret);
  }
  return [...found.values()];
}

async function listSecretFiles(layout: InstanceLayout): Promise<string[]> {
  const paths = instancePaths(layout);
  const backups = backupFiles(layout);
  const folders = [
    path.dirname(paths.credentialFile('issuer')),
    layout.sealDir,
    path.dirname(paths.roleIdFile('server')),
    paths.commandDir,
    ...(['server', 'provisioner'] as const).map((role) =>
      path.dirname(paths.wrappedSecretIdFile(role)),
    ),
  ];
  const inFolders = await Promise.all(folders.map(listFiles));
  const keys = (await listFiles(paths.tlsDir)).filter((file) => file.endsWith('.key'));
  const single = [
    ...[backups.passwordFile('data'), backups.passwordFile('keys'), backups.credentialsFile],
    smtpPasswordFile(layout),
    path.join(paths.serverDataDir, 'metrics-token'),
  ];
  const all = [...inFolders.flat(), ...keys, ...single];
  const sizes = await Promise.all(all.map((file) => stat(file).catch(() => undefined)));
  return all.filter((_file, index) => {
    const found = sizes[index];
    return found?.isFile() === true && found.size > 0 && found.size <= LARGEST;
  });
}

async function listFiles(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries.filter((one) => one.isFile()).map((one) => path.join(one.parentPath, one.name));
}

/** What one file holds that must not be told: itself, each longer line, and each value of JSON. */
export function secretsIn(bytes: Buffer): Buffer[] {
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes) || text.includes('\0')) return [bytes];
  const trimmed = text.trim();
  const values = jsonValues(trimmed);
  if (values !== null) return values.map((value) => Buffer.from(value));
  const lines = trimmed.split('\n').map((line) => line.replace(/^[A-Z_]{2,60}=/, '').trim());
  const told = lines.filter((line) => line.length >= 4 && !line.startsWith('-----'));
  return [...new Set([...told, ...(lines.length === 1 ? [trimmed] : [])])].map((line) =>
    Buffer.from(line),
  );
}

function jsonValues(text: string): string[] | null {
  if (!/^[[{]/.test(text)) return null;
  try {
    const values: string[] = [];
    JSON.parse(text, (name, value: unknown) => {
      if (typeof value === 'string' && value.length >= 4)
        if (value.length >= 16 || SECRET_FIELD.test(name)) values.push(value);
      return value;
    });
    return values;
  } catch {
    return null;
  }
}
