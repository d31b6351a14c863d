import dgram from 'node:dgram';
import dns from 'node:dns';
import { registerHooks, syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

// Doors to the network, and streams whose class is a socket.
const GLOBALS = ['fetch', 'WebSocket', 'EventSource', 'BroadcastChannel', 'Worker'];
const PROCESS = ['getBuiltinModule', 'binding', '_linkedBinding', 'dlopen', 'kill'];
const STREAMS = ['stdin', 'stdout', 'stderr'];

/**
 * Closes this process before it looks at a document: no module can be loaded any more (nothing of
 * Node, no addon, nothing from disk), the modules of the network refuse, their globals are gone.
 *
 * This is the inner layer. It stops a parser that is made to do what it was never written for. It
 * does not stop code that kept its own copy of a function, or machine code: against that stand
 * Node's permission model (files, processes, threads, addons) and the kernel (a network namespace
 * without interfaces, resource limits). Where the kernel refuses namespaces this layer alone keeps
 * the network closed, because Node 24 has no permission for it; `describeSandbox` says so.
 */
export function sealProcess(): void {
  for (const name of GLOBALS) Reflect.deleteProperty(globalThis, name);
  poison(net.Socket.prototype, ['connect']);
  poison(net.Server.prototype, ['listen']);
  poison(dgram.Socket.prototype, ['bind', 'connect', 'send']);
  for (const resolver of [dns, dns.promises]) {
    poison(
      resolver,
      Object.keys(resolver).filter((name) => /^(lookup|resolve|reverse)/.test(name)),
    );
  }
  syncBuiltinESMExports();
  // Libraries report what they can't read; nobody listens, and the real one holds sockets.
  globalThis.console = new Proxy(console, { get: () => () => undefined });
  for (const name of STREAMS) Object.defineProperty(process, name, { value: undefined });
  poison(process, PROCESS);
  registerHooks({ resolve: (specifier) => refuse(specifier) });
}

function poison(owner: object, names: readonly string[]): void {
  for (const name of names) {
    const value = (): never => refuse(name);
    Object.defineProperty(owner, name, { value, configurable: false, writable: false });
  }
}

function refuse(what: string): never {
  throw new Error(`The sandbox is sealed: ${what} is closed`);
}
