import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { containersOf, findTool, podsOf, render, renderText, type Manifest } from './helm.ts';

const helm = findTool('helm') ?? '';
const high = { files: ['values-high-availability.yaml'] };
const named = (manifests: readonly Manifest[], kind: string, name: string): Manifest => {
  const found = manifests.find((one) => one.kind === kind && one.metadata.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
};

if (helm === '')
  it.skip('the chart (untested: no helm here; scripts/chart/build-tools.sh builds it)', () => {
    expect(helm).toBe('');
  });
else
  describe('the chart', () => {
    it.each([
      ['a value that does not exist', 'hostNam=x', "additional properties 'hostNam'"],
      ['one deep inside that does not exist', 'server.replica=2', "'replica' not allowed"],
      ['a secret among the settings', 'server.settings.CASEMATE_X_PASSWORD=a', 'settings'],
      ['a setting that the chart decides', 'server.settings.CASEMATE_VAULT_ADDR=a', 'settings'],
      ['a number that is none', 'server.replicas=many', 'replicas'],
      ['a digest that is none', 'images.server.digest=latest', 'digest'],
      ['a key service of two', 'openbao.replicas=2', 'replicas'],
      ['a key service without TLS', 'openbao.external.address=http://x', 'address'],
    ])('DEP-03: refuses %s', (_what, set, said) => {
      expect(() => renderText(helm, { set: [set] })).toThrow(said);
    });

    it.each([
      ['no name', 'hostName=', 'hostName is empty'],
      ['an external database without its authority', 'postgresql.mode=external', 'caSecret'],
      ['an external key service without its authority', 'openbao.mode=external', 'caSecret'],
      ['an external model server without a secret', 'ollama.mode=external', 'external.secret'],
      ['a monitor of pods that may not ask', 'monitoring.podMonitor.enabled=true', 'metricsFrom'],
    ])('DEP-03: says what is missing for %s', (_what, set, said) => {
      expect(() => renderText(helm, { set: [set] })).toThrow(said);
    });

    it('README and schema are what values.yaml says', () => {
      const main = path.join(import.meta.dirname, 'main.ts');
      const options = { stdio: 'pipe', encoding: 'utf8' } as const;
      expect(execFileSync(process.execPath, [main, '--check'], options)).toBe('');
    });

    it.each(['values.yaml', 'values-high-availability.yaml', 'values-one-node.yaml'])(
      'DEP-01: every pod of %s is restricted',
      (file) => {
        const pods = podsOf(render(helm, { files: [file] }));
        expect(pods.length).toBeGreaterThanOrEqual(7);
        for (const { name, pod } of pods) {
          expect([name, pod.securityContext]).toEqual([
            name,
            expect.objectContaining({
              runAsNonRoot: true,
              seccompProfile: { type: 'RuntimeDefault' },
            }),
          ]);
          expect(pod.securityContext['runAsUser']).toBeGreaterThan(10_000);
          for (const { securityContext } of containersOf(pod))
            expect(securityContext).toMatchObject({
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ['ALL'] },
            });
        }
      },
    );

    it('DEP-01: no pod holds a token of the cluster but those that ask the cluster', () => {
      const holders = podsOf(render(helm))
        .filter(({ pod }) => pod['automountServiceAccountToken'] !== false)
        .map(({ name }) => name);
      expect(holders.sort()).toEqual([
        'CronJob casemate-renewal',
        'Job casemate-secrets',
        'StatefulSet casemate-openbao',
      ]);
    });

    it('DEP-01: no secret stands in an environment, and every image can be pinned', () => {
      const digest = `sha256:${'a'.repeat(64)}`;
      const names = ['server', 'postgresql', 'openbao', 'ollama'];
      const set = [
        'image.registry=registry.example/casemate',
        ...names.map((name) => `images.${name}.digest=${digest}`),
      ];
      for (const { pod } of podsOf(render(helm, { set })))
        for (const { image, env = [] } of containersOf(pod)) {
          expect(image).toMatch(/^registry\.example\/casemate\/casemate-[a-z]+@sha256:a{64}$/);
          for (const { name } of env) expect(name).not.toMatch(/(PASSWORD|SECRET|TOKEN|KEY)$/);
        }
    });

    it('NET-02: denies all traffic, and opens no part but the dashboard to others', () => {
      const policies = render(helm).filter(({ kind }) => kind === 'NetworkPolicy');
      expect(named(policies, 'NetworkPolicy', 'casemate-default-deny').spec).toEqual({
        podSelector: {
          matchLabels: {
            'app.kubernetes.io/name': 'casemate',
            'app.kubernetes.io/instance': 'casemate',
          },
        },
        policyTypes: ['Ingress', 'Egress'],
      });
      const open = policies.flatMap(({ metadata, spec }) =>
        ((spec['ingress'] ?? []) as { from?: unknown[] }[])
          .filter(({ from = [] }) => from.length === 0)
          .map(() => metadata.name),
      );
      expect(open).toEqual(['casemate-server']);
      // The model server has no way out at all, not even to the names.
      const ollama = named(policies, 'NetworkPolicy', 'casemate-ollama').spec;
      expect(ollama['policyTypes']).toContain('Egress');
      expect(ollama['egress']).toBeUndefined();
      for (const manifest of render(helm).filter(({ kind }) => kind === 'Service'))
        expect(manifest.spec['type'] ?? 'ClusterIP').toBe('ClusterIP');
    });

    it('NET-03: every hop between pods is TLS that is verified', () => {
      const pods = podsOf(render(helm));
      const server = pods.find(({ name }) => name === 'Deployment casemate-server');
      const env = Object.fromEntries(
        (server?.pod.containers[0]?.env ?? []).map(({ name, value }) => [name, value]),
      );
      expect(env['CASEMATE_VAULT_ADDR']).toBe('https://casemate-openbao.chambers.svc:8200');
      expect(env['CASEMATE_OLLAMA_URL']).toMatch(/^https:/);
      for (const name of ['VAULT_CA', 'DATABASE_CA', 'OLLAMA_CA', 'OLLAMA_CERT', 'OLLAMA_KEY'])
        expect(env[`CASEMATE_${name}_FILE`]).toMatch(/^\/run\/secrets\//);
    });

    it('DEP-03: migrates in a hook before an upgrade, and in a job that installations wait for', () => {
      const job = named(render(helm), 'Job', 'casemate-setup');
      expect(job.metadata.annotations).toBeUndefined();
      const text = execFileSync(
        helm,
        ['template', 'casemate', chartOf(), '--is-upgrade', '--set', 'hostName=c.example'].concat([
          '--kube-version',
          '1.34.0',
        ]),
        { encoding: 'utf8' },
      );
      expect(text).toMatch(
        /name: casemate-setup-upgrade\n[\s\S]{0,600}helm\.sh\/hook: pre-upgrade/,
      );
      const { pod } = podsOf([job])[0] ?? { pod: { containers: [], securityContext: {} } };
      expect(containersOf(pod).map(({ name }) => name)).toEqual([
        'configure',
        'check-version',
        'migrate',
      ]);
    });

    it('spreads, scales and keeps pods with the values for high availability', () => {
      const manifests = render(helm, high);
      const kinds = manifests.map(({ kind }) => kind);
      for (const kind of ['HorizontalPodAutoscaler', 'PodDisruptionBudget', 'Cluster'])
        expect(kinds).toContain(kind);
      expect(named(manifests, 'StatefulSet', 'casemate-openbao').spec['replicas']).toBe(3);
      expect(kinds).not.toContain('ServiceMonitor');
    });

    it('makes no object of parts that are elsewhere', () => {
      const manifests = render(helm, { files: ['values-external-parts.yaml'] });
      expect(manifests.filter(({ kind }) => kind === 'StatefulSet')).toEqual([]);
      const secrets = podsOf(manifests).find(({ name }) => name === 'Job casemate-secrets');
      expect(JSON.stringify(secrets?.pod)).not.toContain('openbao-tls');
    });
  });

function chartOf(): string {
  return path.resolve(import.meta.dirname, '../../helm/casemate');
}
