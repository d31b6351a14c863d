import { readFileSync } from 'node:fs';
import https from 'node:https';
import type { Config } from '../src/platform/index.ts';
import { partsInfo } from './parts-info.ts';
import { startProgram } from './start-program.ts';
import { askOf, type TestServer } from './test-server.ts';

export type ServerProcess = TestServer & { readonly pid: number };

/** The server as a process of its own; `hoursOff` moves its clock. */
export async function startServerProcess(config: Config, hoursOff = 0): Promise<ServerProcess> {
  const { pid, ready, stop } = await startProgram('serve', config, hoursOff);
  const port = ready.port ?? 0;
  const agent = new https.Agent({ keepAlive: true, ca: readFileSync(partsInfo().caFile) });
  return {
    pid,
    port,
    origin: `https://localhost:${port}`,
    ask: askOf(agent, port),
    stop: async () => {
      agent.destroy();
      await stop();
    },
  };
}
