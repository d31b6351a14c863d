import { inSpan } from '../tracing.ts';
import { AppError } from '../app-error.ts';
import type { ChatRequest, ModelServer } from '../ollama/model-server.ts';
import { BreakerOpen, callBehind, type Breaker, type Verdict } from './breaker.ts';
import { retry } from './retry.ts';

/**
 * The model server behind retry and breaker. An answer is begun again only while nothing of it was
 * given out. A model that is not installed is an answer; a silent, lost or failing server is none.
 */
export function guardModels(models: ModelServer, breaker: Breaker): ModelServer {
  const guarded = <T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> =>
    retry(
      () =>
        inSpan('model', {}, () => callBehind(breaker, (error) => judgeModel(error, signal), call)),
      {
        mayRepeat: isTransientOfModel,
        signal,
      },
    );
  return {
    chat: (request) => chatBehind(models, breaker, request),
    embed: (model, texts, signal) =>
      inSpan('model', { 'gen_ai.operation.name': 'embeddings' }, () =>
        guarded(() => models.embed(model, texts, signal), signal),
      ),
    // Whoever asks for the list asks whether the server is there: an answer now is worth more.
    models: () => callBehind(breaker, judgeModel, () => models.models()),
    // It waits for answers of others, which says nothing about the server; whoever asks tries again.
    forget: (signal) => models.forget(signal),
  };
}

type Begun = { stream: AsyncGenerator<string, void>; first: IteratorResult<string, void> };

async function* chatBehind(
  models: ModelServer,
  breaker: Breaker,
  request: ChatRequest,
): AsyncGenerator<string, void> {
  const { signal } = request;
  const begin = async (): Promise<Begun> => {
    const stream = models.chat(request);
    const first = await inSpan('model', { 'gen_ai.operation.name': 'chat' }, () =>
      callBehind(
        breaker,
        (error) => judgeModel(error, signal),
        () => stream.next(),
      ),
    );
    return { stream, first };
  };
  const { stream, first } = await retry(begin, { mayRepeat: isTransientOfModel, signal });
  if (first.done) return;
  try {
    yield first.value;
    yield* stream;
  } catch (error) {
    breaker.report(judgeModel(error, signal));
    throw error;
  } finally {
    await stream.return();
  }
}

/** A caller that went away says nothing; one that waited in vain does. */
export function judgeModel(error: unknown, signal?: AbortSignal): Verdict {
  if (error instanceof AppError) {
    const { status_code: status } = (error.cause ?? {}) as { status_code?: number };
    if (status !== undefined) return isBadStatus(status) ? 'failure' : 'answer';
    return error.code === 'unavailable' ? 'failure' : 'answer';
  }
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'failure';
  return signal?.aborted ? 'nothing' : 'failure';
}

function isTransientOfModel(error: unknown): boolean {
  if (!(error instanceof AppError) || error instanceof BreakerOpen) return false;
  return judgeModel(error) === 'failure';
}

function isBadStatus(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
}
