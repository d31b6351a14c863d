import { z } from 'zod';
import { DOCUMENT_STATES } from './policy.ts';

/** What this room answers with. */

export const documentSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  mediaType: z.string(),
  bytes: z.number().int(),
  state: z.enum(DOCUMENT_STATES),
  progress: z.object({ done: z.number().int(), total: z.number().int() }),
  pages: z.number().int().nullable(),
  chunks: z.number().int(),
  language: z.string(),
  error: z.object({ code: z.string(), detail: z.string() }).nullable(),
  createdAt: z.iso.datetime(),
  createdBy: z.object({ id: z.uuid(), name: z.string() }).nullable(),
});

export const documentDetail = documentSchema.extend({
  outline: z.array(z.object({ title: z.string(), level: z.number().int(), chunkId: z.uuid() })),
});

export const documentList = z.object({
  items: z.array(documentSchema),
  next: z.uuid().nullable(),
  usage: z.object({
    bytes: z.number().int(),
    quotaBytes: z.number().int(),
    documents: z.number().int(),
  }),
});

const box = z.object({
  page: z.number().int(),
  x: z.number(),
  y: z.number(),
  w: z.number(),
  h: z.number(),
});

const hit = {
  chunkId: z.uuid(),
  documentId: z.uuid(),
  documentName: z.string(),
  headings: z.array(z.string()),
  page: z.number().int().nullable(),
  text: z.string(),
};

export const passageSchema = z.object({
  ...hit,
  boxes: z.array(box),
  before: z.string().nullable(),
  after: z.string().nullable(),
});

export const searchAnswer = z.object({ hits: z.array(z.object({ ...hit, score: z.number() })) });
