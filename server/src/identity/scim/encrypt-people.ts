import type { RequestContext } from '../../platform/index.ts';
import { openDirectory, sealPerson } from './directory-people.ts';
import { encryptRow, listInClear } from './repo.ts';

const AT_ONCE = 500;
const EVERY_MS = 60_000;

/** Rows that a version before wrote in clear. Returns how many there were. */
export async function encryptPeople(ctx: RequestContext): Promise<number> {
  let done = 0;
  for (;;) {
    const first = await ctx.inControl((tx) => listInClear(tx, 1));
    if (first.length === 0) return done;
    const keys = await openDirectory(ctx);
    const count = await ctx.inControl(async (tx) => {
      const rows = await listInClear(tx, AT_ONCE);
      for (const row of rows) await encryptRow(tx, { ...row, ...sealPerson(keys, row) });
      return rows.length;
    });
    if (count === 0) return done;
    done += count;
  }
}

/** Also what programs of before write beside this one while an upgrade rolls. */
export function startEncryptingPeople(ctx: RequestContext): { stop(): Promise<void> } {
  let running: Promise<void> | undefined;
  const round = (): void => {
    running ??= encryptPeople(ctx)
      .then((count) => {
        if (count > 0) ctx.log.info('people of directories were encrypted', { count });
      })
      .catch((error: unknown) => ctx.log.warn('people are not encrypted yet', { error }))
      .finally(() => (running = undefined));
  };
  round();
  const timer = setInterval(round, EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
