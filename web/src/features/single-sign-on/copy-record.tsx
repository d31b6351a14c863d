import { CopyAction } from '../../ui/copy-action.tsx';
import classes from './sso.module.css';

/** A text that somebody enters elsewhere, with a button that copies it; `label` says what is copied. */
export function CopyRecord({ value, label }: { value: string; label: string }) {
  return (
    <span className={classes.record}>
      <code>{value}</code>
      <CopyAction value={value} label={label} />
    </span>
  );
}
