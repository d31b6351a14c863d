import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { findFormat } from '../media-types.ts';
import { ParseError } from '../parse-error.ts';
import { DEFAULT_PARSE_LIMITS, type ParseLimits } from '../parse-limits.ts';
import type { ParsedDocument } from '../parsed-document.ts';
import { childAnswer } from '../parsed-document-schema.ts';
import { childCommand, findProgram, type ChildProgram } from './child-command.ts';
import { probeHost, type HostWrappers } from './probe-host.ts';
import { runChild, type ChildEnd } from './run-child.ts';

export interface ParseRequest {
  /** The document on disk; the child gets it opened for reading, never its path. */
  path: string;
  /** Its contents where the file is encrypted: they go through a pipe then, and not over the disk. */
  contents?: Buffer;
  /** As `detectType` found it. */
  mediaType: string;
  limits?: Partial<ParseLimits>;
  /** Ends the child at once. */
  signal?: AbortSignal;
  /** The built child, when it does not stand beside the built server. */
  childEntry?: string;
  program?: ChildProgram;
  host?: HostWrappers;
}

/** Nothing a document does: the kernel that needs memory, an operator, a shutdown. */
const FOREIGN_SIGNALS: readonly (string | null)[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'];

/**
 * Reads a document in a process of its own, behind every boundary that the host offers.
 *
 * @returns text with its structure and its places on the pages
 * @throws ParseError what is wrong with the document, or which limit it broke
 * @throws Error when somebody else ended the child: the document may be read another time
 * @throws the signal's reason when it was aborted
 */
export async function parseInChild(request: ParseRequest): Promise<ParsedDocument> {
  const limits = { ...DEFAULT_PARSE_LIMITS, ...request.limits };
  const format = findFormat(request.mediaType);
  if (!format) throw new ParseError('unsupported');
  request.signal?.throwIfAborted();
  const { contents } = request;
  await using document = contents ? null : await open(request.path, 'r');
  const size = contents?.length ?? (await document?.stat())?.size ?? 0;
  if (size > limits.fileBytes) throw new ParseError('too_large');
  const command = childCommand(programOf(request), { format, limits }, request.host ?? probeHost());
  // The child leads a group of its own, so that whatever it might start dies with it.
  const child = spawn(command.file, command.args, {
    env: {},
    cwd: '/',
    detached: true,
    stdio: [document?.fd ?? 'pipe', 'pipe', 'pipe'],
  });
  // A child that ends before it has read everything says why itself.
  child.stdin?.on('error', () => undefined).end(contents);
  const end = await runChild(child, limits, request.signal);
  request.signal?.throwIfAborted();
  return readAnswer(end);
}

function programOf({ program, childEntry }: ParseRequest): ChildProgram {
  if (program) return program;
  return childEntry === undefined ? findProgram() : { entry: childEntry, readable: [childEntry] };
}

function readAnswer({ killedFor, exitCode, signal, stdout, stderr }: ChildEnd): ParsedDocument {
  if (killedFor) throw new ParseError(killedFor);
  if (exitCode !== 0) {
    // V8 aborts when its heap is full; the kernel says SIGXCPU or SIGKILL when its limits are.
    const outOfMemory = /heap out of memory|Array buffer allocation failed|bad_alloc/.test(stderr);
    if (signal === 'SIGXCPU') throw new ParseError('timeout');
    if (FOREIGN_SIGNALS.includes(signal) && !outOfMemory)
      throw new Error(`The parser was ended by ${String(signal)} from outside`);
    throw new ParseError(outOfMemory ? 'out_of_memory' : 'broken', undefined, {
      cause: new Error(
        `The parser ended with ${exitCode ?? signal ?? 'nothing'}: ${stderr.slice(0, 2_000)}`,
      ),
    });
  }
  const answer = childAnswer.safeParse(parseJson(stdout));
  if (!answer.success) throw new ParseError('broken', undefined, { cause: answer.error });
  if ('error' in answer.data)
    throw new ParseError(answer.data.error.code, answer.data.error.detail);
  return answer.data.document;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
