import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How a control is proven, as the register demands it. */
export type ControlKind = 'live' | 'test' | 'build' | 'doc';

export type Control = {
  /** `ISO-02`; what stands before the hyphen is its family. */
  readonly id: string;
  readonly sources: readonly string[];
  readonly kind: ControlKind;
  /** What must be true, in plain words. */
  readonly requirement: string;
};

const HEAD = 'id\tsources\tkind\trequirement';
const KINDS: readonly string[] = ['live', 'test', 'build', 'doc'];
const ID = /^[A-Z]{2,3}-\d{2}$/;

/** Every control of the product, in the order of `controls.tsv`. */
export function readRegister(): readonly Control[] {
  // Beside this file in a checkout, beside the main program when built.
  return parseRegister(readFileSync(join(import.meta.dirname, 'controls.tsv'), 'utf8'));
}

/** Throws on any line that is not a whole control: a register that loses a line hides a claim. */
export function parseRegister(text: string): readonly Control[] {
  const [head, ...lines] = text.trimEnd().split('\n');
  if (head !== HEAD) throw new Error('the register of controls has another head');
  const controls = lines.map(parseControl);
  if (new Set(controls.map(({ id }) => id)).size !== controls.length)
    throw new Error('the register of controls names a control twice');
  return controls;
}

function parseControl(line: string): Control {
  const [id = '', sources = '', kind = '', requirement = '', ...more] = line.split('\t');
  if (!ID.test(id) || !KINDS.includes(kind) || !sources || !requirement || more.length > 0)
    throw new Error(`the register of controls has a line that is no control: ${line.slice(0, 40)}`);
  return { id, sources: sources.split(' '), kind: kind as ControlKind, requirement };
}
