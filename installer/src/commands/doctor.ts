import { doctorTable, mendedTable } from '../doctor/doctor-table.ts';
import { examine, type DoctorReport } from '../doctor/examine.ts';
import { realHands } from '../doctor/mends/real-hands.ts';
import type { Action } from '../doctor/mends/mend.ts';
import { canMend, runMends } from '../doctor/mends/run-mends.ts';
import type { Patient } from '../doctor/patient.ts';
import { realPatient } from '../doctor/real-patient.ts';
import type { ExitName } from '../exit-codes.ts';
import { Fault } from '../fault.ts';
import type { Command, CommandCall } from './command.ts';

export const doctor: Command = {
  name: 'doctor',
  summary: 'look for what is wrong and say how to mend it (exit code 8 when something is)',
  description: [
    'Asks every component, looks at keys, certificates, files, ports, processes and the storage.',
    'It changes nothing. `unknown` means that something could not be seen, not that it is good.',
    '',
    '--mend does what is safe to do: rights and owners of its own files and directories, what a killed',
    'program left, stopped components, our own certificate, audit files that have grown, and the rules of',
    'the way out. It says each action, asks (or takes --yes), and looks again. Name checks to mend those',
    'alone. What could lose data, keys or answers stays advice.',
  ].join('\n'),
  words: { value: '[CHECK…]', most: 40 },
  flags: {
    mend: { type: 'boolean', help: 'do what doctor can do by itself, after asking' },
    yes: { type: 'boolean', short: 'y', help: 'with --mend: do not ask' },
  },
  run: async (call) => {
    const { layout, answer, paint, flags, words } = call;
    if (!flags['mend'] && (words.length > 0 || flags['yes']))
      throw new Fault('Checks and --yes go with --mend', {
        next: 'casemate doctor --mend [CHECK…]',
        code: 'usage',
      });
    if (flags['mend']) return mend(call);
    const report = await examine(await realPatient(layout));
    answer(doctorTable(report, paint), report);
    return verdict(report);
  },
};

async function mend(call: CommandCall): Promise<ExitName> {
  const { layout, answer, paint, words, flags } = call;
  for (const word of words)
    if (!canMend(word))
      throw new Fault(`Doctor mends no "${word}" by itself`, {
        next: '`casemate doctor` says of each check what is to be done.',
        code: 'usage',
      });
  if (!flags['yes'] && !process.stdin.isTTY)
    throw new Fault('Nobody is there to be asked', { next: 'Give --yes.', code: 'usage' });
  const patient = await realPatient(layout);
  const agree = (actions: readonly Action[]) => agreeTo(call, actions);
  const hands = realHands(patient);
  const mended = await runMends(patient, await examine(patient), { wanted: words, agree, hands });
  const report = mended.length === 0 ? await examine(patient) : await lookAgain(call);
  answer(`${mendedTable(mended, paint)}\n\n${doctorTable(report, paint)}`, { ...report, mended });
  return mended.some(({ outcome }) => outcome === 'failed') ? 'failed' : verdict(report);
}

/** Anew: a patient remembers some answers. */
async function lookAgain({ layout }: CommandCall): Promise<DoctorReport> {
  const patient: Patient = await realPatient(layout);
  return examine(patient);
}

async function agreeTo(call: CommandCall, actions: readonly Action[]): Promise<boolean> {
  for (const { what } of actions) call.reporter.info(what);
  if (call.flags['yes']) return true;
  return /^y(es)?$/i.test((await call.ask('    Do it? [y/N] ')) ?? '');
}

const verdict = ({ summary }: DoctorReport): ExitName => (summary.fail > 0 ? 'unhealthy' : 'ok');
