import path from 'node:path';
import { readFile } from 'node:fs/promises';
import type { ComponentLock } from '../../components/index.ts';
import { findTestReport } from '../../steps/carry-test-report.ts';
import { reportFiles } from '../../trust/report-folder.ts';
import type { Stage } from './stage.ts';

export type Product = {
  checkoutDir: string;
  reportDir: string;
  /** The built server and dashboard. */
  built: string;
  lock: ComponentLock;
};

const notShipped = /(^|\/)(tests|testing|test-parts)\/|\.test\.ts$|\.sabotage\.json$/;
const lockFile = 'src/components/components.lock.json';

/** What is ours: the server, the installer with the lock of this bundle, scripts, pages, charts. */
export async function stageProduct(stage: Stage, product: Product): Promise<void> {
  const { checkoutDir, built, lock } = product;
  const from = (name: string) => path.join(checkoutDir, name);
  await stage.copyTree(built, 'server');
  const installer = (file: string) =>
    !notShipped.test(file) && !/^(bundle|node_modules)\//.test(file) && file !== lockFile;
  await stage.copyTree(from('installer'), 'installer', installer);
  await stage.write(`installer/${lockFile}`, `${JSON.stringify(lock, null, 2)}\n`);
  await stage.copyTree(from('installer/bundle'), '.');
  await stage.copyTree(from('compose'), 'compose');
  await stage.copyTree(from('helm'), 'helm');
  await stage.copyTree(from('docs'), 'docs', (file) => !file.startsWith('decisions/'));
  await stage.copy(from('CHANGELOG.md'), 'RELEASE-NOTES.md');
  await stage.copy(from('LICENSE'), 'LICENSE');
  await stage.copy(from('SECURITY.md'), 'SECURITY.md');
  await stage.copy(from('installer/upgrade-stops.json'), 'upgrade-stops.json');
  await stageReport(stage, product);
}

/** The signed report of the tests, where there is one of exactly these sources. */
async function stageReport(stage: Stage, { built, ...places }: Product): Promise<void> {
  const note = await readFile(path.join(built, 'casemate-server.json'), 'utf8');
  const { sources } = JSON.parse(note) as { sources: string };
  const found = await findTestReport(places, sources);
  if (!found) return;
  await stage.write('trust/release.json', found.release);
  await stage.write(`trust/${reportFiles.report}`, found.report);
  await stage.write(`trust/${reportFiles.signature}`, found.signature);
}
