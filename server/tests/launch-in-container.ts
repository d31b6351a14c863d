import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GenericContainer, type StartedTestContainer } from 'testcontainers';
import type { Child, ChildOptions } from '../../installer/src/test-parts/start-child.ts';

const ENGINE = '/var/run/docker.sock';
const SYSTEM = ['/usr', '/lib', '/lib64', '/bin', '/etc'];

/** Whether a container engine answers on its socket. */
export function engineAnswers(): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get({ socketPath: ENGINE, path: '/_ping', timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

/**
 * Starts a part in a container of its own: an empty image with this host's system read-only, no
 * network, no capabilities, and the directories of the test. The part's sockets lie in `dir`, so
 * everything else works as with a child process.
 */
export function launchInContainer(dir: string): (options: ChildOptions) => Promise<Child> {
  return async ({ argv, env, runAs }) => {
    // Testcontainers' own clean-up needs an image that a closed network can't bring.
    process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
    let ended = false;
    let log = '';
    const container = await (
      await emptyImage()
    )
      .withCommand([...argv])
      .withEnvironment({ ...env })
      .withBindMounts([
        ...SYSTEM.map((source) => ({ source, target: source, mode: 'ro' as const })),
        { source: programDirectory(argv[0]), target: programDirectory(argv[0]), mode: 'ro' },
        { source: dir, target: dir, mode: 'rw' },
      ])
      .withNetworkMode('none')
      .withDroppedCapabilities('ALL')
      .withUser(`${runAs?.uid ?? process.getuid?.() ?? 0}:${runAs?.gid ?? process.getgid?.() ?? 0}`)
      .withLogConsumer((stream) => {
        stream.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-8_000)));
        stream.on('end', () => (ended = true));
      })
      .start();
    return { ended: () => ended, log: () => log, stop: () => stop(container) };
  };
}

async function stop(container: StartedTestContainer): Promise<void> {
  await container.stop({ timeout: 10_000 });
}

async function emptyImage(): Promise<GenericContainer> {
  const context = mkdtempSync(join(tmpdir(), 'casemate-image-'));
  writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /casemate-test\n');
  try {
    return await GenericContainer.fromDockerfile(context).build('casemate-test:empty', {
      deleteOnExit: false,
    });
  } finally {
    rmSync(context, { recursive: true });
  }
}

/** The folder below the temporary directory, or the component's in the cache, that a program is in. */
function programDirectory(program: string): string {
  const parts = program.split('/');
  const component = parts.findIndex((part) => /^(postgresql|openbao)-\d/.test(part));
  return parts.slice(0, component === -1 ? -1 : component + 1).join('/');
}
