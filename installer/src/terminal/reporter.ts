import { formatDuration } from './terminal.ts';
import type { Paint } from './terminal.ts';

export type Progress = { text: string; done?: number; total?: number; unit?: string };

/** Says on stderr what a long command is doing; answers belong to stdout and are not its business. */
export type Reporter = {
  heading: (text: string) => void;
  /** A step begins; call one of the two ends. */
  step: (title: string) => StepReport;
  info: (text: string) => void;
  warn: (text: string) => void;
};

export type StepReport = {
  progress: (progress: Progress) => void;
  done: (note?: string) => void;
  unchanged: () => void;
  failed: () => void;
};

/** On a terminal the current line is rewritten in place; in a log each step is one line. */
export function terminalReporter(stream: NodeJS.WriteStream, paint: Paint): Reporter {
  const live = stream.isTTY;
  const line = (text: string) => void stream.write(`${live ? '\r\u001b[2K' : ''}${text}\n`);
  const replace = (text: string) => {
    if (live) stream.write(`\r\u001b[2K${text.slice(0, stream.columns - 1)}`);
  };
  return {
    heading: (text) => line(`\n${paint('bold', text)}`),
    info: (text) => line(`    ${text}`),
    warn: (text) => line(`  ${paint('yellow', '!')} ${text}`),
    step: (title) => {
      const startedAt = performance.now();
      const took = () => formatDuration(performance.now() - startedAt);
      const end = (sign: string, note: string) => line(`  ${sign} ${title.padEnd(46)} ${note}`);
      const notices = throttle(5000);
      replace(`  … ${title}`);
      return {
        progress: (progress) => {
          replace(`  … ${title}: ${progressText(progress)}`);
          if (!live) notices(() => line(`  … ${title}: ${progressText(progress)}`));
        },
        done: (note) => end(paint('green', '✓'), `${took().padStart(9)}${note ? `  ${note}` : ''}`),
        unchanged: () => end(paint('dim', '='), paint('dim', 'unchanged'.padStart(9))),
        failed: () => end(paint('red', '✗'), took().padStart(9)),
      };
    },
  };
}

export const silentReporter: Reporter = {
  heading: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  step: () => ({
    progress: () => undefined,
    done: () => undefined,
    unchanged: () => undefined,
    failed: () => undefined,
  }),
};

export function progressText({ text, done, total, unit }: Progress): string {
  if (done === undefined) return text;
  if (!total) return `${text} ${done}${unit ? ` ${unit}` : ''}`;
  return `${text} ${Math.floor((100 * done) / total)} %`;
}

function throttle(everyMs: number): (action: () => void) => void {
  let last = performance.now();
  return (action) => {
    if (performance.now() - last < everyMs) return;
    last = performance.now();
    action();
  };
}
