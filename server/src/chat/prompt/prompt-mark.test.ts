import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { TokenPepper } from '../../platform/index.ts';
import { buildPrompt } from './build-prompt.ts';
import { promptMark } from './prompt-mark.ts';

const pepperOf = (key: string): TokenPepper => ({
  mac: (purpose, text) => createHmac('sha256', key).update(`${purpose}|${text}`).digest(),
});
const [one, other] = [
  '0192f0c1-0000-7000-8000-000000000001',
  '0192f0c1-0000-7000-8000-000000000002',
];

describe('the mark of a tenant’s prompts', () => {
  it('ISO-12: no two tenants’ prompts begin alike, not even for the same question', () => {
    const systemOf = (tenantId: string): string => {
      const mark = promptMark(pepperOf('key'), tenantId);
      const [system] = buildPrompt({ question: 'q', hits: [], history: [], mark }).messages;
      return system?.content ?? '';
    };
    const [a, b] = [systemOf(one), systemOf(other)];
    const same = [...a].findIndex((character, at) => character !== b[at]);
    // The words before the mark, and by chance a few characters of it.
    expect(same).toBeGreaterThanOrEqual(0);
    expect(same).toBeLessThan('Context id: '.length + 6);
    // Its twin: within a tenant nothing changes, so the model server computes it once.
    expect(systemOf(one)).toBe(a);
  });

  it('ISO-12: nobody makes it without the key, and it tells nothing of its tenant', () => {
    const mark = promptMark(pepperOf('key'), one);
    expect(mark).toMatch(/^[\w-]{16}$/);
    expect(promptMark(pepperOf('another key'), one)).not.toBe(mark);
    expect(one.replaceAll('-', '')).not.toContain(mark.toLowerCase());
    expect(Buffer.from(mark, 'base64url').toString('hex')).not.toContain(one.slice(0, 8));
  });
});
