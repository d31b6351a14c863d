import { spawn } from 'node:child_process';

type Test = {
  folder: string;
  /** Its path from the root. */
  test: string;
  project: 'unit' | 'db' | 'installs';
  env: Readonly<Record<string, string>>;
};

const LIMIT_MS = 600_000;

/** What the tests said. They get a process group of their own, so that nothing outlives them. */
export function runTest({ folder, test, project, env }: Test): Promise<string> {
  const child = spawn(
    'env',
    [
      ...Object.entries(env).map(([key, value]) => `${key}=${value}`),
      process.execPath,
      ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
      ...['node_modules/jest/bin/jest.js', '--ci', '--forceExit', '--verbose'],
      ...['--selectProjects', project, '--testPathPatterns', test],
    ],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  const stop = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  };
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const timer = setTimeout(stop, LIMIT_MS);
  process.once('exit', stop);
  return new Promise((resolve) => {
    child.once('error', (error) => chunks.push(Buffer.from(String(error))));
    child.once('close', () => {
      clearTimeout(timer);
      process.off('exit', stop);
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
  });
}
