import { findNote, madeAt, writeNote, type NotedSecret } from '../rotation/notes.ts';
import { withEngine } from './give-database-passwords.ts';
import type { Step } from './step.ts';

const noted: readonly NotedSecret[] = ['seal-key', 'installer-credentials'];

/** The inventory of secrets learns when those outside the key service were made. */
export const noteSecretAges: Step = {
  id: 'note-secret-ages',
  title: 'Note the age of the seal key and the credentials',
  isDone: (context) =>
    withEngine(context, async (operator) => {
      for (const name of noted) if (!(await findNote(operator, name))) return false;
      return true;
    }),
  apply: (context) =>
    withEngine(context, async (operator) => {
      for (const name of noted) await writeNote(operator, name, await madeAt(context.paths, name));
    }),
};
