import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LATIN_TWINS } from './look-alikes.ts';
import { parseTenantName } from './policy.ts';

const twinsOf = new Map<string, string[]>();
for (const [twin, latin] of Object.entries(LATIN_TWINS))
  twinsOf.set(latin, (twinsOf.get(latin) ?? []).concat(twin));
const latin = fc
  .string({
    unit: fc.constantFrom(...Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIKLMNOPSTXYZ ')),
    minLength: 1,
    maxLength: 60,
  })
  .map((name) => name.replace(/ +/g, ' ').trim())
  .filter((name) => name.length > 0);
const at = (name: string, place: number): number => place % name.length;
/** Takes no place on the screen, or turns the text around. */
const unseen = [
  ...['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u034f', '\u180e', '\u115f'],
  ...['\u3164', '\uffa0', '\u2800', '\ufe0f', '\u{e0061}', '\u202a', '\u202b', '\u202d', '\u202e'],
  ...['\u2066', '\u2067', '\u2068', '\u2069', '\u200e', '\u200f', '\u061c', '\u2028', '\u0000'],
];

describe('the name of a tenant', () => {
  it('INP-01: is refused with any letter that looks like the one of an honest name', () => {
    fc.assert(
      fc.property(latin, fc.nat(), fc.nat(), (name, place, which) => {
        const twins = twinsOf.get(name.charAt(at(name, place))) ?? [];
        fc.pre(twins.length > 0);
        const forged =
          name.slice(0, at(name, place)) +
          (twins[which % twins.length] ?? '') +
          name.slice(at(name, place) + 1);
        expect(() => parseTenantName(forged)).toThrow('The name');
        expect(parseTenantName(name)).toBe(name);
      }),
      { numRuns: 500 },
    );
  });

  it('INP-01: is refused when it is written in look-alikes from end to end', () => {
    fc.assert(
      fc.property(latin, fc.nat(), (name, which) => {
        const forged = Array.from(name)
          .map((sign) => {
            const twins = twinsOf.get(sign) ?? [sign];
            return twins[which % twins.length] ?? sign;
          })
          .join('');
        fc.pre(forged !== name);
        expect(() => parseTenantName(forged)).toThrow('The name');
      }),
      { numRuns: 500 },
    );
  });

  it('INP-01: is refused with what nobody sees, or what turns its direction, at any place', () => {
    fc.assert(
      fc.property(latin, fc.nat(), fc.constantFrom(...unseen), (name, place, sign) => {
        const cut = place % (name.length + 1);
        const forged = `${name.slice(0, cut)}${sign}${name.slice(cut)}`;
        // At its ends some of them are blanks, and go.
        const read = (): string => parseTenantName(forged);
        if (forged.trim() === name) expect([name]).toContain(read());
        else expect(read).toThrow('The name');
      }),
      { numRuns: 500 },
    );
  });

  it('INP-01: is the same name in every form of the same letters', () => {
    fc.assert(
      fc.property(latin, (name) => {
        const wide = Array.from(name)
          .map((sign) =>
            sign === ' ' ? '\u3000' : String.fromCodePoint(sign.charCodeAt(0) + 0xfee0),
          )
          .join('');
        expect(parseTenantName(wide)).toBe(name);
        expect(parseTenantName(name.normalize('NFD'))).toBe(name);
      }),
    );
  });

  it.each([
    'p\u0430ypal',
    '\u0440\u0430\u0443\u0440\u0430\u04cf',
    '\u041c\u0415\u0422\u0420\u041e',
    '\u03bf\u03c1\u03b1',
    'ɡoogle',
    '\u13aa\u13b6',
  ])('INP-01: %j is refused', (name) => expect(() => parseTenantName(name)).toThrow('The name'));

  it.each([
    ...['Harbour Office', 'Müller & Söhne GmbH', 'Kırklareli Şube', 'Łódź 2', 'Ångström — Team 3'],
    ...[
      'Москва',
      'ООО Ромашка',
      'Αθήνα',
      'Ελλάδα 2',
      'Երևան',
      'საქართველო',
      'תל אביב',
      'القاهرة ABC',
    ],
    ...[
      '日本 支社 Tokyo',
      '서울 Office',
      '台北ㄊㄞ',
      'भारत',
      'กรุงเทพ',
      '🏰 Keep',
      '42',
      'O’Neil "x"; drop',
    ],
  ])('INP-01: %j is an honest name', (name) => {
    expect(parseTenantName(name)).toBe(name.normalize('NFKC'));
  });
});
