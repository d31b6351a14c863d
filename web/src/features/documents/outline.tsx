import { Link } from 'react-router';
import type { DocumentDetail } from '../../lib/api/types.ts';
import classes from './outline.module.css';

/** The headings of a document; each opens the passage where it begins. */
export function Outline({
  entries,
  current,
}: {
  entries: DocumentDetail['outline'];
  current: string | null;
}) {
  const first = entries.findIndex((entry) => entry.chunkId === current);
  return (
    <nav aria-label="Outline of the document">
      <ul className={classes.outline}>
        {entries.map((entry, index) => (
          <li key={index}>
            <Link
              className={classes.link}
              data-level={Math.min(4, entry.level)}
              aria-current={index === first ? 'true' : undefined}
              to={`?passage=${entry.chunkId}`}
              preventScrollReset
              replace
            >
              {entry.title}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
