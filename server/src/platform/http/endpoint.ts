import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { RequestContext } from '../context.ts';
import type { Guard } from './guard.ts';

export type Method = 'get' | 'post' | 'patch' | 'put' | 'delete';

/**
 * Which budget a request draws from; the numbers are settings. `anonymous` and `account`: a stranger's
 * address, or a signed-in person's own budgets. The others are for what is worth guessing.
 */
export type LimitName =
  | 'anonymous'
  | 'account'
  | 'health'
  | 'sign-in'
  | 'registration'
  | 'refresh'
  | 'mobile-refresh'
  | 'password-change'
  | 'password-reset'
  | 'second-factor';

/** For endpoints that read a raw body or write a stream of their own. */
export type Io = { request: Request; response: Response };

type Schema = z.ZodType;
type Input = { params?: Schema; query?: Schema; body?: Schema };
type Parsed<I extends Input> = {
  [K in keyof I]: I[K] extends Schema ? z.output<I[K]> : never;
};

/** What the answer is: a JSON document with its schema, nothing, or what the handler writes. */
export type Output =
  | { readonly kind: 'json'; readonly status: 200 | 201 | 202; readonly schema: Schema }
  | { readonly kind: 'empty' }
  | { readonly kind: 'written'; readonly mediaType: string; readonly description: string };

export type EndpointDefinition<I extends Input> = {
  method: Method;
  /** Express path, with `:name` parameters. */
  path: string;
  /** One sentence for the OpenAPI document. */
  summary: string;
  guard: Guard;
  /** Needs a second factor that was shown in the last minutes (CASEMATE_STEP_UP_MINUTES). */
  stepUp?: true;
  limit: LimitName;
  /**
   * A page of another site may post here: it reads no cookie and no session, and believes nothing of it yet.
   * The path has no parameters.
   */
  fromOtherSites?: true;
  input: I;
  output: Output;
  /** How the body arrives; a raw body is not read before the handler asks for it. */
  body?: 'json' | 'raw';
  /** The actions that this route writes to the audit log; null for plain reads. */
  audit: readonly string[] | null;
  run: (ctx: RequestContext, input: Parsed<I>, io: Io) => Promise<unknown>;
};

/** A route as data: from it come the router, the OpenAPI document, the guard audit and the tests. */
export type Endpoint = Omit<EndpointDefinition<Input>, 'run'> & {
  run: (ctx: RequestContext, input: never, io: Io) => Promise<unknown>;
};

export function endpoint<const I extends Input>(definition: EndpointDefinition<I>): Endpoint {
  return definition;
}

export function json(schema: Schema, status: 200 | 201 | 202 = 200): Output {
  return { kind: 'json', status, schema };
}

export const empty: Output = { kind: 'empty' };

export function written(mediaType: string, description: string): Output {
  return { kind: 'written', mediaType, description };
}
