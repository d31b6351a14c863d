import { execFile, execFileSync, type ExecFileSyncOptions } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { chartDir } from './helm.ts';
import { loadSteadily, type LoadResult } from './load-steadily.ts';
import { signUp, type SignedUp } from './sign-up.ts';
import type { TestCluster } from './test-cluster.ts';

const root = path.resolve(import.meta.dirname, '../..');
const names = ['server', 'postgresql', 'openbao', 'ollama'];
const namespace = 'chambers';
export const hostName = 'casemate.test';
export const MINUTES = 60_000;

type Env = Readonly<Record<string, string | undefined>>;
type Images = Record<string, { digest: string }>;

/** Programs of this host, with the cluster at hand. */
function openTools(env: Env) {
  const options = { env: env as NodeJS.ProcessEnv, maxBuffer: 1 << 26 };
  const run = (program: string, words: readonly string[], more: ExecFileSyncOptions = {}): string =>
    String(
      execFileSync(program, [...words], {
        ...{ encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], ...options },
        ...more,
      }),
    );
  return {
    run,
    kubectl: (...words: string[]) => run('kubectl', ['-n', namespace, ...words]),
    /** For what must not hold the clients of the load, which live in this process. */
    inBackground: (program: string, words: readonly string[]) =>
      promisify(execFile)(program, [...words], options),
  };
}

/** What a test asks of the installation. */
function openInstallation({ kubectl }: ReturnType<typeof openTools>) {
  const inServer = (...words: string[]): string =>
    kubectl(
      ...['exec', 'deployment/casemate-server', '-c', 'server', '--'],
      ...['/casemate/node/bin/node', '/casemate/server/dist/main.js', ...words],
    );
  return {
    authority: (): string => {
      const path = '-o=jsonpath={.data.ca\\.crt}';
      return Buffer.from(kubectl('get', 'secret/casemate-server-tls', path), 'base64').toString();
    },
    address: (): string =>
      kubectl('get', 'service/casemate-server', '-o=jsonpath={.spec.clusterIP}'),
    setUpLink: (): string => (JSON.parse(inServer('setup-link')) as { url: string }).url,
    /** As the superuser, through the socket that only the pod of the database has. */
    inDatabase: (sql: string): string => {
      const psql = '/casemate/postgresql/embedded_postgres/pginstall/bin/psql';
      const words = ['-h', '/run/postgresql', '-U', 'postgres', '-d', 'casemate', '-Atc', sql];
      return kubectl('exec', 'casemate-postgresql-0', '--', psql, ...words).trim();
    },
  };
}

/** The chart on a cluster, with images of this checkout. */
export type InstalledChart = ReturnType<typeof openChart>;

type Wanted = { helm: string; cluster: TestCluster; env: Env; files: readonly string[] };

/** `files`: values, by path. Nothing is there before `install`. */
export function openChart({ helm, cluster, env, files }: Wanted) {
  const out = mkdtempSync(path.join(tmpdir(), 'cmk-images-'));
  const tools = openTools({ ...env, KUBECONFIG: cluster.kubeconfig });
  const { run } = tools;
  const values: string[] = ['--set', `hostName=${hostName}`];
  for (const file of files) values.push('--values', file);
  const upgradeWords = (...set: string[]): string[] => [
    ...['upgrade', '--install', 'casemate', chartDir, '-n', namespace],
    ...['--wait', '--timeout', '8m', ...values],
    ...set.flatMap((word) => ['--set', word]),
  ];
  return {
    ...{ namespace, out, values, upgradeWords, ...tools, ...openInstallation(tools) },
    install: (): void => {
      const builder = path.join(root, 'scripts/images/main.ts');
      run(process.execPath, [builder, '--out', out]);
      cluster.load(names.map((name) => path.join(out, `casemate-${name}.tar`)));
      const images = JSON.parse(readFileSync(path.join(out, 'images.json'), 'utf8')) as Images;
      for (const name of names)
        values.push('--set', `images.${name}.digest=${images[name]?.digest ?? ''}`);
      run('kubectl', ['create', 'namespace', namespace]);
      const level = 'pod-security.kubernetes.io/enforce=restricted';
      run('kubectl', ['label', 'namespace', namespace, level]);
      run(helm, upgradeWords());
    },
    remove: (): void => {
      try {
        run(helm, ['uninstall', 'casemate', '-n', namespace, '--wait', '--timeout', '2m']);
        run('kubectl', ['delete', 'namespace', namespace, '--timeout=2m']);
      } finally {
        cluster.stop();
        rmSync(out, { recursive: true, force: true });
      }
    },
  };
}

export type RunningLoad = { who: SignedUp; end: () => Promise<LoadResult> };

/** As a person who is signed in, at the address of the service. */
export async function startLoad(chart: InstalledChart): Promise<RunningLoad> {
  const [host, ca] = [chart.address(), chart.authority()];
  const token = new URL(chart.setUpLink()).pathname.split('/').at(-1);
  const who = await signUp({ host, port: 443, ca, hostName, token });
  const stop = new AbortController();
  const running = loadSteadily({
    ...{ host, port: 443, path: '/api/tenants', ca, clients: 8, signal: stop.signal },
    headers: { host: hostName, authorization: `Bearer ${who.accessToken}` },
  });
  return {
    who,
    end: () => {
      stop.abort();
      return running;
    },
  };
}
