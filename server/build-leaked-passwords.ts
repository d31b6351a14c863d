import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { sha1Of, writeLeakedStore } from './src/identity/index.ts';

/**
 * The list that ships: the passwords that `zxcvbn-ts` (MIT) collected from published leaks, as a file
 * that is asked by range. A site can lay a longer one beside it (docs/accounts.md).
 */
export function buildLeakedPasswords(): Buffer {
  const require = createRequire(import.meta.url);
  const main = require.resolve('@zxcvbn-ts/language-common');
  const list = join(dirname(main), '../src/passwords.json');
  const passwords = JSON.parse(readFileSync(list, 'utf8')) as string[];
  return writeLeakedStore(passwords.map(sha1Of));
}
