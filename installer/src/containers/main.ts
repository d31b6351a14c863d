/**
 * What runs in the containers: `main.ts PART`. A part prepares itself with the code that installs on a
 * host, then runs and ends with what it was told to run. It reads no secret from its environment, only
 * the names of files.
 */
import { messageOf } from '../fault.ts';
import { awaitParts } from './await-parts.ts';
import { keepIssuing } from './issuer.ts';
import { configureOnce } from './configure-once.ts';
import { checkHealth } from './health.ts';
import { makeKubernetesSecrets } from './kubernetes/make-secrets.ts';
import { runOllama } from './ollama.ts';
import { runOpenbao } from './openbao.ts';
import { runPostgresql } from './postgresql.ts';
import { readSettings, type ContainerSettings } from './settings.ts';

type Part = (settings: ContainerSettings, words: readonly string[]) => Promise<void>;

const parts: Readonly<Record<string, Part>> = {
  postgresql: runPostgresql,
  openbao: runOpenbao,
  ollama: runOllama,
  issuer: keepIssuing,
  configure: configureOnce,
  await: awaitParts,
  secrets: makeKubernetesSecrets,
  health: checkHealth,
};

const [name = '', ...words] = process.argv.slice(2);
const part = parts[name];
if (part) {
  try {
    await part(readSettings(process.env), words);
  } catch (error) {
    process.stderr.write(`${name}: ${messageOf(error)}\n`);
    process.exit(1);
  }
} else {
  process.stderr.write(`usage: ${Object.keys(parts).join(' | ')}\n`);
  process.exitCode = 2;
}
