import { cpus, loadavg, release, totalmem, freemem, uptime, version } from 'node:os';
import path from 'node:path';
import { readdir, stat } from 'node:fs/promises';
import type { Patient } from '../../doctor/patient.ts';

/** The host: what it is, how it fares, and how full the disks below the instance are. */
export async function readSystemFacts({ host, layout, settings }: Patient): Promise<unknown> {
  const release_ = (await host.readText('/etc/os-release')) ?? '';
  const [processor] = cpus();
  const dirs = {
    data: layout.dataDir,
    logs: layout.logDir,
    settings: layout.configDir,
    programs: layout.programsDir,
    cache: settings.cacheDir,
  };
  const disks = await Promise.all(
    Object.entries(dirs).map(async ([name, dir]) => [name, { dir, ...(await host.space(dir)) }]),
  );
  return {
    system: /^PRETTY_NAME="?([^"\n]*)/m.exec(release_)?.[1] ?? 'unknown',
    kernel: `${release()} ${version()}`,
    architecture: host.architecture,
    glibc: host.glibc,
    processor: processor?.model ?? 'unknown',
    cores: host.cores,
    memoryBytes: { total: totalmem(), free: freemem() },
    load: loadavg(),
    upSeconds: Math.round(uptime()),
    asRoot: layout.asRoot,
    pressure: {
      cpu: await host.readText('/proc/pressure/cpu'),
      memory: await host.readText('/proc/pressure/memory'),
      io: await host.readText('/proc/pressure/io'),
    },
    openFiles: await host.readText('/proc/sys/fs/file-nr'),
    disks: Object.fromEntries(disks) as unknown,
    logs: await listSizes(layout.logDir),
  };
}

async function listSizes(dir: string): Promise<Record<string, number>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const sizes: Record<string, number> = {};
  for (const entry of entries.filter((one) => one.isFile()).slice(0, 500)) {
    const file = path.join(entry.parentPath, entry.name);
    const found = await stat(file).catch(() => null);
    if (found) sizes[path.relative(dir, file)] = found.size;
  }
  return sizes;
}
