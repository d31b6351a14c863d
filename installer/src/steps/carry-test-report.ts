import { chmod, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { casemateVersion } from '../commands/version.ts';
import { writeFileAtomically } from '../host/write-file.ts';
import { checksumCheckout } from '../server-build/checksum-checkout.ts';
import { reportFiles } from '../trust/report-folder.ts';
import { hasCheckout } from './server-source.ts';
import type { InstallContext, Step } from './step.ts';

type Files = { release: string; report: Buffer; signature: Buffer };

/**
 * Carries the signed report of the checkout's last full run of its tests into the instance, with the
 * key it must be signed by, when it is of exactly what is installed. Any other is taken away: the
 * controls that tests prove then show as missing.
 */
export const carryTestReport: Step = {
  id: 'carry-test-report',
  title: 'Carry the report of the tests',
  isDone: async (context) => {
    // The installed command has no checkout; what it installed before stays true.
    if (!hasCheckout(context) && context.options.bundleDir === undefined) return true;
    const wanted = await findReport(context);
    const { trustDir } = context.paths;
    const present = await Promise.all(
      ['release.json', reportFiles.report, reportFiles.signature].map((name) =>
        readFile(path.join(trustDir, name)).catch(() => null),
      ),
    );
    if (!wanted) return present.every((file) => file === null);
    const content = [Buffer.from(wanted.release), wanted.report, wanted.signature];
    return content.every((file, at) => present[at]?.equals(file) === true);
  },
  apply: async (context) => {
    const { trustDir } = context.paths;
    const found = await findReport(context);
    await rm(trustDir, { recursive: true, force: true });
    if (!found) return 'none of this version: run ./scripts/test.sh, then install again';
    await mkdir(trustDir, { recursive: true });
    await chmod(trustDir, 0o755);
    const put = (name: string, content: string | Buffer) =>
      writeFileAtomically(path.join(trustDir, name), content, { mode: 0o644 });
    await put(reportFiles.report, found.report);
    await put(reportFiles.signature, found.signature);
    await put('release.json', found.release);
    return undefined;
  },
};

async function findReport({ options, settings }: InstallContext): Promise<Files | undefined> {
  if (options.bundleDir !== undefined) return findBundledReport(options.bundleDir);
  return findTestReport(options, settings.server?.checksum ?? '');
}

type Places = { checkoutDir: string; reportDir: string };

/** Nothing unless the report is of the checkout as it lies here and of the server of these sources. */
export async function findTestReport(
  { checkoutDir, reportDir }: Places,
  built: string,
): Promise<Files | undefined> {
  const read = (name: string) => readFile(path.join(reportDir, name));
  try {
    const [report, signature, signer] = await Promise.all([
      read(reportFiles.report),
      read(reportFiles.signature),
      read(reportFiles.publicKey),
    ]);
    const { sources, checkout } = JSON.parse(report.toString('utf8')) as Record<string, unknown>;
    if (sources !== built || checkout !== (await checksumCheckout(checkoutDir))) return undefined;
    const version = casemateVersion();
    const release = { format: 1, version, sources, checkout, signer: signer.toString('utf8') };
    return { release: `${JSON.stringify(release)}\n`, report, signature };
  } catch {
    return undefined;
  }
}

/** A bundle was verified as a whole, so the report in it is of the server in it. */
async function findBundledReport(bundleDir: string): Promise<Files | undefined> {
  const read = (name: string) => readFile(path.join(bundleDir, 'trust', name));
  try {
    const [release, report, signature] = await Promise.all([
      read('release.json'),
      read(reportFiles.report),
      read(reportFiles.signature),
    ]);
    return { release: release.toString('utf8'), report, signature };
  } catch {
    return undefined;
  }
}
