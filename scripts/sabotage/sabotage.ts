import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One way to break a control; kept in a `*.sabotage.json` beside the test that must notice. */
export type Sabotage = {
  /** The control of the product that it breaks. */
  id: string;
  /** What an attacker would get. */
  what: string;
  /** The file that is changed, from the root of the repository. */
  file: string;
  /** Stands there exactly once. */
  find: string;
  replace: string;
  /** The test file that must fail. */
  test: string;
  /**
   * What its failure must say, best the line that refuses: a test that fails for another reason has
   * noticed nothing.
   */
  shows: string;
  /** Narrows the test to the part that looks for this. */
  env?: Readonly<Record<string, string>>;
};

export function readSabotages(root: string): Sabotage[] {
  return globSync('{{server,installer,web}/src,scripts}/**/*.sabotage.json', { cwd: root })
    .sort()
    .flatMap((file) => JSON.parse(readFileSync(join(root, file), 'utf8')) as Sabotage[]);
}

/** The changed text. Throws when the place is not there exactly once: the code has moved on. */
export function sabotaged(text: string, { id, file, find, replace }: Sabotage): string {
  const parts = text.split(find);
  if (parts.length !== 2)
    throw new Error(
      `${id}: the text to break stands ${parts.length - 1} times in ${file}, not once`,
    );
  return parts.join(replace);
}

/** Breaks the code in a folder; what it gives mends it again. */
export function breakCode(folder: string, sabotage: Sabotage): () => void {
  const file = join(folder, sabotage.file);
  const before = readFileSync(file, 'utf8');
  writeFileSync(file, sabotaged(before, sabotage));
  return () => {
    writeFileSync(file, before);
  };
}

/** Whether the test needs PostgreSQL and OpenBao. */
export function isOfDatabase(test: string): boolean {
  return /\.(db|http)\.test\.ts$/.test(test);
}

/** Whether it changes what PostgreSQL and OpenBao are made of, before any test runs. */
export function needsOwnParts(folder: string, { file, test }: Sabotage): boolean {
  if (!file.startsWith('server/src/')) return true;
  // A test that takes hold of the parts of its own run finds none that another program started.
  return readFileSync(join(folder, test), 'utf8').includes('casemateParts');
}
