import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Config } from '../src/platform/index.ts';
import { partsInfo } from './parts-info.ts';
import { askOf, type TestServer } from './test-server.ts';

export type ServerProcess = TestServer & { readonly pid: number };

const main = join(import.meta.dirname, '../src/app/main.ts');

/**
 * The server as a process of its own, as an installation runs it. `hoursOff` moves its clock: what
 * must not depend on a process's clock is tried with one that is wrong.
 */
export async function startServerProcess(config: Config, hoursOff = 0): Promise<ServerProcess> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', `--import=${clockOff(hoursOff)}`, main, 'serve'],
    {
      env: { ...environmentOf(config), CASEMATE_LOG_LEVEL: 'info' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with status ${String(code)}`)));
    createInterface(child.stdout).on('line', (line) => {
      const { message, port: found } = JSON.parse(line) as { message: string; port?: number };
      if (message === 'ready' && found !== undefined) resolve(found);
    });
  });
  const agent = new https.Agent({ keepAlive: true, ca: readFileSync(partsInfo().caFile) });
  return {
    pid: child.pid ?? 0,
    port,
    origin: `https://localhost:${port}`,
    ask: askOf(agent, port),
    stop: async () => {
      agent.destroy();
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Settings that are lists or tables keep their defaults. */
function environmentOf(config: Config): Record<string, string> {
  const entries: [string, string][] = [];
  for (const [name, value] of Object.entries(config))
    if (typeof value === 'string' || typeof value === 'number') entries.push([name, `${value}`]);
  return Object.fromEntries(entries);
}

function clockOff(hours: number): string {
  const code = `const off = ${hours * 3_600_000};
    const now = Date.now;
    const Real = Date;
    globalThis.Date = class extends Real {
      constructor(...given) { if (given.length === 0) super(now() + off); else super(...given); }
      static now() { return now() + off; }
    };`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
