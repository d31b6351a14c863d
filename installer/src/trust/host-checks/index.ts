import type { HostCheck } from '../host-check.ts';
import { accountData } from './account-data.ts';
import { internalHops } from './internal-hops.ts';
import { keptBackups } from './kept-backups.ts';
import { listeningSockets } from './listening-sockets.ts';
import { processAccounts } from './process-accounts.ts';
import { secretFiles } from './secret-files.ts';
import { storageEncryption } from './storage.ts';
import { tlsHandshakes } from './tls-handshakes.ts';
import { wayOut } from './way-out.ts';

/** Every check of a control that the installer makes on the host. */
export const hostChecks: readonly HostCheck[] = [
  accountData,
  internalHops,
  keptBackups,
  listeningSockets,
  processAccounts,
  secretFiles,
  storageEncryption,
  tlsHandshakes,
  wayOut,
];
