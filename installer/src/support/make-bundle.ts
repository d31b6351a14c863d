import type { Patient } from '../doctor/patient.ts';
import { Fault } from '../fault.ts';
import { sumOf, type BundleFile } from './archive.ts';
import { collect } from './inputs/collect.ts';
import { getPseudonymKey } from './pseudonym-key.ts';
import { readKnown } from './read-known.ts';
import type { Known } from './redact/known.ts';
import { proveRedaction, sweep, type Leak, type Proof } from './redact/prove.ts';
import { createPseudonyms } from './redact/pseudonyms.ts';
import { createRedactor, type Counts, type Input, type Redactor } from './redact/redactor.ts';

export type BundleRequest = {
  /** Of each log, from its end. */
  logBytes: number;
  /** Paths, or folders, that the operator keeps back. */
  without: readonly string[];
  namesUnknown: boolean;
  progress: (text: string) => void;
};

export type FileReport = { path: string; bytes: number; sha256: string; replaced: Counts };

/** `redaction.json`: what was taken out of which file by which rule, and what was tried to be sure. */
export type RedactionReport = {
  format: 1;
  createdAt: string;
  version: string;
  files: FileReport[];
  missing: { path: string; why: string }[];
  keptBack: readonly string[];
  known: { secrets: number; tenants: number; people: number; names: 'known' | 'unknown' };
  canaries: { kinds: number; planted: number; found: number };
  sweep: { files: number; found: number };
};

export type Bundle = { files: BundleFile[]; report: RedactionReport };

/**
 * Collects, redacts, and proves the redaction before anything is written: canaries planted into a copy of
 * every input must be gone, and nothing that the appliance knows may stand in what is left. All of it
 * happens in memory; a leak is a Fault that names file and kind, never what was found.
 */
export async function makeBundle(patient: Patient, request: BundleRequest): Promise<Bundle> {
  const { progress, namesUnknown, without } = request;
  const known = await readKnown(patient, namesUnknown);
  const pseudonyms = createPseudonyms(await getPseudonymKey(patient.layout));
  progress('reading logs, settings and reports');
  const { inputs, missing } = await collect(patient, request);
  const gaps = { path: 'missing.json', format: 'json' as const, text: JSON.stringify(missing) };
  progress('redacting');
  const redactorFor = (all: Known): Redactor => createRedactor(all, pseudonyms);
  const { files, reports, proof } = redactAndProve([...inputs, gaps], known, redactorFor);
  const [told] = files.filter(({ path }) => path === 'missing.json');
  const report: RedactionReport = {
    format: 1,
    createdAt: patient.host.now().toISOString(),
    version: patient.casemateVersion,
    files: reports,
    missing: JSON.parse(told?.text ?? '[]') as RedactionReport['missing'],
    keptBack: without,
    known: {
      secrets: known.secrets.length,
      tenants: known.tenants.length,
      people: known.people.length,
      names: namesUnknown ? 'unknown' : 'known',
    },
    canaries: { kinds: proof.kinds, planted: proof.planted, found: 0 },
    sweep: { files: files.length, found: 0 },
  };
  const text = `${JSON.stringify(report, null, 2)}\n`;
  return { files: [...files, { path: 'redaction.json', text }], report };
}

/** The part that reads nothing, so that a test can hand it a redactor's inputs of its own. */
export function redactAndProve(
  inputs: readonly Input[],
  known: Known,
  redactorFor: (known: Known) => Redactor,
): { files: BundleFile[]; reports: FileReport[]; proof: Proof } {
  const proof = proveRedaction(inputs, known, redactorFor);
  refuseLeaks(proof.leaks, 'a canary');
  const redact = redactorFor(known);
  const done = inputs.map((input) => ({ path: input.path, ...redact(input) }));
  const files = done.map(({ path, text }) => ({ path, text }));
  refuseLeaks(sweep(files, known), 'something that this appliance knows');
  const reports = done.map(({ path, text, counts }) => ({
    path,
    bytes: Buffer.byteLength(text),
    sha256: sumOf(text),
    replaced: counts,
  }));
  return { files, reports, proof };
}

function refuseLeaks(leaks: readonly Leak[], what: string): void {
  if (leaks.length === 0) return;
  const told = leaks.slice(0, 5).map((leak) => `${leak.path}: ${leak.what}`);
  throw new Fault(`The redaction let ${what} through: no bundle was written`, {
    why: `${told.join('; ')}${leaks.length > 5 ? ` and ${leaks.length - 5} more` : ''}`,
    next: 'Leave the file out (`--without PATH`), and report this as a fault of Casemate.',
  });
}
