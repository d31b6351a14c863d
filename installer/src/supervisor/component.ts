import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Owner } from '../host/write-file.ts';
import { backoffLimits, backoffMs } from './backoff.ts';
import { messageOf } from '../fault.ts';
import { digestSpec } from './digest-spec.ts';
import { isReady } from './is-ready.ts';
import type { LogFile } from './log-file.ts';
import { signalGroup, startTicksOf } from './process-record.ts';
import type { ProcessRecord } from './process-record.ts';
import type { ProcessSpec } from './processes.ts';
import { startCommand } from './start-command.ts';

export type ComponentState = 'stopped' | 'starting' | 'ready' | 'waiting' | 'stopping';

export type ComponentStatus = {
  id: string;
  state: ComponentState;
  pid: number | null;
  restarts: number;
  /** When it entered this state, ISO 8601. */
  since: string;
  ready: boolean;
  /** Of the spec that it runs with; null when it does not run. See digest-spec.ts. */
  spec?: string | null;
};

export type ComponentOptions = {
  spec: ProcessSpec;
  log: LogFile;
  runAs: Owner | undefined;
  /** Before every start: directories, wrapped secret-id. Its failure counts as a failed start. */
  prepare: () => Promise<void>;
  onChange: () => void;
  say: (text: string) => void;
  steadyMs?: number;
  backoff?: (attempt: number) => number;
};

const LAST_WORDS_MS = 5000;

/** One supervised process: started, watched, restarted with backoff, stopped with its whole group. */
export class Component {
  #spec: ProcessSpec;
  readonly #options: ComponentOptions;
  #child: ChildProcess | null = null;
  #digest = '';
  #state: ComponentState = 'stopped';
  #since = new Date();
  #restarts = 0;
  #attempt = 0;
  #intended = false;
  #wanted = false;
  #loop: Promise<void> = Promise.resolve();
  #wake = new AbortController();

  constructor(options: ComponentOptions) {
    this.#spec = options.spec;
    this.#options = options;
  }

  get spec(): ProcessSpec {
    return this.#spec;
  }

  /** Takes a newer description for the next start; what runs goes on as it was. */
  renew(spec: ProcessSpec): void {
    if (!this.#wanted) this.#spec = spec;
  }

  /** It shall run, as soon as what it needs does; `stop` takes that back. */
  intend(): void {
    this.#intended = true;
  }

  status(): ComponentStatus {
    return {
      id: this.spec.id,
      state: this.#state,
      pid: this.#child?.pid ?? null,
      restarts: this.#restarts,
      since: this.#since.toISOString(),
      ready: this.#state === 'ready',
      spec: this.#child ? this.#digest : null,
    };
  }

  record(): ProcessRecord | null {
    const pid = this.#child?.pid;
    const startTicks = pid === undefined ? null : startTicksOf(pid);
    return pid === undefined || startTicks === null ? null : { id: this.spec.id, pid, startTicks };
  }

  /** Begins to keep it running. Resolves at once; see `settled`. */
  start(): void {
    // A stop that came while it waited for others has the last word.
    if (this.#wanted || !this.#intended) return;
    this.#wanted = true;
    this.#attempt = 0;
    this.#wake = new AbortController();
    this.#loop = this.#loop.then(() => this.#keepRunning());
  }

  /** Resolves with true once ready, with false after the time the component is given for it. */
  async settled(): Promise<boolean> {
    const deadline = performance.now() + this.spec.readyTimeoutMs;
    while (this.#wanted && this.#state !== 'ready' && performance.now() < deadline) await sleep(25);
    return this.#state === 'ready';
  }

  /** Ends the process and its group, and resolves when they are gone. */
  async stop(): Promise<void> {
    this.#intended = false;
    this.#wanted = false;
    this.#wake.abort();
    const child = this.#child;
    if (child) {
      this.#enter('stopping');
      // The leader alone first, which knows how to end its own children in order.
      if (child.pid) child.kill(this.spec.stopSignal);
      const late = setTimeout(() => {
        this.#options.say(`${this.spec.id} did not stop in time and is killed`);
        if (child.pid) signalGroup(child.pid, 'SIGKILL');
      }, this.spec.stopTimeoutMs);
      await this.#loop;
      clearTimeout(late);
    } else {
      await this.#loop;
    }
    this.#enter('stopped');
  }

  async #keepRunning(): Promise<void> {
    while (this.#wanted) {
      this.#enter('starting');
      const startedAt = performance.now();
      try {
        await this.#options.prepare();
        if (this.#wanted) await this.#runOnce();
      } catch (error) {
        this.#options.say(`${this.spec.id} could not be started: ${messageOf(error)}`);
      }
      if (!this.#wanted) return;
      if (performance.now() - startedAt >= (this.#options.steadyMs ?? backoffLimits.steadyMs)) {
        this.#attempt = 0;
      }
      await this.#waitToRestart();
    }
  }

  async #waitToRestart(): Promise<void> {
    const delay = (this.#options.backoff ?? backoffMs)(this.#attempt);
    this.#attempt += 1;
    this.#restarts += 1;
    this.#enter('waiting');
    this.#options.say(`${this.spec.id} is started again in ${delay} ms`);
    await sleep(delay, undefined, { signal: this.#wake.signal }).catch(() => undefined);
  }

  async #runOnce(): Promise<void> {
    const child = this.#spawn();
    // Not 'close': what it has started may outlive it, and hold its output open for ever.
    const ended = once(child, 'exit').catch((error: unknown) => {
      this.#options.say(`${this.spec.id}: ${messageOf(error)}`);
    });
    const silent = once(child, 'close').catch(() => undefined);
    let running = true;
    const watched = this.#watchReadiness(() => running);
    await ended;
    running = false;
    if (child.pid) signalGroup(child.pid, 'SIGKILL');
    await watched;
    // Its last words; who left the group is not waited for.
    await Promise.race([silent, sleep(LAST_WORDS_MS, undefined, { ref: false })]);
    this.#child = null;
    const how = child.signalCode ?? `exit code ${child.exitCode}`;
    if (this.#wanted) this.#options.say(`${this.spec.id} ended unasked (${how})`);
    this.#options.onChange();
  }

  #spawn(): ChildProcess {
    const { log } = this.#options;
    const spec = this.#spec;
    const { argv, runAs } = startCommand(spec, this.#options.runAs);
    const [file, ...args] = argv;
    const child = spawn(file, args, {
      env: spec.env,
      cwd: spec.workingDir,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A session of its own: a Ctrl-C at the terminal reaches the supervisor alone, and the whole
      // group can be ended.
      detached: true,
      ...(runAs ? { uid: runAs.uid, gid: runAs.gid } : {}),
    });
    this.#child = child;
    this.#digest = digestSpec(spec);
    child.stdout.on('data', (chunk: Buffer) => log.write(chunk));
    child.stderr.on('data', (chunk: Buffer) => log.write(chunk));
    this.#options.onChange();
    return child;
  }

  async #watchReadiness(running: () => boolean): Promise<void> {
    const startedAt = performance.now();
    while (running() && this.#state === 'starting') {
      if (await isReady(this.spec.ready, performance.now() - startedAt)) {
        if (running() && this.#state === 'starting') this.#enter('ready');
      } else {
        await sleep(50);
      }
    }
  }

  #enter(state: ComponentState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#since = new Date();
    this.#options.onChange();
  }
}
