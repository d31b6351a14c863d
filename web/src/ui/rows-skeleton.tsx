import { Skeleton } from '@mantine/core';
import classes from './rows.module.css';

/** A list that is still on its way. */
export function RowsSkeleton({ label, count = 4 }: { label: string; count?: number }) {
  return (
    <div className={classes.rows} aria-busy="true" aria-label={label} role="status">
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className={classes.row}>
          <Skeleton height={18} width={`${70 - ((index * 17) % 40)}%`} />
          <Skeleton height={18} width={72} />
        </div>
      ))}
    </div>
  );
}
