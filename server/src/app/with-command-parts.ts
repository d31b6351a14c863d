import type { z } from 'zod';
import { AppError, type Config, type RequestContext } from '../platform/index.ts';
import { createSystemContext } from './context.ts';
import { createParts, type Parts } from './parts.ts';

/** Opens the parts for one command, does its work as the system, and closes them whatever happens. */
export async function withCommandParts<T>(
  config: Config,
  connections: number,
  work: (ctx: RequestContext, parts: Parts) => Promise<T>,
): Promise<T> {
  const parts = await createParts({ ...config, CASEMATE_DATABASE_POOL: connections }, 'server');
  try {
    return await work(createSystemContext(parts), parts);
  } finally {
    parts.identity.hasher.stop();
    await parts.platform.db.close();
  }
}

/**
 * What the installer hands over on standard input, as JSON.
 * @throws AppError invalid_input that names the first field which does not fit
 */
export function readWish<S extends z.ZodType>(schema: S, input: string): z.output<S> {
  const read = schema.safeParse(JSON.parse(input));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new AppError('invalid_input', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}
