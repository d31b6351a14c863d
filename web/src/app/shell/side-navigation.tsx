import {
  IconActivityHeartbeat,
  IconAddressBook,
  IconApi,
  IconBuilding,
  IconBuildingFortress,
  IconDoor,
  IconEye,
  IconFileText,
  IconKey,
  IconLayoutDashboard,
  IconListCheck,
  IconLock,
  IconMessagePlus,
  IconShieldCheck,
  IconShieldLock,
  IconUserShield,
  IconUsers,
  IconUsersGroup,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link, NavLink, useMatch } from 'react-router';
import { ConversationList } from '../../features/chat/conversation-list.tsx';
import { TenantSwitcher } from '../../features/tenants/tenant-switcher.tsx';
import { useSession } from '../../lib/session/use-session.ts';
import { CasemateMark } from '../../ui/casemate-mark.tsx';
import { ColorSchemeButton } from '../../ui/color-scheme-button.tsx';
import { AccountMenu } from './account-menu.tsx';
import classes from './side-navigation.module.css';

function Entry({ to, icon, children }: { to: string; icon: ReactNode; children: ReactNode }) {
  return (
    <NavLink className={classes.link ?? ''} to={to} end={!/\/(documents|groups)$/.test(to)}>
      {icon}
      {children}
    </NavLink>
  );
}

function PeopleEntries({ tenantId }: { tenantId: string }) {
  return (
    <>
      <Entry to={`/t/${tenantId}/team`} icon={<IconUsers size={18} />}>
        Team
      </Entry>
      <Entry to={`/t/${tenantId}/groups`} icon={<IconUsersGroup size={18} />}>
        Groups
      </Entry>
      <Entry to={`/t/${tenantId}/directory`} icon={<IconAddressBook size={18} />}>
        Directory
      </Entry>
    </>
  );
}

/** The way to every page one may open, and the conversations of the tenant one is in. */
export function SideNavigation() {
  const { account, tenants } = useSession();
  const tenantId = useMatch('/t/:tenantId/*')?.params.tenantId;
  const tenant = tenants.find(({ id, state }) => id === tenantId && state === 'active');
  const may = (permission: string): boolean => tenant?.permissions.includes(permission) === true;
  return (
    <div className={classes.side}>
      <Link className={classes.brand} to="/">
        <CasemateMark size={26} />
        <span>Casemate</span>
      </Link>
      <TenantSwitcher />
      {tenant && (
        <nav className={classes.links} aria-label="Tenant">
          {may('conversations.use') && (
            <Entry to={`/t/${tenant.id}`} icon={<IconMessagePlus size={18} />}>
              New question
            </Entry>
          )}
          {may('documents.read') && (
            <Entry to={`/t/${tenant.id}/documents`} icon={<IconFileText size={18} />}>
              Documents
            </Entry>
          )}
          {may('api-keys.revoke') && (
            <Entry to={`/t/${tenant.id}/api-keys`} icon={<IconApi size={18} />}>
              API keys
            </Entry>
          )}
          {may('team.manage') && <PeopleEntries tenantId={tenant.id} />}
          {may('access.manage') && (
            <Entry to={`/t/${tenant.id}/roles`} icon={<IconUserShield size={18} />}>
              Roles
            </Entry>
          )}
          {may('access.manage') && (
            <Entry to={`/t/${tenant.id}/access-review`} icon={<IconListCheck size={18} />}>
              Access review
            </Entry>
          )}
          {may('visits.decide') && (
            <Entry to={`/t/${tenant.id}/visits`} icon={<IconEye size={18} />}>
              Visits
            </Entry>
          )}
          {may('sign-in.manage') && (
            <Entry to={`/t/${tenant.id}/single-sign-on`} icon={<IconBuilding size={18} />}>
              Single sign-on
            </Entry>
          )}
          {tenant.tier === 'sealed' && (
            <Entry to={`/t/${tenant.id}/seal`} icon={<IconLock size={18} />}>
              Seal
            </Entry>
          )}
        </nav>
      )}
      <nav className={classes.conversations} aria-label="Conversations">
        {tenant && may('conversations.use') && (
          <>
            <h2 className={classes.label}>Conversations</h2>
            <ConversationList tenantId={tenant.id} />
          </>
        )}
      </nav>
      {account.platformRole === 'super_admin' && (
        <nav className={classes.links} aria-label="Platform">
          <h2 className={classes.label}>Platform</h2>
          <Entry to="/platform/overview" icon={<IconLayoutDashboard size={18} />}>
            Overview
          </Entry>
          <Entry to="/platform/tenants" icon={<IconBuildingFortress size={18} />}>
            Tenants
          </Entry>
          <Entry to="/platform/people" icon={<IconUsers size={18} />}>
            People
          </Entry>
          <Entry to="/platform/visits" icon={<IconEye size={18} />}>
            Visits
          </Entry>
          <Entry to="/platform/single-sign-on" icon={<IconBuilding size={18} />}>
            Single sign-on
          </Entry>
          <Entry to="/platform/keys" icon={<IconLock size={18} />}>
            Keys
          </Entry>
          <Entry to="/platform/isolation" icon={<IconShieldLock size={18} />}>
            Isolation
          </Entry>
          <Entry to="/platform/trust" icon={<IconShieldCheck size={18} />}>
            Trust
          </Entry>
          <Entry to="/platform/secrets" icon={<IconKey size={18} />}>
            Secrets
          </Entry>
          <Entry to="/platform/status" icon={<IconActivityHeartbeat size={18} />}>
            Status
          </Entry>
          <Entry to="/platform/guards" icon={<IconDoor size={18} />}>
            Guards
          </Entry>
        </nav>
      )}
      <div className={classes.foot}>
        <AccountMenu />
        <ColorSchemeButton />
      </div>
    </div>
  );
}
