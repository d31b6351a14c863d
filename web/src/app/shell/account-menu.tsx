import { Button, Menu } from '@mantine/core';
import { IconLogout, IconShieldLock, IconUserCircle } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useSignOut } from '../../features/sign-in/use-sign-out.ts';
import { useSession } from '../../lib/session/use-session.ts';

/** Who is signed in, and the way out. */
export function AccountMenu() {
  const { account } = useSession();
  const signOut = useSignOut();
  return (
    <Menu position="top-start" shadow="md" width={240}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          fw={500}
          leftSection={<IconUserCircle size={18} />}
          loading={signOut.isPending}
        >
          {account.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{account.email}</Menu.Label>
        <Menu.Item
          component={Link}
          to="/settings/security"
          leftSection={<IconShieldLock size={16} />}
        >
          Security
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => signOut.mutate()}>
          {signOut.isError ? 'Sign out (did not work, try again)' : 'Sign out'}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
