import { z } from 'zod';
import { BLOCK_KINDS, LANGUAGES } from './parsed-document.ts';
import { PARSE_ADVICE, type ParseErrorCode } from './parse-error.ts';

const fraction = z.number().min(0).max(1);
const page = z.int().min(1);
const box = z.strictObject({ page, x: fraction, y: fraction, w: fraction, h: fraction });

const block = z.strictObject({
  kind: z.enum(BLOCK_KINDS),
  level: z.int().min(1).max(6).exactOptional(),
  text: z.string().min(1),
  page: page.nullable(),
  boxes: z.array(box),
});

const document = z.strictObject({
  language: z.enum(LANGUAGES),
  title: z.string().max(300).nullable(),
  pages: z.int().min(0).nullable(),
  blocks: z.array(block).min(1),
});

const code = z.enum(Object.keys(PARSE_ADVICE) as [ParseErrorCode, ...ParseErrorCode[]]);

/**
 * The child's answer. It is checked like any input: a document that took the child over must not
 * get further by what it writes.
 */
export const childAnswer = z.union([
  z.strictObject({ document }),
  z.strictObject({ error: z.strictObject({ code, detail: z.string().max(500) }) }),
]);
export type ChildAnswer = z.infer<typeof childAnswer>;
