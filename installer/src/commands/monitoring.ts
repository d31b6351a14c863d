import { readFile, rm } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { isPeer } from '../egress/peer.ts';
import type { ExitName } from '../exit-codes.ts';
import { Fault } from '../fault.ts';
import { getAccounts } from '../host/get-accounts.ts';
import { writeFileAtomically } from '../host/write-file.ts';
import {
  smtpAuthorityFile,
  smtpPasswordFile,
  type MonitoringSettings,
} from '../instance/monitoring-settings.ts';
import { getSettings, saveSettings } from '../instance/settings.ts';
import { getRuntime } from '../runtime/get-runtime.ts';
import { formatTable } from '../terminal/terminal.ts';
import { askServerCommand } from './ask-server-command.ts';
import { textFlag, type Command, type CommandCall } from './command.ts';
import { runVerb, type Verbs } from './run-verb.ts';

type Mail = NonNullable<MonitoringSettings['mail']>;
type Alert = {
  name: string;
  of: string;
  severity: string;
  since: string;
  resolvedAt: string | null;
};

const verbs: Verbs = {
  alerts,
  test,
  mail: withPlace((call, to) => ({ mail: to === 'off' ? undefined : readMail(call) })),
  syslog: withPlace((_call, to) => ({ syslog: readUrl(to, ['tcp:', 'udp:']) })),
  traces: withPlace((_call, to) => ({ traces: readUrl(to, ['http:', 'https:']) })),
};

export const monitoring: Command = {
  name: 'monitoring',
  summary: 'show the alerts; name where alerts, logs and traces go',
  description: [
    'alerts  those that are open, and the last that ended',
    'mail    --relay HOST:PORT --to A@B[,C@D] has alerts mailed; with --user the password is read',
    '        from standard input. `mail off` ends it',
    'test    sends a mail now, and says why it was not taken',
    'syslog  URL|off: each line of the log goes there, too (tcp://ADDRESS:PORT or udp://…)',
    'traces  URL|off: traces of requests go to that collector of OpenTelemetry (OTLP over HTTP)',
    '',
    'A place outside this host must be a declared peer: `casemate egress allow`; docs/observability.md.',
  ].join('\n'),
  words: { value: 'alerts|mail|test|syslog|traces [URL|off]', most: 2 },
  flags: {
    relay: { type: 'string', value: 'HOST:PORT', help: 'mail: the relay' },
    to: { type: 'string', value: 'LIST', help: 'mail: who is told' },
    from: { type: 'string', value: 'ADDRESS', help: 'mail: the sender' },
    security: { type: 'string', value: 'tls|starttls|none', help: 'mail: (default: starttls)' },
    user: {
      type: 'string',
      value: 'NAME',
      help: 'mail: sign in as; the password by standard input',
    },
    ca: { type: 'string', value: 'FILE', help: 'mail: the authority of the relay (PEM)' },
  },
  run: runVerb('monitoring', verbs, 'alerts'),
};

async function alerts(call: CommandCall): Promise<ExitName> {
  const told = await askServerCommand<{ alerts: Alert[] }>(call, 'monitoring', { verb: 'alerts' });
  const rows = told.alerts.map(({ name, of, severity, since, resolvedAt }) => [
    name,
    of,
    resolvedAt === null ? severity : 'ended',
    since,
  ]);
  const table = formatTable([['ALERT', 'OF', 'STATE', 'SINCE'], ...rows]);
  call.answer(rows.length === 0 ? 'There was no alert in the last month.' : table, told.alerts);
  return told.alerts.some(({ resolvedAt }) => resolvedAt === null) ? 'failed' : 'ok';
}

async function test(call: CommandCall): Promise<ExitName> {
  const told = await askServerCommand<{ sentTo: string[] }>(call, 'monitoring', { verb: 'test' });
  call.answer(`The relay took a mail to ${told.sentTo.join(', ')}.`, told);
  return 'ok';
}

type Change = { [Name in keyof MonitoringSettings]?: MonitoringSettings[Name] | undefined };

function withPlace(wish: (call: CommandCall, to: string | undefined) => Change) {
  return { words: 1, run: (call: CommandCall) => change(call, wish(call, call.words[1])) };
}

async function change(call: CommandCall, wish: Change): Promise<ExitName> {
  const { layout } = call;
  const settings = await getSettings(layout);
  if ('mail' in wish) await layFiles(call, wish.mail);
  const kept = Object.entries({ ...settings.monitoring, ...wish }).filter(([, value]) => value);
  const monitoring = Object.fromEntries(kept) as MonitoringSettings;
  await saveSettings(layout, { ...settings, monitoring });
  const step = call.reporter.step('Start the server with it');
  await getRuntime(layout).restart({ ids: ['server'] });
  step.done();
  const mail = wish.mail;
  const closed =
    mail !== undefined &&
    /^[\d.:]+$/.test(mail.host) &&
    !mail.host.startsWith('127.') &&
    !(settings.egress?.peers ?? []).some((peer) =>
      isPeer(peer, { address: mail.host, protocol: 'tcp', port: mail.port }),
    );
  const hint = closed ? ` Declare it: \`casemate egress allow ${mail.host}:${mail.port}\`.` : '';
  call.answer(`Kept.${hint}`, { monitoring });
  return 'ok';
}

/** The password and the authority lie where the server alone can read them. */
async function layFiles(call: CommandCall, mail: Mail | undefined): Promise<void> {
  const { layout } = call;
  const owner = getAccounts(layout)['casemate'];
  const ca = textFlag(call, 'ca');
  for (const file of [smtpPasswordFile(layout), smtpAuthorityFile(layout)])
    await rm(file, { force: true });
  if (mail?.user) {
    const password = (await text(process.stdin)).trim();
    if (!password) throw new Fault('No password came by standard input', { code: 'usage' });
    await writeFileAtomically(smtpPasswordFile(layout), password, { mode: 0o400, owner });
  }
  if (mail && ca) {
    const pem = await readFile(ca, 'utf8');
    await writeFileAtomically(smtpAuthorityFile(layout), pem, { mode: 0o444, owner });
  }
}

function readMail(call: CommandCall): Mail {
  const [, host, port] =
    /^([\w.-]+|\[[\da-f:]+\]):(\d{1,5})$/i.exec(textFlag(call, 'relay') ?? '') ?? [];
  const to = (textFlag(call, 'to') ?? '').split(',').filter(Boolean);
  const security = textFlag(call, 'security') ?? 'starttls';
  const [from, user] = [textFlag(call, 'from'), textFlag(call, 'user')];
  const known = security === 'tls' || security === 'starttls' || security === 'none';
  if (!host || !port || to.length === 0 || !known)
    throw new Fault('A relay, its port and a receiver are needed', {
      next: 'Give --relay HOST:PORT --to A@B; see `casemate monitoring --help`.',
      code: 'usage',
    });
  return {
    ...{ host, port: Number(port), security, to },
    ...(from ? { from } : {}),
    ...(user ? { user } : {}),
    ...(textFlag(call, 'ca') ? { ownAuthority: true as const } : {}),
  };
}

function readUrl(value: string | undefined, protocols: readonly string[]): string | undefined {
  if (value === 'off') return undefined;
  if (value && URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value;
  const next = `Give ${protocols.map((one) => `${one}//ADDRESS:PORT`).join(' or ')}, or off.`;
  throw new Fault(`"${value ?? ''}" is no place to send to`, { next, code: 'usage' });
}
