import { Menu, UnstyledButton } from '@mantine/core';
import { IconCheck, IconPlus, IconSelector } from '@tabler/icons-react';
import { useMatch, useNavigate } from 'react-router';
import type { Membership } from '../../lib/api/types.ts';
import { useSession } from '../../lib/session/use-session.ts';
import { CasemateMark } from '../../ui/casemate-mark.tsx';
import classes from './tenant-switcher.module.css';

const roles: Record<Membership['role'], string> = {
  member: 'Member',
  reviewer: 'Reviewer',
  admin: 'Administrator',
  visitor: 'Visitor of the platform',
};

/** Shows the tenant one is in and leads to the others. */
export function TenantSwitcher() {
  const { account, tenants } = useSession();
  const tenantId = useMatch('/t/:tenantId/*')?.params.tenantId;
  const navigate = useNavigate();
  const current = tenants.find((tenant) => tenant.id === tenantId);
  return (
    <Menu position="bottom-start" width="target" shadow="md">
      <Menu.Target>
        <UnstyledButton className={classes.button}>
          <span className={classes.initial} aria-hidden="true">
            {current ? current.name.slice(0, 1).toUpperCase() : <CasemateMark size={16} />}
          </span>
          <span className={classes.names}>
            <strong>{current?.name ?? 'Choose a tenant'}</strong>
            <span>
              {current
                ? roles[current.role]
                : account.platformRole
                  ? 'Platform pages'
                  : 'None is open'}
            </span>
          </span>
          <span className="for-screen-readers">Switch the tenant</span>
          <IconSelector size={16} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Your tenants</Menu.Label>
        {tenants.map((tenant) => (
          <Menu.Item
            key={tenant.id}
            rightSection={
              tenant.id === tenantId ? <IconCheck size={16} aria-label="You are here" /> : null
            }
            onClick={() => void navigate(`/t/${tenant.id}`)}
          >
            {tenant.name}
          </Menu.Item>
        ))}
        {tenants.length === 0 && <Menu.Item disabled>You are in none yet</Menu.Item>}
        {account.platformRole === 'super_admin' && (
          <>
            <Menu.Divider />
            <Menu.Item
              leftSection={<IconPlus size={16} />}
              onClick={() => void navigate('/welcome')}
            >
              Make a tenant
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
