import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

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
