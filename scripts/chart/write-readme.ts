import { leavesOf, type ChartValue } from './read-values.ts';

/** README.md of the chart; written from values.yaml, so that it can't say anything else. */
export function writeReadme(values: readonly ChartValue[]): string {
  const rows = leavesOf(values).map(
    ({ path, value, about }) => `| \`${path}\` | ${about} | \`${JSON.stringify(value)}\` |`,
  );
  return [
    '# Casemate on Kubernetes',
    '',
    'Written from `values.yaml` by `node scripts/chart/main.ts`; change that file. How to install,',
    'upgrade and go back stands in `docs/kubernetes.md`.',
    '',
    '| Value | What it does | Default |',
    '| --- | --- | --- |',
    ...rows.map((row) => row.replaceAll(/(?<=\w)\|(?=\w)/g, '\\|')),
    '',
  ].join('\n');
}
