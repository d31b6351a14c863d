import type { Request } from 'express';
import { AppError } from '../../platform/index.ts';

/** The fields of a form that a provider, or a page of it, posts. Of a field that stands there twice, none. */
export async function readForm(
  request: Request,
  { most, what }: { most: number; what: string },
): Promise<(name: string) => string> {
  if (!request.is('application/x-www-form-urlencoded'))
    throw new AppError('unsupported_type', `Send ${what} as application/x-www-form-urlencoded`);
  let text = '';
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.length <= most) continue;
    // What is left goes nowhere: whoever is cut off in the middle never reads the answer.
    request.resume();
    throw new AppError('too_large', `This is too long for ${what}`);
  }
  const form = new URLSearchParams(text);
  return (name) => {
    const values = form.getAll(name);
    return values.length === 1 ? (values[0] ?? '') : '';
  };
}
