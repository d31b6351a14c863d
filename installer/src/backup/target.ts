import path from 'node:path';
import { Fault } from '../fault.ts';

/** Where the three repositories lie. `place` is as restic writes it, without the repository's name. */
export type Target =
  | { kind: 'directory'; place: string }
  | { kind: 's3'; place: string }
  | { kind: 'sftp'; place: string; login: string; port: string | null };

/** What opens the target: each a file, since an argument or a variable would be seen. */
export type TargetFiles = {
  /** S3: as the AWS tools write it, [default] with two lines. SFTP: a private key of OpenSSH. */
  credentials?: string | undefined;
  /** SFTP: known_hosts, without which no host is believed. S3: the authority of its certificate. */
  trust?: string | undefined;
};

/**
 * `/a/directory`, `s3:https://host[:port]/bucket[/prefix]` or `sftp://login@host[:port]//path`. Throws a
 * usage Fault for anything else; a password inside an address is refused.
 */
export function parseTarget(text: string): Target {
  if (path.isAbsolute(text)) return { kind: 'directory', place: path.resolve(text) };
  const url = URL.parse(text.replace(/^s3:/, ''));
  if (url && (url.password !== '' || (text.startsWith('s3:') && url.username !== '')))
    throw unfit(text, 'A password must not stand in it; give --credentials FILE.');
  if (text.startsWith('s3:')) {
    const local = url && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
    if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && local)))
      throw unfit(text, 'S3 is reached by HTTPS: s3:https://host/bucket.');
    if (url.pathname.length < 2) throw unfit(text, 'It names no bucket.');
    return { kind: 's3', place: `s3:${url.href.replace(/\/+$/, '')}` };
  }
  if (url?.protocol === 'sftp:' && url.username !== '' && /^[\w.-]+$/.test(url.username))
    return {
      kind: 'sftp',
      place: `sftp:${url.username}@${url.hostname}:${url.pathname.replace(/^\/\//, '/')}`,
      login: `${url.username}@${url.hostname}`,
      port: url.port || null,
    };
  throw unfit(text, 'It is no absolute path, and no address of S3 or SFTP.');
}

function unfit(text: string, why: string): Fault {
  const shown = text.replace(/\/\/[^/@]*@/, '//…@');
  return new Fault(`Backups can't go to "${shown}"`, {
    why,
    next: 'Give /a/directory, s3:https://host/bucket/prefix or sftp://login@host/path.',
    code: 'usage',
  });
}

/** Options of restic and its environment for a target. Pure. */
export function targetAccess(
  target: Target,
  { credentials, trust }: TargetFiles,
): { options: string[]; env: Record<string, string> } {
  if (target.kind === 'directory') return { options: [], env: {} };
  if (target.kind === 's3')
    return {
      options: [...(trust ? ['--cacert', listItem(trust)] : []), '-o', 's3.bucket-lookup=auto'],
      env: credentials ? { AWS_SHARED_CREDENTIALS_FILE: credentials } : {},
    };
  const words = [
    ...['ssh', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes'],
    ...(trust ? ['-o', `'UserKnownHostsFile="${sshPath(trust)}"'`] : []),
    ...(credentials ? ['-i', `'${sshPath(credentials)}'`, '-o', 'IdentitiesOnly=yes'] : []),
    ...(target.port ? ['-p', target.port] : []),
    ...['-o', 'ServerAliveInterval=15', target.login, '-s', 'sftp'],
  ];
  return { options: ['-o', listItem(`sftp.command=${words.join(' ')}`)], env: {} };
}

/** restic reads these flags as lists, in CSV: a comma in a path would end an item. */
function listItem(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** Between quotation marks for restic, which splits the command, and for ssh, to which %h is a name. */
function sshPath(file: string): string {
  if (/['"\\\n]/.test(file))
    throw new Fault(`ssh can't be told of ${file}`, {
      why: 'Its path holds a quotation mark, a backslash or the end of a line.',
      next: 'Copy the file to another path, and give that one.',
      code: 'usage',
    });
  return file.replaceAll('%', '%%');
}
