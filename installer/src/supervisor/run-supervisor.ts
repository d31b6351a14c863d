import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { keepClosed } from '../egress/keep-closed.ts';
import { Fault, messageOf } from '../fault.ts';
import { getAccounts } from '../host/get-accounts.ts';
import type { AccountName } from '../host/accounts.ts';
import { writeFileAtomically } from '../host/write-file.ts';
import type { Owner } from '../host/write-file.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import { getSettings } from '../instance/settings.ts';
import { ensureRunDirs } from '../instance/ensure-dirs.ts';
import { backUpMinutely } from './back-up-minutely.ts';
import { boundOutput } from './bound-output.ts';
import { Component } from './component.ts';
import { serveControl } from './control.ts';
import type { ControlReply, ControlRequest } from './control.ts';
import { LogFile } from './log-file.ts';
import { endLeftovers, loadRecords, startTicksOf } from './process-record.ts';
import { processSpecs } from './process-specs.ts';
import { forgetCopies } from '../upgrade/forget-copies.ts';
import type { ProcessSpec } from './processes.ts';
import { renewOwnCertificate } from './renew-own-certificate.ts';
import { rotateAuditLogs } from './rotate-audit-logs.ts';
import { deliverSecretId, watchRequests } from './secret-ids.ts';
import { Supervisor } from './supervisor.ts';
import { takeLock } from './take-lock.ts';
import { verifyDaily } from './verify-daily.ts';

/**
 * Runs the supervisor of an instance until it is told to end (SIGTERM, SIGINT, or `down`). With
 * `ids` it starts only those components at first. Resolves when every component has ended.
 */
export async function runSupervisor(
  layout: InstanceLayout,
  ids: readonly string[] | undefined,
  echo: (line: string) => void,
): Promise<void> {
  const paths = instancePaths(layout);
  const lock = await takeLock(layout.runDir);
  if (!lock)
    throw new Fault('The supervisor of this instance runs already', {
      next: 'See `casemate status`.',
    });
  await ensureRunDirs(layout);
  const log = new LogFile(path.join(layout.logDir, 'supervisor.log'));
  const say = (text: string) => {
    log.write(`${new Date().toISOString()} ${text}\n`);
    echo(text);
  };
  const settings = await getSettings(layout);
  const specs = processSpecs(layout, settings);
  const open = await keepClosed(layout, settings);
  if (open !== null) say(`the way out is open: ${open}`);
  await endOldProcesses(paths.processesFile, specs, say);
  const self = { pid: process.pid, startTicks: startTicksOf(process.pid) };
  await writeFileAtomically(paths.supervisorFile, JSON.stringify(self), { mode: 0o600 });

  const live = liveSupervisor(layout, say);
  const ending = Promise.withResolvers<void>();
  const control = await serveControl(paths.controlSocket, (request) =>
    live.handle(request, ending.resolve),
  );
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => ending.resolve());
  }
  const stopWatching = watchRequests(live.requests(specs), say);
  const stopVerifying = verifyDaily(layout, say);
  const stopBackingUp = backUpMinutely(layout, say);
  const rotating = setInterval(() => {
    live.rotateAuditLogs();
    forgetCopies(layout).catch((error: unknown) =>
      say(`copies of an upgrade could not be removed: ${messageOf(error)}`),
    );
    boundOutput(path.join(layout.logDir, 'supervisor.out'));
  }, ROTATE_EVERY_MS);
  const renewing = setInterval(() => void renewOwnCertificate(layout, say), RENEW_EVERY_MS);
  const starting = live.handle({ do: 'start', ...(ids ? { ids } : {}) }, ending.resolve);
  starting.catch((error: unknown) => say(messageOf(error)));
  await ending.promise;
  say('stopping');
  stopWatching();
  stopVerifying();
  stopBackingUp();
  clearInterval(rotating);
  clearInterval(renewing);
  await live.handle({ do: 'stop' }, ending.resolve);
  control.close();
  await rm(paths.controlSocket, { force: true });
  await rm(paths.supervisorFile, { force: true });
  say('stopped');
  lock.close();
}

async function endOldProcesses(file: string, specs: ProcessSpec[], say: (text: string) => void) {
  const records = loadRecords(file).map((record) => {
    const spec = specs.find(({ id }) => id === record.id);
    return { ...record, stopSignal: spec?.stopSignal ?? ('SIGTERM' as const) };
  });
  const found = await endLeftovers(records, 20_000);
  if (found.length > 0) say(`ended what a killed supervisor left behind: ${found.join(', ')}`);
}

const ROTATE_EVERY_MS = 60_000;
/** As the timer of systemd does it. */
const RENEW_EVERY_MS = 24 * 3_600_000;

/** Components are made when first named: an installation adds the server to a running supervisor. */
function liveSupervisor(layout: InstanceLayout, say: (text: string) => void) {
  const components = new Map<string, Component>();
  const supervisor = () =>
    new Supervisor([...components.values()], instancePaths(layout).processesFile);
  const owners = getAccounts(layout);
  const refresh = async () => {
    for (const spec of processSpecs(layout, await getSettings(layout))) {
      const present = components.get(spec.id);
      present?.renew(spec);
      if (present) continue;
      components.set(
        spec.id,
        makeComponent(layout, spec, { owners, say, saved: () => supervisor().saveRecords() }),
      );
    }
  };
  const handle = async (request: ControlRequest, end: () => void): Promise<ControlReply> => {
    let allReady = true;
    if (request.do === 'start' || request.do === 'restart') {
      if (request.do === 'restart') await supervisor().stop(request.ids);
      await refresh();
      allReady = await supervisor().start(request.ids);
    }
    if (request.do === 'stop') await supervisor().stop(request.ids);
    if (request.do === 'shutdown') end();
    return { ok: true, pid: process.pid, components: supervisor().status(), allReady };
  };
  const requests = (specs: ProcessSpec[]) =>
    (['server', 'provisioner'] as const).map((role) => ({
      file: instancePaths(layout).vaultRequestFile(role),
      deliver: () =>
        deliverSecretId(
          layout,
          role,
          owners[
            specs.find((s) => s.id === role)?.account ??
              (role === 'server' ? 'casemate' : 'casemate-provisioner')
          ],
        ),
    }));
  const reopenAuditLogs = () => {
    const { pid } = components.get('openbao')?.status() ?? {};
    return typeof pid === 'number' && process.kill(pid, 'SIGHUP');
  };
  return {
    handle,
    requests,
    rotateAuditLogs: () => {
      try {
        rotateAuditLogs({ dir: instancePaths(layout).vaultAuditDir, reopen: reopenAuditLogs });
      } catch (error) {
        say(`the audit files of the key service could not be rotated: ${messageOf(error)}`);
      }
    },
  };
}

type Making = {
  owners: Partial<Record<AccountName, Owner>>;
  say: (text: string) => void;
  saved: () => void;
};

function makeComponent(layout: InstanceLayout, spec: ProcessSpec, making: Making): Component {
  const runAs = making.owners[spec.account];
  const { vaultRole } = spec;
  return new Component({
    spec,
    runAs,
    log: new LogFile(path.join(layout.logDir, `${spec.id}.log`)),
    say: making.say,
    onChange: making.saved,
    prepare: async () => {
      if (!existsSync(layout.runDir)) await ensureRunDirs(layout);
      if (vaultRole) await deliverSecretId(layout, vaultRole, runAs);
    },
  });
}
