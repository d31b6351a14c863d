import { describe, expect, it } from '@jest/globals';
import { policies } from './policies.ts';

describe('policies', () => {
  it('give no role everything, and nobody but the operator the word sudo', () => {
    for (const [role, text] of Object.entries(policies)) {
      expect(text).not.toMatch(/path "\*"|path "sys\/\*"|path "\+/);
      if (role !== 'operator') expect(text).not.toContain('sudo');
    }
  });

  it('let the server only use keys: it creates and deletes none', () => {
    const lines = policies.server.split('\n').filter((line) => line.includes('transit/'));
    for (const line of lines) expect(line).toMatch(/\["(update|read)"\]/);
  });

  it('let the issuer hand out secret-ids wrapped only', () => {
    const lines = policies.issuer.split('\n').filter((line) => line.includes('secret-id'));
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toContain('min_wrapping_ttl = "1s"');
  });
});
