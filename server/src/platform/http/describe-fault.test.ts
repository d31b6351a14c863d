import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { describeFault } from './describe-fault.ts';

const said = (schema: z.ZodType, value: unknown): string[] =>
  schema.safeParse(value).error?.issues.map(describeFault) ?? [];

describe('describeFault', () => {
  it.each<[string, z.ZodType, unknown, string]>([
    ['nothing', z.string(), undefined, 'is missing'],
    ['another type', z.string(), 4, 'must be a text'],
    ['a number as text', z.number(), 'x', 'must be a number'],
    ['no whole number', z.int(), 1.5, 'must be a whole number'],
    ['no UUID', z.uuid(), 'x', 'must be a UUID'],
    ['no address', z.email(), 'x', 'must be an e-mail address'],
    ['too short a text', z.string().min(2), 'x', 'must have at least 2 characters'],
    ['too long a list', z.array(z.string()).max(1), ['a', 'b'], 'must have at most 1 entries'],
    ['too large a number', z.number().max(9), 10, 'must be at most 9'],
    ['none of the words', z.enum(['a', 'b']), 'c', 'must be "a" or "b"'],
    ['a wrong constant', z.literal('a'), 'c', 'must be "a"'],
    ['a wrong pattern', z.string().regex(/^a$/), 'b', 'is not written as it must be'],
    [
      'none of the forms',
      z.union([z.string(), z.number()]),
      true,
      'is none of the forms that this field may have',
    ],
  ])('INP-02: says of %s what must be', (_what, schema, value, words) => {
    expect(said(schema, value)).toEqual([words]);
  });

  it("keeps the schema's own words", () => {
    expect(said(z.string().regex(/^a$/, 'must be an a'), 'b')).toEqual(['must be an a']);
  });
});
