import { formatTable, type Paint } from '../terminal/terminal.ts';
import type { EgressReport } from './judge.ts';

/** For a person: what left comes first, and whether the counting can be believed. */
export function egressTable(report: EgressReport, paint: Paint): string {
  const { packets, names, canaries } = report;
  const sent = report.destinations.map((one) =>
    paint('red', `  LEFT   ${one.account} → ${one.to}: ${one.packets} packets`),
  );
  const asked = report.asked.map((one) =>
    paint('red', `  ASKED  ${one.account}: ${one.name} (${one.times} times)`),
  );
  const unseen = canaries
    .filter(({ address, name }) => !address || !name)
    .map(({ account, network }) =>
      paint('red', `  BLIND  the canary of ${account} in ${network} was not caught`),
    );
  const declared = report.declared.map(
    (one) => `  declared peer ${one.to}: ${one.packets} packets`,
  );
  const accounts = Object.entries(report.by_process).map(([name, counts]) => [
    name,
    String(counts.packets),
    String(counts.names),
  ]);
  const phases = report.phases.map((one) => [
    one.phase,
    String(one.seconds),
    String(one.packets),
    String(one.names),
  ]);
  const verdict = !report.valid
    ? paint('red', 'Not proven: a canary got out unseen.')
    : report.ok
      ? paint('green', 'Silent.')
      : paint('red', 'Not silent.');
  return [
    ...unseen,
    ...sent,
    ...asked,
    ...declared,
    formatTable([['ACCOUNT', 'PACKETS', 'NAMES'], ...accounts]),
    '',
    formatTable([['PHASE', 'SECONDS', 'PACKETS', 'NAMES'], ...phases]),
    '',
    `${verdict} ${packets} packets and ${names} names outside the allowlist in ${report.seconds} s; ${canaries.length} canaries of ${report.networks} networks ${report.canary_caught ? 'caught' : 'sent'} (${report.mode}, ${report.version}, ${report.at}).`,
  ].join('\n');
}
