import type { Found } from './open-directory.ts';

/** The texts of an attribute; what is no UTF-8 is none. */
export function textsOf({ attributes }: Found, name: string): string[] {
  const values = attributes.get(name.toLowerCase()) ?? [];
  return values.filter((one): one is string => typeof one === 'string' && one !== '');
}

export function textOf(found: Found, name: string): string | null {
  return textsOf(found, name)[0] ?? null;
}

/** A whole number as text, of at most 19 digits; null for anything else. */
export function numberOf(found: Found, name: string): bigint | null {
  const text = textOf(found, name);
  return text !== null && /^-?\d{1,19}$/.test(text) ? BigInt(text) : null;
}
