import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from '../host/run-program.ts';
import { writeFileAtomically } from '../host/write-file.ts';
import { installedCommand } from '../instance/installed-command.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { getSettings } from '../instance/settings.ts';
import { planUnits } from './plan-units.ts';
import { renderUnits } from './render-units.ts';
import { systemctl } from './systemctl.ts';
import { temporaryFilesDir, unitDir } from './unit-places.ts';

/** Brings the unit files up to date and enables them. Gives the names of those that changed. */
export async function writeUnits(layout: InstanceLayout): Promise<string[]> {
  const { units, enable, temporaryFiles } = await render(layout);
  const directories = path.join(temporaryFilesDir, temporaryFiles.name);
  await writeIfChanged(directories, temporaryFiles.content);
  await runProgram('systemd-tmpfiles', ['--create', directories]);
  const changed: string[] = [];
  for (const [name, text] of units) {
    if (await writeIfChanged(path.join(unitDir, name), text)) changed.push(name);
  }
  if (changed.length > 0) {
    await systemctl('daemon-reload');
    await systemctl('enable', '--quiet', ...enable);
  }
  return changed;
}

/** Stops and removes every unit of the instance. */
export async function removeUnits(layout: InstanceLayout): Promise<void> {
  const { units, temporaryFiles } = await render(layout);
  const present: string[] = [];
  for (const name of units.keys()) {
    if ((await findText(path.join(unitDir, name))) !== null) present.push(name);
  }
  if (present.length > 0) {
    await systemctl('stop', ...present);
    await systemctl('disable', '--quiet', ...present);
  }
  for (const name of present) await rm(path.join(unitDir, name), { force: true });
  await rm(path.join(temporaryFilesDir, temporaryFiles.name), { force: true });
  await systemctl('daemon-reload');
}

async function render(layout: InstanceLayout) {
  const command = installedCommand(layout);
  return renderUnits(planUnits({ layout, settings: await getSettings(layout), command }));
}

async function writeIfChanged(file: string, text: string): Promise<boolean> {
  if ((await findText(file)) === text) return false;
  await writeFileAtomically(file, text, { mode: 0o644 });
  return true;
}

function findText(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch(() => null);
}
