import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { LiveCheck } from '../platform/index.ts';

const REFUSED = 78;
const TIMEOUT_MS = 20_000;

/** What a production start must refuse, each with the name that it must give. */
const WRONG: readonly (readonly [what: string, name: string, env: Record<string, string>])[] = [
  ['no setting at all', 'CASEMATE_HTTPS_PORT', {}],
  [
    'a secret in the environment',
    'CASEMATE_DATABASE_PASSWORD',
    { CASEMATE_DATABASE_PASSWORD: 'x' },
  ],
  [
    'a development key in production',
    'CASEMATE_DEVELOPMENT_KEYS_DIR',
    { ...minimal(), CASEMATE_DEVELOPMENT_KEYS_DIR: '/nonexistent' },
  ],
  ['a misspelt setting', 'CASEMATE_HTPS_PORT', { ...minimal(), CASEMATE_HTPS_PORT: '1' }],
  ['a weak host name', 'CASEMATE_HOST_NAME', { ...minimal(), CASEMATE_HOST_NAME: '*' }],
];

/** SEC-02: starts this very program with wrong settings; it must end at once and name the fault. */
export const configurationCheck: LiveCheck = {
  control: 'SEC-02',
  examines: 'What the installed program does when it is started with wrong settings.',
  run: async () => {
    const faults: string[] = [];
    for (const [what, name, env] of WRONG) {
      const { code, text } = await start(env);
      if (code !== REFUSED) faults.push(`${what}: it ended with ${code ?? 'a signal'}`);
      else if (!text.includes(name)) faults.push(`${what}: ${name} was not named`);
    }
    if (faults.length > 0) return { status: 'fail', evidence: `${faults.join('; ')}.` };
    const list = WRONG.map(([what]) => what).join(', ');
    return { status: 'pass', evidence: `The program refuses to start with ${list}.` };
  },
};

function minimal(): Record<string, string> {
  return {
    CASEMATE_MODE: 'production',
    CASEMATE_HOST_NAME: 'casemate.invalid',
    CASEMATE_BIND_ADDRESS: '127.0.0.1',
    CASEMATE_HTTPS_PORT: '1',
    CASEMATE_HTTP_PORT: '0',
    CASEMATE_TLS_CERT_FILE: '/nonexistent',
    CASEMATE_TLS_KEY_FILE: '/nonexistent',
    CASEMATE_DATA_DIR: '/nonexistent',
    CASEMATE_WEB_DIR: '/nonexistent',
    CASEMATE_DATABASE_HOST: '/nonexistent',
    CASEMATE_VAULT_SOCKET: '/nonexistent',
    CASEMATE_VAULT_ROLE_ID_FILE: '/nonexistent',
    CASEMATE_VAULT_WRAPPED_SECRET_ID_FILE: '/nonexistent',
    CASEMATE_VAULT_REQUEST_FILE: '/nonexistent',
    CASEMATE_OLLAMA_URL: 'http://127.0.0.1:1',
  };
}

/** The program that runs here: the bundle, or the sources of a checkout. */
function programFile(): string {
  const name = import.meta.filename.endsWith('.ts') ? '../main.ts' : 'main.js';
  return join(import.meta.dirname, name);
}

function start(env: Record<string, string>): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [programFile(), 'serve'], {
      env,
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: TIMEOUT_MS,
    });
    let text = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, text }));
  });
}
