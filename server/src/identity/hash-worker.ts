/**
 * The hashing process: bcrypt at cost 12 takes a quarter of a second of a core, so it runs here, one
 * at a time and at low priority, and never in the server's own threads.
 */
import { setPriority } from 'node:os';
import bcrypt from 'bcrypt';

const COST = 12;
const IDLE_MS = 60_000;

type Ask = { password: string; hash?: string };

setPriority(10);
let idle = setTimeout(() => process.exit(0), IDLE_MS);

process.on('message', (ask: Ask) => {
  clearTimeout(idle);
  const answer =
    ask.hash === undefined
      ? { hash: bcrypt.hashSync(ask.password, COST) }
      : { matches: bcrypt.compareSync(ask.password, ask.hash) };
  process.send?.(answer);
  idle = setTimeout(() => process.exit(0), IDLE_MS);
});
process.on('disconnect', () => process.exit(0));
