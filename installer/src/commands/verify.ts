import { readFile } from 'node:fs/promises';
import type { ExitName } from '../exit-codes.ts';
import { realPatient } from '../doctor/real-patient.ts';
import { Fault } from '../fault.ts';
import { askServerCommand } from './ask-server-command.ts';
import { evidenceTable } from '../trust/evidence-table.ts';
import { verifyEvidence, type SignedEvidence } from '../trust/verify-evidence.ts';
import { verifyInstance, type Verified } from '../trust/verify-instance.ts';
import { textFlag, type Command, type CommandCall } from './command.ts';

export const verify: Command = {
  name: 'verify',
  summary: 'examine the controls on this installation and sign what was found',
  description: [
    'Runs the live checks, looks at sockets, processes, files and storage of this host, and reads the',
    'signed test report of exactly this version. Names of controls (ISO-02 …) narrow it. Exit code 1',
    'when a control fails; one that is missing is not proven, and fails nothing.',
    '',
    '--check FILE looks whether saved evidence is genuine: with the key of this installation, or with',
    '--public-key FILE anywhere. docs/trust.md says how to do that with openssl alone.',
  ].join('\n'),
  words: { value: '[CONTROL…]', most: 200 },
  flags: {
    check: { type: 'string', value: 'FILE', help: 'verify saved evidence instead' },
    'public-key': { type: 'string', value: 'FILE', help: 'with --check: the key (PEM)' },
    'show-key': { type: 'boolean', help: 'print the public key that evidence is signed with' },
  },
  run: async (call) => {
    const file = textFlag(call, 'check');
    if (file !== undefined) return checkFile(call, file);
    if (call.flags['show-key'] === true) return showKey(call);
    return examine(call);
  },
};

async function examine(call: CommandCall): Promise<ExitName> {
  const { layout, words, answer, paint, reporter } = call;
  const ids = words.map((word) => word.toUpperCase());
  const step = reporter.step('Examine the controls');
  let found: Verified;
  try {
    found = await verifyInstance(await realPatient(layout), ids);
  } catch (error) {
    step.failed();
    throw error;
  }
  step.done();
  if (!found.evidence) throw new Fault('The server gave no evidence');
  answer(evidenceTable(found.evidence, paint), found.evidence);
  return found.evidence.controls.some(({ status }) => status === 'fail') ? 'failed' : 'ok';
}

async function showKey(call: CommandCall): Promise<ExitName> {
  const { keys } = await askKeys(call);
  const text = keys.map(({ id, version, pem }) => `version ${version}, SHA-256 ${id}\n${pem}`);
  call.answer(text.join('\n'), keys);
  return 'ok';
}

async function checkFile(call: CommandCall, file: string): Promise<ExitName> {
  const signed = await readEvidence(file);
  const keyFile = textFlag(call, 'public-key');
  const pems = keyFile
    ? [await readText(keyFile)]
    : (await askKeys(call)).keys.map(({ pem }) => pem);
  const genuine = verifyEvidence(signed, pems);
  const { version, at, controls } = signed;
  const text = genuine
    ? `Genuine: Casemate ${version}, ${at}, ${controls.length} controls, key ${signed.signature.key.slice(0, 16)}…`
    : 'NOT genuine: it was changed, or another key signed it';
  call.answer(text, { genuine, version, at, key: signed.signature.key });
  return genuine ? 'ok' : 'failed';
}

const askKeys = (call: CommandCall): Promise<Verified> =>
  askServerCommand(call, 'verify', { keysOnly: true });

async function readEvidence(file: string): Promise<SignedEvidence> {
  try {
    const found = JSON.parse(await readText(file)) as SignedEvidence;
    if (Array.isArray(found.controls) && typeof found.signature?.value === 'string') return found;
  } catch (error) {
    if (error instanceof Fault) throw error;
  }
  throw new Fault(`${file} is no evidence of Casemate`, { code: 'usage' });
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Fault(`${file} can't be read`, { code: 'usage', cause });
  });
}
