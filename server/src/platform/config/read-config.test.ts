import { describe, expect, it } from '@jest/globals';
import { ConfigError, readConfig } from './read-config.ts';

const good = {
  CASEMATE_MODE: 'production',
  CASEMATE_HOST_NAME: 'casemate.example.com',
  CASEMATE_BIND_ADDRESS: '0.0.0.0',
  CASEMATE_HTTPS_PORT: '443',
  CASEMATE_HTTP_PORT: '80',
  CASEMATE_TLS_CERT_FILE: '/etc/casemate/tls/server.crt',
  CASEMATE_TLS_KEY_FILE: '/etc/casemate/tls/server.key',
  CASEMATE_DATA_DIR: '/var/lib/casemate/server',
  CASEMATE_WEB_DIR: '/opt/casemate/web',
  CASEMATE_DATABASE_HOST: '/run/casemate',
  CASEMATE_VAULT_SOCKET: '/run/casemate/openbao.sock',
  CASEMATE_VAULT_ROLE_ID_FILE: '/etc/casemate/role-id',
  CASEMATE_VAULT_WRAPPED_SECRET_ID_FILE: '/run/casemate/wrapped',
  CASEMATE_VAULT_REQUEST_FILE: '/run/casemate/request',
  CASEMATE_OLLAMA_URL: 'http://127.0.0.1:11434',
};

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

describe('readConfig', () => {
  it('SEC-02: names every missing setting at once', () => {
    const faults = faultsOf({});
    expect(faults).toHaveLength(15);
    expect(faults).toContain('CASEMATE_HTTPS_PORT: is missing');
    expect(faults).toContain('CASEMATE_VAULT_ROLE_ID_FILE: is missing');
  });

  it('SEC-02: refuses a wrong value without showing it', () => {
    const faults = faultsOf({ ...good, CASEMATE_HTTPS_PORT: '44x', CASEMATE_MODE: 'prod' });
    expect(faults).toHaveLength(2);
    expect(faults.join()).not.toMatch(/44x|prod"?$/);
  });

  it('SEC-02: refuses a setting that does not exist, since it may be a misspelt one', () => {
    expect(faultsOf({ ...good, CASEMATE_HTPS_PORT: '1' })).toEqual([
      'CASEMATE_HTPS_PORT: is no setting of this version',
    ]);
  });

  it('SEC-01: refuses a secret in the environment', () => {
    expect(faultsOf({ ...good, CASEMATE_DATABASE_PASSWORD: 'x' })).toEqual([
      'CASEMATE_DATABASE_PASSWORD: a secret must not be passed in the environment; use a file',
    ]);
  });

  it('NET-03: refuses a database on another host without the authority to verify it by', () => {
    const elsewhere = { ...good, CASEMATE_DATABASE_HOST: 'database.example.com' };
    expect(faultsOf(elsewhere)).toEqual([
      'CASEMATE_DATABASE_CA_FILE: is missing, and the database is on another host',
    ]);
    expect(faultsOf({ ...elsewhere, CASEMATE_DATABASE_CA_FILE: '/ca.crt' })).toEqual([]);
  });

  it('refuses half a way to sign in to the key service', () => {
    const { CASEMATE_VAULT_ROLE_ID_FILE: _role, ...rest } = good;
    expect(faultsOf(rest)).toEqual(['CASEMATE_VAULT_ROLE_ID_FILE: is missing']);
    const bound = { ...rest, CASEMATE_VAULT_KUBERNETES_ROLE: 'server' };
    expect(faultsOf(bound)).toEqual(['CASEMATE_VAULT_KUBERNETES_TOKEN_FILE: is missing']);
    const token = { CASEMATE_VAULT_KUBERNETES_TOKEN_FILE: '/run/token' };
    expect(faultsOf({ ...bound, ...token })).toEqual([]);
  });

  it('refuses a configuration without a way to the key service', () => {
    const { CASEMATE_VAULT_SOCKET: _socket, ...rest } = good;
    expect(faultsOf(rest)).toEqual([
      'CASEMATE_VAULT_SOCKET: is missing (or give CASEMATE_VAULT_ADDR)',
    ]);
  });

  it('ENC-08: refuses a development key in production, and takes it elsewhere', () => {
    const { CASEMATE_VAULT_SOCKET: _socket, ...rest } = good;
    const development = { ...rest, CASEMATE_DEVELOPMENT_KEYS_DIR: '/srv/keys' };
    expect(faultsOf(development)).toEqual([
      'CASEMATE_DEVELOPMENT_KEYS_DIR: a development key is insecure and refused in production',
    ]);
    expect(faultsOf({ ...development, CASEMATE_MODE: 'development' })).toEqual([]);
  });

  it('reads numbers, and takes documented defaults', () => {
    const config = readConfig(good);
    expect(config.CASEMATE_HTTPS_PORT).toBe(443);
    expect(config.CASEMATE_DATABASE_PORT).toBe(5432);
  });
});
