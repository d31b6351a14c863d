import https from 'node:https';

export type Load = {
  host: string;
  port: number;
  path: string;
  ca: string;
  headers: Record<string, string>;
  clients: number;
  signal: AbortSignal;
};

export type LoadResult = {
  requests: number;
  /** What failed, by what it said. */
  failed: Record<string, number>;
  slowestMs: number;
};

/** Eight clients of one account stay below the limit of a route, 3,000 a minute. */
const PAUSE_MS = 200;

/** Asks one after another with so many clients, each over a connection of its own, until told to stop. */
export async function loadSteadily(load: Load): Promise<LoadResult> {
  const result: LoadResult = { requests: 0, failed: {}, slowestMs: 0 };
  const client = async (): Promise<void> => {
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
    while (!load.signal.aborted) {
      const started = performance.now();
      const said = await ask(load, agent);
      result.requests += 1;
      result.slowestMs = Math.max(result.slowestMs, performance.now() - started);
      if (said !== '200') result.failed[said] = (result.failed[said] ?? 0) + 1;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: load.clients }, client));
  return result;
}

function ask({ host, port, path, ca, headers }: Load, agent: https.Agent): Promise<string> {
  return new Promise((resolve) => {
    const request = https.get(
      { host, port, path, ca, agent, headers, servername: headers['host'], timeout: 15_000 },
      (response) => {
        response.resume();
        response.on('end', () => resolve(String(response.statusCode)));
        response.on('error', (error) => resolve(error.message));
      },
    );
    request.on('timeout', () => request.destroy(new Error('no answer in 15 s')));
    request.on('error', (error) => resolve((error as NodeJS.ErrnoException).code ?? error.message));
  });
}
