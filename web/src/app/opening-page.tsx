import { CasemateMark } from '../ui/casemate-mark.tsx';
import classes from './opening-page.module.css';

/** The moment before a page is there. Quiet, so that a quick start does not flash. */
export function OpeningPage() {
  return (
    <div className={classes.opening} role="status" aria-label="Casemate is opening">
      <CasemateMark size={44} />
    </div>
  );
}
