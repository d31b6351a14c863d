import { runProgram } from '../../host/run-program.ts';
import type { Owner } from '../../host/write-file.ts';

/** Becomes the account, then knocks: it runs in a process of its own that loads nothing afterwards. */
const SCRIPT = `
const net = require('node:net');
const { account, doors } = JSON.parse(process.argv[1]);
if (account) {
  process.setgroups([account.gid]);
  process.setgid(account.gid);
  process.setuid(account.uid);
}
const knock = (door) => new Promise((resolve) => {
  const socket = net.connect(door);
  socket.setTimeout(2000, () => { resolve('timeout'); socket.destroy(); });
  socket.on('connect', () => { resolve('open'); socket.destroy(); });
  socket.on('error', ({ code }) => resolve(code));
});
Promise.all(doors.map(knock)).then((found) => console.log(JSON.stringify(found)));`;

export type Door = { path: string } | { host: string; port: number };

/** What each door answers to an account: `open`, or the error of the system (EACCES, ECONNREFUSED). */
export async function tryDoors(
  doors: readonly Door[],
  account: Pick<Owner, 'uid' | 'gid'> | null,
): Promise<string[]> {
  const wish = JSON.stringify({ account, doors });
  const { stdout, stderr } = await runProgram(process.execPath, ['-e', SCRIPT, wish], {
    timeoutMs: 20_000,
  });
  try {
    return JSON.parse(stdout) as string[];
  } catch (cause) {
    throw new Error(`the doors could not be tried: ${stderr.trim().split('\n')[0] ?? ''}`, {
      cause,
    });
  }
}
