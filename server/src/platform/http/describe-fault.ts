import type { z } from 'zod';

const BECAUSE: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  date: 'a date',
};
const FORMAT: Readonly<Record<string, string>> = {
  uuid: 'must be a UUID',
  email: 'must be an e-mail address',
  url: 'must be a URL',
  datetime: 'must be a time like 2026-11-22T12:00:00Z (ISO 8601)',
  date: 'must be a date like 2026-11-22 (ISO 8601)',
  ipv4: 'must be an IPv4 address',
  ipv6: 'must be an IPv6 address',
  base64: 'must be Base64',
};
const UNIT: Readonly<Record<string, string>> = {
  string: 'characters',
  array: 'entries',
  set: 'entries',
  file: 'bytes',
};

/**
 * What is wrong with a field, in words that follow its name ("body.name: must have …"). A message that
 * the schema gives stands; zod's own, which speak of schemas, do not.
 */
export function describeFault(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return 'is not a field of this request';
  const own = !/^(Invalid|Too (big|small)|Unrecognized|Expected|Required)\b/.test(issue.message);
  if (own) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      if (issue.message.includes('received undefined')) return 'is missing';
      return `must be ${BECAUSE[issue.expected] ?? `of the kind ${issue.expected}`}`;
    case 'invalid_format':
      return FORMAT[issue.format] ?? 'is not written as it must be';
    case 'too_small':
      return bound(issue.origin, 'at least', issue.minimum);
    case 'too_big':
      return bound(issue.origin, 'at most', issue.maximum);
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return 'is none of the forms that this field may have';
    default:
      return 'is not as it must be';
  }
}

function bound(origin: string, word: string, value: number | bigint): string {
  const unit = UNIT[origin];
  return unit ? `must have ${word} ${value} ${unit}` : `must be ${word} ${value}`;
}
