import { setTimeout as pause } from 'node:timers/promises';

/** Asks until it is so; throws when it is not after ten seconds. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let left = 50; left > 0; left -= 1) {
    if (await isSo()) return;
    await pause(200);
  }
  throw new Error('it was not so within ten seconds');
}
