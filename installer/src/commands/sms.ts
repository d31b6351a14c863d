import { readFile, rm } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { ExitName } from '../exit-codes.ts';
import { Fault } from '../fault.ts';
import { getAccounts } from '../host/get-accounts.ts';
import { writeFileAtomically } from '../host/write-file.ts';
import { getSettings, saveSettings } from '../instance/settings.ts';
import { smsAuthorityFile, smsTokenFile, type SmsSettings } from '../instance/sms-settings.ts';
import { getRuntime } from '../runtime/get-runtime.ts';
import { askServerCommand } from './ask-server-command.ts';
import { textFlag, type Command, type CommandCall } from './command.ts';
import { runVerb, type Verbs } from './run-verb.ts';

const verbs: Verbs = {
  show,
  http: { words: 1, run: (call) => change(call, { gateway: readHttp(call), ...readLimits(call) }) },
  modem: {
    words: 1,
    run: (call) => change(call, { gateway: readModem(call), ...readLimits(call) }),
  },
  off: (call) => change(call, undefined),
  test: { words: 1, run: test },
};

export const sms: Command = {
  name: 'sms',
  summary: 'name the gateway by which codes reach phones',
  description: [
    'http   URL: gets number and text as JSON; with --token its token is read from standard input',
    'modem  DEVICE: a modem on a serial line, as /dev/ttyUSB0, which the server’s account may open',
    'off    no codes are sent any more',
    'test   NUMBER: sends a message now, and says why it was not taken',
    '',
    'A gateway outside this host must be a declared peer: `casemate egress allow`; docs/sms.md.',
  ].join('\n'),
  words: { value: 'show|http|modem|off|test [URL|DEVICE|NUMBER]', most: 2 },
  flags: {
    token: { type: 'boolean', help: 'http: read the token of the gateway from standard input' },
    ca: { type: 'string', value: 'FILE', help: 'http: the authority of the gateway (PEM)' },
    countries: { type: 'string', value: 'LIST', help: 'whose numbers are taken, as NO,DE' },
    'per-day': { type: 'string', value: 'N', help: 'messages of a day (default: 500)' },
    alone: { type: 'boolean', help: 'a phone is enough for those who must have a factor' },
  },
  run: runVerb('sms', verbs, 'show'),
};

async function show(call: CommandCall): Promise<ExitName> {
  const { sms: kept } = await getSettings(call.layout);
  const where = kept?.gateway.driver === 'http' ? kept.gateway.url : kept?.gateway.device;
  call.answer(kept ? `Codes are sent by ${kept.gateway.driver}, ${where}.` : 'No codes are sent.', {
    sms: kept ?? null,
  });
  return 'ok';
}

async function test(call: CommandCall): Promise<ExitName> {
  const to = call.words[1] ?? '';
  await askServerCommand(call, 'sms', { to });
  call.answer(`The gateway took a message to ${to}.`, { sentTo: to });
  return 'ok';
}

async function change(call: CommandCall, wish: SmsSettings | undefined): Promise<ExitName> {
  const { layout } = call;
  const { sms: _before, ...settings } = await getSettings(layout);
  await layFiles(call, wish);
  await saveSettings(layout, wish ? { ...settings, sms: wish } : settings);
  const step = call.reporter.step('Start the server with it');
  await getRuntime(layout).restart({ ids: ['server'] });
  step.done();
  call.answer('Kept.', { sms: wish ?? null });
  return 'ok';
}

/** The token lies where the server alone can read it. */
async function layFiles(call: CommandCall, wish: SmsSettings | undefined): Promise<void> {
  const { layout } = call;
  const owner = getAccounts(layout)['casemate'];
  for (const file of [smsTokenFile(layout), smsAuthorityFile(layout)])
    await rm(file, { force: true });
  if (wish?.gateway.driver !== 'http') return;
  if (wish.gateway.token) {
    const token = (await text(process.stdin)).trim();
    if (!token) throw new Fault('No token came by standard input', { code: 'usage' });
    await writeFileAtomically(smsTokenFile(layout), token, { mode: 0o400, owner });
  }
  const ca = textFlag(call, 'ca');
  if (ca) {
    const pem = await readFile(ca, 'utf8');
    await writeFileAtomically(smsAuthorityFile(layout), pem, { mode: 0o444, owner });
  }
}

function readHttp(call: CommandCall): SmsSettings['gateway'] {
  const url = call.words[1] ?? '';
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const here = /^(localhost|127\.[\d.]+|\[::1\])$/.test(parsed?.hostname ?? '');
  const known = parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && here);
  if (!known || parsed.username !== '' || parsed.password !== '')
    throw new Fault(`"${url}" is no gateway`, {
      next: 'Give https://HOST/PATH (http only on this host), without a name or password in it.',
      code: 'usage',
    });
  return {
    ...{ driver: 'http', url },
    ...(call.flags['token'] === true ? { token: true as const } : {}),
    ...(textFlag(call, 'ca') ? { ownAuthority: true as const } : {}),
  };
}

function readModem({ words: [, device = ''] }: CommandCall): SmsSettings['gateway'] {
  if (/^\/dev\/[\w/-]+$/.test(device)) return { driver: 'modem', device };
  throw new Fault(`"${device}" is no device`, {
    next: 'Give /dev/…, as /dev/ttyUSB0.',
    code: 'usage',
  });
}

function readLimits(call: CommandCall): Omit<SmsSettings, 'gateway'> {
  const [countries, perDay] = [textFlag(call, 'countries'), textFlag(call, 'per-day')];
  if (countries !== undefined && !/^[A-Z]{2}(,[A-Z]{2})*$/.test(countries))
    throw new Fault(`"${countries}" are no countries`, {
      next: 'Give codes as NO,DE.',
      code: 'usage',
    });
  if (perDay !== undefined && !/^[1-9]\d{0,4}$/.test(perDay))
    throw new Fault(`"${perDay}" is no number of messages`, { code: 'usage' });
  return {
    ...(countries ? { countries } : {}),
    ...(perDay ? { perDay: Number(perDay) } : {}),
    ...(call.flags['alone'] === true ? { alone: true as const } : {}),
  };
}
