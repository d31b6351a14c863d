import type { Request } from 'express';
import { z } from 'zod';
import { AppError, type FieldError } from '../app-error.ts';
import type { Endpoint } from './endpoint.ts';

const nothing = z.strictObject({});

/**
 * Validates parameters, query and body against the route's schemas; what has no schema must be
 * empty. Throws invalid_input that names each faulty field, never its value.
 */
export function parseInput(route: Endpoint, request: Request): Record<string, unknown> {
  const faults: FieldError[] = [];
  const parsed: Record<string, unknown> = {};
  const read = (part: 'params' | 'query' | 'body', schema: z.ZodType | undefined): void => {
    const result = (schema ?? nothing).safeParse(request[part] ?? {});
    if (result.success) parsed[part] = result.data;
    else for (const issue of result.error.issues) faults.push(describe(part, issue));
  };
  read('params', route.input.params);
  read('query', route.input.query);
  if (route.body !== 'raw') read('body', route.input.body);
  if (faults.length > 0) {
    const list = faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
    throw new AppError('invalid_input', `The request is not as it should be: ${list}`, {
      fields: faults,
    });
  }
  return parsed;
}

function describe(part: string, issue: z.core.$ZodIssue): FieldError {
  const names = issue.code === 'unrecognized_keys' ? issue.keys : [];
  const path = [part, ...issue.path.map(String), ...names.slice(0, 1)].join('.');
  if (issue.code === 'unrecognized_keys')
    return { path, message: 'is not a field of this request' };
  const missing = issue.code === 'invalid_type' && issue.message.includes('received undefined');
  return { path, message: missing ? 'is missing' : issue.message };
}
