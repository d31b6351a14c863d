import { readFile } from 'node:fs/promises';
import { Fault } from '../fault.ts';
import type { CommandCall } from './command.ts';
import { textFlag } from './command.ts';
import { install } from './install.ts';
import { nearest } from './nearest.ts';

/** Adds the values of an answer file ({"host-name": "…", "yes": true}); flags win over the file. */
export async function readAnswers(call: CommandCall): Promise<CommandCall> {
  const file = textFlag(call, 'answers');
  if (file === undefined) return call;
  const answers = await readJson(file);
  const flags: Record<string, string | boolean | undefined> = {};
  for (const [name, value] of Object.entries(answers)) {
    const flag = install.flags[name];
    if (!flag || name === 'answers') {
      const near = nearest(name, Object.keys(install.flags));
      throw refuse(`${file} has an unknown answer "${name}"`, near && `Did you mean ${near}?`);
    }
    const fits = flag.type === 'boolean' ? typeof value === 'boolean' : isText(value);
    if (!fits) throw refuse(`"${name}" in ${file} must be a ${flag.type}`, undefined);
    flags[name] = flag.type === 'boolean' ? value === true : String(value);
  }
  return { ...call, flags: { ...flags, ...call.flags } };
}

async function readJson(file: string): Promise<Record<string, unknown>> {
  try {
    const answers: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof answers === 'object' && answers !== null && !Array.isArray(answers)) {
      return answers as Record<string, unknown>;
    }
  } catch (cause) {
    throw refuse(`The answer file ${file} can't be read`, (cause as Error).message);
  }
  throw refuse(`The answer file ${file} is not a JSON object`, undefined);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

function refuse(what: string, why: string | undefined): Fault {
  return new Fault(what, {
    ...(why ? { why } : {}),
    next: 'The names are those of the flags in `casemate install --help`, without the hyphens before them.',
    code: 'usage',
  });
}
