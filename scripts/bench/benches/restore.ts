import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installAppliance, type BenchAppliance } from '../bench-appliance.ts';
import { rounded, type Bench, type Figure } from '../figure.ts';
import { fillTenant } from '../fill-tenant.ts';

const GIGABYTE = 10 ** 9;
const FIRST = 20_000;
/** The backup lies in a directory: the network of a target is nobody's figure here. */
const IN_A_DIRECTORY = 'the target is a directory of the same disk';

type Restored = { comparedTables: number | null; ms: number };

/** A backup of an instance of a gigabyte, and its restore where nothing is: the rows are compared. */
export const restore: Bench = {
  name: 'restore',
  title: 'an instance of 1 GB backed up, wiped and restored, all rows as they were noted',
  run: async ({ report }) => {
    const target = mkdtempSync(join(tmpdir(), 'cm-target-'));
    const appliance = await installAppliance(report);
    try {
      const bytes = await fillTo(appliance, report);
      const key = join(target, 'recipient.key');
      appliance.casemate('backup', 'key', '--out', key);
      appliance.casemate('backup', 'schedule', '--to', join(target, 'repositories'));
      report('backing it up');
      const began = performance.now();
      const made = JSON.parse(appliance.casemate('backup', 'create', '--json')) as { id: string };
      const backupSeconds = (performance.now() - began) / 1000;
      appliance.casemate('uninstall', '--purge', '--yes');
      report('restoring it');
      const port = ['--https-port', String(appliance.port)];
      const from = ['--from', join(target, 'repositories'), '--identity', key];
      const words = ['backup', 'restore', made.id, ...from, ...port, '--json'];
      const restored = JSON.parse(appliance.casemate(...words)) as Restored;
      if (restored.comparedTables === null || restored.comparedTables < 20)
        throw new Error('the rows were not compared with those noted at the backup');
      return {
        figures: figuresOf({ bytes, backupSeconds, restored }),
        deviations: [
          IN_A_DIRECTORY,
          'the passages and their vectors are made up and were put into the database directly',
        ],
      };
    } finally {
      appliance.remove();
      rmSync(target, { recursive: true, force: true });
    }
  },
};

type Measured = { bytes: number; backupSeconds: number; restored: Restored };

function figuresOf({ bytes, backupSeconds, restored }: Measured): Figure[] {
  const seconds = { unit: 's', better: 'lower' as const, reference: null };
  return [
    { ...seconds, id: 'restore', value: rounded(restored.ms / 1000, 1), target: 300 },
    { ...seconds, id: 'restore.backup', value: rounded(backupSeconds, 1), target: 300 },
    {
      ...{ id: 'restore.size', unit: 'GB', better: 'higher' as const, reference: null },
      ...{ value: rounded(bytes / GIGABYTE), target: 1 },
    },
    {
      ...{ id: 'restore.compared', unit: 'tables', better: 'higher' as const, reference: null },
      ...{ value: restored.comparedTables ?? 0, target: 20 },
    },
  ];
}

/** Fills a tenant until the database has a gigabyte; the first passages tell how much each one takes. */
async function fillTo(appliance: BenchAppliance, report: (text: string) => void): Promise<number> {
  const client = await appliance.superuser();
  const size = async (): Promise<number> => {
    const { rows } = await client.query<{ bytes: string }>(
      'select pg_database_size(current_database()) as bytes',
    );
    return Number(rows[0]?.bytes);
  };
  const { tenantId } = appliance;
  const fill = (passages: number): Promise<void> =>
    fillTenant(client, { tenantId, passages, model: 'casemate-embed', report });
  try {
    const before = await size();
    await fill(FIRST);
    const each = ((await size()) - before) / FIRST;
    for (let tries = 0; tries < 4 && (await size()) < GIGABYTE; tries += 1)
      await fill(Math.ceil((GIGABYTE - (await size())) / each / 1000) * 1000);
    return await size();
  } finally {
    await client.end();
  }
}
