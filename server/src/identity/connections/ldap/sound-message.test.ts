import { randomInt } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  ber,
  bound,
  done,
  entry,
  extended,
  message,
  text,
} from '../../../../tests/lying-directory.ts';
import { isSoundMessage, lengthOfMessage, readResult } from './sound-message.ts';

const GOOD = [
  bound(2),
  bound(2, 49),
  done(300 & 127),
  extended(1),
  entry(3, 'cn=a,dc=b', { mail: ['a@b.c', 'd@e.f'], objectGUID: Buffer.alloc(16, 0xff), none: [] }),
  message(4, ber(0x73, text('ldap://elsewhere'))),
];

describe('messages of a directory', () => {
  it('takes whole ones, in short and in long lengths', () => {
    for (const each of GOOD) {
      expect(isSoundMessage(each)).toBe(true);
      expect(lengthOfMessage(each)).toBe(each.length);
    }
    expect(readResult(bound(2, 49))).toEqual({ id: 2, tag: 0x61, code: 49 });
    expect(readResult(GOOD[4] ?? Buffer.alloc(0))).toBeNull();
  });

  it.each([
    ['a bind without a result, which the library takes for a good one', message(2, ber(0x61))],
    ['a result of no bytes', message(2, ber(0x61, ber(0x0a), text(''), text('')))],
    ['a result that is no code', message(2, ber(0x61, text('0'), text(''), text('')))],
    ['two messages in one', Buffer.concat([bound(2), bound(3)])],
    ['a message cut short', bound(2).subarray(0, -1)],
    ['a length without bounds', Buffer.from('3080020102610a0a010004000400', 'hex')],
    ['a kind that nobody asked for', message(2, ber(0x6b, text('x')))],
    ['an entry without attributes', message(2, ber(0x64, text('cn=a')))],
    [
      'a value longer than its set',
      message(2, ber(0x64, text('cn=a'), Buffer.from('3009300704016131020405', 'hex'))),
    ],
    ['an attribute that is a text', message(2, ber(0x64, text('cn=a'), ber(0x30, text('mail'))))],
    [
      'something behind the answer',
      message(2, ber(0x65, ber(0x0a, '\0'), text(''), text('')), text('x')),
    ],
  ])('AUT-06: refuses %s', (_what, bytes) => {
    expect(isSoundMessage(bytes)).toBe(false);
  });

  it('AUT-06: of 20,000 broken messages each is judged, and none of another length is sound', () => {
    for (let n = 0; n < 20_000; n += 1) {
      const broken = Buffer.from(GOOD[randomInt(GOOD.length)] ?? []);
      for (let times = randomInt(1, 4); times > 0; times -= 1)
        broken.writeUInt8(randomInt(256), randomInt(broken.length));
      if (isSoundMessage(broken)) expect(lengthOfMessage(broken)).toBe(broken.length);
    }
  });
});
