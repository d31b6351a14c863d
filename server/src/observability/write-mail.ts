import { runbookOf } from './alert-rules.ts';
import type { KeptAlert } from './repo.ts';
import type { Mail } from './send-mail.ts';

type Turn = {
  readonly host: string;
  readonly raised: readonly Omit<KeptAlert, 'resolvedAt'>[];
  readonly ended: readonly KeptAlert[];
};

/** One mail for all that began and ended at a turn; null when nothing did. It names no tenant. */
export function writeMail({ host, raised, ended }: Turn): Mail | null {
  const [first] = raised;
  if (!first && ended.length === 0) return null;
  const worst = raised.some(({ severity }) => severity === 'critical') ? 'critical' : 'warning';
  const more = raised.length > 1 ? ` and ${raised.length - 1} more` : '';
  const subject = first
    ? `[Casemate ${host}] ${worst}: ${first.summary}${more}`
    : `[Casemate ${host}] ended: ${ended.map(({ name }) => name).join(', ')}`;
  const text = [
    ...raised.flatMap((alert) => [
      `${alert.severity}: ${alert.summary}`,
      `  ${[alert.name, alert.of].filter(Boolean).join(', ')}, since ${alert.since.toISOString()}`,
      `  What to do: ${runbookOf(alert.name)}`,
      '',
    ]),
    ...ended.map(
      ({ name, of, since }) =>
        `ended: ${[name, of].filter(Boolean).join(', ')}, which began ${since.toISOString()}`,
    ),
    '',
    `The overview of https://${host}/platform/overview shows more.`,
  ];
  // One line: a header must not be continued by what a part says.
  return { subject: subject.replace(/[\r\n]+/g, ' ').slice(0, 200), text: text.join('\n') };
}
