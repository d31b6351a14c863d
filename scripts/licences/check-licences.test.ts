import { describe, expect, it } from '@jest/globals';
import { checkComponents, checkPackages } from './check-licences.ts';
import { isLicenceAllowed } from './licence-allowed.ts';

const nothing = (): undefined => undefined;

describe('checkPackages', () => {
  it('SUP-01: refuses a package under the GPL', () => {
    const packages = { 'node_modules/a': { version: '1.0.0', license: 'GPL-3.0-only' } };
    expect(checkPackages(packages, nothing)).toEqual(['a@1.0.0 is under GPL-3.0-only']);
  });
  it('SUP-01: refuses a package that names no licence', () => {
    expect(checkPackages({ 'node_modules/a': { version: '1.0.0' } }, nothing)).toHaveLength(1);
  });
  it('SUP-01: refuses what only the installed package tells', () => {
    const packages = { 'node_modules/a/node_modules/@b/c': { version: '2.0.0' } };
    expect(checkPackages(packages, () => 'AGPL-3.0')).toEqual(['@b/c@2.0.0 is under AGPL-3.0']);
  });
  it('reads the old ways of naming a licence', () => {
    const choice = [{ type: 'Public Domain' }, { type: 'MIT' }];
    expect(checkPackages({ 'node_modules/a': { license: choice } }, nothing)).toEqual([]);
    const one = { type: 'GPL-2.0' };
    expect(checkPackages({ 'node_modules/a': { license: one } }, nothing)).toHaveLength(1);
  });
  it('judges what is for Linux on x86-64, and no other system', () => {
    const one = (os: string, cpu: string) => ({ version: '1', os: [os], cpu: [cpu] });
    expect(checkPackages({ 'node_modules/a': one('darwin', 'x64') }, nothing)).toEqual([]);
    expect(checkPackages({ 'node_modules/a': one('linux', 'arm64') }, nothing)).toEqual([]);
    expect(checkPackages({ 'node_modules/a': one('linux', 'x64') }, nothing)).toHaveLength(1);
  });
  it('leaves out tools of development, workspaces and links', () => {
    const packages = {
      '': { license: 'none' },
      server: { license: 'none' },
      'node_modules/a': { license: 'GPL-3.0-only', dev: true },
      'node_modules/@casemate/server': { link: true },
    };
    expect(checkPackages(packages, nothing)).toEqual([]);
  });
});

describe('checkComponents', () => {
  it('SUP-01: refuses a component under a licence that is not open', () => {
    expect(checkComponents({ vault: { version: '1.21.4', licence: 'BUSL-1.1' } })).toHaveLength(1);
    expect(checkComponents({ mystery: { version: '1' } })).toHaveLength(1);
    expect(checkComponents({ openbao: { version: '2.7.2', licence: 'MPL-2.0' } })).toEqual([]);
  });
});

describe('isLicenceAllowed', () => {
  it.each([
    '',
    'AGPL-3.0',
    'MIT AND GPL-2.0',
    '(MIT OR GPL-2.0) AND GPL-3.0',
    'MIT GPL-2.0',
    '(MIT',
  ])('refuses %j', (expression) => expect(isLicenceAllowed(expression)).toBe(false));
  it.each(['MIT', '(MIT OR GPL-3.0)', 'MIT AND ISC', '(GPL-2.0 OR (MIT AND Zlib))'])(
    'allows %j',
    (expression) => expect(isLicenceAllowed(expression)).toBe(true),
  );
});
