/** The program's commands; each reads its settings, runs, and ends with a status that says how. */
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { createChat } from '../chat/index.ts';
import { countUnreadDocuments, searchKnowledge } from '../knowledge/index.ts';
import {
  AppError,
  ConfigError,
  openApiDocument,
  readConfig,
  type Config,
  type Endpoint,
} from '../platform/index.ts';
import type { IdentityParts } from '../identity/index.ts';
import { apiKeysCommand } from './api-keys-command.ts';
import { accessCommand } from './access-command.ts';
import { accountsCommand } from './accounts-command.ts';
import { egressCommand } from './egress-command.ts';
import { guardsCommand } from './guards-command.ts';
import { isolationCommand } from './isolation-command.ts';
import { keysCommand } from './keys-command.ts';
import { limitsCommand } from './limits-command.ts';
import { migrateCommand } from './migrate-command.ts';
import { monitoringCommand } from './monitoring-command.ts';
import { smsCommand } from './sms-command.ts';
import { provision } from './provision.ts';
import { routeTable } from './routes.ts';
import { rightsCommand } from './rights-command.ts';
import { rotationCommand } from './rotation-command.ts';
import { selfCheckCommand } from './self-check.ts';
import { serve } from './serve.ts';
import { setupLinkCommand } from './setup-link-command.ts';
import { awaitSchemaCommand, checkUpgradeCommand } from './schema-commands.ts';
import { sealCommand } from './seal-command.ts';
import { tenantsCommand } from './tenants-command.ts';
import { verifyCommand } from './verify-command.ts';
import { VERSION } from './version.ts';

type Command = (config: Config, flags: { check: boolean }) => Promise<void>;

const EXIT = { failed: 1, usage: 2, configuration: 78 } as const;

const commands: Readonly<Record<string, Command>> = {
  serve: (config) => runUntilStopped(() => serve(config)),
  provision: (config) => runUntilStopped(() => provision(config)),
  migrate: async (config, { check }) => {
    const answer = await migrateCommand(config, check);
    print(answer);
    if (answer.failed.length > 0) process.exitCode = EXIT.failed;
  },
  'await-schema': async (config) => print(await awaitSchemaCommand(config)),
  'check-upgrade': async (config) => print(await checkUpgradeCommand(config)),
  'setup-link': async (config) => print(await setupLinkCommand(config)),
  'api-keys': async (config) => print(await apiKeysCommand(config, await text(process.stdin))),
  access: async (config) => print(await accessCommand(config, await text(process.stdin))),
  accounts: async (config) => print(await accountsCommand(config, await text(process.stdin))),
  keys: async (config) => print(await keysCommand(config, await text(process.stdin))),
  rights: async (config) => print(await rightsCommand(config, await text(process.stdin))),
  seal: async (config) => print(await sealCommand(config, await text(process.stdin))),
  limits: async (config) => print(await limitsCommand(config, await text(process.stdin))),
  tenants: async (config) => print(await tenantsCommand(config, await text(process.stdin))),
  guards: async (config) => {
    const answer = await guardsCommand(config, describedRoutes());
    print(answer);
    if (answer.faults > 0) process.exitCode = EXIT.failed;
  },
  verify: async (config) => print(await verifyCommand(config, await text(process.stdin))),
  egress: async (config) => print(await egressCommand(config, await text(process.stdin))),
  isolation: async (config) => print(await isolationCommand(config, await text(process.stdin))),
  sms: async (config) => print(await smsCommand(config, await text(process.stdin))),
  monitoring: async (config) => print(await monitoringCommand(config, await text(process.stdin))),
  rotation: async (config) => print(await rotationCommand(config, await text(process.stdin))),
  'self-check': async (config) => {
    const answer = await selfCheckCommand(config);
    print(answer);
    if (!answer.ok) process.exitCode = EXIT.failed;
  },
};

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean' }, check: { type: 'boolean', default: false } },
  });
  const [name = ''] = positionals;
  if (name === 'version') {
    print({ version: VERSION });
    return;
  }
  // The table alone is enough to describe the API; no part is touched.
  if (name === 'openapi') {
    print(openApiDocument(describedRoutes(), VERSION));
    return;
  }
  const command = commands[name];
  if (!command) {
    process.stderr.write(
      `usage: ${['version', 'openapi', ...Object.keys(commands)].join(' | ')}\n`,
    );
    process.exitCode = EXIT.usage;
    return;
  }
  await command(readConfig(process.env), values);
}

/** The route table without its parts: enough to describe it, and not to run it. */
function describedRoutes(): readonly Endpoint[] {
  const identity = {} as IdentityParts;
  return routeTable({
    identity,
    chat: createChat({ search: searchKnowledge, countUnread: countUnreadDocuments }),
  });
}

/** Runs until SIGTERM or SIGINT, then stops in order; a second signal ends at once. */
async function runUntilStopped(start: () => Promise<{ stop(): Promise<void> }>): Promise<void> {
  const running = await start();
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  process.once('SIGTERM', () => process.exit(EXIT.failed));
  process.once('SIGINT', () => process.exit(EXIT.failed));
  await running.stop();
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

try {
  await main();
} catch (error) {
  process.exitCode = error instanceof ConfigError ? EXIT.configuration : EXIT.failed;
  const known = error instanceof ConfigError || error instanceof AppError;
  process.stderr.write(`${known ? error.message : String((error as Error).stack)}\n`);
  process.exit();
}
