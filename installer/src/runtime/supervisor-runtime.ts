import { spawn } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import path from 'node:path';
import { Fault } from '../fault.ts';
import { waitUntil } from '../host/wait-until.ts';
import { installedCommand } from '../instance/installed-command.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import { findSettings } from '../instance/settings.ts';
import { askSupervisor } from '../supervisor/control.ts';
import type { ControlReply, ControlRequest } from '../supervisor/control.ts';
import type { ComponentStatus } from '../supervisor/component.ts';
import { processSpecs } from '../supervisor/process-specs.ts';
import type { InstanceStatus, Runtime, StartRequest } from './get-runtime.ts';

type GoodReply = Extract<ControlReply, { ok: true }>;

/** The installer's own supervisor, for hosts (and users) without systemd. */
export function supervisorRuntime(layout: InstanceLayout): Runtime {
  const change = async (request: StartRequest, verb: 'start' | 'restart') => {
    const ids = request.ids ? { ids: request.ids } : {};
    const first = await ask(layout, { do: verb, ...ids }, request.progress);
    if (!first) {
      await launch(layout, request.ids);
      await ask(layout, { do: 'start', ...ids }, request.progress);
    }
    const { components } = await status(layout);
    refuseUnready(components, request.ids, layout);
  };
  return {
    status: () => status(layout),
    start: (request) => change(request, 'start'),
    restart: (request) => change(request, 'restart'),
    stop: async (ids) => {
      const running = await ask(layout, ids ? { do: 'stop', ids } : { do: 'shutdown' });
      if (!running || ids) return;
      const gone = () => askSupervisor(instancePaths(layout).controlSocket, { do: 'status' });
      await waitUntil(async () => (await gone()) === null, 150_000, 100);
    },
  };
}

async function status(layout: InstanceLayout): Promise<InstanceStatus> {
  const reply = await ask(layout, { do: 'status' });
  const settings = await findSettings(layout);
  const specs = settings ? processSpecs(layout, settings) : [];
  const stopped = (id: string): ComponentStatus => ({
    id,
    state: 'stopped',
    pid: null,
    restarts: 0,
    since: new Date().toISOString(),
    ready: false,
    spec: null,
  });
  return {
    instance: layout.instance,
    runner: reply ? 'supervisor' : null,
    components: specs.map(
      ({ id }) => reply?.components.find((component) => component.id === id) ?? stopped(id),
    ),
  };
}

async function ask(
  layout: InstanceLayout,
  request: ControlRequest,
  progress?: (text: string) => void,
): Promise<GoodReply | null> {
  const { controlSocket } = instancePaths(layout);
  const timer = setInterval(() => void tellWaiting(controlSocket, progress), 1000);
  const reply = await askSupervisor(controlSocket, request).finally(() => clearInterval(timer));
  if (reply === null || reply.ok) return reply;
  throw new Fault('The supervisor refused', {
    why: reply.error,
    next: 'See `casemate logs supervisor`.',
  });
}

async function tellWaiting(controlSocket: string, progress?: (text: string) => void) {
  if (!progress) return;
  const reply = await askSupervisor(controlSocket, { do: 'status' }).catch(() => null);
  if (!reply?.ok) return;
  const waiting = reply.components.filter(
    ({ state }) => state === 'starting' || state === 'waiting',
  );
  progress(`waiting for ${waiting.map(({ id }) => id).join(', ')}`);
}

/** Starts the supervisor as a process of its own, which outlives this command. */
async function launch(layout: InstanceLayout, ids: readonly string[] | undefined): Promise<void> {
  const log = openSync(path.join(layout.logDir, 'supervisor.out'), 'a', 0o600);
  const [program, ...command] = installedCommand(layout);
  const place = layout.root ? ['--data-dir', layout.root, '--seal-dir', layout.sealDir] : [];
  const child = spawn(
    program,
    [...command, 'up', '--foreground', '--instance', layout.instance, ...place, ...(ids ?? [])],
    { detached: true, stdio: ['ignore', log, log], cwd: '/' },
  );
  closeSync(log);
  let ended = false;
  child.once('exit', () => (ended = true));
  child.unref();
  const { controlSocket } = instancePaths(layout);
  const listening = () => askSupervisor(controlSocket, { do: 'status' });
  await waitUntil(async () => ended || (await listening()) !== null, 40_000, 25);
  // It also ends when another one, started a moment before, holds the lock: then that one serves.
  if (await waitUntil(async () => (await listening()) !== null, 5000)) return;
  throw new Fault('The supervisor ended at once', {
    next: `See ${path.join(layout.logDir, 'supervisor.out')}.`,
    code: 'notReady',
  });
}

function refuseUnready(
  components: readonly ComponentStatus[],
  ids: readonly string[] | undefined,
  layout: InstanceLayout,
): void {
  const unready = components.filter(({ id, ready }) => !ready && (!ids || ids.includes(id)));
  const [first] = unready;
  if (!first) return;
  throw new Fault(`Not ready in time: ${unready.map(({ id }) => id).join(', ')}`, {
    why: `Its log is in ${path.join(layout.logDir, `${first.id}.log`)}; it is tried again meanwhile.`,
    next: `See \`casemate logs ${first.id}\` and \`casemate doctor\`.`,
    code: 'notReady',
  });
}
