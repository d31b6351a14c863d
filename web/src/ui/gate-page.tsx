import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { usePageTitle } from '../lib/use-page-title.ts';
import { CasemateMark } from './casemate-mark.tsx';
import { ColorSchemeButton } from './color-scheme-button.tsx';
import classes from './gate-page.module.css';

interface GatePageProps {
  title: string;
  lead: ReactNode;
  wide?: boolean;
  bare?: boolean;
  children?: ReactNode;
}

/** A page outside the dashboard: sign-in, set-up, the first tenant, and what stops one there. */
export function GatePage({ title, lead, wide = false, bare = false, children }: GatePageProps) {
  usePageTitle(title);
  return (
    <div className={classes.frame}>
      <header className={classes.bar}>
        <div className={classes.brand}>
          <CasemateMark />
          <span>Casemate</span>
        </div>
        <ColorSchemeButton />
      </header>
      <main id="main" className={wide ? `${classes.main} ${classes.wide}` : classes.main}>
        <Title order={1}>{title}</Title>
        <p className={classes.lead}>{lead}</p>
        {children && (bare ? children : <div className={classes.card}>{children}</div>)}
      </main>
      <footer className={classes.foot}>
        Runs in your own house. Nothing you enter here leaves it.
      </footer>
    </div>
  );
}
