import { z } from 'zod';

const instant = z.iso.datetime();

export const conversationItem = z.object({
  id: z.uuid(),
  title: z.string().nullable(),
  createdAt: instant,
  updatedAt: instant,
});

export const conversationList = z.object({
  items: z.array(conversationItem),
  next: z.uuid().nullable(),
});

const verdict = z.enum(['supported', 'partly_supported', 'quoted', 'not_in_documents']);

const sentence = z.object({
  start: z.int().min(0),
  end: z.int().min(0),
  supported: z.boolean(),
  citations: z.array(z.int().min(1)),
});

const citation = z.object({
  n: z.int().min(1),
  chunkId: z.uuid(),
  documentId: z.uuid(),
  documentName: z.string(),
  page: z.int().nullable(),
  headings: z.array(z.string()),
  quote: z.string(),
  deleted: z.boolean(),
});

const message = z.object({
  id: z.uuid(),
  role: z.enum(['user', 'assistant']),
  content: z.string(),
  state: z.enum(['streaming', 'complete', 'stopped', 'failed']),
  createdAt: instant,
  regenerates: z.uuid().nullable(),
  error: z.object({ code: z.string(), detail: z.string() }).nullable(),
  verdict: verdict.nullable(),
  sentences: z.array(sentence).nullable(),
  citations: z.array(citation),
});

export const conversation = conversationItem.extend({ messages: z.array(message) });

export const titleInput = z.strictObject({ title: z.string().trim().min(1).max(200) });

/** Longer questions would push the passages out of the model's window. */
export const questionInput = z.strictObject({
  content: z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(4_000, 'must be at most 4,000 characters; upload longer texts as a document'),
});
