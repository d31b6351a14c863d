import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';
import { freePort } from '../src/host/free-port.ts';
import { waitUntil } from '../src/host/wait-until.ts';

const tools = path.join(homedir(), '.cache/casemate/tools');
export const sshd = path.join(tools, 'openssh/usr/sbin/sshd');
export const versitygw = path.join(tools, 'versitygw');
/** OpenSSH's server needs an account of its own, which a namespace gives it; bring-target-servers.sh. */
export const hasSftp = existsSync(sshd) && process.getuid?.() === 0;
export const hasS3 = existsSync(versitygw);

export type Served = { target: string; credentials: string; trust: string; stop: () => void };

/** OpenSSH's own server on loopback, with a key for root, in a mount namespace of its own. */
export async function serveSftp(dir: string): Promise<Served> {
  const at = (name: string) => path.join(dir, name);
  const port = await freePort();
  for (const name of ['host', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)]);
  const passwd = readFileSync('/etc/passwd', 'utf8');
  writeFileSync(at('passwd'), `${passwd}sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin\n`);
  // A locked account may not sign in, not even with a key.
  const shadow = readFileSync('/etc/shadow', 'utf8').replace(/^root:[^:]*:/m, 'root:*:');
  writeFileSync(at('shadow'), shadow, { mode: 0o600 });
  const lines = [
    ...[`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${at('host')}`],
    ...[`AuthorizedKeysFile ${at('user.pub')}`, 'StrictModes no', 'UsePAM no', 'PidFile none'],
    ...['PasswordAuthentication no', 'PermitRootLogin prohibit-password'],
    `Subsystem sftp ${path.join(tools, 'openssh/usr/lib/openssh/sftp-server')}`,
  ];
  writeFileSync(at('sshd.conf'), `${lines.join('\n')}\n`);
  const script = `mount --bind "$1/passwd" /etc/passwd; mount --bind "$1/shadow" /etc/shadow
    mount -t tmpfs tmpfs /run; mkdir -m 755 /run/sshd; exec "$2" -D -e -f "$1/sshd.conf"`;
  const libraries = ['usr/lib', 'lib'].map((lib) =>
    path.join(tools, 'openssh', lib, 'x86_64-linux-gnu'),
  );
  const child = spawn('unshare', ['--mount', 'sh', '-ec', script, 'sh', dir, sshd], {
    stdio: 'ignore',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LD_LIBRARY_PATH: libraries.join(':') },
  });
  await untilListening(port, child);
  const [kind = '', key = ''] = readFileSync(at('host.pub'), 'utf8').split(' ');
  writeFileSync(at('known_hosts'), `[127.0.0.1]:${port} ${kind} ${key}\n`);
  const target = `sftp://root@127.0.0.1:${port}/${at('sftp')}`;
  mkdirSync(at('sftp'));
  return { target, credentials: at('user'), trust: at('known_hosts'), stop: () => child.kill() };
}

/** versitygw over a directory, by HTTPS with a certificate that only the given file makes believable. */
export async function serveS3(dir: string): Promise<Served> {
  const at = (name: string) => path.join(dir, name);
  const port = await freePort();
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-keyout', at('s3.key'), '-out', at('s3.crt')];
  const words = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
  ];
  execFileSync('openssl', [...words, '-days', '2', ...subject, ...files], { stdio: 'ignore' });
  mkdirSync(path.join(at('s3'), 'bucket'), { recursive: true });
  const [id, secret] = ['casemate', 'x'.repeat(24)];
  writeFileSync(
    at('s3.credentials'),
    `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`,
    { mode: 0o600 },
  );
  const flags = ['--port', `127.0.0.1:${port}`, '--cert', at('s3.crt'), '--key', at('s3.key')];
  const child = spawn(versitygw, [...flags, 'posix', at('s3')], {
    stdio: 'ignore',
    env: { PATH: '/usr/bin:/bin', ROOT_ACCESS_KEY: id, ROOT_SECRET_KEY: secret },
  });
  await untilListening(port, child);
  return {
    target: `s3:https://localhost:${port}/bucket/casemate`,
    ...{ credentials: at('s3.credentials'), trust: at('s3.crt'), stop: () => child.kill() },
  };
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  const answers = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
  if (await waitUntil(async () => child.exitCode === null && (await answers()), 15_000, 100))
    return;
  throw new Error('the server of the target did not start');
}
