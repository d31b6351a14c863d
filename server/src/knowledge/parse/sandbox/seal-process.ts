import { registerHooks } from 'node:module';

// Whatever in a Node process reaches the network, other processes or other threads.
const GLOBALS = [
  'fetch',
  'WebSocket',
  'EventSource',
  'XMLHttpRequest',
  'BroadcastChannel',
  'Worker',
];

/**
 * Takes from this process the ways to load more code, after which nothing new can be imported:
 * no network module, no addon, nothing from disk. It also removes the global doors to the network.
 *
 * This is the inner layer. It stops code that a library was never meant to run, not an attacker
 * who already runs machine code in this process: against that stand Node's permission model (files,
 * processes, threads, addons), and the kernel (its own network namespace, resource limits). Where
 * the kernel refuses namespaces, only this layer closes the network, because Node 24 has no
 * `--allow-net`; `describeSandbox` says which layers hold on a host.
 */
export function sealProcess(): void {
  registerHooks({
    resolve: (specifier) => {
      throw new Error(`The sandbox is sealed: ${specifier} can't be loaded`);
    },
  });
  for (const name of GLOBALS) Reflect.deleteProperty(globalThis, name);
  forbid('getBuiltinModule', 'binding', '_linkedBinding', 'dlopen', 'kill');
}

function forbid(...names: readonly string[]): void {
  for (const name of names) {
    Object.defineProperty(process, name, {
      configurable: false,
      writable: false,
      value: () => {
        throw new Error(`The sandbox is sealed: process.${name} is closed`);
      },
    });
  }
}
