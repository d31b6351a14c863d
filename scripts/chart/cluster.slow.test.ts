import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { walkInBrowser } from '../images/walk-in-browser.ts';
import { chartDir, findTool } from './helm.ts';
import { MINUTES, openChart, startLoad, type InstalledChart } from './installed-chart.ts';
import { startTestCluster, type TestCluster } from './test-cluster.ts';

const helm = findTool('helm');
const cluster: TestCluster | null = helm ? startTestCluster(process.env) : null;

if (!helm || !cluster)
  it.skip('the chart on a real cluster (untested: no helm, or neither KUBECONFIG nor scripts that start one)', () => {
    expect(cluster).toBeNull();
  });
else
  describe('DEP-03: the chart on a real cluster', () => {
    const chart = openChart({
      ...{ helm, cluster, env: process.env },
      files: [path.join(chartDir, 'values-one-node.yaml')],
    });
    const { run, kubectl, namespace, values } = chart;

    beforeAll(() => chart.install(), 20 * MINUTES);
    afterAll(() => chart.remove(), 5 * MINUTES);

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
        const caFile = path.join(chart.out, 'ca.crt');
        writeFileSync(caFile, chart.authority());
        const walked = walkInBrowser({
          caFile,
          address: 'https://casemate.test',
          setupLink: chart.setUpLink(),
          at: chart.address(),
        });
        expect(walked.answer).toContain(walked.token);
        expect(walked).toMatchObject({ other: 'not_in_documents', faults: [] });
      },
      10 * MINUTES,
    );

    it(
      'DEP-03: upgrades under load without a failed request, and goes back',
      async () => {
        const load = await startLoad(chart);
        const set = 'server.settings.CASEMATE_MAX_IN_FLIGHT=900';
        await chart.inBackground(helm, chart.upgradeWords(set));
        await sleep(5_000);
        const back = ['rollback', 'casemate', '1', '-n', namespace, '--wait', '--timeout', '8m'];
        await chart.inBackground(helm, back);
        await sleep(5_000);
        const { requests, failed } = await load.end();
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
        const before = settledPods(chart);
        chart.inDatabase(insert);
        try {
          expect(() =>
            run(helm, [
              ...['upgrade', 'casemate', chartDir, '-n', namespace, '--timeout', '90s', ...values],
              ...['--set', 'server.settings.CASEMATE_MAX_IN_FLIGHT=800'],
            ]),
          ).toThrow(/pre-upgrade hooks failed/);
        } finally {
          chart.inDatabase(remove);
        }
        expect(settledPods(chart)).toEqual(before);
      },
      5 * MINUTES,
    );
  });

/** The servers' pods, once none of them is on its way out. */
function settledPods({ kubectl }: InstalledChart): string[] {
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
