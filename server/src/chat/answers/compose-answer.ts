import { createHash } from 'node:crypto';
import { AppError, type RequestContext } from '../../platform/index.ts';
import type { Outcome } from '../answer.ts';
import { buildPrompt, type Prompt, type Turn } from '../prompt/build-prompt.ts';
import { promptMark } from '../prompt/prompt-mark.ts';
import { searchQuery } from '../prompt/search-query.ts';
import type { SearchKnowledge } from '../search-knowledge.ts';
import { createEmbedder } from './embedder.ts';
import type { FairQueue } from './fair-queue.ts';
import { findSources } from './find-sources.ts';
import { groundAnswer, notInDocuments } from './ground-answer.ts';
import { citePassages } from './cite.ts';
import { citedNumbers } from '../grounding/citation-marks.ts';
import { EndReason } from './running-answers.ts';
import { writeAnswer, type Patience } from './write-answer.ts';

export type Composing = {
  ctx: RequestContext;
  question: string;
  history: readonly Turn[];
  search: SearchKnowledge;
  countUnread: () => Promise<number>;
  queue: FairQueue;
  patience: Patience;
  signal: AbortSignal;
  push: (kind: string, data: object) => void;
};

/** What the model has written so far; kept whatever happens next. */
type Draft = { text: string; prompt: Prompt | null };

/** Search, prompt, model, check: from a question to its outcome. Never throws: failures are outcomes. */
export async function composeAnswer(composing: Composing): Promise<Outcome> {
  const draft: Draft = { text: '', prompt: null };
  try {
    return await compose(composing, draft);
  } catch (error) {
    return interrupted(composing, draft, error);
  }
}

async function compose(composing: Composing, draft: Draft): Promise<Outcome> {
  const { ctx, question, history, signal, push } = composing;
  const embed = createEmbedder(ctx, signal);
  const query = searchQuery(question, history.at(-1)?.question);
  const found = await findSources({ ...ctx, signal }, { query, search: composing.search, embed });
  push('searched', { passages: found.hits.length, milliseconds: found.milliseconds });
  if (!found.relevant) {
    const absent = notInDocuments(question, await composing.countUnread());
    push('delta', { text: absent.content });
    push('checked', { verdict: absent.verdict, sentences: [], citations: [] });
    return { ...absent, state: 'complete', error: null, model: null };
  }
  const mark = promptMark(ctx.platform.pepper, ctx.tenantId);
  draft.prompt = buildPrompt({ question, hits: found.hits, history, mark });
  await askModel(composing, draft, draft.prompt);
  const { replaced, ...grounded } = await groundAnswer({
    question,
    query,
    answer: draft.text,
    passages: draft.prompt.passages,
    relevance: found.score,
    countUnread: composing.countUnread,
    embed,
  });
  const { content, verdict, sentences, citations } = grounded;
  if (replaced) push('replaced', { content, verdict, citations });
  else push('checked', { verdict, sentences, citations });
  return { ...grounded, state: 'complete', error: null, model: digests(ctx, draft) };
}

async function askModel(composing: Composing, draft: Draft, prompt: Prompt): Promise<void> {
  const { ctx, queue, patience, signal, push } = composing;
  const leave = await queue.enter(ctx.tenantId ?? '', signal, (place) => push('queued', { place }));
  try {
    await writeAnswer({
      ctx,
      prompt,
      patience,
      signal,
      delta: (text) => {
        draft.text += text;
        push('delta', { text });
      },
    });
  } finally {
    leave();
  }
}

function interrupted({ ctx, signal }: Composing, draft: Draft, cause: unknown): Outcome {
  const passages = draft.prompt?.passages ?? [];
  const cited = citedNumbers(draft.text).map((n) => ({ n, about: draft.text }));
  const partial = {
    content: draft.text,
    verdict: null,
    sentences: null,
    citations: citePassages(passages, cited),
    model: draft.prompt ? digests(ctx, draft) : null,
  };
  const reason: unknown = signal.aborted ? signal.reason : cause;
  if (reason instanceof EndReason && reason.why !== 'draining')
    return { ...partial, state: 'stopped', error: null };
  return { ...partial, state: 'failed', error: explain(ctx, reason) };
}

function explain(ctx: RequestContext, reason: unknown): { code: string; detail: string } {
  if (reason instanceof EndReason)
    return {
      code: 'unavailable',
      detail: 'The server was stopped while it answered. What it had written is kept; ask again.',
    };
  if (reason instanceof AppError) {
    ctx.log.warn('an answer failed', { code: reason.code, error: reason });
    return { code: reason.code, detail: reason.message };
  }
  ctx.log.error('an answer failed', { error: reason });
  return { code: 'internal', detail: 'Something went wrong on the server; quote the request id' };
}

function digests(ctx: RequestContext, { text, prompt }: Draft): Outcome['model'] {
  const digest = (content: string): Buffer => createHash('sha256').update(content).digest();
  return {
    name: ctx.platform.config.CASEMATE_CHAT_MODEL,
    promptSha256: digest(JSON.stringify(prompt?.messages ?? [])),
    responseSha256: digest(text),
  };
}
