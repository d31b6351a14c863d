import type { SandboxReport } from './layers.ts';
import { probeHost, type HostWrappers } from './probe-host.ts';

/** Says which boundaries stand around the parsers on this host, and what follows where one lacks. */
export function describeSandbox(host: HostWrappers = probeHost()): SandboxReport {
  return {
    layers: [
      always('separate_process', 'One process per document, empty environment, no shell'),
      always('permission_model', 'Node allows no writing, no processes, no threads, no addons'),
      always('sealed_modules', 'No module can be loaded once the document is open'),
      always('memory_and_time', 'The server kills a reader that takes too much memory or time'),
      {
        layer: 'kernel_limits',
        active: host.prlimit !== null,
        detail: host.prlimit
          ? 'The kernel limits memory, processor time, files and their size'
          : 'prlimit is missing: install util-linux',
      },
      {
        layer: 'no_new_privileges',
        active: host.setpriv !== null,
        detail: host.setpriv
          ? 'Readers gain no privileges and end with the server'
          : 'setpriv is missing: install util-linux',
      },
      {
        layer: 'network_namespace',
        active: host.unshare !== null,
        detail: host.unshare
          ? 'Readers have a network of their own without any interface'
          : 'This host refuses user namespaces: only Node itself keeps readers from the network',
      },
    ],
  };
}

const always = (
  layer: SandboxReport['layers'][number]['layer'],
  detail: string,
): SandboxReport['layers'][number] => ({ layer, active: true, detail });
