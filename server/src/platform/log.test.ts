import { PassThrough } from 'node:stream';
import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { createLog, redact } from './log.ts';

function lineOf(message: string, fields: Record<string, unknown>): string {
  const stream = new PassThrough();
  createLog({ level: 'info', fields: { program: 'test' }, stream }).info(message, fields);
  return String(stream.read());
}

describe('the log', () => {
  it('PII-01: masks e-mail addresses and phone numbers wherever they stand', () => {
    const line = lineOf('mail to someone@example.com failed', {
      note: 'call +47 912 34 567',
      deep: { list: ['other.person@sub.example.org'] },
    });
    expect(line).not.toMatch(/@|912/);
    expect(line).toContain('[email]');
    expect(line).toContain('[phone]');
  });

  it('PII-01: redacts values under secret names, tokens, and errors with their causes', () => {
    const error = new Error('refused for x@example.com', { cause: { password: 'hunter2' } });
    const line = lineOf('failed', {
      accessToken: 'abc',
      headers: { Authorization: 'Bearer abc', cookie: 'a=b' },
      text: `eyJhbGciOiJSUzI1NiJ9.${'a'.repeat(20)}.${'b'.repeat(20)}`,
      error,
    });
    for (const secret of ['abc', 'a=b', 'hunter2', 'x@example', 'aaaa'])
      expect(line).not.toContain(secret);
  });

  it('is one line of JSON whatever it is given', () => {
    const entry = JSON.parse(lineOf('two\nlines', { value: 'a\r\nb' })) as { message: string };
    expect(lineOf('two\nlines', {}).trimEnd()).not.toContain('\n');
    expect(entry.message).toBe('two\nlines');
  });

  it('never throws, and lets no e-mail address through', () => {
    fc.assert(
      fc.property(fc.anything(), fc.emailAddress(), (value, email) => {
        const shown = JSON.stringify(redact([value, `x ${email} y`])) ?? '';
        expect(shown).not.toContain(email);
      }),
    );
  });

  it('a string of any length is cut before an expression reads it', () => {
    const read = jest.spyOn(String.prototype, 'replace');
    const longest = (): number =>
      Math.max(...read.mock.contexts.map((subject) => String(subject).length));
    try {
      for (const part of ['a', 'eyJ-', 'a@b.', '+1 ']) {
        const text = part.repeat(1_000_000 / part.length);
        expect(redact(text)).toMatch(/… \(cut\)$/);
        expect(redact({ [text]: [new Error(text)] })).toBeDefined();
      }
      expect(longest()).toBeLessThanOrEqual(2_000);
    } finally {
      read.mockRestore();
    }
  });

  it('PII-01: the cut lets no start of an e-mail address through', () => {
    for (let before = 1_900; before < 2_020; before += 1) {
      const shown = redact(`${'x '.repeat(before / 2)}someone@example.com${' y'.repeat(2_000)}`);
      expect(shown).not.toMatch(/some|@/);
    }
  });

  it('a long list is cut and says so', () => {
    const shown = redact(Array.from({ length: 5_000 }, () => 'x')) as string[];
    expect(shown).toHaveLength(101);
    expect(shown.at(-1)).toBe('… (cut)');
  });
});
