import { execFileSync, spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findTool, renderText } from './helm.ts';
import { makeKubernetesSchemas } from './kubernetes-schemas.ts';
import { makeOperatorSchemas } from './operator-definitions.ts';

const helm = findTool('helm') ?? '';
const kubeconform = findTool('kubeconform') ?? '';
const hasGo = spawnSync('go', ['version']).status === 0;
const versions = ['1.30.14', '1.32.10', '1.34.2'];
const files = [
  'values.yaml',
  'values-one-node.yaml',
  'values-high-availability.yaml',
  'values-external-parts.yaml',
];
const everything = [
  'ingress.enabled=true',
  'server.autoscaling.enabled=true',
  'server.replicas=2',
  'scheduling.priorityClassName=high',
  ...['serviceMonitor', 'podMonitor', 'prometheusRule', 'dashboards'].map(
    (name) => `monitoring.${name}.enabled=true`,
  ),
  'networkPolicy.metricsFrom[0].namespaceSelector.matchLabels.name=monitoring',
];

function validate(version: string, manifests: string): string {
  const cacheDir = path.join(homedir(), '.cache/casemate');
  const locations = [
    makeKubernetesSchemas(version, cacheDir),
    makeOperatorSchemas(cacheDir),
  ].flatMap((folder) => ['-schema-location', `${folder}/{{.ResourceKind}}{{.KindSuffix}}.json`]);
  try {
    const words = ['-strict', '-summary', ...locations, '-'];
    return execFileSync(kubeconform, words, { input: manifests, encoding: 'utf8' });
  } catch (error) {
    return String((error as { stdout?: string }).stdout);
  }
}

if (!helm || !kubeconform || !hasGo)
  it.skip('strict validation (untested: helm, kubeconform or Go is not here)', () => {
    expect(helm).toBe('');
  });
else
  describe.each(versions)('DEP-03: the chart on Kubernetes %s', (version) => {
    it('is refused with a field that does not exist, and with a type that is wrong', () => {
      const text = renderText(helm, { kubeVersion: version });
      const misspelt = text.replace('readOnlyRootFilesystem:', 'readOnlyRootFileSystem:');
      expect(validate(version, misspelt)).toMatch(/Invalid: [1-9]/);
      const wrong = text.replace(/\breplicas: \d+/, 'replicas: many');
      expect(validate(version, wrong)).toMatch(/Invalid: [1-9]/);
    });

    it('is refused where an operator knows no such field', () => {
      const objects = { files: ['values-high-availability.yaml'], set: everything };
      const text = renderText(helm, { ...objects, kubeVersion: version });
      for (const [right, wrong] of [
        ['postInitApplicationSQLRefs:', 'postInitApplicationSqlRefs:'],
        ['podMetricsEndpoints:', 'podMetricEndpoints:'],
        ['serverName:', 'serverNames:'],
        ['expr:', 'expression:'],
      ] as const) {
        expect(text).toContain(right);
        expect(validate(version, text.replace(right, wrong))).toMatch(/Invalid: [1-9]/);
      }
    });

    it.each(files)('is valid with %s', (file) => {
      for (const set of [[], everything]) {
        const text = renderText(helm, { kubeVersion: version, files: [file], set });
        const said = validate(version, text);
        expect(said).toMatch(/Invalid: 0, Errors: 0/);
        expect(said).toMatch(/Valid: [2-9]\d/);
      }
    });
  });
