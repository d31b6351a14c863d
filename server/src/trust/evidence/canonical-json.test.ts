import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from './canonical-json.ts';

describe('canonicalJson', () => {
  it.each([undefined, Number.NaN, Number.POSITIVE_INFINITY, () => 1, 1n])(
    'refuses %p, which JSON does not hold',
    (value) => expect(() => canonicalJson({ value })).toThrow('no form in JSON'),
  );
  it('sorts members at every depth and keeps the order of lists', () => {
    expect(canonicalJson({ b: [2, { d: 1, c: null }], a: 'é"\n' })).toBe(
      '{"a":"é\\"\\n","b":[2,{"c":null,"d":1}]}',
    );
  });
  it('reads the same however its members were written', () => {
    expect(canonicalJson({ a: 1, b: true })).toBe(canonicalJson({ b: true, a: 1 }));
  });
});
