import { readFile } from 'node:fs/promises';
import type { SealKey, SealKeys } from './server-config.ts';

/** The seal keys that a configuration of the key service names, or undefined when there is none. */
export async function findSealKeys(configFile: string): Promise<SealKeys | undefined> {
  const text = await readFile(configFile, 'utf8').catch(() => '');
  const fields = new Map(
    [...text.matchAll(/^\s*((?:current|previous)_key(?:_id)?) = "(?:file:\/\/)?([^"]+)"/gm)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  );
  const keyOf = (which: 'current' | 'previous'): SealKey | undefined => {
    const [id, file] = [fields.get(`${which}_key_id`), fields.get(`${which}_key`)];
    return id && file ? { id, file } : undefined;
  };
  const [current, previous] = [keyOf('current'), keyOf('previous')];
  return current && { current, ...(previous ? { previous } : {}) };
}

/** How the audit devices of a configuration are called, or undefined when there is none. */
export async function findAuditNames(configFile: string): Promise<[string, string] | undefined> {
  const text = await readFile(configFile, 'utf8').catch(() => '');
  const [first, second] = [...text.matchAll(/^\s*audit "file" "([^"]+)"/gm)].map(
    ([, name]) => name,
  );
  return first && second ? [first, second] : undefined;
}
