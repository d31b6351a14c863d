import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort } from '../../installer/src/host/free-port.ts';
import { makeOperator } from './make-operator.ts';

type Started = { dir: string; place: string[] };
type Installed = { address: string; setupLink: string };

const casemate = resolve(import.meta.dirname, '../../installer/bin/casemate');

/**
 * Installs an instance with the real installer, models and all, for the journeys of this run. They
 * find it by CASEMATE_URL, CASEMATE_PLACE (the flags that name it) and CASEMATE_OPERATOR (its first
 * administrator; `casemate setup-link` makes more), and CASEMATE_PROVIDER_PORT, where it may ask.
 */
export default async function setUp(): Promise<void> {
  const dir = mkdtempSync('/tmp/cmj-');
  const place = ['--instance', `journey${process.pid}`, '--data-dir', dir];
  const port = String(await freePort());
  const flags = ['--host-name', 'localhost', '--bind', '127.0.0.1', '--https-port', port];
  const caFile = join(dir, 'config/tls/ca.crt');
  // Where the journey of single sign-on starts its provider, which the house's own authority vouches for.
  const provider = await freePort();
  const limits = [`IDENTITY_HOSTS=localhost:${provider}`, `IDENTITY_CA_FILE=${caFile}`];
  // All walks come from one address.
  flags.push('--limits', [...limits, 'REGISTRATION_PER_MINUTE=60'].join('; '));
  const journeys = globalThis as { casemateInstance?: Started };
  journeys.casemateInstance = { dir, place };
  const answer = await run(['install', '--yes', '--json', '--http-port', '0', ...place, ...flags]);
  const { address, setupLink } = JSON.parse(answer) as Installed;
  process.env['CASEMATE_URL'] = address.replace(/\/$/, '');
  process.env['CASEMATE_PLACE'] = JSON.stringify(place);
  process.env['CASEMATE_PROVIDER_PORT'] = String(provider);
  process.env['CASEMATE_CA_FILE'] = caFile;
  process.env['CASEMATE_OPERATOR'] = JSON.stringify(
    await makeOperator({ address, setupLink, caFile }),
  );
}

export function tearDown(): void {
  const { casemateInstance: started } = globalThis as { casemateInstance?: Started };
  if (!started) return;
  execFileSync(casemate, ['uninstall', '--purge', '--yes', ...started.place], { stdio: 'ignore' });
  rmSync(started.dir, { recursive: true, force: true });
}

function run(args: string[]): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(casemate, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', fail);
    child.on('close', (code) => {
      if (code === 0) done(Buffer.concat(chunks).toString('utf8'));
      else
        fail(
          new Error(`casemate install ended with status ${String(code)}; its steps stand above`),
        );
    });
  });
}
