import type { Patient, ProcessFact } from '../../doctor/patient.ts';
import { broken, holds, unseen, type HostCheck, type HostFinding } from '../host-check.ts';
import { componentProcesses } from './component-processes.ts';

/** CAP_NET_BIND_SERVICE, which the server needs for ports below 1024. */
const BIND = 1n << 10n;

/**
 * DEP-01: what the kernel says of each process of the appliance: its account, its capabilities,
 * whether it may gain rights, whether its system calls are filtered.
 */
export const processAccounts: HostCheck = {
  control: 'DEP-01',
  name: 'process-accounts',
  run: examine,
};

async function examine(patient: Patient): Promise<HostFinding> {
  const components = await componentProcesses(patient);
  const faults: string[] = [];
  const loose: string[] = [];
  const owners = new Map<string, string>();
  let count = 0;
  for (const { id, processes } of components) {
    for (const process of processes) {
      count += 1;
      const status = await statusOf(patient, process);
      const uids = (status.get('Uid') ?? '').split('\t');
      owners.set(id, uids[0] ?? '');
      if (uids.length < 4 || uids.includes('0')) faults.push(`${id} runs as root`);
      for (const set of ['CapEff', 'CapPrm', 'CapBnd'])
        if (!fewCapabilities(status.get(set))) loose.push(`${id} ${set}`);
      if (status.get('NoNewPrivs') !== '1') loose.push(`${id} may gain rights`);
      if (status.get('Seccomp') !== '2') loose.push(`${id} without a filter of system calls`);
    }
  }
  if (faults.length > 0) return broken(`${[...new Set(faults)].join(', ')}.`);
  // sd_booted(3); units are for instances of root.
  if (!patient.layout.asRoot || !(await patient.host.exists('/run/systemd/system')))
    return unseen(`${count} processes run without root, but without the sandbox of systemd.`);
  const shared = components.length - new Set(owners.values()).size;
  if (shared > 0) loose.push(`${shared} component(s) share an account`);
  if (loose.length > 0) return broken(`${[...new Set(loose)].join(', ')}.`);
  return holds(
    `${count} processes of ${components.length} components: accounts of their own, no capability but to open low ports, no way to gain rights, system calls filtered.`,
  );
}

function fewCapabilities(hex: string | undefined): boolean {
  return hex !== undefined && /^[0-9a-f]{16}$/.test(hex) && (BigInt(`0x${hex}`) & ~BIND) === 0n;
}

async function statusOf(
  { host }: Patient,
  { pid }: ProcessFact,
): Promise<ReadonlyMap<string, string>> {
  const text = (await host.readText(`/proc/${pid}/status`)) ?? '';
  return new Map(
    text.split('\n').map((line) => {
      const [name = '', value = ''] = line.split(/:\s*(.*)/s, 2);
      return [name, value];
    }),
  );
}
