import path from 'node:path';
import { listOtherTables, peersText } from '../egress/deny-rules.ts';
import { egressTable } from '../egress/egress-table.ts';
import type { EgressReport } from '../egress/judge.ts';
import { measureLive } from '../egress/measure-live.ts';
import { measureSealed } from '../egress/measure-sealed.ts';
import { keepClosed } from '../egress/keep-closed.ts';
import { parsePeer, peerText } from '../egress/peer.ts';
import type { ExitName } from '../exit-codes.ts';
import { Fault } from '../fault.ts';
import { layoutFor } from '../instance/layout.ts';
import {
  findSettings,
  getSettings,
  saveSettings,
  type InstanceSettings,
} from '../instance/settings.ts';
import { askServerCommand } from './ask-server-command.ts';
import { textFlag, type Command, type CommandCall } from './command.ts';
import { runVerb, type Verbs } from './run-verb.ts';
import { casemateVersion } from './version.ts';

const verbs: Verbs = {
  verify,
  last,
  close: (call) => change(call, ({ peers }) => ({ peers })),
  open: (call) => change(call, ({ peers }) => ({ open: true, peers })),
  // For systemd, at a boot.
  apply: (call) => change(call, (way) => way),
  allow: { run: (call) => change(call, (way) => declare(way, 'allow', call.words[1])), words: 1 },
  forbid: { run: (call) => change(call, (way) => declare(way, 'forbid', call.words[1])), words: 1 },
};

export const egress: Command = {
  name: 'egress',
  summary: 'count what leaves an instance, and prove that the counting sees',
  description: [
    'verify  installs an instance of its own in a network whose default route leads to a counting sink,',
    '        uses it, lets it idle and removes it. With --live it counts on this host instead, while',
    '        the installed instance works. Canaries go out as every service account; one that is not',
    '        caught makes the report invalid. The report is signed, kept, and stands on the trust page.',
    'last    the report of the last count',
    'close   refuses, by rules of nftables, all that the service accounts send past loopback, except',
    '        answers to those who called, and the declared peers. An installation of root begins so',
    'open    takes these rules away',
    'allow   declares a peer: ADDRESS[/BITS]:PORT[/udp]; forbid takes it back',
    '',
    'Needs root, ip(8) and nft(8). Exit code 1 when something left, or when a canary was not caught.',
  ].join('\n'),
  words: { value: 'verify|last|close|open|allow|forbid [PEER]', most: 2 },
  flags: {
    live: { type: 'boolean', help: 'verify: count on this host, of the installed instance' },
    seconds: {
      type: 'string',
      value: 'N',
      help: 'verify: how long to idle, or to count with --live (default: 300)',
    },
    'cache-dir': { type: 'string', value: 'DIR', help: 'verify: where components are kept' },
    bundle: { type: 'string', value: 'DIR', help: 'verify: install from this unpacked bundle' },
    signer: { type: 'string', value: 'FINGERPRINT', help: 'verify: who signed that bundle' },
  },
  run: runVerb('egress', verbs, 'verify'),
};

async function last(call: CommandCall): Promise<ExitName> {
  const { report } = await ask(call, { verb: 'last' });
  if (report) return show(call, report);
  throw new Fault('Nothing was counted yet', { next: 'Run `casemate egress verify`.' });
}

async function verify(call: CommandCall): Promise<ExitName> {
  const { layout, reporter } = call;
  if (!layout.asRoot)
    throw new Fault('Counting what leaves takes root', {
      why: 'It makes a network of its own, and rules of nftables in it.',
      next: 'Run it with sudo; docs/egress.md says what it does.',
    });
  const seconds = secondsOf(call);
  const step = reporter.step('Count what leaves');
  const progress = (text: string): void => step.progress({ text });
  let report: EgressReport;
  try {
    report = call.flags['live']
      ? await keepHere(call, await measureInstalled(call, { seconds, progress }))
      : await keepHere(call, await measureOwn(call, { seconds, progress }));
  } catch (error) {
    step.failed();
    throw error;
  }
  step.done();
  return show(call, report);
}

/** As the server gives it back. */
type Signed = EgressReport & { signature?: unknown; type?: string };

type Wish = { seconds: number; progress: (text: string) => void };

async function measureInstalled(call: CommandCall, wish: Wish): Promise<EgressReport> {
  const settings = await getSettings(call.layout);
  return measureLive({ ...wish, version: casemateVersion(), peers: settings.egress?.peers ?? [] });
}

function measureOwn(call: CommandCall, { seconds, progress }: Wish): Promise<EgressReport> {
  const given = ['cache-dir', 'bundle', 'signer'].flatMap((name) => {
    const value = textFlag(call, name);
    return value === undefined
      ? []
      : [`--${name}`, name === 'signer' ? value : path.resolve(value)];
  });
  const main = path.resolve(import.meta.dirname, '../main.ts');
  return measureSealed({
    ...{ version: casemateVersion(), idleSeconds: seconds, progress },
    // It holds nothing, and is gone afterwards.
    installFlags: ['--storage-encryption', 'without', ...given],
    casemate: [process.execPath, '--disable-warning=ExperimentalWarning', main],
    sign: (report, { instance, dataDir }) =>
      keep({ layout: layoutFor({ instance, dataDir, asRoot: true, env: call.env }) }, report),
  });
}

/** The instance of this host keeps it, if there is one; else it bears the signature it came with. */
async function keepHere(call: CommandCall, report: EgressReport): Promise<EgressReport> {
  if (!(await findSettings(call.layout))) return report;
  const { signature: _signature, type: _type, ...unsigned } = report as Signed;
  return keep(call, unsigned);
}

async function keep(
  place: Pick<CommandCall, 'layout'>,
  report: EgressReport,
): Promise<EgressReport> {
  const kept = await ask(place, { verb: 'keep', report });
  if (!kept.report) throw new Fault('The server did not sign the report');
  return kept.report;
}

function secondsOf(call: CommandCall): number {
  const given = textFlag(call, 'seconds') ?? '300';
  if (/^\d{1,5}$/.test(given)) return Number(given);
  throw new Fault(`--seconds takes a number, not "${given}"`, { code: 'usage' });
}

function show(call: CommandCall, report: EgressReport): ExitName {
  call.answer(egressTable(report, call.paint), report);
  return report.ok ? 'ok' : 'failed';
}

const ask = (
  place: Pick<CommandCall, 'layout'>,
  wish: object,
): Promise<{ report: EgressReport | null }> => askServerCommand(place, 'egress', wish);

type Way = NonNullable<InstanceSettings['egress']>;

function declare(way: Way, verb: 'allow' | 'forbid', text = ''): Way {
  const peer = parsePeer(text);
  const others = way.peers.filter((one) => peerText(one) !== peerText(peer));
  return { ...way, peers: verb === 'allow' ? [...others, peer] : others };
}

/** Settings first: what is in the kernel is lost at a restart, and put in again from them. */
async function change(call: CommandCall, wish: (way: Way) => Way): Promise<ExitName> {
  const settings = await getSettings(call.layout);
  const way = wish(settings.egress ?? { peers: [] });
  await saveSettings(call.layout, { ...settings, egress: way });
  const why = await keepClosed(call.layout, { egress: way });
  const state = why === null ? 'closed' : 'open';
  const lines = [
    `The way out is ${state}${why ? `: ${why}` : ''}. Declared peers: ${peersText(way.peers)}.`,
  ];
  const others = await listOtherTables(call.layout.instance);
  if (others.length > 0)
    lines.push(
      `What other instances forbid stays forbidden: ${others.join(', ')}.`,
      'Of one that is gone: `nft delete table inet NAME`.',
    );
  call.answer(lines.join('\n'), { state, why, peers: way.peers.map(peerText), others });
  return state === 'closed' || way.open ? 'ok' : 'failed';
}
