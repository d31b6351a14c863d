import { describe, expect, it } from '@jest/globals';
import { containersOf, findTool, podsOf, render, type Manifest } from './helm.ts';

const helm = findTool('helm') ?? '';
const high = { files: ['values-high-availability.yaml'] };
const named = (manifests: readonly Manifest[], kind: string, name: string): Manifest => {
  const found = manifests.find((one) => one.kind === kind && one.metadata.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
};
const metricsFrom = 'networkPolicy.metricsFrom[0].namespaceSelector.matchLabels.name=monitoring';

type Rule = { from?: object[]; ports: { port: number }[] };
const waysIn = (manifests: readonly Manifest[], name: string): Rule[] =>
  (named(manifests, 'NetworkPolicy', name).spec['ingress'] ?? []) as Rule[];

/** What a platform's administrators expect of any chart (the list that cert-manager's follows). */
if (helm === '')
  it.skip('the checklist of the chart (untested: no helm here; scripts/chart/build-tools.sh builds it)', () => {
    expect(helm).toBe('');
  });
else
  describe('the checklist of the chart', () => {
    it('OBS-01: nobody reaches the provisioner, and with a monitor only who was named', () => {
      expect(waysIn(render(helm), 'casemate-provisioner')).toEqual([]);
      const set = ['monitoring.podMonitor.enabled=true', metricsFrom];
      expect(waysIn(render(helm, { set }), 'casemate-provisioner')).toEqual([
        {
          ports: [{ port: 9443, protocol: 'TCP' }],
          from: [{ namespaceSelector: { matchLabels: { name: 'monitoring' } } }],
        },
      ]);
    });

    it('NET-02: the pods that the operator of the database makes are shut in as ours are', () => {
      const manifests = render(helm, high);
      const ours = { 'cnpg.io/cluster': 'casemate-database' };
      const { podSelector, policyTypes } = named(manifests, 'NetworkPolicy', 'casemate-postgresql')
        .spec as { podSelector: object; policyTypes: string[] };
      expect([podSelector, policyTypes]).toEqual([{ matchLabels: ours }, ['Ingress', 'Egress']]);
      for (const { from = [] } of waysIn(manifests, 'casemate-postgresql'))
        expect(from.length).toBeGreaterThan(0);
      const server = JSON.stringify(named(manifests, 'NetworkPolicy', 'casemate-server').spec);
      expect(server).toContain(JSON.stringify({ podSelector: { matchLabels: ours } }));
    });

    it('SEC-01: the operator of the database keeps no password that the key service replaces', () => {
      const manifests = render(helm, high);
      const { spec } = named(manifests, 'Cluster', 'casemate-database');
      expect(JSON.stringify(spec)).not.toContain('passwordSecret');
      expect(spec['bootstrap']).toMatchObject({
        initdb: {
          postInitApplicationSQLRefs: {
            secretRefs: [{ name: 'casemate-rotator', key: 'sql' }],
            configMapRefs: [{ name: 'casemate-bootstrap', key: 'bootstrap.sql' }],
          },
        },
      });
      const { data } = named(manifests, 'ConfigMap', 'casemate-bootstrap') as unknown as {
        data: Record<string, string>;
      };
      expect(data['bootstrap.sql']).toMatch(/^alter role casemate_server /m);
    });

    it('demands no zone of nodes, which many clusters have none of', () => {
      const { pod } = podsOf([named(render(helm, high), 'Deployment', 'casemate-server')])[0] ?? {};
      const spread = pod?.['topologySpreadConstraints'] as Record<string, string>[];
      const found = spread.map((one) => [one['topologyKey'], one['whenUnsatisfiable']]);
      expect(Object.fromEntries(found)).toEqual({
        'kubernetes.io/hostname': 'DoNotSchedule',
        'topology.kubernetes.io/zone': 'ScheduleAnyway',
      });
    });

    it('ENC-11: names every model server of the pool, and those that are not ready', () => {
      const manifests = render(helm, high);
      const { spec } = named(manifests, 'Service', 'casemate-ollama-nodes');
      expect(spec).toMatchObject({ clusterIP: 'None', publishNotReadyAddresses: true });
      const pods = podsOf(manifests).find(({ name }) => name === 'Deployment casemate-server');
      expect(pods?.pod.containers[0]?.env).toContainEqual({
        name: 'CASEMATE_OLLAMA_POOL',
        value: 'casemate-ollama-nodes.chambers.svc',
      });
    });

    it('every pod takes the class, the nodes and the taints that are said for all', () => {
      const set = [
        'scheduling.priorityClassName=high',
        'scheduling.nodeSelector.pool=ai',
        'scheduling.tolerations[0].key=ai',
        'ollama.nodeSelector.card=yes',
      ];
      const pods = podsOf(render(helm, { set }));
      expect(pods.length).toBeGreaterThanOrEqual(8);
      for (const { name, pod } of pods)
        expect([name, pod['priorityClassName'], pod['tolerations'], pod['nodeSelector']]).toEqual([
          name,
          'high',
          [{ key: 'ai' }],
          name.endsWith('ollama') ? { card: 'yes' } : { pool: 'ai' },
        ]);
    });

    it('no label of a site takes the place of ours, and no setting of names is guessed', () => {
      for (const set of [
        'pods.labels.app\\.kubernetes\\.io/component=mine',
        'pods.dnsPolicy=Elsewhere',
        'server.podDisruptionBudget.maxUnavailable=none',
        'server.service.ipFamilies[0]=IPv5',
        'fullnameOverride=No_Name',
      ])
        expect(() => render(helm, { set: [set] })).toThrow(/don't meet|schema/);
    });

    it('every pod takes what is said for all pods, and keeps what is its own', () => {
      const set = [
        ...['pods.annotations.mesh=on', 'pods.labels.team=ai', 'pods.dnsPolicy=None'],
        ...['pods.dnsConfig.nameservers[0]=192.0.2.53', 'pods.hostAliases[0].ip=192.0.2.9'],
        ...['scheduling.affinity.podAntiAffinity.of=mine', 'revisionHistoryLimit=3'],
      ];
      const manifests = render(helm, { set });
      const pods = podsOf(manifests);
      expect(pods.length).toBeGreaterThanOrEqual(8);
      for (const { name, metadata, pod } of pods) {
        expect([name, metadata]).toEqual([
          name,
          expect.objectContaining({
            annotations: expect.objectContaining({ mesh: 'on' }),
            labels: expect.objectContaining({
              team: 'ai',
              'app.kubernetes.io/component': expect.any(String),
            }),
          }),
        ]);
        expect([name, pod]).toEqual([
          name,
          expect.objectContaining({
            dnsPolicy: 'None',
            dnsConfig: { nameservers: ['192.0.2.53'] },
            hostAliases: [{ ip: '192.0.2.9' }],
            affinity: { podAntiAffinity: { of: 'mine' } },
          }),
        ]);
      }
      const tested = pods.find(({ name }) => name.endsWith('self-check'));
      expect(tested?.metadata.annotations).toMatchObject({ 'helm.sh/hook': 'test' });
      const staying = manifests.filter(({ kind }) => /^(Deployment|StatefulSet)$/.test(kind));
      expect(staying.map(({ spec }) => spec['revisionHistoryLimit'])).toEqual([3, 3, 3, 3, 3]);
    });

    it('the budget, the service and the names follow the site where it says so', () => {
      const share = { ...high, set: ['server.podDisruptionBudget.maxUnavailable=25%'] };
      const budget = named(render(helm, share), 'PodDisruptionBudget', 'casemate-server').spec;
      expect(budget).toMatchObject({ maxUnavailable: '25%' });
      expect(budget).not.toHaveProperty('minAvailable');
      const dual = ['server.service.ipFamilyPolicy=PreferDualStack', 'server.service.labels.a=b'];
      const both = [...dual, 'server.service.ipFamilies={IPv6,IPv4}', 'fullnameOverride=vault-ai'];
      const manifests = render(helm, { set: both });
      const service = named(manifests, 'Service', 'vault-ai-server');
      expect(service.spec).toMatchObject({
        ipFamilyPolicy: 'PreferDualStack',
        ipFamilies: ['IPv6', 'IPv4'],
      });
      expect(service.metadata.labels).toMatchObject({ a: 'b' });
      expect(JSON.stringify(manifests)).not.toContain('casemate-openbao.');
    });

    it('SEC-01: a site can bring every secret itself; then the chart makes none', () => {
      const own = [
        ...['server', 'postgresql', 'openbao', 'ollama'].map((part) => `${part}.tls`),
        ...['openbao.seal', 'postgresql.rotatorSecret'],
      ].map((place) => `${place}.existingSecret=own`);
      const more = ['ollama.tls.clientSecret=own', 'monitoring.serviceMonitor.tokenSecret=own'];
      const set = [...own, ...more];
      const job = podsOf(render(helm, { set })).find(({ name }) => name === 'Job casemate-secrets');
      const [, words = '{}'] = (job?.pod.containers[0]?.['args'] ?? []) as string[];
      expect(JSON.parse(words)).toMatchObject({ secrets: [] });
    });

    it('every program that stays has probes of its own to start, to serve and to live, and limits', () => {
      const staying = podsOf(render(helm)).filter(({ name }) =>
        /^(Deployment|Stateful)/.test(name),
      );
      expect(staying).toHaveLength(5);
      for (const { pod } of staying)
        for (const container of pod.containers) {
          for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe'])
            expect([container.name, container[probe]]).toEqual([container.name, expect.anything()]);
          expect(container['resources']).toMatchObject({
            requests: { cpu: expect.anything(), memory: expect.anything() },
            limits: { memory: expect.anything() },
          });
        }
      for (const { pod } of podsOf(render(helm)))
        for (const container of containersOf(pod))
          expect(container['resources']).toHaveProperty('limits.memory');
    });

    it('DEP-03: takes over what old pods write beside the new ones', () => {
      const pods = podsOf(render(helm)).find(({ name }) => name === 'Deployment casemate-server');
      const env = Object.fromEntries(
        (pods?.pod.containers[0]?.env ?? []).map(({ name, value }) => [name, value]),
      );
      expect(Number(env['CASEMATE_ADOPTION_MINUTES'])).toBeGreaterThanOrEqual(10);
    });
  });
