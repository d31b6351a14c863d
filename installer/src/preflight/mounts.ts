import path from 'node:path';
import type { Host } from './host.ts';

/** One line of /proc/self/mountinfo, as far as the checks need it. */
export type Mount = {
  point: string;
  type: string;
  source: string;
  options: string[];
  device: string;
};

/** proc(5): spaces and the like are written as octal escapes. */
function unescape(text: string): string {
  return text.replace(/\\(\d{3})/g, (_all, code: string) => String.fromCharCode(parseInt(code, 8)));
}

/** Parses /proc/self/mountinfo. */
export function parseMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , device = '', , point, options = ''] = before.split(' ');
    const [type = '', source = '', more = ''] = after.split(' ');
    if (!point || !type) return [];
    const all = [...options.split(','), ...more.split(',')];
    return [{ point: unescape(point), type, source: unescape(source), options: all, device }];
  });
}

/** The mount that holds `file`; of several on the same point the last hides the others. */
export async function findMount(host: Host, file: string): Promise<Mount | null> {
  const mounts = parseMounts((await host.readText('/proc/self/mountinfo')) ?? '');
  const real = (await host.realPath(await existingAncestor(host, file))) ?? file;
  const holding = mounts.filter(({ point }) => real === point || inside(real, point));
  return holding.reduce<Mount | null>(
    (best, mount) => (!best || mount.point.length >= best.point.length ? mount : best),
    null,
  );
}

function inside(file: string, dir: string): boolean {
  return file.startsWith(dir === '/' ? '/' : `${dir}/`);
}

/** The directory itself, or the nearest one above it that exists. */
export async function existingAncestor(host: Host, dir: string): Promise<string> {
  let candidate = path.resolve(dir);
  while (candidate !== '/' && !(await host.exists(candidate))) candidate = path.dirname(candidate);
  return candidate;
}
