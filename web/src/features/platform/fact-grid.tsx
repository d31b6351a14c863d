import type { Fact } from './overview-facts.ts';
import classes from './overview-page.module.css';

const words = { good: 'Well', warn: 'Needs attention', bad: 'Bad', unknown: 'Not known' } as const;

/** Facts side by side; the word of each state is there for those who do not see its colour. */
export function FactGrid({ facts }: { facts: Fact[] }) {
  return (
    <ul className={classes.facts} aria-label="State">
      {facts.map(({ name, value, note, tone }) => (
        <li key={name} className={`${classes.fact} ${classes[tone]}`}>
          <span className={classes.name}>{name}</span>
          <strong>{value}</strong>
          <span className={classes.note}>{note}</span>
          <span className={classes.state}>{words[tone]}</span>
        </li>
      ))}
    </ul>
  );
}
