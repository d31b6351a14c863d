import { Ollama } from 'ollama/browser';
import { AppError } from '../app-error.ts';
import { forgetPrompts } from './forget-prompts.ts';
import {
  openTransport,
  transportsOfPool,
  type ModelServerTls,
  type Transport,
} from './transport.ts';

export type ChatMessage = { role: 'system' | 'user' | 'assistant'; content: string };

export type ChatRequest = {
  model: string;
  messages: readonly ChatMessage[];
  /** Ends the generation in the model server too, not only the reading of it. */
  signal: AbortSignal;
  /** Upper bound of the answer, in tokens. */
  maxTokens: number;
  temperature?: number;
  /** Window of the prompt and the answer, in tokens. */
  contextTokens?: number;
};

export type ModelServer = {
  /** Yields text as the model makes it. Throws model_failed or unavailable with the mend. */
  chat(request: ChatRequest): AsyncGenerator<string, void>;
  /** One vector per text, in order. Texts longer than the model's window are cut by the model. */
  embed(model: string, texts: readonly string[], signal?: AbortSignal): Promise<number[][]>;
  /** Names of the models that the server holds. Throws unavailable when it is away. */
  models(): Promise<string[]>;
  /**
   * Makes the server forget every prompt that it holds in memory, and each other of its pool too; running
   * answers end first. Gives how many models were loaded. Throws unavailable or model_failed, even if
   * it is of one of them alone.
   */
  forget(signal: AbortSignal): Promise<number>;
};

const KEEP_ALIVE = '24h';

export type ModelServerOptions = {
  tls?: ModelServerTls;
  /** The addresses of all servers behind `address`, where that is a pool. */
  pool?: (() => Promise<readonly string[]>) | undefined;
};

/** The local Ollama over its socket (`unix:/path`), or any server that speaks its API. */
export function createModelServer(
  address: string,
  { tls = {}, pool }: ModelServerOptions = {},
): ModelServer {
  const transport = openTransport(address, tls);
  const clientFor = (signal?: AbortSignal): Ollama => clientOf(transport, signal);
  return {
    async *chat({ model, messages, signal, maxTokens, temperature, contextTokens }) {
      try {
        const stream = await clientFor(signal).chat({
          model,
          messages: [...messages],
          stream: true,
          keep_alive: KEEP_ALIVE,
          options: {
            num_predict: maxTokens,
            temperature: temperature ?? 0,
            ...(contextTokens ? { num_ctx: contextTokens } : {}),
          },
        });
        for await (const part of stream)
          if (part.message.content !== '') yield part.message.content;
      } catch (error) {
        throw asModelError(error, model, signal);
      }
    },
    embed: async (model, texts, signal) => {
      try {
        const answer = await clientFor(signal).embed({
          model,
          input: [...texts],
          truncate: true,
          keep_alive: KEEP_ALIVE,
        });
        return answer.embeddings;
      } catch (error) {
        throw asModelError(error, model, signal);
      }
    },
    models: async () => {
      try {
        return (await clientFor(AbortSignal.timeout(3_000)).list()).models.map(({ name }) => name);
      } catch (error) {
        throw asModelError(error, '', undefined);
      }
    },
    forget: async (signal) => {
      try {
        if (pool === undefined) return await forgetPrompts(clientFor(signal), signal);
        const each = await transportsOfPool(address, tls, pool);
        const counts = await Promise.all(
          each.map((one) => forgetPrompts(clientOf(one, signal), signal).finally(one.close)),
        );
        return counts.reduce((sum, count) => sum + count, 0);
      } catch (error) {
        throw asModelError(error, '', signal);
      }
    },
  };
}

const clientOf = ({ host, send }: Transport, signal: AbortSignal | undefined): Ollama =>
  new Ollama({
    host,
    fetch: (input, init) => send(input, signal ? { ...init, signal } : init),
  });

function asModelError(error: unknown, model: string, signal: AbortSignal | undefined): Error {
  if (signal?.aborted) return signal.reason instanceof Error ? signal.reason : new Error('aborted');
  const status = (error as { status_code?: number }).status_code;
  if (status === 404)
    return new AppError(
      'unavailable',
      `The model ${model} is not installed on the model server; ask an administrator to run \`casemate doctor\``,
      { cause: error, retryAfterSeconds: 60 },
    );
  if (status !== undefined)
    return new AppError('model_failed', 'The model failed while answering; try again', {
      cause: error,
    });
  return new AppError('unavailable', 'The model server does not answer; try again in a moment', {
    cause: error,
    retryAfterSeconds: 5,
  });
}
