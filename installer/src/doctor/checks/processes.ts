import { isLoopback, listListeningSockets } from '../../preflight/listening-sockets.ts';
import { bad, type DoctorCheck, good, poor } from '../doctor-check.ts';
import type { Patient, ProcessFact } from '../patient.ts';

/** Processes of this instance, known by its directories in their arguments or environment. */
function filterOwn(all: readonly ProcessFact[], { paths }: Patient): ProcessFact[] {
  const marks = [paths.databaseDir, paths.vaultConfigFile, paths.modelsDir, paths.serverDataDir];
  return all.filter(({ text }) => marks.some((mark) => text.includes(mark)));
}

/** A process of ours that nobody watches: left by a crash, it holds files, ports and memory. */
export async function checkLeakedProcesses(patient: Patient): Promise<DoctorCheck> {
  const id = 'leaked-processes';
  const processes = await patient.listProcesses();
  const all = new Map(processes.map((one) => [one.pid, one]));
  const watched = new Set<number>([process.pid]);
  for (const { pid } of await patient.listComponents()) if (pid !== null) watched.add(pid);
  const leaked = filterOwn(processes, patient).filter((one) => !descends(one, watched, all));
  // The command that asks, and the shells around it, name the directories too.
  const around = ancestors(process.pid, all);
  const found = leaked
    .filter(({ pid }) => !around.has(pid))
    .map(({ pid, name }) => `${name} (${pid})`);
  if (found.length === 0) return good(id, 'none');
  const mend = `End them: \`kill ${leaked.map(({ pid }) => pid).join(' ')}\`; \`casemate restart\` does so too`;
  return poor(id, { found: found.join(', '), mend });
}

function descends(
  one: ProcessFact,
  watched: ReadonlySet<number>,
  all: ReadonlyMap<number, ProcessFact>,
): boolean {
  return [...ancestors(one.pid, all)].some((pid) => watched.has(pid));
}

/** The process itself, and those above it. */
function ancestors(pid: number, all: ReadonlyMap<number, ProcessFact>): Set<number> {
  const found = new Set<number>();
  for (let at = pid; at > 1 && !found.has(at); at = all.get(at)?.parent ?? 0) found.add(at);
  return found;
}

/** NET-03: only the ports of the dashboard are open to others. */
export async function checkExposure(patient: Patient): Promise<DoctorCheck> {
  const id = 'outside-ports';
  const { settings, host } = patient;
  const own = new Set(
    filterOwn(await patient.listProcesses(), patient).flatMap(({ sockets }) => [...sockets]),
  );
  const open = new Set([settings.httpsPort, settings.httpPort]);
  const outside = (await listListeningSockets(host)).filter(
    ({ address, port, inode }) =>
      !isLoopback(address) && (port === settings.ollamaPort || (own.has(inode) && !open.has(port))),
  );
  if (outside.length === 0) return good(id, `only ${[...open].filter(Boolean).join(' and ')}`);
  const list = outside.map(({ address, port }) => `${address}:${port}`).join(', ');
  const mend =
    'Run `casemate install` again, then `casemate restart`; until then close them in the firewall';
  return bad(id, { found: `open to others: ${list}`, mend });
}
