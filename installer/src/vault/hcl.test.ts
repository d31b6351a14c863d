import { describe, expect, it } from '@jest/globals';
import { hclBlock, hclFields, hclValue } from './hcl.ts';

describe('hclValue', () => {
  it('refuses what HCL would interpolate', () => {
    expect(() => hclValue('${env.HOME}')).toThrow('${');
  });

  it('lets no text end its string', () => {
    expect(hclValue('a"\nb = "c')).toBe('"a\\"\\nb = \\"c"');
  });

  it('writes nested values', () => {
    expect(hclValue({ a: [1, true, 'x'], b: { c: 'd' } })).toBe(
      '{ "a" = [1, true, "x"], "b" = { "c" = "d" } }',
    );
  });
});

describe('hclBlock', () => {
  it('labels and indents', () => {
    expect(hclBlock('listener', ['unix'], hclFields({ address: '/run/s' }))).toBe(
      'listener "unix" {\n  address = "/run/s"\n}',
    );
  });
});
