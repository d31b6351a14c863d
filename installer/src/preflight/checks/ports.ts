import { type CheckResult, fail, ok } from '../check-result.ts';
import { listListeningSockets } from '../listening-sockets.ts';
import type { CheckContext } from '../preflight-request.ts';

/** One result for each port that the server will open. */
export async function checkPorts(context: CheckContext): Promise<CheckResult[]> {
  const ports = context.request.ports.filter((port) => port > 0);
  return Promise.all(ports.map((port) => checkPort(context, port)));
}

async function checkPort({ host, request }: CheckContext, port: number): Promise<CheckResult> {
  const id = `port-${port}`;
  const needed = `port ${port} of ${request.bindAddress}, free for the server`;
  const code = await host.tryListening(request.bindAddress, port);
  if (code === null) return ok(id, { found: 'free', needed });
  const words = { needed, ...(await explain({ host, request }, { code, port })) };
  // An instance that runs already holds its own port: installing again must stay possible.
  const ours = code === 'EADDRINUSE' && (await host.exists(request.supervisorFile));
  return ours ? ok(id, { found: 'held by this instance', needed }) : fail(id, words);
}

async function explain(
  { host, request }: CheckContext,
  { code, port }: { code: string; port: number },
): Promise<{ found: string; mend: string }> {
  const other = 'choose others with --https-port PORT and --http-port PORT';
  if (code === 'EACCES') {
    const mend = `Install as root, ${other} (8443 and 8080, say), or allow it: \`sysctl net.ipv4.ip_unprivileged_port_start=${port}\``;
    return { found: 'only root may open ports this low', mend };
  }
  if (code === 'EADDRNOTAVAIL') {
    const mend = `Give one of this host's own addresses with --bind (${host.addresses().join(', ')}), or 0.0.0.0 for all`;
    return { found: `${request.bindAddress} is no address of this host`, mend };
  }
  if (code !== 'EADDRINUSE') {
    return { found: `it cannot be opened (${code})`, mend: `Change the address or ${other}` };
  }
  const socket = (await listListeningSockets(host)).find((one) => one.port === port);
  const owner = socket && (await host.findSocketOwner(socket.inode));
  const found = `held by ${owner ?? 'another program (its owner is shown to root only)'}`;
  return { found, mend: `Stop it, or ${other}. To see it: \`ss -ltnp sport = :${port}\`` };
}
