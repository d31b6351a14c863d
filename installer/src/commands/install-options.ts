import path from 'node:path';
import { ownBundle } from '../bundle/verify-for-install.ts';
import { defaultCacheDir } from '../components/index.ts';
import { Fault } from '../fault.ts';
import { parseLimits } from '../instance/limit-settings.ts';
import { parseStatement } from '../preflight/parse-statement.ts';
import type { InstallOptions } from '../steps/step.ts';
import { reportFolder } from '../trust/report-folder.ts';
import type { CommandCall, Flag } from './command.ts';

/** What `install` and `backup restore` ask of an instance. */
export const installFlags: Readonly<Record<string, Flag>> = {
  'host-name': { type: 'string', value: 'NAME', help: 'how people will reach it' },
  bind: { type: 'string', value: 'ADDRESS', help: 'listen on this address (default: 0.0.0.0)' },
  'https-port': { type: 'string', value: 'PORT', help: 'default: 443 as root, else 8443' },
  'http-port': {
    type: 'string',
    value: 'PORT',
    help: 'redirects to HTTPS; 0: none (default: 80 or 8080)',
  },
  'ollama-port': { type: 'string', value: 'PORT', help: 'on loopback (default: a free one)' },
  'cors-origins': {
    type: 'string',
    mayBeEmpty: true,
    value: 'LIST',
    help: 'origins whose pages may call the API: https://a.example,https://b.example; none: ""',
  },
  'trusted-proxies': {
    type: 'string',
    mayBeEmpty: true,
    value: 'LIST',
    help: 'proxies whose X-Forwarded-For is believed: 10.0.0.5,10.1.0.0/24; none: ""',
  },
  limits: {
    type: 'string',
    mayBeEmpty: true,
    value: 'LIST',
    help: 'limits of the server: "ANONYMOUS_PER_MINUTE=120; ACCOUNT_PER_MINUTE=3000"; defaults: ""',
  },
  'cache-dir': {
    type: 'string',
    value: 'DIR',
    help: 'where components are kept between installations',
  },
  bundle: {
    type: 'string',
    value: 'DIR',
    help: 'an unpacked bundle, for a host without internet; it is verified first',
  },
  signer: {
    type: 'string',
    value: 'FINGERPRINT',
    help: 'of the release key that signed the bundle, as it was announced',
  },
  'storage-encryption': {
    type: 'string',
    value: 'confirmed|without',
    help: 'what this host cannot show of the storage below it',
  },
  'skip-preflight': {
    type: 'boolean',
    help: 'go on although preflight finds faults (its own risk)',
  },
};

export function installOptions(call: CommandCall): InstallOptions {
  const text = (name: string) => {
    const value = call.flags[name];
    return typeof value === 'string' ? value : undefined;
  };
  const port = (name: string) => {
    const value = text(name);
    if (value === undefined) return undefined;
    if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
    throw new Fault(`--${name} needs a port number, not "${value}"`, { code: 'usage' });
  };
  const statement = parseStatement(text('storage-encryption'));
  const cacheDir = text('cache-dir');
  const bundle = text('bundle');
  const checkoutDir = path.resolve(import.meta.dirname, '../../..');
  return {
    cacheDir: cacheDir ? path.resolve(cacheDir) : defaultCacheDir(call.env),
    bundleDir: bundle ? path.resolve(bundle) : ownBundle(checkoutDir),
    checkoutDir,
    reportDir: reportFolder(checkoutDir, call.env),
    hostName: text('host-name')?.toLowerCase(),
    bindAddress: text('bind'),
    httpsPort: port('https-port'),
    httpPort: port('http-port'),
    ollamaPort: port('ollama-port'),
    corsOrigins: text('cors-origins'),
    trustedProxies: text('trusted-proxies'),
    limits: checkedLimits(text('limits')),
    storageEncryption: statement === 'unstated' ? undefined : statement,
  };
}

function checkedLimits(given: string | undefined): string | undefined {
  if (given !== undefined) parseLimits(given);
  return given;
}
