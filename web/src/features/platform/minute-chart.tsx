import type { Overview } from '../../lib/api/types.ts';
import { formatNumber, plural } from '../../lib/format.ts';
import classes from './overview-page.module.css';

const WIDTH = 600;
const HEIGHT = 96;

/** One bar a minute, the share of errors in red; the sentence below says the same. */
export function MinuteChart({ minutes }: { minutes: Overview['minutes'] }) {
  const most = Math.max(1, ...minutes.map(({ requests }) => requests));
  const sum = (of: (minute: Overview['minutes'][number]) => number) =>
    minutes.reduce((total, minute) => total + of(minute), 0);
  const requests = sum((minute) => minute.requests);
  const errors = sum((minute) => minute.errors);
  const spent = sum((minute) => minute.requests * minute.meanMs);
  const mean = requests > 0 ? Math.round(spent / requests) : 0;
  const step = WIDTH / 60;
  if (minutes.length === 0)
    return <p className={classes.note}>The first minute is not over yet.</p>;
  return (
    <figure className={classes.figure}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {minutes.map(({ at, requests: count, errors: failed }, index) => {
          const x = WIDTH - (minutes.length - index) * step;
          const height = (count / most) * HEIGHT;
          const bad = (failed / most) * HEIGHT;
          return (
            <g key={at}>
              <rect
                className={classes.bar}
                x={x}
                y={HEIGHT - height}
                width={step - 2}
                height={height}
              />
              <rect
                className={classes.error}
                x={x}
                y={HEIGHT - bad}
                width={step - 2}
                height={bad}
              />
            </g>
          );
        })}
      </svg>
      <figcaption className={classes.note}>
        {plural(requests, { one: '# request', other: '# requests' })} in{' '}
        {plural(minutes.length, { one: '# minute', other: '# minutes' })}, at most{' '}
        {formatNumber(most)} a minute; {plural(errors, { one: '# fault', other: '# faults' })} of
        the server; {formatNumber(mean)} ms in the mean.
      </figcaption>
    </figure>
  );
}
