import { Button, Divider, Stack } from '@mantine/core';
import { IconBuilding } from '@tabler/icons-react';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { useBeginSso, useWays } from './use-ways.ts';

interface WaysProps {
  email: string;
  next: string;
  /** A directory that is asked by the server: its password is typed here. */
  onPassword: (way: { id: string; name: string }) => void;
}

/** Buttons for the directories behind an address, and for those of the whole house. */
export function Ways({ email, next, onPassword }: WaysProps) {
  const forAll = useWays(null);
  const own = useWays(email.trim() === '' ? '' : email.trim());
  const begin = useBeginSso(next);
  const ways = [...(own.data?.ways ?? []), ...(forAll.data?.ways ?? [])];
  const once = ways.filter(({ id }, at) => ways.findIndex((other) => other.id === id) === at);
  if (once.length === 0) return null;
  return (
    <Stack gap="sm" aria-label="Single sign-on" role="group">
      <Divider label="or" labelPosition="center" />
      {once.map(({ id, name, asks }) => (
        <Button
          key={id}
          variant="default"
          fullWidth
          leftSection={<IconBuilding size={18} />}
          loading={begin.isPending && begin.variables === id}
          onClick={() => (asks === 'password' ? onPassword({ id, name }) : begin.mutate(id))}
        >
          Sign in with {name}
        </Button>
      ))}
      {begin.error && <ProblemPanel title="You are not signed in" error={begin.error} />}
    </Stack>
  );
}
