import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './account-section.module.css';

/** One thing of the account: what it is, and what one does about it. */
export function AccountSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <Title order={2}>{title}</Title>
      {children}
    </section>
  );
}
