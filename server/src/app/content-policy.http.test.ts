import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { startServer, type TestServer } from '../../tests/test-server.ts';
import { bareHeaders } from '../platform/index.ts';

describe('the content policy', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  const policyOf = async (path: string): Promise<Map<string, string>> => {
    const { headers } = await server.ask('GET', path);
    return directivesOf(String(headers['content-security-policy']));
  };
  const directivesOf = (policy: string): Map<string, string> =>
    new Map(
      policy.split(';').map((part) => {
        const [name = '', ...values] = part.trim().split(' ');
        return [name, values.join(' ')];
      }),
    );

  beforeAll(async () => {
    appliance = await startAppliance({ CASEMATE_ANONYMOUS_PER_MINUTE: 1000 });
    server = await startServer(appliance.config);
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });

  it('HDR-02: the dashboard may connect to its own origin alone, on every page', async () => {
    for (const path of ['/', '/sign-in', '/t/none/documents', '/platform/trust']) {
      const policy = await policyOf(path);
      expect([path, policy.get('connect-src')]).toEqual([path, "'self'"]);
      expect(policy.get('default-src')).toBe("'none'");
      // Nothing else names another origin either: data: of pictures is no origin.
      expect([...policy.values()].join(' ')).not.toMatch(/https?:|wss?:|\*/);
    }
  });

  it('HDR-02: what is no page of it has a policy of its own, which lets nothing connect', () => {
    const policy = directivesOf(bareHeaders['Content-Security-Policy'] ?? '');
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.has('connect-src')).toBe(false);
  });
});
