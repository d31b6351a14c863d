import { Burger, Drawer } from '@mantine/core';
import { useState } from 'react';
import { Outlet, useLocation, useMatch } from 'react-router';
import { useSession } from '../../lib/session/use-session.ts';
import { useOnline } from '../../lib/use-online.ts';
import { CasemateMark } from '../../ui/casemate-mark.tsx';
import { SideNavigation } from './side-navigation.tsx';
import classes from './shell.module.css';

/** The frame of every page behind sign-in: navigation at the side, in a drawer where it is narrow. */
export function Shell() {
  const [openedAt, setOpenedAt] = useState<string | null>(null);
  const { pathname } = useLocation();
  const online = useOnline();
  const tenantId = useMatch('/t/:tenantId/*')?.params.tenantId;
  const tenant = useSession().tenants.find(({ id }) => id === tenantId);
  // Opened on one page, it is closed on the next.
  const open = openedAt === pathname;
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main">
        Skip to the page
      </a>
      <nav className={classes.bar} aria-label="Menu">
        <Burger
          size="sm"
          opened={open}
          onClick={() => setOpenedAt(pathname)}
          aria-label="Open the navigation"
        />
        <span className={classes.barTitle}>{tenant?.name ?? 'Casemate'}</span>
        <CasemateMark size={24} />
      </nav>
      <aside className={classes.side} aria-label="Navigation">
        <SideNavigation />
      </aside>
      <Drawer.Root opened={open} onClose={() => setOpenedAt(null)} size="19rem" padding={0}>
        <Drawer.Overlay />
        <Drawer.Content aria-label="Navigation">
          <SideNavigation />
        </Drawer.Content>
      </Drawer.Root>
      {!online && (
        <p className={classes.offline} role="status">
          This computer is offline. What you see may be old; it goes on by itself once you are back.
        </p>
      )}
      <main id="main" className={classes.main} tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}
