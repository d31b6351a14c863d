import type { Passage } from '../lib/api/types.ts';
import { PageSketch } from './page-sketch.tsx';
import classes from './passage-view.module.css';

/** A stored passage: where it stands, its words, and the words around it. */
export function PassageView({ passage }: { passage: Passage }) {
  const trail =
    passage.page === null ? passage.headings : [...passage.headings, `Page ${passage.page}`];
  const pages = [...new Set(passage.boxes.map((box) => box.page))];
  return (
    <article>
      {trail.length > 0 && (
        <ol className={classes.trail} aria-label="Where this stands in the document">
          {trail.map((part, index) => (
            <li key={index}>{part}</li>
          ))}
        </ol>
      )}
      <div className={classes.text}>
        {passage.before && <p className={classes.near}>{passage.before}</p>}
        <p className={classes.passage} data-testid="passage">
          {passage.text}
        </p>
        {passage.after && <p className={classes.near}>{passage.after}</p>}
      </div>
      {pages.map((page) => (
        <PageSketch key={page} page={page} boxes={passage.boxes} />
      ))}
    </article>
  );
}
