import { randomInt } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { BerWriter, FilterParser } from 'ldapts';
import { fillFilter, isFilterTemplate } from './fill-filter.ts';

const TEMPLATE = '(&(objectClass=person)(|(mail={email})(uid={user})))';

/** The filter as a directory gets it. */
function sent(template: string, email: string): Buffer {
  const writer = new BerWriter();
  fillFilter(template, email).write(writer);
  return writer.buffer;
}

describe('the filter that finds a person', () => {
  it.each([
    '(mail=*)',
    '(mail=x)',
    'mail={email}',
    '(mail={email}*)',
    '(mail=*{email}*)',
    '({user}=x)',
    '({user}={email})',
    '(mail:={email})(',
    '(mail>={email})',
    '(mail~={email})',
    '(&(mail={email})',
    '(mail={email}))',
    '(mail={login})',
    '(mail={email})(uid={user})',
    '(cn={user}{email})',
  ])('AUT-06: %s is none', (template) => {
    expect(isFilterTemplate(template)).toBe(false);
  });

  it('takes what is one, from OpenLDAP to Active Directory', () => {
    for (const template of [
      '(mail={email})',
      TEMPLATE,
      '(&(objectCategory=person)(sAMAccountName={user})(!(cn=service*)))',
      '(&(uid={user})(memberOf:1.2.840.113556.1.4.1941:=cn=all,dc=example))',
    ])
      expect(isFilterTemplate(template)).toBe(true);
  });

  it('AUT-06: what somebody types stays a value, whatever it holds', () => {
    for (const email of [
      '*@house.example',
      '*)(uid=*@house.example',
      'x)(|(uid=*@house.example',
      '\\2a@house.example',
      'a\0b@house.example',
      '{email}{user}$&@house.example',
      'jürgen@house.example',
    ]) {
      const user = email.slice(0, email.lastIndexOf('@'));
      const text = fillFilter(TEMPLATE, email).toString();
      // As RFC 4515 writes it: read again it is the same filter, and has the same shape as any.
      const again = new BerWriter();
      if (!/[^\x20-\x7e]/.test(email)) {
        FilterParser.parseString(text).write(again);
        expect(again.buffer.equals(sent(TEMPLATE, email))).toBe(true);
      }
      expect(shapeOf(sent(TEMPLATE, email))).toEqual(shapeOf(sent(TEMPLATE, 'a@b.c')));
      expect(sent('(uid={user})', email).includes(Buffer.from(user))).toBe(true);
    }
  });

  it('AUT-06: of 5,000 drawn texts none changes the shape of the filter', () => {
    const marks = [
      '*',
      '(',
      ')',
      '\\',
      '\0',
      '|',
      '&',
      '!',
      '=',
      '{user}',
      'ü',
      '💥',
      'a',
      '2a',
      '$1',
    ];
    const shape = shapeOf(sent(TEMPLATE, 'a@b.c'));
    for (let n = 0; n < 5_000; n += 1) {
      const drawn = Array.from({ length: randomInt(0, 20) }, () => marks[randomInt(marks.length)]);
      const email = `${drawn.join('')}@house.example`;
      const bytes = sent(TEMPLATE, email);
      expect(shapeOf(bytes)).toEqual(shape);
      expect(bytes.includes(Buffer.from(email))).toBe(true);
    }
  });
});

/** The tags of a filter, in their nest. */
function shapeOf(bytes: Buffer): unknown[] {
  const shape: unknown[] = [];
  for (let at = 0; at < bytes.length;) {
    const [tag, first] = [bytes.readUInt8(at), bytes.readUInt8(at + 1)];
    const count = first < 128 ? 0 : first - 128;
    const length = count === 0 ? first : bytes.readUIntBE(at + 2, count);
    const start = at + 2 + count;
    const inner = bytes.subarray(start, start + length);
    shape.push((tag & 0x20) === 0 ? tag : [tag, shapeOf(inner)]);
    at = start + length;
  }
  return shape;
}
