import path from 'node:path';
import { runProgram } from '../host/run-program.ts';
import type { Owner } from '../host/write-file.ts';
import { readRefused } from './deny-rules.ts';
import type { Peer } from './peer.ts';

const NODE = ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, 'canary.ts')];
/** TEST-NET-3: an address that is nobody's, in case it gets out. */
const NOWHERE = '203.0.113.99';
/** How canary.ts ends where it could send nothing. */
const NO_ROUTE = 3;

/** What doctor sends to see that it is refused: the tries of canary.ts, its question for a name too. */
export const ownTries: readonly Peer[] = [
  { address: NOWHERE, protocol: 'tcp', port: 9 },
  { address: NOWHERE, protocol: 'udp', port: 9 },
  { address: NOWHERE, protocol: 'udp', port: 53 },
];

export type WayOut = 'closed' | 'open' | 'absent' | 'unseen' | 'unrouted';

/**
 * Tries to get out as each account. `closed` only when the rules have counted every try: a host without
 * a network lets nothing out either, and shows nothing: `unrouted`.
 */
export async function tryWayOut(instance: string, owners: readonly Owner[]): Promise<WayOut> {
  if (owners.length === 0) return 'unseen';
  for (const { uid, gid } of owners) {
    const before = await readRefused(instance);
    if (before === null) return 'absent';
    const words = [...NODE, String(uid), String(gid), NOWHERE, '9', 'canary.invalid', NOWHERE];
    const { code } = await runProgram(process.execPath, words, { timeoutMs: 20_000 });
    const after = await readRefused(instance);
    if (code === NO_ROUTE && after === before) return 'unrouted';
    // A connection and two datagrams.
    if (after === null || after - before < 3) return 'open';
  }
  return 'closed';
}
