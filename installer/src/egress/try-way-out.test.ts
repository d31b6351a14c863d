import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const possible =
  process.getuid?.() === 0 &&
  ['ip', 'unshare'].every((name) => spawnSync(name, ['--version']).error === undefined);
const where = possible ? describe : describe.skip;
const canary = path.join(import.meta.dirname, 'canary.ts');

/** How the canary ends in a network of its own that was prepared so. */
function sendIn(prepare: string): number | null {
  const words = ['65534', '65534', '203.0.113.99', '9', 'canary.invalid', '203.0.113.99'];
  const node = ['--disable-warning=ExperimentalWarning', canary, ...words];
  const script = `ip link set lo up && ${prepare} && exec "$@"`;
  const all = ['--net', '--', 'sh', '-c', script, 'sh', process.execPath, ...node];
  return spawnSync('unshare', all, { stdio: 'ignore' }).status;
}

where('the canary', () => {
  it('DEP-07: tells a host that has no way there from one where its try was sent', () => {
    expect(sendIn('true')).toBe(3);
    const route = [
      'ip link add d0 type veth peer name d1',
      'ip addr add 198.51.100.1/24 dev d0',
      'ip link set d0 up',
      'ip link set d1 up',
      'ip route add default via 198.51.100.2',
    ];
    expect(sendIn(route.join(' && '))).toBe(0);
  }, 30_000);
});
