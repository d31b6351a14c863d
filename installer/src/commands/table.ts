import type { Command, Flag } from './command.ts';
import { apiKeys } from './api-keys.ts';
import { backup } from './backup.ts';
import { bundle } from './bundle.ts';
import { connections } from './connections.ts';
import { certificate } from './certificate.ts';
import { doctor } from './doctor.ts';
import { down } from './down.ts';
import { egress } from './egress.ts';
import { guards } from './guards.ts';
import { install } from './install.ts';
import { isolation } from './isolation.ts';
import { issueCredential } from './issue-credential.ts';
import { keys } from './keys.ts';
import { levels } from './levels.ts';
import { limits } from './limits.ts';
import { logs } from './logs.ts';
import { monitoring } from './monitoring.ts';
import { sms } from './sms.ts';
import { preflight } from './preflight.ts';
import { restart } from './restart.ts';
import { rights } from './rights.ts';
import { roles } from './roles.ts';
import { accounts } from './accounts.ts';
import { rotation } from './rotation.ts';
import { rotateAuditLogs } from './rotate-audit-logs.ts';
import { setupLink } from './setup-link.ts';
import { status } from './status.ts';
import { support } from './support.ts';
import { seal } from './seal.ts';
import { tenants } from './tenants.ts';
import { uninstall } from './uninstall.ts';
import { up } from './up.ts';
import { rollback } from './rollback.ts';
import { upgrade } from './upgrade.ts';
import { verify } from './verify.ts';
import { version } from './version.ts';
import { visits } from './visits.ts';
import { waitReady } from './wait-ready.ts';

/** In the order of the help. */
export const commands: readonly Command[] = [
  preflight,
  install,
  up,
  down,
  restart,
  status,
  logs,
  doctor,
  support,
  verify,
  isolation,
  egress,
  guards,
  setupLink,
  tenants,
  seal,
  certificate,
  rights,
  apiKeys,
  accounts,
  roles,
  levels,
  visits,
  connections,
  rotation,
  keys,
  limits,
  backup,
  monitoring,
  sms,
  bundle,
  upgrade,
  rollback,
  uninstall,
  version,
  issueCredential,
  rotateAuditLogs,
  waitReady,
];

/** Every command takes these. */
export const commonFlags: Readonly<Record<string, Flag>> = {
  instance: {
    type: 'string',
    value: 'NAME',
    help: 'which instance of this host (default: default)',
  },
  'data-dir': { type: 'string', value: 'DIR', help: 'the instance that lives in this directory' },
  'seal-dir': {
    type: 'string',
    value: 'DIR',
    help: 'where its seal key is (never inside the data)',
  },
  json: { type: 'boolean', help: 'answer in JSON' },
  help: { type: 'boolean', short: 'h', help: 'show this help' },
};
