import { spawnSync } from 'node:child_process';
import { mkdirSync, statfsSync } from 'node:fs';

export type SmallDisk = ReturnType<typeof smallDisk>;

/** A disk of its own in memory, which is made too small at once, whatever is being written. Needs root. */
export function smallDisk(dir: string, bytes: number) {
  mkdirSync(dir, { recursive: true });
  const mount = (...options: string[]): boolean =>
    spawnSync('mount', ['-t', 'tmpfs', '-o', options.join(','), 'tmpfs', dir]).status === 0;
  const resize = (to: number): boolean => mount('remount', `size=${to}`);
  if (!mount(`size=${bytes}`, 'mode=755')) throw new Error(`${dir} can't be mounted`);
  return {
    dir,
    resize,
    /** Leaves so many bytes. */
    fill: (leave: number): void => {
      for (let more = leave; ; more += 1e6) {
        const { blocks, bfree, bsize } = statfsSync(dir);
        if (resize((blocks - bfree) * bsize + more)) return;
      }
    },
    giveRoom: () => resize(bytes),
    remove: () => spawnSync('umount', ['--lazy', dir]),
  };
}
