import type { CommandCall } from '../commands/command.ts';
import { runServerProgram } from './run-server-program.ts';
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

/** The proof that the installation works: a document that did not exist before is cited. */
export async function showFirstAnswer(
  context: InstallContext,
  { reporter, paint }: Pick<CommandCall, 'reporter' | 'paint'>,
): Promise<FirstAnswer> {
  const step = reporter.step('Ask about a document made just now');
  const output = await runServerProgram(context, 'server', ['self-check', '--json']).catch(
    (error: unknown) => {
      step.failed();
      throw error;
    },
  );
  const selfCheck = JSON.parse(output.trim().split('\n').at(-1) ?? '') as SelfCheck;
  step.done();
  const link = await runServerProgram(context, 'server', ['setup-link', '--json']).catch(
    () => null,
  );
  const setupLink = link === null ? null : (JSON.parse(link) as { url: string }).url;
  const marked = selfCheck.passage.replaceAll(selfCheck.token, paint('bold', selfCheck.token));
  const lines = [
    '',
    `  Question  ${selfCheck.question}`,
    `  Answer    ${selfCheck.answer}`,
    `  Passage   ${marked}`,
    '',
    `  Question  ${selfCheck.controlQuestion}`,
    `  Answer    ${selfCheck.controlAnswer}`,
    '',
  ];
  return { selfCheck, setupLink, lines };
}
