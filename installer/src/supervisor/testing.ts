import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Component } from './component.ts';
import type { ComponentOptions } from './component.ts';
import { LogFile } from './log-file.ts';
import type { ComponentId, ProcessSpec } from './processes.ts';
import { Supervisor } from './supervisor.ts';

/** A spec for a small program given as JavaScript, for tests. */
export function fakeSpec(
  id: ComponentId,
  script: string,
  over: Partial<ProcessSpec> = {},
): ProcessSpec {
  return {
    id,
    title: id,
    argv: [process.execPath, '-e', script],
    env: {},
    account: 'casemate',
    workingDir: '/',
    after: [],
    ready: { kind: 'process', livedMs: 50 },
    readyTimeoutMs: 5000,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 1000,
    configFiles: [],
    writableDirs: [],
    readableDirs: [],
    vaultRole: null,
    limits: { openFiles: 1024, memoryMiB: null, tasks: 16 },
    network: { listens: [], reach: 'none' },
    ...over,
  };
}

/** A supervisor of fake processes in a directory of its own; `said` is what it reported. */
export function fakeSupervisor(
  specs: readonly ProcessSpec[],
  over: Partial<ComponentOptions> = {},
) {
  const dir = mkdtempSync(path.join(tmpdir(), 'casemate-supervisor-'));
  const said: string[] = [];
  const components = specs.map(
    (spec) =>
      new Component({
        spec,
        log: new LogFile(path.join(dir, `${spec.id}.log`)),
        runAs: undefined,
        prepare: () => Promise.resolve(),
        onChange: () => supervisor.saveRecords(),
        say: (text) => said.push(text),
        backoff: () => 20,
        ...over,
      }),
  );
  const supervisor: Supervisor = new Supervisor(components, path.join(dir, 'processes.json'));
  return { dir, said, supervisor };
}
