import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  startChild,
  type Child,
  type ChildOptions,
} from '../../installer/src/test-parts/start-child.ts';
import { startOwnParts } from './start-parts.ts';

type Program = 'postgres' | 'bao';

/** A part that can be taken away and brought back, on the data it had. */
export type BreakablePart = {
  /** As a crash ends it: at once, without a word to its clients. */
  kill(): Promise<void>;
  start(): void;
};

export type BreakableParts = {
  readonly database: BreakablePart;
  readonly keyService: BreakablePart & {
    /** Starts it with a seal key that opens nothing: it answers, and stays sealed. */
    startSealed(): void;
  };
  stop(): Promise<void>;
};

/** PostgreSQL and OpenBao for one test file alone, which `partsInfo` then finds. */
export async function startBreakableParts(): Promise<BreakableParts> {
  const dir = mkdtempSync('/tmp/casemate-');
  const known = new Map<string, { options: ChildOptions; child: Child }>();
  const launch = (options: ChildOptions): Child => {
    const child = startChild(options);
    known.set(basename(options.argv[0]), { options, child });
    return child;
  };
  const started = await startOwnParts(dir, launch);
  process.env['CASEMATE_TEST_PARTS'] = JSON.stringify(started.info);
  const partOf = (program: Program): BreakablePart => ({
    kill: async () => {
      const part = known.get(program);
      if (!part) throw new Error(`${program} was never started`);
      await part.child.stop();
    },
    start: () => {
      const part = known.get(program);
      if (part) launch(part.options);
    },
  });
  const database = partOf('postgres');
  const keyService = partOf('bao');
  const sealKey = join(dir, 'openbao', 'seal.key');
  const right = readFileSync(sealKey);
  return {
    database,
    keyService: {
      ...keyService,
      start: () => {
        writeFileSync(sealKey, right);
        keyService.start();
      },
      startSealed: () => {
        writeFileSync(sealKey, Buffer.alloc(right.length, 7));
        keyService.start();
      },
    },
    stop: async () => {
      for (const { child } of known.values()) await child.stop();
      await started.stop();
    },
  };
}
