import { createPublicKey, verify, createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REQUIRED_GATES } from './required-gates.ts';
import { releaseSchema, testReportSchema, type TestReport } from './test-report.ts';

/** A report that may be used, or why it may not. */
export type ReportState =
  | { readonly fits: true; readonly report: TestReport; readonly signer: string }
  | { readonly fits: false; readonly reason: string };

export type RunningVersion = {
  readonly version: string;
  /** Checksum of the sources that this program was built from; null when it runs from sources. */
  readonly builtFrom: string | null;
};

const MEND =
  'run ./scripts/test.sh in the checkout as the account that installs, then install again';

/**
 * Reads the signed report of a folder that the installer wrote, and refuses each that is not of the
 * whole of exactly this version: another signer, a changed byte, another commit, a dirty tree, a
 * run that was narrowed, a gate that did not run.
 */
export async function readReport(
  folder: string | null,
  running: RunningVersion,
): Promise<ReportState> {
  if (folder === null || running.builtFrom === null)
    return refuse('this server runs from its sources, not from an installation');
  try {
    const release = releaseSchema.parse(JSON.parse(await text(folder, 'release.json')));
    const bytes = await readFile(join(folder, 'test-report.json'));
    const signature = Buffer.from(await text(folder, 'test-report.sig'), 'base64');
    const key = createPublicKey(release.signer);
    if (key.asymmetricKeyType !== 'ed25519' || !verify(null, bytes, key, signature))
      return refuse('the test report is not signed by the key that was pinned at install');
    const report = testReportSchema.parse(JSON.parse(bytes.toString('utf8')));
    const fault = faultOf(report, release, running);
    if (fault) return refuse(fault);
    return { fits: true, report, signer: fingerprint(key.export({ type: 'spki', format: 'der' })) };
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return refuse(
      absent
        ? 'there is no test report of this version'
        : 'the test report or what it is compared with is damaged',
    );
  }
}

type Release = { version: string; sources: string; checkout: string };

function faultOf(
  report: TestReport,
  release: Release,
  running: RunningVersion,
): string | undefined {
  if (release.version !== running.version || release.sources !== running.builtFrom)
    return 'the installation holds the report of another version';
  if (report.version !== running.version) return `the test report is of ${report.version}`;
  if (report.sources !== release.sources || report.checkout !== release.checkout)
    return `the test report is of other sources (commit ${report.commit.slice(0, 12)})`;
  if (report.dirty) return 'the test report is of a checkout with changes that no commit holds';
  if (!report.full) return 'the test report is of a run that left gates or tests out';
  const ran = new Set(report.gates.map(({ name }) => name));
  const lacking = REQUIRED_GATES.filter((name) => !ran.has(name));
  if (lacking.length > 0) return `the test report lacks the gates ${lacking.join(', ')}`;
  if (report.tests.length === 0) return 'the test report holds no test';
  return undefined;
}

function refuse(reason: string): ReportState {
  return { fits: false, reason: `${reason}: ${MEND}` };
}

function text(folder: string, name: string): Promise<string> {
  return readFile(join(folder, name), 'utf8');
}

/** SHA-256 of the key's SubjectPublicKeyInfo, as `openssl pkey -pubin -outform DER | sha256sum`. */
export function fingerprint(spki: Buffer): string {
  return createHash('sha256').update(spki).digest('hex');
}
