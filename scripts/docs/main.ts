import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import { commands, commonFlags } from '../../installer/src/commands/table.ts';
import { exitCodes } from '../../installer/src/exit-codes.ts';
import { commandPage } from './command-page.ts';

/** Writes docs/command.md; with `--check` says whether it is the page of today's command. */
const file = path.resolve(import.meta.dirname, '../../docs/command.md');
const page = await format(commandPage({ commands, common: commonFlags, exitCodes }), {
  parser: 'markdown',
  printWidth: 100,
  singleQuote: true,
});
if (!process.argv.includes('--check')) writeFileSync(file, page);
else if (readFileSync(file, 'utf8') !== page) {
  console.error('docs/command.md is older than the command: run `node scripts/docs/main.ts`.');
  process.exitCode = 1;
}
