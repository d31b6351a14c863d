import type { TokenPepper } from '../../platform/index.ts';
import { sameSeal } from '../rights/row-seals.ts';
import type { DirectoryFacts } from './repo.ts';

/** HMAC (decision 39): who holds the database alone points no person of a directory at another account. */
export function sealOfDirectoryUser(pepper: TokenPepper, one: DirectoryFacts): Buffer {
  const { id, tenantId, accountId, owned, ended } = one;
  return pepper.mac('directory-user', JSON.stringify([id, tenantId, accountId, owned, ended]));
}

export function soundDirectoryUser<T extends DirectoryFacts & { seal: Buffer }>(
  pepper: TokenPepper,
  row: T | undefined,
): T | undefined {
  return row && sameSeal(row.seal, sealOfDirectoryUser(pepper, row)) ? row : undefined;
}
