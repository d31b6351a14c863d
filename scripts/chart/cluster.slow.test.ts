import { execFile, execFileSync, type ExecFileSyncOptions } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { walkInBrowser } from '../images/walk-in-browser.ts';
import { chartDir, findTool } from './helm.ts';
import { loadSteadily } from './load-steadily.ts';
import { signUp } from './sign-up.ts';
import { startTestCluster, type TestCluster } from './test-cluster.ts';

const helm = findTool('helm');
const root = path.resolve(import.meta.dirname, '../..');
const namespace = 'chambers';
const names = ['server', 'postgresql', 'openbao', 'ollama'];
const MINUTES = 60_000;

const cluster: TestCluster | null = helm ? startTestCluster(process.env) : null;

if (!helm || !cluster)
  it.skip('the chart on a real cluster (untested: no helm, or neither KUBECONFIG nor scripts that start one)', () => {
    expect(cluster).toBeNull();
  });
else
  describe('DEP-03: the chart on a real cluster', () => {
    const out = mkdtempSync(path.join(tmpdir(), 'cmk-images-'));
    const env = { ...process.env, KUBECONFIG: cluster.kubeconfig };
    const run = (program: string, words: readonly string[], options: ExecFileSyncOptions = {}) =>
      String(
        execFileSync(program, [...words], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe'],
          env,
          maxBuffer: 1 << 26,
          ...options,
        }),
      );
    const kubectl = (...words: string[]) => run('kubectl', ['-n', namespace, ...words]);
    const values: string[] = [];
    /** For what must not hold the clients of the load, which live in this process. */
    const inBackground = (program: string, words: readonly string[]) =>
      promisify(execFile)(program, [...words], { env, maxBuffer: 1 << 26 });
    const upgradeWords = (...set: string[]) => [
      ...['upgrade', '--install', 'casemate', chartDir, '-n', namespace],
      ...['--wait', '--timeout', '8m', ...values],
      ...set.flatMap((word) => ['--set', word]),
    ];
    const inServer = (...words: string[]) =>
      kubectl(
        ...['exec', 'deployment/casemate-server', '-c', 'server', '--'],
        ...['/casemate/node/bin/node', '/casemate/server/dist/main.js', ...words],
      );

    beforeAll(() => {
      const builder = path.join(root, 'scripts/images/main.ts');
      run(process.execPath, [builder, '--out', out], { env: process.env });
      cluster.load(names.map((name) => path.join(out, `casemate-${name}.tar`)));
      const images = JSON.parse(readFileSync(path.join(out, 'images.json'), 'utf8')) as Record<
        string,
        { digest: string }
      >;
      values.push('--set', 'hostName=casemate.test');
      values.push('--values', path.join(chartDir, 'values-one-node.yaml'));
      for (const name of names)
        values.push('--set', `images.${name}.digest=${images[name]?.digest ?? ''}`);
      run('kubectl', ['create', 'namespace', namespace]);
      const level = 'pod-security.kubernetes.io/enforce=restricted';
      run('kubectl', ['label', 'namespace', namespace, level]);
      run(helm, upgradeWords());
    }, 20 * MINUTES);
    afterAll(() => {
      try {
        run(helm, ['uninstall', 'casemate', '-n', namespace, '--wait', '--timeout', '2m']);
        run('kubectl', ['delete', 'namespace', namespace, '--timeout=2m']);
      } finally {
        cluster.stop();
        rmSync(out, { recursive: true, force: true });
      }
    }, 5 * MINUTES);

    it('refuses a pod that asks for more than the restricted level allows', () => {
      const bad = ['run', 'bad', '--image=casemate-server:0.1.0', '--restart=Never'];
      expect(() => kubectl(...bad)).toThrow(/violates PodSecurity/);
    });

    it(
      'DEP-02: answers a question about a document made just now, and says what is not in it',
      () => {
        const said = run(helm, ['test', 'casemate', '-n', namespace, '--logs', '--timeout', '8m']);
        expect(said).toContain('"ok":true');
      },
      10 * MINUTES,
    );

    it(
      'DEP-02: shows the answer and its source in Chromium',
      () => {
        const caFile = path.join(out, 'ca.crt');
        writeFileSync(caFile, authorityOf(kubectl));
        const { url } = JSON.parse(inServer('setup-link')) as { url: string };
        const walked = walkInBrowser({
          caFile,
          address: 'https://casemate.test',
          setupLink: url,
          at: kubectl('get', 'service/casemate-server', '-o=jsonpath={.spec.clusterIP}'),
        });
        expect(walked.answer).toContain(walked.token);
        expect(walked).toMatchObject({ other: 'not_in_documents', faults: [] });
      },
      10 * MINUTES,
    );

    it(
      'DEP-03: upgrades under load without a failed request, and goes back',
      async () => {
        const load = await startLoad({ kubectl, inServer });
        await inBackground(helm, upgradeWords('server.settings.CASEMATE_MAX_IN_FLIGHT=900'));
        await sleep(5_000);
        const back = ['rollback', 'casemate', '1', '-n', namespace, '--wait', '--timeout', '8m'];
        await inBackground(helm, back);
        await sleep(5_000);
        const { requests, failed } = await load();
        expect(failed).toEqual({});
        expect(requests).toBeGreaterThan(1_000);
        expect(kubectl('get', 'deployment/casemate-server', '-o', 'yaml')).not.toContain(
          'CASEMATE_MAX_IN_FLIGHT',
        );
      },
      20 * MINUTES,
    );

    it(
      'DEP-03: refuses to migrate a database that a later version has migrated, and changes no pod',
      () => {
        const insert = `insert into control.migrations (name, checksum) values ('9999-later.sql', '')`;
        const remove = `delete from control.migrations where name = '9999-later.sql'`;
        const before = settledPods(kubectl);
        inDatabase(kubectl, insert);
        try {
          expect(() =>
            run(helm, [
              ...['upgrade', 'casemate', chartDir, '-n', namespace, '--timeout', '90s', ...values],
              ...['--set', 'server.settings.CASEMATE_MAX_IN_FLIGHT=800'],
            ]),
          ).toThrow(/pre-upgrade hooks failed/);
        } finally {
          inDatabase(kubectl, remove);
        }
        expect(settledPods(kubectl)).toEqual(before);
      },
      5 * MINUTES,
    );
  });

/** The servers' pods, once none of them is on its way out. */
function settledPods(kubectl: (...words: string[]) => string): string[] {
  const deadline = Date.now() + 2 * MINUTES;
  for (;;) {
    const label = 'app.kubernetes.io/component=server';
    const { items } = JSON.parse(kubectl('get', 'pods', '-l', label, '-o=json')) as {
      items: { metadata: { name: string; deletionTimestamp?: string } }[];
    };
    if (items.every(({ metadata }) => metadata.deletionTimestamp === undefined))
      return items.map(({ metadata }) => metadata.name).sort();
    if (Date.now() > deadline) throw new Error('A pod of the server does not end');
    execFileSync('sleep', ['1']);
  }
}

type Ways = {
  kubectl: (...words: string[]) => string;
  inServer: (...words: string[]) => string;
};

/** As a person who is signed in, at the address of the service; gives what to call for the result. */
async function startLoad({ kubectl, inServer }: Ways) {
  const { url } = JSON.parse(inServer('setup-link')) as { url: string };
  const token = new URL(url).pathname.split('/').at(-1);
  const host = kubectl('get', 'service/casemate-server', '-o=jsonpath={.spec.clusterIP}');
  const ca = authorityOf(kubectl);
  const accessToken = await signUp({ host, port: 443, ca, hostName: 'casemate.test', token });
  const stop = new AbortController();
  const running = loadSteadily({
    ...{ host, port: 443, path: '/api/tenants', ca, clients: 8, signal: stop.signal },
    headers: { host: 'casemate.test', authorization: `Bearer ${accessToken}` },
  });
  return () => {
    stop.abort();
    return running;
  };
}

function authorityOf(kubectl: Ways['kubectl']): string {
  const encoded = kubectl('get', 'secret/casemate-server-tls', '-o=jsonpath={.data.ca\\.crt}');
  return Buffer.from(encoded, 'base64').toString('utf8');
}

/** As the superuser, through the socket that only the pod of the database has. */
function inDatabase(kubectl: Ways['kubectl'], sql: string): void {
  const psql = '/casemate/postgresql/embedded_postgres/pginstall/bin/psql';
  const words = ['-h', '/run/postgresql', '-U', 'postgres', '-d', 'casemate', '-c', sql];
  kubectl('exec', 'casemate-postgresql-0', '--', psql, ...words);
}
