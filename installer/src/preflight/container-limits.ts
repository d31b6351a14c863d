import path from 'node:path';
import type { Host } from './host.ts';

/** What a control group allows; null where it sets no limit. */
export type ContainerLimits = {
  memoryBytes: number | null;
  cores: number | null;
  processes: number | null;
};

/** Reads the limits of this process's control group: version 2, else version 1. */
export async function findContainerLimits(host: Pick<Host, 'readText'>): Promise<ContainerLimits> {
  const groups = (await host.readText('/proc/self/cgroup')) ?? '';
  const unified = /^0::(.*)$/m.exec(groups)?.[1];
  const read = async (file: string) => {
    const own =
      unified === undefined
        ? null
        : await host.readText(path.join('/sys/fs/cgroup', unified, file));
    return (own ?? (await host.readText(path.join('/sys/fs/cgroup', file))))?.trim() ?? null;
  };
  const [quota = '', period = ''] = (
    (await read('cpu.max')) ?? (await quotaOfVersion1(read))
  ).split(' ');
  const memory = (await read('memory.max')) ?? (await read('memory/memory.limit_in_bytes'));
  return {
    memoryBytes: limit(memory),
    cores: limit(quota) === null ? null : Number(quota) / Number(period),
    processes: limit((await read('pids.max')) ?? (await read('pids/pids.max'))),
  };
}

async function quotaOfVersion1(read: (file: string) => Promise<string | null>): Promise<string> {
  const quota = (await read('cpu/cpu.cfs_quota_us')) ?? '-1';
  return `${quota} ${(await read('cpu/cpu.cfs_period_us')) ?? '100000'}`;
}

/** 'max', -1 and version 1's astronomical number all mean: none. */
function limit(text: string | null): number | null {
  const number = Number(text ?? Number.NaN);
  return Number.isFinite(number) && number > 0 && number < 2 ** 53 ? number : null;
}
