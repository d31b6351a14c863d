import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chartDir, findTool, renderText } from './helm.ts';
import { hostName, MINUTES, openChart, startLoad } from './installed-chart.ts';
import { readOperatorDefinitions } from './operator-definitions.ts';
import { signIn } from './sign-up.ts';
import { startTestCluster, type TestCluster } from './test-cluster.ts';

const helm = findTool('helm');
const cluster: TestCluster | null = helm ? startTestCluster(process.env) : null;
const high = 'values-high-availability.yaml';

/** Node programs that run inside a pod. */
const killLeader = `const fs = require('fs');
for (const pid of fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)))
  try { if (fs.readFileSync('/proc/' + pid + '/comm', 'utf8') === 'bao\\n') process.kill(+pid, 'SIGKILL'); } catch {}`;
const askSocket = (socketPath: string, asked: string): string =>
  `require('http').get({ socketPath: '${socketPath}', path: '${asked}' }, (r) => r.pipe(process.stdout))`;
const loadModel = `const request = require('http').request(
  { socketPath: '/run/ollama/ollama.sock', path: '/api/generate', method: 'POST' }, (r) => r.resume());
request.end(JSON.stringify({ model: 'casemate-chat', prompt: 'basilisk', stream: false, keep_alive: '24h',
  options: { num_predict: 2 } }));`;

if (!helm || !cluster)
  it.skip('high availability on a real cluster (untested: no helm, or neither KUBECONFIG nor scripts that start one)', () => {
    expect(cluster).toBeNull();
  });
else
  describe('DEP-03: the values for high availability on a real cluster', () => {
    const small = path.join(import.meta.dirname, 'small-node.yaml');
    const chart = openChart({
      ...{ helm, cluster, env: process.env },
      files: [path.join(chartDir, high), small],
    });
    const { run, kubectl } = chart;
    const inPod = (pod: string, program: string): string =>
      kubectl('exec', pod, '--', '/casemate/node/bin/node', '-e', program);

    beforeAll(() => {
      for (const input of readOperatorDefinitions())
        run('kubectl', ['apply', '--server-side', '-f', '-'], { input });
      chart.install();
    }, 20 * MINUTES);
    afterAll(() => chart.remove(), 5 * MINUTES);

    it('is accepted by an API server that knows the operators, as it is, and not with a field that nobody knows', () => {
      const set = [
        'monitoring.serviceMonitor.enabled=true',
        'monitoring.prometheusRule.enabled=true',
      ];
      const text = renderText(helm, { files: [high], set: [...set, 'ingress.enabled=true'] });
      const objects = text.replace(
        /\n---\n# Source: casemate\/templates\/tests[\s\S]*?(?=\n---\n)/,
        '',
      );
      const apply = (input: string): string =>
        run(
          'kubectl',
          ['apply', '-n', 'default', '--dry-run=server', '--validate=strict', '-f', '-'],
          {
            input: input.replaceAll('namespace: chambers', 'namespace: default'),
          },
        );
      const said = apply(objects);
      for (const kind of [
        'cluster.postgresql.cnpg.io',
        'servicemonitor',
        'horizontalpodautoscaler',
      ])
        expect(said).toContain(kind);
      expect(() => apply(objects.replace('configMapRefs:', 'configMapReferences:'))).toThrow(
        /unknown field/,
      );
    });

    it('OBS-01: shows the metrics of server and provisioner to the token that the chart has drawn, to nobody else', () => {
      const pod = kubectl(
        ...['get', 'pod', '-l', 'app.kubernetes.io/component=provisioner'],
        '-o=jsonpath={.items[0].status.podIP}',
      );
      const encoded = kubectl('get', 'secret/casemate-metrics', '-o=jsonpath={.data.token}');
      const token = Buffer.from(encoded, 'base64').toString();
      const caFile = path.join(chart.out, 'ca.crt');
      writeFileSync(caFile, chart.authority());
      for (const [at, port] of [
        [pod, 9443],
        [chart.address(), 443],
      ] as const) {
        const ask = (...words: string[]): string =>
          run('curl', [
            ...['-sS', '--cacert', caFile, '--resolve', `${hostName}:${port}:${at}`],
            ...['-w', '\n%{http_code}', ...words, `https://${hostName}:${port}/metrics`],
          ]);
        expect(ask()).toMatch(/\n401$/);
        expect(ask('-H', `Authorization: Bearer ${token}`)).toMatch(
          /casemate_jobs_total[\s\S]*\n200$/,
        );
      }
    });

    it(
      'RES-01: fails no request while the leader of the key service is killed',
      async () => {
        const { who, end } = await startLoad(chart);
        const leader = (): string =>
          (
            JSON.parse(
              inPod('casemate-openbao-1', askSocket('/run/openbao/bao.sock', '/v1/sys/leader')),
            ) as { leader_address: string }
          ).leader_address;
        const before = leader();
        const address = { host: chart.address(), port: 443, ca: chart.authority(), hostName };
        const signIns: string[] = [];
        for (let at = 0; at < 20; at += 1) {
          if (at === 3) {
            const pod = new URL(before).hostname.split('.')[0] ?? '';
            await chart.inBackground('kubectl', [
              ...['-n', chart.namespace, 'exec', pod, '--'],
              ...['/casemate/node/bin/node', '-e', killLeader],
            ]);
          }
          signIns.push(await signIn(address, who));
          await sleep(1_000);
        }
        expect(signIns).toEqual(signIns.map(() => '201'));
        const { requests, failed } = await end();
        expect(failed).toEqual({});
        expect(requests).toBeGreaterThan(400);
        expect(leader()).not.toBe(before);
      },
      5 * MINUTES,
    );

    it(
      'ENC-11: every model server of the pool forgets the prompts of a tenant that is sealed',
      async () => {
        const pods = ['casemate-ollama-0', 'casemate-ollama-1'];
        const loaded = (): number[] =>
          pods.map((pod) => {
            const said = inPod(pod, askSocket('/run/ollama/ollama.sock', '/api/ps'));
            return (JSON.parse(said) as { models: unknown[] }).models.length;
          });
        for (const pod of pods) inPod(pod, loadModel);
        const before = loaded();
        for (const count of before) expect(count).toBeGreaterThan(0);
        // What a seal notes down: from here on the servers see to it. It has no schema, and needs none.
        chart.inDatabase(
          `insert into control.tenants (id, name, language, state, prompts_left_since)
           values (uuidv7(), 'Sealed', 'en', 'dropped', now() - interval '1 minute')`,
        );
        for (let tries = 0; tries < 30 && loaded().some((count) => count > 0); tries += 1)
          await sleep(1_000);
        expect(loaded()).toEqual([0, 0]);
      },
      3 * MINUTES,
    );

    it(
      'DEP-03: upgrades three servers and three key services under load without a failed request',
      async () => {
        const load = await startLoad(chart);
        const set = ['--set', 'server.settings.CASEMATE_MAX_IN_FLIGHT=900'];
        const change = ['--set', 'openbao.resources.requests.cpu=60m'];
        await chart.inBackground(helm, [
          ...['upgrade', 'casemate', chartDir, '-n', chart.namespace, '--reset-then-reuse-values'],
          ...['--wait', '--timeout', '8m', ...set, ...change],
        ]);
        await sleep(5_000);
        const { requests, failed } = await load.end();
        expect(failed).toEqual({});
        expect(requests).toBeGreaterThan(500);
      },
      10 * MINUTES,
    );
  });
