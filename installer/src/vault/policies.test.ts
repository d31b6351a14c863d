import { describe, expect, it } from '@jest/globals';
import { policies } from './policies.ts';

describe('policies', () => {
  it('give no role everything, and nobody but the operator the word sudo', () => {
    for (const [role, text] of Object.entries(policies)) {
      expect(text).not.toMatch(
        /path "\*"|path "sys\/\*"|path "\+\/(?!transit\/|sys\/mounts\/transit")/,
      );
      const privileged = text.split('\n').filter((line) => line.includes('sudo'));
      // A tenant can be removed while its own seal is closed: its keys go, and nothing is read.
      if (role === 'provisioner')
        expect(privileged).toEqual([
          'path "sys/namespaces/+/delete-sealed" { capabilities = ["delete", "sudo"] }',
        ]);
      else if (role !== 'operator') expect(privileged).toEqual([]);
    }
  });

  it('ENC-11: let the server open and seal namespaces, and the provisioner only make and remove them', () => {
    const of = (role: 'server' | 'provisioner' | 'operator' | 'migrator'): string[] =>
      policies[role].split('\n').filter((line) => line.includes('sys/namespaces'));
    expect(of('server')).toEqual([
      'path "sys/namespaces/+/seal-status" { capabilities = ["read"] }',
      'path "sys/namespaces/+/unseal" { capabilities = ["update"] }',
      'path "sys/namespaces/+/seal" { capabilities = ["update"] }',
    ]);
    expect(of('provisioner').join()).not.toMatch(/unseal|\/seal"/);
    expect([...of('operator'), ...of('migrator')]).toEqual([]);
  });

  it('let the server only use keys: it creates and deletes none', () => {
    const lines = policies.server.split('\n').filter((line) => line.includes('transit/'));
    for (const line of lines) expect(line).toMatch(/\["(update|read|deny)"\]/);
  });

  it('ENC-04: let the provisioner make keys that can be neither exported nor backed up in the clear', () => {
    const lines = policies.provisioner
      .split('\n')
      .filter((line) => /"(\+\/)?transit\/keys\/(tenant-\*|\+)/.test(line));
    // One in the platform's namespace; making, rotation and settings in those of sealed tenants.
    expect(lines).toHaveLength(4);
    for (const line of lines.filter((one) => !one.includes('/rotate"'))) {
      expect(line).toContain('allowed_parameters');
      expect(line).not.toMatch(/exportable|plaintext_backup/);
    }
  });

  it('ENC-07: let nobody both wrap and open a data key', () => {
    for (const space of ['', '+/']) {
      const may = (role: 'server' | 'provisioner', operation: string): boolean =>
        policies[role].includes(`path "${space}transit/${operation}`);
      expect([may('server', 'decrypt'), may('provisioner', 'decrypt')]).toEqual([true, false]);
      for (const operation of ['encrypt', 'datakey', 'rewrap'])
        expect(may('server', operation)).toBe(false);
    }
    expect(policies.provisioner).not.toContain('datakey/plaintext');
  });

  it('let the issuer hand out secret-ids wrapped only', () => {
    const lines = policies.issuer.split('\n').filter((line) => line.includes('secret-id'));
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toContain('min_wrapping_ttl = "1s"');
  });
});
