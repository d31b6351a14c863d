import { existsSync } from 'node:fs';
import path from 'node:path';
import { textFlag, type CommandCall } from '../../commands/command.ts';
import { realPatient } from '../../doctor/real-patient.ts';
import type { ExitName } from '../../exit-codes.ts';
import { Fault } from '../../fault.ts';
import { writeFileAtomically } from '../../host/write-file.ts';
import { packFiles } from '../archive.ts';
import { bundleTable } from '../bundle-table.ts';
import { makeBundle, type Bundle } from '../make-bundle.ts';

/** Writes one file, and sends nothing anywhere. */
export async function create(call: CommandCall): Promise<ExitName> {
  const { layout, reporter, answer } = call;
  const patient = await realPatient(layout);
  const name = `casemate-support-${layout.instance}-${stamp(patient.host.now())}`;
  const file = path.resolve(textFlag(call, 'out') ?? `${name}.tar.gz`);
  refuseTaken(file);
  const step = reporter.step('Collect and redact');
  let bundle: Bundle;
  try {
    bundle = await makeBundle(patient, {
      logBytes: kibibytes(call) * 1024,
      without: (textFlag(call, 'without') ?? '').split(',').filter(Boolean),
      namesUnknown: call.flags['names-unknown'] === true,
      progress: (text) => step.progress({ text }),
    });
  } catch (error) {
    step.failed();
    throw error;
  }
  step.done();
  const archive = packFiles(name, bundle.files);
  await writeFileAtomically(file, archive, { mode: 0o600 });
  const text = [
    bundleTable(bundle.report),
    '',
    `Written, for you alone to read (0600): ${file} (${(archive.length / 1024).toFixed(0)} KiB)`,
    'Nothing was sent. Look before you pass it on:',
    `  casemate support show ${file} FILE`,
  ].join('\n');
  answer(text, { file, bytes: archive.length, report: bundle.report });
  return 'ok';
}

function refuseTaken(file: string): void {
  if (existsSync(file)) throw new Fault(`${file} is there already`, { code: 'usage' });
  if (!existsSync(path.dirname(file)))
    throw new Fault(`${path.dirname(file)} is not there`, { code: 'usage' });
}

function kibibytes(call: CommandCall): number {
  const given = textFlag(call, 'log-kib') ?? '1024';
  const count = Number(given);
  if (/^\d{1,5}$/.test(given) && count <= 16_384) return count;
  throw new Fault(`--log-kib takes a number up to 16384, not "${given}"`, { code: 'usage' });
}

const stamp = (now: Date): string => now.toISOString().slice(0, 19).replace(/[-:]/g, '');
