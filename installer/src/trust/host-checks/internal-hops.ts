import path from 'node:path';
import type { Patient } from '../../doctor/patient.ts';
import { findAccount } from '../../host/accounts.ts';
import { isLoopback, parseListening } from '../../preflight/listening-sockets.ts';
import { broken, holds, type HostCheck, type HostFinding } from '../host-check.ts';
import { componentProcesses } from './component-processes.ts';
import { tryDoors, type Door } from './try-doors.ts';

const INNER = ['postgresql', 'openbao', 'ollama'];

/**
 * NET-03: the doors between the components, each tried as another local user, who must find it shut,
 * and as the server's own account, to whom it opens. A port on the host's loopback is a door for
 * everybody; only one that answers nobody (decision 0008) may be there.
 */
export const internalHops: HostCheck = { control: 'NET-03', name: 'internal-hops', run: examine };

async function examine(patient: Patient): Promise<HostFinding> {
  const { paths, settings, accounts, layout } = patient;
  const doors: Record<string, Door> = {
    postgresql: { path: path.join(paths.databaseSocketDir, `.s.PGSQL.${settings.databasePort}`) },
    openbao: { path: paths.vaultSocket },
    ollama: { path: paths.modelSocket },
  };
  const ports = await portsOnHost(patient);
  const talking = await listTalking(patient, ports);
  if (talking.length > 0)
    return broken(
      `Every local user can call ${talking.join(', ')}: this host allows no network namespace (unshare, ip, setpriv; see \`casemate doctor\`).`,
    );
  const names = Object.keys(doors);
  const own = await tryDoors(Object.values(doors), accounts['casemate'] ?? null);
  const shut = names.filter((_name, index) => own[index] !== 'open');
  if (shut.length > 0) return broken(`The server itself can't reach ${shut.join(', ')}.`);
  const closed = 'Unix sockets of database, key service and model server open to the services';
  const rest = `${ports.length} ports on the host's loopback, and none of them answers`;
  if (!layout.asRoot) return byModes(patient, doors, `${closed}; ${rest}`);
  const stranger = findAccount('nobody');
  if (!stranger) return broken('There is no account "nobody" to try the doors as.');
  const found = await tryDoors(Object.values(doors), stranger);
  const open = names.filter((_name, index) => found[index] !== 'EACCES');
  if (open.length > 0)
    return broken(`Another local user finds open: ${open.join(', ')} (${found.join(', ')}).`);
  return holds(`${closed}, and refuse another local user (EACCES, tried); ${rest}.`);
}

/** An ordinary user can't become another one: the rights on the way to each socket decide. */
async function byModes(
  { findFile }: Patient,
  doors: Readonly<Record<string, Door>>,
  seen: string,
): Promise<HostFinding> {
  for (const [name, door] of Object.entries(doors)) {
    const dir = 'path' in door ? path.dirname(door.path) : '/';
    const found = await findFile(dir);
    if (!found || (found.mode & 0o007) !== 0)
      return broken(`Others may pass through the directory of the socket of ${name}.`);
  }
  return holds(`${seen}; the directories of the sockets let nobody else pass.`);
}

type Listening = { id: string; port: number };

/** Ports of the inner components in the host's own network; those of a namespace are not in it. */
async function portsOnHost(patient: Patient): Promise<Listening[]> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(patient.host.readText));
  const sockets = tables.flatMap((text) => parseListening(text ?? ''));
  const components = await componentProcesses(patient);
  return components
    .filter(({ id }) => INNER.includes(id))
    .flatMap(({ id, processes }) => {
      const own = new Set(processes.flatMap((one) => [...one.sockets]));
      return sockets
        .filter(({ inode, address }) => own.has(inode) && isLoopback(address))
        .map(({ port }) => ({ id, port }));
    });
}

/** Of these, which answer HTTP to anybody: whatever they answer, they talk. */
async function listTalking({ get }: Patient, ports: readonly Listening[]): Promise<string[]> {
  const asked = await Promise.all(
    ports.map(async ({ id, port }) => {
      const answer = await get({ url: `http://127.0.0.1:${port}/` }).catch(() => null);
      return answer ? [`${id} on port ${port}`] : [];
    }),
  );
  return asked.flat();
}
