import { AppError, type RequestContext } from '../../platform/index.ts';
import { BUDGET, type Prompt } from '../prompt/build-prompt.ts';

export type Patience = {
  /** Until the first token; loading a large model from disk is in it. */
  readonly firstTokenMs: number;
  /** Between two tokens. */
  readonly stallMs: number;
};

export const PATIENCE: Patience = { firstTokenMs: 120_000, stallMs: 60_000 };

type Writing = {
  ctx: RequestContext;
  prompt: Prompt;
  patience: Patience;
  signal: AbortSignal;
  delta: (text: string) => void;
};

/**
 * Streams the model's answer into `delta`. Throws unavailable when the model stays silent too long,
 * what the model server throws, or the signal's reason.
 */
export async function writeAnswer({
  ctx,
  prompt,
  patience,
  signal,
  delta,
}: Writing): Promise<void> {
  const silence = new AbortController();
  const giveUp = (detail: string) => (): void =>
    silence.abort(new AppError('unavailable', detail, { retryAfterSeconds: 30 }));
  let timer = setTimeout(
    giveUp('The model did not begin to answer in time; try again in a moment'),
    patience.firstTokenMs,
  );
  try {
    const stream = ctx.platform.models.chat({
      model: ctx.platform.config.CASEMATE_CHAT_MODEL,
      messages: prompt.messages,
      signal: AbortSignal.any([signal, silence.signal]),
      maxTokens: BUDGET.answer,
      contextTokens: BUDGET.window,
    });
    for await (const text of stream) {
      delta(text);
      clearTimeout(timer);
      timer = setTimeout(giveUp('The model stopped in mid-answer; try again'), patience.stallMs);
    }
    signal.throwIfAborted();
  } finally {
    clearTimeout(timer);
  }
}
