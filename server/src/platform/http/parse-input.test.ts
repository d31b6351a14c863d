import { describe, expect, it } from '@jest/globals';
import type { Request } from 'express';
import { z } from 'zod';
import { AppError } from '../app-error.ts';
import { endpoint, json, type Endpoint } from './endpoint.ts';
import { openToAll } from './guard.ts';
import { parseInput } from './parse-input.ts';

function routeOf(body: z.ZodType): Endpoint {
  return endpoint({
    method: 'post',
    path: '/things',
    summary: 'A thing',
    guard: openToAll,
    limit: 'anonymous',
    input: { body },
    output: json(z.object({})),
    audit: null,
    run: () => Promise.resolve({}),
  });
}

function refusalOf(schema: z.ZodType, body: unknown): AppError {
  try {
    parseInput(routeOf(schema), { params: {}, query: {}, body } as unknown as Request);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('parseInput', () => {
  const strict = z.strictObject({ name: z.string().optional() });

  it('INP-02: cuts long key names of strangers and lists ten faults at most', () => {
    const long = refusalOf(strict, { ['k'.repeat(60_000)]: 1 });
    expect(long.fields[0]?.path).toBe(`body.${'k'.repeat(60)}…`);
    expect(long.message.length).toBeLessThan(300);
    const many = refusalOf(
      z.array(z.string()),
      Array.from({ length: 5_000 }, () => 1),
    );
    expect(many.fields).toHaveLength(10);
  });

  it('INP-02: refuses the character U+0000 at any depth, since the database takes none', () => {
    const deep = z.strictObject({ list: z.array(z.record(z.string(), z.string())) });
    for (const body of [{ list: [{ a: 'x\u0000' }] }, { list: [{ 'a\u0000': 'x' }] }])
      expect(refusalOf(deep, body)).toMatchObject({
        code: 'invalid_input',
        fields: [{ path: 'body.list.0.a', message: 'must not contain the character U+0000' }],
      });
  });

  it('INP-02: refuses a document of any nesting without running out of stack', () => {
    let nested: unknown = '\u0000';
    for (let depth = 0; depth < 100_000; depth += 1) nested = [nested];
    expect(refusalOf(z.unknown(), nested).code).toBe('invalid_input');
  });

  it('hands on what is right', () => {
    const request = { params: {}, query: {}, body: { name: 'ok' } } as unknown as Request;
    expect(parseInput(routeOf(strict), request)).toMatchObject({ body: { name: 'ok' } });
  });
});
