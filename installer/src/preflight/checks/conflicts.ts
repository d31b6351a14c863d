import path from 'node:path';
import { type CheckResult, fail, ok, warn } from '../check-result.ts';
import { listListeningSockets } from '../listening-sockets.ts';
import type { Host } from '../host.ts';
import type { CheckContext } from '../preflight-request.ts';

const others = new Map([
  [5432, 'PostgreSQL'],
  [8200, 'Vault or OpenBao'],
  [11_434, 'Ollama'],
]);

export async function checkConflicts(context: CheckContext): Promise<CheckResult[]> {
  return [await checkOtherServices(context), await checkInstance(context)];
}

/** Ours use sockets and ports of their own, so that others may stay; but they share the memory. */
async function checkOtherServices({ host }: CheckContext): Promise<CheckResult> {
  const ports = new Set((await listListeningSockets(host)).map(({ port }) => port));
  const names = [...others]
    .filter(([port]) => ports.has(port))
    .map(([port, name]) => `${name} on ${port}`);
  const needed = 'none; the appliance brings its own, beside them';
  if (names.length === 0) return ok('other-services', { found: 'none', needed });
  const mend =
    'They may stay: nothing of theirs is used or changed. Mind the memory that they share';
  return warn('other-services', { found: names.join(', '), needed, mend });
}

async function checkInstance({ host, request }: CheckContext): Promise<CheckResult> {
  const id = 'instance';
  const needed = 'none of this name, or one that `casemate install` can take up';
  const settings = await host.readText(request.instanceFile);
  if (settings !== null) return judgeSettings(settings, request.instanceFile);
  const leftover = (await host.list(request.directories.data)).filter(
    (name) => name !== 'lost+found',
  );
  if (leftover.length === 0) return ok(id, { found: 'none', needed });
  const data = await findData(host, request.directories.data);
  if (data !== undefined) {
    const found = `${data} is data of an instance whose settings are not in ${request.instanceFile}`;
    const mend = `Restore the settings and the seal key, or the whole instance (\`casemate backup restore\`); or move ${request.directories.data} away; or choose another --data-dir`;
    return fail(id, { found, needed, mend });
  }
  const found = `${request.directories.data} is not empty (${leftover.slice(0, 3).join(', ')}), and no instance is known there`;
  const mend =
    'If a half-done installation left it, install again with the same flags; else choose another --data-dir';
  return warn(id, { found, needed, mend });
}

/** The settings are written before either of these: without them they open with nothing made now. */
async function findData(host: Host, dir: string): Promise<string | undefined> {
  for (const name of ['postgresql/18/PG_VERSION', 'openbao/initialised'])
    if (await host.exists(path.join(dir, name))) return path.join(dir, path.dirname(name));
  return undefined;
}

function judgeSettings(text: string, file: string): CheckResult {
  const needed = 'settings that can be read';
  try {
    const settings = JSON.parse(text) as { server?: unknown };
    const found = settings.server
      ? 'installed: it will be brought to this version'
      : 'half installed: it will be taken up';
    return ok('instance', { found, needed });
  } catch {
    const mend = `Restore ${file} from a backup, or \`casemate uninstall\` first`;
    return fail('instance', { found: `${file} is damaged`, needed, mend });
  }
}
