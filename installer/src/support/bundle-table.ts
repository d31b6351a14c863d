import { formatTable } from '../terminal/terminal.ts';
import type { RedactionReport } from './make-bundle.ts';

/** What is in a bundle, for the person who decides whether it may leave. */
export function bundleTable(report: RedactionReport): string {
  const rows = report.files.map(({ path, bytes, replaced }) => [
    path,
    formatBytes(bytes),
    Object.entries(replaced)
      .map(([rule, count]) => `${rule} ${count}`)
      .join(', ') || 'nothing',
  ]);
  const { known, canaries, missing, keptBack } = report;
  return [
    formatTable([['FILE', 'SIZE', 'REPLACED'], ...rows]),
    '',
    ...missing.map(({ path, why }) => `Missing: ${path}: ${why}`),
    ...(keptBack.length > 0 ? [`Kept back: ${keptBack.join(', ')}`] : []),
    `Known and taken out: ${known.secrets} secrets, ${known.tenants} tenants, ${known.people} people.`,
    ...(known.names === 'unknown'
      ? ['The names of tenants and people were NOT known: read every file before it leaves.']
      : []),
    `Canaries: ${canaries.planted} planted, of ${canaries.kinds} kinds, none found behind the redactor.`,
  ].join('\n');
}

function formatBytes(bytes: number): string {
  return bytes < 1024 * 1024
    ? `${(bytes / 1024).toFixed(1)} KiB`
    : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
