import { readFile } from 'node:fs/promises';
import type { CommandCall } from '../commands/command.ts';
import { Fault } from '../fault.ts';
import { writeFileAtomically } from '../host/write-file.ts';
import { lastWords, runServerCommand, runServerProgram } from './run-server-program.ts';
import type { InstallContext } from './step.ts';

type SelfCheck = {
  ok: boolean;
  question: string;
  answer: string;
  passage: string;
  token: string;
  controlQuestion: string;
  controlAnswer: string;
};

export type FirstAnswer = { selfCheck: SelfCheck; setupLink: string | null; lines: string[] };

/**
 * The proof that the installation works: a document that did not exist before is cited. Null when
 * this build of the server has shown it before.
 */
export async function showFirstAnswer(
  context: InstallContext,
  { reporter, paint }: Pick<CommandCall, 'reporter' | 'paint'>,
): Promise<FirstAnswer | null> {
  const { firstAnswerFile } = context.paths;
  const build = context.settings.server?.checksum ?? '';
  if ((await readFile(firstAnswerFile, 'utf8').catch(() => '')) === build) return null;
  const step = reporter.step('Ask about a document made just now');
  const selfCheck = await runSelfCheck(context).catch((error: unknown) => {
    step.failed();
    throw error;
  });
  step.done();
  const link = await runServerProgram(context, 'server', ['setup-link', '--json']);
  const { url, administrators } = JSON.parse(link) as { url: string; administrators: number };
  await writeFileAtomically(firstAnswerFile, build, { mode: 0o600 });
  const marked = selfCheck.passage.replaceAll(selfCheck.token, paint('bold', selfCheck.token));
  const lines = [
    '',
    entry('Question', selfCheck.question),
    entry('Answer', selfCheck.answer),
    entry('Passage', marked),
    '',
    entry('Question', selfCheck.controlQuestion),
    entry('Answer', selfCheck.controlAnswer),
    '',
  ];
  return { selfCheck, setupLink: administrators === 0 ? url : null, lines };
}

/** Asks about a document made just now, and a question that nothing answers. Throws unless both go right. */
export async function runSelfCheck(
  context: Pick<InstallContext, 'layout' | 'settings'>,
): Promise<SelfCheck> {
  const result = await runServerCommand(context, 'server', ['self-check', '--json']);
  const selfCheck = parseSelfCheck(result.stdout);
  if (selfCheck?.ok) return selfCheck;
  throw new Fault('The sample question was not answered as it must be', {
    why: selfCheck
      ? `To "${selfCheck.question}" it said "${selfCheck.answer}"; to "${selfCheck.controlQuestion}" it said "${selfCheck.controlAnswer}".`
      : lastWords(result.stderr) || `It ended with ${result.code ?? 'a signal'}.`,
    next: 'See `casemate logs server` and `casemate doctor`, then run the command again.',
  });
}

function parseSelfCheck(output: string): SelfCheck | null {
  try {
    return JSON.parse(output) as SelfCheck;
  } catch {
    return null;
  }
}

/** A name in its column and a text, whose further lines stay in theirs. */
function entry(name: string, text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return `  ${name.padEnd(10)}${lines.join(`\n${' '.repeat(12)}`)}`;
}
