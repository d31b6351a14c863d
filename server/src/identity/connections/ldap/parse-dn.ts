/** One step of a name, from the entry upwards: type in lower case, the value as it is meant. */
export type Rdn = { type: string; value: string };

const TYPE = /^(?:[a-z][a-z0-9-]*|\d+(?:\.\d+)*)$/i;
const MOST = 1_000;

/**
 * A distinguished name as text (RFC 4514) taken apart; null for what is none. Of a step with several pairs
 * (`cn=a+uid=b`) all stand in one, as text.
 */
export function parseDn(dn: string): Rdn[] | null {
  if (dn.length > MOST || dn.trim() === '') return null;
  const steps = splitAt(dn, ',');
  if (!steps) return null;
  const rdns = steps.map(parseRdn);
  return rdns.every((one) => one !== null) ? rdns : null;
}

/** Whether an entry stands below another one, or is it; the case of letters counts for nothing. */
export function isBelow(dn: string, base: string): boolean {
  const [inner, outer] = [parseDn(dn), parseDn(base)];
  if (!inner || !outer || inner.length < outer.length) return false;
  const tail = inner.slice(inner.length - outer.length);
  return tail.every((one, at) => canonical(one) === canonical(outer[at]));
}

function canonical(rdn: Rdn | undefined): string {
  return rdn ? `${rdn.type}=${rdn.value.toLowerCase().replace(/\s+/g, ' ')}` : '';
}

function parseRdn(text: string): Rdn | null {
  const pairs = splitAt(text, '+');
  if (!pairs) return null;
  const [first, ...others] = pairs.map(parsePair);
  if (!first || others.some((one) => !one)) return null;
  if (others.length === 0) return first;
  const all = [first, ...others].map((one) => canonical(one ?? undefined)).toSorted();
  return { type: first.type, value: all.join('+') };
}

function parsePair(text: string): Rdn | null {
  const at = text.indexOf('=');
  if (at < 1) return null;
  const type = text.slice(0, at).trim().toLowerCase();
  const value = unescape(trimmed(text.slice(at + 1)));
  return TYPE.test(type) && value !== null ? { type, value } : null;
}

/** Spaces around a value are none of it; one behind a backslash is. */
function trimmed(text: string): string {
  const start = text.trimStart();
  const end = start.trimEnd();
  return /(?:^|[^\\])(?:\\\\)*\\$/.test(end) && end.length < start.length ? `${end} ` : end;
}

/** Null where it ends in the middle, or holds what must be escaped. */
function unescape(text: string): string | null {
  const bytes: Buffer[] = [];
  for (let at = 0; at < text.length;) {
    const char = text.charAt(at);
    if (char === '\\') {
      const hex = /^[0-9a-f]{2}/i.exec(text.slice(at + 1))?.[0];
      const next = text.charAt(at + 1);
      if (!hex && !/^[ "#+,;<=>\\]$/.test(next)) return null;
      bytes.push(hex ? Buffer.from(hex, 'hex') : Buffer.from(next));
      at += hex ? 3 : 2;
    } else {
      if ('"+,;<>\0'.includes(char)) return null;
      const whole = String.fromCodePoint(text.codePointAt(at) ?? 0);
      bytes.push(Buffer.from(whole));
      at += whole.length;
    }
  }
  try {
    const value = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(bytes));
    return /[\p{Cc}]/u.test(value) ? null : value;
  } catch {
    return null;
  }
}

/** At a separator that is not escaped; null where the text ends in a backslash. */
function splitAt(text: string, separator: string): string[] | null {
  const parts: string[] = [];
  let part = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\') {
      at += 1;
      if (at === text.length) return null;
      part += char + text.charAt(at);
    } else if (char === separator) {
      parts.push(part);
      part = '';
    } else part += char;
  }
  return [...parts, part];
}
