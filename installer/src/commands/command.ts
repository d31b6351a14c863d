import type { ExitName } from '../exit-codes.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import type { Paint } from '../terminal/terminal.ts';
import type { Reporter } from '../terminal/reporter.ts';

export type Flag = {
  type: 'string' | 'boolean';
  /** How the value is called in the help: `DIR`. */
  value?: string;
  short?: string;
  /** An empty value says something: the default again. */
  mayBeEmpty?: true;
  help: string;
};

/** One command of `casemate`: data for the help and the parser, and what it does. */
export type Command = {
  name: string;
  summary: string;
  /** More paragraphs for `casemate NAME --help`. */
  description?: string;
  /** What may follow the name: `[COMPONENT…]`, at most so many words. */
  words?: { value: string; most: number };
  flags: Readonly<Record<string, Flag>>;
  /** For systemd and the supervisor: not listed in the help. */
  internal?: true;
  run: (call: CommandCall) => Promise<ExitName>;
};

export type CommandCall = {
  flags: Readonly<Record<string, string | boolean | undefined>>;
  words: readonly string[];
  json: boolean;
  /** Of the instance that --instance, --data-dir and the pointer file name. */
  layout: InstanceLayout;
  env: NodeJS.ProcessEnv;
  /** The one answer on stdout: the text for a person, the value with --json. */
  answer: (text: string, value: unknown) => void;
  /** Everything else, on stderr. */
  reporter: Reporter;
  paint: Paint;
  /** Asks the person at the terminal; null when there is none. */
  ask: (question: string) => Promise<string | null>;
};

/** A flag's value as a string, if it was given. */
export function textFlag(call: CommandCall, name: string): string | undefined {
  const value = call.flags[name];
  return typeof value === 'string' ? value : undefined;
}
