import type { Patient } from '../../doctor/patient.ts';
import {
  isLoopback,
  parseListening,
  type ListeningSocket,
} from '../../preflight/listening-sockets.ts';
import { broken, holds, type HostCheck, type HostFinding } from '../host-check.ts';
import { componentProcesses, type ComponentProcesses } from './component-processes.ts';

/** They listen for the appliance itself; the server alone is there for others. */
const INNER = ['postgresql', 'openbao', 'ollama', 'provisioner'];

/**
 * NET-02: the sockets that the inner components really listen on, each read in the network namespace
 * of its process. That the server's own port is found by the same look shows that the look sees.
 */
export const listeningSockets: HostCheck = {
  control: 'NET-02',
  name: 'listening-sockets',
  run: examine,
};

async function examine(patient: Patient): Promise<HostFinding> {
  const { settings } = patient;
  const found = new Map<string, ListeningSocket[]>();
  for (const component of await componentProcesses(patient))
    found.set(component.id, await listSockets(patient, component));
  const absent = ['server', ...INNER].filter((id) => !found.has(id));
  if (absent.length > 0) return broken(`Not examined, since not running: ${absent.join(', ')}.`);
  const seen = found.get('server')?.some(({ port }) => port === settings.httpsPort);
  if (!seen)
    return broken(`Port ${settings.httpsPort} of the server was not seen: the look is blind.`);
  const inner = INNER.map((id) => ({ id, sockets: found.get(id) ?? [] }));
  const outside = inner.flatMap(({ id, sockets }) =>
    sockets.filter(({ address }) => !isLoopback(address)).map((socket) => `${id} ${place(socket)}`),
  );
  if (outside.length > 0) return broken(`Open to other hosts: ${outside.join(', ')}.`);
  const list = inner.map(
    ({ id, sockets }) => `${id} ${sockets.map(place).join(', ') || 'no port'}`,
  );
  return holds(`Listening: ${list.join('; ')}. All of it is loopback or a Unix socket.`);
}

async function listSockets(
  { host }: Patient,
  { processes }: ComponentProcesses,
): Promise<ListeningSocket[]> {
  const found = new Map<string, ListeningSocket>();
  for (const { pid, sockets } of processes)
    for (const table of ['tcp', 'tcp6'])
      for (const socket of parseListening((await host.readText(`/proc/${pid}/net/${table}`)) ?? ''))
        if (sockets.has(socket.inode)) found.set(socket.inode, socket);
  return [...found.values()];
}

const place = ({ address, port }: ListeningSocket): string => `${address}:${port}`;
