import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../fault.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { findSettings } from '../instance/settings.ts';
import type { InstanceStatus, Runtime, StartRequest } from '../runtime/get-runtime.ts';
import type { ComponentStatus } from '../supervisor/component.ts';
import { processSpecs } from '../supervisor/process-specs.ts';
import { type ComponentId, componentIds } from '../supervisor/processes.ts';
import { systemctl } from './systemctl.ts';
import { unitNames } from './unit-names.ts';
import { unitDir } from './unit-places.ts';
import { parseUnitStatus, statusProperties } from './unit-status.ts';
import { writeUnits } from './write-units.ts';

/** The host's own systemd, with a unit for each component. */
export function systemdRuntime(layout: InstanceLayout): Runtime {
  return {
    status: () => status(layout),
    start: (request) => start(layout, 'start', request),
    restart: (request) => start(layout, 'restart', request),
    stop: async (ids) => {
      const names = unitNames(layout.instance);
      const services = (ids ?? componentIds).map((id) => names.component(id as ComponentId));
      const upkeep = ids ? [] : [names.target, ...timersOf(names), `${names.auditLogs}.timer`];
      const paths = ids
        ? []
        : ['server', 'provisioner'].map((role) => `${names.secretId(role)}.path`);
      const loaded = await listLoaded([...upkeep, ...paths, ...services]);
      if (loaded.length > 0) await systemctl('stop', ...loaded);
    },
  };
}

async function start(
  layout: InstanceLayout,
  verb: 'start' | 'restart',
  request: StartRequest,
): Promise<void> {
  const names = unitNames(layout.instance);
  const changed = await writeUnits(layout);
  const installed = (await status(layout)).components;
  const wanted = installed.filter(({ id }) => !request.ids || request.ids.includes(id));
  const units = wanted.map(({ id }) => names.component(id as ComponentId));
  const stale = units.filter((name) => changed.includes(name));
  request.progress?.(`waiting for ${wanted.map(({ id }) => id).join(', ')}`);
  try {
    if (verb === 'restart') await systemctl('restart', ...units);
    else if (stale.length > 0) await systemctl('try-restart', ...stale);
    const all = request.ids ? upkeepOf(layout, request.ids) : [names.target];
    await systemctl('start', ...units, ...all);
  } catch (cause) {
    const unready = (await status(layout)).components.filter(({ ready }) => !ready);
    const list = unready.map(({ id }) => id).join(', ');
    throw new Fault(`Not ready in time: ${list || units.join(', ')}`, {
      why: (cause as Fault).why ?? (cause as Error).message,
      next: `See \`journalctl -u '${names.component('server').replace('server', '*')}'\` and \`casemate doctor\`.`,
      code: 'notReady',
      cause,
    });
  }
}

function timersOf(names: ReturnType<typeof unitNames>): string[] {
  return [`${names.certificate}.timer`, `${names.verification}.timer`];
}

/** What serves a component beside it; the target would start the components that were not asked for. */
function upkeepOf(layout: InstanceLayout, ids: readonly string[]): string[] {
  const names = unitNames(layout.instance);
  const roles = ['provisioner', 'server'].filter((role) => ids.includes(role));
  const paths = roles.map((role) => `${names.secretId(role)}.path`);
  return [
    ...paths,
    ...(ids.includes('server') ? timersOf(names) : []),
    ...(ids.includes('openbao') ? [`${names.auditLogs}.timer`] : []),
  ];
}

async function status(layout: InstanceLayout): Promise<InstanceStatus> {
  const names = unitNames(layout.instance);
  const settings = await findSettings(layout);
  const ids = settings ? processSpecs(layout, settings).map(({ id }) => id) : [];
  if (ids.length === 0) return { instance: layout.instance, runner: null, components: [] };
  const units = ids.map(names.component);
  const shown = parseUnitStatus(
    await systemctl('show', '--timestamp=unix', '-p', statusProperties, ...units),
  );
  const components: ComponentStatus[] = [];
  for (const id of ids) {
    const found = shown.get(names.component(id)) ?? stopped;
    const spec = found.pid === null ? null : await findSpec(names.component(id));
    components.push({ id, ...found, spec });
  }
  const runs = components.some(({ state }) => state !== 'stopped');
  return { instance: layout.instance, runner: runs ? 'systemd' : null, components };
}

const stopped = { state: 'stopped', pid: null, restarts: 0, since: '', ready: false } as const;

/** The digest of the spec that the unit was written from; see digest-spec.ts. */
async function findSpec(unit: string): Promise<string | null> {
  const text = await readFile(path.join(unitDir, unit), 'utf8').catch(() => '');
  return /^X-Casemate-Spec=(.+)$/m.exec(text)?.[1] ?? null;
}

/** systemctl refuses to stop what it does not know. */
async function listLoaded(units: readonly string[]): Promise<string[]> {
  const shown = await systemctl('show', '-p', 'Id,LoadState', ...units);
  return shown
    .split('\n\n')
    .filter((block) => block.includes('LoadState=loaded'))
    .flatMap((block) => /^Id=(.+)$/m.exec(block)?.[1] ?? []);
}
