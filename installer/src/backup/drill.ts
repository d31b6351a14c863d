import { chmod, mkdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Fault } from '../fault.ts';
import { plainEnv, runProgram } from '../host/run-program.ts';
import { writeFileAtomically } from '../host/write-file.ts';
import { instancePaths } from '../instance/paths.ts';
import { executable } from '../supervisor/process-specs.ts';
import { findSealKeys } from '../vault/find-seal-keys.ts';
import type { Told } from './create-backup.ts';
import type { DrillOrder, DrillReport } from './drill-inside.ts';
import { findWalls, wordsInside, type Walls } from './drill-walls.ts';
import type { BackupContext } from './plan.ts';
import { chooseBackup, readBackups, readContents } from './read-backups.ts';
import { refuseNewer } from './refuse-newer.ts';
import { fingerprintOf } from './recovery-record.ts';
import { bringParts, examineParts, stageAt } from './restore/stage.ts';
import { makeScratch } from './scratch.ts';
import { note, noteDone } from './state.ts';

/**
 * Restores the newest backup into a scratch place, where neither the originals nor any network are there:
 * mount, network, process and IPC namespaces of its own, with empty memory over the instance's
 * directories. It compares hashes, starts everything, and asks a question. What it found is noted either
 * way. The escrow is not tried: its private key is not on this host; `verify --identity` does.
 */
export async function drill(context: BackupContext, told: Told): Promise<DrillReport> {
  const { layout, repositories } = context;
  const manifest = chooseBackup(await readBackups(repositories), { id: undefined });
  const at = new Date().toISOString();
  try {
    const report = await perform(context, told, manifest.id);
    const said = `${report.tables} tables and ${report.files} files as noted; ${report.answer}`;
    await noteDone(layout, 'drill', { at, backup: manifest.id, passed: true, said });
    return report;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    await note(layout, (state) => ({
      ...state,
      drill: { at, backup: manifest.id, passed: false, said },
    }));
    throw error;
  }
}

async function perform(context: BackupContext, told: Told, id: string): Promise<DrillReport> {
  const { layout, settings, repositories } = context;
  const walls = findWalls(layout.asRoot);
  const paths = instancePaths(layout);
  const manifest = chooseBackup(await readBackups(repositories), { id });
  // After a rollback the newest may be of the version that was given up.
  refuseNewer(`The backup ${id}`, manifest);
  const contents = await readContents(repositories, manifest);
  const stageDir = await makeScratch(paths.backupDir, 'drill');
  const place = await makeScratch(tmpdir(), 'casemate-drill');
  try {
    for (const dir of [stageDir, place]) await chmod(dir, 0o711);
    const stage = stageAt(stageDir);
    await told('Fetch the backup', () =>
      bringParts(repositories, stage, {
        ...{ manifest, contents, keysSnapshot: manifest.keys.snapshot, logUntil: 'point' },
      }),
    );
    const verifier = executable(settings, 'postgresql', 'pg_verifybackup');
    const files = await told('Examine every part', () => examineParts(stage, contents, verifier));
    const order: DrillOrder = {
      ...{ place, manifest, contents, settings, asRoot: layout.asRoot },
      programsDir: layout.programsDir,
      hidden: [layout.dataDir, layout.configDir, layout.sealDir, layout.logDir, layout.runDir],
      sealKeys: await readSealKey(context, manifest.keys.sealKey),
    };
    await writeFileAtomically(path.join(stageDir, 'order.json'), JSON.stringify(order), {
      mode: 0o600,
    });
    await mkdir(path.join(stageDir, 'models'), { mode: 0o711 });
    return await told('Restore it where the originals are not, and ask it', () =>
      runInside(walls, { stageDir, place, order, modelsDir: paths.modelsDir, files }),
    );
  } finally {
    await rm(stageDir, { recursive: true, force: true });
    await rm(place, { recursive: true, force: true });
  }
}

type Inside = {
  stageDir: string;
  place: string;
  order: DrillOrder;
  modelsDir: string;
  files: number;
};

async function runInside(
  walls: Walls,
  { stageDir, place, order, modelsDir, files }: Inside,
): Promise<DrillReport> {
  const main = path.resolve(import.meta.dirname, '../main.ts');
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', main];
  const hidden = [...order.hidden, '/run/systemd'];
  const places = { stageDir, place, modelsDir, hidden };
  const inner = wordsInside(walls, places, [...node, 'backup', 'drilled', place]);
  const { code, stdout, stderr } = await runProgram(walls.program, inner, {
    env: { ...plainEnv, HOME: place },
    timeoutMs: 3_600_000,
  });
  if (code === 0) {
    const found = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as DrillReport;
    return { ...found, files };
  }
  const why = /^Error: (.*)$/m.exec(stderr)?.[1] ?? stderr.trim().split('\n').at(-1);
  const detail = /^ {2}Why: {2}(.*)$/m.exec(stderr)?.[1];
  throw new Fault('The restored instance does not hold', {
    why: [why, detail].filter(Boolean).join(' '),
    next: 'Make a new backup (`casemate backup create`), then `casemate backup drill`.',
    code: 'unhealthy',
  });
}

/** The one that the backup was made under: this host holds it, and the escrow its copy. */
async function readSealKey({ layout }: BackupContext, wanted: string) {
  const named = await findSealKeys(instancePaths(layout).vaultConfigFile);
  for (const file of [named?.current.file, named?.previous?.file]) {
    const key = file && (await readFile(file).catch(() => undefined));
    if (key && fingerprintOf(key) === wanted) return { [wanted]: key.toString('base64') };
  }
  throw new Fault('The seal key of the newest backup is not on this host any more', {
    why: 'It was rotated since.',
    next: 'Run `casemate backup create` first.',
    code: 'unhealthy',
  });
}
