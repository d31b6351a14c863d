import { Fault } from '../fault.ts';
import type { StorageStatement } from './preflight-request.ts';

/** Reads --storage-encryption. */
export function parseStatement(value: string | undefined): StorageStatement {
  if (value === undefined) return 'unstated';
  if (value === 'confirmed' || value === 'without') return value;
  throw new Fault(`--storage-encryption does not know "${value}"`, {
    why: 'It takes `confirmed` (the storage below this host is encrypted) or `without`.',
    next: 'See `casemate preflight --help`.',
    code: 'usage',
  });
}
