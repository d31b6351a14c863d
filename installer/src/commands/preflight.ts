import path from 'node:path';
import { defaultCacheDir } from '../components/index.ts';
import { Fault } from '../fault.ts';
import { parseStatement } from '../preflight/parse-statement.ts';
import { planPreflight } from '../preflight/plan-preflight.ts';
import { preflightTable } from '../preflight/preflight-table.ts';
import { runPreflight } from '../preflight/run-preflight.ts';
import { planSettings } from '../steps/write-settings.ts';
import { type Command, type CommandCall, textFlag } from './command.ts';

export const preflight: Command = {
  name: 'preflight',
  summary: 'look whether this host fits, and change nothing (exit code 3 when it does not)',
  description: [
    'Looks at the processor, memory, disks and their encryption, ports, name, clock, limits and what',
    'is here already. Each fault comes with its mend. Give it the flags you mean to install with.',
  ].join('\n'),
  flags: {
    'host-name': { type: 'string', value: 'NAME', help: 'how people will reach it' },
    bind: { type: 'string', value: 'ADDRESS', help: 'listen on this address (default: 0.0.0.0)' },
    'https-port': { type: 'string', value: 'PORT', help: 'default: 443 as root, else 8443' },
    'http-port': { type: 'string', value: 'PORT', help: '0: none (default: 80 or 8080)' },
    'cache-dir': { type: 'string', value: 'DIR', help: 'where components are kept' },
    'storage-encryption': {
      type: 'string',
      value: 'confirmed|without',
      help: 'what this host cannot show of the storage below it',
    },
  },
  run: async (call) => {
    const cacheDir = textFlag(call, 'cache-dir');
    const settings = await planSettings(call.layout, {
      cacheDir: cacheDir ? path.resolve(cacheDir) : defaultCacheDir(call.env),
      bundleDir: undefined,
      checkoutDir: path.resolve(import.meta.dirname, '../../..'),
      reportDir: '/nonexistent',
      hostName: textFlag(call, 'host-name')?.toLowerCase(),
      bindAddress: textFlag(call, 'bind'),
      httpsPort: portFlag(call, 'https-port'),
      httpPort: portFlag(call, 'http-port'),
      ollamaPort: undefined,
      storageEncryption: undefined,
    });
    const statement = parseStatement(textFlag(call, 'storage-encryption'));
    const report = await runPreflight(planPreflight(call.layout, settings, statement));
    call.answer(preflightTable(report, call.paint), report);
    return report.summary.fail > 0 ? 'preflight' : 'ok';
  },
};

function portFlag(call: CommandCall, name: string): number | undefined {
  const value = textFlag(call, name);
  if (value === undefined) return undefined;
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
  throw new Fault(`--${name} needs a port number, not "${value}"`, { code: 'usage' });
}
