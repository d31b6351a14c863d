import type { Request } from 'express';
import { z } from 'zod';
import { AppError, type FieldError } from '../app-error.ts';
import { describeFault } from './describe-fault.ts';
import type { Endpoint } from './endpoint.ts';

const nothing = z.strictObject({});

// Names and faults are the client's words: the answer and the log hold a few of them, cut.
const MAX_FAULTS = 10;
const MAX_NAME = 60;
const MAX_MESSAGE = 200;

/**
 * Validates parameters, query and body against the route's schemas; what has no schema must be
 * empty. Throws invalid_input that names each faulty field, never its value.
 */
export function parseInput(route: Endpoint, request: Request): Record<string, unknown> {
  const faults: FieldError[] = [];
  const parsed: Record<string, unknown> = {};
  const read = (part: 'params' | 'query' | 'body', schema: z.ZodType | undefined): void => {
    const result = (schema ?? nothing).safeParse(request[part] ?? {});
    if (!result.success) {
      faults.push(...result.error.issues.slice(0, MAX_FAULTS).map((each) => describe(part, each)));
      return;
    }
    parsed[part] = result.data;
    faults.push(...findNul(part, result.data));
  };
  read('params', route.input.params);
  read('query', route.input.query);
  if (route.body !== 'raw') read('body', route.input.body);
  if (faults.length > 0) {
    const shown = faults.slice(0, MAX_FAULTS);
    const list = shown.map(({ path, message }) => `${path}: ${message}`).join('; ');
    throw new AppError('invalid_input', `The request is not as it should be: ${list}`, {
      fields: shown,
    });
  }
  return parsed;
}

function describe(part: string, issue: z.core.$ZodIssue): FieldError {
  const names = issue.code === 'unrecognized_keys' ? issue.keys : [];
  const path = pathOf([part, ...issue.path.map(String), ...names.slice(0, 1)]);
  return { path, message: cut(describeFault(issue), MAX_MESSAGE) };
}

type Place = { name: string; above: Place | null };

/**
 * PostgreSQL stores no U+0000, in text or in JSON. Walks with a list of its own: a document of a
 * hundred thousand brackets must not run out of stack.
 */
function findNul(part: string, data: unknown): FieldError[] {
  const waiting: [Place, unknown][] = [[{ name: part, above: null }, data]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [place, value] = next;
    if (place.name.includes('\0') || (typeof value === 'string' && value.includes('\0')))
      return [{ path: pathOf(namesOf(place)), message: 'must not contain the character U+0000' }];
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, inner] of Object.entries(value))
      waiting.push([{ name, above: place }, inner]);
  }
  return [];
}

function namesOf(place: Place): string[] {
  const names: string[] = [];
  for (let at: Place | null = place; at; at = at.above) names.unshift(at.name);
  return names;
}

function pathOf(names: readonly string[]): string {
  const shown = names.slice(0, MAX_FAULTS).map((name) => cut(name.replaceAll('\0', ''), MAX_NAME));
  return shown.join('.');
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
