/**
 * Runs the model server and lets clients reach it over a Unix socket:
 * `node model-bridge.ts SOCKET PORT PROGRAM [ARGUMENT…]`. Ollama speaks TCP alone, and a port on
 * loopback is open to every local user; in a network namespace of its own it is open to nobody but
 * this bridge. Stands alone: it is copied out and run as the account of the model server.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import net from 'node:net';

const [socketPath = '', port = '', program = '', ...args] = process.argv.slice(2);

const child = spawn(program, args, { stdio: 'inherit' });
child.on('error', (error) => end(`${program}: ${error.message}`));
child.on('exit', (code, signal) => {
  // Told to stop, it has; anything else is a fault, and whoever watches starts both again.
  process.exit(stopping ? 0 : (code ?? (signal === null ? 1 : 128)));
});

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.on(signal, () => {
    stopping = true;
    child.kill(signal);
  });

const bridge = net.createServer({ allowHalfOpen: true }, (client) => {
  const upstream = net.connect({
    host: '127.0.0.1',
    port: Number(port),
    noDelay: true,
    allowHalfOpen: true,
  });
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    from.pipe(to);
    from.on('error', () => to.destroy());
    // Whoever goes away ends the other side too: an abandoned answer must not go on being written.
    from.on('close', () => to.destroy());
  }
});
bridge.on('error', (error) => end(`${socketPath}: ${error.message}`));
rmSync(socketPath, { force: true });
// The mode that the socket is made with: its owner and the group of the services, never others.
const before = process.umask(0o117);
bridge.listen(socketPath, () => process.umask(before));

function end(message: string): void {
  process.stderr.write(`${message}\n`);
  child.kill('SIGKILL');
  process.exitCode = 1;
  if (child.pid === undefined) process.exit();
}
