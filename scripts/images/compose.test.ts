import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { findTool } from '../chart/helm.ts';

type Service = {
  image: string;
  user?: string;
  network_mode?: string;
  networks?: string[];
  ports?: string[];
  read_only?: boolean;
  privileged?: boolean;
  cap_add?: string[];
  cap_drop?: string[];
  security_opt?: string[];
  mem_limit?: string;
  cpus?: unknown;
  pids_limit?: number;
  environment?: Record<string, string>;
  volumes?: string[];
};
type Compose = {
  services: Record<string, Service>;
  networks: Record<string, { driver_opts: Record<string, string> }>;
  secrets: Record<string, { file: string }>;
};

const file = path.resolve(import.meta.dirname, '../../compose/compose.yaml');
const { services, networks, secrets } = parse(readFileSync(file, 'utf8'), {
  merge: true,
}) as Compose;
const each = Object.entries(services);

describe('the containers of one host', () => {
  it.each(each)('DEP-01: %s holds no privilege and stays within its limits', (_name, service) => {
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.cap_add).toBeUndefined();
    expect(service.privileged).toBeUndefined();
    expect(service.security_opt).toContain('no-new-privileges:true');
    for (const limit of [service.mem_limit, service.cpus, service.pids_limit])
      expect(limit).toBeDefined();
    if (service.user) expect(service.user).toMatch(/^1000\d:1000\d$/);
    // By the digest that the builder wrote, and never by a name that can be moved.
    expect(service.image).toMatch(/^\$\{CASEMATE_[A-Z]+_IMAGE:\?/);
    for (const volume of service.volumes ?? []) expect(volume).toMatch(/^[a-z-]+:\//);
  });

  it('NET-02: only the server has a network, and that one leads nowhere', () => {
    const reachable = each.filter(([, { network_mode }]) => network_mode !== 'none');
    expect(reachable.map(([name]) => name)).toEqual(['server']);
    expect(services['server']?.networks).toEqual(['edge']);
    expect(networks['edge']?.driver_opts['com.docker.network.bridge.enable_ip_masquerade']).toBe(
      'false',
    );
    expect(each.filter(([, { ports }]) => ports).map(([name]) => name)).toEqual(['server']);
  });

  it('SEC-01: secrets are files, and no environment holds one', () => {
    for (const { file } of Object.values(secrets)) expect(file).toMatch(/^\.\/secrets\//);
    for (const [, { environment = {} }] of each)
      for (const name of Object.keys(environment))
        expect(name).not.toMatch(/(PASSWORD|SECRET|TOKEN|KEY)$/);
  });
});

type Resolved = {
  services: Record<
    string,
    Service & { deploy?: { resources: { reservations?: { devices: unknown[] } } } }
  >;
};

const compose = findTool('docker-compose');

/** What the engine would be told: needs no engine. */
function resolve(profiles: string, more: Record<string, string> = {}): Resolved {
  const digest = `sha256:${'a'.repeat(64)}`;
  const images = ['SERVER', 'POSTGRESQL', 'OPENBAO', 'OLLAMA'].map((name) => [
    `CASEMATE_${name}_IMAGE`,
    `casemate@${digest}`,
  ]);
  const env = { ...Object.fromEntries(images), CASEMATE_HOST_NAME: 'localhost', ...more };
  const words = ['-f', file, ...profiles.split(',').flatMap((name) => ['--profile', name])];
  const said = execFileSync(compose ?? '', [...words, 'config', '--format', 'json'], {
    encoding: 'utf8',
    env: env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return JSON.parse(said) as Resolved;
}

if (!compose)
  it.skip('the profiles (untested: no docker-compose; scripts/chart/build-tools.sh builds it)', () => {
    expect(compose).toBeNull();
  });
else
  describe('the profiles of the containers of one host', () => {
    const models = ({ services }: Resolved): string[] =>
      Object.keys(services).filter((name) => name.startsWith('ollama'));

    it('DEP-03: refuses a setting that is no limit, and images that nobody named', () => {
      const wrong = { CASEMATE_MODELS_MEMORY_LIMIT: 'much' };
      expect(() => resolve('cpu,database', wrong)).toThrow('mem_limit');
      expect(() => resolve('cpu,database', { CASEMATE_SERVER_IMAGE: '' })).toThrow(
        'run compose/up',
      );
    });

    it('DEP-01: the one with a graphics card is the model server with all cards, and as bare as without', () => {
      const plain = resolve('cpu,database');
      const cards = resolve('gpu,database');
      expect([models(plain), models(cards)]).toEqual([['ollama'], ['ollama-gpu']]);
      const { deploy, ...service } = cards.services['ollama-gpu'] ?? { image: '' };
      expect(deploy?.resources.reservations?.devices).toEqual([
        { capabilities: ['gpu'], count: -1 },
      ]);
      const { deploy: none, ...other } = plain.services['ollama'] ?? { image: '' };
      expect(none?.resources.reservations?.devices).toBeUndefined();
      expect({ ...service, profiles: [] }).toEqual({ ...other, profiles: [] });
    });

    it('starts no database where the site has its own', () => {
      expect(Object.keys(resolve('cpu').services)).not.toContain('postgresql');
      expect(Object.keys(resolve('cpu,database').services)).toContain('postgresql');
    });
  });
