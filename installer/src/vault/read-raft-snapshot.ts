import http from 'node:http';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Fault } from '../fault.ts';

/** The key service's own snapshot (GET /sys/storage/raft/snapshot), written to `to` as it comes. */
export async function readRaftSnapshot(
  { socketPath, token }: { socketPath: string; token: string },
  to: Writable,
): Promise<void> {
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const headers = { 'x-vault-request': 'true', 'x-vault-token': token };
    const request = http.get(
      { socketPath, path: '/v1/sys/storage/raft/snapshot', headers },
      resolve,
    );
    request.on('error', reject);
    request.setTimeout(300_000, () => request.destroy(new Error('no answer for five minutes')));
  });
  if (answer.statusCode !== 200) {
    answer.resume();
    throw new Fault('The key service gave no snapshot', {
      why: `It answered ${answer.statusCode ?? 'nothing'}.`,
      next: 'See `casemate doctor`; an older installation may lack the right: run `casemate install` first.',
    });
  }
  await pipeline(answer, to);
}
